"""Why a row of a feed was set apart: the codes in `raw_quarantine.reason_code`; `publish` words them for readers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Kind of fault."""

    BROKEN_ROW = "broken_row"
    BAD_ENCODING = "bad_encoding"
    NO_TEXT = "no_text"
    TEXT_TOO_SHORT = "text_too_short"
    TEXT_TOO_LONG = "text_too_long"
    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    DUPLICATE_ID = "duplicate_id"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row set apart: line or record number from 1, reason, field where known, and words without ad text."""

    line: int
    reason: Reason
    words: str
    field: str | None = None
