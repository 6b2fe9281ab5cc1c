"""Commands on files of education: `overstap education template | stocks | success`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import typer

from overstap.cells import write_table
from overstap.cli.console import give
from overstap.errors import InputError, nearest

cli = typer.Typer(no_args_is_help=True, help="Files of students, graduates and cohorts, and what follows from them.")
TEMPLATES = {
    "stocks": "intake, enrolment or graduates, one row a cell; years may be columns, as DUO has them",
    "graduates": "graduates by programme, level, region and year, also of years to come",
    "cohorts": "at risk, diploma, drop-out and switch by cohort and year since entry",
    "persons": "person records as in 1CijferHO, made into cohorts while they are read",
    "destinations": "where graduates went, by field, level and year",
    "programmes": "field and level of programmes that DUO's codes do not hold",
    "matrix": "where programmes lead; weights of a field and level add to 1",
    "sectors": "fields that train for a sector, and its occupations",
    "ages": "who works in a sector, by age",
    "texts": "texts of programmes, for overstap curriculum",
}


@cli.command()
def template(
    name: str = typer.Argument("", help="Name of a template; without one they are listed."),
    out: Path | None = typer.Option(None, help="File to write; default: the screen."),
) -> None:
    """A table to fill in, with the columns that are read and two invented rows.

    Example: overstap education template cohorts --out cohorts.csv
    """
    if not name:
        for known, what in TEMPLATES.items():
            typer.echo(f"{known:14}{what}")
        return
    if name not in TEMPLATES:
        raise InputError(
            f"There is no template '{name}'.", why=nearest(name, TEMPLATES), fix=f"Templates: {', '.join(TEMPLATES)}."
        )
    give(files("overstap.cli").joinpath(f"template/education/{name}.csv").read_text(encoding="utf-8"), out)


@cli.command()
def stocks(
    inputs: list[Path] = typer.Argument(help="Open files of DUO or alike, of one kind."),
    kind: str = typer.Option("enrolment", help="What they count: intake, enrolment or graduates."),
    programmes: Path | None = typer.Option(None, help="CSV (programme, isced_f, level) of own programmes."),
    trend: bool = typer.Option(False, "--trend", help="Sums by field, level, region and sex in place of cells."),
    out: Path | None = typer.Option(None, help="CSV to write; default: the screen."),
) -> None:
    """Read open files of education; suppressed cells (<5) become bounds. Overlapping years are refused.

    Example: overstap education stocks gediplomeerden_hbo_2023.csv --kind graduates --trend --out trend.csv
    """
    from overstap.education.stocks import KINDS, read_programmes, read_stocks
    from overstap.education.trends import trends

    if kind not in KINDS:
        raise InputError(f"--kind {kind}: choose {', '.join(KINDS)}.", why=nearest(kind, KINDS))
    own = read_programmes(programmes) if programmes else {}
    table = read_stocks([(kind, path) for path in inputs], own)
    write_table(trends(table) if trend else table, out)


@cli.command()
def success(
    cohorts: Path = typer.Argument(help="CSV of cohorts, or with --persons of person records."),
    by: list[str] = typer.Option([], help="Split by programme, isced_f, level, sex, region, numerus_fixus or cohort."),
    after: list[int] = typer.Option([1, 5, 8], help="Years since entry."),
    confidence: float = typer.Option(0.95, min=0.5, max=0.999, help="Confidence of the intervals."),
    persons: bool = typer.Option(False, "--persons", help="The file holds person records, as in 1CijferHO."),
    out: Path | None = typer.Option(None, help="CSV to write; default: the screen."),
) -> None:
    """Chance of a diploma, of dropping out and of switching some years after entry, as competing risks, in percent.

    Example: overstap education success cohorts.csv --by programme --by sex --out success.csv
    """
    from overstap.education.cohorts import GROUPED, read_cohorts
    from overstap.education.cohorts import success as chances
    from overstap.education.persons import cohorts_of_persons

    for name in by:
        if name not in GROUPED:
            raise InputError(f"--by {name}: choose {', '.join(GROUPED)}.", why=nearest(name, GROUPED))
    table = (cohorts_of_persons if persons else read_cohorts)(cohorts, {})
    write_table(pa.Table.from_pylist(chances(table, by, confidence, after)), out)
