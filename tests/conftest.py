"""Tests keep what is slow to build in pytest's own cache folder, not in the user's data folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

# How long an example takes depends on the machine and on what is compiled already; speed is measured elsewhere.
settings.register_profile("overstap", deadline=None)
settings.load_profile("overstap")


def pytest_configure(config: pytest.Config) -> None:
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is not None:
        os.environ.setdefault("OVERSTAP_HOME", str(cache.mkdir("overstap")))


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Chromium, started once; skipped, and said so, where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip(f"No Chromium at {CHROMIUM}: the dashboard is NOT tested in a browser.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield browser
        browser.close()
