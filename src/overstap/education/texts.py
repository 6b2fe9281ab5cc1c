"""Texts of programmes from files: PDF, Word, web pages, plain text, tables and schema.org Courses."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from overstap.ads.clean import clean_text
from overstap.errors import InputError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLES = (".csv", ".tsv", ".json", ".jsonld")
_LONGEST_TITLE = 100
_LARGEST = 50_000_000  # bytes of a document when unpacked: beyond it a .docx is no text


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
    readers = {".pdf": _pdf, ".docx": _docx, ".html": _plain, ".htm": _plain, ".txt": _plain, ".md": _plain}
    if suffix not in readers:
        raise InputError(
            f"{path.name}: '{suffix or 'no ending'}' is not read.",
            fix=f"Give {', '.join((*readers, *_TABLES))}; save an old .doc as .docx.",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read.", why=error.strerror or "", fix="Check the path.") from error
    text = clean_text(readers[suffix](data, path)).strip()
    if not text:
        raise InputError(
            f"{path.name} holds no text.",
            why="A scanned PDF is a picture of text." if suffix == ".pdf" else "",
            fix="Give a document with text: run the scan through text recognition first.",
        )
    first = text.split("\n", 1)[0].strip()
    title = path.stem if first.endswith(".") or len(first) > _LONGEST_TITLE else first
    return [ProgrammeText(title, text, path.name)]


def _plain(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _docx(data: bytes, path: Path) -> str:
    """The paragraphs of a Word document, those in tables and headings too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            if info.file_size > _LARGEST:
                raise InputError(f"{path.name} is too large for a text.", fix="Give the text of the programme alone.")
            root = ElementTree.fromstring(archive.read(info))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise InputError(
            f"{path.name} is no Word document.", why=str(error), fix="Save it again as .docx, or as text."
        ) from error
    return "\n".join(_paragraphs(root))


def _paragraphs(root: ElementTree.Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_WORD}p"):
        parts = []
        for node in paragraph.iter():
            if node.tag == f"{_WORD}t":
                parts.append(node.text or "")
            elif node.tag in (f"{_WORD}tab", f"{_WORD}br"):
                parts.append("\t" if node.tag == f"{_WORD}tab" else "\n")
        is_item = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None
        yield ("- " if is_item else "") + "".join(parts)


def _pdf(data: bytes, path: Path) -> str:
    """The text of a PDF, page by page, words broken at the end of a line made whole and lines of a sentence joined."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise InputError(
            f"{path.name}: reading PDF needs pypdf.", fix="pip install 'overstap[cv]', or give the text as .txt"
        ) from None
    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read as PDF.", why=str(error), fix="Open it and save it as PDF again."
        ) from error
    return _joined("\n".join(pages))


def _joined(text: str) -> str:
    """Lines that a page cut: a word hyphenated at its end, and a sentence that runs on in lower case."""
    text = re.sub(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])", "", text)
    return re.sub(r"(?<=[a-zà-ÿ,])[ \t]*\n(?=[a-zà-ÿ(])", " ", text)
