"""Initiatives and experiments as readers see them: the same numbers in words, tables and charts; no claim without ground."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from overstap.initiatives.design import Idea, entry, find_partners, skill_ids
from overstap.initiatives.register import read_registers
from overstap.pipeline import Study
from overstap.publish.experiments import ExperimentsChapter, experiment_sentence
from overstap.publish.initiative_plan import plan_html, plan_page
from overstap.publish.initiatives import Choice, InitiativesChapter
from overstap.publish.labels import LANGUAGES, Lang, Translator, catalogue
from overstap.schema.out import ALL
from overstap.simulate.initiatives import EFFECTS


@pytest.fixture(scope="module", params=LANGUAGES)
def t(request: pytest.FixtureRequest, finished_study: Study) -> Translator:
    return Translator.for_study(finished_study, request.param)


def test_the_spread_and_the_map_count_what_the_list_holds(finished_study: Study, t: Translator) -> None:
    chapter = InitiativesChapter(finished_study, t)
    assert sum(row["initiatives_n"] for row in chapter.map_chart().rows) == len(chapter.rows) == 20
    energy = InitiativesChapter(finished_study, t, Choice(topsector="energie"))
    (shown,) = energy.spread_chart().rows
    assert shown["initiatives_n"] == len(energy.rows) > 0
    assert all("energie" in row["topsectors"] for row in energy.rows)
    tiles = chapter.map_chart().spec["data"]["values"]
    assert sum(tile["n"] for tile in tiles) == len(chapter.rows)  # the unknown have a tile too


def test_what_is_not_known_is_said_and_what_is_bundled_is_named_as_old(finished_study: Study, t: Translator) -> None:
    states = {sentence.state for sentence in InitiativesChapter(finished_study, t).said()}
    assert {"count", "bundled", "no_place", "reached", "suppressed"} <= states
    nothing = InitiativesChapter(finished_study, t, Choice(topsector="energie", initiative_kind="other"))
    assert [sentence.state for sentence in nothing.said()] == ["intro", "none"]


def test_the_network_draws_every_tie_and_names_the_gaps(finished_study: Study, t: Translator) -> None:
    chapter = InitiativesChapter(finished_study, t)
    spec = chapter.network_chart().spec
    names = {node["name"] for node in spec["data"]["values"]}
    assert chapter.named("tki-watertechnologie") in names and "WaterCampus Leeuwarden" in names
    for node in spec["data"]["values"]:  # names are read whole, on as many lines as they need
        assert node["label"].split() == node["name"].split()
        assert max(map(len, node["label"].split("\n"))) <= 34
    gaps = {code: missing for code, _, missing, _ in chapter.gaps()}
    assert t.value("gaps", "no_tki") in gaps["centrum-stof"] and "civ-water" not in gaps


def test_one_initiative_shows_no_small_number(finished_study: Study, t: Translator) -> None:
    one = InitiativesChapter(finished_study, t).one("lab-zuid")
    assert (t("initiatives.one.reached"), t("initiatives.one.few")) in one.facts
    assert not any(value == "6" for _, value in one.facts)


def test_experiments_give_their_known_effect_and_a_description_claims_none(
    finished_study: Study, t: Translator
) -> None:
    chapter = ExperimentsChapter(finished_study, t)
    rows = {row["experiment_id"]: row for row in chapter.rows}
    for name, effect in EFFECTS.items():
        assert rows[name]["estimate_low"] - 0.3 < effect < rows[name]["estimate_high"] + 0.3 and rows[name]["is_effect"]
    described = experiment_sentence(t, rows["proef-zorg"])
    assert described.state == "described" and not rows["proef-zorg"]["is_effect"]
    pooled = next(row for row in chapter.rows if row["design"] == "meta")
    assert pooled["studies_n"] == 3 and len(chapter.table()) == len(rows)
    (chart,) = chapter.charts()
    filled = {value["state"] for value in chart.spec["data"]["values"]}
    assert filled == {"effect", "description"}


def test_an_interval_that_is_open_is_written_so(t: Translator) -> None:
    row = {"experiment_id": "x", "design": "did", "measure": "m", "measured_in": "", "estimate": 1.0, "estimate_low": None,
           "estimate_high": 3.0, "verdict": "unclear", "smallest_seen": 2.0}  # fmt: skip
    assert "−∞" in experiment_sentence(t, row).text


def test_the_report_has_a_chapter_with_the_same_gaps(page_of: Callable[[Lang], str]) -> None:
    text = page_of("nl")
    assert 'data-table="initiative-gaps"' in text and 'data-table="experiments"' in text
    assert "initiatives-network" in text


def test_both_languages_have_the_same_words() -> None:
    keys = [{key for key in catalogue(language) if key.startswith("initiatives.")} for language in LANGUAGES]
    assert keys[0] == keys[1]


def idea(study: Study, **changes: Any) -> Idea:
    given: dict[str, Any] = {
        "code": "data-lab", "name": "Data <Lab>", "place": "Tilburg", "province": "NL41", "topsectors": ("htsm",),
        "levels": ("hbo",), "functions": ("reactive",), "skills": tuple(skill_ids(study, ["Python"])),
        "occupations": ("brc:0811",), "people": 60,
    }  # fmt: skip
    return Idea(**{**given, **changes})


def test_partners_come_from_the_study_and_employers_unnamed_unless_asked(finished_study: Study) -> None:
    found = find_partners(finished_study, idea(finished_study))
    rows = finished_study.table("out_demand").to_pylist()
    whole = [r for r in rows if r["item_id"] == "core.python" and r["period"] == ALL]
    asked = [
        r["asked_n"] for r in whole if r["topsector"] == r["function_group"] == r["language"] == r["source_id"] == ALL
    ]
    assert found.asked["vacancies_n"] >= asked[0] > 0  # demand leaves out what has no date
    assert found.employers == [] and found.people and found.programmes
    assert {"lector-data", "lab-zuid"} <= {row["initiative_id"] for row in found.ties}
    elsewhere = find_partners(finished_study, idea(finished_study, occupations=(), topsectors=()))
    assert elsewhere.people == elsewhere.programmes == elsewhere.ties == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_plan_has_eight_steps_and_what_is_unknown_stays_to_fill_in(finished_study: Study, lang: Lang) -> None:
    t = Translator.for_study(finished_study, lang)
    given = idea(finished_study)
    page = plan_page(given, find_partners(finished_study, given), t, date(2026, 1, 2), "village", simulated=True)
    assert len(page.steps) == 8 and len(page.parts) == 5
    assert t("initiatives.plan.to_fill") in page.steps[5].lines[0].value  # money
    assert "0" in page.steps[6].lines[0].value  # what 60 people can show
    text = plan_html(page, t)
    assert "Data &lt;Lab&gt;" in text and "<Lab>" not in text and "<script" not in text


def test_the_entry_that_is_written_can_be_read_as_a_register(finished_study: Study, tmp_path: Path) -> None:
    written = {"initiatives": [entry(idea(finished_study), ["lector-data"], contact="an@example.org")]}
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    register = read_registers(["r.yaml"], tmp_path)
    assert register.rows[0]["skills"] == ["core.python"] and register.rows[0]["phase"] == "idea"
    assert "example.org" not in json.dumps(register.rows)
