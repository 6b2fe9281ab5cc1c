"""The steps of a survey: questions, respondents and answers from its files, evidence, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.errors import OverstapError, problems_of
from overstap.steps import Context, Step, tables_step
from overstap.study_survey import SurveySettings

_SURVEY = ("questions", "respondents", "answers")
_READ = ("core_questions", "core_respondents", "core_answers", "core_evidence", "out_survey_quality")


def survey_steps() -> list[Step]:
    """From files to weighted results. A study without a survey has these tables, empty."""
    return [
        tables_step(
            "read_survey",
            _READ,
            (),
            lambda context: read_tables(context.spec.survey, context.base),
            depends=_inputs,
            code=_code("read", "weigh", "evidence", "quality"),
        ),
        tables_step(
            "measure_survey",
            ("out_survey", "out_adoption"),
            ("core_questions", "core_respondents", "core_answers"),
            _measure,
            depends=lambda context: [
                context.spec.survey.model_dump(mode="json"),
                context.spec.measures.confidence,
                context.spec.measures.fdr,
            ],
            code=_code("measure", "adoption"),
        ),
    ]


def _code(*modules: str) -> tuple[str, ...]:
    return ("overstap.survey_steps", *(f"overstap.survey.{name}" for name in modules))


def check_survey(survey: SurveySettings, base: Path) -> list[OverstapError]:
    """Every problem of the settings and files of the survey; `base` is the study file's folder."""
    from overstap.survey.evidence import read_evidence
    from overstap.survey.read import Survey
    from overstap.survey.weigh import read_margins

    checks: list[Callable[[], object]] = [
        lambda: survey.files and Survey(survey, base),
        lambda: survey.margins and read_margins(base / survey.margins),
        lambda: read_evidence(survey.evidence, base),
    ]
    return problems_of(checks)


def _inputs(context: Context) -> Any:
    from overstap.sources.files import expand

    survey = context.spec.survey
    paths = [file.path for file in expand([*survey.files, *survey.evidence], context.base, "survey")[0]]
    paths += [context.base / name for name in (survey.structure, survey.codebook, survey.margins) if name]
    return [survey.model_dump(mode="json"), context.digests(paths)]


def read_tables(survey: SurveySettings, base: Path) -> tuple[pa.Table, ...]:
    """Questions, respondents with their weights, answers, evidence, and how the survey was read."""
    from overstap.survey.evidence import read_evidence
    from overstap.survey.quality import quality_of
    from overstap.survey.read import read_survey
    from overstap.survey.weigh import read_margins, weigh

    questions, respondents, answers = read_survey(survey, base)
    weighed = weigh(respondents, read_margins(base / survey.margins) if survey.margins else {}, survey.trim)
    quality = quality_of(questions, weighed)
    return questions, weighed.respondents, answers, read_evidence(survey.evidence, base), quality


def _measure(context: Context) -> tuple[pa.Table, ...]:
    from overstap.survey.adoption import measure_adoption
    from overstap.survey.measure import measure_survey

    questions, respondents, answers = (context.store.read(f"core_{name}") for name in _SURVEY)
    survey, measures = context.spec.survey, context.spec.measures
    return (
        measure_survey(questions, respondents, answers, survey, measures.confidence, measures.fdr),
        measure_adoption(questions, respondents, answers, survey, measures.confidence),
    )
