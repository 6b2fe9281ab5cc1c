"""Place of an ad, as feeds write it, to province (NUTS 2) and COROP region (NUTS 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyarrow as pa

from overstap.ads.titles import distinct
from overstap.ads.wider_places import plain, wider_places

RESULT = pa.schema([("province_code", pa.string()), ("nuts3_code", pa.string())])

_SPLIT = re.compile(r"\s*[,;/|()]\s*|\s+[-–—]\s+")
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Z]{2}\b|^\d{4}\b")
_BRACKETED = re.compile(r"\s*\([^)]*\)$")
_WHOLE_POSTCODE = re.compile(
    r"\b[1-9]\d{3}(?:\s?(?!S[ADS])[A-Z]{2}|[a-z]{2})\b"
)  # four digits alone are of many countries
_AROUND = re.compile(
    r"^(?:(?:regio|omgeving|omstreken|gemeente|stad|city of|greater|metropoolregio|groot|nabij|near|region|provincie|"
    r"locatie|standplaats|in|te)\s+)+|(?:\s+(?:en omgeving|en omstreken|e o|eo|area|region|regio|stad|city|"
    r"metropolitan|gemeente|airport|randstad|nederland|netherlands|nl|the netherlands))+$"
)
_REMEMBERED = 1 << 17  # places, of a few hundred bytes each
_SHORTEST = 5  # letters of the part of a longer name that may be looked up as a town by itself

Region = tuple[str | None, str | None]
_NOWHERE: Region = (None, None)


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
                for name in {plain(place), plain(_BRACKETED.sub("", place))}:  # "Bergen (NH)" is written "Bergen" too
                    towns.setdefault(name, []).append((kind, province, nuts3))
        return cls({k: tuple(v) for k, v in towns.items()}, names["province"], names["province_abbreviation"])

    @cached_property
    def remembered(self) -> Callable[[str | None], Region]:
        """`region`, which keeps what it said of the last places: they come back."""
        return lru_cache(_REMEMBERED)(self.region)

    def at_home(self, place: str) -> bool | None:
        """Whether a place as written is in the Netherlands; null where it names no place that is known.

        True by name of the country, a postcode, a town or a region; false by name of another country or of a state or
        city of it. "Bergen" and "Haarlem" are Dutch where nothing behind them says otherwise.
        """
        wider, segments = wider_places(), _segments(place)
        if self._is_home(segments):
            return True
        if self._is_abroad(place, segments):
            return False
        if _WHOLE_POSTCODE.search(place) or any(self._town(segment, None) for segment in segments):
            return True
        names = {_AROUND.sub("", segment).strip() for segment in segments} | {*segments}
        if not names.isdisjoint(wider.cities):
            return False
        if any(self.remembered(place)) or not names.isdisjoint(wider.regions):
            return True
        return False if any(len(name) > 2 and name in wider.abroad for name in names) else None

    def _is_home(self, segments: list[str]) -> bool:
        return not wider_places().home.isdisjoint(segments)

    def _is_abroad(self, place: str, segments: list[str]) -> bool:
        """Whether a country or state is named, behind a name or alone."""
        wider = wider_places()
        if wider.state.search(place):
            return True
        # FR and GR are provinces before "NL", countries without it; two letters alone name no country.
        alone = len(segments) == 1
        later = [s for s in segments if s in wider.abroad and (alone or s != segments[0])]
        return any(s not in self.towns if len(s) > 2 else not alone for s in later)

    def region(self, place: str | None) -> Region:
        """Province and COROP region of a place as written; null where unknown, not one region, or abroad."""
        if not place:
            return _NOWHERE
        segments = _segments(place)
        home = self._is_home(segments)
        if not home and self._is_abroad(place, segments):
            return _NOWHERE
        segments = [s for s in segments if s not in wider_places().home]
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


def _segments(place: str) -> list[str]:
    """The plain names of a place as written, without its postcode."""
    return [s for s in map(plain, _SPLIT.split(_POSTCODE.sub(" ", place))) if s]


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
