"""The judged windows of the hundred most asked skills: first labels and held out, as judged and now."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from overstap.evaluate.feeds import annotate_ads
from overstap.evaluate.section import Part, Section, Table, share
from overstap.evaluate.skills import (
    Accuracy,
    Judged,
    counted_in,
    counted_in_ad,
    counted_on_the_day,
    read_judged,
    score,
    score_by,
)
from overstap.evaluate.texts import text
from overstap.reference.taxonomy import load_taxonomy

SETS = {"nl": "Netherlands 2023–2024, Dutch and English", "hn": "Hacker News 2013, 2016", "nhs": "UK health 2018–2020"}

Reading = tuple[Sequence[Judged], Sequence[bool]]


def windows_section(labels: Path, data: Path) -> Section:
    """Pooled, by set, by category, and each of the hundred; `labels` holds core_100_*.csv, `data` the ads."""
    judged = read_judged(sorted(labels.glob("core_100_part?.csv")), sorted(labels.glob("core_100_part?_totals.csv")))
    held_out = read_judged([labels / "core_100_heldout.csv"], [labels / "core_100_heldout_totals.csv"])
    annotations = annotate_ads(data, {j.ad for j in judged + held_out})
    then: Reading = (judged, counted_on_the_day(judged))
    now: Reading = (judged, counted_in(judged, annotations))
    fresh: Reading = (held_out, counted_in(held_out, annotations))
    taxonomy = load_taxonomy("core").skills
    category = dict(zip(taxonomy["skill_id"].to_pylist(), taxonomy["category"].to_pylist(), strict=True))
    anywhere = score(held_out, counted_in_ad(held_out, annotations)).recall
    readings = {
        "as judged, before any mending": then,
        "now, the same windows: **in-sample**": now,
        "held out, counted on the day of their drawing (forms mended)": (held_out, counted_on_the_day(held_out)),
        "**held out, now** (forms and sections mended)": fresh,
    }
    pooled = [(name, str(len(reading[0])), *_pair(score(*reading))) for name, reading in readings.items()]
    pooled.append(("held out, now, skill counted anywhere in the ad", str(len(held_out)), "–", share(anywhere)))
    by_set = [score_by(*reading, lambda j: j.ad[0]) for reading in (then, now, fresh)]
    by_category = [score_by(*reading, lambda j: category[j.skill_id]) for reading in (then, now, fresh)]
    parts: tuple[Part, ...] = (
        text("windows"),
        Table(("reading", "windows", "precision", "recall"), tuple(pooled)),
        "### By set",
        _grouped("set", by_set, SETS),
        "### By category",
        _grouped("category", by_category, {}),
        text("hundred"),
        _hundred(then, now, fresh),
    )
    whole = score(*fresh)
    figures = (("precision, held out", whole.precision), ("recall, held out", whole.recall))
    about = f"{len(judged) + len(held_out):,} judged windows of the hundred most asked skills"
    return Section("Skills: the hundred most asked", about, figures, parts)


def _hundred(then: Reading, now: Reading, fresh: Reading) -> Table:
    first, later, held_out = (score_by(*reading, lambda j: j.skill_id) for reading in (then, now, fresh))
    head = ("skill", "windows", "precision as judged", "recall as judged", "precision now", "recall now")

    def rows() -> Iterator[tuple[str, ...]]:
        for skill, a in sorted(first.items()):
            right = sum(j.asked == f for j, f in zip(*fresh, strict=True) if j.skill_id == skill)
            last = f"{right} of {held_out[skill].windows}" if skill in held_out else "–"
            yield (skill.removeprefix("core."), str(a.windows), *_pair(a), *_plain(later[skill]), last)

    return Table((*head, "held out: right"), tuple(rows()))


def _grouped(name: str, groups: Sequence[Mapping[str, Accuracy]], labels: Mapping[str, str]) -> Table:
    then, now, fresh = groups
    head = (name, "n", "as judged P", "as judged R", "now P (in-sample)", "now R (in-sample)")
    rows = (
        (
            labels.get(k, k),
            str(then[k].windows),
            *_plain(then[k]),
            *_plain(now[k]),
            str(fresh[k].windows),
            *_pair(fresh[k]),
        )
        for k in sorted(then)
        if k in fresh
    )
    return Table((*head, "held out n", "held out P now", "held out R now"), tuple(rows))


def _pair(accuracy: Accuracy) -> tuple[str, str]:
    return share(accuracy.precision), share(accuracy.recall)


def _plain(accuracy: Accuracy) -> tuple[str, str]:
    def bare(value: float) -> str:
        return "–" if math.isnan(value) else f"{value:.2f}"

    return bare(accuracy.precision.value), bare(accuracy.recall.value)
