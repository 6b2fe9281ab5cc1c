"""Many readers at once: nobody gets an error, and what is kept for the next is what the first was told."""

from __future__ import annotations

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from overstap.bench.web import as_rows, as_table, load, quantile
from overstap.pipeline import Study
from overstap.web.app import VIEWS, create_app, opened
from overstap.web.kept import Kept, KeptStore
from overstap.web.results import Snapshot
from overstap.web.selection import LANGS
from overstap.web.site.asks import Asked
from overstap.web.site.pages import links_of
from overstap.web.warm import parts

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


def test_users_at_once_get_no_error(server: str, client: httpx.Client) -> None:
    pages = [Asked(view, "nl") for view in ("home", "demand", "quality", "countries")]
    tree = LexborHTMLParser(client.get(pages[1].url).text)
    choices = {"demand": sorted((p for p in links_of(tree) if p.view == "demand"), key=lambda p: p.url)}
    answers = load(server, pages, choices, seconds=2.5, users=6, think=0.3)
    assert len(answers) > 6
    assert [one for one in answers if one.status != 200] == []
    rows = as_rows(answers)
    assert rows[-1]["users_n"] == len(answers) and rows[-1]["errors"] == 0
    assert f"{len(answers)} answers, 0 errors" in as_table(rows, [])


def test_a_page_that_is_kept_is_the_page_that_was_made(study: Study, client: httpx.Client) -> None:
    url = Asked("demand", "en", (("topsector", "health"),)).url
    first, second = client.get(url), client.get(url)
    assert first.text == second.text and first.headers["etag"] == second.headers["etag"]
    assert "content-security-policy" in second.headers and second.headers["content-type"].startswith("text/html")


def test_all_that_is_made_beside_the_server_can_be_made(study: Study) -> None:
    app = create_app(study)
    opened(app, "home", "nl")
    assert app.state.environments
    every = list(parts(app))
    every[len(LANGS)]()  # the index, right after the front page of each language
    assert app.state.search and len(every) == len(LANGS) * len(VIEWS) + 2


def test_reading_again_gives_the_same_rows(study: Study) -> None:
    store = Snapshot(study).study.store
    assert isinstance(store, KeptStore)
    for name in ("out_demand", "out_quality"):
        assert store.read(name).equals(study.store.read(name))
        assert store.read(name) is store.read(name)
    for wanted in ({"topsector": ["health", "htsm"], "language": "all"}, {"item_id": []}, {}):
        assert store.select("out_demand", wanted).equals(study.store.select("out_demand", wanted))


def test_what_is_longest_unused_makes_room() -> None:
    kept = Kept(8)
    for key in "abcd":
        kept.keep(key, key.upper(), 2)
    kept.get("a")
    kept.keep("e", "E", 2)
    kept.keep("large", "L", 3)
    assert [kept.get(key) for key in ("a", "b", "c", "e", "large")] == ["A", None, "C", "E", None]


def test_a_quantile_is_a_time_that_was_measured() -> None:
    assert quantile([5.0, 1.0, 3.0], 0.5) == 3.0 and quantile([7.0], 0.95) == 7.0
    assert quantile([float(n) for n in range(101)], 0.95) == 95.0
