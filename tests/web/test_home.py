"""The front page and the page that compares: what the study found, old addresses, and two groups without a script."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from overstap.pipeline import Study
from overstap.publish.labels import Lang, Translator
from overstap.publish.summary import SummaryChapter

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_front_page_says_what_the_report_says(client: httpx.Client, study: Study, lang: Lang) -> None:
    page = LexborHTMLParser(client.get(f"/?lang={lang}").text)
    texts = [node.text(strip=True) for node in page.css("li.finding .finding-text")]
    main = SummaryChapter(study, Translator.for_study(study, lang)).main
    assert texts == [one.text for one in main] and 0 < len(texts) <= 5
    assert len(page.css("ul.ways > li")) == 6


def test_every_link_of_the_front_page_leads_somewhere(client: httpx.Client) -> None:
    links = {node.attributes["href"] for node in LexborHTMLParser(client.get("/?lang=en").text).css("main a[href]")}
    assert len(links) > 12
    for link in links:
        page = client.get(link)
        assert page.status_code == 200, link
        place = link.partition("#")[2]
        assert not place or f'id="{place}"' in page.text, link


def test_old_addresses_of_the_page_on_demand_still_work(client: httpx.Client) -> None:
    moved = client.get("/?lang=en&topsector=htsm&item_id=core.python&item_id=core.java")
    assert moved.status_code == 301
    assert moved.headers["location"] == "/demand?lang=en&topsector=htsm&item_id=core.python&item_id=core.java"
    assert client.get("/?lang=en&utm_source=mail").status_code == 200
    wrong = client.get("/?topsector=enrgy", follow_redirects=True)
    assert wrong.status_code == 404 and "topsector=energie" in wrong.text


def test_two_groups_are_chosen_by_a_form_and_kept_in_the_address(client: httpx.Client) -> None:
    address = "/compare?lang=en&function_group=ict&other_function_group=manager&category=digital"
    page = LexborHTMLParser(client.get(address).text)
    chosen = {n.attributes["name"]: n.css_first("[selected]") for n in page.css("form.compare select")}
    assert chosen["function_group"].attributes["value"] == "ict"  # type: ignore[union-attr]
    assert chosen["other_function_group"].attributes["value"] == "manager"  # type: ignore[union-attr]
    assert page.css_first("[data-overlap]").attributes["data-overlap"] == "apart"  # type: ignore[union-attr]
    assert page.css_first("[data-finding]").text(strip=True)  # type: ignore[union-attr]
    cells = [node.text() for node in page.css("table[data-table=compare] tbody tr td:first-child")]
    assert cells and "other_function_group=manager" in page.css_first("nav.langs a").attributes["href"]  # type: ignore


@pytest.mark.parametrize(
    ("query", "overlap"),
    [("topsector=energie", "within"), ("topsector=energie&other_topsector=chemie", "may"),
     ("level=isco1:2&other_level=isco1:3", "apart"), ("period=2016&other_period=2016", "same")],
)  # fmt: skip
def test_samples_that_overlap_are_called_so(client: httpx.Client, query: str, overlap: str) -> None:
    page = client.get(f"/compare?lang=nl&{query}")
    assert page.status_code == 200 and f'data-overlap="{overlap}"' in page.text


def test_an_unknown_group_names_the_nearest(client: httpx.Client) -> None:
    for query in ("other_topsector=enrgy", "level=isca1:2", "other_period=2071"):
        page = client.get(f"/compare?lang=en&{query}")
        assert page.status_code == 404 and "data-nearest" in page.text, query


def test_the_files_of_a_comparison_are_those_of_its_groups(client: httpx.Client) -> None:
    page = client.get("/compare?lang=en&function_group=ict&other_function_group=other").text
    files = [html.unescape(link) for link in re.findall(r'href="(/api/out_demand\.json[^"]+)"', page)]
    assert len(files) == 2 and [re.findall(r"[?&]function_group=(\w+)", f) for f in files] == [["ict"], ["other"]]
