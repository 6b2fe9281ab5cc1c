"""The part of the study file on moves between occupations, and retraining for them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from overstap.study_model import Settings


class Moves(Settings):
    """Moves between occupations: what is compared, which rules a move must pass, and own figures."""

    level: Annotated[
        Literal["brc", "isco"], Field(description="Occupations compared: groups of BRC 2014, or ISCO-08 unit groups")
    ] = "brc"
    first_year: Annotated[int, Field(description="First year of the outlook")] = 2025
    last_year: Annotated[int, Field(description="Last year of the outlook")] = 2030
    who: Annotated[
        Literal["employed", "net_decline", "displaced"],
        Field(
            description="Who counts: all who work in shrinking occupations, jobs that vanish there, or the displaced"
        ),
    ] = "net_decline"
    pay: Annotated[
        Literal["same", "75", "any"], Field(description="Pay that a move must keep: all of it, 75 %, or any pay")
    ] = "same"
    levels: Annotated[int, Field(ge=0, le=3, description="Largest step in ISCO skill level")] = 1
    similar: Annotated[
        float | None,
        Field(ge=0, le=1, description="Least similarity of a move; default the threshold of docs/method.md"),
    ] = None
    own: Annotated[
        dict[str, str],
        Field(description="CSV (code, columns) of own figures for jobs, women, education, pay, growth or openings"),
    ] = {}
    aim: Annotated[
        Literal["placed", "pay", "retraining"],
        Field(
            description="What counts after the number placed: nothing, those with their pay kept, or work much alike"
        ),
    ] = "placed"
    groups: Annotated[
        str | None,
        Field(
            description="CSV (code, kind, group, share) of who works in an occupation, by age, education …; "
            "or the table of ages (overstap outlook template --ages) with codes of occupations as sectors"
        ),
    ] = None
    graduates: Annotated[
        str | None, Field(description="CSV (code, graduates) of those who enter an occupation a year and take openings")
    ] = None
    training_costs: Annotated[
        str | None, Field(description="CSV in the form of the bundled table training_costs, to use in its place")
    ] = None
    training_returns: Annotated[
        str | None, Field(description="CSV in the form of the bundled table training_returns, to use in its place")
    ] = None
    population: Annotated[
        str | None, Field(description="CSV (age, education, contract, persons) of who is to retrain")
    ] = None
    payers: Annotated[
        dict[str, float],
        Field(
            description="Who pays what a subsidy leaves: shares of employer, fund, government and worker (assumption)"
        ),
    ] = {"employer": 0.5, "fund": 0.2, "government": 0.2, "worker": 0.1}
    subsidy: Annotated[
        float, Field(ge=0, le=1, description="Part of the cost of retraining that the government pays")
    ] = 0.0
