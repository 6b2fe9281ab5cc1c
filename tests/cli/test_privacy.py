"""What leaves the tables: no log, message or manifest carries words of ads; texts go where the study says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from overstap.audit.draw import draw_sheet
from overstap.errors import StoreError
from overstap.pipeline import Study
from overstap.trace import reading, trace_ad
from tests.cli.helpers import Cli, Said, ads, write_csv, write_study

CANARY = "Zwqxkanarie"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Ads with a word of their own in text, title and employer, and some that cannot be used."""
    good = ads(24)
    for row in good:
        row["title"] += f" {CANARY}titel"
        row["company"] += f" {CANARY}bedrijf"
        row["description"] += f" {CANARY}tekst staat hier."
    short = {**good[0], "id": "b1", "description": f"{CANARY} kort"}
    shifted = {**good[1], "id": "b2", "posted": f"{CANARY} op 12 maart"}
    return [*good, short, shifted, {**good[2], "id": "b3", "posted": ""}, good[3]]


def _silent(*said: str) -> None:
    for text in said:
        assert CANARY.lower() not in text.lower()


def _said(found: Said) -> Said:
    _silent(found.out, found.err)
    return found


def test_texts_are_removed_and_nothing_says_a_word_of_them(
    tmp_path: Path, cli: Cli, rows: list[dict[str, str]]
) -> None:
    study = write_study(tmp_path, rows, retention={"text": "drop"})
    assert _said(cli("run", study, "--no-report")).code == 0
    opened = Study.open(study)
    aside = opened.table("raw_quarantine").to_pylist()
    assert len(aside) == 4
    _silent(json.dumps(aside), *(path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.json")))
    raw, vacancies = opened.table("raw_ads"), opened.table("core_vacancies").num_rows
    assert set(raw["text"].to_pylist()) == {""} and raw.num_rows == 24 and raw["title"].null_count == 0
    stored = b"".join(path.read_bytes() for path in (tmp_path / "out" / "raw_ads").rglob("*.parquet"))
    assert f"{CANARY}tekst".encode() not in stored

    # Nothing runs again, with the feed or without it; evidence keeps its places.
    assert opened.run() == []
    feed = (tmp_path / "ads.csv").read_bytes()
    (tmp_path / "ads.csv").unlink()
    assert Study.open(study).run() == []
    with reading(opened) as read:
        ad = trace_ad(opened, read, "feed/a1")
    assert ad["text_removed"] and ad["skills"] and all(m["end"] > m["start"] for m in ad["skills"])
    assert "removed after they were coded" in " ".join(_said_trace(cli, study).split())
    with pytest.raises(StoreError, match="removed"):
        draw_sheet(opened, 5, 1)

    # What needs the texts asks for the feed, and has it where it is there again.
    settings = yaml.safe_load(study.read_text(encoding="utf-8")) | {"duplicates": {"text_similarity": 0.9}}
    study.write_text(yaml.safe_dump(settings), encoding="utf-8")
    refused = _said(cli("run", study, "--no-report"))
    assert refused.code == 2 and "feed: ads.csv" in refused.err and "group_duplicates" in refused.err
    (tmp_path / "ads.csv").write_bytes(feed)
    assert _said(cli("run", study, "--no-report")).code == 0
    again = Study.open(study)
    assert set(again.table("raw_ads")["text"].to_pylist()) == {""}
    assert again.table("core_vacancies").num_rows == vacancies


def _said_trace(cli: Cli, study: Path) -> str:
    found = cli("trace", study, "feed/a1", "--lang", "en")
    assert found.code == 0
    return found.out + found.err


@pytest.mark.parametrize("change", ["no header", "other encoding", "wrong column", "cut off"])
def test_a_feed_that_cannot_be_read_is_not_quoted(
    tmp_path: Path, cli: Cli, rows: list[dict[str, str]], change: str
) -> None:
    study = write_study(tmp_path, rows[:5])
    feed = tmp_path / "ads.csv"
    if change == "no header":
        feed.write_text("".join(feed.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
    elif change == "other encoding":
        write_csv(feed, [{**row, "description": row["description"] + " é"} for row in rows[:5]], "utf-16")
    elif change == "wrong column":
        write_csv(feed, [{f"x{name}": value for name, value in row.items()} for row in rows[:5]])
    else:
        feed.write_bytes(b'id,description,posted\n1,"' + rows[0]["description"].encode())
    assert _said(cli("run", study, "--no-report")).code == 2
