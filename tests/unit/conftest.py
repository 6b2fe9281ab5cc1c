"""One small finished study for the tests of what is published."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from overstap.pipeline import Study
from overstap.publish.labels import Lang
from overstap.publish.report import render_report
from tests.fixtures import make_store


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder: Path = tmp_path_factory.mktemp("finished")
    return make_store(folder, ads=3000)


@pytest.fixture(scope="session")
def page_of(finished_study: Study) -> Callable[[Lang], str]:
    """The whole report in a language, rendered once a session."""
    return lru_cache(lambda language: render_report(finished_study, language))
