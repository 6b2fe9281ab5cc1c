"""A study of a few made-up ads that is killed at a point of its work: run as a program by `test_kill_points`.

Reads lines `FOLDER POINT` from stdin; for each it brings the study in FOLDER up to date in a process of its own, which
ends itself by SIGKILL at the POINT-th thing that it asks of the system (-1: never), and prints how many it asked.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from overstap.provenance import write_datapackage
from overstap.store import Store
from tests.property.test_deliveries_properties import bring_up_to_date, deliveries, spec

asked = 0


def work(folder: Path, point: int) -> None:
    def count(event: str, arguments: tuple[object, ...]) -> None:
        global asked
        if event.startswith(("open", "os.", "shutil.")):
            asked += 1
            if asked == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    deliveries.GROUP_BYTES = 1
    with Store(folder / "out").lock():
        bring_up_to_date(spec(), folder, folder / "out", [])
    write_datapackage(spec(), Store(folder / "out"))


def main() -> None:
    for line in sys.stdin:
        folder, point = line.rsplit(" ", 1)
        read, write = os.pipe()
        child = os.fork()  # no thread has begun: the parent does nothing but wait
        if child == 0:
            try:
                work(Path(folder), int(point))
                os.write(write, str(asked).encode())
            finally:
                os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        print(os.read(read, 20).decode() or "killed", flush=True)
        os.close(read)


if __name__ == "__main__":
    main()
