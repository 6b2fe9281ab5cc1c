"""Texts are removed under the same version; a step that needs them reads the feed once more, or names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from overstap.ad_steps import ad_steps
from overstap.engine import make_engine
from overstap.errors import StoreError
from overstap.retention import remove_texts, texts_removed
from overstap.schema import table_spec
from overstap.steps import Context, Step, run_steps, stream_step, table_step
from overstap.store import Store
from overstap.study import StudySpec

SPEC = StudySpec.model_validate(
    {
        "study": "small",
        "title": {"nl": "Klein", "en": "Small"},
        "period": {"first": "2022-01-01", "last": "2024-12-31"},
        "sources": [{"id": "feed", "format": "csv", "files": ["ads.csv"]}],
        "retention": {"text": "drop"},
    }
)
TEXT = "Een tekst die hierna niet meer bestaat."


def _rows(name: str, *rows: dict[str, Any]) -> pa.RecordBatch:
    schema = table_spec(name).schema
    return pa.RecordBatch.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)


def _ingest(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
    ad = {"ad_id": "feed/1", "source_id": "feed", "file": "ads.csv", "line_number": 1, "text": TEXT, "masked_n": 0}
    yield {"raw_ads": _rows("raw_ads", ad), "raw_quarantine": _rows("raw_quarantine")}


def _steps(similarity: float) -> list[Step]:
    reading = stream_step("ingest_ads", ("raw_ads", "raw_quarantine"), _ingest, depends=ad_steps()[0].depends, code=())

    def postings(context: Context) -> pa.Table:
        (text,) = context.store.read("raw_ads")["text"].to_pylist()
        assert text == TEXT, "the step reads the texts themselves"
        row = {"ad_id": "feed/1", "vacancy_id": "feed/1", "rule": "single"}
        return pa.Table.from_batches([_rows("core_postings", row)])

    grouping = table_step(
        "group_duplicates", "core_postings", ("raw_ads",), postings, depends=lambda _: similarity, code=()
    )
    return [reading, grouping]


def test_texts_go_and_come_back(tmp_path: Path) -> None:
    feed = tmp_path / "ads.csv"
    feed.write_text("id,text\n", encoding="utf-8")
    store = Store(tmp_path / "out")
    engine = make_engine("duckdb", scratch=tmp_path / "scratch")

    def run(similarity: float) -> list[str]:
        context = Context(SPEC, tmp_path, Store(store.folder), engine)
        ran = run_steps(_steps(similarity), context)
        remove_texts(context.store, _steps(similarity)[0].depends(context))
        context.store.save()
        store.manifest = Store(store.folder).manifest
        return ran

    assert run(0.85) == ["ingest_ads", "group_duplicates"]
    assert texts_removed(store) and store.read("raw_ads")["text"].to_pylist() == [""]
    assert [path.name for path in (store.folder / "raw_ads").iterdir()] == [store.manifest.tables["raw_ads"].folder]
    assert run(0.85) == []
    feed.unlink()
    assert run(0.85) == [], "what was deleted is not missed until it is needed"
    with pytest.raises(StoreError, match="group_duplicates") as error:
        run(0.9)
    assert "feed: ads.csv" in str(error.value)
    feed.write_text("id,text\n", encoding="utf-8")
    assert run(0.9) == ["group_duplicates"]
    assert store.read("raw_ads")["text"].to_pylist() == [""] and not store.stale()
    engine.close()
