"""The benchmark runs, says what is missing, and does not make up figures."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import Cli, ads, write_csv


def test_rows_for_us_the_limits_and_peers_that_are_missing(tmp_path: Path, cli: Cli) -> None:
    feed = write_csv(tmp_path / "ads.csv", ads(40))
    said = cli("bench", "annotate", feed, "--n", "40", "--repeat", "1", "--peers", "minilm", "--json")
    assert said.code == 0, said.err
    rows = {row["what"]: row for row in json.loads(said.out)}
    ours = [row for name, row in rows.items() if name.startswith(("overstap", "limit"))]
    assert len(ours) >= 6
    assert all(row["ads"] > 0 and row["ads_per_s"] > 0 and row["mb_per_s"] > 0 for row in ours)
    matching = rows["overstap: skill matching only"]
    assert matching["ratio"] == 1 and matching["mentions_per_ad"] >= 1
    peer = next(row for name, row in rows.items() if "MiniLM" in name)
    assert peer["ads"] > 0 or "pip install" in peer["note"]


def test_the_table_names_every_row_and_what_the_ratio_means(tmp_path: Path, cli: Cli) -> None:
    feed = write_csv(tmp_path / "ads.csv", ads(20))
    said = cli("bench", "annotate", feed, "--n", "20", "--repeat", "1", "--peers", "none")
    assert said.code == 0
    assert "limit: tokens only" in said.out and "× slower: rate of" in said.out


def test_an_unknown_peer_is_told_with_the_nearest(cli: Cli, tmp_path: Path) -> None:
    said = cli("bench", "annotate", write_csv(tmp_path / "a.csv", ads(5)), "--peers", "flashtex")
    assert said.code == 2 and "Did you mean 'flashtext'?" in said.err


def test_the_demand_tables_are_timed_on_made_up_vacancies(cli: Cli) -> None:
    said = cli("bench", "demand", "--ads", "2000", "--json")
    assert said.code == 0, said.err
    rows = {row["what"].removeprefix("step: "): row for row in json.loads(said.out)}
    assert rows["code_vacancies"]["rows"] == 2000
    assert all(rows[step]["rows"] > 0 for step in ("sum_demand", "measure_demand", "measure_change"))
    assert sum(name.startswith("cross") for name in rows) >= 3
