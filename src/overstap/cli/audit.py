"""Commands by which a person reads a sample of ads and the measures learn how often the coding errs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import say
from overstap.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


cli = typer.Typer(
    help="Read a sample of ads: how often the coding errs, and shares corrected for it.", no_args_is_help=True
)
STUDY = typer.Argument(help="The study file; it must have been run.")
SHEET = typer.Argument(help="The sheet of 'overstap audit draw'.")


@cli.command()
def draw(
    study: Path = STUDY,
    out: Path = typer.Option(Path("audit.csv"), "--out", help="Sheet to write (CSV, opens in a spreadsheet)."),
    n: int = typer.Option(60, "--n", help="Ads to draw."),
    seed: int = typer.Option(1, "--seed", help="Seed of the draw."),
) -> None:
    """Draw ads at random within function group and year, with everything that was coded about them.

    Example: overstap audit draw study.yaml --out audit.csv --n 60
    """
    from overstap.audit.draw import draw_sheet
    from overstap.audit.sheet import by_ad, write_sheet
    from overstap.pipeline import Study

    if out.exists():
        raise InputError(f"{out} exists and may hold judgements.", fix=f"Name another: --out {out.stem}-2.csv")
    rows = draw_sheet(Study.open(study).finished(), n, seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_sheet(out, rows)
    say(f"{len(by_ad(rows))} ads with {len(rows)} codings to judge in {out}.")
    say(f"Next: overstap audit label {study} {out}, or fill in verdict and should_be in a spreadsheet.")


@cli.command()
def label(
    study: Path = STUDY,
    sheet: Path = SHEET,
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8766, help="Port; 0 takes a free one."),
) -> None:
    """Serve a page on which to read the ads and judge their coding. Answers go to the sheet at once.

    Example: overstap audit label study.yaml audit.csv
    """
    from overstap.audit.page import create_desk
    from overstap.pipeline import Study
    from overstap.web.server import serve_app

    serve_app(create_desk(Study.open(study).finished(), sheet, host), host, port, "Audit")


@cli.command(name="apply")
def apply_(study: Path = STUDY, sheet: Path = SHEET) -> None:
    """Turn the judgements into error rates and corrections, and name them in the study file.

    Example: overstap audit apply study.yaml audit.csv
    """
    from overstap.audit.apply import apply_sheet
    from overstap.audit.rates import rates_of_sheet, read_ads
    from overstap.audit.sheet import partly_read, read_sheet
    from overstap.pipeline import Study

    rows = read_sheet(sheet)
    partly = [f"{ad_id} ({', '.join(waiting)})" for ad_id, waiting in partly_read(rows).items()]
    left_out = f"{len(partly)} ads are judged in part and count for nothing yet; open are: {_first(partly)}."
    if not (read := read_ads(rows)):
        raise InputError(
            f"In {sheet} no ad has a verdict on every row.",
            why=left_out if partly else "",
            fix=f"Judge some: overstap audit label {study} {sheet}",
        )
    opened = Study.open(study).finished()
    path, n, lines, other = apply_sheet(opened, rows, sheet)
    rates = rates_of_sheet(rows, opened.spec, opened.base, opened.store, opened.spec.measures.confidence)
    few = _show(rates, opened.spec.measures.min_n)
    say(f"{len(read)} ads read; {n} corrections in {path}.")
    if partly:
        say(left_out)
    if few:
        say(f"{few}. Read more ads before you rest on them: overstap audit draw {study} --out more.csv --seed 2")
    found = max(rates["ads_n"].to_pylist(), default=0)
    if found < len(read):
        say(f"{len(read) - found} of them are no vacancies of this study (any more) and were left out.")
    if lines:
        with study.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in ["", *lines]))
        say(f"Added to {study}: {'; '.join(lines)}")
    for line in other:
        say(f"{study} names another file; to use this one, change it to: {line}")
    say(f"Next: overstap run {study}")


def _first(names: list[str], n: int = 10) -> str:
    """The first few of a list, and how many more there are."""
    return "; ".join(names[:n]) + (f"; and {len(names) - n} more" if len(names) > n else "")


def _show(rates: pa.Table, least: int) -> str:
    """The rates over all function groups and years, as lines on stdout; those that rest on fewer judgements than
    `least` get a star, and are told of in what is given (empty: none is)."""
    typer.echo(f"{'item':<34}{'judged':>8}  {'precision':<22}{'recall':<22}correction")
    rows = [row for row in rates.to_pylist() if row["function_group"] == row["period"] == "all"]
    few = [min(row["coded_n"], row["asked_n"]) < least for row in rows]
    for row, small in zip(rows, few, strict=True):
        name = f"{row['item_kind']} {row['item_id']}"
        cells = [_interval(row, "precision_pct", "precision", 0), _interval(row, "recall_pct", "recall", 0)]
        typer.echo(
            f"{name:<34}{row['coded_n']:>7}{'*' if small else ' '}  {cells[0]:<22}{cells[1]:<22}"
            + _interval(row, "correction", "correction", 2)
        )
    told = (
        f"* {sum(few)} of {len(rows)} rows rest on fewer than {least} codings judged or asked (measures.min_n): their"
    )
    return f"{told} intervals are wide, and so are those of shares corrected with them" if any(few) else ""


def _interval(row: dict[str, float | None], value: str, bounds: str, digits: int) -> str:
    """Estimate and bounds; a dash where nothing is known."""
    if row[value] is None:
        return "–"
    unit = " %" if digits == 0 else " ×"
    return f"{row[value]:.{digits}f}{unit} ({row[f'{bounds}_low']:.{digits}f}–{row[f'{bounds}_high']:.{digits}f})"
