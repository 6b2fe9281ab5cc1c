"""Pay of a scale ("schaal 9, cao Rijk") from the bundled table of published pay scales."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache

import pyarrow as pa

from overstap.ads.facts.forms import Mentions
from overstap.ads.facts.result import Entry
from overstap.reference.tables import load

_EMPLOYERS = {
    "rijk": re.compile(r"^(?:ministerie\b|rijks|belastingdienst|dienst uitvoering onderwijs|douane\b)", re.IGNORECASE),
    "gemeenten": re.compile(r"^gemeente\b", re.IGNORECASE),
}
"""Employers under an agreement, by the start of their name, where the ad does not name the agreement."""


def scale_pay(
    mentions: Mentions, companies: pa.Array, dates: pa.Array, known: Collection[int]
) -> Iterator[tuple[int, Entry, tuple[float, float]]]:
    """Row, entry and pay (least and most a month, full time) of ads that name one scale and whose pay is not `known`.

    Left out where the agreement is not clear or the table has no figures for the date the ad was posted.
    """
    scales: dict[int, list[Entry]] = defaultdict(list)
    agreements: dict[int, set[str]] = defaultdict(set)
    for entry in mentions.entries:
        kind, _, value = entry[3].partition(":")
        if kind == "scale":
            scales[entry[0]].append((*entry[:3], value))
        elif kind == "cao":
            agreements[entry[0]].add(value)
    for row, entries in scales.items():
        names = {entry[3] for entry in entries}
        if row in known or len(names) > 1:
            continue
        employer = next((cao for cao, name in _EMPLOYERS.items() if name.match(companies[row].as_py() or "")), None)
        named = agreements[row] or ({employer} if employer else set())
        pay = _pay(next(iter(named)), names.pop(), dates[row].as_py()) if len(named) == 1 else None
        if pay is not None:
            yield row, entries[0], pay


def _pay(agreement: str, scale: str, posted: date | None) -> tuple[float, float] | None:
    if posted is None:
        return None
    rows = _table().get((agreement, scale), ())
    return next(((low, high) for first, last, low, high in rows if first <= posted.isoformat() <= last), None)


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], list[tuple[str, str, float, float]]]:
    found: dict[tuple[str, str], list[tuple[str, str, float, float]]] = defaultdict(list)
    for row in load("pay_scales").to_pylist():
        found[row["agreement"], row["scale"]].append((row["first_date"], row["last_date"], row["low"], row["high"]))
    return found
