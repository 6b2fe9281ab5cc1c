"""Facts that the text of an ad states: experience, hours, pay, contract, languages, licence, remote work and more.

Method: the forms of `fact_forms.csv` are found in the token pass that all of annotation shares. Many give their value
themselves; around the others (years, hours, amounts, numbers of people) a window of text is cut and read by regular
expressions. A value stands only where the words around it say that it is this fact; else it is null. Feed fields count
where the text says nothing, since feeds fill them with defaults ("fulltime").
"""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from overstap.ads.facts.agency import read_agency
from overstap.ads.facts.contract import read_contract
from overstap.ads.facts.experience import read_experience
from overstap.ads.facts.firm_size import read_firm_size
from overstap.ads.facts.forms import Scene, fact_kinds
from overstap.ads.facts.hours import read_hours
from overstap.ads.facts.languages import read_languages
from overstap.ads.facts.licence import read_licence
from overstap.ads.facts.remote import read_remote
from overstap.ads.facts.result import Fact
from overstap.ads.facts.salary import read_pay
from overstap.ads.facts.windows import TextBytes
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult, scan
from overstap.ads.section_tables import section_kinds
from overstap.ads.sections import Zones, read_zones

__all__ = ["READS", "Fact", "fact_kinds", "facts_of", "read_facts"]

READS = ("title", "company", "salary_text", "contract_text", "hours_text", "posted_date")
"""Columns of `raw_ads` that the facts are read from besides the text; one that is missing counts as null."""


def read_facts(texts: pa.Array, found: ScanResult, index: FormIndex, zones: Zones, ads: pa.RecordBatch) -> Fact:
    """All facts of a batch of ads, from a scan with an index that holds the kinds of `fact_kinds`.

    Columns as in `core_annotations`, one value a text; spans in characters of the text.
    """
    scene = Scene(TextBytes.of(texts), found, index, zones)
    fields = {name: _field(ads, name) for name in READS}
    facts = (
        read_experience(scene),
        read_hours(scene, fields["title"], fields["hours_text"]),
        read_pay(scene, fields["salary_text"], fields["company"], fields["posted_date"]),
        read_contract(scene, fields["title"], fields["contract_text"]),
        read_languages(scene),
        read_licence(scene),
        read_remote(scene),
        read_agency(scene, fields["company"]),
        read_firm_size(scene),
    )
    return Fact(
        {name: values for fact in facts for name, values in fact.columns.items()},
        {name: spans for fact in facts for name, spans in fact.spans.items()},
    )


def facts_of(ads: pa.RecordBatch) -> Fact:
    """The facts of ads (`text` and, where there, the columns READS), with a scan of their own."""
    texts = ads.column("text")
    index = _index()
    found = scan(texts, index)
    return read_facts(texts, found, index, read_zones(texts, found, index), ads)


@lru_cache(maxsize=1)
def _index() -> FormIndex:
    return FormIndex.build(section_kinds() | fact_kinds())


def _field(ads: pa.RecordBatch, name: str) -> pa.Array:
    type_ = pa.date32() if name == "posted_date" else pa.string()
    return ads.column(name).cast(type_) if name in ads.schema.names else pa.nulls(ads.num_rows, type_)
