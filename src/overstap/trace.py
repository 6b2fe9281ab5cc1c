"""From any number back to the ads, the spans and the rules that made it, and from an ad forward to its numbers.

A number's address is its table and key: `out_demand/period=2016/topsector=energie/item_id=core.python`. Dimensions that
are left out are `all`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overstap import sql
from overstap.engine import Engine
from overstap.errors import InputError, nearest
from overstap.pipeline import Study
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS
from overstap.schema.out import ALL, UNKNOWN

TRACEABLE = ("out_demand", "out_change", "out_volume")
_CELL = ("topsector", "function_group", "language", "source_id")

# The vacancies of a cell; every dimension may be `all`. A function group that could not be coded is `unknown`.
_IN_CELL = """
    ($topsector = 'all' OR ARRAY_CONTAINS(v.topsectors, $topsector))
    AND ($function_group = 'all' OR COALESCE(v.function_group, 'unknown') = $function_group)
    AND ($language = 'all' OR v.language = $language)
    AND ($source_id = 'all' OR v.source_id = $source_id)
    AND ($period = 'all' OR v.year = $period OR v.month = $period)
"""
_WITH_SKILL = """
    SELECT v.vacancy_id FROM core_vacancies AS v
    JOIN core_vacancy_skills AS a ON a.vacancy_id = v.vacancy_id
    JOIN core_skills AS s ON s.skill_id = a.skill_id
    WHERE {in_cell} AND CASE $item_kind
        WHEN 'skill' THEN s.skill_id WHEN 'category' THEN s.category ELSE s.category_group END = $item_id
"""
_WITH_GROUP = (
    "SELECT v.vacancy_id FROM core_vacancies AS v WHERE {in_cell} AND COALESCE(v.function_group, 'unknown') = $item_id"
)
_WITH_TITLE = "SELECT v.vacancy_id FROM core_vacancies AS v WHERE {in_cell} AND v.title_key = $item_id"
_ANY = "SELECT v.vacancy_id FROM core_vacancies AS v WHERE {in_cell}"


@dataclass(frozen=True)
class Address:
    """Table and key of one number."""

    table: str
    key: Mapping[str, str]

    def __str__(self) -> str:
        parts = [f"{name}={value}" for name, value in self.key.items() if value != ALL or name == "period"]
        return "/".join([self.table, *parts])


def names_number(study: Study, text: str) -> bool:
    """Whether `text` is meant as the address of a number; else it is an ad's id, which may hold any sign."""
    head = text.strip("/").split("/")[0]
    if head in {source.id for source in study.spec.sources}:
        return False
    return head.startswith(("raw_", "core_", "out_")) or "=" in text


def parse_address(text: str) -> Address:
    """The address that `text` names; raises InputError with the nearest table or key column."""
    table, *parts = text.strip("/").split("/")
    if table not in TRACEABLE:
        raise InputError(
            f"'{table}' is not a table whose numbers can be traced.",
            fix=f"{nearest(table, TRACEABLE)} Tables: {', '.join(TRACEABLE)}.".strip(),
        )
    known = table_spec(table).key
    key: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if name not in known or not value:
            raise InputError(
                f"'{part}' is not a part of an address of {table}.",
                fix=f"{nearest(name, known)} Write name=value with: {', '.join(known)}.".strip(),
            )
        key[name] = value
    return Address(table, _completed(known, key))


def _completed(known: tuple[str, ...], given: dict[str, str]) -> dict[str, str]:
    key = {name: given.get(name, ALL) for name in known}
    if "period" in key and "period_kind" not in given:
        lengths = {4: "year", 7: "month"}
        key["period_kind"] = lengths.get(len(key["period"]), ALL)
    if key.get("item_kind") == ALL:
        key["item_kind"] = _kind_of(key["item_id"])
    return key


def _kind_of(item: str) -> str:
    """The kind of an item, where the address does not say: skills have a dotted id, groups are few."""
    if "." in item:
        return "skill"
    if item in ("digital", "other", "professional", "language"):
        return "category_group"
    return "function_group" if item in ("ict", "manager", UNKNOWN) else "category"


def trace_number(study: Study, address: Address, limit: int) -> dict[str, Any]:
    """The number at `address`: its row, how it was made, and up to `limit` of the vacancies that it counts.

    Raises InputError where the study has no such row.
    """
    engine = study.engine()
    try:
        row = _row(engine, address)
        vacancies = _vacancies(engine, address, limit)
        skills = {r["skill_id"]: r for r in _rows(engine, "SELECT * FROM core_skills", {})}
        ads = [_evidence(engine, vacancy, address.key, skills) for vacancy in vacancies]
    finally:
        engine.close()
    return {"address": str(address), "row": row, "made_by": _recipe(study, address.table), "ads": ads}


def _row(engine: Engine, address: Address) -> dict[str, Any]:
    where = " AND ".join(f"{name} = ${name}" for name in address.key)
    rows = _rows(engine, f"SELECT * FROM {address.table} WHERE {where}", address.key)
    if rows:
        return rows[0]
    for name, value in address.key.items():
        known = [r[name] for r in _rows(engine, f"SELECT DISTINCT {name} FROM {address.table}", {})]
        if value not in known:
            raise InputError(
                f"{address.table} has no row with {name}={value}.",
                fix=f"{nearest(value, known)} Known values, for example: {', '.join(sorted(known)[:12])}.".strip(),
            )
    raise InputError(
        f"{address} counts no vacancy: the study has no such row.", fix="Leave out a part of the address, or change it."
    )


def _vacancies(engine: Engine, address: Address, limit: int) -> list[str]:
    kind = address.key.get("item_kind")
    query = {"function_group": _WITH_GROUP, "title": _WITH_TITLE, None: _ANY}.get(kind, _WITH_SKILL)
    parameters = {name: address.key.get(name, ALL) for name in (*_CELL, "period", "item_kind", "item_id")}
    text = f"SELECT DISTINCT vacancy_id FROM ({query.format(in_cell=_IN_CELL)}) AS found ORDER BY 1 LIMIT {int(limit)}"
    return [row["vacancy_id"] for row in _rows(engine, text, parameters)]


def _evidence(
    engine: Engine, vacancy: str, key: Mapping[str, str], skills: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What proves that the vacancy has the item: file and line, and each span with its words, section and rule."""
    ad = _ad(engine, vacancy)
    kind, item = key.get("item_kind"), key.get("item_id")
    spans = []
    for mention in ad["skills"]:
        skill = skills[mention["skill_id"]]
        wanted = {"skill": skill["skill_id"], "category": skill["category"], "category_group": skill["category_group"]}
        if kind is None or wanted.get(kind) == item:
            spans.append(mention)
    shown = ("ad_id", "file", "line_number", "title", "isco08", "isco08_score", "function_group")
    return {**{name: ad[name] for name in shown}, "spans": spans}


def _ad(engine: Engine, ad_id: str) -> dict[str, Any]:
    query = """
        SELECT a.ad_id, a.source_id, a.file, a.line_number, a.posted_date, a.company, a.place, a.text,
            p.vacancy_id, p.rule, p.similarity, c.*
        FROM raw_ads AS a
        JOIN core_postings AS p ON p.ad_id = a.ad_id
        JOIN core_annotations AS c ON c.ad_id = a.ad_id
        WHERE a.ad_id = $ad_id
    """
    rows = _rows(engine, query, {"ad_id": ad_id})
    if not rows:
        known = [r["ad_id"] for r in _rows(engine, "SELECT ad_id FROM raw_ads ORDER BY ad_id LIMIT 5000", {})]
        raise InputError(f"The study has no ad '{ad_id}'.", fix=nearest(ad_id, known) or f"Ids look like '{known[0]}'.")
    ad = rows[0]
    for mention in ad["skills"] or []:
        mention["words"] = ad["text"][mention["start"] : mention["end"]]
        mention["counts"] = mention["section"] in ASKED_SECTIONS
    ad["skills"] = ad["skills"] or []
    for span in ad["fact_spans"] or []:
        span["words"] = ad["text"][span["start"] : span["end"]]
    return ad


def trace_ad(study: Study, ad_id: str) -> dict[str, Any]:
    """An ad forward: where it was read, how it was coded, its vacancy, and the addresses of numbers it counts in.

    Raises InputError where the study has no such ad.
    """
    engine = study.engine()
    try:
        ad = _ad(engine, ad_id)
        found = _rows(engine, "SELECT * FROM core_vacancies WHERE vacancy_id = $id", {"id": ad["vacancy_id"]})
        items = _items(engine, found[0]) if found else []
    finally:
        engine.close()
    ad["counts_in"] = _addresses(found[0], items) if found else []
    return ad


def _items(engine: Engine, vacancy: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and id of every item of a vacancy: skills, their categories and groups, function group, counted title."""
    asked = """
        SELECT s.skill_id AS skill, s.category, s.category_group
        FROM core_vacancy_skills AS a JOIN core_skills AS s ON s.skill_id = a.skill_id
        WHERE a.vacancy_id = $id
    """
    skills = _rows(engine, asked, {"id": vacancy["vacancy_id"]})
    items = [
        (kind, id_) for kind in ("skill", "category", "category_group") for id_ in sorted({s[kind] for s in skills})
    ]
    items.append(("function_group", vacancy["function_group"] or UNKNOWN))
    counted = "SELECT item_id FROM out_demand WHERE item_kind = 'title' AND item_id = $title LIMIT 1"
    if vacancy["title_key"] and _rows(engine, counted, {"title": vacancy["title_key"]}):
        items.append(("title", vacancy["title_key"]))
    return items


def _addresses(vacancy: Mapping[str, Any], items: list[tuple[str, str]]) -> list[str]:
    """Where the vacancy counts: per month and year, of all and of each topsector it is in."""
    cells: list[dict[str, str]] = [{}, *({"topsector": t} for t in vacancy["topsectors"] or [])]
    periods = (vacancy["month"], vacancy["year"])
    result = [str(Address("out_volume", {"period": p, **cell})) for p in periods for cell in cells]
    for kind, item in items:
        for cell in cells:
            key = {"period": vacancy["year"], **cell, "item_kind": kind, "item_id": item}
            result.append(str(Address("out_demand", key)))
    return result


def _recipe(study: Study, table: str) -> list[dict[str, Any]]:
    """The steps behind a table, last first: step, version, and its SQL where it is one query."""
    from overstap.pipeline import study_steps

    steps = {name: step for step in study_steps() for name in step.writes}
    recipe, waiting, done = [], [table], set()
    while waiting:
        name = waiting.pop(0)
        if name in done:
            continue
        done.add(name)
        entry = study.store.manifest.tables[name]
        text = sql.query(name) if name in sql.tables() else None
        recipe.append({"table": name, "step": entry.step, "version": entry.version, "rows": entry.rows, "sql": text})
        waiting += steps[name].reads
    return recipe


def _rows(engine: Engine, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    frame = engine.sql(query, parameters)
    return [row for batch in frame.batches() for row in batch.to_pylist()]
