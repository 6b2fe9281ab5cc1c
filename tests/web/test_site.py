"""The dashboard as plain files: whole, self-contained, the same figures, and drawn by a browser from any web server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.web.site import asks
from overstap.web.site.asks import Asked, asked
from overstap.web.site.write import export_site

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


@pytest.fixture(scope="session")
def site(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the fixture's study, with one filter of the pages on demand."""
    folder = tmp_path_factory.mktemp("site") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asks, "CHOICES", {"demand": ("topsector",)})
        patch.setattr("overstap.web.site.pages.CHOICES", {"demand": ("topsector",)})
        assert export_site(study, folder) == len(list(folder.rglob("*.html"))) - 1
    return folder


def test_every_address_of_the_site_is_a_file_of_it(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert {p.name for p in (site / "nl").glob("*.html")} == {p.name for p in (site / "en").glob("*.html")}
    for page in pages:
        for node in LexborHTMLParser(page.read_text(encoding="utf-8")).css("[href], [src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            if address.startswith("#"):
                continue
            parts = urlsplit(address)
            assert not parts.netloc and not address.startswith("/"), (page, address)
            assert (page.parent / unquote(parts.path)).is_file(), (page, address)


def test_nothing_is_written_outside_the_folder_of_the_site(site: Path) -> None:
    assert [path.name for path in site.parent.iterdir()] == [site.name]
    assert not [path for path in site.rglob("*") if path.is_symlink() or ".." in path.name]


def test_figures_are_those_of_the_dashboard(site: Path, client: httpx.Client) -> None:
    def facts(html: str) -> list[str]:
        return [node.text(strip=True) for node in LexborHTMLParser(html).css("[data-finding], table td, dd")]

    for file, address in (
        ("en/index", "/?lang=en"),
        ("en/demand", "/demand?lang=en"),
        ("nl/demand/topsector-health", "/demand?lang=nl&topsector=health"),
        ("nl/moves", "/moves?lang=nl"),
    ):
        held = (site / f"{file}.html").read_text(encoding="utf-8")
        assert facts(held) == facts(client.get(address).text) != []


def test_no_text_of_an_ad_and_no_form_but_that_of_the_search_is_left(site: Path) -> None:
    for page in site.rglob("*/*.html"):
        html = page.read_text(encoding="utf-8")
        actions = {form.attributes["action"] for form in LexborHTMLParser(html).css("form")}
        assert {(page.parent / str(action)).resolve() for action in actions} == {
            site / page.relative_to(site).parts[0] / "search.html"
        }
        assert "/trace" not in html and "\x02" not in html
    assert (site / "data" / "out_demand.parquet").stat().st_size
    assert (site / "data" / "datapackage.json").stat().st_size


def test_a_filter_is_a_list_of_links(site: Path) -> None:
    home = LexborHTMLParser((site / "nl" / "demand.html").read_text(encoding="utf-8"))
    hrefs = {node.attributes["href"] for node in home.css("nav.choices a")}
    assert "demand/topsector-health.html" in hrefs


def test_a_form_that_only_the_dashboard_works_out_says_so(site: Path) -> None:
    assert (
        "overstap serve"
        in LexborHTMLParser((site / "nl" / "compare.html").read_text(encoding="utf-8")).css_first("main").text()
    )


@pytest.fixture(scope="session")
def plain(site: Path) -> Iterator[str]:
    """The address of a plain server of files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_browser_draws_the_site_and_walks_through_it(chromium: Any, plain: str) -> None:
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(f"{plain}/")
    page.wait_for_selector("li.finding", timeout=30_000)
    assert page.url.endswith("/nl/index.html")
    page.locator("nav a", has_text="Vraag").click()
    page.wait_for_selector("html[data-charts=ready]", timeout=30_000)
    assert page.locator("figure.chart .chart-canvas svg").count() == page.locator("figure.chart").count() > 0
    page.locator("nav.choices a", has_text="Life Sciences").click()
    page.locator("nav.langs a", has_text="English").click()
    page.wait_for_selector("html[lang=en][data-charts=ready]", timeout=30_000)
    assert page.url.endswith("/en/demand/topsector-life_sciences.html")
    page.locator("nav a", has_text="Moves").click()
    assert page.url.endswith("/en/moves.html")
    assert faults == []
    page.close()


def test_the_site_is_searched_in_both_languages_and_with_slips(chromium: Any, plain: str, site: Path) -> None:
    page = chromium.new_page()
    for start, typed, kind, found in (
        ("nl/index.html", "kwaliteit", "Pagina's", "Kwaliteit"),
        ("en/demand/topsector-health.html", "qualty", "Pages", "Quality"),
        ("en/search.html", "heatlh", "Topsectors", "Health"),
    ):
        page.goto(f"{plain}/{start}")
        page.locator("input[name=q]").last.fill(typed)
        page.locator("input[name=q]").last.press("Enter")
        page.wait_for_selector("#found li", timeout=10_000)
        shown = page.locator("#found").inner_text().splitlines()
        assert shown[:2] == [kind, found]
    page.goto(f"{plain}/nl/search.html?q=xqzwvk")
    page.wait_for_selector("#found [data-empty]", timeout=10_000)
    for lang in ("nl", "en"):
        entries = json.loads((site / "data" / f"search-{lang}.json").read_text(encoding="utf-8"))
        assert all((site / lang / entry[2].partition("#")[0]).exists() for entry in entries) and len(entries) > 20
    page.close()


def test_a_folder_with_other_files_is_left_alone(study: Study, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(InputError, match="no site of overstap"):
        export_site(study, tmp_path)
    assert (tmp_path / "thesis.docx").exists()


def test_an_address_is_the_page_it_leads_to() -> None:
    assert asked("/moves?lang=en&occupation=0111&topsector=health") == Asked("moves", "en", (("occupation", "0111"),))
    assert asked("/demand?lang=nl&show=10&sort=name") == Asked("demand", "nl")
    assert asked("/trace?address=x") is None and asked("https://x.nl/") is None
    assert Asked("demand", "nl", (("topsector", "health"),)).file == "nl/demand/topsector-health.html"
