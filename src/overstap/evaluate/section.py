"""What the run of an annotated set gives: a section of the page, in text, tables and plots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overstap.evaluate.measures import Bin, Confusion, calibration_error
from overstap.evaluate.skills import Estimate

WORST = 20
"""Errors shown of a set."""


class Unavailable(Exception):
    """A set that this installation cannot run; the text says what is missing."""


@dataclass(frozen=True)
class Table:
    """A table of cells as they are printed."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reliability:
    """A plot of score against share right."""

    title: str
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Heat:
    """A plot of a confusion."""

    title: str
    confusion: Confusion


Part = str | Table | Reliability | Heat


@dataclass(frozen=True)
class Section:
    """A set that was run: its name, what it is, the figures of the overview (name, estimate), and the parts below.

    `lacking`: why it could not be run, and the command that mends it."""

    title: str
    about: str
    figures: tuple[tuple[str, Estimate], ...] = ()
    parts: tuple[Part, ...] = ()
    lacking: str = ""


def share(estimate: Estimate) -> str:
    """An estimate with its interval, as fraction; a dash where there is none. A single case has no interval."""
    if math.isnan(estimate.value):
        return "–"
    digits = 3 if estimate.n > 1000 and estimate.high - estimate.low < 0.05 else 2
    if estimate.n < 2 or math.isnan(estimate.low):
        return f"{estimate.value:.{digits}f}"
    return f"{estimate.value:.{digits}f} ({estimate.low:.{digits}f}–{estimate.high:.{digits}f})"


def figures_table(figures: Iterable[tuple[str, Estimate]]) -> Table:
    """Named estimates, one a row."""
    rows = tuple((name, f"{e.n:,}", share(e)) for name, e in figures)
    return Table(("measure", "n", "value (95 % interval)"), rows)


def reliability_parts(what: str, bins: Sequence[Bin]) -> tuple[Part, ...]:
    """Plot and table of score against share right, with the calibration error."""
    rows = tuple((f"{b.low:.1f}–{b.high:.1f}", f"{b.right.n:,}", f"{b.mean_score:.2f}", share(b.right)) for b in bins)
    n = sum(b.right.n for b in bins)
    said = f"{what}: score and share right lie {calibration_error(bins):.3f} apart on average (n = {n:,})."
    return (said, Reliability(what, tuple(bins)), Table(("score", "n", "mean score", "share right"), rows))


def worst_errors(
    texts: Sequence[str], gold: Sequence[str], found: Sequence[str | None], scores: Sequence[float], shown: bool
) -> tuple[Part, ...]:
    """The cases that are wrong at the highest scores; without their texts, where these may not be shown, the kinds of
    error that come most often."""
    wrong = [i for i, (g, f) in enumerate(zip(gold, found, strict=True)) if f is not None and f != g]
    if not wrong:
        return ("No case was given a wrong answer.",)
    if shown:
        worst = sorted(wrong, key=lambda i: (-scores[i], i))[:WORST]
        rows = tuple((short(texts[i]), gold[i], str(found[i]), f"{scores[i]:.2f}") for i in worst)
        return ("Wrong at the highest scores:", Table(("text", "right", "given", "score"), rows))
    pairs: dict[tuple[str, str], list[float]] = {}
    for i in wrong:
        pairs.setdefault((gold[i], str(found[i])), []).append(scores[i])
    common = sorted(pairs.items(), key=lambda item: (-len(item[1]), -max(item[1]), item[0]))[:WORST]
    rows = tuple((g, f, str(len(s)), f"{sum(s) / len(s):.2f}") for (g, f), s in common)
    said = "The errors that come most often (the texts of this set are not shown: its licence is not stated):"
    return (said, Table(("right", "given", "cases", "mean score"), rows))


def short(text: str, most: int = 90) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
