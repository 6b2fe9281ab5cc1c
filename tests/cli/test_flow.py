"""A user's first hour: init, check, run, report, trace; data on stdout, messages on stderr, the same path each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from overstap.pipeline import Study
from overstap.schema import table_spec
from tests.cli.helpers import Cli, ads, left_over, overstap_command, source, write_csv, write_study


def test_the_first_hour_in_processes_of_its_own(tmp_path: Path) -> None:
    made = overstap_command("init", "my-study", cwd=tmp_path)
    assert (made.returncode, made.stdout) == (0, "")
    assert "Next: overstap check my-study/study.yaml" in made.stderr
    ran = overstap_command("run", "my-study/study.yaml", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "")
    for words in (
        "67 steps ran, 0 were unchanged",
        "report-nl.html",
        "report-en.html",
        "overstap serve my-study/study.yaml",
    ):
        assert words in ran.stderr
    traced = overstap_command("trace", "my-study/study.yaml", "my_feed/1", "--json", cwd=tmp_path)
    assert (traced.returncode, traced.stderr) == (0, "")
    assert "out_demand/period=2023/item_kind=skill/item_id=core.python" in json.loads(traced.stdout)["counts_in"]
    wrong = overstap_command("check", "my-studie/study.yaml", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr and "There is no study file" in wrong.stderr


def test_check_of_a_fresh_study_finds_nothing(tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path / "Mijn Studie 1")
    said = cli("check", tmp_path / "Mijn Studie 1" / "study.yaml")
    assert (said.code, said.out) == (0, "")
    assert "no problems" in said.err
    assert not (tmp_path / "Mijn Studie 1" / "out").exists()


def test_version_and_help(cli: Cli) -> None:
    assert cli("--version").out.strip().count(".") == 2
    for command in ("init", "check", "run", "demo", "annotate", "report", "serve", "trace"):
        said = cli(command, "--help")
        assert said.code == 0
        assert f"overstap {command}" in said.out.partition("Example")[2], f"{command} shows no example"


def test_report_is_written_again_from_the_tables(cli: Cli, finished: Path) -> None:
    pages = [finished.parent / "out" / f"report-{language}.html" for language in ("nl", "en")]
    for page in pages:
        page.unlink(missing_ok=True)
    said = cli("report", finished)
    assert said.code == 0 and said.out == ""
    for page in pages:
        assert str(page) in said.err
        assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not list((finished.parent / "out").glob("*.part"))


def test_bad_rows_are_set_aside_and_counted(tmp_path: Path, cli: Cli) -> None:
    rows = ads(8)
    rows[2]["description"] = "short"
    rows[4]["posted"] = "31-02-2023"
    rows[6]["id"] = "a1"
    path = write_study(tmp_path, rows)
    assert cli("run", path, "--no-report").code == 0
    study = Study.open(path)
    found = {(r["line_number"], r["reason_code"]) for r in study.table("raw_quarantine").to_pylist()}
    assert found == {(4, "text_too_short"), (6, "bad_date"), (8, "duplicate_id")}
    counted = {
        r["detail"]: r["value_n"] for r in study.table("out_quality").to_pylist() if r["measure"] == "rows_set_aside"
    }
    assert counted == {"text_too_short": 1, "bad_date": 1, "duplicate_id": 1}
    assert study.table("raw_ads").num_rows == 5


def test_every_table_of_a_run_keeps_its_contract(finished: Path) -> None:
    study = Study.open(finished)
    assert left_over(study.store.folder) == []
    for name in study.store.manifest.tables:
        assert study.table(name).schema.equals(table_spec(name).schema), name


def test_every_number_an_ad_counts_in_leads_back_to_it(cli: Cli, finished: Path) -> None:
    ad = json.loads(cli("trace", finished, "feed/a1", "--json").out)
    assert ad["text"][ad["skills"][0]["start"] : ad["skills"][0]["end"]] == ad["skills"][0]["words"]
    assert ad["counts_in"]
    kinds = {"skill", "category", "category_group", "function_group", "title"}
    assert kinds == {a.partition("item_kind=")[2].partition("/")[0] for a in ad["counts_in"] if "item_kind" in a}
    one_of_each = {a.partition("item_kind=")[2].partition("/")[0] or a: a for a in ad["counts_in"]}
    for address in one_of_each.values():
        number = json.loads(cli("trace", finished, address, "--json", "--limit", "1000").out)
        assert "feed/a1" in [found["ad_id"] for found in number["ads"]], address
        counted = number["row"].get("asked_n", number["row"]["vacancies_n"])
        assert len(number["ads"]) == counted, address


@pytest.mark.parametrize(
    "key",
    ["period=2023/item_id=core.sql/language=en", "period=2023/function_group=ict/item_id=programming", "item_id=unknown"],
)  # fmt: skip
def test_a_number_is_the_count_of_its_ads(cli: Cli, finished: Path, key: str) -> None:
    said = cli("trace", finished, f"out_demand/{key}", "--json", "--limit", "1000")
    number: dict[str, Any] = json.loads(said.out)
    assert number["row"]["asked_n"] == len(number["ads"])
    assert number["made_by"][0]["step"] == "measure_demand"
    assert {"ingest_ads", "annotate_ads"} <= {step["step"] for step in number["made_by"]}


def test_a_trace_for_the_eye_in_two_languages(cli: Cli, finished: Path) -> None:
    english, dutch = (cli("trace", finished, "feed/a1", "--lang", lang) for lang in ("en", "nl"))
    assert "Skills with the words that prove them" in english.out and "ads.csv:3" in english.out
    assert "Vaardigheden met de woorden die ze bewijzen" in dutch.out and "onbekend" in dutch.out
    number = cli("trace", finished, "out_change/item_id=core.sql")
    assert "sql/core_vacancies.sql" in number.out and "Vacancies in this figure" in number.out
    assert "None" not in english.out + number.out


def test_an_ad_id_may_hold_any_sign(tmp_path: Path, cli: Cli) -> None:
    rows = ads(4)
    rows[0]["id"] = "jobs/x=1&y=[b]/é 2"
    path = write_study(tmp_path, rows)
    assert cli("run", path, "--no-report").code == 0
    said = cli("trace", path, "feed/jobs/x=1&y=[b]/é 2")
    assert said.code == 0 and "jobs/x=1&y=[b]/é 2" in said.out


def test_reference_data_on_stdout(cli: Cli) -> None:
    listed = cli("reference", "list").out
    assert "isco08\t" in listed
    shown = cli("reference", "settings").out
    assert "measures.min_n\tint\t30\t" in shown


# Steps that read no ads: files on education, official figures.
UNTOUCHED = (
    "read_education", "allocate_graduates", "measure_stocks", "measure_success", "measure_outlook", "project_ages",
    "compare_countries", "compare_flows", "read_survey", "measure_survey", "read_panel", "measure_panel",
    "read_initiatives", "spread_initiatives", "tie_initiatives", "evaluate_experiments",
)  # fmt: skip


def test_second_run_runs_no_step_and_a_change_only_what_depends_on_it(tmp_path: Path) -> None:
    rows = ads(24)
    path = write_study(tmp_path, rows)
    first = Study.open(path).run()
    assert len(first) == 67
    assert Study.open(path).run() == []
    (tmp_path / "ads.csv").touch()
    assert Study.open(path).run() == []
    write_study(tmp_path, None, measures={"min_display": 4, "min_n": 9})
    moved = [
        "compare_occupations",
        "judge_moves",
        "place_leavers",
        "vary_placement",
        "run_scenarios",
        "plan_training",
        "match_initiatives",
        "scan_curriculum",
        "compare_panel",
    ]
    measured = ["measure_demand", "find_cross_over", "measure_intensity", "measure_levels", "reproduce_study"]
    measured += ["pair_skills", "measure_occupations", "compare_editions"]
    assert sorted(Study.open(path).run()) == sorted([*measured, *moved])
    write_study(tmp_path, None, measures={"min_display": 4, "min_n": 9}, title={"nl": "Anders", "en": "Other"})
    assert Study.open(path).run() == []
    write_csv(
        tmp_path / "totals.csv", [{"sector": "C", "period": f"{year}Q2", "new": "500"} for year in (2022, 2023, 2024)]
    )
    named = {"measures": {"min_display": 4, "min_n": 9}, "title": {"nl": "Anders", "en": "Other"}}
    write_study(tmp_path, None, **named, weights={"totals": "totals.csv"})
    facts = ("count_digital_workforce", "describe_occupations", *UNTOUCHED)
    apart = ("find_concentration", "measure_errors", "count_boards", "measure_quality", *facts)
    counted = [step for step in first[first.index("warn") :] if step not in apart]
    weighed = first[first.index("read_totals") : first.index("find_concentration")]
    assert Study.open(path).run() == [step for step in (*weighed, *counted) if step != "count_days"]
    write_study(tmp_path, None, **named, weights={"totals": "totals.csv", "trim": 3})
    assert Study.open(path).run() == ["weigh_strata", "weigh_new", "weigh_open", "measure_weights", *counted]
    write_study(tmp_path, None, **named)
    Study.open(path).run()
    assert "Anders" in (tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8")
    rows[3]["description"] += " Kotlin is a plus for us."
    write_csv(tmp_path / "ads.csv", rows)
    assert Study.open(path).run() == [step for step in first if step not in ("list_skills", "read_totals", *facts)]
    assert left_over(tmp_path / "out") == []


def test_adding_a_source_keeps_the_numbers_of_the_first(tmp_path: Path) -> None:
    path = write_study(tmp_path, ads(12))
    Study.open(path).run()
    more = [{**row, "id": f"b{i}", "title": f"{row['title']} {i}"} for i, row in enumerate(ads(30)[20:])]
    write_csv(tmp_path / "more.csv", more)
    write_study(tmp_path, None, sources=[source(), source(id="board", files=["more.csv"])])
    Study.open(path).run()
    volume = Study.open(path).table("out_volume").to_pylist()
    yearly = [
        r
        for r in volume
        if r["period_kind"] == "year" and r["topsector"] == r["function_group"] == r["language"] == "all"
    ]
    assert sum(r["ads_n"] for r in yearly if r["source_id"] == "feed") == 12
    assert sum(r["ads_n"] for r in yearly if r["source_id"] == "all") == 22
