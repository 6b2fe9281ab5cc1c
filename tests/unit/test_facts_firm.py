"""Facts about the employer that a text states; all sentences are made up for these tests."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from overstap.ads.facts import facts_of


def read(text: str, column: str, **fields: Any) -> Any:
    """The value of one column for one text."""
    return facts_of(pa.RecordBatch.from_pylist([{"text": text, **fields}])).columns[column].to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "company", "agency"),
    [
        ("Voor onze opdrachtgever in Breda zoeken wij een lasser", None, True),
        ("On behalf of our client we are looking for a nurse", None, True),
        ("Leuke baan", "Randstad Groep Nederland", True),
        ("Leuke baan", "Jansen Uitzendbureau B.V.", True),
        ("Leuke baan", "Gemeente Utrecht", False),
        ("Acquisitie naar aanleiding van deze vacature wordt niet op prijs gesteld", None, False),
        ("We work with our clients on nice projects", "Acme", None),
        ("Leuke baan", "Bakkerij de Vries", None),
    ],
)
def test_agency(text: str, company: str | None, agency: bool | None) -> None:
    assert read(text, "is_agency", company=company) is agency


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Ons bedrijf telt 35 medewerkers", "10-49"),
        ("Een familiebedrijf met 25 medewerkers", "10-49"),
        ("Wij zijn een organisatie met ruim 1.200 collega's", "250+"),
        ("We are a company of 80 people", "50-249"),
        ("We employ over 6,000 staff", "250+"),
        ("Met zo'n 8 collega's werken wij in Zwolle", "1-9"),
        ("Je komt in een team van 12 collega's", None),
        ("We serve 750,000 people in the region", None),
        ("Je geeft leiding aan 20 medewerkers", None),
        ("Met 5.000 medewerkers in 12 landen", "250+"),
        ("Actief in 65 landen met ruim 18.000 werknemers", "250+"),
        ("Dat doen we met ruim 16.000 collega's in heel het land", "250+"),
        ("5.000 medewerkers", "250+"),
        ("Met 3.000 trotse collega's werken we aan de luchthaven", "250+"),
        ("43,822 Rabobank colleagues around the world", "250+"),
        ("Serving a population of 384,000 with over 9,500 staff", "250+"),
        ("Met een jong team van zo'n 50 werknemers bouwen we huizen", "50-249"),
        ("Sinds 2012 trotse collega's", None),
        ("You support 5,000 employees of our customers", None),
    ],
)
def test_firm_size(text: str, size: str | None) -> None:
    assert read(text, "firm_size") == size
