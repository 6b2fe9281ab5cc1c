"""Made-up coded vacancies of any number, as a stream: what the size of the demand tables' work depends on, no meaning.

One feed of several boards over eight years; a heavy tail of employers, occupations and sectors, seven skills each of a
thousand, of which some rise and others fall, titles most of which are rare, and unknown values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.schema.core import CONTRACTS, EDUCATION_LEVELS, FIRM_SIZES, REMOTE

FIRST, LAST = date(2012, 1, 1), date(2019, 12, 31)
SKILLS, CATEGORIES, SKILLS_ASKED, TITLES = 1_000, 24, 7, 20_000
_BATCH = 1 << 17
_SEED = 2019
_STRIDE = 7_368_787  # a prime: row r is vacancy r · stride modulo their number, so that ids and dates are out of step
_TOPSECTORS: list[list[str] | None] = [["energie"], ["htsm"], ["chemie", "htsm"], ["health"], [], [], [], None]
_PROVINCES = [f"NL{n}" for n in (11, 12, 13, 21, 22, 23, 31, 32, 33, 34, 41, 42)]
_GROUPS = ["ict", "manager", "other", "other", "other", "other", None]  # like the language, of a title
_BOARDS = [f"https://board{n}.example/" for n in range(6)]
_LANGUAGES: list[list[str] | None] = [["nl"], ["en", "nl"], ["en"], None, None, None]

Draw = np.random.Generator


def skills() -> pa.Table:
    """Rows of `core_skills`."""
    ids = [f"made.{n:04d}" for n in range(SKILLS)]
    categories = [f"category_{n % CATEGORIES}" for n in range(SKILLS)]
    groups = [("digital", "other", "professional")[n % CATEGORIES % 3] for n in range(SKILLS)]
    known = {"skill_id": ids, "label_nl": ids, "label_en": ids, "category": categories, "category_group": groups}
    return _filled("core_skills", known, SKILLS)


def vacancies(n: int) -> Iterator[pa.RecordBatch]:
    """Rows of `core_vacancies`, by date of posting."""
    isco = [code for code in load("isco08")["code"].to_pylist() if len(code) == 4]
    sbi = [f"{code}{n}0" for code in load("sbi2008")["code"].to_pylist() if len(code) == 2 for n in range(1, 6)]
    section = dict(zip(load("sbi2008")["code"].to_pylist(), load("sbi2008")["section"].to_pylist(), strict=True))
    for start, size in _parts(n):
        draw = np.random.default_rng([_SEED, start])
        rows = np.arange(start, start + size)
        posted = _posted(rows, n)
        # Employer numbers grow with the cube of an even draw: a few post thousands of ads, most a handful.
        employer = (n / 8 * draw.random(size) ** 3).astype(np.int64)
        title = _titles(draw, size)
        code = _some(draw, size, sbi, 0.2, skew=1.5)
        known: dict[str, Any] = {
            "vacancy_id": _ids(rows * _STRIDE % n),
            "source_id": pa.repeat("a", size),
            "employer_id": pc.binary_join_element_wise("employer", pa.array(employer).cast(pa.string()), " "),
            "first_date": posted,
            "last_date": posted,
            "postings_n": pa.repeat(1, size),
            "year": pc.strftime(posted, "%Y"),
            "month": pc.strftime(posted, "%Y-%m"),
            "title_key": pc.binary_join_element_wise("worker", pa.array(title).cast(pa.string()), " "),
            "language": pa.array(["nl", "nl", "nl", "en", "de"]).take(pa.array(title % 5)),
            "codable": pa.repeat(True, size),
            "isco08": _some(draw, size, isco, 0.1, skew=2.0),
            "function_group": pa.array(_GROUPS).take(pa.array(title % len(_GROUPS))),
            "education_levels": _some(draw, size, [[level] for level in EDUCATION_LEVELS] + [["hbo", "wo"]] * 5, 0.3),
            "experience_years_min": pa.array(draw.integers(0, 12, size), pa.float32(), mask=draw.random(size) < 0.5),
            "hours_max": pa.array(draw.integers(8, 41, size), pa.float32(), mask=draw.random(size) < 0.3),
            "salary_min": pa.array(draw.integers(1500, 6000, size), pa.float64(), mask=draw.random(size) < 0.6),
            "salary_period": pa.repeat("month", size),
            "contract": _some(draw, size, CONTRACTS, 0.5),
            "languages_required": _some(draw, size, _LANGUAGES),
            "remote": _some(draw, size, REMOTE, 0.6),
            "is_agency": _some(draw, size, [True, False, False], 0.2),
            "firm_size": _some(draw, size, FIRM_SIZES, 0.5),
            "sbi_code": code,
            "sector": _mapped(code, lambda text: section[text[:2]]),
            "topsectors": _some(draw, size, _TOPSECTORS),
            "province_code": _some(draw, size, _PROVINCES, 0.2),
        }
        yield _filled("core_vacancies", known, size).combine_chunks().to_batches()[0]


def ads(n: int) -> Iterator[pa.RecordBatch]:
    """Rows of `raw_ads`: one for each vacancy, without its text."""
    back = pow(_STRIDE, -1, n)
    for start, size in _parts(n):
        ids = np.arange(start, start + size)
        board = np.sqrt(ids % len(_BOARDS) ** 2).astype(np.int64)  # the later the larger
        known = {
            "ad_id": _ids(ids),
            "source_id": pa.repeat("a", size),
            "file": pa.repeat("made", size),
            "line_number": pa.array(ids + 1),
            "text": pa.repeat("", size).cast(pa.large_string()),
            "posted_date": _posted(ids * back % n, n),
            "url": pa.array(_BOARDS).take(pa.array(board)),
            "masked_n": pa.repeat(0, size),
        }
        yield _filled("raw_ads", known, size).combine_chunks().to_batches()[0]


def postings(n: int) -> Iterator[pa.RecordBatch]:
    """Rows of `core_postings`: every ad is a vacancy of its own."""
    for start, size in _parts(n):
        ids = _ids(np.arange(start, start + size))
        known = {"ad_id": ids, "vacancy_id": ids, "rule": pa.repeat("first", size)}
        yield _filled("core_postings", known, size).combine_chunks().to_batches()[0]


def asked(n: int) -> Iterator[pa.RecordBatch]:
    """Rows of `core_vacancy_skills`, by vacancy."""
    ids = skills()["skill_id"].combine_chunks()
    common = 1 / np.arange(1, SKILLS + 1) ** 0.8
    trend = np.resize([1.0, 1.0, 1.0, 1.0, 0.3, 3.0, 1.5], SKILLS)  # odds of the last day over those of the first
    first, last = (np.cumsum(odds / odds.sum()) for odds in (common, common * trend))
    back = pow(_STRIDE, -1, n)
    for start, size in _parts(n):
        draw = np.random.default_rng([_SEED, 1, start])
        vacancy = np.repeat(np.arange(start, start + size), draw.poisson(SKILLS_ASKED, size))
        late = draw.random(vacancy.size) < vacancy * back % n / n
        even = draw.random(vacancy.size)
        skill = np.where(late, np.searchsorted(last, even), np.searchsorted(first, even))
        pairs = np.sort(vacancy * SKILLS + np.minimum(skill, SKILLS - 1))
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # each skill once
        known = {
            "vacancy_id": _ids(pairs // SKILLS),
            "skill_id": ids.take(pa.array(pairs % SKILLS)),
            "required": pa.repeat(True, len(pairs)),
            "mentions_n": pa.repeat(1, len(pairs)),
        }
        yield _filled("core_vacancy_skills", known, len(pairs)).combine_chunks().to_batches()[0]


def _parts(n: int) -> Iterator[tuple[int, int]]:
    for start in range(0, n, _BATCH):
        yield start, min(_BATCH, n - start)


def _ids(numbers: NDArray[np.int64]) -> pa.Array:
    """`made/00000042`: as long as those of a feed, and in the order of their numbers."""
    return pc.binary_join_element_wise("made", pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 9, "0"), "/")


def _posted(rows: NDArray[np.int64], n: int) -> pa.Array:
    """Dates of posting of rows of `core_vacancies`: from the first day to the last."""
    days = (LAST - FIRST).days
    return pa.array([FIRST + timedelta(days=d) for d in range(days + 1)]).take(pa.array(rows * days // n))


def _some(draw: Draw, size: int, values: Sequence[Any], unknown: float = 0.0, skew: float = 1.0) -> pa.Array:
    """One of the values for each row: the larger `skew`, the more often the first of them."""
    place = (len(values) * draw.random(size) ** skew).astype(np.int64)
    chosen = pa.array(place, mask=draw.random(size) < unknown)
    return pa.array(values).take(chosen)


def _titles(draw: Draw, size: int) -> NDArray[np.int64]:
    """Numbers of titles: four in ten of some thousands, the rest as good as unique."""
    common = (TITLES * draw.random(size) ** 3).astype(np.int64)
    return np.where(draw.random(size) < 0.4, common, draw.integers(TITLES, 1 << 40, size))


def _mapped(values: pa.Array, meaning: Any) -> pa.Array:
    encoded = values.dictionary_encode()
    return pa.array([meaning(text) for text in encoded.dictionary.to_pylist()]).take(encoded.indices)


def _filled(name: str, known: dict[str, Any], rows: int) -> pa.Table:
    """The columns that are known, the others null, as the contract has them."""
    schema = table_spec(name).schema
    return pa.table({f.name: known.get(f.name, pa.nulls(rows, f.type)) for f in schema}).cast(schema)
