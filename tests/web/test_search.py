"""A reader types what comes to mind, in Dutch or English, with slips, and gets to the page on it."""

from __future__ import annotations

import re

import httpx
import pytest

from overstap.pipeline import Study
from overstap.web.results import Snapshot
from overstap.web.search import KINDS, Index

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
