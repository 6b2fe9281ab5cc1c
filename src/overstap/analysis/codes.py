"""Coded vacancies as arrays that are read as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.coding import Coded, Column, Ints
from overstap.analysis.jackknife import employer_groups
from overstap.errors import InputError, nearest
from overstap.schema.codes import DIMENSIONS
from overstap.store import Store


class Codes:
    """The rows of `core_codes` with what their codes mean; a column is read when it is first asked for, and kept."""

    def __init__(self, levels: pa.Table, read: Callable[[str], pa.ChunkedArray]) -> None:
        """`levels`: `core_levels`; `read` gives a column of `core_codes`."""
        self._read = read
        self._levels: dict[str, list[str]] = {name: [] for name in DIMENSIONS}
        for row in levels.to_pylist():
            self._levels[row["dimension"]].append(row["value"])
        self._columns: dict[str, Column] = {}

    @classmethod
    def of_store(cls, store: Store) -> Codes:
        """The codes of a study's last run."""
        return cls(store.read("core_levels"), lambda name: store.read("core_codes", [name])[name])

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
            self._columns[name] = _column(self._read(name), self._levels[name])
        return self._columns[name]

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
        return _numbers(self._read("employer_code"))

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], int]:
        """The group of each row's employer (see `jackknife`), and how many groups there are."""
        return employer_groups(self.employers)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each row; of length 0 where all are 1."""
        weights = _numbers(self._read("weight"))
        return np.empty(0) if (weights == 1).all() else weights

    @property
    def n(self) -> int:
        """How many vacancies."""
        return len(self.employers)


def _numbers(values: pa.ChunkedArray) -> NDArray[Any]:
    return np.concatenate([np.empty(0, values.type.to_pandas_dtype()), *(np.asarray(c) for c in values.chunks)])


def _column(values: pa.ChunkedArray, levels: list[str]) -> Column:
    if not pa.types.is_list(values.type):
        return Column(_numbers(values), levels)
    offsets: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
    codes: list[Ints] = [np.empty(0, np.int32)]
    for chunk in values.chunks:
        bounds = np.asarray(chunk.offsets).astype(np.int64)
        codes.append(np.asarray(chunk.values)[bounds[0] : bounds[-1]])
        offsets.append(bounds[1:] - bounds[0] + offsets[-1][-1])
    return Column(np.concatenate(codes), levels, np.concatenate(offsets))
