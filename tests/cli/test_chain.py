"""The whole road of a survey and a panel, by the commands and forms that people use: from a questionnaire to what the
experts think, beside what is asked. It takes seconds, as no ads are read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from overstap.panel import measure
from overstap.panel.compare import Demand, compared, fits
from overstap.panel.items import read_claims
from overstap.panel.live import create_live
from overstap.panel.read import by_number, named
from overstap.panel.session import Session
from overstap.panel_steps import check_panel, index_of
from overstap.schema.out import ALL, CELL_NAMES
from overstap.study_panel import PanelSettings
from overstap.survey.simulate import simulate
from tests.cli.helpers import Cli

EXPERTS = 8
ADDRESS = "http://127.0.0.1"


def vote(live: TestClient, link: str, n: int, first: int) -> None:
    """Fill in the form of a link as a browser would, every field under its own name, and send it."""
    form = LexborHTMLParser(live.get(f"{link}?lang=en").text).css_first("form.live")
    fields = {one.attributes["name"]: "" for one in form.css("select, input[type=radio]")}
    fields |= {one.attributes["name"]: one.attributes["value"] for one in form.css("input[type=hidden]")}
    for name in fields:
        parts = str(name).split(".")
        kind, last = parts[0], parts[-1]
        if kind == "rank":
            fields[name] = str(1 + (int(last) + n // 4) % 12)
        elif kind == "rate":
            fields[name] = "5" if int(last) == 0 else str(first if n % 2 else 4)
        elif kind == "gap":
            fields[name] = str(4 + n % 2 if last == "importance" else 2)
    sent = live.post(
        str(form.attributes["action"]), data=fields, headers={"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    )
    assert "Your answers are kept" in sent.text


@pytest.fixture
def answered(tmp_path: Path, cli: Cli) -> Path:
    """A study file whose survey is answered by 150 people."""
    assert cli("survey", "new", tmp_path / "own", "--lang", "nl", "--example", "1").code == 0
    (tmp_path / "own" / "answers.csv").write_text(simulate(150, 3, words=False)[0], encoding="utf-8", newline="")
    study = {
        "study": "chain",
        "title": {"nl": "Keten", "en": "Chain"},
        "period": {"first": "2024-01-01", "last": "2024-12-31"},
        "sources": [{"id": "a", "format": "csv", "files": ["ads.csv"]}],
        "survey": {
            "files": ["own/answers.csv"],
            "structure": "own/questionnaire.txt",
            "margins": "own/margins.csv",
            "evidence": ["own/evidence.csv"],
        },
    }
    path = tmp_path / "study.yaml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    return path


def test_from_questionnaire_to_experts_beside_the_data(answered: Path, cli: Cli) -> None:
    folder = answered.parent
    assert "Hoeveel mensen werken" in (folder / "own" / "questionnaire-nl.html").read_text(encoding="utf-8")
    assert "not understood" not in cli("survey", "check", answered, "--out", folder / "columns.csv").err
    shown = cli("survey", "show", answered, "--question", "ovShort", "--by", "sector")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert rows and any(float(row["n_effective"] or row["n"] or 0) < float(row["n"] or 0) for row in rows), "raked"

    assert cli("survey", "statements", answered).code == 0
    texts = folder / "statements.yaml"
    drafted = yaml.safe_load(texts.read_text(encoding="utf-8"))
    kept = [drafted[0], drafted[1] | {"text_nl": "Met de hand veranderd.", "text_en": "Changed by hand."}]
    texts.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")

    vision = folder / "vision"
    made = cli("panel", "new", vision, "--experts", str(EXPERTS), "--statements", texts, "--gaps", "ict")
    links = [line.split("\t") for line in made.out.splitlines()]
    paths = ["/s/" + link.rpartition("/")[2] for role, link in links if role == "expert"]
    moderator = next("/s/" + link.rpartition("/")[2] for role, link in links if role == "moderator")
    live = TestClient(create_live(Session.open(vision)), base_url=ADDRESS)
    page = live.get(paths[0]).text
    assert "Met de hand veranderd." in page and "vragenlijst: " in page, "with what it rests on, in Dutch"
    assert "checked" not in page, "nobody has an opinion before giving one"
    for n, path in enumerate(paths):
        vote(live, path, n, 1)
    live.post(f"{moderator}/close", headers={"origin": ADDRESS})
    assert "Consensus: 100" in live.get(f"{paths[0]}?lang=en").text

    sheets = cli("panel", "feedback", vision, "--out", folder / "sheets", "--lang", "nl")
    assert sheets.code == 0 and len(list((folder / "sheets").iterdir())) == EXPERTS
    sheet = next((folder / "sheets").iterdir()).read_text(encoding="utf-8")
    assert "Beheersing" in sheet and "uw antwoord" in sheet and "unknown" not in sheet

    stale = LexborHTMLParser(page).css_first("input[name=asked]").attributes["value"]
    assert "Round 2 asks 1 statements" in cli("panel", "next", vision).err
    assert "Changed by hand." in live.get(f"{paths[0]}?lang=en").text, "the same server goes on"
    old = live.post(f"{paths[0]}?lang=en", data={"asked": stale, "rate.0": "5"}, headers={"origin": ADDRESS})
    assert "have changed" in old.text and Session.open(vision).answered_n() == 0, "a form of round 1 is not of round 2"
    for n, path in enumerate(paths):
        vote(live, path, n, 4)
    live.post(f"{moderator}/close", headers={"origin": ADDRESS})
    said = cli("panel", "show", vision, "--lang", "en").err
    assert "unknown to" not in said and "Gap" in said

    panel = PanelSettings(sessions=["vision"])
    assert not check_panel(panel, folder)
    session, index = Session.open(vision), index_of(panel, folder, "default", [])
    ranked, rated = session.rankings(), session.ratings()
    by_number(ranked, rated)
    named(ranked, index.find)
    orders, agreements = measure.rankings(ranked, measure.Asked(draws=200))
    assert {row["moment"] for row in agreements} == {"before", "after"} and all(row["w"] > 0.5 for row in agreements)
    assert all(row["shift_low"] is None for row in orders if row.get("shift") is not None), (
        "all moved alike: no interval"
    )
    last = [row for row in measure.statements(rated, measure.Asked()) if row["round"] == 2]
    assert [(row["consensus"], row["both_n"]) for row in last] == [("agree", EXPERTS)]
    gaps = measure.gaps(rated, measure.Asked())
    assert len(gaps) == 10 and all(row["gap_low"] is None or row["gap_low"] < row["gap"] for row in gaps)
    asked = [
        {"item_kind": "technology", "item_id": row["item"], "share_pct": 1.0 + n, "share_low": 0.5 + n,
         "share_high": 1.5 + n, "asked_n": 10, "vacancies_n": 1_000}
        for n, row in enumerate(orders[:12])
    ]  # fmt: skip
    whole = dict.fromkeys(CELL_NAMES, ALL) | {"period_kind": ALL}
    beside = compared(orders, index, Demand([row | whole for row in asked], [], []), read_claims(None))
    mine = [row for row in beside if row["basis"] == "panel"]
    assert len(mine) == 24 and all(row["share_pct"] is not None for row in mine)
    assert any(row["tau_b"] is not None for row in fits(beside, 0.95))
