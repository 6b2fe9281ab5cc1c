"""The main findings of a study: candidates from its `out_` tables, each with a truth condition, in order by rules.

Front page, management summary and recommendations take the same findings from here. Rules (docs/method.md): an estimate
is `firm` where its interval settles the matter, `open` where it does not, `unknown` where there is none. Of each theme
the firmest candidate is the main one, and of equally firm ones the one whose question comes first in `QUESTIONS`. The
others follow by how far they lie from their threshold. No cause is named, and what is unknown is said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from overstap.publish.labels import Translator

Standing = Literal["firm", "open", "unknown"]
THEMES = ("demand", "skills", "outlook", "moves", "education", "experts")
QUESTIONS = (
    "digital", "soft", "within", "ict", "riser", "faller", "leader", "shortage", "growth", "placement", "dropout",
    "curriculum", "fit", "gap",
)  # fmt: skip
MAIN = 5
FLAT_PP = 2.0  # a change that is surely smaller than this many percentage points either way is called flat
HALF_PCT = 50.0  # what lies above is said of most, what lies below of fewer than half
_CERTAIN = 99.0  # strength of what is known without an interval
_ORDER: dict[Standing, int] = {"firm": 0, "open": 1, "unknown": 2}


@dataclass(frozen=True)
class Estimate:
    """A value with the bounds of its interval, and the `null` it is held against; None where it is unknown."""

    value: float | None
    low: float | None
    high: float | None
    null: float = 0.0

    @property
    def strength(self) -> float:
        """The distance to `null` in half-widths of the interval; 0 where one of them is unknown."""
        if self.value is None or self.low is None or self.high is None:
            return 0.0
        half = (self.high - self.low) / 2
        return min(abs(self.value - self.null) / half, _CERTAIN) if half else _CERTAIN


def side_of(estimate: Estimate, flat: float = 0.0) -> str:
    """above, below, flat (surely within `flat` of null), unclear (the interval holds null) or unknown."""
    low, high, null = estimate.low, estimate.high, estimate.null
    if estimate.value is None or low is None or high is None:
        return "unknown"
    if low > null:
        return "above"
    if high < null:
        return "below"
    return "flat" if flat and null - flat <= low and high <= null + flat else "unclear"


@dataclass(frozen=True)
class Finding:
    """A sentence with its number: what it is on (`id`, `theme`), its truth value (`state`) and how firm it stands.

    `number`, `unit`, `interval` and `caption` (n, source, period) are texts; `view`, `choices` and `anchor` where the
    dashboard shows it, `chapter` where the report does; `points` a short series, `estimate` the number itself, and
    `null_text` what it is held against.
    """

    id: str
    theme: str
    state: str
    standing: Standing
    text: str
    number: str = ""
    unit: str = ""
    interval: str = ""
    caption: str = ""
    view: str = "demand"
    choices: tuple[tuple[str, str], ...] = ()
    anchor: str = ""
    chapter: str = ""
    points: tuple[tuple[str, float | None], ...] = ()
    estimate: Estimate = Estimate(None, None, None)
    null_text: str = ""

    @property
    def strength(self) -> float:
        """How far the estimate lies from its threshold, in half-widths of its interval."""
        return self.estimate.strength


def unknown(t: Translator, id: str, theme: str, chapter: str, view: str, **fields: object) -> Finding:
    """The finding that something is not known, without a number."""
    return Finding(
        id, theme, "unknown", "unknown", t(f"findings.{id}.unknown", **fields), view=view, chapter=chapter,
        number=t("findings.no_number"),
    )  # fmt: skip


def main_findings(candidates: Sequence[Finding], most: int = MAIN) -> tuple[list[Finding], list[Finding]]:
    """The `most` main findings, one a theme, in the order of `QUESTIONS`; and the others, from firm to unknown.

    Firm ones go before open ones, and those with an interval before those without. What is unknown is never a main
    finding. Where fewer than `most` themes have a known one, the next best fill up.
    """
    order = sorted((one for one in candidates if one.standing != "unknown"), key=_rank)
    first: dict[str, Finding] = {}
    for one in order:
        first.setdefault(one.theme, one)
    chosen = list(first.values())[:most]
    chosen += [one for one in order if one not in chosen][: most - len(chosen)]
    others = [one for one in candidates if one not in chosen]
    return (
        sorted(chosen, key=lambda one: QUESTIONS.index(one.id)),
        sorted(others, key=lambda one: (_ORDER[one.standing], -one.strength, QUESTIONS.index(one.id))),
    )


def _rank(one: Finding) -> tuple[int, bool, int]:
    return (_ORDER[one.standing], one.estimate.low is None, QUESTIONS.index(one.id))
