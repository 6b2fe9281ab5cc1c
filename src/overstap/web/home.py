"""The front page: the main findings of the study, what it covers, and a way in for everyone who uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from overstap.publish.caution import warning_text
from overstap.publish.findings import MAIN, Finding
from overstap.web import queries
from overstap.web.further import shared
from overstap.web.pages import view_of
from overstap.web.results import Snapshot
from overstap.web.selection import Selection

WAYS = {
    "researcher": ("demand", "definitions", "quality"),
    "statistician": ("quality", "levels", "definitions"),
    "adviser": ("occupation", "moves", "outlook"),
    "planner": ("education", "curriculum", "demand"),
    "organiser": ("panel", "survey"),
    "board": ("compare", "sector", "scenarios", "initiatives"),
}
"""The pages each kind of user begins at, in the order of the mission's table."""


@dataclass(frozen=True)
class Way:
    """A way in: the key of whom it is for, and the addresses and views it leads to."""

    who: str
    pages: tuple[tuple[str, str], ...]


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The front page; it takes no choice but the language."""
    selection = Selection(lang=selection.lang, view="home")
    view = view_of(snapshot, selection)
    found = snapshot.summaries[selection.lang]
    t, spec = view.t, snapshot.study.spec
    read = sum(row["value_n"] for row in snapshot.rows("SELECT value_n FROM out_quality WHERE measure = 'ads_read'"))
    warned = [row for row in view.caution.warnings if row["severity"] == "warning"]
    return {
        **shared(view),
        "findings": found,
        "few": len(found.main) < MAIN,
        "href_of": lambda one: href_of(one, selection.lang),
        "ads": read,
        "vacancies": queries.vacancies(snapshot, selection),
        "period": t.whole_period,
        "sources": [source.id for source in spec.sources],
        "warnings": [warning_text(t, row) for row in warned],
        "ways": [
            Way(who, tuple((name, Selection(lang=selection.lang, view=name).href()) for name in names))
            for who, names in WAYS.items()
        ],
    }


def href_of(finding: Finding, lang: str) -> str:
    """The page that shows a finding, at its place."""
    choices: dict[str, Any] = dict(finding.choices)
    if "item_id" in choices:
        choices["item_id"] = (choices["item_id"],)
    place = f"#{finding.anchor}" if finding.anchor else ""
    return Selection(lang=lang, view=finding.view, **choices).href() + place
