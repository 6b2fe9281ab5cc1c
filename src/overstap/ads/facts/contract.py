"""Kind of contract: permanent, temporary, freelance, internship or on call.

An internship or freelance job named in the title holds before the text. A temporary contract with a prospect of a
permanent one is temporary, and so is one that becomes permanent later ("na 6 maanden een vast contract"). What is said
not to be ("niet geschikt voor zzp'ers", "freelancers need not apply") does not count. Where the text speaks of both,
the temporary one holds if it is named first ("a one-year contract, then a permanent one"), else it is unknown; so are
freelance beside employment. A contract without fixed hours ("oproepkracht", "nulurencontract", "zero hours", "min-max")
is on call, also where it is for a fixed term: Statistics Netherlands counts call workers apart among flexible workers.
Where the text is silent the feed's own words count, without span; "internship" only where
the feed names nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from overstap.ads.facts.forms import Mentions, Scene, mentions_in
from overstap.ads.facts.result import Entry, Fact, by_value, column, spans_of
from overstap.ads.facts.windows import kept

FIELD = "contract"
_BEFORE, _AFTER = 60, 60
_LATER = "later"
"""A permanent contract that follows on another one."""
Reading = tuple[bool, int, int] | None
_LATER_BEFORE = re.compile(
    r"\b(?:na|after)\s+(?!your\b)[^.;,\n]{0,30}?\b(?:maand(?:en)?|jaar|months?|years?|we(?:ken|eks)|uren|periode?|"
    r"proef\w*|probation\w*|jaarcontract|detachering\w*|uitzend\w*)\b[^.;,\n]{0,30}$"
    r"|\b(?:op\s+termijn|uiteindelijk|daarna|vervolgens|volgt|verlengd|omgezet|eventually|overname\s+naar|"
    r"doorgroeien\s+naar)\b[^.;,\n]{0,30}$",
    re.IGNORECASE,
)
_LATER_BEHIND = re.compile(
    r"[^.;,\n]{6,36}?\b(?:na|after)\s+(?!your\b)[^.;,\n]{0,24}?\b(?:maand(?:en)?|jaar|months?|years?|uren|periode?)\b",
    re.IGNORECASE,
)
_REFUSED_BEFORE = re.compile(r"\b(?:niet|not|geen|no|never|nooit)\b[^.;,\n]{0,38}$", re.IGNORECASE)
_REFUSED_BEHIND = re.compile(
    r"[^.;\n]{0,45}?\b(?:hoeven\s+niet|need\s+not|(?:kunnen|can|may|will)\s*(?:niet|not)|(?:worden|wordt|komen|komt|nemen|stellen|are|is)\s+"
    r"(?:wij\s+|we\s+)?(?:helaas\s+)?(?:niet|not|geen))\b",
    re.IGNORECASE,
)
_FEED = {
    "permanent": "permanent", "vast": "permanent", "onbepaalde tijd": "permanent", "temporary": "temporary",
    "tijdelijk": "temporary", "bepaalde tijd": "temporary", "fixed": "temporary", "intern": "internship",
    "stage": "internship", "freelance": "freelance", "zzp": "freelance",
    "oproep": "on_call", "nuluren": "on_call", "0-uren": "on_call", "zero hour": "on_call", "zero-hour": "on_call",
}  # fmt: skip


def read_contract(scene: Scene, titles: pa.Array, feed: pa.Array) -> Fact:
    """The contract per ad, with the words that say so."""
    mentions = scene.mentions(FIELD)
    named = np.char.startswith(mentions.value, "title:")
    entries: dict[int, list[Entry]] = defaultdict(list)
    mentions = mentions.take(~named & ~scene.zones.negated.covers(mentions.row, mentions.start))
    permanent, freelance = mentions.value == "permanent", mentions.value == "freelance"
    later = _marked(scene, mentions.take(permanent), _is_later)
    refused = _marked(scene, mentions.take(freelance), _is_refused)
    for row, start, end, value in mentions.entries:
        if (row, start) not in refused:
            entries[row].append((row, start, end, _LATER if (row, start) in later else value))
    titled: dict[int, set[str]] = defaultdict(set)
    for row, _, _, value in mentions_in(titles, FIELD).entries:
        titled[row].add(value.removeprefix("title:"))
    found: dict[int, str] = {}
    proof: list[Entry] = []
    for row, here in entries.items():
        value = _resolve([entry[3] for entry in here])
        if value is not None:
            found[row] = value
            proof += [(*entry[:3], value) for entry in here if entry[3] in (value, _LATER)]
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
    if "internship" in named and re.search(r"[,;/|]", text):
        return None  # boards add "internship" to jobs for graduates
    return _on_call(named) or (named.pop() if len(named) == 1 else None)


def _marked(scene: Scene, mentions: Mentions, parse: Callable[[bytes, int], Reading]) -> set[tuple[int, int]]:
    """Row and start of the mentions around which `parse` finds what it looks for."""
    return {(row, start) for row, start, _, _ in scene.windows(mentions, _BEFORE, _AFTER).read(parse)}


@kept
def _is_later(window: bytes, at: int) -> Reading:
    """Whether a permanent contract follows on another one."""
    found = _LATER_BEFORE.search(window[:at].decode()) or _LATER_BEHIND.match(window[at:].decode())
    return (True, 0, 0) if found else None


@kept
def _is_refused(window: bytes, at: int) -> Reading:
    """Whether freelancers are not wanted."""
    found = _REFUSED_BEFORE.search(window[:at].decode()) or _REFUSED_BEHIND.match(window[at:].decode())
    return (True, 0, 0) if found else None


def _resolve(values: list[str]) -> str | None:
    """One kind of contract from those named, in the order of the text."""
    if (on_call := _on_call({*values})) is not None:
        return on_call
    if _LATER in values and {*values} <= {_LATER, "temporary", "permanent"}:
        return "temporary"
    kinds = dict.fromkeys(values)
    if len(kinds) == 1:
        return values[0]
    if set(kinds) == {"permanent", "temporary"} and values[0] == "temporary":
        return "temporary"
    return None


def _on_call(kinds: set[str]) -> str | None:
    """On call where that is named, alone or for a fixed term."""
    return "on_call" if "on_call" in kinds and kinds <= {"on_call", "temporary", _LATER} else None
