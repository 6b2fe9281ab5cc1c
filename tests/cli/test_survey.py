"""`overstap survey`: a questionnaire written, answers checked, results shown, statements drafted."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import yaml

from tests.cli.helpers import Cli


def test_from_questionnaire_to_results(tmp_path: Path, cli: Cli) -> None:
    said = cli("survey", "new", tmp_path / "new", "--lang", "en", "--example", "120")
    assert said.code == 0 and "questionnaire.txt" in said.err
    answers = tmp_path / "new" / "answers.csv"
    checked = cli("survey", "check", answers, "--out", tmp_path / "columns.csv")
    assert checked.code == 0 and "flagged duplicate: 5" in checked.err and "flagged incomplete: 12" in checked.err
    columns = list(csv.DictReader((tmp_path / "columns.csv").open(encoding="utf-8")))
    assert len(columns) == len(answers.read_text(encoding="utf-8").splitlines()[0].split(","))
    assert all(row["is_understood"] == "true" for row in columns)
    shown = cli("survey", "show", answers, "--margins", tmp_path / "new" / "margins.csv", "--question", "ovShort")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert {row["item"] for row in rows} == {"mbo", "hbo", "wo"} and all(int(row["n"]) <= 108 for row in rows)
    adopted = list(csv.DictReader(io.StringIO(cli("survey", "show", answers, "--adoption").out)))
    assert {"in_use", "planned", "obstacle", "sme_lag"} == {row["measure"] for row in adopted}
    hidden = [row for row in adopted if row["is_suppressed"] == "true"]
    assert hidden and all(row["value"] == row["n"] == "" for row in hidden)


def test_statements_are_not_written_over(tmp_path: Path, cli: Cli) -> None:
    cli("survey", "new", tmp_path, "--example", "120")
    study = {
        "study": "s",
        "title": {"nl": "S", "en": "S"},
        "period": {"first": "2024-01-01", "last": "2024-12-31"},
        "sources": [{"id": "a", "format": "csv", "files": ["ads.csv"]}],
        "survey": {"files": ["answers.csv"]},
    }
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    first = cli("survey", "statements", tmp_path / "study.yaml")
    assert first.code == 0
    found = yaml.safe_load((tmp_path / "statements.yaml").read_text(encoding="utf-8"))
    assert any("n = " in row["evidence_nl"] for row in found)
    again = cli("survey", "statements", tmp_path / "study.yaml")
    assert again.code == 2 and "there already" in again.err and "--force" in again.err


def test_mistakes_are_explained(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "a.csv").write_text("Q1,Q2\nA,1\nB,2\n")
    for words, said in (
        (("show", "a.csv", "--by", "rol"), "Did you mean 'role'"),
        (("show", "a.csv", "--question", "Q3"), "There are no results of 'Q3'"),
        (("check", "a.csv", "--use", "role"), "--use role=Q1"),
        (("check", "a.csv", "--use", "role=Q9"), "no question 'Q9'"),
        (("check", "none.csv"), "There is no file"),
        (("show", "a.csv", "--use", "roll=Q1"), "Did you mean 'role'"),
        (("show", "a.csv", "--adoption"), "--use adoption=Q4"),
        (("show", "a.csv", "--by", "size"), "--use size=Q1"),
        (("new", "x", "--lang", "de"), "--lang de"),
    ):
        place = [tmp_path / word if word.endswith(".csv") else word for word in words]
        found = cli("survey", *place)
        assert found.code == 2 and said in found.err, (words, found.err)
