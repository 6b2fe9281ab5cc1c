"""The village with `engine: spark`: every step runs there, and gives the tables that it gives with DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.engine import Engine, make_engine
from overstap.errors import InputError, OverstapError
from overstap.pipeline import Study, parameters, study_steps
from overstap.steps import Context, run_steps
from tests.cli.helpers import ads, source, write_csv, write_study
from tests.spark import differing, with_spark

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


def test_every_step_of_the_village_gives_the_same_tables(spark: None, village: Study, tmp_path: Path) -> None:
    study = with_spark(village, tmp_path / "village")
    assert study.run() == [step.name for step in study_steps()]
    assert differing(village, study) == []


def test_a_delivery_is_read_and_coded_once(spark: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first four steps, which deliveries go through: with one file, with a second, and with both at once."""
    monkeypatch.setattr("overstap.deliveries.GROUP_BYTES", 1)  # small files are else one delivery
    rows = ads(12)
    path = write_study(tmp_path, sources=[source(files=["feed/*.csv"])], engine="spark")
    (tmp_path / "feed").mkdir()
    engine = make_engine("spark")
    write_csv(tmp_path / "feed" / "a.csv", rows[:8])
    _first_steps(Study.open(path), engine)
    made = {p: p.stat().st_mtime_ns for p in (tmp_path / "out" / ".parts").rglob("*.parquet")}
    write_csv(tmp_path / "feed" / "b.csv", rows[8:])
    grown = _first_steps(Study.open(path), engine)
    assert made and made == {p: p.stat().st_mtime_ns for p in made}
    write_study(tmp_path, sources=[source(files=["feed/*.csv"])], output="anew")
    anew = _first_steps(Study.open(path), make_engine("duckdb"))
    assert grown.table("raw_ads").num_rows == 12
    assert differing(anew, grown) == []


def test_what_is_wrong_with_an_input_is_told_as_it_is_without_spark(spark: None) -> None:
    def wrong(items: object, threads: int) -> list[None]:
        raise InputError("feed.csv is cut off.", fix="Deliver it again.")

    with pytest.raises(OverstapError, match=r"feed\.csv is cut off") as told:
        list(make_engine("spark").spread(wrong, [1]))
    assert told.value.fix == "Deliver it again."


def _first_steps(study: Study, engine: Engine) -> Study:
    run_steps(study_steps()[:4], Context(study.spec, study.base, study.store, engine, parameters(study.spec)))
    return study
