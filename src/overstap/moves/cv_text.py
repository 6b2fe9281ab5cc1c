"""The text of a CV from a text file, Word (.docx), a web page or a PDF. It is read in memory and goes nowhere else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from overstap.errors import InputError

LONGEST = 400_000
"""Characters of a CV that are read: beyond it a file is no CV."""
_MOST_BYTES = 20_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def cv_text(path: Path) -> str:
    """The text, at most LONGEST characters. What a file is follows from its first bytes, not from its name.

    Raises `InputError` where the file cannot be read; the message holds nothing of the text, and no cause that might.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES)
    except OSError as error:
        raise InputError(f"{path} cannot be read.", why=error.strerror or "", fix="Check the path.") from None
    what, read = _reader(raw)
    text = None
    try:
        text = read(raw)
    except InputError:
        raise
    except Exception:  # readers raise anything, and their errors may show parts of the file
        pass
    if text is None:
        raise InputError(
            f"{path} cannot be read as {what}.",
            why="A CV may be plain text in UTF-8, Word (.docx), a web page (.html) or a PDF with text in it.",
            fix="Save the CV as text (.txt) and give that file.",
        )
    return text[:LONGEST]


def _reader(raw: bytes) -> tuple[str, Callable[[bytes], str]]:
    if raw.startswith(b"%PDF"):
        return "a PDF", _pdf
    if raw.startswith(b"PK\x03\x04"):
        return "a Word file (.docx)", _docx
    head = raw[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "a web page", _html
    return "a text file", lambda content: content.decode("utf-8-sig")


def _docx(raw: bytes) -> str:
    """The paragraphs of a Word file, tables among them, a line each."""
    with zipfile.ZipFile(io.BytesIO(raw)) as file, file.open("word/document.xml") as document:
        tree = ElementTree.fromstring(document.read(_MOST_BYTES))
    lines = []
    for paragraph in tree.iter(f"{_WORD}p"):
        parts = [node.text or "" if node.tag == f"{_WORD}t" else " " for node in paragraph.iter() if _shows(node.tag)]
        lines.append("".join(parts))
    return "\n".join(lines)


def _shows(tag: str) -> bool:
    return tag in (f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br")


def _html(raw: bytes) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(raw)
    tree.strip_tags(["script", "style", "noscript"])
    return str(tree.body.text(separator="\n")) if tree.body is not None else ""


def _pdf(raw: bytes) -> str:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise InputError(
            "Reading a PDF needs pypdf, which is not installed.",
            fix="pip install 'overstap[cv]', or save the CV as text (.txt) or Word (.docx).",
        ) from None
    text = "\n".join(page.extract_text() or "" for page in PdfReader(io.BytesIO(raw)).pages[:50])
    if not text.strip():
        raise InputError(
            "The PDF has no text in it; it may be a scan.", fix="Save the CV as text (.txt) and give that file."
        )
    return text
