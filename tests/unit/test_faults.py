"""Disk, memory and files that give out: what is said, and that the next run ends as if nothing had happened."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overstap.batches import ordered_map
from overstap.engine import make_engine
from overstap.errors import ResourceError, StoreError
from overstap.parts import Parts
from overstap.provenance import digest_files
from overstap.schema import table_spec
from overstap.steps import Context, Step, run_steps, table_step
from overstap.store import FORMAT, Owner, Store
from tests.unit.test_store import SPEC, skills


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    engine = make_engine("duckdb")
    yield Context(SPEC, tmp_path, Store(tmp_path / "out"), engine)
    engine.close()


def made() -> Step:
    return table_step("list_skills", "core_skills", (), lambda context: skills(*map(str, range(999))), code=())


def ending(error: Exception) -> Step:
    def fail(context: Context) -> pa.Table:
        raise error

    return table_step("second", "core_vacancy_skills", ("core_skills",), fail, code=())


def second() -> Step:
    def copy(context: Context) -> pa.Table:
        assert context.store.read("core_skills").num_rows == 999
        return pa.Table.from_pylist([], schema=table_spec("core_vacancy_skills").schema)

    return table_step("second", "core_vacancy_skills", ("core_skills",), copy, code=())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), r"the disk is full(.|\n)*Free some space"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "your quota is used up"),
        (OSError(errno.EFBIG, "File too large"), "a file may not grow so"),
        (MemoryError(), r"needs more memory(.|\n)*same command"),
        (pa.ArrowMemoryError("malloc of size 64 failed"), "needs more memory"),
    ],
)
def test_a_step_without_room_says_what_to_do_and_keeps_what_was_finished(
    context: Context, error: Exception, words: str
) -> None:
    with pytest.raises(ResourceError, match=words):
        run_steps([made(), ending(error)], context)
    assert Store(context.store.folder).read("core_skills").num_rows == 999
    assert not list(context.store.folder.glob(".writing-*"))
    assert run_steps([made(), second()], context) == ["second"]


LIMITED = """
import resource, sys
from pathlib import Path
import pyarrow as pa
from overstap.engine import make_engine
from overstap.errors import OverstapError
from overstap.steps import Context, run_steps, table_step
from overstap.store import Store
from tests.unit.test_store import SPEC, skills
made = table_step("list_skills", "core_skills", (), lambda c: skills(*(f"{i * 7919 % 99991:x}" for i in range(60_000))), code=())
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    run_steps([made], Context(SPEC, Path(), Store(Path(sys.argv[1])), make_engine("duckdb")))
except OverstapError as error:
    print(error)
"""


def test_a_file_that_may_not_grow_leaves_nothing_half_written(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root), os.environ.get("PYTHONPATH", "")])
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path / "out"],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "The step list_skills cannot write" in said.stdout and "Mend: " in said.stdout, said
    assert not list((tmp_path / "out").glob("*")) and not list((tmp_path / "out").glob(".writing*"))


@contextmanager
def only_to_be_read(folder: Path) -> Iterator[None]:
    """The folder as a user finds it who may not write there, also where these tests are run as root."""
    user = os.geteuid()
    folder.chmod(0o555)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_folder_that_can_only_be_read_says_so_and_loses_nothing(context: Context) -> None:
    with TemporaryDirectory() as open_to_all:  # a user without rights does not come as far as `tmp_path`
        base = Path(open_to_all)
        base.chmod(0o755)
        context.store = Store(base / "out")
        refused = pytest.raises(StoreError, match=r"Nothing can be written(.|\n)*'output:'")
        with only_to_be_read(base), refused, context.store.lock():
            pass
        run_steps([made()], context)
        before = sorted(path.name for path in context.store.folder.rglob("*"))
        with only_to_be_read(context.store.folder):
            with pytest.raises(StoreError, match=r"Nothing can be written(.|\n)*chmod u\+w"):
                run_steps([made(), second()], context)
            with pytest.raises(StoreError, match="Permission denied"), context.store.lock():
                pass
            assert Store(context.store.folder).read("core_skills").num_rows == 999
        assert sorted(path.name for path in context.store.folder.rglob("*")) == before
        assert run_steps([made(), second()], context) == ["second"]


def test_a_disk_that_turns_read_only_is_told_and_what_an_input_refuses_is_not(context: Context) -> None:
    with pytest.raises(StoreError, match=r"Nothing can be written(.|\n)*Read-only file system"):
        run_steps([made(), ending(OSError(errno.EROFS, "Read-only file system"))], context)
    with pytest.raises(PermissionError):
        run_steps([made(), ending(PermissionError(errno.EACCES, "Permission denied", "/feeds/ads.csv"))], context)


def spoil(file: Path) -> None:
    """Change bytes in the middle of a file, not its size."""
    body = bytearray(file.read_bytes())
    at = len(body) // 4
    body[at : at + 40] = bytes(b ^ 0x5A for b in body[at : at + 40])
    file.write_bytes(bytes(body))


def test_a_damaged_table_is_told_and_made_anew_by_the_next_run(context: Context) -> None:
    run_steps([made()], context)
    before = context.store.read("core_skills")
    spoil(next(context.store.path("core_skills").glob("*.parquet")))
    with pytest.raises(StoreError, match=r"Damaged on the disk: core_skills(.|\n)*same command again"):
        run_steps([made(), second()], context)
    assert run_steps([made(), second()], context) == ["list_skills", "second"]
    assert context.store.read("core_skills").equals(before)


def test_a_table_that_cannot_be_read_names_the_command(context: Context) -> None:
    run_steps([made()], context)
    part = next(context.store.path("core_skills").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:99])
    with pytest.raises(StoreError, match=r"'core_skills'(.|\n)*overstap run --fresh"):
        context.store.read("core_skills")


def test_a_folder_that_was_moved_makes_nothing_anew(context: Context, tmp_path: Path) -> None:
    run_steps([made()], context)
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    engine = make_engine("duckdb")
    moved = Context(SPEC, tmp_path, Store(tmp_path / "elsewhere"), engine)
    assert run_steps([made()], moved) == []
    engine.close()


def test_an_older_format_is_made_anew_and_a_newer_one_left_alone(context: Context) -> None:
    run_steps([made()], context)
    path = context.store.folder / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "format": FORMAT - 1}), encoding="utf-8")
    older = Store(context.store.folder)
    with pytest.raises(StoreError, match="overstap run"):
        older.read("core_skills")
    context.store = older
    assert run_steps([made()], context) == ["list_skills"]
    path.write_text(json.dumps({**data, "format": FORMAT + 1}), encoding="utf-8")
    with pytest.raises(StoreError, match=r"newer version(.|\n)*pip install --upgrade overstap"):
        Store(context.store.folder)


def test_a_lock_names_its_owner_and_one_left_behind_is_taken_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    words = rf"process {os.getpid()} on .*, for 0 minutes"
    with store.lock(), pytest.raises(StoreError, match=words), Store(tmp_path).lock():
        pass
    (tmp_path / ".lock").write_text(json.dumps({"process": 2**22 + 1, "host": "gone", "began": 0.0}))
    with store.lock():
        owner = Owner.of((tmp_path / ".lock").read_text())
        assert owner is not None and owner.process == os.getpid()
    (tmp_path / ".lock").write_text("4711")  # as earlier versions wrote it
    with store.lock():
        pass


def test_where_the_disk_knows_no_locks_the_process_is_asked_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: object, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    here = socket.gethostname()
    for owner, refused in (((1, here), True), ((2**22 + 1, here), False), ((1, "another"), True)):
        text = json.dumps({"process": owner[0], "host": owner[1], "began": time.time() + 9_999})  # a clock that jumped
        (tmp_path / ".lock").write_text(text)
        if refused:
            with pytest.raises(StoreError, match=r"for 0 minutes(.|\n)*rm .*\.lock"), Store(tmp_path).lock():
                pass
        else:
            with Store(tmp_path).lock():
                pass


def test_clocks_that_jump_never_hide_a_change(tmp_path: Path) -> None:
    file, store = tmp_path / "a.csv", Store(tmp_path / "out")
    seen = set()
    for text, moment in (("one", 9_999_999_999), ("two", 0), ("six", 9_999_999_999), ("ten", 1_500_000_000)):
        file.write_text(text)
        os.utime(file, (moment, moment))
        seen.update(digest_files([file], store).values())
    assert len(seen) == 4


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), 9)  # as the system does where memory runs out
    return number


def test_a_worker_that_is_killed_is_told_with_the_mend() -> None:
    results = ordered_map(die, iter(range(100)), 2, processes=True)
    with pytest.raises(ResourceError, match=r"worker process was ended(.|\n)*memory(.|\n)*fewer threads"):
        list(results)


def test_a_part_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    parts = Parts(Store(tmp_path), "things")
    with pytest.raises(ZeroDivisionError), parts.writing("one") as folder:
        pq.write_table(pa.table({"a": [1]}), folder / "a.parquet")
        raise ZeroDivisionError
    assert not parts.has("one") and list(parts.folder.iterdir()) == []
    with parts.writing("one") as folder:
        pq.write_table(pa.table({"a": [1]}), folder / "a.parquet")
    assert parts.has("one")
    (parts.path("one") / "a.parquet").write_bytes(b"")
    assert not parts.has("one")
