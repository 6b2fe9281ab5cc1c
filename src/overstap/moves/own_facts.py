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
    "pay": ("pay_p25", "pay_p50", "pay_p75"),
    "growth": ("growth", "growth_low", "growth_high"),
    "openings": ("expansion", "outflow", "openings"),
}
"""Facts that are known together: a group of columns with one basis and one source."""


def overlay(facts: pa.Table, own: Mapping[str, pa.Table]) -> pa.Table:
    """`facts` (`facts.SCHEMA`) with the rows of `own` in place of the bundled figures, marked observed, source "own".

    `own` has a table for a group of GROUPS: `code`, and columns of that group; what it leaves out of a group becomes
    unknown for those occupations, as figures of two sources are not mixed within a group.
    Raises `InputError` for a group, column or code that is not known, naming the nearest.
    """
    rows = {row["code"]: row for row in facts.to_pylist()}
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
            row |= _values(given, columns) | {f"{group}_basis": "observed", f"{group}_source": "own"}
    return pa.Table.from_pylist(list(rows.values()), schema=facts.schema)


def _values(given: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    values = {name: given.get(name) for name in columns}
    expansion, outflow = values.get("expansion"), values.get("outflow")
    if values.get("openings") is None and expansion is not None and outflow is not None:
        values["openings"] = max(expansion + outflow, 0.0)
    return values


def _unknown(what: str, given: str, known: Mapping[str, Any] | tuple[str, ...]) -> InputError:
    names = list(known)
    hint = nearest(given, names) or f"Known are: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}."
    return InputError(f"There is no {what} '{given}'.", why=hint, fix="Mend the name in your table of own figures.")
