"""Who is to retrain, by age, education and contract: from a table of the user's, as no bundled figure tells it."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from overstap.errors import InputError, nearest

GROUPS = ("age", "education", "contract")
OLDER = 35
"""Age from which the study of 2019 counts those whom retraining may concern (5.4 million people)."""


def population(table: pa.Table) -> pa.Table:
    """Columns age, education, contract (null where the table has none), persons, and their share (0–1).

    `table`: any of age, education, contract, and persons. Rows of one group are added.
    Raises `InputError` where there is no column of persons, none of GROUPS, or a count is negative or missing.
    """
    columns = [name for name in GROUPS if name in table.column_names]
    if "persons" not in table.column_names or not columns:
        hint = next((h for name in table.column_names if (h := nearest(name, (*GROUPS, "persons")))), "")
        raise InputError(
            f"The table of who must retrain has {', '.join(table.column_names)}.",
            why=hint,
            fix="Give persons, and age, education or contract.",
        )
    given = table["persons"].to_pylist()
    for at, value in enumerate(given):
        if not isinstance(value, int | float) or not value >= 0:
            raise InputError(f"The number of persons in row {at + 2} is {value}.", fix="Give 0 or more persons a row.")
    texts = {name: pa.array([None if v is None else str(v) for v in table[name].to_pylist()]) for name in columns}
    counted = pa.table({**texts, "persons": pa.array(given, pa.float64())})
    summed = counted.group_by(columns).aggregate([("persons", "sum")]).rename_columns([*columns, "persons"])
    summed = summed.sort_by([(name, "ascending") for name in columns])
    total = float(np.sum(given))
    rows = [
        dict.fromkeys(GROUPS) | row | {"share": row["persons"] / total if total else None} for row in summed.to_pylist()
    ]
    schema = pa.schema([*((name, pa.string()) for name in GROUPS), ("persons", pa.float64()), ("share", pa.float64())])
    return pa.Table.from_pylist(rows, schema=schema)


def older(found: pa.Table) -> float | None:
    """The persons of OLDER and over; None where ages are not in years ("35-44", "75+"), or a group straddles it."""
    total = 0.0
    for age, n in zip(found["age"].to_pylist(), found["persons"].to_pylist(), strict=True):
        years = [int(part) for part in re.findall(r"\d+", age or "")] if (age or "")[:1].isdigit() else []
        if not years or (years[0] < OLDER and (len(years) == 1 or years[1] >= OLDER)):
            return None
        total += n if years[0] >= OLDER else 0.0
    return total if found.num_rows else None
