"""The report of a study in the formats that are asked for, each from the HTML as it is rendered now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from overstap.errors import InputError, nearest
from overstap.pipeline import Study
from overstap.publish.formats.annex import document_xlsx
from overstap.publish.formats.blocks import Document, read_document
from overstap.publish.formats.pdf import document_pdf
from overstap.publish.formats.slides import document_pptx
from overstap.publish.formats.word import document_docx
from overstap.publish.labels import LANGUAGES, Translator
from overstap.whole import write_whole

FORMATS: dict[str, Callable[[Document, Translator], bytes]] = {
    "pdf": document_pdf,
    "docx": document_docx,
    "pptx": document_pptx,
    "xlsx": document_xlsx,
}


def write_formats(
    study: Study, pages: Sequence[Path], formats: Sequence[str], charts: Sequence[str] = ()
) -> list[Path]:
    """Write `formats` (of FORMATS) beside each HTML report of `pages` (`report-…-nl.html`); their paths.

    `charts` are the ids of those on the slides, the first of each chapter where none is named; a report is left
    without slides where it has none of them. Raises `InputError` where a package is missing or no report has a chart.
    """
    documents = {page: read_document(page.read_text(encoding="utf-8")) for page in (pages if formats else ())}
    known = {name for document in documents.values() for name in document.figures()}
    for name in charts if documents else ():
        if name not in known:
            raise InputError(f"No report has a chart '{name}'.", why="--chart names a chart by its id.",
                             fix=nearest(name, known))  # fmt: skip
    paths = []
    for page, document in documents.items():
        t = Translator.for_study(study, "en" if document.language == "en" else "nl")
        mine = [name for name in charts if name in document.figures()]
        for name in formats:
            if name == "pptx" and charts and not mine:
                continue
            made = document_pptx(document, t, mine) if name == "pptx" else FORMATS[name](document, t)
            path = page.with_suffix(f".{name}")
            write_whole(made, path)
            paths.append(path)
    return paths


def write_one_pagers(study: Study, occupation: str) -> list[Path]:
    """Write one page on an occupation (title, typing errors allowed, or code) per language beside the report: HTML,
    and PDF and Word where their packages are installed; the paths.

    Figures are those of the study's settings of moves. Raises `InputError` for an occupation that is not known.
    """
    from overstap.moves.advise import Wish, advise
    from overstap.moves.atlas import Atlas
    from overstap.moves.question import read_own
    from overstap.moves.start import occupation as start_of
    from overstap.publish.one_pager import one_pager, one_pager_html

    moves = study.spec.moves
    own = {group: read_own(study.base / name, group) for group, name in moves.own.items()}
    costs = read_own(study.base / moves.training_costs, "training_costs") if moves.training_costs else None
    atlas = Atlas.load("isco", own, costs, (moves.first_year, moves.last_year))
    made, paths = datetime.now(tz=UTC).date(), []
    for language in LANGUAGES:
        start = start_of(occupation, "isco", language)
        t = Translator(language)
        document = one_pager(atlas, advise(atlas, start, Wish(pay=moves.pay)), t, made)
        path = study.store.folder / f"one-pager-{start.code}-{language}.html"
        contents = {".html": one_pager_html(document, t).encode()}
        if find_spec("typst"):
            contents[".pdf"] = document_pdf(document, t, brief=True)
        if find_spec("docx"):
            contents[".docx"] = document_docx(document, t)
        for suffix, content in contents.items():
            write_whole(content, path.with_suffix(suffix))
            paths.append(path.with_suffix(suffix))
    return paths
