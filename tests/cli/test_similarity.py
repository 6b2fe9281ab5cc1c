"""`overstap similarity`: pairs in, scores out, whatever a person types; and what it says of what it cannot rate."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest

from tests.cli.helpers import COMMAND, Cli, environment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "home"))


def test_pairs_are_rated_and_the_unknown_said(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "in.csv").write_text("from;to\nSecretaresse;4110\nblorpf;4110\n", encoding="utf-8")
    said = cli("similarity", "--level", "isco", "--pairs", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert said.code == 0 and said.out == ""
    assert "1 of 2 pairs rated" in said.err and "'blorpf' is no known occupation; nearest:" in said.err
    assert "ESCO is not installed" in said.err
    rated, unknown = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8")))
    assert rated["from"] == "Secretaresse" and rated["from_code"] == "4120" and rated["band"] == "high"
    assert 0 < float(rated["similarity"]) < 1 and 0 <= float(rated["jaccard"]) < 1
    assert rated["basis"] == "observed" and rated["features"] == "groups" and rated["meaning"] == ""
    assert unknown["similarity"] == "" and "nearest" in unknown["message"]


def test_pairs_come_from_stdin_and_go_to_stdout(tmp_path: Path) -> None:
    said = subprocess.run(
        [*COMMAND, "similarity", "--level", "esco", "--pairs", "-", "--out", "-", "--lang", "en"],
        input="from,to\nWAITER/WAITRESS,Head Waiter/Head Waitress\n".encode("utf-8-sig"),
        env=environment({"OVERSTAP_HOME": str(tmp_path / "home")}),
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    (row,) = csv.DictReader(io.StringIO(said.stdout.decode()))
    assert row["to_name"] == "head waiter/head waitress" and float(row["similarity"]) > 0.3


def test_nothing_found_ends_with_an_error(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "in.csv").write_text("from,to\nblorpf,\n")
    said = cli("similarity", "--level", "brc", "--pairs", tmp_path / "in.csv")
    assert said.code == 1 and len(said.out.splitlines()) == 2


def test_the_best_moves_of_one_occupation(cli: Cli) -> None:
    said = cli("similarity", "--level", "brc", "--of", "boekhouder", "--top", "3")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert said.code == 0 and rows[0]["to_name"] == "Accountants" and len(rows) == 3


def test_a_table_tells_what_else_decides_on_a_move(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    said = cli("similarity", "--level", "isco", "--of", "4120", "--top", "40", "--table")
    assert said.code == 0 and said.out.split()[:3] == ["from", "to", "similarity"]
    line = next(line for line in said.out.splitlines() if "Administratieve medewerkers, algemeen" in line)
    assert "high" in line and "same" in line and "24.40" in line
    assert "unknown" in said.out  # pay that nobody publishes
    assert "BIG-registratie verpleegkundige" in cli("similarity", "--level", "isco", "--of", "5321", "--table").out


@pytest.mark.parametrize(
    "words, told",
    [
        (["--level", "escoo", "--of", "x"], "Did you mean 'esco'?"),
        ([], "--of NAME"),
        (["--pairs", "x.csv", "--of", "x"], "Either pairs"),
        (["--pairs", "nowhere.csv"], "no file nowhere.csv"),
        (["--of", "blorpf"], "nearest"),
        (["--of", "x", "--lang", "fr"], "nl and en"),
    ],
)
def test_a_mistake_is_explained(words: list[str], told: str, cli: Cli) -> None:
    said = cli("similarity", *words)
    assert said.code == 2 and told in said.err
    assert "Mend: " in said.err


def test_every_measure_is_timed(cli: Cli) -> None:
    said = cli("bench", "moves", "--level", "brc", "--json")
    assert said.code == 0 and '"what": "jaccard"' in said.out and '"what": "all"' in said.out
