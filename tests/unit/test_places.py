"""Feeds of another country are known by the places of their ads, and get no Dutch weights."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.ads.place import bundled_places
from overstap.analysis.places import count_places, mostly_abroad
from overstap.analysis.weights import weigh_cells
from overstap.schema import table_spec
from overstap.study import StudySpec
from overstap.weighing import weight_settings


def batch(source: str, *places: str | None) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [{"source_id": source, "place": place} for place in places],
        schema=pa.schema([("source_id", pa.string()), ("place", pa.string())]),
    )


HOME = ["Utrecht", "Den Haag, Zuid-Holland", "Netherlands", "Amsterdam, NL", "1012 AB", "3511ab", "A'dam", "Bergen"]
HOME += [
    "Landelijk",
    "Randstad",
    "Midden-Nederland",
    "regio Twente",
    "Haarlem",
    "Utrecht (ma, di, do)",
    "Utrecht, UT",
    "Noord-Brabant",
]
ABROAD = ["San Francisco, CA", "London", "Bartle, Preston", "Berlin, Germany", "New York, NY", "Haarlem, New York"]
ABROAD += [
    "Holland, Michigan",
    "Holland, MI 49423",
    "Bergen, Norway",
    "Parijs",
    "Groot-Brittannië",
    "Oekraïne",
    "Salt Lake City, UT",
]
UNREAD = ["Remote", "Hybride", "Thuis", "Diverse locaties", "1012", "Onbekendstad"]


@pytest.mark.parametrize(("places", "home"), [(HOME, True), (ABROAD, False), (UNREAD, None)])
def test_places_are_in_the_netherlands_elsewhere_or_not_known(places: list[str], home: bool | None) -> None:
    assert {place: bundled_places().at_home(place) for place in places} == dict.fromkeys(places, home)


def test_dutch_names_of_american_towns_have_no_dutch_region() -> None:
    region = bundled_places().region
    assert {region("Haarlem, New York"), region("Amsterdam, NY"), region("Holland, Michigan")} == {(None, None)}
    assert region("Bergen, NH") == ("NL32", "NL328")


def test_a_feed_is_of_another_country_where_most_of_its_places_are() -> None:
    dutch = batch("dutch", *["Utrecht"] * 20, *["Ede"] * 19, *["Gent, België"] * 11, None, " ")
    british = [batch("british", *["London"] * 30, *[None] * 300), batch("british", "Amsterdam")]
    few = batch("few", *["London"] * 29)
    places = count_places([dutch, *british, few])
    rows = {row["source_id"]: row for row in places.to_pylist()}
    assert rows["dutch"] == {"source_id": "dutch", "ads_n": 52, "home_n": 39, "abroad_n": 11, "unread_n": 0}
    assert mostly_abroad(places) == {"british": pytest.approx(100 * 30 / 31)}


def test_a_dutch_feed_of_postcodes_and_remote_work_is_at_home() -> None:
    remote = batch("remote", *["Remote"] * 80, *["Hybride"] * 40, *["1012 AB"] * 10, *["Antwerpen"] * 9)
    unread = batch("unread", *["1012"] * 400, *["Antwerpen"] * 31)
    places = count_places([remote, unread])
    assert places["unread_n"].to_pylist() == [120, 400]
    assert mostly_abroad(places) == {}


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
