"""How long advice for one person takes: once to load, then for each start."""

from __future__ import annotations

import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any

from overstap.moves.advise import Wish, advise
from overstap.moves.atlas import Atlas
from overstap.moves.crosswalk import Level
from overstap.moves.start import Start
from overstap.publish.advice import advice_page
from overstap.publish.advice_files import advice_html
from overstap.publish.labels import Translator

_EVERY = 11  # of the occupations in order, one in so many is a start


def measure_advice(level: Level, home: Path | None = None) -> list[dict[str, Any]]:
    """Rows of what, n and seconds: load, a first round (which may build what is then kept), and the median and the
    slowest of advice from occupations all over the classification, for the data and for the HTML sheet."""
    begin = time.perf_counter()
    atlas = Atlas.load(level, home=home)
    loaded = time.perf_counter()
    starts = [Start("occupation", code) for code in atlas.codes[::_EVERY]]
    for start in starts:  # the first that needs ways of several moves builds the months of all, which are then kept
        advise(atlas, start)
    first = time.perf_counter()
    t, data, sheets = Translator("nl"), [], []
    for start in starts:
        lap = time.perf_counter()
        advice = advise(atlas, start, Wish())
        data.append(time.perf_counter() - lap)
        advice_html(advice_page(advice, t, date.today()), t)
        sheets.append(time.perf_counter() - lap)
    laps = {
        "load": loaded - begin,
        "first round": first - loaded,
        "advice, median": statistics.median(data),
        "advice, slowest": max(data),
        "with HTML sheet, median": statistics.median(sheets),
        "with HTML sheet, slowest": max(sheets),
    }
    return [{"level": level, "what": what, "n": len(starts), "seconds": round(lap, 3)} for what, lap in laps.items()]
