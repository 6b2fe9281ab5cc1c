"""One SQL text for two engines: the portable subset is checked, then sqlglot translates it for Spark.

A function outside the allow-list may mean something else on Spark, silently (`hash`, casts of floats to integers), so
it is refused here rather than found in a number.
"""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

from overstap.errors import SqlError, nearest

# Functions that give the same answer on DuckDB and Spark, as the engine tests check on every SQL file.
PORTABLE = frozenset(
    """
    abs and any_value array_contains array_length array_size avg between case cast coalesce concat count
    date_trunc dense_rank exp explode floor greatest if in lag least length ln logical_and logical_or lower max md5 min
    not nullif or power quarter rank regexp_extract round row_number sqrt substring sum time_to_str trim unnest upper
    year
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=256)
def parse(query: str) -> exp.Query:
    """The parsed query; raises SqlError where it is not one SELECT or uses a function outside the portable set."""
    try:
        statements = [s for s in sqlglot.parse(query, read="duckdb") if s is not None]
    except sqlglot.ParseError as error:
        raise SqlError(f"The SQL cannot be parsed: {error}", fix="Write it in DuckDB's SQL.") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SqlError("A SQL file holds exactly one SELECT.", fix="Split it into one file per table.")
    statement = statements[0]
    for function in statement.find_all(exp.Func):
        name = (function.name if isinstance(function, exp.Anonymous) else function.sql_name()).lower()
        if name not in PORTABLE:
            raise SqlError(
                f"The function '{name}' is not in the portable set.",
                why="It may be missing on Spark, or mean something else there.",
                fix=f"{nearest(name, PORTABLE)} Portable functions: {', '.join(sorted(PORTABLE))}".strip(),
            )
    return statement


def for_spark(query: str) -> str:
    """The query in Spark's dialect, its `$name` parameters as `:name`."""
    tree = parse(query).copy()
    for parameter in list(tree.find_all(exp.Parameter, exp.Placeholder)):
        parameter.replace(exp.Placeholder(this=parameter.name))
    return tree.sql(dialect="spark")


def parameters_of(query: str) -> set[str]:
    """Names of the `$name` parameters that the query uses."""
    return {p.name for p in parse(query).find_all(exp.Parameter, exp.Placeholder) if p.name}


def tables_of(query: str) -> set[str]:
    """Names of the stored tables that the query reads (its own common table expressions left out)."""
    tree = parse(query)
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    return {t.name for t in tree.find_all(exp.Table) if t.name and t.name not in own}
