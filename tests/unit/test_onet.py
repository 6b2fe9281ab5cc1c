"""O*NET and its crosswalk are read as published, and give components beside those of ESCO."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from overstap.errors import InputError, ReferenceDataError
from overstap.moves import onet as components_of
from overstap.moves.crosswalk import codes
from overstap.reference import onet
from overstap.schema.moves import ONET

A, B, C = "11-1011.00", "11-1021.00", "53-3032.00"
HEAD = "O*NET-SOC Code,Title,Element ID,Element Name,Scale ID,Data Value\n"
CROSSWALK = "O*NET Id,O*NET Title,ESCO or ISCO URI,ESCO or ISCO Title,Type of Match\n"


def rated(*rows: tuple[str, str, float]) -> str:
    text = [f"{code},x,1,{element},IM,{value}\n{code},x,1,{element},LV,7\n" for code, element, value in rows]
    return HEAD + "".join(text)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three occupations: the first two differ by one step in one of two skills, the third has no ratings."""
    folder = tmp_path / "onet"
    folder.mkdir()
    (folder / "skills.csv").write_text(
        rated((A, "Reading", 5), (A, "Writing", 3), (B, "Reading", 4), (B, "Writing", 3))
    )
    (folder / "knowledge.csv.gz").write_bytes(gzip.compress(rated((A, "Law", 1), (B, "Law", 5)).encode()))
    (folder / "Work Styles.txt").write_text(rated((A, "Care", 2), (B, "Care", 2)).replace(",", "\t"))
    (folder / "job_zones.csv").write_text(f"O*NET-SOC Code,Title,Job Zone\n{A},x,5\n{B},x,4\n{C},x,2\n")
    (folder / "tasks_to_dwas.csv").write_text(
        "O*NET-SOC Code,Title,Task ID,DWA ID,DWA Title\n"
        f"{A},x,1,d1,Read.\n{A},x,2,d1,Read.\n{B},x,3,d1,Read.\n{B},x,4,d2,Write.\n{C},x,5,d3,Dig.\n"
    )
    (folder / "technology_skills.csv").write_text(
        f"O*NET-SOC Code,Title,Example,Commodity Title\n{A},x,Excel,Spreadsheet software\n{A},x,Calc,Spreadsheet software\n"
        f"{B},x,Word,Word processing software\n"
    )
    first, second, third = codes("esco", tmp_path / "none")[:3]
    links = tmp_path / "crosswalk_esco_onet.csv"
    links.write_text(
        "Mapping project,ESCO-O*NET Crosswalk,,,\n,,,,\n"
        + CROSSWALK
        + f"{A},x,{first},y,exactMatch\n{B},x,{second},y,closeMatch\n{C},x,{third},y,broadMatch\n"
        + f"{C},x,http://data.europa.eu/esco/isco/C8332,y,exactISCO\n",
        encoding="utf-8-sig",
    )
    return [folder, links]


def test_importance_is_rescaled_and_levels_are_left_out(files: list[Path], tmp_path: Path) -> None:
    assert onet.install(files, tmp_path / "home") == {
        "onet_values": 15,
        "onet_crosswalk": 3,
        "onet_words": 6,
    }
    rows = [tuple(row.values()) for row in onet.load_values(tmp_path / "home").to_pylist()]
    assert (A, "skill", "Reading", 1.0) in rows and (A, "knowledge", "Law", 0.0) in rows
    assert (B, "work_style", "Care", 0.25) in rows and (C, "job_zone", "job zone", 2.0) in rows


def test_components_compare_ratings_activities_and_zones(files: list[Path], tmp_path: Path) -> None:
    onet.install(files, tmp_path / "home")
    named = codes("esco", tmp_path / "home")
    found = {
        n: measure(np.arange(3)) for n, measure in components_of.components("esco", named, tmp_path / "home").items()
    }
    assert tuple(found) == ONET
    assert found["onet_skills"][0, 1] == pytest.approx(1 - 0.25 / 2)
    assert found["onet_knowledge"][0, 1] == pytest.approx(0) and found["onet_styles"][0, 1] == pytest.approx(1)
    assert found["onet_zone"][0, 1] == pytest.approx(0.75) and found["onet_zone"][0, 2] == pytest.approx(0.25)
    d1, d2 = np.log(1 + 3 / 2) / np.log(4), 1.0  # asked by two of the three O*NET occupations, and by one
    assert found["onet_activities"][0, 1] == pytest.approx(d1 / np.hypot(d1, d2))
    assert np.isnan(found["onet_skills"][0, 2]) and np.isnan(found["onet_zone"][0, 3])


def test_without_onet_there_are_no_components(tmp_path: Path) -> None:
    assert components_of.components("esco", codes("esco", tmp_path), tmp_path) == {}
    with pytest.raises(ReferenceDataError, match="not installed"):
        onet.load_values(tmp_path)


def test_a_file_that_is_missing_is_named(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="crosswalk"):
        onet.install(files[:1], tmp_path / "home")
    with pytest.raises(InputError, match=r"no .*nowhere"):
        onet.install([tmp_path / "nowhere"], tmp_path / "home")
    (files[0] / "job_zones.csv").write_text("Title\nx\n")
    with pytest.raises(ReferenceDataError, match="column"):
        onet.install(files, tmp_path / "home")
    assert not onet.is_installed(tmp_path / "home")


def test_tasks_and_tools_are_named_once_by_occupation(files: list[Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    first, second, third, fourth = codes("esco", tmp_path / "none")[:4]
    assert components_of.words("esco", first, home) is None
    onet.install(files, home)
    assert components_of.words("esco", second, home) == {
        "task": (("Read.", 1.0), ("Write.", 1.0)),
        "tool": (("Word processing software", 1.0),),
    }
    assert components_of.words("esco", third, home) == {"task": (("Dig.", 1.0),), "tool": ()}
    assert components_of.words("esco", fourth, home) == {"task": (), "tool": ()}
    (home / "onet_words.parquet").unlink()  # as an older version installed it
    assert onet.is_installed(home) and components_of.words("esco", first, home) is None
