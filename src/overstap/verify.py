"""Whether the tables of a study can be made again: a second run beside the first, compared value by value.

The second run reads the same study file and inputs and writes to a folder of its own. On the same kind of machine with
the same versions, floats must agree to the last bit; else, and on Spark, to a part in a billion, as sums
are then made in another order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.pipeline import Study, study_steps
from overstap.schema import table_spec
from overstap.steps import Progress, silent
from overstap.store import Manifest, Store, folder_size

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Difference:
    """The first difference of a table: the row (from 0) with its key and the column, both values; or what else."""

    table: str
    what: str
    row: int | None = None
    key: Mapping[str, Any] | None = None
    column: str | None = None
    stored: Any = None
    again: Any = None

    def __str__(self) -> str:
        if self.column is None:
            return f"{self.table}: {self.what}"
        key = "".join(f", {name}={value}" for name, value in (self.key or {}).items())
        return f"{self.table}, row {self.row}{key}, column {self.column}: stored {self.stored!r}, again {self.again!r}"


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: the tables compared, in the order they are made, the first difference of each that differs,
    why that is likely, and the relative tolerance of floats (0: to the last bit)."""

    tables: tuple[str, ...]
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether every table was made again as it is stored."""
        return not self.differences


def verify(study: Study, folder: Path, progress: Progress = silent) -> Verdict:
    """Run `study` again into `folder` and compare every table with that of its last run, which is only read.

    Raises StoreError where there are no results of a whole run, Problems where the inputs do not hold.
    """
    stored = study.finished().store
    again = Study(study.path, study.spec, Store(folder))
    again.run(progress)
    old, new = stored.manifest.about, again.store.manifest.about
    alike = all(old.get(name) == new.get(name) for name in ("versions", "machine"))
    spark = study.spec.engine == "spark"
    tolerance = 0.0 if alike and not spark else TOLERANCE
    tables = tuple(name for step in study_steps() for name in step.writes)
    found = [compare_table(name, stored, again.store, tolerance, any_order=spark) for name in tables]
    differences = tuple(difference for difference in found if difference is not None)
    reasons = tuple(_reasons(differences, stored, again.store)) if differences else ()
    return Verdict(tables, differences, reasons, tolerance)


def compare_table(
    name: str, stored: Store, again: Store, tolerance: float, *, any_order: bool = False
) -> Difference | None:
    """The first difference between two tables of one contract, in row order; None where there is none. With
    `any_order`, rows in another order are none: Spark joins without one."""
    entry, other = stored.manifest.tables[name], again.manifest.tables[name]
    size = folder_size(stored.path(name))
    changed = f"its files have {size} bytes; the run wrote {entry.size}" if size != entry.size else ""
    try:
        found = _first(name, tolerance, _batches(name, stored), _batches(name, again))
        if found and any_order:
            found = _first(name, tolerance, *(iter(_sorted(name, store).to_batches()) for store in (stored, again)))
    except (OSError, pa.ArrowException) as error:
        return Difference(name, f"it cannot be read: {str(error).splitlines()[0]}")
    if found is None and entry.rows != other.rows:
        return Difference(name, f"the manifest counts {entry.rows} rows; again {other.rows}")
    return found or (Difference(name, changed) if changed else None)


def _first(
    name: str, tolerance: float, stored: Iterator[pa.RecordBatch], again: Iterator[pa.RecordBatch]
) -> Difference | None:
    contract, row = table_spec(name), 0
    for one, two in _side_by_side(stored, again):
        if one is None or two is None:
            more = "stored" if two is None else "made again"
            return Difference(name, f"it has {row} rows in common, and more where it was {more}")
        at = [found for column in contract.names if (found := _differs(column, one, two, tolerance))]
        if at:
            index, column = min(at, key=lambda pair: pair[0])
            key = {part: one.column(part)[index].as_py() for part in contract.key}
            values = (batch.column(column)[index].as_py() for batch in (one, two))
            return Difference(name, "", row + index, key, column, *values)
        row += one.num_rows
    return None


def _batches(name: str, store: Store) -> Iterator[pa.RecordBatch]:
    return store.batches(name, list(table_spec(name).names))


def _sorted(name: str, store: Store) -> pa.Table:
    key = [(column, "ascending") for column in table_spec(name).key]
    return store.read(name).sort_by(key) if key else store.read(name)


def _side_by_side(
    one: Iterator[pa.RecordBatch], two: Iterator[pa.RecordBatch]
) -> Iterator[tuple[pa.RecordBatch | None, pa.RecordBatch | None]]:
    """Rows of two tables in step, however each is cut into batches; None for the one that ends first."""
    a, b = _next(one), _next(two)
    while a is not None and b is not None:
        n = min(a.num_rows, b.num_rows)
        yield a.slice(0, n), b.slice(0, n)
        a, b = (batch.slice(n) if batch.num_rows > n else _next(rest) for batch, rest in ((a, one), (b, two)))
    if a is not None or b is not None:
        yield a, b


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    return next((batch for batch in batches if batch.num_rows), None)


def _differs(column: str, one: pa.RecordBatch, two: pa.RecordBatch, tolerance: float) -> tuple[int, str] | None:
    """The first row in which a column differs, with its name."""
    a, b = one.column(column), two.column(column)
    if a.equals(b):
        return None
    for index, (x, y) in enumerate(zip(a.to_pylist(), b.to_pylist(), strict=True)):
        if not same(x, y, tolerance):
            return index, column
    return None


def same(one: Any, two: Any, tolerance: float) -> bool:
    """Whether two values are one: floats within a relative tolerance, lists and records part by part, null is null."""
    if isinstance(one, float) and isinstance(two, float):
        return one == two or (one != one and two != two) or math.isclose(one, two, rel_tol=tolerance, abs_tol=0.0)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(same(x, y, tolerance) for x, y in zip(one, two, strict=True))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key], tolerance) for key in one)
    return type(one) is type(two) and bool(one == two)


def _reasons(differences: tuple[Difference, ...], stored: Store, again: Store) -> Iterator[str]:
    """Why tables may differ, by what the two runs followed from."""
    known = [*_other(stored.manifest, again.manifest)]
    yield from known
    old, new = stored.manifest.tables, again.manifest.tables
    rest = [d.table for d in differences if not known or old[d.table].version == new[d.table].version]
    if rest:
        yield (
            f"{', '.join(rest)}: both runs followed from the same code, settings and inputs, so the stored files were "
            "changed after the run; or, where nobody did that, the step is at fault: please report it"
        )


def _other(then: Manifest, now: Manifest) -> Iterator[str]:
    """What one run followed from and the other did not."""
    old, new = then.about, now.about
    yield from (f"other inputs: {told}" for told in _changed(then.inputs, now.inputs))
    if old.get("taxonomies") != new["taxonomies"]:
        yield "another version of the skills taxonomy"
    if old.get("code") != new["code"]:
        yield f"other code: overstap {_version(old)} then, {_version(new)} now, or changed in between"
    for name, value in new["versions"].items():
        if name != "overstap" and (before := old.get("versions", {}).get(name)) != value:
            yield f"other dependencies: {name} {before or 'unknown'} then, {value} now"
    if old.get("machine") != new["machine"]:
        yield f"another machine: {old.get('machine', 'unknown')} then, {new['machine']} now"


def _changed(then: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Files whose content is new or gone; told by content and name, as a study may have been moved."""
    digests = [{entry["digest"] for entry in inputs.values()} for inputs in (then, now)]
    names = [{Path(path).name for path in inputs} for inputs in (then, now)]
    for path, entry in now.items():
        if entry["digest"] not in digests[0]:
            name = Path(path).name
            yield f"{name} {'has other content now' if name in names[0] else 'was not read then'}"
    for path, entry in then.items():
        if entry["digest"] not in digests[1] and Path(path).name not in names[1]:
            yield f"{Path(path).name} was read then, and not now"


def _version(about: Mapping[str, Any]) -> str:
    return str(about.get("versions", {}).get("overstap", "unknown"))
