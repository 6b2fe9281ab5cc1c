"""Sentences of English care ads, labelled before anything was run on them: the core skills found as was measured."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from overstap.evaluate.feeds import annotate_ads
from overstap.schema.core import ASKED_SECTIONS
from overstap.study import Annotation
from tests.shared_data import DATA, lacks

pytestmark = pytest.mark.real
LABELS = Path(__file__).parent / "labels" / "nhs_blind.csv"


@lacks("ads")
def test_core_skills_of_care_ads_are_found_as_measured() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = annotate_ads(DATA, {("nhs", row["ad_id"]) for row in rows}, Annotation(semantic=False))["nhs"]
    skills = dict(zip(table["ad_id"].to_pylist(), table["skills"].to_pylist(), strict=True))
    counts = []
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        found = [m for m in skills[row["ad_id"]] if m["section"] in ASKED_SECTIONS]
        mine = {m["skill_id"] for m in found if m["start"] < end and m["end"] > start}
        wanted = [set(group.split("/")) for group in row["skills"].split()]
        passes = set(row["allowed"].split()).union(*wanted)
        counts.append((len(mine & passes), len(mine), sum(bool(group & mine) for group in wanted), len(wanted)))
    for name, right, of in (("precision", 0, 1), ("recall", 2, 3)):
        rng, shares = random.Random(7), []
        for _ in range(2000):
            drawn = rng.choices(counts, k=len(counts))
            shares.append(sum(c[right] for c in drawn) / sum(c[of] for c in drawn))
        shares.sort()
        low, high = shares[50], shares[1950]
        print(f"\n{name} {sum(c[right] for c in counts)} of {sum(c[of] for c in counts)} ({low:.2f}–{high:.2f})")
    given, asked = sum(c[1] for c in counts), sum(c[3] for c in counts)
    assert sum(c[0] for c in counts) / given >= 0.8
    assert sum(c[2] for c in counts) / asked >= 0.42
