"""The researcher's own words in the report: a Markdown file per chapter and language beside the study file.

They stand where the file says: below the chapter's title, or after a chart. Files are the researcher's: none is ever
written over. HTML in them is shown as the text it is, pictures are left out, and links lead to the web or to an address
for mail only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from overstap.errors import InputError, nearest
from overstap.publish.formats.blocks import read_document
from overstap.publish.labels import LANGUAGES, Lang, Translator

FOLDER = "texts"
TOP, END = "", "all"
"""Places of a text: below the chapter's title, or after all that the chapter has."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_PLACE = re.compile(r"^\[after:[ \t]*([^\]\s]+)[ \t]*\][ \t]*$", re.M)
_NAME = re.compile(rf"(.+)\.({'|'.join(LANGUAGES)})\.md")
_SECTION = re.compile(r'<section id="([^"]+)".*?</section>', re.S)
_TITLE = re.compile(r'<h2\b[^>]*>.*?</h2>\s*(?:<p class="tag[^"]*">.*?</p>\s*)*', re.S)


@dataclass(frozen=True, slots=True)
class OwnText:
    """What the researcher wrote at one place of a chapter: `place` is TOP, END or the id of a chart."""

    chapter: str
    place: str
    html: str


def own_texts(folder: Path, language: Lang) -> list[OwnText]:
    """The texts in `folder` in one language; none where there is no such folder. Raises `InputError` for a file that is
    not UTF-8."""
    found = []
    for path in sorted(folder.glob(f"*.{language}.md")):
        try:
            text = _COMMENT.sub("", path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            raise InputError(f"{path.name} is not text in UTF-8.", fix="Save it as UTF-8.") from None
        places = [TOP, *_PLACE.findall(text)]
        for place, part in zip(places, _PLACE.split(text)[::2], strict=True):
            if part.strip():
                found.append(OwnText(path.name.removesuffix(f".{language}.md"), place, as_html(part)))
    return found


def as_html(text: str) -> str:
    """Markdown as HTML that is safe on any page: headings from the third level, no HTML of its own, the words in
    place of a picture."""
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"
    rendered: str = reader.renderer.render(tokens, reader.options, {})
    return rendered


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False})
    reader.add_render_rule("image", lambda self, tokens, at, options, env: escape(tokens[at].content))
    reader.validateLink = lambda url: bool(re.match(r"(?:https?://|mailto:)", url, re.I))  # type: ignore[method-assign]
    return reader


def placed(page: str, texts: Iterable[OwnText], label: str) -> str:
    """The page with the texts in their chapters; `label` tells a screen reader whose they are. A text for a chart that
    the chapter does not have stands at its end."""
    by_chapter: dict[str, list[OwnText]] = {}
    for text in texts:
        by_chapter.setdefault(text.chapter, []).append(text)

    def of_chapter(found: re.Match[str]) -> str:
        section = found[0]
        for text in by_chapter.get(found[1], ()):
            block = f'<div class="own-text" role="note" aria-label="{escape(label)}">{text.html}</div>\n'
            at = _end(section, text.place)
            section = section[:at] + block + section[at:]
        return section

    return _SECTION.sub(of_chapter, page) if by_chapter else page


def _end(section: str, place: str) -> int:
    """Where a text goes: behind the title, the chart or else at the end; behind earlier texts too."""
    chart = re.search(rf'<figure class="chart" id="{re.escape(place)}".*?</figure>\s*', section, re.S)
    found = _TITLE.search(section) if place == TOP else chart
    at = found.end() if found else section.rindex("</section>")
    while own := re.compile(r'<div class="own-text".*?</div>\s*', re.S).match(section, at):
        at = own.end()
    return at


def strays(folder: Path, pages: Mapping[Lang, str], parts: Sequence[str] = ()) -> list[str]:
    """What is said of files and places that the reports do not have: the nearest name, and where a text went.

    `parts` are the folders within `folder` that other reports take their texts from: topsectors.
    """
    said = [
        f"The folder {path.name} is not read: this study has no topsector '{path.name}'. {nearest(path.name, parts)}"
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if path.is_dir() and path.name not in parts
    ]
    for path in sorted(folder.glob("*.md")):
        named = _NAME.fullmatch(path.name)
        if named is None:
            said.append(f"{path.name} is not read: a text is named CHAPTER.nl.md or CHAPTER.en.md.")
            continue
        page = pages.get("nl" if named[2] == "nl" else "en", "")
        sections = {found[1]: found[0] for found in _SECTION.finditer(page)}
        if named[1] not in sections:
            if _COMMENT.sub("", path.read_text(encoding="utf-8-sig", errors="replace")).strip():
                said.append(
                    f"{path.name} is not shown: there is no chapter '{named[1]}'. {nearest(named[1], sections)}"
                )
            continue
        charts = re.findall(r'<figure class="chart" id="([^"]+)"', sections[named[1]])
        for place in _PLACE.findall(_COMMENT.sub("", path.read_text(encoding="utf-8-sig"))):
            if place not in (END, *charts):
                said.append(
                    f"{path.name}: there is no chart '{place}' in this chapter; the text stands at its end. "
                    f"{nearest(place, charts) if charts else ''}".strip()
                )
    return said


def write_empty(folder: Path, pages: Mapping[Lang, str]) -> list[Path]:
    """Write a file per chapter and language that only explains itself, where there is none yet; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language, page in pages.items():
        t = Translator(language)
        for chapter in read_document(page).chapters:
            path = folder / f"{chapter.id}.{language}.md"
            if path.exists():
                continue
            charts = "\n".join(f"[after: {figure.id}]  {figure.title}" for figure in chapter.figures())
            told = t("formats.texts.about", chapter=chapter.title)
            told += f"\n\n{t('formats.texts.places')}\n{charts}" if charts else ""
            path.write_text(f"<!--\n{told.replace('-->', '')}\n-->\n\n", encoding="utf-8")
            written.append(path)
    return written
