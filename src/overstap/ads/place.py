"""Place of an ad, as feeds write it, to province (NUTS 2) and COROP region (NUTS 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyarrow as pa

from overstap.ads.titles import distinct, strip_accents

RESULT = pa.schema([("province_code", pa.string()), ("nuts3_code", pa.string())])

_SPLIT = re.compile(r"\s*[,;/|()]\s*|\s+[-–—]\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Z]{2}\b|^\d{4}\b")
_AROUND = re.compile(
    r"^(?:(?:regio|omgeving|omstreken|gemeente|stad|city of|greater|metropoolregio|groot|nabij|near|region|provincie|"
    r"locatie|standplaats|in|te)\s+)+|(?:\s+(?:en omgeving|en omstreken|e o|eo|area|region|regio|stad|city|"
    r"metropolitan|gemeente|airport|randstad|nederland|netherlands|nl|the netherlands))+$"
)
_HOME = frozenset({"nl", "nld", "nederland", "netherlands", "the netherlands", "holland", "pays bas", "niederlande"})
_ABROAD = frozenset(
    {"be", "belgie", "belgium", "belgique", "vlaanderen", "flanders", "brussel", "brussels", "antwerpen", "de", "fr"}
    | {"duitsland", "germany", "deutschland", "frankrijk", "france", "uk", "gb", "england", "engeland", "london"}
    | {"scotland", "wales", "united kingdom", "verenigd koninkrijk", "us", "usa", "united states", "ca", "canada"}
    | {
        "verenigde staten",
        "es",
        "spanje",
        "spain",
        "pt",
        "portugal",
        "it",
        "italie",
        "italy",
        "ie",
        "ierland",
        "ireland",
    }
    | {
        "dk",
        "denemarken",
        "denmark",
        "se",
        "zweden",
        "sweden",
        "no",
        "noorwegen",
        "norway",
        "fi",
        "finland",
        "pl",
        "polen",
    }
    | {
        "poland",
        "at",
        "oostenrijk",
        "austria",
        "ch",
        "zwitserland",
        "switzerland",
        "lu",
        "luxemburg",
        "luxembourg",
        "gr",
    }
    | {"griekenland", "greece", "cz", "tsjechie", "ro", "roemenie", "romania", "bg", "bulgarije", "bulgaria", "hu"}
    | {
        "hongarije",
        "hungary",
        "tr",
        "turkije",
        "turkey",
        "in",
        "india",
        "cn",
        "china",
        "jp",
        "japan",
        "au",
        "australie",
    }
    | {
        "australia",
        "za",
        "south africa",
        "curacao",
        "aruba",
        "bonaire",
        "suriname",
        "sint maarten",
        "dubai",
        "singapore",
    }
)

_REMEMBERED = 1 << 17  # places, of a few hundred bytes each
_SHORTEST = 5  # letters of the part of a longer name that may be looked up as a town by itself

Region = tuple[str | None, str | None]
_NOWHERE: Region = (None, None)


def plain(text: str) -> str:
    """Lower case, no accents, words apart by one space."""
    return " ".join(_NOT_WORD.sub(" ", strip_accents(text).replace("'s-", "s ").replace("'", "")).split())


@dataclass(frozen=True)
class Places:
    """Names of towns, municipalities and provinces with the regions that they can mean."""

    towns: dict[str, tuple[tuple[str, str, str], ...]]
    provinces: dict[str, str]
    short: dict[str, str]

    @classmethod
    def from_table(cls, table: pa.Table) -> Places:
        """From the reference table `places`: columns place, kind, province_code, nuts3_code."""
        towns: dict[str, list[tuple[str, str, str]]] = {}
        names: dict[str, dict[str, str]] = {"province": {}, "province_abbreviation": {}}
        columns = (table[c].to_pylist() for c in ("place", "kind", "province_code", "nuts3_code"))
        for place, kind, province, nuts3 in zip(*columns, strict=True):
            if kind in names:
                names[kind][plain(place)] = province
            else:
                towns.setdefault(plain(place), []).append((kind, province, nuts3))
        return cls({k: tuple(v) for k, v in towns.items()}, names["province"], names["province_abbreviation"])

    @cached_property
    def remembered(self) -> Callable[[str | None], Region]:
        """`region`, which keeps what it said of the last places: they come back."""
        return lru_cache(_REMEMBERED)(self.region)

    def at_home(self, place: str) -> bool:
        """Whether a place as written is known to be in the Netherlands: a region of it, or its name."""
        return any(self.remembered(place)) or any(plain(part) in _HOME for part in _SPLIT.split(place))

    def region(self, place: str | None) -> Region:
        """Province and COROP region of a place as written; null where unknown, not one region, or abroad."""
        if not place:
            return _NOWHERE
        segments = [plain(s) for s in _SPLIT.split(_POSTCODE.sub(" ", place))]
        segments = [s for s in segments if s]
        home = any(s in _HOME for s in segments)
        # FR and GR are provinces before "NL", countries without it; two letters alone name no country.
        abroad = [s for s in segments if s in _ABROAD and (len(segments) == 1 or s != segments[0])]
        if not home and any(len(s) > 2 or len(segments) > 1 for s in abroad):
            return _NOWHERE
        segments = [s for s in segments if s not in _HOME]
        province = self._province(segments[1:]) or self._province(segments[:1], long_only=not home)
        best: Region | None = None
        for segment in segments:
            if segment.startswith("provincie ") or (segment in self.provinces and segment not in self.towns):
                continue
            found = self._town(segment, province)
            if found and found[1]:
                return found
            best = best or found
        return best or (province, None)

    def _province(self, segments: list[str], long_only: bool = False) -> str | None:
        for segment in segments:
            name = segment.removeprefix("provincie ")
            code = self.provinces.get(name) or (None if long_only else self.short.get(name))
            if code and not (long_only and segment in self.towns):
                return code
        return None

    def _town(self, segment: str, province: str | None) -> Region | None:
        name = segment
        while True:
            bare = _AROUND.sub("", name).strip()
            for form in (name, bare):
                if form in self.towns:
                    return _one(self.towns[form], province)
            words = bare.split()
            name = " ".join(words[:-1])
            if len(name) < _SHORTEST:
                return None


def _one(rows: tuple[tuple[str, str, str], ...], province: str | None) -> Region:
    """The region of a name that several places may bear: those in the given province, municipalities before towns."""
    here = [r for r in rows if r[1] == province] or ([] if province else list(rows))
    here = [r for r in here if r[0] == "municipality"] or here
    provinces, regions = {r[1] for r in here}, {r[2] for r in here}
    if not here:
        return province, None
    return (provinces.pop() if len(provinces) == 1 else None), (regions.pop() if len(regions) == 1 else None)


@lru_cache(maxsize=1)
def bundled_places() -> Places:
    """The bundled table of places, read at the first call."""
    from overstap.reference import tables

    return Places.from_table(tables.load("places"))


def code_places(places: pa.Array | pa.ChunkedArray, *, known: Places | None = None) -> pa.RecordBatch:
    """Province (NUTS 2) and COROP region (NUTS 3) of each place, null where unknown or abroad.

    A name that several towns bear gives only what they share, unless the feed names the province. Distinct places are
    looked up once.
    """
    region = (known or bundled_places()).remembered
    values, index = distinct(places)
    regions = [region(v) for v in values]
    columns = [pa.array([r[i] for r in regions], pa.string()).take(index) for i in (0, 1)]
    return pa.RecordBatch.from_arrays(columns, schema=RESULT)
