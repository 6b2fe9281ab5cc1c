"""The part of the study file on initiatives and on the experiments among them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from overstap.study_model import Settings


class InitiativeSettings(Settings):
    """The register of initiatives: its files, and from how many people on a number is shown."""

    files: Annotated[
        list[str],
        Field(description="YAML or CSV registers, relative to the study file; default is the bundled one"),
    ] = ["default"]
    min_people: Annotated[
        int, Field(ge=1, description="People reached below which the number of an initiative is not kept")
    ] = 10
    contact: Annotated[
        bool, Field(description="Show the contact that a register gives of an initiative, on its page and in exports")
    ] = False


class Experiment(Settings):
    """One experiment: who took part, what was measured before and after, and how people came to take part."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="Short name of the experiment")]
    file: Annotated[str, Field(description="CSV, a row per unit and period, relative to the study file")]
    initiative: Annotated[str | None, Field(description="Initiative of the register that it evaluates")] = None
    unit: Annotated[str, Field(description="Column of the unit: a person, school or firm, by code")] = "unit"
    time: Annotated[str, Field(description="Column of the period, a whole number such as a year")] = "time"
    treated: Annotated[str, Field(description="Column of taking part: 1 or 0, for the unit or for the period")] = (
        "treated"
    )
    outcome: Annotated[str, Field(description="Column of what is measured")] = "outcome"
    covariates: Annotated[list[str], Field(description="Columns of what units are matched and compared on")] = []
    cluster: Annotated[
        str | None, Field(description="Column of the group that took part as a whole, such as a school")
    ] = None
    start: Annotated[
        int | None, Field(description="First period with the experiment; default the first period with a 1")
    ] = None
    assigned: Annotated[
        Literal["chosen", "random"], Field(description="How units came to take part: chosen, or by lot")
    ] = "chosen"
    design: Annotated[
        Literal["auto", "did", "matched", "difference", "before_after"],
        Field(description="How to evaluate; auto takes the strongest that the file allows"),
    ] = "auto"
    measure: Annotated[
        str | None, Field(description="Name of what is measured: experiments of one name are laid together")
    ] = None
    measured_in: Annotated[str, Field(description="Unit of the outcome, such as pp, EUR or SD")] = ""


class ExperimentSettings(Settings):
    """Experiments to evaluate, and what is asked of the evaluation."""

    run: Annotated[list[Experiment], Field(description="The experiments")] = []
    confidence: Annotated[float, Field(gt=0.5, lt=1, description="Confidence level of the effects' intervals")] = 0.95
    power: Annotated[
        float, Field(gt=0.5, lt=1, description="Power at which the smallest effect that could be seen is told")
    ] = 0.8
    min_units: Annotated[
        int, Field(ge=2, description="Units in each group below which no outcome of an experiment is kept")
    ] = 10
    draws: Annotated[
        int, Field(ge=99, le=9_999, description="Draws of the wild bootstrap, where there are few clusters")
    ] = 999
    seed: Annotated[int, Field(ge=0, description="Seed of the draws")] = 1

    @model_validator(mode="after")
    def _unique(self) -> ExperimentSettings:
        ids = [one.id for one in self.run]
        if double := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"two experiments have the same id: {', '.join(double)}")
        return self
