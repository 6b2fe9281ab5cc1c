"""The outcome of a live session as it stands: orders, agreement and statements, and one expert's answers beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from overstap.panel import measure
from overstap.panel.read import by_number
from overstap.panel.session import Session
from overstap.panel.spec import Spec
from overstap.publish.labels import DASH, Translator

Row = dict[str, Any]
_DRAWS = 500  # enough for a page that is made anew at every look


@dataclass(frozen=True)
class Line:
    """A line of an order: item, rank with its interval in words, name, and Borda score (0–100)."""

    item: str
    rank: str
    name: str
    score: float
    score_text: str


@dataclass(frozen=True)
class Order:
    """A list as the group ranks it; `key` as answers bear it."""

    key: str
    question: str
    said: str
    lines: list[Line]


@dataclass(frozen=True)
class Statement:
    """A statement as the group answers it: its text, what is said of it, and answers by value of the scale."""

    item: str
    text: str
    said: str
    counts: list[tuple[int, int]]


@dataclass(frozen=True)
class Skill:
    """A skill of a function group: mean importance and mastery, and the gap score with its interval, in words."""

    item: str
    name: str
    importance: str
    mastery: str
    gap: str


@dataclass(frozen=True)
class Skills:
    """The skills of a function group, the largest gap first; `skills` is empty where too few rated."""

    group: str
    name: str
    skills: list[Skill]


@dataclass(frozen=True)
class Outcome:
    """All of it; `is_shown` is false where too few answered."""

    answered: int
    invited: int
    is_shown: bool
    orders: list[Order]
    statements: list[Statement]
    gaps: list[Skills]


def counts(session: Session) -> Outcome:
    """How many answered this round, without what."""
    return Outcome(session.answered_n(), session.invited_n(), False, [], [], [])


def outcome(session: Session, t: Translator) -> Outcome:
    """The outcome of this round in the reader's language."""
    spec = session.spec
    few = counts(session)
    if few.answered < spec.min_group:
        return few
    ranked, rated = session.rankings(), session.ratings()
    by_number(ranked, rated)
    asked = measure.Asked(min_group=spec.min_group, draws=_DRAWS)
    now = [row for row in ranked if row["round"] == spec.round]
    orders, agreements = measure.rankings(now, asked)
    told = {row["item"]: row for row in measure.statements(rated, asked) if row["round"] == spec.round}
    return replace(
        few,
        is_shown=True,
        orders=[_order(t, one, orders, agreements) for one in spec.rankings],
        statements=[Statement(s.item, s.label(t.language), *_statement(t, told.get(s.item))) for s in spec.statements],
        gaps=_gaps(t, spec, [row for row in measure.gaps(rated, asked) if row["round"] == spec.round]),
    )


def _order(t: Translator, one: Any, orders: list[Row], agreements: list[Row]) -> Order:
    names: dict[str, str] = {choice.item: choice.label(t.language) for choice in one.items}
    mine = [row for row in orders if (row["list"], row["moment"]) == (one.list, one.moment)]
    agreed = next((row for row in agreements if (row["list"], row["moment"]) == (one.list, one.moment)), None)
    known = sorted((row for row in mine if row.get("rank")), key=lambda row: (row["rank"], row["item"]))
    lines = [
        Line(
            row["item"],
            f"{row['rank']}"
            + (f" ({row['rank_low']}{DASH}{row['rank_high']})" if row["rank_low"] != row["rank_high"] else ""),
            names.get(str(row["item"]), str(row["item"])),
            row["borda_pct"] or 0.0,
            t.percent(row["borda_pct"], 0),
        )
        for row in known
    ]
    question = one.question.get(t.language) or next(iter(one.question.values()), one.list)
    return Order(one.key, question, agreement_text(t, agreed) if agreed else "", lines)


def _gaps(t: Translator, spec: Spec, rows: list[Row]) -> list[Skills]:
    found = []
    for one in spec.gaps:
        names = {choice.item: choice.label(t.language) for choice in one.items}
        mine = [row for row in rows if row["function_group"] == one.function_group and row.get("gap") is not None]
        skills = [
            Skill(
                row["item"],
                names[row["item"]],
                t.number(row["importance"], 1),
                t.number(row["mastery"], 1),
                gap_text(t, row),
            )
            for row in sorted(mine, key=lambda row: (row["rank"], row["item"]))
            if row["item"] in names
        ]
        found.append(Skills(one.function_group, t.value("function_group", one.function_group), skills))
    return found


def gap_text(t: Translator, row: Row) -> str:
    """A gap score with its interval, or that it has none."""
    ends = t("panel.no_interval")
    if row["gap_low"] is not None:
        ends = f"{t.number(row['gap_low'], 1)} {t('panel.to')} {t.number(row['gap_high'], 1)}"
    return f"{t.number(row['gap'], 1)} ({ends})"


def agreement_text(t: Translator, row: Row) -> str:
    """How far the experts agree, in words; or why that is not known."""
    if row.get("w") is None:
        return t(f"panel.agreement.{row.get('note') or 'few'}", n=t.number(row["raters_n"]))
    fields = {
        "n": t.number(row["raters_n"]),
        "w": t.number(row["w"], 2),
        "p": _p(t, row["p_value"]),
        "strength": t(f"panel.strength.{row['strength']}"),
        "rho": t.number(row["spearman"], 2),
        "interval": _ends(t, row),
    }
    return t("panel.agreement.known", **fields)


def _ends(t: Translator, row: Row) -> str:
    if row["spearman_low"] is None:
        return t("panel.no_interval")
    return f"{t.number(row['spearman_low'], 2)} {t('panel.to')} {t.number(row['spearman_high'], 2)}"


def _p(t: Translator, p: float) -> str:
    return f"< {t.number(0.001, 3)}" if p < 0.001 else f"= {t.number(p, 3)}"


def _statement(t: Translator, row: Row | None) -> tuple[str, list[tuple[int, int]]]:
    if row is None or row["consensus"] == "few":
        return t("panel.statement.few", n=t.number(row["raters_n"] if row else 0)), []
    values = range(row["scale_low"], row["scale_high"] + 1)
    return statement_text(t, row), list(zip(values, row["counts"], strict=True))


def _short(t: Translator, value: float | None) -> str:
    return t.number(value, 0 if value is None or value == int(value) else 1)


def statement_text(t: Translator, row: Row) -> str:
    """What a statement's answers come to: agreement with its interval, spread, and whether a next round is worth it."""
    side = "disagree" if row["consensus"] == "disagree" else "agree"
    fields = {
        "n": t.number(row["raters_n"]),
        "agree": t.percent(row["agree_pct"], 0),
        "interval": t.percent_interval(row[f"{side}_low"], row[f"{side}_high"], 0),
        "disagree": t.percent(row["disagree_pct"], 0),
        "median": _short(t, row["median"]),
        "iqr": _short(t, row["iqr"]),
    }
    text = t(f"panel.statement.{row['consensus']}", **fields)
    return f"{text} {t('panel.next.' + row['next_round'])}"
