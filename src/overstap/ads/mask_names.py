"""Contact names: capitalised words after a trigger (contact, bel, mail, vragen?, recruiter, speak to …) or before a contact mark.

A name is masked on evidence, not on capitals alone: a form of address, a common first name, initials, or an unknown pair of
words that stands right after a strong trigger or right before a phone number or e-mail address. Words that ads write with a
capital (functions, departments, cities, employers) end a name or rule it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from overstap.ads.names import COMPANY_ENDS, FIRST_NAMES, NOT_NAME_ENDINGS, NOT_NAMES

# Trigger → whether an unknown pair of words right after it is a name (strong) or needs a phone or e-mail beside it.
_TRIGGERS: dict[str, bool] = {
    "contact": True, "contactpersoon": True, "contactpersonen": True, "contactgegevens": True, "contacteer": True,
    "bel": False, "bellen": False, "mail": False, "mailen": False, "app": False, "appen": False, "call": False,
    "phone": False, "email": False, "e-mail": False, "ring": False,
    "vragen?": False, "vragen": False, "vraag": False, "informatie": False, "inlichtingen": False, "terecht bij": True,
    "recruiter": False, "intercedent": False, "t.a.v.": True, "attentie van": True, "gericht aan": True, "richten aan": True,
    "sollicitatie aan": True, "motivatie aan": True, "weten?": False, "spreken met": True, "overleggen met": True,
    "groet": True, "groeten": True, "groetjes": True, "regards": True, "reach out to": True, "speak to": True,
    "speak with": True, "talk to": True, "chat with": True, "touch with": True, "discussion with": True, "enquiries": False,
    "inquiries": False, "queries": False, "questions": False, "informal chat": False, "informal discussion": False,
    "informal visit": False, "further information": False, "hiring manager": False, "name:": True, "naam:": True,
    "send your cv to": True, "attention of": True,
}  # fmt: skip
_FILLERS = frozenset(
    """
    aan ask bij by chat colleague collega collega's contact contactpersoon deze dan de der direct discussion dit either
    en en/of enquiries even for functie further gerust het informal informatie information inhoudelijke is je jou jouw kan kun kunt
    me meer met mij more my naar neem of on ons onze op opneemt opnemen or ook our over per please procedure rechtstreeks role
    rol sollicitatieprocedure stel tel te nemen terecht the this to u via visit voor vragen vacature with ze zijn position post
    proces or/and zich vriendelijke kind best warm warme hartelijke senior junior interim
    """.split()  # noqa: SIM905
)
_COMPANIES = frozenset(
    "albert heijn|jan linders|john lewis|johnson matthey|morgan stanley|oliver wyman|michael page|robert walters|robert half|"
    "hugo boss|calvin klein|tommy hilfiger|thomas cook|page personnel|van lanschot|max planck|erasmus mc|erasmus universiteit|"
    "charles river|ernst young|marks spencer".split("|")
)
# First names that are also words: alone they are no name.
_DOUBTFUL = frozenset("april bill dean floor grace jet lies may mark rob rose sue ton wil will ans les".split())  # noqa: SIM905

_UP, _LOW = "A-ZÀ-ÖØ-ÞŠŽĆČŁİŞĞ", "a-zß-öø-ÿšžćčłışğąęńőűřů"
_CAP = rf"[{_UP}](?:['’][{_UP}])?[{_LOW}]+(?:['’][{_LOW}]+)?(?:[{_UP}][{_LOW}]+)?(?:-[{_UP}]?[{_LOW}]+)*"
_PARTICLE = (
    r"(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]er|[Tt]en|[Tt]e|het|in|['’]t|von|zu|el|al|bin|ben|da|dos|la|le|di|du|op)[ ])"
)
_TITLE = (
    r"(?:(?:[Dd]e [Hh]eer|[Mm]evrouw|[Mm]eneer|[Mm]evr\.?|[Dd]hr\.?|[Mm]w\.?|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|"
    r"[Dd]rs?\.?|[Ii]r\.|[Ii]ng\.|[Pp]rof\.?|[Pp]rofessor|[Ss]ister|[Ff]rau|[Hh]err)[ ])"
)
_NAME = re.compile(
    rf"(?<![\w\[])(?P<title>{_TITLE}{{0,3}})(?:(?P<initials>(?:[{_UP}]\.?[ ]?){{1,5}}(?<=[. ]))(?:\((?P<nick>{_CAP})\)[ ])?"
    rf"(?={_PARTICLE}{{0,3}}{_CAP}))?(?P<words>{_PARTICLE}{{0,3}}{_CAP}(?:[ ]{_PARTICLE}{{0,3}}(?:{_CAP}|[{_UP}]\.))"
    rf"{{0,3}}(?:[ ][{_UP}]{{3,}})?)"
)
_WORD = re.compile(rf"[{_UP}{_LOW}][\w'’&-]*")
_STOP = re.compile(
    r"\n\s*\n|[!?]\s|(?<!dhr)(?<!evr)(?<!\bmw)(?<!\bmr)(?<!mrs)(?<!\bms)(?<!\bdr)(?<!drs)(?<!\bir)(?<!ing)(?<!rof)(?<!tel)"
    r"(?<=[^\W\d_A-Z][^\W\d_A-Z])\.\s",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[ ]([^\s,;:()\[\]]+)")
_GLUED = re.compile(
    r"(?<![a-z])Name:? ?((?:[A-Z][\w'’.-]* ){1,3}[A-Z][\w'’-]*?)(?=Job title|Email|Additional contact|Telephone)"
)
_WINDOW = 130
_LOOK_BACK = 70


def mask_names(text: str) -> tuple[str, int]:
    """`text` with contact names replaced by [NAME], and how many. Idempotent: it goes on until nothing more is found."""
    total = 0
    if "Job title" in text or "Additional contact" in text:
        text, total = _GLUED.subn("Name [NAME] ", text)
    while spans := _spans(text):
        out, start = [], 0
        for a, b in spans:
            out += [text[start:a], "[NAME]"]
            start = b
        text = "".join([*out, text[start:]])
        total += len(spans)
    return text, total


def _spans(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for end, strong in _triggers(text):
        found += _after_trigger(text, end, strong)
    for mark in ("[EMAIL]", "[PHONE]"):
        at = text.find(mark)
        while at >= 0:
            found += _before_mark(text, at)
            at = text.find(mark, at + 1)
    spans: list[tuple[int, int]] = []
    for a, b in sorted(set(found), key=lambda s: (s[0], -s[1])):
        if not spans or a >= spans[-1][1]:
            spans.append((a, b))
    return spans


def _triggers(text: str) -> Iterator[tuple[int, bool]]:
    low = text.lower()
    if len(low) != len(text):  # İ becomes two signs in lower case, which would shift every place after it
        low = text.replace("İ", "I").lower()
    for word, strong in _TRIGGERS.items():
        at = low.find(word)
        size = len(word)
        while at >= 0:
            end = at + size
            before, after = low[at - 1 : at], low[end : end + 1]
            if not before.isalnum() and (not after.isalnum() or not word[-1].isalpha()):
                yield end, strong and not low.startswith((" with ", " met "), end)
            at = low.find(word, end)


def _after_trigger(text: str, start: int, strong: bool) -> Iterator[tuple[int, int]]:
    """Names in the sentence after a trigger; each found name carries on to the next one beside it."""
    limit = _limit(text, start)
    anchor = at = start
    while match := _NAME.search(text, at, limit):
        adjacent = _adjacent(text[anchor : match.start()])
        span = _judge(text, match, strong, adjacent)
        if span:
            yield span
            anchor = at = span[1]
            limit = min(_limit(text, span[1]), span[1] + 60)
            continue
        at = _WORD.match(text, match.start()).end() if _WORD.match(text, match.start()) else match.start() + 1  # type: ignore[union-attr]


def _limit(text: str, start: int) -> int:
    stop = _STOP.search(text, start + 2, start + _WINDOW)
    end = stop.start() if stop else min(len(text), start + _WINDOW)
    # A line may end between the trigger and the name ("Contactpersoon:"), not in the middle of the sentence.
    line = text.find("\n", start, end)
    if 0 <= line <= start + 2:
        line = text.find("\n", line + 1, end)
    return end if line < 0 else line


def _adjacent(between: str) -> bool:
    words = _WORD.findall(between.replace("[NAME]", ""))
    return len(words) <= 14 and all(w.lower() in _FILLERS or w.lower() in NOT_NAMES for w in words)


def _judge(text: str, match: re.Match[str], strong: bool, adjacent: bool) -> tuple[int, int] | None:
    """The span of the name in `match`, where the evidence is enough."""
    end, words = _trim(text, match)
    if not words:
        return None
    titled = bool(match["title"])
    first = words[0].lower()
    known = first in FIRST_NAMES or first.split("-")[0] in FIRST_NAMES
    near, beside = _mark_after(text, end)
    if titled and (len(words) > 1 or words[0].lower() not in NOT_NAMES):
        ok = True
    elif match["initials"]:
        ok = adjacent or near
    elif known and len(words) > 1:
        ok = adjacent or near or strong
    elif known:
        ok = first not in _DOUBTFUL and (
            beside or (adjacent and (strong or near)) or (adjacent and _followed(text, end))
        )
    elif len(words) > 1:
        ok = adjacent and (near or (strong and not _in_title_case(text, end)))
    else:
        ok = adjacent and strong and beside
    return (match.start(), end) if ok else None


def _trim(text: str, match: re.Match[str]) -> tuple[int, list[str]]:
    """The end of the name and its capitalised words, up to the first word that is never a name."""
    start = match.start("words")
    words: list[str] = []
    end = start
    for word in re.finditer(rf"{_CAP}|[{_UP}]{{3,}}|[{_UP}]\.", match["words"]):
        low = word[0].lower()
        particle = low in ("van", "de", "der", "den", "ter", "ten", "te")
        if not particle:
            if low in NOT_NAMES or low.endswith(NOT_NAME_ENDINGS) or low in _FILLERS:
                break
            words.append(word[0])
            end = start + word.end()
    follow = _NEXT_WORD.match(text, end)
    if words and follow and follow[1].lower() in COMPANY_ENDS:
        return start, []
    if " ".join(words[:2]).lower() in _COMPANIES:
        return start, []
    return end, words


def _mark_after(text: str, end: int) -> tuple[bool, bool]:
    """Whether a phone or e-mail mark stands within 70 signs after `end` in the same sentence, and whether right beside it."""
    tail = text[end : end + _LOOK_BACK]
    at = min((i for i in (tail.find("[PHONE]"), tail.find("[EMAIL]"), tail.find("[URL]")) if i >= 0), default=-1)
    if at < 0 or _STOP.search(tail, 0, at):
        return False, False
    between = re.sub(
        r"\b(?:op|via|on|at|by|per|tel|telefoon|mail|e-mail|email|telefoonnummer|phone|nummer|number|of|or)\b",
        "",
        tail[:at].lower(),
    )
    return True, not re.search(r"\w", between)


def _followed(text: str, end: int) -> bool:
    """Whether a function in brackets or after a comma follows, as behind a contact's name."""
    return bool(
        re.match(
            r" ?\((?!m/v|v/m)|, (?:our|onze|de |recruiter|manager|hr|teamle|[a-z]+ recruiter)",
            text[end : end + 30],
            re.IGNORECASE,
        )
    )


def _in_title_case(text: str, end: int) -> bool:
    """Whether capitals go on after the words, as in a heading or the name of an organisation."""
    follow = _NEXT_WORD.match(text, end)
    return bool(follow and (follow[1][:1].isupper() or follow[1] == "&") and follow[1].lower() not in NOT_NAMES)


def _before_mark(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Known first names with a surname, or titled names, in the same sentence shortly before a mark."""
    start = max(0, at - _LOOK_BACK)
    for match in _NAME.finditer(text, start, at):
        end, words = _trim(text, match)
        first = words[0].lower() if words else ""
        known = first in FIRST_NAMES or first.split("-")[0] in FIRST_NAMES
        if not words or _STOP.search(text, end, at):
            continue
        beside = _mark_after(text, end)[1]
        if match["title"] or (known and len(words) > 1) or (known and beside and first not in _DOUBTFUL):
            yield match.start(), end
