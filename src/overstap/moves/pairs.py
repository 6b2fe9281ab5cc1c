"""Similarity of pairs of occupations that a person names: rows in, rows with every component out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from overstap.cells import csv_text
from overstap.errors import InputError
from overstap.moves.crosswalk import Level
from overstap.moves.find import KNOWN, Finder, Found, finder
from overstap.moves.profiles import Profiles, profiles
from overstap.moves.similarity import Similarity, similarity
from overstap.schema.moves import COMPONENTS

_NAMED = ("from", "to", "from_code", "to_code", "from_name", "to_name")
COLUMNS = (*_NAMED, *COMPONENTS, "similarity", "band", "basis", "features", "message")
_ORDER = ("observed", "allocated", "assumed", "unknown")


@dataclass(frozen=True)
class _Named:
    """What a text stands for: codes (several for a unit group among ESCO occupations), how it is shown, or why not."""

    codes: tuple[str, ...] = ()
    code: str = ""
    name: str = ""
    message: str = ""


def read_pairs(raw: bytes, where: str) -> list[tuple[str, str]]:
    """The columns `from` and `to` of a CSV: commas, semicolons or tabs, UTF-8, UTF-16 or Windows. Raises InputError
    where a column is missing or there are no rows."""
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    if missing := [name for name in ("from", "to") if name not in columns]:
        raise InputError(
            f"{where} has no column {' and no column '.join(repr(name) for name in missing)}.",
            why=f"Its columns: {', '.join(columns) or 'none, the file is empty'}.",
            fix="Give a CSV with the columns from and to: a code, an ESCO URI or a name in each.",
        )
    pairs = [((row[columns["from"]] or "").strip(), (row[columns["to"]] or "").strip()) for row in reader]
    if not pairs:
        raise InputError(f"{where} has a header and no rows.", fix="Add a row for each pair of occupations.")
    return pairs


def rate(
    pairs: Sequence[tuple[str, str]], level: Level, lang: str = "nl", home: Path | None = None
) -> list[dict[str, Any]]:
    """A row of `COLUMNS` for each pair, in order. Numbers are null where an occupation is not found (`message` names
    the nearest three) or has no profile. `basis`: the weaker of the two profiles."""
    names = finder(level, home)
    known = {text: _resolved(text, names, lang) for text in dict.fromkeys(text for pair in pairs for text in pair)}
    asked = [pair for pair in pairs if known[pair[0]].codes and known[pair[1]].codes]
    at = profiles(level, home)
    origins = tuple(dict.fromkeys(code for start, _ in asked for code in known[start].codes))
    made = similarity(at, origins, home) if origins else None
    return [_row(start, goal, known, at, made) for start, goal in pairs]


def top_moves(text: str, level: Level, n: int, lang: str = "nl", home: Path | None = None) -> list[dict[str, Any]]:
    """The `n` moves of highest similarity from one occupation, as rows of `rate`. Raises InputError where it is not
    found, naming the nearest."""
    names = finder(level, home)
    start = _resolved(text, names, lang)
    if not start.codes:
        raise InputError(start.message, fix=f"Give a code or a name: overstap similarity --level {level} --of NAME")
    at = profiles(level, home)
    made = similarity(at, start.codes, home)
    score = np.nan_to_num(made.combined.mean(axis=0), nan=-1.0)
    best = [j for j in np.argsort(-score, kind="stable") if at.codes[j] not in start.codes and score[j] >= 0][:n]
    known = {text: start}
    known |= {at.codes[j]: _Named((at.codes[j],), at.codes[j], names.name(at.codes[j], lang)) for j in best}
    return [_row(text, at.codes[j], known, at, made) for j in best]


def write_rows(rows: Iterable[dict[str, Any]]) -> str:
    """The rows as CSV; an empty cell where a value is not known."""
    return csv_text(COLUMNS, rows)


def _resolved(text: str, names: Finder, lang: str) -> _Named:
    if codes := names.coded(text):
        if len(codes) == 1:
            return _Named((codes[0],), codes[0], names.name(codes[0], lang))
        return _Named(
            tuple(codes), text, f"{len(codes)} ESCO occupations", f"'{text}': mean of {len(codes)} occupations"
        )
    found = names.find(text, lang)
    if not found or found[0].score < KNOWN:
        nearest = "; ".join(f"{f.name} ({f.code})" for f in found) or "none"
        return _Named(message=f"'{text}' is no known occupation; nearest: {nearest}" if text else "an empty cell")
    return _of(found[0], text)


def _of(best: Found, text: str) -> _Named:
    read = "" if best.score == 1.0 else f"'{text}' read as {best.name} ({best.score:.2f})"
    return _Named((best.code,), best.code, best.name, read)


def _row(start: str, goal: str, known: dict[str, _Named], at: Profiles, made: Similarity | None) -> dict[str, Any]:
    a, b = known[start], known[goal]
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"from": start, "to": goal, "from_code": a.code, "to_code": b.code, "from_name": a.name, "to_name": b.name}
    row["message"] = "; ".join(dict.fromkeys(part for part in (a.message, b.message) if part))
    if made is None or not a.codes or not b.codes:
        return row
    place = {code: i for i, code in enumerate(at.codes)}
    inside = np.ix_([made.origins.index(code) for code in a.codes], [place[code] for code in b.codes])
    row |= {name: _mean(scores[inside]) for name, scores in made.components.items()}
    row["similarity"] = _mean(made.combined[inside])
    if row["similarity"] is None:
        row["message"] = "; ".join(filter(None, [row["message"], "no profile of one of the two"]))
    else:
        row["band"] = made.threshold.band(row["similarity"])
    basis = {at.basis[place[code]] for code in (*a.codes, *b.codes)}
    row["basis"] = max(basis | ({"allocated"} if len(a.codes) + len(b.codes) > 2 else set()), key=_ORDER.index)
    row["features"] = at.unit
    return row


def _mean(block: npt.NDArray[np.float64]) -> float | None:
    known = block[~np.isnan(block)]
    return round(float(known.mean()), 6) if len(known) else None
