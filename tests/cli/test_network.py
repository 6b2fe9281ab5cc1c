"""A study, its report, its checks and its dashboard ask no other machine for anything."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli.helpers import COMMAND, Cli, environment


def test_the_guard_over_all_tests_stops_whoever_asks_the_network(cli: Cli, finished: Path) -> None:
    """The finished study ran in this process, under the guard; so do commands on it."""
    with pytest.raises(BaseException, match="connect to"), socket.socket() as made:
        made.connect(("192.0.2.1", 80))
    assert cli("check", finished).code == 0
    assert cli("run", finished, "--no-report").code == 0


@pytest.mark.full
def test_a_study_runs_where_there_is_no_network_at_all(finished: Path, tmp_path: Path) -> None:
    """In a namespace without any interface, where libraries that speak to the system themselves find none either."""
    alone = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("unshare cannot be used here: a machine without a network is NOT tried.")
    study = Path(shutil.copytree(finished.parent, tmp_path / "moved")) / finished.name
    feed = study.parent / "ads.csv"
    feed.write_text(feed.read_text(encoding="utf-8").replace("number 7.", "number 70.", 1), encoding="utf-8")
    done = subprocess.run(
        [*alone, *COMMAND, "run", str(study), "--no-report"], env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "steps ran" in done.stderr
