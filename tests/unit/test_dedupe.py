"""Ads that are one vacancy are grouped; ads that only look alike are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads.dedupe import comparable_title, group_postings, group_signatures, normalise_company, normalise_place
from overstap.ads.minhash import minhash_batch, rows_per_band, similarity
from overstap.schema.core import CORE_POSTINGS

WORDS = [f"woord{i}" for i in range(500)]
SCHEMA = pa.schema(
    [("ad_id", pa.string()), ("title", pa.string()), ("company", pa.string()), ("place", pa.string()),
     ("posted_date", pa.date32()), ("text", pa.large_string())]
)  # fmt: skip


def text(seed: int, length: int = 200, changed: int = 0) -> str:
    rng = np.random.default_rng(seed)
    words = [WORDS[i] for i in rng.integers(0, len(WORDS), length)]
    for at in range(changed):
        words[at * (length // max(changed, 1))] = f"anders{at}"
    return " ".join(words)


def ad(ad_id: str, **fields: Any) -> dict[str, Any]:
    base = {"title": "Data engineer", "company": "Acme", "place": "Utrecht", "posted_date": date(2015, 1, 1)}
    return {**base, "text": text(1), "ad_id": ad_id, **fields}


def grouped(*ads: dict[str, Any], **settings: Any) -> dict[str, str]:
    table = group_postings(pa.Table.from_pylist(list(ads), schema=SCHEMA), **settings)
    assert table.schema == CORE_POSTINGS.schema
    return dict(zip(table["ad_id"].to_pylist(), table["vacancy_id"].to_pylist(), strict=True))


def test_a_repost_with_a_dirtier_title_and_company_is_the_same_vacancy() -> None:
    found = grouped(
        ad("b", title="DATA-ENGINEER (m/v/x) 32-40 uur", company="Acme B.V.", place="Utrecht, NL", text=text(2)),
        ad("a", posted_date=date(2015, 1, 20)),
    )
    assert found == {"b": "b", "a": "b"}, "the vacancy is named after its earliest ad"


def test_the_window_counts_from_the_previous_posting() -> None:
    days = [date(2015, 1, 1), date(2015, 2, 28), date(2015, 4, 20), date(2015, 8, 1)]
    found = grouped(*[ad(f"a{i}", posted_date=day) for i, day in enumerate(days)], window_days=60)
    assert found == {"a0": "a0", "a1": "a0", "a2": "a0", "a3": "a3"}


def test_without_a_company_only_the_text_can_tell() -> None:
    found = grouped(ad("a", company=None), ad("b", company=None, text=text(2)), ad("c", company=None))
    assert found == {"a": "a", "b": "b", "c": "a"}


def test_ads_without_a_date_are_compared_only_with_each_other() -> None:
    found = grouped(ad("a"), ad("b", posted_date=None), ad("c", posted_date=None))
    assert found == {"a": "a", "b": "b", "c": "b"}


def test_another_board_with_nearly_the_same_text_is_the_same_vacancy() -> None:
    table = group_postings(
        pa.Table.from_pylist([ad("a"), ad("b", company="Acme Recruitment", text=text(1, changed=1))], schema=SCHEMA)
    )
    assert table["vacancy_id"].to_pylist() == ["a", "a"]
    assert table["rule"].to_pylist() == ["first", "same_text"]
    assert table["similarity"].to_pylist()[0] is None
    assert 0.85 <= table["similarity"].to_pylist()[1] < 1.0


def test_boilerplate_of_one_employer_does_not_merge_different_jobs() -> None:
    found = grouped(
        ad("a", title="Verpleegkundige"),
        ad("b", title="Schoonmaker"),
        ad("c", title="Junior data engineer"),
        ad("d", title="Senior data engineer"),
    )
    assert len(set(found.values())) == 4


def test_one_employer_in_two_places_has_two_vacancies() -> None:
    found = grouped(ad("a", place="Utrecht"), ad("b", place="Breda"), ad("c", place="Utrecht-Oost", company="Acme BV"))
    assert found == {"a": "a", "b": "b", "c": "a"}


def test_a_thousand_copies_are_one_vacancy_and_ads_without_text_are_none() -> None:
    copies = [ad(f"a{i:04d}", company=f"firm {i}") for i in range(1000)]
    empty = [ad(f"e{i}", company=f"firm {i}", text="", title=f"Kok {i}") for i in range(3)]
    found = grouped(*copies, *empty)
    assert {found[row["ad_id"]] for row in copies} == {"a0000"}
    assert {found[row["ad_id"]] for row in empty} == {"e0", "e1", "e2"}


def test_no_ads_give_no_postings() -> None:
    assert grouped() == {}


def test_texts_may_be_hashed_in_batches() -> None:
    ads = pa.Table.from_pylist([ad(f"a{i}", text=text(i // 2)) for i in range(6)], schema=SCHEMA)
    parts = [minhash_batch(ads["text"].slice(at, 2)) for at in (0, 2, 4)]
    assert pa.Table.from_batches(group_signatures(ads, np.concatenate(parts))).equals(group_postings(ads))


@pytest.mark.parametrize("changed", [0, 2, 5, 10, 20])
def test_the_estimate_is_near_the_true_jaccard_similarity(changed: int) -> None:
    def shingles(words: list[str]) -> set[tuple[str, ...]]:
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    pairs = [(text(seed, 400), text(seed, 400, changed)) for seed in range(40)]
    signed = minhash_batch(pa.array([one for pair in pairs for one in pair], pa.large_string()))
    rows = np.arange(0, 80, 2)
    truth = [len(a & b) / len(a | b) for a, b in ((shingles(x.split()), shingles(y.split())) for x, y in pairs)]
    assert abs(similarity(signed, rows, rows + 1).mean() - np.mean(truth)) < 0.02


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.85, 0.95, 1.0])
def test_bands_find_pairs_at_the_threshold(threshold: float) -> None:
    rows = rows_per_band(threshold)
    assert 1 - (1 - threshold**rows) ** (128 // rows) >= 0.98


def test_case_and_markup_signs_do_not_change_a_text() -> None:
    signed = minhash_batch(pa.array(["Één Ëxtra **ding** hier graag nu", "één ëxtra ding, hier GRAAG nu", None, "..."]))
    assert (signed[0] == signed[1]).all()
    assert not signed[2:].any()


def test_names_are_compared_without_what_differs_between_boards() -> None:
    assert comparable_title(pa.array(["Café-manager m/v (24 - 32 uur)", "(…)", None])).to_pylist() == [
        "cafe manager", None, None,
    ]  # fmt: skip
    assert comparable_title(pa.array(["C++ developer", "C# developer"])).to_pylist() == [
        "c++ developer",
        "c# developer",
    ]
    assert normalise_company(pa.array(["Stichting Zorg B.V.", "ACME Nederland BV", "a.s.r."])).to_pylist() == [
        "zorg", "acme", "a s r",
    ]  # fmt: skip
    assert normalise_place(pa.array(["'s-Gravenhage", "Regio Utrecht", "Breda, NB, NL"])).to_pylist() == [
        "den haag", "utrecht", "breda",
    ]  # fmt: skip
