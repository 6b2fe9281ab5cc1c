"""How good the data and their coding are: what happened to rows, what is not coded, accuracy, drift, warnings.

The accuracy of the coder is that of docs/accuracy.md, measured on sets of its own; a study's own audit stands beside
it where there is one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from overstap.pipeline import Study
from overstap.publish.behind import Behind
from overstap.publish.caution import warning_text
from overstap.publish.labels import Translator, capital
from overstap.publish.report import asset
from overstap.publish.report_data import ReportData
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
"""Figures of docs/accuracy.md that the page shows: set, measure, and the key of its label."""
NOT_CODED = ("titles_coded", "sectors_coded", "ads_with_skills", "ads_with_education")
_MOST = 25


@dataclass(frozen=True)
class Measured:
    """A figure on accuracy in words: what, its value, interval and n."""

    label: str
    value: str
    interval: str
    n: str


class QualityChapter:
    """What a study says of its own quality, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t

    @cached_property
    def data(self) -> ReportData:
        """The parts that the report shows as well: counts per source, and sentences on them."""
        return ReportData(self._study, self.t)

    def aside(self) -> list[tuple[str, str, str]]:
        """Rows set aside in the ingest, by reason: reason, number, share of the rows read there."""
        rows = self._sums("rows_set_aside")
        return [(self.t.value("detail", name), *self._share(n, base)) for name, (n, base) in rows.items() if n]

    def languages(self) -> list[tuple[str, str, str]]:
        """Ads by language."""
        rows = sorted(self._sums("ads_in_language").items(), key=lambda pair: -pair[1][0])
        return [(capital(self.t.value("language", name)), *self._share(n, base)) for name, (n, base) in rows]

    def not_coded(self) -> list[tuple[str, str, str]]:
        """Ads without a code, by what they were to be coded to."""
        found = []
        for measure in NOT_CODED:
            n, base = self._sums(measure).get("", (0, 0))
            if base:
                found.append((self.t(f"quality.without.{measure}"), *self._share(base - n, base)))
        return found

    def _sums(self, measure: str) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for row in self.data.quality:
            if row["measure"] == measure:
                n, base = found.get(row["detail"], (0, 0))
                found[row["detail"]] = (n + row["value_n"], base + row["base_n"])
        return found

    def _share(self, n: int, base: int) -> tuple[str, str]:
        return self.t.number(n), self.t.percent(100 * n / base) if base else self.t("unit.unknown")

    def shipped(self) -> list[Measured]:
        """How accurate the coder that ships is."""
        rows = {(row["set"], row["measure"]): row for row in csv.DictReader(io.StringIO(asset("accuracy.csv")))}
        found = []
        for set_, measure, key in SHIPPED:
            if row := rows.get((set_, measure)):
                value, low, high = (100 * float(row[name]) for name in ("value", "low", "high"))
                found.append(self._measured(self.t(f"quality.accuracy.{key}"), value, low, high, int(row["n"])))
        return found

    def _measured(self, label: str, value: float | None, low: float | None, high: float | None, n: int) -> Measured:
        t = self.t
        ends = t("unit.unknown") if low is None or high is None else t.percent_interval(low, high, 0)
        return Measured(label, t.percent(value, 0), ends, t.number(n))

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

    def drift(self) -> list[Sentence]:
        """Shifts of a feed or of wording that no market makes."""
        return Behind(self._study, self.t).drift()

    def warnings(self) -> Sequence[str]:
        """The warnings and notes of the run."""
        return [warning_text(self.t, row) for row in self._study.table("out_warnings").to_pylist()]
