"""Hours a week: "32 - 40 uur per week", "36 hours a week", "minimaal 24 uur".

Hours count where a week, a contract or a label ("Uren: 36") stands with them, or where they are a range. The hours on
which pay, leave or allowances are reckoned ("op basis van 40 uur") are a full-time norm, not the hours of the job; they
do not count, nor do clock times, courses, shifts or terms ("binnen 24 uur"). A range behind a comma is another matter
than the pay before it: "salaris tot € 3.800 per maand, 32-40 uur". Of several the most certain holds (a range before a
single number), then the first. A share of a full-time job ("0,8 fte") gives hours only where the ad says how long the
full-time week is ("0,8 fte op basis van 36 uur"): it is 36, 38 or 40 by agreement, so that "fulltime" alone tells no
number. Where the text is silent the title counts, then the feed's own words; neither has a
span.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.numbers import NUMERAL, TO, count, first_match, tail
from overstap.ads.facts.result import Fact, by_value, choose, column, spans_of
from overstap.ads.facts.windows import kept, small

MIN, MAX = "hours_min", "hours_max"
_BEFORE, _AFTER, _DIGIT, _HIGHEST = 110, 70, 18, 60.0
_NUMBER = r"\d{1,2}(?:[.,]\d{1,2})?"
_UNIT = r"(?:[ ]?-?(?:uur|uren|urige?|hours?|hrs?|u|h)\b\.?)"
_RANGE = re.compile(
    rf"(?<![\d.,€$£])(?<!\d:)(?:(?P<low>{_NUMBER}){_UNIT}?-?[ ]?"
    rf"(?:\([^)\n]{{1,14}}\)[ ]?)?{TO}\s*(?:max(?:imaal|\.)?\s*)?)?"
    rf"(?P<high>{_NUMBER}){_UNIT}(?:\s*{TO}\s*(?P<more>{_NUMBER}){_UNIT})?",
)
_LABEL = re.compile(
    r"(?:uren\s+per\s+week|uur\s+per\s+week|aantal\s+(?:uur|uren)(?:\s+per\s+week)?|hours\s+per\s+week|weekly\s+hours|hours|uren)"
    rf"(?=[\s#|:\-–])\s*[#|:\-–]*\s*(?:(?:min(?:imaal|\.)?|van)\s*)?(?P<low>{_NUMBER})(?:{_UNIT}?\s*{TO}\s*(?P<high>{_NUMBER})|{_UNIT}?\W*max\w*\s+aantal\s+uren\s+per\s+week\W*(?P<more>{_NUMBER}))?(?![\d:]|[.,]\d)"
    rf"(?!\s*(?:%|euro|per\s+(?:dag|day|jaar|year|maand|month)|dagen|days))",
)
_WEEK = re.compile(
    r"\W{0,3}(?:(?:contracted|contract|working|total|gemiddeld|netto|full[- ]?time|beschikbaar|available|basis)\s+)?"
    r"(?:\(?\s*(?:per|a|each|in\s+de|in\s+the|every|/|p\.?/?)\s*(?:werk)?(?:week|wk|w\b)|p\.?w\b|weekly|"
    r"(?:(?:working|work)[- ]?|werk)?week\b|wk\b)",
)
_LABELLED = re.compile(
    r"\b(?:(?:uren|uur|hours?|omvang|dienstverband|werkweek|arbeidsduur|contracturen|working\s+time|employment|fulltime|parttime|"
    r"type|contract|fte|soort\s+baan)(?:\s+(?:per\s+week|a\s+week|available))?\W{0,6}(?:(?:min|max)\w*\W+)?|"
    r"(?:werkweek|working\s+week|work\s?week|contract|dienstverband|baan|functie|aanstelling|position|post|role|"
    r"appointment|employment|job|vacature)\s+(?:voor|van|for|of)\s*(?:(?:min|max)\w*\W+|between\s+|tussen\s+(?:de\s+)?|ca\.?\s+)?)$"
    r"|\b(?:beschikbaar|available|full[- ]?time|part[- ]?time)\b[^€]*$",
)
_NORM = re.compile(
    r"\b(?:1(?:[.,]0+)?\s*fte\s*(?:=|is|staat)|op\s+basis|o\.?\s?b\.?\s?v|basis\s+van|based|uitgaande|gebaseerd|calculated|in\s+case\s+of|equivalent\s+(?:of|to|van)|pro\s?rata|"
    r"assuming|keuzetijd|basis\s+of|(?:als|if|wanneer|when)\s+(?:u|je|you)\b|(?:at|bij)\b[^,]{0,32}$)",
)
_OTHER = re.compile(
    r"\b(?:training|cursus|course|opleiding|vakantie|verlof|holiday|vacation|leave|a[dt]v\b|klok|"
    r"salar|loon|bruto|gross|pay\b|afspraak|reactie|interview|kopen|extra|additional|\d\s?x\s?\d|last|past|every|elke|shifts?\s+of|"
    r"diensten\s+van|drive|reis|travel|spend|besteed|schaal|scale)|€|24/7",
)
_NOT_BEHIND = re.compile(
    r"\s*(?:per\s+week\s*)?(?:=|is)\s*1(?:[.,]0+)?\s*fte|\W{0,3}(?:(?:per|a|each|in\s+the|in\s+een|op\s+een|/|in\s+a)\s*(?:dag|day|jaar|year|maand|month|annum|quarter|"
    r"kwartaal|shift)|daags|daily|(?:a|per)\s+week\s+on\s+(?:an?\s+)?(?:client|project|assignment)|(?:of|aan)\s+(?:training|vakantie|verlof|leave|holiday|learning)|(?:vakantie|verlof|leave|"
    r"holiday|vacation|training|paid|shift|days?\b|dagen)|later|ago|away|notice|vrij|free|dienst\b|service|support|overwerk|"
    r"overtime|helpline|reactie|drive|on\s+(?:a|your)\s+(?:own|personal)|on\s+holiday|interview|"
    r"op\s+(?:maan|dins|woens|donder|vrij|zater|zon)dag)",
)
_AT = re.compile(r"\bom\s*$")
_TO_WORK = re.compile(r"\W{0,3}(?:per\s+week\s+)?te\s+werken\b")
_WITHIN = re.compile(r"\b(?:binnen|within)\s*(?:max\w*\s*|(?:de|the)\s+)?$")
"""Before a time of the day ("om 7 uur"), unless a week follows ("bereid om 45 uur per week te werken")."""
_FULL = re.compile(r"\W{0,3}(?:full[- ]?time|part[- ]?time|voltijd|deeltijd)\b")
_ALONE = re.compile(r"[ ]*(?:\n|$)")
_COUNTED = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d)?[ ]?$")
_WEEKLY = re.compile(r"week|aantal|contract")
_POSSIBLE = re.compile(
    r"\W{0,3}(?:(?:per|a)\s+week\s+|(?:working\s*|work\s*|werk)?week\s+)?(?:is\s+|zijn\s+|kan\s+|can\s+be\s+)?(?:ook\s+|also\s+|not\s+|niet\s+)?"
    r"(?:possible|mogelijk|bespreekbaar|discussed|negotiable|an\s+option)\b",
)
"""Behind a single number: not the hours of the job but what else can be ("32 uur is bespreekbaar")."""
_MINIMUM = re.compile(
    r"(?:min\.?|min\.\s+of|minimaal|minimum(?:\s+of)?|minstens|at\s+least|ten\s+minste|tenminste|vanaf|from)\s*$",
)
_MAXIMUM = re.compile(r"(?:max\.?|maximaal|maximum(?:\s+of)?|up\s+to|tot|hoogstens|at\s+most)\s*$")
_LEAST = re.compile(r"\s*(?:per\s+week\s*)?\(?(?:minimum|minimaal|min\.|or\s+more|of\s+meer)")
_FIRST = re.compile(r"(?<![\d/])(\d\d)\s?[/,]\s?(?:\d\d\s?[/,]\s?)?$")
"""The first of three or four: "32/36/40 uur", "24, 32, 36 of 40 uur"."""
_THEN_MOST = re.compile(r"[^.;\n\d]{0,30}\bmax(?:imaal|imum)?\.?\s+(?:of\s+|van\s+)?(\d\d)\b")
"""Behind the least hours: "minimum 32 hours per week, with a maximum of 40"."""
_BAND = re.compile(r"\b(?:band|schaal|scale|grade|niveau|level|afc)\W{0,3}$")
_TIME = re.compile(r"[.,](?:00|30)$")
_CLOCK = re.compile(r"\b(?:office|opening|openings|business|core|kantoor|werk|working|visiting)[- ]?$")
_FOR = re.compile(r"\b(?:voor|for)\s*$")
_MOST = 3
_JOB = 12
"""Hours from which "voor 24 uur" is a job."""
_BARE = re.compile(rf"\s*(?P<low>{_NUMBER})(?:\s*{TO}\s*(?P<high>{_NUMBER}))?\s*$")

_FTE_ONE = r"(?<![\d.,])1(?:[.,]0+)?\s*fte"
_FTE_WEEK = re.compile(
    rf"(?:{_FTE_ONE}\s*(?:=|is|:|staat\s+voor|gelijk\s+aan|\()\s*|\b(?:(?:op\s+)?basis\s+van|o\.?\s?b\.?\s?v\.?|uitgaande\s+van|"
    r"based\s+on|basis\s+of|full[- ]?time\w*|voltijd\w*)\W{1,3}(?:(?:is|een|a|of|van|bij\s+ons|week|werkweek)\W+){0,4})"
    r"(\d\d(?:[.,]\d)?)[\s-]*(?:uur|uren|urige|hours?)\b"
    rf"|\b(\d\d(?:[.,]\d)?)[\s-]*(?:uur|uren|urige|hours?)(?:\s+per\s+week)?\s*(?:=|is)\s*{_FTE_ONE}",
)
"""What says how long the full-time week is."""
_SHARE = r"(?<![\d.,])([01](?:[.,]\d{1,3})?)"
_FTE = re.compile(rf"{_SHARE}(?:\s*(?:fte)?\s*{TO}\s*{_SHARE})?\s*fte")

Hours = tuple[float | None, float | None]


def read_hours(scene: Scene, titles: pa.Array, feed: pa.Array) -> Fact:
    """Least and most hours a week (float) per ad. A single number is both, "minimaal 32 uur" only the least."""
    mentions = scene.mentions("hours")
    share, mentions = mentions.take(mentions.value == "fte"), mentions.take(mentions.value != "fte")
    company, label = scene.in_section(mentions.row, mentions.start, "company"), mentions.value == "label"
    own = scene.windows(mentions.take(company & ~label), _BEFORE, _AFTER).read(_parse, _is_certain)
    entries = [
        *scene.windows(mentions.take(~company & ~label), _BEFORE, _AFTER).read(_parse, _is_certain),
        *scene.windows(mentions.take(~company & label), _BEFORE, _AFTER, digit=_DIGIT).read(_parse, _is_certain),
        *(entry for entry in own if _is_certain(entry[3])),
    ]
    parts = scene.windows(share, _BEFORE, _AFTER, digit=_DIGIT).read(_parse_share)
    chosen = {entry[0]: entry for entry in reversed([*parts])} | choose(entries, key=lambda value: value[0])
    found: dict[int, Hours] = {row: entry[3][1] for row, entry in chosen.items()}
    found = by_value(feed, feed_hours) | by_value(_with_hours(titles), hours_of) | found
    columns = {
        name: column({row: hours[i] for row, hours in found.items()}, scene.rows, pa.float32())
        for i, name in enumerate((MIN, MAX))
    }
    proof = {
        name: spans_of(entry for row, entry in chosen.items() if found[row][i] is not None)
        for i, name in enumerate((MIN, MAX))
    }
    return Fact(columns, proof)


def _is_certain(found: tuple[int, Hours]) -> bool:
    """Whether no other hours of the text can be more certain."""
    return found[0] == _MOST


def hours_of(text: str) -> Hours | None:
    """The hours in a title: "Planner (32-40 uur)"."""
    text = text.lower()
    match = _RANGE.search(text)
    if match is None or _NOT_BEHIND.match(text[match.end() :]) or float((match["high"]).replace(",", ".")) < 4:
        return None
    return _hours(match, text[: match.start()])


def feed_hours(text: str) -> Hours | None:
    """The hours in a feed's own field, where bare numbers count too: "32-40"."""
    text = text.lower()
    match = _RANGE.search(text) or _LABEL.search(text) or _BARE.match(text)
    return None if match is None else _hours(match, text[: match.start()])


def _with_hours(titles: pa.Array) -> pa.Array:
    """The titles that may name hours, the others null: a title is seldom the same twice."""
    named = pc.match_substring_regex(titles, r"\d\s?-?(?i:uur|uren|urige|u\b|h\b|hrs?\b|hours?)")
    return pc.if_else(named.fill_null(False), titles, pa.scalar(None, titles.type))


@kept
def _parse(window: bytes, at: int) -> tuple[tuple[int, Hours], int, int] | None:
    """How certain the hours at the anchor are and the hours; the place of the words relative to the anchor."""
    text, ahead = small(window, at)
    label = None if text[ahead].isdigit() else _LABEL.search(text, max(0, ahead - 12), ahead + 90)
    if label is not None and _COUNTED.search(text, max(0, label.start() - 7), label.start()):
        label = None  # "36 hours per week"
    match = label or first_match(_RANGE, NUMERAL, text, ahead, 24, 45)
    if match is None or match.start() > ahead + 24:
        return None
    before, behind = text[: match.start()], text[match.end() :]
    if match is label and (float(match["low"].replace(",", ".")) < 4 or (match["high"] and _CLOCK.search(before))):
        return None
    near = tail(before, 48)
    week, plain = _WEEK.match(behind), match is label and _WEEKLY.search(match[0])
    if _NOT_BEHIND.match(behind) or _NORM.search(near) or _WITHIN.search(near):
        return None
    if _AT.search(near) and not (week or _TO_WORK.match(behind)):
        return None
    if match["low"] and _BAND.search(near):  # "Band 5 - 37.5 hours"
        match = _RANGE.match(text, match.start("high")) or match
    hours = _hours(match, near)
    if hours is None:
        return None
    spread = None not in hours and hours[0] != hours[1]
    if not spread and _POSSIBLE.match(behind):
        return None
    line = near.rsplit("\n", 1)[-1]
    if not plain and _OTHER.search(re.split(r", | \| ", line)[-1] if spread else line):
        return None
    ranged = spread and (hours[0] == 0 or min(h for h in hours if h is not None) >= 4)
    labelled = match is label or week or _FULL.match(behind)
    labelled = labelled or _LABELLED.search(near or tail(before.rstrip(), 30) + "\n")
    alone = not line.strip(" -*•·") and _ALONE.match(behind)
    job = max(h for h in hours if h is not None) >= _JOB and _FOR.search(near)
    certain = 2 * ranged + bool(labelled or job or alone)
    return ((certain, hours), match.start() - ahead, match.end() - ahead) if certain else None


@kept
def _parse_share(window: bytes, at: int) -> tuple[tuple[int, Hours], int, int] | None:
    """The hours of a share of the full-time week at the anchor, as `_parse`; null where the line names no such week."""
    text, ahead = small(window, at)
    low, high = text.rfind("\n", 0, ahead) + 1, text.find("\n", ahead)
    line = text[low : high if high >= 0 else len(text)]
    week = _FTE_WEEK.search(line)
    if week is None:
        return None
    rest = line[: week.start()] + line[week.end() :]
    if re.search(r"fte", rest) and not _FTE.search(rest):
        return None  # "2 fte": two jobs
    shares = [m for m in _FTE.finditer(line) if m.end() <= week.start() or m.start() >= week.end()]
    first = shares[0] if shares else week
    parts = [float(part.replace(",", ".")) for part in shares[0].groups() if part] if shares else [1.0]
    full = float((week[1] or week[2]).replace(",", "."))
    if not 32 <= full <= 42 or not 0.1 <= min(parts) <= max(parts) <= 1:
        return None
    hours = round(min(parts) * full, 1), round(max(parts) * full, 1)
    return (_MOST, hours), low + first.start() - ahead, low + first.end() - ahead


def _hours(match: re.Match[str], before: str) -> Hours | None:
    named = match.groupdict()
    numbers = [count(text) for text in (named["low"], named["high"], named.get("more")) if text]
    if any(n is None or not 0 <= n <= _HIGHEST for n in numbers):
        return None
    known = [n for n in numbers if n is not None]
    low, high = known[0], known[-1]
    if (first := _FIRST.search(before)) is not None:
        low, known = float(first[1]), [float(first[1]), *known]
    if low > high >= _JOB:
        low, high = high, low  # "40, 36 of 32 uur"
    if low > high or high == 0 or (high <= 24 and named["low"] and _TIME.search(named["low"])):
        return None
    if low == high and len(known) == 1 and (_MINIMUM.search(before) or _LEAST.match(match.string, match.end())):
        most = _THEN_MOST.match(match.string, match.end())
        return low, float(most[1]) if most and low < float(most[1]) <= _HIGHEST else None
    if low == high and len(known) == 1 and _MAXIMUM.search(before):
        return None, high
    return low, high
