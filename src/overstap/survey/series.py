"""What is measured of the answers of each question, and of whom: before any of it is hidden or shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats
from overstap.survey.people import People
from overstap.survey.scales import NONE, YES, plain

Row = dict[str, Any]
MOST_CODED = 30
IN_USE = frozenset({"in_use", "widely_used"})
PLANNED = frozenset({"exploring", "pilot"})


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


def adoption_series(questions: pa.Table, answers: pa.Table, people: People) -> Iterator[tuple[str, str, Floats, Any]]:
    """Per technology whether it is in use and whether it is explored or planned; per obstacle whether it is named."""
    uses = {
        row["question_code"]: (row["use"], row["kind"])
        for row in questions.to_pylist()
        if row["use"] in ("adoption", "obstacle")
    }
    found: dict[tuple[str, str], tuple[list[int], list[str], list[float | None]]] = {}
    names = ("respondent_id", "question_code", "item", "part", "value", "option")
    for who, code, item, part, value, option in zip(*(answers[n].to_pylist() for n in names), strict=True):
        place = people.place.get(who)
        if place is not None and code in uses and part == "answer":
            key = (code, item if item or uses[code][0] == "obstacle" else code)
            cells = found.setdefault(key, ([], [], []))
            for cell, given in zip(cells, (place, option or "", value), strict=True):
                cell.append(given)  # type: ignore[attr-defined]
    for (code, item), (places, options, values) in found.items():
        use, kind = uses[code]
        at = np.array(places)
        ticked = kind == "multiple" or all(plain(option) in YES | {"no", "nee", ""} for option in options)
        if use == "obstacle":
            if kind == "multiple":
                yield "obstacle", item, np.array([value == 1 for value in values], float), at
            else:  # one obstacle chosen from a list
                for option in sorted(set(options)):
                    yield "obstacle", option, np.array([o == option for o in options], float), at
        elif ticked:
            yield (
                "in_use",
                item,
                np.array([v == 1 or plain(o) in YES for v, o in zip(values, options, strict=True)], float),
                at,
            )
        else:
            yield "in_use", item, np.array([option in IN_USE for option in options], float), at
            yield "planned", item, np.array([option in PLANNED for option in options], float), at


def populations(measured: Iterable[Series], adopted: Iterable[tuple[str, str, Floats, Any]]) -> list[Any]:
    """Of whom anything is published by `out_survey` (`series`) or `out_adoption` (`adoption_series`): places in
    `people`, each set of them once."""
    found = [*(one.rows for one in measured), *(at for *_, at in adopted)]
    return list({rows.tobytes(): rows for rows in (np.unique(at) for at in found)}.values())
