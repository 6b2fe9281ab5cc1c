"""`out_volume`: ads by their own date and source, vacancies and employers by those of the vacancy's first ad.

Ads are counted by a query; vacancies and their employers by the pass over coded vacancies, in which those of one
employer stand together, so that distinct employers need no table of them.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.codes import Codes
from overstap.analysis.coding import NONE, Column
from overstap.analysis.cross import cells_of, sum_items
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES, UNKNOWN

ADS = """
WITH ads AS (
    SELECT
        STRFTIME(a.posted_date, '%Y-%m') AS month, v.topsectors, v.language, a.source_id,
        COALESCE(v.function_group, 'unknown') AS function_group, COUNT(*) AS n
    FROM core_vacancies AS v
    JOIN core_postings AS p ON p.vacancy_id = v.vacancy_id
    JOIN raw_ads AS a ON a.ad_id = p.ad_id
    WHERE a.posted_date BETWEEN $first_date AND $last_date
    GROUP BY 1, 2, 3, 4, 5
),
in_topsectors AS (
    SELECT month, 'all' AS topsector, function_group, language, source_id, n FROM ads
    UNION ALL
    SELECT month, t.topsector, function_group, language, source_id, n
    FROM ads
    CROSS JOIN UNNEST(topsectors) AS t(topsector)
),
in_periods AS (
    SELECT 'year' AS period_kind, SUBSTRING(month, 1, 4) AS period, topsector, function_group, language, source_id, n
    FROM in_topsectors
    UNION ALL
    SELECT 'month' AS period_kind, month AS period, topsector, function_group, language, source_id, n
    FROM in_topsectors
)
SELECT
    period_kind,
    period,
    topsector,
    COALESCE(function_group, 'all') AS function_group,
    COALESCE(language, 'all') AS language,
    COALESCE(source_id, 'all') AS source_id,
    CAST(SUM(n) AS BIGINT) AS ads_n
FROM in_periods
GROUP BY period_kind, period, topsector, CUBE (function_group, language, source_id)
"""
"""Ads per month and year, for every crossing of topsector, function group, language and source."""
_KEYS = ["period_kind", "period", *CELL_NAMES]
_DIMENSION = {"source_id": "source"}  # columns that are not named as their dimension


def volume_table(codes: Codes, ads: pa.Table) -> pa.Table:
    """Rows of `out_volume`, given the rows of ADS."""
    columns = {name: _DIMENSION.get(name, name) for name in CELL_NAMES}
    codes.load(["year", "month", *columns.values()])
    one = Column(np.zeros(codes.n, np.int16), ["vacancy"])

    def within(names: tuple[str, ...]) -> list[pa.Table]:
        cells = cells_of(codes, [columns[name] for name in names], without={"topsector": (UNKNOWN, NONE)})
        tables = []
        for length in ("year", "month"):
            found = sum_items(codes, cells, one, length, threads=1)
            n = len(found.items)
            keys = {"period_kind": pa.repeat(length, n), "period": codes.named(length, found.keys[length])}
            keys |= {
                name: codes.named(dimension, found.keys[dimension]) if name in names else pa.repeat(ALL, n)
                for name, dimension in columns.items()
            }
            counts = {name: found.measures[name].astype(np.int64) for name in ("vacancies_n", "employers_n")}
            tables.append(pa.table({name: pa.array(value) for name, value in {**keys, **counts}.items()}))
        return tables

    sets = chain.from_iterable(combinations(CELL_NAMES, size) for size in range(len(CELL_NAMES) + 1))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        tables = [table for tables in pool.map(within, sets if codes.n else ()) for table in tables]
    text = pa.schema(
        [*((name, pa.string()) for name in _KEYS), ("vacancies_n", pa.int64()), ("employers_n", pa.int64())]
    )
    vacancies = pa.concat_tables([text.empty_table(), *(table.select(text.names).cast(text) for table in tables)])
    # A cell of ads that are all repeats of vacancies of another source or period has none of its own.
    joined = ads.join(vacancies, keys=_KEYS, join_type="left outer").sort_by([(name, "ascending") for name in _KEYS])
    known = {name: pc.fill_null(joined[name], 0) for name in ("vacancies_n", "employers_n")}
    return pa.table({name: known.get(name, joined[name]) for name in table_spec("out_volume").names})
