"""Panels without a study: make and serve a live session, see the order of a file or a session, feedback per expert."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import typer

from overstap.cli.console import say
from overstap.cli.cross import Format, write_rows
from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.panel.session import Session

cli = typer.Typer(no_args_is_help=True, help="Rankings and ratings of experts: a live session, orders, agreement.")
_FOLDER = typer.Argument(help="Folder of the session.")
_BASE = "http://127.0.0.1:8767"
_SHOWN = ("list", "moment", "round", "item", "rank", "rank_low", "rank_high", "mean_rank", "borda_pct", "kemeny_rank",
          "worth_pct", "worth_low", "worth_high", "raters_n")  # fmt: skip


@cli.command("example")
def example(
    folder: Path = typer.Argument(help="Folder to make."),
    seed: int = typer.Option(1, min=0, help="Seed of the invented answers."),
) -> None:
    """Invented answers in the form of every file that a study's `panel:` may name, with the settings that name them.

    Example: overstap panel example panel
    """
    import yaml

    from overstap.simulate.experts import write_panel

    if folder.exists():
        raise InputError(f"{folder} exists.", fix="Name another folder.")
    settings = write_panel(folder, seed)
    typer.echo(yaml.safe_dump({"panel": settings}, sort_keys=False), nl=False)
    say(f"Files in {folder}. Put the lines above into the study file; every answer is invented.")


@cli.command("new")
def new(
    folder: Path = typer.Argument(help="Folder to make; put it beside the study file."),
    experts: int = typer.Option(12, min=1, max=2_000, help="Links to make."),
    items: Path | None = typer.Option(
        None, help="CSV (item, label_nl, label_en) to rank; without it technologies of the study of 2019."
    ),
    statements: Path | None = typer.Option(None, help="YAML of statements (statement_id, text_nl, text_en)."),
    gaps: list[str] = typer.Option(
        [], help="Also rate how important skills are and how well mastered: ict, manager or other; may be repeated."
    ),
    year: int | None = typer.Option(2030, help="Rank for the time before and after this year; 0 asks once."),
    minutes: int | None = typer.Option(None, min=1, help="Close the round so many minutes from now."),
    base: str = typer.Option(_BASE, help="Address at which 'overstap panel run' will be reached."),
) -> None:
    """Make a session and print its links: one for the moderator, one for each expert. Links are kept nowhere.

    Example: overstap panel new vision --experts 11 --statements statements.yaml
    """
    from overstap.panel.design import design
    from overstap.panel.session import new_session

    for given in filter(None, (items, statements)):
        if not given.is_file():
            raise InputError(
                f"There is no file {given}.", fix="overstap panel example FOLDER writes one of every form."
            )
    spec = design(folder.name, items, statements, year or None, minutes, groups=gaps)
    session = new_session(folder, spec)
    _print_links(session, experts, base)
    say(f"Edit {folder}/session.yaml to change what is asked. Then: overstap panel run {folder}")


@cli.command("invite")
def invite(
    folder: Path = _FOLDER,
    experts: int = typer.Option(1, min=1, max=2_000, help="Links to make."),
    base: str = typer.Option(_BASE, help="Address at which 'overstap panel run' is reached."),
) -> None:
    """More links for a session, with another one for the moderator. Links given before stay valid.

    Example: overstap panel invite vision --experts 3
    """
    from overstap.panel.session import Session

    _print_links(Session.open(folder), experts, base)


def _print_links(session: Session, experts: int, base: str) -> None:
    for role, tokens in session.invite(experts).items():
        for token in tokens:
            typer.echo(f"{role}\t{base.rstrip('/')}/s/{token}")
    say("Deal the links out so that nobody knows who has which: who keeps a list of names and links can tell answers.")


@cli.command("run")
def run(
    folder: Path = _FOLDER,
    host: str = typer.Option("127.0.0.1", help="Address to listen on; 0.0.0.0 for others in the network."),
    port: int = typer.Option(8767, help="Port; 0 takes a free one."),
) -> None:
    """Serve a session until Ctrl-C. Answers go to the folder at once and outlive a crash.

    Example: overstap panel run vision --host 0.0.0.0
    """
    from overstap.panel.live import create_live
    from overstap.panel.session import Session
    from overstap.web.server import serve_app

    serve_app(create_live(Session.open(folder), host), host, port, "Panel")


@cli.command("next")
def next_(
    folder: Path = _FOLDER,
    minutes: int | None = typer.Option(None, min=1, help="Close the round so many minutes from now."),
) -> None:
    """Begin the next round: the same links, with only the statements on which another round may help.

    Example: overstap panel next vision
    """
    from overstap.panel.design import next_round
    from overstap.panel.session import Session

    session = next_round(Session.open(folder), minutes)
    say(f"Round {session.spec.round} asks {len(session.spec.statements)} statements, by the same links.")
    say(f"A server that still runs shows them at once; else: overstap panel run {folder}")


@cli.command("show")
def show(
    source: Path = typer.Argument(help="Folder of a session, or CSV of rankings."),
    min_group: int = typer.Option(5, min=3, help="Experts below which no figure is shown."),
    lang: str = typer.Option("nl", help="Language of the sentences, nl or en."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """The order of a panel by Borda, Kemeny and Plackett–Luce with intervals, and how far the experts agree.

    Example: overstap panel show rankings.csv
    """
    from overstap.panel import measure
    from overstap.panel.outcome import agreement_text, gap_text, statement_text
    from overstap.panel.read import by_number, read_rankings
    from overstap.panel.session import Session
    from overstap.publish.labels import LANGUAGES, Translator
    from overstap.schema import table_spec
    from overstap.study_panel import Rankings

    if lang not in LANGUAGES:
        raise InputError(f"There is no language '{lang}'.", fix="Use nl or en.")
    ranked: list[dict[str, Any]] = []
    rated: list[dict[str, Any]] = []
    if source.is_dir():
        session = Session.open(source)
        ranked, rated = session.rankings(), session.ratings()
    else:
        ranked = read_rankings(source, Rankings(file=source.name))
    by_number(ranked, rated)
    asked = measure.Asked(min_group=min_group)
    orders, agreements = measure.rankings(ranked, asked)
    orders.sort(key=lambda row: (row["list"], row["moment"], row["round"], row.get("rank") or 0))
    table = pa.Table.from_pylist(orders, schema=table_spec("out_panel_ranking").schema)
    write_rows(table.select(_SHOWN) if format is Format.table else table, format)
    t = Translator("nl" if lang == "nl" else "en")
    for row in agreements:
        say(f"{row['list']}, {row['moment']}, {row['round']}: {agreement_text(t, row)}")
    for gap in measure.gaps(rated, asked):
        if gap.get("gap") is not None:
            group = t.value("function_group", gap["function_group"])
            say(f"{gap['item']} ({group}), {gap['round']}: {t('panel.live.head.gap')} {gap_text(t, gap)}")
    for row in measure.statements(rated, asked):
        told = statement_text(t, row) if row["consensus"] != "few" else t("panel.statement.few", n=row["raters_n"])
        say(f"{row['item']}, {row['round']}: {told}")


@cli.command("feedback")
def feedback(
    folder: Path = _FOLDER,
    out: Path = typer.Option(Path("feedback"), help="Folder for the sheets, one per expert."),
    lang: str = typer.Option("nl", help="Language of the sheets, nl or en."),
    pdf: bool = typer.Option(False, "--pdf", help="Write PDF as well (needs the extra 'report')."),
) -> None:
    """A sheet per expert, by number: the own answers beside those of the group. An expert sees the number on the page.

    Example: overstap panel feedback vision --out sheets
    """
    from overstap.panel.feedback import write_sheets
    from overstap.panel.session import Session
    from overstap.publish.labels import LANGUAGES, Translator

    if lang not in LANGUAGES:
        raise InputError(f"There is no language '{lang}'.", fix="Use nl or en.")
    paths = write_sheets(Session.open(folder), out, Translator("nl" if lang == "nl" else "en"), pdf=pdf)
    say(f"{len(paths)} sheets in {out}.")
