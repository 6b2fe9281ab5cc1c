"""Accuracy of the title coder on titles that are not in its index, with the bundled reference tables.

Measured with `pytest tests/real/test_occupation_real.py -s`; floors stand a little under what was measured.
"""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads._title_encoder import TitleEncoder
from overstap.ads.occupation import code_titles
from overstap.evaluate.codings import held_out_titles, register_titles
from overstap.evaluate.feeds import TITLES, titles_of
from overstap.evaluate.measures import proportion
from overstap.evaluate.titles import measure_ranking, ranking_cases
from tests.shared_data import DATA, lacks

pytestmark = pytest.mark.real


WITHOUT = lacks("classifications")
LABELS = Path(__file__).parent / "labels" / "titles_isco.csv"


@WITHOUT
@pytest.mark.parametrize(("half", "floor"), [("tuning", 0.69), ("reporting", 0.57), (None, 0.63)])
def test_titles_of_a_dutch_register(half: str | None, floor: float) -> None:
    shares = register_titles(DATA, half=half)
    print(f"\nregister {half}: {shares}")
    assert shares[4].value >= floor


@pytest.mark.parametrize(("language", "floor"), [("nl", 0.72), ("en", 0.74)])
def test_alternative_labels_of_esco_held_out(language: str, floor: float) -> None:
    shares = held_out_titles(language)
    print(f"\nESCO {language}: {shares}")
    assert shares[4].value >= floor


@pytest.mark.parametrize(("language", "floor"), [("nl", 0.72), ("en", 0.80)])
def test_concepts_of_labels_never_shown(language: str, floor: float) -> None:
    rank, first = measure_ranking(TitleEncoder.load(), ranking_cases(language))
    print(f"\nESCO concepts {language}: MRR {rank}, first {first}")
    assert rank.value >= floor


@WITHOUT
def test_titles_of_ads_coded_by_hand() -> None:
    with LABELS.open(encoding="utf-8") as file:
        labels = [(r["source"], int(r["row"]), r["isco08"]) for r in csv.DictReader(file)]
    titles = {source: titles_of(DATA, source) for source in TITLES}
    found = code_titles(pa.array([titles[source][row] for source, row, _ in labels]))["isco08"].to_pylist()
    right = proportion(code == label for code, (_, _, label) in zip(found, labels, strict=True) if code and label)
    given = proportion(code is not None for code, (_, _, label) in zip(found, labels, strict=True) if label)
    print(f"\nads: right of what is given {right}, given {given}")
    assert right.value >= 0.68 and given.value >= 0.8
