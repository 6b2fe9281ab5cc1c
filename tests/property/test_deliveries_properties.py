"""Deliveries added one by one, in any order, give the tables of a study that reads all of them at once."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap import deliveries
from overstap.ad_steps import ad_steps
from overstap.engine import make_engine
from overstap.retention import remove_texts, texts_removed
from overstap.schema import table_spec
from overstap.steps import Context, Step, run_steps
from overstap.store import Store
from overstap.study import AdSource, Period, StudySpec

TABLES = ("raw_ads", "raw_quarantine", "core_annotations")
Row = tuple[str | None, int | None, int, bool]  # id, version, text, takes the ad back
ROW = st.tuples(
    st.sampled_from(["a", "b", "c", None]),
    st.sampled_from([None, 1, 2, 3]),
    st.integers(0, 2),
    st.sampled_from([False, False, True]),
)
FILES = st.lists(st.lists(ROW, min_size=1, max_size=4), min_size=1, max_size=4)


def line(row: Row) -> str:
    ad_id, version, text, gone = row
    values = {
        "id": ad_id,
        "text": None if gone else f"Deze tekst nummer {text} is lang genoeg om een advertentie te zijn.",
        "posted": f"2020-01-0{1 + text}",
        "changed": version and f"2020-02-0{version}T10:00:00Z",
        "status": "Withdrawn" if gone else "open",
    }
    return json.dumps(values)


def spec(**changes: Any) -> StudySpec:
    columns = {"ad_id": "id", "text": "text", "date": "posted", "status": "status", "changed": "changed"}
    source = AdSource.model_validate(
        {"id": "feed", "format": "jsonl", "files": ["*.jsonl"], "columns": columns, "updates": "newest",
         "withdrawn": ["withdrawn"], **changes}
    )  # fmt: skip
    period = Period(first=date(2020, 1, 1), last=date(2020, 12, 31))
    return StudySpec(study="s", title={"en": "S"}, period=period, sources=[source])


def steps(seen: list[str]) -> list[Step]:
    """Ingest as it is, and an annotation that costs nothing: the number of letters of the text as its title."""

    def coded(batch: pa.RecordBatch) -> pa.RecordBatch:
        seen.extend(batch.column("ad_id").to_pylist())
        contract = table_spec("core_annotations")
        titles = pa.array([str(len(text)) + text for text in batch.column("text").to_pylist()])
        made = {"ad_id": batch.column("ad_id"), "title": titles, "language": pa.repeat("nl", len(titles))}
        made["codable"] = pa.repeat(True, len(titles))
        rest = {n: pa.nulls(len(titles), t) for n, t in zip(contract.names, contract.schema.types, strict=True)}
        return pa.RecordBatch.from_pydict({**rest, **made})

    def run(context: Context, folder: Path, progress: Any) -> Mapping[str, int]:
        return deliveries.annotate(context, folder, progress, coded, ("ad_id", "text"), "facts")

    ingest = ad_steps()[0]
    read = Step(ingest.name, ingest.writes, (), deliveries.ingest, ingest.depends, ingest.code)
    return [read, Step("annotate_ads", ("core_annotations",), ("raw_ads",), run)]


def bring_up_to_date(study: StudySpec, base: Path, out: Path, seen: list[str]) -> dict[str, list[dict[str, Any]]]:
    engine = make_engine("duckdb")
    try:
        store = Store(out)
        run_steps(steps(seen), Context(study, base, store, engine))
    finally:
        engine.close()
    return {name: store.read(name).to_pylist() for name in TABLES}


@pytest.fixture(autouse=True, scope="module")
def every_file_is_a_delivery() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliveries, "GROUP_BYTES", 1)
        patch.setattr(os, "fsync", lambda handle: None)  # what a power cut would take is not looked at here
        yield


def wanted(files: list[list[Row]], keep: bool) -> set[tuple[str, str]]:
    """What counts, said in another way: of each ad the newest row, unless that one takes it back."""
    rows = [row for file in files for row in file]
    found = set()
    for ad_id in {row[0] for row in rows} - {None}:
        versions = sorted((row for row in rows if row[0] == ad_id), key=lambda row: row[1] or 0)  # stable: later file
        if keep:
            versions = [row for row in versions if not row[3]]
        if versions and not versions[-1][3]:
            found.add((f"feed/{ad_id}", f"nummer {versions[-1][2]}"))
    return found


def kept_aside(out: Path, table: str) -> list[tuple[str, str]]:
    """The ads of a table that are kept from run to run beside it: id, and text or title."""
    column = "text" if table == "raw_ads" else "title"
    files = (out / ".parts").rglob(f"{table}/*.parquet")
    rows = [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]
    return sorted((row["ad_id"], row[column]) for row in rows)


@settings(max_examples=15)
@given(FILES, st.data(), st.sampled_from(["remove", "keep"]))
def test_any_order_of_deliveries_equals_a_full_recompute(
    files: list[list[Row]], data: st.DataObject, rule: str
) -> None:
    files = [[("first", None, 0, False)], *files]
    order = data.draw(st.permutations(range(1, len(files))))
    study = spec(withdrawals=rule)
    with tempfile.TemporaryDirectory() as folder:
        base, seen = Path(folder), []
        for number in [0, *order]:
            (base / f"{number}.jsonl").write_text("\n".join(map(line, files[number])), encoding="utf-8")
            if number == 0 or data.draw(st.booleans()):
                bring_up_to_date(study, base, base / "out", seen)
        grown = bring_up_to_date(study, base, base / "out", seen)
        assert grown == bring_up_to_date(study, base, base / "anew", [])
        ads = {(ad["ad_id"], ad["text"][11:19]) for ad in grown["raw_ads"] if "jsonl" not in ad["ad_id"]}
        assert ads == wanted(files, rule == "keep") | {("feed/first", "nummer 0")}
        assert [ad["ad_id"] for ad in grown["raw_ads"]] == [ad["ad_id"] for ad in grown["core_annotations"]]
        assert len(grown["raw_ads"]) + len(grown["raw_quarantine"]) == sum(map(len, files))  # nothing lost, or double
        assert kept_aside(base / "out", "raw_ads") == sorted((ad["ad_id"], ad["text"]) for ad in grown["raw_ads"])
        coded = [(ad["ad_id"], ad["title"]) for ad in grown["core_annotations"]]
        assert kept_aside(base / "out", "core_annotations") == sorted(coded)


def test_a_new_delivery_leaves_the_others_unread_and_an_old_one_taken_away_leaves_no_trace(tmp_path: Path) -> None:
    def deliver(number: int, *rows: Row) -> None:
        (tmp_path / f"{number}.jsonl").write_text("\n".join(map(line, rows)), encoding="utf-8")

    seen: list[str] = []
    study = spec()
    deliver(1, ("a", 1, 0, False), ("b", 1, 1, False))
    before = bring_up_to_date(study, tmp_path, tmp_path / "out", seen)
    assert seen == ["feed/a", "feed/b"]
    deliver(2, ("a", 2, 2, False), ("b", 2, 0, True), ("c", 1, 0, False))
    after = bring_up_to_date(study, tmp_path, tmp_path / "out", seen)
    assert seen[2:] == ["feed/a", "feed/c"]
    assert [(ad["ad_id"], ad["file"]) for ad in after["raw_ads"]] == [("feed/a", "2.jsonl"), ("feed/c", "2.jsonl")]
    aside = [(row["file"], row["line_number"], row["reason_code"]) for row in after["raw_quarantine"]]
    assert aside == [("1.jsonl", 1, "replaced"), ("1.jsonl", 2, "withdrawn"), ("2.jsonl", 2, "withdrawn")]
    (tmp_path / "2.jsonl").unlink()
    assert bring_up_to_date(study, tmp_path, tmp_path / "out", seen) == before
    assert seen[4:] == ["feed/a", "feed/b"]  # parts of the last run alone are kept
    assert len(list((tmp_path / "out" / ".parts" / "deliveries").iterdir())) == 1


@pytest.mark.parametrize("retention", [False, True])
def test_an_ad_that_was_taken_back_or_corrected_leaves_no_word_behind(tmp_path: Path, retention: bool) -> None:
    """Neither in tables nor in what is kept beside them; and it counts again where the word that took it back goes."""

    def deliver(number: int, *rows: Row) -> None:
        (tmp_path / f"{number}.jsonl").write_text("\n".join(map(line, rows)), encoding="utf-8")

    def run() -> list[tuple[str, str]]:
        found = bring_up_to_date(study, tmp_path, tmp_path / "out", [])
        if retention:
            remove_texts(Store(tmp_path / "out"), {"files": {}})
        return [(ad["ad_id"], ad["title"]) for ad in found["core_annotations"]]

    study = spec()
    deliver(1, ("gone", 1, 1, False), ("stays", 1, 0, False), ("mended", 1, 2, False))
    first = run()
    deliver(2, ("gone", 2, 0, True), ("mended", 2, 0, False))
    assert [ad for ad, _ in run()] == ["feed/stays", "feed/mended"]
    stored = [pq.read_table(file, partitioning=None) for file in (tmp_path / "out").rglob("*.parquet")]
    words = "\n".join(str(table.to_pydict()) for table in stored)
    assert "feed/stays" in words
    assert "feed/gone" not in words and "tekst nummer 1" not in words and "tekst nummer 2" not in words
    (tmp_path / "2.jsonl").unlink()
    assert run() == first


def test_nothing_is_kept_beside_the_tables_where_every_ad_was_taken_back(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text(line(("gone", 1, 1, False)), encoding="utf-8")
    bring_up_to_date(spec(), tmp_path, tmp_path / "out", [])
    assert kept_aside(tmp_path / "out", "core_annotations")
    (tmp_path / "2.jsonl").write_text(line(("gone", 2, 0, True)), encoding="utf-8")
    found = bring_up_to_date(spec(), tmp_path, tmp_path / "out", [])
    assert not found["raw_ads"] and not found["core_annotations"]
    assert not kept_aside(tmp_path / "out", "raw_ads") and not kept_aside(tmp_path / "out", "core_annotations")


def test_a_damaged_part_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text(line(("a", 1, 0, False)), encoding="utf-8")
    seen: list[str] = []
    study = spec()
    before = bring_up_to_date(study, tmp_path, tmp_path / "out", seen)
    for file in (tmp_path / "out" / ".parts").rglob("part-*.parquet"):
        file.write_bytes(file.read_bytes()[:-9])  # the table is a link to it, so it is damaged too
    assert bring_up_to_date(study, tmp_path, tmp_path / "out", seen) == before
    assert seen == ["feed/a", "feed/a"]


def test_files_that_are_small_are_read_together(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.jsonl").write_text(line((f"a{number}", 1, 0, False)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliveries, "GROUP_BYTES", 1 << 20)
        found = bring_up_to_date(spec(), tmp_path, tmp_path / "out", [])
    assert [ad["ad_id"] for ad in found["raw_ads"]] == [f"feed/a{number}" for number in range(5)]
    assert len(list((tmp_path / "out" / ".parts" / "deliveries").iterdir())) == 1


def test_a_delivery_after_texts_were_removed_is_all_that_is_coded(tmp_path: Path) -> None:
    study, seen = spec(), list[str]()
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(line((name, 1, 0, False)), encoding="utf-8")
        out = bring_up_to_date(study, tmp_path, tmp_path / "out", seen)
        store = Store(tmp_path / "out")
        remove_texts(store, {"files": {}})
        assert seen == [f"feed/{name}"], "only the new one"
        seen.clear()
        assert not list((store.parts / "deliveries").iterdir()) and texts_removed(store)
    assert [row["ad_id"] for row in out["core_annotations"]] == ["feed/a", "feed/b"]
