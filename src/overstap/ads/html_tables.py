"""What the compiled reading of markup knows of tags and entities: names of at most eight bytes as numbers."""

from __future__ import annotations

from functools import cache
from html.entities import html5
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NOTHING, INLINE, LINK, BREAK, BLOCK, PARAGRAPH, HEADING, LIST, ITEM = range(9)
"""Kinds of elements, by what may stand in them and by the lines they make: no element that is known here; words of a
line; a link, which holds no other; a line break; a block of its own; a paragraph, which holds no block; a heading,
which holds no other; a list; what stands in a list."""
_KINDS = {
    INLINE: "b strong i em u s small span font sub sup",
    LINK: "a",
    BREAK: "br",
    BLOCK: "div",
    PARAGRAPH: "p",
    HEADING: "h1 h2 h3 h4 h5 h6",
    LIST: "ul ol",
    ITEM: "li",
}


class HtmlTables(NamedTuple):
    """`tags` and `entities`: names as numbers, ascending; `kinds` of the tags, and the code point of each entity."""

    tags: Array
    kinds: Array
    entities: Array
    codes: Array


@cache
def html_tables() -> HtmlTables:
    """The tables, made once."""
    tags = sorted((_number(name), kind) for kind, names in _KINDS.items() for name in names.split())
    entities = sorted(
        (_number(name[:-1]), ord(sign))
        for name, sign in html5.items()
        if name.endswith(";") and len(name) <= 9 and len(sign) == 1
    )
    return HtmlTables(
        np.array([name for name, _ in tags], np.uint64), np.array([kind for _, kind in tags], np.uint8),
        np.array([name for name, _ in entities], np.uint64), np.array([code for _, code in entities], np.int64),
    )  # fmt: skip


def _number(name: str) -> int:
    return int.from_bytes(name.encode(), "little")
