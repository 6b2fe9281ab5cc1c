"""Whether an ad is posted by an agency (temporary work, secondment, recruitment) for another employer.

True where the text speaks of a client that hires or the employer's name is that of an agency (`agency_names.csv`); false
where the employer is named in that table as none, or the text asks agencies to stay away; else unknown.
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
    match = _names().search(company)
    return None if match is None else match.lastgroup == "agency"


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    parts: dict[str, list[str]] = {"1": [], "0": []}
    with (resources.files("overstap.reference") / "data" / "agency_names.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = re.escape(row["name"])
            left = "^" if row["match"] == "start" else "" if row["match"] == "part" else r"\b"
            parts[row["is_agency"]].append(f"{left}{name}" + ("" if row["match"] == "part" else r"\b"))
    return re.compile(f"(?P<agency>{'|'.join(parts['1'])})|(?P<employer>{'|'.join(parts['0'])})", re.IGNORECASE)
