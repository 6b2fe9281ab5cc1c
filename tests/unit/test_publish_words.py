"""Each sentence appears when, and only when, its condition holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from overstap.publish import words
from overstap.publish.labels import Translator

GOLDEN = Path(__file__).parents[1] / "golden" / "words.yaml"
NAMES = {("skill", "core.python"): "Python", ("topsector", "htsm"): "HTSM", ("topsector", "health"): "Health"}
CELL = {"topsector": "all", "function_group": "all", "language": "all", "source_id": "all"}
SHARE = {
    **CELL,
    "period": "2017",
    "function_group": "ict",
    "item_kind": "category",
    "item_id": "programming",
    "vacancies_n": 12345,
    "share_pct": 41.2,
    "share_low": 39.0,
    "share_high": 43.4,
    "is_reliable": True,
}
CHANGE = {
    **CELL,
    "item_kind": "skill",
    "item_id": "core.python",
    "first_period": "2012",
    "last_period": "2017",
    "first_n": 20,
    "last_n": 60,
    "first_base_n": 1000,
    "last_base_n": 1200,
    "ratio": 2.5,
    "ratio_low": 1.5,
    "ratio_high": 4.2,
    "shrunk_ratio": 2.1,
    "listed_low": 1.2,
    "listed_high": 5.3,
    "direction": "rising",
    "is_displayed": True,
    "growth_factor": 1.5,
    "growth_low": 0.5,
    "growth_high": 3.2,
}
SHARES: dict[str, dict[str, Any]] = {
    "known": {},
    "no_interval": {"share_low": None, "share_high": None},
    "too_few": {"is_reliable": False, "vacancies_n": 12},
    "unknown": {"share_pct": None, "vacancies_n": 0, "is_reliable": False},
}
CHANGES: dict[str, dict[str, Any]] = {
    "rising": {},
    "falling": {
        "direction": "falling",
        "ratio": 0.4,
        "ratio_low": 0.2,
        "ratio_high": 0.8,
        "last_n": 10,
        "shrunk_ratio": 0.5,
        "listed_low": 0.1,
        "listed_high": 0.9,
    },
    "unclear": {"direction": "unclear", "ratio": 1.1, "ratio_low": 0.8, "ratio_high": 1.5},
    "new": {"first_n": 0, "ratio": None, "ratio_low": 3.0, "ratio_high": None, "listed_low": 2.4, "listed_high": None},
    "gone": {
        "direction": "falling",
        "last_n": 0,
        "ratio": 0.0,
        "ratio_low": 0.0,
        "ratio_high": 0.3,
        "listed_high": 0.4,
    },
    "too_few": {"is_displayed": False},
    "unknown": {"first_base_n": 0},
}


def made(language: str) -> dict[str, str]:
    t = Translator(language, NAMES, "2012–2017")  # type: ignore[arg-type]
    out = {f"share.{k}": str(words.share_sentence(t, {**SHARE, **v})) for k, v in SHARES.items()}
    out |= {f"change.{k}": str(words.change_sentence(t, {**CHANGE, **v})) for k, v in CHANGES.items()}
    for kind, item in (("title", "data scientist"), ("function_group", "ict"), ("category_group", "digital")):
        row = {**SHARE, "function_group": "all", "topsector": "htsm", "item_kind": kind, "item_id": item}
        out[f"item.{kind}"] = str(words.share_sentence(t, row))
    out["movers"] = str(words.movers_sentence(t, [CHANGE, {**CHANGE, **CHANGES["falling"]}]))
    return out


@pytest.mark.parametrize("language", ["nl", "en"])
def test_sentences_read_as_agreed(language: str) -> None:
    expected = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))[language]
    assert {k: v.replace("\u00a0", " ") for k, v in made(language).items()} == expected


@pytest.mark.parametrize(("state", "changed"), SHARES.items())
def test_share_states(state: str, changed: dict[str, Any]) -> None:
    sentence = words.share_sentence(Translator("nl"), {**SHARE, **changed})
    assert sentence.state == state
    assert ("41,2" in sentence.text) == (state in ("known", "no_interval"))


@pytest.mark.parametrize(("state", "changed"), CHANGES.items())
def test_change_states(state: str, changed: dict[str, Any]) -> None:
    sentence = words.change_sentence(Translator("en"), {**CHANGE, **changed})
    assert sentence.state == state
    assert (" rose from" in sentence.text) == (state in ("rising", "new"))
    assert (" fell from" in sentence.text) == (state in ("falling", "gone"))


def yearly(first: int, last: int) -> list[dict[str, Any]]:
    return [{**CELL, "period": "2012", "vacancies_n": first}, {**CELL, "period": "2017", "vacancies_n": last}]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        (yearly(10, 20), "more"),
        (yearly(20, 10), "fewer"),
        (yearly(10, 10), "same"),
        (yearly(1, 2)[:1], "one"),
        ([], "unknown"),
    ],
)
def test_volume_states(rows: list[dict[str, Any]], state: str) -> None:
    assert words.volume_sentence(Translator("nl"), rows).state == state


def two(low: float) -> list[dict[str, Any]]:
    other = {**SHARE, "item_id": "database", "share_pct": low + 1, "share_low": low, "share_high": low + 2}
    return [other, SHARE]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        (two(10), "clear"),
        (two(38), "close"),
        ([SHARE], "single"),
        ([{**SHARE, "is_reliable": False}], "too_few"),
        ([], "unknown"),
    ],
)
def test_a_leader_is_named_alone_only_where_intervals_do_not_touch(rows: list[dict[str, Any]], state: str) -> None:
    assert words.ranking_sentence(Translator("en"), rows).state == state


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_second_place_that_is_shared_names_no_runner_up(language: Any) -> None:
    row = {**SHARE, "item_kind": "skill", "item_id": "a", "share_pct": 7.4, "share_low": 3.0, "share_high": 16.0}
    three = [row | {"item_id": one} for one in ("aaa", "bbb", "ccc")]
    said = words.ranking_sentence(Translator(language), three)
    assert said.state == "tied" and "aaa" in said.text.lower() and "bbb" not in said.text
    lower = {"share_pct": 7.3, "share_low": 2.0}
    assert words.ranking_sentence(Translator(language), [*three[:2], three[2] | lower]).state == "tied"
    below = {"share_pct": 2.0, "share_low": 1.0, "share_high": 2.9}
    assert words.ranking_sentence(Translator(language), [*three[:2], three[2] | below]).state == "close"


def test_topsectors_are_ranked_only_where_their_intervals_differ() -> None:
    t = Translator("nl", NAMES)
    high = {**SHARE, "topsector": "htsm"}
    low = {**SHARE, "topsector": "health", "share_pct": 2.0, "share_low": 1.0, "share_high": 3.0}
    assert words.spread_sentence(t, [low, high]).state == "clear"
    assert words.spread_sentence(t, [{**low, "share_pct": 41.0, "share_high": 42.0}, high]).state == "close"
    assert words.spread_sentence(t, [high, {**low, "is_reliable": False}]).state == "unknown"


def test_series_states() -> None:
    t = Translator("nl", NAMES)
    up = {**CHANGE, "topsector": "htsm"}
    down, flat = ({**up, **CHANGES[k], "topsector": "health"} for k in ("falling", "unclear"))
    cases = {"all_rising": [up], "all_falling": [down], "mixed": [up, flat], "unclear": [flat], "unknown": []}
    for state, rows in cases.items():
        assert words.series_sentence(t, rows, "topsector").state == state
    assert "gedaald" not in words.series_sentence(t, [up, flat], "topsector").text


def test_movers_leave_out_what_is_unclear_or_too_small() -> None:
    small, unclear = ({**CHANGE, **CHANGES[k]} for k in ("too_few", "unclear"))
    assert words.movers_sentence(Translator("nl"), [small, unclear]).state == "none"
    assert words.movers([small, CHANGE], "rising", 5) == [CHANGE]
    assert words.movers([small, CHANGE], "falling", 5) == []


def test_movers_are_ordered_by_what_is_left_when_chance_is_off_and_carry_the_interval_of_a_list() -> None:
    lucky = {**CHANGE, "item_id": "core.lucky", "ratio": 9.0, "ratio_low": 1.1, "listed_low": 1.01, "shrunk_ratio": 1.4}
    assert words.movers([lucky, CHANGE], "rising", 2) == [CHANGE, lucky]
    said = words.movers_sentence(Translator("en", NAMES), [CHANGE]).text
    assert "2.50×; 1.20–5.30" in said and "widened for the list" in said


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("rows", [yearly(10, 20), yearly(20, 10), yearly(10, 20)[:1]])
def test_selected_ads_say_nothing_of_growth(language: str, rows: list[dict[str, Any]]) -> None:
    t = Translator(language)  # type: ignore[arg-type]
    told = words.volume_sentence(t, rows, selected=True)
    assert told.state == "selected"
    assert "arbeidsmarkt" in told.text or "labour market" in told.text
    assert not any(text in told.text for text in ("keer zoveel", "times as many"))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("state", ["rising", "falling", "unclear"])
def test_movers_and_series_of_selected_ads_are_not_called_demonstrable(language: str, state: str) -> None:
    t, rows = Translator(language), [{**CHANGE, **CHANGES[state]}]  # type: ignore[arg-type]
    claim = ("aantoonbaar", "aantoonbare", "aan te tonen", "demonstrabl", "can be shown")
    for selected in (False, True):
        told = words.movers_sentence(t, rows, selected=selected).text
        assert any(word in told for word in claim) != selected
        assert not (selected and any(word in words.series_sentence(t, rows, "topsector", True).text for word in claim))


def test_the_caution_follows_a_difference_between_years_and_nothing_else() -> None:
    t = Translator("nl", NAMES)
    caution = t("caution.years")
    moved = words.change_sentence(t, CHANGE)
    assert words.cautioned(t, moved, True).text == f"{moved.text} {caution}"
    assert words.cautioned(t, moved, False) == moved
    few = words.change_sentence(t, {**CHANGE, **CHANGES["too_few"]})
    assert words.cautioned(t, few, True) == few
