"""No CSV of overstap makes a spreadsheet run a stranger's text, and all of them come from one writer."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import overstap
from overstap.cells import as_meant, csv_text, harmless, write_table
from overstap.sources.tables import csv_rows

FORMULAS = ("=cmd|'/c calc'!a1", "+1+1", "-2", "@sum(a1)", "\t=1", "＝1", "''=1")

# Their files are no answers for a spreadsheet: invented sources as a stranger would give them, a survey program's own
# format, and copies of reference data that only overstap reads.
NOT_FOR_READERS = {"simulate", "survey/simulate.py", "survey/instrument.py", "reference"}


@given(st.text() | st.sampled_from(FORMULAS))
def test_a_guarded_text_never_begins_as_a_formula_and_reads_back(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_meant(cell) == text or (text == cell and text.startswith("'"))


def test_numbers_stay_numbers_and_unknown_stays_empty() -> None:
    text = csv_text(("a", "b", "c"), [(-1.5, None, "=1"), {"c": -2, "a": "x"}])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b", "c"], ["-1.5", "", "'=1"], ["x", "", "-2"]]


def test_an_arrow_table_is_guarded_in_every_column_of_texts(tmp_path: Path) -> None:
    texts = pa.array([*FORMULAS, None, "plain"])
    made = {"plain": texts, "coded": texts.dictionary_encode(), "large": texts.cast(pa.large_string())}
    write_table(pa.table({**made, "n": pa.array([-1.0] * len(texts))}), tmp_path / "t.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8"), newline="")))
    for row, text in zip(rows, texts.to_pylist(), strict=True):
        assert {row[name] for name in made} == {harmless(text) or ""}
        assert row["n"] == "-1"


def test_a_table_of_overstap_reads_back_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(csv_text(("key", "value"), [(text.strip(), "1") for text in FORMULAS]), encoding="utf-8")
    assert [row["key"] for row in csv_rows(path, ("key",), "", "")] == [text.strip() for text in FORMULAS]


def test_there_is_no_second_writer() -> None:
    source = Path(overstap.__file__).parent
    write = re.compile(r"csv\.(?:writer|DictWriter)\(|\.write_csv\(")
    others = {
        name
        for path in source.rglob("*.py")
        if write.search(path.read_text(encoding="utf-8"))
        and not {(name := path.relative_to(source).as_posix()), name.partition("/")[0]} & NOT_FOR_READERS
    }
    assert others == {"cells.py"}
    books = [p for p in source.rglob("*.py") if "xlsxwriter.Workbook(" in p.read_text(encoding="utf-8")]
    assert books and all('"strings_to_formulas": False' in p.read_text(encoding="utf-8") for p in books)
