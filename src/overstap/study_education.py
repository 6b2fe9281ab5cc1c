"""The part of the study file on education: students, graduates, cohorts, and texts of programmes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from overstap.study_model import Settings, Text2


class ProgrammeFile(Settings):
    """A text, or a table of texts, of programmes, and where they lead."""

    file: Annotated[str, Field(description="PDF, DOCX, HTML, text, CSV or schema.org Course (JSON)")]
    programme: Annotated[str, Field(description="CROHO code of the programme, or its ISCED-F field")] = ""
    level: Annotated[str, Field(description="Level, where the programme is a field or its code does not tell it")] = ""
    occupations: Annotated[
        list[str], Field(description="Occupations that it leads to, by title or ISCO-08 code, in place of a programme")
    ] = []

    @model_validator(mode="after")
    def _one_target(self) -> ProgrammeFile:
        if self.programme and self.occupations:
            raise ValueError(f"{self.file} names a programme and occupations; name one of them")
        return self


class Education(Settings):
    """Education: files of students and graduates, cohorts, and the sector that the dashboard shows."""

    intake: Annotated[list[str], Field(description="Open files of DUO (or alike) with first-year students")] = []
    enrolment: Annotated[list[str], Field(description="Open files of DUO (or alike) with enrolled students")] = []
    graduates: Annotated[list[str], Field(description="Open files of DUO (or alike) with graduates")] = []
    graduates_table: Annotated[
        str | None,
        Field(description="CSV of graduates (programme, isced_f, level, region, year, …) in place of open files"),
    ] = None
    cohorts: Annotated[
        str | None, Field(description="CSV of cohorts: at risk, diploma, drop-out and switch by year since entry")
    ] = None
    persons: Annotated[
        str | None, Field(description="CSV of person records as in 1CijferHO, made into cohorts while it is read")
    ] = None
    min_cell: Annotated[
        int, Field(ge=2, description="Students at entry below which a chance is hidden, with their number")
    ] = 10
    destinations: Annotated[
        str | None, Field(description="CSV (isced_f, level, year, destination, persons) of where graduates went")
    ] = None
    programmes: Annotated[
        str | None,
        Field(description="CSV (programme, isced_f, level) of programmes that DUO's codes do not hold, as mbo"),
    ] = None
    matrix: Annotated[
        str, Field(description="default, or a CSV (isced_f, level, isco08, weight, source) of where programmes lead")
    ] = "default"
    source: Annotated[
        Text2 | None, Field(description="What the source of the files is called on pages; default: their names")
    ] = None
    sector: Annotated[str, Field(description="Sector that the education dashboard opens with")] = "chemie"
    sectors: Annotated[
        str, Field(description="default, or a CSV (topsector, kind, code) of the fields and occupations of sectors")
    ] = "default"
    ages: Annotated[
        str | None,
        Field(description="CSV (age, persons) of who works in the sector, or the table of ages of outlook.ages"),
    ] = None
    curriculum: Annotated[
        list[ProgrammeFile], Field(description="Texts of programmes, to lay beside what the ads ask")
    ] = []

    @model_validator(mode="after")
    def _one_source(self) -> Education:
        for one, other in (("cohorts", "persons"), ("graduates", "graduates_table")):
            if getattr(self, one) and getattr(self, other):
                raise ValueError(f"education names both {one} and {other}; name one of them")
        return self
