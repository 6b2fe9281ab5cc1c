"""Accuracy of the title coder on titles that are not in its index, with the bundled reference tables.

Measured with `pytest tests/real/test_occupation_real.py -s`; floors stand a little under what was measured.
"""

import os
from pathlib import Path

import pytest

from overstap.evaluate.codings import held_out_titles, register_titles

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir():
    DATA = Path(os.environ.get("OVERSTAP_SHARED_DATA", DATA))

pytestmark = pytest.mark.real


@pytest.mark.skipif(not (DATA / "classifications").is_dir(), reason="shared data folder is absent")
@pytest.mark.parametrize(("status", "floor"), [("AI", 0.55), ("A", 0.56)])
def test_titles_of_a_dutch_register(status: str, floor: float) -> None:
    shares = register_titles(DATA, status)
    print(f"\nregister {status}: {shares}")
    assert shares[4].value >= floor


@pytest.mark.parametrize(("language", "floor"), [("nl", 0.70), ("en", 0.68)])
def test_alternative_labels_of_esco_held_out(language: str, floor: float) -> None:
    shares = held_out_titles(language)
    print(f"\nESCO {language}: {shares}")
    assert shares[4].value >= floor
