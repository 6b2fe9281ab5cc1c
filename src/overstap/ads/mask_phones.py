"""Phone numbers: Dutch, Belgian, German, British, American and international forms.

`mask_phone_kernel` is the compiled twin: what changes here in a function changes there; patterns are shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRETCH = re.compile(r"[0-9][0-9 ().\-–/]{7,}")
_RUN = re.compile(r"[0-9][0-9 ().\-–/]{6,26}[0-9]")
_SEP = r"(?:[ ]?[-–./][ ]?|[ ])?"
# Country code → digits after it.
_COUNTRIES = {
    "1": (10, 10), "7": (10, 10), "20": (9, 10), "27": (9, 9), "30": (10, 10), "31": (9, 9), "32": (8, 9),
    "33": (9, 9), "34": (9, 9), "36": (8, 9), "39": (8, 11), "40": (9, 9), "41": (9, 9), "43": (8, 12),
    "44": (9, 10), "45": (8, 8), "46": (7, 10), "47": (8, 8), "48": (9, 9), "49": (8, 12), "52": (10, 10),
    "55": (10, 11), "60": (8, 10), "61": (9, 9), "62": (8, 11), "63": (10, 10), "64": (8, 10), "65": (8, 8),
    "66": (8, 9), "81": (9, 10), "82": (8, 10), "84": (9, 10), "86": (10, 11), "90": (10, 10), "91": (10, 10),
    "92": (9, 10), "94": (9, 9), "98": (10, 10), "212": (9, 9), "213": (8, 9), "216": (8, 8), "234": (8, 10),
    "254": (9, 9), "297": (7, 7), "351": (9, 9), "352": (6, 9), "353": (7, 9), "354": (7, 7), "356": (8, 8),
    "357": (8, 8), "358": (6, 10), "359": (8, 9), "370": (8, 8), "371": (8, 8), "372": (7, 8), "380": (9, 9),
    "381": (8, 9), "385": (8, 9), "386": (8, 8), "420": (9, 9), "421": (9, 9), "597": (6, 7), "599": (7, 8),
    "852": (8, 8), "880": (8, 10), "961": (7, 8), "962": (8, 9), "966": (8, 9), "971": (8, 9), "972": (8, 9),
}  # fmt: skip
_INTERNATIONAL = re.compile(r"(?:\+ ?|00 ?)([1-9](?:[ ().\-–/]{0,3}[0-9]){6,15})")
_NATIONAL = re.compile(
    rf"""\(?(?:
      0[89]00{_SEP}[0-9]{{3,4}}(?:{_SEP}[0-9]{{3}})?                    # 0800, 0900
    | 0[0-9]{{2}}\)?[ ]?[0-9]{{4}}[ ][0-9]{{4}}                        # 020 7946 0000
    | 0[0-9]{{3}}\)?[ ][0-9]{{3}}[ ][0-9]{{4}}                         # 0161 496 0000
    | 0[0-9]{{4}}\)?[ ]?[0-9]{{3}}[ ]?[0-9]{{3}}                       # 07700 900000
    | 0[1-9][0-9]{{0,3}}\)?[ ]?[/–-][ ]?[0-9]{{2,4}}(?:[ .]?[0-9]{{2,4}}){{1,3}}(?:-[0-9]{{1,4}})?  # 030/123 45 67
    | 0(?:\)?{_SEP}\(?[0-9]\)?){{9}}                                   # ten digits, grouped anyhow
    | 0[0-9]{{1,3}}[ ./][0-9]{{2,3}}(?:[ .][0-9]{{2}}){{2}}            # 02 555 00 00
    | 0[1-9][0-9]{{2,4}}[ ][0-9]{{5,8}}                                # 0171 5550000
    )(?![0-9])""",
    re.VERBOSE,
)
_AMERICAN = re.compile(
    r"(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ]"
    r"|[2-9][0-9]{2}(?:-[2-9][0-9]{2}-|\.[2-9][0-9]{2}\.| [2-9][0-9]{2} ))[0-9]{4}(?![0-9])"
)
_BARE = re.compile(r"[0-9](?:[ .\-–/]{0,3}[0-9]){6,11}(?![0-9])")
_EXTENSION = re.compile(r"[ ,]{0,2}\(?(?:x|ext\.?|extension|toestel|tst\.?) ?:? ?[0-9]{1,6}\)?(?![0-9])", re.IGNORECASE)
_SAYS_PHONE = re.compile(
    r"(?:\b(?:(?:contact|mobiele?|doorkies|bel|nood|gsm|06)-? ?(?:nummer|number|no)|"
    r"tel(?:efoon|ephone)?(?:nummer|nr|number)?|phone(?: ?(?:number|no))?|mob(?:iel|ile)?|gsm|whats ?app(?:en)?"
    r"|app(?:en)?"
    r"|bel(?:len|t)?"
    r"|call|ring|fax|text|sms|dial|T|M|P|Tel|Mob)\b)[^\w\n+]{0,4}"
    r"(?:\b(?:naar|met|op|us|ons|me|on|at|via|is"
    r"|number|nummer|no|nr)\b[^\w\n]{0,3}){0,2}\Z",
    re.IGNORECASE,
)
_SAYS_OTHER = re.compile(
    r"(?:[a-z]{3,}nummer|vacature|referentie|reference|\bref|\bid|kvk|btw|dossier|\bjob|req|requisition|order|\bbig|\bagb|iban|rekening|code|"
    r"kenmerk|sbi|nace|klant|versie|version|isbn|\bbsn|\bpin|artikel|\bvat|charity|company|registration|#)"
    r"[^\w\n]{0,3}(?:(?:nummer|number|no|nr|code|id)\b)?[^\w\n]{0,3}\Z",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(r"(?:nummer|number|\bno|\bnr)[^\w\n]{0,3}\Z", re.IGNORECASE)
_DATE = re.compile(
    r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9]"
)
_BEGIN = re.compile(r"(?<![0-9])[+(0-9]")  # what follows a digit goes on with its number
_GROUP = re.compile(r"[+(0-9]*")
_TIMES = re.compile(r"[0-2]?[0-9][.][0-5][0-9] ?[-–/] ?[0-2]?[0-9][.][0-5][0-9]")


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """The phone numbers in `text`. Years, pay, hours, dates and identifiers are none."""
    start = 0
    for stretch in _STRETCH.finditer(text):
        for run in _RUN.finditer(text, stretch.start(), stretch.end()):
            at = max(start, run.start() - 3)
            while at < run.end():
                span = _first(text, at, run.end())
                if span is None:
                    break
                extension = _EXTENSION.match(text, span[1])
                start = at = extension.end() if extension else span[1]
                yield span[0], start


def _first(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The first phone number that begins between `start` and `end`."""
    at = start
    while begin := _BEGIN.search(text, at, end):
        at = begin.start()
        if not _inside(text, at):
            stop = _phone_at(text, at)
            if stop:
                return at, stop
            # Not a phone number: none can begin inside the same group of digits, but one may behind a bracket.
            group = _GROUP.match(text, at, end) if not text.startswith(("(+", "(("), at) else None
            at = group.end() if group else at
            if dated := _DATE.match(text, max(start, at - 4)):
                at = max(at, dated.end())
        at += 1
    return None


def _inside(text: str, at: int) -> bool:
    """Whether the sign at `at` goes on with what stands before it: a word, a larger number, an amount or a path."""
    before = text[at - 1] if at else " "
    if text[at] == "+" and before.isalpha():
        return False  # 'Recruiter+31 6 …': only what begins with a country code is taken further
    if before.isalnum() or before in "_/#€$£=+" or (text[at].isdigit() and before == "("):
        # A label may be glued to its number: 'number01632 960001', 'Tel0612345678'.
        return not (
            (before.isalpha() and bool(_SAYS_PHONE.search(text, max(0, at - 20), at)))
            or text[max(0, at - 6) : at] == "number"
        )
    earlier = text[at - 2] if at > 1 else " "
    return (before in ".,-–" and earlier.isdigit()) or text[max(0, at - 2) : at] in ("€ ", "$ ", "£ ")


def _phone_at(text: str, at: int) -> int | None:
    """The end of the phone number that begins at `at`; None where none does."""
    if _DATE.match(text, at) or _TIMES.match(text, at):
        return None
    if text[at] == "+" or text.startswith("00", at):
        return _international(text, at)
    matches = [match for pattern in (_NATIONAL, _AMERICAN) if (match := pattern.match(text, at))]
    bare = _BARE.match(text, at) if text[at] != "(" else None
    if not matches and not bare:
        return None  # before the words around it are looked at, which takes longer
    before = text[max(0, at - 40) : at]
    says_phone = bool(_SAYS_PHONE.search(before))
    says_other = not says_phone and bool(_SAYS_OTHER.search(before))
    for match in matches:
        if not says_other:
            numbered = match[0].isdigit() and before[-1:].isspace() and _SAYS_NUMBER.search(before)
            plain = not says_phone and (_plain_number(match[0]) or numbered)
            if not plain:
                return match.end()
    return bare.end() if says_phone and bare else None


def _plain_number(found: str) -> bool:
    """Whether a number without a phone word near it is more likely something else, such as digits in one piece."""
    if found.isdigit():
        return not (
            found.startswith(("06", "04", "07", "01", "02", "03", "05", "085", "088")) and len(found) in (10, 11)
        )
    return found.count(" ") == 2 and found.replace(" ", "").isdigit() and not found.startswith("0") and len(found) == 12


def _international(text: str, at: int) -> int | None:
    match = _INTERNATIONAL.match(text, at)
    if not match:
        return None
    body = match[1]
    digits = re.sub(r"\D", "", body.replace("(0)", ""))
    for size in (3, 2, 1):
        bounds = _COUNTRIES.get(digits[:size])
        if bounds is None:
            continue
        low, high = bounds
        # Take at most as many digits as the country has: what follows may be another number.
        if len(digits) - size < low:
            return None
        wanted, end = min(len(digits), size + high), match.start(1)
        while wanted:
            if text.startswith("(0)", end, match.end(1)):
                end += 3
                continue
            wanted -= text[end].isdigit()
            end += 1
        if end < len(text) and text[end].isdigit() and not text.startswith(" ", end):
            return None
        return end
    return None
