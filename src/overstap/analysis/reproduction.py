"""The statements that the study of 2019 takes from its data, each beside what these ads give.

A verdict is one of four. `agrees`: the interval holds the published value (within its rounding), or the finding is the
same; `differs`: it does not; `cannot_tell`: the interval leaves both open, or is too wide to confirm a value;
`not_computed`: nothing here measures it, and `note` says why. `basis` says what a verdict is worth. An `input` was put
into the simulated market by the parameter that the statement names, so agreement shows no more than that it is read
back through text, repeats and coding. What is `recovered`, or `observed` on real ads, counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from overstap.analysis.market import table_of
from overstap.analysis.statements import MEASURED, order_of, published_growth, table1_of
from overstap.analysis.study_evidence import Evidence
from overstap.reference.tables import load
from overstap.schema.reproduction import AGREES, CANNOT_TELL, DIFFERS

_FIXED = ("groups", "formula", "later")  # kinds whose basis does not depend on the ads
_UNITS = {"share": "%", "group_share": "%", "trend": "×", "flat": "×", "growth": "×", "step": "pp", "beside": "pp"}
Row = dict[str, Any]


def reproduction_table(evidence: Evidence, *, simulated: bool) -> pa.Table:
    """Rows of `out_reproduction`, in the order of the bundled statements."""
    rows = []
    for number, statement in enumerate(load("study_statements").to_pylist()):
        found = MEASURED[statement["kind"]](statement, evidence)
        own = simulated or statement["kind"] in _FIXED
        shown = {name: statement[name] for name in ("statement_id", "chapter", "statement_en", "statement_nl", "where")}
        rows.append(
            {"number": number + 1, **shown, **vars(found), "unit": _UNITS.get(statement["kind"])}
            | {"published": _published(statement), "published_interval": _rounded(statement, evidence.confidence)}
            | {"period": _period(statement, evidence) if found.n and found.interval else None}
            | {"basis": statement["basis"] if own else "observed"}
            | {name: statement[name] if own else None for name in ("why_en", "why_nl")}
        )
    return table_of("out_reproduction", rows)


def tally(rows: Sequence[Row]) -> dict[tuple[bool, str], int]:
    """How many statements have each verdict, those that count (recovered, observed) apart from the inputs."""
    kinds = [(counts, verdict) for counts in (True, False) for verdict in (AGREES, DIFFERS, CANNOT_TELL)]
    found = [(row["basis"] in ("recovered", "observed"), row["verdict"]) for row in rows]
    return {kind: found.count(kind) for kind in kinds}


def _published(s: Row) -> str | None:
    """The published value in the form of ours."""
    if s["published"]:
        return str(s["published"])
    if s["kind"] == "order":
        return " > ".join(order_of(s))
    if s["kind"] == "growth":
        return str(table1_of(s)["factor"])
    figures = {row["statement_id"]: row["value"] for row in load("study_figures").to_pylist()}
    return f"{figures[s['refers_to']]:.10g}" if s["refers_to"] in figures else None


def _rounded(s: Row, confidence: float) -> str | None:
    """What the published value may be: within its rounding, or of Table 1 what its own few ads allow."""
    if s["low"] is not None:
        return f"{s['low']:g}–{s['high']:g}"
    if s["kind"] != "growth":
        return None
    row = next(row for row in published_growth(confidence) if row["title"] == s["refers_to"])
    return f"{row['low']:.1f}–{'∞' if row['high'] == float('inf') else format(row['high'], '.1f')}"


def _period(s: Row, evidence: Evidence) -> str:
    """The years that ours is of."""
    if s["kind"] == "step":
        return "2016–2017"
    if s["kind"] in ("order", "beside", "level_rank"):
        years = evidence.recent_years
    elif s["kind"] in ("share", "group_share"):
        years = sorted(evidence.codes.levels("year"))
    else:
        years = evidence.compared_years
    return "–".join(dict.fromkeys([years[0], years[-1]]))
