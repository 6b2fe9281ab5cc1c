"""The parts of the page of advice: plain words only, ready to be set out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from overstap.moves.advise import Advice
from overstap.moves.facts import checked_licences
from overstap.publish.labels import Translator
from overstap.reference.tables import sources_of


@dataclass(frozen=True, slots=True)
class Line:
    """A fact with its label."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One move in full. `band` is high, medium or low; `learn` are subjects with skills and time."""

    rank: str
    name: str
    example: str
    band: str
    fit: str
    why: tuple[str, ...]
    why_not: tuple[str, ...]
    can: str
    learn: tuple[Line, ...]
    effort: tuple[str, ...]
    found: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One move in a line of the table."""

    name: str
    example: str
    fit: str
    pay: str
    learn: str
    openings: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet, top to bottom; `heads` are the titles of its parts and of the table."""

    language: str
    title: str
    kicker: str
    made: str
    intro: tuple[str, ...]
    wishes: tuple[str, ...]
    now: tuple[Line, ...]
    warnings: tuple[str, ...]
    goal: Card | None
    cards: tuple[Card, ...]
    rows: tuple[Row, ...]
    near_cards: tuple[Card, ...]
    near: tuple[Line, ...]
    routes: tuple[str, ...]
    routes_head: str
    ask: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[Line, ...]
    statement: str
    heads: Mapping[str, str]


def sources(advice: Advice, t: Translator) -> tuple[Line, ...]:
    """The sources behind the page, with their periods."""
    first, last = advice.window
    parts = {
        "jobs": ("brc_jobs", 0),
        "pay": ("brc_jobs", 1),
        "outlook": ("cedefop_employment", 0),
        "skills": ("esco_profiles", 0),
        "sectors": ("employment_sector_occupation", 0),
    }
    lines = []
    for key, (table, at) in parts.items():
        source = sources_of(table)[at]
        period = f" ({source.period})" if source.period else ""
        text = t("advice.sources.line", publisher=source.publisher, title=source.title, period=period)
        lines.append(Line(t(f"advice.sources.{key}", first=first, last=last), text))
    lines.append(Line(t("advice.sources.training"), t("advice.sources.table")))
    checked, n = checked_licences()
    own = t("advice.sources.own", n=t.number(n), checked=t.number(checked), assumed=t.number(n - checked))
    return (*lines, Line(t("advice.sources.licences"), own))
