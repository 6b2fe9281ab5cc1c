"""Weights of the vacancies of one quarter: post-stratified to official totals, with those of unknown sector spread.

A vacancy of known sector s weighs w_s. One whose sector is not known weighs Σ_s P(s)·w_s, with P(s) the chance that
it is of sector s given its occupation. The weights are such that each stratum meets its total, T_s = w_s · N_s with N_s
the vacancies known to be of s plus those expected to be (post-stratification: Holt & Smith 1979; Statistics Netherlands
weights online vacancies to the totals of its survey in the same way).

- A sector that was not recognised is taken to be missing at random among the feed's vacancies of the same occupation:
  P(s) follows the feed's own counts.
- An agency hires for the market, not for the employers whose own ads the feed happens to have: P(s) follows those
  counts weighted to the totals by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from overstap.reference.totals import letters
from overstap.schema.out import UNKNOWN
from overstap.schema.weights import AGENCY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Groups of sections in which Statistics Netherlands publishes vacancies: within one, sections resemble each other.
GROUPS = ("B-E", "G-I", "M-N", "O-Q", "R-U", "B-F", "G-N", "O-U")


@dataclass(frozen=True)
class Quarter:
    """Vacancies of one quarter per cell: sector code (or `agency`, `unknown`), ISCO sub-major group, and their number;
    and the official total of each sector code that has one."""

    sector: Sequence[str]
    isco2: Sequence[str]
    n: Floats
    totals: Mapping[str, float]


@dataclass(frozen=True)
class Weighed:
    """Axis c: cells. Axis s: `codes`. `chance[c, s]` is the chance that a vacancy of c is of s, `part[c, s]` what of
    its weight goes to s (Σ_s = `weight`); NaN where a cell has no weight. `stratum[s]` numbers the strata."""

    codes: tuple[str, ...]
    stratum: Ints
    chance: Floats
    part: Floats
    weight: Floats
    trimmed: NDArray[np.bool_]

    def name(self, sector: str) -> str | None:
        """The codes weighted together with a section or code: `C`, or `B-E`; null where it has no total."""
        own = next((s for s, code in enumerate(self.codes) if sector == code or sector in letters(code)), None)
        if own is None:
            return None
        pairs = zip(self.codes, self.stratum, strict=True)
        together = [code for code, number in pairs if number == self.stratum[own]]
        return together[0] if len(together) == 1 else f"{together[0][0]}-{together[-1][-1]}"


def join_strata(codes: Sequence[str], n: Floats, totals: Floats, min_n: int) -> Ints:
    """The number of the stratum of each code, in the order of SBI, such that each stratum has `min_n` vacancies and a
    total above zero.

    The thinnest stratum is joined with its neighbour in the order of SBI, of the two the one that it shares the smaller
    group of sections with (`GROUPS`), else the one with fewer vacancies; and so on until none is thin or one is left.
    """
    strata = [[i] for i in range(len(codes))]
    while len(strata) > 1:
        size = [n[members].sum() for members in strata]
        thin = [i for i, members in enumerate(strata) if size[i] < min_n or not totals[members].sum() > 0]
        if not thin:
            break
        i = min(thin, key=lambda i: (size[i], i))
        beside = [j for j in (i - 1, i + 1) if 0 <= j < len(strata)]
        j = min(beside, key=lambda j: (_kinship([codes[k] for k in strata[i] + strata[j]]), size[j], j))
        low, high = min(i, j), max(i, j)
        strata[low : high + 1] = [strata[low] + strata[high]]
    stratum = np.zeros(len(codes), dtype=np.int64)
    for number, members in enumerate(strata):
        stratum[members] = number
    return stratum


def _kinship(codes: Sequence[str]) -> int:
    """The number of sections in the smallest group that holds all codes; that of all sections where none does."""
    held = frozenset[str]().union(*(letters(code) for code in codes))
    return min((len(letters(group)) for group in GROUPS if held <= letters(group)), default=21)


def weigh(quarter: Quarter, min_n: int, trim: float) -> Weighed:
    """The weights of the cells of a quarter. No cell has one where there are no totals or fewer than `min_n` vacancies.

    `trim`: times the median weight at which weights are cut; what is cut off is given to the others.
    """
    codes = tuple(sorted(quarter.totals))
    totals = np.array([quarter.totals[code] for code in codes])
    held = {sector: [float(sector in letters(code)) for code in codes] for sector in set(quarter.sector)}
    belongs = np.array([held[sector] for sector in quarter.sector]).reshape(len(quarter.n), len(codes))
    known = quarter.n @ belongs
    if known.sum() < min_n or not totals.sum() > 0:
        return _without_weights(codes, belongs)
    stratum = join_strata(codes, known, totals, min_n)
    chance, weights = _spread(quarter, belongs, _by_stratum(stratum, totals), stratum, min_n)
    weight = (chance * weights).sum(axis=1)
    placed = chance.sum(axis=1) > 0
    cut = np.where(placed, weight, np.nan)
    cut[placed] = trim_weights(weight[placed], quarter.n[placed], trim)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = chance * weights * (cut / weight)[:, None]
    return Weighed(codes, stratum, chance, part, cut, cut < weight * (1 - 1e-9))


def _without_weights(codes: tuple[str, ...], belongs: Floats) -> Weighed:
    none = np.full(len(belongs), np.nan)
    stratum = np.zeros(len(codes), dtype=np.int64)
    return Weighed(codes, stratum, belongs, belongs * np.nan, none, np.zeros(len(belongs), dtype=np.bool_))


def _spread(quarter: Quarter, belongs: Floats, totals: Floats, stratum: Ints, min_n: int) -> tuple[Floats, Floats]:
    """The chance that a vacancy of each cell is of each code, and the weight of each code before any is cut."""
    kinds = np.array(quarter.sector)
    found = _counts_by_occupation(quarter, belongs, min_n)
    market = found * (totals / _by_stratum(stratum, quarter.n @ belongs))[stratum]
    chance = belongs.copy()
    chance[kinds == UNKNOWN] = _shares(found[kinds == UNKNOWN])
    chance[kinds == AGENCY] = _shares(market[kinds == AGENCY])
    return chance, (totals / _by_stratum(stratum, quarter.n @ chance))[stratum]


def _by_stratum(stratum: Ints, values: Floats) -> Floats:
    return np.bincount(stratum, values).astype(np.float64)


def _shares(counts: Floats) -> Floats:
    return cast(Floats, counts / counts.sum(axis=1, keepdims=True))


def _counts_by_occupation(quarter: Quarter, belongs: Floats, min_n: int) -> Floats:
    """Vacancies of known sector with the occupation of each cell, per code: ISCO at 2 digits where there are `min_n`,
    else at 1 digit, else of all occupations."""
    placed = belongs * quarter.n[:, None]
    chosen = np.broadcast_to(placed.sum(axis=0), placed.shape).copy()
    for digits in (1, 2):
        names, group = np.unique([code[:digits] for code in quarter.isco2], return_inverse=True)
        counts = np.zeros((len(names), placed.shape[1]))
        np.add.at(counts, group, placed)
        enough = (counts.sum(axis=1) >= min_n) & (names != UNKNOWN[:digits])
        chosen[enough[group]] = counts[group[enough[group]]]
    return chosen


def trim_weights(weight: Floats, n: Floats, limit: float) -> Floats:
    """Weights of which none exceeds `limit` times the median; what is cut off is given to the others in proportion, so
    that Σ n·weight stays (Potter 1990). Unchanged where no weights below the limit could carry the sum."""
    total = float(n @ weight)
    order = np.argsort(weight, kind="stable")
    half = np.searchsorted(np.cumsum(n[order]), n.sum() / 2)
    cap = limit * float(weight[order[half]])
    if cap * n.sum() <= total:
        return weight
    cut, free = weight, np.ones(len(weight), dtype=np.bool_)
    while (cut > cap * (1 + 1e-12)).any():
        free &= cut < cap
        left = total - cap * float(n[~free].sum())
        cut = np.where(free, weight * (left / float(n[free] @ weight[free])), cap)
    return cut


def kish(n: Floats, weight: Floats) -> float:
    """The design effect of weights, 1 + CV² = Σn · Σn·w² / (Σn·w)² (Kish 1965); NaN where there are none."""
    total = float(n @ weight)
    return float(n.sum() * (n @ weight**2) / total**2) if total > 0 else float("nan")
