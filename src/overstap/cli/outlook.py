"""The labour market ahead without a study: `overstap outlook template`, `overstap outlook show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import give, say
from overstap.cli.cross import Format, write_rows
from overstap.cli.naming import in_words
from overstap.errors import InputError, nearest

if TYPE_CHECKING:
    from overstap.outlook.own import Own

cli = typer.Typer(no_args_is_help=True, help="Openings and shortages by occupation in the years ahead.")
_SHOWN = (
    "code", "region", "employed", "growth_pct", "growth_low", "growth_high", "openings", "openings_low",
    "openings_high", "inflow_low", "inflow_high", "balance_low", "balance", "balance_high", "ita_class",
    "tension_class", "source",
)  # fmt: skip
_NO_INFLOW = "A shortage is known only where an inflow is given: --graduates, or overstap outlook template."
_GRADUATES = (
    "The inflow of each year lies between the least and the most of the last three years of the files, placed by the"
    " matrix, which is an assumption; where they do not cover a level or field there is a least and no most."
)
_SHOWN_YEARS = (
    "code", "region", "year", "employed", "employed_low", "employed_high", "expansion", "outflow", "openings",
    "openings_low", "openings_high", "inflow_low", "inflow_high", "balance_low", "balance", "balance_high", "source",
)  # fmt: skip


@cli.command("template")
def template(
    out: Path | None = typer.Option(None, help="CSV to write; without it the table is printed."),
    ages: bool = typer.Option(False, "--ages", help="The table of a workforce by age instead."),
) -> None:
    """The table in which ROA's, UWV's or your own figures come in, with an example; its columns are told on stderr.

    Example: overstap outlook template --out own_outlook.csv
    """
    from overstap.outlook import demography, own

    kind = demography if ages else own
    give(kind.template(), out, kind.COLUMNS)


@cli.command("ages")
def ages(
    files: list[Path] = typer.Argument(help="CSV files of a workforce by age (overstap outlook template --ages)."),
    until: int = typer.Option(2040, help="Last year."),
    retirement: tuple[float, float] = typer.Option((65.0, 68.0), help="Range of the mean retirement age."),
    output: float = typer.Option(0.0, help="Growth of output, per cent a year, that the workforce is to make."),
    draws: int = typer.Option(1_000, min=50, max=10_000, help="Futures drawn."),
    seed: int = typer.Option(1, min=0, help="Seed of the draws."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """Who retires from a sector and when, and how much more each must then produce. Intervals of 80 %.

    Example: overstap outlook ages chemistry.csv --until 2037
    """
    from overstap.outlook.demography import ahead, read_ages

    if not 50 <= retirement[0] <= retirement[1] <= 80:
        raise InputError("--retirement is no range of ages.", fix="Give two ages between 50 and 80, the lower first.")
    rows = ahead(read_ages(files), until, draws, seed, 0.8, retirement, output)
    shown = ("sector", "year", "retired", "retired_share_pct", "retired_share_low", "retired_share_high", "stayed",
             "people", "productivity_pct", "productivity_low", "productivity_high")  # fmt: skip
    write_rows(rows.select(shown) if format is Format.table else rows, format)


@cli.command("show")
def show(
    own: list[Path] = typer.Option([], help="CSV of own figures; give it again for more."),
    graduates: list[Path] = typer.Option([], help="Open files of DUO (or alike) with graduates; again for more."),
    matrix: Path | None = typer.Option(None, help="CSV of where programmes lead; default the bundled one."),
    level: str = typer.Option("brc", help="isco1, isco2, isco4 or brc."),
    code: list[str] = typer.Option([], help="Only these occupations; give it again for more."),
    region: str | None = typer.Option(None, help="Only this region of your own figures; all is the whole country."),
    first: int = typer.Option(2025, help="Base year."),
    last: int = typer.Option(2035, help="Last year."),
    draws: int = typer.Option(1_000, min=50, max=10_000, help="Futures drawn for the intervals."),
    seed: int = typer.Option(1, min=0, help="Seed of the draws."),
    confidence: float = typer.Option(0.8, help="Confidence of the intervals, between 0.5 and 1."),
    years: bool = typer.Option(False, "--years", help="A row for every year, instead of one for all years."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """The outlook of occupations: employment, leavers, openings, and a shortage where you give the inflow.

    Example: overstap outlook show --own own_outlook.csv --level brc --code 0811 --years
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from overstap.outlook.cells import LEVELS
    from overstap.outlook.own import check_code
    from overstap.outlook.table import Settings, outlook, whole, yearly

    if level not in LEVELS:
        raise InputError(f"There is no level '{level}'.", why=nearest(level, LEVELS), fix=f"Use {', '.join(LEVELS)}.")
    if not 0.5 < confidence < 1:
        raise InputError(f"--confidence is {confidence}.", fix="Give a share between 0.5 and 1, say 0.8.")
    for wanted in code:
        check_code(wanted, level)
    beside = figures(own, graduates, matrix, (first, last), (level,))
    found = outlook(Settings(first, last, draws, seed, confidence, (level,)), beside)
    rows = yearly(found, confidence) if years else whole(found, confidence)
    rows = rows.filter(pc.equal(rows["level"], level))
    if code:
        rows = rows.filter(pc.is_in(rows["code"], pa.array(code)))
    if region:
        known = sorted(set(rows["region"].to_pylist()))
        if region not in known:
            raise InputError(
                f"There is no region '{region}' in the figures.",
                why=nearest(region, known) or f"Regions are: {', '.join(known)}.",
                fix="Bundled figures have no regions; bring yours with --own.",
            )
        rows = rows.filter(pc.equal(rows["region"], region))
    if not rows.num_rows:
        say("Nothing is known of these occupations: the forecast has no figure for their two-digit group.")
        return
    how = " and ".join(
        f"{name} {', '.join(sorted(set(rows[f'{name}_basis'].to_pylist())))}" for name in ("employed", "outflow")
    )
    if format is Format.table:
        rows = in_words(rows.select(_SHOWN_YEARS if years else _SHOWN), {"code": level})
    write_rows(rows, format)
    window = f"Each row is a year from {first} to {last}" if years else f"All years from {first} to {last} together"
    say(f"{window}; employed is of {'the year' if years else str(first)}. How it is known: {how}.")
    say(f"Intervals of {confidence:.0%}. balance is inflow less openings: below 0 a shortage.")
    say(_GRADUATES if graduates else _NO_INFLOW)


def figures(
    own: list[Path], graduates: list[Path], matrix: Path | None, window: tuple[int, int], levels: tuple[str, ...]
) -> list[Own]:
    """The user's own figures, and behind them the inflow that files of graduates give for the years of `window`."""
    from overstap.education.graduates import of_stocks
    from overstap.education.matrix import load_matrix
    from overstap.education.stocks import read_stocks
    from overstap.outlook.entering import entering
    from overstap.outlook.own import read_own

    finished = of_stocks(read_stocks([("graduates", path) for path in graduates], {}))
    years = range(window[0], window[1] + 1)
    return read_own(own) + entering(finished, load_matrix(matrix), years, levels)
