"""Seconds, processor seconds and rows of each step of a whole study on a simulated market.

Usage: python benchmarks/bench_study.py [--vacancies 20000]
Wall seconds move with the machine's load; processor seconds, summed over worker processes, move less.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from overstap.pipeline import Study
from overstap.publish.report import write_reports
from overstap.simulate.demo import make_demo


def processor() -> float:
    """Seconds of processor time of this process and of its ended children."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Clock:
    """Prints a row per lap: name, rows, wall and processor seconds."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.monotonic(), processor()
        self.began = (self.wall, self.cpu)

    def lap(self, name: str, rows: int) -> None:
        """Print what has gone by since the last lap."""
        wall, cpu = time.monotonic(), processor()
        print(f"{name:<22}{rows:>10,}{wall - self.wall:>9.1f} s{cpu - self.cpu:>9.1f} cpu s", flush=True)
        self.wall, self.cpu = wall, cpu

    def total(self) -> None:
        """Print the whole."""
        print(f"{'total':<32}{time.monotonic() - self.began[0]:>9.1f} s{processor() - self.began[1]:>9.1f} cpu s")


def main() -> None:
    """Make the market, run the study, write the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vacancies", type=int, default=20_000)
    vacancies = parser.parse_args().vacancies
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        study = Study.open(make_demo(Path(folder) / "demo", vacancies, seed=2019))
        clock.lap("simulate", vacancies)

        def progress(step: str, state: str, rows: int) -> None:
            if state == "done":
                clock.lap(step, rows)

        study.run(progress)
        clock.lap("reports", len(write_reports(study)))
        clock.total()


if __name__ == "__main__":
    main()
