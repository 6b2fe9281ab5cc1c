"""The register of initiatives: `overstap initiative new | check | list | template`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from overstap.cli.console import check, give, say
from overstap.cli.cross import Format, write_rows
from overstap.errors import InputError, nearest

if TYPE_CHECKING:
    from overstap.initiatives.design import Idea
    from overstap.pipeline import Study
    from overstap.publish.labels import Translator

cli = typer.Typer(no_args_is_help=True, help="The register of initiatives, and a plan for a new one.")
_SHOWN = ("initiative_id", "name_nl", "kind", "topsectors", "province_code", "functions", "phase")


@cli.command("template")
def template(out: Path | None = typer.Option(None, help="CSV to write; without it the table is printed.")) -> None:
    """A register to fill in as CSV, with one invented entry; its columns are told on stderr. YAML has the same names.

    Example: overstap initiative template --out register.csv
    """
    from overstap.initiatives import register

    give(register.template(), out, register.COLUMNS)


@cli.command("check")
def check_registers(files: list[Path] = typer.Argument(help="Registers, YAML or CSV; read as one.")) -> None:
    """Read registers and tell every fault, and what is kept but doubtful: places not found, ties outside the register.

    Example: overstap initiative check register.yaml more.csv
    """
    for path in files:
        if path.is_dir():
            raise InputError(f"{path} is a folder.", fix=f"Name the registers: overstap initiative check {path}/*.yaml")
    register = _read(files)
    for remark in register.remarks:
        say(f"- {remark}")
    counts = {"initiative": len(register.rows), "tie": len(register.ties)}
    told = " and ".join(f"{n} {noun}{'' if n == 1 else 's'}" for noun, n in counts.items())
    say(f"{told} can be read.")


@cli.command("list")
def list_initiatives(
    files: list[Path] = typer.Argument(None, help="Registers, YAML or CSV; none: the bundled one."),
    topsector: str = typer.Option("", help="Only those of this topsector."),
    kind: str = typer.Option("", help="Only this kind: centre, tki, learning community …"),
    region: str = typer.Option("", help="Only this province, by name or code."),
    function: str = typer.Option("", help="Only this function of learning: conditional, reactive or proactive."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """The initiatives of registers, with filters.

    Example: overstap initiative list --topsector water
    """
    import pyarrow as pa

    from overstap.ads.place import bundled_places
    from overstap.initiatives.vocabulary import require
    from overstap.schema import table_spec

    rows = _read(files or []).rows
    wanted: list[Callable[[dict[str, Any]], bool]] = []
    if topsector:
        one = require("topsector", topsector, "--topsector")
        wanted.append(lambda row: one in row["topsectors"])
    if kind:
        this = require("kind", kind, "--kind")
        wanted.append(lambda row: bool(row["kind"] == this))
    if function:
        learning = require("function", function, "--function")
        wanted.append(lambda row: learning in row["functions"])
    if region:
        code = region if re.fullmatch(r"NL\d\d", region) else bundled_places().region(region)[0]
        if code is None:
            raise InputError(
                f"--region {region} is no province.", fix="Name a province, such as Noord-Brabant or NL41."
            )
        wanted.append(lambda row: bool(row["province_code"] == code))
    kept = [row for row in rows if all(test(row) for test in wanted)]
    table = pa.Table.from_pylist(kept, schema=table_spec("core_initiatives").schema)
    write_rows(table.select(_SHOWN) if format is Format.table else table, format)
    say(f"{len(kept)} of {len(rows)} initiatives.")


def _read(files: list[Path]) -> Any:
    from overstap.initiatives.register import DEFAULT, read_registers

    return read_registers([str(path) for path in files] or [DEFAULT], Path())


@cli.command("new")
def new(
    study: Path = typer.Argument(help="The study file, with a finished run."),
    name: str = typer.Option("", help="Name of the learning community."),
    place: str | None = typer.Option(None, help="Town."),
    topsector: list[str] = typer.Option([], help="Topsector; give it again for more."),
    level: list[str] = typer.Option([], help="Level: mbo, hbo, wo or work; give it again for more."),
    function: list[str] = typer.Option([], help="Function of learning: conditional, reactive, proactive."),
    skill: list[str] = typer.Option([], help="Skill it teaches, id or label; give it again for more."),
    occupation: list[str] = typer.Option([], help="Occupation it leads to: a title or code."),
    partner: list[str] = typer.Option([], help="Partner there is already, as 'name (employer)'."),
    people: int | None = typer.Option(None, min=1, help="How many take part."),
    funding: float | None = typer.Option(None, min=0, help="Euros there are."),
    start: str | None = typer.Option(None, help="When it begins: 2027-02."),
    goal: list[str] = typer.Option([], help="Goal in a sentence."),
    tie: list[str] = typer.Option([], help="Id of an initiative of the register to tie to."),
    contact: str = typer.Option("", help="Kept in the file; shown only where the study asks for it."),
    employers: bool = typer.Option(
        False, "--employers", help="Name the employers who ask it, from the study's own ads."
    ),
    ask: bool | None = typer.Option(None, "--ask/--no-ask", help="Ask for what is not given; default where you type."),
    lang: str = typer.Option("nl", help="Language of questions and plan: nl or en."),
    out: Path | None = typer.Option(None, help="Register file to write; default <name>.yaml."),
    html: Path | None = typer.Option(None, help="Plan to write; default <name>-plan.html."),
    pdf: Path | None = typer.Option(None, help="Write the plan as PDF too (needs overstap[report])."),
) -> None:
    """Walk through the step plan of a learning community; writes its entry for the register and a plan on two pages.

    Example: overstap initiative new study.yaml --name "Data Lab Zuid" --place Tilburg --topsector htsm --skill Python
    --no-ask
    """
    import yaml

    from overstap.initiatives.design import entry, find_partners
    from overstap.initiatives.register import check_entry
    from overstap.pipeline import Study
    from overstap.publish.initiative_plan import plan_html, plan_page, plan_pdf
    from overstap.publish.labels import LANGUAGES, Translator
    from overstap.whole import write_whole

    check("lang", lang, LANGUAGES)
    opened = Study.open(study).finished()
    t = Translator.for_study(opened, "nl" if lang == "nl" else "en")
    given = {"name": [name] if name else [], "place": [place] if place is not None else [], "topsector": topsector,
             "level": level, "function": function, "skill": skill, "occupation": occupation, "partner": partner,
             "people": [str(people)] if people else [], "funding": [str(funding)] if funding is not None else [],
             "start": [start] if start else [], "goal": goal}  # fmt: skip
    asks = sys.stdin.isatty() if ask is None else ask
    if asks:
        given = _asked(given, opened, t)
    idea = _idea(given, opened, lang)
    _check_ties(opened, tie)
    found = find_partners(opened, idea, names=employers)
    target, page_file = out or Path(f"{idea.code}.yaml"), html or Path(f"{idea.code}-plan.html")
    for path in filter(None, (target, page_file, pdf)):
        if path.exists() and not (asks and typer.confirm(f"{path} exists. Write over it?", err=True)):
            raise InputError(f"{path} exists already.", fix="Name another file, or remove it.")
    made_entry = entry(idea, tie, contact)
    check_entry(made_entry, target.name)  # what is written can be read
    text = yaml.safe_dump({"initiatives": [made_entry]}, allow_unicode=True, sort_keys=False, width=110)
    made = datetime.now(UTC).date()
    page = plan_page(idea, found, t, made, opened.spec.study, simulated=opened.spec.simulated)
    write_whole(text, target)
    write_whole(plan_html(page, t), page_file)
    if pdf is not None:
        write_whole(plan_pdf(page), pdf)
    for path in filter(None, (target, page_file, pdf)):
        say(f"Written: {path}")
    say(f"Add {target} to initiatives.files of the study to see it in the register.")


def _asked(given: dict[str, list[str]], study: Study, t: Translator) -> dict[str, list[str]]:
    """What is given, and for the rest what the organiser answers, step by step."""
    from overstap.initiatives.design import open_gaps

    names = [t.value("skill", row["gap_id"]) for row in open_gaps(study)[:8]]
    found = dict(given)
    for key, values in given.items():
        if values:
            continue
        if key == "skill" and names:
            say(t("initiatives.plan.ask.gaps", names=t.names(names)))
        needed = key in ("name", "skill")
        answer = typer.prompt(
            t(f"initiatives.plan.ask.{key}"), default=None if needed else "", show_default=False, err=True
        )
        several = key not in ("name", "place", "goal", "people", "funding", "start")
        parts = str(answer).split(",") if several else [str(answer)]
        found[key] = [part.strip() for part in parts if part.strip()]
    return found


def _idea(given: dict[str, list[str]], study: Study, lang: str) -> Idea:
    """The idea, checked. Raises `InputError` for what is needed and missing, or not known."""
    from overstap.ads.place import bundled_places
    from overstap.initiatives.design import Idea, open_gaps, skill_ids
    from overstap.initiatives.vocabulary import require
    from overstap.moves.start import code_of

    if not given["name"]:
        raise InputError("The learning community has no name.", fix="--name, or --ask to be asked for everything.")
    if not given["skill"]:
        some = ", ".join(row["gap_id"] for row in open_gaps(study)[:5]) or "none in this study"
        raise InputError(
            "No skill is named.", why=f"Asked more and taught by no initiative: {some}.", fix="--skill NAME"
        )
    level = study.spec.moves.level
    occupations = [f"{level}:{code_of(text, level, lang)}" for text in given["occupation"]]
    place = next(iter(given["place"]), None)
    code = re.sub(r"[^a-z0-9]+", "-", given["name"][0].lower()).strip("-")
    if not code:
        raise InputError(f"'{given['name'][0]}' gives no file name.", fix="Use letters in the name.")
    numbers = {key: _number(key, given[key]) for key in ("people", "funding")}
    return Idea(
        code, given["name"][0], place, bundled_places().region(place)[0] if place else None,
        tuple(require("topsector", one, "--topsector") for one in given["topsector"]),
        tuple(require("level", one, "--level") for one in given["level"]),
        tuple(require("function", one, "--function") for one in given["function"]),
        tuple(skill_ids(study, given["skill"])), tuple(occupations),
        None if numbers["people"] is None else int(numbers["people"]), numbers["funding"],
        next(iter(given["start"]), None), tuple(given["partner"]), tuple(given["goal"]),
    )  # fmt: skip


def _number(name: str, values: list[str]) -> float | None:
    from overstap.reference.totals import number_of

    return number_of(f"--{name}", values[0]) if values else None


def _check_ties(study: Study, ties: list[str]) -> None:
    known = study.table("core_initiatives", ["initiative_id"])["initiative_id"].to_pylist()
    for one in ties:
        if one not in known:
            raise InputError(f"--tie {one}: there is no such initiative in the register.", why=nearest(one, known))
