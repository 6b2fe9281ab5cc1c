"""The dashboard in a real browser: what a reader does, with and without JavaScript, on a desk and on a phone."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from tests.web.conftest import Reader, served

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


def test_a_filter_changes_the_numbers_and_its_link_shows_them_again(reader: Reader) -> None:
    reader.open("/demand?lang=en").drawn()
    before, n = reader.table("ranking"), reader.page.inner_text("[data-fact=vacancies]")
    reader.page.select_option("#f-topsector", "htsm")
    reader.page.select_option("#f-category", "digital")
    reader.page.get_by_role("button", name="Show").first.click()
    reader.drawn()
    after = reader.table("ranking")
    assert after != before and reader.page.inner_text("[data-fact=vacancies]") != n
    link = reader.page.get_attribute("[data-permalink]", "href")
    reader.open(link).drawn()
    assert reader.table("ranking") == after
    assert reader.page.input_value("#f-topsector") == "htsm"


def test_every_chart_is_drawn(reader: Reader) -> None:
    reader.open("/demand?lang=nl").drawn()
    figures = reader.page.locator("figure.chart").count()
    assert figures == 4
    assert reader.page.locator("figure.chart .chart-canvas svg").count() == figures
    assert reader.page.locator("figure#ranking svg path[aria-roledescription=bar]").count() == 10


def test_csv_and_json_equal_the_table_shown(reader: Reader, client: httpx.Client) -> None:
    reader.open("/demand?lang=en&language=nl&sort=name&show=25").drawn()
    for figure in ("ranking", "years"):
        column = 0 if figure == "ranking" else 1
        shown = [(row[column], row[column + 1]) for row in reader.table(figure)]
        told = client.get(reader.link(figure, "JSON")).json()["rows"]
        text = client.get(reader.link(figure, "CSV")).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert shown == [(r["item_label"], f"{r['share_pct']:.1f}\u00a0%") for r in told]
        assert shown == [(r["item_label"], f"{float(r['share_pct']):.1f}\u00a0%") for r in rows]
    movers = [row[0] for row in reader.table("change")]
    assert movers == [r["item_label"] for r in client.get(reader.link("change", "JSON")).json()["rows"]]
    volume = [row[2] for row in reader.table("volume")]
    assert volume == [f"{r['vacancies_n']:,}" for r in client.get(reader.link("volume", "JSON")).json()["rows"]]


def test_the_other_language_keeps_the_selection(reader: Reader) -> None:
    reader.open("/demand?lang=nl&topsector=energie&item_kind=category&item_id=programming").drawn()
    assert reader.page.get_attribute("html", "lang") == "nl"
    before = reader.page.inner_text("[data-fact=vacancies]").replace(".", ",")
    reader.page.get_by_role("link", name="English").click()
    reader.drawn()
    assert reader.page.get_attribute("html", "lang") == "en"
    assert reader.page.input_value("#f-topsector") == "energie"
    assert reader.page.input_value("#f-item") == "programming"
    assert reader.page.inner_text("[data-fact=vacancies]") == before
    assert "What do vacancies ask for?" in reader.page.inner_text("h1")


def test_an_item_can_be_followed_and_a_number_traced_to_its_ads(reader: Reader) -> None:
    reader.open("/demand?lang=en&category=digital").drawn()
    reader.page.locator("table[data-table=ranking] tbody tr").nth(2).locator("a").first.click()
    reader.drawn()
    followed = reader.page.locator("#f-item option:checked").inner_text()
    rows = reader.table("years")
    assert {row[1] for row in rows} == {followed} and len(rows) == 6
    reader.page.locator("table[data-table=years] tbody tr").first.locator("a[href*='/trace']").click()
    assert reader.page.locator("article.ad mark").count() > 0
    reader.page.locator("article.ad h3 a").first.click()
    reader.page.locator("#h-counts").wait_for()
    assert reader.page.locator("section a[href*='out_demand']").count() > 0


def test_everything_but_the_drawing_works_without_javascript(chromium: Any, server: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = Reader(context, server).open("/demand?lang=en")
    before = plain.table("ranking")
    plain.page.select_option("#f-period", "2013")
    plain.page.locator("form.filters button").click()
    assert len(plain.table("ranking")) == 10 and plain.table("ranking") != before
    assert "JavaScript is off" in plain.page.locator("noscript").inner_text()
    plain.page.select_option("#f-item", "core.python")
    plain.page.locator("form.line button").click()
    assert {row[1] for row in plain.table("years")} == {"Python"}
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/demand?lang=nl",
        "/demand?lang=en&topsector=htsm&period=2016",
        "/levels?dimension=isco2",
        "/outlook?lang=en",
        "/definitions",
        "/quality",
        "/trace?address=out_demand/period=2016/item_id=core.python",
        "/trace?address=feed/00012",
        "/demand?topsector=x",
    ],
)
def test_a_small_phone_needs_no_sideways_scrolling(chromium: Any, server: str, path: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    phone = Reader(context, server).open(path)
    if phone.page.locator("figure.chart").count():
        phone.drawn()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_script_in_a_title_does_not_run(reader: Reader) -> None:
    asked: list[str] = []
    reader.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    reader.open("/demand?lang=en&item_kind=title&show=50").drawn()
    assert "<script>alert(1)</script>" in reader.page.inner_text("table[data-table=ranking]").lower()
    assert asked == []


def test_an_unknown_value_gets_a_page_that_leads_on(chromium: Any, server: str) -> None:
    context = chromium.new_context()
    lost = Reader(context, server).open("/demand?lang=nl&topsector=Enrgy&period=2016")
    assert "Enrgy" in lost.page.inner_text("main")
    lost.page.locator("[data-nearest]").click()
    assert lost.page.input_value("#f-topsector") == "energie"
    assert lost.page.input_value("#f-period") == "2016"
    context.close()


def test_an_empty_cell_says_that_nothing_is_known(reader: Reader) -> None:
    reader.open("/demand?lang=en&topsector=chemie")
    assert reader.page.locator("[data-empty]").is_visible()
    assert reader.page.locator("figure.chart").count() == 0


def test_rows_with_few_vacancies_are_marked_and_explained(reader: Reader) -> None:
    reader.open("/demand?lang=en&topsector=health&function_group=ict&period=2012").drawn()
    assert reader.page.locator("table[data-table=ranking] tr.weak").count() > 0
    assert "cannot carry a conclusion" in reader.page.inner_text("figure#ranking")


def test_a_picture_of_a_chart_carries_its_title_and_source(reader: Reader) -> None:
    page = reader.open("/demand?lang=en").drawn().page
    pictures = page.locator("figure#ranking .pictures")
    with page.expect_download() as saved:
        pictures.get_by_text("SVG").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert saved.value.suggested_filename == "ranking.svg"
    assert all(told in text for told in ("Simulated ads", "Source: ads from feed and board", "irst comes ‘"))
    with page.expect_download() as saved:
        pictures.get_by_text("PNG").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_citation_and_the_code_to_embed_name_this_server(chromium: Any, reader: Reader, server: str) -> None:
    page = reader.open("/demand?lang=en").drawn().page
    page.locator("figure#ranking details.cite summary").click()
    assert page.locator("figure#ranking [data-address]").inner_text() == f"{server}/demand?lang=en#ranking"
    code = page.locator("figure#ranking textarea").input_value()
    assert f'src="{server}/embed?lang=en&view=demand&figure=ranking"' in code
    elsewhere = FastAPI()
    elsewhere.get("/", response_class=HTMLResponse)(lambda: f"<!doctype html><title>Elsewhere</title>{code}")
    with served(elsewhere) as address:
        page = chromium.new_page()
        page.goto(address)
        page.frame_locator("iframe").locator("figure#ranking svg").first.wait_for(timeout=20_000)
        page.close()
