"""The report of a study in the formats that are asked for, each from the HTML as it is rendered now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from overstap.pipeline import Study
from overstap.publish.advice_files import write_whole
from overstap.publish.formats.annex import document_xlsx
from overstap.publish.formats.blocks import Document, read_document
from overstap.publish.formats.pdf import document_pdf
from overstap.publish.formats.slides import document_pptx
from overstap.publish.formats.word import document_docx
from overstap.publish.labels import Lang, Translator

FORMATS: dict[str, Callable[[Document, Translator], bytes]] = {
    "pdf": document_pdf,
    "docx": document_docx,
    "pptx": document_pptx,
    "xlsx": document_xlsx,
}


def write_formats(
    study: Study, pages: Mapping[Lang, Path], formats: Sequence[str], charts: Sequence[str] = ()
) -> list[Path]:
    """Write `formats` (of FORMATS) beside each HTML report of `pages`; their paths.

    `charts` are the ids of those on the slides, the first of each chapter where none is named. Raises `InputError`
    where a package is missing or there is no such chart.
    """
    paths = []
    for language, page in pages.items():
        document, t = read_document(page.read_text(encoding="utf-8")), Translator.for_study(study, language)
        for name in formats:
            made = document_pptx(document, t, charts) if name == "pptx" else FORMATS[name](document, t)
            path = page.with_suffix(f".{name}")
            write_whole(made, path)
            paths.append(path)
    return paths
