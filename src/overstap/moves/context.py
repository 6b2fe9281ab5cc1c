"""What else decides on a move beside similarity, in words for a terminal: level, pay, outlook and licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from overstap.moves.crosswalk import Level
from overstap.moves.facts import occupation_facts
from overstap.outlook.source import WINDOW
from overstap.reference.tables import load

UNKNOWN = "unknown"


def contexts(rows: Sequence[Mapping[str, Any]], level: Level, lang: str = "nl") -> list[tuple[str, str, str, str]]:
    """For rows with `from_code` and `to_code`: step in level, pay then and now, growth and licence of the goal.

    "unknown" where nobody publishes it, and empty where the row has no occupation.
    """
    facts = {row["code"]: row for row in occupation_facts(level, WINDOW).to_pylist()}
    names = {row["licence_id"]: row[f"name_{lang}"] for row in load("licences").to_pylist()}
    return [_context(facts.get(row["from_code"]), facts.get(row["to_code"]), names) for row in rows]


def _context(
    start: Mapping[str, Any] | None, goal: Mapping[str, Any] | None, names: Mapping[str, str]
) -> tuple[str, str, str, str]:
    if goal is None:
        return "", "", "", ""
    growth = UNKNOWN if goal["growth"] is None else f"{100 * goal['growth']:+.0f} %"
    held = set(start["licences"] or ()) if start else set()
    asked = [] if held & set(goal["licences"] or ()) else list(goal["licences"] or ())
    licence = "; ".join(names[one] for one in asked)
    some = [names[one] for one in goal["licences_part"] or () if one not in held]
    if not licence and some:
        licence = f"(part) {some[0]}{' …' if len(some) > 1 else ''}"
    return _step(start, goal), f"{_pay(start)} → {_pay(goal)}", growth, licence


def _step(start: Mapping[str, Any] | None, goal: Mapping[str, Any]) -> str:
    levels = [row[f"skill_level_{end}"] for row in (start, goal) if row for end in ("min", "max")]
    if start is None or None in levels:
        return UNKNOWN
    up, down = goal["skill_level_min"] - start["skill_level_max"], start["skill_level_min"] - goal["skill_level_max"]
    return f"+{up}" if up > 0 else f"-{down}" if down > 0 else "same"


def _pay(row: Mapping[str, Any] | None) -> str:
    return UNKNOWN if row is None or row["pay_p50"] is None else f"{row['pay_p50']:.2f}"
