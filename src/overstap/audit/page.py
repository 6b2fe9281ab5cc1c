"""The page on which a reader judges a sheet: one ad at a time, every answer kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from overstap.audit.desk import Desk
from overstap.audit.sheet import FACTS, MISSED, OCCUPATION, SEPARATOR, SKILL, SheetRow, said
from overstap.audit.values import LISTS, NUMBERS, Fault, missed_skills
from overstap.pipeline import Study
from overstap.publish.labels import skill_label
from overstap.reference.tables import load
from overstap.web.headers import HeadAsGet, KnownHosts, SecurityHeaders, from_here
from overstap.web.limits import TooLarge, read_form
from overstap.web.texts import Texts

_LANGS = ("nl", "en")
_UNKNOWN = "unknown"
_LISTED = (OCCUPATION, *LISTS)  # typed, with what there is to choose from beside it


def create_desk(study: Study, path: Path, host: str = "127.0.0.1") -> FastAPI:
    """The page of a sheet as an application. Raises InputError for a sheet that cannot be read."""
    desk = Desk(study, path)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(KnownHosts, host=host)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.mount("/static", StaticFiles(packages=[("overstap.web", "static")]), name="static")
    app.mount("/assets", StaticFiles(packages=[("overstap.publish", "assets")]), name="assets")
    env = Environment(loader=PackageLoader("overstap.audit"), autoescape=select_autoescape(default=True))

    @app.get("/")
    def start(lang: str = "nl") -> Response:
        return RedirectResponse(f"/ad/{desk.next() + 1}?lang={_language(lang)}", 303)

    @app.get("/ad/{number}", response_class=HTMLResponse)
    def ad(number: int, lang: str = "nl", kept: int = 0) -> Response:
        if not 1 <= number <= len(desk.ids):
            return RedirectResponse(f"/?lang={_language(lang)}", 303)
        values = _values(desk, number, _language(lang))
        return HTMLResponse(env.get_template("desk.html").render(**values, kept=kept if kept != number else 0))

    @app.post("/ad/{number}")
    async def judged(request: Request, number: int, lang: str = "nl") -> Response:
        if not from_here(request):
            return PlainTextResponse("Answers are taken from this page alone.\n", 403)
        if not 1 <= number <= len(desk.ids):
            return RedirectResponse(f"/?lang={_language(lang)}", 303)
        try:
            desk.judge(number - 1, await read_form(request))
        except TooLarge:
            return PlainTextResponse("Too large.\n", 413)
        follows = f"{desk.next(number - 1) + 1}?kept={number}&" if desk.is_done(number - 1) else f"{number}?"
        return RedirectResponse(f"/ad/{follows}lang={_language(lang)}", 303)

    return app


def _language(lang: str) -> str:
    return lang if lang in _LANGS else _LANGS[0]


def _values(desk: Desk, number: int, lang: str) -> dict[str, Any]:
    rows, ad, ui = desk.rows(number - 1), desk.ad(number - 1), Texts(lang)
    waiting, faults = desk.waiting(number - 1), desk.faults(number - 1)
    lines = [
        {
            "n": n,
            "row": row,
            "name": ui(f"audit.what.{row.what}"),
            "value": _label(desk, row, ui),
            "is_open": row in waiting,
            "faults": [_told(ui, fault) for fault in faults.get(n, ())],
            "options": _options(desk, row, ui),
            "typed": [*missed_skills(row), "", "", ""] if row.what == MISSED else [row.should_be],
        }
        for n, row in enumerate(rows)
    ]
    return {
        "ui": ui,
        "lang": lang,
        "other": _LANGS[1 - _LANGS.index(lang)],
        "number": number,
        "total": len(desk.ids),
        "read": desk.read_n(),
        "ad": ad,
        "text": _marked(ad["text"], ad["skills"] or [], ad["fact_spans"] or []) if ad else "",
        "groups": [
            (
                ui("audit.coded"),
                [line for line, row in zip(lines, rows, strict=True) if row.what not in (SKILL, MISSED)],
            ),
            (ui("audit.skills"), [line for line, row in zip(lines, rows, strict=True) if row.what == SKILL]),
        ],
        "missed": next((line for line, row in zip(lines, rows, strict=True) if row.what == MISSED), None),
        "skill": SKILL,
        "numbers": NUMBERS,
        "waiting": [
            line["value"] if row.what == SKILL else line["name"]
            for line, row in zip(lines, rows, strict=True)
            if line["is_open"]
        ],
        "partly": [
            (at + 1, [_name(desk, what, ui) for what in open_]) for at, open_ in desk.partly() if at != number - 1
        ],
        "lists": {what: _choices(desk, what, ui) for what in (SKILL, *_LISTED)},
        "listed": _LISTED,
        "path": desk.path.name,
    }


def _name(desk: Desk, what: str, ui: Texts) -> str:
    return ui(f"audit.what.{what}") if what in (*FACTS, OCCUPATION, MISSED) else _called(desk, SKILL, what, ui)


def _label(desk: Desk, row: SheetRow, ui: Texts) -> str:
    """The value of a row in words."""
    if not row.value:
        return ui("audit.not_said")
    names = [
        _called(desk, row.what, value, ui)
        for value in (row.value.split(SEPARATOR) if row.what in LISTS else [row.value])
    ]
    return f"{row.value} {names[0]}" if row.what in (OCCUPATION, "sector") else ", ".join(names)


def _called(desk: Desk, field: str, value: str, ui: Texts) -> str:
    if field == SKILL:
        return skill_label(desk.skills[value], ui.lang) if value in desk.skills else value
    key = f"audit.value.{field}.{value}"
    return ui(key) if ui.has(key) else _names(field, ui.lang).get(value, value)


def _choices(desk: Desk, field: str, ui: Texts) -> list[tuple[str, str]]:
    return [(value, _called(desk, field, value, ui)) for value in desk.values.known[field]]


def _options(desk: Desk, row: SheetRow, ui: Texts) -> list[tuple[str, str]]:
    """What there is to choose from for a fact of few values, with what was typed in the sheet if it is none of them."""
    if row.what in (SKILL, MISSED, *_LISTED, *NUMBERS):
        return []
    choices = _choices(desk, row.what, ui)
    if row.what == "sector":
        choices = [(value, f"{value} {name}") for value, name in choices]
    own = [(row.should_be, row.should_be)] if row.should_be and row.should_be not in dict(choices) else []
    unknown = [(_UNKNOWN, ui("audit.not_said"))]
    return [("", "…"), *choices, *unknown, *(pair for pair in own if said(row))]


def _told(ui: Texts, fault: Fault) -> str:
    return " ".join(
        (
            ui(f"audit.fault.{fault.kind}", value=fault.value, other=fault.hint),
            ui("audit.fault.mean", value=fault.hint) if fault.hint and fault.kind != "order" else "",
        )
    ).strip()


def _marked(text: str, skills: Sequence[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]]) -> Markup:
    """The text of an ad with the words of every coding marked."""
    spans = sorted({(s["start"], s["end"]) for s in [*skills, *facts] if s["end"] > s["start"]})
    out, at = Markup(""), 0
    for start, end in spans:
        if start >= at:
            out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
            at = end
    return out + escape(text[at:])


@lru_cache(maxsize=8)
def _names(field: str, lang: str) -> Mapping[str, str]:
    """What the values of a field are called that a classification names."""
    if field == OCCUPATION:
        return {row["code"]: row[f"title_{lang}"] for row in load("isco08").to_pylist()}
    if field == "sector":
        return {row["code"]: row[f"title_{lang}"] for row in load("sbi2008").to_pylist()}
    if field == "province_code":
        return {row["province_code"]: row["official_name"] for row in load("places").to_pylist() if _is_province(row)}
    return dict(Locale(lang).languages) if field == "languages_required" else {}


def _is_province(row: Mapping[str, Any]) -> bool:
    return bool(row["kind"] == "province")
