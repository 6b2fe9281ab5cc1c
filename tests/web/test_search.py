"""A reader types what comes to mind, in Dutch or English, with slips, and gets to the page on it."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from overstap.pipeline import Study
from overstap.web import warm
from overstap.web.app import create_app, index_of
from overstap.web.results import Snapshot
from overstap.web.search import KINDS, Index, slips

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


@pytest.fixture(scope="module")
def index(study: Study) -> Index:
    return Index.of(Snapshot(study))


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("python", "skill", "python"),
        ("pyhton", "skill", "python"),
        ("teamwork", "skill", "teamwork"),
        ("samenwerken", "skill", "teamwork"),
        ("verpleegkundige", "occupation", "nurs"),
        ("verpleegkundge", "occupation", "nurs"),
        ("secretaresse", "occupation", "secretar"),
        ("energy", "topsector", "energy"),
        ("energie transitie huis", "initiative", "energie"),
        ("programmeren", "category", "programming"),
        ("overstappen", "page", "moves"),
        ("betrouwbaarheidsinterval", "term", "interval"),
        ("out_demand", "table", "out_demand"),
    ],
)
def test_what_is_typed_is_found_first(index: Index, typed: str, kind: str, name: str) -> None:
    found = [(entry.kind, entry.names["en"].lower()) for entry, _ in index.find(typed)]
    assert any(k == kind and name in n for k, n in found[:3]), found[:5]


@pytest.mark.parametrize("typed", ["", " ", "xqzzy", "§§", "a" * 80])
def test_what_is_like_nothing_finds_nothing(index: Index, typed: str) -> None:
    assert index.find(typed) == []


def test_every_word_must_fit(index: Index) -> None:
    assert index.find("python xqzzy") == []
    both = {entry.names["en"] for entry, _ in index.find("customer orientation")}
    assert "customer orientation" in both and len(both) < len(index.find("customer")) + 1


def test_every_answer_leads_to_a_page(index: Index, client: httpx.Client) -> None:
    kinds = {}
    for entry in index.entries:
        kinds.setdefault(entry.kind, entry)
    assert kinds.keys() == set(KINDS)
    for entry in kinds.values():
        assert client.get(entry.href("en").partition("#")[0]).status_code == 200, entry


def test_the_page_gives_links_and_says_where_nothing_is_found(client: httpx.Client) -> None:
    page = client.get("/search?lang=nl&q=pyhton").text
    assert re.search(r'href="/skill\?lang=nl&amp;item_id=core.python"', page)
    assert "data-empty" in client.get("/search?q=xqzzy").text
    assert "data-empty" not in client.get("/search").text
    hostile = client.get("/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in hostile
    assert 'name="q"' in client.get("/moves").text


# What is typed, with a slip or without; what must come first, by its Dutch name; and a word of what must not appear.
SLIPS = [
    ("secretarese", "Secretaresses", "Juristen Bestuurders Boekhouders Fotografen"),
    ("verplegkundige", "Verpleegkundigen (mbo)", "Architecten Ingenieurs Docenten Biologen"),
    ("boekhoudr", "Boekhouders", "Bibliothecarissen Managers"),
    ("timmermn", "Timmerlieden", "Slagers Meubelmakers Hulpkrachten"),
    ("chaufeur", "Chauffeurs auto's, taxi's en bestelwagens", "Productcontroleurs Militaire Docenten"),
    ("kappr", "Kappers en schoonheidsspecialisten", "Docenten Managers"),
    ("schoonmakr", "Schoonmakers", "Managers"),
    ("enrgie", "Energie", "Boekhouders Technici Procesoperators"),
    ("logistik", "Managers logistiek", "Directiesecretaresses Productcontroleurs"),
    ("nures", "Gespecialiseerd verpleegkundigen", "Docenten Juristen Koks Hoveniers"),
    ("weldr", "Lassers en plaatwerkers", "Fotografen Beeldend Biologen"),
    ("techer", "Leerkrachten basisonderwijs", "Beeldend Bouwarbeiders"),
    ("accountnt", "Accountants", "Administratief Bibliothecarissen"),
    ("managr onderwijs", "Managers onderwijs", "Directiesecretaresses Docenten"),
    ("electrician", "Elektriciens en elektronicamonteurs", "Biologen"),
    ("secretaresse", "Secretaresses", "Juristen Fotografen"),
    ("nurse", "Gespecialiseerd verpleegkundigen", "Biologen"),
    ("kok", "Koks", "Docenten"),
]


@pytest.mark.parametrize(("typed", "first", "never"), SLIPS)
def test_a_slip_finds_what_was_meant_and_nothing_else(index: Index, typed: str, first: str, never: str) -> None:
    found = [entry.names["nl"] for entry, _ in index.find(typed)]
    assert found[0] == first, found[:5]
    assert not {word for name in found for word in name.split()} & set(never.split()), found


@pytest.mark.parametrize(
    ("a", "b", "n"), [("python", "pyhton", 1), ("kok", "koks", 1), ("abc", "abc", 0), ("ca", "abc", 3), ("", "ab", 2)]
)
def test_slips_are_letters_to_add_drop_change_or_swap(a: str, b: str, n: int) -> None:
    assert slips(a, b) == slips(b, a) == n


def test_who_searches_while_the_index_is_made_waits_for_that_one(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Index] = []

    def slow(snapshot: Snapshot) -> Index:
        time.sleep(0.2)
        made.append(Index([]))
        return made[-1]

    monkeypatch.setattr(Index, "of", slow)
    app, snapshot = create_app(study), Snapshot(study)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: index_of(app, snapshot), range(3)))
    assert len(made) == 1 and all(one is made[0] for one in found)


def test_the_index_is_ready_before_pages_that_few_open_first(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(warm, "opened", lambda app, view, lang: order.append(view))
    monkeypatch.setattr(Index, "of", lambda snapshot: order.append("index") or Index([]))
    app = create_app(study)
    for part, _ in zip(warm.parts(app), range(8), strict=False):
        part()
    assert order[:3] == ["home", "home", "index"] and "demand" in order[3:]
