"""Which vacancies are read for new phrases: all of them, or all those of employers drawn by chance."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.lexicon import Array
from overstap.phrases.picked import Picked
from overstap.schema.core import LANGUAGES
from overstap.store import Store

_SITE = r"^(?:[a-z]+://)?(?:www[.])?(?P<site>[^/?#]+)"  # as in core_boards.sql
_COLUMNS = ["vacancy_id", "employer_id", "source_id", "year", "first_date", "language", "isco08", "sector"]


@dataclass(frozen=True, eq=False)
class Sample:
    """The vacancies drawn: `table` has a row each (columns of `core_vacancies`, and `period`), `employer` numbers
    their employers, `period` and `language` are places in `periods` and LANGUAGES. `rate`: the share of employers."""

    table: pa.Table
    employer: Array
    period: Array
    language: Array
    periods: Sequence[str]
    rate: float

    @classmethod
    def of(cls, vacancies: pa.Table, kind: str = "year", most: int = 20_000) -> Sample:
        """Of rows of `core_vacancies`, by `year` or `quarter`, about `most`. An employer is drawn with
        all its vacancies or not at all, by a hash of its name, so that the same ones are drawn whatever else a feed
        brings."""
        employers = vacancies["employer_id"].combine_chunks().dictionary_encode()
        rate = min(1.0, most / max(1, vacancies.num_rows))
        if rate < 1:
            lot = [zlib.crc32(name.encode()) / 2**32 < rate for name in employers.dictionary.to_pylist()]
            vacancies = vacancies.filter(pa.array(np.array(lot)[np.asarray(employers.indices)]))
            employers = vacancies["employer_id"].combine_chunks().dictionary_encode()
        year = vacancies["year"].combine_chunks()
        named = year if kind == "year" else _quarters(year, vacancies["first_date"])
        periods = sorted(pc.unique(named).to_pylist())
        period = np.asarray(pc.index_in(named, pa.array(periods, pa.string())), np.int64)
        language = np.asarray(pc.index_in(vacancies["language"], pa.array(LANGUAGES)), np.int64)
        return cls(vacancies, np.asarray(employers.indices, np.int64), period, language, periods, rate)

    @classmethod
    def of_store(cls, store: Store, kind: str = "year", most: int = 20_000) -> Sample:
        """Of a study's vacancies."""
        return cls.of(store.read("core_vacancies", _COLUMNS), kind, most)

    @property
    def ids(self) -> pa.ChunkedArray:
        """The vacancies, each of which has the id of its first ad."""
        return self.table["vacancy_id"]


def boards_of(store: Store | Picked, sample: Sample) -> Array:
    """Per vacancy of the sample the number of its source and of the site in its address."""
    address = np.zeros(len(sample.employer), np.int64)
    known: dict[str, int] = {"": 0}
    for batch in store.batches("raw_ads", ["ad_id", "url"]):
        at = pc.index_in(batch.column("ad_id"), sample.ids)
        url = pc.utf8_lower(pc.fill_null(batch.column("url").filter(pc.is_valid(at)), ""))
        site = pc.struct_field(pc.extract_regex(url, _SITE), "site").fill_null("").dictionary_encode()
        numbers = np.array([known.setdefault(name, len(known)) for name in site.dictionary.to_pylist()], np.int64)
        if len(site):
            address[np.asarray(at.drop_null())] = numbers[np.asarray(site.indices)]
    source = np.asarray(sample.table["source_id"].combine_chunks().dictionary_encode().indices, np.int64)
    boards: Array = np.unique(source * len(known) + address, return_inverse=True)[1]
    return boards


def _quarters(year: pa.Array, date: pa.ChunkedArray) -> pa.Array:
    quarter = pc.quarter(date).cast(pa.string()).combine_chunks()
    return pc.binary_join_element_wise(year, quarter, "Q")
