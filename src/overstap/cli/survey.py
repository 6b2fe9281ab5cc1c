"""Commands on surveys: `overstap survey new | check | show | statements`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import typer
from rich.table import Table

from overstap.cells import write_table
from overstap.cli.console import say
from overstap.errors import InputError, nearest
from overstap.study_survey import USES, SurveySettings

cli = typer.Typer(no_args_is_help=True, help="Questionnaires, the answers to them in any format, and what follows.")
FILES = typer.Argument(help="Files with answers, or one study file (.yaml).")
STRUCTURE = typer.Option(None, help="LimeSurvey structure: .lss, or .txt separated by tabs.")
CODEBOOK = typer.Option(None, help="CSV codebook of a plain file.")
USE = typer.Option([], help="What a question is used for: role=Q1, sector=Q2, size=Q3, adoption=Q4 …; may be repeated.")


@cli.command()
def new(
    folder: Path = typer.Argument(help="Folder to write to."),
    lang: str = typer.Option("nl", help="First language in LimeSurvey: nl or en; the other is in the file too."),
    pdf: bool = typer.Option(False, "--pdf", help="Also the pages to print as PDF (needs Typst)."),
    example: int = typer.Option(0, min=0, help="Also this many simulated answers, with margins and a study file."),
) -> None:
    """Write a ready questionnaire for managers and specialists: for LimeSurvey, to print, and as a codebook.

    Example: overstap survey new my-survey --lang nl
    """
    from overstap.survey.instrument import paper_pdf, write_instrument
    from overstap.survey.questionnaire import LANGUAGES, bundled

    if lang not in LANGUAGES:
        raise InputError(f"--lang {lang}: the questionnaire is there in nl and en.", fix="Use --lang nl or --lang en.")
    paths = write_instrument(bundled(), folder, lang)
    for language in LANGUAGES if pdf else ():
        path = folder / f"questionnaire-{language}.pdf"
        path.write_bytes(paper_pdf(bundled(), language))
        paths.append(path)
    if example:
        from overstap.survey.simulate import write_survey

        write_survey(folder, 2019, example)
        paths.append(folder / "answers.csv")
    for path in dict.fromkeys(paths):
        say(f"Wrote {path}")
    say("Next: import questionnaire.txt into LimeSurvey (Create survey, Import), and later:")
    say(f"  overstap survey check {folder / ('answers.csv' if example else 'ANSWERS.csv')}")


@cli.command()
def check(
    inputs: list[Path] = FILES,
    structure: Path | None = STRUCTURE,
    codebook: Path | None = CODEBOOK,
    use: list[str] = USE,
    out: Path | None = typer.Option(None, help="CSV of every column to write; default: a table on the screen."),
) -> None:
    """How a survey is read: every column with its question and kind, or why it holds none; and doubtful answers.

    Example: overstap survey check answers.csv --structure survey.lss
    """
    from overstap.survey.advice import advice
    from overstap.survey.quality import quality_of
    from overstap.survey.read import read_survey
    from overstap.survey.weigh import Weighed

    settings, base = _settings(inputs, structure, codebook, use)
    questions, respondents, answers = read_survey(settings, base)
    names = [
        "source",
        "position",
        "heading",
        "question_code",
        "item",
        "part",
        "kind",
        "theme",
        "use",
        "answered_n",
        "reason",
    ]
    if out is not None:
        write_table(questions.select([*names, "is_understood"]), out)
    else:
        if len(set(questions["source"].to_pylist())) == 1:
            names.remove("source")
        _screen(questions.select(names))
    for row in quality_of(questions, Weighed(respondents)).to_pylist():
        if row["source"] == "all" and row["value"]:
            say(
                f"{row['measure'].replace('_', ' ')} {row['detail'].replace('_', ' ')}".strip()
                + f": {row['value']:,.0f}"
            )
    for line in advice(questions, respondents, answers, settings):
        say(f"Note: {line}")


@cli.command()
def show(
    inputs: list[Path] = FILES,
    structure: Path | None = STRUCTURE,
    codebook: Path | None = CODEBOOK,
    use: list[str] = USE,
    margins: Path | None = typer.Option(None, help="CSV (sector, size, total) to rake to."),
    question: str = typer.Option("", help="Only this question."),
    by: str = typer.Option("all", help="Groups: all, role, sector or size."),
    adoption: bool = typer.Option(
        False, "--adoption", help="Adoption of technologies by sector and size in place of it."
    ),
    min_cell: int | None = typer.Option(None, min=2, help="Respondents below which a result is hidden."),
    confidence: float = typer.Option(0.95, min=0.5, max=0.999, help="Confidence of the intervals."),
    out: Path | None = typer.Option(None, help="CSV to write; default: the screen."),
) -> None:
    """Weighted results with n and interval; groups that are too small are hidden.

    Example: overstap survey show answers.csv --use role=Q1 --by role --question Q7
    """
    from overstap.survey.adoption import measure_adoption
    from overstap.survey.measure import measure_survey
    from overstap.survey_steps import read_tables

    if by not in ("all", "role", "sector", "size"):
        raise InputError(f"--by {by}: choose all, role, sector or size.", why=nearest(by, ("role", "sector", "size")))
    settings, base = _settings(inputs, structure, codebook, use)
    changed: dict[str, Any] = {"min_cell": min_cell} if min_cell else {}
    changed |= {"margins": str(margins.resolve())} if margins else {}
    settings = settings.model_copy(update=changed)
    questions, respondents, answers, _, _ = read_tables(settings, base)
    if adoption:
        adopted = measure_adoption(questions, respondents, answers, settings, confidence)
        if not adopted.num_rows:
            raise InputError(
                "No question tells which technologies are in use.",
                fix="Say which one does: --use adoption=Q4, and its sector and size: --use sector=Q2 --use size=Q3.",
            )
        _give(adopted, out)
        return
    results = measure_survey(questions, respondents, answers, settings, confidence, 0.05)
    results = results.filter(pc.equal(results["group_kind"], by))
    if by != "all" and not results.num_rows:
        raise InputError(f"No question tells the {by} of respondents.", fix=f"Say which one does: --use {by}=Q1.")
    if question:
        known = sorted(set(results["question_code"].to_pylist()))
        if question not in known:
            raise InputError(
                f"There are no results of '{question}'.",
                why=nearest(question, known),
                fix=f"Questions with results: {', '.join(known[:20])}{' …' if len(known) > 20 else ''}",
            )
        results = results.filter(pc.equal(results["question_code"], question))
    _give(results, out)
    if hidden := sum(results["is_suppressed"].to_pylist()):
        say(f"{hidden} of {results.num_rows} results are hidden: too few respondents (--min-cell {settings.min_cell}).")


@cli.command()
def statements(
    study: Path = typer.Argument(help="The study file."),
    out: Path = typer.Option(Path("statements.yaml"), help="File to write, relative to the study file."),
    force: bool = typer.Option(False, "--force", help="Write over a file that is there."),
) -> None:
    """Draft statements for a panel from the answers, with the evidence of each; edit the file as you like.

    Example: overstap survey statements study.yaml --out statements.yaml
    """
    from overstap.reference.taxonomy import load_taxonomy
    from overstap.study import load_study
    from overstap.survey.adoption import measure_adoption
    from overstap.survey.measure import measure_survey
    from overstap.survey.statements import draft, labels_of, write_statements
    from overstap.survey_steps import read_tables

    spec, base = load_study(study), study.resolve().parent
    if not spec.survey.files:
        raise InputError(f"{study} names no survey.", fix="Add survey: {files: [answers.csv]}.")
    path = base / out
    if path.exists() and not force:
        raise InputError(
            f"{path} is there already, perhaps edited.", fix="Write elsewhere with --out, or over it with --force."
        )
    questions, respondents, answers, _, _ = read_tables(spec.survey, base)
    confidence, fdr = spec.measures.confidence, spec.measures.fdr
    results = measure_survey(questions, respondents, answers, spec.survey, confidence, fdr)
    adoption = measure_adoption(questions, respondents, answers, spec.survey, confidence)
    found = draft(questions, results, adoption, labels_of(load_taxonomy("core").skills), fdr)
    write_statements(found, path)
    say(f"{len(found)} statements: {path}. Edit them; the panel reads this file.")


def _settings(
    inputs: list[Path], structure: Path | None, codebook: Path | None, use: list[str]
) -> tuple[SurveySettings, Path]:
    """The survey of a study file, or of loose files."""
    from overstap.study import load_study

    if len(inputs) == 1 and inputs[0].suffix.lower() in (".yaml", ".yml"):
        spec = load_study(inputs[0])
        if not spec.survey.files:
            raise InputError(f"{inputs[0]} names no survey.", fix="Add survey: {files: [answers.csv]}.")
        return spec.survey, inputs[0].resolve().parent
    for path in inputs:
        if not path.is_file() and not any(mark in path.name for mark in "*?["):
            raise _absent(path)
    given: dict[str, Any] = {"files": [str(path.resolve()) for path in inputs]}
    given |= {name: str(path.resolve()) for name, path in (("structure", structure), ("codebook", codebook)) if path}
    uses = {}
    for pair in use:
        name, equals, code = pair.partition("=")
        if not equals or not code:
            raise InputError(f"--use {pair}: write what it is for, = and the question.", fix="--use role=Q1")
        if name not in USES:
            raise InputError(
                f"--use {pair}: there is no use '{name}'.",
                why=nearest(name, USES),
                fix=f"Uses: {', '.join(USES)}. Write the use first: --use role={code}.",
            )
        uses[code] = {"use": name}
    return SurveySettings.model_validate({**given, "questions": uses}), Path.cwd()


def _absent(path: Path) -> InputError:
    """What to say of a file that is not there, or is a folder."""
    if path.is_dir():
        return InputError(f"{path} is a folder.", fix=f"Name the files: overstap survey check '{path}/*.csv'")
    near = sorted(one.name for one in path.parent.glob("*") if one.is_file()) if path.parent.is_dir() else []
    return InputError(
        f"There is no file {path}.",
        why=nearest(path.name, near),
        fix=f"{path.parent.resolve()} holds: {', '.join(near[:8])}." if near else "Check the folder.",
    )


def _give(table: pa.Table, out: Path | None) -> None:
    if out is not None:
        write_table(table, out)
        say(f"Wrote {out}: {table.num_rows} rows.")
    elif sys.stdout.isatty():
        _screen(table)
    else:
        write_table(table)


def _screen(table: pa.Table) -> None:
    from rich.console import Console

    shown = Table(box=None, pad_edge=False)
    for name in table.column_names:
        shown.add_column(name.replace("_", " "), overflow="fold", max_width=44)
    for row in table.to_pylist():
        shown.add_row(
            *("" if v is None else f"{v:.2f}" if isinstance(v, float) else str(v)[:120] for v in row.values())
        )
    Console(width=None if sys.stdout.isatty() else 200).print(shown)
