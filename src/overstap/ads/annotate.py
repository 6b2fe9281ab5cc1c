"""From a batch of ads to their annotation: every code with its score, every skill with its span.

One `Annotator` is made per run and called for each batch, from several threads or, on Spark, in several processes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from overstap.errors import InputError, OverstapError
from overstap.study import StudySpec


def topsector_table(setting: str, base: Path) -> pa.Table:
    """The topsector → SBI table (columns topsector, sbi_code): the bundled default, or the study's own CSV.

    Raises InputError where the file is missing or lacks a column.
    """
    if setting == "default":
        from overstap.reference.tables import load

        return load("topsector_sbi").select(["topsector", "sbi_code"])
    path = base / setting
    try:
        types = {"topsector": pa.string(), "sbi_code": pa.string()}
        table = pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types=types))
    except FileNotFoundError:
        raise InputError(
            f"topsectors: there is no file {path}.", fix="Name a CSV, or use topsectors: default."
        ) from None
    except pa.ArrowInvalid as error:
        raise InputError(f"topsectors: {path} is not a CSV: {error}", fix="Columns: topsector,sbi_code.") from error
    missing = {"topsector", "sbi_code"} - set(table.column_names)
    if missing:
        raise InputError(
            f"topsectors: {path} lacks {', '.join(sorted(missing))}; it has {', '.join(table.column_names)}.",
            fix="Columns: topsector,sbi_code. Start from: overstap reference show topsector_sbi",
        )
    return table.select(["topsector", "sbi_code"])


def check_settings(spec: StudySpec, base: Path) -> Iterable[OverstapError]:
    """Problems of the settings that annotation depends on: the topsector table, an ESCO that is not installed."""
    try:
        topsector_table(spec.topsectors, base)
    except OverstapError as error:
        yield error
    if spec.annotation.taxonomy == "esco":
        from overstap.reference import esco

        if esco.installed() is None:
            yield InputError(
                "annotation.taxonomy is esco, but ESCO is not installed.",
                fix="overstap reference install esco --from PATH, or use taxonomy: core.",
            )
