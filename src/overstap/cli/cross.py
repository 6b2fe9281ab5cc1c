"""Any item by any dimensions, from a finished study: `overstap cross`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import typer

from overstap.cli.console import say
from overstap.errors import InputError

_SHOWN = 10  # items of each cell in a table for the eye


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(cross)


def cross(
    study: Path = typer.Argument(help="The study file."),
    item: str = typer.Option("skill", help="What shares are of: skill, category, title, or any dimension."),
    by: list[str] = typer.Option([], help="Dimension to split by; give it again for more."),
    period: str = typer.Option("all", help="all, year, quarter or month."),
    where: list[str] = typer.Option([], metavar="NAME=VALUE", help="Count only vacancies with this value."),
    weighted: bool = typer.Option(False, help="Weigh vacancies by their weights."),
    known: bool = typer.Option(False, help="Shares among the vacancies whose item is known."),
    top: int | None = typer.Option(None, min=1, help="Items of each cell, the first in rank; a table shows 10."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row)."),
) -> None:
    """Share, interval, rank and number of any item by any dimensions, from the last run.

    Example: overstap cross study.yaml --item category --by sector --by province --period year --where topsector=htsm
    """
    from overstap.analysis.codes import Codes
    from overstap.analysis.cross import cross as sums_of
    from overstap.analysis.levels import read_levels
    from overstap.pipeline import Study

    opened = Study.open(study).finished()
    codes = Codes.of_store(opened.store)
    if weighted and not len(codes.weights):
        raise InputError(
            "The vacancies of this study have no weights.",
            why="It names no official totals, or no sector of them could be weighed: see out_weights.",
            fix="Leave out --weighted, or name a table of totals in 'weights:' and run the study.",
        )
    sums = sums_of(codes, item, by, period, _pairs(where), weighted=weighted, known=known)
    if not sums.num_rows:
        raise InputError("No vacancy is left to count.", fix="Leave out a --where.")
    rows = read_levels(sums, by, opened.spec.measures.confidence)
    most = top or (_SHOWN if format is Format.table else None)
    if most:
        rows = rows.filter(pc.less_equal(rows["rank"], most))
    write_rows(rows, format)
    if weighted:
        say("Weighted to the official new vacancies per sector and quarter; how far that went stands in out_weights.")
    else:
        say("Shares of vacancies as they were posted, without weights.")


def _pairs(where: list[str]) -> dict[str, str]:
    pairs = {}
    for text in where:
        name, equals, value = text.partition("=")
        if not equals or name in pairs:
            raise InputError(
                f"--where {text} is not a NAME=VALUE.", fix="For example --where topsector=htsm, once each."
            )
        pairs[name] = value
    return pairs


def write_rows(rows: pa.Table, format: Format) -> None:
    """Rows to stdout; the items of a list are joined where a line holds one."""
    if format is Format.csv:
        rows = _joined(rows)
        plain = [f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in rows.schema]
        named = rows.cast(pa.schema(list(zip(rows.schema.names, plain, strict=True))))
        sys.stdout.flush()
        pa_csv.write_csv(named, sys.stdout.buffer)
    elif format is Format.json:
        for batch in rows.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        typer.echo(_text(_joined(rows)))


def _joined(rows: pa.Table) -> pa.Table:
    for at, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            rows = rows.set_column(at, field.name, pc.binary_join(rows[field.name], " "))
    return rows


def _text(rows: pa.Table) -> str:
    """Columns as wide as what is in them; numbers to the right, what is unknown as a dash."""
    columns = [[name, *map(_cell, rows[name].to_pylist())] for name in rows.schema.names if name != "item_kind"]
    lines = []
    widths = [max(map(len, column)) for column in columns]
    right = [pa.types.is_floating(f.type) or pa.types.is_integer(f.type) for f in rows.schema if f.name != "item_kind"]
    for cells in zip(*columns, strict=True):
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
