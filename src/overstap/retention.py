"""Raw texts of ads are removed once they were coded, where the study asks for it (`retention.text: drop`).

`raw_ads` keeps its rows, version and every other column, so that all that was made from it stays current. What needs
the texts again has them from the feeds, if these are still there; else the user hears which to deliver again. A new
delivery has all feeds read again, as any of its ads may be one of theirs posted twice, but only its own ads coded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.errors import StoreError
from overstap.parts import Parts
from overstap.schema import table_spec
from overstap.store import Store
from overstap.study import StudySpec

if TYPE_CHECKING:
    from overstap.steps import Step

NEED_TEXTS = frozenset({"group_duplicates", "annotate_ads", "find_phrases", "measure_errors"})
"""The steps that read texts of ads."""
_TABLE = "raw_ads"


def remove_texts(store: Store, facts: Any) -> None:
    """Empty the texts of `raw_ads`. `facts`: what the reading of the feeds depended on, for when they are gone too."""
    from overstap.engine.parquet import TableWriter

    # Deliveries kept from run to run hold texts too. Their codings do not, and stay: only new ads are coded again.
    Parts(store, "deliveries").keep(())
    entry = store.manifest.tables[_TABLE]
    if entry.removed is not None:
        return
    spec = table_spec(_TABLE)
    with store.writing("retention") as folder:
        writer = TableWriter(spec, folder / _TABLE)
        for batch in store.batches(_TABLE, list(spec.schema.names)):
            empty = pa.repeat(pa.scalar("", spec.schema.field("text").type), batch.num_rows)
            at = batch.schema.get_field_index("text")
            writer.write(batch.set_column(at, spec.schema.field("text"), empty).cast(spec.schema))
        writer.close()
        store.replace(folder, _TABLE, removed=facts)


def texts_removed(store: Store) -> bool:
    """Whether the texts of the ads were removed."""
    entry = store.manifest.tables.get(_TABLE)
    return entry is not None and entry.removed is not None


def remembered(spec: StudySpec, base: Path, store: Store) -> dict[str, str] | None:
    """Digests of the feeds' files of the run that removed the texts, where none of the files is there any more."""
    from overstap.sources.files import expand

    if not texts_removed(store) or any(expand(source.files, base, source.id)[0] for source in spec.sources):
        return None
    removed = store.manifest.tables[_TABLE].removed or {}
    files: dict[str, str] = removed["files"]
    return files


def refuse(step: Step, spec: StudySpec) -> StoreError:
    """The error of a step that needs texts which are gone, with the feeds."""
    feeds = "; ".join(f"{source.id}: {', '.join(source.files)}" for source in spec.sources)
    return StoreError(
        f"The step {step.name} must be run again and reads the texts of ads, which were removed after the last run.",
        why="The study says retention.text: drop, and the files of its feeds are not there either.",
        fix=f"Deliver these files again and run once more: {feeds}. Or take back the last change of settings.",
    )
