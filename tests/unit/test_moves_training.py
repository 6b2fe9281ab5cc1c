"""Catalogues of training: what is read, what is refused, and that an offer's rank rests on words that stand in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.moves.training import Offer, match, read_catalogue, read_offers

SHEETS, FORKLIFT, PYTHON = (f"http://data.europa.eu/esco/skill/{n}" for n in ("sheets", "forklift", "python"))
OFFERS = [
    Offer("Rekenen", skills=((SHEETS, "Excel"),)),
    Offer("Magazijn", skills=((FORKLIFT, "heftruck"), (SHEETS, "Excel"))),
    Offer("Koken"),
]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_offers_are_ranked_by_the_part_of_what_is_missing_that_they_teach() -> None:
    found = match(OFFERS, {SHEETS: 0.1, FORKLIFT: 0.3, PYTHON: 0.1}, "skills")
    assert [offer.title for offer in found] == ["Magazijn", "Rekenen"]
    assert [offer.part for offer in found] == pytest.approx([0.8, 0.2])
    assert found[0].words == ("heftruck", "Excel")


def test_what_is_not_missing_is_no_match() -> None:
    assert match(OFFERS, {PYTHON: 0.5}, "skills") == []
    assert match(OFFERS, {}, "skills") == []


def test_a_csv_of_a_dutch_provider_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "Titel;Omschrijving;Aanbieder;Duur;Prijs\nExcel;Leer Excel;ROC;3 maanden;1.250,00\n"
    )
    offer = read_catalogue(path)[0]
    assert (offer.title, offer.provider, offer.months, offer.price) == ("Excel", "ROC", 3.0, 1250.0)
    assert "Excel" in {words for _, words in offer.skills}


def test_an_export_of_programmes_with_names_only_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "croho.csv", "opleidingscode,naam\n01021,Bedrijfskunde algemeen\n34401,Informatica\n")
    offers = read_catalogue(path)
    assert [offer.title for offer in offers] == ["Bedrijfskunde algemeen", "Informatica"]
    assert all(offer.price is None and offer.months is None for offer in offers)


def test_courses_of_schema_org_are_read_however_deep(tmp_path: Path) -> None:
    course = {
        "@type": "Course",
        "name": "Python voor beginners",
        "description": "Programmeren in Python",
        "provider": {"@type": "Organization", "name": "Hogeschool"},
        "timeRequired": "P6M",
        "offers": {"price": "495"},
    }
    path = write(
        tmp_path / "c.jsonld", json.dumps({"@graph": [{"@type": "ItemList", "itemListElement": [{"item": course}]}]})
    )
    offer = read_catalogue(path)[0]
    assert (offer.title, offer.provider, offer.months, offer.price) == (
        "Python voor beginners",
        "Hogeschool",
        6.0,
        495.0,
    )


@pytest.mark.parametrize(
    ("given", "months"),
    [
        ("6", 6.0),
        ("2 jaar", 24.0),
        ("2-jarig", 24.0),
        ("60 EC", 12.0),
        ("P1Y6M", 18.0),
        ("", None),
        ("1680 uur", 12.0),
        ("PT140H", 1.0),
        ("6 maanden, 1 dag per week", 6.0),
        ("niveau 4, 3 jaar", 36.0),
    ],
)
def test_durations(tmp_path: Path, given: str, months: float | None) -> None:
    assert read_catalogue(write(tmp_path / "c.csv", f'title,months\nX,"{given}"\n'))[0].months == months


def test_a_course_that_costs_nothing_is_free_not_of_unknown_price(tmp_path: Path) -> None:
    courses = [{"@type": "Course", "name": f"Excel {n}", "offers": offer} for n, offer in enumerate(({"price": 0}, {}))]
    free, unknown = read_offers(write(tmp_path / "c.jsonld", json.dumps(courses)))
    assert (free.price, unknown.price) == (0.0, None)


@pytest.mark.parametrize(
    ("given", "price"),
    [
        ("450", 450.0),
        ('"€ 1.250,-"', 1250.0),
        ('"1,250.50"', 1250.5),
        ('"1.250,50"', 1250.5),
        ("2.500", 2500.0),
        ("", None),
    ],
)
def test_prices(tmp_path: Path, given: str, price: float | None) -> None:
    assert read_catalogue(write(tmp_path / "c.csv", f"title,price\nX,{given}\n"))[0].price == price


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("c.csv", "titl,tekst\nX,Y\n", "title"),
        ("c.csv", "title\n", "no columns"),
        ("c.csv", "title,price\n", "no training offers"),
        ("c.csv", "title,price\nX,€ 1.250,-\n", "line 2: 3 cells under 2 columns"),
        ("c.csv", "title,price\nX,veel\n", "row 2, price"),
        ("c.csv", "title,months\nX,lang\n", "row 2, months"),
        ("c.json", "{", "not JSON"),
        ("c.json", '{"@type": "Person", "name": "X"}', "no training offers"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_its_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_catalogue(write(tmp_path / name, text))
    assert said in str(error.value)
