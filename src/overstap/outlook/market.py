"""The outlook and the moves of BRC 2014 groups together, from bundled facts: what scenarios run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from overstap.errors import InputError
from overstap.moves.collective import Question
from overstap.moves.question import ask
from overstap.outlook.cells import ALL_REGIONS, Cells
from overstap.outlook.own import Own
from overstap.outlook.table import Outlook, Settings, outlook
from overstap.study_moves import Moves


def brc_outlook(settings: Settings, own: Sequence[Own] = (), *, strict: bool = True) -> Outlook:
    """The outlook of all BRC groups of the country, bundled and own figures together.

    Own paths of other years than the outlook's are left out, and the bundled ones stand, whose source says so; with
    `strict` they raise `InputError` (`check_years`).
    """
    asked = [row for row in own if row.level == "brc" and row.region == ALL_REGIONS]
    if strict:
        check_years(settings, asked)
    kept = [row for row in asked if not row.has_path or row.years == _years(settings)]
    parts = outlook(replace(settings, levels=("brc",)), kept)
    one = parts[0] if len(parts) == 1 else _joined(parts)
    left_out = {row.code: row.years for row in asked if row.has_path and row.years != _years(settings)}
    return _told(one, left_out) if left_out else one


def _told(one: Outlook, left_out: Mapping[str, tuple[int, ...]]) -> Outlook:
    """The outlook with a word in the sources of groups whose own path was left out."""
    named = zip(one.cells.codes, one.cells.sources, strict=True)
    sources = tuple(
        f"{source} (own path of {left_out[code][0]}-{left_out[code][-1]} left out)" if code in left_out else source
        for code, source in named
    )
    return replace(one, cells=replace(one.cells, sources=sources))


def check_years(settings: Settings, own: Sequence[Own]) -> None:
    """Raises `InputError` where an own path of a BRC group of the country has other years than the outlook."""
    years = _years(settings)
    for row in own:
        if row.has_path and (row.level, row.region) == ("brc", ALL_REGIONS) and row.years != years:
            raise InputError(
                f"The own path of {row.code} has the years {row.years[0]} to {row.years[-1]}.",
                why=f"Scenarios run from {years[0]} to {years[-1]} for every occupation.",
                fix="Give periods for just these years, or set outlook.first_year and last_year to yours.",
            )


def _years(settings: Settings) -> tuple[int, ...]:
    return tuple(range(settings.first, settings.last + 1))


def _joined(parts: Sequence[Outlook]) -> Outlook:
    """Several outlooks of the same years as one."""
    cells = [part.cells for part in parts]
    one = Cells(
        "brc",
        tuple(code for cell in cells for code in cell.codes),
        tuple(region for cell in cells for region in cell.regions),
        cells[0].years,
        np.concatenate([cell.employed for cell in cells]),
        np.concatenate([cell.outflow for cell in cells]),
        np.concatenate([cell.employed_draws for cell in cells]),
        np.concatenate([cell.outflow_draws for cell in cells]),
        tuple(basis for cell in cells for basis in cell.employed_basis),
        tuple(basis for cell in cells for basis in cell.outflow_basis),
        tuple(source for cell in cells for source in cell.sources),
        tuple(n for cell in cells for n in cell.groups_n),
    )
    low, high, inflow = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("inflow_low", "inflow_high", "inflow")
    )
    return Outlook(one, low, high, inflow, parts[0].own)


def brc_question(window: tuple[int, int]) -> Question:
    """The question of placement over BRC groups without a study: bundled facts, default rules, net decline."""
    return ask(Moves(level="brc", first_year=window[0], last_year=window[1]), Path()).question
