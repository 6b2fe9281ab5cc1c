"""The tree of errors. Each says what was wrong, why, and the command or setting that mends it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable


class OverstapError(Exception):
    """Base of every error a user can cause.

    `what` names the fault with file, row and value; `why` the cause where it is known; `fix` the command
    or setting that mends it. The command line prints the three and ends with exit code 2.
    """

    def __init__(self, what: str, *, why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        lines = [self.what]
        if self.why:
            lines.append(f"Why: {self.why}")
        if self.fix:
            lines.append(f"Mend: {self.fix}")
        return "\n".join(lines)


class StudyError(OverstapError):
    """The study file is missing, not valid YAML, or has a setting that is unknown or out of range."""


class InputError(OverstapError):
    """An input file is missing, unreadable, empty, or lacks a column that the mapping names."""


class ReferenceDataError(OverstapError):
    """A reference table or taxonomy is unknown, not installed, or cannot be read."""


class StoreError(OverstapError):
    """The study's folder of results is locked, incomplete, or of another format version."""


class ResourceError(OverstapError):
    """Memory, disk or a worker process gave out. Nothing is lost: the same command goes on where it stopped."""


class SqlError(OverstapError):
    """A query uses a function outside the portable set, or an engine refused it."""


class ContractError(OverstapError):
    """A step wrote a table that does not fit its contract in `schema.py`. A fault of overstap, not of the user."""


class Problems(OverstapError):
    """Several problems at once, as `overstap check` finds them; `items` holds each of them."""

    def __init__(self, items: Iterable[OverstapError]) -> None:
        self.items = list(items)
        n = len(self.items)
        super().__init__(f"{n} problem{'s' if n != 1 else ''} found")

    def __str__(self) -> str:
        return "\n\n".join(f"{i}. {item}" for i, item in enumerate(self.items, 1))


def problems_of(checks: Iterable[Callable[[], object]]) -> list[OverstapError]:
    """What each check raises, in order; several at once one by one."""
    found: list[OverstapError] = []
    for check in checks:
        try:
            check()
        except Problems as several:
            found += several.items
        except OverstapError as error:
            found.append(error)
    return found


def nearest(value: str, known: Iterable[str]) -> str:
    """The known name most like `value`, as a phrase for an error text; an empty string where none is near."""
    matches = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{matches[0]}'?" if matches else ""
