"""Inputs: a file that changed is read again, also where its size and time say that it did not."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from overstap.pipeline import Study
from overstap.provenance import LIBRARIES, about_run, digest_files, versions
from overstap.reference.taxonomy import taxonomy_version
from overstap.store import Store


def test_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    feed, store = tmp_path / "feed.csv", Store(tmp_path / "out")
    feed.write_text("aaaa")
    stat = feed.stat()
    first = digest_files([feed], store)
    feed.write_text("bbbb")
    os.utime(feed, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert digest_files([feed], store) != first


def test_files_of_an_earlier_run_are_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text(name)
        digest_files([tmp_path / name], store, first=name == "b.csv")
    assert [Path(path).name for path in store.manifest.inputs] == ["b.csv", "c.csv"]


def test_the_manifest_names_all_that_a_run_followed_from(finished_study: Study) -> None:
    about = about_run(finished_study.spec)
    assert about["seeds"] and all(isinstance(seed, int) for seed in about["seeds"].values())
    assert about["taxonomies"] == {"core": taxonomy_version("core")}
    assert len(about["code"]) == 32 and about["machine"] and about["versions"]["python"]


def test_the_libraries_are_those_of_the_package() -> None:
    settings = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(LIBRARIES) == sorted(re.split("[><=]", name)[0] for name in settings["project"]["dependencies"])
    assert {*LIBRARIES} <= {*versions()}
