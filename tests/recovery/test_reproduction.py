"""The statements of the study of 2019 on the simulated market: what is called an input is one, and is read back."""

from __future__ import annotations

import csv
import html
import io
import json

import pytest

from overstap.cli import cli
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import render_report
from overstap.publish.reproduction import closing
from overstap.reference.tables import load
from overstap.simulate import MarketSpec
from overstap.simulate.market_table import LAST_YEAR_FADE, OTHER_SEGMENT
from tests.recovery.markets import latent_shares
from tests.recovery.recovered import Recovered, crosswalk

INPUTS = [s for s in load("study_statements").to_pylist() if s["basis"] == "input"]


def test_what_is_called_an_input_is_one() -> None:
    """Shares, directions and fades of the latent market are the published ones, before any ad is written."""
    latent = latent_shares(MarketSpec())
    concept = {skill: name for name, skills in crosswalk().items() for skill in skills}
    for s in INPUTS:
        if s["kind"] in ("group_share", "share"):
            assert s["low"] <= 100 * latent[s["topsector"], "all", s["item_id"]] <= s["high"], s
        if s["kind"] in ("trend", "flat"):
            item = concept.get(s["item_id"], s["item_id"])
            first, last = (latent[s["topsector"], year, item] for year in ("2012", "2017"))
            assert {"rising": last > first, "falling": last < first, "flat": abs(last / first - 1) < 0.02}[
                s["published"]
            ], s
        if s["kind"] == "wording":
            assert LAST_YEAR_FADE[concept[s["item_id"]].removeprefix("sim.")] < 1
        if s["kind"] == "beside":
            assert s["topsector"] in OTHER_SEGMENT
    assert len(INPUTS) > 60


@pytest.mark.xdist_group("recovery")
def test_few_inputs_are_not_read_back(demo: Recovered) -> None:
    """No direction is turned round; of the rest, those that differ are rankings and averages of the other skills, of which
    the taxonomy files some under another category than the simulator (see ELSEWHERE in test_crosswalk)."""
    rows = demo.study.table("out_reproduction").to_pylist()
    differ = {r["statement_id"] for r in rows if r["verdict"] == "differs"}
    assert {r["statement_id"] for r in rows if r["basis"] == "recovered"} == {"table1_formula"}
    assert not [s for s in differ if s.startswith(("trend_", "digital_rises", "digital_flat", "level_", "growth_"))]
    assert sum(s.startswith("ict_share_") for s in differ) <= 2
    assert sum(s.startswith("top_digital_") for s in differ) <= 1
    assert next(r["verdict"] for r in rows if r["statement_id"] == "table1_formula") == "agrees"


@pytest.mark.xdist_group("recovery")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_holds_every_statement_and_what_they_come_to(demo: Recovered, language: Lang) -> None:
    page = html.unescape(render_report(demo.study, language))
    part = page.partition('<section id="reproduction"')[2].partition("</section>")[0]
    rows = demo.study.table("out_reproduction").to_pylist()
    assert all(row[f"statement_{language}"] in part for row in rows)
    assert closing(Translator(language), rows) in part


@pytest.mark.xdist_group("recovery")
def test_the_command_gives_the_table_in_three_forms(demo: Recovered, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(demo.folder / "study.yaml")
    said = {}
    for form in ("table", "csv", "json"):
        with pytest.raises(SystemExit) as end:
            cli(["reproduce", path, "--format", form, "--lang", "nl"], standalone_mode=True)
        assert end.value.code == 0
        said[form] = capsys.readouterr().out
    rows = json.loads(said["json"])
    assert [r["statement_id"] for r in csv.DictReader(io.StringIO(said["csv"]))] == [r["statement_id"] for r in rows]
    assert len(rows) == load("study_statements").num_rows
    assert "Uitspraken die tellen (teruggevonden of waargenomen): 1." in said["table"]
