"""A run that ends at any point where it asks something of the system: the next ends with the tables of one in peace.

From that point on the system refuses everything, also what a run would tidy up, so the disk is left as by kill -9; that
itself, on a whole study in a process of its own, is in `tests/cli/test_kill.py`.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overstap import deliveries
from overstap.store import Store
from tests.cli.helpers import contents, left_over
from tests.property.test_deliveries_properties import Row, bring_up_to_date, line, spec

FIRST: list[list[Row]] = [[("a", 1, 0, False), ("b", 1, 1, False)], [("c", 1, 0, False), ("a", 1, 0, False)]]
LATER: list[list[Row]] = [*FIRST, [("a", 2, 2, False), ("b", 2, 0, True), ("d", 1, 1, False)]]
Run = Callable[[Path, int], int | None]


class Killed(BaseException):
    """The end of a run."""


class _System:
    """Counts what is asked of the system, and refuses from `point` on; at rest while there is none."""

    asked = 0
    point: int | None = None

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.point is not None and event.startswith(("open", "os.", "shutil.")):
            self.asked += 1
            if self.asked >= self.point:
                raise Killed


@pytest.fixture(scope="module")
def system() -> _System:
    found = _System()
    sys.addaudithook(found)  # stays to the end of the process: Python takes none away
    return found


@pytest.fixture
def run(system: _System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Brings a study up to date, ended at the given point (none: `sys.maxsize`): what it asked, None where ended."""
    monkeypatch.setattr(deliveries, "GROUP_BYTES", 1)
    monkeypatch.setattr(os, "fsync", lambda handle: None)

    def bring(folder: Path, point: int) -> int | None:
        system.asked, system.point = 0, point
        try:
            with Store(folder / "out").lock():
                bring_up_to_date(spec(), folder, folder / "out", [])
            return system.asked
        except Killed:
            return None
        finally:
            system.point = None

    yield bring
    system.point = None


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
        asked[number] = run(deliver(tmp_path / "peace", files), sys.maxsize) or 0
        wanted[number] = contents(tmp_path / "peace" / "out")
    done = 0
    while done < kills:
        folder = tmp_path / f"killed-{done}"
        for number, files in enumerate([FIRST, LATER]):  # a first run, and one that adds a delivery
            deliver(folder, files)
            for _ in range(draw.choice([1, 1, 2, 3])):
                done += run(folder, draw.randint(1, asked[number])) is None
                if (folder / "out" / "manifest.json").exists():
                    before = contents(folder / "out")  # what is there can be read, whole
                    assert all(
                        table in (wanted[0].get(name), wanted[number].get(name)) for name, table in before.items()
                    )
            assert run(folder, sys.maxsize) is not None
            assert contents(folder / "out") == wanted[number]
            assert left_over(folder / "out") == []
            assert not list((folder / "out" / ".parts").rglob(".writing-*"))
            assert Store(folder / "out").stale() == []


def test_twenty_kills(tmp_path: Path, run: Run) -> None:
    check(tmp_path, run, 20)


@pytest.mark.full
def test_two_hundred_kills(tmp_path: Path, run: Run) -> None:
    check(tmp_path, run, 200)
