"""The pages on one skill, on one occupation, and on what changed since the edition before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from overstap.moves.describe import KINDS, Described
from overstap.publish import hubs, words
from overstap.publish.ahead import AheadChapter, as_borne
from overstap.publish.answers import by_level, forecast_of
from overstap.publish.charts import share_by_year
from overstap.publish.editions import EditionsChapter
from overstap.publish.labels import capital
from overstap.publish.moves import MovesChapter
from overstap.reference.brc import brc_groups
from overstap.reference.sources import all_sources
from overstap.schema.out import ALL, CELL_NAMES
from overstap.web import figures, queries
from overstap.web.figures import Figure, View
from overstap.web.further import plain, shared
from overstap.web.pages import CHOICES_MAX, categories, choices, view_of
from overstap.web.results import Row, Snapshot, category_label
from overstap.web.selection import Selection

_EVERY_CELL = dict.fromkeys(CELL_NAMES, ALL)
_WHERE = ("sector", "province")
_WHOM = ("topsector", "function_group", "employer_type", "firm_size", "education", "experience")
_SHOWN_MOVES, _SHOWN_ASKED, _SHOWN_SKILLS, _SNIPPETS = 8, 8, 20, 3


@dataclass(frozen=True)
class Line:
    """A row of a short table: its label with a link, a share with its interval, n, and whether n is too low."""

    label: str
    href: str
    share: str
    interval: str
    n: str
    weak: bool


def skill(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on one skill, or the list of skills where none is chosen."""
    chosen = selection.item_id[:1]
    selection = selection.but(
        **_EVERY_CELL, period=ALL, item_kind="skill", item_id=chosen, category=ALL if chosen else selection.category
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
            _share_line(view, row, skill_href(view, row["item_id"])),
            category_label(t, known[row["item_id"]]),
            _moved(view, moved, row),
        )
        for row in asked[:CHOICES_MAX]
        if row["item_id"] in known
    ]
    return {"chosen": "", "rows": rows, "total": len(asked), "category": choices(view, "category", categories(view))}


def _moved(view: View, moved: dict[str, Row], row: Row) -> str:
    found = moved.get(row["item_id"])
    if found is None or view.caution.apart or words.change_state(found) in ("unknown", "too_few"):
        return view.t("unit.unknown")
    return view.t.value("direction", found["direction"])


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
    return page | {
        "unasked": False,
        "years": figures.years(view),
        "spread": hubs.spread_said(t, spread),
        "levels": levels,
        "whom": whom,
        "employers": hubs.concentration(t, whole[0], next(iter(sums), None), name),
        "together": plain(view, together, s.but(item_id=()), {"skill_id": code}),
        "forecast": _forecast(view, code),
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
    return replace(_share_line(view, row, ""), label=capital(view.t.value(row["dimension"], row["level"])))


def _share_line(view: View, row: Row, href: str) -> Line:
    t = view.t
    label = t.item(row["item_kind"], row["item_id"]) if "item_id" in row else ""
    interval = t.percent_interval(row["share_low"], row["share_high"])
    return Line(
        capital(label),
        href,
        t.percent(row["share_pct"]),
        interval,
        t.number(row["vacancies_n"]),
        not row["is_reliable"],
    )


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
    named = snapshot.rows(_INITIATIVES.format(column="skills"), {"values": [code]})
    return {
        "said": hubs.taught(t, rows, (), named),
        "rows": [(row["programme"], t(f"hubs.taught.{row['verdict']}"), row["sentence"] or "") for row in rows],
        "initiatives": [_initiative(view, row) for row in named],
    }


_INITIATIVES = """
    SELECT initiative_id, name_nl, name_en FROM core_initiatives
    WHERE list_has_any({column}, $values) ORDER BY initiative_id
"""


def _initiative(view: View, row: Row) -> tuple[str, str]:
    page = Selection(lang=view.t.language, view="initiatives", initiative=row["initiative_id"])
    return page.href(), row[f"name_{view.t.language}"]


def skill_href(view: View, code: str) -> str:
    """The link to the page on a skill."""
    return Selection(lang=view.t.language, view="skill", item_id=(code,)).href()


def occupation_dimension(snapshot: Snapshot) -> str:
    """The dimension of the coded vacancies that the occupations of the study are."""
    return "isco4" if snapshot.study.spec.moves.level == "isco" else "brc"


def occupation(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on one occupation, or the list of occupations where none is chosen."""
    selection = selection.but(**_EVERY_CELL, period=ALL, item_id=(), item_kind="skill", category=ALL)
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
        change = _moved(view, moved, row) if row else t("unit.unknown")
        cells = (t.number(facts["jobs"]), t.number(facts["pay_p50"], 2), t.number(facts["openings"]), share, change)
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
        "skills": [_share_line(view, row, skill_href(view, row["item_id"])) for row in skills],
        "titles": [replace(_share_line(view, row, ""), label=row["title"]) for row in titles],
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
    found = snapshot.rows(_INITIATIVES.format(column="occupations"), {"values": [code, *units]})
    return {"programmes": programmes, "initiatives": [_initiative(view, row) for row in found]}


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


def editions(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on what changed since the edition before, or how to name one."""
    selection = selection.but(**_EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    shares, years, facts = (
        snapshot.rows(f"SELECT * FROM {name}") for name in ("out_editions", "out_edition_years", "out_edition_facts")
    )
    found = EditionsChapter(shares, sorted(years, key=lambda row: row["year"]), facts, view.t)
    page = {**shared(view), "editions": found}
    if not found.is_named:
        return page
    yearly: pa.Table = queries.demand(snapshot, selection.but(item_kind="category_group", period="year"))
    more: pa.Table = queries.demand(snapshot, selection.but(item_kind="category", period="year"))
    market = found.market([*yearly.to_pylist(), *more.to_pylist()])
    return page | {"figure_shown": plain(view, found.chart(view.about), selection), "market": market}
