"""What is said of education: what is not known counts as nothing, nor is it left out without a word."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.pipeline import Study
from overstap.publish.education import EducationChapter
from overstap.publish.labels import Translator
from overstap.schema import table_spec

FIELD, OTHER = "0531", "0711"


class Changed:
    """A study with one table in place of its own."""

    def __init__(self, study: Study, name: str, rows: list[dict[str, object]]) -> None:
        self.spec, self.base, self._study, self._name = study.spec, study.base, study, name
        schema = table_spec(name).schema
        blank: dict[str, object] = dict.fromkeys(schema.names)
        self._rows = pa.Table.from_pylist([blank | row for row in rows], schema=schema)

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        return self._rows if name == self._name else self._study.table(name, columns)


def chapter(study: Study, name: str, rows: list[dict[str, object]]) -> EducationChapter:
    return EducationChapter(Changed(study, name, rows), Translator.for_study(study, "en"))  # type: ignore[arg-type]


def went(place: str, low: float, high: float | None, basis: str = "observed", field: str = FIELD) -> dict[str, object]:
    cell = {"destination": place, "persons_low": low, "persons_high": high, "basis": basis, "year": 2022}
    return cell | {"isced_f": field, "level": "mbo4" if basis == "observed" else "master"}


def test_persons_that_are_not_known_stay_in_the_whole(finished_study: Study) -> None:
    rows = [went("study_hbo", 40, 40), went("3116", 40, 40), went("unknown", 0, None)]
    made = chapter(finished_study, "out_education_destinations", rows)
    (said,) = made._to_hbo()
    assert "0–50" in said.text  # of those who are known it is half
    drawn = {row["destination"]: row for row in made.destinations_chart().rows}
    assert drawn["study_hbo"]["share_pct"] is None and drawn["study_hbo"]["share_high"] == pytest.approx(50)
    assert drawn["unknown"]["persons_high"] is None


def test_how_destinations_are_known_follows_from_their_rows_of_the_last_year_of_each_level(
    finished_study: Study,
) -> None:
    earlier = went("2113", 30, 30, "matrix", OTHER) | {"year": 2021}
    rows = [went("study", 10, 10), went("3116", 10, 20), earlier]
    made = chapter(finished_study, "out_education_destinations", rows).destinations_chart()
    drawn = {row["destination"]: row for row in made.rows}
    assert {place: row["basis"] for place, row in drawn.items()} == {
        "study": "observed", "3116": "observed", "2113": "matrix",
    }  # fmt: skip
    assert drawn["3116"]["share_low"] == pytest.approx(20) and "2021–2022" in made.caption


def test_fields_without_a_chance_are_counted(finished_study: Study) -> None:
    rows: list[dict[str, object]] = []
    for state, chance in (("diploma", 50.0), ("dropout", 20.0), ("switch", 5.0)):
        for field, value in ((FIELD, chance), (OTHER, None)):
            cell = {"split": "all", "value": "all", "isced_f": field, "state": state, "after": 5}
            rows.append(cell | {"students": 80.0, "chance_pct": value})
    said = chapter(finished_study, "out_education_success", rows)._success_said()
    assert "50" in said and "1 of 2" in said


def test_an_inflow_without_a_most_says_what_is_left_at_most(finished_study: Study) -> None:
    row: dict[str, object] = {"sector": "chemie", "isco08": "all", "openings": 300.0, "inflow_low": 90.0}
    row |= {"shortage_high": 210.0, "first_year": 2021, "last_year": 2023, "levels": ["mbo4"]}
    said = chapter(finished_study, "out_education_flow", [row]).flow_said()
    assert [one.state for one in said] == ["at_most", "basis"]
    assert "≥ 90" in said[0].text and "at most 210" in said[0].text
