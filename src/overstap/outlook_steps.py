"""The steps of the labour market ahead. They rest on bundled facts and own tables, as those of moves do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.errors import OverstapError, problems_of
from overstap.move_steps import groups_of, question_of
from overstap.steps import Context, Step, tables_step
from overstap.study_outlook import OutlookSettings

if TYPE_CHECKING:
    from overstap.outlook.eurostat import Series
    from overstap.outlook.futures import Market
    from overstap.outlook.own import Own
    from overstap.outlook.table import Settings


def outlook_steps() -> list[Step]:
    """The steps in order."""
    return [
        tables_step(
            "measure_outlook",
            ("out_outlook", "out_outlook_window"),
            ("core_graduates",),
            _outlook,
            depends=_outlook_facts,
            code=("overstap.outlook_steps", "overstap.outlook.table", "overstap.outlook.entering"),
        ),
        tables_step(
            "run_scenarios",
            ("out_scenarios", "out_scenario_occupations", "out_scenario_levers"),
            ("core_occupations", "core_similarity", "core_levels", "core_codes", "core_graduates"),
            _scenarios,
            depends=_scenario_facts,
            code=("overstap.outlook_steps", "overstap.outlook.futures", "overstap.outlook.entering"),
        ),
        tables_step(
            "project_ages",
            ("out_workforce_age",),
            (),
            _ages,
            depends=_age_facts,
            code=("overstap.outlook_steps", "overstap.outlook.demography"),
        ),
        tables_step(
            "compare_countries",
            ("out_countries",),
            (),
            _countries,
            depends=_country_facts,
            code=("overstap.outlook_steps", "overstap.outlook.countries"),
        ),
    ]


def check_outlook(settings: OutlookSettings, base: Path) -> list[OverstapError]:
    """Every problem of the settings and own tables of the outlook; `base` is the study file's folder."""
    from overstap.outlook.scenario import read_scenario
    from overstap.outlook.source import check_window, employment_paths

    checks: list[Callable[[], object]] = [
        lambda: check_window((settings.first_year, settings.last_year), employment_paths()),
        partial(_own_checked, settings, base),
        *(partial(read_scenario, name, base) for name in settings.scenarios),
        lambda: _benchmarks(settings, base),
        lambda: _projected(settings, base),
    ]
    return problems_of(checks)


def _own_checked(settings: OutlookSettings, base: Path) -> None:
    from overstap.outlook.market import check_years

    own = own_of(settings, base)
    if settings.scenarios:
        check_years(settings_of(settings), own)


def own_of(settings: OutlookSettings, base: Path) -> list[Own]:
    """The study's own paths. Raises `InputError` for a table that does not fit."""
    from overstap.outlook.own import read_own

    return read_own([base / name for name in settings.own])


def settings_of(settings: OutlookSettings) -> Settings:
    """What the outlook is to be drawn with."""
    from overstap.outlook.table import Settings

    return Settings(settings.first_year, settings.last_year, settings.draws, settings.seed, settings.confidence)


def _beside(context: Context) -> list[Own]:
    """The study's own figures, and behind them the graduates of its files of education."""
    from overstap.education.matrix import load_matrix
    from overstap.outlook.entering import entering

    asked, matrix = context.spec.outlook, context.spec.education.matrix
    years = range(asked.first_year, asked.last_year + 1)
    placed = load_matrix(None if matrix == "default" else context.base / matrix)
    return own_of(asked, context.base) + entering(context.store.read("core_graduates"), placed, years)


def _outlook(context: Context) -> tuple[pa.Table, ...]:
    from overstap.outlook.table import outlook, whole, yearly

    asked = context.spec.outlook
    found = outlook(settings_of(asked), _beside(context))
    return yearly(found, asked.confidence), whole(found, asked.confidence)


def _outlook_facts(context: Context) -> Any:
    asked = context.spec.outlook
    return [
        asked.model_dump(include={"first_year", "last_year", "own", "draws", "seed", "confidence"}),
        context.spec.education.matrix,
        context.digests([*(context.base / name for name in asked.own), *_matrix(context)]),
    ]


def _matrix(context: Context) -> list[Path]:
    """The study's own matrix of programmes and occupations, where it has one."""
    name = context.spec.education.matrix
    return [] if name == "default" else [context.base / name]


def market_of(context: Context) -> Market:
    """What a study's scenarios run on, without the shares of topsectors."""
    from overstap.outlook.futures import Market
    from overstap.outlook.market import brc_outlook, brc_question

    asked, moves = context.spec.outlook, context.spec.moves
    one = brc_outlook(settings_of(asked), _beside(context), strict=bool(asked.scenarios))
    question = question_of(context) if moves.level == "brc" else brc_question((asked.first_year, asked.last_year))
    return Market(one, question, groups_of(context))


def _scenarios(context: Context) -> tuple[pa.Table, ...]:
    from overstap.outlook.futures import run
    from overstap.outlook.scenario import read_scenario

    asked, market = context.spec.outlook, market_of(context)
    market = replace(market, topsectors=_topsectors(context, market.outlook.cells.codes))
    scenarios = [read_scenario(name, context.base) for name in asked.scenarios]
    return run(market, scenarios, asked.confidence, asked.seed)


def _topsectors(context: Context, codes: tuple[str, ...]) -> dict[str, Any]:
    """The share of each occupation's vacancies of known sector that lies in a topsector, NaN where the study has too
    few of them to tell."""
    import numpy as np

    from overstap.analysis.codes import Codes
    from overstap.analysis.cross import cross
    from overstap.schema.out import UNKNOWN

    coded = Codes.of_store(context.store)
    counted = cross(coded, "category_group", ("topsector", "brc"))
    names = [counted[name].cast(pa.string()).to_pylist() for name in ("topsector", "brc")]
    n = dict(zip(zip(*names, strict=True), counted["vacancies_n"].to_pylist(), strict=True))
    whole = cross(coded, "category_group", ("brc",))
    every = dict(zip(whole["brc"].cast(pa.string()).to_pylist(), whole["vacancies_n"].to_pylist(), strict=True))
    known = {code: every.get(code, 0) - n.get((UNKNOWN, code), 0) for code in codes}
    found = {}
    for topsector in sorted({name for name, _ in n} - {UNKNOWN}):
        share = np.full(len(codes), np.nan)
        for i, code in enumerate(codes):
            if known[code] >= context.spec.measures.min_n:
                share[i] = n.get((topsector, code), 0) / known[code]
        found[topsector] = share
    return found


def _scenario_facts(context: Context) -> Any:
    asked, moves = context.spec.outlook, context.spec.moves
    named = [context.base / name for name in (*asked.own, *asked.scenarios) if (context.base / name).is_file()]
    named += [context.base / name for name in (moves.graduates, moves.groups) if name] + _matrix(context)
    used = [asked.model_dump(), moves.model_dump(), context.spec.measures.min_n, context.spec.education.matrix]
    return [*used, context.digests(named)]


def _projected(settings: OutlookSettings, base: Path) -> pa.Table:
    from overstap.outlook.demography import ahead, read_ages

    found = read_ages([base / name for name in settings.ages])
    draws, seed = settings.draws, settings.seed
    return ahead(found, settings.last_year, draws, seed, settings.confidence, settings.retirement)


def _ages(context: Context) -> tuple[pa.Table, ...]:
    return (_projected(context.spec.outlook, context.base),)


def _age_facts(context: Context) -> Any:
    asked = context.spec.outlook
    used = asked.model_dump(include={"ages", "last_year", "draws", "seed", "confidence", "retirement"})
    return [used, context.digests([context.base / name for name in asked.ages])]


def _benchmarks(settings: OutlookSettings, base: Path) -> list[Series]:
    from overstap.outlook.eurostat import read_eurostat

    return [read_eurostat(base / one.file, one.name, one.where) for one in settings.benchmarks]


def _countries(context: Context) -> tuple[pa.Table, ...]:
    from overstap.outlook.countries import benchmark

    return (benchmark(_benchmarks(context.spec.outlook, context.base)),)


def _country_facts(context: Context) -> Any:
    asked = context.spec.outlook
    files = [context.base / one.file for one in asked.benchmarks]
    return [[one.model_dump() for one in asked.benchmarks], context.digests(files)]
