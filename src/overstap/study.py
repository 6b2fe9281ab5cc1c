"""The study file: one YAML that says what to answer, from which sources, with which settings."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from overstap.errors import Problems, StudyError, nearest
from overstap.study_education import Education
from overstap.study_initiatives import ExperimentSettings, InitiativeSettings
from overstap.study_model import Settings, Text2
from overstap.study_moves import Moves
from overstap.study_outlook import OutlookSettings
from overstap.study_panel import PanelSettings
from overstap.study_survey import SurveySettings

# The fields of an ad that a column mapping can name. `overstap reference settings` prints this list.
AD_FIELDS: dict[str, str] = {
    "ad_id": "identifier of the ad in the feed",
    "title": "job title",
    "text": "full text of the ad; several columns may be joined, in order",
    "date": "date of posting",
    "company": "name of the employer",
    "place": "place of work",
    "sector": "sector in the feed's own words",
    "sbi_code": "SBI 2008 or NACE Rev. 2 code of the employer",
    "salary": "pay in the feed's own words",
    "contract": "contract type in the feed's own words",
    "education": "education in the feed's own words",
    "hours": "working hours in the feed's own words",
    "occupation": "occupation in the feed's own words",
    "url": "address of the ad",
    "changed": "date or time of this version of the ad, for updates: newest",
    "status": "state of the ad, for withdrawn:",
}

AdFormat = Literal["csv", "jsonl", "parquet", "jobfeed", "jobposting"]


class AdSource(Settings):
    """One feed of job ads: its files, format and how its columns map to the fields of an ad."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Short name of the source, used in every table")]
    format: Annotated[AdFormat, Field(description="csv, jsonl, parquet, jobfeed or jobposting (schema.org)")]
    files: Annotated[list[str], Field(min_length=1, description="Files or patterns, relative to the study file")]
    columns: Annotated[
        dict[str, str | list[str]],
        Field(
            description="Field of an ad → column of the feed (a list is joined); what is left out is recognised by name"
        ),
    ] = {}
    encoding: Annotated[str, Field(description="Encoding of text files")] = "utf-8"
    delimiter: Annotated[str, Field(description="Column separator of CSV files; auto detects it")] = "auto"
    date_format: Annotated[
        str, Field(description="strptime pattern of the dates; auto tries ISO, then day-month-year")
    ] = "auto"
    updates: Annotated[
        Literal["first", "newest"],
        Field(
            description="Which row counts of an ad that comes again: the first with its id, or the newest, by "
            "'changed' and then by the later file, which replaces it"
        ),
    ] = "first"
    withdrawn: Annotated[
        list[str], Field(description="Values of the field 'status' that take an ad back; needs updates: newest")
    ] = []
    withdrawals: Annotated[
        Literal["remove", "keep"],
        Field(
            description="A withdrawn ad does not count and its text is not stored (remove), or counts as it was posted"
        ),
    ] = "remove"
    sample: Annotated[
        Literal["complete", "search_terms", "unknown"], Field(description="How the feed selected its ads")
    ] = "unknown"
    note: Annotated[
        Text2, Field(description="What a reader must know about this feed; printed in the method page")
    ] = {}

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, value: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        for name in value:
            if name not in AD_FIELDS:
                raise ValueError(
                    f"'{name}' is not a field of an ad. {nearest(name, AD_FIELDS)} Fields: {', '.join(AD_FIELDS)}"
                )
        return value

    @model_validator(mode="after")
    def _withdrawals_can_be_read(self) -> AdSource:
        if self.withdrawn and (self.updates != "newest" or "status" not in self.columns):
            raise ValueError("withdrawn: needs updates: newest, and the column that says so in columns: {status: …}")
        return self


class Period(Settings):
    """The dates that count and the length of a period."""

    first: Annotated[date, Field(description="First day that counts")]
    last: Annotated[date, Field(description="Last day that counts")]
    compare_first: Annotated[
        str | None, Field(description="First period of the comparison, 2013 or 2013Q1; default the first year with ads")
    ] = None
    compare_last: Annotated[
        str | None, Field(description="Last period of the comparison, as the first; default the last year with ads")
    ] = None

    @field_validator("compare_first", "compare_last", mode="before")
    @classmethod
    def _year_or_quarter(cls, value: Any) -> str | None:
        if value is None or re.fullmatch(r"\d{4}(Q[1-4])?", str(value)):
            return None if value is None else str(value)
        raise ValueError(f"'{value}' is not a period to compare. Write a year, 2013, or a quarter, 2013Q1")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.first > self.last:
            raise ValueError(f"period.first ({self.first}) is after period.last ({self.last})")
        compared = self.compare_first, self.compare_last
        if None not in compared:
            first, last = map(str, compared)
            if len(first) != len(last):
                raise ValueError(f"{first} and {last} are not equally long. Compare two years, or two quarters")
            if first >= last:
                raise ValueError(f"the comparison begins at {first} and ends at {last}. Name the earlier one first")
        return self


class Duplicates(Settings):
    """When two ads are one vacancy (key: Lightcast's normalised title + company + place, 60 days)."""

    window_days: Annotated[
        int, Field(ge=0, le=365, description="Days within which a repeated ad is the same vacancy")
    ] = 60
    text_similarity: Annotated[
        float, Field(ge=0.5, le=1.0, description="Jaccard similarity of texts from which two ads are the same vacancy")
    ] = 0.85


class Annotation(Settings):
    """Thresholds of the coding of ads."""

    taxonomy: Annotated[
        Literal["core", "esco"], Field(description="core (bundled) or esco (core and installed ESCO)")
    ] = "core"
    semantic: Annotated[
        bool | None,
        Field(description="Link phrases that no form matches to skills by meaning; by default where taxonomy is esco"),
    ] = None
    skill_score: Annotated[
        float, Field(ge=0, le=1, description="Probability below which a phrase linked by meaning does not count")
    ] = 0.4
    occupation_score: Annotated[float, Field(ge=0, le=1, description="Score below which a title is not coded")] = 0.25
    sector_score: Annotated[float, Field(ge=0, le=1, description="Score below which a sector stays unknown")] = 0.5


class Retention(Settings):
    """What is kept of the ads once they were coded."""

    text: Annotated[
        Literal["keep", "drop"],
        Field(description="drop removes the texts of ads from the results once every step has run; codings stay"),
    ] = "keep"


class Measures(Settings):
    """Settings of the measures."""

    confidence: Annotated[float, Field(gt=0.5, lt=1, description="Confidence level of every interval")] = 0.95
    min_n: Annotated[int, Field(ge=1, description="Vacancies below which a cell is marked unreliable")] = 30
    min_display: Annotated[
        int, Field(ge=1, description="Vacancies, first and last period together, to list a change")
    ] = 20
    fdr: Annotated[float, Field(gt=0, lt=1, description="False-discovery rate of listed changes")] = 0.05
    min_cell: Annotated[
        int,
        Field(ge=1, description="Vacancies in two periods below which a cell of the mix, made by chance, is pooled"),
    ] = 10
    phrase_sample: Annotated[
        int, Field(ge=1_000, description="Vacancies that are read for new phrases, about; those of employers drawn")
    ] = 20_000
    reference: Annotated[
        Literal["cell", "ict"],
        Field(description="Reference total of the growth factor: the row's own cell, or ICT vacancies"),
    ] = "cell"


class Weights(Settings):
    """How vacancies are raised to official totals; without totals every vacancy weighs 1."""

    totals: Annotated[
        str | None,
        Field(description="CSV of official vacancies per sector and quarter, or statline; none: every weight is 1"),
    ] = None
    sources: Annotated[
        list[str] | None, Field(description="Feeds that get weights; default all not selected by search terms")
    ] = None
    min_n: Annotated[
        int, Field(ge=1, description="Vacancies of known sector below which a stratum is joined with its neighbour")
    ] = 30
    trim: Annotated[float, Field(ge=1, description="Times the quarter's median weight at which weights are cut")] = 5.0
    live_days: Annotated[
        int, Field(ge=0, le=365, description="Days that an ad counts as open after it was last posted")
    ] = 30


class StudySpec(Settings):
    """A study file, checked. `extra` settings are refused with the nearest known name."""

    study: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="Short name of the study")]
    title: Annotated[Text2, Field(description="Title in Dutch and English")]
    simulated: Annotated[bool, Field(description="True where the ads are simulated; every page then says so")] = False
    engine: Annotated[Literal["duckdb", "spark"], Field(description="Engine that runs the steps")] = "duckdb"
    period: Period
    sources: Annotated[list[AdSource], Field(min_length=1, description="Feeds of job ads")]
    duplicates: Duplicates = Duplicates()
    annotation: Annotation = Annotation()
    topsectors: Annotated[
        str, Field(description="default, or a CSV (topsector, sbi_code) relative to the study file")
    ] = "default"
    technologies: Annotated[
        str, Field(description="default, or a CSV (technology_id, label_nl, label_en, skill_ids) of own technologies")
    ] = "default"
    measures: Measures = Measures()
    weights: Weights = Weights()
    moves: Moves = Moves()
    education: Education = Education()
    outlook: OutlookSettings = OutlookSettings()
    survey: SurveySettings = SurveySettings()
    panel: PanelSettings = PanelSettings()
    initiatives: InitiativeSettings = InitiativeSettings()
    experiments: ExperimentSettings = ExperimentSettings()
    corrections: Annotated[
        str | None, Field(description="CSV of corrected codings (match, key, field, value), applied on every run")
    ] = None
    audit: Annotated[
        str | None, Field(description="Judged audit sheet, from which shares are corrected for coding errors")
    ] = None
    reproduce: Annotated[
        Literal["study-2019"] | None,
        Field(description="Published study whose statements are laid beside these ads, in out_reproduction"),
    ] = None
    previous: Annotated[
        str | None,
        Field(description="Study file of the edition before, or its folder; what changed since is told beside it"),
    ] = None
    notes: Annotated[list[Text2], Field(description="Warnings about the data for the method page")] = []
    retention: Retention = Retention()
    output: Annotated[str, Field(description="Folder of results, relative to the study file")] = "out"

    @model_validator(mode="after")
    def _unique_sources(self) -> StudySpec:
        ids = [source.id for source in self.sources]
        double = sorted({i for i in ids if ids.count(i) > 1})
        if double:
            raise ValueError(f"two sources have the same id: {', '.join(double)}")
        return self

    @model_validator(mode="after")
    def _on_a_disk(self) -> StudySpec:
        names = [("output", self.output)] + [("files", name) for source in self.sources for name in source.files]
        for setting, name in names:
            if "://" in name:
                raise ValueError(
                    f"{setting}: '{name}' is an address; files and results lie on a disk. Mount the storage as a folder"
                )
        return self

    @model_validator(mode="after")
    def _weighable_sources(self) -> StudySpec:
        samples = {source.id: source.sample for source in self.sources}
        for name in self.weights.sources or []:
            if name not in samples:
                raise ValueError(f"weights.sources: there is no source '{name}'. {nearest(name, samples)}".strip())
            if samples[name] == "search_terms":
                raise ValueError(
                    f"weights.sources: '{name}' was selected by search terms, so no weight makes it a sample"
                )
        return self


def load_study(path: Path) -> StudySpec:
    """The checked study file at `path`.

    Raises StudyError, or Problems with several, that names each setting at fault, the nearest valid name, and the mend.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StudyError(f"There is no study file at {path}.", fix="Make one: overstap init my-study") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"Cannot read the study file {path}: {error}", fix="Save it as UTF-8 text.") from error
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise StudyError(
            f"{path} is not valid YAML: {error}", fix="Mend the line that is named; indent with spaces."
        ) from error
    except ValueError as error:  # what looks like a date but is none, such as 2024-31-12
        raise StudyError(f"{path}: a date does not exist: {error}.", fix="Write year-month-day: 2024-12-31.") from error
    if not isinstance(data, dict):
        raise StudyError(f"{path} holds no settings.", fix="Start from a working example: overstap init my-study")
    try:
        return StudySpec.model_validate(data)
    except ValidationError as error:
        problems = [_explain(path, dict(item)) for item in error.errors()]
        raise problems[0] if len(problems) == 1 else Problems(problems) from None


_MANY = {"list": "[]", "dict": ".CODE"}  # how the settings of each of several are written


def settings(model: type[BaseModel] = StudySpec, prefix: str = "") -> list[tuple[str, str, str, str]]:
    """Every setting of the study file as (name, type, default, description), in order, nested ones dotted."""
    rows: list[tuple[str, str, str, str]] = []
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        if inner is not None:
            many = next((mark for word, mark in _MANY.items() if str(field.annotation).startswith(word)), "")
            rows += settings(inner, f"{prefix}{name}{many}.")
            continue
        default = "required" if field.is_required() else repr(field.get_default())
        rows.append((f"{prefix}{name}", _type_name(field.annotation), default, field.description or ""))
    return rows


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _type_name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def _explain(path: Path, item: dict[str, Any]) -> StudyError:
    where = ".".join(str(part) for part in item["loc"]) or "the study file"
    if item["type"] == "extra_forbidden":
        known = [name.rsplit(".", 1)[-1] for name, *_ in settings()] + list(StudySpec.model_fields)
        hint = nearest(str(item["loc"][-1]), known)
        return StudyError(
            f"{path}: unknown setting '{where}'.", fix=f"{hint} All settings: overstap reference settings".strip()
        )
    if item["type"] == "missing":
        return StudyError(
            f"{path}: the setting '{where}' is missing.",
            fix=f"Add '{item['loc'][-1]}:'. See overstap reference settings",
        )
    value = item.get("input")
    shown = f" (value: {value!r})" if isinstance(value, str | int | float | bool) else ""
    return StudyError(
        f"{path}: '{where}': {item['msg'].removeprefix('Value error, ')}{shown}.", fix="See overstap reference settings"
    )
