"""The command line in this process, and one finished study that tests only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.pipeline import Study
from tests.cli.helpers import Cli, ads, write_study


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests in one process each half: the finished study and the lexicon are then made once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("cli"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Calls `overstap` with the given arguments and gives exit code, stdout and stderr."""
    return Cli(capsys, monkeypatch)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study file of a study that has run. Only read it."""
    path = write_study(tmp_path_factory.mktemp("finished"), ads())
    Study.open(path).run()
    return path
