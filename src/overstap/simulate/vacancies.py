"""Draws blocks of vacancies: who hires, for what, when, and which skills are asked. All draws of a block come at
once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from overstap.simulate import market_table as mt
from overstap.simulate.concepts import CONCEPTS
from overstap.simulate.employers import PLACES, Employers, draw_employers
from overstap.simulate.lexicon import jobs
from overstap.simulate.rates import N_DIGITAL, latent
from overstap.simulate.spec import MarketSpec

BLOCK = 4096
"""Vacancies drawn at once. Part of the market's definition: another value gives another market."""
CONTRACTS = ("vast", "tijdelijk", "uitzend", "stage", "zzp")
HOURS = ((40, 40), (36, 40), (32, 40), (32, 36), (24, 32), (16, 24), (38, 38), (36, 36), (8, 16))
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """A block of vacancies, one row each. `asked` is [v, c]. `education` is -1 where the ad names none, as is
    `salary_low`."""

    first: int
    employer: Ints
    year: Ints
    day: NDArray[np.datetime64]
    job: Ints
    title: Ints
    english: NDArray[np.bool_]
    place: Ints
    education: Ints
    salary_low: Ints
    salary_step: Ints
    contract: Ints
    hours: Ints
    asked: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.employer)


@dataclass(frozen=True)
class Thresholds:
    """Latent chances as probit thresholds and cumulative sums, ready to be drawn against."""

    ict: NDArray[np.float32]  # [s]
    manager: NDArray[np.float64]  # [s] chance among the non-ICT vacancies
    job: NDArray[np.float64]  # [s, y, g, j] cumulative
    digital: NDArray[np.float32]  # [s, j, y]
    ask: NDArray[np.float32]  # [s, j, y, c]
    english: NDArray[np.float32]  # [s, j]


def thresholds(spec: MarketSpec) -> Thresholds:
    """See `Thresholds`. Cached, as `latent` is: the probits of all cells take some tenths of a second."""
    return _thresholds(replace(spec, seed=0, n_vacancies=1))


@lru_cache(maxsize=4)
def _thresholds(spec: MarketSpec) -> Thresholds:
    r = latent(spec)
    with np.errstate(divide="ignore"):
        return Thresholds(
            ict=ndtri(r.group[:, 0]).astype(np.float32),
            manager=r.group[:, 1] / (1 - r.group[:, 0]),
            job=np.cumsum(r.job, axis=-1),
            digital=ndtri(r.digital).astype(np.float32),
            ask=ndtri(r.ask).astype(np.float32),
            english=ndtri(r.english).astype(np.float32),
        )


@lru_cache(maxsize=2)
def employers(spec: MarketSpec) -> Employers:
    """The employers of the market, drawn once."""
    return draw_employers(spec)


def blocks(spec: MarketSpec) -> range:
    """Numbers of the blocks of the market, in order of time."""
    return range(-(-spec.n_vacancies // BLOCK))


def _dates(spec: MarketSpec, order: NDArray[np.float64]) -> tuple[Ints, NDArray[np.datetime64]]:
    """Posting dates from positions in [0, 1) along the market's volume: year index and day."""
    volume = np.cumsum(latent(spec).volume)
    year = np.minimum(np.searchsorted(volume, order, side="right"), len(volume) - 1)
    start = np.concatenate([[0.0], volume])[year]
    part = (order - start) / (volume[year] - start)
    first_days = np.array([f"{y}-01-01" for y in (*spec.years, spec.last_year + 1)], dtype="datetime64[D]")
    length = (first_days[1:] - first_days[:-1]).astype(int)
    day = first_days[year] + np.minimum((np.clip(part, 0, 1) * length[year]).astype(int), length[year] - 1)
    return year, day


def _pick_rows(cumulative: NDArray[np.float64], u: NDArray[np.float64]) -> Ints:
    """Per row the first column whose cumulative chance exceeds u."""
    return np.asarray((cumulative < u[:, None]).sum(axis=1).clip(0, cumulative.shape[1] - 1))


def _asked(
    rng: np.random.Generator, spec: MarketSpec, cells: tuple[Ints, Ints, Ints], taste: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Which concepts each vacancy asks [v, c]; see `rates` for the model."""
    t, n, c = thresholds(spec), len(taste), len(CONCEPTS)
    own, shared = np.float32(np.sqrt(1 - spec.clustering)), np.float32(np.sqrt(spec.clustering))
    noise = rng.standard_normal((n, c + 1), dtype=np.float32)
    asked = own * noise[:, :c] + shared * taste[:, :c] < t.ask[cells[0], cells[1], cells[2]]
    digital = own * noise[:, c] + shared * taste[:, c + 1] < t.digital[cells[0], cells[1], cells[2]]
    asked[:, :N_DIGITAL] &= digital[:, None]
    spill = np.flatnonzero(digital & ~asked[:, :N_DIGITAL].any(axis=1))
    weight = latent(spec).ask[cells[0][spill], cells[1][spill], cells[2][spill], :N_DIGITAL]
    u = rng.random(n)[spill]
    asked[spill, _pick_rows(np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True), u)] = True
    return asked


@lru_cache(maxsize=1)
def _job_table() -> tuple[NDArray[np.float64], Ints, Ints]:
    """Per job: pay, number of education levels, number of titles [j, language]."""
    table = jobs()
    return (
        np.array([j.pay_eur for j in table]),
        np.array([len(j.education) for j in table]),
        np.array([[len(t) for t in j.titles] for j in table]),
    )


def draw_block(spec: MarketSpec, number: int) -> Block:
    """Block `number` of the market. Blocks are independent of one another, so they can be drawn in any order."""
    rng = np.random.default_rng([spec.seed, 2, number])
    first = number * BLOCK
    n = min(BLOCK, spec.n_vacancies - first)
    t, emp = thresholds(spec), employers(spec)
    pay, n_education, n_titles = _job_table()
    u = rng.random((n, 16))
    year, day = _dates(spec, (first + np.arange(n) + u[:, 0]) / spec.n_vacancies)
    segment = np.searchsorted(np.cumsum([s.share for s in mt.SEGMENTS])[:-1], u[:, 1], side="right")
    employer = np.empty(n, dtype=np.int64)
    for s in range(len(mt.SEGMENTS)):
        rows = np.flatnonzero(segment == s)
        picks = np.searchsorted(emp.cumulative[s], u[rows, 2], side="right")
        employer[rows] = emp.first[s] + np.minimum(picks, len(emp.cumulative[s]) - 1)
    taste = emp.taste[employer]
    lean = np.float32(np.sqrt(spec.clustering / 2))
    rest = np.float32(np.sqrt(1 - spec.clustering / 2))
    normal = rng.standard_normal((n, 2), dtype=np.float32)
    ict = rest * normal[:, 0] + lean * taste[:, len(CONCEPTS)] < t.ict[segment]
    group = np.where(ict, 0, np.where(u[:, 3] < t.manager[segment], 1, 2))
    job = _pick_rows(t.job[segment, year, group], u[:, 4])
    english = rest * normal[:, 1] + lean * taste[:, len(CONCEPTS) + 2] < t.english[segment, job]
    wage = pay[job] * (1 + 0.015 * (year + spec.first_year - 2012)) * np.exp(rng.normal(0, 0.1, n))
    named = u[:, 10] < 0.45
    contract = np.searchsorted(np.array([0.35, 0.75, 0.93, 0.96]), u[:, 12], side="right")
    return Block(
        first=first,
        employer=employer,
        year=year,
        day=day,
        job=job,
        title=(u[:, 5] * n_titles[job, english.astype(int)]).astype(np.int64),
        english=english,
        place=np.where(u[:, 6] < 0.75, emp.place[employer], (u[:, 7] * len(PLACES)).astype(np.int64)),
        education=np.where(u[:, 8] < 0.12, -1, (u[:, 9] * n_education[job]).astype(np.int64)),
        salary_low=np.where(named, np.clip(wage // 50 * 50, 1500, 7950).astype(np.int64), -1),
        salary_step=(u[:, 11] * 3).astype(np.int64),
        contract=np.where((contract == CONTRACTS.index("stage")) & (pay[job] > 2600), 0, contract),
        hours=np.where(np.isin(job, _part_time()), 3 + (u[:, 13] * 6), u[:, 13] * 5).astype(np.int64),
        asked=_asked(rng, spec, (segment, job, year), taste),
    )


@lru_cache(maxsize=1)
def _part_time() -> Ints:
    return np.array([i for i, j in enumerate(jobs()) if j.family in ("care", "education", "manual")])
