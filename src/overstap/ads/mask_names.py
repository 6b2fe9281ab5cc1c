"""Contact names: capitalised words after a trigger (contact, bel, mail, vragen?, speak to …) or before a contact mark.

A name is masked on evidence, not on capitals alone: a form of address, a common first name, initials, or an unknown
pair of words that stands right after a strong trigger or right before a phone number or e-mail address. Words that ads
write with a capital (functions, departments, cities, employers) end a name or rule it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from overstap.ads.mask_lists import (
    ABBREVIATIONS,
    ADDRESSES,
    BESIDE,
    BESIDE_WORDS,
    COMPANIES,
    DOUBTFUL,
    FILLERS,
    LANGUAGES,
    LEADS,
    OTHER_PARTS,
    PARTICLES,
    REST_OF_WORD,
    SHORT_FORMS,
    SMALL_PARTS,
    SURE_PARTS,
    TITLES,
    TRIGGERS,
)
from overstap.ads.mask_shapes import (
    CAP,
    JOINED,
    LOW,
    NAME,
    NEXT_WORD,
    PARTICLE,
    TITLE,
    UP,
)
from overstap.ads.names import (
    BODY_BEFORE,
    COMPANY_ENDS,
    LINKS,
    NOT_NAME_ENDINGS,
    NOT_NAMES,
    PLACE_BEHIND,
    THINGS,
    TOWNS,
    first_names,
)


def _as_signs(words: Iterable[str]) -> str:
    """The triggers as they stand in a text, the longest first, for a case-blind search."""
    beside = f"[{re.escape(BESIDE)}]"
    ordered = sorted(words, key=len, reverse=True)
    return "|".join("".join(beside if sign in " .-" else re.escape(sign) for sign in word[1:]) for word in ordered)


_ALL_SIGNS = _as_signs((*TRIGGERS, *ADDRESSES))
_TRIGGER = re.compile(rf"(?:\A|(?<=[{re.escape(BESIDE)}]))(?=({_ALL_SIGNS}))", re.IGNORECASE | re.ASCII)
_STRONG = {word[1:].translate(str.maketrans(".-", "  ")): strong for word, strong in TRIGGERS.items()}
_ADDRESSES = {word[1:] for word in ADDRESSES}
_AS_SPACES = str.maketrans(dict.fromkeys(BESIDE, " "))
# What `mask_names` needs to find before it replaces anything (with `(?i)`, for a search of the RE2 kind).
NAME_SIGNS = rf"(?:^|[ \n\t(/.\-])(?:{_ALL_SIGNS})|job title|additional contact|\[email|\[phone"
_REST_OF_WORD = re.compile(rf"(?:{'|'.join(REST_OF_WORD)}|)(?!(?u:\w))", re.IGNORECASE | re.ASCII)
_NOT_SURE = re.compile(r" (?:with|met) ", re.IGNORECASE | re.ASCII)
_MARK = re.compile(r"\[(?:EMAIL|PHONE)\]")
_UPPER, _CAP_WORD = re.compile(f"[{UP}]"), re.compile(CAP)
_LED_BY = re.compile(rf"(?<![\w\[])(?P<title>{TITLE}{{0,3}})(?P<particle>{PARTICLE}{{0,3}})\Z")
_BEFORE_SPACE, _APART = re.compile("[ \n]"), re.compile(r" ?[,(–-] ?")
_HEAD = tuple(f"{sign} " for sign in ".?!:;)*-")
_PARTICLE_BEHIND = re.compile(rf" (?:(?P<sure>{'|'.join(SURE_PARTS)})|{'|'.join(OTHER_PARTS)}) ")
_NOT_A_PERSON = re.compile(" [0-9]")  # a house number: "Jan Proefplein 150"
_PART = re.compile(rf"{CAP}|[{UP}]{{3,}}|[{UP}]\.")
# Behind these any capitalised word belongs to the surname: "van der Meer", "van den Heuvel", "van 't Hoofd".
_SURNAME = ("der ", "den ", "ter ", "ten ", "'t ", "’t ")
# Words with which no name, particle or form of address begins; a single letter may be an initial.
_NO_START = frozenset(word for word in (NOT_NAMES | FILLERS) - PARTICLES - TITLES if len(word) > 1)
_WORD = re.compile(rf"[{UP}{LOW}][\w'’&-]*")
_STOP_SIGN = re.compile(r"[.!?]\s|\n\s*\n")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_GOES_ON = re.compile(r",? (?:en|and|of|or|&) ")
_BESIDE_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(BESIDE_WORDS))}|e-mail)\b")
_ANOTHER = re.compile(rf" & (?:[{UP}][. ]|({CAP}))")  # a name behind an ampersand, or what looks like one
_GLUED = re.compile(
    r"Name(?<![a-z]Name):? ?((?:[A-Z][\w'’.-]* ){1,3}[A-Z][\w'’-]*?)(?=Job title|Email|Additional contact|Telephone)"
)
_WINDOW, _LOOK_BACK = 130, 70


def mask_names(text: str, anywhere: bool = True) -> tuple[str, int]:
    """`text` with names replaced by [NAME], and how many; not `anywhere`: only those that a trigger or mark leads to.

    One round: `mask_text` repeats it.
    """
    if "Job title" in text or "Additional contact" in text:
        text, n = _GLUED.subn("Name [NAME] ", text)
        if n:
            return text, n
    spans = _spans(text, anywhere)
    out, start = [], 0
    for a, b in spans:
        out += [text[start:a], "[NAME]"]
        start = b
    return "".join([*out, text[start:]]), len(spans)


def _spans(text: str, anywhere: bool = True) -> list[tuple[int, int]]:
    found = list(_full_names(text)) if anywhere else []
    for end, strong in _triggers(text):
        found += _after_trigger(text, end, strong and not _NOT_SURE.match(text, end))
    for mark in _MARK.finditer(text):
        found += _before_mark(text, mark.start())
    spans: list[tuple[int, int]] = []
    for a, b in sorted(set(found), key=lambda s: (s[0], -s[1])):
        if not spans or a >= spans[-1][1]:
            spans.append((a, b))
    return spans


def _triggers(text: str) -> Iterator[tuple[int, bool]]:
    """(end of the trigger, strong) for each trigger; of a form of address its start."""
    for match in _TRIGGER.finditer(text):
        word, end = match[1], match.end(1)
        if word.lower().translate(_AS_SPACES) in _ADDRESSES:
            yield match.start(), False
            continue
        if word[-1].isalpha():
            rest = _REST_OF_WORD.match(text, end)
            if not rest:
                continue
            end = rest.end()
        yield end, _STRONG[word.lower().translate(_AS_SPACES)]


def _full_names(text: str) -> Iterator[tuple[int, int]]:
    """Names with a surname, wherever they stand, unless a place, a body or a building bears them."""
    at = 0
    while upper := _UPPER.search(text, at):
        start, at = upper.start(), upper.end()
        if start and (text[start - 1].isalnum() or text[start - 1] in "[_@#&"):
            continue
        word = cast(re.Match[str], _WORD.match(text, start))
        match = None if word[0].lower() in _NO_START else NAME.match(text, start)
        if not match or match["title"]:
            continue
        end, words = _trim(text, match)
        if len(words) + bool(match["initials"]) < 2 or _in_title_case(text, end) or _NOT_A_PERSON.match(text, end):
            continue
        follow = NEXT_WORD.match(text, end)
        behind = [*words[1:], follow[1] if follow else ""]
        if PLACE_BEHIND & {one.lower() for one in behind} or _word_before(text, start) in BODY_BEFORE:
            continue
        if _is_full(text, match, words, end):
            yield start, end
            at = end


def _is_full(text: str, match: re.Match[str], words: list[str], end: int) -> bool:
    """Whether it is a name by itself: a common first name, a part of a surname behind the first word, or words where
    a name is looked for with a function behind them."""
    first = words[0].lower()
    given = None if match["initials"] else _CAP_WORD.match(text, match.start("words"))
    particle = _PARTICLE_BEHIND.match(text, given.end()) if given else None
    if not match["initials"] and _is_known(first) and (first not in DOUBTFUL or particle or _has_function(text, end)):
        return True
    if len(words) > 1 and _is_known(words[1].lower()):
        return False  # the first word of a sentence or a function, and then a name
    if particle and particle["sure"]:
        return True
    led_to = _word_before(text, match.start()) in LINKS
    if match["initials"]:  # not the sentence behind a language: "Python en R. Daarnaast"
        letters = re.sub(r"[ .]|\(.*", "", match["initials"])
        return (led_to and letters not in LANGUAGES) or (len(letters) > 1 and letters not in SHORT_FORMS)
    return led_to and _has_function(text, end)


def _has_function(text: str, end: int) -> bool:
    """Whether a function stands behind a name: among the four words behind a comma, dash or bracket."""
    behind = _APART.match(text, end)
    words = _WORD.findall(text, behind.end(), behind.end() + 40)[:4] if behind else []
    return any(word.lower().endswith(NOT_NAME_ENDINGS) for word in words)


def _word_before(text: str, at: int) -> str:
    """The word before the space at `at - 1`, in lower case, of at most eleven signs."""
    return _BEFORE_SPACE.split(text[max(0, at - 12) : at - 1])[-1].lower() if at and text[at - 1] == " " else ""


def _after_trigger(text: str, start: int, strong: bool) -> Iterator[tuple[int, int]]:
    """Names in the sentence after a trigger, and those that 'of', 'or' or '&' joins to one that was found."""
    limit = _limit(text, start, _WINDOW)
    anchor = at = start
    joined = False
    while upper := _UPPER.search(text, at, limit):
        at = upper.start()
        if at and text[at - 1] == "[":
            at += 1
            continue
        word = cast(re.Match[str], _WORD.match(text, at))
        inside = at and text[at - 1].isalnum()
        match = None if inside or word[0].lower() in _NO_START else NAME.match(text, at, limit)
        if not match:
            at = word.end()
            continue
        begin, titled = _led_by(text, match, start)
        between = text[anchor:begin]
        if "[NAME]" in between:
            between, joined = between.rpartition("[NAME]")[2], True
        adjacent = _joins(text, between, match.end()) if joined else _adjacent(between)
        sure = strong and not (joined and _UPPER.search(between))
        end = _judge(text, match, begin, titled, sure, adjacent)
        if end:
            yield begin, end
            anchor = at = end
            joined = True
            limit = _limit(text, end, 70)
        else:
            at = word.end()


def _joins(text: str, between: str, end: int) -> bool:
    """Whether words join a name to the one before it: 'or', or a comma in a list that goes on behind it."""
    return bool(JOINED.search(between)) or (between == ", " and bool(_GOES_ON.match(text, end)))


def _led_by(text: str, match: re.Match[str], start: int) -> tuple[int, bool]:
    """Where the name begins, with address and particles in lower case before it; whether it has a form of address."""
    at = match.start()
    if at and text[at - 1] == " " and _BEFORE_SPACE.split(text[max(0, at - 12) : at - 1])[-1].lower() in LEADS:
        led = _LED_BY.search(text, max(start, at - 30), at)
        if led and (led["title"] or not _has_given(text, match)):
            return led.start(), bool(led["title"] or match["title"])
    return at, bool(match["title"])


def _has_given(text: str, match: re.Match[str]) -> bool:
    """Whether initials or a first name begin the name, so that a particle before it is a preposition."""
    if match["initials"] or match["title"]:
        return True
    _, words = _trim(text, match)
    return len(words) > 1 or (bool(words) and _is_known(words[0].lower()))


def _is_known(word: str) -> bool:
    return word in first_names() or word.split("-")[0] in first_names()


def _stands_alone(word: str) -> bool:
    """Whether a first name without a surname is taken for a name."""
    return word not in DOUBTFUL and (first_names().get(word) or first_names().get(word.split("-")[0], False))


def _limit(text: str, start: int, window: int) -> int:
    """The end of the sentence, or of its line unless the trigger ends it ('Contactpersoon:' and then the name)."""
    end = min(len(text), start + window)
    for stop in _STOP_SIGN.finditer(text, start + 2, end):
        if stop[0][0] == ".":
            word = _LAST_WORD.search(text, max(start, stop.start() - 12), stop.start())
            if word and (len(word[0]) == 1 or word[0].lower() in ABBREVIATIONS):
                continue
        end = stop.start()
        break
    line = text.find("\n", start, end)
    while 0 <= line <= start + 2:
        line = text.find("\n", line + 1, end)
    return end if line < 0 else line


def _adjacent(between: str) -> bool:
    words = _WORD.findall(between)
    return len(words) <= 14 and all(w.lower() in FILLERS or w.lower() in NOT_NAMES for w in words)


def _judge(text: str, match: re.Match[str], begin: int, titled: bool, strong: bool, adjacent: bool) -> int | None:
    """The end of the name in `match`, where the evidence is enough."""
    end, words = _trim(text, match)
    if not words:
        return None
    first = words[0].lower()
    known = _is_known(first)
    near, beside = _mark_after(text, end)
    if titled:
        ok = not _NOT_A_PERSON.match(text, end)
    elif match["initials"]:
        ok = adjacent or near
    elif known and len(words) > 1:
        ok = adjacent or near or strong
    elif known:
        ok = _stands_alone(first) and (beside or (adjacent and (strong or near)) or (adjacent and _followed(text, end)))
    elif len(words) > 1:
        plain = not _in_title_case(text, end) and _word_before(text, begin) not in THINGS
        ok = adjacent and (near or (strong and plain))
    else:
        ok = adjacent and strong and beside
    return end if ok else None


def _trim(text: str, match: re.Match[str]) -> tuple[int, list[str]]:
    """The end of the name and its capitalised words, up to the first word that is never a name."""
    start = match.start("words")
    words: list[str] = []
    firm = 0, start  # words before "van" and the end of them, in case a firm follows: "Anna Proef van Testmeer Groep"
    end = start
    for word in _PART.finditer(text, start, match.end("words")):
        low = word[0].lower()
        if low not in SMALL_PARTS:
            never = low in NOT_NAMES or low.endswith(NOT_NAME_ENDINGS) or low in FILLERS
            ahead = text[start : word.start()].lower()
            if low in TOWNS and (words or match["initials"]) and ahead.endswith("van "):
                never = False
            if never and not ahead.endswith(_SURNAME):
                break
            if len(words) + bool(match["initials"]) > 1 and text.endswith(" van ", 0, word.start()):
                firm = len(words), end
            words.append(word[0])
            end = word.end()
    follow = NEXT_WORD.match(text, end)
    if words and follow and follow[1].lower() in COMPANY_ENDS and not _is_another(text, end):
        return firm[1], words[: firm[0]]
    if " ".join(words[:2]).lower() in COMPANIES:
        return start, []
    return end, words


def _mark_after(text: str, end: int) -> tuple[bool, bool]:
    """Whether a phone or e-mail mark follows within 70 signs in the same sentence, and whether right beside it."""
    tail = text[end : end + _LOOK_BACK]
    at = min((i for i in (tail.find("[PHONE]"), tail.find("[EMAIL]"), tail.find("[URL]")) if i >= 0), default=-1)
    if at < 0 or _limit(text, end, at) < end + at:
        return False, False
    return True, not re.search(r"\w", _BESIDE_WORDS.sub("", tail[:at].lower()))


def _followed(text: str, end: int) -> bool:
    """Whether a function in brackets or after a comma follows, as behind a contact's name."""
    return bool(
        re.match(
            r" ?\((?!m/v|v/m)|, (?:our|onze|de |recruiter|manager|hr|teamle|[a-z]+ recruiter)",
            text[end : end + 30],
            re.IGNORECASE | re.ASCII,
        )
    )


def _in_title_case(text: str, end: int) -> bool:
    """Whether capitals go on after the words, as in a heading or the name of an organisation."""
    if _is_another(text, end):
        return False
    follow = NEXT_WORD.match(text, end)
    return bool(follow and (_UPPER.match(follow[1]) or follow[1] == "&") and follow[1].lower() not in NOT_NAMES)


def _is_another(text: str, end: int) -> bool:
    """Whether an ampersand and another name follow."""
    another = _ANOTHER.match(text, end)
    return bool(another and (not another[1] or _is_known(another[1].lower())))


def _before_mark(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Known first names with a surname, or titled names, in the same sentence shortly before a mark."""
    start = place = max(0, at - _LOOK_BACK)
    while upper := _UPPER.search(text, place, at):
        place = upper.start()
        fresh = not place or not (text[place - 1].isalnum() or text[place - 1] in "[_")
        word = cast(re.Match[str], _WORD.match(text, place))
        match = NAME.match(text, place, at) if fresh and word[0].lower() not in _NO_START else None
        place += 1
        if not match:
            continue
        end, words = _trim(text, match)
        if not words:
            continue
        first = words[0].lower()
        known, initials = _is_known(first), bool(match["initials"])
        begin, titled = _led_by(text, match, start)
        # A full name may stand on a line of its own, with the function on the next.
        whole = titled or initials or (known and len(words) > 1 and first not in DOUBTFUL)
        own_line = begin == 0 or text[begin - 1] == "\n"
        full = whole and own_line and "\n\n" not in text[end:at]
        if not full and _limit(text, end, at - end) < at:
            continue
        sure = known and (len(words) > 1 or _stands_alone(first))
        if titled or initials or sure or (not known and _stands_apart(text, words, begin, end)):
            yield begin, end
            place = end


def _stands_apart(text: str, words: list[str], begin: int, end: int) -> bool:
    """Whether capitalised words, of which the first is no known name, stand where a contact's do: behind a word that
    leads to one, or at the head of a line or sentence, and in a sentence with a mark behind them."""
    if len(words) < 2 or _is_known(words[1].lower()) or not _mark_after(text, end)[0] or _in_title_case(text, end):
        return False
    head = not begin or text[begin - 1] == "\n" or text.endswith(_HEAD, 0, begin)
    return head or _word_before(text, begin) in LINKS
