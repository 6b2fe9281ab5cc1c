"""New phrases: what is counted, what makes a term, and which planted phrases come up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from overstap.phrases.count import Counted, Mentions, count_phrases
from overstap.phrases.kernel import LONGEST
from overstap.phrases.names import are_names
from overstap.phrases.sample import Sample
from overstap.phrases.table import PhraseSettings, _beside, _Found, _written_alike, new_phrases, phrase_sums
from overstap.phrases.termhood import c_value, keyness
from overstap.reference.taxonomy import load_taxonomy

SETTINGS = PhraseSettings("2019", "2021", 20, 0.95, 0.05)
PYTHON = "Python"


def sample_of(years: list[str], employers: list[str]) -> Sample:
    n = len(years)
    return Sample.of(
        pa.table(
            {
                "vacancy_id": [f"v{i}" for i in range(n)],
                "employer_id": employers,
                "source_id": ["board"] * n,
                "year": years,
                "first_date": pa.array([date(int(y), 1, 1) for y in years]),
                "language": ["en"] * n,
                "isco08": ["2512"] * n,
                "sector": ["J"] * n,
            }
        )
    )


def counted(texts: list[str], sample: Sample, least: int = 1) -> Counted:
    """Counts over texts in which a mention covers each `Python`."""
    rows, starts = [], []
    for row, text in enumerate(texts):
        at = text.find(PYTHON)
        while at >= 0:
            rows.append(row)
            starts.append(at)
            at = text.find(PYTHON, at + 1)
    bounds = np.searchsorted(rows, np.arange(len(texts) + 1))
    mentions = Mentions(bounds, np.array(starts, np.int64), np.array(starts, np.int64) + len(PYTHON))
    half = len(texts) // 2
    batches = [(np.arange(half), texts[:half]), (np.arange(half, len(texts)), texts[half:])]
    return count_phrases(
        lambda: ((docs, pa.array(own, pa.large_string())) for docs, own in batches), sample, mentions, least
    )


def entry(found: Counted, words: str, field: str) -> int:
    number = next(n for n, text in found.text.items() if text.lower() == words)
    return int(getattr(found.entries, field)[number])


def test_runs_are_counted_once_a_vacancy_where_the_ad_asks_and_no_mention_covers_them() -> None:
    asks = "Requirements\n- Python, zinc welding and zinc welding\n- brass polishing\n"
    texts = [asks, asks, asks.replace("brass", "Python"), "About us\nWe love zinc welding. Benefits\n- zinc welding\n"]
    found = counted(texts, sample_of(["2019"] * 4, list("abcd")))
    assert entry(found, "zinc welding", "asked") == 3
    assert entry(found, "zinc welding", "rest") == 1
    assert entry(found, "zinc welding", "phrased") == 3  # enumerated with Python
    assert entry(found, "brass polishing", "asked") == 2
    texts_found = {text.lower() for text in found.text.values()}
    assert "python polishing" not in texts_found  # half of it is a mention
    assert "welding brass polishing" not in texts_found  # over the end of a line
    assert "python" not in texts_found


def test_lists_that_are_denied_and_colleagues_ask_nothing() -> None:
    texts = ["Requirements\n- Geen zorix, mekond of brilalf\n- Je werkt samen met de tupest\n- Kennis van zoralf\n"] * 2
    found = counted(texts, sample_of(["2019"] * 2, list("ab")))
    asked = {words.lower() for number, words in found.text.items() if found.entries.asked[number]}
    assert "kennis van zoralf" in asked or "zoralf" in asked
    assert not asked & {"zorix", "mekond", "brilalf", "tupest"}


def test_counts_do_not_depend_on_how_ads_are_cut_into_batches_or_on_hash_slots() -> None:
    rng = np.random.default_rng(5)
    words = [f"{a}{b}" for a in ("zor", "mek", "bril", "tup") for b in ("ix", "ond", "alf", "est")]
    texts = ["Requirements\n" + "\n".join(" ".join(rng.choice(words, 3)) for _ in range(6)) for _ in range(60)]
    found = counted(texts, sample_of(["2019"] * 60, [f"e{i}" for i in range(60)]))
    expected: dict[str, set[int]] = {}
    for row, text in enumerate(texts):
        for line in text.split("\n")[1:]:
            tokens = line.split()
            for i in range(3):
                for j in range(i, 3):
                    expected.setdefault(" ".join(tokens[i : j + 1]), set()).add(row)
    entries = {text: int(found.entries.asked[n]) for n, text in found.text.items()}
    assert entries == {text: len(rows) for text, rows in expected.items()}
    pairs = {(found.text[n], doc) for n, doc in found.pairs.tolist()}
    assert pairs == {(text, row) for text, rows in expected.items() for row in rows}


def test_c_value_is_that_of_its_definition() -> None:
    """real time clock 10 times, real time 15, time clock 10, time 30 (of these 15 and 10 in the longer two and 10 in
    the longest)."""
    real, time, clock = 1, 2, 3
    rows = [(real, time, clock), (real, time), (time, clock), (time,)]
    words = np.zeros((4, LONGEST), np.uint64)
    for i, row in enumerate(rows):
        words[i, : len(row)] = row
    value, nested = c_value(words, np.array([3, 2, 2, 1]), np.array([10.0, 15, 10, 30]), np.zeros(4, np.int64))
    expected = [2 * 10, np.log2(3) * (15 - 10), np.log2(3) * 0, 1 * (30 - (10 + 15 + 10) / 3)]
    np.testing.assert_allclose(value, expected)
    np.testing.assert_allclose(nested, [0, 10 / 15, 1, 15 / 30])


def test_keyness_is_the_likelihood_ratio_with_a_sign() -> None:
    table = np.array([[30.0, 10.0]])
    g2 = stats.power_divergence(table[0], [40 * 0.6, 40 * 0.4], lambda_="log-likelihood").statistic
    base = np.array([600.0]), np.array([400.0])
    np.testing.assert_allclose(keyness(table[:, 0], table[:, 1], *base), g2)
    assert keyness(np.array([1.0]), np.array([30.0]), *base)[0] < 0


def planted(seed: int = 1) -> tuple[list[str], Sample]:
    """1,200 ads of 240 employers over two years: `zinc welding` is asked by 5 %, then 20 %; `brass polishing` by 15 %
    in both; `lead casting` by 20 % of the last, all ads of one employer; `copper dreams` stands in what firms say of
    themselves."""
    rng = np.random.default_rng(seed)
    texts, years, employers = [], [], []
    for year, chance in (("2019", 0.05), ("2021", 0.20)):
        for _ in range(600):
            employer = int(rng.integers(240))
            asked = [PYTHON]
            asked += ["zinc welding"] if rng.random() < chance else []
            asked += ["brass polishing"] if rng.random() < 0.15 else []
            if year == "2021" and rng.random() < 0.2:
                employer = 240
                asked.append("lead casting")
            rng.shuffle(asked)
            lead = rng.choice(["Experience with", "Knowledge of", "Skilled in", "You know", "Familiar with"])
            tail = rng.choice(["daily", "on site", "for clients", "in shifts", "abroad"])
            texts.append(
                f"Requirements\n{lead} {', '.join(asked)} {tail}.\n\nAbout us\nA firm of copper dreams since 1910.\n"
            )
            years.append(year)
            employers.append(f"e{employer}")
    return texts, sample_of(years, employers)


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, object]]:
    texts, sample = planted()
    rows = new_phrases(
        counted(texts, sample, 20), sample, np.zeros(len(texts), np.int64), load_taxonomy("core"), SETTINGS
    )
    return {row["phrase"]: row for row in rows.to_pylist()}


def test_a_phrase_that_rises_with_many_employers_comes_up_with_its_true_shares(
    table: dict[str, dict[str, object]],
) -> None:
    row = table["zinc welding"]
    assert row["direction"] == "rising"
    assert row["first_low"] <= 5 <= row["first_high"]
    assert row["last_low"] <= 20 <= row["last_high"]
    assert (row["first_seen"], row["occupations"], row["sectors"]) == ("2019", ["2512"], ["J"])
    assert row["nearest_skill_id"] == "core.welding"
    assert table["brass polishing"]["direction"] == "unclear"


def test_words_of_one_employer_of_firms_about_themselves_and_of_the_taxonomy_stay_out(
    table: dict[str, dict[str, object]],
) -> None:
    for absent in ("lead casting", "copper dreams", PYTHON, "zinc", "welding"):
        assert absent not in table


def test_sums_over_employers_are_those_of_a_loop() -> None:
    _, sample = planted(3)
    rng = np.random.default_rng(2)
    of = np.repeat([0, 1], 200)
    vacancy = np.concatenate([rng.choice(len(sample.employer), 200, replace=False) for _ in range(2)])
    found = phrase_sums(of, vacancy, np.array([1, 1]), sample, "2021")
    here = np.flatnonzero(sample.period == 1)
    for phrase in (0, 1):
        asks = np.isin(here, vacancy[of == phrase])
        n_e, x_e = np.bincount(sample.employer[here]), np.bincount(sample.employer[here], weights=asks)
        sums = (x_e.sum(), n_e.sum(), (n_e > 0).sum(), (x_e**2).sum(), (x_e * n_e).sum(), (n_e**2).sum())
        got = (found.x, found.n, found.g, found.xx, found.xn, found.nn)
        np.testing.assert_array_equal([column[phrase] for column in got], sums)


def test_a_sample_takes_whole_employers() -> None:
    sample = sample_of(["2019"] * 400, [f"e{i % 100}" for i in range(400)])
    drawn = Sample.of(sample.table, most=100)
    assert drawn.rate == 0.25
    kept = {name: drawn.table["employer_id"].to_pylist().count(name) for name in drawn.table["employer_id"].to_pylist()}
    assert set(kept.values()) == {4}
    assert 5 <= len(kept) <= 50


def test_a_phrase_of_two_languages_stands_together_and_is_written_one_way() -> None:
    texts = ["computer science", "Excel", "Computer Science"]
    order = _beside(np.array([2, 1, 0]), texts)
    assert order.tolist() == [2, 0, 1]
    found = _Found(np.arange(3), texts, np.array([1, 1, 0]), np.array([0, 0, 1, 2]), np.array([0, 1, 2, 3]))
    assert _written_alike(found.take(order)).text == ["computer science", "computer science", "Excel"]


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("Zinc Welding BV", "firm"),
        ("Stichting Zinklassen", "firm"),
        ("Dordrecht", "place"),
        ("regio Utrecht", "place"),
        ("Alphen aan den Rijn", "place"),
        ("Berlin", "place"),
        ("San Francisco - CA", "place"),
        ("Jan de Vries", "person"),
        ("Zorix Welding", "employer"),
        ("dordrecht", None),  # without a capital a word is none of these: 'made', 'best'
        ("Java", None),
        ("Ruby on Rails", None),
        ("zinc welding", None),
        ("NEN", None),
    ],
)
def test_names_of_firms_places_and_people_are_told_from_terms(phrase: str, told: str | None) -> None:
    employers = ["zorix welding", "smit", "bakker", "visser"]
    pairs = np.zeros(4, np.int64), np.arange(4)
    found = are_names([phrase], np.array([0.3]), *pairs, np.array([0, 1, 2, 3]), employers)
    assert found.tolist() == [told is not None]


def test_a_first_name_that_ads_ask_is_a_product_and_a_client_of_few_is_a_term() -> None:
    pairs = np.zeros(10, np.int64), np.arange(10)
    one_of_ten = ["docker", *["other"] * 9]
    for phrase, asking, name in (("Claude", 0.9, False), ("Claude", 0.2, True), ("Docker", 0.3, False)):
        assert are_names([phrase], np.array([asking]), *pairs, np.arange(10), one_of_ten).tolist() == [name], phrase


def test_a_place_and_a_firm_that_ads_ask_for_do_not_come_up_as_new_terms() -> None:
    texts, sample = planted()
    named = [t.replace("zinc welding", "Dordrecht").replace("brass polishing", "Brass Polishing BV") for t in texts]
    rows = new_phrases(
        counted(named, sample, 20), sample, np.zeros(len(named), np.int64), load_taxonomy("core"), SETTINGS
    )
    assert not {"Dordrecht", "Brass Polishing BV"} & set(rows["phrase"].to_pylist())
