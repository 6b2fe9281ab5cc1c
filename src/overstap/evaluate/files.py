"""Files of annotated cases: which kind a file is, told by its columns, and its rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overstap.errors import InputError, nearest
from overstap.evaluate.skills import LABEL_COLUMNS
from overstap.schema.core import CODED

Row = dict[str, Any]

_NOT_FACTS = ("title", "title_key", "language", "codable", "isco08_candidates", "function_group", "topsectors")
FACTS = tuple(
    column.name for column in CODED if column.name not in _NOT_FACTS and not column.name.startswith(("isco", "sector"))
)
"""Columns of `core_annotations` that a file of facts can name."""


@dataclass(frozen=True)
class Kind:
    """A kind of annotated set: the columns by which it is known, in one of these forms, and with one of `any_of`."""

    forms: tuple[tuple[str, ...], ...]
    about: str
    any_of: tuple[str, ...] = ()

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a file with these columns is of this kind."""
        known = any(set(form) <= set(columns) for form in self.forms)
        return known and (not self.any_of or bool(set(self.any_of) & set(columns)))

    @property
    def columns(self) -> str:
        """The columns as a reader writes them."""
        names = " or ".join(",".join(form) for form in self.forms)
        return f"{names} and one or more of {','.join(self.any_of)}" if self.any_of else names


KINDS: Mapping[str, Kind] = {
    "mentions": Kind((LABEL_COLUMNS,), "windows of ads judged: is the skill asked here?"),
    "titles": Kind((("title", "isco08"),), "job titles and their ISCO-08 code, 1–4 digits; optional lang (nl, en)"),
    "concepts": Kind((("title", "uri"),), "job titles and their ESCO occupation; optional lang (nl, en)"),
    "sentences": Kind((("sentence", "uri"), ("sentence", "uris")), "sentences and the ESCO skills they ask"),
    "spans": Kind(
        (("text", "spans"), ("tokens", "tags_skill", "tags_knowledge")),
        "JSON Lines; spans are {start, end, kind}, kind skill or knowledge; or SkillSpan's own form",
    ),
    "facts": Kind((("text",),), "JSON Lines; null where the text does not say", FACTS),
    "languages": Kind((("text", "language"),), "texts and their language (ISO 639-1)"),
    "sectors": Kind((("company", "sector"),), "employers and their SBI 2008 section letter"),
}
"""The kinds by name, in the order in which they are tried."""


@dataclass(frozen=True)
class AnnotatedSet:
    """Annotated cases of a kind, ready to run. `shown`: whether texts of cases may be printed; `data`: the folder with
    `ads`, where one was given; `path`: the file."""

    name: str
    kind: str
    rows: Sequence[Row]
    path: Path
    data: Path | None = None
    shown: bool = True


def split_argument(argument: str) -> tuple[str | None, Path]:
    """`KIND=FILE` as kind and file, `FILE` as (None, file). Raises InputError for an unknown kind."""
    kind, sign, rest = argument.partition("=")
    if not sign or Path(argument).exists():
        return None, Path(argument)
    if kind not in KINDS:
        raise InputError(
            f"{argument}: '{kind}' is not a kind of annotated set.", why=nearest(kind, KINDS), fix=_kinds()
        )
    return kind, Path(rest)


def read_set(kind: str | None, path: Path, data: Path | None = None) -> AnnotatedSet:
    """The cases of a file. Raises InputError for a file that is missing, empty, unreadable or of no known kind."""
    if not path.is_file():
        near = nearest(path.name, (p.name for p in path.parent.iterdir())) if path.parent.is_dir() else ""
        raise InputError(f"There is no file {path}.", fix=near or "Check the path.")
    rows = list(_json_lines(path) if _ending(path) in (".jsonl", ".ndjson", ".json") else _csv(path))
    if not rows:
        raise InputError(f"{path} holds no cases.", fix="Give it a row of column names and at least one case.")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    found = kind or next((name for name, k in KINDS.items() if k.fits(columns)), None)
    if found is None:
        raise InputError(
            f"{path}: no kind of set has its columns: {', '.join(columns)}.", why=_near(columns), fix=_kinds()
        )
    if not KINDS[found].fits(columns):
        raise InputError(
            f"{path} has the columns {', '.join(columns)}; '{found}' needs {KINDS[found].columns}.",
            fix="Rename its columns, or leave the kind to be told by them.",
        )
    return AnnotatedSet(path.name, found, rows, path, data)


def text_of(item: AnnotatedSet, column: str) -> list[str]:
    """The texts of a column. Raises InputError with the case where one is empty or no text."""
    for at, row in enumerate(item.rows, 1):
        value = row.get(column)
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{item.path}: case {at} has no {column}.", fix="Fill it in, or leave the case out.")
    return [row[column] for row in item.rows]


def _ending(path: Path) -> str:
    return next((s.lower() for s in reversed(path.suffixes) if s.lower() != ".gz"), "")


def _lines(path: Path) -> list[str]:
    raw = path.read_bytes()
    try:
        return (gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw).decode("utf-8-sig").split("\n")
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise InputError(f"{path} cannot be read as text.", why=str(error), fix="Save it as UTF-8.") from error


def _json_lines(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}: line {number} is not JSON.", why=str(error), fix="JSON Lines holds one {…} a line."
            ) from error
        if not isinstance(row, dict):
            raise InputError(f"{path}: line {number} is no object.", fix="JSON Lines holds one {…} a line.")
        yield row


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(10**9)
    text = "\n".join(_lines(path))
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    names = [name.strip().lower() for name in next(reader, [])]
    for number, cells in enumerate((row for row in reader if row), 1):
        if len(cells) != len(names):
            raise InputError(
                f"{path}: case {number} has {len(cells)} cells, the head has {len(names)}.",
                why="A comma within a text must stand in quotes.",
                fix='Write such a cell as "text, with a comma".',
            )
        yield dict(zip(names, (cell.strip() for cell in cells), strict=True))


def _kinds() -> str:
    known = "\n".join(f"  {name}: {kind.columns} ({kind.about})" for name, kind in KINDS.items())
    return f"Give the columns one of these forms, or say it with KIND=FILE:\n{known}"


def _near(columns: Sequence[str]) -> str:
    """The kind that shares most columns with a file, or else has one with a name like them."""
    shared = {name: max(len({*form} & {*columns}) for form in kind.forms) for name, kind in KINDS.items()}
    best = max(shared, key=lambda name: shared[name])
    if not shared[best]:
        like = {c: k for k, kind in KINDS.items() for form in kind.forms for c in form}
        hints = [(c, hint) for c in columns if (hint := nearest(c, like))]
        return f"Column '{hints[0][0]}': {hints[0][1]}" if hints else ""
    lacking = min((set(form) - set(columns) for form in KINDS[best].forms), key=len) or set(KINDS[best].any_of)
    return f"Nearest is '{best}', of which it lacks {', '.join(sorted(lacking))}."
