"""The latent chances of the market, and the truth tables that follow from them in closed form.

A vacancy asks any digital skill with chance `digital[s, j, y]` (segment, job, year). If it does, each digital concept
is asked independently with chance `ask[s, j, y, c]`; if none comes out, one is drawn in proportion to `ask`. Other
concepts are asked independently with chance `ask`. So a concept's marginal chance is exact: digital * (ask + none *
ask / sum(ask)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.simulate import market_table as mt
from overstap.simulate.concepts import CONCEPTS, DIGITAL, INDEX, OTHER, columns
from overstap.simulate.lexicon import Job, jobs
from overstap.simulate.spec import MarketSpec

Floats = NDArray[np.float64]
GROUPS = ("ict", "manager", "other")
N_DIGITAL = len(columns(*DIGITAL))
"""Digital concepts are the first columns of every concept axis."""


@dataclass(frozen=True)
class Rates:
    """Latent chances. Axes: s segment, j job, y year, c concept, g function group (ict, manager, other)."""

    years: tuple[int, ...]
    volume: Floats  # [y] share of the vacancies, sum 1
    group: Floats  # [s, g] share of a segment's vacancies, sum 1 over g
    job: Floats  # [s, y, g, j] share of a group's vacancies, sum 1 over j
    digital: Floats  # [s, j, y]
    ask: Floats  # [s, j, y, c]
    english: Floats  # [s, j] chance of an English ad


def _clock(years: tuple[int, ...]) -> Floats:
    """Years as 0 (2012 and before) to 1 (2017 and after)."""
    return np.clip((np.asarray(years, dtype=float) - 2012) / 5, 0, 1)


def _table1_share(job: Job, t: Floats, volume: Floats, scale: float) -> Floats:
    assert job.table1 is not None
    old, new = job.table1
    count = old * (new / old) ** t if old else new * t**2
    return np.asarray(scale * count / volume)


def _job_shares(years: tuple[int, ...], table1_share: float) -> Floats:
    t = _clock(years)
    volume = np.interp(years, mt.PATH_YEARS, mt.VOLUME)
    scale = table1_share * mt.VOLUME[-1] / sum(j.table1[1] for j in jobs() if j.table1)
    out = np.zeros((len(mt.SEGMENTS), len(t), 3, len(jobs())))
    for j, job in enumerate(jobs()):
        g = GROUPS.index(job.group)
        for s, segment in enumerate(mt.SEGMENTS):
            family = segment.families.get(job.family, 0.0) if job.group == "other" else 1.0
            mates = sum(o.weight for o in jobs() if o.family == job.family) if job.group == "other" else 1.0
            out[s, :, g, j] = family * job.weight / mates * job.trend**t
    plain = out[:, :, 0].sum(axis=-1, keepdims=True)
    named = np.zeros_like(out[:, :, 0])
    for j, job in enumerate(jobs()):
        if job.table1:
            named[:, :, j] = _table1_share(job, t, volume, scale)
    out[:, :, 0] = out[:, :, 0] / plain * (1 - named.sum(axis=-1, keepdims=True)) + named
    return np.asarray(out / out.sum(axis=-1, keepdims=True))


def _split_category(level: Floats, weights: Floats) -> Floats:
    """Chances of the concepts of a category such that at least one is asked with chance `level`. [..., c] from [...]"""
    share = weights / weights.sum(axis=-1, keepdims=True)
    return np.asarray(1 - (1 - level[..., None]) ** share)


def _concept_weights(segment: str, category: str, years: tuple[int, ...]) -> Floats:
    t = _clock(years)
    out = []
    for c in (c for c in CONCEPTS if c.category == category):
        name = c.id.removeprefix("sim.")
        ratio = mt.CONCEPT_TRENDS.get((segment, name), mt.CONCEPT_TRENDS.get(("*", name), 1.0))
        fade = mt.LAST_YEAR_FADE.get(name, 1.0) if segment in ("chemie", "htsm_industry", "htsm_software") else 1.0
        out.append(c.weight * ratio ** (t - 0.5) * np.where(np.asarray(years) >= 2017, fade, 1.0))
    return np.stack(out, axis=-1)


def _ask_segment(s: int, years: tuple[int, ...]) -> Floats:
    """Chances [j, y, c] within one segment, before the digital switch."""
    segment, t = mt.SEGMENTS[s].id, _clock(years)
    out = np.zeros((len(jobs()), len(t), len(CONCEPTS)))
    weights = {category: _concept_weights(segment, category, years) for category in (*DIGITAL, *OTHER)}
    place = {category: columns(category) for category in weights}
    for j, job in enumerate(jobs()):
        family = job.family
        for k, category in enumerate(DIGITAL):
            factor = mt.SEGMENT_LEVELS.get((segment, category), 1.0) if job.group != "ict" else 1.0
            ratio = mt.CATEGORY_TRENDS.get((segment, category), mt.CATEGORY_TRENDS.get(("*", category), 1.0))
            level = np.minimum(mt.DIGITAL_LEVELS[family][k] * factor * ratio ** (t - 0.6), 0.95)
            out[j][:, place[category]] = _split_category(level, weights[category])
        for k, category in enumerate(OTHER):
            factor = mt.OTHER_FAMILY[family][k] * mt.OTHER_SEGMENT.get(segment, (1.0,) * 10)[k]
            level = np.minimum(mt.OTHER_LEVELS[k] * factor * mt.OTHER_TREND ** (t - 0.5), 0.9)
            out[j][:, place[category]] = _split_category(level, weights[category])
        for name, (ict, rest) in mt.LANGUAGE_LEVELS.items():
            out[j][:, INDEX[f"sim.{name}"]] = ict if job.group == "ict" else rest
        for name, p in [*job.asks.items(), *mt.FAMILY_ASKS.get(family, {}).items()]:
            c = INDEX[f"sim.{name}"]
            out[j][:, c] = 1 - (1 - out[j][:, c]) * (1 - p)
    return out


def _digital(shares: Floats, group: Floats, years: tuple[int, ...]) -> Floats:
    """Chance of asking any digital skill [s, j, y]: the logits of all jobs outside ICT move together until the path
    is met."""
    logit = np.array([mt.DIGITAL_LOGIT.get(j.family, 0.0) for j in jobs()])
    ict = np.array([j.group == "ict" for j in jobs()])
    out = np.empty((len(mt.SEGMENTS), len(jobs()), len(years)))
    for s, segment in enumerate(mt.SEGMENTS):
        target = np.interp(years, mt.PATH_YEARS, segment.digital)
        for y in range(len(years)):
            mix = group[s] @ shares[s, y]
            low, high = -12.0, 12.0
            for _ in range(60):
                mid = (low + high) / 2
                p = np.where(ict, mt.ICT_DIGITAL, 1 / (1 + np.exp(-(logit + mid))))
                low, high = (mid, high) if mix @ p < target[y] else (low, mid)
            out[s, :, y] = p
    return out


def _english(target: float, shares: Floats, group: Floats, volume: Floats) -> Floats:
    factor = np.array([[mt.ENGLISH_FACTORS.get(j.family, 1.0) for j in jobs()] for _ in mt.SEGMENTS])
    weight = np.einsum("s,y,sg,sygj->sj", [s.share for s in mt.SEGMENTS], volume, group, shares)
    low, high = 0.0, 50.0
    for _ in range(60):
        mid = (low + high) / 2
        p = np.minimum(factor * mid, 0.98)
        low, high = (mid, high) if (weight * p).sum() < target else (low, mid)
    return np.asarray(p)


def latent(spec: MarketSpec) -> Rates:
    """The latent chances of the market that `spec` describes. Do not write into the arrays: they are cached.

    They depend on the years, the language mix and the share of Table 1's titles; not on seed, size or dirt.
    """
    return _latent(spec.years, spec.dutch_share, spec.table1_share)


@lru_cache(maxsize=8)
def _latent(years: tuple[int, ...], dutch_share: float, table1_share: float) -> Rates:
    volume = np.interp(years, mt.PATH_YEARS, mt.VOLUME)
    volume = volume / volume.sum()
    group = np.array([[s.ict, s.manager, 1 - s.ict - s.manager] for s in mt.SEGMENTS])
    shares = _job_shares(years, table1_share)
    ask = np.stack([_ask_segment(s, years) for s in range(len(mt.SEGMENTS))])
    english = _english(1 - dutch_share, shares, group, volume)
    return Rates(years, volume, group, shares, _digital(shares, group, years), ask, english)


def _marginals(r: Rates) -> tuple[Floats, Floats]:
    """Exact chances per (s, j, y): of each concept [.., c] and of at least one concept of each category [.., k]."""
    cats = (*DIGITAL, *OTHER, "professional", "language")
    ask, dig = r.ask[..., :N_DIGITAL], r.digital[..., None]
    none = np.prod(1 - ask, axis=-1, keepdims=True)
    spill = none * ask / ask.sum(axis=-1, keepdims=True)
    concept = r.ask.copy()
    concept[..., :N_DIGITAL] = dig * (ask + spill)
    category = np.empty((*r.ask.shape[:3], len(cats)))
    for k, name in enumerate(cats):
        cols = columns(name)
        category[..., k] = 1 - np.prod(1 - r.ask[..., cols], axis=-1)
        if name in DIGITAL:
            category[..., k] = r.digital * (category[..., k] + spill[..., cols].sum(axis=-1))
    return concept, category


def rates_table(spec: MarketSpec) -> pa.Table:
    """Latent chances: topsector ("" = none, "all"), function_group ("all" too), year, grain
    (digital|category|concept), concept, probability, weight.

    `concept` holds the concept id, the category, or "digital"; `weight` is the cell's share of all vacancies of the
    market, so that cells can be pooled. Probabilities are per vacancy, not per ad.
    """
    r = latent(spec)
    concept, category = _marginals(r)
    names = [c.id for c in CONCEPTS]
    cats = [*DIGITAL, *OTHER, "professional", "language"]
    labels = ["digital"] * 1 + cats + names
    grains = ["digital"] + ["category"] * len(cats) + ["concept"] * len(names)
    values = np.concatenate([r.digital[..., None], category, concept], axis=-1)
    seg = np.array([s.share for s in mt.SEGMENTS])
    weight = np.einsum("s,y,sg,sygj->sygj", seg, r.volume, r.group, r.job)
    tops = [s.topsector for s in mt.SEGMENTS]
    cells: list[tuple[str, str, int, float, Floats]] = []
    for top in (*mt.TOPSECTORS, "", "all"):
        rows = [i for i, t in enumerate(tops) if top in (t, "all")]
        for g, name in enumerate((*GROUPS, "all")):
            part = weight[rows][:, :, [g] if g < 3 else [0, 1, 2]].sum(axis=2)
            for y, year in enumerate(r.years):
                w = part[:, y]
                if w.sum() > 0:
                    p = np.einsum("sj,sjv->v", w, values[rows][:, :, y]) / w.sum()
                    cells.append((top, name, year, float(w.sum()), p))
    k = len(labels)
    return pa.table(
        {
            "topsector": pa.array(np.repeat([c[0] for c in cells], k)),
            "function_group": pa.array(np.repeat([c[1] for c in cells], k)),
            "year": pa.array(np.repeat([c[2] for c in cells], k), pa.int32()),
            "grain": pa.array(grains * len(cells)),
            "concept": pa.array(labels * len(cells)),
            "probability": pa.array(np.concatenate([c[4] for c in cells])),
            "weight": pa.array(np.repeat([c[3] for c in cells], k)),
        }
    )


def table1_expected(spec: MarketSpec) -> pa.Table:
    """Expected vacancies of the nine titles of Table 1 and of all ICT ("ict"): columns title, year, vacancies.

    Their ratios are the study's whatever `spec.table1_share` is: (n2017 / c - n2012) / n2012 with c the growth of ICT.
    """
    r = latent(spec)
    seg = np.array([s.share for s in mt.SEGMENTS])
    count = spec.n_vacancies * np.einsum("s,y,s,syj->yj", seg, r.volume, r.group[:, 0], r.job[:, :, 0])
    rows = [("ict", count.sum(axis=1))]
    rows += [(job.titles[1][0], count[:, j]) for j, job in enumerate(jobs()) if job.table1]
    return pa.table(
        {
            "title": [title for title, _ in rows for _ in r.years],
            "year": pa.array(list(r.years) * len(rows), pa.int32()),
            "vacancies": np.concatenate([n for _, n in rows]),
        }
    )
