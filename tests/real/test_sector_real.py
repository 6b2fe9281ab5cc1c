"""Sectors and regions on real employers and places, coarse. `pytest tests/real/test_sector_real.py -s` prints them."""

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.place import code_places
from overstap.ads.sector import code_sectors

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir():
    DATA = Path(os.environ.get("OVERSTAP_SHARED_DATA", DATA.parent)) / "data"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (DATA / "ads").is_dir(), reason="shared data folder is absent"),
]


def rows(folder: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10**8)
    for path in sorted((DATA / "ads" / folder).glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


@pytest.mark.parametrize(
    ("folder", "column", "covered", "agree"),
    [("nl_jobzoeker", "company_industry", 0.95, 0.78), ("us_glassdoor", "industry", 0.95, 0.72)],
)
def test_labels_of_boards_and_names_of_companies(folder: str, column: str, covered: float, agree: float) -> None:
    pairs = {
        (r["company"], r[column].strip()) for r in rows(folder) if r[column] and r[column] not in ("-1", "Unknown")
    }
    companies, labels = (pa.array(v) for v in zip(*sorted(pairs), strict=True))
    by_label = code_sectors(None, labels, None)["sector"].to_pylist()
    by_name = code_sectors(None, None, companies)["sector"].to_pylist()
    coded = sum(s is not None for s in by_label) / len(pairs)
    both = [(a, b) for a, b in zip(by_label, by_name, strict=True) if a and b]
    same = sum(a == b for a, b in both) / len(both)
    print(f"\n{folder}: employers n={len(pairs)}, label coded {coded:.3f}; name n={len(both)}, same section {same:.3f}")
    assert coded >= covered
    assert same >= agree


def test_places_of_dutch_ads() -> None:
    places = [r["location"] for r in rows("nl_jobzoeker") if r["location"]]
    found = code_places(pa.array(places)).to_pylist()
    named = [
        f for p, f in zip(places, found, strict=True) if p.split(",")[0] not in ("Nederland", "NL", "Werk van thuis")
    ]
    share = sum(f["nuts3_code"] is not None for f in named) / len(named)
    print(f"\nplaces: n={len(named)} named, NUTS 3 found {share:.3f}")
    assert share >= 0.95
