"""In which sectors the work of an occupation is found: allocated, as only major groups are counted by sector."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from overstap.analysis.digital_workforce import cells_of
from overstap.errors import InputError, nearest
from overstap.moves.crosswalk import Level, crosswalk
from overstap.reference.tables import load

YEAR = 2022
"""The year of the survey that counts jobs by sector and major group."""


@lru_cache(maxsize=1)
def shares_by_two_digit() -> dict[str, dict[str, float]]:
    """Share (0–1) of the jobs of each two-digit group of ISCO-08 in each section of SBI 2008, in YEAR.

    Jobs by section and major group divided over two-digit groups as `analysis.digital_workforce` does.
    """
    sections, codes, cells = cells_of(
        load("employment_sector_occupation"), load("cedefop_employment"), load("task_indices"), YEAR
    )
    totals = cells.sum(axis=0)
    return {
        code: {section: float(cells[i, at] / totals[at]) for i, section in enumerate(sections)}
        for at, code in enumerate(codes)
        if totals[at] > 0
    }


def sectors_of(level: Level) -> dict[str, dict[str, float]]:
    """Share (0–1) of an occupation's jobs in each section, for all occupations of `level`; none where not known."""
    known = shares_by_two_digit()
    found: dict[str, dict[str, float]] = {}
    for row in crosswalk(level, "isco").to_pylist():
        mine = found.setdefault(row["from"], {})
        for section, share in known.get(row["to"][:2], {}).items():
            mine[section] = mine.get(section, 0.0) + row["weight"] * share
    for mine in found.values():
        if total := np.sum(list(mine.values())):
            mine.update({section: float(share / total) for section, share in mine.items()})
    return found


def section_of(text: str) -> str:
    """The section (letter) that `text` means: a letter, or the start or a word of its name in either language.

    Raises `InputError`, naming the nearest, where no section is meant, or several.
    """
    rows = [row for row in load("sbi2008").to_pylist() if row["level"] == 1]
    wanted = text.strip().casefold()
    names = {row["code"]: (row["title_nl"].casefold(), row["title_en"].casefold()) for row in rows}
    tests: tuple[Callable[[str, tuple[str, str]], bool], ...] = (
        lambda code, titles: wanted == code.casefold() or wanted in titles,
        lambda code, titles: any(title.startswith(wanted) for title in titles),
        lambda code, titles: any(wanted in title for title in titles),
    )
    found: list[str] = []
    for test in tests:
        found = [code for code, titles in names.items() if wanted and test(code, titles)]
        if len(found) == 1:
            return found[0]
    if found:
        meant = "; ".join(f"{r['code']} {r['title_nl']}" for r in rows if r["code"] in found)
        raise InputError(
            f"The sector '{text}' may be several: {meant}.", fix="Give the letter of one, or a longer part of its name."
        )
    words = [word.strip(",;") for titles in names.values() for title in titles for word in title.split()]
    raise InputError(
        f"There is no section of SBI 2008 called '{text}'.",
        why=nearest(wanted, words) or "Sections are " + ", ".join(f"{r['code']} {r['title_nl']}" for r in rows) + ".",
        fix="Give the letter of the section, say Q, or a word of its name.",
    )
