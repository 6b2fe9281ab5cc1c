"""Speed on this machine: `overstap bench annotate`, beside other tools, `bench scale`, `demand`, `moves`, `web`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from overstap.cli.console import say
from overstap.errors import InputError, nearest

cli = typer.Typer(help="How fast this machine annotates, counts and compares.", no_args_is_help=True)


@cli.callback()
def main() -> None:
    """How fast this machine annotates, counts and compares."""


@cli.command()
def annotate(
    inputs: list[Path] = typer.Argument(None, help="Files of ads, as for 'overstap annotate'; none: simulated ads."),
    mapping: list[str] = typer.Option([], "--map", metavar="FIELD=COLUMN", help="Column of a field."),
    taxonomy: str = typer.Option("core", help="core, or esco where it is installed."),
    n: int = typer.Option(5000, "--n", min=1, help="Ads to run on."),
    repeat: int = typer.Option(3, min=1, help="Rounds; the median counts."),
    peers: str = typer.Option("all", help="all, none, or names with commas."),
    as_json: bool = typer.Option(False, "--json", help="Print rows as JSON."),
) -> None:
    """Time our annotation, its parts, other tools and the limits of the machine, in turns on the same ads.

    Example: overstap bench annotate ads.csv --map text=description --n 5000
    """
    from overstap.bench import contender, ours
    from overstap.bench import peers as known
    from overstap.bench.corpus import read_corpus, simulated_corpus
    from overstap.bench.measure import as_rows, measure

    wanted = _names(peers, known.NAMES)
    if not inputs:
        say("No files named: simulated ads, which are shorter and cleaner than real ones.")
    corpus = read_corpus(inputs, mapping, n) if inputs else simulated_corpus(n)
    say(f"{corpus.ads:,} ads, {corpus.size / corpus.ads:,.0f} bytes of text each; {repeat} rounds.")
    others = [p for p in known.peers(contender.Forms.of(taxonomy)) if p.key in wanted]
    rows = as_rows(measure([*ours.ours(taxonomy), *others], corpus, repeat, say), "skills")
    typer.echo(json.dumps(rows, indent=1, ensure_ascii=False) if as_json else _table(rows))


@cli.command()
def scale(
    ads: int = typer.Option(1_000_000, "--ads", min=1000, help="Ads to simulate, about."),
    sizes: str = typer.Option("", help="Several numbers of ads with commas, for how cost grows; in place of --ads."),
    folder: Path | None = typer.Option(
        None, help="Folder with room: 4 KB an ad, removed at the end. Default: temporary."
    ),
    result: Path | None = typer.Option(None, help="Write RESULT.md and RESULT.json, after each size."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON in place of Markdown."),
) -> None:
    """Simulate ads and take them through the whole study on two cores, in fresh processes: time, memory of all of them
    and bytes of each step; with several sizes how cost grows.

    Example: overstap bench scale --sizes 10000,100000,1000000,8000000 --folder /data --result scale
    """
    from overstap.bench.scale import measure
    from overstap.bench.scale_report import as_json as everything
    from overstap.bench.scale_report import as_markdown

    found = []
    for one in measure(_sizes(sizes) if sizes else [ads], folder, say):
        found.append(one)
        if result is not None:
            result.with_suffix(".md").write_text(as_markdown(found), encoding="utf-8")
            result.with_suffix(".json").write_text(json.dumps(everything(found), indent=1) + "\n", encoding="utf-8")
    typer.echo(json.dumps(everything(found), indent=1) if as_json else as_markdown(found))


@cli.command()
def demand(
    n: int = typer.Option(1_000_000, "--ads", min=1000, help="Vacancies to make up and count."),
    folder: Path | None = typer.Option(None, help="Folder for the made-up tables, removed at the end."),
    as_json: bool = typer.Option(False, "--json", help="Print rows as JSON."),
) -> None:
    """Time coding, every demand table and crosses of any dimensions, on made-up vacancies through the study's steps.

    Example: overstap bench demand --ads 8000000
    """
    import tempfile

    from overstap.bench.demand import as_rows, measure_demand_tables, verdict

    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        laps = measure_demand_tables(n, Path(scratch), say)
    if as_json:
        typer.echo(json.dumps(as_rows(laps, n), indent=1, ensure_ascii=False))
        return
    typer.echo(f"{'':<52}{'rows':>12}{'seconds':>9}{'cpu s':>8}{'µs/ad':>8}{'× limit':>9}{'GiB':>7}")
    for row in as_rows(laps, n):
        typer.echo(
            f"{row['what']:<52}{row['rows']:>12,}{row['seconds']:>9.2f}{row['processor_s']:>8.2f}"
            f"{row['us_per_ad']:>8.2f}{row['times_limit']:>9.1f}{row['peak_gib']:>7.2f}"
        )
    typer.echo(verdict(laps, n))


@cli.command()
def moves(
    level: str = typer.Option("all", help="esco, isco, brc or all."),
    as_json: bool = typer.Option(False, "--json", help="Print rows as JSON."),
) -> None:
    """Time the comparison of all occupations with all, by every measure of `overstap similarity`.

    Example: overstap bench moves --level esco
    """
    from overstap.bench.moves import measure_moves
    from overstap.moves.crosswalk import LEVELS, check_level

    if level != "all":
        check_level(level)
    rows = measure_moves(tuple(at for at in LEVELS if level in ("all", at)))
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    typer.echo(f"{'level':<8}{'features':<10}{'what':<18}{'pairs':>12}{'seconds':>10}")
    for row in rows:
        typer.echo(f"{row['level']:<8}{row['features']:<10}{row['what']:<18}{row['pairs']:>12,}{row['seconds']:>10.2f}")


@cli.command()
def advise(
    level: str = typer.Option("isco", help="esco, isco or brc."),
    as_json: bool = typer.Option(False, "--json", help="Print rows as JSON."),
) -> None:
    """Time `overstap advise` once all is loaded, from occupations all over the classification.

    Example: overstap bench advise --level isco
    """
    from overstap.bench.advice import measure_advice
    from overstap.moves.crosswalk import check_level

    check_level(level)
    rows = measure_advice(level)  # type: ignore[arg-type]
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    typer.echo(f"{'level':<8}{'what':<28}{'starts':>8}{'seconds':>10}")
    for row in rows:
        typer.echo(f"{row['level']:<8}{row['what']:<28}{row['n']:>8,}{row['seconds']:>10.3f}")


@cli.command()
def web(
    study: Path = typer.Argument(help="A finished study, as for 'overstap serve'."),
    seconds: float = typer.Option(60.0, min=1, help="How long the simulated users go on."),
    large: Path | None = typer.Option(
        None, help="Folder for a copy with tables as large as those of 8 M vacancies; kept, and used again."
    ),
    browser: bool = typer.Option(True, help="Also measure in Chromium."),
    as_json: bool = typer.Option(False, "--json", help="Print rows as JSON."),
) -> None:
    """Time every page of the dashboard: after the start, by choices, under 20 users, and in a browser.

    Example: overstap bench web study.yaml --seconds 60
    """
    from overstap.bench import web as bench
    from overstap.bench.enlarged import enlarge
    from overstap.bench.server import server
    from overstap.pipeline import Study

    of = Study.open(study).finished()
    if large is not None:
        copy = large / "study" / study.name
        of = Study.open(copy) if copy.exists() else enlarge(of, large)
    with server(of.path) as address:
        rows = bench.as_rows(bench.measure(address, seconds, say))
        drawn = bench.in_browser(address) if browser else []
    if as_json:
        typer.echo(json.dumps({"server": rows, "browser": drawn}, indent=1))
        return
    typer.echo(bench.as_table(rows, drawn))


def _sizes(given: str) -> list[int]:
    try:
        sizes = sorted(int(size.replace("_", "")) for size in given.split(","))
    except ValueError:
        sizes = []
    if not sizes or sizes[0] < 1000:
        raise InputError(
            f"--sizes: '{given}' is not a list of numbers of ads, of 1,000 or more.", fix="--sizes 10000,100000,1000000"
        )
    return sizes


def _names(given: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The peers that were asked for; raises InputError for one that is not known."""
    if given in ("all", "none"):
        return known if given == "all" else ()
    names = tuple(name.strip() for name in given.split(","))
    for name in names:
        if name not in known:
            raise InputError(
                f"--peers: there is no peer '{name}'.", fix=f"{nearest(name, known)} Peers: {', '.join(known)}.".strip()
            )
    return names


def _table(rows: list[dict[str, Any]]) -> str:
    """The rows as text, with what the ratio means and the notes below."""
    lines = [f"{'':<67}{'ads':>7}{'ready s':>9}{'ads/s':>10}{'MB/s':>9}{'× slower':>10}{'found/ad':>10}"]
    for row in rows:
        if row["ads"]:
            rate, size = f"{row['ads_per_s']:,.0f}" if row["ads_per_s"] >= 10 else row["ads_per_s"], row["mb_per_s"]
            lines.append(
                f"{row['what']:<67}{row['ads']:>7,}{row['ready_s']:>9.1f}{rate:>10}{size:>9.2f}"
                f"{row['ratio']:>10.2f}{row['mentions_per_ad']:>10.1f}"
            )
    lines.append("× slower: rate of 'overstap: skill matching only' on one core over the row's own; below 1 is faster.")
    lines += [f"{row['what']}: {row['note']}" for row in rows if row["note"]]
    return "\n".join(lines)
