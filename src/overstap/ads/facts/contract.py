"""Kind of contract: permanent, temporary, freelance or internship.

An internship or freelance job named in the title holds before the text. A temporary contract with a prospect of a
permanent one is temporary. Where the text speaks of both, the temporary one holds if it is named first ("a one-year
contract, then a permanent one"), else it is unknown; so are freelance beside employment. Where the text is silent the
feed's own words count, without span.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from overstap.ads.facts.forms import Scene, mentions_in
from overstap.ads.facts.result import Entry, Fact, by_value, column, spans_of

FIELD = "contract"
_FEED = {
    "permanent": "permanent", "vast": "permanent", "onbepaalde tijd": "permanent", "temporary": "temporary",
    "tijdelijk": "temporary", "bepaalde tijd": "temporary", "fixed": "temporary", "intern": "internship",
    "stage": "internship", "freelance": "freelance", "zzp": "freelance",
}  # fmt: skip


def read_contract(scene: Scene, titles: pa.Array, feed: pa.Array) -> Fact:
    """The contract per ad, with the words that say so."""
    mentions = scene.mentions(FIELD)
    mentions = mentions.take(~scene.zones.negated.covers(mentions.row, mentions.start))
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in mentions.entries:
        entries[entry[0]].append(entry)
    titled: dict[int, set[str]] = defaultdict(set)
    for row, _, _, value in mentions_in(titles, FIELD).entries:
        titled[row].add(value.removeprefix("title:"))
    found: dict[int, str] = {}
    proof: list[Entry] = []
    for row, here in entries.items():
        here = [entry for entry in here if not entry[3].startswith("title:")]
        value = _resolve([entry[3] for entry in here])
        if value is not None:
            found[row] = value
            proof += [entry for entry in here if entry[3] == value]
    for row, values in titled.items():
        if len(values) == 1 and values != {"other"}:
            found[row] = next(iter(values))
    fed = by_value(feed, feed_contract)
    found = {row: value for row, value in fed.items() if row not in entries and row not in titled} | found
    kept = [entry for entry in proof if found[entry[0]] == entry[3]]
    return Fact({FIELD: column(found, scene.rows, pa.string())}, {FIELD: spans_of(kept)})


def feed_contract(text: str) -> str | None:
    """The contract in a feed's own words; null where it names none or several."""
    named = {value for word, value in _FEED.items() if word in text.lower()}
    return named.pop() if len(named) == 1 else None


def _resolve(values: list[str]) -> str | None:
    """One kind of contract from those named, in the order of the text."""
    kinds = dict.fromkeys(values)
    if len(kinds) == 1:
        return values[0]
    if set(kinds) == {"permanent", "temporary"} and values[0] == "temporary":
        return "temporary"
    return None
