"""A study with the whole of ESCO runs to its report and pages, also where half of ESCO has no Dutch label."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overstap.audit.draw import draw_sheet
from overstap.audit.page import Desk
from overstap.audit.sheet import SKILL, write_sheet
from overstap.pipeline import Study
from overstap.publish.labels import Translator
from overstap.reference import esco
from overstap.web.app import create_app
from tests.cli.helpers import Cli, ads, write_study

SKILL_URI = "http://data.europa.eu/esco/skill/"
SCHEME = "http://data.europa.eu/esco/concept-scheme/skills"
ENGLISH = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,inScheme\n"
    f"KnowledgeSkillCompetence,{SKILL_URI}a,knowledge,sector-specific,fold kite paper,,{SCHEME}\n"
    f"KnowledgeSkillCompetence,{SKILL_URI}b,skill/competence,sector-specific,fold paper,paper folding,{SCHEME}\n"
)
DUTCH = f"conceptUri,preferredLabel_nl,altLabels_nl,label_source\n{SKILL_URI}b,papier vouwen,,x\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    folder = tmp_path_factory.mktemp("esco")
    (folder / "esco").mkdir()
    for name, text in (("skills_en.csv", ENGLISH), ("skills_nl_partial.csv", DUTCH)):
        (folder / "esco" / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OVERSTAP_HOME", str(folder / "home"))
        esco.install([folder / "esco"])
        rows = [row | {"description": _asking(row["description"])} for row in ads(30)]
        path = write_study(folder, rows, annotation={"taxonomy": "esco", "semantic": False})
        opened = Study.open(path)
        assert opened.check() == []
        opened.run()
        yield opened


def _asking(text: str) -> str:
    return text.replace("experience with", "experience with fold kite paper,").replace(
        "ervaring met", "ervaring met fold kite paper, papier vouwen,"
    )


def test_a_label_that_is_not_known_stays_unknown_in_the_tables(study: Study) -> None:
    labels = {row["esco_uri"]: row for row in study.table("core_skills").to_pylist()}
    assert (labels[SKILL_URI + "a"]["label_nl"], labels[SKILL_URI + "a"]["label_en"]) == (None, "fold kite paper")
    assert labels[SKILL_URI + "b"]["label_nl"] == "papier vouwen"


def test_report_and_pages_show_the_other_language_and_say_so(study: Study, cli: Cli) -> None:
    assert Translator.for_study(study, "nl").value("skill", "esco.a") == "fold kite paper [en]"
    assert Translator.for_study(study, "en").value("skill", "esco.a") == "fold kite paper"
    assert cli("report", study.path).code == 0
    with TestClient(create_app(study), base_url="http://127.0.0.1") as client:
        for path in ("/demand?lang=nl&period=all", "/trace?lang=nl&address=feed/a0"):
            page = client.get(path)
            assert page.status_code == 200 and "papier vouwen" in page.text
            assert "fold kite paper [en]" in page.text, path


def test_a_trace_shows_both_kinds_of_labels(study: Study, cli: Cli) -> None:
    shown = " ".join(cli("trace", study.path, "feed/a0", "--lang", "nl").out.split())
    assert "[en]" in shown and "None" not in shown
    found = json.loads(cli("trace", study.path, "feed/a0", "--json").out)["skills"]
    assert {m["label_nl"] for m in found if m["skill_id"] == "esco.a"} == {None}


def test_an_audit_can_be_drawn_and_read(study: Study, tmp_path: Path) -> None:
    rows = draw_sheet(study, 10, seed=1)
    labels = {row.label for row in rows if row.what == SKILL}
    assert {"fold kite paper [en]", "papier vouwen"} <= labels
    write_sheet(tmp_path / "sheet.csv", rows)
    assert len(Desk(study, tmp_path / "sheet.csv").skills) > 2
