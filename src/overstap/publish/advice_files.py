"""The page of advice set out: HTML that stands alone, a PDF by Typst, and lines for the terminal."""

from __future__ import annotations

from dataclasses import asdict

from markupsafe import Markup
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from overstap.publish.advice_parts import Card, Page
from overstap.publish.bundled import asset
from overstap.publish.formats.typeset import typeset
from overstap.publish.labels import Translator, capital
from overstap.publish.report import content_policy, make_environment


def advice_html(page: Page, t: Translator) -> str:
    """The page as one HTML file that loads nothing and runs nothing."""
    style = asset("overstap.css") + asset("advice.css")
    return (
        make_environment(t)
        .get_template("advice.html.j2")
        .render(page=page, style=Markup(style.replace("</", "<\\/")), csp=content_policy([]))
    )


def advice_pdf(page: Page) -> bytes:
    """The page as a PDF of A4 sheets. Raises `InputError` where Typst is not installed."""
    return typeset(asset("advice.typ").encode(), asdict(page))


def advice_lines(page: Page) -> RenderableType:
    """The page for a terminal."""
    parts: list[RenderableType] = [Text(page.title, style="bold"), Text(f"{page.kicker}. {page.made}", style="dim"), ""]
    parts += [Text(" ".join(page.intro)), "", *_listed(page.heads["wish"], page.wishes)]
    if page.now:
        parts.append(Text(page.heads["now"], style="bold cyan"))
        parts += [Text(f"  {line.label}: {line.value}  {line.note}".rstrip()) for line in page.now]
        parts += [Text(f"  ! {' '.join(page.warnings)}", style="yellow")] if page.warnings else []
        parts.append("")
    if page.goal is not None:
        parts += [Text(page.heads["goal"], style="bold cyan"), _card(page.goal, page)]
    if page.cards or not page.rows:
        parts.append(Text(page.heads["moves"], style="bold cyan"))
    parts += [_card(card, page) for card in page.cards]
    if page.rows:
        parts += [Text(page.heads["others"], style="bold cyan"), _table(page), ""]
    if page.near or page.near_cards:
        parts += [Text(page.heads["near"], style="bold cyan"), Text(page.heads["near_intro"])]
        parts += [_card(card, page) for card in page.near_cards]
        parts += [Text(f"  - {line.label} ({line.value}). {line.note}") for line in page.near] + [Text("")]
    if page.routes:
        parts += _listed(page.routes_head, page.routes)
    parts += [*_listed(page.heads["limits"], page.limits), *_listed(page.heads["ask"], page.ask)]
    told = " ".join(f"{line.label}: {line.value}." for line in page.sources)
    parts += [Text(f"{page.heads['sources']}. {told}", style="dim"), Text(page.statement, style="dim")]
    return Group(*parts)


def _listed(head: str, texts: tuple[str, ...] | list[str]) -> list[RenderableType]:
    return [Text(head, style="bold cyan"), *(Text(f"  - {text}") for text in texts), ""]


def _card(card: Card, page: Page) -> RenderableType:
    heads = page.heads
    fit = f"{capital(card.fit)}."
    body: list[RenderableType] = [Text.assemble((fit, "bold"), (f" {card.example}" if card.example else "", "dim"))]
    body += [Text(f"+ {text}", style="green") for text in card.why]
    none = heads["nothing_against"]
    body += [Text(text) if text == none else Text(f"! {text}", style="yellow") for text in card.why_not]
    body += [
        Text(card.found),
        Text.assemble((f"{heads['can']}: ", "bold"), card.can),
        Text(heads["learn"], style="bold"),
    ]
    for line in card.learn:
        body.append(Text(f"  {line.label}{f' ({line.value})' if line.value else ''}"))
        body += [Padding(Text(line.note, style="dim"), (0, 0, 0, 4))] if line.note else []
    body += [Text(" ".join(card.effort))] if card.effort else []
    body += [Text(heads["offer"], style="bold"), *(Text(f"  {text}") for text in card.offers)] if card.offers else []
    title = Text(f"{card.rank + '. ' if card.rank else ''}{card.name}", style="bold")
    return Panel(Group(*body), title=title, title_align="left")


def _table(page: Page) -> Table:
    table = Table(box=None, pad_edge=False)
    for key in ("work", "fit", "pay", "learn", "openings", "note"):
        table.add_column(Text(page.heads[f"table_{key}"]), overflow="fold")
    for row in page.rows:
        name = Text.assemble(row.name, (f"\n{row.example}" if row.example else "", "dim"))
        table.add_row(name, *(Text(value) for value in (row.fit, row.pay, row.learn, row.openings, row.note)))
    return table
