"""Accuracy from judged windows, worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.evaluate.skills import (
    Judged,
    counted_in,
    counted_in_ad,
    counted_on_the_day,
    read_judged,
    score,
    score_by,
    stratum_weights,
)

LABELS = """skill_id,stratum,set,ad_id,start,end,asked
s,counted,nl,1,0,5,1
s,counted,nl,2,0,5,0
s,other,nl,3,0,5,1
s,other,nl,4,0,5,0
s,other,nl,5,0,5,0
s,other,hn,1,0,5,0
"""


def judged(tmp_path: Path, totals: str = "skill_id,counted_n,other_n\ns,100,40\n") -> list[Judged]:
    (tmp_path / "labels.csv").write_text(LABELS)
    (tmp_path / "totals.csv").write_text(totals)
    return read_judged([tmp_path / "labels.csv"], [tmp_path / "totals.csv"])


def annotation(*ads: tuple[str, list[tuple[str, int, int, str]]]) -> pa.Table:
    names = ("skill_id", "start", "end", "section")
    skills = [[dict(zip(names, m, strict=True)) for m in mentions] for _, mentions in ads]
    type_ = pa.list_(
        pa.struct([("skill_id", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("section", pa.string())])
    )
    return pa.table({"ad_id": [i for i, _ in ads], "skills": pa.array(skills, type_)})


def test_as_judged_a_window_weighs_as_many_as_it_stands_for(tmp_path: Path) -> None:
    labels = judged(tmp_path)
    assert [j.weight for j in labels] == [50, 50, 10, 10, 10, 10]
    result = score(labels, counted_on_the_day(labels))
    assert result.precision.value == pytest.approx(50 / 100) and result.precision.n == 2
    assert result.recall.value == pytest.approx(50 / (50 + 10)) and result.recall.n == 2
    assert result.windows == 6
    for estimate in (result.precision, result.recall):
        assert 0 <= estimate.low < estimate.value < estimate.high <= 1


def test_now_a_window_is_found_where_a_counting_mention_of_the_skill_overlaps_it(tmp_path: Path) -> None:
    labels = judged(tmp_path)
    annotations = {
        "nl": annotation(
            ("1", [("s", 4, 9, "tasks")]),
            ("2", [("s", 0, 5, "company")]),  # seen, but in a part that does not ask
            ("3", [("s", 5, 9, "other")]),  # beside the window
            ("4", [("t", 0, 5, "tasks")]),  # another skill
            ("5", [("s", 0, 2, "requirements")]),
            ("6", []),
        ),
        "hn": annotation(("1", [])),
    }
    found = counted_in(labels, annotations)
    assert found == [True, False, False, False, True, False]
    assert counted_in_ad(labels, annotations) == [True, False, True, False, True, False]
    result = score(labels, found)
    assert result.precision.value == pytest.approx(50 / (50 + 10))
    assert result.recall.value == pytest.approx(50 / (50 + 10))


def test_an_ad_that_is_not_annotated_is_an_error_and_not_a_miss(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="5 labelled ads are not in the annotation"):
        counted_in(judged(tmp_path), {"hn": annotation(("1", []))})


def test_totals_per_set_add_up_though_a_set_has_no_window(tmp_path: Path) -> None:
    totals = "skill_id,set,counted_n,other_n\ns,nl,60,30\ns,hn,40,10\n"
    labels = judged(tmp_path, totals)
    # counted: 60 on two windows, the 40 of hn spread over them; other: 30 on three windows, 10 on one.
    assert [j.weight for j in labels] == pytest.approx([50, 50, 10, 10, 10, 10])
    assert stratum_weights([("s", "other", "nl")], {("s", "other", "nl"): 30, ("s", "other", "hn"): 10}) == [40]


def test_labels_without_total_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no total"):
        judged(tmp_path, "skill_id,counted_n,other_n\ns,100,0\n")


def test_columns_and_strata_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("skill_id,stratum\ns,counted\n")
    with pytest.raises(InputError, match="has no column set, ad_id"):
        read_judged([path], [])
    path.write_text(LABELS.replace("other", "else"))
    with pytest.raises(InputError, match="'else' is not a stratum"):
        read_judged([path], [])


def test_windows_of_one_ad_tell_less_than_windows_of_many() -> None:
    def windows(ads: list[str]) -> list[Judged]:
        return [Judged("s", "counted", ("nl", a), 0, 5, i < 6, 1.0) for i, a in enumerate(ads)]

    many = windows([str(i) for i in range(10)])
    few = windows([str(i // 2) for i in range(10)])
    apart, together = (score(w, [True] * 10).precision for w in (many, few))
    assert apart.value == together.value == pytest.approx(0.6)
    assert together.high - together.low > apart.high - apart.low
    # Ten windows of ten ads tell as much as nine draws (the mean is estimated too); Wilson: .5701 ± .2696.
    assert (apart.low, apart.high) == pytest.approx((0.3005, 0.8397), abs=1e-4)


def test_all_right_is_not_certain_and_nothing_judged_is_unknown() -> None:
    windows = [Judged("s", "counted", ("nl", str(i)), 0, 5, True, 1.0) for i in range(12)]
    precision = score(windows, [True] * 12).precision
    assert precision.value == precision.high == 1.0
    assert precision.low == pytest.approx(12 / (12 + 1.959964**2))
    nothing = score(windows, [False] * 12)
    assert math.isnan(nothing.precision.value) and nothing.precision.n == 0
    assert nothing.recall.value == 0.0


def test_groups_are_scored_apart(tmp_path: Path) -> None:
    labels = judged(tmp_path)
    by_set = score_by(labels, counted_on_the_day(labels), lambda j: j.ad[0])
    assert list(by_set) == ["nl", "hn"]
    assert by_set["nl"].windows == 5 and math.isnan(by_set["hn"].precision.value)
