"""Draw the ads that a person will read: at random within function group and year, so that every group is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from overstap.audit.sheet import FACTS, MISSED, OCCUPATION, SKILL, SheetRow
from overstap.audit.values import value_text
from overstap.errors import InputError, StoreError
from overstap.pipeline import Study
from overstap.publish.labels import skill_label
from overstap.retention import texts_removed
from overstap.schema.core import ASKED_SECTIONS
from overstap.schema.out import UNKNOWN
from overstap.sql.lookups import lookup
from overstap.trace import Reader, reading

_AROUND = 60  # characters shown on either side of a skill's words
_BATCH = 200


def draw_sheet(study: Study, n: int, seed: int) -> list[SheetRow]:
    """Rows to judge for `n` vacancies of a finished study, drawn without replacement.

    Half of the sample is spread evenly over the strata, half in proportion to their size. The ads alternate between
    strata, so that a reader who stops half way leaves a sample that still serves. Same seed, same ads.

    Raises InputError where `n` is not positive, StoreError where the texts were removed.
    """
    if n < 1:
        raise InputError(f"--n {n}: there is nothing to read.", fix="Draw 60 or more: --n 60")
    if texts_removed(study.store):
        raise StoreError(
            "There is nothing to read: the texts of the ads were removed after the last run (retention.text: drop).",
            fix="Set retention.text: keep, deliver the feeds again where they are gone, and run the study first.",
        )
    table = study.table("core_vacancies", ["vacancy_id", "function_group", "year"]).to_pydict()
    groups = [group or UNKNOWN for group in table["function_group"]]
    strata: dict[tuple[str, str], list[str]] = {}
    for ad_id, group, year in zip(table["vacancy_id"], groups, table["year"], strict=True):
        strata.setdefault((group, year), []).append(ad_id)
    sizes = {stratum: len(ads) for stratum, ads in strata.items()}
    rng = np.random.default_rng(seed)
    drawn = [
        [(ad_id, stratum) for ad_id in rng.choice(sorted(strata[stratum]), take, replace=False).tolist()]
        for stratum, take in sorted(allocate(sizes, n).items())
    ]
    order = [entry for turn in zip_longest(*drawn) for entry in turn if entry]
    with reading(study) as read:
        return list(_rows(read, order, sizes))


def allocate(sizes: Mapping[tuple[str, str], int], n: int) -> dict[tuple[str, str], int]:
    """How many to draw per stratum: the mean of an even and a proportional share, at most what there is."""
    total = sum(sizes.values())
    n = min(n, total)
    wanted = {s: n / 2 / len(sizes) + n / 2 * size / total for s, size in sizes.items()}
    taken = {s: min(sizes[s], int(wanted[s])) for s in sizes}
    while (left := n - sum(taken.values())) > 0:
        open_strata = sorted((s for s in sizes if taken[s] < sizes[s]), key=lambda s: taken[s] - wanted[s])
        for stratum in open_strata[:left]:
            taken[stratum] += 1
    return taken


def _rows(
    read: Reader, order: Sequence[tuple[str, tuple[str, str]]], sizes: Mapping[tuple[str, str], int]
) -> Iterator[SheetRow]:
    for first in range(0, len(order), _BATCH):
        part = order[first : first + _BATCH]
        ads = {ad["ad_id"]: ad for ad in read(lookup("ads_by_id"), {"ad_ids": [ad_id for ad_id, _ in part]})}
        for ad_id, stratum in part:
            for what, value, label, words, context in _codings(ads[ad_id]):
                yield SheetRow(ad_id, *stratum, sizes[stratum], what, value, label, words, context)


def _codings(ad: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """(what, value, label, words, context) of everything to judge in an ad."""
    yield OCCUPATION, ad["isco08"] or "", "", ad["title"] or "", ""
    for name in FACTS:
        span = next((s for s in ad["fact_spans"] or [] if s["field"] == name), None)
        yield name, value_text(ad[name]), "", *_shown(ad["text"], span)
    seen = set()
    for mention in ad["skills"] or []:
        if mention["section"] in ASKED_SECTIONS and mention["skill_id"] not in seen:
            seen.add(mention["skill_id"])
            yield SKILL, mention["skill_id"], skill_label(mention, "nl"), *_shown(ad["text"], mention)
    yield MISSED, "", "", "", ""


def _shown(text: str, span: Mapping[str, Any] | None) -> tuple[str, str]:
    if span is None:
        return "", ""
    start, end = span["start"], span["end"]
    around = text[max(0, start - _AROUND) : end + _AROUND]
    return text[start:end], " ".join(around.split())
