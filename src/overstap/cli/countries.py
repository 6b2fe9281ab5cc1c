"""The Netherlands among other countries: `overstap countries`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import typer

from overstap.cli.console import say
from overstap.cli.cross import Format, write_rows
from overstap.cli.naming import country_name, in_words
from overstap.errors import InputError, nearest


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(countries)


def countries(
    country: list[str] = typer.Option(["NL"], help="Countries to show, Eurostat's codes; all: every country."),
    item: list[str] = typer.Option([], help="Only these: ict, or codes of ISCO-08 of one or two digits."),
    eurostat: list[Path] = typer.Option([], help="Tables of Eurostat (TSV or SDMX-CSV) to lay beside it."),
    where: list[str] = typer.Option([], metavar="DIM=VALUE", help="Picks one indicator of the tables of Eurostat."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row)."),
) -> None:
    """The mix of occupations, its growth, and the rank among countries; 1 is the highest of countries_n.

    Example: overstap countries --item ict --country NL --country DE --country EU27
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from overstap.outlook.countries import benchmark
    from overstap.outlook.eurostat import read_eurostat

    picked = {}
    for one in where:
        name, is_there, value = one.partition("=")
        if not is_there:
            raise InputError(f"--where {one}: this is no choice.", fix="Write --where unit=PC_EMP.")
        picked[name] = value
    rows = benchmark([read_eurostat(path, path.stem, picked) for path in eurostat])
    known = sorted(set(rows["country"].to_pylist()))
    if "all" not in country:
        wanted = [_code(one, known) for one in country]
        rows = rows.filter(pc.is_in(rows["country"], pa.array(wanted)))
    if item:
        items = sorted(set(rows["item"].to_pylist()))
        for one in item:
            if one not in items:
                raise InputError(
                    f"There is no item '{one}'.",
                    why=nearest(one, items) or f"Items are: {', '.join(items)}.",
                    fix="Give ict, or a code of ISCO-08 of one or two digits.",
                )
        rows = rows.filter(pc.is_in(rows["item"], pa.array(item)))
    if format is Format.table:
        rows = in_words(rows, {"country": "country", "item": "item_kind"})
    write_rows(rows, format)
    say("Ranks are those of published figures, without intervals. Growth with a year under breaks holds a jump in the")
    say("series, often a new survey: in the Netherlands ISCO 25 grows by 44 % from 2018 to 2023.")


def _code(given: str, known: list[str]) -> str:
    """The code of a country that is given by its code or English name. Raises `InputError` for another."""
    names = {name.lower(): code for code in known if (name := country_name(code))}
    code = given.upper() if given.upper() in known else names.get(given.lower())
    if code is None:
        near = get_close_matches(given.lower(), names, n=1)
        hint = f"Did you mean {names[near[0]]}, {country_name(names[near[0]])}?" if near else ""
        hint = hint or f"Known: {', '.join(known)}."
        fix = "Eurostat's codes are used, EL for Greece; overstap countries --country all shows all."
        raise InputError(f"There is no country '{given}'.", why=hint, fix=fix)
    return code
