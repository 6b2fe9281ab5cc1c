"""Where the ads of each source are, by the places that they name: in the Netherlands or elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyarrow as pa

from overstap.ads.place import bundled_places
from overstap.schema import table_spec

FEW = 30  # ads with a place, below which nothing is said of a source
MOST = 50.0  # per cent of the ads with a place that name one elsewhere, above which a feed is of another country


def count_places(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """Rows of `core_places` from batches of `raw_ads` with source_id and place; a place of which the Netherlands know
    no town, municipality or province is elsewhere."""
    at_home = bundled_places().at_home
    ads, home, elsewhere = Counter[str](), Counter[str](), Counter[str]()
    for batch in batches:
        found = pa.Table.from_batches([batch]).group_by(["source_id", "place"]).aggregate([([], "count_all")])
        for source, place, n in zip(*(found[name].to_pylist() for name in found.column_names), strict=True):
            ads[source] += n
            if place and place.strip():
                (home if at_home(place) else elsewhere)[source] += n
    rows = [
        {"source_id": source, "ads_n": ads[source], "home_n": home[source], "elsewhere_n": elsewhere[source]}
        for source in sorted(ads)
    ]
    return pa.Table.from_pylist(rows, schema=table_spec("core_places").schema)


def mostly_elsewhere(places: pa.Table) -> dict[str, float]:
    """By source the share (%) of its ads with a place that name one outside the Netherlands, of the sources of which
    most do. Rows of `core_places`."""
    shares = {}
    for row in places.to_pylist():
        placed = row["home_n"] + row["elsewhere_n"]
        if placed >= FEW and 100 * row["elsewhere_n"] > MOST * placed:
            shares[row["source_id"]] = 100 * row["elsewhere_n"] / placed
    return shares
