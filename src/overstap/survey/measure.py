"""Results of a survey: shares, means and gaps by group of respondents, with intervals and tests; small ones hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats, benjamini_hochberg
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.estimate import Estimate, mean, p_of_means, p_of_shares, share
from overstap.survey.hide import CROSSED, EVERYONE, hidden_groups
from overstap.survey.people import People, people_of
from overstap.survey.scales import NONE, plain

Row = dict[str, Any]
_TESTED = {"single": ("share",), "multiple": ("share",), "ranking": ("first",), "scale": ("mean",), "number": ("mean",)}
_TESTED |= {"gap": ("gap",), "text": ("coded",)}
MOST_CODED = 30
_BACKGROUND = frozenset({"role", "sector", "size"})  # who someone is
_CROSSED = frozenset({"adoption", "obstacle"})  # shown by sector and size at once in `out_adoption`


@dataclass(frozen=True)
class Series:
    """One figure per respondent who answered: `x`, and `rows`, the places of these respondents."""

    question: str
    item: str
    measure: str
    option: str
    theme: str | None
    kind: str
    use: str | None
    x: Floats
    rows: Any

    @property
    def is_share(self) -> bool:
        return self.measure in ("share", "top", "first", "coded")


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
    made = list(series(questions, answers, people))
    # What is shown by sector and size of one question hides groups in all: most are answered by the same people.
    crossed = any(one.use in _CROSSED for one in made)
    for one in made:
        for row, p in _results(one, people, settings, confidence, crossed=crossed):
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


def series(questions: pa.Table, answers: pa.Table, people: People) -> Iterator[Series]:
    """What is measured of every question, in the order of the questionnaire."""
    about: dict[tuple[str, str], Row] = {}
    for row in questions.to_pylist():
        if row["part"] == "answer" and row["kind"]:
            about.setdefault((row["question_code"], row["item"]), row)
            about.setdefault((row["question_code"], ""), row)
    by_question: dict[str, dict[str, Row]] = {}
    for (code, item), columns in _by_item(answers, people):
        row = about.get((code, item)) or about.get((code, ""))
        if row is not None:
            by_question.setdefault(code, {})[item] = {**columns, "about": row}
    order = dict.fromkeys(code for code, _ in about)
    for code in order:
        items = by_question.get(code, {})
        for item, found in items.items():
            yield from _of_item(code, item, found, items)
    yield from _gaps(by_question)


def _by_item(answers: pa.Table, people: People) -> Iterator[tuple[tuple[str, str], Row]]:
    """Columns of the answers of those who count, by question and item."""
    found: dict[tuple[str, str], Row] = {}
    names = ("respondent_id", "question_code", "item", "part", "value", "option", "skills", "isco08")
    for who, code, item, part, value, option, skills, isco in zip(
        *(answers[n].to_pylist() for n in names), strict=True
    ):
        at = people.place.get(who)
        if at is None or part != "answer":
            continue
        one = found.setdefault((code, item), {"rows": [], "value": [], "option": [], "skills": [], "isco08": []})
        for name, cell in zip(one, (at, value, option, skills, isco), strict=True):
            one[name].append(cell)
    yield from found.items()


def _of_item(code: str, item: str, found: Row, items: dict[str, Row]) -> Iterator[Series]:
    about, rows = found["about"], np.array(found["rows"])
    kind, theme = about["kind"], about["theme"]
    value = np.array([np.nan if v is None else v for v in found["value"]])
    known = np.isfinite(value)

    def made(measure: str, option: str, x: Any, at: Any) -> Series:
        return Series(code, item, measure, option, theme, kind, about["use"], np.asarray(x, float), at)

    if kind in ("single", "scale"):
        given = np.array([option or "" for option in found["option"]])
        asked = [o for o in about["options"] or [] if (given == o).any()]
        for option in [*asked, *sorted(set(given) - set(asked) - {""})]:
            yield made("share", option, given == option, rows)
        if kind == "scale" and known.any():
            top = _top_two(about["options"] or [], given, known)
            if len(top) == 2:
                yield made("top", "", np.isin(given[known], top), rows[known])
            yield made("mean", "", value[known], rows[known])
    elif kind == "multiple" and known.any():
        yield made("share", "", value[known] == 1, rows[known])
    elif kind == "number" and known.any():
        yield made("mean", "", value[known], rows[known])
    elif kind == "ranking" and known.any():
        everyone = np.array(sorted({at for one in items.values() for at in one["rows"]}))
        first = set(rows[value == 1])
        yield made("first", "", [at in first for at in everyone], everyone)
        yield made("mean_rank", "", value[known], rows[known])
    elif kind == "text":
        yield from _coded(found, rows, made)


def _top_two(options: Sequence[str], given: Any, known: Any) -> list[str]:
    """The two highest steps of a scale of four or more; what is no step, as `not applicable`, has no place on it."""
    steps = [o for o in options if plain(o) not in NONE and o != "other" and not (given[~known] == o).any()]
    return steps[-2:] if len(steps) > 3 else []


def _coded(found: Row, rows: Any, made: Any) -> Iterator[Series]:
    """Shares of those who wrote something that named a skill, or an occupation."""
    codes = [
        [*(f"skill:{skill}" for skill in skills or []), *([f"isco08:{isco}"] if isco else [])]
        for skills, isco in zip(found["skills"], found["isco08"], strict=True)
    ]
    counts: dict[str, int] = {}
    for some in codes:
        for code in set(some):
            counts[code] = counts.get(code, 0) + 1
    for code in sorted(counts, key=lambda c: (-counts[c], c))[:MOST_CODED]:
        yield made("coded", code, [code in some for some in codes], rows)


def _gaps(by_question: dict[str, dict[str, Row]]) -> Iterator[Series]:
    """Importance less mastery of whoever gave both, of one item and pair."""
    found: dict[tuple[str, str, str], tuple[str, Row]] = {}
    for code, items in by_question.items():
        for item, one in items.items():
            if one["about"]["use"] in ("importance", "mastery"):
                found.setdefault((one["about"]["use"], one["about"]["pair"] or "", item), (code, one))
    for (use, pair, item), (code, one) in found.items():
        other = found.get(("mastery", pair, item))
        if use != "importance" or other is None:
            continue
        mastery = {at: v for at, v in zip(other[1]["rows"], other[1]["value"], strict=True) if v is not None}
        both = [(at, v) for at, v in zip(one["rows"], one["value"], strict=True) if v is not None and at in mastery]
        if both:
            x = np.array([v - mastery[at] for at, v in both], float)
            yield Series(code, item, "gap", "", one["about"]["theme"], "gap", None, x, np.array([at for at, _ in both]))


def _results(
    one: Series, people: People, settings: SurveySettings, confidence: float, *, crossed: bool
) -> Iterator[tuple[Row, float | None]]:
    """The row of everyone and of each group, those of groups with the p-value of their test, if any."""
    weights = people.weights[one.rows]
    estimate = share if one.is_share else mean
    whole = estimate(one.x, weights, confidence) if weights.sum() > 0 else None
    if whole is None:
        return
    gone = hidden_groups(people, one.rows, settings, crossed=crossed)
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
