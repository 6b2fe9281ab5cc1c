"""Scenario files: a small YAML of named levers with ranges, checked lever by lever."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from overstap.errors import InputError, nearest
from overstap.outlook.levers import levers
from overstap.outlook.source import Floats

BASE = "base"


class Turned(BaseModel):
    """The value of a lever and the range in which it may lie; without a range it is fixed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float
    low: float | None = None
    high: float | None = None
    source: str = "assumption"

    @model_validator(mode="after")
    def _in_order(self) -> Turned:
        if not self.bounds[0] <= self.value <= self.bounds[1]:
            raise ValueError(f"the value {self.value:g} does not lie between low and high")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The range."""
        return (
            self.value if self.low is None else self.low,
            self.value if self.high is None else self.high,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    scenario: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: dict[str, str]
    note: dict[str, str] = {}
    levers: dict[str, Turned | float] = {}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with the levers that it turns."""

    name: str
    title: dict[str, str]
    note: dict[str, str]
    levers: dict[str, Turned]

    def drawn(self, draws: int, rng: np.random.Generator) -> dict[str, Floats]:
        """A value of every turned lever for each draw: triangular between its bounds, with the value as its mode."""
        found = {}
        for name, lever in self.levers.items():
            low, high = lever.bounds
            fixed = low == high
            found[name] = np.full(draws, lever.value) if fixed else rng.triangular(low, lever.value, high, draws)
        return found

    def fixed(self, **instead: float) -> dict[str, Floats]:
        """The value of every turned lever, or another that is given, as one draw."""
        return {name: np.array([instead.get(name, lever.value)]) for name, lever in self.levers.items()}


def bundled() -> dict[str, str]:
    """Text of every bundled scenario by its name, the base first."""
    folder = files("overstap.reference").joinpath("data/scenarios")
    found = {
        path.name.removesuffix(".yaml"): path.read_text("utf-8")
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != BASE, pair[0])))


def read_scenario(given: str, base: Path = Path()) -> Scenario:
    """The scenario of a file, or a bundled one by its name.

    Raises `InputError` for a file that is none, a lever that is not known, or one out of its range.
    """
    path = base / given
    known = bundled()
    if not path.is_file():
        if given not in known:
            hint = nearest(given, known) or f"Bundled scenarios: {', '.join(known)}."
            raise InputError(
                f"There is no scenario '{given}'.", why=hint, fix="Name a YAML file or a bundled scenario."
            )
        return parse(known[given], given)
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: {error}.", fix="Save it as UTF-8 text.") from error


def parse(text: str, where: str) -> Scenario:
    """The scenario in a YAML text; errors as `read_scenario`."""
    try:
        data: Any = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{where} is not valid YAML: {error}", fix="Mend the line that is named.") from error
    given = data.get("levers") if isinstance(data, dict) else None
    for name in given if isinstance(given, dict) else {}:
        if name not in levers():
            hint = nearest(str(name), levers()) or f"Levers are: {', '.join(levers())}."
            raise InputError(f"{where}: there is no lever '{name}'.", why=hint, fix="See overstap scenario levers.")
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        one = error.errors()[0]
        place = ".".join(str(part) for part in one["loc"] if part not in ("Turned", "float")) or "the file"
        said = one["msg"].removeprefix("Value error, ")
        raise InputError(f"{where}, {place}: {said}.", fix="See docs/method.md, Scenarios, for the form.") from error
    turned = {n: v if isinstance(v, Turned) else Turned(value=v) for n, v in file.levers.items()}
    if file.scenario == BASE and turned:
        raise InputError(
            f"{where}: the scenario '{BASE}' turns {', '.join(turned)}.",
            why="It is the outlook as it is, with which every other scenario is compared.",
            fix="Give your scenario another name.",
        )
    for name, lever in turned.items():
        _within(name, lever, where)
    return Scenario(file.scenario, file.title, file.note, turned)


def _within(name: str, turned: Turned, where: str) -> None:
    lever = levers()[name]
    for value in (turned.value, *turned.bounds):
        if not lever.low <= value <= lever.high:
            raise InputError(
                f"{where}: {name} is {_plain(value)}, out of its range of {_plain(lever.low)} to {_plain(lever.high)}"
                f" ({lever.unit}).",
                why=lever.meaning["en"] + ".",
                fix=f"The nearest value that it may have is {_plain(min(max(value, lever.low), lever.high))};"
                " overstap scenario levers shows every range.",
            )


def _plain(value: float) -> str:
    return f"{value:,.10g}"
