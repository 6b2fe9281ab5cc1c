"""Kept files: what is read is what was built, and no state of the folder makes a run fail."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.reference import cache
from overstap.reference.cache import Parcel, cache_folder, keep, pack_arrays, unpack_arrays

WORDS = ["één", None, ""]


class Maker:
    """Builds a parcel and counts how often."""

    def __init__(self) -> None:
        self.built = 0

    def __call__(self) -> Parcel:
        self.built += 1
        return Parcel({"words": pa.array(WORDS), "none": pa.array([], pa.int32())}, {"n": 3, "names": {"a": 1}})

    def keep(self, home: Path, key: str = "1", name: str = "thing") -> Parcel:
        return keep(name, key, self, lambda parcel: parcel, read_words, home)


def read_words(parcel: Parcel) -> Parcel:
    assert parcel.arrays["words"].to_pylist() == WORDS
    assert parcel.arrays["none"].equals(pa.array([], pa.int32()))
    assert parcel.facts == {"n": 3, "names": {"a": 1}}
    return parcel


def kept(home: Path) -> list[str]:
    return sorted(path.name for path in cache_folder(home).iterdir())


def test_built_once_and_read_back_the_same(tmp_path: Path) -> None:
    make = Maker()
    for _ in range(3):
        read_words(make.keep(tmp_path))
    assert make.built == 1


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint64", "int32", "int64", "float32", "float64", "bool"])
def test_arrays_come_back_with_type_and_shape(tmp_path: Path, dtype: str) -> None:
    given = {"flat": np.arange(5).astype(dtype), "pairs": np.arange(6).astype(dtype).reshape(3, 2)}
    given |= {"empty": np.zeros((0, 2), dtype), "highest": np.full(1, -1).astype(dtype)}
    for _ in range(2):
        found = keep("arrays", "", lambda: given, lambda arrays: pack_arrays(arrays, {}), unpack_arrays, tmp_path)
        for name, array in given.items():
            assert found[name].dtype == array.dtype and found[name].shape == array.shape
            assert np.array_equal(found[name], array)


def test_another_key_or_other_code_builds_anew_and_the_old_file_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Maker()
    make.keep(tmp_path, name="other")
    make.keep(tmp_path)
    make.keep(tmp_path, "2")
    assert make.built == 3
    (_, second) = names = kept(tmp_path)
    assert [name.partition("-")[0] for name in names] == ["other", "thing"]
    monkeypatch.setattr(cache, "source_digest", lambda *parts: "a later release")
    make.keep(tmp_path, "2")
    assert make.built == 4
    assert len(kept(tmp_path)) == 2 and second not in kept(tmp_path)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "folder"])
def test_a_damaged_file_is_built_anew_and_mended(tmp_path: Path, damage: str) -> None:
    make = Maker()
    make.keep(tmp_path)
    (file,) = cache_folder(tmp_path).iterdir()
    raw = bytearray(file.read_bytes())
    raw[-40] ^= 1
    broken = {"empty": b"", "cut": raw[: len(raw) // 2], "flipped": raw, "text": b"not what was kept"}
    file.unlink()
    if damage == "folder":
        file.mkdir()
    else:
        file.write_bytes(broken[damage])
    read_words(make.keep(tmp_path))
    assert make.built == 2
    if damage != "folder":
        make.keep(tmp_path)
        assert make.built == 2


def test_whole_files_with_other_content_are_built_anew(tmp_path: Path) -> None:
    keep("thing", "1", lambda: Parcel({"x": pa.array([1])}), lambda parcel: parcel, lambda parcel: parcel, tmp_path)
    found = keep("thing", "1", lambda: "built", lambda text: Parcel({}), lambda parcel: parcel.facts["gone"], tmp_path)
    assert found == "built"


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    make = Maker()
    for built in (1, 2):
        read_words(make.keep(tmp_path))
        assert make.built == built


def test_errors_of_the_building_are_not_hidden(tmp_path: Path) -> None:
    def build() -> Parcel:
        raise ValueError("broken core file")

    with pytest.raises(ValueError, match="broken core file") as caught:
        keep("thing", "1", build, lambda parcel: parcel, lambda parcel: parcel, tmp_path)
    assert caught.value.__context__ is None


def test_source_digest_follows_every_file() -> None:
    assert cache.source_digest("ads") != cache.source_digest("reference")
    assert cache.source_digest("ads", "reference") == cache.source_digest.__wrapped__("ads", "reference")


def test_processes_at_once_share_one_cache(tmp_path: Path) -> None:
    script = (
        "from overstap.reference.taxonomy import load_taxonomy\n"
        "taxonomy = load_taxonomy()\n"
        "print(taxonomy.version, taxonomy.forms.num_rows, taxonomy.forms['form'].to_pylist()[-1])"
    )
    surroundings = os.environ | {"OVERSTAP_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, env=surroundings) for _ in range(2)]
    said = {process.communicate(timeout=120)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0]
    assert len(said) == 1 and said != {b""}
    assert [name.rpartition("-")[0] for name in kept(tmp_path)] == ["characters", "taxonomy-core"]
