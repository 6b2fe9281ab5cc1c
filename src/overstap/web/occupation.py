"""The page on one occupation, and the list of occupations."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from overstap.moves.describe import KINDS, Described
from overstap.publish import hubs, words
from overstap.publish.ahead import AheadChapter, as_borne
from overstap.publish.charts import share_by_year
from overstap.publish.moves import MovesChapter
from overstap.reference.brc import brc_groups
from overstap.reference.sources import all_sources
from overstap.schema.out import ALL
from overstap.web import figures
from overstap.web.figures import View
from overstap.web.further import plain, shared
from overstap.web.hubs import (
    INITIATIVES,
    initiative_link,
    moved_text,
    occupation_dimension,
    share_line,
    skill_href,
)
from overstap.web.pages import view_of
from overstap.web.results import Row, Snapshot
from overstap.web.selection import EVERY_CELL, Selection

_SHOWN_MOVES, _SHOWN_ASKED, _SHOWN_SKILLS, _SNIPPETS = 8, 8, 20, 3


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on one occupation, or the list of occupations where none is chosen."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), item_kind="skill", category=ALL)
    view = view_of(snapshot, selection)
    chapter = MovesChapter(snapshot.study, view.t)
    names = sorted((chapter.name(row["code"]), row["code"]) for row in snapshot.occupations)
    page = {
        **shared(view),
        "moves": chapter,
        "options": [(code, name, code == selection.occupation) for name, code in names],
        "chosen": "",
    }
    return page | (
        _one_occupation(view, chapter, selection.occupation) if selection.occupation else _list(view, chapter, names)
    )


def _list(view: View, chapter: MovesChapter, names: list[tuple[str, str]]) -> dict[str, Any]:
    t = view.t
    asked = {
        row["item_id"]: row for row in view.snapshot.rows("SELECT * FROM out_occupations WHERE period_kind = 'all'")
    }
    moved = {row["item_id"]: row for row in view.snapshot.rows("SELECT * FROM out_occupation_change")}
    rows = []
    for name, code in names:
        facts, row = chapter.occupations[code], asked.get(code)
        share = t("unit.unknown") if row is None else t.percent(row["share_pct"])
        change = moved_text(view, moved, row) if row else t("unit.unknown")
        openings = t.number(None if facts["openings"] is None else round(facts["openings"], -2))
        cells = (t.number(facts["jobs"]), t.number(facts["pay_p50"], 2), openings, share, change)
        rows.append((view.selection.but(occupation=code).href(), name, cells))
    return {"rows": rows}


def _one_occupation(view: View, chapter: MovesChapter, code: str) -> dict[str, Any]:
    snapshot, t, name = view.snapshot, view.t, chapter.name(code)
    demand = _demand(view, occupation_dimension(snapshot), code, name)
    found = chapter.moves_from(code)
    feasible = [row for _, row, _ in found if row["is_feasible"]]
    into = snapshot.rows(
        "SELECT from_code FROM out_moves WHERE to_code = $code AND is_desirable ORDER BY similarity DESC LIMIT 8",
        {"code": code},
    )
    return {
        "chosen": name,
        **_profile(view, code),
        **demand,
        "outlook": _outlook(view, code),
        "found": found[:_SHOWN_MOVES],
        "found_n": len(found),
        "moves_said": hubs.moves_sentence(t, [row for _, row, _ in found], name),
        "learn": _learn(view, feasible),
        "into": [
            (view.selection.but(occupation=row["from_code"]).href(), chapter.name(row["from_code"])) for row in into
        ],
        "trained": _trained(view, code),
        "snippets": _snippets(view, code),
        "links_to": {
            "moves": view.selection.but(view="moves").href(),
            "outlook": view.selection.but(view="outlook", occupation="").href(),
        },
    }


@lru_cache(maxsize=4)
def _described(version: str, level: Any) -> Described:
    """What is known of every occupation, once for each version of the tables."""
    return Described(level)


def _profile(view: View, code: str) -> dict[str, Any]:
    t = view.t
    found = _described(view.snapshot.version, view.snapshot.study.spec.moves.level).of(code)
    asked = []
    for kind in KINDS:
        items: dict[str | None, float] = {}
        for item in found.asked[kind]:
            label = (item.name.nl or item.name.en) if t.language == "nl" else (item.name.en or item.name.nl)
            items.setdefault(label, item.weight)
        if items:
            asked.append(
                (
                    t(f"hubs.occupation.kind.{kind}"),
                    [(label, t.percent(100 * w, 0)) for label, w in list(items.items())[:_SHOWN_ASKED]],
                )
            )
    onet = [
        (t(f"hubs.occupation.onet.{kind}"), [text for text, _ in texts[:_SHOWN_ASKED]])
        for kind, texts in (found.onet or {}).items()
        if texts
    ]
    return {
        "asked": asked,
        "asked_basis": t(f"moves.basis.{found.basis}"),
        "onet": onet,
        "has_onet": found.onet is not None,
    }


def _demand(view: View, level: str, code: str, name: str) -> dict[str, Any]:
    """Level and change of the occupation, the skills it is asked with, and its titles."""
    snapshot, t = view.snapshot, view.t
    wanted = {"code": code}
    yearly = snapshot.table(
        "SELECT * FROM out_occupations WHERE item_id = $code AND period_kind = 'year' ORDER BY period", wanted
    )
    if not yearly.num_rows:
        return {"said": [], "years": None}
    moved = snapshot.table("SELECT * FROM out_occupation_change WHERE item_id = $code", wanted)
    whole = snapshot.rows("SELECT * FROM out_occupations WHERE item_id = $code AND period_kind = 'all'", wanted)
    chart = share_by_year(yearly, moved, t, view.about, id="years", subject=name, series="item_id")
    chart = figures.told_over_years(view, chart, moved.to_pylist(), name, single=True)
    chart = replace(chart, table="out_occupations")
    own = {"item_id": code, "period_kind": "year"}
    skills = snapshot.rows(_SKILLS, {"level": level, "code": code, "limit": _SHOWN_SKILLS})
    titles = snapshot.rows(
        "SELECT * FROM out_occupation_titles WHERE occupation = $code ORDER BY asked_n DESC, title LIMIT 12", wanted
    )
    changes = [words.change_sentence(t, row) for row in moved.to_pylist()]
    return {
        "said": [
            *(words.share_sentence(t, row) for row in whole),
            *(words.cautioned(t, told, bool(view.caution), view.caution.apart) for told in changes),
        ],
        "years": plain(view, chart, view.selection.but(occupation=""), own),
        "skills": [share_line(view, row, skill_href(view, row["item_id"])) for row in skills],
        "titles": [replace(share_line(view, row, ""), label=row["title"]) for row in titles],
        "skills_href": view.selection.but(view="levels", dimension=level, occupation="").href(),
    }


_SKILLS = """
    SELECT * FROM out_levels
    WHERE dimension = $level AND level = $code AND item_kind = 'skill' AND period_kind = 'all'
    ORDER BY share_pct DESC, item_id LIMIT $limit
"""


def _outlook(view: View, code: str) -> dict[str, Any] | None:
    snapshot, t = view.snapshot, view.t
    level = occupation_dimension(snapshot)
    query = "SELECT * FROM out_outlook_window WHERE level = $level AND code = $code AND region = 'all'"
    rows = snapshot.rows(query, {"level": level, "code": code})
    if not rows:
        return None
    chapter, row = AheadChapter(snapshot.study, t), as_borne(rows[0])
    source = all_sources().get(row["source"])
    return {
        "facts": hubs.outlook_facts(t, row, chapter.balance(row), chapter.tension(row)),
        "years": chapter.years(),
        "source": source.title if source else row["source"] or t("unit.unknown"),
    }


def _learn(view: View, rows: list[Row]) -> str:
    t = view.t
    known = [row for row in rows if row["months_low"] is not None and row["eur_low"] is not None]
    if not known:
        return t("hubs.occupation.learn_none")
    ends = {
        "low": t.number(min(row["months_low"] for row in known)),
        "high": t.number(max(row["months_high"] for row in known)),
        "eur_low": t.number(round(min(row["eur_low"] for row in known), -2)),
        "eur_high": t.number(round(max(row["eur_high"] for row in known), -2)),
    }
    return t("hubs.occupation.learn", n=t.number(len(known)), **ends)


def _trained(view: View, code: str) -> dict[str, Any]:
    """Programmes whose texts the study has that lead to the occupation, and initiatives that name it."""
    snapshot = view.snapshot
    units = _units(snapshot, code)
    named = {"values": units}
    query = "SELECT DISTINCT programme FROM out_curriculum_parts WHERE list_has_any(isco08, $values) ORDER BY programme"
    programmes = [row["programme"] for row in snapshot.rows(query, named)]
    found = snapshot.rows(INITIATIVES.format(column="occupations"), {"values": [code, *units]})
    return {"programmes": programmes, "initiatives": [initiative_link(view, row) for row in found]}


def _snippets(view: View, code: str) -> list[dict[str, Any]]:
    """A few ads of the occupation: title, trace, and masked words around skills that they ask."""
    units = _units(view.snapshot, code)
    query = "SELECT * FROM core_quotes WHERE list_contains($units, isco08) ORDER BY place, isco08, start"
    ads: dict[str, dict[str, Any]] = {}
    for row in view.snapshot.rows(query, {"units": units}):
        address = urlencode({"lang": view.t.language, "address": row["ad_id"]})
        ad = {"title": row["title"] or row["ad_id"], "href": f"/trace?{address}", "spans": []}
        ads.setdefault(row["ad_id"], ad)["spans"].append(row)
    return list(ads.values())[:_SNIPPETS]


def _units(snapshot: Snapshot, code: str) -> list[str]:
    """The unit groups that vacancies of an occupation are coded with."""
    if occupation_dimension(snapshot) == "isco4":
        return [code]
    return [unit for unit, group in brc_groups().items() if group == code]
