"""A report as chapters of blocks, read from its HTML: one structure that every other format is written from.

The HTML is the report; nothing here chooses, counts or phrases. Parts that a reader of the page must unfold (closed
`details`) are marked `folded`: documents leave them out as print does, the workbook has their tables.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SPACES = re.compile(r"[ \t\r\n]+")  # a no-break space is no space here
_MARKS = {"strong": "bold", "b": "bold", "th": "bold", "em": "italic", "i": "italic", "code": "code"}
_INLINE = frozenset({"a", "b", "br", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup", "abbr", "-text"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. `lang` is empty where it is the document's; `link` an address or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    lang: str = ""
    muted: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the chapter's own; `level` 3 or 4."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `kind` is plain, muted, tag (what the figures rest on), warning, quote or own (the researcher's)."""

    runs: Runs
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Runs, ...]
    ordered: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A main finding: what it is on, its number with unit and interval, its sentence, and n, source and period."""

    theme: str
    number: str
    about: str
    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with what they mean."""

    pairs: tuple[tuple[str, Runs], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as shown. `numbers` says of each column whether it holds numbers; a row of one cell heads a group."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    folded: bool = False

    def widths(self) -> list[float]:
        """The part (0–1) of the page's width for each column: by its longest word and, up to a line, longest text."""
        rows = [self.head, *(row for row in self.rows if len(row) == len(self.head))]
        wanted = []
        for texts in zip(*rows, strict=True):
            word = max(len(word) for text in texts for word in [*text.split(" "), ""])
            whole = max(len(text) for text in texts)
            wanted.append(max(4, min(word, 22), 0.8 * min(whole, 20), min(whole, 60) / 2.2))
        return [one / sum(wanted) for one in wanted]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words. `spec` is Vega-Lite (None where there is nothing to draw); `columns` and `rows` its data
    unrounded, by the names of the contract of the table `contract`. `small`: it stands beside others of its kind."""

    id: str
    title: str
    finding: str
    description: str
    caption: str
    spec: dict[str, Any] | None
    contract: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False
    small: bool = False


Block = Heading | Text | Items | Key | Terms | Table | Figure


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its name (as in the address of the HTML), title and blocks in reading order."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    def figures(self) -> list[Figure]:
        """Its charts."""
        return [block for block in self.blocks if isinstance(block, Figure)]

    def shown(self) -> list[Block]:
        """Its blocks without those that are folded away."""
        return [block for block in self.blocks if not getattr(block, "folded", False)]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `facts` and `lead` (the part of the study it is of) stand on its cover, `warning` before all."""

    language: str
    title: str
    kicker: str
    facts: tuple[tuple[str, str], ...]
    warning: str
    chapters: tuple[Chapter, ...]
    theme: dict[str, Any] = field(default_factory=dict)
    lead: str = ""

    @property
    def name(self) -> str:
        """The title with the part of the study that the report is of."""
        return " · ".join(filter(None, (self.title, self.lead)))

    def figures(self) -> dict[str, Figure]:
        """Every chart that has something to draw, by its id, in reading order."""
        return {figure.id: figure for chapter in self.chapters for figure in chapter.figures() if figure.spec}


def read_document(html: str) -> Document:
    """The chapters of a report rendered by `report.render_report` or of a page of the same marks."""
    page = LexborHTMLParser(html)
    themes = page.css_first("#chart-themes")
    warning = page.css_first("body .page > .warning")
    return Document(
        language=_attribute(page.css_first("html"), "lang"),
        title=_words(page.css_first("h1")),
        kicker=_words(page.css_first(".kicker")),
        facts=tuple((_words(one.css_first("dt")), _words(one.css_first("dd"))) for one in page.css(".facts > div")),
        warning=_words(warning),
        chapters=tuple(_chapter(section) for section in page.css("main > section")),
        theme=json.loads(themes.text())["light"] if themes else {},
        lead=_words(page.css_first(".cover .lead")),
    )


def runs_of_html(html: str) -> Runs:
    """The text of a piece of HTML in its styles, on one line."""
    return _runs(body) if (body := LexborHTMLParser(html).body) is not None else ()


def _chapter(section: LexborNode) -> Chapter:
    title = _words(section.css_first("h2"))
    return Chapter(_attribute(section, "id"), title, tuple(_stepped(_blocks(section, False, False))))


def _stepped(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks with no level of heading left out: an h4 without an h3 before it becomes one."""
    below = 3
    for block in blocks:
        if isinstance(block, Heading):
            block = replace(block, level=min(block.level, below))
            below = 4
        yield block


def _blocks(parent: LexborNode, folded: bool, own: bool) -> Iterator[Block]:
    """The blocks below a node; loose text between them becomes a paragraph."""
    loose: list[LexborNode] = []
    for node in parent.iter(include_text=True):
        if node.tag in _INLINE:
            loose.append(node)
            continue
        yield from _loose(loose, folded)
        loose = []
        yield from _block(node, folded, own)
    yield from _loose(loose, folded)


def _loose(nodes: list[LexborNode], folded: bool) -> Iterator[Block]:
    runs = _tidy([run for node in nodes for run in _runs_of(node, Run(""))])
    if runs and not folded:
        yield Text(runs)


def _block(node: LexborNode, folded: bool, own: bool) -> Iterator[Block]:
    classes = _attribute(node, "class").split()
    match node.tag:
        case "h2" | "summary" | "script" | "style" | "nav" | "noscript" | "_comment" | "-comment":
            return
        case "h3" | "h4" | "h5" | "h6" if not folded:
            yield Heading(3 if node.tag == "h3" else 4, _words(node))
        case "figure" if "chart" in classes:
            beside = "grid" in _attribute(node.parent, "class").split()
            yield replace(_figure(node), folded=folded, small=beside)
        case "table":
            yield replace(_table(node), folded=folded)
        case "details":
            yield from _blocks(node, folded or "open" not in node.attributes, own)
        case "p" | "pre" if not folded:
            if runs := _runs(node):
                named = [name for name in ("muted", "tag", "warning") if name in classes]
                kind = (*named, "own" if own else "plain")[0]
                yield Text(runs, kind)
        case "blockquote" if not folded:
            if runs := _runs(node):
                yield Text(runs, "quote")
        case "ol" if "findings-list" in classes and not folded:
            yield from map(_key, node.css("li.finding"))
        case "ul" | "ol" if not folded:
            items = [_runs(item) for item in node.iter() if item.tag == "li"]
            if items := [runs for runs in items if runs]:
                yield Items(tuple(items), node.tag == "ol", own)
        case "dl" if not folded:
            yield Terms(_pairs(node))
        case "p" | "pre" | "ul" | "ol" | "dl" | "blockquote" | "h3" | "h4" | "h5" | "h6" | "hr":
            return
        case _:
            yield from _blocks(node, folded, own or "own-text" in classes)


def _key(node: LexborNode) -> Key:
    number = _words(node.css_first(".finding-number strong"))
    unit = _words(node.css_first(".finding-number")).removeprefix(number).strip()
    state = _words(node.css_first(".finding-interval .tag"))
    interval = _words(node.css_first(".finding-interval")).removesuffix(state).strip()
    about = "; ".join(filter(None, (unit, interval, state)))
    theme, text, caption = (_words(node.css_first(f".finding-{name}")) for name in ("theme", "text", "caption"))
    return Key(theme, number, about, text, caption)


def _pairs(node: LexborNode) -> tuple[tuple[str, Runs], ...]:
    pairs: list[tuple[str, Runs]] = []
    for child in node.css("dt, dd"):
        if child.tag == "dt":
            pairs.append((_words(child), ()))
        elif pairs:
            term, said = pairs[-1]
            pairs[-1] = (term, (*said, Run(" "), *_runs(child)) if said else _runs(child))
    return tuple(pairs)


def _figure(node: LexborNode) -> Figure:
    script, about, link = map(node.css_first, ("script", ".chart-about", ".actions a[download]"))
    description = _words(about.css_first(".muted")) if about else ""
    finding = _words(about).removesuffix(description).strip() if about else ""
    columns, rows = _data(_attribute(link, "href"))
    return Figure(
        id=_attribute(node, "id"),
        title=_words(node.css_first(".chart-title")).removesuffix("#").strip(),
        finding=finding,
        description=description,
        caption=_words(node.css_first("figcaption")),
        spec=json.loads(script.text()) if script else None,
        contract=_attribute(node, "data-contract"),
        columns=columns,
        rows=rows,
    )


def _data(address: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The table within a data: address of CSV."""
    text = base64.b64decode(unquote(address.partition("base64,")[2])).decode("utf-8-sig")
    read = [tuple(row) for row in csv.reader(io.StringIO(text))]
    return (read[0], tuple(read[1:])) if read else ((), ())


def _table(node: LexborNode) -> Table:
    lines = [[cell for cell in row.iter() if cell.tag in ("th", "td")] for row in node.css("tr")]
    heads = len(node.css("thead tr"))
    head = lines[heads - 1] if heads else []
    body = lines[heads:]
    width = max((sum(_span(cell, "colspan") for cell in line) for line in lines), default=0)
    sample = next((line for line in body if len(line) == width), head)
    caption = node.css_first("caption")
    title = _words(caption) if caption else _attribute(node.parent, "aria-label")
    return Table(
        title=title,
        head=tuple(_words(cell) for cell in head) or ("",) * width,
        rows=tuple(_filled(body, width)),
        numbers=tuple("number" in _attribute(cell, "class").split() for cell in sample),
    )


def _filled(lines: list[list[LexborNode]], width: int) -> Iterator[tuple[str, ...]]:
    """The rows at full width, blank where a cell above or beside reaches over; one wide cell alone stays one."""
    reaches = [0] * width
    for line in lines:
        if len(line) == 1 and width > 1 and not any(reaches):
            yield (_words(line[0]),)
            continue
        cells: list[str] = []
        waiting = iter(line)
        while len(cells) < width:
            at = len(cells)
            if reaches[at]:
                reaches[at] -= 1
                cells.append("")
                continue
            cell = next(waiting, None)
            across = _span(cell, "colspan")
            reaches[at : at + across] = [_span(cell, "rowspan") - 1] * len(reaches[at : at + across])
            cells += [_words(cell), *[""] * (across - 1)]
        yield tuple(cells[:width])


def _span(cell: LexborNode | None, name: str) -> int:
    return int(_attribute(cell, name) or 1)


def _runs(node: LexborNode) -> Runs:
    return _tidy([run for child in node.iter(include_text=True) for run in _runs_of(child, Run(""))])


def _runs_of(node: LexborNode, style: Run) -> Iterator[Run]:
    if node.tag == "-text":
        yield replace(style, text=_SPACES.sub(" ", node.text_content or ""))
        return
    if node.tag in ("script", "style") or "anchor" in _attribute(node, "class").split():
        return
    if node.tag == "br":
        yield replace(style, text="\n")
        return
    if mark := _MARKS.get(node.tag or ""):
        style = replace(style, **{mark: True})  # type: ignore[arg-type]
    if "muted" in _attribute(node, "class").split():
        style = replace(style, muted=True)
    if lang := _attribute(node, "lang"):
        style = replace(style, lang=lang)
    if node.tag == "a" and _attribute(node, "href").startswith(("https:", "http:", "mailto:")):
        style = replace(style, link=_attribute(node, "href"))
    opening, closing = {"q": ("‘", "’"), "li": ("; ", ""), "summary": (" ", ":")}.get(node.tag or "", ("", ""))
    yield replace(style, text=opening)
    for child in node.iter(include_text=True):
        yield from _runs_of(child, style)
    yield replace(style, text=closing)


def _tidy(runs: list[Run]) -> Runs:
    """Runs of one style joined, without space at either end or twice."""
    joined: list[Run] = []
    for run in runs:
        text = run.text
        if not joined or joined[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not text:
            continue
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" \n"))
    return tuple(replace(run, text=run.text.replace(":; ", ": ").replace(".; ", ". ")) for run in joined if run.text)


def _words(node: LexborNode | None) -> str:
    """The text of a node on one line; the items of a list with semicolons between them."""
    return "".join(run.text for run in _runs(node)).removeprefix("; ") if node is not None else ""


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node is not None else ""
