"""A seeded labour market with known truth: Dutch and English job ads from 2012 to 2017, calibrated on the study of
2019.

`simulate_ads` yields the ads, `truth` what is true of them, `write_market` both as files; `truth_asked` skips the
texts. Everything is invented; nothing here shares a word list with the extractor.
"""

from __future__ import annotations

from overstap.simulate.ads import simulate_ads
from overstap.simulate.concepts import CONCEPTS, Concept
from overstap.simulate.feeds import NOTICE, Feed, MarketFiles, write_market
from overstap.simulate.spec import MarketSpec
from overstap.simulate.truth import Truth, simulate_market, truth, truth_asked

__all__ = [
    "CONCEPTS",
    "NOTICE",
    "Concept",
    "Feed",
    "MarketFiles",
    "MarketSpec",
    "Truth",
    "simulate_ads",
    "simulate_market",
    "truth",
    "truth_asked",
    "write_market",
]
