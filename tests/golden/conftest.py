"""The village, run once."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from overstap.pipeline import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def script() -> ModuleType:
    """`scripts/renew_golden.py`."""
    spec = importlib.util.spec_from_file_location("renew_golden", ROOT / "scripts" / "renew_golden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def village(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The village after a run with DuckDB. Only read it."""
    study: Study = script.run_village(tmp_path_factory.mktemp("golden"))
    return study
