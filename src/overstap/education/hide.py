"""Which groups of students are hidden in `out_education_success`, in every split, field and sector at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from overstap.disclosure.cube import Cube
from overstap.disclosure.protect import protect
from overstap.schema.out import ALL

Key = tuple[str, str, str, str]
"""Sector, split, value, field."""
_KEY = ("sector", "split", "value", "isced_f")
_FIGURES = ("students", "chance_pct", "chance_low", "chance_high")


def hide_few(
    rows: Sequence[Mapping[str, Any]], least: int, in_sector: Mapping[str, Callable[[str], bool]]
) -> list[dict[str, Any]]:
    """The rows with number, chance and interval taken from those of fewer than `least` students at entry, and from as
    many others as keep these from being worked out. `in_sector`: whether a field belongs to a sector.

    A group whose number is unknown, since its source hid it, is left as it is: its bounds are those of the source.
    """
    cube = cube_of(rows, in_sector)
    gone = protect(cube, least)
    nothing = dict.fromkeys(_FIGURES)
    hidden = [_key(row) in gone for row in rows]
    return [{**row, **(nothing if few else {}), "is_suppressed": few} for row, few in zip(rows, hidden, strict=True)]


def cube_of(rows: Sequence[Mapping[str, Any]], in_sector: Mapping[str, Callable[[str], bool]]) -> Cube[Key]:
    """The students at entry of all groups, and which groups add up to which."""
    counts = {_key(row): int(row["students"]) for row in rows if row["students"]}
    parts: dict[Key, dict[str, list[Key]]] = {}
    for key in counts:
        sector, split, value, field = key
        if split != ALL:
            parts.setdefault((sector, ALL, ALL, field), {}).setdefault(split, []).append(key)
        if field != ALL:
            parts.setdefault((ALL, split, value, ALL), {}).setdefault("fields", []).append(key)
            for name, holds in in_sector.items():
                if holds(field):
                    parts.setdefault((name, split, value, ALL), {}).setdefault("fields", []).append(key)
    return Cube(counts, [(whole, cells) for whole, of in parts.items() if whole in counts for cells in of.values()])


def _key(row: Mapping[str, Any]) -> Key:
    sector, split, value, field = (row[name] for name in _KEY)
    return sector, split, value, field
