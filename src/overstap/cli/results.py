"""Commands on results: report, serve, trace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import typer

from overstap.cli.console import say
from overstap.errors import InputError

STUDY = typer.Argument(help="The study file.")


class Log(StrEnum):
    """How a server logs requests."""

    none = "none"
    json = "json"


def register(cli: typer.Typer) -> None:
    """Add the commands to `cli`."""
    cli.command()(report)
    cli.command()(serve)
    cli.command()(export)
    cli.command()(trace)


def report(
    study: Path = STUDY,
    topsector: str = typer.Option("", help="One topsector in place of the whole; all: the whole and each topsector."),
    pdf: bool = typer.Option(False, "--pdf", help="Write it as PDF too (these formats need overstap[report])."),
    docx: bool = typer.Option(False, "--docx", help="Write it as a Word document too."),
    slides: bool = typer.Option(False, "--slides", help="Write slides (PPTX): one chart of each chapter, or --chart."),
    chart: list[str] = typer.Option([], metavar="ID", help="A chart for the slides, by its name in the report (#…)."),
    excel: bool = typer.Option(False, "--excel", help="Write the annex: every table of the report, with codebook."),
    texts: bool = typer.Option(
        False,
        "--texts",
        help="Write an empty file per chapter for your own text, in texts/ (a topsector: texts/NAME/).",
    ),
    one_pager: str = typer.Option(
        "", metavar="OCCUPATION", help="Write one page in plain words on an occupation instead: a title or code."
    ),
) -> None:
    """Write the report in Dutch and English from the last run.

    Examples: overstap report study.yaml --pdf --docx --excel · overstap report study.yaml --slides --chart volume ·
    overstap report study.yaml --topsector all · overstap report study.yaml --one-pager secretaresse
    """
    from overstap.pipeline import Study
    from overstap.publish.formats.write import write_formats, write_one_pagers
    from overstap.publish.report import write_reports, write_sector_reports
    from overstap.publish.report_data import topsectors_of
    from overstap.publish.texts import FOLDER

    opened = Study.open(study).finished()
    if one_pager:
        for path in write_one_pagers(opened, one_pager):
            say(f"One page: {path}")
        return
    sectors = topsectors_of(opened) if topsector == "all" or (opened.base / FOLDER).is_dir() else ()
    pages = write_reports(opened) if topsector in ("", "all") else []
    tell_texts(opened.base / FOLDER, pages, sectors, texts)
    for name in sectors if topsector == "all" else [topsector] if topsector else ():
        of_sector = write_sector_reports(opened, [name])
        tell_texts(opened.base / FOLDER / name, of_sector, wanted=texts)
        pages += of_sector
    asked = {"pdf": pdf, "docx": docx, "pptx": slides or bool(chart), "xlsx": excel}
    written = write_formats(opened, pages, [name for name, wanted in asked.items() if wanted], chart)
    for path in [*pages, *written]:
        say(f"Report: {path}")


def tell_texts(folder: Path, pages: list[Path], sectors: Sequence[str] = (), wanted: bool = False) -> None:
    """Say which of the researcher's own texts in `folder` belong to no chapter of a report, whose `pages` are one
    a language, or to none of the topsectors; and write those that are `wanted` and not there yet."""
    from overstap.publish.labels import LANGUAGES
    from overstap.publish.texts import strays, write_empty

    if not pages or not (wanted or folder.is_dir()):
        return
    said = {lang: page.read_text(encoding="utf-8") for lang, page in zip(LANGUAGES, pages, strict=True)}
    if wanted:
        written = write_empty(folder, said)
        say(f"{len(written)} files for your own text in {folder}; those that were there are as they were.")
    for line in strays(folder, said, sectors):
        say(f"Note: {line}")


def serve(
    study: Path = STUDY,
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8765, min=0, max=65535, help="Port; 0 takes a free one."),
    rate: int = typer.Option(600, min=0, help="Requests of the API that one address may make a minute; 0: no limit."),
    log: Log = typer.Option(Log.none, help="json: a line for each request on stderr, which names no reader; or none."),
) -> None:
    """Open the dashboard of the last run in the browser's reach, until Ctrl-C or SIGTERM; running requests are ended.

    /healthz tells that it lives, /health which data it has, /metrics figures for Prometheus; see docs/operate.md.

    Example: overstap serve study.yaml --port 8765
    """
    from overstap.pipeline import Study
    from overstap.web.server import serve_study

    serve_study(Study.open(study).finished(), host, port, rate, json_log=log is Log.json)


def export(
    study: Path = STUDY,
    folder: Path = typer.Argument(help="Folder for the site; an older site in it is replaced."),
) -> None:
    """Write the dashboard of the last run as plain files, for any web server.

    Every page in both languages, as it is and with each single choice of its filters; no traces, which show texts of
    ads, and no pages of skills that few vacancies ask. What compares two groups or turns levers needs 'overstap serve'.
    Files read from disk show all but the charts' drawings: put the folder on a web server.

    Example: overstap export study.yaml site/
    """
    from overstap.pipeline import Study
    from overstap.web.site.write import export_site

    pages = export_site(Study.open(study).finished(), folder, workers=min(2, os.cpu_count() or 1))
    say(f"{pages} pages in {folder}. Look: python -m http.server -d {folder}")


def trace(
    study: Path = STUDY,
    what: str = typer.Argument(help="An ad id, or a number's address: table/key=value/…"),
    lang: str = typer.Option("en", help="Language of the labels: nl or en."),
    limit: int = typer.Option(10, min=1, help="Ads to show for a number."),
    as_json: bool = typer.Option(False, "--json", help="JSON on stdout instead of a page."),
) -> None:
    """From an ad forward to the numbers it counts in, or from a number back to ads, spans and rules.

    Examples: overstap trace study.yaml board_a/123 ·
    overstap trace study.yaml out_demand/period=2016/topsector=energie/item_id=core.python
    """
    from overstap.cli.trace_view import show
    from overstap.pipeline import Study
    from overstap.trace import names_number, parse_address, reading, trace_ad, trace_number

    if lang not in ("nl", "en"):
        raise InputError(f"--lang {lang}: there are no labels in '{lang}'.", fix="Use --lang nl or --lang en.")
    opened = Study.open(study).finished()
    address = parse_address(what) if names_number(opened, what) else None
    with reading(opened) as read:
        found = trace_number(opened, read, address, limit) if address else trace_ad(opened, read, what)
    show(found, lang, as_json)
