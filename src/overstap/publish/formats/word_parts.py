"""The parts of a Word document that python-docx has no call for: styles, fields, contents, languages, heads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from overstap.publish.formats.need import needed
from overstap.publish.theme import COLOURS

FONT = "Calibri"
_INK, _MUTED, _ACCENT = (COLOURS["light"][name].removeprefix("#").upper() for name in ("ink", "muted", "accent"))
_WARN = "FFF3D6"
_RULE = COLOURS["light"]["rule"].removeprefix("#").upper()
# Each style: its base, size in points, colour, bold, space before and after in points, whether it keeps with the next.
_PARAGRAPHS: dict[str, tuple[str, float, str, bool, float, float, bool]] = {
    "Normal": ("", 10.5, _INK, False, 0, 6, False),
    "Title": ("", 26, _INK, True, 0, 12, True),
    "Heading 1": ("", 18, _ACCENT, True, 24, 6, True),
    "Heading 2": ("", 13, _INK, True, 16, 4, True),
    "Heading 3": ("", 11, _INK, True, 12, 4, True),
    "Caption": ("", 8.5, _MUTED, False, 2, 8, False),
    "Quote": ("", 10.5, _INK, False, 4, 8, False),
    "Kicker": ("Normal", 12, _ACCENT, True, 40, 6, True),
    "Contents title": ("Normal", 18, _ACCENT, True, 24, 6, True),
    "Muted": ("Normal", 9.5, _MUTED, False, 0, 6, False),
    "Tag": ("Normal", 8.5, "4A3200", False, 0, 6, True),
    "Warning": ("Normal", 10.5, "4A3200", True, 6, 6, False),
    "Own text": ("Normal", 10.5, _INK, False, 0, 6, False),
    "Term": ("Normal", 10.5, _INK, True, 8, 0, True),
    "Table text": ("Normal", 8.5, _INK, False, 1, 1, False),
    "Table small": ("Normal", 7, _INK, False, 1, 1, False),
    "Figure title": ("Normal", 11.5, _INK, True, 12, 2, True),
    "Key number": ("Normal", 13, _ACCENT, False, 0, 2, True),
    "Figure text": ("Normal", 9.5, _INK, False, 0, 4, True),
    "Contents line": ("Normal", 10, _INK, False, 0, 0, False),
}


def tell(docx: Any, title: str, subject: str, lang: str) -> None:
    """The properties of the document."""
    told = docx.core_properties
    told.title, told.subject, told.language, told.author = title, subject, lang, "overstap"
    told.created = told.modified = datetime.now(tz=UTC).replace(tzinfo=None)
    told.comments = ""


def styles(docx: Any) -> None:
    """The styles of the report, in the document's own gallery."""
    kinds = needed("docx").enum.style.WD_STYLE_TYPE
    shared = needed("docx").shared
    for name, (base, size, colour, bold, before, after, keep) in _PARAGRAPHS.items():
        style = docx.styles.add_style(name, kinds.PARAGRAPH) if base else docx.styles[name]
        if base:
            style.base_style = docx.styles[base]
        style.quick_style = True
        style.font.name, style.font.size, style.font.bold = FONT, shared.Pt(size), bold
        style.font.color.rgb = shared.RGBColor.from_string(colour)
        fonts = style.element.rPr.rFonts
        for mark in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(_q(f"w:{mark}"), None)
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = shared.Pt(before), shared.Pt(after), keep
    docx.styles["Own text"].paragraph_format.left_indent = shared.Cm(0.4)
    docx.styles.add_style("Code", kinds.CHARACTER).font.name = "Consolas"
    docx.styles.add_style("Fine", kinds.CHARACTER).font.color.rgb = shared.RGBColor.from_string(_MUTED)
    _table_style(docx, kinds)


def _table_style(docx: Any, kinds: Any) -> None:
    """Thin rules between rows, a firm one below the head, no lines between columns."""
    style = docx.styles.add_style("Report table", kinds.TABLE)
    style.base_style = docx.styles["Normal Table"]
    style.element.append(
        _xml(
            f'<w:tblPr xmlns:w="{_W}"><w:tblBorders>'
            f'<w:top w:val="single" w:sz="8" w:color="{_MUTED}"/><w:bottom w:val="single" w:sz="4" w:color="{_RULE}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:color="{_RULE}"/></w:tblBorders>'
            '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )
    style.element.append(
        _xml(
            f'<w:tblStylePr xmlns:w="{_W}" w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
            f'<w:bottom w:val="single" w:sz="8" w:color="{_MUTED}"/></w:tcBorders></w:tcPr></w:tblStylePr>'
        )
    )


def page_setup(docx: Any, title: str, page: str, of: str) -> None:
    """A4, the title above every page and `page N of M` below."""
    cm = needed("docx").shared.Cm
    section = docx.sections[0]
    section.page_width, section.page_height = cm(21), cm(29.7)
    section.left_margin = section.right_margin = cm(2.2)
    section.top_margin, section.bottom_margin = cm(2.2), cm(2)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = title
    section.header.paragraphs[0].style = "Caption"
    for foot in (section.footer, section.first_page_footer):
        line = foot.paragraphs[0]
        line.style, line.alignment = "Caption", 2
        line.add_run(f"{page} ")
        field(line, "PAGE")
        line.add_run(f" {of} ")
        field(line, "NUMPAGES")


def language(of: Any, lang: str) -> None:
    """The language for the spelling check and for reading aloud: of a whole document, or of a run."""
    if hasattr(of, "styles"):
        for properties in of.styles.element.iter(_q("w:rPr")):
            if properties.getparent().tag == _q("w:rPrDefault"):
                _set_language(properties, lang)
        _set_language(of.styles["Normal"].element.get_or_add_rPr(), lang)
        return
    _set_language(of._r.get_or_add_rPr(), lang)


def _set_language(properties: Any, lang: str) -> None:
    for old in properties.findall(_q("w:lang")):
        properties.remove(old)
    properties.append(_element("w:lang", {"w:val": lang, "w:eastAsia": lang}))


def field(paragraph: Any, code: str, shown: str = "1") -> None:
    """A field that Word fills in (page number, number of a figure); `shown` until it does."""
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            told = _element("w:instrText", {"xml:space": "preserve"})
            told.text = f" {code} "
            paragraph.add_run()._r.append(told)
        paragraph.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": kind}))
        if kind == "separate":
            paragraph.add_run(shown)


def contents(lines: Sequence[Any], entries: Sequence[tuple[str, str]]) -> None:
    """A table of contents on empty `lines` that works before Word renews it: a link to each bookmark."""
    for number, (line, (name, title)) in enumerate(zip(lines, entries, strict=True)):
        if number == 0:
            line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "begin", "w:dirty": "true"}))
            told = _element("w:instrText", {"xml:space": "preserve"})
            told.text = ' TOC \\o "1-2" \\h \\z \\u '
            line.add_run()._r.append(told)
            line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "separate"}))
        link = _element("w:hyperlink", {"w:anchor": name, "w:history": "1"})
        run = line.add_run(title)
        link.append(run._r)
        line._p.append(link)
        if number == len(entries) - 1:
            line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """A place in the document that links can name."""
    paragraph._p.insert(1, _element("w:bookmarkStart", {"w:id": str(number), "w:name": name}))
    paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(number)}))


def hyperlink(paragraph: Any, text: str, address: str) -> None:
    """A link to an address outside the document."""
    relation = paragraph.part.relate_to(address, needed("docx").opc.constants.RELATIONSHIP_TYPE.HYPERLINK, True)
    link = _element("w:hyperlink", {"r:id": relation})
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.underline = needed("docx").shared.RGBColor.from_string(_ACCENT), True
    link.append(run._r)
    paragraph._p.append(link)


def shade(paragraph: Any) -> None:
    """The ground of a warning behind the words of a paragraph."""
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": _WARN}))


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """The widths of the columns in cm, in the grid and in every cell: programs differ in which they read."""
    table.autofit = False
    twips = [str(round(width * 567)) for width in widths]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, twips, strict=True):
        column.set(_q("w:w"), width)
    for row in table._tbl.tr_lst:
        if len(row.tc_lst) == len(widths):
            for cell, width in zip(row.tc_lst, twips, strict=True):
                cell.get_or_add_tcPr().get_or_add_tcW().set(_q("w:w"), width)


def repeat_head(table: Any, named: bool) -> None:
    """The first row at the top of every page that the table runs over; no row broken over two pages."""
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit", {}))
        if named and number == 0:
            properties.append(_element("w:tblHeader", {}))


def plain_list(docx: Any, paragraphs: Sequence[Any]) -> None:
    """A numbered list that begins at 1, whatever list stands before it."""
    numbering = docx.part.numbering_part.element
    style = docx.styles["List Number"].element
    kind = style.find(f".//{_q('w:numId')}").get(_q("w:val"))
    base = next(one for one in numbering.findall(_q("w:num")) if one.get(_q("w:numId")) == kind)
    made = numbering.add_num(int(base.find(_q("w:abstractNumId")).get(_q("w:val"))))
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = made.numId
        properties.get_or_add_ilvl().val = 0


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _q(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(_q(key), value)
    return made


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(text)
