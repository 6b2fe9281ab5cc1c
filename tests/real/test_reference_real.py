"""The bundled tables against the files they were made from, and ESCO as published. Needs the shared data folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from overstap.reference import esco, tables
from tests.shared_data import DATA, needs

ROOT = Path(__file__).parents[2]
pytestmark = needs("classifications")
BUNDLED = ROOT / "src" / "overstap" / "reference" / "data"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    path = ROOT / "scripts" / "build_reference.py"
    spec = importlib.util.spec_from_file_location("build_reference", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_reference"] = module
    spec.loader.exec_module(module)
    return module


def test_a_rebuild_gives_the_bundled_tables_byte_for_byte(builder: ModuleType, tmp_path: Path) -> None:
    builder.build(DATA, tmp_path / "one")
    builder.build(DATA, tmp_path / "two")
    built = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "isco08.csv" in built and "occupation_titles.parquet" in built and len(built) == 11
    for name in built:
        first = (tmp_path / "one" / name).read_bytes()
        assert first == (tmp_path / "two" / name).read_bytes(), name
        if name.endswith(".csv"):
            assert first == (BUNDLED / name).read_bytes(), name
    titles = pq.read_table(tmp_path / "one" / "occupation_titles.parquet")
    assert titles.cast(tables.load("occupation_titles").schema).equals(tables.load("occupation_titles"))
    assert (BUNDLED / "occupation_titles.parquet").stat().st_size < 2_000_000


def test_esco_as_published_installs_whole_with_the_dutch_half_that_there_is(tmp_path: Path) -> None:
    folder = DATA / "classifications"
    report = esco.install([folder / "esco_v1.1.1_en", folder / "esco_nl"], tmp_path)
    assert report.counts["skills"] == report.counts["skills_en"] == 13_896
    assert report.counts["skills_nl"] == 7_007
    assert report.counts["occupations_en"] == 3_007 and report.counts["occupations_nl"] >= 3_039
    assert report.counts["relations"] == 123_855
    assert "6,889 of 13,896 skills have no Dutch label" in report.notes
    skills = esco.load_skills(tmp_path)
    assert pc.sum(skills["is_transversal"]).as_py() == 96 and pc.sum(skills["is_language"]).as_py() == 346
    assert pc.sum(skills["is_digital"]).as_py() >= 1_201
    assert skills["group_code"].null_count == 0


def test_newer_english_files_without_skills_list_still_install(tmp_path: Path) -> None:
    report = esco.install([DATA / "classifications" / "esco_v1.2.1_en"], tmp_path)
    assert report.versions == ["1.2.1"]
    assert report.counts["occupations_en"] == 3_039
    assert report.counts["skills_nl"] == 0 and report.counts["skills_en"] > 1_900
    assert "relations are unknown: occupationSkillRelations.csv was not given" in report.notes


def test_bundled_titles_and_installed_occupations_name_the_same_concepts(tmp_path: Path) -> None:
    esco.install([DATA / "classifications" / "esco_v1.1.1_en"], tmp_path)
    bundled = set(tables.load("occupation_titles")["esco_uri"].unique().to_pylist()) - {None}
    installed = esco.load_occupations(tmp_path)
    assert bundled == set(installed["esco_uri"].to_pylist())
    assert isinstance(installed, pa.Table)
