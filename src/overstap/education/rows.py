"""Cells of tables of education: counts that are suppressed become bounds, codes and words of DUO become ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from overstap.errors import InputError, nearest
from overstap.reference.tables import load
from overstap.sources.tables import Row, fold
from overstap.sources.tables import read_rows as table_rows

LEVELS = ("mbo1", "mbo2", "mbo3", "mbo4", "ad", "hbo_bachelor", "wo_bachelor", "master", "doctor")
"""Levels of education, as tables, matrix and settings name them."""
UNKNOWN = ("", "x", "nb", "n.b.", "onbekend", "unknown", "na", "n.v.t.", ".", "-")
_FEWER = re.compile(r"^<\s*(\d+)$")
_THOUSANDS = re.compile(r"\d{1,3}([., \u00a0\u202f]\d{3})+")
_RANGE = re.compile(r"^(\d+)\s*[-–]\s*(\d+)$")
_SUPPRESSED_BELOW = 5  # DUO writes -1 in older files where newer ones write <5
_SEX = {"m": "man", "man": "man", "male": "man", "mannen": "man", "v": "vrouw", "vrouw": "vrouw", "female": "vrouw",
        "f": "vrouw", "vrouwen": "vrouw", "woman": "vrouw"}  # fmt: skip


def read_rows(path: Path, known: Mapping[str, Sequence[str]], needed: Iterable[str]) -> Iterator[Row]:
    """The rows of a table of education, as `sources.tables.read_rows`."""
    return table_rows(path, known, needed, "See overstap education template.")


def bounds(text: str, where: str) -> tuple[int, int] | None:
    """A count as (low, high): `12` → (12, 12), `<5` and DUO's -1 → (1, 4), `5-9` → (5, 9); None where unknown.

    Raises InputError for any other text.
    """
    plain = text.strip().lower()
    if plain in UNKNOWN:
        return None
    if plain == "-1":
        return 1, _SUPPRESSED_BELOW - 1
    if match := _FEWER.match(plain):
        return 1, max(int(match[1]) - 1, 1)
    if match := _RANGE.match(plain):
        low, high = int(match[1]), int(match[2])
        if low <= high:
            return low, high
    whole = plain if _THOUSANDS.fullmatch(plain) else re.sub(r"[.,]0+$", "", plain)
    if _THOUSANDS.fullmatch(whole):
        whole = re.sub(r"\D", "", whole)
    if whole.isdigit():
        return int(whole), int(whole)
    raise InputError(
        f"{where}: '{text}' is no count.", fix="Give a whole number, <5 for a suppressed cell, or nothing for unknown."
    )


def year_of(text: str, where: str, *, last: bool = False) -> int:
    """A year: 2023; of a school year, 2023/24 or 2023-2024, the first, or the `last`. Raises InputError."""
    if match := re.match(r"^(\d{4})(?:\s*[-/]\s*(\d{2,4}))?$", text.strip()):
        first, second = int(match[1]), match[2]
        if second is None:
            return first
        end = int(second) if len(second) == 4 else first - first % 100 + int(second)
        if end == first + 1:
            return end if last else first
    if match := re.match(r"^(\d{4})-?(\d{2})-?(\d{2})$", text.strip()):  # a reference date, as DUO has for mbo
        return int(match[1])
    if match := re.match(r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4})$", text.strip()):
        return int(match[1])
    raise InputError(f"{where}: '{text}' is no year.", fix="Write 2023, or a school year as 2023/2024.")


def sex_of(text: str) -> str | None:
    """`man`, `vrouw`, or None where it is unknown."""
    return _SEX.get(text.strip().lower())


def level_of(text: str, programme: str, kind: str = "") -> str | None:
    """One of LEVELS from DUO's words, the programme code and what is said of the sort of education; None: unknown.

    In CROHO codes that begin with 5 are bachelors of universities, those with 3 of hbo.
    """
    word, sort = fold(text), fold(kind)
    if word in LEVELS:
        return word
    if digit := re.search(r"(?:^|mbo_?|niveau_?)([1-4])$", word):
        return f"mbo{digit[1]}"
    named = {"associate_degree": "ad", "ad": "ad", "entree": "mbo1", "entreeopleiding": "mbo1", "phd": "doctor"}
    if word in named:
        return named[word]
    if "master" in word or word == "doctoraal":
        return "master"
    if "bachelor" in word or "propedeuse" in word:
        of_university = programme.startswith("5") or sort in ("wo", "wetenschappelijk_onderwijs", "university")
        return "wo_bachelor" if of_university else "hbo_bachelor"
    return None


def programme_code(text: str) -> str:
    """A programme code with its leading zeros: five digits in CROHO and crebo."""
    plain = text.strip()
    return plain.zfill(5) if plain.isdigit() else plain


def fields_of_programmes() -> dict[str, str]:
    """The bundled ISCED-F field of every CROHO code."""
    table = load("programme_isced")
    return dict(zip(table["programme"].to_pylist(), table["isced_f"].to_pylist(), strict=True))


def check_field(code: str, where: str) -> str | None:
    """An ISCED-F 2013 field of two to four digits, None where it is empty. Raises InputError for another code."""
    plain = code.strip()
    if plain.lower() in UNKNOWN:
        return None
    known = set(load("isced_f")["code"].to_pylist())
    if re.fullmatch(r"\d{2,4}", plain) and (plain in known or (plain[:3] in known and plain.endswith("0"))):
        return plain
    if plain[:3] in known and len(plain) == 4 and plain.endswith(("8", "9")):
        return plain  # interdisciplinary, or not elsewhere classified
    raise InputError(
        f"{where}: '{code}' is no field of ISCED-F 2013.",
        why=nearest(plain, known),
        fix="Write it with its leading zero: 0531. overstap reference show isced_f lists the fields.",
    )
