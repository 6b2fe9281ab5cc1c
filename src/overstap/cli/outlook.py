"""The labour market ahead without a study: `overstap outlook template`, `overstap outlook show`."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import typer

from overstap.cli.console import say
from overstap.cli.cross import Format, write_rows
from overstap.errors import InputError, nearest

cli = typer.Typer(no_args_is_help=True, help="Openings and shortages by occupation in the years ahead.")
_SHOWN = (
    "code", "region", "employed", "growth_pct", "growth_low", "growth_high", "openings", "openings_low",
    "openings_high", "balance", "ita_class", "tension_class", "employed_basis", "outflow_basis", "source",
)  # fmt: skip
_SHOWN_YEARS = (
    "code", "region", "year", "employed", "employed_low", "employed_high", "expansion", "outflow", "openings",
    "openings_low", "openings_high", "balance", "employed_basis", "outflow_basis", "source",
)  # fmt: skip


@cli.command("template")
def template(
    out: Path | None = typer.Option(None, help="CSV to write; without it the table is printed."),
) -> None:
    """The table in which ROA's, UWV's or your own figures come in, with one row as an example; columns on stderr.

    Example: overstap outlook template --out own_outlook.csv
    """
    from overstap.outlook.own import COLUMNS
    from overstap.outlook.own import template as text

    for name, meaning in COLUMNS.items():
        say(f"{name}: {meaning}")
    if out:
        out.write_text(text(), encoding="utf-8")
        say(f"Written to {out}.")
    else:
        typer.echo(text(), nl=False)


@cli.command("show")
def show(
    own: list[Path] = typer.Option([], help="CSV of own figures; give it again for more."),
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
    from overstap.outlook.cells import LEVELS
    from overstap.outlook.own import codes_of, read_own
    from overstap.outlook.table import Settings, outlook, whole, yearly

    if level not in LEVELS:
        raise InputError(f"There is no level '{level}'.", fix=f"Use one of {', '.join(LEVELS)}.")
    if not 0.5 < confidence < 1:
        raise InputError(f"--confidence is {confidence}.", fix="Give a share between 0.5 and 1, say 0.8.")
    for wanted in code:
        if wanted not in codes_of(level):
            raise InputError(f"There is no occupation '{wanted}' in {level}.", why=nearest(wanted, codes_of(level)))
    found = outlook(Settings(first, last, draws, seed, confidence, (level,)), read_own(own))
    rows = yearly(found, confidence) if years else whole(found, confidence)
    rows = rows.filter(pc.equal(rows["level"], level))
    if code:
        rows = rows.filter(pc.is_in(rows["code"], code))
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
    write_rows(rows.select(_SHOWN_YEARS if years else _SHOWN) if format is Format.table else rows, format)
    say("A shortage is known only where the inflow of graduates is given (overstap outlook template).")
