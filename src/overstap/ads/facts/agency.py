"""Whether an ad is posted by an agency (temporary work, secondment, recruitment) for another employer.

True where the text speaks of a client that hires or the employer's name is that of an agency (`agency_names.csv`);
false where that table names the employer as none, or the text asks agencies to stay away; else unknown.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Entry, Fact, by_value, choose, column, spans_of

FIELD, KIND = "is_agency", "agency"
_NOT_WORD = re.compile(r"[^\w]+")


def read_agency(scene: Scene, companies: pa.Array) -> Fact:
    """True, false or null per ad, with the words of the text that say so."""
    chosen: dict[int, Entry] = choose(scene.mentions(KIND).entries, key=lambda value: value == "true")
    found = {row: entry[3] == "true" for row, entry in chosen.items()}
    found |= by_value(companies, named_agency)
    proof = [entry for entry in chosen.values() if found[entry[0]] == (entry[3] == "true")]
    return Fact({FIELD: column(found, scene.rows, pa.bool_())}, {FIELD: spans_of(proof)})


@lru_cache(maxsize=1 << 16)
def named_agency(company: str) -> bool | None:
    """Whether the name of an employer is that of an agency; null where the table does not tell."""
    words = _NOT_WORD.sub(" ", company.lower()).split()
    text = f" {' '.join(words)} "
    for is_agency, names in _names().items():
        near = (name for word in ("", *words) for name in names.get(word, ()))
        if any(name in text for name in near):
            return is_agency
    return None


@lru_cache(maxsize=1)
def _names() -> dict[bool, dict[str, list[str]]]:
    """Names as they must stand in " the words of an employer's name ", agencies first, by their first word; those that
    may be a part of a word under ""."""
    names: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    with (resources.files("overstap.reference") / "data" / "agency_names.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = " ".join(_NOT_WORD.sub(" ", row["name"].lower()).split())
            part = row["match"] == "part"
            by_word = names[row["is_agency"] == "1"]
            by_word.setdefault("" if part else name.split(" ")[0], []).append(name if part else f" {name} ")
    return names
