"""A page of the dashboard as a file: links to files beside it, and lists of links where forms were."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from overstap.web.selection import PATHS
from overstap.web.site import find
from overstap.web.site.asks import CHOICES, Asked, asked, page_of
from overstap.web.texts import Texts

Data = Callable[[str, bool], str | None]
Held = Callable[[Asked], bool]
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'"
)
_OPEN = 12  # links of one choice that stand open; more are folded
_WORKED_OUT = (PATHS["compare"], PATHS["scenarios"])  # by the dashboard, for what is chosen in their forms
_ROOT = ("/assets/", "/static/")


def links_of(tree: LexborHTMLParser) -> set[Asked]:
    """The pages that a page leads to, by links and by the choices of its forms."""
    found = {asked(node.attributes.get("href") or "") for node in tree.css("a[href]")}
    for form in tree.css("form"):
        found |= {page for _, options in _choices(form) for _, page, _ in options}
    return {page for page in found if page is not None}


def as_file(tree: LexborHTMLParser, page: Asked, held: Held, data: Data) -> str:
    """The page with every address made relative to its own file; what is not `held` by the site is no link.

    `data` gives the file of an address of the API, for a page with or without choices; None where there is none. The
    tree is changed.
    """
    spliced = {}
    for number, form in enumerate(tree.css("form")):
        if form.attributes.get("action") == PATHS[find.VIEW]:
            _lead_to_search(form, page)
            continue
        mark = f"\x02form{number}\x02"
        spliced[mark] = _listed(form, page, held)
        form.replace_with(mark)
    for node in tree.css("details.cite label, [data-permalink], [data-traces], [rel=canonical], [href='/api/docs']"):
        node.decompose()
    for node in tree.css("[href], [src], [data-address]"):
        for name in ("href", "src", "data-address"):
            address = node.attributes.get(name)
            if address is None or address.startswith("#"):
                continue
            file = _file(address, page, held, data)
            if file is None and "data-near" in node.attributes:  # the page without its choices is the next best
                file = _plain_page(address, page)
            if file is not None:
                node.attrs[name] = file
            elif name == "data-address":
                node.decompose()
            else:
                del node.attrs[name]
                if address.startswith("/api"):
                    node.attrs["hidden"] = ""
    made = tree.html or ""
    if page.view == find.VIEW:
        index, script = (_relative(file, page) for file in (find.index_file(page.lang), "static/find.js"))
        made = made.replace("</main>", f"{find.answers(page.lang, index, script)}</main>", 1)
    for mark, links in spliced.items():
        made = made.replace(mark, links)
    return made.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{_POLICY}">', 1)


def _lead_to_search(form: Any, page: Asked) -> None:
    form.attrs["action"] = _relative(Asked(find.VIEW, page.lang).file, page)
    for hidden in form.css("input[type=hidden]"):
        hidden.decompose()


def _file(address: str, page: Asked, held: Held, data: Data) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return address
    if address.startswith(_ROOT):
        return _relative(parts.path.lstrip("/"), page)
    if parts.path.startswith("/api"):
        file = data(address, bool(page.choices))
        return _relative(file, page) if file else None
    target = asked(address)
    if target is None or not held(target):
        return None
    return _relative(target.file, page) + (f"#{parts.fragment}" if parts.fragment else "")


def _plain_page(address: str, page: Asked) -> str | None:
    target = asked(address)
    return None if target is None else _relative(Asked(target.view, target.lang).file, page)


def _relative(file: str, page: Asked) -> str:
    return posixpath.relpath(file, posixpath.dirname(page.file))


def _choices(form: Any) -> Iterator[tuple[str, list[tuple[str, Asked, bool]]]]:
    """Each select of a form: its label, and its options as (text, the page it leads to, whether it is chosen)."""
    path = urlsplit(form.attributes.get("action") or "/").path
    view = next((name for name, known in PATHS.items() if known == path), "home")
    hidden = [(n.attributes.get("name") or "", n.attributes.get("value") or "") for n in form.css("input[type=hidden]")]
    lang = dict(hidden).get("lang", "nl")
    for select in form.css("select"):
        name = select.attributes.get("name") or ""
        if name not in CHOICES.get(view, ()) or name == "item_id":
            continue  # the items of the table are links already
        label = form.css_first(f"label[for={select.attributes.get('id')}]")
        options = [
            (
                option.text(strip=True),
                page_of(view, lang, [(name, option.attributes.get("value") or "")]),
                "selected" in option.attributes,
            )
            for option in select.css("option")
        ]
        yield label.text(strip=True) if label else name, options


def _listed(form: Any, page: Asked, held: Held) -> str:
    """Lists of links in the place of a form, one for each of its selects."""
    lists = []
    for label, options in _choices(form):
        links = [
            f"<strong>{escape(text)}</strong>"
            if is_chosen
            else f'<a href="{escape(_relative(target.file, page))}">{escape(text)}</a>'
            for text, target, is_chosen in options
            if held(target) or is_chosen
        ]
        if len(links) > 1:
            opened = " open" if len(links) <= _OPEN else ""
            lists.append(f"<details{opened}><summary>{escape(label)}</summary><p>{' · '.join(links)}</p></details>")
    if lists:
        return f'<nav class="choices">{"".join(lists)}</nav>'
    path = urlsplit(form.attributes.get("action") or "").path
    return f'<p class="note">{escape(Texts(page.lang)("site.needs_dashboard"))}</p>' if path in _WORKED_OUT else ""
