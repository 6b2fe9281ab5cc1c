"""The example studies on real ads, each run once per session of tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from overstap.pipeline import Study
from overstap.publish.report import write_reports
from tests.shared_data import DATA

ROOT = Path(__file__).parents[2]


def ran(name: str, folder: Path) -> Study:
    """The study `name`, run in `folder`, with its reports."""
    text = (ROOT / "examples" / "studies" / f"{name}.yaml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text.replace("../../../shared/data", str(DATA)))
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    study = Study.open(path)
    assert study.check() == []
    study.run()
    for report, language in zip(write_reports(study), ("nl", "en"), strict=True):
        page = report.read_text(encoding="utf-8")
        for warning in (*(source.note for source in study.spec.sources), *study.spec.notes):
            assert " ".join(warning[language].split())[:60] in " ".join(page.split())
    assert study.run() == []
    return study


@pytest.fixture(scope="session")
def hacker_news(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Hacker News, August 2013 to December 2016."""
    return ran("hn-2013-2016", tmp_path_factory.mktemp("hn"))


@pytest.fixture(scope="session")
def netherlands(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Data and AI jobs in the Netherlands, 2023 and 2024."""
    return ran("nl-2023-2024", tmp_path_factory.mktemp("nl"))


@pytest.fixture(scope="session")
def united_kingdom(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """NHS Jobs, November 2020."""
    return ran("uk-health-2018-2020", tmp_path_factory.mktemp("uk"))
