"""Find an occupation by what a person types: a code, an ESCO URI, a name in Dutch or English, typos allowed."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.code_title import TitleCoder
from overstap.ads.titles import strip_accents
from overstap.moves.crosswalk import Level, check_level, crosswalk, esco_units, has_esco
from overstap.reference import esco
from overstap.reference.home import data_home
from overstap.reference.tables import load

NEAREST = 3
_URI = re.compile(r"^(?:https?://)?data\.europa\.eu/esco/(occupation|isco)/([^/?#\s]+)/?$", re.IGNORECASE)
_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_CODE = re.compile(r"^(?:isco(?:-?08)?|brc|c)?[\s:_-]*(\d{3,4})(?:\.0*)?$", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9+#]+")
_SURE, _SPELT = 1.0, 0.95  # named exactly; spelt nearly so, at most
_ALIKE = 0.88  # likeness of two spellings below which one is no slip of the other
_LIKELY = {"esco": 0.9, "isco": 0.5, "brc": 0.5}  # from here the coder of titles goes before a list's other names
_MEANT = 0.4
"""Probability of a unit group from which a text that is no name is read as it: below, the ending of a word ("bouwer")
or some letters are all that speaks for it, and the nearest are better shown than chosen."""
_KINDS = ("esco_label", "isco", "esco_alt", "ilo_index", "esco_hidden")


class Found(NamedTuple):
    """An occupation: its code at the level that was asked, its name, and how sure it is (1: named exactly)."""

    code: str
    name: str
    score: float


@dataclass(frozen=True, eq=False)
class Finder:
    """Names of the occupations of one level. `names`: code to its name in each language; `forms`: what may be typed,
    folded, to the codes it may mean, likeliest first; `studied`: those that the study of 2019 uses, to what it means;
    `replaced`: URIs of ESCO v1.0 that are gone."""

    level: Level
    units: dict[str, list[str]]
    names: dict[str, dict[str, str]]
    forms: dict[str, list[str]]
    studied: dict[str, str]
    replaced: dict[str, str]

    @classmethod
    def of(cls, level: Level, home: Path | None = None) -> Finder:
        """On the bundled titles, and the labels of the installed ESCO. Raises InputError for an unknown level."""
        check_level(level)
        forms: dict[str, list[str]] = defaultdict(list)
        names = _names(level, home)
        for title, code in _titles(level, names, home):
            form = fold(title)
            if form and code not in forms[form]:
                forms[form].append(code)
        replaced = {r["esco_uri"]: r["replaced_by"] for r in load("esco_replaced").to_pylist()}
        units = _from_unit(level, home)
        return cls(level, units, names, dict(forms), {} if level == "esco" else _studied(units, names), replaced)

    @cached_property
    def pieces(self) -> dict[str, list[str]]:
        """Pieces of three letters to the forms that hold them."""
        held: dict[str, list[str]] = defaultdict(list)
        for form in self.forms:
            for gram in grams(form):
                held[gram].append(form)
        return held

    def find(self, text: str, lang: str = "nl", top: int = NEAREST) -> list[Found]:
        """Occupations that `text` may mean, best first, at most `top`; the first has score 1 where it is named exactly.

        Of an unknown text the nearest are given, with a score below `overstap.moves.find.KNOWN`; none where nothing in
        it is like any name.
        """
        if coded := self.coded(text):
            return [self._found(code, lang, _SURE) for code in coded[:top]]
        if _URI.match(text.strip()) or _UUID.match(text.strip()):
            return []
        form = fold(text)
        studied = self.studied.get(form)
        in_language = {code for code in self.forms.get(form, ()) if fold(self.names[code].get(lang, "")) == form}
        exact = sorted(self.forms.get(form, ()), key=lambda code: (code != studied, code not in in_language))
        if studied is not None and studied not in exact:
            exact = [studied, *exact]
        scored = dict.fromkeys(exact, _SURE)
        if exact and exact[0] != studied and form not in _own(self.names[exact[0]].values()):
            # What an official list has among its other names may mean something else to most people.
            meant = [
                code for code, score in self._by_meaning(text, lang) if score >= _LIKELY[self.level] or code in scored
            ]
            scored = dict.fromkeys([*meant, *exact], _SURE)
        if not exact and form:
            for alike, score in self._alike(form):
                for code in self.forms[alike]:
                    scored.setdefault(code, score)
            for code, score in self._by_meaning(text, lang):
                scored[code] = max(score, scored.get(code, 0.0))
        order = sorted(scored, key=lambda code: (-scored[code], list(scored).index(code)))
        return [self._found(code, lang, round(scored[code], 3)) for code in order[:top]]

    def name(self, code: str, lang: str = "nl") -> str:
        """The name of a code; in the other language where there is none in this one."""
        known = self.names.get(code, {})
        return known.get(lang) or next(iter(known.values()), code)

    def _found(self, code: str, lang: str, score: float) -> Found:
        return Found(code, self.name(code, lang), score)

    def coded(self, text: str) -> list[str]:
        """All codes of the level that a URI or a number stands for; none where the text is neither, or is not known.

        A unit group stands for all of its ESCO occupations. Numbers whose first zero a spreadsheet took are mended.
        """
        tail = text.strip()
        if match := _URI.match(tail):
            tail = match[2]
            if match[1].lower() == "isco":
                return self.units.get(tail.upper().removeprefix("C"), [])
        if _UUID.match(tail):
            uri = f"http://data.europa.eu/esco/occupation/{tail.lower()}"
            uri = self.replaced.get(uri, uri)
            return [uri] if uri in self.names else self.units.get(uri, [])
        if match := _CODE.match(tail):
            code = match[1].zfill(4)
            return [code] if code in self.names else self.units.get(code, [])
        return []

    def _alike(self, form: str) -> list[tuple[str, float]]:
        """Forms that are spelt nearly so: those that share most pieces of three letters, rated by their likeness."""
        shared: dict[str, int] = defaultdict(int)
        for gram in grams(form):
            for other in self.pieces.get(gram, ()):
                shared[other] += 1
        size = len(grams(form))
        near = sorted(shared, key=lambda other: -shared[other] / (size + len(grams(other))))[:50]
        rated = [(other, difflib.SequenceMatcher(None, form, other).ratio()) for other in near]
        return sorted(((o, _SPELT * r) for o, r in rated if r >= _ALIKE), key=lambda pair: -pair[1])

    def _by_meaning(self, text: str, lang: str) -> Iterable[tuple[str, float]]:
        """What the coder of titles makes of it, for what is no name but says what the work is."""
        row = _coder(lang).code([text])[0]
        # Whether it is read at all hangs on the group: what is finer divides the group's score.
        known = _SPELT if row["codable"] and row["score"] >= _MEANT else _UNREAD
        if self.level == "esco":
            return [(e["uri"], min(known, e["score"])) for e in row["esco"] if e["uri"] in self.names]
        found = [(code, c["score"]) for c in row["candidates"] for code in self.units.get(c["isco08"], ())]
        return [(code, min(known, score)) for code, score in found]


KNOWN = 0.15
"""The score from which a text counts as found. What is spelt like no name has it only where the coder of titles gives
its unit group `_MEANT` or more."""
_UNREAD = KNOWN - 0.01


def find(text: str, level: Level, lang: str = "nl", home: Path | None = None) -> list[Found]:
    """The occupations of a level that a text may mean, best first, at most three; see `Finder.find`."""
    return finder(level, home).find(text, lang)


def finder(level: Level, home: Path | None = None) -> Finder:
    """The finder of a level; built once in a process for each data folder."""
    return _finder(level, data_home(home))


@lru_cache(maxsize=2)
def _coder(lang: str) -> TitleCoder:
    return TitleCoder.bundled(lang, NEAREST)


@lru_cache(maxsize=8)
def _finder(level: Level, home: Path) -> Finder:
    return Finder.of(level, home)


def fold(text: str) -> str:
    """Lower case without accents, words parted by one space."""
    return _NOT_WORD.sub(" ", strip_accents(text)).strip()


def grams(form: str) -> set[str]:
    """The pieces of three letters of a folded form, its ends included."""
    padded = f" {form} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _names(level: Level, home: Path | None) -> dict[str, dict[str, str]]:
    if level == "brc":
        table = load("brc2014")
        return {c: {"nl": n} for c, n in zip(table["code"].to_pylist(), table["title_nl"].to_pylist(), strict=True)}
    if level == "isco":
        rows = [r for r in load("isco08").to_pylist() if r["level"] == 4]
        return {r["code"]: {"nl": r["title_nl"], "en": r["title_en"]} for r in rows}
    names: dict[str, dict[str, str]] = {uri: {} for uri in esco_units(home)}
    labels = load("occupation_titles").filter(pc.field("kind") == "esco_label")
    for uri, lang, title in _rows(labels, "esco_uri", "language", "title"):
        if uri in names:
            names[uri].setdefault(lang, title)
    others = esco.load_occupations(home) if has_esco(home) else load("esco_later")
    for uri, *labelled in _rows(others, "esco_uri", "label_nl", "label_en"):
        for lang, label in zip(("nl", "en"), labelled, strict=True):
            if uri in names and label:
                names[uri].setdefault(lang, label)
    return names


def _titles(level: Level, names: dict[str, dict[str, str]], home: Path | None) -> list[tuple[str, str]]:
    """What may be typed with the code it means, the likeliest first: own names, labels of ESCO, then other titles."""
    own = [(form, code) for code, known in names.items() for form in _own(known.values())]
    rows = sorted(
        _rows(load("occupation_titles"), "title", "isco08", "esco_uri", "kind"), key=lambda r: _KINDS.index(r[3])
    )
    above = _from_unit(level, home)
    if level == "esco":
        told = [(title, uri) for title, _, uri, _ in rows if uri in names]
        gone = [
            (r[f"label_{lang}"], r["replaced_by"]) for r in load("esco_replaced").to_pylist() for lang in ("nl", "en")
        ]
        return own + told + gone
    return own + [(title, code) for title, unit, _, _ in rows for code in above.get(unit, ())]


def _studied(units: dict[str, list[str]], names: dict[str, dict[str, str]]) -> dict[str, str]:
    """Names of the occupations that the study of 2019 calls shrinking, singular and plural, with its class."""
    found: dict[str, str] = {}
    for row in load("shrinking_occupations").to_pylist():
        code = (
            row["isco08_code"] if row["isco08_code"] in names else next(iter(units.get(row["isco08_code"], ())), None)
        )
        if row["scope"] == "core" and code:
            found |= dict.fromkeys(_own((row["group_nl"], row["group_en"])), code)
    return found


def _own(names: Iterable[str]) -> list[str]:
    """The forms of a preferred name: also in the singular, as official lists name groups in the plural."""
    forms = [fold(name) for name in names]
    return forms + [form.removesuffix("s") for form in forms if form.endswith("s")]


def _rows(table: pa.Table, *columns: str) -> Iterable[tuple[str, ...]]:
    return zip(*(table[column].to_pylist() for column in columns), strict=True)


def _from_unit(level: Level, home: Path | None) -> dict[str, list[str]]:
    """From unit groups, and from ESCO occupations, to the codes of the level."""
    links: dict[str, list[str]] = defaultdict(list)
    starts: Sequence[Level] = ("isco",) if level == "esco" else ("isco", "esco")
    for start in starts:
        for row in crosswalk(start, level, home).to_pylist():
            links[row["from"]].append(row["to"])
    return dict(links)
