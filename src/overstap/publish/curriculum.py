"""A curriculum scan set out: lines for the terminal, a table, JSON, and a page that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from overstap.education.asked import Target
from overstap.education.curriculum import VERDICTS, Finding, Scan
from overstap.education.scans import PARTS, part_rows
from overstap.publish.bundled import asset
from overstap.publish.labels import Translator
from overstap.publish.programmes import occupations_said, parts_said, share_said
from overstap.publish.report import content_policy, make_environment
from overstap.publish.tables import to_csv

COLUMNS = (
    "programme", "file", "verdict", "item", "label", "group", "share_pct", "share_low", "share_high", "growth",
    "weight", "vacancies_n", "words", "sentence", "start", "end", "ads",
)  # fmt: skip
_PART = ("part", "verdict", "part_pct", "part_low", "part_high", "skills_n")


def said(scan: Scan, t: Translator) -> list[str]:
    """What the scan says at its head: where the programme leads, what is asked there, and how much of it is taught."""
    demand, lines = scan.demand, [occupations(scan.target, t)]
    if demand.simulated:
        lines.insert(0, t("report.simulated"))
    if demand.source == "ads":
        lines.append(t("curriculum.from.ads", n=t.number(demand.vacancies_n)))
        if demand.years:
            lines.append(t("curriculum.growth", first=demand.years[0], last=demand.years[1]))
        if demand.apart:
            lines.append(t("curriculum.apart", first=demand.apart[0], last=demand.apart[1]))
    else:
        lines.append(t("curriculum.from.profiles"))
    for row in part_rows(scan):
        if row["verdict"] == "covered":
            mine = [other for other in part_rows(scan) if other["part"] == row["part"]]
            lines.append(parts_said(row["part"], mine, t))
    return lines


def occupations(target: Target, t: Translator) -> str:
    """The occupations that count, by name."""
    most = sorted(target.units, key=lambda unit: -target.units[unit])
    return occupations_said(target.basis, most, [t.percent(100 * target.units[u], 0) for u in most], t)


def numbers(finding: Finding, t: Translator) -> tuple[str, str, str]:
    """Share, vacancies and growth of a finding, as a reader sees them."""
    growth = t("unit.unknown") if finding.growth is None else f"× {t.number(finding.growth, 2)}"
    share = share_said(finding.share_pct, finding.low, finding.high, t)
    return share, "" if finding.vacancies_n is None else t.number(finding.vacancies_n), growth


def scan_lines(scan: Scan, t: Translator, top: int) -> RenderableType:
    """The scan for a terminal, `top` skills of each verdict within each part."""
    parts: list[RenderableType] = [Text(scan.programme.title, style="bold"), Text(scan.programme.file, style="dim")]
    parts += [Text(line) for line in said(scan, t)]
    for name, groups in PARTS[1:]:
        for verdict in VERDICTS:
            found = scan.of(verdict, groups)
            if found:
                parts += [Text(""), Text(t(f"curriculum.head.{name}.{verdict}", n=len(found)), style="bold cyan")]
                parts.append(_table(found[:top], t, scan))
    parts += [Text(""), Text(t("curriculum.limits"), style="dim"), Text("")]
    return Group(*parts)


def _table(found: Sequence[Finding], t: Translator, scan: Scan) -> Table:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for name in ("skill", "share", "growth", "proof"):
        table.add_column(t(f"curriculum.column.{name}"), justify="right" if name in ("share", "growth") else "left")
    for one in found:
        share, _, growth = numbers(one, t)
        proof = one.proof[0].sentence if one.proof else ", ".join(one.ads)
        table.add_row(one.labels[t.language], share, growth if scan.demand.source == "ads" else "", Text(_short(proof)))
    return table


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def findings_csv(scans: Sequence[Scan], t: Translator) -> str:
    """Every finding a row; what is not known is empty, and no sentence can run as a formula."""
    return to_csv([row for scan in scans for row in rows_of(scan, t)], COLUMNS)


def rows_of(scan: Scan, t: Translator) -> list[dict[str, Any]]:
    """The findings as plain values, by COLUMNS; start and end count characters of the cleaned text."""
    rows = []
    for one in scan.findings:
        proof = one.proof[0] if one.proof else None
        rows.append(
            {
                "programme": scan.programme.title,
                "file": scan.programme.file,
                "verdict": one.verdict,
                "item": one.item,
                "label": one.labels[t.language],
                "group": one.group,
                "share_pct": None if one.share_pct is None else round(one.share_pct, 3),
                "share_low": None if one.low is None else round(one.low, 3),
                "share_high": None if one.high is None else round(one.high, 3),
                "growth": None if one.growth is None else round(one.growth, 3),
                "weight": round(one.weight, 3),
                "vacancies_n": one.vacancies_n,
                "words": proof and proof.words,
                "sentence": proof and proof.sentence,
                "start": proof and proof.start,
                "end": proof and proof.end,
                "ads": list(one.ads),
            }
        )
    return rows


def scans_json(scans: Sequence[Scan], t: Translator) -> list[dict[str, Any]]:
    """The scans as plain values."""
    return [
        {
            "programme": scan.programme.title,
            "file": scan.programme.file,
            "isced_f": scan.target.field,
            "level": scan.target.level,
            "occupations": dict(scan.target.units),
            "basis": scan.target.basis,
            "asked_of": scan.demand.source,
            "vacancies_n": scan.demand.vacancies_n or None,
            "vacancies_by_occupation": dict(scan.demand.of_units),
            "growth_years": scan.demand.years,
            "growth_not_told": scan.demand.apart,
            "taught_n": scan.taught_n,
            "parts_pct": {
                name: {v: None if (p := scan.part(v, groups)) is None else round(100 * p, 2) for v in VERDICTS[:3]}
                for name, groups in PARTS
            },
            "parts": [{k: v for k, v in row.items() if k in _PART} for row in part_rows(scan)],
            "findings": rows_of(scan, t),
        }
        for scan in scans
    ]


def scan_html(scans: Sequence[Scan], t: Translator) -> str:
    """The scans as one HTML file that loads nothing and runs nothing."""
    environment = make_environment(t)
    pages = [
        {
            "scan": scan,
            "said": said(scan, t),
            "parts": [
                (name, [(v, found) for v in VERDICTS if (found := scan.of(v, groups))]) for name, groups in PARTS[1:]
            ],
        }
        for scan in scans
    ]
    return environment.get_template("curriculum.html.j2").render(
        pages=pages,
        numbers=lambda one: numbers(one, t),
        style=Markup(asset("overstap.css").replace("</", "<\\/")),
        csp=content_policy([]),
    )
