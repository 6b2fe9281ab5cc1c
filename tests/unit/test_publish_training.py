"""What the chapter says of retraining, and when it must not say it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from overstap.moves.bill import bill, costs_of, returns_by_subsidy
from overstap.moves.gaps import Gap
from overstap.moves.packages import ALL, PersonsMove
from overstap.moves.population import population
from overstap.publish.labels import Translator
from overstap.publish.training import TrainingChapter
from overstap.schema.training import OUT_TRAINING_POPULATION
from overstap.study_moves import Moves

GROUPS = [{"kind": "sex", "group": "women", "leavers": 10.0, "placed": 5.0, "placed_pct": 50.0, "known_pct": 100.0}]


def chapter(
    language: Any = "nl",
    moves: tuple[tuple[str, float | None], ...] = (("a", 20.0),),
    people: pa.Table | None = None,
    **settings: Any,
) -> TrainingChapter:
    made = [PersonsMove(code, "z", 2000.0, ALL, ALL, (Gap("S1", 0.3, ()),), 2) for code, _ in moves]
    found = costs_of(made, {"z": 22.0, **dict(moves)})
    rows = [{"persons": one.persons} for one in made] or [{"persons": 0.0}]
    tables = {
        "out_training_bill": bill(found, Moves().payers),
        "out_training_returns": returns_by_subsidy(found),
        "out_training_population": people or OUT_TRAINING_POPULATION.schema.empty_table(),
        "out_placement_flows": pa.Table.from_pylist(rows),
        "out_placement_groups": pa.Table.from_pylist(GROUPS),
    }
    study = SimpleNamespace(
        spec=SimpleNamespace(moves=Moves(**settings)), table=lambda name, columns=None: tables[name]
    )
    return TrainingChapter(study, Translator(language))  # type: ignore[arg-type]


def states(said: list[Any]) -> list[str]:
    return [sentence.state for sentence in said]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_bill_is_told_with_its_range_and_what_it_rests_on(language: str) -> None:
    said = chapter(language).said()
    assert states(said) == ["bill", "assumed", "pays", "context"]
    assert {"nl": "miljoen (", "en": "million ("}[language] in said[0].text
    assert states(chapter(language, subsidy=0.25).said())[1] == "subsidy"


def test_unknown_pay_is_said_and_nobody_moving_is_no_bill() -> None:
    assert "known" in states(chapter(moves=(("a", 20.0), ("b", None))).said())
    assert states(chapter(moves=(("b", None),)).said()) == ["bill", "known", "assumed"]
    assert chapter(moves=(("b", None),)).cases() == []
    assert states(chapter(moves=()).said()) == ["nobody"]


def test_each_payer_has_a_cell_for_each_subsidy_and_none_where_it_pays_nothing() -> None:
    found = dict(chapter("en").cases())
    assert {len(cells) for cells in found.values()} == {5}
    assert found["Employer alone"][-1] == "–" and found["Government (pays the subsidy)"][0] == "–"


def test_who_must_retrain_is_told_where_the_study_has_a_table_and_else_said_to_be_unknown() -> None:
    without = chapter("en").people()
    assert states(without) == ["unknown", "context"] and "age, education and contract" in without[0].text
    table = population(pa.table({"age": ["35-64", "15-34"], "persons": [30, 10]}))
    told = chapter("en", people=table).people()
    assert states(told) == ["own", "older", "unknown", "context"]
    assert "30 of them" in told[1].text and "education and contract" in told[2].text
    assert chapter(people=table).population()[0] == ["age"]
