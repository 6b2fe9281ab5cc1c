"""Where the ads of each source are, by the places that they name: in the Netherlands or in another country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyarrow as pa

from overstap.ads.place import bundled_places
from overstap.schema import table_spec

FEW = 30  # ads with a place that is recognised, below which nothing is said of a source
LEAST_READ = 10.0  # per cent of the ads with a place of which it must be recognised: few towns are listed abroad
MOST = 50.0  # per cent of the recognised that are abroad, above which a feed is of another country


def count_places(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """Rows of `core_places` from batches of `raw_ads` with source_id and place: ads in the Netherlands, in another
    country, and with a place that says neither ("Remote", "Diverse locaties", a town that is not known)."""
    at_home = bundled_places().at_home
    named = Counter[tuple[str, str | None]]()
    for batch in batches:
        found = pa.Table.from_batches([batch]).group_by(["source_id", "place"]).aggregate([([], "count_all")])
        for source, place, n in zip(*(found[name].to_pylist() for name in found.column_names), strict=True):
            named[source, place] += n
    ads, counts = Counter[str](), {True: Counter[str](), False: Counter[str](), None: Counter[str]()}
    for (source, place), n in named.items():  # each place is read once, however many batches hold it
        ads[source] += n
        if place and place.strip():
            counts[at_home(place)][source] += n
    columns = {"home_n": counts[True], "abroad_n": counts[False], "unread_n": counts[None]}
    rows = [
        {"source_id": source, "ads_n": ads[source], **{name: column[source] for name, column in columns.items()}}
        for source in sorted(ads)
    ]
    return pa.Table.from_pylist(rows, schema=table_spec("core_places").schema)


def mostly_abroad(places: pa.Table) -> dict[str, float]:
    """By source the share (%) in another country of its ads whose place is recognised, of the sources of which most
    are and of which enough is recognised to tell. Rows of `core_places`."""
    shares = {}
    for row in places.to_pylist():
        read = row["home_n"] + row["abroad_n"]
        enough = read >= FEW and 100 * read >= LEAST_READ * (read + row["unread_n"])
        if enough and 100 * row["abroad_n"] > MOST * read:
            shares[row["source_id"]] = 100 * row["abroad_n"] / read
    return shares
