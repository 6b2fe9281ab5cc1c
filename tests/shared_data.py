"""The folder of shared data, which is no part of the repository, and the mark of tests that read it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest


def _find() -> Path:
    """The folder `shared/data` beside the repository, or else the one that OVERSTAP_SHARED_DATA names."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    return beside if beside.is_dir() else Path(os.environ.get("OVERSTAP_SHARED_DATA", beside))


DATA = _find()


def lacks(*parts: str) -> pytest.MarkDecorator:
    """The mark by which a test is skipped, and said so, where one of these parts of the folder is absent."""
    absent = [part for part in parts if not (DATA / part).exists()]
    if absent:
        warnings.warn(f"Tests on real data are skipped: no {', '.join(absent)} in {DATA}", stacklevel=3)
    return pytest.mark.skipif(bool(absent), reason=f"SKIPPED: no {absent} in {DATA}; set OVERSTAP_SHARED_DATA")


def needs(*parts: str) -> list[pytest.MarkDecorator]:
    """The marks of a test module that reads these parts of the folder."""
    return [pytest.mark.real, lacks(*parts)]
