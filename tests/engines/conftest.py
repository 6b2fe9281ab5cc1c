"""A few hundred coded ads with awkward values, as the SQL files meet them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overstap.reference.totals import quarter_days
from overstap.schema import TABLES

PARAMETERS: dict[str, Any] = {"first_date": date(2015, 1, 1), "last_date": date(2016, 12, 31), "min_display": 5}
_SKILLS = [
    ("core.python", "programming", "digital"),
    ("core.sql", "database", "digital"),
    ("core.teamwork", "collaboration", "other"),
]


def coded_tables(n: int = 300, seed: int = 7) -> dict[str, pa.Table]:
    """Input tables of the SQL files for `n` ads, with nulls, empty lists, unknown employers and dates outside."""
    draw = random.Random(seed)
    ads, postings, annotations = [], [], []
    for i in range(n):
        ad_id = f"a/{i:04d}"
        first = f"a/{draw.randrange(max(1, i - 3), i + 1):04d}" if i and draw.random() < 0.2 else ad_id
        vacancy = postings[int(first[2:])]["vacancy_id"] if first != ad_id else ad_id
        ads.append(_ad(ad_id, draw))
        if vacancy != ad_id:  # a vacancy is named after its earliest ad
            first_date = ads[int(vacancy[2:])]["posted_date"]
            ads[-1]["posted_date"] = first_date and first_date + timedelta(days=draw.randrange(50))
        postings.append(
            {
                "ad_id": ad_id,
                "vacancy_id": vacancy,
                "rule": "first" if vacancy == ad_id else "same_key",
                "employer_key": None if draw.random() < 0.1 else f"employer {draw.randrange(25)}",
                "similarity": None,
            }
        )
        # One source whose ads say nothing of education or skills: sums over nulls alone.
        annotations.append(_annotation(ad_id, draw, silent=ads[-1]["source_id"] == "silent"))
    skills = [
        {"skill_id": s, "esco_uri": None, "label_nl": s, "label_en": s, "category": c, "category_group": g}
        for s, c, g in _SKILLS
    ]
    quarantine = [
        {"source_id": "a", "file": "f", "line_number": i, "reason_code": "no_text", "field": None, "reason": "empty"}
        for i in range(4)
    ]
    quarters = [f"{year}Q{number}" for year in (2015, 2016) for number in (1, 2, 3, 4)]
    totals = [
        {"quarter": quarter, "sector": sector, "new_n": 1000.0, "open_n": None, **_days(quarter)}
        for quarter in quarters
        for sector in ("C", "J")
    ]
    weights = [
        {
            "kind": kind,
            "quarter": q,
            "source_id": "a",
            "sector": s,
            "isco2": "25",
            "stratum": s,
            "weight": 9.5,
            "note": None,
        }
        for kind in ("new", "open")
        for q in quarters
        for s in ("C", "J")
    ]
    rows = {
        "raw_ads": ads,
        "raw_quarantine": quarantine,
        "core_postings": postings,
        "core_annotations": annotations,
        "core_skills": skills,
        "core_totals": totals,
        "core_strata_weights": weights,
    }
    return {name: pa.Table.from_pylist(values, schema=TABLES[name].schema) for name, values in rows.items()}


def _days(quarter: str) -> dict[str, date]:
    first, last = quarter_days(quarter)
    return {"first_date": first, "last_date": last, "live_since": last - timedelta(days=30)}


def _ad(ad_id: str, draw: random.Random) -> dict[str, Any]:
    posted = date(2014, 12, 15) + timedelta(days=draw.randrange(760))
    return {
        "ad_id": ad_id,
        "source_id": draw.choice(["a", "b", "a", "b", "silent"]),
        "file": "f.csv",
        "line_number": 1,
        "text": "text",
        "posted_date": None if draw.random() < 0.03 else posted,
        "masked_n": draw.randrange(2),
    }


def _annotation(ad_id: str, draw: random.Random, *, silent: bool) -> dict[str, object]:
    mentions = [
        {
            "skill_id": skill,
            "esco_uri": None,
            "label_nl": skill,
            "label_en": skill,
            "category": category,
            "section": draw.choice(["requirements", "tasks", "company"]),
            "required": draw.random() < 0.8,
            "start": 0,
            "end": 4,
            "score": 1.0,
            "method": "lexicon",
        }
        for skill, category, _ in _SKILLS
        if draw.random() < 0.4
    ]
    return {
        "ad_id": ad_id,
        "title": "Title",
        "title_key": draw.choice(["data scientist", "secretary", None, f"rare {ad_id}"]),
        "language": draw.choice(["nl", "en"]),
        "codable": True,
        "isco08": draw.choice(["2512", "1330", None]),
        "function_group": draw.choice(["ict", "manager", "other", None]),
        "is_agency": draw.choice([True, False, None, None]),
        "sector": draw.choice(["C", "J", "N", None]),
        "sbi_code": draw.choice(["78203", "2651", None]),
        "education_levels": None if silent else draw.choice([["hbo", "wo"], [], None]),
        "topsectors": draw.choice([["energie", "htsm"], ["chemie"], [], None]),
        "skills": None if silent else mentions or draw.choice([[], None]),
    }


@pytest.fixture(scope="session")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The coded tables as Parquet folders."""
    folders = {}
    for name, table in coded_tables().items():
        folders[name] = tmp_path_factory.mktemp(name)
        pq.write_table(table, folders[name] / "part-0000.parquet")
    return folders
