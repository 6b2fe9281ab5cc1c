"""Slides of chosen charts: one finding a slide, as a chart that can be edited where the program can draw it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from overstap.publish.formats.blocks import Document, Figure, Key
from overstap.publish.formats.native import Native, native
from overstap.publish.formats.need import needed
from overstap.publish.formats.pictures import as_png, as_svg
from overstap.publish.formats.slide_charts import draw
from overstap.publish.labels import Translator
from overstap.publish.theme import COLOURS

_WIDTH, _HEIGHT, _MARGIN = 33.867, 19.05, 1.6  # cm: 16 by 9
_TOP, _FOOT = 4.3, 16.9
_ONE_LINE, _SECOND_LINE = 70, 0.6
"""Characters of a title above which it takes a second line; cm by which what stands below it then goes down."""
_MOST = 24
"""Bars above which a chart is a picture: its names would not be read."""
_SAID = 340
"""Characters of a finding that fit above its chart."""


def chosen(document: Document, ids: Sequence[str] = ()) -> list[Figure]:
    """The charts for the slides: those named, in that order, or the first of each chapter."""
    found = document.figures()
    first = [next((one.id for one in chapter.figures() if one.spec), "") for chapter in document.chapters]
    return [found[name] for name in ids or filter(None, first)]


def document_pptx(document: Document, t: Translator, ids: Sequence[str] = ()) -> bytes:
    """Title, summary and a slide per chart as PPTX. Raises `InputError` where a package is missing."""
    figures = chosen(document, ids)
    deck = _Deck(document, t)
    deck.cover()
    first = document.chapters[0] if document.chapters else None
    if first and (keys := [block for block in first.blocks if isinstance(block, Key)]):
        deck.points(first.title, keys)
    for figure in figures:
        deck.chart(figure)
    return deck.made()


def _short(said: str) -> str:
    """Whole sentences of `said` that fit on a slide, the first at least; the notes have them all."""
    sentences = said.split(". ")
    while len(sentences) > 1 and len(". ".join(sentences)) > _SAID:
        sentences.pop()
    kept = ". ".join(sentences)
    return kept if kept.endswith(".") else f"{kept}."


class _Deck:
    """A presentation in the making."""

    def __init__(self, document: Document, t: Translator) -> None:
        self.document, self.t = document, t
        self.pptx: Any = needed("pptx").Presentation()
        self.cm = needed("pptx").util.Cm
        self.pptx.slide_width, self.pptx.slide_height = self.cm(_WIDTH), self.cm(_HEIGHT)
        told = self.pptx.core_properties
        told.title, told.subject, told.author = document.name, document.kicker, "overstap"
        told.language = {"nl": "nl-NL", "en": "en-GB"}[document.language]

    def made(self) -> bytes:
        out = io.BytesIO()
        self.pptx.save(out)
        return out.getvalue()

    def cover(self) -> None:
        slide = self._slide(0, self.document.title, top=6.2, size=38)
        facts = "   ·   ".join(f"{name}: {value}" for name, value in self.document.facts)
        body = self._place(slide.placeholders[1], 10.6, 3)
        self._write(body, [self.document.lead, facts, self.document.warning], 16, "muted")
        self._text(slide, self.document.kicker, 4.6, 1.2, 16, "accent", bold=True)
        self._band(slide)

    def points(self, title: str, keys: Sequence[Key]) -> None:
        """The main findings: each its number and its sentence; n, source and period of each as notes."""
        slide = self._slide(5, title)
        row = (_FOOT - 3.0) / max(len(keys), 4)
        for number, key in enumerate(keys):
            top = 3.0 + number * row
            self._text(slide, key.number, top, row, 24, "accent", bold=True, width=7)
            self._text(slide, key.about, top + 1.15, row - 1.15, 11, "muted", width=7)
            size = 14 if max(len(one.text) for one in keys) < 420 else 12
            self._text(slide, key.text, top + 0.1, row, size, "ink", left=_MARGIN + 7.6)
        self._foot(slide, self.document.warning)
        slide.notes_slide.notes_text_frame.text = "\n".join(f"{key.theme}: {key.text} {key.caption}" for key in keys)

    def chart(self, figure: Figure) -> None:
        """A slide with the finding as its title, the chart, and source, period and n below; how to read it as notes."""
        slide = self._slide(5, figure.title)
        said = _short(figure.finding)
        lower = _SECOND_LINE if len(figure.title) > _ONE_LINE else 0.0
        self._text(slide, said, 2.8 + lower, 1.4, 14 if len(said) < 230 else 12, "ink")
        found = native(figure.spec or {})
        top = _TOP + lower
        box = (self.cm(_MARGIN), self.cm(top), self.cm(_WIDTH - 2 * _MARGIN), self.cm(_FOOT - top - 0.2))
        shape = self._native(slide, found, box) if found and len(found.categories) <= self._most(found) else None
        shape = shape if shape is not None else self._picture(slide, figure, box)
        shown = shape._element.xpath(".//p:cNvPr")[0]
        shown.set("descr", f"{figure.title}. {figure.finding}")
        shown.set("name", figure.id)
        self._foot(slide, figure.caption)
        slide.notes_slide.notes_text_frame.text = f"{figure.finding} {figure.description}".strip()

    @staticmethod
    def _most(found: Native) -> int:
        return _MOST if found.kind == "bar" else 200

    def _native(self, slide: Any, found: Native, box: tuple[Any, ...]) -> Any:
        return draw(slide, found, box, self.document.language)

    def _picture(self, slide: Any, figure: Figure, box: tuple[Any, ...]) -> Any:
        left, top, width, height = box
        pixels, rows = 900, 1.0
        for again in (True, False):  # what is too flat or too tall for the slide is drawn again with other rows
            picture = io.BytesIO(as_png(as_svg(figure.spec or {}, self.document.theme, pixels, rows)))
            shape = slide.shapes.add_picture(picture, left, top, height=height)
            if shape.width > width:
                shape.height, shape.width = int(shape.height * width / shape.width), width
            stretch = (height / shape.height) * (shape.width / width)
            if not again or 0.75 < stretch < 1.35:
                break
            pixels, rows = 700 if stretch > 1 else 900, min(max(stretch, 0.6), 2.0)
            shape._element.getparent().remove(shape._element)
        shape.left = left + (width - shape.width) // 2
        return shape

    def _slide(self, layout: int, title: str, top: float = 1.0, size: int = 26) -> Any:
        slide = self.pptx.slides.add_slide(self.pptx.slide_layouts[layout])
        size = size if len(title) < 56 else round((0.77 if len(title) < 150 else 0.6) * size)
        self._write(self._place(slide.shapes.title, top, 2 if top < 2 else 4), [title], size, "accent", bold=True)
        return slide

    def _place(self, shape: Any, top: float, height: float, left: float = _MARGIN, width: float = 0) -> Any:
        shape.left, shape.width = self.cm(left), self.cm(width or _WIDTH - left - _MARGIN)
        shape.top, shape.height = self.cm(top), self.cm(height)
        return shape.text_frame

    def _text(
        self, slide: Any, text: str, top: float, height: float, size: int, colour: str, bold: bool = False,
        left: float = _MARGIN, width: float = 0,
    ) -> None:  # fmt: skip
        box = slide.shapes.add_textbox(0, 0, 0, 0)
        self._write(self._place(box, top, height, left, width), [text], size, colour, bold)

    def _write(self, frame: Any, lines: Sequence[str], size: int, colour: str, bold: bool = False) -> None:
        util, colours = needed("pptx").util, needed("pptx").dml.color
        frame.word_wrap = True
        frame.vertical_anchor = needed("pptx").enum.text.MSO_ANCHOR.TOP
        for number, text in enumerate(line for line in lines if line):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = needed("pptx").enum.text.PP_ALIGN.LEFT
            paragraph.space_after = util.Pt(size / 2)
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold, run.font.name = util.Pt(size), bold, "Calibri"
            run.font.color.rgb = colours.RGBColor.from_string(COLOURS["light"][colour].removeprefix("#").upper())
            run.font.language_id = getattr(
                needed("pptx").enum.lang.MSO_LANGUAGE_ID, {"nl": "DUTCH", "en": "ENGLISH_UK"}[self.document.language]
            )

    def _foot(self, slide: Any, caption: str) -> None:
        self._text(slide, caption or self.document.warning, _FOOT, 1.6, 10, "muted")
        self._band(slide)

    def _band(self, slide: Any) -> None:
        shapes = needed("pptx").enum.shapes.MSO_SHAPE
        band = slide.shapes.add_shape(shapes.RECTANGLE, 0, 0, self.cm(_WIDTH), self.cm(0.35))
        band.fill.solid()
        accent = COLOURS["light"]["accent"].removeprefix("#").upper()
        band.fill.fore_color.rgb = needed("pptx").dml.color.RGBColor.from_string(accent)
        band.line.fill.background()
        band._element.xpath(".//p:cNvPr")[0].set("descr", "")
