"""How initiatives spread over topsectors, regions, kinds and functions of learning: the roadmap's figure as a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pyarrow as pa

from overstap.schema import table_spec
from overstap.schema.out import ALL, UNKNOWN

Row = dict[str, Any]


def spread(rows: Sequence[Row]) -> pa.Table:
    """Rows of `out_initiatives` from those of `core_initiatives`.

    An initiative counts once in each of its topsectors and functions, and once in `all`; what it does not say is
    `unknown`. Sums take only what is given, beside how many initiatives give it; numbers too small to show are in no
    sum, so that none follows by subtraction.
    """
    cells: dict[tuple[str, ...], Row] = {}
    for row in rows:
        for key in product(*([ALL, *values] for values in dimensions(row))):
            cell = cells.setdefault(key, _empty(key))
            cell["initiatives_n"] += 1
            cell["suppressed_n"] += row["is_suppressed"]
            for name, counted in (("reached", "reached_n"), ("funding_eur", "funding_n")):
                if row[name] is not None:
                    cell[name] = (cell[name] or 0) + row[name]
                    cell[counted] += 1
    return pa.Table.from_pylist([cells[key] for key in sorted(cells)], schema=table_spec("out_initiatives").schema)


def dimensions(row: Row) -> tuple[list[str], ...]:
    """Topsectors, province, kind and functions of a row, `unknown` for what it does not say."""
    return (
        row["topsectors"] or [UNKNOWN],
        [row["province_code"] or UNKNOWN],
        [row["kind"]],
        row["functions"] or [UNKNOWN],
    )


def _empty(key: tuple[str, ...]) -> Row:
    named = dict(zip(("topsector", "province", "initiative_kind", "learning"), key, strict=True))
    counts = dict.fromkeys(("initiatives_n", "reached_n", "suppressed_n", "funding_n"), 0)
    return {**named, **counts, "reached": None, "funding_eur": None}
