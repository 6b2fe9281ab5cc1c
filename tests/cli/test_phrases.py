"""Phrases from a finished study: those of its table, narrowed as asked, and words that help where a name is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from overstap.cli.phrases import _none
from overstap.pipeline import Study
from tests.cli.helpers import Cli


def test_phrases_are_those_of_the_table_in_its_order(finished: Path, cli: Cli) -> None:
    rows = Study.open(finished).table("out_new_phrases").to_pylist()
    said = cli("phrases", finished, "--format", "json", "--top", "500")
    assert said.code == 0, said.err
    found = [json.loads(line) for line in said.out.splitlines() if line.startswith("{")]
    assert found == rows
    dutch = [row["phrase"] for row in rows if row["language"] == "nl" and row["direction"] == "unclear"]
    said = cli("phrases", finished, "--language", "nl", "--direction", "unclear", "--format", "json", "--top", "3")
    assert [json.loads(line)["phrase"] for line in said.out.splitlines() if line.startswith("{")] == dutch[:3]
    assert cli("phrases", finished, "--format", "csv").code == cli("phrases", finished).code == 0


def test_a_wrong_direction_is_told_with_the_nearest(finished: Path, cli: Cli) -> None:
    said = cli("phrases", finished, "--direction", "risin")
    assert said.code != 0
    assert "rising" in said.err


def test_where_a_direction_has_none_the_others_are_counted() -> None:
    said = _none(pa.table({"direction": ["unclear", "unclear", "falling"]}))
    assert said == "No phrase of this direction. Of others: 1 falling, 2 unclear."
    assert _none(pa.table({"direction": pa.array([], pa.string())})).startswith("No phrase of enough vacancies")
