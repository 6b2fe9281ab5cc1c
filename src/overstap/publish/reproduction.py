"""The statements of the published study beside ours, in words: cells of the table, and the line that sums them up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from overstap.analysis.reproduction import tally
from overstap.publish.labels import NBSP, Translator
from overstap.schema.reproduction import AGREES, CANNOT_TELL, DIFFERS, NOT_COMPUTED

_NAMES = re.compile(r": (?:[A-Z_]{4,}|Segment\.\w+|\w+\.csv)[\w., ]*\.$")  # of the simulation's own tables
COLUMNS = ("statement", "published", "ours", "interval", "n", "verdict", "basis")
Row = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """A chapter of the study: its title, and a row of cells (see COLUMNS) for each statement."""

    title: str
    rows: tuple[tuple[str, ...], ...]


def chapters(t: Translator, rows: Iterable[Row]) -> list[Chapter]:
    """Rows of `out_reproduction`, by chapter, as a reader sees them."""
    ordered = sorted(rows, key=lambda row: row["number"])
    return [
        Chapter(t(f"reproduction.chapter.{name}"), tuple(_cells(t, row) for row in part))
        for name, part in groupby(ordered, key=lambda row: str(row["chapter"]))
    ]


def closing(t: Translator, rows: list[Row]) -> str:
    """What the statements that count come to; the inputs, and what is not computed, apart."""
    found = tally(rows)
    parts = []
    for counts, key in ((True, "counted"), (False, "inputs")):
        figures = {verdict: found[counts, verdict] for verdict in (AGREES, DIFFERS, CANNOT_TELL)}
        figures["n"] = n = sum(figures.values())
        if counts or n:
            fields = {name: t.number(figure) for name, figure in figures.items()}
            parts.append(t(f"reproduction.closing.{key}", **fields))
    absent = sum(row["verdict"] == NOT_COMPUTED for row in rows)
    return " ".join([*parts, t("reproduction.closing.not_computed", n=t.number(absent))])


def _cells(t: Translator, row: Row) -> tuple[str, ...]:
    unit = NBSP + t(f"reproduction.unit.{row['unit']}") if row["unit"] else ""
    published, ours = (_value(t, row[name]) for name in ("published", "ours"))
    if row["published_interval"]:
        published += f"{unit} ({_value(t, row['published_interval'])})"
    period = f" ({row['period']})" if row["period"] else ""
    verdict = t(f"reproduction.verdict.{row['verdict']}")
    if row["note"]:
        verdict += ": " + t(f"reproduction.note.{row['note']}")
    basis = t(f"reproduction.basis.{row['basis']}") if row["basis"] else ""
    why = _NAMES.sub(".", row[f"why_{t.language}"] or "")
    return (
        row[f"statement_{t.language}"],
        published,
        f"{ours}{unit}{period}" if row["ours"] else "",
        _value(t, row["interval"]),
        t.number(row["n"]) if row["n"] is not None else "",
        verdict,
        f"{basis}. {why}" if why else basis,
    )


def _value(t: Translator, value: str | None) -> str:
    """A number with the language's decimal sign, a direction in words, or names of categories in their order."""
    if value is None:
        return ""
    if re.fullmatch(r"\d{5,}", value):
        return t.number(int(value))
    if re.search(r"\d", value):
        return value.replace(".", ",") if t.language == "nl" else value
    if t.has(f"reproduction.word.{value}"):
        return t(f"reproduction.word.{value}")
    return " > ".join(t.value("category", name) for name in value.split(" > "))
