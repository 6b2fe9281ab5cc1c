"""What the chapter on moves says, and when it must not say it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from overstap.publish.labels import Translator
from overstap.publish.moves import MovesChapter
from overstap.study_moves import Moves

OCCUPATION = {"name_nl": "Klerk", "name_en": "Clerk", "growth": -0.1, "tension": 9.0, "named_shrinking": True}
EMPTY: dict[str, list[str]] = {"licences": [], "licences_part": []}


class _Study:
    """A study of which only the tables of moves are there."""

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self._tables = tables
        self.spec = SimpleNamespace(moves=Moves())

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        return pa.Table.from_pylist(self._tables[name])


def _placement(leavers: int, low: float, high: float) -> list[dict[str, Any]]:
    return [
        {
            "who": who,
            "pay": pay,
            "leavers": leavers if who == "net_decline" else 0,
            "placed_pct": low if leavers else None,
            "placed_high_pct": high if leavers else None,
            "first_year": 2025,
            "last_year": 2030,
        }
        for who in ("employed", "net_decline", "displaced")
        for pay in ("same", "75", "any")
    ]


def _chapter(language: Any = "nl", **tables: list[dict[str, Any]]) -> MovesChapter:
    return MovesChapter(_Study(**tables), Translator(language))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("placement", "states"),
    [
        (_placement(1000, 40.0, 65.0), ["open", "displaced_nobody", "bounded", "study"]),
        (_placement(1000, 40.0, 40.0), ["open", "displaced_nobody", "known", "study"]),
        (_placement(0, 0.0, 0.0), ["nobody"]),
    ],
)
def test_the_headline_says_bounds_only_where_they_differ(placement: list[dict[str, Any]], states: list[str]) -> None:
    assert [sentence.state for sentence in _chapter(out_placement=placement).said()] == states


def test_nobody_displaced_is_said_and_not_counted_as_nought() -> None:
    said = _chapter(out_placement=_placement(1000, 40.0, 65.0)).definitions()
    assert {sentence.state for sentence in said} == {"employed_nobody"}
    assert not any("0 %" in sentence.text for sentence in said)


@pytest.mark.parametrize(("high", "bound"), [(78.0, True), (0.0, False)])
def test_work_of_unknown_pay_is_a_bound_and_no_nought(high: float, bound: bool) -> None:
    rows = [row | {"leavers": 1000, "placed_pct": 0.0, "placed_high_pct": high} for row in _placement(1000, 0.0, high)]
    said = {one.state: one.text for one in _chapter(out_placement=rows).definitions()}["displaced"]
    assert ("ten hoogste 78\u00a0%" in said) == bound
    drawn = _chapter(out_placement=rows).placed_chart().spec["data"]["values"]
    assert {value["share_text"] for value in drawn} == {"0,0–78,0\u00a0%" if bound else "0,0\u00a0%"}


def test_reasons_are_weighed_by_people() -> None:
    rows = [
        {"code": "1", "leavers": 90, "placed": 0.0, "reason": "pay"},
        {"code": "2", "leavers": 20, "placed": 10.0, "reason": "capacity"},
    ]
    text = _chapter("en", out_placement_occupations=rows).reasons().text
    assert "90\u00a0%" in text.replace("90%", "90\u00a0%") and text.index("pay") < text.index("openings")
    placed = [{"code": "1", "leavers": 5, "placed": 5.0, "reason": None}]
    assert _chapter(out_placement_occupations=placed).reasons().state == "none"


def test_shrinkage_beside_a_tight_market_is_remarked() -> None:
    tight = OCCUPATION | EMPTY | {"code": "1", "licences": ["big_nurse"]}
    slack = OCCUPATION | EMPTY | {"code": "2", "tension": 0.5, "named_shrinking": False}
    grows = OCCUPATION | EMPTY | {"code": "3", "growth": 0.1, "named_shrinking": False}
    chapter = _chapter("en", core_occupations=[tight, slack, grows])
    assert [len(chapter.remarks(code)) for code in "123"] == [3, 0, 0]
    assert "nurse" in chapter.remarks("1")[-1]
