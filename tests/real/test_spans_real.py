"""Spans on SkillSpan's development part, of which nothing is trained on."""

from __future__ import annotations

from overstap.evaluate.spans import read_skillspan, span_accuracy, tagged
from tests.shared_data import DATA, needs

pytestmark = needs("gold")


def test_spans_of_skillspan_dev() -> None:
    sentences = read_skillspan(DATA, "dev")
    assert len(sentences) == 3174
    table = {(r["kind"], r["source"]): r for r in span_accuracy(sentences, tagged(sentences)).to_pylist()}
    assert table["all", "all"]["marked"] == 2163
    assert table["all", "all"]["f1_low"] > 0.5  # measured .59 (.57–.62)
    for kind in ("skill", "knowledge"):
        for source in ("house", "tech"):
            assert table[kind, source]["f1"] > 0.45
