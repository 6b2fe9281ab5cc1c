"""Pages that everyone can use (WCAG 2.2 AA): axe finds nothing; keys alone, a small or magnified screen, print, no script.

Pages are those of the registry, so that a new one is tested by being there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overstap.audit.draw import draw_sheet
from overstap.audit.page import create_desk
from overstap.audit.sheet import write_sheet
from overstap.panel.design import design
from overstap.panel.live import create_live
from overstap.panel.session import EXPERT, MODERATOR, new_session
from overstap.pipeline import Study
from overstap.publish.report import write_reports
from overstap.web.app import VIEWS
from overstap.web.selection import LANGS, PATHS
from tests.web.conftest import served

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = (
    *dict.fromkeys(PATHS[view] for view in VIEWS),
    "/search",
    "/search?q=python",
    "/trace",
    "/trace?address=out_demand/period=2016/item_id=core.python",
    "/trace?address=feed/00012",
    "/trace?address=nothing",
    "/embed?view=demand&figure=ranking",
    PATHS["demand"] + "?topsector=enrgy",
    PATHS["demand"] + "?topsector=chemie",
    "/nope",
)


def with_lang(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


LEAN = """() => {
    document.querySelectorAll('details').forEach(one => { one.open = true; });
    document.querySelectorAll('tbody tr:nth-child(n+4), .chart-canvas svg').forEach(one => one.remove());
}"""
"""Every part unfolded; rows after the third are of the same make, and a drawing is one picture to who hears the page."""


def found_by(axe: str, page: Any, tags: list[str], *, dark: bool = True) -> list[str]:
    """What axe finds on a page, light and (contrast alone: all else is the same) dark."""
    page.evaluate(LEAN)
    page.evaluate(axe)
    run = "options => axe.run(document, {...options, resultTypes: ['violations']})"
    found = page.evaluate(run, {"runOnly": {"type": "tag", "values": tags}})["violations"]
    if dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate(LEAN)
        found += page.evaluate(run, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})["violations"]
        page.emulate_media(color_scheme="light")
    return [
        f"{one['id']}: {len(one['nodes'])} × {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary'][:300]})"
        for one in found
    ]


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """One page of a browser that moves nothing, for what changes no state."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def shown(page: Any, address: str) -> Any:
    page.goto(address)
    if page.locator("#chart-themes").count():
        page.wait_for_selector("html[data-charts=ready]", timeout=30_000)
    return page


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PLACES)
def test_axe_finds_nothing_on_any_page(page: Any, server: str, axe: str, path: str, lang: str) -> None:
    assert found_by(axe, shown(page, server + with_lang(path, lang)), AA, dark=lang == "nl") == []


def test_axe_finds_nothing_on_the_description_of_the_api(page: Any, server: str, axe: str) -> None:
    page.goto(f"{server}/api/docs")
    page.wait_for_selector(".opblock-tag")
    # Its parts are Swagger UI's own: best practices beyond WCAG are not ours to keep there.
    assert found_by(axe, page, AA[:-1]) == []


def test_axe_finds_nothing_in_the_report(page: Any, study: Study, axe: str) -> None:
    report = next(path for path in write_reports(study) if path.name == "report-nl.html")
    assert found_by(axe, shown(page, report.as_uri()), AA) == []


def test_axe_finds_nothing_where_a_reader_or_an_expert_answers(
    page: Any, study: Study, tmp_path: Path, axe: str
) -> None:
    texts = tmp_path / "statements.yaml"
    texts.write_text("- {statement_id: s1, text_nl: AI verandert werk., text_en: AI changes work.}\n", encoding="utf-8")
    session = new_session(tmp_path / "vision", design("vision", None, texts, 2030, None))
    links = session.invite(1)
    write_sheet(tmp_path / "audit.csv", draw_sheet(study, 5, seed=1))
    with served(create_live(session)) as live, served(create_desk(study, tmp_path / "audit.csv")) as desk:
        for lang in LANGS:
            for place in (f"{live}/s/{links[EXPERT][0]}", f"{live}/s/{links[MODERATOR][0]}", f"{desk}/ad/1"):
                page.goto(f"{place}?lang={lang}")
                assert found_by(axe, page, AA) == [], place


@pytest.mark.parametrize("path", PLACES)
def test_a_small_phone_or_four_times_as_large_needs_no_sideways_scrolling(
    chromium: Any, server: str, path: str
) -> None:
    # WCAG 1.4.10: 1280 × 1024 px at 400 % are 320 × 256 CSS px. Tables scroll inside their own box.
    context = chromium.new_context(viewport={"width": 320, "height": 256})
    phone = shown(context.new_page(), server + with_lang(path, "nl"))
    phone.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    wide = """() => [...document.querySelectorAll('main *')].filter(one => !one.closest('.scroll, svg, pre, .off-page')
        && one.getBoundingClientRect().right > 321).slice(0, 3).map(one => one.outerHTML.slice(0, 200))"""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320, phone.evaluate(wide)
    assert phone.evaluate(wide) == []
    context.close()


KEYBOARD_STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(one => one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true})).length"""
WHERE = """() => { const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
    return {tag: one.tagName, text: (one.innerText || one.name || '').slice(0, 60), outline: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
            seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight, top: box.top + scrollY, order: [...document.querySelectorAll('*')].indexOf(one)}; }"""


@pytest.mark.parametrize("view", VIEWS)
def test_keys_reach_everything_in_reading_order_with_the_focus_in_sight(page: Any, server: str, view: str) -> None:
    shown(page, f"{server}{PATHS[view]}?lang=en")
    stops = page.evaluate(KEYBOARD_STOPS)
    met: list[dict[str, Any]] = []
    for _ in range(min(stops, 60)):
        page.keyboard.press("Tab")
        met.append(page.evaluate(WHERE))
    assert met[0]["text"] == "To the content" and met[0]["seen"], "the first stop leads past the menu"
    assert [one["order"] for one in met] == sorted(one["order"] for one in met), "the focus goes as one reads"
    assert len({one["order"] for one in met}) == len(met), "no stop holds the focus"
    assert [one for one in met if not (one["outline"] and one["seen"])] == []


def tab_to(page: Any, selector: str, most: int = 120) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"No key leads to {selector}.")


def test_each_main_task_is_done_with_keys_alone(page: Any, server: str) -> None:
    demand = f"{server}{PATHS['demand']}?lang=en"
    shown(page, demand)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main", "the skip link leads to the content"
    before = page.inner_text("table[data-table=ranking]")
    tab_to(page, "#f-topsector")
    page.keyboard.type("High")
    tab_to(page, "form.filters button")
    page.keyboard.press("Enter")
    page.wait_for_url("**topsector=htsm**")
    assert page.inner_text("table[data-table=ranking]") != before, "filter"
    shown(page, page.url)
    tab_to(page, "#ranking .share a[href*='.csv']")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename.endswith(".csv"), "download"
    tab_to(page, "#ranking .pictures button")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename == "ranking.png", "picture"
    tab_to(page, "#ranking details.data summary")
    was = page.locator("#ranking table").is_visible()
    page.keyboard.press("Space")
    assert page.locator("#ranking table").is_visible() != was, "table view"
    page.keyboard.press("Space")
    tab_to(page, "#ranking table a[href^='/trace']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trace**")
    tab_to(page, "article.ad h3 a")
    page.keyboard.press("Enter")
    page.locator("#h-counts").wait_for()  # trace: from a number to its ad
    tab_to(page, "form.search input[type=search]")
    page.keyboard.type("pyhton")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    tab_to(page, "main ul.found a")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/search" not in url)  # search
    shown(page, f"{server}/moves?lang=en")
    tab_to(page, "#f-occupation")
    page.keyboard.press("ArrowDown")
    tab_to(page, "form.filters button")
    page.keyboard.press("Enter")
    page.wait_for_url("**occupation=*")
    assert page.locator("main h2").first.is_visible(), "moves"


def test_scenarios_are_compared_on_a_phone_without_sideways_scrolling(chromium: Any, server: str) -> None:
    """Each outcome is a card that names every scenario, as the heads of the columns are out of sight."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    phone = shown(context.new_page(), f"{server}/scenarios?lang=en")
    table = phone.locator("table[data-table=scenarios]")
    assert table.evaluate("one => one.parentElement.scrollWidth <= one.parentElement.clientWidth")
    heads = table.locator("thead th").all_text_contents()[1:]
    told = "one => [...one.querySelectorAll('td')].map(cell => getComputedStyle(cell, '::before').content)"
    assert table.locator("tbody tr").first.evaluate(told) == [f'"{head}"' for head in heads]
    context.close()


def test_a_wide_table_on_a_phone_keeps_what_its_rows_are_about_in_sight(chromium: Any, server: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    phone = context.new_page()
    phone.goto(f"{server}/occupation?lang=nl")
    box = phone.locator(".scroll:has(table[data-table=occupations])")
    box.evaluate("one => { one.scrollLeft = 200; }")
    name = box.locator("tbody th").first
    assert name.bounding_box()["x"] >= box.bounding_box()["x"]
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_without_javascript_texts_tables_links_and_forms_are_there(chromium: Any, server: str, view: str) -> None:
    with_script = {}
    for script in (True, False):
        context = chromium.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto(f"{server}{PATHS[view]}?lang=en")
        with_script[script] = [
            page.locator(kind).count()
            for kind in ("h1", "h2", "table", "form:not(.vega-bindings)", "main a", "tbody tr")
        ]
        if not script:
            assert page.locator(".chart-canvas:visible").count() == 0, "no empty boxes"
            for part in page.locator("figure.chart details.data").all():
                if part.is_visible() and part.get_attribute("open") is None:
                    part.locator("summary").first.click()
            folded = page.locator("figure.chart details.data:not([open]) > summary:visible").count()
            assert (
                folded == 0
                and page.locator("figure.chart table:visible").count()
                >= page.locator("figure.chart details.data > summary:visible").count()
            ), "every table unfolds"
            if page.locator("figure.chart").count():
                assert page.locator("noscript p").first.is_visible(), "the reader is told why there are no pictures"
        context.close()
    assert with_script[False] == with_script[True] and with_script[True][0] == 1


def test_dark_mode_darkens_page_and_charts_alike(page: Any, server: str) -> None:
    address = f"{server}{PATHS['demand']}?lang=en"
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        shown(page, address)
        text = page.locator("#ranking svg .role-axis-label text").first.get_attribute("fill")
        colours.append((page.evaluate("getComputedStyle(document.body).backgroundColor"), text))
    page.emulate_media(color_scheme="light")
    assert colours == [("rgb(255, 255, 255)", "#16232f"), ("rgb(18, 27, 35)", "#e8eef3")]


@pytest.mark.parametrize("view", VIEWS)
def test_on_paper_stand_the_findings_and_not_the_controls(page: Any, server: str, view: str) -> None:
    page.emulate_media(color_scheme="dark")
    shown(page, f"{server}{PATHS[view]}?lang=en")
    page.emulate_media(media="print")
    hidden = page.locator(".bar nav:visible, form:visible, .share:visible, details.cite:visible, .skip:visible").count()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    charts = [page.locator(f".chart-canvas{state}").count() for state in ("", ":visible")]
    page.emulate_media(media="screen", color_scheme="light")
    assert hidden == 0 and paper == "rgb(255, 255, 255)" and charts[0] >= charts[1]
    assert page.locator("h1").is_visible()


def test_nothing_moves_for_who_wants_no_motion(page: Any, server: str) -> None:
    shown(page, f"{server}{PATHS['demand']}?lang=en")
    moving = """() => [...document.querySelectorAll('*')].filter(one => { const look = getComputedStyle(one);
        return look.animationName !== 'none' || look.transitionDuration.split(', ').some(t => parseFloat(t) > 0); }).length"""
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate(moving) == 0
