"""Results of a survey: shares, means and gaps by group of respondents, with intervals and tests; small ones hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import benjamini_hochberg
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.estimate import Estimate, mean, p_of_means, p_of_shares, share
from overstap.survey.hide import CROSSED, EVERYONE, Group, hidden_groups, is_crossed
from overstap.survey.people import People, people_of
from overstap.survey.series import Series, adoption_series, populations, series

Row = dict[str, Any]
_TESTED = {"single": ("share",), "multiple": ("share",), "ranking": ("first",), "scale": ("mean",), "number": ("mean",)}
_TESTED |= {"gap": ("gap",), "text": ("coded",)}
_BACKGROUND = frozenset({"role", "sector", "size"})  # who someone is


def measure_survey(
    questions: pa.Table,
    respondents: pa.Table,
    answers: pa.Table,
    settings: SurveySettings,
    confidence: float,
    fdr: float,
) -> pa.Table:
    """`out_survey` of the three tables of a survey; `confidence` of the intervals, `fdr` of the tests of each split."""
    people = people_of(respondents, [*settings.splits, *CROSSED])
    rows: list[Row] = []
    tests: list[tuple[Row, float]] = []
    measured = list(series(questions, answers, people))
    asked = populations(measured, adoption_series(questions, answers, people))
    hidden = hidden_groups(people, asked, settings, crossed=is_crossed(questions))
    for one in measured:
        for row, p in _results(one, people, settings, confidence, hidden.of(one.rows)):
            rows.append(row)
            if p is not None and np.isfinite(p):
                tests.append((row, p))
    for split in settings.splits:
        family = [(row, p) for row, p in tests if row["group_kind"] == split]
        if family:
            adjusted = benjamini_hochberg(np.array([p for _, p in family]))
            for (row, p), q in zip(family, adjusted, strict=True):
                row |= {"p_value": p, "q_value": float(q), "differs": bool(q < fdr)}
    return pa.Table.from_pylist(rows, schema=table_spec("out_survey").schema)


def _results(
    one: Series, people: People, settings: SurveySettings, confidence: float, gone: frozenset[Group]
) -> Iterator[tuple[Row, float | None]]:
    """The row of everyone and of each group, those of groups with the p-value of their test, if any."""
    weights = people.weights[one.rows]
    estimate = share if one.is_share else mean
    whole = estimate(one.x, weights, confidence) if weights.sum() > 0 else None
    if whole is None:
        return
    # A question on who someone is counts the groups themselves, and by group it would cross them.
    told = one.measure == "share" and (one.use, one.option) in gone
    yield _row(one, ALL, ALL, None if EVERYONE in gone or told else whole), None
    for split in () if one.use in _BACKGROUND else settings.splits:
        groups, names = people.groups[split][one.rows], people.names[split]
        for at, name in enumerate(names):
            mask = groups == at
            if not mask.any():
                continue
            if (split, name) in gone or weights[mask].sum() <= 0:
                yield _row(one, split, name, None), None
                continue
            mine = estimate(one.x[mask], weights[mask], confidence)
            rest, p, difference = ~mask & (groups >= 0), None, None
            if rest.sum() >= settings.min_cell and weights[rest].sum() > 0:
                other = estimate(one.x[rest], weights[rest], confidence)
                difference = mine.value - other.value
                if one.measure in _TESTED.get(one.kind, ()):
                    p = (p_of_shares if one.is_share else p_of_means)(mine, other)
            yield _row(one, split, name, mine, difference), p


def _row(one: Series, kind: str, group: str, found: Estimate | None, difference: float | None = None) -> Row:
    scale = 100.0 if one.is_share else 1.0
    known: Row = dict.fromkeys(("value", "value_low", "value_high", "n", "n_effective", "difference"))
    if found is not None:
        bounds = [None if not np.isfinite(v) else scale * v for v in (found.value, found.low, found.high)]
        known = dict(zip(("value", "value_low", "value_high"), bounds, strict=True))
        known |= {"n": found.n, "n_effective": found.effective}
        known["difference"] = None if difference is None else scale * difference
    return {
        "question_code": one.question,
        "item": one.item,
        "measure": one.measure,
        "option": one.option,
        "group_kind": kind,
        "group_name": group,
        "theme": one.theme,
        **known,
        "p_value": None,
        "q_value": None,
        "differs": None,
        "is_suppressed": found is None,
    }
