"""Masking of personal data: e-mail, phone, contact names, IBAN, BSN and LinkedIn profiles become [EMAIL], [PHONE], ….

A scan for a cheap sign (an @, nine digits, a trigger word) comes before each pattern, so that an ad without contact
lines costs little. Masking a masked text changes nothing and counts nothing.
"""

from __future__ import annotations

import re

from overstap.ads.mask_names import NAME_SIGNS, mask_names
from overstap.ads.mask_phones import mask_phones

_LOCAL_PART = 80  # characters at most before the @
_EMAIL = re.compile(rf"(?<![\w.+'’-])[\w.+'’%-]{{1,{_LOCAL_PART}}}@(?:[\w-]{{1,63}}\.){{1,6}}[A-Za-z]{{2,24}}(?!\w)")
_EMAIL_AT = re.compile(r"[\[({]\s?(?:at|apenstaartje|@)\s?[\])}]", re.IGNORECASE)
_BEFORE_AT = re.compile(r"[\w.+'’%-]{1,80}\s?\Z")
_AFTER_AT = re.compile(r"\s?[\w-]{1,63}(?:\s?(?:\.|[\[({]\s?(?:dot|punt)\s?[\])}])\s?[\w-]{2,63}){1,4}", re.IGNORECASE)
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
    r"\b(BSN|burgerservicenummer|sofi-?nummer)\b([^\d\n\[]{0,20})[0-9](?:[ .]?[0-9]){7,8}(?![0-9])", re.IGNORECASE
)

# A pattern of the RE2 kind that matches every text which `mask_text` changes, and few others: a cheap test for columns.
SIGNS = (
    r"(?i)@|[a-z]\.[a-z'’-]+ [a-z0-9-]+\.[a-z]|"
    r"[\[({]\s?(?:at|apenstaartje)\s?[\])}]|linkedin\.com/|[A-Z]{2}[0-9]{2}|BSN|burgerservicen|sofi-?nummer|"
    r"[0-9][0-9 ().\-–/]{6,}[0-9]|" + NAME_SIGNS
)


def mask_text(text: str) -> tuple[str, int]:
    """`text` with personal data replaced by marks, and how many spans were replaced. Idempotent."""
    text, total = _mask_once(text)
    n = total
    while n:  # a mark can make the words beside it recognisable, as [PHONE] does with the name before it
        text, n = _mask_once(text)
        total += n
    return text, total


def _mask_once(text: str) -> tuple[str, int]:
    total = 0
    if "@" in text:
        text, n = _mask_emails(text)
        total += n
    if ("(" in text or "[" in text or "{" in text) and _EMAIL_AT.search(text):
        text, n = _mask_spelled_emails(text)
        total += n
    if "mail" in text or "ontact" in text or "nformati" in text:
        masked = _LOST_AT.sub(lambda m: m[0] if _NAMES_OF_CODE.match(m[0]) else "[EMAIL]", text)
        total += masked.count("[EMAIL]") - text.count("[EMAIL]")
        text = masked
    if "inkedin.com/" in text or "INKEDIN.COM/" in text:
        text, n = _PROFILE.subn("[URL]", text)
        total += n
    if _IBAN_SIGN.search(text):
        masked = _IBAN.sub(_iban, text)
        total += masked.count("[IBAN]") - text.count("[IBAN]")
        text = masked
    if "BSN" in text or "bsn" in text or "urgerservicen" in text or "ofinummer" in text or "ofi-nummer" in text:
        text, n = _BSN.subn(r"\1\2[BSN]", text)
        total += n
    text, n = mask_phones(text)
    total += n
    text, n = mask_names(text)
    return text, total + n


def _mask_emails(text: str) -> tuple[str, int]:
    out, start, n = [], 0, 0
    at = text.find("@")
    # The pattern is slow on plain words, so it begins only where an address with the next @ can begin.
    while at >= 0 and (found := _EMAIL.search(text, max(start, at - _LOCAL_PART))):
        out += [text[start : found.start()], "[EMAIL]"]
        start, n = found.end(), n + 1
        at = text.find("@", start)
    return "".join([*out, text[start:]]), n


def _mask_spelled_emails(text: str) -> tuple[str, int]:
    out, start, n = [], 0, 0
    for at in _EMAIL_AT.finditer(text):
        if at.start() < start:
            continue
        before = _BEFORE_AT.search(text, max(start, at.start() - 82), at.start())
        after = _AFTER_AT.match(text, at.end())
        if before and after:
            out += [text[start : before.start()], "[EMAIL]"]
            start, n = after.end(), n + 1
    return "".join([*out, text[start:]]), n


def _iban(match: re.Match[str]) -> str:
    """The mark, where the check digits are right (ISO 13616, modulo 97)."""
    account = match[0].replace(" ", "")
    if not 15 <= len(account) <= 34:
        return match[0]
    number = "".join(str(int(c, 36)) for c in account[4:] + account[:4])
    # A trailing space that the pattern took along stays in the text.
    return "[IBAN]" + " " * match[0].endswith(" ") if int(number) % 97 == 1 else match[0]
