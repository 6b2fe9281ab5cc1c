"""Sums of floats come out the same to the last bit in every process, and the same cells are hidden, whatever order its
sets have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUMS = """
import pyarrow as pa
import scipy.sparse as sp

from overstap.education.matrix import Matrix
from overstap.moves.gaps import efforts
from overstap.moves.profiles import Profiles
from overstap.outlook.entering import entering
from overstap.schema import table_spec

LEVELS = ("mbo2", "mbo3", "mbo4", "hbo_bachelor", "wo_bachelor", "wo_master")
WEIGHTS = (0.1, 0.7, 0.2, 0.31, 0.37, 0.59)
matrix = Matrix({("0913", level): {"2221": w, "outside": 1 - w} for level, w in zip(LEVELS, WEIGHTS)})
sums = []
for n in (977.3, 1013.7, 101.9, 333.1, 71.7, 12.3):
    given = {"isced_f": "0913", "year": 2023, "graduates_low": n, "graduates_high": n}
    graduates = pa.Table.from_pylist([given | {"level": at} for at in LEVELS], table_spec("core_graduates").schema)
    rows = entering(graduates, matrix, range(2025, 2027), ("isco4",))
    sums += [row.inflow_low[1].hex() for row in rows if row.code == "2221"]
print(*sums)

units = [f"S{i}" for i in range(1, 7)]
one, many = sp.csr_matrix([WEIGHTS, [0.0] * 6]), sp.csr_matrix((2, 6))
asked = Profiles("isco", ("a", "b"), tuple("uvwxyz"), tuple(units), one, many, ("observed",) * 2, "skills")
price = dict.fromkeys([f"{name}{end}" for name in ("months", "eur_month") for end in ("_low", "", "_high")], 7.0)
costs = [{"unit": unit, "skill_level": 2, **price, "basis": "assumption", "source": "none"} for unit in ["", *units]]
print(efforts(asked, (2, 2), pa.Table.from_pylist(costs)).months[1][1, 0].hex())
"""

HIDDEN = """
import numpy as np

from overstap.disclosure.cube import Cube
from overstap.disclosure.protect import protect

for seed in range(12):
    table = np.random.default_rng(seed).integers(0, 14, (3, 4))
    table[table < 6] %= 4
    counts = {}
    for i, j in np.ndindex(3, 4):
        for key in ((f"a{i}", f"b{j}"), ("all", f"b{j}"), (f"a{i}", "all"), ("all", "all")):
            counts[key] = counts.get(key, 0) + int(table[i, j])
    counts = {key: n for key, n in counts.items() if n}
    rows, columns = ([*(f"{name}{i}" for i in range(n)), "all"] for name, n in (("a", 3), ("b", 4)))
    sums = [((a, "all"), [(a, b) for b in columns[:-1]]) for a in rows]
    sums += [(("all", b), [(a, b) for a in rows[:-1]]) for b in columns]
    shown = [(whole, [key for key in cells if key in counts]) for whole, cells in sums if whole in counts]
    print(sorted(protect(Cube(counts, shown), 5)))
"""


def _printed(seed: int, script: str = SUMS) -> str:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": str(seed)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def test_sums_are_those_of_every_process() -> None:
    """Graduates of several levels that enter one occupation, and the months of learning of several units."""
    entering, months = zip(*(_printed(seed).splitlines() for seed in (1, 2)), strict=True)
    assert len(entering[0].split()) == 6 and len({*entering}) == 1
    assert float.fromhex(months[0]) > 0 and len({*months}) == 1


def test_the_same_cells_are_hidden_in_every_process() -> None:
    """Which of several choices of the same cost is made must not follow from the order of a set."""
    # The solver may print lines of its own.
    printed = (_printed(seed, HIDDEN).splitlines() for seed in (1, 2, 3))
    first, *others = ([line for line in lines if line.startswith("[(")] for lines in printed)
    assert len(first) == 12
    assert others == [first, first]
