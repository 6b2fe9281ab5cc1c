"""A reader who asks for what is not there is told which choice of the page it was, and gets to one that works."""

from __future__ import annotations

import html
from functools import cache
from urllib.parse import urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from overstap.pipeline import Study
from overstap.web.api import ANSWERS, filters_of
from overstap.web.app import create_app
from overstap.web.mistakes import ON_PAGE
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


def test_every_filter_that_a_table_is_said_to_have_narrows_it(client: httpx.Client) -> None:
    for table in ANSWERS:
        for name in filters_of(table):
            if client.get(f"/api/{table}.json?show=1").json()["rows"]:
                assert client.get(f"/api/{table}.json", params={name: WRONG}).status_code == 404, (table, name)


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
