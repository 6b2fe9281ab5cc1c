"""Levers on the page of scenarios: what a reader turned, run when asked, and kept for the next who asks the same.

Choices are values of a grid, so that there is nothing to read between computed ones; at most `_KEPT` results are kept,
and one is computed at a time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from overstap.outlook.levers import levers
from overstap.outlook.live import DRAWS_MAX, Live, choices
from overstap.pipeline import Study
from overstap.publish.scenarios import ScenarioChapter
from overstap.web.figures import View
from overstap.web.results import Row, Snapshot

_KEPT = 500
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Lever:
    """A lever of the form: its name, label, meaning, and its options as (value of the query, text, chosen)."""

    name: str
    label: str
    meaning: str
    options: tuple[tuple[str, str, bool], ...]


def offered(study: Study) -> bool:
    """Whether a study's levers can be turned within a request."""
    return study.spec.outlook.draws <= DRAWS_MAX


def form(view: View) -> list[Lever]:
    """The levers with their values; those that are chosen, or neutral."""
    t, chosen = view.t, dict(_pairs(view.selection.lever))
    found = []
    for name, values in choices().items():
        lever = levers()[name]
        at = chosen.get(name, lever.neutral)
        size = 100 if lever.unit == "share" else 1
        unit = t(f"ahead.unit.{lever.unit.replace(' ', '_')}")
        label = t(f"ahead.lever.{name}") + ("" if unit == "%" else f" ({unit})")
        options = tuple(
            (
                f"{name}:{value:g}",
                t.number(size * value, 0 if size * value == round(size * value) else 2)
                + ("\u00a0%" if unit == "%" else "")
                + (f" ({t('scenarios.live.neutral')})" if value == lever.neutral else ""),
                value == at,
            )
            for value in values
        )
        found.append(Lever(name, label, lever.meaning[t.language], options))
    return found


def turned(view: View) -> ScenarioChapter | None:
    """The base beside what the reader turned; None where nothing is."""
    chosen = view.selection.lever
    if not chosen or not offered(view.snapshot.study):
        return None
    return ScenarioChapter(view.snapshot.study, view.t, _rows(view.snapshot, chosen))


def ready(snapshot: Snapshot) -> None:
    """Make what every turn of a lever starts from, where levers can be turned."""
    if offered(snapshot.study):
        with _LOCK:
            _live_of(snapshot)


def _live_of(snapshot: Snapshot) -> Live:
    if ("live",) not in snapshot.kept:
        snapshot.kept["live",] = _live(snapshot.study)
    found: Live = snapshot.kept["live",]
    return found


def _rows(snapshot: Snapshot, chosen: tuple[str, ...]) -> list[Row]:
    with _LOCK:
        key = ("lever", *sorted(chosen))
        if key not in snapshot.kept:
            live = _live_of(snapshot)
            kept = [one for one in snapshot.kept if one[0] == "lever"]
            for old in kept[: max(0, len(kept) - _KEPT + 1)]:
                del snapshot.kept[old]
            snapshot.kept[key] = live.turned(dict(_pairs(chosen)))
        found: list[Row] = snapshot.kept[key]
        return found


def _live(study: Study) -> Live:
    from overstap.outlook_steps import market_of
    from overstap.steps import Context

    engine = study.engine()
    try:
        market = market_of(Context(study.spec, study.base, study.store, engine))
    finally:
        engine.close()
    return Live(market, study.spec.outlook.confidence, study.spec.outlook.seed)


def _pairs(chosen: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, float(value)) for name, _, value in (one.partition(":") for one in chosen)]
