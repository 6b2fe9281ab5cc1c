"""The part of the study file on panels: rankings, ratings, live sessions, and claims of the literature."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from overstap.study_model import Settings

Moment = Literal["before", "after", "all"]


class Rankings(Settings):
    """A CSV of rankings: wide (a row per expert, a column per item) or long (rater, item, rank)."""

    file: Annotated[str, Field(description="CSV of rankings, relative to the study file")]
    session: Annotated[str, Field(description="Name of the session")] = "panel"
    list: Annotated[str, Field(description="Name of the list, unless the file has a column 'list'")] = "technologies"
    moment: Annotated[Moment, Field(description="For the time before or after a date, or all")] = "all"
    round: Annotated[int, Field(ge=1, description="Round, unless the file has a column 'round'")] = 1
    unranked: Annotated[
        Literal["below", "unknown"],
        Field(description="An item left empty: below all that were ranked, or nothing known of it"),
    ] = "below"


class Ratings(Settings):
    """A CSV of ratings (rater, item, value and, where they apply, aspect, function_group, round, role)."""

    file: Annotated[str, Field(description="CSV of ratings, relative to the study file")]
    session: Annotated[str, Field(description="Name of the session")] = "panel"
    round: Annotated[int, Field(ge=1, description="Round, unless the file has a column 'round'")] = 1
    scale: Annotated[tuple[int, int], Field(description="Lowest and highest answer of the scale")] = (1, 5)

    @model_validator(mode="after")
    def _in_order(self) -> Ratings:
        low, high = self.scale
        if not 1 <= high - low <= 10:
            raise ValueError(
                f"the scale runs from {low} to {high}. Give two whole numbers, as 1 and 5, at most 10 apart"
            )
        return self


class PanelSettings(Settings):
    """Panels of experts: their rankings and ratings, and when they agree."""

    rankings: Annotated[list[Rankings], Field(description="Files of rankings")] = []
    ratings: Annotated[list[Ratings], Field(description="Files of ratings of statements, or of skills")] = []
    survey: Annotated[
        dict[str, str], Field(description="Ranking questions of the survey, by code → the list that each ranks")
    ] = {}
    sessions: Annotated[list[str], Field(description="Folders of live sessions (overstap panel new)")] = []
    statements: Annotated[
        str | None, Field(description="YAML of statements (statement_id, text_nl, text_en, theme, evidence)")
    ] = None
    items: Annotated[
        str | None, Field(description="CSV (item, label_nl, label_en, item_kind, item_id) of own items and their match")
    ] = None
    claims: Annotated[
        str | None, Field(description="CSV of claims of the literature, in the form of the bundled literature_claims")
    ] = None
    year: Annotated[int | None, Field(description="Year that before and after refer to, for the text")] = None
    published: Annotated[
        bool, Field(description="Show the published outcomes of the panel of the study of 2019 as well")
    ] = True
    consensus: Annotated[
        float, Field(ge=0.5, le=1, description="Part of the experts on one side of the scale that makes consensus")
    ] = 0.75
    stable: Annotated[
        float, Field(gt=0, le=1, description="Weighted kappa between rounds from which answers count as stable")
    ] = 0.6
    min_group: Annotated[
        int, Field(ge=3, description="Experts below which no figure is shown, so that nobody can be known")
    ] = 5
    draws: Annotated[int, Field(ge=200, le=100_000, description="Permutations for the p-value of agreement")] = 2_000
    seed: Annotated[int, Field(ge=0, description="Seed of the permutations")] = 1
