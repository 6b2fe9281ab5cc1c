"""What a researcher had better do before the answers are used, told from how they were read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.study_survey import SurveySettings

Row = dict[str, Any]
_CODE = re.compile(r"A[0O]?\d{1,3}|AO\d+", re.IGNORECASE)  # as LimeSurvey names options that have no name
_MANY = 0.1


def advice(questions: pa.Table, respondents: pa.Table, answers: pa.Table, settings: SurveySettings) -> list[str]:
    """Sentences, the most urgent first; none where all is well."""
    asked: list[Row] = [row for row in questions.to_pylist() if row["kind"] != "fact"]
    return [*_respondents(respondents, settings), *_columns(asked), *_codes(asked, settings), *_orders(asked, answers)]


def _respondents(respondents: pa.Table, settings: SurveySettings) -> Iterator[str]:
    people: list[Row] = respondents.select(["is_counted", "weight"]).to_pylist()
    unread = sum(row["is_counted"] and row["weight"] is None for row in people)
    if unread:
        yield (f"{unread:,} of {len(people):,} respondents have no weight that can be read; they count as 1. Mend it.")
    flags: list[list[str]] = respondents["flags"].to_pylist()
    twice = sum("duplicate" in one for one in flags)
    if twice > _MANY * len(flags):
        yield (
            f"{twice:,} of {len(flags):,} answers count as given twice: they are the same, or more than "
            f"{settings.per_address} come from one address, as from one office. Where those are different people: "
            f"survey: {{per_address: {len(flags)}}}."
        )
    part = sum("incomplete" in one for one in flags)
    if part > 3 * _MANY * len(flags):
        yield (
            f"{part:,} of {len(flags):,} answers are incomplete and do not count. To count who answered a smaller part "
            f"than {settings.min_answered:g} of the common questions: survey: {{min_answered: …}}."
        )


def _columns(asked: list[Row]) -> Iterator[str]:
    loose = [row for row in asked if re.fullmatch(r"\(column \d+ without a heading\)", row["heading"])]
    if loose:
        told = "1 column has" if len(loose) == 1 else f"{len(loose)} columns have"
        yield (
            f"{told} no heading: perhaps an answer holds the separator without quotation marks. Their cells are kept."
        )
    twice = sorted({row["question_code"] for row in asked if "~" in row["question_code"]})
    if twice:
        names = ", ".join(twice[:5])
        yield f"A code stands at two questions; the second is kept apart as {names}. Mend the export if they are one."


def _codes(asked: list[Row], settings: SurveySettings) -> Iterator[str]:
    coded = [
        row["question_code"]
        for row in asked
        if row["kind"] == "single" and row["options"] and all(map(_CODE.fullmatch, _said(row)))
    ]
    if coded and not (settings.structure or settings.codebook):
        yield (
            f"Answers of {', '.join(dict.fromkeys(coded))} are codes without a text or an order. Give the "
            "questionnaire with --structure survey.lss, or export the answers again with full answers."
        )


def _orders(asked: list[Row], answers: pa.Table) -> Iterator[str]:
    """Scales whose items hold the numbers up to their count, mostly each another: places in an order, with ties."""
    for code in dict.fromkeys(row["question_code"] for row in asked if row["kind"] == "scale"):
        items = [row for row in asked if (row["question_code"], row["part"]) == (code, "answer")]
        places = _said(items[0])
        if len(items) < 3 or not all(map(str.isdigit, places)) or max(map(int, places), default=0) != len(items):
            continue
        given: dict[str, list[float]] = {}
        for row in answers.filter(pc.equal(answers["question_code"], code)).to_pylist():
            if row["value"] is not None:
                given.setdefault(row["respondent_id"], []).append(row["value"])
        apart = sum(len(set(values)) == len(values) for values in given.values())
        if apart > 0.3 * len(given):
            yield (
                f"{code} is read as a scale: its {len(items)} items hold the numbers up to {len(items)}. If they are "
                f"places in an order: survey: {{questions: {{{code}: {{kind: ranking}}}}}}."
            )


def _said(row: Row) -> list[str]:
    return [option for option in row["options"] or [] if option != "other"]
