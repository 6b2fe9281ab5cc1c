"""Textkernel Jobfeed exports: CSV, JSON Lines or one JSON array, with Jobfeed's own field names.

| field of an ad | Jobfeed columns, the first that the export has |
|---|---|
| ad_id | id, job_id, document_id |
| title | title, job_title, jobfeed_profession |
| text | fulltxt, full_text; else employer_descr, job_descr, candidate_descr, conditions_descr joined |
| date | date_found, posting_date, date, date_posted |
| company | organization_name, advertiser_name |
| place | job_location, location_name, location, city, region |
| sector | sector, sic_descr, organization_industry |
| sbi_code | sic, organization_sbi_code, sbi_code |
| salary | salary, salary_range, salary_min and salary_max |
| contract | contract_type |
| education | education_level |
| hours | hours_per_week_min and hours_per_week_max, employment_type, working_hours |
| occupation | jobfeed_profession, jobfeed_profession_group, jobfeed_profession_class (also without jobfeed_) |
| url | source_url, url, job_url |

Names as in the field list of the Open Onderwijs API's copy of Jobfeed (2014) and variants of later exports.
A column may carry `_label`, `_name` or `_value` behind its name (labels win), or in JSON be an object with `label` and
`value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from overstap.sources import csv_ads, jsonl_ads
from overstap.sources.columns import Mapped, plain_name
from overstap.sources.files import SourceFile, sample_bytes
from overstap.sources.reasons import Fault
from overstap.sources.rows import Row
from overstap.study import AdSource

# Each option is the columns that are taken together.
_OPTIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ad_id": (("id",), ("job_id",), ("document_id",)),
    "title": (("title",), ("job_title",), ("jobfeed_profession",), ("profession_name",)),
    "text": (("fulltxt",), ("full_text",), ("fulltext",)),
    "date": (("date_found",), ("posting_date",), ("date",), ("date_posted",), ("found_date",), ("first_found_date",)),
    "company": (("organization_name",), ("organisation_name",), ("advertiser_name",)),
    "place": (("job_location",), ("location_name",), ("location",), ("city",), ("region",)),
    "sector": (("sector",), ("sic_descr",), ("organization_industry",), ("organization_activity",)),
    "sbi_code": (
        ("sic",), ("organization_sbi_code",), ("organization_sbi",), ("organisation_sbi_code",), ("sbi_code",),
        ("sbi",), ("organization_activity_code",),
    ),
    "salary": (
        ("salary",), ("salary_range",), ("salary_min", "salary_max"), ("salary_from", "salary_to"), ("salary_from",),
    ),
    "contract": (("contract_type",),),
    "education": (("education_level",),),
    "hours": (
        ("hours_per_week_min", "hours_per_week_max"), ("hours_per_week_from", "hours_per_week_to"),
        ("hours_per_week",), ("employment_type",), ("working_hours",), ("working_hours_type",),
    ),
    "occupation": (
        ("jobfeed_profession",), ("jobfeed_profession_group",), ("jobfeed_profession_class",),
        ("profession",), ("profession_group",), ("profession_class",),
    ),
    "url": (("source_url",), ("url",), ("job_url",)),
}  # fmt: skip
_SECTIONS = ("employer", "job", "candidate", "conditions")
_SECTION_ENDS = ("_descr", "_description", "_section", "_desc")
_CODED_ENDS = ("_label", "_name", "")


def names(file: SourceFile, source: AdSource) -> list[str]:
    """The field names of the export."""
    return list(_reader(file).names(file, source))


def sample_rows(file: SourceFile, source: AdSource, n: int = 200) -> list[dict[str, Any]]:
    """The first `n` records."""
    return list(_reader(file).sample_rows(file, source, n))


def records(file: SourceFile, source: AdSource, mapped: Mapped) -> Iterator[Row | Fault]:
    """The records of the export in order."""
    yield from _reader(file).records(file, source, mapped)


def defaults(known: list[str]) -> Mapped:
    """Field of an ad → columns, for the Jobfeed names among `known`."""
    plain = {plain_name(name): name for name in reversed(known)}
    mapped: Mapped = {}
    for field, options in _OPTIONS.items():
        for option in options:
            columns = [_coded(plain, name) for name in option]
            if all(columns):
                mapped[field] = tuple(c for c in columns if c)
                break
    if "text" not in mapped:
        sections = [next((plain[s + e] for e in _SECTION_ENDS if s + e in plain), None) for s in _SECTIONS]
        found = tuple(s for s in sections if s)
        if found:
            mapped["text"] = found
    return mapped


def _coded(plain: dict[str, str], name: str) -> str | None:
    return next((plain[name + end] for end in (*_CODED_ENDS, "_value") if name + end in plain), None)


def _reader(file: SourceFile) -> Any:
    head = sample_bytes(file, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return jsonl_ads if head[:1] in (b"{", b"[") else csv_ads
