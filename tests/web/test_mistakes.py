"""A reader who asks for what is not there is told which choice of the page it was, and gets to one that works."""

from __future__ import annotations

import html
from functools import cache
from urllib.parse import urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from overstap.errors import ContractError, OverstapError, StoreError
from overstap.pipeline import Study
from overstap.web import app as app_module
from overstap.web.api import ANSWERS, filters_of
from overstap.web.app import create_app
from overstap.web.mistakes import ON_PAGE
from overstap.web.results import TooMuch
from overstap.web.selection import FILTERS, LANGS, PATHS, SETTINGS
from overstap.web.service import watch

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]
WRONG = "zzqq9"


def labels_of(page: LexborHTMLParser) -> dict[str, str]:
    """What the forms of a page call each choice, by its name in the address; nothing of what a form has by heart."""
    found = {}
    for field in page.css("main form [name]"):
        label = page.css_first(f'label[for="{field.attributes.get("id")}"]')
        if field.attributes.get("type") != "hidden" and label is not None:
            found[str(field.attributes["name"])] = label.text().strip()
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ON_PAGE)
def test_a_wrong_value_is_told_by_the_name_that_the_form_of_the_page_has(
    client: httpx.Client, view: str, lang: str
) -> None:
    shown = labels_of(LexborHTMLParser(client.get(PATHS[view], params={"lang": lang}).text))
    assert set(shown) - {*SETTINGS, "q"} <= set(ON_PAGE[view])
    works = cache(lambda href: client.get(href).status_code)
    for name in {*ON_PAGE[view], "sort", "show"}:
        told = client.get(PATHS[view], params={"lang": lang, name: WRONG})
        page = LexborHTMLParser(told.text)
        said = page.css_first("p.lead").text()
        assert told.status_code in (404, 422) and f"‘{WRONG}’" in said, (name, said)
        if name in shown and name not in ("item_id", "lever"):  # these have several fields, or are told by what they do
            assert f"‘{shown[name]}" in said, (name, said)
        links = [str(a.attributes["href"]) for a in page.css("main ul a")]
        assert links and all(f"{name}={WRONG}" not in href and f"lang={lang}" in href for href in links)
        assert works(links[0]) == 200, links[0]
        assert {urlsplit(href).path for href in links} == {PATHS[view]}


@pytest.mark.parametrize("view", sorted(set(PATHS) - {"home", "trace", "search"}))
def test_every_choice_of_any_page_is_read_so_that_none_passes_unseen(client: httpx.Client, view: str) -> None:
    for name in FILTERS:
        assert client.get(PATHS[view], params={name: WRONG}).status_code == 404, name


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/occupation?lang=en&occupation=08111", "occupation=0811"),
        ("/compare?lang=en&other_level=isco1:22", "other_level=isco1%3A2"),
        ("/compare?lang=nl&other_topsector=enrgie", "other_topsector=energie"),
        ("/education?lang=nl&topsector=chemi", "topsector=chemie"),
        ("/scenarios?lang=en&lever=routine_automation:0.11", "lever=routine_automation%3A0.1"),
    ],
)
def test_the_nearest_value_is_a_link_to_the_same_page(client: httpx.Client, path: str, nearest: str) -> None:
    page = LexborHTMLParser(client.get(path).text)
    link = str(page.css_first("a[data-nearest]").attributes["href"])
    assert nearest in link and urlsplit(link).path == urlsplit(path).path
    assert client.get(link).status_code == 200


def test_the_second_group_of_a_comparison_is_named_as_such(client: httpx.Client) -> None:
    page = html.unescape(client.get("/compare?lang=nl&other_topsector=x").text)
    assert "‘Topsector (tweede groep)’" in page


def test_a_filter_that_a_page_does_not_have_is_answered_with_those_that_it_has(client: httpx.Client) -> None:
    moves = html.unescape(client.get("/moves?lang=en&occupatoin=0811").text)
    assert "From which occupation (occupation)" in moves and "(topsector)" not in moves
    assert "This page has no filters." in client.get("/survey?lang=en&x=1").text


@pytest.mark.parametrize("table", ["out_moves", "out_change", "out_quality"])
def test_the_api_names_the_filters_of_the_table_and_no_settings_among_them(client: httpx.Client, table: str) -> None:
    told = client.get(f"/api/{table}.json?nonsense=1").json()["error"]
    assert told["known"] == list(filters_of(table)) and not {*SETTINGS} & {*told["known"]}
    assert "Beside these: lang, sort, show." in told["fix"]
    listed = {row["table"]: row["filters"] for row in client.get("/api").json()["tables"]}
    assert listed == {name: list(filters_of(name)) for name in ANSWERS}


@pytest.mark.parametrize(
    "table", ["out_demand", "out_levels", "out_moves", "out_quality", "out_intensity", "out_survey"]
)
def test_every_filter_that_a_table_is_said_to_have_is_read(client: httpx.Client, table: str) -> None:
    for name in filters_of(table):
        assert client.get(f"/api/{table}.json", params={name: WRONG}).status_code == 404, name


def test_the_data_behind_a_group_of_a_comparison_are_those_of_the_group(client: httpx.Client) -> None:
    page = LexborHTMLParser(client.get("/compare?lang=en&level=isco1:2").text)
    links = [str(a.attributes["href"]) for a in page.css("figure a") if "out_levels.json" in str(a.attributes["href"])]
    rows = client.get(links[0]).json()["rows"]
    assert {(row["dimension"], row["level"]) for row in rows} == {("isco1", "2")}


ADDRESSES = ("/", "/demand?lang=en", "/api/out_demand.json?show=2", "/api/out_moves.xlsx?show=2",
             "/api/figure.csv?view=demand&figure=ranking", "/static/find.js", "/assets/overstap.css", "/healthz",
             "/nope", "/demand?topsector=x")  # fmt: skip


def test_head_is_answered_as_get_without_a_body_and_counted_at_its_route(study: Study) -> None:
    app = create_app(study)
    metrics = watch(app)
    with TestClient(app, base_url="http://localhost") as client:
        for address in ADDRESSES:
            got, head = client.get(address), client.head(address)
            assert (head.status_code, head.content) == (got.status_code, b""), address
            assert head.headers == got.headers, address
        first = client.get("/demand")
        assert client.head("/demand", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert metrics.requests["HEAD", "/api/out_demand.json", 200] == 1


@pytest.mark.parametrize(
    ("error", "status", "nl", "en"),
    [
        (TooMuch("This question took longer than 20 seconds."), 413, "te groot worden", "too large"),
        (StoreError("A run is replacing the tables."), 503, "nu niet te lezen", "cannot be read just now"),
        (ContractError("No text for 'x'."), 500, "ging iets mis", "Something went wrong"),
    ],
)
def test_a_page_that_cannot_be_made_says_so_in_the_language_of_the_reader(
    study: Study, monkeypatch: pytest.MonkeyPatch, error: OverstapError, status: int, nl: str, en: str
) -> None:
    def refused(*_: object) -> dict[str, object]:
        raise error

    monkeypatch.setitem(app_module.VIEWS, "quality", refused)
    with TestClient(create_app(study), base_url="http://localhost", raise_server_exceptions=False) as client:
        for lang, words in (("nl", nl), ("en", en)):
            page = client.get(f"/quality?lang={lang}")
            text = html.unescape(page.text)
            assert page.status_code == status and words in text and f'<html lang="{lang}"' in text
            assert error.what not in text
        wrong = client.post("/demand?lang=nl")
        assert wrong.status_code == 405 and "alleen om te lezen" in wrong.text


def test_links_that_are_cited_give_the_same_after_a_restart(study: Study) -> None:
    page = "/demand?lang=en&topsector=htsm&item_id=core.python"
    addresses = [page, "/embed?lang=en&view=demand&figure=ranking", "/api/out_change.json?item_kind=skill",
                 "/api/figure.csv?lang=en&view=demand&figure=years", "/skill?lang=nl&item_id=core.python"]  # fmt: skip
    seen = []
    for _ in range(2):
        with TestClient(create_app(study), base_url="http://localhost") as client:
            found = [client.get(address) for address in addresses]
            assert [one.status_code for one in found] == [200] * len(found)
            seen.append([(one.headers["etag"], one.content) for one in found])
    assert seen[0] == seen[1]


def test_every_address_of_the_description_answers_as_it_is_filled_in_there(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path, told in paths.items():
        if path.endswith((".csv", ".parquet", ".xlsx")) and "out_" in path and "out_demand" not in path:
            continue  # the forms of a table read the same choices
        given = {}
        for one in told["get"].get("parameters", []):
            example = next(iter(one["schema"].get("examples", [])), one["schema"].get("default"))
            if example not in (None, "", []):
                given[one["name"]] = example
        answer = client.get(path, params=given | ({"show": 1} if "show" in given else {}))
        assert answer.status_code == 200, (path, given)
