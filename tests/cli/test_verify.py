"""`overstap verify`: a finished study is made again to the last bit, and what was changed is found and explained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from overstap.pipeline import Study, study_steps
from overstap.store import Store
from overstap.verify import Difference, _reasons, compare_table, same
from tests.cli.helpers import Cli

COPIED = shutil.ignore_patterns("*.html", ".parts", ".scratch")


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """The finished study in a folder of its own, to be changed."""
    return Path(shutil.copytree(finished.parent, tmp_path / "copied", ignore=COPIED)) / finished.name


def rewrite(store: Store, table: str, change: object) -> None:
    (path,) = store.path(table).glob("*.parquet")
    pq.write_table(change(pq.read_table(path, partitioning=None)), path)  # type: ignore[operator]


def test_a_study_is_made_again_to_the_last_bit_but_for_the_table_that_was_changed(cli: Cli, copied: Path) -> None:
    def one_changed(table: pa.Table) -> pa.Table:
        shares = pc.if_else(pa.array([i == 3 for i in range(table.num_rows)]), 99.5, table["share_pct"])
        return table.set_column(table.schema.get_field_index("share_pct"), "share_pct", shares)

    rewrite(Study.open(copied).store, "out_demand", one_changed)
    said = cli("verify", copied)
    total = sum(len(step.writes) for step in study_steps())
    assert said.code == 1
    assert f"{total - 1} of {total} tables were made again" in said.err and "to the last bit" in said.err
    (line,) = said.out.splitlines()
    assert line.startswith("out_demand, row 3, ") and "column share_pct: stored 99.5, again " in line
    assert "the stored files were changed after the run" in " ".join(said.err.split())


def test_a_study_that_was_moved_with_its_files_makes_nothing_anew(copied: Path) -> None:
    assert Study.open(copied).run() == []


def test_what_the_two_runs_followed_from_is_laid_side_by_side(finished: Path, copied: Path) -> None:
    again, store = Study.open(finished).store, Study.open(copied).store
    told = Difference("out_demand", "", 3)
    assert [reason for reason in _reasons((told,), store, again) if not reason.startswith("out_demand: both")] == []
    again.manifest.about = {**again.manifest.about, "code": "other", "taxonomies": {"core": "other"}}
    again.manifest.about["versions"] = {**again.manifest.about["versions"], "numpy": "9.9"}
    again.manifest.inputs = {
        **{path: {**entry, "digest": "other"} for path, entry in again.manifest.inputs.items()},
        "/new/totals.csv": {"digest": "new"},
    }
    said = " ".join(_reasons((told,), store, again))
    for words in ("ads.csv has other content now", "totals.csv was not read then", "other code", "skills taxonomy",
                  "then, 9.9 now"):  # fmt: skip
        assert words in said


def test_a_study_that_never_ran_cannot_be_verified(cli: Cli, tmp_path: Path, finished: Path) -> None:
    for name in ("study.yaml", "ads.csv"):
        shutil.copy(finished.parent / name, tmp_path / name)
    said = cli("verify", tmp_path / "study.yaml")
    assert said.code == 2 and "overstap run" in said.err


def test_each_kind_of_tampering_has_its_words(finished: Path, copied: Path) -> None:
    """Compared with the untouched study, which stands for the second run."""
    again, store = Study.open(finished).store, Study.open(copied).store
    assert compare_table("out_volume", store, again, 0.0) is None
    rewrite(store, "out_volume", lambda table: table.slice(0, table.num_rows - 1))
    told = compare_table("out_volume", store, again, 0.0)
    assert told is not None and "more where it was made again" in told.what
    rewrite(store, "out_change", lambda table: table.slice(0, table.num_rows))  # same rows, other bytes
    told = compare_table("out_change", store, again, 0.0)
    assert told is None or "the run wrote" in told.what
    (path,) = store.path("raw_ads").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    told = compare_table("raw_ads", store, again, 0.0)
    assert told is not None and "cannot be read" in told.what


def test_values_are_one_to_the_last_bit_or_within_what_is_told() -> None:
    near = 0.1 + 0.2
    assert not same(near, 0.3, 0.0) and same(near, 0.3, 1e-9) and same(float("nan"), float("nan"), 0.0)
    assert same([{"a": near}], [{"a": 0.3}], 1e-9) and not same([{"a": near}], [{"a": 0.3}], 0.0)
    assert not same(None, 0, 1e-9) and not same(0.0, None, 1e-9) and not same([1], [1, 2], 1e-9)
    assert not same(1e-300, 0.0, 1e-9), "a small figure is not nothing"


def test_a_difference_names_row_key_and_column() -> None:
    told = str(Difference("out_demand", "", 7, {"period": "2023"}, "share_pct", 1.0, 2.0))
    assert told == "out_demand, row 7, period=2023, column share_pct: stored 1.0, again 2.0"
