"""How long a bare import and the help take, and which imports take longest. Needs overstap installed or on PYTHONPATH.

    python benchmarks/import_time.py [runs]

Aim: below 0.5 s each. Prints wall seconds of a whole process, least and median of so many runs, that of Python alone
beside them, and the ten imports of `overstap --help` with the longest time of their own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

HELP = "import sys; sys.argv = ['overstap', '--help']; from overstap.cli import app; app()"
PROGRAMS = {"python alone": "pass", "import overstap": "import overstap", "overstap --help": HELP}


def seconds(code: str) -> float:
    """Wall time of one process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def longest(code: str, n: int = 10) -> list[tuple[float, str]]:
    """The imports that take longest by themselves, in seconds."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], check=True, capture_output=True, text=True
    ).stderr
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines() if "|" in line][1:]
    return sorted(((int(own) / 1e6, name.strip()) for own, _, name in rows), reverse=True)[:n]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for name, code in PROGRAMS.items():
        taken = [seconds(code) for _ in range(runs)]
        print(f"{name:16} {min(taken):.3f} s least, {statistics.median(taken):.3f} s median of {runs}")
    for own, name in longest(HELP):
        print(f"  {own:.3f} s  {name}")


if __name__ == "__main__":
    main()
