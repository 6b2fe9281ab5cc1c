"""How well skills are found, from mentions that were judged by reading.

Per skill two strata were drawn: windows around mentions that the annotation *counted* on the day of the drawing, and
windows around hits of a wide regular expression that it did not count (*other*). Each window was judged: does the ad
ask this skill of the candidate here? Every window stands for N / n others, N being all windows of its stratum and n
those judged. Two readings of one set of labels:

- *as judged*: found is what the annotation counted on the day of the labels, before anything was mended;
- *now*: found is what a later annotation counts over the window. Where the annotation was mended after reading the
  labels, that reading is in-sample and flatters.

Precision is a ratio of weighted sums, so is recall; recall is over what the wide expression or the annotation sees,
and a wording that neither sees is missing from it. The variance is linearised over ads, since windows of one ad
resemble each other (Cochran, *Sampling Techniques*, 1977, ch. 6 and 9); the interval is Wilson's at the effective
number of windows, as in `analysis.uncertainty`. Nothing is drawn at random.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.errors import InputError
from overstap.schema.core import ASKED_SECTIONS

LABEL_COLUMNS = ("skill_id", "stratum", "set", "ad_id", "start", "end", "asked")
STRATA = ("counted", "other")

Ad = tuple[str, str]
"""Set of ads and ad_id: an ad_id is unique within its set only."""


@dataclass(frozen=True)
class Judged:
    """A window that was judged: characters [start, end) of the cleaned text of an ad, and whether it asks the skill."""

    skill_id: str
    stratum: str
    ad: Ad
    start: int
    end: int
    asked: bool
    weight: float
    """How many windows of the stratum it stands for."""


@dataclass(frozen=True)
class Estimate:
    """A share as fraction with its interval, and the number of windows it rests on; NaN where there are none."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Accuracy:
    """Precision (n: judged windows that are found) and recall (n: judged windows in which the skill is asked)."""

    precision: Estimate
    recall: Estimate
    windows: int


def read_judged(labels: Iterable[Path], totals: Iterable[Path]) -> list[Judged]:
    """Judged windows of label files, weighted with the totals of their strata.

    `labels` have the columns LABEL_COLUMNS, `totals` skill_id, counted_n, other_n and, where the strata were drawn per
    set, `set`. Raises InputError for a missing column, an unknown stratum or a skill without totals.
    """
    rows = [row for path in labels for row in _rows(path, LABEL_COLUMNS)]
    sizes: dict[tuple[str, str, str], float] = {}
    for path in totals:
        for row in _rows(path, ("skill_id", "counted_n", "other_n")):
            for stratum in STRATA:
                sizes[row["skill_id"], stratum, row.get("set", "")] = float(row[f"{stratum}_n"])
    by_set = {skill for skill, _, source in sizes if source}
    cells = [(r["skill_id"], r["stratum"], r["set"] if r["skill_id"] in by_set else "") for r in rows]
    weights = stratum_weights(cells, sizes)
    return [
        Judged(
            r["skill_id"], r["stratum"], (r["set"], r["ad_id"]), int(r["start"]), int(r["end"]), r["asked"] == "1", w
        )
        for r, w in zip(rows, weights, strict=True)
    ]


def stratum_weights(cells: Sequence[tuple[str, str, str]], sizes: Mapping[tuple[str, str, str], float]) -> list[float]:
    """Weight N / n of each judged window from its cell (skill, stratum, set) and the sizes of all cells.

    What lies in a set of which no window was judged is spread over the judged sets of that skill and stratum, so that
    the weights of a stratum always add up to its size. Raises InputError for a cell without size.
    """
    judged = Counter(cells)
    whole: dict[tuple[str, str], float] = defaultdict(float)
    covered: dict[tuple[str, str], float] = defaultdict(float)
    for (skill, stratum, source), size in sizes.items():
        whole[skill, stratum] += size
        covered[skill, stratum] += size if judged[skill, stratum, source] else 0.0
    for cell in judged:
        if not sizes.get(cell):
            raise InputError(
                f"The labels hold windows of {cell[0]}, stratum '{cell[1]}', set '{cell[2]}', but no total.",
                fix="Add the row to the file of totals.",
            )
    return [sizes[c] / judged[c] * whole[c[:2]] / covered[c[:2]] for c in cells]


def counted_on_the_day(judged: Iterable[Judged]) -> list[bool]:
    """Which windows the annotation counted when they were drawn: the reading *as judged*."""
    return [j.stratum == "counted" for j in judged]


def counted_in(judged: Iterable[Judged], annotations: Mapping[str, pa.Table]) -> list[bool]:
    """Which windows an annotation counts: the reading *now*.

    `annotations`: per set a table with ad_id and skills of `core_annotations`. A window is found where a mention of its
    skill overlaps it in a part of the ad that asks. Raises InputError where an ad is missing.
    """
    wanted = list(judged)
    found = _spans({j.ad for j in wanted}, annotations)
    return [any(s < j.end and j.start < e for s, e in found[j.ad].get(j.skill_id, ())) for j in wanted]


def counted_in_ad(judged: Iterable[Judged], annotations: Mapping[str, pa.Table]) -> list[bool]:
    """Which windows lie in ads where the skill is counted at all, here or elsewhere: what shares of ads rest on."""
    wanted = list(judged)
    found = _spans({j.ad for j in wanted}, annotations)
    return [j.skill_id in found[j.ad] for j in wanted]


def score(judged: Sequence[Judged], found: Sequence[bool], confidence: float = 0.95) -> Accuracy:
    """Precision and recall of `found` (one truth value a window), with intervals at `confidence` (fraction)."""
    weight = np.array([j.weight for j in judged], np.float64)
    asked = np.array([j.asked for j in judged], bool)
    hit = np.array(found, bool)
    index: dict[Ad, int] = {}
    ads = np.array([index.setdefault(j.ad, len(index)) for j in judged], np.int64)
    return Accuracy(
        _ratio(weight * asked, weight, hit, ads, confidence),
        _ratio(weight * hit, weight, asked, ads, confidence),
        len(judged),
    )


def score_by(judged: Sequence[Judged], found: Sequence[bool], key: Callable[[Judged], str]) -> dict[str, Accuracy]:
    """Accuracy per value of `key`, in the order in which the values appear."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, item in enumerate(judged):
        groups[key(item)].append(i)
    return {k: score([judged[i] for i in at], [found[i] for i in at]) for k, at in groups.items()}


def _ratio(part: Floats, whole: Floats, within: object, ads: object, confidence: float) -> Estimate:
    """Σ part / Σ whole over the windows `within`, with Wilson's interval at the effective number of windows."""
    mask = np.asarray(within, bool)
    x, y, cluster = part[mask], whole[mask], np.asarray(ads, np.int64)[mask]
    n = len(x)
    if n == 0 or y.sum() <= 0:
        return Estimate(float("nan"), float("nan"), float("nan"), n)
    share = float(x.sum() / y.sum())
    size = _effective_size(share, x, y, cluster)
    low, high = wilson(np.array([share]), np.array([size]), normal_quantile(confidence))
    return Estimate(share, float(low[0]), float(high[0]), n)


def _effective_size(share: float, x: Floats, y: Floats, cluster: object) -> float:
    """Independent windows that would tell as much: share·(1 − share) / variance, never more than there are.

    A share of 0 or 1 shows no variance; then Kish's size (Σw)² / Σw² over ads holds (Kish, *Survey Sampling*, 1965).
    """
    _, at = np.unique(np.asarray(cluster), return_inverse=True)
    total = np.bincount(at, y)
    kish = float(total.sum() ** 2 / (total**2).sum())
    residual = np.bincount(at, x - share * y)
    groups = len(total)
    if groups < 2 or share * (1 - share) < 1e-12:
        return kish
    variance = groups / (groups - 1) * float((residual**2).sum()) / float(y.sum()) ** 2
    return min(float(len(x)), share * (1 - share) / variance)


def _spans(ads: set[Ad], annotations: Mapping[str, pa.Table]) -> dict[Ad, dict[str, list[tuple[int, int]]]]:
    """Spans per skill of the mentions that count, for the ads asked for."""
    found: dict[Ad, dict[str, list[tuple[int, int]]]] = {}
    for source, table in annotations.items():
        wanted = pa.array([(source, i) in ads for i in table.column("ad_id").to_pylist()], pa.bool_())
        kept = table.select(["ad_id", "skills"]).filter(wanted)
        for ad_id, mentions in zip(kept.column("ad_id").to_pylist(), kept.column("skills").to_pylist(), strict=True):
            spans = found.setdefault((source, ad_id), {})
            for m in mentions:
                if m["section"] in ASKED_SECTIONS:
                    spans.setdefault(m["skill_id"], []).append((m["start"], m["end"]))
    if missing := sorted(ads - found.keys()):
        raise InputError(
            f"{len(missing)} labelled ads are not in the annotation, the first {missing[0][1]} of {missing[0][0]}.",
            fix="Annotate the same files from which the labels were drawn.",
        )
    return found


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [c for c in columns if c not in (reader.fieldnames or ())]:
            raise InputError(f"{path} has no column {', '.join(missing)}.", fix=f"It needs {', '.join(columns)}.")
        rows = list(reader)
    for row in rows:
        if row.get("stratum", "counted") not in STRATA:
            raise InputError(f"{path}: '{row['stratum']}' is not a stratum.", fix=f"Use {' or '.join(STRATA)}.")
    return rows
