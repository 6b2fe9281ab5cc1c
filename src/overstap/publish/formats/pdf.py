"""The report as a PDF of A4 sheets by Typst: tagged, with bookmarks, alternative texts and a table of contents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from overstap.publish.bundled import asset
from overstap.publish.formats.blocks import Block, Document, Figure, Table
from overstap.publish.formats.pictures import SMALL, WIDTH, as_svg
from overstap.publish.formats.typeset import typeset
from overstap.publish.labels import Translator


def document_pdf(document: Document, t: Translator, *, brief: bool = False) -> bytes:
    """The document as PDF; `brief`: on one sheet, without cover and contents.

    Raises `InputError` where Typst or vl-convert is not installed.
    """
    page = {
        **{
            name: getattr(document, name)
            for name in ("language", "title", "lead", "name", "kicker", "facts", "warning")
        },
        "words": {key: t(f"formats.{key}") for key in ("contents", "figure", "page", "of", "empty")},
        "brief": brief,
        "tag": t("report.simulated_tag"),
        "chapters": [
            {"id": one.id, "title": one.title, "blocks": [_plain(block, document) for block in one.shown()]}
            for one in document.chapters
        ],
    }
    return typeset(asset("report.typ").encode(), page, ("ua-1",))


def _plain(block: Block, document: Document) -> dict[str, Any]:
    plain = {"is": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Figure):
        plain |= {"spec": None, "columns": [], "rows": []}
        plain["svg"] = as_svg(block.spec, document.theme, SMALL if block.small else WIDTH) if block.spec else ""
    if isinstance(block, Table):
        plain["widths"] = block.widths()
    return plain
