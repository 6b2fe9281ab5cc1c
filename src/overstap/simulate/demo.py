"""The demo: a simulated market as feeds, with the study file that reads them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from overstap.errors import StudyError
from overstap.reference.tables import load
from overstap.simulate.experts import write_panel
from overstap.simulate.feeds import Feed, write_market
from overstap.simulate.parts import write_parts
from overstap.simulate.spec import MarketSpec
from overstap.simulate.students import settings_of, write_education
from overstap.survey.simulate import write_survey

ADS_PER_VACANCY = 2.22
_SURVEY = {"files": ["survey/answers.csv"], "margins": "survey/margins.csv", "evidence": ["survey/evidence.csv"]}
_MARK = ".overstap-demo"  # only a folder that holds it is ever removed
_NOTE = {
    "nl": "Gesimuleerde advertenties. Geen advertentie, werkgever of persoon bestaat echt.",
    "en": "Simulated ads. No ad, employer or person is real.",
}


def make_demo(folder: Path, vacancies: int, seed: int) -> Path:
    """Write a simulated market and its study file to `folder`, made anew; gives the path of the study file.

    `vacancies` open jobs, about 2.2 ads each. Raises StudyError where the folder holds something else than a demo.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise StudyError(
            f"The folder {folder} is not empty and was not made by the demo.", fix="Name another: --folder NAME"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    spec = MarketSpec(seed=seed, n_vacancies=vacancies)
    return _write_study(folder, spec, write_market(spec, folder / "market").feeds)


def make_large(folder: Path, ads: int, seed: int, workers: int = 1) -> Path:
    """As `make_demo`, with about so many ads in feeds of many files, which so many processes write (see `parts`).

    `folder` is new or empty.
    """
    spec = MarketSpec(seed=seed, n_vacancies=max(1, round(ads / ADS_PER_VACANCY)))
    return _write_study(folder, spec, write_parts(spec, folder / "market", workers))


def _write_study(folder: Path, spec: MarketSpec, feeds: Iterable[Feed]) -> Path:
    """The study file, and what it reads beside these feeds; gives its path."""
    _write_topsectors(folder / "topsectors.csv")
    education = write_education(folder / "education", spec.first_year, spec.last_year, spec.seed)
    write_survey(folder / "survey", spec.seed)
    study = folder / "study.yaml"
    panel = write_panel(folder / "panel", spec.seed)
    sources = [_source(feed, folder) for feed in feeds]
    study.write_text(_study_text(spec, sources, education, panel, _SURVEY), encoding="utf-8")
    return study


def _write_topsectors(path: Path) -> None:
    """The default table, with the makers of technical software (SBI 62.01) in HTSM, as the simulated market has it."""
    table = load("topsector_sbi").select(["topsector", "sbi_code", "part"])
    rows = [row for row in table.to_pylist() if row["part"] == "full"]
    rows.append({"topsector": "htsm", "sbi_code": "6201", "part": "full"})
    lines = ["topsector,sbi_code", *(f"{row['topsector']},{row['sbi_code']}" for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _source(feed: Feed, folder: Path) -> dict[str, Any]:
    path = feed.path.relative_to(folder)
    pattern = str(path / "*") if feed.path.is_dir() else str(path)
    columns = {ours: theirs for ours, theirs in feed.columns.items() if ours != "board"}
    return {
        "id": feed.name,
        "format": feed.format,
        "files": [pattern],
        "columns": {} if feed.format in ("jobfeed", "jobposting") else columns,
        "sample": "complete",
        "note": _NOTE,
    }


def _study_text(
    spec: MarketSpec,
    sources: list[dict[str, Any]],
    education: dict[str, str] | None = None,
    panel: dict[str, Any] | None = None,
    survey: dict[str, Any] | None = None,
) -> str:
    study = {
        "study": "demo",
        "title": {
            "nl": "Demo: gevraagde vaardigheden op een gesimuleerde arbeidsmarkt",
            "en": "Demo: skills asked on a simulated labour market",
        },
        "simulated": True,
        "period": {"first": date(spec.first_year, 1, 1), "last": date(spec.last_year, 12, 31)},
        "sources": sources,
        "topsectors": "topsectors.csv",
        "measures": {"reference": "ict"},
        "education": settings_of(education) if education else {},
        "panel": panel or {},
        "outlook": {"scenarios": ["automation", "energy_transition", "ict_education"]},
        "survey": survey or {},
        "reproduce": "study-2019",
        "notes": [_NOTE],
    }
    return yaml.safe_dump(study, sort_keys=False, allow_unicode=True, width=110)
