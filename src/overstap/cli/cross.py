"""Any item by any dimensions, from a finished study: `overstap cross`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import typer

from overstap.cells import write_table
from overstap.cli.console import say
from overstap.cli.naming import in_words
from overstap.errors import InputError
from overstap.schema.codes import DIMENSIONS, PERIOD_NAMES

if TYPE_CHECKING:
    from overstap.analysis.codes import Codes
    from overstap.pipeline import Study

_SECTORS = {"sector", "sbi2", "topsector"}
_SHOWN = 10  # items of each cell in a table for the eye
_WHOLE = 100  # from here on a figure has no decimals in a table for the eye


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
    where: list[str] = typer.Option(
        [], metavar="NAME=VALUE", help="Count only vacancies with this value: a code, or its name (province=Utrecht)."
    ),
    weighted: bool = typer.Option(False, help="Weigh vacancies by their weights."),
    known: bool = typer.Option(False, help="Shares among the vacancies whose item is known."),
    change: bool = typer.Option(False, help="Change against the same period a year before; unweighted."),
    top: int | None = typer.Option(None, min=1, help="Items of each cell, the first in rank; a table shows 10."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row)."),
) -> None:
    """Share, interval, rank and number of any item by any dimensions, from the last run.

    Example: overstap cross study.yaml --item category --by sector --by province --period year --where topsector=htsm
    """
    from overstap.analysis.codes import Codes
    from overstap.analysis.cross import cross as sums_of
    from overstap.analysis.levels import read_levels
    from overstap.analysis.year_on_year import year_on_year
    from overstap.pipeline import Study

    if change and (weighted or (period == "all" and not set(by) & {*PERIOD_NAMES})):
        raise InputError("A change needs periods, and is unweighted.", fix="Add --period year, and drop --weighted.")
    if change and top:
        raise InputError("--top takes the first in rank, and a change has no rank.", fix="Leave out --top.")
    opened = Study.open(study).finished()
    codes = Codes.of_store(opened.store)
    by, period = _period(by, period)
    if weighted and not len(codes.weights):
        raise InputError(
            "The vacancies of this study have no weights.",
            why="It names no official totals, or no sector of them could be weighed: see out_weights.",
            fix="Leave out --weighted, or name a table of totals in 'weights:' and run the study.",
        )
    sums = sums_of(codes, item, by, period, _coded(codes, _pairs(where)), weighted=weighted, known=known)
    if not sums.num_rows:
        raise InputError("No vacancy is left to count.", fix="Leave out a --where.")
    if change:
        measures = opened.spec.measures
        write_rows(year_on_year(sums, measures.confidence, measures.min_n), format)
        say("Change of each share against the same period a year before; p-values of single items, not of a search.")
        return
    most = top or (_SHOWN if format is Format.table else None)
    rows = read_levels(sums, by, opened.spec.measures.confidence, most)
    if format is Format.table:
        rows = in_words(rows, {name: name for name in by} | {"item_id": "item_kind"})
    write_rows(rows, format)
    _explain(item, by)
    if weighted:
        say("Weighted to the official new vacancies per sector and quarter; how far that went stands in out_weights.")
        _explain_weights([item, *by, *_pairs(where)], opened)
    else:
        say("Shares of vacancies as they were posted, without weights.")


def _period(by: list[str], period: str) -> tuple[list[str], str]:
    """Years, quarters and months are periods: one named in --by is the --period."""
    named = [name for name in by if name in PERIOD_NAMES]
    if not named:
        return by, period
    if {*named, period} - {"all"} != {named[0]}:
        raise InputError(
            f"A cross has one length of period, not {', '.join(sorted({*named, period} - {'all'}))}.",
            fix=f"Take --period {named[0]}, and other dimensions with --by.",
        )
    say(f"--by {named[0]} is read as --period {named[0]}: shares and ranks are taken within each {named[0]}.")
    return [name for name in by if name not in named], named[0]


def _coded(codes: Codes, where: dict[str, str]) -> dict[str, str]:
    """`where` with the codes of values that are given by name: of a province, sector, occupation or topsector."""
    return {name: _code(name, value, codes) for name, value in where.items()}


def _code(dimension: str, value: str, codes: Codes) -> str:
    if dimension not in DIMENSIONS or value in codes.levels(dimension):
        return value
    from overstap.publish.labels import LANGUAGES, coded_names
    from overstap.reference.tables import load

    found = {
        text.lower(): code
        for language in LANGUAGES
        for (where, code), label in coded_names(language).items()
        if where == dimension
        for text in (label, label.removeprefix(f"{code} "))
    }
    if dimension == "province":
        rows = (row for row in load("places").to_pylist() if row["kind"].startswith("province"))
        found |= {row["place"].lower(): row["province_code"] for row in rows}
    return found.get(value.strip().lower(), value)


def _explain(item: str, by: list[str]) -> None:
    if DIMENSIONS[item].many:
        say(f"A vacancy may have several values of {item}, so shares may add up to more than 100 %.")
    for name in by:
        if DIMENSIONS[name].many:
            say(f"A vacancy may have several values of {name} and counts in each: they add up to more.")


def _explain_weights(names: list[str], study: Study) -> None:
    """Why weighted sums of a sector are not the official ones, where that can be."""
    if not {*names} & _SECTORS:
        return
    found = {row["code"]: row["n"] for row in study.table("out_warnings").to_pylist()}
    why = ["vacancies of agencies and of unknown sector are spread over sectors by probability"]
    why += [f"{found['strata_joined']:,.0f} strata were weighed with a neighbour"] if "strata_joined" in found else []
    why += ["weights were trimmed"] if "weights_trimmed" in found else []
    say(f"Weighted sums of a sector need not be its official total: {', '.join(why)}.")


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
        write_table(_joined(rows))
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
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.2f}"
    return str(value)
