"""The reading side of a store for a dashboard: what was read stays in memory, up to a bound, and large tables are read
by the row groups that a question touches."""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from overstap.schema import table_spec
from overstap.store import Store, Wanted

KEPT_BYTES = 128 << 20  # of everything that is kept
_SHARE = 4  # no single thing takes more than one in so many of it
_FORMAT = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)
Query = Callable[[str, Mapping[str, Any]], pa.Table]


class Kept:
    """Values by key, the latest used up to so many bytes; for use by several threads."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """The value of a key, or None."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def keep(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of `size` bytes, unless it is too large; those longest unused make room."""
        with self._lock:
            if size > self._most // _SHARE or key in self._values:
                return
            self._values[key] = value, size
            self._held += size
            while self._held > self._most:
                _, (_, gone) = self._values.popitem(last=False)
                self._held -= gone


class KeptStore(Store):
    """The tables of one finished run, as `Store` gives them, read once as long as there is room.

    The manifest is that of the moment of opening; `query` answers a SELECT with bound parameters on these tables, and
    touches few of the row groups of a large one. Raises OSError where a run has replaced the files since.
    """

    def __init__(self, store: Store, query: Query) -> None:
        self.folder, self.manifest = store.folder, store.manifest
        self._query = query
        self._kept = Kept(KEPT_BYTES)
        self._sets: dict[str, ds.Dataset] = {}

    def read(self, name: str, columns: list[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
        """Table `name` in memory, or those of its rows for which `where` holds."""
        key = (name, tuple(columns or ()), None if where is None else pickle.dumps(where))
        found: pa.Table | None = self._kept.get(key)
        if found is None:
            found = self._set(name).to_table(columns=columns, filter=where)
            self._kept.keep(key, found, found.nbytes)
        return found

    def select(self, name: str, wanted: Mapping[str, Wanted]) -> pa.Table:
        """The rows of table `name` whose named columns have the value, or one of the values, given."""
        terms = ["true"]
        bound: dict[str, str] = {}
        for column, value in wanted.items():
            values = [value] if isinstance(value, str) else list(value)
            names = [f"{column}_{number}" for number in range(len(values))]
            terms.append(f'"{column}" IN ({", ".join(f"${one}" for one in names)})' if names else "false")
            bound |= dict(zip(names, values, strict=True))
        found = self._query(f'SELECT * FROM "{name}" WHERE {" AND ".join(terms)}', bound)
        return found.cast(table_spec(name).schema)  # DuckDB does not tell which columns are never null

    def _set(self, name: str) -> ds.Dataset:
        if name not in self._sets:  # holds the statistics of row groups once read
            self._sets[name] = ds.dataset(self.path(name), format=_FORMAT, partitioning=None)
        return self._sets[name]
