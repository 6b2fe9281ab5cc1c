"""Dates of posting as feeds write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "januari january jan", "februari february feb", "maart march mrt mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "augustus august aug", "september sept sep",
            "oktober october okt oct", "november nov", "december dec",
        ],
        1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ]\s?\d{1,2}:.*)?)?\Z")
_BASIC = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)\Z")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,]+\d{1,2}:.*)?\Z")
_D_MONTH_Y = re.compile(
    r"(?:[^\W\d]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|e)?[\s\-]+([^\W\d]+)\.?,?[\s\-]+(\d{4})(?:[T ,]+\d{1,2}:.*)?\Z"
)
_MONTH_D_Y = re.compile(r"([^\W\d]+)\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})\Z")
_MONTH_FIRST = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:1[3-9]|2\d|3[01])[-/.]\d{4}")
_EPOCH = re.compile(r"[1-9]\d{9}(?:\.\d+)?\Z|[1-9]\d{12}\Z")  # ten digits from 0 are a phone number
_EPOCH_START = date(1970, 1, 1)
# What is quoted: at most eight digits as day, month and year, with words for a month or a weekday, and a time.
_WEEKDAYS = (
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|monday|tuesday|wednesday|thursday|friday|saturday|"
    "sunday|mon|tue|wed|thu|fri|sat|sun|ma|di|wo|do|vr|za|zo"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th|e)?"
_MONTH = rf"(?:{'|'.join(_MONTHS)}|{_WEEKDAYS})\.?"
_DAYS_AND_WORDS = rf"(?:{_DAY}|{_MONTH})"
_BESIDE = r"(?:[-/.]|,? )"
_LIKE_A_DATE = re.compile(
    rf"(?:{_MONTH}{_BESIDE})?(?:(?:{_DAYS_AND_WORDS}{_BESIDE}){{0,2}}[0-9]{{4}}|"
    rf"[0-9]{{4}}(?:{_BESIDE}{_DAYS_AND_WORDS}){{1,2}}|{_DAYS_AND_WORDS}(?:{_BESIDE}{_DAYS_AND_WORDS}){{0,2}})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?)?",
    re.IGNORECASE,
)
_SHAPE_CHARACTERS = 20


class DateError(ValueError):
    """A date that could not be read; its text says why, and quotes the value only where it looks like a date.

    A row whose cells have shifted has a phone number or a name here, and this text is stored and shown.
    """


class DateParser:
    """Reads dates in the pattern `date_format`, or, with `auto`, ISO first and then day-month-year.

    Auto knows: ISO dates and datetimes (the date as written, whatever the time zone), `YYYY-MM` (its first day),
    `YYYYMMDD`, dd-mm-yyyy and dd/mm/yyyy, Dutch and English month names, and seconds or milliseconds since 1970 (UTC).
    """

    def __init__(self, date_format: str = "auto") -> None:
        self.date_format = date_format
        self._seen: dict[str, date | DateError] = {}

    def __call__(self, value: Any) -> date | None:
        """The date in `value`; None where it is empty; DateError where it cannot be read or does not exist."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, float):
            if value != value:
                return None
            value = int(value) if value.is_integer() else value
        text = str(value).strip()
        if not text or text.lower() in ("nan", "nat", "none", "null", "na", "n/a", "-"):
            return None
        known = self._seen.get(text)
        if known is None:
            try:
                known = self._parse(text)
            except DateError as error:
                known = error
            if len(self._seen) < 50_000:
                self._seen[text] = known
        if isinstance(known, DateError):
            raise known
        return known

    def _parse(self, text: str) -> date:
        if self.date_format == "auto":
            return _parse_auto(text)
        try:
            return datetime.strptime(text, self.date_format).date()
        except ValueError:
            raise DateError(f"{_shown(text)} does not fit date_format '{self.date_format}'") from None


def _parse_auto(text: str) -> date:
    if m := _ISO.match(text) or _BASIC.match(text):
        return _make(text, m[1], m[2], m[3] or "1")
    if m := _DMY.match(text):
        return _make(text, m[3], m[2], m[1])
    if _EPOCH.match(text):
        number = float(text)
        return _EPOCH_START + timedelta(seconds=int(number / 1000 if len(text) == 13 and "." not in text else number))
    if (m := _D_MONTH_Y.match(text)) and (month := _MONTHS.get(m[2].lower())):
        return _make(text, m[3], str(month), m[1])
    if (m := _MONTH_D_Y.match(text)) and (month := _MONTHS.get(m[1].lower())):
        return _make(text, m[3], str(month), m[2] or "1")
    raise DateError(f"{_shown(text)} is not a date in a known form; set 'date_format:' of the source")


def _make(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        hint = "; is the month first? Set 'date_format:' to e.g. '%m/%d/%Y'" if _MONTH_FIRST.match(text) else ""
        raise DateError(f"{_shown(text)} does not exist{hint}") from None


def _shown(text: str) -> str:
    """The value in quotes where it looks like a date, else its length and form: digits as 9, words as a."""
    if _LIKE_A_DATE.fullmatch(text):
        return f"'{text}'"
    form = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text[:200]))
    form = form if len(form) <= _SHAPE_CHARACTERS else form[: _SHAPE_CHARACTERS - 1] + "…"
    return f"a value of {len(text)} characters in the form '{form}'"
