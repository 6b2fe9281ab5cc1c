"""What is said of a nowcast is true of its rows, in both languages and in every state."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from overstap.pipeline import Study
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.nowcast import _finding
from overstap.publish.report import render_report
from overstap.schema.weights import NOWCAST_NOTES
from tests.fixtures import make_store

BASE = {"kind": "new", "sector": "all", "quarter": "2020Q2", "ads_n": 412, "official_n": None}
TEST = {"error": 0.52, "plain_error": 1.04, "p_value": 0.004, "origins_n": 9}
VALUE = {"value_n": 123_456.0, "low_n": 110_000.0, "high_n": 140_000.0, "plain_n": 118_000.0}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_its_own_words(lang: Lang) -> None:
    said = {}
    for note in NOWCAST_NOTES:
        row = BASE | (
            {"note": note, **TEST, **VALUE}
            if note in ("ads", "no_gain", "untested")
            else {"note": note, "value_n": None}
        )
        said[note] = _finding("new", [row], Translator(lang))[1]
    assert len(set(said.values())) == len(NOWCAST_NOTES)
    number = {"nl": "123.000", "en": "123,000"}[lang]
    for note in ("ads", "no_gain", "untested"):
        assert number in said[note] and "456" not in said[note]  # no more digits than the figure bears
    assert "0,52" in said["ads"] or "0.52" in said["ads"]
    assert all(number not in said[note] for note in ("official", "few", "apart"))


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study of 2012–2017 with official figures of 2008 until the middle of 2017 that its ads know nothing of."""
    rng = np.random.default_rng(3)
    quarters = [f"{year}Q{n}" for year in range(2008, 2018) for n in (1, 2, 3, 4)][:-2]
    rows = [
        f"{sector},{quarter},{1000 * np.exp(z):.0f},{500 * np.exp(z):.0f}"
        for sector in "CJ"
        for quarter, z in zip(quarters, rng.normal(0, 0.1, len(quarters)).cumsum(), strict=True)
    ]
    text = "\n".join(["sector,period,new,open", *rows])
    return make_store(tmp_path_factory.mktemp("nowcast") / "study", ads=6000, totals=text)


def test_a_study_with_totals_says_whether_its_ads_tell_the_official_figures(weighed: Study) -> None:
    whole = [row for row in weighed.table("out_nowcast").to_pylist() if row["sector"] == "all"]
    ahead = [row for row in whole if row["quarter"] in ("2017Q3", "2017Q4")]
    assert len(ahead) == 4 and all(row["official_n"] is None and row["value_n"] == row["plain_n"] for row in ahead)
    assert {row["note"] for row in whole} == {"no_gain"} and ahead[0]["p_value"] > 0.05
    for lang, words in (("nl", "niet beter dan de officiële reeks"), ("en", "do not tell")):
        page = render_report(weighed, lang)
        assert words in page
    section = page[page.index('id="nowcast"') : page.index('id="labour"')]
    assert section.count("quarter 3 of 2017") >= 4  # all sectors and C, new and open


def test_without_totals_there_is_no_such_chapter(finished_study: Study, page_of: Callable[[Lang], str]) -> None:
    assert finished_study.table("out_nowcast").num_rows == 0
    assert 'id="nowcast"' not in page_of("en")
