"""How many people the employer employs, as CBS size class, where the ad says it: "met ruim 400 collega's".

A number counts where the words before it speak of the whole firm (we, company, employs, with more than), not of a team,
a department, customers or a place. From 250 on "medewerkers", "collega's", "employees" are those of a firm wherever
they stand, unless the words before speak of customers: no team is so large. Of several the highest holds: a firm is
larger than its branches.
"""

from __future__ import annotations

import re

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Fact, choose, column, spans_of
from overstap.ads.facts.windows import kept, small
from overstap.schema.core import FIRM_SIZES

FIELD = "firm_size"
_BEFORE, _AFTER, _DIGIT = 110, 40, 22
_NUMBER = re.compile(
    r"(?<![\d.,€$£])(?P<n>\d{1,3}(?:[.,' ]?\d{3})*)(?P<k>\s?k\b)?\s*(?:\+|plus\b)?\s*"
    r"(?P<kind>(?:(?!(?:met|en|and|with|of|van|in|the|de|onze|our|your|je|jouw|voor|for|op|to|te|als|as|per|uur|jaar|years?|"
    r"hours?|days?|dagen|weken|maanden|months?|samen|door|by|aan|at)\b)[a-zé&-]+\s+){0,2})$",
)
"""A number before the word for people, with up to two words of their kind ("3.000 trotse collega's")."""
_WHO = re.compile(r"[a-z][a-z'’]+")
_NOT_BEHIND = re.compile(r"\s*(?:survey|nurse|member of|benefit)|\s+(?:living|voor\s+team|recruited)")
_FIRM = re.compile(
    r"(?:\b(?:employs?|employing|employees?|workforce|headcount|company|organi[sz]ation|firm|organisatie|\w*bedrijf|wij\s+zijn|we\s+zijn|we\s+are|we['’]re|we\s+have|"
    r"wij|onze|ons|our|telt|in\s+dienst|werken|werkt|work\s+at|together|samen|grown\s+to|gegroeid|uitgegroeid|trust|worldwide|wereldwijd|globally|international\w*|"
    r"headquarter\w*|founded|opgericht|startup|start-up)\b|^\s*(?:with|met)\b)[^.;\n]*$",
)
_PART = re.compile(
    r"\b(?:\w*team|care\s+to|used\s+by|collectively|projects?|directie\w*|board\s+with|recruit\w*|fortune|customer|team|teams|afdeling|department|unit|squad|klanten|customers|users|clients|faculty|faculteit|groep\s+van|group\s+of|vestiging|patients|population|residents|lives|"
    r"serv\w+|help\w*|reach\w*|support\w*|for|voor|bestaat\s+uit|afdelingen|departments?|community|offering|leading|lead|leiding\s+aan|manag\w+|per|band|grade|from|locatie|site|office|kantoor|event|"
    r"tribe|chapter|directie|sector|division|divisie|institute|group)\b[^.;\n]*$",
)

_OWN_TEAM = re.compile(r"\s*[-*•]?\s*(?:met|with)\s+(?:een|a|an|ons|our)\s+(?:[\w-]+\s+){0,4}team\s+(?:van|of)\b")
"""A sentence that opens with the team is about the firm: "Met een team van 50 collega's bouwen wij …"."""
_LARGE = 250
_STAFF = re.compile(
    r"medewerkers|werknemers|collega(?:['’]?s)?|employees|colleagues|personeelsleden|medewerksters|staff"
)
_OTHERS = re.compile(
    r"\b(?:klant|customer|client|user|gebruiker|patient|resident|serv|help|reach|support|lives|bewoners|leiding|lead|manag|"
    r"verantwoordelijk|responsible|used|opdrachtgever|student|leden|members)\w*\b(?![^.;\n]*\b(?:with|met)\b)[^.;\n]*$",
)


def read_firm_size(scene: Scene) -> Fact:
    """The size class per ad, null where the ad does not say, with the words that say so."""
    mentions = scene.mentions(FIELD)
    asked = scene.in_section(mentions.row, mentions.start, "requirements", "tasks")
    job = set(zip(mentions.row[asked].tolist(), mentions.end[asked].tolist(), strict=True))
    found = scene.windows(mentions, _BEFORE, _AFTER, digit=_DIGIT).read(_parse)
    entries = (entry for entry in found if entry[3] >= _LARGE or (entry[0], entry[2]) not in job)
    chosen = choose(entries, key=lambda people: people)
    values = {row: size_class(entry[3]) for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.string())}, {FIELD: spans_of(chosen.values())})


def size_class(people: int) -> str:
    """The CBS size class of a number of people employed."""
    return FIRM_SIZES[sum(people >= limit for limit in (10, 50, 250))]


@kept
def _parse(window: bytes, at: int) -> tuple[int, int, int] | None:
    text, ahead = small(window, at)
    number, who = _NUMBER.search(text, max(0, ahead - _DIGIT - 16), ahead), _WHO.match(text, ahead)
    if number is None or who is None or _NOT_BEHIND.match(text, who.end()):
        return None
    people = int(re.sub(r"\D", "", number["n"])) * (1000 if number["k"] else 1)
    if number["kind"] and re.fullmatch(r"(?:19|20)\d\d", number["n"]):
        return None  # a year
    line = re.split(r"[.;!?:]\s|\n", text[: number.start()])[-1]
    whole = people >= _LARGE and _STAFF.fullmatch(who[0]) and not _OTHERS.search(line)
    own = _OWN_TEAM.match(line) or (_FIRM.search(line) and not _PART.search(line))
    if people < 2 or not (whole or own):
        return None
    return people, number.start() - ahead, who.end() - ahead
