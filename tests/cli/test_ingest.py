"""`overstap ingest`: a delivery is added once, old ones are not read again, and the tables are those of a fresh study."""

from __future__ import annotations

from pathlib import Path

from tests.cli.helpers import Cli, ads, contents, source, write_csv, write_study


def test_deliveries_of_a_study(tmp_path: Path, cli: Cli) -> None:
    rows = [{**row, "state": "open"} for row in ads(24)]
    columns = {"ad_id": "id", "text": "description", "date": "posted", "status": "state"}
    feed = source(files=["feed/*.csv"], columns=columns, updates="newest", withdrawn=["withdrawn"])
    study = write_study(tmp_path, sources=[feed])
    january = write_csv(tmp_path / "2024-01.csv", rows[:20])
    february = write_csv(
        tmp_path / "2024-02.csv",
        [
            *rows[20:],
            {**rows[0], "description": rows[0]["description"] + " Ook Rust."},
            {**rows[1], "state": "Withdrawn"},
        ],
    )
    said = cli("ingest", study, january, "--no-report")
    assert said.code == 0 and "added as" in said.err
    said = cli("ingest", study, february, january, "--no-report")
    assert said.code == 0 and "delivered before" in said.err.replace("\n", " ")
    found = contents(tmp_path / "out")
    assert len(found["raw_ads"]) == 23
    assert {(row["line_number"], row["reason_code"]) for row in found["raw_quarantine"]} >= {(7, "withdrawn")}
    write_study(tmp_path, sources=[feed], output="anew")
    assert cli("run", study, "--no-report").code == 0
    assert contents(tmp_path / "anew") == found


def test_a_delivery_that_the_source_would_not_find_or_has_already_is_refused(tmp_path: Path, cli: Cli) -> None:
    study = write_study(tmp_path, sources=[source(files=["feed/*.csv"])])
    said = cli("ingest", study, write_csv(tmp_path / "x.txt", ads(6)))
    assert said.code == 2 and "would not find a delivery named x.txt" in said.err and "deliveries/*.txt" in said.err
    (tmp_path / "feed").mkdir()
    write_csv(tmp_path / "feed" / "a.csv", ads(3))
    said = cli("ingest", study, write_csv(tmp_path / "a.csv", ads(6)))
    assert said.code == 2 and "already has a file a.csv" in said.err
    said = cli("ingest", study, tmp_path / "none.csv")
    assert said.code == 2 and "There is no file" in said.err
