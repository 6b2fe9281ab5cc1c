"""schema.org JobPosting as JSON-LD: in .json and .jsonl files (object, array, @graph) and inside HTML pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from overstap.errors import InputError
from overstap.sources import jsonl_ads
from overstap.sources.columns import Mapped, as_text, dig, join, paths
from overstap.sources.files import SourceFile, codec_name, open_bytes, sample_bytes
from overstap.sources.reasons import Fault, Reason
from overstap.sources.rows import Row
from overstap.study import AD_FIELDS, AdSource

_PAGE_LIMIT = 64 << 20
_HTML = frozenset({".html", ".htm", ".xhtml"})
_TAG = re.compile(r"<!--|<script\b([^>]{0,2000})>", re.IGNORECASE)
_SCRIPT_END, _COMMENT_END = re.compile("</script", re.IGNORECASE), re.compile("-->")
_WORDS = {  # employmentType and unitText are codes; only the pay's unit is put into words here
    "HOUR": "hour", "DAY": "day", "WEEK": "week", "MONTH": "month", "YEAR": "year",
}  # fmt: skip


def names(file: SourceFile, source: AdSource) -> list[str]:
    """The property names of the first postings, nested ones with dots. Raises InputError where there is no posting."""
    found: dict[str, None] = {}
    for row in sample_rows(file, source):
        found.update(dict.fromkeys(paths(row)))
    if not found:
        raise no_posting(file)
    return list(found)


def no_posting(file: SourceFile) -> InputError:
    """The error where a file, or the first of many, holds no posting."""
    plain_list = (
        " A list of ads without @type is read as JSON Lines, one ad a line: jq -c '.[]' ads.json > ads.jsonl"
        if ".json" in Path(file.label.lower()).suffixes
        else ""
    )
    return InputError(
        f"{file.label} holds no schema.org JobPosting.",
        why='Looked for JSON-LD with "@type": "JobPosting", in pages inside <script type="application/ld+json">.',
        fix=f"Set 'format:' of the source to what the file is, or take the page out of 'files:'.{plain_list}",
    )


def sample_rows(file: SourceFile, source: AdSource, n: int = 20) -> list[dict[str, Any]]:
    """The first `n` postings."""
    rows: list[dict[str, Any]] = []
    for _, item in _postings(file, source):
        if not isinstance(item, Fault):
            rows.append(item)
            if len(rows) == n:
                break
    return rows


def mapping(source: AdSource) -> Mapped:
    """The study file's own mapping; the other fields are taken from a posting by `fields`."""
    mapped: Mapped = dict.fromkeys(AD_FIELDS, ())
    for field, value in source.columns.items():
        mapped[field] = (value,) if isinstance(value, str) else tuple(value)
    return mapped


def records(file: SourceFile, source: AdSource, mapped: Mapped) -> Iterator[Row | Fault]:
    """The postings in order; broken JSON and pages without a posting are Faults."""
    for line, item in _postings(file, source):
        if isinstance(item, Fault):
            yield item
        else:
            values = fields(item)
            for field, columns in mapped.items():
                if columns:
                    values[field] = join(field, [dig(item, c) for c in columns])
            yield Row(line, values)


def fields(posting: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an ad out of one JobPosting."""
    text = [posting.get("description")]
    text += [
        posting.get(k) for k in ("responsibilities", "qualifications", "skills") if isinstance(posting.get(k), str)
    ]
    employer = _first(posting.get("hiringOrganization"))
    return {
        "ad_id": _identifier(posting),
        "title": posting.get("title") or posting.get("name"),
        "text": "\n\n".join(dict.fromkeys(t for t in (as_text(v) for v in text) if t)),
        "date": posting.get("datePosted"),
        "company": employer.get("name") or employer.get("legalName") if isinstance(employer, Mapping) else employer,
        "place": _place(posting),
        "sector": as_text(posting.get("industry")),
        "sbi_code": _nace(employer),
        "salary": _salary(posting.get("baseSalary") or posting.get("estimatedSalary")),
        "contract": posting.get("employmentType"),
        "education": _education(posting.get("educationRequirements")),
        "hours": posting.get("workHours"),
        "occupation": _occupation(posting),
        "url": posting.get("url") or posting.get("sameAs"),
    }


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _identifier(posting: Mapping[str, Any]) -> str | None:
    value = _first(posting.get("identifier"))
    if isinstance(value, Mapping):
        value = value.get("value") or value.get("@value") or value.get("@id") or value.get("propertyID")
    return as_text(value) or as_text(posting.get("@id")) or as_text(posting.get("url"))


def _place(posting: Mapping[str, Any]) -> str | None:
    places = posting.get("jobLocation")
    found: dict[str, None] = {}
    for place in places if isinstance(places, list) else [places]:
        address = _first(place.get("address") or place) if isinstance(place, Mapping) else place
        if isinstance(address, Mapping):
            parts = [address.get("addressLocality"), address.get("addressRegion")]
            words = ", ".join(filter(None, (as_text(p) for p in parts))) or as_text(address.get("name"))
            words = words or as_text(address.get("addressCountry"))
        else:
            words = as_text(address)
        if words:
            found[words] = None
    if not found and as_text(posting.get("jobLocationType")):
        return as_text(posting.get("jobLocationType"))
    return "; ".join(found) or None


def _salary(value: Any) -> str | None:
    value = _first(value)
    if not isinstance(value, Mapping):
        return as_text(value)
    inner = value.get("value", value)
    amount = inner if not isinstance(inner, Mapping) else inner.get("value")
    low, high = (inner.get("minValue"), inner.get("maxValue")) if isinstance(inner, Mapping) else (None, None)
    if low is None and high is None and amount is None:
        low, high = value.get("minValue"), value.get("maxValue")
    numbers = [as_text(n) for n in ([low, high] if low is not None or high is not None else [amount])]
    if not any(numbers):
        return None
    unit = as_text(inner.get("unitText")) if isinstance(inner, Mapping) else None
    unit = unit or as_text(value.get("unitText"))
    words = " - ".join(dict.fromkeys(n for n in numbers if n))
    currency = as_text(value.get("currency")) or as_text(_inner_currency(inner))
    return " ".join(filter(None, [currency, words, f"per {_WORDS.get(unit.upper(), unit.lower())}" if unit else None]))


def _inner_currency(value: Any) -> Any:
    """The currency that stands inside the amount instead of beside it."""
    return value.get("currency") if isinstance(value, Mapping) else None


def _education(value: Any) -> str | None:
    levels = value if isinstance(value, list) else [value]
    found = [as_text(v.get("credentialCategory") or v) if isinstance(v, Mapping) else as_text(v) for v in levels]
    return ", ".join(dict.fromkeys(f for f in found if f)) or None


def _occupation(posting: Mapping[str, Any]) -> str | None:
    value = posting.get("occupationalCategory") or posting.get("relevantOccupation")
    items = value if isinstance(value, list) else [value]
    found = [as_text(v.get("name") or v.get("codeValue")) if isinstance(v, Mapping) else as_text(v) for v in items]
    return ", ".join(dict.fromkeys(f for f in found if f)) or None


def _nace(employer: Any) -> str | None:
    # ISIC divisions equal NACE and SBI at two digits only; NAICS is another list and never taken.
    isic = as_text(employer.get("isicV4")) if isinstance(employer, Mapping) else None
    return isic[:2] if isic and isic[:2].isdigit() else None


def _postings(file: SourceFile, source: AdSource) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    head = sample_bytes(file, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if file.suffix in _HTML or head.startswith(b"<"):
        yield from _page(file, source)
    elif file.suffix in (".jsonl", ".ndjson") or head.startswith(b"["):
        for line, item in jsonl_ads.objects(file, source):
            if isinstance(item, Fault):
                yield line, item
            else:
                yield from _found(line, item)
    else:
        yield from _document(file, source)


def _document(file: SourceFile, source: AdSource) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """A .json file: one document, or, where it is not, JSON Lines under another name."""
    with open_bytes(file) as stream:
        raw = stream.read(_PAGE_LIMIT)
    try:
        value = json.loads(raw.decode(codec_name(source.encoding)))
    except (ValueError, RecursionError):
        for line, item in jsonl_ads.objects(file, source):
            yield from [(line, item)] if isinstance(item, Fault) else _found(line, item)
        return
    number = 0
    for posting in walk(value):
        number += 1
        yield number, posting
    if not number:
        yield 1, Fault(1, Reason.BROKEN_ROW, "the document holds no JobPosting")


def _found(line: int, item: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    found = list(walk(item))
    if not found:
        yield line, Fault(line, Reason.BROKEN_ROW, "the object is no JobPosting")
    for posting in found:
        yield line, posting


def _page(file: SourceFile, source: AdSource) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    with open_bytes(file) as stream:
        raw = stream.read(_PAGE_LIMIT)
    text = raw.decode(codec_name(source.encoding), errors="replace")
    number = 0
    for script in _scripts(text):
        try:
            value = json.loads(_unwrap(script), strict=False)
        except (ValueError, RecursionError):
            number += 1
            yield number, Fault(number, Reason.BROKEN_ROW, "broken JSON-LD in the page")
            continue
        for posting in walk(value):
            number += 1
            yield number, posting
    if not number:
        yield 1, Fault(1, Reason.BROKEN_ROW, "the page holds no JobPosting")


def _scripts(page: str) -> Iterator[str]:
    """What stands in the JSON-LD scripts of a page. Read off its tags alone, in time linear in its length: a page of a
    hundred thousand open elements keeps a parser, which builds a tree of them, at work for minutes."""
    at = 0
    while found := _TAG.search(page, at):
        is_script = found[1] is not None
        end = (_SCRIPT_END if is_script else _COMMENT_END).search(page, found.end())
        if is_script and "ld+json" in unescape(found[1]).lower():
            yield page[found.end() : end.start() if end else len(page)]
        if end is None:  # as in a browser: what is not closed goes on to the end
            return
        at = end.end()


def _unwrap(script: str) -> str:
    text = script.strip().rstrip(";")
    for start, end in (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>")):
        text = text.removeprefix(start).removesuffix(end).strip()
    return text


def walk(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every JobPosting in a JSON-LD value: the object itself, in arrays, @graph, mainEntity and item lists."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value:
            yield from walk(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type") or value.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(k, str) and k.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == "JobPosting" for k in kinds):
            yield {k.removeprefix("schema:"): v for k, v in value.items()}
            return
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(value.get(key), list | dict):
                yield from walk(value[key], depth + 1)
