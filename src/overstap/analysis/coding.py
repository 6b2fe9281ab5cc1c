"""Vacancies as codes: every dimension a small integer, vacancies of one employer together.

One column is read and coded at a time, so that memory holds the codes and one column of text: some 200 bytes a vacancy.
The employer is the only order that matters to what follows, and sorting its numbers costs less than sorting rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.cross_kernel import by_cell, pick
from overstap.analysis.dimensions import READ_FROM, Banded, Named
from overstap.batches import ordered_map
from overstap.reference.technologies import Technology
from overstap.schema import table_spec
from overstap.schema.codes import DIMENSIONS
from overstap.schema.out import UNKNOWN

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
SmallInts = NDArray[np.signedinteger[Any]]
"""Codes in as few bytes as hold them; below 0 is none."""
Read = Callable[[list[str]], pa.Table]
"""Gives the named columns of `core_vacancies`."""

NONE = "none"  # the value of a list that is known and empty
_EACH: Ints = np.empty(0, np.int32)  # offsets of what has one entry a row
_BATCH_ROWS = 1_000_000
_THREADS = os.cpu_count() or 1


@dataclass(frozen=True)
class Column:
    """Codes of one dimension and what they mean; `offsets` bound those of each row where there may be several."""

    codes: SmallInts
    levels: list[str]
    offsets: Ints | None = None


@dataclass(frozen=True)
class Asked:
    """Skills asked by vacancy: the ids of vacancies, the bounds of their skills, and codes of the sorted `skills`."""

    vacancies: pa.ChunkedArray
    offsets: Ints
    codes: SmallInts
    skills: list[str]

    @classmethod
    def of(cls, batches: Iterable[pa.RecordBatch]) -> Asked:
        """From `core_vacancy_skills`, in which the rows of a vacancy stand together."""
        ids, starts, codes = [pa.array([], pa.string())], [np.empty(0, np.int64)], [np.empty(0, np.int32)]
        known: dict[str, int] = {}
        last, rows = None, 0
        for vacancies, begins, skills in ordered_map(_begun, batches, _THREADS):
            names = skills.dictionary.to_pylist()
            codes.append(np.array([known.setdefault(name, len(known)) for name in names], np.int32)[skills.indices])
            if rows and len(begins):
                begins[0] = vacancies[0].as_py() != last
            starts.append(np.flatnonzero(begins) + rows)
            ids.append(vacancies.filter(pa.array(begins)))
            last, rows = (vacancies[-1].as_py() if len(begins) else last), rows + len(begins)
        column = _sorted(np.concatenate(codes), list(known), np.int16)
        offsets = np.append(np.concatenate(starts), rows).astype(np.int32)
        return cls(pa.chunked_array(ids), offsets, column.codes, column.levels)


def _begun(batch: pa.RecordBatch) -> tuple[pa.Array, NDArray[np.bool_], pa.DictionaryArray]:
    """Vacancies, which rows are the first of one (the first row counts as such), and the skills."""
    vacancies = batch.column("vacancy_id")
    begins = np.ones(len(vacancies), bool)
    begins[1:] = pc.not_equal(vacancies[1:], vacancies[:-1])
    skills = batch.column("skill_id")
    return vacancies, begins, skills if pa.types.is_dictionary(skills.type) else skills.dictionary_encode()


def narrow(codes: SmallInts, levels: int, least: type[np.signedinteger[Any]] = np.int8) -> SmallInts:
    """Codes of so many levels in as few bytes as hold them, and −1; lists of them in two at least, as crosses read
    them."""
    return codes.astype(_size(levels, least), copy=False)


def wide(codes: SmallInts) -> SmallInts:
    """Codes in two bytes at least."""
    return codes.astype(np.int16) if codes.dtype == np.int8 else codes


def _size(levels: int, least: type[np.signedinteger[Any]] = np.int8) -> type[np.signedinteger[Any]]:
    return next(t for t in (np.int8, np.int16, np.int32) if max(levels, np.iinfo(least).max) <= np.iinfo(t).max)


@dataclass(frozen=True)
class Coded:
    """Coded vacancies in the order of their employers; `employers` and `weights` by row, columns by dimension."""

    vacancies: pa.Array
    employers: Ints
    weights: NDArray[np.float64]
    columns: Mapping[str, Column]

    def levels(self) -> pa.Table:
        """Rows of `core_levels`."""
        rows = [
            {"dimension": name, "code": code, "value": value}
            for name, column in self.columns.items()
            for code, value in enumerate(column.levels)
        ]
        return pa.Table.from_pylist(rows, schema=table_spec("core_levels").schema)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Rows of `core_codes`."""
        schema = table_spec("core_codes").schema
        for start in range(0, max(len(self.employers), 1), _BATCH_ROWS):
            rows = slice(start, start + _BATCH_ROWS)
            known = {
                "vacancy_id": self.vacancies[rows],
                "employer_code": pa.array(self.employers[rows]),
                "weight": pa.array(self.weights[rows]),
            }
            coded = {name: _arrow(column, start) for name, column in self.columns.items()}
            yield pa.RecordBatch.from_pydict(known | coded, schema=schema)


def _arrow(column: Column, start: int) -> pa.Array:
    if column.offsets is None:
        return pa.array(column.codes[start : start + _BATCH_ROWS].astype(np.int32))
    offsets = column.offsets[start : start + _BATCH_ROWS + 1]
    values = pa.array(column.codes[offsets[0] : offsets[-1]].astype(np.int32))
    return pa.ListArray.from_arrays(pa.array(offsets - offsets[0]), values)


def code_vacancies(
    read: Read,
    asked: Asked,
    skills: pa.Table,
    *,
    min_title: int,
    weights: pa.Table | None = None,
    technologies: Sequence[Technology] = (),
) -> Coded:
    """Code every vacancy that `read` gives, with the skills that it asks.

    `skills`: `core_skills`. A title is kept where `min_title` vacancies bear it. `weights`: vacancy_id and weight, a
    vacancy without a known one weighing nothing; without it every weight is 1. A vacancy asks a technology of
    `technologies` where it asks any of its skills.
    """
    vacancies = read(["vacancy_id"])["vacancy_id"]
    with ThreadPoolExecutor(_THREADS) as pool:
        places = pool.submit(pc.index_in, vacancies, asked.vacancies)  # takes long, so beside what gives the order
        employers = _numbered(read(["employer_id"])["employer_id"])[0]
        order = _order(_numbered(read(["month"])["month"]), employers)
        rows = np.asarray(pc.fill_null(places.result(), -1), dtype=np.int64)[order]
        work: list[Callable[[], dict[str, Column]]] = [
            lambda: {"title": _titles(read(["title_key"])["title_key"], min_title, order)},
            lambda: _asked(asked, skills, rows),
            lambda: {"technology": _technologies(asked, technologies, rows)},
            *(partial(_traits, read, names, order) for names in _by_column().values()),
        ]
        columns = {k: v for part in pool.map(lambda task: task(), work) for k, v in part.items()}
    weight = np.ones(len(order))
    if weights is not None and not _all_one(weights["weight"], len(order)):
        found = weights["weight"].take(pc.index_in(vacancies, weights["vacancy_id"]))
        weight = np.asarray(pc.fill_null(found, 0.0), dtype=np.float64)[order]
    named = vacancies.combine_chunks().take(pa.array(order))
    return Coded(named, employers[order], weight, {name: columns[name] for name in DIMENSIONS})


def _all_one(weights: pa.ChunkedArray, n: int) -> bool:
    """Whether each of `n` vacancies has weight 1, so that none need be looked up."""
    return len(weights) == n and not weights.null_count and bool(pc.all(pc.equal(weights, 1.0)).as_py())


def _order(months: tuple[Ints, pa.Array], employers: Ints) -> Longs:
    """Rows by employer, those of one in the order of their months, unknown ones last, and within these as they come."""
    known = np.asarray(pc.rank(months[1], "ascending", tiebreaker="first"), np.int64) - 1
    rank = np.append(known, len(known)).astype(np.int32)  # an unknown month has the code -1
    by_month = by_cell(_EACH, rank[months[0]], len(rank))[1]
    rows = by_cell(_EACH, employers[by_month], int(employers.max(initial=-1)) + 1)[1]
    return by_month[rows].astype(np.int64)


def _by_column() -> dict[tuple[str, ...], list[str]]:
    """Dimensions by the columns that they are read from."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, source in READ_FROM.items():
        found.setdefault(source.columns if isinstance(source, Banded) else (source.column,), []).append(name)
    return found


def _traits(read: Read, names: Sequence[str], order: Longs) -> dict[str, Column]:
    """Dimensions that are read from the same columns."""
    sources = {name: READ_FROM[name] for name in names}
    bands = {name: source for name, source in sources.items() if isinstance(source, Banded)}
    if bands:
        return {n: _leveled(s.bands(read(list(s.columns)))[order], s.labels) for n, s in bands.items()}
    named = {name: source for name, source in sources.items() if isinstance(source, Named)}
    column = next(iter(named.values())).column
    values = read([column])[column]
    if pa.types.is_list(values.type):
        codes, known = _numbered(pc.list_flatten(values))
        return {n: _ordered(_filled(_meant(codes, known, s), values), order) for n, s in named.items()}
    codes, known = _numbered(values.cast(pa.string()))
    return {name: _meant(codes[order], known, source) for name, source in named.items()}


def _filled(column: Column, lists: pa.ChunkedArray) -> Column:
    """Codes of the values of all lists, with one for each list that is null or empty put in its place."""
    known = np.asarray(pc.is_valid(lists))
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(np.maximum(lengths, 1))]).astype(np.int32)
    empty, levels = offsets[:-1][lengths == 0], list(column.levels)
    codes = np.empty(offsets[-1], _size(len(levels) + 2, np.int16))
    within = np.ones(len(codes), bool)
    within[empty] = False
    codes[within] = column.codes
    for name, rows in ((NONE, known[lengths == 0]), (UNKNOWN, ~known[lengths == 0])):
        if rows.any():
            levels = levels if name in levels else [*levels, name]
            codes[empty[rows]] = levels.index(name)
    return Column(codes, levels, offsets)


def _numbered(values: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Each value's number, −1 where it is null, and the values by number."""
    encoded = values.dictionary_encode()  # all chunks share one dictionary
    if not encoded.num_chunks:
        return np.empty(0, np.int32), pa.array([], values.type)
    parts = [np.asarray(chunk.indices.fill_null(-1), dtype=np.int32) for chunk in encoded.chunks]
    return np.concatenate(parts), encoded.chunk(0).dictionary


def _meant(codes: Ints, known: pa.Array, source: Named) -> Column:
    return _sorted(codes, [source.meaning(value) for value in known.to_pylist()])


def _sorted(codes: Ints, meanings: list[str | None], least: type[np.signedinteger[Any]] = np.int8) -> Column:
    """Codes of the sorted meanings, for codes of values; what has no meaning is unknown."""
    levels = sorted({meaning for meaning in meanings if meaning is not None})
    number = {value: code for code, value in enumerate(levels)}
    # The last entry is what a code of −1 finds.
    to = np.array([*(-1 if m is None else number[m] for m in meanings), -1], _size(len(levels) + 1, least))
    return _leveled(to[codes], levels)


def _leveled(codes: SmallInts, levels: Iterable[str]) -> Column:
    """Where a code is −1, `unknown` becomes a level: the last, or the one of that name."""
    levels = list(levels)
    if (codes < 0).any():
        levels = levels if UNKNOWN in levels else [*levels, UNKNOWN]
        codes = np.where(codes < 0, codes.dtype.type(levels.index(UNKNOWN)), codes)
    return Column(codes, levels)


def _ordered(column: Column, order: Longs) -> Column:
    assert column.offsets is not None
    same = np.arange(len(column.levels), dtype=column.codes.dtype)
    offsets, codes = pick(order, column.offsets, column.codes, same)
    return Column(codes, column.levels, offsets)


def _asked(asked: Asked, skills: pa.Table, rows: Longs) -> dict[str, Column]:
    """Skills, their categories and the groups of those; `rows`: where each vacancy stands among those that ask any."""
    same = np.arange(len(asked.skills), dtype=asked.codes.dtype)
    bounds, asks = pick(rows, asked.offsets, asked.codes, same)
    columns, each = {"skill": Column(asks, asked.skills, bounds)}, np.arange(len(rows))
    for name in ("category", "category_group"):
        means = dict(zip(skills["skill_id"].to_pylist(), skills[name].to_pylist(), strict=True))
        column = _sorted(same.astype(np.int32), [means[skill] for skill in asked.skills], np.int16)
        offsets, codes = pick(each, bounds, asks, column.codes)
        columns[name] = Column(codes, column.levels, offsets)
    return columns


def _technologies(asked: Asked, technologies: Sequence[Technology], rows: Longs) -> Column:
    """Technologies of the skills asked. As few vacancies ask any, their pairs with technologies are sorted out."""
    levels = sorted(technology.id for technology in technologies)
    of_any = {skill for technology in technologies for skill in technology.skills}
    meaning = np.array([code if skill in of_any else -1 for code, skill in enumerate(asked.skills)], asked.codes.dtype)
    offsets, found = pick(rows, asked.offsets, asked.codes, meaning)
    vacancy, pairs = np.repeat(np.arange(len(rows)), np.diff(offsets)), [np.empty(0, np.int64)]
    for technology in technologies:
        shows = np.array([*(skill in technology.skills for skill in asked.skills), False])[found]
        pairs.append(vacancy[shows] * len(levels) + levels.index(technology.id))
    vacancy, code = np.divmod(np.unique(np.concatenate(pairs)), max(1, len(levels)))
    bounds = np.searchsorted(vacancy, np.arange(len(rows) + 1)).astype(np.int32)
    return Column(narrow(code, len(levels), np.int16), levels, bounds)


def _titles(titles: pa.ChunkedArray, least: int, order: Longs) -> Column:
    codes, names = _numbered(titles)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    frequent = np.flatnonzero(counts >= least)
    column = _sorted(np.arange(len(frequent), dtype=np.int32), names.take(pa.array(frequent)).to_pylist())
    # Rare titles and vacancies without one bear none; the last entry is what a code of −1 finds.
    meaning = np.full(len(names) + 1, -1, _size(len(frequent), np.int16))
    meaning[frequent] = column.codes
    kept = meaning[codes[order]]
    offsets = np.concatenate([[0], np.cumsum(kept >= 0)]).astype(np.int32)
    return Column(kept[kept >= 0], column.levels, offsets)
