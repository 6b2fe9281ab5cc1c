"""The dashboard of a finished study in a process of its own, to be measured."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overstap.errors import OverstapError

_START = "import sys; from overstap.cli import app; sys.argv = ['overstap', 'serve', sys.argv[1], '--port', '0']; app()"


@contextmanager
def server(study: Path) -> Iterator[str]:
    """The address of `overstap serve` of a study, in a process of its own. Raises OverstapError where it ends."""
    process = subprocess.Popen([sys.executable, "-c", _START, str(study)], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            if found := re.search(r"http://\S+/", line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield found[0].rstrip("/")
                return
            said.append(line)
        raise OverstapError("The server ended before it listened.", why=" ".join("".join(said).split())[:500])
    finally:
        process.terminate()
        process.wait(timeout=15)
