"""A study's own tables of moves: what they may look like, and what is refused before anything is worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.move_steps import check_moves
from overstap.moves.question import read_own
from overstap.study_moves import Moves


def _written(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dutch_spreadsheet_saves_the_same_table(tmp_path: Path) -> None:
    dutch = read_own(_written(tmp_path, "code;pay_p50\n0811;24,50\n0812;\n"), "pay")
    plain = read_own(_written(tmp_path, "code,pay_p50\n0811,24.50\n0812,\n"), "pay")
    assert dutch.equals(plain) and plain["pay_p50"].to_pylist() == [24.5, None]


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("graduates", "code,graduates\n0811,5\n0812,many\n", "row 3, graduates: 'many' is not a number"),
        ("groups", "code,kind,group,share\n0811,age,young,half\n", "row 2, share: 'half' is not a number"),
        ("jobs", "code,jobs\n0811,1.000.000\n", "row 2, jobs: '1.000.000' is not a number"),
        ("graduates", "code,graduates\n", "has no rows"),
        ("training_costs", "unit,skill_level\n,1\n", "lacks the column months_low"),
    ],
)
def test_figures_that_are_none_are_named(tmp_path: Path, what: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_own(_written(tmp_path, text), what)


def test_a_study_is_told_of_impossible_graduates_and_groups_before_it_runs(tmp_path: Path) -> None:
    for text, said in (("0811,-5\n", "are -5"), ("0811,5\n0811,6\n", "twice"), ("0899,5\n", "'0899'")):
        _written(tmp_path, "code,graduates\n" + text)
        (problem,) = check_moves(Moves(graduates="own.csv"), tmp_path)
        assert said in str(problem)
    for text, said in (("0811,age,young,1.5\n", "is 1.5"), ("0899,age,young,0.5\n", "'0899'")):
        _written(tmp_path, "code,kind,group,share\n" + text)
        (problem,) = check_moves(Moves(groups="own.csv"), tmp_path)
        assert said in str(problem)
