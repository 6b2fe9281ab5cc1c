"""From fields of a feed to rows of `raw_ads`: the rules that set a row apart, and batches of bounded size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from overstap.schema import TABLES
from overstap.sources.columns import as_text
from overstap.sources.dates import DateError, DateParser
from overstap.sources.reasons import Fault, Reason
from overstap.sources.versions import Identity, identities, identity_of, key_of
from overstap.study import AdSource

BATCH_ROWS = 4096
BATCH_CHARACTERS = 32 << 20
MIN_TEXT = 30
MAX_TEXT = 1_000_000
MAX_FIELD = 10_000
RAW_ADS = TABLES["raw_ads"]
RAW_QUARANTINE = TABLES["raw_quarantine"]
_SBI = re.compile(r"\s*[A-Ua-u]?\s*(\d{1,2}(?:\.?\d){0,4})(?:\.0)?(?!\d)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_COLUMN = {
    "title": "title", "company": "company", "place": "place", "sector": "sector_text", "salary": "salary_text",
    "contract": "contract_text", "education": "education_text", "hours": "hours_text", "occupation": "occupation_text",
    "url": "url",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a feed: line or record number from 1, and field of an ad → value as received."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """Up to 4,096 ads and the rows set apart among them, under the contracts `raw_ads` and `raw_quarantine`."""

    ads: pa.RecordBatch
    quarantine: pa.RecordBatch
    identities: pa.RecordBatch | None = None
    """Which ad each row is a version of, where versions are told apart later (see `versions`)."""


class RowBuilder:
    """Applies the row rules and gathers ads and faults until a batch is full.

    An ad whose id came before is set apart; with `versions` every row is kept with its identity, for `versions.judge`.
    """

    def __init__(self, source: AdSource, *, prefix_ids: bool, require_date: bool, versions: bool = False) -> None:
        self._source = source
        self._prefix = f"{source.id}/" if prefix_ids else ""
        self._require_date = require_date
        self._parse_date = DateParser(source.date_format)
        self._seen: set[int] = set()
        self._versions = versions
        self._gone = frozenset(value.strip().lower() for value in source.withdrawn)
        self._clear()

    def _clear(self) -> None:
        self._ads: list[dict[str, Any]] = []
        self._faults: list[dict[str, Any]] = []
        self._identities: list[Identity] = []
        self._characters = 0

    @property
    def full(self) -> bool:
        rows = max(len(self._ads), len(self._identities)) + len(self._faults)
        return rows >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS

    @property
    def empty(self) -> bool:
        return not self._ads and not self._faults and not self._identities

    def add(self, item: Row | Fault, file: str, id_name: str) -> None:
        """Adds one record of `file`; `id_name` is the file's name in identifiers that the feed does not give."""
        result = item if isinstance(item, Fault) else self._ad(item, file, id_name)
        if isinstance(result, Fault):
            self._faults.append(fault_row(result, self._source.id, file))
        elif result is not None:
            self._ads.append(result)
            self._characters += sum(len(value) for value in result.values() if isinstance(value, str))

    def _ad(self, row: Row, file: str, id_name: str) -> dict[str, Any] | Fault | None:
        values = row.values
        if self._gone and (as_text(values.get("status")) or "").lower() in self._gone:
            return self._withdrawn(row, file)
        text = as_text(values.get("text"))
        if fault := text_fault(row.line, text):
            return fault
        try:
            posted = self._parse_date(values.get("date"))
        except DateError as error:
            if self._require_date:
                return Fault(row.line, Reason.BAD_DATE, str(error), "date")
            posted = None
        if posted is None and self._require_date:
            return Fault(row.line, Reason.NO_DATE, "the date of posting is empty", "date")
        feed_id = as_text(values.get("ad_id"))
        ad: dict[str, Any] = {_COLUMN[name]: as_text(value) for name, value in values.items() if name in _COLUMN}
        ad["sbi_code"] = as_text(values.get("sbi_code"))
        for name, value in (*ad.items(), ("ad_id", feed_id)):
            if value is not None and len(value) > MAX_FIELD:
                words = f"{len(value):,} characters; at most {MAX_FIELD:,} are read"
                return Fault(row.line, Reason.TEXT_TOO_LONG, words, name)
        if self._versions:
            content = {**ad, "text": text, "date": posted}
            found = identity_of(self._source, feed_id, content, values.get("changed"), (file, row.line))
            if isinstance(found, Fault):
                return found
            self._identities.append(found)
        elif feed_id is not None and self._is_repeated(feed_id):
            return Fault(row.line, Reason.DUPLICATE_ID, "an earlier row has the same identifier", "ad_id")
        ad["ad_id"] = f"{self._prefix}{feed_id if feed_id is not None else f'{id_name}:{row.line}'}"
        ad["source_id"], ad["file"], ad["line_number"] = self._source.id, file, row.line
        ad["text"], ad["posted_date"], ad["masked_n"] = text, posted, 0
        ad["sbi_code"] = sbi_digits(ad["sbi_code"])
        return ad

    def _withdrawn(self, row: Row, file: str) -> Fault | None:
        """A row that takes an ad back: kept as an identity without an ad where versions are told apart."""
        feed_id = as_text(row.values.get("ad_id"))
        if feed_id is None:
            return Fault(row.line, Reason.WITHDRAWN, "takes back an ad that it does not name", "ad_id")
        if not self._versions:
            return Fault(row.line, Reason.WITHDRAWN, "takes back an ad", "status")
        found = identity_of(self._source, feed_id, None, row.values.get("changed"), (file, row.line))
        if isinstance(found, Fault):
            return found
        self._identities.append(found)
        return None

    def _is_repeated(self, feed_id: str) -> bool:
        key = key_of(feed_id)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def take(self) -> SourceBatch:
        """The rows gathered so far as a batch; the builder is empty afterwards and still knows the identifiers."""
        known = identities(self._identities) if self._versions else None
        batch = SourceBatch(ads_batch(self._ads), quarantine_batch(self._faults), known)
        self._clear()
        return batch


def text_fault(line: int, text: str | None) -> Fault | None:
    """The fault of a text that is missing, too short or too long; None where it will do."""
    if not text:
        return Fault(line, Reason.NO_TEXT, "the text is empty", "text")
    if len(text) < MIN_TEXT:
        return Fault(line, Reason.TEXT_TOO_SHORT, f"{len(text)} characters; at least {MIN_TEXT} are needed", "text")
    if len(text) > MAX_TEXT:
        return Fault(line, Reason.TEXT_TOO_LONG, f"{len(text):,} characters; at most {MAX_TEXT:,} are read", "text")
    return None


def fault_row(fault: Fault, source_id: str, file: str) -> dict[str, Any]:
    """A row of `raw_quarantine`."""
    return {
        "source_id": source_id,
        "file": file,
        "line_number": fault.line,
        "reason_code": fault.reason.value,
        "field": fault.field,
        "reason": fault.words,
    }


def ads_batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Rows as a batch of `raw_ads`; halves of surrogate pairs, which no file can hold, become U+FFFD."""
    try:
        return pa.RecordBatch.from_pylist(rows, schema=RAW_ADS.schema)
    except UnicodeEncodeError:
        mended = [
            {k: _SURROGATES.sub("\ufffd", v) if isinstance(v, str) else v for k, v in row.items()} for row in rows
        ]
        return pa.RecordBatch.from_pylist(mended, schema=RAW_ADS.schema)


def quarantine_batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Rows as a batch of `raw_quarantine`."""
    return pa.RecordBatch.from_pylist(rows, schema=RAW_QUARANTINE.schema)


def sbi_digits(code: str | None) -> str | None:
    """The digits of an SBI or NACE code such as `J62.01` or `62.01 - …`; None where it has none."""
    match = _SBI.match(code or "")
    return match[1].replace(".", "") if match else None
