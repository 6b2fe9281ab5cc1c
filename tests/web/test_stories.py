"""The main task of each user of the mission, walked from the front page by clicking, in Dutch or English."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyarrow.parquet as pq
import pytest

from tests.web.conftest import Reader

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

WAYS = {
    "statistician": ("Statisticus of data scientist", "Statistician or data scientist"),
    "researcher": ("Beleidsonderzoeker", "Policy researcher"),
    "adviser": ("Loopbaan- of O&O-adviseur", "Career or training fund adviser"),
    "planner": ("Onderwijsplanner", "Education planner"),
    "organiser": ("Organisator van een panel", "Panel organiser"),
    "board": ("Bestuurder of journalist", "Board member or journalist"),
}


def begin(reader: Reader, lang: str, who: str, place: int = 0) -> Any:
    """The page that the front page sends this user to first."""
    page = reader.open(f"/?lang={lang}").page
    way = page.locator("ul.ways li", has=page.get_by_role("heading", name=WAYS[who][lang == "en"], exact=True))
    way.locator(".ways-links a").nth(place).click()
    return page


def follow(page: Any, link: Any) -> str:
    """Follow a link to a page with a heading; gives that heading."""
    link.click()
    page.wait_for_load_state("domcontentloaded")
    heading: str = page.inner_text("h1")
    return heading


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_researcher_defends_a_number_down_to_the_words_of_an_ad(reader: Reader, lang: str) -> None:
    page = begin(reader, lang, "researcher")
    page.select_option("#f-topsector", "htsm")
    page.locator("form.filters button").click()
    reader.drawn()
    shown = reader.table("ranking")[0]
    page.locator("table[data-table=ranking] tbody tr").first.locator("a").nth(1).click()
    page.locator("article.ad mark").first.wait_for()
    told = page.inner_text("main")
    assert shown[3] in told and shown[4] in told  # vacancies with the item, and all: the share is theirs
    assert page.locator("summary", has_text="Query").count() > 0
    assert follow(page, page.locator("nav.pages a").last)  # and what the words mean
    page.locator("nav.on-page a", has_text={"nl": "Breuken in reeksen", "en": "Breaks"}[lang]).first.click()
    assert page.url.endswith("#h-breaks") and page.locator("#h-breaks").is_visible()


@pytest.mark.parametrize(("lang", "typed"), [("nl", "administratif medwerker"), ("en", "office clerk")])
def test_an_adviser_finds_moves_their_reasons_and_what_to_learn(reader: Reader, lang: str, typed: str) -> None:
    page = reader.open(f"/?lang={lang}").page
    page.fill("header input[type=search]", typed)
    page.keyboard.press("Enter")
    occupation = follow(page, page.locator("section:has(#h-occupation) li a").first)
    assert occupation.startswith({"nl": "Administratief medewerkers", "en": "Administrative clerks"}[lang])
    assert page.locator("#h-training").is_visible() and page.locator("#h-outlook").is_visible()
    page.locator("section:has(#h-moves) p a").first.click()
    assert occupation in page.inner_text("#h-of")
    moves = page.locator("main table").last.locator("tbody tr")
    assert moves.count() >= 3
    for reason in moves.locator("td:nth-child(3)").all_inner_texts():
        assert reason.strip()  # a move is fitting, or it says why not
    target = moves.first.locator("a").inner_text()
    moves.first.locator("a").click()
    assert target in page.inner_text("#h-of")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_planner_sees_who_qualifies_and_which_asked_skills_a_programme_misses(reader: Reader, lang: str) -> None:
    page = begin(reader, lang, "planner")
    reader.drawn()
    page.select_option("#f-region", "Zeeland")
    page.locator("form.filters button").click()
    assert "Zeeland" in page.inner_text(f"main h2:has-text('{'gediplomeerden' if lang == 'nl' else 'graduates'}')")
    page.select_option("#f-topsector", "health")  # a sector without figures on that region
    page.locator("form.filters button").click()
    assert "Zeeland" in page.inner_text("[data-absent]") and page.input_value("#f-region") == "all"
    assert page.locator("table[data-table=education-flow] tbody tr").count() > 1
    page.locator("a[href^='/curriculum']").last.click()
    missed = page.locator("details[open] tbody tr").first
    skill = missed.locator("th").inner_text()
    assert "%" in missed.locator("td").first.inner_text()
    assert follow(page, missed.locator("th a")).lower() == skill.lower()
    assert page.locator("#h-taught").is_visible()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_an_organiser_sees_agreement_and_where_experts_and_data_part(
    reader: Reader, client: httpx.Client, lang: str
) -> None:
    page = begin(reader, lang, "organiser")
    reader.drawn()
    assert "Kendall" in page.inner_text("section:has(#h-panel)")
    beside = page.locator("section:has(#h-panel-data)")
    assert beside.locator("details[open] figure.chart svg").count() >= 1
    assert beside.locator("details[open] dl.method dt").count() >= 3  # each subject with its reason
    figure = beside.locator("details[open] figure.chart").first
    rows = figure.locator("table tbody tr")
    told = client.get(figure.locator(".share a", has_text="CSV").get_attribute("href"))
    assert told.status_code == 200
    figure.locator("details.data summary").click()
    held = told.content.decode("utf-8-sig")
    assert rows.count() and all(row.locator("td").first.inner_text() in held for row in rows.all())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_journalist_takes_one_chart_with_its_data_and_a_link(
    chromium: Any, reader: Reader, client: httpx.Client, lang: str
) -> None:
    page = reader.open(f"/?lang={lang}").page
    page.locator("nav.pages a").nth(1).click()
    page.locator("nav.within a").nth(1).click()
    skill = follow(page, page.locator("table[data-table=skills] tbody a").first)
    reader.drawn()
    figure = page.locator("section:has(#h-since) figure.chart")
    link, data = (figure.locator(".share a").nth(n).get_attribute("href") for n in (0, 1))
    rows = list(csv.DictReader(io.StringIO(client.get(data).content.decode("utf-8-sig"))))
    figure.locator("details.data summary").click() if not figure.locator("details.data[open]").count() else None
    shown = [line.locator("td").all_inner_texts() for line in figure.locator("tbody tr").all()]
    assert [line[0] for line in shown] == [row["period"] for row in rows]
    first = float(rows[0]["share_pct"])
    assert any(f"{first:.1f}".replace(".", "," if lang == "nl" else ".") in text for text in shown[0])
    for form, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            figure.locator(".pictures").get_by_text(form).click()
        held = Path(saved.value.path()).read_bytes()
        assert begins in held[:200]
    figure.locator("details.cite summary").click()
    code = figure.locator("textarea").input_value()
    embedded = code.partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    for address in (link, urlsplit(embedded)._replace(scheme="", netloc="").geturl()):
        reader.open(address).drawn()
        assert skill.lower() in page.inner_text("body").lower()
        assert page.locator(f"figure#{figure_id(link)} .chart-canvas svg").count() == 1


def figure_id(link: str) -> str:
    """The figure that a link to a chart names."""
    return urlsplit(link).fragment


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_board_member_compares_two_groups_and_shares_what_they_see(reader: Reader, lang: str) -> None:
    page = begin(reader, lang, "board")
    page.select_option("#f-topsector", "htsm")
    page.select_option("#f-other_topsector", "health")
    page.locator("form.compare button").click()
    reader.drawn()
    title = page.inner_text("figure#compare .chart-title")
    shown = page.locator("dl.facts dd").all_inner_texts()
    link = page.locator("figure#compare .share a").first.get_attribute("href")
    other = reader.open("/").page  # who gets the link sees the same
    reader.open(link).drawn()
    assert other.inner_text("figure#compare .chart-title") == title
    assert other.locator("dl.facts dd").all_inner_texts() == shown


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_statistician_downloads_the_rows_of_a_page_as_parquet_and_reads_the_query(
    reader: Reader, client: httpx.Client, lang: str
) -> None:
    page = begin(reader, lang, "statistician")
    page.locator("nav.pages a").nth(1).click()
    page.select_option("#f-category", "digital")
    page.locator("form.filters button").click()
    reader.drawn()
    shown = [(row[0], *(cell.replace(".", ",") for cell in row[3:5])) for row in reader.table("ranking")]
    address = reader.link("ranking", "JSON").replace(".json", ".parquet")
    held = pq.read_table(io.BytesIO(client.get(address).content)).to_pylist()
    labels = {row["item_id"]: row["item_label"] for row in client.get(reader.link("ranking", "JSON")).json()["rows"]}
    counted = [(labels[row["item_id"]], f"{row['asked_n']:,}", f"{row['vacancies_n']:,}") for row in held]
    assert counted == shown
    page.locator("table[data-table=ranking] tbody tr").first.locator("a").nth(1).click()
    queries = page.locator("details:has(> pre) pre").all_text_contents()
    assert any("SELECT" in query for query in queries)
    page.locator("footer a", has_text="API").click()
    page.locator("#docs .swagger-ui .info").wait_for()
    paths = client.get("/openapi.json").json()["paths"]
    assert "/api/out_demand.parquet" in paths
