"""Crosses from a finished study: the numbers of the study's own tables, and words that help where a name is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from overstap.pipeline import Study
from tests.cli.helpers import Cli


def test_a_cross_gives_the_numbers_of_the_study(finished: Path, cli: Cli) -> None:
    said = cli("cross", finished, "--item", "skill", "--period", "year", "--format", "json")
    assert said.code == 0, said.err
    rows = {(r["period"], r["item_id"]): r for line in said.out.splitlines() if (r := json.loads(line))}
    wanted = {"period_kind": "year", "item_kind": "skill", "topsector": "all", "function_group": "all"}
    wanted |= {"language": "all", "source_id": "all"}
    table = Study.open(finished).table("out_demand").to_pylist()
    demand = [r for r in table if all(r[name] == value for name, value in wanted.items())]
    assert demand and len(demand) == len(rows)
    for row in demand:
        found = rows[row["period"], row["item_id"]]
        for name in ("asked_n", "vacancies_n", "employers_n", "share_pct", "share_low", "share_high", "design_effect"):
            assert found[name] == pytest.approx(row[name]), name
        assert found["rank_low"] <= found["rank"] <= found["rank_high"]


def test_the_same_rows_as_csv_and_the_first_of_them_as_a_table(finished: Path, cli: Cli) -> None:
    options = ("--item", "skill", "--by", "language", "--by", "isco1")
    rows = list(csv.DictReader(io.StringIO(cli("cross", finished, *options, "--format", "csv").out)))
    lines = [json.loads(line) for line in cli("cross", finished, *options, "--format", "json").out.splitlines()]
    assert [(r["language"], r["isco1"], r["item_id"], int(r["asked_n"])) for r in rows] == [
        (r["language"], r["isco1"], r["item_id"], r["asked_n"]) for r in lines
    ]
    table = cli("cross", finished, *options, "--top", "1")
    assert table.code == 0 and "share_pct" in table.out and "without weights" in table.err
    assert len(table.out.splitlines()) < 1 + len(rows)


def test_where_counts_the_vacancies_with_the_value_only(finished: Path, cli: Cli) -> None:
    whole = json.loads(cli("cross", finished, "--item", "language", "--format", "json").out.splitlines()[0])
    where = ("--where", f"language={whole['item_id']}")
    part = json.loads(cli("cross", finished, "--item", "language", *where, "--format", "json").out.splitlines()[0])
    assert part["vacancies_n"] == whole["asked_n"] and part["share_pct"] == 100


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--by", "provinse"], "Did you mean 'province'"),
        (["--item", "skills"], "Did you mean 'skill'"),
        (["--period", "quarters"], "Did you mean 'quarter'"),
        (["--where", "language=nll"], "Did you mean 'nl'"),
        (["--where", "language"], "--where topsector=htsm"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(finished: Path, cli: Cli, options: list[str], words: str) -> None:
    said = cli("cross", finished, *options)
    assert said.code == 2 and words in said.err


def test_shares_of_a_study_without_weights_are_not_given_as_weighted(finished: Path, cli: Cli) -> None:
    said = cli("cross", str(finished), "--item", "category", "--weighted")
    assert said.code == 2 and not said.out
    assert "no weights" in said.err and "weights:" in said.err


def test_a_period_among_the_dimensions_is_the_period(finished: Path, cli: Cli) -> None:
    options = ("--item", "category_group", "--format", "json")
    said, plain = cli("cross", finished, "--by", "year", *options), cli("cross", finished, "--period", "year", *options)
    assert said.code == 0 and said.out == plain.out and said.out
    assert "read as --period year" in said.err
    wrong = cli("cross", finished, "--by", "year", "--period", "month")
    assert wrong.code == 2 and "one length of period" in wrong.err


def test_a_value_may_be_given_by_its_name(finished: Path, cli: Cli) -> None:
    options = ("--item", "category_group", "--format", "json")
    by_code = cli("cross", finished, "--where", "province=NL31", *options)
    assert by_code.code == 0 and by_code.out
    for name in ("Utrecht", "provincie utrecht"):
        assert cli("cross", finished, "--where", f"province={name}", *options).out == by_code.out
    assert cli("cross", finished, "--where", "province=Utregt").code == 2


def test_values_that_overlap_are_said_to_add_up_to_more(finished: Path, cli: Cli) -> None:
    said = cli("cross", finished, "--item", "category", "--by", "education")
    assert "several values of category" in said.err and "several values of education" in said.err
    assert "several values" not in cli("cross", finished, "--item", "function_group", "--by", "language").err


def test_a_change_is_against_the_same_period_a_year_before(finished: Path, cli: Cli) -> None:
    said = cli("cross", finished, "--item", "category", "--period", "quarter", "--change", "--format", "json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0 and rows
    for row in rows:
        assert (
            int(row["first_period"][:4]) == int(row["period"][:4]) - 1 and row["first_period"][4:] == row["period"][4:]
        )
        assert row["is_reliable"] in (True, False)
    assert cli("cross", finished, "--item", "category", "--change").code == 2
    refused = cli("cross", finished, "--item", "category", "--period", "quarter", "--change", "--top", "3")
    assert refused.code == 2 and "has no rank" in refused.err
