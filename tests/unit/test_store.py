"""The store: a table is there whole or not at all; unchanged steps are skipped; one run at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.engine import make_engine
from overstap.errors import StoreError
from overstap.schema import table_spec
from overstap.steps import Context, Step, run_steps, table_step
from overstap.store import Store, TableEntry
from overstap.study import AdSource, Period, StudySpec

SPEC = StudySpec(
    study="test",
    title={"nl": "Proef", "en": "Test"},
    period=Period(first=date(2020, 1, 1), last=date(2020, 12, 31)),
    sources=[AdSource(id="a", format="csv", files=["a.csv"])],
)


def skills(*names: str) -> pa.Table:
    rows = [
        {"skill_id": n, "esco_uri": None, "label_nl": n, "label_en": n, "category": "c", "category_group": "digital"}
        for n in names
    ]
    return pa.Table.from_pylist(rows, schema=table_spec("core_skills").schema)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    engine = make_engine("duckdb")
    yield Context(SPEC, tmp_path, Store(tmp_path / "out"), engine)
    engine.close()


def step(names: list[str], calls: list[str]) -> Step:
    def make(context: Context) -> pa.Table:
        calls.append("ran")
        return skills(*names)

    return table_step("list_skills", "core_skills", (), make, depends=lambda context: names, code=())


def test_unchanged_step_is_skipped_and_changed_one_runs_again(context: Context) -> None:
    calls: list[str] = []
    assert run_steps([step(["x"], calls)], context) == ["list_skills"]
    assert run_steps([step(["x"], calls)], context) == []
    assert run_steps([step(["x", "y"], calls)], context) == ["list_skills"]
    assert len(calls) == 2
    assert Store(context.store.folder).read("core_skills")["skill_id"].to_pylist() == ["x", "y"]


def test_failing_step_leaves_the_old_table_and_no_remains(context: Context) -> None:
    run_steps([step(["x"], [])], context)

    def fail(context: Context) -> pa.Table:
        raise ValueError("broken")

    broken = table_step("list_skills", "core_skills", (), fail, depends=lambda c: "new", code=())
    with pytest.raises(ValueError, match="broken"):
        run_steps([broken], context)
    assert Store(context.store.folder).read("core_skills")["skill_id"].to_pylist() == ["x"]
    assert not list(context.store.folder.glob(".writing-*"))


def test_missing_files_of_a_current_table_are_made_again(context: Context) -> None:
    run_steps([step(["x"], [])], context)
    path = context.store.path("core_skills")
    for file in path.iterdir():
        file.unlink()
    path.rmdir()
    assert run_steps([step(["x"], [])], context) == ["list_skills"]


def test_second_run_is_refused_with_the_holder_named(tmp_path: Path) -> None:
    with Store(tmp_path).lock(), pytest.raises(StoreError, match=rf"process {os.getpid()}"), Store(tmp_path).lock():
        pass


def test_store_of_another_format_is_refused_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99, "tables": {}}))
    with pytest.raises(StoreError, match=r"format 99(.|\n)*upgrade"):
        Store(tmp_path)


def test_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"manifest\.json cannot be read"):
        Store(tmp_path)


def test_unknown_table_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="overstap run"):
        Store(tmp_path).path("out_demand")


def test_old_version_goes_only_after_the_new_one_is_current(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for version in ("v1", "v2"):
        with store.writing("s") as folder:
            (folder / "core_skills").mkdir()
            (folder / "core_skills" / "part-0000.parquet").write_bytes(b"")
            store.commit(folder, {"core_skills": TableEntry(version, "s", 0, 0.0)})
    assert [p.name for p in (tmp_path / "core_skills").iterdir()] == ["v2"]


def test_killed_writer_leaves_the_current_table(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from overstap.store import Store, TableEntry
        store = Store(Path(sys.argv[1]))
        n = 0
        while True:
            with store.writing("s") as folder:
                for table in ("core_skills", "core_postings"):
                    (folder / table).mkdir()
                    (folder / table / "part-0000.parquet").write_text(str(n))
                entry = TableEntry(f"v{n}", "s", n, 0.0)
                store.commit(folder, {"core_skills": entry, "core_postings": entry})
            n += 1
            print(n, flush=True)
        """
    )
    for after in (1, 2, 5, 9):
        process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = Store(tmp_path)
        texts = {(store.path(t) / "part-0000.parquet").read_text() for t in ("core_skills", "core_postings")}
        assert len(texts) == 1  # both tables of the step are of the same moment


def test_table_made_from_an_older_version_is_stale(context: Context) -> None:
    def copy(context: Context) -> pa.Table:
        return pa.Table.from_pylist([], schema=table_spec("core_vacancy_skills").schema)

    def second(names: list[str]) -> Step:
        return table_step("copy", "core_vacancy_skills", ("core_skills",), copy, code=())

    run_steps([step(["x"], []), second(["x"])], context)
    assert context.store.stale() == []
    run_steps([step(["y"], [])], context)  # as where a run is stopped before the next step
    assert context.store.stale() == ["core_vacancy_skills"]


def test_truncated_file_of_a_current_table_is_made_again(context: Context) -> None:
    run_steps([step(["x"], [])], context)
    part = next(context.store.path("core_skills").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:40])
    assert run_steps([step(["x"], [])], context) == ["list_skills"]


def test_manifest_with_unknown_fields_is_named(tmp_path: Path) -> None:
    from overstap.store import FORMAT

    (tmp_path / "manifest.json").write_text(json.dumps({"format": FORMAT, "tables": {"t": {"nonsense": 1}}}))
    with pytest.raises(StoreError, match=r"manifest\.json cannot be read"):
        Store(tmp_path)
