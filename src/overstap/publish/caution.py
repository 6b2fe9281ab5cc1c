"""What must be said before any figure: feeds that are no whole of the market, months that do not bear comparison, and
the warnings of the run.

A count of ads follows the market only where the feed was collected whole and evenly. Where it was not, growth of the
number of ads is an artefact of collection, and shares of two years may differ because other ads were selected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from overstap.analysis.periods import months_of
from overstap.analysis.warnings import ABROAD
from overstap.pipeline import Study
from overstap.publish.breaks import of_source
from overstap.publish.charts import About
from overstap.publish.labels import Translator
from overstap.publish.tables import select
from overstap.schema.out import ALL
from overstap.study import AdSource, StudySpec

UNEVEN = 5  # times the median month, up or down; growth or season of a market does less within a few years


@dataclass(frozen=True)
class Caution:
    """Why years cannot be compared as they are: sources not known to be `complete`, and the months of collection.

    `empty` is the number of months without ads in the years studied, `uneven` whether months differ more than a market
    does, `apart` the two periods compared where no source has ads in both. Truth value: whether there is any reason.
    `warnings`: rows of `out_warnings`, said whether or not there is; `drift`: rows of `out_drift`, marked in charts.
    """

    sources: tuple[AdSource, ...] = ()
    empty: int = 0
    uneven: bool = False
    apart: tuple[str, str] | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()
    drift: tuple[Mapping[str, Any], ...] = ()

    def __bool__(self) -> bool:
        selected = any(source.sample != "complete" for source in self.sources)
        return selected or bool(self.empty or self.uneven or self.apart)

    def lines(self, t: Translator, notes: Sequence[Mapping[Any, str]]) -> list[str]:
        """The warnings in the order to be read, each source's note and the study's `notes` among them; may be empty."""
        told = [row for row in self.warnings if row["severity"] == "warning"]
        abroad, warned = (
            [warning_text(t, r) for r in told if (r["code"] == ABROAD) is first] for first in (True, False)
        )
        if not self:
            return abroad + warned
        lines = [*abroad, *([t("caution.apart", first=self.apart[0], last=self.apart[1])] if self.apart else [])]
        for source in self.sources:
            note = source.note.get(t.language) or next(iter(source.note.values()), "")
            if note or source.sample != "complete":
                lines.append(t(f"caution.source.{source.sample}", source=source.id, note=note).strip())
        lines += [note.get(t.language) or next(iter(note.values()), "") for note in notes]
        if self.empty:
            lines.append(t.count("caution.empty", self.empty))
        if self.uneven:
            lines.append(t("caution.uneven"))
        return [*lines, *warned, t("caution.volume"), t("caution.years")]


def warning_text(t: Translator, row: Mapping[str, Any]) -> str:
    """A row of `out_warnings` in words."""
    return t(f"warning.{row['code']}", subject=row["subject"], n=t.number(row["n"]))


def caution_of(study: Study, source_id: str = ALL) -> Caution:
    """The caution due to a study, or to one of its sources. Raises StoreError where the study has not been run."""
    chosen = tuple(s for s in study.spec.sources if source_id in (ALL, s.id))
    rows = select(study, "out_volume", period_kind="month", source_id=[s.id for s in chosen] or [source_id]).to_pylist()
    warnings, drift = (study.table(name).to_pylist() for name in ("out_warnings", "out_drift"))
    found = make_caution(chosen, study.spec, rows)
    found = replace(found, warnings=tuple(warnings), drift=of_source(drift, source_id))
    compared = study.store.read("out_change", ["first_period", "last_period"]).slice(0, 1).to_pylist()
    if source_id != ALL or not compared:  # of one source, a period without ads has no change
        return found
    first, last = compared[0]["first_period"], compared[0]["last_period"]
    return replace(found, apart=(first, last) if apart(rows, first, last) else None)


def about_of(study: Study, caution: Caution, source_id: str = ALL) -> About:
    """What captions of charts of a study, or of one of its sources, need."""
    spec = study.spec
    sources = tuple(s.id for s in spec.sources) if source_id == ALL else (source_id,)
    m = spec.measures
    return About(sources, m.confidence, spec.simulated, m.min_n, bool(caution), caution.apart, caution.drift)


def apart(rows: Sequence[Mapping[str, Any]], first: str, last: str) -> bool:
    """Whether both periods, years or quarters, have ads but no source in both; `rows`: of `out_volume`, by month."""

    def sources(period: str) -> set[str]:
        months = tuple(months_of(period))
        return {row["source_id"] for row in rows if row["ads_n"] and str(row["period"]).startswith(months)}

    one, other = sources(first), sources(last)
    return bool(one and other) and not one & other


def make_caution(sources: Sequence[AdSource], spec: StudySpec, rows: Sequence[Mapping[str, Any]]) -> Caution:
    """The caution due to `sources`, whose monthly rows of `out_volume` are `rows`.

    The months that count are those of the years with ads, within the period of the study.
    """
    found = [str(row["period"]) for row in rows if row["ads_n"]]
    if not found:
        return Caution(tuple(sources))
    first = max(f"{min(found)[:4]}-01", f"{spec.period.first:%Y-%m}")
    last = min(f"{max(found)[:4]}-12", f"{spec.period.last:%Y-%m}")
    months = [m for m in _months(int(first[:4]), int(last[:4])) if first <= m <= last]
    empty, uneven = 0, False
    for source in sorted({row["source_id"] for row in rows}):
        counts = {str(row["period"]): row["ads_n"] for row in rows if row["source_id"] == source}
        per_month = [counts.get(month, 0) for month in months]
        # A source of a few ads a month has months without any by chance alone (one in 150 at five a month).
        if sum(per_month) >= 5 * len(per_month):
            empty = max(empty, per_month.count(0))
        middle = median(n for n in per_month if n)
        chance = 4 * middle**0.5  # what few ads vary by anyhow
        high = any(n > max(UNEVEN * middle, middle + chance) for n in per_month)
        # The first and last month may be cut off, and the first lacks what counts in the month before.
        low = any(0 < UNEVEN * n < middle and n < middle - chance for n in per_month[1:-1])
        uneven |= high or low
    return Caution(tuple(sources), empty, uneven)


def _months(first: int, last: int) -> list[str]:
    return [f"{year}-{month:02d}" for year in range(first, last + 1) for month in range(1, 13)]
