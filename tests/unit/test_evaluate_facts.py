"""Precision of judged facts: only values that are still given count."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.evaluate.facts import (
    FIELDS,
    FactLabel,
    facts_accuracy,
    precision_of,
    read_fact_labels,
    stated_accuracy,
    value_text,
)


def annotation(**given: object) -> pa.Table:
    """One ad with these facts, the others null."""
    columns = [column for names in FIELDS.values() for column in names]
    return pa.table({"ad_id": ["a"], **{name: [given.get(name)] for name in columns}})


def label(field: str, value: str, right: bool) -> FactLabel:
    return FactLabel("first", field, ("nl", "a"), 0, 1, value, right)


def test_a_label_counts_only_while_its_value_is_given() -> None:
    table = annotation(hours_min=32.0, hours_max=40.0, languages_required=["en", "nl"])
    labels = [label("hours", "32/40", True), label("hours", "40/40", False), label("languages", "en nl", False)]
    found = {row["field"]: row for row in facts_accuracy({"nl": table}, labels).to_pylist()}
    assert (found["hours"]["n"], found["hours"]["right"], found["hours"]["precision"]) == (1, 1, 1.0)
    assert 0.1 < found["hours"]["low"] < 1.0
    assert (found["languages"]["n"], found["languages"]["precision"]) == (1, 0.0)
    assert found["contract"]["n"] == 0
    as_judged = {row["field"]: row["n"] for row in precision_of(labels).to_pylist()}
    assert as_judged["hours"] == 2


def test_a_labelled_ad_that_is_missing_is_an_error() -> None:
    missing = FactLabel("first", "hours", ("nl", "b"), 0, 1, "32/40", True)
    with pytest.raises(InputError, match="not in the annotation"):
        facts_accuracy({"nl": annotation()}, [missing])


def test_labels_of_an_unknown_fact_or_column_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("draw,field,set,ad_id,start,end,value,right\nfirst,shoes,nl,a,0,1,42,1\n")
    with pytest.raises(InputError, match="no fact"):
        read_fact_labels([path])
    path.write_text("field,value\n")
    with pytest.raises(InputError, match="other columns"):
        read_fact_labels([path])


def test_values_are_written_shortly() -> None:
    assert value_text([2500.0, None, "month"]) == "2500//month"
    assert value_text([True]) == "True"


def test_what_is_stated_gives_precision_and_recall() -> None:
    table = annotation(hours_min=32.0, hours_max=40.0, contract="temporary")
    labels = [label("hours", "32/40", True), label("contract", "", False), label("licence", "B", False)]
    found = {row["field"]: row for row in stated_accuracy({"nl": table}, labels).to_pylist()}
    assert (found["hours"]["given"], found["hours"]["precision"], found["hours"]["recall"]) == (1, 1.0, 1.0)
    assert (found["contract"]["given"], found["contract"]["precision"], found["contract"]["stated"]) == (1, 0.0, 0)
    assert (found["licence"]["given"], found["licence"]["stated"], found["licence"]["recall"]) == (0, 1, 0.0)
