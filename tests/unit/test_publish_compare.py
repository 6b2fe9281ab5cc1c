"""Two groups side by side: a difference is said only where it holds, and overlapping samples are called so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from overstap.analysis.uncertainty import wilson
from overstap.publish.charts import About
from overstap.publish.compare import compare_sentence, comparison, differences, overlap_of
from overstap.publish.labels import LANGUAGES, Lang, Translator

NAMES = ("ICT-vacatures", "overige vacatures")
ABOUT = About(("board",))


def row(item: str, asked: int, n: int = 1000, effect: float | None = 1.0, **changed: Any) -> dict[str, Any]:
    low, high = wilson(np.array([asked / n]), np.array([n / (effect or 1.0)]), 1.96)
    return {
        "item_kind": "skill", "item_id": item, "period": "all", "asked_n": asked, "vacancies_n": n, "employers_n": 50,
        "share_pct": 100 * asked / n, "share_low": 100 * float(low[0]), "share_high": 100 * float(high[0]),
        "design_effect": effect, "is_reliable": True, **changed,
    }  # fmt: skip


MORE, LESS, SAME = (row("a", 300), row("a", 100)), (row("b", 50), row("b", 150)), (row("c", 100), row("c", 104))


@pytest.mark.parametrize(
    ("pairs", "state"),
    [
        ([MORE, LESS, SAME], "both"),
        ([MORE, SAME], "first"),
        ([LESS, SAME], "second"),
        ([SAME], "none"),
        ([], "unknown"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_differs_is_said_and_nothing_else(pairs: list[Any], state: str, language: Lang) -> None:
    t = Translator(language)
    found = differences([one for one, _ in pairs], [two for _, two in pairs], 0.05)
    sentence = compare_sentence(t, found, NAMES)
    assert sentence.state == state and "{" not in sentence.text
    chart = comparison(t, ABOUT, found, NAMES, "apart")
    assert chart.finding == sentence.text and len(chart.spec["data"]["values"]) == 2 * len(pairs)


def test_a_difference_has_the_interval_of_newcombe_and_an_adjusted_chance() -> None:
    # Newcombe 1998, Table II, example a: 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    (one,) = differences([row("a", 56, 70)], [row("a", 48, 80)], 0.05)
    assert (one.low, one.high) == (pytest.approx(5.24, abs=0.02), pytest.approx(33.39, abs=0.02))
    alone = differences([MORE[0]], [MORE[1]], 0.05)[0].q_value
    among = next(d for d in differences([MORE[0], SAME[0]], [MORE[1], SAME[1]], 0.05) if d.state == "more").q_value
    assert alone is not None and among == pytest.approx(2 * alone)


def test_employers_with_many_vacancies_make_a_difference_less_sure() -> None:
    sure = differences([row("a", 130)], [row("a", 90)], 0.05)[0]
    clustered = differences([row("a", 130, effect=8.0)], [row("a", 90, effect=8.0)], 0.05)[0]
    assert sure.state == "more" and clustered.state == "unclear"


def test_what_one_group_does_not_tell_is_unknown_and_not_nought() -> None:
    found = differences([row("a", 10), row("b", 10, is_reliable=False)], [row("b", 10)], 0.05)
    assert {one.first["item_id"]: one.state for one in found} == {"a": "unknown", "b": "unknown"}
    assert all(one.value is None for one in found)
    nought = differences([row("a", 0, effect=None)], [row("a", 200)], 0.05)[0]
    assert nought.state == "less" and nought.value == -20


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"function_group": "ict"}, {"function_group": "other"}, "apart"),
        ({"period": "2016"}, {"period": "2017"}, "apart"),
        ({"topsector": "energie"}, {"topsector": "chemie"}, "may"),
        ({"source_id": "x"}, {"source_id": "y"}, "may"),
        ({"topsector": "energie"}, {"topsector": "all"}, "within"),
        ({"topsector": "energie", "period": "2016"}, {"period": "2016"}, "within"),
        ({"sector": "C"}, {"province": "NL31"}, "may"),
        ({"topsector": "all"}, {}, "same"),
    ],
)
def test_groups_that_share_vacancies_are_known(first: dict[str, str], second: dict[str, str], found: str) -> None:
    assert overlap_of(first, second) == overlap_of(second, first) == found


def test_a_group_beside_itself_has_no_chart_of_differences() -> None:
    t = Translator("nl")
    chart = comparison(t, ABOUT, differences([MORE[0]], [MORE[0]], 0.05), NAMES, "same")
    assert not chart.rows and "tweemaal" in chart.finding
