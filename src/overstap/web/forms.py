"""The forms in which the API gives the rows of a table: JSON with its metadata, CSV, Parquet, and a workbook."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from overstap import __version__
from overstap.pipeline import study_steps
from overstap.publish.labels import Translator
from overstap.publish.tables import LABELLED, cell, to_csv
from overstap.publish.weights import weights_of
from overstap.publish.workbook import Sheet, codebook, workbook
from overstap.schema import TableSpec, table_spec
from overstap.schema.out import ALL
from overstap.web.results import Row, Snapshot
from overstap.web.selection import EACH, Selection

CHOSEN = ("out_demand", "out_change", "out_volume", "out_quality", "out_levels", "out_forecast", "out_intensity")
"""Tables that the choices of the pages narrow; every other one is narrowed by the columns of its key."""
FORMS = ("json", "csv", "parquet", "xlsx")
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Answered:
    """A question to the API: the table, what was chosen (`wanted`: values by column of its key), the page on which the
    rows are shown, with the address of the server before it."""

    snapshot: Snapshot
    table: str
    selection: Selection
    wanted: Mapping[str, Sequence[str]]
    page: str

    @property
    def contract(self) -> TableSpec:
        """The contract of the table."""
        return table_spec(self.table)

    @property
    def t(self) -> Translator:
        """The words of the language chosen."""
        return self.snapshot.translator(self.selection.lang)

    def about(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What a reader needs to cite the rows.

        `sources` and `period` are null where the table does not follow from ads alone: its own columns or the page of
        definitions tell them there.
        """
        spec, selection, t = self.snapshot.study.spec, self.selection, self.t
        sizes = [row["vacancies_n"] for row in rows if row.get("vacancies_n") is not None]
        of_page = self.table in CHOSEN
        weighted = any(name.startswith("weighted_") for name in self.contract.names)
        chosen = {**selection.parameters(), "sort": selection.sort} if of_page else {}
        return {
            "table": self.table,
            "label": t.table(self.table),
            "study": spec.study,
            "simulated": spec.simulated,
            "selection": {**chosen, **{n: list(v) for n, v in self.wanted.items()}, "show": selection.show or "all"},
            "n": {"low": min(sizes), "high": max(sizes)} if sizes else None,
            "sources": self._sources(rows),
            "period": (t.period(selection.period) if selection.period not in EACH else t.whole_period)
            if of_page
            else None,
            "interval_level": spec.measures.confidence,
            "weights": weights_of(self.snapshot.study, t).sentence.text if weighted else None,
            "data_version": self.snapshot.version,
            "permalink": self.page,
        }

    def _sources(self, rows: Sequence[Row]) -> list[str] | None:
        if "source" in self.contract.names:
            return sorted({row["source"] for row in rows if row["source"]})
        if self.selection.source_id != ALL:
            return [self.selection.source_id]
        return [s.id for s in self.snapshot.study.spec.sources] if self.table in from_ads() else None


@lru_cache(maxsize=1)
def from_ads() -> frozenset[str]:
    """The tables that follow from the study's ads."""
    found = {"raw_ads"}
    for step in study_steps():
        if found & {*step.reads}:
            found |= {*step.writes}
    return frozenset(found)


def as_json(answered: Answered, rows: Sequence[Row]) -> dict[str, Any]:
    """The rows with all a reader needs to cite them, and labels beside codes."""
    columns = [
        {"name": c.name, "label": getattr(c, f"label_{answered.selection.lang}"), "unit": c.unit, "key": c.key}
        for c in answered.contract.columns
    ]
    return {**answered.about(rows), "columns": columns, "rows": [_with_label(answered.t, row) for row in rows]}


def _with_label(t: Translator, row: Row) -> Row:
    return row | {f"{name.removesuffix('_id')}_label": cell(t, row, name) for name in LABELLED if name in row}


def as_csv(answered: Answered, rows: Sequence[Row]) -> bytes:
    """The rows with the contract's names, unrounded, in UTF-8 with a mark for spreadsheets; no text can run as a
    formula."""
    return to_csv(rows, answered.contract.names, answered.t).encode("utf-8-sig")


def as_parquet(answered: Answered, found: pa.Table) -> bytes:
    """The rows as Parquet, each column with its label and unit, the whole with what is needed to cite it."""
    fields = [
        pa.field(c.name, c.type, c.nullable, {"label_nl": c.label_nl, "label_en": c.label_en, "unit": c.unit})
        for c in answered.contract.columns
    ]
    told = {key: json.dumps(value) for key, value in answered.about([]).items() if key != "n"}
    out = io.BytesIO()
    pq.write_table(found.cast(pa.schema(fields, told)), out, compression="zstd")
    return out.getvalue()


def as_xlsx(answered: Answered, rows: Sequence[Row]) -> bytes:
    """A workbook of three sheets: the rows (unrounded; texts never run), what each column means, and how to cite it."""
    names, labelled = answered.contract.names, [n for n in LABELLED if n in answered.contract.names]
    body = [[*(row[n] for n in names), *(cell(answered.t, row, n) for n in labelled)] for row in rows]
    told = [[key, value] for key, value in answered.about(rows).items()]
    more = [["empty cell", answered.t("formats.empty_cell")], ["software", f"overstap {__version__}"]]
    heads = [*names, *(f"{n.removesuffix('_id')}_label" for n in labelled)]
    return workbook(
        [
            Sheet(answered.table[:31], heads, body),
            codebook([answered.contract], heads=heads),
            Sheet("about", ["what", "value"], [*told, *more]),
        ]
    )
