"""Raking holds its margins and keeps odds ratios; hidden cells stay hidden; no column of any table is lost."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.study_survey import SurveySettings
from overstap.survey.rake import design_effect, effective, rake
from overstap.survey.read import read_survey


@given(st.data())
@settings(max_examples=60)
def test_raked_weights_hold_their_margins(data: st.DataObject) -> None:
    n_rows, n_columns = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))
    positive = st.floats(0.2, 20)
    rows, columns = (np.array(a).ravel() for a in np.meshgrid(range(n_rows), range(n_columns), indexing="ij"))
    start = np.array(data.draw(st.lists(positive, min_size=n_rows * n_columns, max_size=n_rows * n_columns)))
    targets = [np.array(data.draw(st.lists(positive, min_size=k, max_size=k))) for k in (n_rows, n_columns)]
    found = rake([rows, columns], targets, start)
    assert found.furthest < 1e-6 and (found.weights > 0).all() and abs(found.weights.mean() - 1) < 1e-9
    table, seed = found.weights.reshape(n_rows, n_columns), start.reshape(n_rows, n_columns)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (table, seed)]
    assert np.isclose(*odds, rtol=1e-6)
    assert design_effect(found.weights) >= 1 - 1e-9
    assert effective(found.weights) <= len(start) + 1e-9


_CELL = st.one_of(st.sampled_from(["", "Yes", "No", "3", "5 - a", "Agree", "a;b;", "Rank 1"]), st.text(max_size=12))
_HEAD = st.one_of(
    st.sampled_from(
        ["Q1", "Q1[SQ1]", "Q1[SQ2]", "Q1[other]", "Q2. Why? [x]", "id", "E-mail", "Q3_1", "submitdate", "Q1"]
    ),
    st.text(max_size=12),
)


@given(
    st.lists(_HEAD, min_size=1, max_size=6), st.lists(st.lists(_CELL, min_size=1, max_size=8), min_size=1, max_size=6)
)
@settings(max_examples=60)
def test_no_column_and_no_respondent_is_lost(header: list[str], rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    if not header[0].strip() or not any(cell.strip() for cell in rows[0]):
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
        try:
            questions, respondents, answers = read_survey(SurveySettings(files=["a.csv"]), Path(folder))
        except Exception as error:
            assert type(error).__module__ == "overstap.errors", error
            return
    positions = questions["position"].to_pylist()
    assert sorted(positions) == list(range(1, len(positions) + 1))
    assert (
        len(
            set(
                zip(
                    answers["respondent_id"].to_pylist(),
                    answers["question_code"].to_pylist(),
                    answers["item"].to_pylist(),
                    answers["part"].to_pylist(),
                    strict=True,
                )
            )
        )
        == answers.num_rows
    )
    assert all(row["is_understood"] or row["reason"] for row in questions.to_pylist())
    assert set(answers["respondent_id"].to_pylist()) <= set(respondents["respondent_id"].to_pylist())
