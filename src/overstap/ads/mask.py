"""Masking of personal data: e-mail, phone, contact names, IBAN, BSN and LinkedIn profiles become [EMAIL], [PHONE], ….

Masking goes in rounds, each on what the one before left, until one finds nothing: so masking a masked text changes
nothing and counts nothing. A round masks addresses and numbers or, where there are none, names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from overstap.ads.mask_given import given_away
from overstap.ads.mask_names import NAME_SIGNS, mask_names
from overstap.ads.mask_phones import phone_spans

_LOCAL_PART, _DOMAIN = 80, 410  # characters at most before the @, and from it on
_EMAIL = re.compile(rf"(?<![\w.+'’-])[\w.+'’%-]{{1,{_LOCAL_PART}}}@(?:[\w-]{{1,63}}\.){{1,6}}[A-Za-z]{{2,24}}(?!\w)")
_EMAIL_AT = re.compile(r"[\[({]\s?(?:at|apenstaartje|@)\s?[\])}]", re.IGNORECASE)
_BEFORE_AT = re.compile(r"[\w.+'’%-]{1,80}\s?\Z")
_AFTER_AT = re.compile(
    r"\s?[\w-]{1,63}(?:(?: ?\.(?=\S)|\s?[\[({]\s?(?:dot|punt)\s?[\])}]\s?| \. )[\w-]{2,63}){1,4}", re.IGNORECASE
)
# An address whose @ the feed lost: initials or a name with dots, a space, a domain ("j.de.vries voorbeeld.nl").
_LOST_AT = re.compile(
    r"(?<![\w.@/:-])[a-z](?:[a-z'’-]{0,30})(?:\.[a-z][a-z'’-]{0,30}){1,4} (?:[a-z0-9-]{2,40}\.){1,3}"
    r"(?:nl|com|org|net|edu|eu|be|de|uk|info)(?![\w.])"
)
_NAMES_OF_CODE = re.compile(
    r"(?:node|vue|next|nuxt|express|react|d3|three|backbone|ember|asp|ado|vb|socket)\.(?:js|net|io)"
)
_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/[^\s()\[\]<>\"']{1,200}(?<![.,;:!?])", re.IGNORECASE
)
_IBAN = re.compile(r"[A-Z]{2}(?<!\w\w\w)[0-9]{2} ?(?:[A-Z0-9]{4} ?){2,7}(?:[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
_IBAN_SIGN = re.compile(r"[0-9][0-9](?<=[A-Z][A-Z][0-9][0-9])")  # digits first: they are rare
_BSN = re.compile(
    r"\b(?:BSN|burgerservicenummer|sofi-?nummer)\b[^\d\n\[]{0,20}([0-9](?:[ .]?[0-9]){7,8})(?![0-9])",
    re.IGNORECASE | re.ASCII,
)

# A pattern of the RE2 kind that matches every text which `mask_text` changes where names do not count `anywhere`, and
# few others: a cheap test for columns.
SIGNS = (
    r"(?i)@|[a-z]\.[a-z'’-]+ [a-z0-9-]+\.[a-z]|"
    r"[\[({]\s?(?:at|apenstaartje)\s?[\])}]|linkedin\.com/|[A-Z]{2}[0-9]{2}|BSN|burgerservicen|sofi-?nummer|"
    r"[0-9][0-9 ().\-–/]{6,}[0-9]|" + NAME_SIGNS
)


class Kinds(NamedTuple):
    """Which kinds of address and number to look for; what is left out is not in the text."""

    phone: bool = True
    email: bool = True
    spelled: bool = True
    lost: bool = True
    profile: bool = True
    iban: bool = True
    bsn: bool = True


ALL = Kinds()


def mask_text(text: str, anywhere: bool = True) -> tuple[str, int]:
    """`text` with personal data replaced by marks, and how many spans were replaced. Idempotent.

    Not `anywhere`: a name counts only where a trigger or a mark leads to it, as a firm may bear a person's name.
    `overstap.ads.mask_rows` gives the same for whole columns, compiled.
    """
    total = 0
    while True:  # a mark can make the words beside it recognisable, as [PHONE] does with the name before it
        text, n = mask_numbers(text)
        if not n:
            text, n = mask_names(text, anywhere)
        if not n:
            return text, total
        total += n


def mask_numbers(text: str, kinds: Kinds = ALL) -> tuple[str, int]:
    """`text` with addresses, then phone numbers, replaced by marks, and how many. One round: `mask_text` repeats it."""
    text, total = _marked(text, _addresses(text, kinds))
    while kinds.phone:
        text, n = _marked(text, [(a, b, "[PHONE]") for a, b in phone_spans(text)])
        total += n
        if not n:
            break
    return text, total


def _marked(text: str, spans: list[tuple[int, int, str]]) -> tuple[str, int]:
    if not spans:
        return text, 0
    out, start = [], 0
    for a, b, mark in spans:
        out += [text[start:a], mark]
        start = b
    return "".join([*out, text[start:]]), len(spans)


def _addresses(text: str, wanted: Kinds) -> list[tuple[int, int, str]]:
    """All but phone numbers with their marks, and names that addresses spell, in order; of two that overlap the kind
    that comes first here."""
    kinds: list[tuple[str, Iterable[tuple[int, int]]]] = []
    if wanted.email and "@" in text:
        kinds.append(("[EMAIL]", _emails(text)))
    if wanted.spelled and ("(" in text or "[" in text or "{" in text):
        kinds.append(("[EMAIL]", _spelled_emails(text)))
    if wanted.lost and ("mail" in text or "ontact" in text or "nformati" in text):
        lost = (match for match in _LOST_AT.finditer(text) if not _NAMES_OF_CODE.match(match[0]))
        kinds.append(("[EMAIL]", (match.span() for match in lost)))
    if wanted.profile:
        kinds.append(("[URL]", (match.span() for match in _PROFILE.finditer(text))))
    if wanted.iban:
        kinds.append(("[IBAN]", _ibans(text)))
    if wanted.bsn:
        kinds.append(("[BSN]", (match.span(1) for match in _BSN.finditer(text))))
    spans: list[tuple[int, int, str]] = []
    for mark, places in kinds:
        spans += [(a, b, mark) for a, b in places if not any(a < end and b > start for start, end, _ in spans)]
    addresses = [text[a:b] for a, b, mark in spans if mark == "[EMAIL]"]
    if addresses:
        spans += [
            (a, b, "[NAME]")
            for a, b in given_away(text, addresses)
            if not any(a < end and b > start for start, end, _ in spans)
        ]
    return sorted(spans)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    at = text.find("@")
    # The pattern is slow on plain words, so it begins only where an address with this @ can begin.
    while at >= 0:
        match = _EMAIL.search(text, max(start, at - _LOCAL_PART), at + _DOMAIN)
        if match and match.start() < at < match.end():
            yield match.span()
            start = match.end()
        at = text.find("@", max(start, at + 1))


def _spelled_emails(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for at in _EMAIL_AT.finditer(text):
        if at.start() < start:
            continue
        before = _BEFORE_AT.search(text, max(start, at.start() - 82), at.start())
        after = _AFTER_AT.match(text, at.end())
        if before and after:
            yield before.start(), after.end()
            start = after.end()


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where the check digits are right (ISO 13616, modulo 97)."""
    start = 0
    for sign in _IBAN_SIGN.finditer(text):
        match = _IBAN.match(text, sign.start() - 2) if sign.start() - 2 >= start else None
        if not match:
            continue
        start = match.end()
        account = match[0].replace(" ", "")
        number = "".join(str(int(c, 36)) for c in account[4:] + account[:4])
        if 15 <= len(account) <= 34 and int(number) % 97 == 1:
            yield match.start(), match.start() + len(match[0].rstrip(" "))
