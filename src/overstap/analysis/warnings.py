"""What is wrong with the data of a study, as rows of `out_warnings`: code, subject, how grave, how many.

The texts are in the catalogues of `overstap.publish`, at `warning.<code>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pyarrow as pa

from overstap.analysis.places import mostly_abroad
from overstap.reference.totals import Fault, quarter_days
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.study import StudySpec

DOMINANT = 0.5  # of the vacancies by one employer: a share is then more its habit than the market's
FEW = 30  # vacancies of a source or year, below which one employer among them is no news
MANY = 1.0  # per cent of the vacancies whose weight was cut, from which that is told

WARNING, NOTE = "warning", "note"
ABROAD = "places_abroad"  # what is to be told before all else
SEVERITY = {
    ABROAD: WARNING,
    "search_terms": NOTE,
    "year_without_ads": WARNING,
    "employer_dominates": WARNING,
    "totals_miss_sector": WARNING,
    "totals_miss_quarter": WARNING,
    "totals_negative": WARNING,
    "totals_not_adding": WARNING,
    "totals_below_ads": WARNING,
    "vacancies_without_total": WARNING,
    "strata_thin": WARNING,
    "strata_joined": NOTE,
    "weights_trimmed": NOTE,
    "quarter_partial": NOTE,
}
Row = dict[str, Any]


def find_warnings(
    spec: StudySpec, faults: Iterable[Fault], weights: pa.Table, concentration: pa.Table, places: pa.Table
) -> pa.Table:
    """The warnings of a study, the gravest first, given the faults of its totals, `out_weights`, `core_concentration`
    and `core_places`."""
    new = [row for row in weights.to_pylist() if row["kind"] == "new"]
    abroad = mostly_abroad(places).items()
    found = [
        *(Fault(ABROAD, source, round(share)) for source, share in abroad),
        *_of_feeds(spec, concentration.to_pylist()),
    ]
    if spec.weights.totals is not None:
        found += [*faults, *_of_totals(new), *_of_weights(spec, new)]
    rows = [
        {"code": fault.code, "subject": fault.subject, "severity": SEVERITY[fault.code], "n": float(fault.n)}
        for fault in found
    ]
    return pa.Table.from_pylist(rows, schema=table_spec("out_warnings").schema)


def _of_feeds(spec: StudySpec, rows: Sequence[Row]) -> Iterator[Fault]:
    """Feeds selected by search terms, years without vacancies, employers that post most of a source or year."""
    counts = {(row["source_id"], row["year"]): row for row in rows}
    for source in spec.sources:
        if source.sample == "search_terms" and (source.id, ALL) in counts:
            yield Fault("search_terms", source.id, counts[source.id, ALL]["vacancies_n"])
    for year in range(spec.period.first.year, spec.period.last.year + 1):
        if (ALL, str(year)) not in counts:
            yield Fault("year_without_ads", str(year), 0)
    told: set[str] = set()
    for source, year in sorted(counts, key=lambda key: (key[0] != ALL, key[1] != ALL, key)):
        row = counts[source, year]
        share = row["largest_n"] / row["vacancies_n"]
        if row["vacancies_n"] < FEW or share < DOMINANT or {ALL, source, year} & told:
            continue
        if year != ALL and source != ALL:  # a source is told of as a whole
            continue
        subject = source if year == ALL else year
        told.add(subject)
        yield Fault("employer_dominates", subject, round(100 * share))


def _of_totals(new: Sequence[Row]) -> Iterator[Fault]:
    """Quarters and sectors with vacancies that have no total, and quarters with fewer vacancies than were found."""
    whole = [row for row in new if row["sector"] == ALL and row["quarter"] != ALL]
    missing = [row["quarter"] for row in whole if row["total_n"] is None]
    if missing:
        yield Fault("totals_miss_quarter", ", ".join(missing), len(missing))
    without = [row for row in new if row["note"] == "no_total" and len(row["sector"]) == 1]
    if without:
        sectors = sorted({row["sector"] for row in without})
        yield Fault("vacancies_without_total", ", ".join(sectors), sum(row["vacancies_n"] for row in without))
    below = [row["quarter"] for row in whole if (row["coverage_pct"] or 0) > 100]
    if below:
        yield Fault("totals_below_ads", ", ".join(below), len(below))


def _of_weights(spec: StudySpec, new: Sequence[Row]) -> Iterator[Fault]:
    """Quarters too thin or cut off by the period, strata joined, weights cut."""
    sectors = [row for row in new if row["quarter"] != ALL and row["sector"] != ALL and row["total_n"] is not None]
    thin = sorted({row["quarter"] for row in sectors if row["note"] == "thin"})
    if thin:
        yield Fault("strata_thin", ", ".join(thin), len(thin))
    joined = [row["sector"] for row in sectors if row["stratum"] not in (None, row["sector"])]
    if joined:
        yield Fault("strata_joined", ", ".join(sorted(set(joined))), len(joined))
    cut = next((row["trimmed_pct"] for row in new if (row["quarter"], row["sector"]) == (ALL, ALL)), None)
    if cut is not None and cut >= MANY:
        yield Fault("weights_trimmed", "", round(cut))
    partial = [row["quarter"] for row in new if row["sector"] == ALL and _cut_off(spec, row["quarter"])]
    if partial:
        yield Fault("quarter_partial", ", ".join(partial), len(partial))


def _cut_off(spec: StudySpec, quarter: str) -> bool:
    """Whether the study's period begins or ends within a quarter, by more than a day."""
    if quarter == ALL:
        return False
    first, last = quarter_days(quarter)
    day = timedelta(days=1)
    return first + day < spec.period.first <= last or first <= spec.period.last < last - day
