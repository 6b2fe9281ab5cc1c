"""One SQL file per table, named as the table, in the portable DuckDB subset with `$name` parameters."""

from importlib.resources import files

from overstap.engine.dialect import parse
from overstap.schema import table_spec


def query(table: str) -> str:
    """The query that makes `table`: its SQL file, with its rows in the order of the contract's key.

    A file that gives an order of its own keeps it. Without one, threads would decide which row comes first.
    """
    text = files(__package__).joinpath(f"{table}.sql").read_text(encoding="utf-8")
    return text if parse(text).args.get("order") else f"{text}ORDER BY {', '.join(table_spec(table).key)}\n"


def tables() -> list[str]:
    """Names of the tables that a SQL file makes."""
    return sorted(f.name.removesuffix(".sql") for f in files(__package__).iterdir() if f.name.endswith(".sql"))
