"""The page on which a reader judges a sheet: one ad at a time, every answer kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from overstap.audit.sheet import (
    MISSED,
    OCCUPATION,
    SEPARATOR,
    SKILL,
    VERDICTS,
    SheetRow,
    by_ad,
    is_read,
    read_sheet,
    write_sheet,
)
from overstap.errors import InputError, nearest
from overstap.pipeline import Study
from overstap.publish.labels import skill_label
from overstap.reference.tables import load
from overstap.sql.lookups import lookup
from overstap.trace import reading
from overstap.web.headers import KnownHosts, SecurityHeaders
from overstap.web.texts import Texts

_LANGS = ("nl", "en")


class Desk:
    """A sheet under judgement. Each answer is written to the file before the next ad is shown."""

    def __init__(self, study: Study, path: Path) -> None:
        self.path = path
        self._ads = by_ad(read_sheet(path))
        self.ids = list(self._ads)
        if not self.ids:
            raise InputError(f"{path} holds no ad.", fix="Draw anew: overstap audit draw STUDY --out FILE")
        with reading(study) as read:
            self._texts = {ad["ad_id"]: ad for ad in read(lookup("ads_by_id"), {"ad_ids": self.ids})}
        skills = study.table("core_skills", ["skill_id", "label_nl", "label_en"]).to_pylist()
        self.skills = {row["skill_id"]: row for row in skills}
        self.occupations = {row["code"]: row for row in load("isco08").to_pylist()}
        labels = [(row[f"label_{lang}"], row["skill_id"]) for row in skills for lang in _LANGS]
        self._by_label = {label.casefold(): skill_id for label, skill_id in labels if label}

    def rows(self, number: int) -> list[SheetRow]:
        """The rows of the ad at place `number`."""
        return self._ads[self.ids[number]]

    def ad(self, number: int) -> Mapping[str, Any] | None:
        """The ad at place `number` as the study has it; null where a later run no longer has it."""
        return self._texts.get(self.ids[number])

    def read_n(self) -> int:
        """How many ads were read."""
        return sum(is_read(rows) for rows in self._ads.values())

    def next(self) -> int:
        """The place of the first ad that was not read; the last ad where all were."""
        return next((i for i, ad_id in enumerate(self.ids) if not is_read(self._ads[ad_id])), len(self.ids) - 1)

    def judge(self, number: int, answers: Mapping[str, Sequence[str]]) -> None:
        """Keep the answers on an ad: `verdict.N`, and `should_be.N` (once or more) for its N-th row."""
        self._ads[self.ids[number]] = [self._judged(n, row, answers) for n, row in enumerate(self.rows(number))]
        write_sheet(self.path, (row for ad_id in self.ids for row in self._ads[ad_id]))

    def _judged(self, n: int, row: SheetRow, answers: Mapping[str, Sequence[str]]) -> SheetRow:
        given = answers.get(f"verdict.{n}", [""])[-1]
        verdict = given if given in VERDICTS.get(row.what, ("right", "wrong")) else ""
        values = [value.strip() for value in answers.get(f"should_be.{n}", []) if value.strip()]
        if row.what == MISSED:
            values = [self._by_label.get(value.casefold(), value) for value in values]
            verdict = "" if self.unknown(values) else verdict  # an ad is not read while a skill is not known
        return row.judged(verdict, SEPARATOR.join(values))

    def unknown(self, skills: Sequence[str]) -> list[str]:
        """Those of `skills` that are not in the taxonomy, each with the nearest that is."""
        return [f"{s}: {nearest(s, self.skills)}".rstrip(": ") for s in skills if s not in self.skills]


def create_desk(study: Study, path: Path, host: str = "127.0.0.1") -> FastAPI:
    """The page of a sheet as an application. Raises InputError for a sheet that cannot be read."""
    desk = Desk(study, path)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(KnownHosts, host=host)
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(packages=[("overstap.web", "static")]), name="static")
    app.mount("/assets", StaticFiles(packages=[("overstap.publish", "assets")]), name="assets")
    env = Environment(loader=PackageLoader("overstap.audit"), autoescape=select_autoescape(default=True))

    @app.get("/")
    def start(lang: str = "nl") -> Response:
        return RedirectResponse(f"/ad/{desk.next() + 1}?lang={_language(lang)}", 303)

    @app.get("/ad/{number}", response_class=HTMLResponse)
    def ad(number: int, lang: str = "nl") -> Response:
        if not 1 <= number <= len(desk.ids):
            return RedirectResponse(f"/?lang={_language(lang)}", 303)
        return HTMLResponse(env.get_template("desk.html").render(**_values(desk, number, _language(lang))))

    @app.post("/ad/{number}")
    async def judged(request: Request, number: int, lang: str = "nl") -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.split("//")[-1] != request.headers.get("host"):
            return PlainTextResponse("Answers are taken from this page alone.\n", 403)
        if not 1 <= number <= len(desk.ids):
            return RedirectResponse(f"/?lang={_language(lang)}", 303)
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        desk.judge(number - 1, form)
        follows = desk.next() + 1 if is_read(desk.rows(number - 1)) else number
        return RedirectResponse(f"/ad/{follows}?lang={_language(lang)}", 303)

    return app


def _language(lang: str) -> str:
    return lang if lang in _LANGS else _LANGS[0]


def _values(desk: Desk, number: int, lang: str) -> dict[str, Any]:
    rows, ad = desk.rows(number - 1), desk.ad(number - 1)
    missed = [skill for row in rows if row.what == MISSED for skill in row.should_be.split(SEPARATOR) if skill]
    return {
        "ui": Texts(lang),
        "lang": lang,
        "other": _LANGS[1 - _LANGS.index(lang)],
        "number": number,
        "total": len(desk.ids),
        "read": desk.read_n(),
        "ad": ad,
        "text": _marked(ad["text"], ad["skills"] or [], ad["fact_spans"] or []) if ad else "",
        "rows": [
            (n, row, _label(desk, row, lang), VERDICTS.get(row.what, ("right", "wrong"))) for n, row in enumerate(rows)
        ],
        "skills": [(skill_id, skill_label(row, lang)) for skill_id, row in desk.skills.items()],
        "skill": SKILL,
        "missed": MISSED,
        "found_missing": missed,
        "unknown": desk.unknown(missed),
    }


def _label(desk: Desk, row: SheetRow, lang: str) -> str:
    if row.what == SKILL and row.value in desk.skills:
        return skill_label(desk.skills[row.value], lang)
    if row.what == OCCUPATION and row.value:
        return f"{row.value} {desk.occupations.get(row.value, {}).get(f'title_{lang}', '')}"
    return row.value or "–"


def _marked(text: str, skills: Sequence[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]]) -> Markup:
    """The text of an ad with the words of every coding marked."""
    spans = sorted({(s["start"], s["end"]) for s in [*skills, *facts] if s["end"] > s["start"]})
    out, at = Markup(""), 0
    for start, end in spans:
        if start >= at:
            out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
            at = end
    return out + escape(text[at:])
