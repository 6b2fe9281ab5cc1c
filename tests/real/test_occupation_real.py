"""Accuracy of the title coder on titles that are not in its index, with the bundled reference tables.

Measured with `pytest tests/real/test_occupation_real.py -s`; floors stand a little under what was measured.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads._title_heads import HeadRules
from overstap.ads._title_index import build, modern_titles
from overstap.ads.occupation import OccupationCoder, code_titles, default_coder
from overstap.reference import tables

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir():
    DATA = Path(os.environ.get("OVERSTAP_SHARED_DATA", DATA.parent)) / "data"

pytestmark = pytest.mark.real


def accuracy(name: str, titles: list[str], gold: list[str], coder: OccupationCoder) -> dict[int, float]:
    """Share of right codes at 4, 3, 2 and 1 digits, printed with n."""
    found = code_titles(pa.array(titles), None, 0.0, coder=coder)["isco08"].to_pylist()
    shares = {
        d: float(np.mean([f is not None and f[:d] == g[:d] for f, g in zip(found, gold, strict=True)]))
        for d in (4, 3, 2, 1)
    }
    print(f"\n{name}: n={len(gold)} " + " ".join(f"{d} digits {s:.3f}" for d, s in shares.items()))
    return shares


@pytest.mark.skipif(not (DATA / "classifications").is_dir(), reason="shared data folder is absent")
@pytest.mark.parametrize(("status", "floor"), [("AI", 0.55), ("A", 0.56)])
def test_titles_of_a_dutch_register(status: str, floor: float) -> None:
    path = DATA / "classifications/uwv_titles/uwv_titles_isco08_brc2014.csv"
    with path.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["uwv_status"] in status]
    shares = accuracy(
        f"register {status}", [r["uwv_title_nl"] for r in rows], [r["isco08"] for r in rows], default_coder()
    )
    assert shares[4] >= floor


@pytest.mark.parametrize(("language", "floor"), [("nl", 0.70), ("en", 0.68)])
def test_alternative_labels_of_esco_held_out(language: str, floor: float) -> None:
    table = tables.load("occupation_titles")
    kinds, languages = (np.array(table[c].to_pylist()) for c in ("kind", "language"))
    held_out = (kinds == "esco_alt") & (np.random.default_rng(7).random(table.num_rows) < 0.1)
    coder = OccupationCoder(build(table.filter(pa.array(~held_out)), modern_titles(), HeadRules.load()))
    rows = table.filter(pa.array(held_out & (languages == language))).to_pylist()
    shares = accuracy(f"ESCO {language}", [r["title"] for r in rows], [r["isco08"] for r in rows], coder)
    assert shares[4] >= floor
