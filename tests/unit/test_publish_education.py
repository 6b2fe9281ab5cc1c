"""What is said of education: what is not known counts as nothing, nor is it left out without a word."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.pipeline import Study
from overstap.publish.education import EducationChapter
from overstap.publish.labels import Translator
from overstap.publish.tables import cell
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


def test_those_who_go_on_in_hbo_have_their_number_and_interval(finished_study: Study) -> None:
    """Wilson's interval of 40 of 100: 30.9–49.8 %."""
    rows = [went("study_hbo", 40, 40), went("3116", 60, 60)]
    (said,) = chapter(finished_study, "out_education_destinations", rows)._to_hbo()
    assert "Of the 100" in said.text and "40\u00a0% went on" in said.text and "31–50\u00a0%" in said.text


def test_success_of_a_sector_has_its_number_and_interval(finished_study: Study) -> None:
    rows: list[dict[str, object]] = []
    for state, chance in (("diploma", 50.0), ("dropout", 20.0), ("switch", 5.0)):
        cell = {"sector": "chemie", "split": "all", "value": "all", "isced_f": "all", "state": state, "after": 5}
        rows.append(
            cell | {"students": 80.0, "chance_pct": chance, "chance_low": chance - 4, "chance_high": chance + 4}
        )
    said = chapter(finished_study, "out_education_success", rows)._success_said()
    assert said.startswith("Of 80 who began") and "50\u00a0% (46–54\u00a0%)" in said
    rows[0] |= {"chance_pct": None}
    assert "46–54" in chapter(finished_study, "out_education_success", rows)._success_said()
    rows[1] |= {"chance_pct": None, "chance_low": None, "chance_high": None}
    assert "not known" in chapter(finished_study, "out_education_success", rows)._success_said()


def test_codes_have_their_names_in_tables(finished_study: Study) -> None:
    made = chapter(finished_study, "out_education_destinations", [went("study", 10, 10), went("2145", 10, 10)])
    chart = made.destinations_chart()
    shown = {cell(made.t, row, "destination") for row in chart.rows}
    assert "2145 Chemical engineers" in shown and "Goes on studying" in shown
    success = EducationChapter(finished_study, made.t).success_chart()
    assert all("(" in cell(made.t, row, "value") and "05" in cell(made.t, row, "isced_f") for row in success.rows[:1])


def test_another_sector_can_be_chosen(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "en")
    chosen = EducationChapter(finished_study, t, "health")
    assert ("health", "Health") in chosen.choices() and "Health" in chosen.said()[0].text
    assert chosen.flows and chosen.flows != EducationChapter(finished_study, t).flows
    assert {row["value"] for _, rows in chosen.programmes() for row in rows} == {"34560"}


def test_an_inflow_without_a_most_says_what_is_left_at_most(finished_study: Study) -> None:
    row: dict[str, object] = {"sector": "chemie", "isco08": "all", "openings": 300.0, "inflow_low": 90.0}
    row |= {"shortage_high": 210.0, "first_year": 2021, "last_year": 2023, "levels": ["mbo4"]}
    said = chapter(finished_study, "out_education_flow", [row]).flow_said()
    assert [one.state for one in said] == ["at_most", "basis"]
    assert "at least 90" in said[0].text and "at most 210" in said[0].text
