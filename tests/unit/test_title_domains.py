"""Roles of two domains, from the title."""

import pyarrow as pa
import pytest

from overstap.ads.title_domains import DOMAINS, domains_of, hybrid_roles
from overstap.reference import tables


@pytest.mark.parametrize(
    ("title", "domains"),
    [
        ("Data Steward III", ("ict", "business")),
        ("I-nurse", ("ict", "health")),
        ("CMIO (24 uur)", ("ict", "health")),
        ("Verpleegkundige ICT", ("ict", "health")),
        ("Bio-informaticus IBD", ("ict", "science")),
        ("Zorgtechnoloog", ("ict", "health")),
        ("ICT-jurist", ("ict", "law")),
    ],
)
def test_roles_of_two_domains(title: str, domains: tuple[str, ...]) -> None:
    assert domains_of(title) == domains


@pytest.mark.parametrize(
    "title",
    [
        "Verpleegkundige",
        "Data analist",
        "Docent wiskunde",
        "Software engineer",
        "ICT medewerker ziekenhuis",
        "Jurist",
        "",
    ],
)
def test_most_titles_are_of_one_domain(title: str) -> None:
    assert domains_of(title) == ()


def test_columns_are_null_where_the_title_cannot_be_coded() -> None:
    titles = pa.array(["Data steward", "Timmerman", "Vacature", None])
    columns = hybrid_roles(titles, pa.array([True, True, False, False]))
    assert columns["is_hybrid"].to_pylist() == [True, False, None, None]
    assert columns["domains"].to_pylist() == [["ict", "business"], [], None, None]
    nothing = hybrid_roles(pa.array([], pa.string()), pa.array([], pa.bool_()))
    assert [len(column) for column in nothing.values()] == [0, 0]


def test_rules_name_known_domains() -> None:
    rows = tables.load("title_domains").to_pylist()
    assert {domain for row in rows for domain in row["domain"].split()} <= set(DOMAINS)
    assert all(len(row["domain"].split()) == (2 if row["kind"] == "title" else 1) for row in rows)
