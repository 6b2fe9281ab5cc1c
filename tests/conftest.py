"""Tests keep what is slow to build in pytest's cache folder, not in the user's data folder; and reach no network."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


class NetworkAsked(BaseException):
    """Something asked for another machine. No Exception, so that no code can take it for a network that is down."""


def _at_home(address: Any) -> bool:
    if not isinstance(address, tuple):  # a path: a socket of this machine
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] in ("localhost", "")


def _guarded(name: str) -> None:
    asked = getattr(socket.socket, name)

    def only_here(self: socket.socket, address: Any) -> Any:
        if not _at_home(address):
            raise NetworkAsked(f"{name} to {address}")
        return asked(self, address)

    setattr(socket.socket, name, only_here)


def pytest_configure(config: pytest.Config) -> None:
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is not None:
        os.environ.setdefault("OVERSTAP_HOME", str(cache.mkdir("overstap")))
    for name in ("connect", "connect_ex"):
        _guarded(name)


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
