"""The part of the study file on the labour market ahead."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from overstap.study_model import Settings


class Benchmark(Settings):
    """An indicator of Eurostat to compare countries by."""

    file: Annotated[str, Field(description="TSV or SDMX-CSV as Eurostat gives it out, relative to the study file")]
    name: Annotated[str, Field(description="Name of the indicator in tables")]
    where: Annotated[
        dict[str, str], Field(description="Value of each dimension that has several, such as unit: PC_EMP")
    ] = {}


class OutlookSettings(Settings):
    """The labour market ahead by occupation: years, own figures, and how uncertainty is drawn."""

    first_year: Annotated[int, Field(description="Base year of the outlook: its stocks are taken as known")] = 2025
    last_year: Annotated[int, Field(description="Last year of the outlook")] = 2035
    own: Annotated[
        list[str], Field(description="CSV files of own paths, inflow and tension (overstap outlook template)")
    ] = []
    scenarios: Annotated[
        list[str], Field(description="Scenario files (YAML) or names of bundled scenarios, beside the base")
    ] = []
    ages: Annotated[
        list[str], Field(description="CSV files of a workforce by age (overstap outlook template --ages)")
    ] = []
    retirement: Annotated[
        tuple[float, float], Field(description="Range in which the mean retirement age lies: an assumption")
    ] = (65.0, 68.0)
    benchmarks: Annotated[
        list[Benchmark], Field(description="Tables of Eurostat that join the comparison of countries")
    ] = []
    draws: Annotated[int, Field(ge=50, le=10_000, description="Futures drawn for the intervals")] = 1_000
    seed: Annotated[int, Field(ge=0, description="Seed of the draws")] = 1
    confidence: Annotated[float, Field(gt=0.5, lt=1, description="Confidence level of the outlook's intervals")] = 0.8

    @model_validator(mode="after")
    def _retirement(self) -> OutlookSettings:
        low, high = self.retirement
        if not 50 <= low <= high <= 80:
            raise ValueError(
                f"outlook.retirement is {low:g} to {high:g}. Give two ages between 50 and 80, the lower first"
            )
        return self
