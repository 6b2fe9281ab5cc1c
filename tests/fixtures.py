"""A small finished study for tests of the report and the dashboard: every table, made by the study's own SQL."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import yaml

from overstap import sql
from overstap.analysis.change import measure_change
from overstap.analysis.codes import Codes
from overstap.analysis.demand import add_shares
from overstap.analysis.demand_sums import demand_sums
from overstap.demand_steps import change_settings
from overstap.edition_steps import edition_steps
from overstap.education_steps import education_steps, sector_steps
from overstap.engine import make_engine
from overstap.engine.base import ArrowFrame
from overstap.engine.dialect import tables_of
from overstap.hub_steps import hub_steps
from overstap.initiative_steps import initiative_steps
from overstap.market_steps import market_steps
from overstap.move_steps import move_steps
from overstap.outlook.demography import template as ages_template
from overstap.outlook_steps import outlook_steps
from overstap.panel_steps import panel_steps
from overstap.pipeline import Study, parameters
from overstap.provenance import write_datapackage
from overstap.reference.technologies import technologies_of
from overstap.schema import TABLES, table_spec
from overstap.simulate.experts import write_panel
from overstap.simulate.initiatives import write_initiatives
from overstap.simulate.students import settings_of, write_education
from overstap.steps import Context, run_steps
from overstap.store import TableEntry
from overstap.survey.simulate import write_survey
from overstap.survey_steps import survey_steps
from overstap.weighing import weight_steps
from tests.coded import coded_of

_SURVEY = (("files", "answers"), ("margins", "margins"), ("evidence", "evidence"))
YEARS = range(2012, 2018)
# Share of vacancies that are ICT functions, and per year the share asking digital skills, as the true market has them.
ICT_SHARE = {"htsm": 0.19, "energie": 0.09, "life_sciences": 0.05, "health": 0.02}
_GROUPS = {"digital": ("programming", "database", "basic_computer", "big_data_analytics", "digital_transformation")}
_GROUPS["other"] = ("communication", "planning_organisation", "self_starter", "collaboration")
_DIGITAL = (
    "Python",
    "Java",
    "SQL",
    "SAP",
    "Excel",
    "MATLAB",
    "SCADA",
    "Docker",
    "Linux",
    "Oracle",
    "PHP",
    "Hadoop",
    "Tableau",
    "AutoCAD",
    "PLC",
    "Azure",
    "JavaScript",
    "Word",
    "Cloud",
    "Cybersecurity",
)
_OTHER = {
    "communication": "communicatief vaardig|communication skills",
    "teamwork": "samenwerken|teamwork",
    "planning": "plannen|planning",
    "initiative": "initiatief nemen|taking initiative",
    "flexible": "flexibel|flexible",
    "creative": "creatief|creative",
    "leading": "leidinggeven|leading people",
    "customer": "klantgericht|customer orientation",
    "accurate": "nauwkeurig|accuracy",
    "stress": "stressbestendig|coping with stress",
    "presenting": "presenteren|presenting",
    "writing": "schriftelijk vaardig|writing skills",
    "negotiating": "onderhandelen|negotiating",
    "analytical": "analytisch denken|analytical thinking",
    "organising": "organiseren|organising",
    "decisive": "besluitvaardig|decisiveness",
    "proactive": "proactief|proactive attitude",
    "coaching": "coachen|coaching",
    "agile": "agile werken|agile working",
    "scrum": "Scrum|Scrum",
}
_RISING = {"Python", "Docker", "Hadoop", "Azure", "Cybersecurity", "Cloud"}
_FALLING = {"SCADA", "PHP", "Word"}
_TITLES = (
    "data scientist",
    "java developer",
    "secretaresse",
    "verpleegkundige",
    "monteur",
    "product owner",
    "adviseur",
)


def make_store(
    folder: Path, *, ads: int = 7000, seed: int = 11, simulated: bool = True, totals: str | None = None
) -> Study:
    """A study in `folder` with `ads` random coded ads of 2012–2017 and every table that a run would have made; `totals`:
    the text of a CSV of official vacancies that it is weighted to."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ads.csv").write_text("id,title,text,date\n", encoding="utf-8")
    settings = _study_file(simulated)
    education = write_education(folder / "education", 2012, 2017, seed)
    settings["education"] = settings_of(education)
    settings["outlook"] = {
        "draws": 50,
        "scenarios": ["automation", "platform_work", "retraining"],
        "ages": ["ages.csv"],
    }
    write_survey(folder / "survey", seed, 250, words=False)
    settings["survey"] = {f: f"survey/{f}.csv" if f == "margins" else [f"survey/{n}.csv"] for f, n in _SURVEY}
    settings["panel"] = write_panel(folder / "panel", seed)
    (folder / "ages.csv").write_text(ages_template(), encoding="utf-8")
    settings |= write_initiatives(folder / "initiatives", seed)
    if totals is not None:
        (folder / "totals.csv").write_text(totals, encoding="utf-8")
        settings["weights"] = {"totals": "totals.csv"}
    (folder / "study.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    study = Study.open(folder / "study.yaml")
    tables = coded_market(ads, seed)
    engine = make_engine("duckdb")
    try:
        for name, table in tables.items():
            _add(study, name, table)
            engine.read(name, study.store.path(name))
        context = Context(study.spec, study.base, study.store, engine, parameters(study.spec))
        made = {name for step in weight_steps() for name in step.writes}
        for name in _in_order():
            if name in made:
                continue
            result = engine.sql(sql.query(name), parameters(study.spec))
            _add(study, name, pa.Table.from_batches(list(result.batches())))
            engine.read(name, study.store.path(name))
        run_steps(weight_steps(), context)
    finally:
        engine.close()
    made = [study.table(name) for name in ("core_vacancies", "core_vacancy_skills", "core_skills")]
    coded = coded_of(
        *made,
        min_title=study.spec.measures.min_display,
        weights=study.table("core_weights", ["vacancy_id", "weight"]),
        technologies=technologies_of(study.spec.technologies, study.base),
    )
    _add(study, "core_levels", coded.levels())
    _add(study, "core_codes", pa.Table.from_batches(list(coded.batches())))
    sums = demand_sums(Codes.of_coded(coded)).cast(table_spec("core_demand_sums").schema)
    _add(study, "core_demand_sums", sums)
    _add(study, "out_audit", table_spec("out_audit").schema.empty_table())
    m = study.spec.measures
    shares = [add_shares(b, confidence=m.confidence, min_n=m.min_n) for b in sums.combine_chunks().to_batches()]
    _add(study, "out_demand", pa.Table.from_batches(shares))
    _add(study, "out_change", measure_change(sums, change_settings(study.spec)))
    engine = make_engine("duckdb")
    try:
        for name in study.store.manifest.tables:
            engine.read(name, study.store.path(name))
        run_steps(
            [
                *market_steps(),
                *hub_steps(),
                *move_steps(),
                *education_steps(),
                *outlook_steps(),
                *sector_steps(),
                *survey_steps(),
                *panel_steps(),
                *initiative_steps(),
                *edition_steps(),
            ],
            Context(study.spec, study.base, study.store, engine, parameters(study.spec)),
        )
    finally:
        engine.close()
    write_datapackage(study.spec, study.store)
    return study


def coded_market(n: int, seed: int) -> dict[str, pa.Table]:
    """The input tables of the SQL files: rising and falling skills, ICT shares by topsector, repeats and nulls."""
    draw = random.Random(seed)
    skills = _skills()
    ads, postings, annotations = [], [], []
    for i in range(n):
        ad_id = f"feed/{i:05d}"
        repeat = i > 5 and draw.random() < 0.12
        vacancy = postings[i - draw.randrange(1, 5)]["vacancy_id"] if repeat else ad_id
        posted = date(2012, 1, 1) + timedelta(days=int(2191 * draw.random() ** 0.8))
        dated = draw.random() >= 0.005
        if repeat:  # a vacancy is named after its earliest ad; ads without a date are compared only with each other
            first = ads[int(vacancy[5:])]["posted_date"]
            dated = first is not None
            posted = first + timedelta(days=draw.randrange(40)) if first else posted
        topsector = draw.choice([*ICT_SHARE, None])
        ads.append(
            {
                "ad_id": ad_id,
                "source_id": "feed" if draw.random() < 0.8 else "board",
                "file": "ads.csv",
                "line_number": i + 1,
                "text": "text",
                "posted_date": posted if dated else None,
                "masked_n": draw.randrange(2),
            }
        )
        postings.append(
            {
                "ad_id": ad_id,
                "vacancy_id": vacancy,
                "rule": "first" if vacancy == ad_id else draw.choice(["same_key", "same_text"]),
                "employer_key": None if draw.random() < 0.05 else f"employer {draw.randrange(400)}",
            }
        )
        annotations.append(_annotation(ad_id, posted.year, topsector, skills, draw))
    reasons = ("no_text", "bad_date", "bad_encoding")
    quarantine = [
        {
            "source_id": "feed",
            "file": "ads.csv",
            "line_number": n + i,
            "reason_code": draw.choice(reasons),
            "reason": "x",
        }
        for i in range(37)
    ]
    rows = {
        "raw_ads": ads,
        "raw_quarantine": quarantine,
        "core_postings": postings,
        "core_annotations": annotations,
        "core_skills": skills,
    }
    return {name: pa.Table.from_pylist(values, schema=TABLES[name].schema) for name, values in rows.items()}


def _skills() -> list[dict[str, str]]:
    named = [(w.lower(), w, w, "digital") for w in _DIGITAL]
    named += [(key, *labels.split("|"), "other") for key, labels in _OTHER.items()]  # type: ignore[misc]
    return [
        {
            "skill_id": f"core.{key}",
            "label_nl": nl,
            "label_en": en,
            "category": _GROUPS[group][i % len(_GROUPS[group])],
            "category_group": group,
        }
        for i, (key, nl, en, group) in enumerate(named)
    ]


def _annotation(
    ad_id: str, year: int, topsector: str | None, skills: list[dict[str, str]], draw: random.Random
) -> dict[str, object]:
    ict = draw.random() < ICT_SHARE.get(topsector or "", 0.04)
    group = "ict" if ict else draw.choices(["manager", "other", None], [10, 85, 5])[0]
    mentions = [
        {
            "skill_id": s["skill_id"],
            "label_nl": s["label_nl"],
            "label_en": s["label_en"],
            "category": s["category"],
            "section": draw.choice(["requirements", "tasks", "company"]),
            "required": True,
            "start": 0,
            "end": 4,
            "score": 1.0,
            "method": "lexicon",
        }
        for i, s in enumerate(skills)
        if draw.random() < _chance(s, i, year, topsector, ict)
    ]
    title = draw.choice(_TITLES[:2]) if ict else draw.choice(_TITLES[2:])
    return {
        "ad_id": ad_id,
        "title": title,
        "title_key": title if draw.random() < 0.8 else None,
        "language": draw.choices(["nl", "en", "other"], [80, 18, 2])[0],
        "codable": group is not None,
        "isco08": "2512" if ict else "3115" if group else None,
        "function_group": group,
        "education_levels": draw.choice([["hbo", "wo"], ["mbo4"], []]),
        "sector": "C" if topsector else None,
        "topsectors": [topsector] if topsector else [],
        "skills": mentions,
    }


def _chance(skill: dict[str, str], rank: int, year: int, topsector: str | None, ict: bool) -> float:
    label, late = skill["label_en"], (year - 2012) / 5
    if skill["category_group"] == "other":
        return 0.42 / (1 + 0.25 * (rank - len(_DIGITAL)))
    base = 0.30 / (1 + 0.2 * rank) if ict else (0.05 / (1 + 0.1 * rank) if topsector != "health" else 0.01)
    if topsector == "health":
        return base
    return base * (
        0.5 + 1.8 * late if label in _RISING else 1.4 - 1.1 * late if label in _FALLING else 0.6 + 0.8 * late
    )


def _in_order() -> list[str]:
    left, order = set(sql.tables()), []
    while left:
        ready = sorted(t for t in left if not (tables_of(sql.query(t)) & left) - {t})
        order += ready
        left -= set(ready)
    return order


def _add(study: Study, name: str, table: pa.Table) -> None:
    engine = make_engine("duckdb")
    try:
        with study.store.writing(name) as folder:
            rows = engine.write(ArrowFrame(lambda: iter(table.to_batches())), table_spec(name), folder / name)
            study.store.commit(folder, {name: TableEntry("0123456789abcdef", f"make_{name}", rows, 0.1)})
    finally:
        engine.close()


def _study_file(simulated: bool) -> dict[str, object]:
    return {
        "study": "village",
        "title": {"nl": "Digitale vaardigheden in de topsectoren", "en": "Digital skills in the topsectors"},
        "simulated": simulated,
        "period": {"first": date(2012, 1, 1), "last": date(2017, 12, 31)},
        "sources": [
            {
                "id": "feed",
                "format": "csv",
                "files": ["ads.csv"],
                "sample": "complete",
                "note": {"nl": "Alle advertenties van het dorp.", "en": "All ads of the village."},
            },
            {"id": "board", "format": "csv", "files": ["ads.csv"], "sample": "search_terms"},
        ],
        "notes": [{"nl": "Cijfers van een verzonnen markt.", "en": "Figures of an invented market."}],
    }
