"""A user's own list of titles: codes that win over everything else, from the moment it is installed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from difflib import SequenceMatcher
from hashlib import blake2b
from io import StringIO
from pathlib import Path

from overstap.errors import InputError, Problems, ReferenceDataError
from overstap.reference.home import data_home
from overstap.whole import whole_file

_NAME = "titles.csv"
_SHOWN = 20
_HINTS = 3


def install(source: Path, home: Path | None = None) -> int:
    """Check a CSV with the columns title and isco08 and keep it in the data folder; gives the number of titles.

    A list that was there is replaced. Raises InputError where the file cannot be read or lacks a column or a title,
    and Problems with every row whose code is not an ISCO-08 unit group, or is another than that of a row whose title is
    read as the same.
    """
    from overstap.ads.occupation import own_form  # which reads the list

    titles = _read(source, own_form)
    with whole_file(data_home(home) / _NAME) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["title", "isco08"])
        writer.writerows(titles.items())
    return len(titles)


def remove(home: Path | None = None) -> None:
    """Remove the installed list. Raises ReferenceDataError where there is none."""
    try:
        (data_home(home) / _NAME).unlink()
    except FileNotFoundError:
        fix = "overstap reference install titles --from FILE"
        raise ReferenceDataError("No list of titles is installed.", fix=fix) from None


def load(home: Path | None = None) -> dict[str, str]:
    """The installed titles and their ISCO-08 codes; empty where none are. Raises as `install` does."""
    path = data_home(home) / _NAME
    return _read(path) if path.is_file() else {}


def version(home: Path | None = None) -> str | None:
    """A hash of the installed list, null where there is none: what codings made with it depend on."""
    path = data_home(home) / _NAME
    return blake2b(path.read_bytes(), digest_size=8).hexdigest() if path.is_file() else None


def _read(path: Path, form: Callable[[str], str] = str) -> dict[str, str]:
    shape = "Columns: title,isco08, in UTF-8; one title a row, its four-digit ISCO-08 code beside it."
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"The list of titles {path} cannot be read.", why=error.strerror or "", fix=shape) from error
    except UnicodeDecodeError as error:
        raise InputError(f"The list of titles {path} is not UTF-8.", why=str(error), fix=shape) from error
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter)
    missing = {"title", "isco08"} - set(reader.fieldnames or [])
    if missing:
        has = ", ".join(reader.fieldnames or []) or "nothing"
        raise InputError(f"{path} lacks {' and '.join(sorted(missing))}; it has {has}.", fix=shape)
    known, titles, wrong = _unit_groups(), dict[str, str](), list[InputError]()
    seen: dict[str, tuple[int, str, str]] = {}
    for row in reader:
        title, code = (row["title"] or "").strip(), (row["isco08"] or "").strip()
        where = f"{path}, line {reader.line_num}"
        if not title:
            wrong.append(InputError(f"{where}: the title is empty.", fix="Fill it in, or leave the row out."))
        elif code not in known:
            what = f"{where}: isco08 '{code}' of '{title}' is no ISCO-08 unit group."
            wrong.append(
                InputError(what, why=_hint(code, title, known), fix="The codes: overstap reference show isco08")
            )
        elif (first := seen.setdefault(form(title), (reader.line_num, title, code)))[2] != code:
            other = f"line {first[0]}: '{first[1]}', read as the same title, has {first[2]}"
            wrong.append(InputError(f"{where}: '{title}' has {code}; {other}.", fix="Keep one, or give both one code."))
        else:
            titles[title] = code
    if wrong:
        raise wrong[0] if len(wrong) == 1 else Problems(wrong[:_SHOWN])
    if not titles:
        raise InputError(f"{path} has no titles.", fix=shape)
    return titles


def _hint(code: str, title: str, known: dict[str, str]) -> str:
    """The unit groups that a wrong code may have meant, with their names: one sign off, or two changed places; else the
    groups below it, or those nearest by number. Of several those come first whose name is nearest to the title."""
    near = [group for group in known if _one_off(code, group)]
    if not near:
        near = [group for group in known if group.startswith(code)] if 0 < len(code) < 4 else []
    if not near and code.isdecimal():
        near = sorted(known, key=lambda group: abs(int(group) - int(code)))[:_HINTS]
    words = title.lower()
    near.sort(key=lambda group: (-SequenceMatcher(None, words, known[group].lower()).ratio(), group))
    named = "; ".join(f"{group} {known[group]}" for group in near[:_HINTS])
    return f"The nearest: {named}." if named else ""


def _one_off(code: str, group: str) -> bool:
    """True where one sign is missing, too many or another, or two that stand side by side changed places."""
    if len(code) == len(group):
        wrong = [i for i in range(len(code)) if code[i] != group[i]]
        swapped = (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and code[wrong[0] : wrong[1] + 1] == group[wrong[0] : wrong[1] + 1][::-1]
        )
        return len(wrong) == 1 or swapped
    short, long = sorted((code, group), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _unit_groups() -> dict[str, str]:
    """The ISCO-08 unit groups and their names, Dutch where there is one."""
    from overstap.reference import tables

    rows = tables.load("isco08").to_pylist()
    return {row["code"]: row["title_nl"] or row["title_en"] for row in rows if row["level"] == 4}
