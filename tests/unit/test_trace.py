"""A number leads back to exactly the vacancies that it counts, and an ad to exactly the numbers that it counts in."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from overstap import sql
from overstap.cli.trace_view import show
from overstap.engine.dialect import for_spark, parse
from overstap.pipeline import Study
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS
from overstap.sql.lookups import lookup, lookups
from overstap.trace import TRACEABLE, Address, parse_address, reading, trace_ad, trace_number

EVERY = 1_000_000


def counted_n(table: str, row: dict[str, Any]) -> int:
    """How many vacancies a row says that it counts."""
    if table == "out_change":
        return int(row["first_n"] + row["last_n"])
    return int(row["asked_n"] if table == "out_demand" else row["vacancies_n"])


@pytest.mark.parametrize("table", TRACEABLE)
def test_a_number_lists_as_many_vacancies_as_it_counts(finished_study: Study, table: str) -> None:
    rows = finished_study.table(table).to_pylist()
    kinds = {row.get("item_kind"): row for row in rows if row["topsector"] != "all" and row["language"] == "nl"}
    with reading(finished_study) as read:
        for row in [*random.Random(5).sample(rows, 15), *kinds.values()]:
            address = Address(table, {name: row[name] for name in table_spec(table).key})
            found = trace_number(finished_study, read, address, EVERY)
            assert len(found["ads"]) == counted_n(table, row), address
            assert found["row"] == row


def test_a_change_lists_vacancies_of_the_two_periods_it_compares(finished_study: Study) -> None:
    with reading(finished_study) as read:
        found = trace_number(finished_study, read, parse_address("out_change/item_id=core.python"), EVERY)
        ids = [ad["ad_id"] for ad in found["ads"]]
    years = {
        v["vacancy_id"]: v["year"] for v in finished_study.table("core_vacancies", ["vacancy_id", "year"]).to_pylist()
    }
    row = found["row"]
    assert Counter(years[i] for i in ids) == {row["first_period"]: row["first_n"], row["last_period"]: row["last_n"]}
    assert ids == sorted(ids)


def test_evidence_is_the_spans_of_the_item_alone(finished_study: Study) -> None:
    category = {s["skill_id"]: s["category"] for s in finished_study.table("core_skills").to_pylist()}
    with reading(finished_study) as read:
        found = trace_number(finished_study, read, parse_address("out_demand/period=2016/item_id=programming"), 20)
        titles = trace_number(finished_study, read, parse_address("out_demand/item_kind=title/item_id=monteur"), 3)
        volume = trace_number(finished_study, read, parse_address("out_volume/period=2016"), 50)
    assert len(found["ads"]) == 20
    for ad in found["ads"]:
        assert ad["spans"] and {category[span["skill_id"]] for span in ad["spans"]} == {"programming"}
        assert all(span["words"] == "text" for span in ad["spans"])
    assert [ad["spans"] for ad in titles["ads"]] == [[], [], []]
    assert any(ad["spans"] for ad in volume["ads"])


def test_a_trace_takes_few_queries_however_many_ads_it_shows(finished_study: Study) -> None:
    asked: list[str] = []
    with reading(finished_study) as read:

        def counting(query: str, parameters: Any) -> list[dict[str, Any]]:
            asked.append(query)
            return read(query, parameters)

        trace_number(finished_study, counting, parse_address("out_volume/period=2016"), 100)
    assert len(asked) <= 4


def test_an_ad_names_numbers_that_list_it(finished_study: Study) -> None:
    title_of = {v["vacancy_id"]: v["title_key"] for v in finished_study.table("core_vacancies").to_pylist()}
    ad_id = next(i for i, title in title_of.items() if title)
    with reading(finished_study) as read:
        ad = trace_ad(finished_study, read, ad_id)
        assert f"item_kind=title/item_id={title_of[ad_id]}" in " ".join(ad["counts_in"])
        for address in ad["counts_in"]:
            found = trace_number(finished_study, read, parse_address(address), EVERY)
            assert ad_id in {shown["ad_id"] for shown in found["ads"]}, address


def test_sections_that_count_are_those_of_the_query() -> None:
    listed = ", ".join(f"'{section}'" for section in ASKED_SECTIONS)
    assert f"section IN ({listed})" in sql.query("core_vacancy_skills")


@pytest.mark.parametrize("name", lookups())
def test_a_lookup_is_portable(name: str) -> None:
    parse(lookup(name))
    assert "SELECT" in for_spark(lookup(name))


def test_facts_are_shown_with_value_and_proof(finished_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    ad_id = finished_study.table("core_annotations", ["ad_id"])["ad_id"][0].as_py()
    stated = {"hours_min": 32.0, "contract": "permanent", "languages_required": ["nl", "en"]}
    with reading(finished_study) as read:

        def stating(query: str, parameters: Any) -> list[dict[str, Any]]:
            """The rows of the study, but for an ad that states facts, as no ad of the village does."""
            rows = read(query, parameters)
            spans = [{"field": name, "start": at, "end": at + 4} for at, name in enumerate(stated)]
            return [row | stated | {"fact_spans": spans} if "fact_spans" in row else row for row in rows]

        ad = trace_ad(finished_study, stating, ad_id)
    assert [span["value"] for span in ad["fact_spans"]] == list(stated.values())
    show(ad, "en", as_json=False)
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.split()}
    assert "32.00" in lines["hours_min"] and f"“{ad['text'][:4]}” [0–4]" in lines["hours_min"]
    assert "permanent" in lines["contract"] and "nl, en" in lines["languages_required"]
    assert "salary_min" not in lines
