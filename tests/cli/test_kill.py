"""kill -9 at any moment: the next run ends with the tables of a run that nobody disturbed, and leaves nothing behind."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.helpers import COMMAND, ads, contents, environment, left_over, overstap_command, write_study

SEED = 2019


def start(study: Path) -> subprocess.Popen[bytes]:
    """A run in a process of its own, past its imports: it holds the store's lock."""
    lock = study.parent / "out" / ".lock"
    lock.unlink(missing_ok=True)
    process = subprocess.Popen(
        [*COMMAND, "run", str(study), "--no-report"],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not lock.exists() and process.poll() is None:
        time.sleep(0.002)
    return process


def undisturbed(folder: Path) -> tuple[Path, float]:
    """A study that ran in peace, and how many seconds it worked."""
    study = write_study(folder, ads())
    assert start(study).wait() == 0  # compiles, where that has not been done
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    steps = {entry["step"]: entry["seconds"] for entry in manifest["tables"].values()}
    return study, sum(steps.values())


def killed_and_resumed(folder: Path, kills: int, draw: random.Random, seconds: float) -> Path:
    """A study whose runs were killed `kills` times, each at a random moment, then left to end."""
    study = write_study(folder, ads())
    for _ in range(kills):
        process = start(study)
        time.sleep(draw.random() * seconds)
        process.kill()
        process.wait()
        manifest = folder / "out" / "manifest.json"
        if manifest.exists():  # what is there can be read, whole
            contents(folder / "out")
    ended = overstap_command("run", study, "--no-report", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return study


def check(folder: Path, kills: int, rounds: int) -> None:
    study, seconds = undisturbed(folder / "peace")
    wanted = contents(study.parent / "out")
    draw = random.Random(SEED)
    for number in range(rounds):
        killed = killed_and_resumed(folder / f"killed-{number}", kills, draw, seconds / kills)
        assert contents(killed.parent / "out") == wanted
        assert left_over(killed.parent / "out") == []


def test_six_kills(tmp_path: Path) -> None:
    check(tmp_path, kills=6, rounds=1)


@pytest.mark.full
def test_sixty_kills(tmp_path: Path) -> None:
    check(tmp_path, kills=6, rounds=5)
    check(tmp_path, kills=1, rounds=30)


def test_what_a_stopped_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    """A kill right after a table became current leaves its forerunner; one while writing leaves temporary files."""
    from overstap.pipeline import Study

    study = write_study(tmp_path, ads(6))
    Study.open(study).run()
    out = tmp_path / "out"
    (out / ".writing-count_volume" / "out_volume").mkdir(parents=True)
    (out / ".manifest-1.json").write_text("{", encoding="utf-8")
    (out / "out_volume" / "0123").mkdir()
    assert Study.open(study).run() == []
    assert left_over(out) == []
