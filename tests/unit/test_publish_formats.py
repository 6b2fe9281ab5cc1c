"""The report as PDF, Word, slides and workbook: the same chapters, words and numbers as its HTML."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from overstap.errors import InputError
from overstap.publish.formats.annex import document_xlsx
from overstap.publish.formats.blocks import Chapter, Document, Figure, Heading, Key, Run, Table, Text, read_document
from overstap.publish.formats.native import FEW, native
from overstap.publish.formats.pdf import document_pdf
from overstap.publish.formats.pictures import as_png, as_svg
from overstap.publish.formats.slides import chosen, document_pptx
from overstap.publish.formats.word import document_docx
from overstap.publish.labels import Lang, Translator
from overstap.publish.theme import vega_config
from overstap.publish.vega import bars
from overstap.publish.workbook import Sheet, sheet_name, shown_as, workbook

NL = Translator("nl")
PAGE = """<html lang="nl"><body><div class="page"><h1>Titel</h1><main><section id="een"><h2>Een &amp; twee</h2>
<p>Een <strong>vette</strong> zin met <a href="https://a.nl">een <em>link</em></a>.</p>
<h4>Diep</h4><details><summary>meer</summary><p>weg</p><div aria-label="Weg"><table><tr><td>x</td></tr></table></div></details>
<table><thead><tr><th>A</th><th>B</th><th class="number">C</th></tr></thead><tbody>
<tr><th rowspan="2">1</th><td>2</td><td class="number">3</td></tr><tr><td>4</td><td class="number">5</td></tr>
<tr><th colspan="3">groep</th></tr></tbody></table></section></main></div></body></html>"""


@pytest.fixture(scope="session")
def page(page_of: Callable[[Lang], str]) -> str:
    return page_of("nl")


@pytest.fixture(scope="session")
def document(page: str) -> Document:
    return read_document(page)


@pytest.fixture(scope="session")
def short(document: Document) -> Document:
    """A few chapters: what is drawn takes time."""
    kept = ("summary", "quality", "ict", "accuracy", "literature")
    return replace(document, chapters=tuple(one for one in document.chapters if one.id in kept))


def test_blocks_keep_words_marks_and_the_places_of_cells() -> None:
    (chapter,) = read_document(PAGE).chapters
    said, heading, hidden, table = chapter.blocks
    assert chapter.title == "Een & twee"
    assert [(run.text, run.bold, run.link) for run in said.runs] == [  # type: ignore[union-attr]
        ("Een ", False, ""),
        ("vette", True, ""),
        (" zin met ", False, ""),
        ("een ", False, "https://a.nl"),
        ("link", False, "https://a.nl"),
        (".", False, ""),
    ]
    assert heading == Heading(3, "Diep")  # no level is left out, or a reader by headings loses the way
    assert isinstance(table, Table) and table.rows == (("1", "2", "3"), ("", "4", "5"), ("groep",))
    assert isinstance(hidden, Table) and hidden.folded and hidden not in chapter.shown()


def test_every_chapter_and_chart_of_the_page_is_read(page: str, document: Document) -> None:
    assert [chapter.id for chapter in document.chapters] == re.findall(r'<section id="([^"]+)"', page)
    figures = [figure for chapter in document.chapters for figure in chapter.figures()]
    assert [figure.id for figure in figures] == re.findall(r'<figure class="chart" id="([^"]+)"', page)
    for figure in figures:
        assert figure.title and figure.caption and figure.contract
        assert bool(figure.spec) == bool(figure.rows)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    keys = [block for block in document.chapters[0].blocks if isinstance(block, Key)]
    assert len(keys) == markup.count("data-finding-id") - markup.count("<li data-finding-id") > 1
    assert all(key.theme and key.number and key.text for key in keys)
    assert document.warning  # that the ads are simulated stands on every cover
    assert markup.count("<table") - len([f for f in figures if f.rows]) == sum(
        isinstance(block, Table) for chapter in document.chapters for block in chapter.blocks
    )


def test_a_pdf_is_tagged_and_has_every_chapter_among_its_bookmarks(short: Document) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("vl_convert")
    pypdf = pytest.importorskip("pypdf")
    read = pypdf.PdfReader(io.BytesIO(document_pdf(short, Translator("nl"))))
    assert read.trailer["/Root"]["/Lang"] == "nl"
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    marks = [mark.title for mark in read.outline if not isinstance(mark, list)]
    assert [chapter.title for chapter in short.chapters] == marks
    text = " ".join(one.extract_text() for one in read.pages)
    assert short.figures()["ict-share"].title in re.sub(r"\s+", " ", text)


def test_a_page_of_the_pdf_is_not_left_half_empty_before_a_chart() -> None:
    """A chart that just does not fit below the text before it is drawn smaller; much too tall, it takes the next page."""
    pytest.importorskip("typst")
    pytest.importorskip("vl_convert")
    pypdf = pytest.importorskip("pypdf")
    tall = {"data": {"values": [{"n": 1}]}, "mark": "bar", "encoding": {"y": {"field": "n", "type": "quantitative"}}}
    text = Text((Run("Woorden die de bladzijde vullen. " * 20),))

    def first_page(paragraphs: int) -> str:
        figure = Figure("a", "Titel", "Bevinding.", "", "Bron.", {**tall, "height": 560}, "out_x", (), ())
        chapter = Chapter("een", "Hoofdstuk", (*[text] * paragraphs, figure))
        document = Document("nl", "T", "K", (), "", (chapter,), vega_config(NL))
        pages = pypdf.PdfReader(io.BytesIO(document_pdf(document, NL))).pages
        return " ".join(pages[2].extract_text().split())  # after the cover and the contents

    assert "Bevinding." in first_page(4)
    assert "Bevinding." not in first_page(7)


def test_rows_of_a_chart_on_paper_are_lower_and_its_names_whole() -> None:
    long = "Vakspecialisten op juridisch en sociaal gebied"  # one line on paper, two on a screen
    rows = [{"share_pct": 5.0, "share_low": 4.0, "share_high": 6.0, "vacancies_n": 50, "period": "2017"}] * 9
    spec = bars(NL, rows, [long, *(f"{n}" for n in range(8))], "")
    pytest.importorskip("vl_convert")
    drawn = as_svg(spec, vega_config(NL))
    assert "…" not in drawn
    assert float(re.findall(r'height="([0-9.]+)"', drawn)[0]) < 0.9 * 9 * spec["height"]["step"]


def test_a_word_document_can_be_walked_by_headings_and_read_aloud(short: Document) -> None:
    docx = pytest.importorskip("docx")
    pytest.importorskip("vl_convert")
    made = document_docx(short, Translator("nl"))
    read = docx.Document(io.BytesIO(made))
    assert [p.text for p in read.paragraphs if p.style.name == "Heading 1"] == [c.title for c in short.chapters]
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    pictures = re.findall(r"<wp:docPr [^>]*>", xml)
    shown = [f for c in short.chapters for f in c.figures() if f.spec]
    assert len(pictures) == len(shown) and all(re.search(r'descr="[^"]{20,}"', one) for one in pictures)
    assert xml.count("<w:tblHeader/>") == len(read.tables) > 0
    assert set(re.findall(r'w:anchor="([^"]+)"', xml)) == {f"chapter-{c.id}" for c in short.chapters}
    assert set(re.findall(r'bookmarkStart[^>]*w:name="([^"]+)"', xml)) == {f"chapter-{c.id}" for c in short.chapters}
    assert 'w:lang w:val="nl-NL"' in zipfile.ZipFile(io.BytesIO(made)).read("word/styles.xml").decode()
    assert " PAGE " in zipfile.ZipFile(io.BytesIO(made)).read("word/footer1.xml").decode()


def test_slides_have_the_numbers_and_intervals_of_the_report(document: Document) -> None:
    pptx = pytest.importorskip("pptx")
    figure = next(
        one for one in document.figures().values() if (found := native(one.spec or {})) and found.series[0].low
    )
    read = pptx.Presentation(io.BytesIO(document_pptx(document, Translator("nl"), [figure.id])))
    slide = read.slides[len(read.slides) - 1]
    assert slide.shapes.title.text_frame.text == figure.title
    shape = next(shape for shape in slide.shapes if shape.has_chart)
    assert figure.title in shape._element.xpath(".//p:cNvPr/@descr")[0]
    drawn = shape.chart.plots[0].series[0]
    wanted = native(figure.spec or {})
    assert wanted is not None
    assert list(drawn.values) == pytest.approx(list(wanted.series[0].values))
    plus = [float(v.text) for v in drawn._element.findall(".//{*}errBars/{*}plus//{*}v")]
    above = [h - v for h, v in zip(wanted.series[0].high, wanted.series[0].values, strict=True)]  # type: ignore[operator]
    assert plus == pytest.approx(above, rel=1e-4)


def test_every_bar_on_a_slide_has_its_name(document: Document) -> None:
    pptx = pytest.importorskip("pptx")
    figure = next(
        one for one in document.figures().values() if (found := native(one.spec or {})) and found.kind == "bar"
    )
    read = pptx.Presentation(io.BytesIO(document_pptx(document, Translator("nl"), [figure.id])))
    shape = next(shape for shape in read.slides[len(read.slides) - 1].shapes if shape.has_chart)
    skip = shape.chart.category_axis._element.find("{*}tickLblSkip")
    assert skip is not None and skip.get("val") == "1"


def test_slides_take_the_first_chart_of_each_chapter_or_those_named(document: Document) -> None:
    first = [
        chapter.figures()[0].id for chapter in document.chapters if chapter.figures() and chapter.figures()[0].spec
    ]
    assert [figure.id for figure in chosen(document)][:3] == first[:3]
    assert [figure.id for figure in chosen(document, ["ict-share", "volume"])] == ["ict-share", "volume"]


def test_names_of_months_fit_below_their_columns(document: Document) -> None:
    found = native(document.figures()["volume"].spec or {})
    assert found is not None and len(found.categories) > FEW
    assert all(re.fullmatch(r"\d{4}-\d{2}", name) for name in found.categories)


def test_what_is_folded_within_a_definition_is_told_apart() -> None:
    claims = "<dd>Stijgt.<details><summary>Gelezen (2)</summary><ul><li>Een.</li><li>Twee</li></ul></details></dd>"
    (chapter,) = read_document(PAGE.replace("<h4>", f"<dl><dt>AI</dt>{claims}</dl><h4>")).chapters
    texts = ["".join(run.text for run in said) for block in chapter.blocks for _, said in getattr(block, "pairs", ())]
    assert texts == ["Stijgt. Gelezen (2): Een. Twee"]


def test_what_an_office_program_would_lose_is_no_chart_of_its_own(document: Document) -> None:
    forecast = {"data": {"values": [{}]}, "layer": [{"mark": {"type": "area", "style": "past_band"}, "encoding": {}}]}
    assert native(forecast) is None
    assert native((document.figures()["ict-share"].spec) or {}) is None  # diamonds of the published study


def test_the_annex_has_every_table_unrounded_and_runs_nothing(document: Document) -> None:
    book = zipfile.ZipFile(io.BytesIO(document_xlsx(document, Translator("nl"))))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert len({name.casefold() for name in names}) == len(names) and max(map(len, names)) <= 31
    assert names[-1] == "codebook"
    cells = {value for name in book.namelist() if "worksheets" in name for value in _values(book.read(name))}
    figure = document.figures()["ict-share"]
    shares = [float(row[figure.columns.index("share_pct")]) for row in figure.rows]
    assert all(any(abs(value - share) < 1e-9 for value in cells) for share in shares)
    assert not any("<f>" in book.read(name).decode() for name in book.namelist() if "worksheets" in name)


def _values(sheet: bytes) -> list[float]:
    found = ElementTree.fromstring(sheet).iterfind(".//{*}c")
    return [float(c[0].text or 0) for c in found if len(c) and c.get("t") in (None, "n")]


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    book = zipfile.ZipFile(io.BytesIO(workbook([Sheet("x", ["a"], [["=cmd|' /C calc'!A0"], ["https://a.nl"]])])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    taken: set[str] = set()
    assert [sheet_name("a/b: " + "x" * 40, taken) for _ in range(2)][1].endswith(" 2")


@pytest.mark.parametrize("module", ["typst", "vl_convert", "docx", "pptx"])
def test_a_package_that_is_missing_is_named_with_the_remedy(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from overstap.publish.formats.need import needed

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"overstap\[report\]"):
        needed(module)


def test_a_picture_is_on_white_and_has_one_font_with_a_minus_as_without() -> None:
    """Word and slides show a picture without ground on any colour; at the right end of a line the digits are the same."""
    one = '<text x="90" y="20" text-anchor="end" font-family="Noto Sans, sans-serif" font-size="14">{}</text>'
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="30">{}</svg>'
    drawn = [Image.open(io.BytesIO(as_png(frame.format(one.format(text))))) for text in ("\u22125,3", "+5,3")]
    assert drawn[0].getpixel((0, 0)) == (255, 255, 255, 255)
    digits = [picture.crop((150, 0, 200, 60)).tobytes() for picture in drawn]
    assert digits[0] == digits[1] and len({*digits[0]}) > 2


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([2012, 2017], "0"),
        ([12, 34567, None], "#,##0"),
        ([46.428571, 3.0], "#,##0.00"),
        ([0.0001, 0.5], "0.0000"),
        (["0111", "12"], ""),
        ([True, False], ""),
        ([None], ""),
        ([1, "few"], ""),
    ],
)
def test_a_number_in_a_workbook_is_shown_as_one_and_keeps_every_digit(values: list[Any], shown: str) -> None:
    assert shown_as(values) == shown
    book = workbook([Sheet("a", ["x"], [[value] for value in values])])
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        assert all(f"<v>{value:.16G}</v>" in sheet for value in values if type(value) in (int, float))


def test_a_long_text_in_a_workbook_is_read_whole_and_prints_on_the_width_of_a_page() -> None:
    book = workbook([Sheet("a", ["x", "y"], [["word " * 50, 1]])])
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert 'ht="75"' in sheet and 'fitToHeight="0"' in sheet and 'orientation="landscape"' in sheet


def test_a_flat_chart_fills_its_slide() -> None:
    spec = {
        "data": {"values": [{"name": "a", "v": 1}, {"name": "b", "v": 2}]},
        "height": {"step": 20},
        "layer": [{"mark": {"type": "bar"}, "encoding": {"y": {"field": "name"}, "x": {"field": "v", "type": "quantitative"}}}],
    }  # fmt: skip

    def high(rows: float) -> float:
        found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', as_svg(spec, {}, 700, rows))
        assert found
        return float(found[1])

    assert high(2.0) - high(1.0) == pytest.approx(high(3.0) - high(2.0)) and high(2.0) > 1.3 * high(1.0)
