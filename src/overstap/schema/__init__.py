"""Contracts of every table a study writes: the single truth about columns, types, units and labels."""

from overstap.errors import ContractError, nearest
from overstap.schema import (
    codes,
    core,
    education,
    hubs,
    initiatives,
    market,
    moves,
    out,
    outlook,
    panel,
    phrases,
    raw,
    reproduction,
    survey,
    training,
    weights,
)
from overstap.schema.spec import ColumnSpec, TableSpec, to_frictionless

_PARTS = (
    raw,
    core,
    weights,
    codes,
    out,
    market,
    hubs,
    moves,
    training,
    education,
    outlook,
    initiatives,
    survey,
    panel,
    phrases,
    reproduction,
)
TABLES: dict[str, TableSpec] = {spec.name: spec for part in _PARTS for spec in part.TABLES}


def table_spec(name: str) -> TableSpec:
    """The contract of table `name`; raises ContractError with the nearest known name."""
    try:
        return TABLES[name]
    except KeyError:
        raise ContractError(
            f"There is no table '{name}'.", fix=nearest(name, TABLES) or f"Tables: {', '.join(TABLES)}."
        ) from None


__all__ = ["TABLES", "ColumnSpec", "TableSpec", "table_spec", "to_frictionless"]
