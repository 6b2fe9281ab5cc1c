"""Sentences that were labelled blind: their parts and core skills are found as well as was measured."""

from __future__ import annotations

import csv
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from overstap.ads.sections import split_sections
from overstap.evaluate.feeds import annotate_ads, cleaned_ads
from overstap.schema.core import ASKED_SECTIONS, SECTIONS
from overstap.study import Annotation

LABELS = Path(__file__).parent / "labels"
DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir():
    DATA = Path(os.environ.get("OVERSTAP_SHARED_DATA", DATA))

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (DATA / "ads").is_dir(), reason=f"SKIPPED: no real ads at {DATA}; set OVERSTAP_SHARED_DATA"),
]


def rows(name: str) -> list[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def annotated() -> dict[tuple[str, str], list[dict[str, object]]]:
    ads = {(row["set"], row["ad_id"]) for row in rows("sections_blind.csv")}
    tables = annotate_ads(DATA, ads, Annotation(semantic=False))
    return {
        (name, ad_id): skills
        for name, table in tables.items()
        for ad_id, skills in zip(table["ad_id"].to_pylist(), table["skills"].to_pylist(), strict=True)
    }


def test_core_skills_are_found_as_measured() -> None:
    right = given = asked = found = 0
    for row in (r for r in rows("core_sentences.csv") if r["part"] == "heldout"):
        start, end = int(row["start"]), int(row["end"])
        mine = {
            m["skill_id"]
            for m in annotated()["nl", row["ad_id"]]
            if m["section"] in ASKED_SECTIONS and m["start"] < end and m["end"] > start  # type: ignore[operator]
        }
        wanted = [set(group.split("/")) for group in row["skills"].split()]
        passes = set(row["allowed"].split()).union(*wanted)
        right, given = right + len(mine & passes), given + len(mine)
        asked, found = asked + len(wanted), found + sum(bool(group & mine) for group in wanted)
    print(f"\nprecision {right} of {given}, recall {found} of {asked}")
    assert right / given >= 0.62
    assert found / asked >= 0.48


def test_parts_are_told_as_measured() -> None:
    labelled = [row for row in rows("sections_blind.csv") if row["part"] == "heldout"]
    assert {row["section"] for row in labelled} <= set(SECTIONS)
    right = 0
    for name, batches in cleaned_ads(DATA, {(row["set"], row["ad_id"]) for row in labelled}).items():
        for batch in batches:
            zones, place = split_sections(batch["text"]), {ad: at for at, ad in enumerate(batch["ad_id"].to_pylist())}
            here = [row for row in labelled if row["set"] == name and row["ad_id"] in place]
            middles = [(int(row["start"]) + int(row["end"])) // 2 for row in here]
            codes = zones.section_of(_ints([place[row["ad_id"]] for row in here]), _ints(middles))
            for row, code in zip(here, codes, strict=True):
                right += (SECTIONS[code] in ASKED_SECTIONS) == (row["section"] in ASKED_SECTIONS)
    print(f"\nasked or not: {right} of {len(labelled)}")
    assert right / len(labelled) >= 0.75


def _ints(values: list[int]) -> npt.NDArray[np.int32]:
    return np.array(values, np.int32)
