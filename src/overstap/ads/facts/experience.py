"""Years of experience that an ad asks at least: "minimaal 3 jaar ervaring", "3-5 years of experience", "geen ervaring".

A number of years counts where words of experience stand with it in the sentence and it is not the company's own, an
age, a contract or a period. What is only a plus does not count, nor what the parts on company, benefits and
application say. Of several the highest asked holds ("5 years, of which 2 with Python" asks 5); of a range its lower
end; where an ad names a range per level (junior, senior) the lowest; months are parts of a year. "No experience
needed" and "No experience? No problem" are 0 where no years are asked.
"""

from __future__ import annotations

import re

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.numbers import NUMERAL_OR_WORD, TO, WORDS, count, first_match, head, tail
from overstap.ads.facts.result import Entry, Fact, choose, column, spans_of
from overstap.ads.facts.windows import kept, small

FIELD = "experience_years_min"
_BEFORE, _AFTER, _MOST = 90, 110, 15
_NUMBER = rf"(?:\d{{1,2}}(?:[.,]5)?|{'|'.join(WORDS)})"
_YEARS = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s?\+?\s*{TO}\s*)?(?<![\d,])(?<!\d\.)(?P<high>{_NUMBER})\s*(?:\(\s*\d+\s*\)\s*)?(?:\+|plus\b|or\s+more\b|of\s+meer\b)?\s*"
    rf"(?:years?|yrs?|jaar|jaren|(?P<months>maand(?:en)?|months?))\b\+?['’]?s?",
)
_EXPERIENCE = re.compile(r"experience|ervaring|\b(?:exp\b|werkzaam|ervaren\b)")
_INSTEAD = re.compile(
    r"\b(?:training|programme|contract|hello|salary|course|and\s+have|en\s+hebt|years?|jaar|opleiding)\b"
)
"""Between a number of years and "experience" they are years of something else."""
_WORKED = re.compile(
    r"\s*(?:of\s+)?(?:[a-z-]+\s+){0,4}?(?:work(?:ing|ed)?\b|track record|expertise|background|gewerkt|coding|"
    r"programming|building|developing|shipping|in\s+an?\s+(?:[\w/&-]+\s+){0,5}(?:role|position|function)\b|"
    r"in\s+(?:a\s+|an\s+|een\s+)?(?:similar|comparable|relevant|related|equivalent|soortgelijke|"
    r"vergelijkbare|relevante|commerciële))",
)
_AHEAD = re.compile(
    r"(?:ervaring|experience)\b\W*(?:(?:in\s+)?years?\W+|jaren\W+|van\s+|of\s+|required\W+|nodig\W+|gevraagd\W+|vereist\W+|"
    r"level\W+|opgedaan\W+)?(?:(?:minimaal|minstens|ten\s+minste|tenminste|at\s+least|min\.?|(?:a\s+)?minimum(?:\s+of)?|"
    r"ongeveer|circa|ca\.?|about|appr\w*\.?|[~±]|tussen(?:\s+de)?|between)\s*|[>≥]=?\s*)?$"
    r"|(?:ervaring|experience)\b[^\d:]{0,60}:\s*$"
    r"|(?:ervaring|experience)\b[^\d:;\n]{0,60}\((?:min\w*\.?\s*|at\s+least\s*|[>≥±~]\s*)?$"
    r"|(?:ervaring|experience)\b[^\d]{0,60}(?:minimaal|minstens|at\s+least|minimum\s+of|\bvan|\bfor)\s*$",
)
_NOT_BEHIND = re.compile(
    r"\s*(?:old\b|oud\b|ago\b|geleden|contract|of\s+age|degree|program|bestaa|jong|in\s+(?:business|a\s+row)|"
    r"(?:and|en)\s+(?:older|ouder)|leeftijd|university\b|bachelor|college|(?:of|in)\s+(?:history|service|leave|funding|"
    r"runway|existence)|(?:after|na)\b|guarantee|residen|post[- ](?:qualif|registr|grad)\w+\s*(?:$|[.;,)]))",
)
_PERIOD = re.compile(
    r"\b(?:past|last|next|previous|afgelopen|laatste|komende|eerste|first|after|over\s+the|every|per|elke|within|in|na|"
    r"binnen|since|founded|combined|gezamenlijk\w*|collective|for\s+(?:over|more\s+than)|had|duration|duur|"
    r"voor|contract\s+(?:voor|van|for|of)|age|leeftijd|max\.?|maximaal|maximum(?:\s+of)?|up\s+to|less\s+than|"
    r"minder\s+dan|hoogstens|tot)(?:\s+(?:de|the|over|meer\s+dan|more\s+than|nearly|almost|about|a|some|ruim|bijna))?\s*$",
)
"""Words before years that are a period, a limit or the company's own."""
_OWN = re.compile(
    r"\b(?:our|ons|onze|we(?:['’](?:ve|re))?|wij|i|i['’]ve|founders?|company|bedrijf|organisatie|team\s+(?:has|with))\b",
)
_ASKS = re.compile(
    r"\b(?:look|search|seek|zoek|need|requir|verwacht|expect|want|vra(?:ag|gen)|prefer|hiring|you|je|jij|jou)",
)
_PLUS = re.compile(r"\b(?:prefer|bij\s+voorkeur|voorkeur|ideally|liefst|nice\s+to\s+have|desirable|a\s+plus|pr[eé]\b)")
_PLUS_BEHIND = re.compile(
    r"\b(?:preferred|preferable|desirable|desired|nice\s+to\s+have|a\s+plus|pr[eé]|de\s+voorkeur|gewenst|wenselijk)\b",
)
"""Behind years: that they are a plus. "Ideally" there speaks of what follows: "5 years, ideally in retail"."""

_NO_PROBLEM = re.compile(
    r"[^.?!\n]{0,45}(?:\?[\s\W]{0,4}|,\s*|\bis\s+|\s+(?:dan\s+)?is\s+(?:dat\s+)?)(?:(?:dat\s+is\s+|that['’]s\s+|that\s+is\s+)?"
    r"(?:geen\s+(?:enkel\s+)?(?:probleem|punt|bezwaar)|no\s+(?:problem|worries|issue)|(?:maakt|geeft)\s+niets?(?:\s+uit)?|"
    r"(?:wij|we)\s+leiden\s+(?:je|jou)\s+op|(?:wij|we)\s+leren\s+(?:je|jou|het\s+je)|(?:we|we['’]ll|we\s+will)\s+(?:train|teach)\s+you))\b",
)
"""Behind "no experience": that it is no problem."""


def read_experience(scene: Scene) -> Fact:
    """Years (float) per ad, null where none are asked, with the words that say so."""
    mentions = scene.mentions("experience")
    wanted = ~scene.in_section(mentions.row, mentions.start, "company", "benefits", "application")
    none = mentions.value == "0"
    wanted &= (mentions.value != "years") | ~scene.zones.clauses.covers(mentions.row, mentions.start)
    mentions, none = mentions.take(wanted), none[wanted]
    entries: list[Entry] = [(row, start, end, 0.0) for row, start, end, _ in mentions.take(none).entries]
    asked = mentions.value == "asked"
    entries += scene.windows(mentions.take(asked), 0, _AFTER).read(_no_problem)
    years = mentions.take(~none & ~asked)
    years = years.take(~scene.zones.negated.covers(years.row, years.start))
    entries += scene.windows(years, _BEFORE, _AFTER).read(_parse)
    chosen = choose(entries, key=lambda value: value)
    values = {row: entry[3] for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.float32())}, {FIELD: spans_of(chosen.values())})


@kept
def _no_problem(window: bytes, at: int) -> tuple[float, int, int] | None:
    """0 where what follows "no experience" says that it is no problem."""
    match = _NO_PROBLEM.match(small(window, at)[0])
    return (0.0, 0, match.end()) if match is not None else None


@kept
def _parse(window: bytes, at: int) -> tuple[float, int, int] | None:
    """The lower end of the years at the anchor, and the place of the words relative to it."""
    text, ahead = small(window, at)
    match = first_match(_YEARS, NUMERAL_OR_WORD, text, ahead, 14, 40)
    if match is None or match.start("high") > ahead + 14:
        return None
    before, behind = text[: match.start()], text[match.end() :]
    near, after = tail(before, 70), head(behind, 90)
    if match["months"] and not _EXPERIENCE.search(re.split(r"[,:(]", after, maxsplit=1)[0]):
        return None  # "an internship of 5 months, experience with Excel"
    if _NOT_BEHIND.match(after) or not _of_experience(before, near, after):
        return None
    if _PERIOD.search(near[-30:]) or (_OWN.search(near) and not _ASKS.search(near)):
        return None
    if _PLUS.search(near[-16:]) or _PLUS_BEHIND.search(re.split(r"[,()]", after, maxsplit=1)[0][:60]):
        return None
    low, high = count(match["low"] or match["high"]), count(match["high"])
    if low is None or high is None or low > high:
        return None
    low = round(low / 12, 2) if match["months"] else low
    return (low, match.start() - ahead, match.end() - ahead) if low <= _MOST else None


def _of_experience(before: str, near: str, after: str) -> bool:
    """Whether the years are years of experience: said behind them, before them, or in a label above them."""
    said = _EXPERIENCE.search(after)
    if said is not None and not _INSTEAD.search(after, 0, said.start()):
        return True
    if _WORKED.match(after) or _AHEAD.search(near[-75:]):
        return True
    return not near.strip(" -•*:>") and bool(_AHEAD.search(before.rstrip(" \n-•*:>")[-40:]))
