"""`overstap initiative new`: by options and by answers, what it writes and what it refuses."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml

from overstap.pipeline import Study
from overstap.provenance import about_run
from tests.cli.helpers import Cli


@pytest.fixture
def study(finished_study: Study) -> Path:
    finished_study.store.manifest.about = about_run(finished_study.spec)
    finished_study.store.save()
    return finished_study.path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    monkeypatch.chdir(tmp_path)
    return Cli(capsys, monkeypatch)


GIVEN = ("--name", "Data Lab Zuid", "--place", "Tilburg", "--topsector", "htsm", "--skill", "Python", "--no-ask")


def test_options_write_an_entry_and_a_plan_and_never_over_another(cli: Cli, study: Path, tmp_path: Path) -> None:
    told = cli(
        "initiative", "new", study, *GIVEN, "--occupation", "0811", "--contact", "an@example.org", "--lang", "en"
    )
    assert told.code == 0, told.err
    (entry,) = yaml.safe_load((tmp_path / "data-lab-zuid.yaml").read_text(encoding="utf-8"))["initiatives"]
    assert (entry["kind"], entry["occupations"], entry["contact"]) == (
        "learning_community",
        ["brc:0811"],
        "an@example.org",
    )
    plan = (tmp_path / "data-lab-zuid-plan.html").read_text(encoding="utf-8")
    assert "Eight steps to begin" in plan and "example.org" not in plan
    again = cli("initiative", "new", study, *GIVEN)
    assert again.code == 2 and "exists already" in again.err


def test_answers_make_the_same_entry(cli: Cli, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["Data Lab Noord", "Groningen", "energie", "mbo, hbo", "reactief", "Python, Docker", "", "Wind BV (werkgever)",
               "40", "", "2027-02", "Meer mensen voor wind"]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    told = cli("initiative", "new", study, "--ask")
    assert told.code == 0, told.err
    (entry,) = yaml.safe_load((tmp_path / "data-lab-noord.yaml").read_text(encoding="utf-8"))["initiatives"]
    assert entry["levels"] == ["mbo", "hbo"] and entry["skills"] == ["core.python", "core.docker"]
    assert entry["partners"] == ["Wind BV (werkgever)"] and "funding_eur" not in entry


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--name", "X", "--no-ask"), "No skill is named"),
        (("--skill", "Python", "--no-ask"), "has no name"),
        ((*GIVEN, "--skill", "Pyton"), "Did you mean 'python'?"),
        ((*GIVEN, "--tie", "nobody"), "no such initiative"),
        ((*GIVEN, "--topsector", "watr"), "Did you mean 'water'?"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_written(
    cli: Cli, study: Path, tmp_path: Path, changes: tuple[str, ...], said: str
) -> None:
    told = cli("initiative", "new", study, *changes)
    assert told.code == 2 and said in told.err
    assert list(tmp_path.iterdir()) == []
