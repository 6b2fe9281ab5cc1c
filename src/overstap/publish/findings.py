"""The main findings of a study: candidates from its `out_` tables, each with a truth condition, ranked by written rules.

Home page, management summary and recommendations take the same findings from here. Rules (docs/method.md): an estimate is
`firm` where its interval settles the matter, `open` where it does not, `unknown` where there is none. Of each theme the
firmest candidate comes first, and of equally firm ones the one furthest from its threshold in half-widths of its interval.
No cause is named, and what is unknown is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from overstap.publish.labels import Translator

Standing = Literal["firm", "open", "unknown"]
THEMES = ("demand", "skills", "outlook", "moves", "education", "experts")
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
    dashboard shows it, `chapter` where the report does; `points` a short series and `estimate` the number itself.
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


def ranked(candidates: Iterable[Finding]) -> list[Finding]:
    """Firm before open before unknown, then by strength, then in the order of themes and of the ids."""
    return sorted(candidates, key=lambda f: (_ORDER[f.standing], -f.strength, THEMES.index(f.theme), f.id))


def main_findings(candidates: Sequence[Finding], most: int = MAIN) -> tuple[list[Finding], list[Finding]]:
    """The `most` main findings, at most one a theme, in the order of themes; and the others, ranked.

    What is unknown is never a main finding. Where fewer themes than `most` have a known one, the next best fill up.
    """
    order = [one for one in ranked(candidates) if one.standing != "unknown"]
    first: dict[str, Finding] = {}
    for one in order:
        first.setdefault(one.theme, one)
    chosen = list(first.values())[:most]
    chosen += [one for one in order if one not in chosen][: most - len(chosen)]
    chosen.sort(key=lambda one: (THEMES.index(one.theme), order.index(one)))
    return chosen, [one for one in ranked(candidates) if one not in chosen]
