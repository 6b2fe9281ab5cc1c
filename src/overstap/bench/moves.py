"""How long it takes to compare all occupations with all, measure by measure."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from overstap.moves.crosswalk import LEVELS, Level
from overstap.moves.profiles import profiles
from overstap.moves.similarity import combine, components, weights


def measure_moves(levels: tuple[Level, ...] = LEVELS, home: Path | None = None) -> list[dict[str, Any]]:
    """Rows of level, what, pairs and seconds: profiles, ready (vectors and near skills), each measure over all pairs,
    the combined score, and the sum. What is compiled once, or kept in the cache folder, is made before."""
    rows: list[dict[str, Any]] = []
    for level in levels:
        for measure in components(profiles(level, home), home).values():
            measure([0])  # type: ignore[arg-type]
        laps: list[tuple[str, float]] = []
        start = time.perf_counter()
        p = profiles(level, home)
        laps.append(("profiles", time.perf_counter() - start))
        start = time.perf_counter()
        measures = components(p, home)
        laps.append(("ready", time.perf_counter() - start))
        found = {}
        for name, measure in measures.items():
            start = time.perf_counter()
            found[name] = measure(None)
            laps.append((name, time.perf_counter() - start))
        start = time.perf_counter()
        combine(found, weights(p.unit))
        laps.append(("combined", time.perf_counter() - start))
        laps.append(("all", sum(seconds for _, seconds in laps)))
        pairs = len(p.codes) ** 2
        rows += [
            {"level": level, "features": p.unit, "what": what, "pairs": pairs, "seconds": round(seconds, 3)}
            for what, seconds in laps
        ]
    return rows
