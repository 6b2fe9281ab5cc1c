"""What holds for any feed and any text."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.ads.clean import clean_text
from overstap.ads.mask import mask_text
from overstap.sources.ads import read_source
from overstap.study import AdSource

PIECES = st.sampled_from(
    ["<p>", "</p>", "<li>", "<br>", "&amp;", "&lt;", "**", "*", "\\-", "\\*", "# ", "[a](https://x.nl)", "\n", "\r\n", "\u2028", "\u200b", "• ",
     "contact ", "Bel ", "Sanne de Wit", "06-12345678", "a@b.nl", "[EMAIL]", " of ", "İ", "é", "\ud800", "C#", "a < b", "0 ", "12", "(", ")"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
PLAIN = st.text(
    alphabet=st.characters(exclude_characters="<&*\\#[_`=-+–—", exclude_categories=["Cs", "Co"]), max_size=200
)
CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(ANY_TEXT)
def test_cleaning_never_fails_and_leaves_no_odd_white_space(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert cleaned == cleaned.strip() and "\n\n\n" not in cleaned and "  " not in cleaned


@given(PLAIN)
def test_cleaning_a_text_without_markup_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(ANY_TEXT)
def test_masking_is_idempotent(text: str) -> None:
    once, n = mask_text(text)
    assert mask_text(once) == (once, 0)
    assert n > 0 or once == text


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_any_csv_comes_back_as_written(rows: list[tuple[str, str]], delimiter: str) -> None:
    base = "Deze tekst is lang genoeg om een advertentie te zijn. "
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["title", "text", "date"])
    writer.writerows((title, base + text + ".", "2015-01-01") for title, text in rows)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(out.getvalue().encode())
        source = AdSource(id="f", format="csv", files=["a.csv"])
        batches = list(read_source(source, Path(folder)))
    assert [t for b in batches for t in b.ads.column("text").to_pylist()] == [base + text + "." for _, text in rows]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.binary(max_size=80), st.text(max_size=40).map(lambda t: json.dumps({"text": t * 9}).encode())),
        max_size=12,
    )
)
def test_every_json_line_is_an_ad_or_a_quarantined_row(lines: list[bytes]) -> None:
    good = json.dumps({"text": "Deze tekst is lang genoeg om een advertentie te zijn."}).encode()
    body = b"\n".join([good, *(line.replace(b"\n", b"") for line in lines)])
    filled = sum(not line.isspace() and line != b"" for line in body.split(b"\n"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.jsonl").write_bytes(body)
        source = AdSource(id="f", format="jsonl", files=["a.jsonl"])
        try:
            batches = list(read_source(source, Path(folder), require_date=False))
        except Exception as error:
            assert "is not utf-8" in str(error)
            return
    assert sum(b.ads.num_rows + b.quarantine.num_rows for b in batches) == filled
