"""What each dimension of a vacancy is read from: classes as they are coded, hours, pay and experience in bands.

Sources and choices:
- ISCO levels are the first digits of the code, unknown where it has fewer. BRC 2014 groups follow from the four digits
  by CBS's own table, in which each has one group.
- The skill level of an occupation is that of ISCO-08 (ILO 2012), 1 to 4, unknown where its group holds several.
- Routine is the third of Dutch jobs to which the occupation's two digits belong, ordered by `routine_task_index`: task
  content of JRC, jobs of Cedefop in the years that the task content is of.
- Exposure to automation is Nesta's class of the four digits: low or high risk, or other (between the two).
- Hours a week, in the bands of CBS's labour force survey, are the middle of the range that the ad names.
- Pay is the middle of the range, as full-time pay a month without holiday allowance: of an hour times 38 · 52 / 12, the
  middle of the 36 to 40 hours of collective agreements; of a year, which Dutch ads give with the allowance of 8 %
  that the law demands, by 12.96.
- Experience is what is asked at least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.sector import parse_sbi
from overstap.analysis.polarisation import routine_task_index, weighted_rank
from overstap.reference.brc import brc_groups
from overstap.reference.tables import load

Meaning = Callable[[str], str | None]
"""The value of a dimension that a coded value means; None where it is unknown."""


@dataclass(frozen=True)
class Named:
    """A dimension whose values follow from those of one column, which may be a list."""

    column: str
    meaning: Meaning = str


@dataclass(frozen=True)
class Banded:
    """A dimension whose values are bands of an amount, each from its bound up to the next."""

    columns: tuple[str, ...]
    amount: Callable[[pa.Table], pa.ChunkedArray]
    bounds: Sequence[float]
    labels: Sequence[str]

    def bands(self, table: pa.Table) -> NDArray[np.int32]:
        """The number of each row's band in `labels`; −1 where the amount is unknown."""
        amounts = np.asarray(self.amount(table).cast(pa.float64()).to_numpy(), dtype=np.float64)
        found = np.searchsorted(np.asarray(self.bounds), amounts, side="right")
        return np.where(np.isnan(amounts), -1, found).astype(np.int32)


_TASKS = ("routine", "intellectual", "social", "physical")  # as `routine_task_index` takes them
_TASK_YEARS = range(2012, 2016)
_THIRDS = ("low", "middle", "high")
HOURS_A_MONTH = 38 * 52 / 12
MONTHS_A_YEAR = 12 * 1.08


def _middle(low: pa.ChunkedArray, high: pa.ChunkedArray) -> pa.ChunkedArray:
    """The middle of both ends, or the one that is known."""
    return pc.divide(pc.add(pc.coalesce(low, high), pc.coalesce(high, low)), 2.0)


def _hours(table: pa.Table) -> pa.ChunkedArray:
    return _middle(table["hours_min"], table["hours_max"])


def _pay(table: pa.Table) -> pa.ChunkedArray:
    months = pc.case_when(
        pc.make_struct(*(pc.equal(table["salary_period"], period) for period in ("hour", "month", "year"))),
        HOURS_A_MONTH, 1.0, 1 / MONTHS_A_YEAR,
    )  # fmt: skip
    return pc.multiply(_middle(table["salary_min"], table["salary_max"]), months)


def _digits(n: int) -> Meaning:
    return lambda code: code[:n] if code[:n].isdigit() and len(code) >= n else None


def _quarter(month: str) -> str:
    return f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}"


def _division(sbi_code: str) -> str | None:
    parsed = parse_sbi(sbi_code)
    return parsed[1][:2] if parsed and len(parsed[1]) >= 2 else None


@lru_cache(maxsize=1)
def _skill_levels() -> dict[str, str]:
    rows = load("isco08").to_pylist()
    return {r["code"]: str(r["skill_level_min"]) for r in rows if r["skill_level_min"] == r["skill_level_max"]}


@lru_cache(maxsize=1)
def _automation() -> dict[str, str]:
    classes = {"Low risk": "low", "Other": "other", "High risk": "high"}
    return {row["isco08_code"]: classes[row["risk_category"]] for row in load("automation_exposure").to_pylist()}


@lru_cache(maxsize=1)
def _routine() -> dict[str, str]:
    content = {row["isco08_code"]: row for row in load("task_indices").to_pylist() if row["section"] == "all"}
    codes = sorted(content)
    parts = (np.array([content[code][name] for code in codes], np.float64) for name in _TASKS)
    jobs = dict.fromkeys(codes, 0.0)
    for row in load("cedefop_employment").to_pylist():
        if row["year"] in _TASK_YEARS and row["isco08_code"] in jobs:
            jobs[row["isco08_code"]] += row["employed"] or 0
    rank = weighted_rank(routine_task_index(*parts), np.array([jobs[code] for code in codes]))
    thirds = np.searchsorted((1 / 3, 2 / 3), rank, side="right")
    return {code: _THIRDS[third] for code, third, r in zip(codes, thirds, rank, strict=True) if np.isfinite(r)}


READ_FROM: dict[str, Named | Banded] = {
    "year": Named("year"),
    "quarter": Named("month", _quarter),
    "month": Named("month"),
    "topsector": Named("topsectors"),
    "function_group": Named("function_group"),
    "language": Named("language"),
    "source": Named("source_id"),
    **{f"isco{n}": Named("isco08", _digits(n)) for n in (1, 2, 3, 4)},
    "brc": Named("isco08", lambda code: brc_groups().get(code)),
    "skill_level": Named("isco08", lambda code: _skill_levels().get(code)),
    "routine": Named("isco08", lambda code: _routine().get(code[:2])),
    "automation": Named("isco08", lambda code: _automation().get(code)),
    "sector": Named("sector"),
    "sbi2": Named("sbi_code", _division),
    "province": Named("province_code"),
    "education": Named("education_levels"),
    "experience": Banded(
        ("experience_years_min",), lambda table: table["experience_years_min"],
        (1, 3, 5, 10), ("<1", "1-2", "3-4", "5-9", "10+"),
    ),
    "contract": Named("contract"),
    "hours": Banded(
        ("hours_min", "hours_max"), _hours,
        (12, 20, 25, 30, 35), ("<12", "12-19", "20-24", "25-29", "30-34", "35+"),
    ),
    "pay": Banded(
        ("salary_min", "salary_max", "salary_period"), _pay,
        (2000, 2500, 3000, 3500, 4000, 5000, 6000),
        ("<2000", "2000-2499", "2500-2999", "3000-3499", "3500-3999", "4000-4999", "5000-5999", "6000+"),
    ),
    "remote": Named("remote"),
    "firm_size": Named("firm_size"),
    "employer_type": Named("is_agency", {"true": "agency", "false": "direct"}.get),
    "required_language": Named("languages_required"),
}  # fmt: skip
"""The dimensions of `schema.codes` that follow from columns of `core_vacancies`."""
