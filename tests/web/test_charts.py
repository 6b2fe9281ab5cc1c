"""Every chart of every page and embed tells its finding, what it rests on, and how to check, take and cite it.

Pages are those of the registry, so that the charts of a new one are tested by being there.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import Translator
from overstap.publish.theme import COLOURS, SHAPES, Mode
from overstap.web.app import VIEWS
from overstap.web.figures import figures_in
from overstap.web.results import Snapshot
from overstap.web.selection import LANGS, PATHS, Selection
from tests.web.chart_specs import FOLDER, specs_of
from tests.web.title_truth import untrue, wrong
from tests.web.workbooks import first_column, first_row

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

SOURCE = re.compile(r"\b(Bron(nen)?|Sources?): ")
PERIOD = re.compile(r"\b(Periode?|Period): ?\S")
INTERVAL = re.compile(r"interval: \d|(zonder|without|geen|no) (steekproef|sampling )?interval", re.IGNORECASE)
NUMBER = re.compile(r"\bn = \d")
# Marks that differ in colour alone tell nothing to who sees no colours: these do it another way.
APART = {"shape", "strokeDash", "text", "row", "column", "facet", "detail", "yOffset", "xOffset"}


def text(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return found.text(strip=True).replace("\u00a0", " ") if found else ""


def figures(client: httpx.Client, view: str, lang: str) -> list[LexborNode]:
    page = client.get(PATHS[view], params={"lang": lang})
    assert page.status_code == 200
    return [f for f in LexborHTMLParser(page.text).css("figure.chart") if f.css_first(".chart-canvas")]


def parts_of(spec: Any) -> Iterator[dict[str, Any]]:
    """Every part of a specification that has a mark, without its data."""
    if isinstance(spec, dict):
        if "mark" in spec:
            yield spec
        for name, part in spec.items():
            if name not in ("data", "datasets"):
                yield from parts_of(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from parts_of(part)


def by_colour_alone(spec: Any) -> bool:
    """Whether a colour tells series apart that no shape, dash, place or name tells apart."""
    encodings = [part.get("encoding", {}) for part in parts_of(spec)]
    fields = {e["color"]["field"] for e in encodings if isinstance(e.get("color"), dict) and "field" in e["color"]}
    told = {e[name].get("field") for e in encodings for name in APART if isinstance(e.get(name), dict)}
    placed = {e[name].get("field") for e in encodings for name in ("x", "y") if isinstance(e.get(name), dict)}
    return bool(fields - told - placed) and not _single(spec, fields)


def _single(spec: Any, fields: set[str]) -> bool:
    rows = spec.get("data", {}).get("values", [])
    return all(len({row.get(field) for row in rows}) < 2 for field in fields)


@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_tells_what_it_says_and_rests_on_and_can_be_taken(client: httpx.Client, view: str) -> None:
    for lang in LANGS:
        for figure in figures(client, view, lang):
            name = f"{view} {lang} {figure.id}"
            title, caption = text(figure, ".chart-title"), text(figure, "figcaption")
            finding, about = text(figure, "[data-finding]"), text(figure, "p.note")
            assert len(title) > 10 and finding and about, f"{name}: title, finding, description"
            assert SOURCE.search(caption) and NUMBER.search(caption), f"{name}: source and n: {caption}"
            assert PERIOD.search(caption) and INTERVAL.search(caption), f"{name}: period and interval: {caption}"
            assert figure.css_first("table thead th") and figure.css_first("table tbody tr"), f"{name}: table"
            links = [a.attributes["href"] or "" for a in figure.css(".share a")]
            data = [href for href in links if href.startswith("/api/")]
            assert {href.partition("?")[0].rpartition(".")[2] for href in data} >= {"csv", "xlsx", "json"}, name
            assert figure.css_first(".pictures"), f"{name}: PNG and SVG (drawn by the reader's browser)"
            permalink = figure.css_first("[data-address]").attributes["data-address"] or ""
            assert permalink.endswith(f"#{figure.id}") and title in text(figure, ".cite p"), f"{name}: citation"
            embed = figure.css_first("textarea").attributes["data-embed"] or ""
            assert embed in figure.css_first("textarea").text(), f"{name}: code to embed"
            spec = json.loads(figure.css_first("script").text())
            assert not by_colour_alone(spec), f"{name}: colours alone"
            if lang == "en":
                assert client.get(permalink.partition("#")[0]).status_code == 200, name
                alone = LexborHTMLParser(client.get(embed).text)
                assert text(alone, f"figure#{figure.id} h1") == title, f"{name}: embedded"
                for href in data:
                    assert client.get(href).status_code == 200, f"{name}: {href}"


LEFT_OUT = re.compile(r"Not drawn: (\d+)")
WORKED_OUT = (
    "ahead-",
    "polarisation",
)  # rounded as intervals bear, from a base, or from coefficients: the file has these
MEASURED = ("share", "value", "vacancies", "employers")
MORE = ("/sector?lang=en&topsector=htsm", "/skill?lang=en&item_id=core.python", "/demand?lang=en&sort=name&show=25",
        "/occupation?lang=en&occupation=0811", "/compare?lang=en&level=isco1:2&other_function_group=ict")  # fmt: skip


def numbers(row: dict[str, Any]) -> set[float]:
    found = set()
    for value in row.values():
        with suppress(TypeError, ValueError):
            found.add(round(float(value), 6))
    return found


@pytest.mark.parametrize("path", [*(f"{PATHS[view]}?lang=en" for view in VIEWS), *MORE])
def test_files_of_a_chart_hold_the_rows_that_it_draws(client: httpx.Client, path: str) -> None:
    for figure in LexborHTMLParser(client.get(path).text).css("figure.chart:has(.chart-canvas)"):
        name = f"{path} {figure.id}"
        links = [a.attributes["href"] or "" for a in figure.css(".share a")]
        csv_link, book_link = (
            next(h for h in links if h.startswith(f"/api/figure.{form}")) for form in ("csv", "xlsx")
        )
        rows = list(csv.DictReader(io.StringIO(client.get(csv_link).content.decode("utf-8-sig"))))
        drawn = json.loads(figure.css_first("script").text())["data"]["values"]
        measured = [v[key] for v in drawn for key in MEASURED if v.get(key) is not None]
        held = set().union(*map(numbers, rows))
        # Persons are drawn in thousands, and held with no more digits than their interval bears.
        near = [
            m for m in measured if any(abs(h - size * m) <= 0.05 * abs(h) + 1e-6 for h in held for size in (1, 1e3))
        ]
        strange = [] if figure.id.startswith(WORKED_OUT) else [m for m in measured if m not in near]
        assert not strange, f"{name}: drawn and not in its file: {strange[:3]}"
        told = LEFT_OUT.search(text(figure, "figcaption"))
        if all("share" in v for v in drawn):
            known = [v for v in drawn if v["share"] is not None]
            assert len(rows) == len(known) + int(told[1] if told else 0), (
                f"{name}: {len(rows)} rows, {len(known)} drawn"
            )
        with zipfile.ZipFile(io.BytesIO(client.get(book_link).content)) as book:
            sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
            assert sheets[1:] == ["codebook", "about"], name
            heads, told = first_row(book, 1), first_column(book, 2)
            assert set(heads) <= set(told), f"{name}: columns without a word in the codebook"
            assert book.read("xl/worksheets/sheet1.xml").decode().count("<row ") == len(rows) + 1, name


def charts_of(study: Study, view: str) -> tuple[Translator, list[Chart]]:
    """The charts of a page in English, with the rows that they draw."""
    snapshot = Snapshot(study)
    page = VIEWS[view](snapshot, Selection(lang="en", view=view))
    return snapshot.translator("en"), [found.chart for found in figures_in(page)]


def test_a_title_says_the_finding_and_is_not_the_name_of_a_chart(client: httpx.Client) -> None:
    """It names something of the data: a number, an item of its table, or that none is. Whether that is true: below."""
    plain = []
    for view in VIEWS:
        for figure in figures(client, view, "en"):
            title = text(figure, ".chart-title").lower()
            cells = {td.text(strip=True).lower() for td in figure.css("tbody tr > :is(td, th)")}
            named = any(len(c) > 2 and c in title for c in cells) or re.search(r"\d", title)
            said = re.search(
                r"\b(no|not|none|known|more|fewer|than|most|least|depends|rose|fell|change|too few|as collected)\b",
                title,
            )
            if not (named or said):
                plain.append(f"{view} {figure.id}: {title}")
    assert plain == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_title_follows_the_figures(study: Study, view: str) -> None:
    """The numbers of a title, who leads and which way it went are those of the rows; another title is found out."""
    t, charts = charts_of(study, view)
    for chart in charts:
        assert untrue(chart.title, chart, t) == [], f"{chart.id}: {chart.title}"
        passed = [title for title in wrong(chart.title, chart, t) if not untrue(title, chart, t)]
        assert passed == [], f"{chart.id}: {chart.title}"


def test_most_titles_say_something_that_can_be_wrong(study: Study) -> None:
    found = [
        list(wrong(chart.title, chart, t))
        for view in VIEWS
        for t, charts in [charts_of(study, view)]
        for chart in charts
    ]
    assert sum(map(bool, found)) >= len(found) // 2


def test_weak_rows_and_what_is_not_drawn_are_explained(client: httpx.Client) -> None:
    for lang, why in (("nl", "te weinig"), ("en", "too few")):
        query = {"lang": lang, "topsector": "health", "function_group": "ict", "period": "2012"}
        page = LexborHTMLParser(client.get(PATHS["demand"], params=query).text)
        weak = [figure for figure in page.css("figure.chart") if figure.css_first("tr.weak")]
        assert weak, lang
        for figure in weak:
            notes = " ".join(note.text() for note in figure.css("p.note"))
            assert re.search(r"\b30\b", notes), f"{lang} {figure.id}: {why}: {notes}"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """The ratio of WCAG 2.2."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


# Viénot, Brettel and Mollon (1999): linear RGB as dichromats see it.
SEEN = {
    "protanopia": ((0.1120, 0.8853, -0.0005), (0.1126, 0.8897, -0.0001), (0.0045, 0.0001, 1.0019)),
    "deuteranopia": ((0.2921, 0.7054, -0.0003), (0.2934, 0.7089, 0.0000), (-0.0210, 0.0256, 1.0019)),
}


def lab(colour: str, seen: str | None) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as an eye sees it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    if seen:
        rgb = [min(max(sum(m * c for m, c in zip(row, rgb, strict=True)), 0.0), 1.0) for row in SEEN[seen]]
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * c for m, c in zip(row, rgb, strict=True)) for row in matrix]
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def apart(a: str, b: str, seen: str | None) -> float:
    """CIE76: about 2.3 is just to be seen beside each other."""
    return sum((x - y) ** 2 for x, y in zip(lab(a, seen), lab(b, seen), strict=True)) ** 0.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_series_stay_apart_for_who_sees_no_red_or_green_and_every_series_has_its_shape(mode: Mode) -> None:
    colours: list[str] = COLOURS[mode]["category"]
    assert len(set(colours)) == len(colours) == len(set(SHAPES))
    for seen in (None, *SEEN):
        assert apart(COLOURS[mode]["rising"], COLOURS[mode]["falling"], seen) > 30, "what rises is not what falls"
        near = {(a, b): round(apart(a, b, seen), 1) for a, b in combinations(colours, 2)}
        assert min(near.values()) > 9, (seen, sorted(near.items(), key=lambda pair: pair[1])[:3])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_and_marks_of_charts_stand_out_from_their_ground(mode: Mode) -> None:
    c = COLOURS[mode]
    for name in ("ink", "muted", "weighted", *range(7)):
        colour = c["category"][name] if isinstance(name, int) else c[name]
        assert contrast(colour, c["paper"]) >= 4.5, f"text: {name}"
    for name in ("accent", "rising", "falling", "unclear", "published"):
        assert contrast(c[name], c["paper"]) >= 3, f"mark: {name}"


def test_each_kind_of_chart_is_made_as_it_was(study: Study) -> None:
    """A change here is meant: read it, look at the charts, then run scripts/renew_charts.py."""
    kept = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert specs_of(study) == kept
