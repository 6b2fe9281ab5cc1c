"""One small finished study for the tests of what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.pipeline import Study
from tests.fixtures import make_store


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder: Path = tmp_path_factory.mktemp("finished")
    return make_store(folder, ads=3000)
