"""Workers who depend on ICT for more than half of their work, per sector and year.

The study's *digitale beroepsbevolking*. Jobs by section and major group (labour force survey) are divided over
two-digit occupations by iterative proportional fitting (Deming & Stephan 1940), started from the European mix of the
section and fitted to the occupations' totals of each year. A cell counts where its ICT index (0–1, JRC) is above a
half; the bounds move that line by LINE_UNSURE and show how much hangs on it. Every figure per section is therefore
*allocated*, not counted, and years after the survey's keep the survey's division of majors over sections. None of this
bears more than two figures, or single thousands of persons: numbers are rounded to that, bounds outwards.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.market import table_of
from overstap.analysis.uncertainty import Floats

LINE = 0.5
LINE_UNSURE = 0.05
LAST_KNOWN = 2023  # later years are Cedefop's forecast
LEAST_UNIT = 1_000  # persons: the survey is published in thousands
_FIGURES = 2
_ROUNDS = 200


def digital_workforce(jobs: pa.Table, employment: pa.Table, tasks: pa.Table) -> pa.Table:
    """Columns section (`all` too), year, workers, workers_low, workers_high, employed (persons), share_pct with bounds,
    basis: allocated, or projected where the year is of an outlook.

    From the bundled tables `employment_sector_occupation`, `cedefop_employment` and `task_indices`.
    """
    rows = []
    for year in sorted(set(employment["year"].to_pylist())):
        sections, codes, cells = cells_of(jobs, employment, tasks, year)
        ict = _matrix(tasks, "ict", sections, codes)
        for section, at in [("all", slice(None)), *((s, slice(i, i + 1)) for i, s in enumerate(sections))]:
            row = {"section": section, "year": year, "basis": "allocated" if year <= LAST_KNOWN else "projected"}
            rows.append(row | _figures(cells[at], ict[at]))
    return table_of("out_digital_workforce", rows)


def _figures(jobs: Floats, ict: Floats) -> dict[str, int | None]:
    """The workers of some cells above each line, rounded to what the sources bear; shares to whole per cents."""
    counts = [float(jobs[ict > line].sum()) for line in (LINE, LINE + LINE_UNSURE, LINE - LINE_UNSURE)]
    employed = float(jobs.sum())
    unit = unit_of(counts[0])
    how: tuple[Callable[[float], int], ...] = (round, floor, ceil)
    named = list(zip(("", "_low", "_high"), how, counts, strict=True))
    most = round(employed / unit) * unit
    out: dict[str, int | None] = {"employed": most}
    out |= {f"workers{end}": min(rounded(count / unit) * unit, most) for end, rounded, count in named}
    for end, rounded, count in named:
        out[f"share{end or '_pct'}"] = min(rounded(100 * count / employed), 100) if employed else None
    return out


def unit_of(persons: float) -> int:
    """What a number of persons is rounded to: its second figure, thousands at the finest."""
    return max(LEAST_UNIT, round(10.0 ** (int(log10(max(persons, 1.0))) + 1 - _FIGURES)))


def cells_of(jobs: pa.Table, employment: pa.Table, tasks: pa.Table, year: int) -> tuple[list[str], list[str], Floats]:
    """Sections, two-digit occupations and the jobs (persons) of `year` in each [section, occupation], allocated."""
    sections = sorted(set(tasks["section"].to_pylist()) - {"all"})
    codes = sorted(set(employment["isco08_code"].to_pylist()) & set(tasks["isco08_code"].to_pylist()))
    of_year = employment.filter(pc.equal(employment["year"], year))
    counted = dict(zip(of_year["isco08_code"].to_pylist(), of_year["employed"].to_pylist(), strict=True))
    totals = np.array([float(counted.get(code) or 0) for code in codes])
    start = np.nan_to_num(_matrix(tasks, "workers_thousands", sections, codes))
    return sections, codes, fitted(start, codes, _majors(jobs, sections), totals)


def fitted(start: Floats, codes: list[str], by_major: dict[str, Floats], totals: Floats) -> Floats:
    """Jobs by section and occupation: the mix of `start`, fitted to each major's mix of sections and to `totals`.

    `codes` are in order. A major group without published sections keeps the mix of `start`.
    """
    majors = [code[0] for code in codes]
    cells = np.where(start > 0, start, 1e-6 * max(float(start.max(initial=0.0)), 1.0))
    parts = []
    for major, sections in by_major.items():
        mine = [i for i, own in enumerate(majors) if own == major]
        if mine:  # side by side, as codes are in order
            part = slice(mine[0], mine[-1] + 1)
            parts.append((part, sections / sections.sum() * totals[part].sum()))
    for _ in range(_ROUNDS):
        for part, target in parts:
            now = cells[:, part].sum(axis=1)
            cells[:, part] *= np.divide(target, now, out=np.zeros_like(now), where=now > 0)[:, None]
        now = cells.sum(axis=0)
        cells = cells * np.divide(totals, now, out=np.zeros_like(now), where=now > 0)
    return cells


def _matrix(table: pa.Table, value: str, sections: list[str], codes: list[str]) -> Floats:
    out = np.full((len(sections), len(codes)), np.nan)
    row_of, column_of = ({text: at for at, text in enumerate(texts)} for texts in (sections, codes))
    columns = (table[name].to_pylist() for name in ("section", "isco08_code", value))
    for section, code, found in zip(*columns, strict=True):
        if section in row_of and code in column_of and found is not None:
            out[row_of[section], column_of[code]] = found
    return out


def _majors(jobs: pa.Table, sections: list[str]) -> dict[str, Floats]:
    """Jobs by section per major group; what was not published counts as none, being too few to publish."""
    out: dict[str, Floats] = {}
    for row in jobs.to_pylist():
        if row["nace_section"] in sections and row["employed_thousands"] is not None:
            at = out.setdefault(row["isco08_major"], np.zeros(len(sections)))
            at[sections.index(row["nace_section"])] += row["employed_thousands"]
    return {major: counts for major, counts in out.items() if counts.sum() > 0}
