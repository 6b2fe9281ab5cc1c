"""Tables of official vacancies: what can be read, what is refused, and what is used with a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.reference.totals import disjoint, number_of, parse_quarter, parse_sector, quarter_days, read_totals


def totals_file(folder: Path, text: str) -> Path:
    path = folder / "totals.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("2019KW03", "2019Q3"),
        ("2019Q3", "2019Q3"),
        ("2019-Q3", "2019Q3"),
        ("2019 q3", "2019Q3"),
        ("2019K3", "2019Q3"),
        ("2019 3e kwartaal*", "2019Q3"),
        ("2019JJ00", ""),
        ("2019", ""),
        ("2019Q5", None),
        ("Q3 2019", None),
        ("2019-07", None),
    ],
)
def test_periods(text: str, quarter: str | None) -> None:
    assert parse_quarter(text) == quarter


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("C", "C"),
        ("C Industrie", "C"),
        ("B-E Nijverheid (geen bouw) en energie", "B-E"),
        ("A-U Alle economische activiteiten", "A-U"),
        ("Totaal", "A-U"),
        ("45 Autohandel en -reparatie", ""),
        ("Bedrijfsgrootte: 0 tot 10 werkzame personen", ""),
        ("Industrie", None),
        ("X", None),
    ],
)
def test_sectors(text: str, sector: str | None) -> None:
    assert parse_sector(text) == sector


def test_the_finest_sectors_that_do_not_overlap_are_chosen() -> None:
    assert disjoint(["B-E", "B-F", "A", "B", "C", "D", "F", "G-I", "A-U"]) == ["A", "B", "C", "D", "F", "G-I"]
    assert disjoint(["B-E", "C"]) == ["C"]


def test_quarters_have_their_days() -> None:
    assert [day.isoformat() for day in quarter_days("2019Q4")] == ["2019-10-01", "2019-12-31"]
    assert [day.isoformat() for day in quarter_days("2020Q1")] == ["2020-01-01", "2020-03-31"]


def test_thousands_and_decimal_commas_and_unknown(tmp_path: Path) -> None:
    text = "sector;period;new_x1000;open_x1000\nA;2019KW01;2;0,6\nB;2019KW01;.;0,4\nC;2019KW01;18;\n"
    rows = {r["sector"]: r for r in read_totals(totals_file(tmp_path, text)).rows.to_pylist()}
    assert (rows["A"]["new_n"], rows["A"]["open_n"]) == (2000, 600)
    assert rows["B"]["new_n"] is None and rows["C"]["open_n"] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sector,period,new\nC,2019-07,5\n", "row 2: the period '2019-07' cannot be read"),
        ("sector,period,new\nIndustry,2019Q3,5\n", "row 2: the sector 'Industry' cannot be read"),
        ("sector,period,new\nC,2019Q3,5\nC Industrie,2019KW03,6\n", "row 3: sector C is given twice for 2019Q3"),
        ("sector,period,new\nC,2019Q3,five\n", "row 2: 'five' is not a number"),
        ("sector,period,new_x1000\nC,2019Q3,101000\n", "more than there are jobs"),
        ("sector,period,new\nC,2019,5\n", "no row of a section in a quarter"),
        ("sector,period,n\nC,2019Q3,5\n", "lacks the column new"),
        ("branch,period,new\nC,2019Q3,5\n", "lacks the column sector"),
        ("sector,quarter,new\nC,2019Q3,5\n", "lacks the column period"),
    ],
)
def test_bad_tables_are_refused_with_row_and_value(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        read_totals(totals_file(tmp_path, text))
    assert says in error.value.what
    assert error.value.fix


def test_faults_that_leave_a_table_usable_are_told(tmp_path: Path) -> None:
    lines = [f"{letter},2019Q3,{1000 if letter != 'C' else -5}" for letter in "ABCDEFGHIJKLMNOPQR"]
    text = "\n".join(["sector,period,new", *lines, "A,2019Q4,10", "B,2019Q4,10", "A-U,2019Q4,900"])
    totals = read_totals(totals_file(tmp_path, text))
    assert {(f.code, f.subject, f.n) for f in totals.faults} == {
        ("totals_negative", "C", 1),
        ("totals_miss_sector", "S", 1),
    }
    assert "C" not in totals.rows["sector"].to_pylist()
    short = "\n".join(["sector,period,new", "A,2019Q4,10", "B-U,2019Q4,10", "A-U,2019Q4,900"])
    assert [f.code for f in read_totals(totals_file(tmp_path, short)).faults] == ["totals_not_adding"]


def test_a_section_that_is_listed_without_values_leaves_its_group_to_count(tmp_path: Path) -> None:
    path = tmp_path / "totals.csv"
    path.write_text("sector,period,new\nA,2019Q1,10\nB,2019Q1,\nC,2019Q1,\nB-E,2019Q1,90\nA-U,2019Q1,100\n")
    rows = read_totals(path).rows.to_pylist()
    assert [(row["sector"], row["new_n"]) for row in rows] == [("A", 10.0), ("B-E", 90.0)]


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999", "veel"])
def test_what_has_no_end_is_no_number(text: str) -> None:
    with pytest.raises(InputError, match=r"row 2, new: .* is not a number"):
        number_of("row 2, new", text)
    assert number_of("row 2, new", "NaN") is None and number_of("row 2, new", " 1,5 ") == 1.5
