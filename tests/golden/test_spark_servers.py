"""The village on real servers of Spark on this machine: Spark Connect, and a standalone master with its worker."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from overstap.pipeline import Study
from tests.cli.helpers import COMMAND, environment
from tests.spark import differing, with_spark

pytestmark = [pytest.mark.full, pytest.mark.spark, pytest.mark.xdist_group("spark")]
_DEPLOY = "org.apache.spark.deploy"
_CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


@pytest.fixture
def home() -> Path:
    """Where Spark is installed; skipped, and said so, where it is not."""
    pyspark = pytest.importorskip("pyspark", reason="No pyspark: Spark is NOT tested.")
    if shutil.which("java") is None:
        pytest.skip("No Java (scripts/setup_system.sh java): Spark is NOT tested.")
    return Path(pyspark.__file__).parent


def test_the_village_with_spark_connect(home: Path, village: Study, tmp_path: Path) -> None:
    pytest.importorskip("grpc_status", reason="No pyspark[connect]: Spark Connect is NOT tested.")
    port = _free_port()
    settings = ["--conf", f"spark.connect.grpc.binding.port={port}", "--conf", "spark.sql.shuffle.partitions=2"]
    with _server(home, f"{_DEPLOY}.SparkSubmit", *_LOCAL, *settings, "--class", _CONNECT, "spark-internal", port=port):
        _same_tables(village, tmp_path, {"SPARK_REMOTE": f"sc://localhost:{port}"})


def test_the_village_with_a_master_and_a_worker(home: Path, village: Study, tmp_path: Path) -> None:
    port = _free_port()
    with ExitStack() as servers:
        at = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]
        servers.enter_context(_server(home, f"{_DEPLOY}.master.Master", *at, port=port))
        own = [
            "--host",
            "127.0.0.1",
            "--cores",
            "2",
            "--memory",
            "1g",
            "--webui-port",
            "0",
            "--work-dir",
            str(tmp_path),
        ]
        servers.enter_context(_server(home, f"{_DEPLOY}.worker.Worker", *own, f"spark://127.0.0.1:{port}"))
        _same_tables(village, tmp_path, {"SPARK_MASTER": f"spark://127.0.0.1:{port}", "SPARK_LOCAL_IP": "127.0.0.1"})


_LOCAL = ("--master", "local[2]", "--driver-memory", "1g", "--conf", "spark.ui.enabled=false")


def _same_tables(village: Study, folder: Path, env: dict[str, str]) -> None:
    study = with_spark(village, folder / "village")
    command = [*COMMAND, "run", str(study.path), "--no-report"]
    env = environment({"PYSPARK_PYTHON": sys.executable, **env})
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert differing(village, Study.open(study.path)) == []


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _server(home: Path, name: str, *args: str, port: int | None = None) -> Iterator[None]:
    """A server of Spark in a process of its own, once it answers at its port."""
    command = [str(home / "bin" / "spark-class"), name, *args]
    env = environment({"SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"})
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 180
        while port is not None and not _answers(port):
            assert process.poll() is None, f"{name} ended at once"
            assert time.monotonic() < deadline, f"{name} does not answer"
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
