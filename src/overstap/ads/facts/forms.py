"""What triggers a fact, and where a form alone gives its value: the table `fact_forms.csv`, one kind per fact."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.facts.numbers import WORDS
from overstap.ads.facts.result import Entry
from overstap.ads.facts.windows import Ints, TextBytes, Windows, cut
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult, scan
from overstap.ads.sections import Zones
from overstap.reference.forms import expand
from overstap.schema.core import SECTIONS

KINDS = ("experience", "hours", "salary", "contract", "languages", "licence", "remote", "agency", "firm_size")
NUMBERS = {
    "experience": (*map(str, range(21)), *(f"{n}+" for n in range(21)), *WORDS),
    "hours": tuple(map(str, range(61))),
    "contract": (*map(str, range(1, 13)), "18", "24", "36", *WORDS),
}
"""What `#` stands for in the forms of a kind; "4+" is a token of its own where any form of the index holds it."""


def fact_kinds() -> dict[str, pa.Table]:
    """The forms as kinds of a `FormIndex`, with columns form, case_sensitive and value.

    `#` in a form is a number. A form without value hides another meaning of its words.
    """
    return dict(_kinds())


@dataclass(frozen=True, eq=False)
class Mentions:
    """Mentions of one kind, ordered by row and start: row, start and end in characters, and the form's value."""

    row: Ints
    start: Ints
    end: Ints
    value: npt.NDArray[np.str_]

    def take(self, keep: npt.NDArray[np.bool_]) -> Mentions:
        """Those that are marked."""
        return Mentions(self.row[keep], self.start[keep], self.end[keep], self.value[keep])

    @property
    def entries(self) -> list[Entry]:
        """Row, start, end and value of each."""
        return list(zip(*(a.tolist() for a in (self.row, self.start, self.end, self.value)), strict=True))


@dataclass(frozen=True, eq=False)
class Scene:
    """What every reader of a fact sees: the texts' bytes, what the scan found in them, and their zones."""

    texts: TextBytes
    found: ScanResult
    index: FormIndex
    zones: Zones

    @property
    def rows(self) -> int:
        """Number of texts."""
        return len(self.found.n_tokens)

    def mentions(self, kind: str) -> Mentions:
        """All mentions of a kind; forms that only hide another meaning are left out."""
        at = self.found.of_kind(self.index.kinds.index(kind))
        value = _values()[kind][self.found.form[at]]
        at, value = at[value != ""], value[value != ""]
        row, start, end = (np.ascontiguousarray(a[at]) for a in (self.found.row, self.found.start, self.found.end))
        return Mentions(row, start, end, value)

    def windows(self, mentions: Mentions, before: int, after: int, *, digit: int = 0) -> Windows:
        """Windows around mentions; see `windows.cut`."""
        return cut(self.texts, mentions.row, mentions.start, mentions.end, before, after, digit=digit)

    def lines(self, mentions: Mentions) -> npt.NDArray[np.int64]:
        """The number of the line in which each mention stands."""
        return self.windows(mentions, 0, 0).line

    def in_section(self, row: Ints, start: Ints, *names: str) -> npt.NDArray[np.bool_]:
        """Which positions lie in one of these parts of the ad."""
        return np.array([name in names for name in SECTIONS])[self.zones.section_of(row, start)]

    def holds(self, row: Ints, start: Ints) -> npt.NDArray[np.bool_]:
        """Which positions are neither only a plus nor said not to be needed."""
        return ~self.zones.clauses.covers(row, start) & ~self.zones.negated.covers(row, start)


def mentions_in(texts: pa.Array, kind: str) -> Mentions:
    """The mentions of one kind in short texts (titles), with a scan of their own."""
    found = scan(texts, _index(kind))
    value = _values()[kind][found.form]
    return Mentions(found.row, found.start, found.end, value).take(value != "")


@lru_cache(maxsize=len(KINDS))
def _index(kind: str) -> FormIndex:
    return FormIndex.build({kind: _kinds()[kind]})


@lru_cache(maxsize=1)
def _kinds() -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, object]]] = {kind: [] for kind in KINDS}
    with (resources.files("overstap.reference") / "data" / "fact_forms.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            exact = row["form"].startswith("=")
            for form in expand(row["form"].removeprefix("=")):
                for text in _numbered(form, row["kind"]):
                    rows[row["kind"]].append({"form": text, "case_sensitive": exact, "value": row["value"]})
    return {kind: pa.Table.from_pylist(found) for kind, found in rows.items()}


def _numbered(form: str, kind: str) -> list[str]:
    return [form.replace("#", number) for number in NUMBERS[kind]] if "#" in form else [form]


@lru_cache(maxsize=1)
def _values() -> dict[str, npt.NDArray[np.str_]]:
    return {kind: np.array(table["value"].to_pylist(), np.str_) for kind, table in _kinds().items()}
