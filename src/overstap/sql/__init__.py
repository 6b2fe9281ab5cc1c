"""One SQL file per table, named as the table, in the portable DuckDB subset with `$name` parameters."""

from importlib.resources import files


def query(table: str) -> str:
    """The text of the SQL file that makes `table`."""
    return files(__package__).joinpath(f"{table}.sql").read_text(encoding="utf-8")


def tables() -> list[str]:
    """Names of the tables that a SQL file makes."""
    return sorted(f.name.removesuffix(".sql") for f in files(__package__).iterdir() if f.name.endswith(".sql"))
