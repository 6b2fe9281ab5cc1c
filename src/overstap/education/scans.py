"""Scans of programmes as tables: what is found of each skill, and the parts that are covered, partly or missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from overstap.education.curriculum import VERDICTS, Scan
from overstap.schema import table_spec

PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("all", ()),
    ("digital", ("digital",)),
    ("soft", ("other",)),
    ("rest", ("professional", "language")),
)
"""Skills are told apart: digital, soft, and what belongs to the profession (with languages)."""


def tables_of(scans: Sequence[Scan]) -> tuple[pa.Table, pa.Table]:
    """`out_curriculum` and `out_curriculum_parts` of scans."""
    findings = [row for scan in scans for row in _findings(scan)]
    parts = [row for scan in scans for row in part_rows(scan)]
    return (
        pa.Table.from_pylist(findings, schema=table_spec("out_curriculum").schema),
        pa.Table.from_pylist(parts, schema=table_spec("out_curriculum_parts").schema),
    )


def _findings(scan: Scan) -> Iterator[dict[str, Any]]:
    for one in scan.findings:
        proof = one.proof[0] if one.proof else None
        yield {
            "file": scan.programme.file,
            "programme": scan.programme.title,
            "verdict": one.verdict,
            "skill_id": one.item,
            "category_group": one.group,
            "share_pct": one.share_pct,
            "share_low": one.low,
            "share_high": one.high,
            "asked_n": one.vacancies_n,
            "growth": one.growth,
            "weight": one.weight,
            "sentence": proof and proof.sentence,
            "start": proof and proof.start,
            "end": proof and proof.end,
            "ads": list(one.ads),
        }


def part_rows(scan: Scan) -> Iterator[dict[str, Any]]:
    """The rows of a scan in `out_curriculum_parts`."""
    demand, target = scan.demand, scan.target
    units = sorted(target.units, key=lambda unit: -target.units[unit])
    for name, groups in PARTS:
        asked = [f for f in scan.findings if f.verdict != "extra" and (not groups or f.group in groups)]
        for verdict in VERDICTS[:3]:
            part, bounds = scan.part(verdict, groups), scan.interval(verdict, groups)
            yield {
                "file": scan.programme.file,
                "programme": scan.programme.title,
                "part": name,
                "verdict": verdict,
                "part_pct": None if part is None else 100 * part,
                "part_low": None if bounds is None else 100 * bounds[0],
                "part_high": None if bounds is None else 100 * bounds[1],
                "skills_n": len(asked),
                "vacancies_n": demand.vacancies_n if demand.source == "ads" else None,
                "isco08": units,
                "isco08_n": [demand.of_units.get(unit, 0) for unit in units],
                "basis": target.basis,
                "first_year": demand.years and demand.years[0],
                "last_year": demand.years and demand.years[1],
            }
