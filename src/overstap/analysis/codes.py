"""Coded vacancies as arrays that are read as they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.coding import Coded, Column, Ints, narrow
from overstap.analysis.jackknife import employer_groups
from overstap.errors import InputError, nearest
from overstap.schema.codes import DIMENSIONS
from overstap.store import Store


class Codes:
    """The rows of `core_codes` with what their codes mean; a column is read when it is first asked for, and kept."""

    def __init__(self, levels: pa.Table, read: Callable[[str], pa.ChunkedArray], kept: Kept | None = None) -> None:
        """`levels`: `core_levels`; `read` gives a column of `core_codes`; `kept`: where arrays are kept for later."""
        self._read, self._kept = read, kept
        self._levels: dict[str, list[str]] = {name: [] for name in DIMENSIONS}
        for row in levels.to_pylist():
            self._levels[row["dimension"]].append(row["value"])
        self._columns: dict[str, Column] = {}

    @classmethod
    def of_store(cls, store: Store) -> Codes:
        """The codes of a study's last run."""
        kept = Kept(store.path("core_codes") / ".columns-1")
        return cls(store.read("core_levels"), lambda name: store.read("core_codes", [name])[name], kept)

    @classmethod
    def of_coded(cls, coded: Coded) -> Codes:
        """Codes in memory."""
        table = pa.Table.from_batches(list(coded.batches()))
        return cls(coded.levels(), lambda name: table[name])

    def column(self, name: str) -> Column:
        """The codes of a dimension. Raises InputError with the nearest name where there is none of that name."""
        if name not in DIMENSIONS:
            raise InputError(
                f"There is no dimension '{name}'.",
                fix=f"{nearest(name, DIMENSIONS)} Dimensions: {', '.join(DIMENSIONS)}.".strip(),
            )
        if name not in self._columns:
            levels = self._levels[name]
            codes, *offsets = self._arrays(name, lambda values: _codes_of(values, len(levels)))
            self._columns[name] = Column(codes, levels, *offsets)
        return self._columns[name]

    def _arrays(self, name: str, make: Callable[[pa.ChunkedArray], list[NDArray[Any]]]) -> list[NDArray[Any]]:
        """Arrays made of a column of `core_codes`, or those that were kept."""
        if self._kept is None:
            return make(self._read(name))
        found = self._kept.read(name)
        return self._kept.write(name, make(self._read(name))) if found is None else found

    def load(self, names: Iterable[str]) -> None:
        """Read the columns of these dimensions side by side. Raises InputError as `column` does."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.column, dict.fromkeys(names)))

    def code(self, dimension: str, value: str) -> int:
        """The code of a value. Raises InputError with the nearest value where no vacancy has it."""
        levels = self.levels(dimension)
        if value not in levels:
            shown = ", ".join(levels[:20]) + (", …" if len(levels) > 20 else "")
            raise InputError(
                f"No vacancy has {dimension}={value}.", fix=f"{nearest(value, levels)} Values: {shown}.".strip()
            )
        return levels.index(value)

    def levels(self, dimension: str) -> list[str]:
        """The values of a dimension, by code. Raises InputError as `column` does."""
        if dimension not in DIMENSIONS:
            self.column(dimension)
        return self._levels[dimension]

    def named(self, dimension: str, found: Ints) -> pa.DictionaryArray:
        """The values that codes of a dimension stand for. Raises InputError as `column` does."""
        return pa.DictionaryArray.from_arrays(pa.array(found), pa.array(self.levels(dimension), pa.string()))

    @cached_property
    def employers(self) -> Ints:
        """The number of each row's employer, from 0: those of one stand together, in the order of their months."""
        return self._arrays("employer_code", lambda values: [_numbers(values)])[0]

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], int]:
        """The group of each row's employer (see `jackknife`), and how many groups there are."""
        return employer_groups(self.employers)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each row; of length 0 where all are 1."""
        return self._arrays("weight", _weights_of)[0]

    @property
    def n(self) -> int:
        """How many vacancies."""
        return len(self.employers)


class Kept:
    """Arrays of columns in a folder beside the table, thrown away with it, read without a copy (memory-mapped)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> list[NDArray[Any]] | None:
        """The arrays of a column; None where none were kept."""
        files = sorted(self._folder.glob(f"{name}.*.npy"))
        if not files or not files[-1].name.endswith(".last.npy"):
            return None
        # Copied where written to, for a pass is compiled once more for arrays that cannot be.
        try:
            return [np.asarray(np.load(file, mmap_mode="c")) for file in files]
        except (OSError, ValueError):
            return None  # another run is writing them

    def write(self, name: str, arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
        """Keep the arrays of a column, the last one last, so that a column that was stopped counts as none."""
        try:
            self._folder.mkdir(exist_ok=True)
            for number, array in enumerate(arrays):
                end = ".last" if number == len(arrays) - 1 else ""
                temporary = self._folder / f".{name}.{number}.{os.getpid()}.{get_ident()}"
                with temporary.open("wb") as file:
                    np.save(file, array)
                temporary.replace(self._folder / f"{name}.{number}{end}.npy")
        except OSError:
            pass  # a folder that cannot be written to: the arrays are made again the next time
        return arrays


def _numbers(values: pa.ChunkedArray) -> NDArray[Any]:
    return np.concatenate([np.empty(0, values.type.to_pandas_dtype()), *(np.asarray(c) for c in values.chunks)])


def _weights_of(values: pa.ChunkedArray) -> list[NDArray[Any]]:
    weights = _numbers(values)
    return [np.empty(0) if (weights == 1).all() else weights]


def _codes_of(values: pa.ChunkedArray, levels: int) -> list[NDArray[Any]]:
    """Codes, and the offsets of lists of them."""
    if not pa.types.is_list(values.type):
        return [narrow(_numbers(values), levels)]
    offsets: list[Ints] = [np.zeros(1, np.int32)]
    codes: list[NDArray[Any]] = [np.empty(0, np.int16)]
    for chunk in values.chunks:
        bounds = np.asarray(chunk.offsets)
        codes.append(narrow(np.asarray(chunk.values)[bounds[0] : bounds[-1]], levels, np.int16))
        offsets.append(bounds[1:] - bounds[0] + offsets[-1][-1])
    return [np.concatenate(codes), np.concatenate(offsets)]
