"""A trace for the eye: a page in the terminal, or JSON on stdout."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from overstap.publish.labels import skill_label
from overstap.web.texts import Texts

_STATED = (
    "education_levels", "experience_years_min", "hours_min", "hours_max", "salary_min", "salary_max", "salary_period",
    "contract", "languages_required", "driving_licence", "remote", "is_agency", "firm_size",
)  # fmt: skip
"""Facts that an ad's text states, with the words that prove them."""


def show(trace: dict[str, Any], lang: str, as_json: bool) -> None:
    """Print a trace of an ad or of a number, labels in `lang` (nl or en)."""
    if as_json:
        print(json.dumps(trace, indent=1, ensure_ascii=False, default=str))
        return
    words = Texts(lang)
    console = Console(highlight=False)
    if "row" in trace:
        _show_number(console, trace, words, lang)
    else:
        _show_ad(console, trace, words, lang)


def _show_number(console: Console, trace: dict[str, Any], words: Texts, lang: str) -> None:
    console.print(trace["address"], style="bold", markup=False)
    for name, value in trace["row"].items():
        console.print(f"  {name:<16} {_shown(value, words)}", markup=False, soft_wrap=True)
    console.print(f"\n{words('trace.steps')}", style="bold")
    for step in trace["made_by"]:
        query = f"sql/{step['table']}.sql" if step["sql"] else "python"
        line = f"  {step['step']} → {step['table']} ({step['rows']:,} rows, {query}, {step['version']})"
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"\n{words('trace.ads')}", style="bold")
    if any(ad["text_removed"] for ad in trace["ads"]):
        console.print(f"  {words('trace.removed')}")
    for ad in trace["ads"]:
        line = f"  {ad['ad_id']}  {ad['title'] or ''}  ({ad['file']}:{ad['line_number']})"
        console.print(line, markup=False, soft_wrap=True)
        if ad["spans"]:
            console.print(_spans(ad["spans"], words, lang))


def _show_ad(console: Console, ad: dict[str, Any], words: Texts, lang: str) -> None:
    console.print(f"{ad['ad_id']}  {ad['title'] or ''}", style="bold", markup=False, soft_wrap=True)
    known = (str(ad[name]) for name in ("posted_date", "company", "place") if ad[name] is not None)
    console.print("  ".join([f"  {ad['file']}:{ad['line_number']}", *known]), markup=False, soft_wrap=True)
    vacancy = f"{ad['vacancy_id']} ({ad['rule']})"
    facts = ("language", "title_key", "isco08", "isco08_score", "function_group", "sector")
    more = ("sbi_code", "sector_score", "topsectors", "province_code", "nuts3_code")
    for name, value in [("vacancy", vacancy), *((name, ad[name]) for name in (*facts, *more))]:
        console.print(f"  {name:<20} {_shown(value, words)}", markup=False, soft_wrap=True)
    for name in _STATED:
        spans = [f"“{s['words']}” [{s['start']}–{s['end']}]" for s in ad["fact_spans"] or [] if s["field"] == name]
        if spans or ad[name] is not None:
            console.print(f"  {name:<20} {'  '.join([_shown(ad[name], words), *spans])}", markup=False, soft_wrap=True)
    console.print(f"\n{words('trace.spans')}", style="bold")
    if ad["text_removed"]:
        console.print(f"  {words('trace.removed')}")
    console.print(_spans(ad["skills"], words, lang))
    console.print(f"\n{words('trace.counts')}", style="bold")
    for address in ad["counts_in"]:
        console.print(f"  {address}", markup=False, soft_wrap=True)


def _shown(value: Any, words: Texts) -> str:
    """One value for the eye; what is unknown says so."""
    if value is None:
        return words("trace.unknown")
    if isinstance(value, bool):
        return _yes_no(value, words)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or words("trace.empty")
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _yes_no(value: bool, words: Texts) -> str:
    return words("trace.counts_yes" if value else "trace.counts_no")


def _spans(mentions: list[dict[str, Any]], words: Texts, lang: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=True)
    for name in ("words", "skill", "section", "rule", "counts"):
        table.add_column(words(f"trace.span.{name}"), overflow="fold")
    for m in mentions:
        where = f"“{m['words']}” [{m['start']}–{m['end']}]"
        rule = f"{m['method']} {m['score']:.2f}"
        cells = (where, f"{skill_label(m, lang)} ({m['skill_id']})", m["section"], rule, _yes_no(m["counts"], words))
        table.add_row(*map(Text, cells))  # an ad's own words may look like markup
    return table
