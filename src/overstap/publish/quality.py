"""How good the data and their coding are: what happened to rows, what is not coded, accuracy, drift, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from overstap.pipeline import Study
from overstap.publish.accuracy import AccuracyChapter
from overstap.publish.behind import Behind
from overstap.publish.caution import warning_text
from overstap.publish.labels import Translator, capital
from overstap.publish.report_data import ReportData
from overstap.publish.words import Sentence

NOT_CODED = ("titles_coded", "sectors_coded", "ads_with_skills", "ads_with_education")


class QualityChapter:
    """What a study says of its own quality, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t
        self.accuracy = AccuracyChapter(study, t)

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

    def drift(self) -> list[Sentence]:
        """Shifts of a feed or of wording that no market makes."""
        return Behind(self._study, self.t).drift()

    def warnings(self) -> Sequence[str]:
        """The warnings and notes of the run."""
        return [warning_text(self.t, row) for row in self._study.table("out_warnings").to_pylist()]
