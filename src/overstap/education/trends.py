"""Stocks over the years: numbers, shares and change with their bounds. No success follows from stocks.

Who is enrolled in one year and who finishes in another are other people; only cohorts tell who of them finishes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from overstap.education.graduates import share_bounds
from overstap.education.matrix import add
from overstap.schema import table_spec
from overstap.schema.out import ALL, UNKNOWN

Total = list[float | None]
_SPLIT = ("level", "region", "sex")


def trends(stocks: pa.Table) -> pa.Table:
    """`out_education` of `core_education`: fields (all, broad, narrow, detailed) by level, by region and by sex.

    A share is that of the field among all fields in the same kind, level, region, sex and year; change is since the
    first year of the kind. Bounds hold for every number that a suppressed cell may be.
    """
    sums: dict[tuple[Any, ...], Total] = defaultdict(lambda: [0.0, 0.0])
    for row in stocks.to_pylist():
        count = {"n_low": row["low"], "n_high": row["high"]}
        for field in _fields(row["isced_f"]):
            for split in _splits(row):
                add(sums[row["kind"], field, *split, row["year"]], count, "n")
    first: dict[str, int] = {}
    for kind, *_, year in sums:
        first[kind] = min(year, first.get(kind, year))
    rows = [_row(key, total, sums, first) for key, total in sorted(sums.items())]
    return pa.Table.from_pylist(rows, schema=table_spec("out_education").schema)


def _fields(code: str | None) -> list[str]:
    """The fields that a programme counts in: all, its broad, narrow and detailed field, or unknown."""
    return [ALL, UNKNOWN] if code is None else [ALL, *(code[:n] for n in range(2, len(code) + 1))]


def _splits(row: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """All together, then split by one of level, region and sex."""
    yield (ALL,) * len(_SPLIT)
    for at, name in enumerate(_SPLIT):
        yield tuple(str(row[name] or UNKNOWN) if i == at else ALL for i in range(len(_SPLIT)))


def _row(
    key: tuple[Any, ...], total: Total, sums: Mapping[tuple[Any, ...], Total], first: Mapping[str, int]
) -> dict[str, Any]:
    kind, field, *split, year = key
    whole, before = sums[kind, ALL, *split, year], sums.get((kind, field, *split, first[kind]))
    low, high = total[0] or 0.0, total[1]
    share: Sequence[float | None] = (100.0, 100.0)
    if field != ALL:
        at_most = None if whole[1] is None or high is None else whole[1] - high
        share = share_bounds((low, high), ((whole[0] or 0.0) - low, at_most))
    change: tuple[float | None, float | None] = (None, None)
    if before is not None and year != first[kind]:
        change = _percent(low, before[1]), _percent(high, before[0])
    names = ("kind", "isced_f", *_SPLIT, "year")
    numbers = ("persons_low", "persons_high", "share_low", "share_high", "change_low", "change_high")
    return dict(zip(names, key, strict=True)) | dict(zip(numbers, (low, high, *share, *change), strict=True))


def _percent(now: float | None, before: float | None) -> float | None:
    return None if now is None or not before else 100 * (now / before - 1)
