"""Queries that make no table: what a trace looks up. One file each, in the portable subset, with bound parameters."""

from importlib.resources import files


def lookup(name: str) -> str:
    """The text of the SQL file `name`."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def lookups() -> list[str]:
    """Names of the lookups."""
    return sorted(f.name.removesuffix(".sql") for f in files(__package__).iterdir() if f.name.endswith(".sql"))
