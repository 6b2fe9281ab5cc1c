"""Why a row of a feed was set apart: the codes in `raw_quarantine.reason_code`, each explained in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Kind of fault. The later date check of a study adds `date_out_of_range`, which readers never give."""

    BROKEN_ROW = "broken_row"
    BAD_ENCODING = "bad_encoding"
    NO_TEXT = "no_text"
    TEXT_TOO_SHORT = "text_too_short"
    TEXT_TOO_LONG = "text_too_long"
    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    DUPLICATE_ID = "duplicate_id"


EXPLANATIONS: dict[Reason, dict[str, str]] = {
    Reason.BROKEN_ROW: {
        "en": "The row could not be read: wrong number of cells, broken JSON, or not an object.",
        "nl": "De rij was niet te lezen: verkeerd aantal cellen, kapotte JSON, of geen object.",
    },
    Reason.BAD_ENCODING: {
        "en": "The row holds bytes that do not fit the encoding set for the source.",
        "nl": "De rij bevat bytes die niet passen bij de ingestelde tekencodering.",
    },
    Reason.NO_TEXT: {"en": "The ad has no text.", "nl": "De advertentie heeft geen tekst."},
    Reason.TEXT_TOO_SHORT: {
        "en": "The text has fewer than 30 characters, before or after markup is taken out.",
        "nl": "De tekst heeft minder dan 30 tekens, voor of na het weghalen van opmaak.",
    },
    Reason.TEXT_TOO_LONG: {
        "en": "The text has more than 5 million characters.",
        "nl": "De tekst heeft meer dan 5 miljoen tekens.",
    },
    Reason.NO_DATE: {
        "en": "The ad has no date of posting, so it belongs to no period.",
        "nl": "De advertentie heeft geen plaatsingsdatum en hoort dus bij geen periode.",
    },
    Reason.BAD_DATE: {
        "en": "The date could not be read, or does not exist.",
        "nl": "De datum was niet te lezen of bestaat niet.",
    },
    Reason.DUPLICATE_ID: {
        "en": "An earlier row of the same source has the same identifier; the first is kept.",
        "nl": "Een eerdere rij van dezelfde bron heeft hetzelfde kenmerk; de eerste telt.",
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One row set apart: line or record number from 1, reason, field where known, and words without ad text."""

    line: int
    reason: Reason
    words: str
    field: str | None = None
