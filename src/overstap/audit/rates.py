"""From a judged sheet to error rates: how much of what was coded is right, how much was missed, and the correction.

The ads are a stratified sample, so each counts for N/n vacancies of its stratum (function group and year; n: those
read). For an item, x is 1 where an ad is coded with it, y where a reader says that it asks it:

    precision = Σw·x·y / Σw·x      recall = Σw·x·y / Σw·y      correction = Σw·y / Σw·x
    false = Σw·x·(1 − y) / Σw·(1 − y)

Recall and false, sensitivity and one less specificity, are what shares and changes are corrected with (see
`analysis.correction`). The correction tells what is asked per coding in ads as they were read (double sampling:
Tenenbein 1970). Errors come from a bootstrap of ads within
strata (Rao & Wu 1988). Of a fact x says that a value is given, y that the ad has one, and right that they are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.occupation import function_group
from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.audit.sheet import FACTS, MISSED, OCCUPATION, RIGHT, SEPARATOR, SKILL, SheetRow, by_ad, is_read, said
from overstap.audit.values import judged_value, value_text
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS
from overstap.schema.out import ALL, UNKNOWN
from overstap.store import Store
from overstap.study import StudySpec

FACT = "fact"  # the kind of item of a fact
_REPLICATES = 1000
_SEED = 20190208  # the day the study's results were published; any fixed number does


@dataclass(frozen=True)
class ReadAd:
    """What a reader found in one ad: the skills that it asks, its function group and the values of the facts that were
    judged (empty: the ad does not say), whatever the coding says now."""

    ad_id: str
    stratum: tuple[str, str]
    stratum_n: int
    skills: frozenset[str]
    function_group: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Coding:
    """How an ad is coded now: its function group, the skills that it is counted for, and the values of its facts."""

    function_group: str
    skills: frozenset[str]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Places:
    """Category and group of categories by skill id."""

    category: Mapping[str, str]
    group: Mapping[str, str]

    @classmethod
    def of(cls, skills: pa.Table) -> Places:
        """From `core_skills`."""
        ids, categories, groups = (skills[n].to_pylist() for n in ("skill_id", "category", "category_group"))
        return cls(dict(zip(ids, categories, strict=True)), dict(zip(ids, groups, strict=True)))


def rates_of_sheet(rows: Sequence[SheetRow], study: StudySpec, base: Path, store: Store, confidence: float) -> pa.Table:
    """Rows of `out_audit` from a judged sheet and how its ads are coded now; none for an empty sheet.

    The ads are coded once more, without the corrections made of themselves: in `core_annotations` a reader's
    corrections would make every ad that was read look right.
    """
    read = read_ads(rows)
    if not read:
        return table_spec("out_audit").schema.empty_table()
    coded = present_coding(study, base, store, [ad.ad_id for ad in read])
    return error_rates(read, coded, Places.of(store.read("core_skills")), confidence)


def present_coding(study: StudySpec, base: Path, store: Store, ad_ids: Sequence[str]) -> dict[str, Coding]:
    """How those of the ads that are vacancies of the study are coded, but for corrections of single ads."""
    from overstap.ads.annotate import READS, Annotator, corrections_of, topsector_table

    known = store.read("core_vacancies", ["vacancy_id"])["vacancy_id"]
    wanted = known.filter(pc.is_in(known, value_set=pa.array(ad_ids, pa.string()))).combine_chunks()
    corrections = [c for c in corrections_of(study, base) if c.match != "ad"]
    annotate = Annotator(study.annotation, topsector_table(study.topsectors, base), corrections)
    coded = {}
    for batch in store.batches("raw_ads", list(READS)):
        mine = batch.filter(pc.is_in(batch.column("ad_id"), value_set=wanted))
        if mine.num_rows:
            for row in annotate(mine).select(["ad_id", "function_group", "skills", *FACTS]).to_pylist():
                asked = {m["skill_id"] for m in row["skills"] if m["section"] in ASKED_SECTIONS}
                facts = {name: value_text(row[name]) for name in FACTS}
                coded[row["ad_id"]] = Coding(row["function_group"] or UNKNOWN, frozenset(asked), facts)
    return coded


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
            code = row.value if row.verdict == RIGHT else said(row)
            group = function_group(code or None) or UNKNOWN
    facts = {row.what: judged_value(row) for row in rows if row.what in FACTS}
    return ReadAd(ad_id, rows[0].stratum, rows[0].stratum_n, frozenset(skills), group, facts)


def error_rates(read: Sequence[ReadAd], coded: Mapping[str, Coding], places: Places, confidence: float) -> pa.Table:
    """Rows of `out_audit`: precision, recall and correction per item and domain (function group × year, or all).

    `coded`: how each ad is coded now. An ad that was read but is no longer among the vacancies is left out.
    """
    ads = [ad for ad in read if ad.ad_id in coded]
    spec = table_spec("out_audit")
    if not ads:
        return spec.schema.empty_table()
    items, x, y, both = _indicators(ads, coded, places)
    # What an ad can at most be coded with: the skills of a category together, once each; all else once.
    skills_n = Counter(places.category.values())
    most = np.array([skills_n[i["item_id"]] if i["item_kind"] == "skill" else 1 for i in items], dtype=np.float64)
    weights = _weights(ads)
    draws = _replicates(ads)
    rows: list[dict[str, object]] = []
    for domain, inside in _domains(ads):
        w = np.vstack([np.ones(len(ads)), draws]) * (weights * inside)
        sums, total = [w @ values for values in (x, y, both)], w.sum(axis=1)
        for k, item in enumerate(items):
            counts = [int(values[inside, k].sum()) for values in (x, y, both)]
            if counts[0] or counts[1]:
                found = _rates((sums[0][:, k], sums[1][:, k], sums[2][:, k]), counts, confidence)
                if item["item_kind"] != FACT:
                    n = int(inside.sum() * most[k]) - counts[1]
                    wrong, not_asked = sums[0][:, k] - sums[2][:, k], total * most[k] - sums[1][:, k]
                    found |= _named("false", _share(wrong, not_asked, n, normal_quantile(confidence)))
                rows.append({**item, **domain, "ads_n": int(inside.sum()), **found})
    return pa.Table.from_pylist(rows, schema=spec.schema)


def _indicators(
    ads: Sequence[ReadAd], coded: Mapping[str, Coding], places: Places
) -> tuple[list[dict[str, str]], Floats, Floats, Floats]:
    """The items, and per ad and item what is coded, what is true, and what is both. Skills are counted per category."""
    cells: dict[tuple[str, str], int] = {}
    found: list[tuple[int, int, int, int, int]] = []  # ad, item, coded, true, both
    for number, ad in enumerate(ads):
        group, now = coded[ad.ad_id].function_group, coded[ad.ad_id].skills
        for kind, place in (("category", places.category), ("category_group", places.group)):
            is_coded, is_true = ({place[s] for s in skills if s in place} for skills in (now, ad.skills))
            for name in is_coded | is_true:
                c, t = name in is_coded, name in is_true
                found.append((number, cells.setdefault((kind, name), len(cells)), c, t, c and t))
        for skill in now | ad.skills:
            if skill in places.category:
                c, t = skill in now, skill in ad.skills
                item = cells.setdefault(("skill", places.category[skill]), len(cells))
                found.append((number, item, c, t, c and t))
        for name, value in ad.facts.items():
            given = coded[ad.ad_id].facts.get(name, "")
            same = set(given.split(SEPARATOR)) == set(value.split(SEPARATOR))
            item = cells.setdefault((FACT, name), len(cells))
            found.append((number, item, bool(given), bool(value), bool(value) and same))
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
    strata = _collapsed([ad.stratum for ad in ads])
    for stratum in sorted(set(strata)):
        at = np.flatnonzero(np.array(strata) == stratum)
        n = len(at)
        if n > 1:
            counts[:, at] = rng.multinomial(n - 1, np.full(n, 1 / n), size=_REPLICATES) * n / (n - 1)
    return counts


def _collapsed(strata: Sequence[tuple[str, str]]) -> list[int]:
    """A number per ad: its stratum, joined with the next years of its group, then with other groups, until it holds
    two ads or more, for one ad alone shows no variance (Cochran 1977, § 5A.12: this errs on the wide side)."""
    number: dict[tuple[str, str], int] = {}
    at = held = 0
    for stratum in sorted(set(strata)):
        number[stratum] = at
        held += strata.count(stratum)
        if held >= 2:
            at, held = at + 1, 0
    if held and at:  # what is left over joins the last
        number = {stratum: min(n, at - 1) for stratum, n in number.items()}
    return [number[stratum] for stratum in strata]


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
    found |= _named("precision", precision) | _named("recall", recall)
    if not x_n:
        return found
    if not y_n:  # all was wrong: the correction is nought, and at most what three more codings could show
        return found | {"correction": 0.0, "correction_low": 0.0, "correction_high": min(1.0, 3 / x_n)}
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(y[1:] / x[1:])
    logs = logs[np.isfinite(logs)]
    if len(logs) < _REPLICATES / 2:  # in most replicates nothing was coded or nothing asked: nothing is known
        return found
    # Where no error was seen the bootstrap sees none either: at least half an error among the codings read.
    error = max(float(np.std(logs)), np.sqrt(0.5) / max(x_n, y_n))
    factor = float(y[0] / x[0])
    return found | {
        "correction": factor,
        "correction_low": factor * float(np.exp(-z * error)),
        "correction_high": factor * float(np.exp(z * error)),
    }


def _named(name: str, share: tuple[float | None, float | None, float | None]) -> dict[str, float | int | None]:
    return dict(zip((f"{name}_pct", f"{name}_low", f"{name}_high"), share, strict=True))


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
