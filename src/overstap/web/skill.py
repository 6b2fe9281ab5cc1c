"""The page on one skill, and the list of skills."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from overstap.publish import hubs, words
from overstap.publish.answers import by_level, forecast_of
from overstap.publish.labels import capital
from overstap.schema.out import ALL
from overstap.web import figures, queries
from overstap.web.figures import Figure, View
from overstap.web.further import plain, shared
from overstap.web.hubs import (
    INITIATIVES,
    Line,
    initiative_link,
    moved_text,
    occupation_dimension,
    share_line,
    skill_href,
)
from overstap.web.pages import CHOICES_MAX, categories, choices, view_of
from overstap.web.results import Row, Snapshot, category_label
from overstap.web.selection import EVERY_CELL, Selection

_WHERE = ("sector", "province")
_WHOM = ("topsector", "function_group", "employer_type", "firm_size", "education", "experience")


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on one skill, or the list of skills where none is chosen."""
    chosen = selection.item_id[:1]
    selection = selection.but(
        **EVERY_CELL, period=ALL, item_kind="skill", item_id=chosen, category=ALL if chosen else selection.category
    )
    view = view_of(snapshot, selection)
    return {**shared(view), **(_one_skill(view, chosen[0]) if chosen else _skills(view))}


def _skills(view: View) -> dict[str, Any]:
    """Every skill that is asked, most asked first, with its change."""
    snapshot, t = view.snapshot, view.t
    moved = {row["item_id"]: row for row in queries.change(snapshot, view.selection).to_pylist()}
    known = {row["skill_id"]: row["category"] for row in snapshot.skills}
    asked = [row for row in queries.demand(snapshot, view.selection).to_pylist() if row["asked_n"]]
    rows = [
        (
            share_line(view, row, skill_href(view, row["item_id"])),
            category_label(t, known[row["item_id"]]),
            moved_text(view, moved, row),
        )
        for row in asked[:CHOICES_MAX]
        if row["item_id"] in known
    ]
    return {"chosen": "", "rows": rows, "total": len(asked), "category": choices(view, "category", categories(view))}


def _one_skill(view: View, code: str) -> dict[str, Any]:
    snapshot, t, s = view.snapshot, view.t, view.selection
    name = t.value("skill", code)
    whole = queries.demand(snapshot, s).to_pylist()
    facts = snapshot.rows("SELECT * FROM core_skills WHERE skill_id = $code", {"code": code})[0]
    page: dict[str, Any] = {
        "chosen": capital(name),
        "fact": facts,
        "kind": t(
            "hubs.skill.in_category",
            group=capital(t.value("category_group", facts["category_group"])),
            category=category_label(t, facts["category"]),
        ),
        "said": [words.share_sentence(t, row) for row in whole],
    }
    if not whole or not whole[0]["asked_n"]:
        return page | {"unasked": True, "taught": _taught(view, code), "trace": ""}
    changes = [words.change_sentence(t, row) for row in queries.change(snapshot, s).to_pylist()]
    page["said"] += [words.cautioned(t, told, bool(view.caution), view.caution.apart) for told in changes]
    spread = snapshot.rows("SELECT * FROM out_spread WHERE skill_id = $code", {"code": code})
    sums = snapshot.rows(_SUMS, {"code": code})
    pairs = snapshot.rows("SELECT * FROM out_skill_pairs WHERE skill_id = $code", {"code": code})
    least = snapshot.study.spec.measures.min_display
    together = hubs.together(pairs, code, t, view.about, least)
    levels, whom = _levels(view, code)
    forecast = _forecast(view, code)
    return page | {
        "unasked": False,
        "years": figures.years(view),
        "spread": hubs.spread_said(t, spread),
        "levels": levels,
        "whom": whom,
        "employers": hubs.concentration(t, whole[0], next(iter(sums), None), name),
        "together": plain(view, together, s.but(item_id=()), {"skill_id": code}),
        "forecast": forecast,
        "foretold": forecast is not None and any(row["note"] == "expected" for row in forecast.chart.rows),
        "taught": _taught(view, code),
        "trace": view.trace("out_demand", whole[0]),
        "links_to": {
            "levels": s.but(view="levels").href(),
            "demand": s.but(view="demand").href() + "#years",
        },
    }


_SUMS = """
    SELECT asked_n, sum_xx FROM core_demand_sums
    WHERE period_kind = 'all' AND topsector = 'all' AND function_group = 'all' AND language = 'all'
        AND source_id = 'all' AND item_kind = 'skill' AND item_id = $code
"""


def _levels(view: View, code: str) -> tuple[list[Figure], list[tuple[str, list[Line]]]]:
    """Where a skill is asked as charts, and by whom as short tables (empty where the ads do not tell)."""
    snapshot, t = view.snapshot, view.t
    charted = (_WHERE[0], occupation_dimension(snapshot), _WHERE[1])
    names = [*charted, *_WHOM]
    wanted = {"names": names, "code": code}
    found: dict[str, list[Row]] = {name: [] for name in names}
    for row in snapshot.rows(_OF_LEVELS, wanted):
        found[row["dimension"]].append(row)
    counted: dict[str, dict[str, int]] = {name: {} for name in names}
    if (key := ("counted", *names)) not in snapshot.kept:
        snapshot.kept[key] = snapshot.rows(_COUNTED, {"names": names})
    for row in snapshot.kept[key]:
        counted[row["dimension"]][row["level"]] = row["vacancies_n"]
    drawn = [
        plain(
            view,
            by_level(found[name], t, view.about, id=f"levels-{name}", dimension=name, counted=counted[name], limit=15),
            view.selection.but(dimension=name),
        )
        for name in charted
    ]
    tables = []
    for name in _WHOM:
        rows = by_level(found[name], t, view.about, id=name, dimension=name).rows
        known = [row for row in rows if row["level"] != "unknown"]
        tables.append((name, [_level_line(view, row) for row in (rows if known else ())]))
    return drawn, tables


_OF_LEVELS = """
    SELECT * FROM out_levels
    WHERE list_contains($names, dimension) AND item_kind = 'skill' AND item_id = $code AND period_kind = 'all'
"""


_COUNTED = """
    SELECT dimension, level, any_value(vacancies_n) AS vacancies_n FROM out_levels
    WHERE list_contains($names, dimension) AND period_kind = 'all' AND item_kind = 'category_group'
    GROUP BY dimension, level
"""


def _level_line(view: View, row: Row) -> Line:
    return replace(share_line(view, row, ""), label=capital(view.t.value(row["dimension"], row["level"])))


def _forecast(view: View, code: str) -> Figure | None:
    s = view.selection
    ahead = queries.forecast(view.snapshot, s).to_pylist()
    if not ahead:
        return None
    past = queries.demand(view.snapshot, s.but(period="year")).to_pylist()
    return plain(view, forecast_of(ahead, past, view.t, view.about, id="forecast"), s)


def _taught(view: View, code: str) -> dict[str, Any]:
    """Programmes whose texts were read and that should teach the skill, and initiatives that name it."""
    snapshot, t = view.snapshot, view.t
    rows = snapshot.rows("SELECT * FROM out_curriculum WHERE skill_id = $code ORDER BY programme", {"code": code})
    named = snapshot.rows(INITIATIVES.format(column="skills"), {"values": [code]})
    return {
        "said": hubs.taught(t, rows, (), named),
        "rows": [(row["programme"], t(f"hubs.taught.{row['verdict']}"), row["sentence"] or "") for row in rows],
        "initiatives": [initiative_link(view, row) for row in named],
    }
