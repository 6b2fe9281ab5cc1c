"""Commands around a study file: init, check, run, demo."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import say, step_progress
from overstap.errors import Problems, StudyError

if TYPE_CHECKING:
    from overstap.pipeline import Study

_REMARKS = 5
STUDY = typer.Argument(help="The study file.", show_default=True)


def register(cli: typer.Typer) -> None:
    """Add the commands to `cli`."""
    cli.command()(init)
    cli.command()(check)
    cli.command()(run)
    cli.command()(ingest)
    cli.command()(demo)


def init(folder: Path = typer.Argument(help="New folder for the study.")) -> None:
    """Make a folder with a study file to fill in and two example ads.

    Example: overstap init my-study
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder} is a file.", fix="Name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise StudyError(f"The folder {folder} is not empty.", fix="Name a new folder, or remove what is in it.")
    template = files("overstap.cli").joinpath("template")
    for name in ("study.yaml", "ads.csv"):
        folder.mkdir(parents=True, exist_ok=True)
        text = template.joinpath(name).read_text(encoding="utf-8").replace("STUDY_NAME", _slug(folder.name))
        (folder / name).write_text(text, encoding="utf-8")
    say(f"Made {folder / 'study.yaml'}. Next: overstap check {folder / 'study.yaml'}")


def _slug(name: str) -> str:
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower()).strip("-")
    return kept or "my-study"


def check(study: Path = STUDY) -> None:
    """Check the study file and every input; all problems at once.

    Example: overstap check study.yaml
    """
    from overstap.pipeline import Study
    from overstap.sources.ads import outside_period

    opened = Study.open(study)
    if problems := opened.check():
        raise Problems(problems)
    for source in opened.spec.sources:
        if note := outside_period(source, opened.base, opened.spec.period):
            say(f"Note: {note}")
    say(f"{study}: no problems. Next: overstap run {study}")


def run(
    study: Path = STUDY,
    report: bool = typer.Option(True, help="Write the report after the measures."),
    fresh: bool = typer.Option(False, "--fresh", help="Make every table anew, also those that did not change."),
) -> None:
    """Bring the whole study up to date: ingest, annotate, measure, publish. Unchanged steps are skipped.

    Example: overstap run study.yaml
    """
    from overstap.ahead import compiling_ahead
    from overstap.pipeline import Study, study_steps
    from overstap.publish.report import write_reports

    opened = Study.open(study)
    with compiling_ahead(), step_progress(len(study_steps())) as progress:
        ran = opened.run(progress, fresh=fresh)
    say(f"{len(ran)} steps ran, {len(study_steps()) - len(ran)} were unchanged. Tables: {opened.store.folder}")
    aside = Counter(opened.table("raw_quarantine", ["reason_code"])["reason_code"].to_pylist())
    if aside:
        reasons = ", ".join(f"{reason}: {n:,}" for reason, n in aside.most_common())
        say(f"{aside.total():,} rows were set aside ({reasons}); file, line and reason stand in raw_quarantine.")
    if lost := opened.unmet_corrections():
        first = ", ".join(f"{c.match} {c.key}" for c in lost[:5])
        say(f"{len(lost)} of the corrections in {opened.spec.corrections} met no ad: {first}{', …' * (len(lost) > 5)}.")
    if "read_initiatives" in ran:
        _tell_remarks(opened)
    if report:
        for path in write_reports(opened):
            say(f"Report: {path}")
    say(f"Dashboard: {_program()} serve {study}")


def _tell_remarks(study: Study) -> None:
    """What is doubtful in the study's own registers of initiatives; the bundled one is not the researcher's to mend."""
    from overstap.initiative_steps import remarks_of

    if set(study.spec.initiatives.files) <= {"default"}:
        return
    remarks = remarks_of(study.spec, study.base, study.table("core_skills"))
    for remark in remarks[:_REMARKS]:
        say(f"Register: {remark}")
    if len(remarks) > _REMARKS:
        say(f"Register: {len(remarks) - _REMARKS} more; see {_program()} initiative check.")


def ingest(
    study: Path = STUDY,
    files: list[Path] = typer.Argument(help="Files of a delivery: new ads, corrections, withdrawals."),
    source: str | None = typer.Option(None, help="The source that they belong to, where the study has several."),
    report: bool = typer.Option(True, help="Write the report after the measures."),
) -> None:
    """Add a daily or monthly delivery and bring the study up to date. Each delivery is added once, told by its content;
    earlier ones are not read or annotated again. Corrections, withdrawals: `updates:`, `withdrawn:` of the source.

    Example: overstap ingest study.yaml feed-2024-05.csv
    """
    from overstap.pipeline import Study

    for file, copy in Study.open(study).deliver(files, source):
        say(f"{file}: added as {copy}." if copy else f"{file}: delivered before, nothing to add.")
    run(study, report=report, fresh=False)


def _program() -> str:
    """The command as the user can type it here: its path where it was called by one."""
    return sys.argv[0] if sys.argv[0].endswith("overstap") else "overstap"


def demo(
    folder: Path = typer.Option(Path("demo"), help="Folder for the simulated feed and the results; made anew."),
    vacancies: int = typer.Option(20_000, min=500, help="Vacancies to simulate."),
    seed: int = typer.Option(2019, help="Seed of the simulated market."),
    ads_only: bool = typer.Option(False, "--ads-only", help="Write the feeds and the study file, and stop."),
) -> None:
    """Simulate a labour market with known truth and run the whole study on it, from scratch.

    Example: overstap demo --folder demo
    """
    from overstap.simulate.demo import make_demo

    study = make_demo(folder, vacancies, seed)
    if ads_only:
        say(f"Made {study}. Next: {_program()} run {study}")
    else:
        run(study, report=True, fresh=False)
