"""Texts of programmes from files: PDF, Word, web pages, plain text, tables and schema.org Courses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from overstap.ads.clean import clean_text
from overstap.errors import InputError
from overstap.sources.documents import document_text

_DOCUMENTS = (".pdf", ".docx", ".html", ".htm", ".txt", ".md")
_TABLES = (".csv", ".tsv", ".json", ".jsonld")
_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class ProgrammeText:
    """A programme as a document describes it; `level` as the document has it, or empty."""

    title: str
    text: str
    file: str
    level: str = ""


def read_programme_texts(path: Path) -> list[ProgrammeText]:
    """The programmes of a file: one a document, or one a row of a table or Course.

    The ending tells the form: .pdf, .docx, .html, .txt, .md, .csv, .json (schema.org Course). Raises InputError where
    it cannot be read, holds no text (a scanned PDF), or has another ending.
    """
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        from overstap.moves.training import read_offers

        return [
            ProgrammeText(o.title, f"{o.title}\n{clean_text(o.text)}", path.name, o.level) for o in read_offers(path)
        ]
    if suffix not in _DOCUMENTS:
        raise InputError(
            f"{path.name}: '{suffix or 'no ending'}' is not read.",
            fix=f"Give {', '.join((*_DOCUMENTS, *_TABLES))}; save an old .doc as .docx.",
        )
    text = document_text(path)
    first = text.split("\n", 1)[0].strip()
    title = path.stem if first.endswith(".") or len(first) > _LONGEST_TITLE else first
    return [ProgrammeText(title, text, path.name)]
