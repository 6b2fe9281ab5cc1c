"""Experiments: `overstap experiment power | evaluate | meta | template`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from overstap.cli.console import check, give, say
from overstap.cli.cross import Format, write_rows
from overstap.errors import InputError

cli = typer.Typer(no_args_is_help=True, help="How many must take part in an experiment, and what it did.")
_TEMPLATE = (
    "unit,time,treated,outcome,age,cluster\n"
    "a1,2024,1,52.0,41,school-1\na1,2025,1,55.5,41,school-1\nb1,2024,0,51.0,38,school-2\nb1,2025,0,51.5,38,school-2\n"
)
_SHOWN = (
    "experiment_id", "design", "estimate", "estimate_low", "estimate_high", "p_value", "verdict", "maryland", "ladder",
    "treated_n", "control_n", "missing_n", "smallest_seen",
)  # fmt: skip


@cli.command("template")
def template(out: Path | None = typer.Option(None, help="CSV to write; without it the table is printed.")) -> None:
    """The file of an experiment: a row per unit and period, with invented rows.

    Example: overstap experiment template --out experiment.csv
    """
    give(_TEMPLATE, out)


@cli.command("power")
def power(
    units: int | None = typer.Option(None, min=2, help="People (or other units) who take part."),
    effect: float | None = typer.Option(None, help="Smallest difference that would matter, in the outcome's own unit."),
    power: float | None = typer.Option(None, help="Chance to see it; 0.8 where two of the three are not given."),
    sd: float = typer.Option(1.0, help="Standard deviation of the outcome between people; 1: effects are in SD."),
    ratio: float = typer.Option(1.0, help="People compared with, for each who takes part."),
    alpha: float = typer.Option(0.05, help="Chance of a false alarm, two-sided."),
    cluster: float = typer.Option(1.0, help="People in a cluster that takes part as a whole, such as a class."),
    icc: float = typer.Option(0.0, help="Part of the variance that lies between clusters."),
    before: int = typer.Option(0, min=0, help="Measurements before the start; 0: only afterwards."),
    after: int = typer.Option(1, min=1, help="Measurements after the start."),
    correlation: float = typer.Option(0.5, help="Correlation between measurements of one person."),
) -> None:
    """Before anyone takes part: how many people an effect asks, or what so many people can show.

    Example: overstap experiment power --effect 0.3 --before 1
    """
    from math import ceil

    from overstap.experiments.power import Plan, plan

    if power is None and units is None and effect is None:
        raise InputError("Neither --effect nor --units is given.", fix="Ask for one: --effect 0.3, or --units 60.")
    if power is None and (units is None) != (effect is None):
        power = 0.8
    asked = Plan(units, effect, power, sd, ratio, alpha, cluster, icc, before, after, correlation)
    made = plan(asked)
    others = ceil((made.units or 0) * ratio - 1e-9)
    typer.echo(f"units that take part  {made.units}")
    typer.echo(f"units compared with   {others}")
    if cluster > 1:
        typer.echo(f"clusters that take part  {ceil((made.units or 0) / cluster)}")
    typer.echo(f"effect  {abs(made.effect or 0):.4g}" + ("" if sd != 1 else " SD"))
    typer.echo(f"power  {made.power:.3f}")
    if cluster == 1 and icc == 0:
        twenty = plan(replace(made, cluster=20, icc=0.05, units=None)).units
        say(f"If classes of 20 took part as a whole (ICC 0.05), it would ask {twenty} people.")


@cli.command("evaluate")
def evaluate(
    file: Path = typer.Argument(help="CSV, a row per unit and period (overstap experiment template)."),
    unit: str = typer.Option("unit", help="Column of the unit."),
    time: str = typer.Option("time", help="Column of the period, a whole number."),
    treated: str = typer.Option("treated", help="Column with 1 for who takes part, or from when on."),
    outcome: str = typer.Option("outcome", help="Column of what is measured."),
    covariate: list[str] = typer.Option([], help="Column to match and compare on; give it again for more."),
    cluster: str | None = typer.Option(None, help="Column of the group that took part as a whole."),
    start: int | None = typer.Option(None, help="First period with the experiment, where the file does not show it."),
    assigned: str = typer.Option("chosen", help="How units came to take part: chosen, or random (by lot)."),
    design: str = typer.Option("auto", help="auto, did, matched, difference (after a lot) or before_after."),
    measure: str | None = typer.Option(None, help="What is measured, in words; default the name of the column."),
    measured_in: str = typer.Option("", help="Unit of the outcome, such as pp or EUR."),
    confidence: float = typer.Option(0.95, help="Confidence of the interval, between 0.5 and 1."),
    min_units: int = typer.Option(10, min=2, help="Units in a group below which no outcome is given."),
    draws: int = typer.Option(999, min=99, max=9_999, help="Draws of the wild bootstrap, where clusters are few."),
    seed: int = typer.Option(1, min=0, help="Seed of the draws."),
    lang: str = typer.Option("nl", help="Language of the sentence: nl or en."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """What an experiment did, with its interval, how strong the evidence is, and what speaks against it.

    Example: overstap experiment evaluate experiment.csv --start 2025 --measured-in pp
    """
    import pyarrow as pa

    from overstap.experiments.table import row_of, run_experiment
    from overstap.publish.experiments import experiment_sentence
    from overstap.publish.labels import LANGUAGES, Translator
    from overstap.schema import table_spec
    from overstap.study_initiatives import Experiment, ExperimentSettings

    check("lang", lang, LANGUAGES)
    check("assigned", assigned, ("chosen", "random"))
    check("design", design, ("auto", "did", "matched", "difference", "before_after"))
    if not 0.5 < confidence < 1:
        raise InputError(f"--confidence is {confidence}.", fix="Give a share between 0.5 and 1, say 0.95.")
    code = "".join(c if c.isalnum() else "-" for c in file.stem.lower()).strip("-") or "experiment"
    asked = Experiment(
        id=code, file=file.name, unit=unit, time=time, treated=treated, outcome=outcome, covariates=covariate,
        cluster=cluster, start=start, assigned=assigned, design=design, measured_in=measured_in, measure=measure,  # type: ignore[arg-type]
    )  # fmt: skip
    settings = ExperimentSettings(confidence=confidence, min_units=min_units, draws=draws, seed=seed)
    found = run_experiment(asked, file.parent, settings)
    row = row_of(asked, found)
    rows = pa.Table.from_pylist([row], schema=table_spec("out_evaluation").schema)
    write_rows(rows.select(_SHOWN) if format is Format.table else rows, format)
    t = Translator("nl" if lang == "nl" else "en")
    say(experiment_sentence(t, row).text)
    for caution in found.cautions:
        say(f"- {t.value('warnings', caution)}")
    for event in found.events:
        say(f"{event.period}: {t.signed(event.value, 2)} ({t.number(event.low, 2)} – {t.number(event.high, 2)})")
    if found.balance is not None:
        pairs = zip(found.balance.names, found.balance.smd_before, found.balance.smd_after, strict=True)
        for name, first, last in pairs:
            say(f"{name}: {t.signed(float(first), 2)} → {t.signed(float(last), 2)} SD")


@cli.command("meta")
def meta(
    file: Path = typer.Argument(help="CSV with a row per experiment: effect, error (its standard error)."),
    confidence: float = typer.Option(0.95, help="Confidence of the interval, between 0.5 and 1."),
) -> None:
    """Experiments that measured the same laid together: mean effect, spread, and what a next one may do.

    Example: overstap experiment meta effects.csv
    """
    from overstap.experiments.meta import together
    from overstap.reference.totals import number_of
    from overstap.sources.tables import csv_rows

    rows = csv_rows(file, ("effect", "error"), "Name a CSV with the columns effect and error.", "Add that column.")
    numbers = [
        [number_of(f"{file.name}, row {number}, {name}", row[name]) for name in ("effect", "error")]
        for number, row in enumerate(rows, 2)
    ]
    known = [(effect, error) for effect, error in numbers if effect is not None and error is not None]
    if len(known) < len(numbers):
        say(f"{len(numbers) - len(known)} of {len(numbers)} experiments have no effect or error and do not count.")
    found = together([effect for effect, _ in known], [error for _, error in known], confidence)
    typer.echo(f"experiments  {found.studies_n}")
    typer.echo(f"mean effect  {found.value:.4g} ({found.low:.4g} to {found.high:.4g}), p {found.p:.3g}")
    typer.echo(f"spread of true effects (tau)  {found.tau:.4g}; I2 {found.i2:.0f} %")
    if found.next_low is None:
        typer.echo("effect of a next experiment  unknown: that takes at least three")
    else:
        typer.echo(f"effect of a next experiment  {found.next_low:.4g} to {found.next_high:.4g}")
