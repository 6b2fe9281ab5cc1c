"""Tests keep what is slow to build in pytest's own cache folder, not in the user's data folder."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is not None:
        os.environ.setdefault("OVERSTAP_HOME", str(cache.mkdir("overstap")))
