"""The steps that raise vacancies to official totals, and the warnings that come with the results."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.errors import InputError, OverstapError
from overstap.steps import Context, Step, sql_step, table_step
from overstap.study import StudySpec

if TYPE_CHECKING:
    from overstap.analysis.weights import WeightSettings
    from overstap.reference.totals import Totals


def weight_steps() -> list[Step]:
    """The steps in order; they follow those that select the vacancies."""
    return [
        table_step("find_places", "core_places", ("raw_ads",), _places, code=("overstap.analysis.places",)),
        table_step(
            "read_totals",
            "core_totals",
            (),
            lambda context: totals_of(context.spec, context.base).rows,
            depends=_totals_facts,
            code=("overstap.reference.totals",),
        ),
        sql_step("place_in_strata", "core_strata"),
        sql_step("count_strata", "core_strata_counts"),
        table_step(
            "weigh_strata",
            "core_strata_weights",
            ("core_strata_counts", "core_totals", "core_places"),
            _cells,
            depends=_weight_facts,
            code=("overstap.analysis.weights",),
        ),
        sql_step("weigh_new", "core_weights"),
        sql_step("weigh_open", "core_stock"),
        table_step(
            "measure_weights",
            "out_weights",
            ("core_strata_counts", "core_totals", "core_places"),
            _weights,
            depends=_weight_facts,
            code=("overstap.analysis.weight_sums",),
        ),
        sql_step("count_days", "core_days"),
        table_step(
            "nowcast_vacancies",
            "out_nowcast",
            ("core_days", "core_totals", "core_places"),
            _nowcast,
            depends=lambda context: [weight_settings(context.spec).refused, _window(context)],
            code=("overstap.analysis.nowcast_rows",),
        ),
        sql_step("find_concentration", "core_concentration"),
        table_step(
            "warn",
            "out_warnings",
            ("out_weights", "core_concentration", "core_places"),
            _warnings,
            depends=lambda context: [_totals_facts(context), _warning_facts(context.spec)],
            code=("overstap.analysis.warnings",),
        ),
    ]


def totals_of(spec: StudySpec, base: Path) -> Totals:
    """The official totals of a study; none where it names none. Raises InputError as `read_totals` does."""
    from overstap.reference.totals import Totals, read_totals, totals_path

    settings = spec.weights
    if settings.totals is None:
        return Totals.none()
    return read_totals(totals_path(settings.totals, base), settings.live_days)


def check_totals(spec: StudySpec, base: Path) -> list[OverstapError]:
    """The problem of a study's official totals; none where they can be read."""
    try:
        totals_of(spec, base)
    except InputError as error:
        return [error]
    return []


def weight_settings(spec: StudySpec, places: pa.Table | None = None) -> WeightSettings:
    """Thresholds, and the sources without weights: those selected by search terms or left out by the study, and those
    that are mostly of another country by `places` (`core_places`), as the totals are Dutch."""
    from overstap.analysis.places import mostly_abroad
    from overstap.analysis.weights import WeightSettings

    chosen = spec.weights.sources
    refused = {source.id: "not_counted" for source in spec.sources if chosen is not None and source.id not in chosen}
    refused |= {source.id: "search_terms" for source in spec.sources if source.sample == "search_terms"}
    refused |= dict.fromkeys(mostly_abroad(places) if places is not None else (), "abroad")
    return WeightSettings(spec.weights.min_n, spec.weights.trim, refused)


def _cells(context: Context) -> pa.Table:
    from overstap.analysis.weights import weigh_cells

    return weigh_cells(*_counted(context), _settings(context))


def _weights(context: Context) -> pa.Table:
    from overstap.analysis.weight_sums import measure_weights

    return measure_weights(*_counted(context), _settings(context))


def _settings(context: Context) -> WeightSettings:
    return weight_settings(context.spec, context.store.read("core_places"))


def _places(context: Context) -> pa.Table:
    from overstap.analysis.places import count_places

    return count_places(context.store.batches("raw_ads", ["source_id", "place"]))


def _nowcast(context: Context) -> pa.Table:
    from overstap.analysis.nowcast_rows import Window, nowcast_table

    read = context.store.read
    return nowcast_table(read("core_days"), read("core_totals"), Window(*_window(context)), _settings(context))


def _window(context: Context) -> tuple[date, date, int]:
    return context.spec.period.first, context.spec.period.last, context.spec.weights.live_days


def _counted(context: Context) -> tuple[pa.Table, pa.Table]:
    return context.store.read("core_strata_counts"), context.store.read("core_totals")


def _warnings(context: Context) -> pa.Table:
    from overstap.analysis.warnings import find_warnings

    faults = totals_of(context.spec, context.base).faults
    tables = (context.store.read(name) for name in ("out_weights", "core_concentration", "core_places"))
    return find_warnings(context.spec, faults, *tables)


def _totals_facts(context: Context) -> Any:
    from overstap.reference.totals import totals_path

    settings = context.spec.weights
    if settings.totals is None:
        return None
    return [context.digests([totals_path(settings.totals, context.base)]), settings.live_days]


def _weight_facts(context: Context) -> Any:
    settings = weight_settings(context.spec)
    return [settings.min_n, settings.trim, settings.refused]


def _warning_facts(spec: StudySpec) -> Any:
    """What the warnings follow from, beside the tables."""
    samples = {source.id: source.sample for source in spec.sources}
    return [samples, spec.period.model_dump(mode="json", include={"first", "last"}), spec.weights.totals is None]
