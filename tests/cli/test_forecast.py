"""`overstap forecast vacancies`: the CSV keeps its columns, what it rests on stands beside it, and no end is too far."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from tests.cli.helpers import Cli


def vacancies(path: Path) -> Path:
    """Two invented series of 60 quarters, to 2021Q4."""
    rng = np.random.default_rng(8)
    lines = ["code,period,open_x1000,note"]
    for code in ("C", "D"):
        values = 40 * np.exp(np.cumsum(rng.normal(0, 0.05, 60)))
        lines += [f"{code},{2007 + i // 4}KW0{i % 4 + 1},{value:.1f}," for i, value in enumerate(values)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_forecast_says_beside_its_csv_what_it_rests_on(cli: Cli, tmp_path: Path) -> None:
    data, out = vacancies(tmp_path / "open.csv"), tmp_path / "ahead.csv"
    said = cli("forecast", "vacancies", "--data", data, "--until", "2023Q4", "--out", out)
    assert said.code == 0, said.err
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["code", "period", "value", "low", "high"] and len(rows) == 16
    beside = json.loads((tmp_path / "ahead.csv-metadata.json").read_text(encoding="utf-8"))
    assert beside["url"] == "ahead.csv" and beside["dc:source"] == "open.csv"
    assert [column["name"] for column in beside["tableSchema"]["columns"]] == list(rows[0])
    for words in (
        "thousands of open vacancies",
        "2 series carried forward, of 120 known values",
        "Method: the mean of",
    ):
        assert words in said.err.replace("\n", " ") and words in beside["dc:description"]
    assert "80 % intervals held" in beside["dc:description"]


def test_an_end_that_no_past_can_test_is_refused_with_the_last_one_that_is(cli: Cli, tmp_path: Path) -> None:
    data, out = vacancies(tmp_path / "open.csv"), tmp_path / "ahead.csv"
    said = cli("forecast", "vacancies", "--data", data, "--until", "2060", "--out", out)
    assert said.code == 2 and not out.exists()
    assert "Choose --until 2027KW04 or earlier" in " ".join(said.err.split())
