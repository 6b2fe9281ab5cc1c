"""How often a fact that the annotation gives is right, and how often one that an ad states is given.

Values given were judged by reading the ad around them, in draws at random per fact and set, an ad's repeated template
once: *first* before anything was mended, *second* and *third* (other ads each) after the faults seen until then had
been mended. Such a label counts only while the annotation still gives the value that was judged; what it no longer
gives was not judged anew. What ads *state* was read from ads drawn by words of each fact, whatever is given there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.errors import InputError
from overstap.evaluate.measures import proportion

FIELDS: dict[str, tuple[str, ...]] = {
    "experience": ("experience_years_min",),
    "hours": ("hours_min", "hours_max"),
    "salary": ("salary_min", "salary_max", "salary_period"),
    "contract": ("contract",),
    "languages": ("languages_required",),
    "licence": ("driving_licence",),
    "remote": ("remote",),
    "agency": ("is_agency",),
    "firm_size": ("firm_size",),
    "education": ("education_levels",),
}
"""Per fact of the labels its columns in `core_annotations`."""
LABEL_COLUMNS = ("draw", "field", "set", "ad_id", "start", "end", "value", "right")
RESULT = pa.schema(
    [
        ("field", pa.string()),
        ("n", pa.int64()),
        ("right", pa.int64()),
        ("precision", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)

STATED = pa.schema(
    [("field", pa.string()), ("given", pa.int64())]
    + [(name, pa.float64()) for name in ("precision", "low", "high")]
    + [("stated", pa.int64())]
    + [(name, pa.float64()) for name in ("recall", "recall_low", "recall_high")]
)


@dataclass(frozen=True)
class FactLabel:
    """A value given for a fact of an ad (set, ad_id), as `value_text` writes it, and whether a reader found it right;
    in labels of what ads state the value is what a reader found, and `right` whether it was given that day.

    `start` and `end` are characters of the cleaned text that hold the first words of the proof; −1 where it has none.
    """

    draw: str
    field: str
    ad: tuple[str, str]
    start: int
    end: int
    value: str
    right: bool


def read_fact_labels(paths: Iterable[Path]) -> list[FactLabel]:
    """The labels of CSV files with the columns LABEL_COLUMNS. Raises InputError for another column or fact."""
    labels = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != LABEL_COLUMNS:
                raise InputError(f"{path} has other columns.", fix=f"It needs {', '.join(LABEL_COLUMNS)}.")
            for r in reader:
                if r["field"] not in FIELDS:
                    raise InputError(f"{path}: '{r['field']}' is no fact.", fix=f"Use {', '.join(FIELDS)}.")
                place = int(r["start"]), int(r["end"])
                ad = (r["set"], r["ad_id"])
                labels.append(FactLabel(r["draw"], r["field"], ad, *place, r["value"], r["right"] == "1"))
    return labels


def value_text(values: Iterable[Any]) -> str:
    """The values of a fact's columns in one cell: "32/40", "2500/3000/month", "en nl"; empty where null."""
    return "/".join(_cell(value) for value in values)


def facts_accuracy(annotations: Mapping[str, pa.Table], labels: Iterable[FactLabel]) -> pa.Table:
    """Precision per fact over the labels whose value is still given: field, n, right, share and Wilson's 95 % interval.

    `annotations`: per set a table of `core_annotations`. Raises InputError where a labelled ad is missing.
    """
    wanted = list(labels)
    given = _given(annotations, {label.ad for label in wanted})
    return precision_of(label for label in wanted if given[label.ad][label.field] == label.value)


def stated_accuracy(annotations: Mapping[str, pa.Table], labels: Iterable[FactLabel]) -> pa.Table:
    """Precision of what is given and recall of what is stated, per fact, over labels whose value is what the ad states:
    field, then given, precision, its Wilson interval (low, high) and stated, recall, recall_low, recall_high.

    Raises InputError where a labelled ad is missing.
    """
    wanted = list(labels)
    given = _given(annotations, {label.ad for label in wanted})
    rows = []
    for field in FIELDS:
        pairs = [(given[label.ad][field], label.value) for label in wanted if label.field == field]
        precision = proportion(found == stated for found, stated in pairs if _is_known(found))
        recall = proportion(found == stated for found, stated in pairs if _is_known(stated))
        rows.append(dict(zip(STATED.names, (
            field, precision.n, precision.value, precision.low, precision.high,
            recall.n, recall.value, recall.low, recall.high,
        ), strict=True)))  # fmt: skip
    return pa.Table.from_pylist(rows, STATED)


def _is_known(value: str) -> bool:
    return value.strip("/") != ""


def _given(annotations: Mapping[str, pa.Table], ads: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """Per ad the value of each fact as `value_text` writes it. Raises InputError where an ad is missing."""
    given: dict[tuple[str, str], dict[str, str]] = {}
    for name, table in annotations.items():
        columns = [column for names in FIELDS.values() for column in names]
        kept = table.filter(pa.array([(name, i) in ads for i in table["ad_id"].to_pylist()], pa.bool_()))
        for row in kept.select(["ad_id", *columns]).to_pylist():
            cells = {field: value_text(row[column] for column in names) for field, names in FIELDS.items()}
            given[name, row["ad_id"]] = cells
    if missing := sorted(ads - given.keys()):
        raise InputError(
            f"{len(missing)} labelled ads are not in the annotation, the first {missing[0][1]} of {missing[0][0]}.",
            fix="Annotate the same files from which the labels were drawn.",
        )
    return given


def precision_of(labels: Iterable[FactLabel]) -> pa.Table:
    """Precision per fact of labels as they were judged, in the order of FIELDS."""
    listed = list(labels)
    rows = []
    for field in FIELDS:
        judged = [label.right for label in listed if label.field == field]
        share = proportion(judged)
        figures = {"precision": share.value, "low": share.low, "high": share.high}
        rows.append({"field": field, "n": len(judged), "right": sum(judged), **figures})
    return pa.Table.from_pylist(rows, RESULT)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
