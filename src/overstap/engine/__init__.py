"""Engines behind five verbs. `make_engine` opens the one that a study names."""

from collections.abc import Callable
from pathlib import Path

from overstap.engine.base import Engine, Frame, Scalar
from overstap.errors import StudyError


def make_engine(name: str, threads: int | None = None, scratch: Path | None = None) -> Engine:
    """The engine `name` (duckdb or spark), opened; `scratch` takes what does not fit in memory.

    Raises StudyError where Spark is asked but not installed.
    """
    if name == "duckdb":
        from overstap.engine.duck import DuckEngine

        return DuckEngine(threads, scratch)
    if name == "spark":
        try:
            from overstap.engine.spark import SparkEngine
        except ImportError as error:
            raise StudyError(
                "The study asks for engine: spark, but pyspark is not installed.",
                why=str(error),
                fix="pip install 'overstap[spark]' and Java 17, or set engine: duckdb.",
            ) from error
        return _opened(SparkEngine)
    raise StudyError(f"There is no engine '{name}'.", fix="Use engine: duckdb or engine: spark.")


def _opened(engine: Callable[[], Engine]) -> Engine:
    """A Spark engine. Raises StudyError where no session can be had: there is no Java, or no such server."""
    from pyspark.errors import PySparkException

    try:
        return engine()
    except (PySparkException, ImportError, OSError) as error:
        raise StudyError(
            "The study asks for engine: spark, but no Spark session can be opened.",
            why=str(error).strip().splitlines()[0],
            fix="Install Java 17: scripts/setup_system.sh java. With SPARK_REMOTE: pip install 'pyspark[connect]', "
            "and see that the server answers. Or set engine: duckdb.",
        ) from error


__all__ = ["Engine", "Frame", "Scalar", "make_engine"]
