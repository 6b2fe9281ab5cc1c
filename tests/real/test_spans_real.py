"""Spans on SkillSpan's development part, of which nothing is trained on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overstap.evaluate.spans import read_skillspan, span_accuracy, tagged

_BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
DATA = _BESIDE if _BESIDE.exists() else Path(os.environ.get("OVERSTAP_SHARED_DATA", _BESIDE))

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason=f"SKIPPED: no annotated sets at {DATA}; set OVERSTAP_SHARED_DATA"),
]


def test_spans_of_skillspan_dev() -> None:
    sentences = read_skillspan(DATA, "dev")
    assert len(sentences) == 3174
    table = {(r["kind"], r["source"]): r for r in span_accuracy(sentences, tagged(sentences)).to_pylist()}
    assert table["all", "all"]["marked"] == 2163
    assert table["all", "all"]["f1_low"] > 0.5  # measured .59 (.57–.62)
    for kind in ("skill", "knowledge"):
        for source in ("house", "tech"):
            assert table[kind, source]["f1"] > 0.45
