"""The report as a Word document: styles, headings, contents, captions, alternative texts, page numbers."""

from __future__ import annotations

import io
from typing import Any

from overstap.publish.formats.blocks import Block, Document, Figure, Heading, Items, Key, Runs, Table, Terms, Text
from overstap.publish.formats.need import needed
from overstap.publish.formats.pictures import SMALL, WIDTH, as_png, as_svg
from overstap.publish.formats.word_parts import (
    bookmark,
    contents,
    field,
    hyperlink,
    language,
    page_setup,
    plain_list,
    repeat_head,
    set_widths,
    shade,
    styles,
    tell,
)
from overstap.publish.labels import Translator

_CM = {WIDTH: 16.5, SMALL: 11.0}
_SHADED = ("tag", "warning")
_STYLES = {"muted": "Muted", "tag": "Tag", "warning": "Warning", "quote": "Quote", "own": "Own text", "plain": "Normal"}


def document_docx(document: Document, t: Translator) -> bytes:
    """The document as DOCX. Raises `InputError` where python-docx or vl-convert is not installed."""
    return _Word(document, t).made()


class _Word:
    """A Word document in the making."""

    def __init__(self, document: Document, t: Translator) -> None:
        self.document, self.t = document, t
        self.docx: Any = needed("docx").Document()
        styles(self.docx)
        self.styles = {style.name: style.style_id for style in self.docx.styles}
        self.figures = 0

    def made(self) -> bytes:
        source, t = self.document, self.t
        tell(self.docx, source.name, source.kicker, {"nl": "nl-NL", "en": "en-GB"}[source.language])
        language(self.docx, {"nl": "nl-NL", "en": "en-GB"}[source.language])
        page_setup(self.docx, source.name, t("formats.page"), t("formats.of"))
        self._cover()
        if any(chapter.figures() for chapter in source.chapters):
            self.docx.add_page_break()  # below the cover its last lines would run over to a page that holds no more
            self._paragraph("Contents title", t("formats.contents"))
            entries = [(f"chapter-{one.id}", one.title) for one in source.chapters]
            contents([self._paragraph("Contents line") for _ in entries], entries)
            self.docx.add_page_break()
        for number, chapter in enumerate(source.chapters):
            bookmark(self._paragraph("Heading 1", chapter.title), f"chapter-{chapter.id}", number)
            for block in chapter.shown():
                self._add(block)
        out = io.BytesIO()
        self.docx.save(out)
        return out.getvalue()

    def _paragraph(self, style: str, text: str = "") -> Any:
        made = self.docx.add_paragraph(text)
        made._p.style = self.styles[style]  # by its id: python-docx looks through all styles for a name, each time
        return made

    def _cover(self) -> None:
        source = self.document
        self._paragraph("Kicker", source.kicker)
        self._paragraph("Title", source.title)
        if source.lead:
            self._paragraph("Figure title", source.lead)
        if source.facts:
            self._paragraph("Muted", " · ".join(f"{name}: {value}" for name, value in source.facts))
        if source.warning:
            shade(self._paragraph("Warning", source.warning))

    def _add(self, block: Block) -> None:
        match block:
            case Heading():
                self._paragraph(f"Heading {block.level - 1}", block.text)
            case Text():
                paragraph = self._paragraph(_STYLES[block.kind])
                self._write(paragraph, block.runs)
                if block.kind in _SHADED:
                    shade(paragraph)
            case Items():
                style = "List Number" if block.ordered else "List Bullet"
                made = [self._paragraph(style) for _ in block.items]
                for paragraph, runs in zip(made, block.items, strict=True):
                    self._write(paragraph, runs)
                if block.ordered:
                    plain_list(self.docx, made)
            case Key():
                self._paragraph("Heading 3", block.theme)
                number = self._paragraph("Key number")
                number.add_run(block.number).bold = True
                number.add_run(f"  {block.about}").style = "Fine"
                self._paragraph("Normal", block.text).paragraph_format.keep_with_next = True
                self._paragraph("Caption", block.caption)
            case Terms():
                for term, said in block.pairs:
                    self._paragraph("Term", term)
                    self._write(self._paragraph("Normal"), said)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _write(self, paragraph: Any, runs: Runs) -> None:
        for run in runs:
            if run.link:
                hyperlink(paragraph, run.text, run.link)
                continue
            made = paragraph.add_run(run.text)
            if run.bold or run.italic:
                made.bold, made.italic = run.bold, run.italic
            if run.code or run.muted:
                made.style = "Code" if run.code else "Fine"
            if run.lang and run.lang != self.document.language:
                language(made, run.lang)

    def _table(self, block: Table) -> None:
        width = len(block.head)
        if not width:
            return
        named = any(block.head)
        if block.title:
            caption = self._paragraph("Caption")
            caption.add_run(f"{self.t('formats.table')} ")
            field(caption, f"SEQ {self.t('formats.table')} \\* ARABIC")
            caption.add_run(f". {block.title}")
            caption.paragraph_format.keep_with_next = True
        grid = self.docx.add_table(rows=0, cols=width, style="Report table")
        style = self.styles["Table text" if width <= 6 else "Table small"]
        for number, row in enumerate([*([block.head] if named else []), *block.rows]):
            cells = grid.add_row().cells
            if len(row) == 1 and width > 1:
                cells = (cells[0].merge(cells[-1]),)
            heads = (named and number == 0) or len(row) == 1
            for at, (cell, text) in enumerate(zip(cells, row, strict=False)):
                paragraph = cell.paragraphs[0]
                paragraph._p.style = style
                run = paragraph.add_run(text)
                if heads:
                    run.bold = True
                if at < len(block.numbers) and block.numbers[at] and len(row) > 1:
                    paragraph.alignment = 2
        set_widths(grid, [round(share * 16.6, 2) for share in block.widths()])
        repeat_head(grid, named)
        self._paragraph("Table text")

    def _figure(self, block: Figure) -> None:
        self._paragraph("Figure title", block.title)
        said = self._paragraph("Figure text")
        said.add_run(block.finding)
        if block.description:
            said.add_run(f" {block.description}").style = "Fine"
        if block.spec:
            self.figures += 1
            width = SMALL if block.small else WIDTH
            picture = io.BytesIO(as_png(as_svg(block.spec, self.document.theme, width)))
            paragraph = self._paragraph("Figure text")
            drawn = paragraph.add_run().add_picture(picture, width=needed("docx").shared.Cm(_CM[width]))
            shown = drawn._inline.docPr
            shown.set("descr", f"{block.title}. {block.finding}")
            shown.set("name", f"{self.t('formats.figure')} {self.figures}")
        else:
            self._paragraph("Muted", self.t("formats.empty"))
        caption = self._paragraph("Caption")
        if block.spec:
            caption.add_run(f"{self.t('formats.figure')} ")
            field(caption, f"SEQ {self.t('formats.figure')} \\* ARABIC", str(self.figures))
            caption.add_run(". ")
        caption.add_run(block.caption)
