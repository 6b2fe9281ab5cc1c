"""The search of a site: an index as JSON, in which a script of the page looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from overstap.moves.find import fold
from overstap.web.api import ANSWERS
from overstap.web.search import KINDS, TOP, Entry, Index
from overstap.web.selection import LANGS
from overstap.web.site.asks import Asked, asked
from overstap.web.texts import Texts

VIEW = "search"


def index_file(lang: str) -> str:
    """Where the site has the index of a language."""
    return f"data/{VIEW}-{lang}.json"


def as_index(index: Index, lang: str, held: Callable[[Asked], bool]) -> bytes:
    """What can be found in a language, as JSON: per entry its kind, name, the file beside the search page, and what it
    is called, folded, its names first. Entries without a page that is `held` are left out."""
    found = []
    for entry in index.entries:
        file = _file(entry, lang, held)
        if file is not None:
            names = list(dict.fromkeys(fold(name) for name in entry.names.values() if name))
            found.append([entry.kind, entry.names[lang], file, names, _also(entry)])
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def without_missing(folder: Path) -> None:
    """Leave out of the indexes of a finished site what it has no file of."""
    for lang in LANGS:
        file = folder / index_file(lang)
        held = [one for one in json.loads(file.read_bytes()) if (folder / lang / one[2].partition("#")[0]).exists()]
        file.write_bytes(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode())


def answers(lang: str, index: str, script: str) -> str:
    """The part of the search page in which the script at the address `script` shows what it finds at `index`."""
    ui = Texts(lang)
    kinds = json.dumps([[kind, ui(f"search.kind.{kind}")] for kind in KINDS], ensure_ascii=False)
    return (
        f'<div id="found" role="status" data-index="{escape(index)}" data-kinds="{escape(kinds)}" data-most="{TOP}" '
        f'data-none="{escape(ui("search.none", text="{text}"))}"></div>'
        f'<noscript><p class="note">{escape(ui("site.needs_script"))}</p></noscript>'
        f'<script defer src="{escape(script)}"></script>'
    )


def _also(entry: Entry) -> list[str]:
    """What else an entry is called: single words, and all words of the longer names as one, which is a quarter of
    their letters."""
    forms = {fold(form) for form in entry.also if form}
    single = {form for form in forms if " " not in form}
    words = {word for form in forms - single for word in form.split()}
    return sorted(single) + ([" ".join(sorted(words))] if words else [])


def _file(entry: Entry, lang: str, held: Callable[[Asked], bool]) -> str | None:
    href = entry.href(lang)
    table = urlsplit(href).path.rpartition("/")[2].removesuffix(".json")
    if entry.kind == "table":
        return f"../data/{table}.parquet" if table in ANSWERS else None
    page = asked(href)
    if page is None or not held(page):
        return None
    return page.file.removeprefix(f"{lang}/") + entry.fragment
