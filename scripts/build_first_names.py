"""Rebuild `reference/data/first_names.csv` from the packages `mimesis` and `names`, or say how it differs from them.

| part | source | licence |
|---|---|---|
| first names of thirteen languages | mimesis, `datasets/*/person.json` (Líkið Geimfari) | MIT |
| first names of the census of the United States of 1990 | names, `dist.*.first` (U.S. Census Bureau) | public domain |

`python scripts/build_first_names.py [--write]`, with both packages installed (`pip install mimesis names`); without
`--write` it compares. Our own list is apart, in `overstap.ads.names`. Left out are words with another sense in ads,
chosen by hand: a name that the packages have and the file has not stays out, and is counted; only a name that is in
neither package is an error. `alone` (a name that counts without a surname) is kept as it is.
"""

from __future__ import annotations

import csv
import json
import sys
from importlib.resources import files
from pathlib import Path

FILE = Path(__file__).parents[1] / "src" / "overstap" / "reference" / "data" / "first_names.csv"


def mimesis_names() -> set[str]:
    """First names of every language of mimesis that is written in Latin letters."""
    found: set[str] = set()
    for path in files("mimesis").joinpath("datasets").iterdir():
        person = path.joinpath("person.json")
        if person.is_file():
            names = json.loads(person.read_text(encoding="utf-8")).get("names", [])
            found |= {name for group in (names.values() if isinstance(names, dict) else [names]) for name in group}
    return {name.lower() for name in found}


def census_names() -> set[str]:
    """First names of the census of 1990."""
    lists = (files("names").joinpath(f"dist.{part}.first") for part in ("male", "female"))
    return {line.split()[0].lower() for path in lists for line in path.read_text(encoding="utf-8").splitlines()}


def main(write: bool) -> int:
    """Compare or rewrite; gives 1 where the file has names of no source."""
    with FILE.open(encoding="utf-8", newline="") as file:
        now = {row["name"]: row["alone"] for row in csv.DictReader(file)}
    known = mimesis_names() | census_names()
    strange = sorted(now.keys() - known)
    print(f"{len(now):,} names, {len(strange)} in no source; {len(known - now.keys()):,} of the sources left out")
    if strange:
        print("in no source:", ", ".join(strange[:20]))
    if write:
        kept = sorted(name for name in now if name in known)
        FILE.write_text("name,alone\n" + "".join(f"{name},{now[name]}\n" for name in kept), encoding="utf-8")
    return int(bool(strange))


if __name__ == "__main__":
    raise SystemExit(main("--write" in sys.argv[1:]))
