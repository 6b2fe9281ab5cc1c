"""The sector that pages on education show: name, fields, levels, the source of its figures, how they are written."""

from __future__ import annotations

import math
from functools import cached_property

from overstap.education.sector import Codes, sectors
from overstap.pipeline import Study
from overstap.publish.labels import DASH, Translator
from overstap.reference.tables import load
from overstap.schema.out import ALL


class EducationSector:
    """A sector of a study: that of its settings, or another that the table of sectors has.

    `region`: where students and graduates are counted; in the whole country where none is named.
    """

    def __init__(self, study: Study, t: Translator, code: str | None = None, region: str = ALL) -> None:
        self._study, self.t, self.settings = study, t, study.spec.education
        self.code, self.region = code or self.settings.sector, region

    @cached_property
    def _sectors(self) -> dict[str, Codes]:
        own = self.settings.sectors
        return sectors(None if own == "default" else self._study.base / own)

    def choices(self) -> list[tuple[str, str]]:
        """Every sector that can be shown, with its name, by name."""
        return sorted(((code, self.name_of(code)) for code in self._sectors), key=lambda pair: pair[1])

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The ISCED-F fields that train for the sector."""
        return self._sectors[self.code][0]

    def source(self) -> str:
        """What the source of students, graduates and cohorts is called: as the study says, or its files."""
        given, settings = self.settings.source, self.settings
        if given:
            return given.get(self.t.language) or next(iter(given.values()))
        single = (settings.graduates_table, settings.cohorts, settings.persons, settings.destinations)
        names = [*settings.intake, *settings.enrolment, *settings.graduates, *filter(None, single)]
        return self.t("education.files", names=", ".join(dict.fromkeys(name.rsplit("/", 1)[-1] for name in names)))

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names of fields and of ISCO-08 groups; no code of one is read as the other."""
        column = f"title_{self.t.language}"
        return {f"field {r['code']}": r[column] for r in load("isced_f").to_pylist()} | {
            r["code"]: r[column] for r in load("isco08").to_pylist()
        }

    def sector(self) -> str:
        """The name of the sector."""
        return self.name_of(self.code)

    def name_of(self, code: str) -> str:
        """The name of a sector."""
        return self.t.value("topsector", code)

    def level(self, code: str) -> str:
        """The name of a level of education."""
        key = f"education.level.{code}"
        return self.t(key) if self.t.has(key) else self.t.value("education_level", code)

    def between(self, low: float | None, high: float | None) -> str:
        """A number with its bounds, of which one may not be known; the word for unknown where neither is."""
        t = self.t
        if high is None:
            return f"≥ {t.number(round(low))}" if low and round(low) else t("unit.unknown")
        if low is None:
            return f"≤ {t.number(round(high))}"
        ends = t.number(round(low)), t.number(round(high))
        return ends[0] if ends[0] == ends[1] else DASH.join(ends)

    def percents(self, low: float, high: float) -> str:
        """Bounds in whole percents; one where they are alike."""
        ends = self.t.percent(low, 0), self.t.percent(high, 0)
        return ends[0] if ends[0] == ends[1] else self.t.percent_interval(low, high, 0)

    def about(self, value: float | None) -> str:
        """An estimate with two digits that count, as it is no better known."""
        return self.t.number(None if value is None else _rounded(value))

    def about_between(self, low: float | None, high: float | None) -> str:
        """As `between`, of an estimate."""
        return self.between(*(None if end is None else _rounded(end) for end in (low, high)))


def _rounded(value: float) -> float:
    """A number with its first two digits."""
    if not value:
        return 0.0
    step = 10.0 ** max(math.floor(math.log10(abs(value))) - 1, 0)
    return round(value / step) * step
