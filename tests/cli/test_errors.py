"""A user's mistake: exit code 2, a message that names the fault and the mend, no traceback, nothing half written."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from overstap.store import Store
from tests.cli.helpers import COMMAND, Cli, Said, ads, environment, source, write_csv, write_study

FEW = ads(6)


def refused(said: Said, *words: str) -> None:
    """The command ended with exit code 2, said each of `words` on stderr and nothing on stdout."""
    assert said.code == 2, said
    assert said.out == ""
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err


STUDY_FAULTS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("unknown setting", {"perod": 1}, ("unknown setting 'perod'", "Did you mean 'period'?")),
    ("unknown nested", {"measures": {"min_m": 3}}, ("measures.min_m", "Did you mean 'min_n'?")),
    ("missing setting", {"period": None}, ("the setting 'period' is missing", "Add 'period:'")),
    ("out of range", {"measures": {"confidence": 2}}, ("measures.confidence", "less than 1", "value: 2")),
    ("dates reversed", {"period": {"first": "2024-01-01", "last": "2022-01-01"}}, ("2024-01-01", "after period.last")),
    ("not a date", {"period": {"first": "2024-02-31", "last": "2024-12-31"}}, ("period.first", "2024-02-31")),
    ("unknown taxonomy", {"annotation": {"taxonomy": "esko"}}, ("annotation.taxonomy", "'core' or 'esco'", "esko")),
    ("missing feed", {"sources": [source(files=["adz.csv"])]}, ("adz.csv", "ads.csv")),
    ("wrong column", {"sources": [source(columns={"text": "descripton"})]}, ("descripton", "Did you mean 'description'?")),
    ("unknown field", {"sources": [source(columns={"txt": "description"})]}, ("'txt'", "Did you mean 'text'?")),
    ("unknown encoding", {"sources": [source(encoding="utf-9")]}, ("utf-9",)),
    ("wrong date format", {"sources": [source(date_format="%d/%m/%Y")]}, ("date", "posted", "date_format")),
    ("missing topsectors", {"topsectors": "sectors.csv"}, ("sectors.csv",)),
    ("no ads then", {"period": {"first": "2010-01-01", "last": "2011-12-31"}}, ("2010-01-01 to 2011-12-31", "The ads are dated 2022-01-15 to 2024-06-15", "period.first")),
    ("outlook reversed", {"moves": {"first_year": 2030, "last_year": 2025}}, ("from 2030 to 2025", "the first must come before the last")),
    ("outlook too far", {"moves": {"last_year": 2050}}, ("from 2025 to 2050", "2010 to 2035")),
    ("no own figures", {"moves": {"own": {"pay": "loon.csv"}, "graduates": "uit.csv"}}, ("loon.csv", "at moves, pay", "uit.csv", "at moves, graduates")),
    ("no such figures", {"moves": {"own": {"pai": "ads.csv"}}}, ("ads.csv lacks the column code",)),
    ("no period to compare", {"period": {"first": "2022-01-01", "last": "2024-12-31", "compare_first": "2019"}}, ("compare_first is 2019", "2022, 2023, 2024")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), [f[1:] for f in STUDY_FAULTS], ids=[f[0] for f in STUDY_FAULTS])
def test_a_fault_of_the_study_file_is_named_with_its_mend(
    tmp_path: Path, cli: Cli, changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(cli("run", write_study(tmp_path, FEW, **changes)), *words)
    out = tmp_path / "out"
    assert not list(out.glob(".writing*")) and not list(out.glob("report*"))


def test_check_says_where_no_ad_seems_to_lie_in_the_period(tmp_path: Path, cli: Cli) -> None:
    said = cli("check", write_study(tmp_path, FEW, period={"first": "2010-01-01", "last": "2011-12-31"}))
    assert said.code == 0
    assert "none of the 6 ads that were looked at, of 2022-01-15 to 2024-06-15" in " ".join(
        said.out.split() + said.err.split()
    )
    said = cli("check", write_study(tmp_path, FEW))
    assert "Note" not in said.out + said.err


def test_a_missing_study_file(tmp_path: Path, cli: Cli) -> None:
    for command in ("check", "run", "report", "serve"):
        refused(cli(command, tmp_path / "study.yaml"), "There is no study file at", "overstap init")


@pytest.mark.parametrize(
    ("text", "words"), [("a: [1", ("is not valid YAML", "line")), ("- 1\n", ("holds no settings", "overstap init")), ("", ("holds no settings",))]
)  # fmt: skip
def test_a_study_file_that_is_not_one(tmp_path: Path, cli: Cli, text: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    refused(cli("check", path), "study.yaml", *words)


def test_a_study_file_that_is_a_folder_or_not_utf8(tmp_path: Path, cli: Cli) -> None:
    refused(cli("check", tmp_path), "Cannot read the study file")
    path = tmp_path / "study.yaml"
    path.write_bytes("study: caf\xe9".encode("latin-1"))
    refused(cli("check", path), "Cannot read the study file", "UTF-8")


def test_check_lists_all_problems_at_once(tmp_path: Path, cli: Cli) -> None:
    sources = [source(files=["adz.csv"]), source(id="other", columns={"text": "descripton", "date": "postd"})]
    said = cli("check", write_study(tmp_path, FEW, sources=sources, topsectors="sectors.csv"))
    refused(said, "1. ", "2. ", "3. ", "4. ", "adz.csv", "descripton", "postd", "sectors.csv")
    said = cli("check", write_study(tmp_path, FEW, perod=1, outpt="x"))
    refused(said, "perod", "'outpt'", "Did you mean 'output'?")


def test_a_feed_in_another_encoding(tmp_path: Path, cli: Cli) -> None:
    path = write_study(tmp_path, FEW)
    rows = [{**row, "description": row["description"] + " Café, coördinatie."} for row in FEW]
    write_csv(tmp_path / "ads.csv", rows, encoding="latin-1")
    refused(cli("run", path), "ads.csv", "encoding")


@pytest.mark.parametrize("text", ["", "id,title,description,posted\n"])
def test_an_empty_feed(tmp_path: Path, cli: Cli, text: str) -> None:
    path = write_study(tmp_path, FEW)
    (tmp_path / "ads.csv").write_text(text, encoding="utf-8")
    refused(cli("run", path), "ads.csv", "Mend: ")
    assert not (tmp_path / "out").exists()


def test_a_failed_run_leaves_the_tables_of_the_last_one(tmp_path: Path, cli: Cli, finished: Path) -> None:
    path = write_study(tmp_path, ads(12))
    assert cli("run", path, "--no-report").code == 0
    before = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    write_study(tmp_path, None, period={"first": "2010-01-01", "last": "2011-12-31"})
    refused(cli("run", path), "No ad falls in the study's period")
    assert (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8") == before
    assert not list((tmp_path / "out").glob(".writing*"))


def test_a_second_run_at_once_is_refused(tmp_path: Path, cli: Cli) -> None:
    path = write_study(tmp_path, FEW)
    with Store(tmp_path / "out").lock():
        refused(cli("run", path), "Another run (process ", "Wait until it ends")
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_study_that_has_not_run(tmp_path: Path, cli: Cli) -> None:
    path = write_study(tmp_path, FEW)
    for args in (
        ["report", path],
        ["serve", path],
        ["trace", path, "feed/a1"],
        ["trace", path, "out_volume/period=2022"],
    ):
        refused(cli(*args), "overstap run")
    assert not (tmp_path / "out").exists()


TRACES = [
    ("feed/a999", ("no ad 'feed/a999'", "Did you mean 'feed/a")),
    ("feed/x=1", ("no ad 'feed/x=1'",)),
    ("nothing", ("no ad 'nothing'", "Ids look like 'feed/a0'")),
    ("out_deman/period=2023", ("'out_deman'", "Did you mean 'out_demand'?")),
    ("core_skills/skill_id=core.sql", ("'core_skills'", "out_demand")),
    ("out_demand/perod=2023", ("'perod=2023'", "Did you mean 'period'?")),
    ("out_demand/period", ("'period'", "name=value")),
    ("out_demand/period=2019/item_id=core.sql", ("period=2019", "2022, 2023, 2024")),
    ("out_demand/period=2023/item_id=core.sqll", ("core.sqll", "Did you mean 'core.sql'?")),
    ("out_volume/period=2023/language=fr", ("language=fr", "en, nl")),
]


@pytest.mark.parametrize(("what", "words"), TRACES, ids=[t[0] for t in TRACES])
def test_an_address_that_leads_nowhere(cli: Cli, finished: Path, what: str, words: tuple[str, ...]) -> None:
    refused(cli("trace", finished, what), *words)


def test_a_language_that_trace_does_not_speak(cli: Cli, finished: Path) -> None:
    refused(cli("trace", finished, "feed/a1", "--lang", "de"), "de", "nl", "en")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["adz.csv"], ("There is no file adz.csv", "Did you mean 'ads.csv'?")),
        (["ads.txt"], ("ads.txt", ".csv", ".parquet")),
        (["ads.csv", "--map", "text"], ("--map text", "FIELD=COLUMN")),
        (["ads.csv", "--map", "txt=description"], ("'txt'", "Did you mean 'text'?")),
        (["ads.csv", "--map", "text=descripton"], ("descripton", "Did you mean 'description'?")),
        (["ads.csv", "--taxonomy", "esko"], ("'esko'", "Did you mean 'esco'?")),
        (["ads.csv", "--taxonomy", "esco"], ("ESCO is not installed", "overstap reference install esco")),
        (["empty.csv"], ("empty.csv", "Mend: ")),
        (["short.csv"], ("No ad could be read from short.csv", "the first because")),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_annotate_refuses_and_writes_nothing(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, args: list[str], words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "home"))
    write_csv(tmp_path / "ads.csv", FEW)
    write_csv(tmp_path / "short.csv", [{"id": "1", "text": "too short"}])
    (tmp_path / "empty.csv").touch()
    (tmp_path / "ads.txt").touch()
    (tmp_path / "home").mkdir()  # what is kept between runs is no result
    before = sorted(tmp_path.iterdir())
    refused(cli("annotate", *args, "--out", "results/a.parquet"), *words)
    assert sorted(tmp_path.iterdir()) == before


def test_usage_errors_of_the_command_line_itself(tmp_path: Path, cli: Cli) -> None:
    refused(cli("annotate", "ads.csv"), "--out")
    refused(cli("rum", "study.yaml"), "rum")


def test_init_keeps_a_folder_that_holds_something(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "kept.txt").touch()
    refused(cli("init", tmp_path), "is not empty", "Name a new folder")
    refused(cli("init", tmp_path / "kept.txt"), "kept.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]
    refused(cli("demo", "--folder", tmp_path), "not made by the demo")


def test_a_port_in_use(cli: Cli, finished: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(cli("serve", finished, "--port", str(taken.getsockname()[1])), "is in use", "--port 0")


def test_reference_names(cli: Cli, tmp_path: Path) -> None:
    refused(cli("reference", "show", "isco8"), "isco8", "isco08")
    refused(cli("reference", "install", "isced"), "'isced' cannot be installed")
    refused(cli("reference", "install", "esco", "--from", tmp_path / "nothing"), "nothing")


def test_what_the_system_refuses_is_said_in_words(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_study(tmp_path, FEW)
    (tmp_path / "out").write_text("a file where a folder should be", encoding="utf-8")
    refused(cli("run", path), "Cannot read or write", str(tmp_path / "out"), "Mend: ")
    (tmp_path / "out").unlink()
    monkeypatch.setattr(Store, "lock", full_disk)
    refused(cli("run", path), "No space left on device", "Free some space")


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/.lock")


def test_stopping_a_run_says_that_finished_tables_are_kept(tmp_path: Path) -> None:
    path = write_study(tmp_path, ads(600))
    process = subprocess.Popen(
        [*COMMAND, "run", str(path)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests themselves run in the background, the shell has interrupts ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not list((tmp_path / "out").glob(".writing-*")) and process.poll() is None:
        time.sleep(0.01)
    # A library may swallow one interrupt, as where it comes within a callback; a user presses again.
    for _ in range(10):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            continue
        break
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert "Finished tables are kept" in err and "Traceback" not in err
