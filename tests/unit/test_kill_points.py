"""kill -9 at any point where a run asks something of the system: the next run ends with the tables of a run in peace."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overstap.store import Store
from tests.cli.helpers import contents, environment, left_over
from tests.property.test_deliveries_properties import Row, line

ROOT = Path(__file__).parents[2]
FIRST: list[list[Row]] = [[("a", 1, 0, False), ("b", 1, 1, False)], [("c", 1, 0, False), ("a", 1, 0, False)]]
LATER: list[list[Row]] = [*FIRST, [("a", 2, 2, False), ("b", 2, 0, True), ("d", 1, 1, False)]]
Run = Callable[[Path, int], str]


@pytest.fixture
def run() -> Iterator[Run]:
    """Brings a study up to date in a process that is killed at the given point; "killed", or what it asked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.killed"],
        cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def bring(folder: Path, point: int) -> str:
        print(folder, point, file=stdin, flush=True)
        return stdout.readline().strip()

    yield bring
    stdin.close()
    process.wait(60)


def deliver(folder: Path, files: list[list[Row]]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, rows in enumerate(files):
        (folder / f"{number}.jsonl").write_text("\n".join(map(line, rows)), encoding="utf-8")
    return folder


def check(tmp_path: Path, run: Run, kills: int) -> None:
    draw = random.Random(kills)
    wanted: dict[int, dict[str, list[dict[str, Any]]]] = {}
    asked: dict[int, int] = {}
    for number, files in enumerate([FIRST, LATER]):
        asked[number] = int(run(deliver(tmp_path / "peace", files), -1))
        wanted[number] = contents(tmp_path / "peace" / "out")
    done = 0
    while done < kills:
        folder = tmp_path / f"killed-{done}"
        for number, files in enumerate([FIRST, LATER]):  # a first run, and one that adds a delivery
            deliver(folder, files)
            for _ in range(draw.choice([1, 1, 2, 3])):
                said = run(folder, draw.randint(1, asked[number]))
                done += said == "killed"
                if (folder / "out" / "manifest.json").exists():
                    before = contents(folder / "out")  # what is there can be read, whole
                    assert all(table in (wanted[0].get(name), wanted[number].get(name)) for name, table in before.items())
            assert run(folder, -1) != "killed"
            assert contents(folder / "out") == wanted[number]
            assert left_over(folder / "out") == []
            assert not list((folder / "out" / ".parts").rglob(".writing-*"))
            assert Store(folder / "out").stale() == []


def test_twenty_kills(tmp_path: Path, run: Run) -> None:
    check(tmp_path, run, 20)


@pytest.mark.full
def test_two_hundred_kills(tmp_path: Path, run: Run) -> None:
    check(tmp_path, run, 200)
