"""Sectors and regions on real employers and places, coarse. `pytest tests/real/test_sector_real.py -s` prints them."""

import pytest

from overstap.evaluate.codings import places_found, sector_agreement
from tests.shared_data import DATA, needs

pytestmark = needs("ads")


@pytest.mark.parametrize(
    ("folder", "column", "covered", "agree"),
    [("nl_jobzoeker", "company_industry", 0.95, 0.78), ("us_glassdoor", "industry", 0.95, 0.72)],
)
def test_labels_of_boards_and_names_of_companies(folder: str, column: str, covered: float, agree: float) -> None:
    figures = sector_agreement(DATA, folder, column)
    print(f"\n{folder}: {figures}")
    assert figures.label_coded.value >= covered
    assert figures.same_section.value >= agree


def test_places_of_dutch_ads() -> None:
    found = places_found(DATA)
    print(f"\nplaces: {found}")
    assert found.value >= 0.95
