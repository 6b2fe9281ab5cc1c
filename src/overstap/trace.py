"""From any number back to the ads, the spans and the rules that made it, and from an ad forward to its numbers.

A number's address is its table and key: `out_demand/period=2016/topsector=energie/item_id=core.python`. Dimensions that
are left out are `all`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from overstap import sql
from overstap.analysis.periods import months_of
from overstap.errors import InputError, nearest
from overstap.pipeline import Study
from overstap.reference.core_files import GROUPS
from overstap.reference.technologies import technologies_of
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS
from overstap.schema.out import ALL, CELL_NAMES, UNKNOWN
from overstap.sql.lookups import lookup

_KNOWN = 12  # values that are named
TRACEABLE = ("out_demand", "out_change", "out_volume")
_PERIODS = ("first_period", "last_period")
_ANY_ITEM = "any"  # the kind of item of a number that counts vacancies

Reader = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]
"""Gives the rows of a SELECT with bound `$name` parameters as dicts."""


@dataclass(frozen=True)
class Address:
    """Table and key of one number."""

    table: str
    key: Mapping[str, str]

    def __str__(self) -> str:
        parts = [f"{name}={value}" for name, value in self.key.items() if value != ALL or name == "period"]
        return "/".join([self.table, *parts])


class UnknownAddress(InputError):
    """An address of no number: `value` is at fault, `known` is what may stand there and `near` the most like it."""

    def __init__(self, what: str, value: str, known: Sequence[str], named: str) -> None:
        self.known = tuple(known[:_KNOWN])
        match = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
        self.near = match[0] if match else ""
        super().__init__(what, fix=f"{nearest(value, known)} {named}: {', '.join(self.known)}.".strip())


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
        raise UnknownAddress(f"'{table}' is not a table whose numbers can be traced.", table, TRACEABLE, "Tables")
    known = table_spec(table).key
    key: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if name not in known or not value:
            raise UnknownAddress(
                f"'{part}' is not a part of an address of {table}.", name, known, "Write name=value with"
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
    if item in GROUPS:
        return "category_group"
    return "function_group" if item in ("ict", "manager", UNKNOWN) else "category"


@contextmanager
def reading(study: Study) -> Iterator[Reader]:
    """A reader of the study's last run, over an engine of its own. Raises StoreError where the study was not run."""
    engine = study.engine()

    def rows(query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [row for batch in engine.sql(query, parameters).batches() for row in batch.to_pylist()]

    try:
        yield rows
    finally:
        engine.close()


def trace_number(study: Study, read: Reader, address: Address, limit: int) -> dict[str, Any]:
    """The number at `address`: its row, how it was made, and up to `limit` of the vacancies that it counts.

    Raises InputError where the study has no such row.
    """
    row = _row(read, address)
    skills = _skills_of(study, read, address)
    counted = {**_counted(address, row), "skill_ids": skills or [""], "limit": limit}  # an empty list has no type
    vacancies = read(lookup("counted_vacancies"), counted)
    ads = _evidence(read, [found["vacancy_id"] for found in vacancies], address, skills)
    return {"address": str(address), "row": row, "made_by": _recipe(study, address.table), "ads": ads}


def _row(read: Reader, address: Address) -> dict[str, Any]:
    """The row of the contract's key. Table and column names cannot be bound; both were checked by `parse_address`."""
    where = " AND ".join(f"{name} = ${name}" for name in address.key)
    if rows := read(f"SELECT * FROM {address.table} WHERE {where}", address.key):
        return rows[0]
    for name, value in address.key.items():
        known = [found[name] for found in read(f"SELECT DISTINCT {name} FROM {address.table}", {})]
        if value not in known:
            what = f"{address.table} has no row with {name}={value}."
            raise UnknownAddress(what, value, sorted(known), "Known values, for example")
    raise InputError(
        f"{address} counts no vacancy: the study has no such row.", fix="Leave out a part of the address, or change it."
    )


def _counted(address: Address, row: Mapping[str, Any]) -> dict[str, Any]:
    """Cell, periods and item of the vacancies that a row counts; a change counts those of both periods it compares."""
    change = _PERIODS[0] in row
    return {
        **{name: row[name] for name in CELL_NAMES},
        "periods": [m for name in _PERIODS for m in months_of(row[name])] if change else [row["period"]],
        "item_kind": address.key.get("item_kind", _ANY_ITEM),
        "item_id": address.key.get("item_id", ALL),
    }


def _skills_of(study: Study, read: Reader, address: Address) -> list[str]:
    """The skills that make the item of a number; none where none do."""
    kind, item = address.key.get("item_kind"), address.key.get("item_id")
    if kind == "technology":
        own = technologies_of(study.spec.technologies, study.base)
        return [skill for technology in own if technology.id == item for skill in technology.skills]
    return [row["skill_id"] for row in read(lookup("skills_of_item"), {"item_kind": kind, "item_id": item})]


def _evidence(read: Reader, ad_ids: list[str], address: Address, skills: list[str]) -> list[dict[str, Any]]:
    """What proves that vacancies have the item: file and line, and each span with its words, section and rule."""
    kind = address.key.get("item_kind")
    shown = ("ad_id", "text_removed", "file", "line_number", "title", "isco08", "isco08_score", "function_group")
    return [
        {
            **{name: ad[name] for name in shown},
            "spans": [mention for mention in ad["skills"] if kind is None or mention["skill_id"] in skills],
        }
        for ad in _ads(read, ad_ids)
    ]


def _ads(read: Reader, ad_ids: list[str]) -> list[dict[str, Any]]:
    """The ads of those ids that the study has, in order of id, with the words of each span."""
    ads = read(lookup("ads_by_id"), {"ad_ids": ad_ids})
    for ad in ads:
        ad["text_removed"] = not ad["text"]  # no ad is without one when it is read
        ad["skills"] = ad["skills"] or []
        for mention in ad["skills"]:
            mention["words"] = ad["text"][mention["start"] : mention["end"]]
            mention["counts"] = mention["section"] in ASKED_SECTIONS
        for span in ad["fact_spans"] or []:
            span["words"], span["value"] = ad["text"][span["start"] : span["end"]], ad[span["field"]]
    return ads


def trace_ad(study: Study, read: Reader, ad_id: str) -> dict[str, Any]:
    """An ad forward: where it was read, how it was coded, its vacancy, and the addresses of numbers it counts in.

    Raises InputError where the study has no such ad.
    """
    ads = _ads(read, [ad_id])
    if not ads:
        known = [r["ad_id"] for r in read(lookup("some_ad_ids"), {})]
        raise InputError(f"The study has no ad '{ad_id}'.", fix=nearest(ad_id, known) or f"Ids look like '{known[0]}'.")
    ad = ads[0]
    vacancy = {"vacancy_id": ad["vacancy_id"]}
    ad["counts_in"] = []
    for found in read(lookup("vacancy_by_id"), vacancy):
        items = [(r["item_kind"], r["item_id"]) for r in read(lookup("items_of_vacancy"), vacancy)]
        asked = {item for kind, item in items if kind == "skill"}
        own = technologies_of(study.spec.technologies, study.base)
        items += [("technology", technology.id) for technology in own if asked & set(technology.skills)]
        ad["counts_in"] = _addresses(found, items)
    return ad


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
