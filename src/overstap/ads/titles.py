"""Job titles as posted to a clean key: what is counted as one title, and what the occupation coder reads."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

import pyarrow as pa


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SENIORITY = {
    "junior": "junior",
    "jr": "junior",
    "entry level": "junior",
    "medior": "medior",
    "mid level": "medior",
    "midlevel": "medior",
    "ervaren": "senior",
    "senior": "senior",
    "sr": "senior",
    "lead": "lead",
    "principal": "lead",
    "staff": "lead",
}
_LEVEL = re.compile(
    r"(?<!team )(?<!tech )\b(junior|jr|medior|mid[- ]?level|entry[- ]level|ervaren|senior|sr|lead|principal(?=\s+\w))"
    r"\b\.?"
)
_SENIOR_FIRST = re.compile(r"^staff(?=\s+(?:software|data|engineer|developer|machine|product|platform|site)\b)")

_GENDER = re.compile(
    r"(?<![a-z0-9])(?:m\s*/\s*[vfwd]|[vfw]\s*/\s*m|man\s*/\s*vrouw|h\s*/\s*f)(?:\s*/\s*[a-z*])*(?![a-z0-9])\*?"
    r"|(?<![a-z0-9])all genders(?![a-z0-9])"
)
_HOURS = re.compile(
    r"(?<![a-z0-9])(?:(?:min(?:imaal)?|max(?:imaal)?|ca|circa|vanaf|tot)\.?\s+)?"
    r"\d+(?:[.,]\d+)?(?:\s*(?:-|–|a|à|/|tot|t/m|to|of|or)\s*\d+(?:[.,]\d+)?)?\s*"
    r"(?:uur|uren|u|hrs?|hours?|h|fte|dagen|dag|days?)"
    r"(?:\s*(?:per|p\.?|/|a|een|in de)\s*(?:week|wk|w|dag|day|mnd|maand))?(?![a-z0-9])"
    r"|(?<![a-z0-9])fte\s*\d+(?:[.,]\d+)?"
)
_SALARY = re.compile(
    r"(?:€|eur\b|euro\b|£|\$)\s*\d[\d.,]*\s*k?(?:\s*(?:-|–|tot|to|/)\s*(?:€|£|\$)?\s*\d[\d.,]*\s*k?)?(?:,-)?"
    r"(?:\s*(?:bruto|gross|netto))?(?:\s*(?:per|p\.?|/)\s*(?:uur|maand|jaar|hour|month|year|annum|week|u|m|mnd))?(?:\.)?"
    r"|(?<![a-z0-9])\d[\d.,]*\s*k?\s*(?:euro|eur)(?![a-z0-9])(?:\s*(?:per|p\.?|/)\s*(?:uur|maand|jaar|hour|month|year))?"
    r"|(?<![a-z0-9])(?:schaal|salarisschaal|scale|fwg)\s*\d+(?:\s*(?:-|/|t/m|of)\s*\d+)?(?![a-z0-9])"
)
_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:vacature\s*nummer|vacaturenummer|vacature\s*nr|vac\.?\s*nr|ref(?:erentie|erence)?|req(?:uisition)?|job\s*id|id|nr)"
    r"\.?\s*[:#.]?\s*[a-z]{0,4}[-_]?\d[\w./-]*"
    r"|(?<![a-z0-9])#\s?\d+|(?<![a-z0-9.])\d{4,}(?![a-z0-9])|(?<![a-z0-9])[a-z]{1,4}[-_]\d{3,}(?![a-z0-9])"
)
_PHRASES = re.compile(
    r"(?<![a-z0-9])(?:"
    r"per direct(?: beschikbaar)?|direct beschikbaar|met spoed|spoed|urgent|immediate start|start (?:asap|direct)|asap|"
    r"(?:wij zoeken|we zoeken|op zoek naar|gezocht|gevraagd|wanted|we are hiring|hiring|now hiring)(?: een| a| an)?|"
    r"(?:ga aan de slag als|aan de slag als|werken als|word jij onze|word|start als|kom werken als)(?=\s)|"
    r"vacatures?(?: voor(?: een)?)?|vacancy|job opening|nieuw team|bijbaan|weekend\s*hulp bijbaan|"
    r"full\s*-?\s*time|fulltime|part\s*-?\s*time|parttime|voltijds?|deeltijds?|freelance|zzp|interim opdracht|"
    r"(?:tijdelijk|vast|jaar)contract|contract|permanent|on\s*-?\s*site|hybrid|hybride|remote(?: working)?|thuiswerken|"
    r"english version|nederlandse versie|dutch version|"
    r"(?:dutch|english|german|french|spanish|italian|nordic)(?:\s*(?:&|and|/)\s*(?:dutch|english|german|french))?"
    r"[- ]speaking|"
    r"(?:nederlands|duits|engels|frans)(?:talige?|sprekende?)"
    r")(?![a-z0-9])[!:]*"
)
_EMPLOYER = re.compile(
    r"(?<=[a-z0-9)+#])\s+(?:@|bij|at|voor onze klant|for our client)(?:\s+|$).*$|(?<=[a-z0-9)+#])\s*@\s*\S.*$"
)
_POSSESSIVE = re.compile(r"(?<=[a-z])'s?(?![a-z])")
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"[a-z0-9]+")
# The run of letters that every match of _LEVEL, _SENIOR_FIRST, _PHRASES and _EMPLOYER (but for "@") begins with or
# follows: titles without any of them, most titles, are spared these patterns.
_MARKS = _set(
    "junior jr medior mid midlevel entry ervaren senior sr lead principal staff per direct met spoed urgent immediate "
    "start asap wij we op gezocht gevraagd wanted hiring now ga aan werken word kom vacature vacatures vacancy job "
    "nieuw bijbaan weekend weekendhulp full fulltime part parttime voltijd voltijds deeltijd deeltijds freelance zzp "
    "interim tijdelijkcontract vastcontract jaarcontract contract permanent on onsite hybrid hybride remote "
    "thuiswerken english nederlandse dutch german french spanish italian nordic nederlandstalig nederlandstalige "
    "nederlandssprekend nederlandssprekende duitstalig duitstalige duitssprekend duitssprekende engelstalig "
    "engelstalige engelssprekend engelssprekende franstalig franstalige franssprekend franssprekende bij at voor for"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_INNER = re.compile(r"[()\[\]{}]")
BARS = re.compile(r"\s*[|•·¦~»]\s*")
"""Between parts of a title."""
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[–—]+\s*|\s+[-–—]+$|^[-–—]+\s+|\s*[;:]\s+|,\s+")
_REGION = re.compile(
    r"^(?:(?:in|te|regio|omgeving|omstreken|nabij|near|region|area|provincie|locatie|standplaats|gemeente)\s+)*(.+?)"
    r"(?:\s+(?:e\.?o\.?|en omgeving|en omstreken|area|regio))?$"
)
_IN_PLACE = re.compile(
    r"^(.+?\S)\s+(?:in|te|regio|omgeving|locatie|standplaats|nabij)\s+(?:de\s+)?(?:regio\s+|omgeving\s+|locatie\s+)?(\S.*)$"
)
_REGION_FIRST = _set("in te regio omgeving omstreken nabij near region area provincie locatie standplaats gemeente")
_REGION_LAST = _set("eo omgeving omstreken area regio")
_IN = _set("in te regio omgeving locatie standplaats nabij")
_SIGN = re.compile(r"[-–—;:,]")
_NOT_TOKEN = re.compile(r"[^a-z0-9+#.&/]+")
_SLASH = re.compile(r"\s*/\s*")
_LOOSE_DOT = re.compile(r"\.(?![a-z0-9])|/{2,}")
_LOOSE_END = re.compile(r"^[.&]+(?![a-z])")
_ROMAN = re.compile(r"(?:(?:\s+niveau\s+[1-6]|\s+(?:i{1,3}|iv|[1-4]))(?:\s*(?:en|and|&|/|of)\s*(?:i{1,3}|iv|[1-6]))*)$")
_EDGES = _set("een de het a an the als onze as en and of or & in te voor met bij at for with regio")
_EDGE = re.compile(
    r"^(?:(?:een|de|het|a|an|the|als|onze|as|en|and|of|or|&|in|te)\s+)+|(?:\s+(?:en|and|of|or|&|in|te|voor|met|bij|at|for|with|regio|de))+$"
)

# Towns whose name is a common word, or the word of a trade: dropped only after "in", "te", "regio", a bar or a dash.
_COMMON = frozenset(
    {"best", "beek", "bergen", "houten", "huizen", "echt", "goes", "heel", "leek", "putten", "noord", "oost", "zuid"}
    | {"west", "epe", "ede", "elst", "laren", "berg", "haven", "huis", "bar", "boer", "drie", "een", "heide", "hout"}
    | {"kolder", "loo", "meer", "moer", "nes", "oever", "rijen", "sluis", "vorden", "wel", "zand", "zorg", "zuidoost"}
    | {"driel", "bos", "horn", "buren", "geleen", "soest", "horst", "stein", "erp", "heer", "sales", "dieren", "rossum"}
    | {
        "mill",
        "handel",
        "well",
        "winkel",
        "hall",
        "made",
        "losser",
        "tuk",
        "warder",
        "vogel",
        "steen",
        "asten",
        "son",
        "grave",
        "baarle",
        "heeze",
    }
)
_WIDE = frozenset(
    {"nederland", "netherlands", "the netherlands", "holland", "nl", "randstad", "benelux", "europe", "europa", "emea"}
    | {"belgie", "belgium", "vlaanderen", "amsterdam area", "landelijk", "diverse locaties", "heel nederland"}
    | {"noord nederland", "zuid nederland", "oost nederland", "midden nederland"}
)


def strip_accents(text: str) -> str:
    """Lower case without diacritics (`Coördinator` → `coordinator`)."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in lowered if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _known_places() -> frozenset[str]:
    from overstap.reference import tables

    table = tables.load("places").select(["place", "kind"])
    names = zip(table["place"].to_pylist(), table["kind"].to_pylist(), strict=True)
    return frozenset(_plain(name) for name, kind in names if kind != "province_abbreviation")


def town_kinds(places: frozenset[str] | None) -> dict[str, int]:
    """The places that keys are cleaned of: 1 for one to leave out as a part of a title, 3 where a bare town at the end
    of a part may go too."""
    known = _known_places() if places is None else places
    return {name: 1 | 2 * (name in known and name not in _COMMON) for name in sorted(known | _WIDE)}


SMALL = _EDGES, _REGION_FIRST, _REGION_LAST, _IN
"""Words without which no small word stands at an edge, and no place after "in" or before "area"."""


@lru_cache(maxsize=1 << 16)
def _plain(text: str) -> str:
    if _of_letters(text):
        return " ".join(text.lower().split())
    return " ".join(_NOT_TOKEN.sub(" ", strip_accents(text)).replace(".", " ").replace("/", " ").split())


def _of_letters(text: str) -> bool:
    """True where nothing but ASCII letters, digits and spaces stands in the text: no pattern for a sign need run."""
    return text.isascii() and text.replace(" ", "").isalnum()


def _is_place(text: str, places: frozenset[str]) -> bool:
    plain = _plain(text)
    if plain in places or plain in _WIDE:
        return True
    words = plain.split(" ")
    if words[0] not in _REGION_FIRST and words[-1] not in _REGION_LAST:
        return False
    match = _REGION.match(plain)
    return match is not None and (match.group(1) in places or match.group(1) in _WIDE)


def _drop_places(text: str, places: frozenset[str]) -> str:
    """Without "in/te/regio <place>" and without a bare town at the end."""
    words = text.split()
    if not _IN.isdisjoint(words):
        match = _IN_PLACE.match(text)
        if match and _is_place(match.group(2), places):
            text = match.group(1)
            words = text.split()
    last = [_plain(word) for word in words[-3:]]
    for n in (3, 2, 1):
        tail = " ".join(filter(None, last[-n:]))
        if len(words) > n and tail in places and tail not in _COMMON:
            return " ".join(words[:-n])
    return text


def _segments(text: str, places: frozenset[str]) -> str:
    """Of the parts between bars the first that is a title; of the parts between dashes all that are not places."""
    for bar in BARS.split(text):
        parts = _DASH.split(bar) if _SIGN.search(bar) else [bar]
        parts = [part for part in parts if part and part.strip() and _NOT_TOKEN.sub("", part)]
        kept = [part for part in parts if not _is_place(part, places)]
        if kept:
            return " ".join(_drop_places(part, places) for part in kept)
    return ""


def _tokens(text: str) -> str:
    if _of_letters(text):
        return " ".join(text.split())
    out = []
    for token in _NOT_TOKEN.sub(" ", _SLASH.sub("/", text)).split():
        if not token.isalnum():
            token = token.strip("/").rstrip(".&")
            token = _LOOSE_END.sub("", _LOOSE_DOT.sub("", token))
        if token.strip("+#./"):
            out.append(token)
    return " ".join(out)


def _pass(text: str, places: frozenset[str], employer: bool) -> tuple[str, bool]:
    """The text with less of what is not the job, and whether it names an employer."""
    whole = text
    if _INNER.search(text):
        while _BRACKETS.search(text):
            text = _BRACKETS.sub(" ", text)
        text = _INNER.sub(" ", text)
        if not _tokens(text):
            text = _INNER.sub(" ", whole)
    kept = text
    text = _drop_signs(text)
    marked = not _MARKS.isdisjoint(_RUN.findall(text))
    if marked:
        text = _LEVEL.sub(" ", _PHRASES.sub(" ", text))
        text = _SENIOR_FIRST.sub(" ", text.strip())
    text = text.strip()
    named = (marked or "@" in text) and _EMPLOYER.search(text) is not None
    if named and not employer:
        text = _EMPLOYER.sub("", text)
    text = _edged(_tokens(_segments(text, places)))
    if text and text[-1] in "iv123456":
        text = _edged(_ROMAN.sub("", text))
    return text or ("" if _is_noise(kept) else _tokens(kept)), named


def _edged(text: str) -> str:
    """Without small words at either end."""
    words = text.split(" ")
    return text if words[0] not in _EDGES and words[-1] not in _EDGES else _EDGE.sub("", text).strip()


def _drop_signs(text: str) -> str:
    """Without gender marks, salary, hours and numbers; patterns that need a sign run only where it stands."""
    if "/" in text or "genders" in text:
        text = _GENDER.sub(" ", text)
    if _DIGIT.search(text):
        text = _NUMBER.sub(" ", _HOURS.sub(" ", _SALARY.sub(" ", text)))
    return text


def _is_noise(text: str) -> bool:
    return not _tokens(_PHRASES.sub(" ", _drop_signs(text)))


@lru_cache(maxsize=1 << 18)
def remembered(title: str, places: frozenset[str] | None, employer: bool) -> tuple[str, bool]:
    """The key of a title, and whether a pass met an employer: where none did, both kinds of key are the same."""
    known = _known_places() if places is None else places
    text = strip_accents(unescape(title)).replace("’", "'").replace("`", "'")
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    named = False
    for _ in range(12):
        after, here = _pass(text, known, employer)
        named |= here
        if after == text:
            break
        text = after
    return text, named


def normalise_title(title: str, places: frozenset[str] | None = None, *, employer: bool = False) -> str:
    """The key of a job title: lower case, without what is not the job.

    Dropped: gender marks, hours, salary, places, vacancy numbers, brackets, seniority, "per direct", "gezocht",
    "vacature", and the company after "@" or "bij" (kept with `employer=True`, for coding). `places` are town names as
    `place_keys` gives them; without it the bundled list is used. Idempotent. An empty string where nothing is left.
    """
    key, named = remembered(title, places, True)
    return key if employer or not named else remembered(title, places, False)[0]


def place_keys(names: list[str]) -> frozenset[str]:
    """Town names in the form that `normalise_title` compares with."""
    return frozenset(key for key in (_plain(name) for name in names) if key)


def seniority(title: str) -> str | None:
    """Seniority in the title: junior, medior, senior or lead; the lowest where it names several; null for none."""
    text = strip_accents(title)
    found = {_SENIORITY[m.group(1).replace("-", " ")] for m in _LEVEL.finditer(text)}
    if _SENIOR_FIRST.search(text):
        found.add("lead")
    return next((level for level in ("junior", "medior", "senior", "lead") if level in found), None)


def distinct(values: pa.Array | pa.ChunkedArray) -> tuple[list[str | None], pa.Array]:
    """Distinct values of a string column and, per row, the index of its value (null for null)."""
    flat = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(flat.type):
        flat = flat.cast(flat.type.value_type)
    encoded = flat.cast(pa.string()).dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices


def normalise_titles(titles: pa.Array | pa.ChunkedArray, places: frozenset[str] | None = None) -> pa.Array:
    """`normalise_title` for a column; each distinct title is cleaned once. Null and empty keys are null."""
    from overstap.ads.title_reader import reader  # which is built on this module

    values, index = distinct(titles)
    keys = [one.key or None for one in reader(places)(value or "" for value in values)]
    return pa.array(keys, pa.string()).take(index)


def seniorities(titles: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`seniority` for a column."""
    values, index = distinct(titles)
    return pa.array([seniority(v) if v is not None else None for v in values], pa.string()).take(index)
