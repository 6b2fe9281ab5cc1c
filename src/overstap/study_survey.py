"""The part of the study file on a survey: its files, what its questions are about, and what it is weighted to."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from overstap.study_model import Settings

SurveyFormat = Literal["auto", "limesurvey", "qualtrics", "forms", "plain"]
Kind = Literal["single", "multiple", "scale", "ranking", "number", "text", "date"]
Theme = Literal[
    "respondent", "technologies", "adoption", "changing_jobs", "skills", "shortages", "education", "other"
]  # fmt: skip
Use = Literal[
    "role", "sector", "size", "weight", "address", "language", "impact", "adoption", "obstacle", "importance",
    "mastery", "shortage", "open_skills", "open_titles",
]  # fmt: skip
Split = Literal["role", "sector", "size"]
Flag = Literal["incomplete", "duplicate", "straight_lining", "test"]
THEMES: tuple[str, ...] = get_args(Theme)
USES: tuple[str, ...] = get_args(Use)


class QuestionMap(Settings):
    """What a question of a survey is, in terms of the study; what is left out is read from the answers."""

    theme: Annotated[Theme | None, Field(description="Theme of the study that the question belongs to")] = None
    use: Annotated[
        Use | None, Field(description="What the answers are used for: role, sector, size, adoption, importance …")
    ] = None
    kind: Annotated[Kind | None, Field(description="Kind of question, where the answers do not show it")] = None
    scale: Annotated[
        list[str], Field(description="Answers of a scale from low to high, where the wording is not a known one")
    ] = []
    values: Annotated[
        dict[str, str], Field(description="Answer as received → our code, as CTO → cto_cio or 'In use' → in_use")
    ] = {}
    items: Annotated[
        dict[str, str], Field(description="Item of an array → our code, as SQ001 → artificial_intelligence")
    ] = {}
    group: Annotated[
        str, Field(description="What tells pairs of importance and mastery apart, such as the function group")
    ] = ""
    text: Annotated[
        dict[Literal["nl", "en"], str], Field(description="Wording for readers, where the file holds none")
    ] = {}


class SurveySettings(Settings):
    """A survey among managers and specialists; without files its tables are empty."""

    files: Annotated[
        list[str], Field(description="Files with answers, or patterns, relative to the study file; several are stacked")
    ] = []
    format: Annotated[SurveyFormat, Field(description="Format of the files; auto recognises it by content")] = "auto"
    structure: Annotated[
        str | None, Field(description="LimeSurvey structure (.lss, or .txt separated by tabs) of the questionnaire")
    ] = None
    codebook: Annotated[
        str | None, Field(description="CSV (column, kind, text_nl, text_en, theme, use, options …) of a plain file")
    ] = None
    language: Annotated[
        Literal["auto", "nl", "en"], Field(description="Language of the questions in files that hold one")
    ] = "auto"
    encoding: Annotated[str, Field(description="Encoding of the files; auto recognises it")] = "auto"
    questions: Annotated[
        dict[str, QuestionMap],
        Field(description="Question code → what it is; codes of the bundled questionnaire are known of themselves"),
    ] = {}
    margins: Annotated[
        str | None,
        Field(description="CSV (sector, size, total) that answers are raked to; an empty cell sums over it"),
    ] = None
    trim: Annotated[float, Field(ge=1, description="Times the median weight at which weights are cut")] = 5.0
    min_cell: Annotated[int, Field(ge=2, description="Respondents below which a result is hidden, with its n")] = 10
    min_answered: Annotated[
        float, Field(ge=0, le=1, description="Part of the common questions answered below which one is incomplete")
    ] = 0.5
    per_address: Annotated[
        int, Field(ge=1, description="Answers from one address above which all but the first are duplicates")
    ] = 3
    leave_out: Annotated[list[Flag], Field(description="Flags of respondents that do not count")] = [
        "incomplete",
        "duplicate",
        "test",
    ]
    splits: Annotated[list[Split], Field(description="Groups of respondents that results are split by")] = [
        "role",
        "sector",
        "size",
    ]
    evidence: Annotated[
        list[str], Field(description="CSV or YAML files of interviews and expert meetings, coded as evidence")
    ] = []

    @model_validator(mode="after")
    def _files_first(self) -> SurveySettings:
        for name in ("structure", "codebook", "margins"):
            if getattr(self, name) and not self.files:
                raise ValueError(f"survey names {name} but no files with answers. Add files: [answers.csv]")
        return self
