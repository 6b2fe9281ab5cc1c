"""Code that Numba kept is made anew where what it was made from changed, in whatever file; the user is told of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import overstap

ROOT = Path(overstap.__file__).parent
KERNEL = """
from overstap.ads.compiled import kernel
from overstap.ads.inner import add
@kernel()
def run(x):
    return add(x)
"""
INNER = """
from overstap.ads.compiled import part
from overstap.ads.deepest import MORE
@part
def add(x):
    return x + MORE
"""


def test_a_constant_two_imports_away_reaches_kept_code(tmp_path: Path) -> None:
    package = tmp_path / "overstap"
    (package / "ads").mkdir(parents=True)
    for name in ("codebase.py", "ads/compiled.py"):
        shutil.copy(ROOT / name, package / name)
    files = {"__init__": "", "ads/__init__": "", "ads/outer": KERNEL, "ads/inner": INNER, "ads/deepest": "MORE = 1\n"}
    for name, source in files.items():
        (package / f"{name}.py").write_text(source, encoding="utf-8")
    cache = package / "ads" / "__pycache__"

    def run() -> str:
        command = "from overstap.ads.outer import run; print(run(10), sum(run.stats.cache_hits.values()))"
        surroundings = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", command], capture_output=True, text=True, env=surroundings, check=True
        ).stdout

    assert run().split() == ["11", "0"]
    assert run().split() == ["11", "1"]
    assert list(cache.glob("outer.run-*.nbi"))
    (package / "ads" / "deepest.py").write_text("MORE = 25\n", encoding="utf-8")
    assert run().split() == ["35", "0"]


KERNELS = """
from overstap.ads.compiled import kernel
@kernel()
def one(n):
    return n + 1
@kernel()
def two(n):
    return n + 2
print(one(1), two(1))
"""


def test_compiling_is_said_once_and_only_where_it_happens(tmp_path: Path) -> None:
    script = tmp_path / "own_kernels.py"
    script.write_text(KERNELS, encoding="utf-8")
    surroundings = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    first, second = (
        subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=surroundings, check=True)
        for _ in range(2)
    )
    assert first.stdout == second.stdout == "2 3\n"
    assert first.stderr.count("Compiling") == 1
    assert second.stderr == ""
