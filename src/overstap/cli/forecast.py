"""The commands that carry official series forward: `overstap forecast vacancies`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import say
from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.analysis.forecast import BackTest

cli = typer.Typer(no_args_is_help=True, help="Carry official series forward, with a back-test beside it.")
_FIX = "It needs the columns code, period and open_x1000, as CBS table 80472ned in tidy form."
_LENGTHS = {1: "years", 4: "quarters", 12: "months"}


@cli.command("vacancies")
def vacancies(
    data: Path = typer.Option(..., help="CSV with code, period and open_x1000; other columns are left alone."),
    until: str = typer.Option(..., help="Last period to give, such as 2023Q4."),
    out: Path = typer.Option(..., help="CSV to write: code, period, value, low, high (an 80 % interval)."),
) -> None:
    """Forecast open vacancies per code; periods are written as the input writes them.

    The back-test over all past origins is said on stderr. Series of fewer than 12 periods are left out, with a word.

    Example: overstap forecast vacancies --data vacancies.csv --until 2023Q4 --out forecast.csv
    """
    from overstap.analysis.official_forecast import forecast_table
    from overstap.analysis.periods import parse_period
    from overstap.audit.sheet import csv_rows
    from overstap.reference.totals import unit_of

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
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "period", "value", "low", "high"))
        writer.writerows((r.code, r.period, *(_cell(v) for v in (r.value, r.low, r.high))) for r in found.rows)
    say(f"{len(found.rows):,} forecasts written to {out}.")
    _say_tests(found.tests)


def _say_tests(tests: Mapping[tuple[int, int], BackTest]) -> None:
    for (length, periods), test in sorted(tests.items()):
        say(
            f"Back-test, {_LENGTHS[length]}, series of {periods}, {test.origins} origins: mean absolute scaled error"
            f" {_mean(test.error)}; of the last value {_mean(test.naive)}, of the value a year before"
            f" {_mean(test.seasonal)}; the 80 % intervals held {_mean(test.coverage, 100, '.0f')} % of outcomes."
        )
        if test.nested:
            chosen, fixed, naive, seasonal = (f"{value:.2f}" for value in test.nested.errors)
            say(
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
