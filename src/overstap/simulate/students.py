"""Schools and students with known chances: cohorts, person records and open files of stocks, seeded.

Each programme has its own yearly chances to finish, drop out and switch, known to the tests; stocks of enrolment and
graduates follow from the same students. Everything is invented.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_STAYS, _DIPLOMA, _DROPOUT, _SWITCH = range(4)
_LONGEST = 12  # years after which nobody is enrolled any more


@dataclass(frozen=True)
class Programme:
    """An invented programme at a school: code, name, ISCED-F field, level, province, entrants a year, years that it
    takes, and the yearly chances to drop out and to switch (in the first year thrice those), and to finish from the
    last year on."""

    code: str
    name: str
    isced_f: str
    level: str
    region: str
    entrants: int
    years: int
    dropout: float
    switch: float
    finish: float

    def hazards(self) -> Floats:
        """Chances by year since entry, (years, diploma · dropout · switch)."""
        years = np.arange(1, _LONGEST + 1)
        early = np.where(years == 1, 3.0, 1.0)
        finish = np.where(years >= self.years, self.finish, 0.0)
        left = 1.0 - finish
        return np.stack([finish, left * self.dropout * early, left * self.switch * early], axis=1)

    def chances(self) -> Floats:
        """True chances to have finished, dropped out and switched after each year, (years, 3)."""
        hazards = self.hazards()
        there = np.concatenate([[1.0], np.cumprod(1.0 - hazards.sum(axis=1))[:-1]])
        return np.cumsum(there[:, None] * hazards, axis=0)


PROGRAMMES = (
    Programme("34275", "B Chemie (sim)", "0531", "hbo_bachelor", "Utrecht", 180, 4, 0.05, 0.04, 0.45),
    Programme("34275", "B Chemie (sim)", "0531", "hbo_bachelor", "Limburg", 90, 4, 0.06, 0.03, 0.40),
    Programme("34276", "B Chemische Technologie (sim)", "0711", "hbo_bachelor", "Overijssel", 120, 4, 0.05, 0.04, 0.42),
    Programme("25464", "Analist laboratorium (sim)", "0711", "mbo4", "Zuid-Holland", 260, 3, 0.07, 0.03, 0.60),
    Programme("25337", "Operator C (sim)", "0711", "mbo4", "Zeeland", 140, 3, 0.06, 0.02, 0.65),
    Programme("56857", "B Scheikunde (sim)", "0531", "wo_bachelor", "Groningen", 110, 3, 0.04, 0.05, 0.40),
    Programme("66857", "M Chemie (sim)", "0531", "master", "Groningen", 95, 2, 0.02, 0.01, 0.65),
    Programme("34479", "B HBO-ICT (sim)", "0613", "hbo_bachelor", "Utrecht", 420, 4, 0.06, 0.05, 0.38),
    Programme("34560", "B Verpleegkunde (sim)", "0913", "hbo_bachelor", "Noord-Brabant", 380, 4, 0.04, 0.02, 0.55),
)  # fmt: skip


TEXTS = {
    ("hbo-ict", "34479"): """HBO-ICT (gesimuleerd)

In deze opleiding leer je software ontwerpen, bouwen en testen. Deze tekst is verzonnen.
Je programmeert in Java en Python en bevraagt een database met SQL.
Je bouwt webapplicaties met JavaScript en houdt versies bij met Git.
Je werkt in een scrumteam, presenteert je resultaten en schrijft een rapport in het Engels.
In het derde jaar kies je machine learning of cloud computing.

Toelating
Je hebt havo, vwo of een diploma van mbo 4. Ervaring met programmeren is niet nodig.
""",
    ("chemie", "34275"): """Chemie (gesimuleerd)

Je leert in het laboratorium stoffen maken, zuiveren en meten. Deze tekst is verzonnen.
Je analyseert monsters met chromatografie en spectroscopie en verwerkt metingen in Excel.
Je werkt veilig en nauwkeurig, volgens de regels van GLP, en rapporteert je resultaten.

Na de opleiding
Je kunt werken als analist, of verder leren voor projectleider.
""",
}
"""Invented texts of programmes, by name of file and CROHO code."""


@dataclass(frozen=True)
class Careers:
    """Simulated students: programme (place in the list), sex (0 man, 1 vrouw), year of entry, years there, and how the
    last of them ended."""

    programme: Ints
    sex: Ints
    entry: Ints
    years: Ints
    event: Ints


def simulate_careers(programmes: Sequence[Programme], first: int, last: int, seed: int) -> Careers:
    """The students who enter in the years `first` to `last`, each followed to the end."""
    draw = np.random.default_rng(seed)
    parts = []
    for place, programme in enumerate(programmes):
        n = programme.entrants * (last - first + 1)
        entry = np.repeat(np.arange(first, last + 1), programme.entrants)
        years, event = np.full(n, _LONGEST), np.full(n, _DROPOUT)
        there = np.ones(n, bool)
        for year, hazard in enumerate(programme.hazards(), start=1):
            steps = np.cumsum([*hazard])
            luck = draw.random(n)
            happened = np.where(luck < steps[0], _DIPLOMA, np.where(luck < steps[1], _DROPOUT, _SWITCH))
            gone = there & (luck < steps[2])
            years[gone], event[gone] = year, happened[gone]
            there &= ~gone
        parts.append((np.full(n, place), draw.integers(0, 2, n), entry, years, event))
    return Careers(*(np.concatenate([part[i] for part in parts]) for i in range(5)))


def cohort_rows(programmes: Sequence[Programme], made: Careers, seen_until: int) -> list[dict[str, object]]:
    """Rows of a cohort table, as far as could be seen at the end of the school year `seen_until`."""
    rows: list[dict[str, object]] = []
    for place, programme in enumerate(programmes):
        for sex in (0, 1):
            for cohort in np.unique(made.entry):
                mine = (made.programme == place) & (made.sex == sex) & (made.entry == cohort)
                years, event = made.years[mine], made.event[mine]
                for year in range(1, seen_until - int(cohort) + 2):
                    at_risk = int((years >= year).sum())
                    ended = Counter(event[years == year].tolist())
                    if at_risk:
                        rows.append(
                            {
                                "programme": programme.code,
                                "isced_f": programme.isced_f,
                                "level": programme.level,
                                "sex": ("man", "vrouw")[sex],
                                "region": programme.region,
                                "cohort": int(cohort),
                                "year": year,
                                "at_risk": at_risk,
                                "diploma": ended[_DIPLOMA],
                                "dropout": ended[_DROPOUT],
                                "switch": ended[_SWITCH],
                            }
                        )
    return rows


def stock_rows(
    programmes: Sequence[Programme], made: Careers, kind: str, years: Iterable[int]
) -> list[dict[str, object]]:
    """Rows of an open file with years as columns, in DUO's words; cells from 1 to 4 are `<5`."""
    rows: list[dict[str, object]] = []
    span = list(years)
    for place, programme in enumerate(programmes):
        for sex in (0, 1):
            mine = (made.programme == place) & (made.sex == sex)
            counted = [_counted(kind, year, made.entry[mine], made.years[mine], made.event[mine]) for year in span]
            rows.append(
                {
                    "PROVINCIE": programme.region,
                    "TYPE HOGER ONDERWIJS": programme.level,
                    "INSTELLINGSNAAM ACTUEEL": f"School {place + 1}",
                    "OPLEIDINGSCODE ACTUEEL": programme.code,
                    "OPLEIDINGSNAAM ACTUEEL": programme.name,
                    "ISCEDF": programme.isced_f,
                    "GESLACHT": ("man", "vrouw")[sex],
                    **{str(year): n if n == 0 or n >= 5 else "<5" for year, n in zip(span, counted, strict=True)},
                }
            )
    return rows


def _counted(kind: str, year: int, entry: Ints, years: Ints, event: Ints) -> int:
    """Who comes in, is there, or finishes in a year."""
    if kind == "intake":
        return int((entry == year).sum())
    if kind == "enrolment":
        return int(((entry <= year) & (year < entry + years)).sum())
    return int(((entry + years == year) & (event == _DIPLOMA)).sum())


def write_education(folder: Path, first: int, last: int, seed: int) -> dict[str, str]:
    """Write simulated schools to `folder`: intake, enrolment, graduates, cohorts and TEXTS; settings → file name.

    Students enter from ten years before `first`, so that stocks are full from the start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = simulate_careers(PROGRAMMES, first - 10, last, seed)
    found = {}
    for kind in ("intake", "enrolment", "graduates"):
        write_csv(folder / f"{kind}.csv", stock_rows(PROGRAMMES, made, kind, range(first, last + 1)))
        found[kind] = f"{kind}.csv"
    write_csv(folder / "cohorts.csv", cohort_rows(PROGRAMMES, made, last))
    for (name, _), text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return found | {"cohorts": "cohorts.csv"}


def settings_of(files: Mapping[str, str]) -> dict[str, Any]:
    """The settings `education` of a study beside the folder `education` that `write_education` filled."""
    named: dict[str, Any] = {k: f"education/{v}" if k == "cohorts" else [f"education/{v}"] for k, v in files.items()}
    return named | {"curriculum": [{"file": f"education/{name}.txt", "programme": code} for name, code in TEXTS]}


def write_csv(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
