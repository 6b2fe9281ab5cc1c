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
