"""Tests keep what is slow to build in pytest's cache folder, not in the user's data folder; and reach no network."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import overstap

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


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    """One small session of Spark on this machine, which every engine of Spark finds open; skipped, and said so, where
    Java or pyspark is not installed. What is compiled for speed would cost these tests more than it gives them."""
    if shutil.which("java") is None:
        pytest.skip("No Java (scripts/setup_system.sh java): Spark is NOT tested.")
    sql = pytest.importorskip("pyspark.sql", reason="No pyspark: Spark is NOT tested.")
    source = str(Path(overstap.__file__).parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield
    session.stop()
