"""Feeds of another country are known by the places of their ads, and get no Dutch weights."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.ads.place import bundled_places
from overstap.analysis.places import count_places, mostly_elsewhere
from overstap.analysis.weights import weigh_cells
from overstap.schema import table_spec
from overstap.study import StudySpec
from overstap.weighing import weight_settings


def batch(source: str, *places: str | None) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [{"source_id": source, "place": place} for place in places],
        schema=pa.schema([("source_id", pa.string()), ("place", pa.string())]),
    )


@pytest.mark.parametrize("place", ["Utrecht", "Den Haag, Zuid-Holland", "Netherlands", "Nederland", "Amsterdam, NL"])
def test_dutch_places_are_at_home(place: str) -> None:
    assert bundled_places().at_home(place)


@pytest.mark.parametrize("place", ["San Francisco, CA", "London", "Bartle, Preston", "Berlin, Germany", "New York, NY"])
def test_other_places_are_not(place: str) -> None:
    assert not bundled_places().at_home(place)


def test_a_feed_is_of_another_country_where_most_of_its_places_are() -> None:
    dutch = batch("dutch", *["Utrecht"] * 20, *["Ede"] * 19, *["Gent, België"] * 11, None, " ")
    british = [batch("british", *["London"] * 30, *[None] * 300), batch("british", "Amsterdam")]
    few = batch("few", *["London"] * 29)
    places = count_places([dutch, *british, few])
    rows = {row["source_id"]: row for row in places.to_pylist()}
    assert rows["dutch"] == {"source_id": "dutch", "ads_n": 52, "home_n": 39, "elsewhere_n": 11}
    assert mostly_elsewhere(places) == {"british": pytest.approx(100 * 30 / 31)}


def test_its_vacancies_get_no_dutch_weight_and_others_keep_theirs() -> None:
    sources = [{"id": name, "format": "csv", "files": ["a.csv"], "sample": "complete"} for name in ("dutch", "british")]
    base = {"study": "s", "title": {"en": "S"}, "period": {"first": "2019-01-01", "last": "2019-12-31"}}
    spec = StudySpec.model_validate({**base, "sources": sources})
    settings = weight_settings(spec, count_places([batch("british", *["London"] * 40)]))
    assert settings.refused == {"british": "abroad"}
    cell = {"kind": "new", "quarter": "2019Q1", "sector": "C", "isco2": "25", "vacancies_n": 50, "employers_n": None}
    cells = [{**cell, "source_id": name} for name in ("dutch", "british")]
    counts = pa.Table.from_pylist(cells, schema=table_spec("core_strata_counts").schema)
    day = "2019-03-31"
    total = {"quarter": "2019Q1", "sector": "C", "new_n": 500.0, "open_n": None}
    schema = pa.schema([f.with_type(pa.string()) if "date" in f.name or f.name == "live_since" else f
                        for f in table_spec("core_totals").schema])  # fmt: skip
    totals = pa.Table.from_pylist([{**total, "first_date": day, "last_date": day, "live_since": day}], schema=schema)
    found = {
        row["source_id"]: (row["weight"], row["note"]) for row in weigh_cells(counts, totals, settings).to_pylist()
    }
    assert found == {"dutch": (10.0, None), "british": (None, "abroad")}
