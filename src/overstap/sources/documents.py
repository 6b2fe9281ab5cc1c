"""The text of a document: plain text, Word (.docx), a web page or a PDF. It is read in memory and goes nowhere else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from overstap.ads.clean import clean_text
from overstap.errors import InputError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_BYTES = 50_000_000  # of a document, packed or unpacked: beyond it it is no text
_MOST_PAGES = 1_000
_NAMED = {".pdf": "PDF", ".docx": "a Word document (.docx)"}


def document_text(path: Path) -> str:
    """The cleaned text. What a file is follows from its first bytes; a name that says otherwise (.pdf, .docx) is told.

    Raises InputError where it cannot be read or holds no text. The message shows nothing of the text, nor a cause that
    might: a document may be somebody's CV.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read.", why=error.strerror or "", fix="Check the path.") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{path} is too large for a text.", fix="Give the text alone, as .txt.")
    if raw.startswith(b"%PDF"):
        what, read = "PDF", _pdf
    elif raw.startswith(b"PK\x03\x04"):
        what, read = "a Word document (.docx)", _docx
    else:
        what, read = "text", _plain
    if raw.strip() and (named := _NAMED.get(path.suffix.lower(), what)) != what:
        raise InputError(
            f"{path} is not {named}, though its name says so.",
            why=f"It begins as {what} does.",
            fix="It may be damaged or only renamed: save it anew, or as text (.txt).",
        )
    text = None
    try:
        text = clean_text(read(raw)).strip()
    except InputError:
        raise
    except Exception:  # readers raise anything, and their errors may show parts of the file
        pass
    if text is None:
        raise InputError(
            f"{path} cannot be read as {what}.",
            why="Plain text, Word (.docx), web pages (.html) and PDFs with text in them are read.",
            fix="Save it as text (.txt) and give that file.",
        )
    if not text:
        raise InputError(
            f"{path} holds no text.",
            why="A scanned PDF is a picture of text." if what == "PDF" else "",
            fix="Give a document with text: run a scan through text recognition first."
            if what == "PDF"
            else "Give a document with text.",
        )
    return text


def _plain(raw: bytes) -> str:
    if b"\x00" in raw:
        raise ValueError
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _docx(raw: bytes) -> str:
    """The paragraphs of a Word document, those in tables and headings too."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, archive.open("word/document.xml") as document:
        content = document.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError
    return "\n".join(_paragraphs(ElementTree.fromstring(content)))


def _paragraphs(root: ElementTree.Element) -> Iterator[str]:
    shown = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n"}
    for paragraph in root.iter(f"{_WORD}p"):
        parts = [n.text or "" if n.tag == f"{_WORD}t" else shown.get(n.tag, "") for n in paragraph.iter()]
        is_item = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None
        yield ("- " if is_item else "") + "".join(parts)


def _pdf(raw: bytes) -> str:
    """The text of a PDF, page by page, words broken at the end of a line made whole and lines of a sentence joined."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise InputError(
            "Reading a PDF needs pypdf, which is not installed.",
            fix="pip install 'overstap[pdf]', or give the text as .txt or Word (.docx).",
        ) from None
    pages = PdfReader(io.BytesIO(raw)).pages[:_MOST_PAGES]
    return joined("\n".join(page.extract_text() or "" for page in pages))


def joined(text: str) -> str:
    """Lines that a page cut: a word hyphenated at its end, and a sentence that runs on in lower case."""
    text = re.sub(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])", "", text)
    return re.sub(r"(?<=[a-zà-ÿ,])[ \t]*\n(?=[a-zà-ÿ(])", " ", text)
