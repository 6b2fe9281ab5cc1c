"""From a judged sheet to error rates: how much of what was coded is right, how much was missed, and the correction.

The ads are a stratified sample, so each counts for N/n vacancies of its stratum (function group and year; n: those
read). For an item, x is 1 where an ad is coded with it, y where a reader says that it asks it:

    precision = Σw·x·y / Σw·x      recall = Σw·x·y / Σw·y      correction = Σw·y / Σw·x

A measured share times the correction estimates the true share (the ratio estimator of double sampling: Tenenbein 1970;
Cochran, *Sampling Techniques*, 1977, ch. 12). Errors come from a bootstrap of ads within strata (Rao & Wu 1988).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.occupation import function_group
from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.audit.sheet import MISSED, OCCUPATION, RIGHT, SEPARATOR, SKILL, SheetRow, by_ad, is_read
from overstap.schema import table_spec
from overstap.schema.out import ALL, UNKNOWN
from overstap.store import Store

_REPLICATES = 1000
_SEED = 20190208  # the day the study's results were published; any fixed number does


@dataclass(frozen=True)
class ReadAd:
    """What a reader found in one ad: the skills that it asks and its function group, whatever the coding says now."""

    ad_id: str
    stratum: tuple[str, str]
    stratum_n: int
    skills: frozenset[str]
    function_group: str


@dataclass(frozen=True)
class Coding:
    """How an ad is coded now: its function group and the skills that it is counted for."""

    function_group: str
    skills: frozenset[str]


@dataclass(frozen=True)
class Taxonomy:
    """Category and group of categories by skill id."""

    category: Mapping[str, str]
    group: Mapping[str, str]

    @classmethod
    def of(cls, skills: pa.Table) -> Taxonomy:
        """From `core_skills`."""
        ids, categories, groups = (skills[n].to_pylist() for n in ("skill_id", "category", "category_group"))
        return cls(dict(zip(ids, categories, strict=True)), dict(zip(ids, groups, strict=True)))


def rates_of_sheet(rows: Sequence[SheetRow], store: Store, confidence: float) -> pa.Table:
    """Rows of `out_audit` from a judged sheet and the present coding in `store`; none for an empty sheet."""
    read = read_ads(rows)
    taxonomy = Taxonomy.of(store.read("core_skills"))
    wanted = pa.array([ad.ad_id for ad in read], pa.string())
    groups = store.read("core_vacancies", ["vacancy_id", "function_group"])
    groups = groups.filter(pc.is_in(groups["vacancy_id"], value_set=wanted))
    asked = store.read("core_vacancy_skills", ["vacancy_id", "skill_id"])
    asked = asked.filter(pc.is_in(asked["vacancy_id"], value_set=wanted))
    skills: dict[str, set[str]] = {ad_id: set() for ad_id in groups["vacancy_id"].to_pylist()}
    for ad_id, skill in zip(asked["vacancy_id"].to_pylist(), asked["skill_id"].to_pylist(), strict=True):
        skills[ad_id].add(skill)
    coded = {
        ad_id: Coding(group or UNKNOWN, frozenset(skills[ad_id]))
        for ad_id, group in zip(groups["vacancy_id"].to_pylist(), groups["function_group"].to_pylist(), strict=True)
    }
    return error_rates(read, coded, taxonomy, confidence)


def read_ads(rows: Sequence[SheetRow]) -> list[ReadAd]:
    """The ads of a sheet that were read whole."""
    return [_read_ad(ad_id, ad) for ad_id, ad in by_ad(rows).items() if is_read(ad)]


def _read_ad(ad_id: str, rows: Sequence[SheetRow]) -> ReadAd:
    skills = {row.value for row in rows if row.what == SKILL and row.verdict == RIGHT}
    group = rows[0].function_group
    for row in rows:
        if row.what == MISSED:
            skills |= {skill.strip() for skill in row.should_be.split(SEPARATOR)} - {""}
        if row.what == OCCUPATION:
            code = row.value if row.verdict == RIGHT else row.should_be
            group = function_group(code or None) or UNKNOWN
    return ReadAd(ad_id, rows[0].stratum, rows[0].stratum_n, frozenset(skills), group)


def error_rates(read: Sequence[ReadAd], coded: Mapping[str, Coding], taxonomy: Taxonomy, confidence: float) -> pa.Table:
    """Rows of `out_audit`: precision, recall and correction per item and domain (function group × year, or all).

    `coded`: how each ad is coded now. An ad that was read but is no longer among the vacancies is left out.
    """
    ads = [ad for ad in read if ad.ad_id in coded]
    spec = table_spec("out_audit")
    if not ads:
        return spec.schema.empty_table()
    items, x, y, both = _indicators(ads, coded, taxonomy)
    weights = _weights(ads)
    draws = _replicates(ads)
    rows: list[dict[str, object]] = []
    for domain, inside in _domains(ads):
        w = np.vstack([np.ones(len(ads)), draws]) * (weights * inside)
        sums = [w @ values for values in (x, y, both)]
        for k, item in enumerate(items):
            counts = [int(values[inside, k].sum()) for values in (x, y, both)]
            if counts[0] or counts[1]:
                found = _rates((sums[0][:, k], sums[1][:, k], sums[2][:, k]), counts, confidence)
                rows.append({**item, **domain, "ads_n": int(inside.sum()), **found})
    return pa.Table.from_pylist(rows, schema=spec.schema)


def _indicators(
    ads: Sequence[ReadAd], coded: Mapping[str, Coding], taxonomy: Taxonomy
) -> tuple[list[dict[str, str]], Floats, Floats, Floats]:
    """The items, and per ad and item what is coded, what is true, and what is both. Skills are counted per category."""
    cells: dict[tuple[str, str], int] = {}
    found: list[tuple[int, int, int, int, int]] = []  # ad, item, coded, true, both
    for number, ad in enumerate(ads):
        group, now = coded[ad.ad_id].function_group, coded[ad.ad_id].skills
        for kind, place in (("category", taxonomy.category), ("category_group", taxonomy.group)):
            is_coded, is_true = ({place[s] for s in skills if s in place} for skills in (now, ad.skills))
            for name in is_coded | is_true:
                c, t = name in is_coded, name in is_true
                found.append((number, cells.setdefault((kind, name), len(cells)), c, t, c and t))
        for skill in now | ad.skills:
            if skill in taxonomy.category:
                c, t = skill in now, skill in ad.skills
                item = cells.setdefault(("skill", taxonomy.category[skill]), len(cells))
                found.append((number, item, c, t, c and t))
        for name in {group, ad.function_group}:
            c, t = name == group, name == ad.function_group
            found.append((number, cells.setdefault(("function_group", name), len(cells)), c, t, c and t))
    sums = np.zeros((3, len(ads), len(cells)))
    for number, item, *values in found:
        sums[:, number, item] += values
    items = [{"item_kind": kind, "item_id": name} for kind, name in cells]
    return items, sums[0], sums[1], sums[2]


def _weights(ads: Sequence[ReadAd]) -> Floats:
    """Vacancies that each ad stands for: those of its stratum over the ads read of it."""
    read: dict[tuple[str, str], int] = {}
    for ad in ads:
        read[ad.stratum] = read.get(ad.stratum, 0) + 1
    return np.array([ad.stratum_n / read[ad.stratum] for ad in ads], dtype=np.float64)


def _replicates(ads: Sequence[ReadAd]) -> Floats:
    """How often each ad counts in each replicate: n − 1 of the n ads of a stratum with replacement, scaled to n."""
    rng = np.random.default_rng(_SEED)
    counts = np.ones((_REPLICATES, len(ads)))
    for stratum in sorted({ad.stratum for ad in ads}):
        at = np.flatnonzero([ad.stratum == stratum for ad in ads])
        n = len(at)
        if n > 1:
            counts[:, at] = rng.multinomial(n - 1, np.full(n, 1 / n), size=_REPLICATES) * n / (n - 1)
    return counts


def _domains(ads: Sequence[ReadAd]) -> Iterator[tuple[dict[str, str], NDArray[np.bool_]]]:
    groups = np.array([ad.stratum[0] for ad in ads])
    years = np.array([ad.stratum[1] for ad in ads])
    for group in (ALL, *sorted(set(groups.tolist()))):
        for year in (ALL, *sorted(set(years.tolist()))):
            inside = ((groups == group) | (group == ALL)) & ((years == year) | (year == ALL))
            if inside.any():
                yield {"function_group": group, "period": year}, inside


def _rates(
    sums: tuple[Floats, Floats, Floats], counts: Sequence[int], confidence: float
) -> dict[str, float | int | None]:
    """The rates of one item in one domain, from the sums of x, y and both; the first entry of each is the estimate, the
    rest are replicates. `counts`: the same sums unweighted."""
    (x, y, both), (x_n, y_n, both_n) = sums, counts
    z = normal_quantile(confidence)
    precision, recall = _share(both, x, x_n, z), _share(both, y, y_n, z)
    found: dict[str, float | int | None] = {"coded_n": x_n, "asked_n": y_n, "right_n": both_n}
    for name, (share, low, high) in (("precision", precision), ("recall", recall)):
        found |= {f"{name}_pct": share, f"{name}_low": low, f"{name}_high": high}
    if not x_n or not y_n:
        return found
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(y[1:] / x[1:])
    # Where no error was seen the bootstrap sees none either: at least half an error among the codings read.
    error = max(float(np.std(logs[np.isfinite(logs)])), np.sqrt(0.5) / max(x_n, y_n))
    factor = float(y[0] / x[0])
    return found | {
        "correction": factor,
        "correction_low": factor * float(np.exp(-z * error)),
        "correction_high": factor * float(np.exp(z * error)),
    }


def _share(part: Floats, whole: Floats, n: int, z: float) -> tuple[float | None, float | None, float | None]:
    """A share in per cent with its Wilson interval at the effective size that the bootstrap shows, at most n."""
    if not n:
        return None, None, None
    share = float(part[0] / whole[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        replicated = part[1:] / whole[1:]
    variance = float(np.var(replicated[np.isfinite(replicated)]))
    size = min(n, share * (1 - share) / variance) if variance > 0 else n
    low, high = wilson(np.array([share]), np.array([max(size, 1.0)]), z)
    return 100 * share, 100 * float(low[0]), 100 * float(high[0])
