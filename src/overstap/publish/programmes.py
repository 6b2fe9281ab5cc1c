"""What the texts of a study's programmes teach of what its ads ask, set out for report and dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from overstap.education.curriculum import VERDICTS
from overstap.education.scans import PARTS
from overstap.pipeline import Study
from overstap.publish.labels import Translator
from overstap.publish.vega import Row
from overstap.reference.tables import load

_SHOWN_OCCUPATIONS = 6


@dataclass(frozen=True)
class Shown:
    """A programme: its title and file, what is said of it, and its findings by part and verdict, heaviest first."""

    title: str
    file: str
    said: Sequence[str]
    parts: Sequence[tuple[str, Sequence[tuple[str, Sequence[Row]]]]]


class ProgrammesChapter:
    """The programmes whose texts a study names."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t

    @cached_property
    def programmes(self) -> list[Shown]:
        """Every programme, in the order of the study; none where it names no texts."""
        parts: dict[tuple[str, str], list[Row]] = {}
        for row in self._study.table("out_curriculum_parts").to_pylist():
            parts.setdefault((row["file"], row["programme"]), []).append(row)
        findings: dict[tuple[str, str], list[Row]] = {}
        for row in self._study.table("out_curriculum").to_pylist():
            findings.setdefault((row["file"], row["programme"]), []).append(row)
        return [
            Shown(key[1], key[0], self._said(rows), self._parts(findings.get(key, []))) for key, rows in parts.items()
        ]

    def _said(self, rows: Sequence[Row]) -> list[str]:
        t, first = self.t, rows[0]
        codes = first["isco08"] or []
        counts = [t.count("unit.vacancies", n) for n in first["isco08_n"] or []]
        lines = [
            occupations_said(first["basis"], codes, counts or [t("unit.unknown")] * len(codes), t),
            t("curriculum.from.ads", n=t.number(first["vacancies_n"])),
        ]
        if first["first_year"]:
            lines.append(t("curriculum.growth", first=first["first_year"], last=first["last_year"]))
        for part, _ in PARTS:
            lines.append(parts_said(part, [row for row in rows if row["part"] == part], t))
        return lines

    def _parts(self, rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
        found: list[tuple[str, list[tuple[str, list[Row]]]]] = []
        for part, groups in PARTS[1:]:
            mine = [row for row in rows if row["category_group"] in groups]
            by = [(v, sorted((r for r in mine if r["verdict"] == v), key=_heaviest)) for v in VERDICTS]
            found.append((part, [(verdict, some) for verdict, some in by if some]))
        return [(part, by) for part, by in found if by]

    def share(self, row: Row) -> str:
        """The share of vacancies that ask a skill, with its interval."""
        return share_said(row["share_pct"], row["share_low"], row["share_high"], self.t)

    def growth(self, row: Row) -> str:
        """How a share grew."""
        return self.t("unit.unknown") if row["growth"] is None else f"× {self.t.number(row['growth'], 1)}"


def _heaviest(row: Row) -> tuple[float, str]:
    return -(row["weight"] or 0), row["skill_id"]


def parts_said(part: str, rows: Sequence[Mapping[str, Any]], t: Translator) -> str:
    """How much of a part of the skills is covered, partly and missing: rows of `out_curriculum_parts`."""
    if any(row["part_pct"] is None for row in rows):
        return t(f"curriculum.nothing.{part}")
    shares = {row["verdict"]: t.percent(row["part_pct"], 0) for row in rows}
    (covered,) = (row for row in rows if row["verdict"] == "covered")
    if covered["part_low"] is not None:
        shares["covered"] += f" ({t.percent_interval(covered['part_low'], covered['part_high'], 0)})"
    return t(f"curriculum.parts.{part}", n=t.number(covered["skills_n"]), **shares)


def occupations_said(basis: str, codes: Sequence[str], beside: Sequence[str], t: Translator) -> str:
    """Occupations by name, each with what stands beside it, the first of them."""
    if basis == "all":
        return t("curriculum.leads.all")
    names = {r["code"]: r[f"title_{t.language}"] for r in load("isco08").to_pylist()}
    pairs = list(zip(codes, beside, strict=True))[:_SHOWN_OCCUPATIONS]
    shown = [f"{names.get(code, code)} ({text})" for code, text in pairs]
    more = len(codes) - len(shown)
    text = t.names(shown) if more <= 0 else t("curriculum.leads.more", names=", ".join(shown), n=t.number(more))
    return t(f"curriculum.leads.{basis}", names=text)


def share_said(share: float | None, low: float | None, high: float | None, t: Translator) -> str:
    """A share with its interval, where it is known."""
    if share is None:
        return t("unit.unknown")
    return t.percent(share, 0) if low is None else f"{t.percent(share, 0)} ({t.percent_interval(low, high, 0)})"
