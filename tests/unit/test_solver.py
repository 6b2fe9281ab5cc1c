"""What the solver prints does not stand in the midst of what a command prints for another program."""

from __future__ import annotations

import json
import subprocess
import sys

_PROGRAM = """
import ctypes, json, os
from overstap.solver import silent_solver
print(json.dumps({"n": 1}), flush=True)
with silent_solver():
    os.write(1, b"a remark of compiled code\\n")
print(json.dumps({"n": 2}), flush=True)
"""


def test_remarks_of_compiled_code_go_to_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert [json.loads(line)["n"] for line in done.stdout.splitlines()] == [1, 2]
    assert done.stderr == "a remark of compiled code\n"


def test_a_closed_standard_output_is_left_as_it_is() -> None:
    program = "import os; os.close(1)\nfrom overstap.solver import silent_solver\nwith silent_solver(): pass"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
