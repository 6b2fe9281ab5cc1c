"""Engines behind four verbs. `make_engine` opens the one that a study names."""

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
        return SparkEngine()
    raise StudyError(f"There is no engine '{name}'.", fix="Use engine: duckdb or engine: spark.")


__all__ = ["Engine", "Frame", "Scalar", "make_engine"]
