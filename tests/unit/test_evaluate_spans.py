"""The measure of spans, on cases whose answer can be counted by hand."""

import math
from pathlib import Path

import pytest

from overstap.evaluate.spans import Sentence, matches, read_marked, span_accuracy


@pytest.mark.parametrize(
    ("predicted", "marked", "right"),
    [
        ([(0, 10)], [(0, 5)], 1),  # half of the longer
        ([(0, 11)], [(0, 5)], 0),
        ([(0, 5)], [(0, 11)], 0),
        ([(0, 4), (5, 9)], [(0, 9)], 0),  # two short pieces are no long span
        ([(0, 10), (2, 10)], [(0, 10)], 1),  # one to one
        ([(0, 6), (4, 10)], [(0, 8), (5, 10)], 2),
        ([], [(0, 3)], 0),
    ],
)
def test_matches(predicted: list[tuple[int, int]], marked: list[tuple[int, int]], right: int) -> None:
    assert matches(predicted, marked) == right


def test_accuracy_by_kind_and_source() -> None:
    sentences = [
        Sentence("a", (("skill", (0, 10)), ("knowledge", (20, 24))), "tech", "1"),
        Sentence("b", (("skill", (0, 10)),), "house", "2"),
    ]
    predicted = [[("skill", (0, 10)), ("skill", (20, 24))], [("knowledge", (50, 60))]]
    table = {(r["kind"], r["source"]): r for r in span_accuracy(sentences, predicted).to_pylist()}
    every = table["all", "all"]
    assert (every["precision"], every["recall"], every["marked"], every["predicted"]) == (2 / 3, 2 / 3, 3, 3)
    assert every["f1_low"] <= every["f1"] <= every["f1_high"]
    assert table["skill", "tech"]["precision"] == 0.5 and table["skill", "tech"]["recall"] == 1
    assert table["knowledge", "house"]["precision"] == 0 and math.isnan(table["knowledge", "house"]["recall"])
    assert table["skill", "tech"]["exact_f1"] == pytest.approx(2 / 3)


def test_marks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "marked.txt"
    path.write_text("# remark\nJe [s werkt] met [k C#].\n# held out\nNiets.\n", encoding="utf-8")
    (sentence,) = read_marked(path, held_out=False)
    assert sentence.text == "Je werkt met C#."
    assert [(kind, sentence.text[a:b]) for kind, (a, b) in sentence.spans] == [("skill", "werkt"), ("knowledge", "C#")]
    assert [s.text for s in read_marked(path, held_out=True)] == ["Niets."]
