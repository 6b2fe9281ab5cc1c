"""What a sentence claims holds in the rows it was made of: over many rows made by chance, in both directions."""

from __future__ import annotations

import random
from typing import Any

import pytest

from overstap.publish import words
from overstap.publish.answers import by_level
from overstap.publish.charts import About
from overstap.publish.labels import LANGUAGES, Lang, Translator

CELL = {"topsector": "all", "function_group": "all", "language": "all", "source_id": "all", "period": "2017"}
BETTER = {"nl": "hoger", "en": "higher"}


def shares(chance: random.Random, n: int, **key: Any) -> list[dict[str, Any]]:
    """Rows of `out_demand` whose intervals are apart, touch or overlap."""
    rows = []
    for i in range(n):
        share, wide = chance.choice([5, 10, 20, 40, 60]) + chance.random(), chance.choice([0.5, 3.0, 12.0])
        rows.append({**CELL, **key, "item_kind": "skill", "item_id": f"item-{i}", "vacancies_n": 500,
                     "share_pct": share, "share_low": max(share - wide, 0.0), "share_high": share + wide,
                     "is_reliable": True, "weighted_pct": None, "vacancies_estimated": None, "dimension": "province", "level": f"level-{i}"})  # fmt: skip
    return rows


def surely_above(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["share_low"] > other["share_high"])


def test_a_ranking_names_as_leader_only_what_no_other_may_pass() -> None:
    for seed in range(60):
        _ranking(random.Random(seed), Translator(LANGUAGES[seed % 2]))


def _ranking(chance: random.Random, t: Translator) -> None:
    rows = shares(chance, chance.randint(2, 6))
    said, order = words.ranking_sentence(t, rows), words.ranked(rows)
    may_lead = [row for row in order[1:] if not surely_above(order[0], row)]
    assert (said.state == "clear") == (not may_lead)
    assert (said.state == "close") == (may_lead == [order[1]])
    assert (order[1]["item_id"].replace("_", " ") in said.text) == (said.state == "close")
    assert (f" {len(may_lead)} " in said.text) or said.state != "tied"


def test_the_ends_of_a_list_are_named_highest_and_lowest_only_where_they_surely_are() -> None:
    for seed in range(60):
        _ends(random.Random(seed), LANGUAGES[seed % 2])


def _ends(chance: random.Random, lang: Lang) -> None:
    t = Translator(lang, {("province", f"level-{i}"): f"Plaats {i}" for i in range(6)})
    rows = shares(chance, chance.randint(2, 6))
    order = words.ranked(rows)
    top = all(surely_above(order[0], row) for row in order[1:])
    bottom = all(surely_above(row, order[-1]) for row in order[:-1])
    apart = surely_above(order[0], order[-1])
    expected = "clear" if top and bottom else "apart" if apart else "close"
    assert words.ends_state(order) == expected
    chart = by_level(rows, t, About(("x",), 0.95, 30, False), id="x", dimension="province")
    told = f"{chart.title} {chart.finding}"
    assert (BETTER[lang] in chart.title) == (expected == "apart")
    high, low = order[0]["level"].replace("level-", "Plaats "), order[-1]["level"].replace("level-", "Plaats ")
    assert told.index(high) < told.index(low) if expected != "close" else True


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_years_without_a_common_source_only_that_is_said(lang: Lang) -> None:
    t = Translator(lang)
    known, unknown = words.Sentence("a", "rising"), words.Sentence("b", "unknown")
    assert words.cautioned(t, known, True, ("2012", "2017")) == words.apart_sentence(t, "2012", "2017")
    assert words.cautioned(t, unknown, True, ("2012", "2017")) == unknown
    assert words.cautioned(t, words.Sentence("c", "none"), True).text == "c"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_ranking_shows_the_bounds_in_their_order_and_opens_with_a_capital_only_by_itself(lang: Lang) -> None:
    t, row = Translator(lang), shares(random.Random(1), 1)[0] | {"share_low": 7.0, "share_high": 9.5, "share_pct": 8.0}
    whole, part = words.ranking_sentence(t, [row]).text, words.ranking_sentence(t, [row], opening=False).text
    assert t.percent_interval(7.0, 9.5) in whole
    assert whole[0].isupper() and part == whole[0].lower() + whole[1:]
    for unknown in ("share_low", "share_high"):
        assert words.overlap(row, row | {"share_low": 90.0, "share_high": 95.0} | {unknown: None})


def test_a_share_is_known_only_with_vacancies_and_has_an_interval_only_with_both_bounds() -> None:
    t, row = Translator("en"), shares(random.Random(1), 1)[0]
    assert words.share_sentence(t, row).state == "known"
    for key in ("share_low", "share_high"):
        assert words.share_sentence(t, row | {key: None}).state == "no_interval"
    for none in ({"share_pct": None}, {"vacancies_n": 0}):
        assert words.share_sentence(t, row | none).state == "unknown"


def test_a_series_that_begins_rises_one_that_ends_falls_and_one_without_a_last_year_is_unknown() -> None:
    t = Translator("en", {("skill", "a"): "Alpha", ("skill", "b"): "Beta"})
    row: dict[str, Any] = {**CELL, "item_kind": "skill", "first_period": "2012", "last_period": "2017", "first_n": 5,
                           "last_n": 9, "first_base_n": 100, "last_base_n": 120, "is_displayed": True}  # fmt: skip
    new = row | {"item_id": "a", "first_n": 0, "direction": "rising"}
    gone = row | {"item_id": "b", "last_n": 0, "direction": "falling"}
    assert words.change_state(new) == "new" and words.change_state(gone) == "gone"
    said = words.series_sentence(t, [new, gone], "item_id")
    assert said.state == "mixed" and "from 2012 to 2017" in said.text[0].lower() + said.text[1:]
    assert "risen for Alpha; fallen for Beta" in said.text
    assert words.change_state(new | {"last_base_n": 0}) == "unknown" == words.change_state(new | {"first_base_n": 0})
