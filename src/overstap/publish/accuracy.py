"""How accurate the coding is, for the dashboard's page on quality and the annex of a report; and the literature.

The accuracy of the coder is that of docs/accuracy.md, measured on sets of its own; a study's own audit stands beside
it where there is one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache

from overstap.pipeline import Study
from overstap.publish.bundled import asset
from overstap.publish.labels import DASH, Translator
from overstap.publish.texts import as_html
from overstap.publish.vega import Row
from overstap.publish.words import Sentence
from overstap.schema.out import ALL

SHIPPED = (
    ("Skills: the hundred most asked", "precision, held out", "skills_right"),
    ("Skills: the hundred most asked", "recall, held out", "skills_found"),
    ("Titles of ads, coded by hand by another reader", "right at 4 digits", "isco4"),
    ("Titles of ads, coded by hand by another reader", "right at 2 digits", "isco2"),
    ("Titles of ads, coded by hand by another reader", "of those given, right at the digits known", "isco_given"),
    ("Facts, judged", "experience: precision as judged, third draw", "experience"),
    ("Facts, judged", "education: precision as judged, third draw", "education"),
    ("Facts, judged", "hours: precision as judged, third draw", "hours"),
    ("Facts, judged", "salary: precision as judged, third draw", "salary"),
    ("Facts, judged", "contract: precision as judged, second draw", "contract"),
)
"""Figures of docs/accuracy.md that a reader is shown: set, measure, and the key of its label."""
_MOST = 25


@dataclass(frozen=True)
class Measured:
    """A figure on accuracy in words: what, its value, interval and n."""

    label: str
    value: str
    interval: str
    n: str


@lru_cache(maxsize=1)
def literature() -> str:
    """The literature of the methods as a list in HTML."""
    return as_html(asset("literature.md"))


def figures() -> list[dict[str, str]]:
    """The figures of docs/accuracy.md: set, measure, n, value, low and high."""
    return list(csv.DictReader(io.StringIO(asset("accuracy.csv"))))


@lru_cache(maxsize=1)
def dutch() -> dict[str, str]:
    """The Dutch names of sets and measures."""
    return {row["english"]: row["dutch"] for row in csv.DictReader(io.StringIO(asset("accuracy_nl.csv")))}


class AccuracyChapter:
    """The accuracy of the coder and a study's own audit, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t

    def overview(self) -> list[tuple[str, str, str, str, str]]:
        """Every figure of the coder as it was measured: set, measure, n, value and interval."""
        t, named = self.t, dutch() if self.t.language == "nl" else {}
        return [
            (
                named.get(row["set"], row["set"]),
                named.get(row["measure"], row["measure"]),
                t.number(int(row["n"])),
                t.number(float(row["value"]), 2),
                DASH.join(t.number(float(row[end]), 2) for end in ("low", "high")),
            )
            for row in figures()
        ]

    def shipped(self) -> list[Measured]:
        """How accurate the coder that ships is."""
        rows = {(row["set"], row["measure"]): row for row in figures()}
        found = []
        for set_, measure, key in SHIPPED:
            if row := rows.get((set_, measure)):
                value, low, high = (100 * float(row[name]) for name in ("value", "low", "high"))
                found.append(self._measured(self.t(f"quality.accuracy.{key}"), value, low, high, int(row["n"])))
        return found

    def audited(self) -> tuple[Sentence, list[tuple[Measured, Measured]]]:
        """The study's own audit: a sentence, and per item what is right of the coded and found of the asked."""
        rows: list[Row] = self._study.table("out_audit").to_pylist()
        rows = [row for row in rows if row["function_group"] == row["period"] == ALL]
        if not rows:
            return Sentence(self.t("quality.audit.none"), "none"), []
        ads = self.t.count("unit.ads", max(row["ads_n"] for row in rows))
        rows = sorted(rows, key=lambda row: (row["item_kind"], -row["coded_n"], row["item_id"]))[:_MOST]
        pairs = [
            (
                self._measured(name, row["precision_pct"], row["precision_low"], row["precision_high"], row["coded_n"]),
                self._measured(name, row["recall_pct"], row["recall_low"], row["recall_high"], row["asked_n"]),
            )
            for row in rows
            for name in (self.t.item(row["item_kind"], row["item_id"]),)
        ]
        return Sentence(self.t("quality.audit.some", ads=ads), "some"), pairs

    def _measured(self, label: str, value: float | None, low: float | None, high: float | None, n: int) -> Measured:
        t = self.t
        ends = t("unit.unknown") if low is None or high is None else t.percent_interval(low, high, 0)
        return Measured(label, t.percent(value, 0), ends, t.number(n))
