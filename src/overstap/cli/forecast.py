"""The commands that carry official series forward: `overstap forecast vacancies`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from overstap.cells import csv_text
from overstap.cli.console import say
from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.analysis.forecast import BackTest
    from overstap.analysis.official_forecast import Ahead

cli = typer.Typer(no_args_is_help=True, help="Carry official series forward, with a back-test beside it.")
_FIX = "It needs the columns code, period and open_x1000, as CBS table 80472ned in tidy form."
_UNIT = "Unit: thousands of open vacancies, as in the source."
_METHOD = (
    "Method: the mean of a common course (twice), the last value and a damped trend, on the logarithm and free of"
    " season; 80 % intervals from the errors of the same mix at earlier origins. Empty bounds: untested."
)
_COLUMNS = {
    "code": "Code of the series, as in the source.",
    "period": "Period, written as in the source; a year is the mean of its quarters where these are known.",
    "value": "Open vacancies expected, thousands.",
    "low": "Lower bound of the 80 % interval, thousands; empty where untested.",
    "high": "Upper bound of the 80 % interval, thousands; empty where untested.",
}
_LENGTHS = {1: "years", 4: "quarters", 12: "months"}


@cli.command("vacancies")
def vacancies(
    data: Path = typer.Option(..., help="CSV with code, period and open_x1000; other columns are left alone."),
    until: str = typer.Option(..., help="Last period to give, such as 2023Q4."),
    out: Path = typer.Option(..., help="CSV to write: code, period, value, low, high (an 80 % interval)."),
) -> None:
    """Forecast open vacancies per code; periods are written as the input writes them.

    No series is carried further than its past can test; --until beyond that is refused. Unit, n, method and the
    back-test over all past origins are said on stderr and kept beside the CSV, in FILE-metadata.json (CSV on the Web).
    Series of fewer than 12 periods are left out, with a word.

    Example: overstap forecast vacancies --data vacancies.csv --until 2023Q4 --out forecast.csv
    """
    from overstap.analysis.official_forecast import forecast_table
    from overstap.analysis.periods import parse_period
    from overstap.reference.totals import unit_of
    from overstap.sources.tables import csv_rows

    end = parse_period(until)
    if end is None:
        raise InputError(f"--until {until}: this is not a period.", fix="Write a quarter as 2023Q4, a year as 2023.")
    table = csv_rows(data, ("code", "period", "open_x1000"), "Name a CSV file with --data.", _FIX)
    values = [_open(data, number, row["open_x1000"]) for number, row in enumerate(table, 2)]
    rows = [(row["code"], row["period"], value) for row, value in zip(table, values, strict=True)]
    found = forecast_table(rows, end, unit_of(row["open_x1000"] for row in table))
    for (code, length), why in found.left_out.items():
        say(f"{code}, {_LENGTHS[length]}: no forecast: {why}.")
    for note in found.notes:
        say(note)
    if not found.rows:
        why = "Every series ends at or after it, or is too short." if table else "The file has no rows."
        raise InputError(f"{data} holds nothing to forecast until {until}.", why=why, fix="Choose a later --until.")
    cells = ((r.code, r.period, *(_cell(v) for v in (r.value, r.low, r.high))) for r in found.rows)
    text = csv_text(("code", "period", "value", "low", "high"), cells)
    out.write_text(text, encoding="utf-8", newline="")
    about = [_UNIT, _source(data, rows, found.rows), _METHOD, *_tests(found.tests)]
    beside = out.with_name(f"{out.name}-metadata.json")
    beside.write_text(json.dumps(_metadata(out.name, data.name, about), indent=2, ensure_ascii=False), encoding="utf-8")
    say(f"{len(found.rows):,} forecasts written to {out}, what they rest on to {beside}.")
    for line in about:
        say(line)


def _source(data: Path, rows: Sequence[tuple[str, str, float | None]], ahead: Sequence[Ahead]) -> str:
    """What the forecasts rest on, in one line."""
    codes = {row.code for row in ahead}
    n = sum(code in codes and value is not None for code, _, value in rows)
    return f"Source: {data.name}, column open_x1000: {len(codes):,} series carried forward, of {n:,} known values."


def _metadata(name: str, source: str, about: Sequence[str]) -> dict[str, Any]:
    """The table's description after CSV on the Web (W3C 2015), which readers look for beside the file."""
    columns = [{"name": column, "titles": column, "dc:description": text} for column, text in _COLUMNS.items()]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:source": source,
        "dc:description": " ".join(about),
        "tableSchema": {"columns": columns},
    }


def _tests(tests: Mapping[tuple[int, int], BackTest]) -> Iterator[str]:
    for (length, periods), test in sorted(tests.items()):
        yield (
            f"Back-test, {_LENGTHS[length]}, series of {periods}, {test.origins} origins: mean absolute scaled error"
            f" {_mean(test.error)}; of the last value {_mean(test.naive)}, of the value a year before"
            f" {_mean(test.seasonal)}; the 80 % intervals held {_mean(test.coverage, 100, '.0f')} % of outcomes."
        )
        if test.nested:
            chosen, fixed, naive, seasonal = (f"{value:.2f}" for value in test.nested.errors)
            yield (
                f"The mix of methods was itself chosen on data like these. Chosen on the first {test.nested.before}"
                f" origins alone and tried on the {test.nested.after} after: {chosen}; the mix that is used {fixed},"
                f" the last value {naive}, the value a year before {seasonal}."
            )


def _mean(values: Iterable[float], times: float = 1.0, shape: str = ".2f") -> str:
    known = [value for value in values if value == value]
    return format(times * sum(known) / len(known), shape) if known else "unknown"


def _open(path: Path, number: int, text: str | None) -> float | None:
    from overstap.reference.totals import number_of

    where = f"{path}, row {number}"
    value = number_of(where, text)
    if value is not None and value < 0:
        raise InputError(f"{where}: {text} vacancies.", fix="Leave a cell empty where it is unknown.")
    return value


def _cell(value: float) -> str:
    return f"{value:.3f}" if value == value else ""
