"""A sheet under judgement: the ads with what was answered about them, kept in the file at every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from overstap.audit.sheet import (
    COMPLETE,
    MISSED,
    RIGHT,
    SEPARATOR,
    SKILL,
    VERDICTS,
    WRONG,
    SheetRow,
    by_ad,
    open_rows,
    read_sheet,
    write_sheet,
)
from overstap.audit.values import Fault, Values, tidy
from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.sql.lookups import lookup
from overstap.trace import reading


class Desk:
    """A sheet under judgement. Each answer is written to the file before the next ad is shown."""

    def __init__(self, study: Study, path: Path) -> None:
        self.path = path
        self._ads = by_ad(read_sheet(path))
        self.ids = list(self._ads)
        if not self.ids:
            raise InputError(f"{path} holds no ad.", fix="Draw anew: overstap audit draw STUDY --out FILE")
        with reading(study) as read:
            self._texts = {ad["ad_id"]: ad for ad in read(lookup("ads_by_id"), {"ad_ids": self.ids})}
        skills = study.table("core_skills", ["skill_id", "label_nl", "label_en"]).to_pylist()
        self.values = Values(row["skill_id"] for row in skills)
        self.skills = {row["skill_id"]: row for row in skills}
        labels = ("label_nl", "label_en")
        self._by_label = {row[label].casefold(): row["skill_id"] for row in skills for label in labels if row[label]}

    def rows(self, number: int) -> list[SheetRow]:
        """The rows of the ad at place `number`."""
        return self._ads[self.ids[number]]

    def ad(self, number: int) -> Mapping[str, Any] | None:
        """The ad at place `number` as the study has it; null where a later run no longer has it."""
        return self._texts.get(self.ids[number])

    def is_done(self, number: int) -> bool:
        """Whether everything about the ad at place `number` was answered, with values that exist."""
        return not open_rows(self.rows(number)) and not self.faults(number)

    def faults(self, number: int) -> dict[int, list[Fault]]:
        """What cannot be kept of the answers on the ad at place `number`, by row."""
        return self.values.faults(self.rows(number))

    def read_n(self) -> int:
        """How many ads were read."""
        return sum(self.is_done(number) for number in range(len(self.ids)))

    def partly(self) -> list[tuple[int, list[str]]]:
        """Places of the ads that were judged in part, each with the fields, or skills, that are open or faulty."""
        return [
            (n, [row.value if row.what == SKILL else row.what for row in rows])
            for n in range(len(self.ids))
            if (rows := self.waiting(n))
        ]

    def waiting(self, number: int) -> list[SheetRow]:
        """What is open or faulty of the ad at place `number`, once some of it was judged."""
        rows, faults = self.rows(number), self.faults(number)
        begun, waiting = any(row.verdict for row in rows), open_rows(rows)
        return [row for n, row in enumerate(rows) if n in faults or (begun and row in waiting)]

    def next(self, after: int = -1) -> int:
        """The place of the next ad behind `after`, then from the start, that was not read; the last where all were."""
        places = [*range(after + 1, len(self.ids)), *range(after + 1)]
        return next((n for n in places if not self.is_done(n)), len(self.ids) - 1)

    def judge(self, number: int, answers: Mapping[str, Sequence[str]]) -> None:
        """Keep the answers on an ad: `verdict.N`, and `should_be.N` (once or more) for its N-th row; with `all`, every
        row that was not called wrong is right."""
        self._ads[self.ids[number]] = [self._judged(n, row, answers) for n, row in enumerate(self.rows(number))]
        write_sheet(self.path, (row for ad_id in self.ids for row in self._ads[ad_id]))

    def _judged(self, n: int, row: SheetRow, answers: Mapping[str, Sequence[str]]) -> SheetRow:
        given = answers.get(f"verdict.{n}", [""])[-1]
        verdict = given if given in VERDICTS.get(row.what, (RIGHT, WRONG)) else ""
        values = [value.strip() for value in answers.get(f"should_be.{n}", []) if value.strip()]
        if row.what == MISSED:
            values = [self._by_label.get(value.casefold(), value) for value in values]
            return row.judged(COMPLETE if "all" in answers else verdict, SEPARATOR.join(values))
        if not verdict and values:  # who says what it should be says that it is wrong
            verdict = WRONG
        verdict = verdict or (RIGHT if "all" in answers else "")
        return row.judged(verdict, tidy(row.what, SEPARATOR.join(values)) if verdict == WRONG else "")
