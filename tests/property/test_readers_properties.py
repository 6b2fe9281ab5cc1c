"""Every reader, given any bytes: ads, rows set apart with a reason, or one error that says what to do; nothing else."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.sources import files
from overstap.sources.ads import check_source, read_source
from overstap.study import AdSource

TEXT = "Deze tekst is lang genoeg om een advertentie te zijn."
AD = {"id": "1", "title": "Kok", "text": TEXT, "date": "2015-01-01"}
POSTING = {"@type": "JobPosting", "title": "Kok", "description": TEXT, "datePosted": "2015-01-01"}
PAGE = f'<html><script type="application/ld+json">{json.dumps(POSTING)}</script></html>'
CSV = f'id,title,text,date\n1,Kok,{TEXT},2015-01-01\n2,"Kok, en","{TEXT}\nTwee",02-01-2015\n'


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([AD, {**AD, "id": "2"}]), out)
    return out.getvalue()


SEEDS = [
    ("csv", "a.csv", CSV.encode()),
    ("csv", "a.csv.gz", gzip.compress(CSV.encode())),
    ("jsonl", "a.jsonl", f"{json.dumps(AD)}\n{json.dumps(AD)}\n".encode()),
    ("jsonl", "a.json", json.dumps([AD, AD]).encode()),
    ("jobfeed", "a.csv", CSV.encode()),
    ("jobposting", "a.json", json.dumps(POSTING).encode()),
    ("jobposting", "a.html", PAGE.encode()),
    ("parquet", "a.parquet", parquet()),
]
HOSTILE = st.sampled_from(
    [b"\0", b"\xff\xfe", b'"', b'""', b"\n", b"\r", b",", b";", b"{", b"}", b"[", b"]", b"[" * 2000, b"9" * 5000, b"null",
     b"1e999", b"-", b"\\ud800", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"e\xcc\x81", b"\xcc\x81" * 99, b"<", b"<!--", b"</script",
     b"<script", b"&#x110000;", b"sep=;\n", b"#NAME?", b"1,23E+15", b'=HYPERLINK("x")', "é".encode("cp1252"), b"PK\x03\x04"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.one_of(HOSTILE, st.binary(max_size=9))), max_size=5)


def changed(seed: bytes, changes: list[tuple[float, int, bytes]], end: float) -> bytes:
    for place, cut, piece in changes:
        at = int(place * len(seed))
        seed = seed[:at] + piece + seed[at + cut :]
    return seed[: int(end * len(seed)) + 1]


def read(kind: str, name: str, body: bytes) -> tuple[int, list[str]]:
    """The number of ads, and the reasons of rows set apart; raises InputError alone."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(body)
        source = AdSource.model_validate({"id": "f", "format": kind, "files": [name]})
        for problem in check_source(source, Path(folder)):
            assert problem.fix
        batches = list(read_source(source, Path(folder)))
    return sum(b.ads.num_rows for b in batches), [r for b in batches for r in b.quarantine["reason"].to_pylist()]


@pytest.mark.parametrize(("kind", "name", "seed"), SEEDS, ids=[f"{kind}-{name}" for kind, name, _ in SEEDS])
@settings(max_examples=40)
@given(changes=CHANGES, end=st.sampled_from([1.0, 1.0, 0.9, 0.5]))
def test_a_changed_file_is_read_or_refused_in_words(
    kind: str, name: str, seed: bytes, changes: list[tuple[float, int, bytes]], end: float
) -> None:
    try:
        read(kind, name, changed(seed, changes, end))
    except InputError as error:
        assert error.fix


NESTED = [b"[" * 400 + b'"x"' + b"]" * 400, b"[" * 5000 + b"]" * 5000, b"9" * 5000, b'{"a":' * 300 + b"1" + b"}" * 300]


@pytest.mark.parametrize("value", NESTED)
@pytest.mark.parametrize(("kind", "name", "seed"), [s for s in SEEDS if s[0] in ("jsonl", "jobposting")])
def test_values_beyond_all_bounds_are_no_more_than_a_bad_row(kind: str, name: str, seed: bytes, value: bytes) -> None:
    for field in (b'"Kok"', json.dumps(TEXT).encode()):
        try:
            read(kind, name, seed.replace(field, value))
        except InputError as error:
            assert error.fix


def rows_in_mixed_encodings(n: int) -> bytes:
    """`n` rows of a CSV, one in three of them good, each of the others broken in another way."""
    good = f"{{}},Kok,{TEXT} Café.,2015-01-01\n"
    kinds = [
        good.encode(), good.encode("cp1252"), b"{},\0,\0\0,\n", good.encode(), b'{},o"pen,text,2015-01-01\n', b"{},a,b\n",
        good.encode(), f"{{}},x,{TEXT},gisteren\n".encode(), "{},\u202e,\u2028,x\n".encode(),
    ]  # fmt: skip
    return b"id,title,text,date\n" + b"".join(kinds[i % 9].replace(b"{}", b"%d" % i) for i in range(n))


@pytest.mark.parametrize("n", [10_000, pytest.param(1_000_000, marks=pytest.mark.full)])
def test_bad_rows_in_bulk_are_set_apart_with_their_reason(n: int) -> None:
    ads, reasons = read("csv", "a.csv", rows_in_mixed_encodings(n))
    assert ads == sum(1 for i in range(n) if i % 9 in (0, 3, 6))
    assert len(reasons) == sum(1 for i in range(n) if i % 9 not in (0, 3, 6))
    assert all(reasons)


def test_an_ad_of_fifty_megabytes_is_set_apart_and_its_neighbours_are_read() -> None:
    huge, rest = "x" * 50_000_000, f",Kok,{TEXT},2015-01-01\n"
    assert read("csv", "a.csv", f"id,title,text,date\n1{rest}2,Kok,{huge},2015-01-01\n3{rest}".encode())[0] == 2
    lines = [json.dumps({**AD, "id": i, "text": huge if i == 2 else TEXT}) for i in (1, 2, 3)]
    ads, reasons = read("jsonl", "a.jsonl", "\n".join(lines).encode())
    assert ads == 2 and "50,000,000 characters" in reasons[0]


def test_a_file_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 1 << 20)
    packed = gzip.compress(CSV.encode() + b"x" * (8 << 20))
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        read("csv", "a.csv.gz", packed)
    assert read("csv", "a.csv.gz", gzip.compress(CSV.encode() * 1))[0] == 2


def test_a_compressed_file_that_is_cut_off_or_damaged_is_refused() -> None:
    packed = gzip.compress((CSV + "".join(f"{i},Kok,{TEXT},2015-01-01\n" for i in range(3, 9000))).encode())
    for body in (packed[:-20], packed[: len(packed) // 2], packed[:99] + zlib.compress(b"x") + packed[120:]):
        with pytest.raises(InputError, match="gzip -t"):
            read("csv", "a.csv.gz", body)


def test_a_sheet_as_excel_saves_it() -> None:
    sheet = f'sep=;\r\nid;title;text;date;;\r\n1;"Kok; en";"{TEXT}\nTwee";02-01-2015;;\r\n1,23E+15;#NAAM?;{TEXT};45000;;\r\n'
    ads, reasons = read("csv", "a.csv", ("\ufeff" + sheet).encode())
    assert ads == 1 and len(reasons) == 1  # a date that became a number of days is not guessed
