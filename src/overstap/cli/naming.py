"""Codes with their names, for tables that people read; CSV and JSON keep the codes alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


_LONGEST = 44
_EUROSTAT = {"EL": "GR", "UK": "GB"}  # where Eurostat writes a country otherwise than ISO
_OWN = {("group", "ict"): "ict (ISCO 25 and 35)"}


def in_words(rows: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """`rows` with the English name behind each code that has one.

    `columns`: column of codes → its dimension (brc, isco2, sector, country, …), or the column that tells each row's.
    """
    import pyarrow as pa

    from overstap.publish.labels import coded_names

    names = coded_names("en")
    for column, dimension in columns.items():
        codes = rows[column].to_pylist()
        told = dimension != column and dimension in rows.schema.names
        kinds = rows[dimension].to_pylist() if told else [dimension] * len(codes)
        said = [_said(names, kind, code) for kind, code in zip(kinds, codes, strict=True)]
        rows = rows.set_column(rows.schema.get_field_index(column), column, pa.array(said, pa.string()))
    return rows


def _said(names: Mapping[tuple[str, str], str], kind: str, code: str | None) -> str | None:
    if code is None:
        return None
    name = _OWN.get((kind, code)) or (country_name(code) if kind == "country" else names.get((kind, code)))
    whole = code if name is None else name if name.startswith(code) else f"{code} {name}"
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1].rstrip()}…"


def country_name(code: str) -> str | None:
    """The English name of a country by Eurostat's code; None for a union."""
    from babel import Locale

    name = Locale("en").territories.get(_EUROSTAT.get(code, code))
    return None if name is None else str(name)
