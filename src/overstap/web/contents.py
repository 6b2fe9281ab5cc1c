"""A list of what stands on a long page, made from its headings, so that no template keeps one by hand."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LEAST = 4
"""Headings from which a page gets a list of them."""
_HEADING = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_TOP = re.compile(r'</h1>(\s*<p class="(?:lead|tag[^"]*)">.*?</p>)*', re.DOTALL)


def with_contents(page: Markup, label: str) -> Markup:
    """The HTML of a page with, below its title, links to its headings of the second level, named `label`.

    A heading without an id gets one. Pages with fewer than `LEAST` headings, or with a list of their own, stay as they
    are.
    """
    if len(_HEADING.findall(page)) < LEAST or 'class="contents"' in page:
        return page
    found: list[tuple[str, str]] = []

    def name(heading: re.Match[str]) -> str:
        known = _ID.search(heading[1])
        place = known[1] if known else f"part-{len(found) + 1}"
        found.append((place, re.sub(r"<[^>]+>", "", heading[2]).strip()))
        return heading[0] if known else f'<h2 id="{place}"{heading[1]}>{heading[2]}</h2>'

    named = _HEADING.sub(name, page)
    items = "".join(f'<li><a href="#{place}">{text}</a></li>' for place, text in found)
    links = f'\n<nav class="contents on-page" aria-label="{escape(label)}"><ol>{items}</ol></nav>'
    return Markup(_TOP.sub(lambda top: top[0] + links, named, count=1))
