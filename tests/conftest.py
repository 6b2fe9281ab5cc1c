"""Tests keep what is slow to build in pytest's own cache folder, not in the user's data folder."""

import os

import pytest
from hypothesis import settings

# How long an example takes depends on the machine and on what is compiled already; speed is measured elsewhere.
settings.register_profile("overstap", deadline=None)
settings.load_profile("overstap")


def pytest_configure(config: pytest.Config) -> None:
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is not None:
        os.environ.setdefault("OVERSTAP_HOME", str(cache.mkdir("overstap")))
