"""The user's own figures of occupations, laid over the bundled ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from overstap.errors import InputError, nearest

GROUPS: dict[str, tuple[str, ...]] = {
    "jobs": ("jobs",),
    "women": ("women",),
    "education": ("education_high",),
    "pay": ("pay_p50", "pay_p25", "pay_p75"),
    "growth": ("growth", "growth_low", "growth_high"),
    "openings": ("openings", "expansion", "outflow"),
}
"""Facts that are known together, with one basis and one source: the first of them says whether the group is known."""
_LEAST = {"growth": -1.0, "growth_low": -1.0, "growth_high": -1.0, "expansion": float("-inf")}
_MOST = {"women": 1.0, "education_high": 1.0}


def overlay(facts: pa.Table, own: Mapping[str, pa.Table], years: int) -> pa.Table:
    """`facts` (`facts.SCHEMA`) with the rows of `own` in place of the bundled figures, marked observed, source "own".

    `own` has a table for a group of GROUPS: `code`, and columns of that group; what it leaves out of a group becomes
    unknown for those occupations, as figures of two sources are not mixed within a group. Where jobs or growth are own
    and openings are not, expansion, outflow and openings a year are made to agree with them over `years`.
    Raises `InputError` for a group, column or code that is not known, naming the nearest, and for impossible figures.
    """
    rows = {row["code"]: row for row in facts.to_pylist()}
    given_of: dict[str, set[str]] = {}
    for group, table in own.items():
        columns = GROUPS.get(group)
        if columns is None:
            raise _unknown("group of figures", group, GROUPS)
        for name in table.column_names:
            if name not in ("code", *columns):
                raise _unknown(f"column of {group}", name, ("code", *columns))
        for line, given in enumerate(table.to_pylist(), start=2):
            row = rows.get(given["code"])
            if row is None:
                raise _unknown(f"occupation (row {line} of {group})", str(given["code"]), rows)
            values = _values(given, columns, f"row {line} of {group}")
            if group == "jobs" and row["jobs"] and row["outflow"] is not None and values["jobs"] is not None:
                row["outflow"] *= values["jobs"] / row["jobs"]
            known = values[columns[0]] is not None
            row |= values | {f"{group}_basis": "observed" if known else "unknown", f"{group}_source": "own"}
            given_of.setdefault(row["code"], set()).add(group)
    for code, groups in given_of.items():
        if groups & {"jobs", "growth"} and "openings" not in groups:
            _agree(rows[code], years)
    return pa.Table.from_pylist(list(rows.values()), schema=facts.schema)


def _agree(row: dict[str, Any], years: int) -> None:
    """Expansion and openings that follow from the row's jobs and growth; unknown where these are."""
    jobs, growth, outflow = row["jobs"], row["growth"], row["outflow"]
    row["expansion"] = None if jobs is None or growth is None else jobs * growth / years
    known = row["expansion"] is not None and outflow is not None
    row["openings"] = max(row["expansion"] + outflow, 0.0) if known else None
    row["openings_basis"] = "allocated" if known else "unknown"


def _values(given: Mapping[str, Any], columns: tuple[str, ...], where: str) -> dict[str, Any]:
    values = {name: given.get(name) for name in columns}
    for name, value in values.items():
        least, most = _LEAST.get(name, 0.0), _MOST.get(name, float("inf"))
        if value is not None and not least <= value <= most:
            raise InputError(
                f"{name} is {value} in {where}.",
                why=f"It lies between {least:g} and {most:g}.",
                fix="Give shares between 0 and 1 and persons and euro of 0 or more.",
            )
    expansion, outflow = values.get("expansion"), values.get("outflow")
    if "openings" in values and values["openings"] is None and expansion is not None and outflow is not None:
        values["openings"] = max(expansion + outflow, 0.0)
    return values


def _unknown(what: str, given: str, known: Mapping[str, Any] | tuple[str, ...]) -> InputError:
    names = list(known)
    hint = nearest(given, names) or f"Known are: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}."
    return InputError(f"There is no {what} '{given}'.", why=hint, fix="Mend the name in your table of own figures.")
