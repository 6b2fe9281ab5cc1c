"""CSV feeds as they come: quoted newlines, other delimiters and encodings, rows that are broken."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.publish.labels import LANGUAGES, Lang, catalogue
from overstap.sources.ads import SourceBatch, check_source, read_source
from overstap.sources.reasons import Reason
from overstap.study import AdSource

TEXT = "Wij zoeken een monteur die zelfstandig werkt aan installaties."


def source(**settings: Any) -> AdSource:
    return AdSource.model_validate({"id": "feed", "format": "csv", "files": ["ads.csv"], **settings})


def rows(batches: list[SourceBatch]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        [row for b in batches for row in b.ads.to_pylist()],
        [row for b in batches for row in b.quarantine.to_pylist()],
    )


def read(tmp_path: Path, data: str | bytes, **settings: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    raw = data if isinstance(data, bytes) else data.encode()
    (tmp_path / "ads.csv").write_bytes(raw)
    return rows(list(read_source(source(**settings), tmp_path)))


def test_quoted_newlines_and_long_cells_keep_the_line_where_the_record_starts(tmp_path: Path) -> None:
    long = "woord " * 60_000
    ads, bad = read(
        tmp_path,
        f'id,functietitel,omschrijving,datum\n1,Monteur,"{TEXT}\n\nregel drie",2015-03-01\n2,Lasser,"{long}",2015-03\n',
    )
    assert [(a["ad_id"], a["line_number"], str(a["posted_date"])) for a in ads] == [
        ("feed/1", 2, "2015-03-01"),
        ("feed/2", 5, "2015-03-01"),
    ]
    assert ads[0]["text"].endswith("regel drie")
    assert len(ads[1]["text"]) > 131_072
    assert bad == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected_and_a_bom_is_skipped(tmp_path: Path, delimiter: str) -> None:
    lines = [["id", "titel", "tekst", "datum"], ["7", "Kok", f'"Wij, een keuken; zoeken | {TEXT}"', "01-02-2016"]]
    ads, _ = read(tmp_path, "\ufeff" + "\r\n".join(delimiter.join(line) for line in lines))
    assert (ads[0]["ad_id"], ads[0]["title"], str(ads[0]["posted_date"])) == ("feed/7", "Kok", "2016-02-01")


def test_a_row_of_another_width_is_set_apart_and_the_next_is_read(tmp_path: Path) -> None:
    ads, bad = read(
        tmp_path,
        f"id,title,text,date\n1,A\n2,B,{TEXT},2015-01-01\n3,C,{TEXT},2015-01-01,extra,x\n4,D,{TEXT},2015-01-02,,\n",
    )
    assert [a["ad_id"] for a in ads] == ["feed/2", "feed/4"]
    assert [(b["line_number"], b["reason_code"], b["reason"]) for b in bad] == [
        (2, "broken_row", "2 cells where the header has 4"),
        (4, "broken_row", "6 cells where the header has 4"),
    ]


def test_an_unclosed_quote_costs_one_row_not_the_rest_of_the_file(tmp_path: Path) -> None:
    good = "".join(f"{i},T,{TEXT},2015-01-01\n" for i in range(2, 200))
    ads, bad = read(tmp_path, f'id,title,text,date\n1,"T,{TEXT},2015-01-01\n{good}')
    assert len(ads) == 198
    assert [b["line_number"] for b in bad] == [2]


@pytest.mark.parametrize("columns", [(0, 1, 2, 3), (0, 1, 3, 2), (3, 2, 1, 0)])
@pytest.mark.parametrize("at", [{1}, {2}, {1, 2}, {3}])
def test_two_unclosed_quotes_keep_the_rows_between_them(tmp_path: Path, columns: tuple[int, ...], at: set[int]) -> None:
    def line(i: int) -> str:
        cells = [str(i), "T", TEXT, "2015-01-01"]
        return ",".join(('"' if i in (40, 160) and k in at else "") + cells[k] for k in columns)

    names = ("id", "title", "text", "date")
    body = "\n".join([",".join(names[k] for k in columns), *map(line, range(1, 201))])
    ads, bad = read(tmp_path, body + "\n")
    assert {a["ad_id"] for a in ads} == {f"feed/{i}" for i in range(1, 201) if i not in (40, 160)}
    assert [b["line_number"] for b in bad] == [41, 161] and {b["reason_code"] for b in bad} == {"broken_row"}


def test_quotes_within_a_text_of_several_lines_cost_no_row(tmp_path: Path) -> None:
    text = f'{TEXT}\nTaken: lassen, boren, zagen, meer.\nEisen: een, twee.\nWij zijn een "top" team'
    ads, bad = read(tmp_path, "id,title,text,date\n" + "".join(f'{i},T,"{text}",2015-01-01\n' for i in range(9)))
    assert len(ads) == 9 and bad == [] and ads[0]["text"].startswith(TEXT)


def test_gzip_and_zstd_are_read_like_the_plain_file(tmp_path: Path) -> None:
    data = f"id,title,text,date\n1,T,{TEXT},2015-01-01\n".encode()
    (tmp_path / "ads.csv.gz").write_bytes(gzip.compress(data))
    (tmp_path / "ads.csv.zst").write_bytes(pa.compress(data, codec="zstd", asbytes=True))
    for name in ("ads.csv.gz", "ads.csv.zst"):
        ads, _ = rows(list(read_source(source(files=[name]), tmp_path)))
        assert ads[0]["text"] == TEXT and ads[0]["file"] == name


def test_set_encoding_is_used_and_a_single_wrong_row_is_set_apart(tmp_path: Path) -> None:
    text = "Coördinator gezocht voor ons café in het centrum van de stad."
    ads, _ = read(tmp_path, f"id,text,date\n1,{text},2015-01-01\n".encode("cp1252"), encoding="cp1252")
    assert ads[0]["text"] == text
    body = f"id,text,date\n1,{text},2015-01-01\n2,{text},2015-01-01\n".encode() + f"3,{text},2015-01-01\n".encode(
        "cp1252"
    )
    ads, bad = read(tmp_path, body)
    assert len(ads) == 2
    assert [(b["line_number"], b["reason_code"], b["field"]) for b in bad] == [(4, "bad_encoding", "text")]


def test_a_file_in_another_encoding_names_the_place_and_the_likely_one(tmp_path: Path) -> None:
    text = "Coördinator gezocht voor ons café in het centrum."
    data = "id,text,date\n" + "".join(f"{i},{text},2015-01-01\n" for i in range(9))
    with pytest.raises(InputError) as error:
        read(tmp_path, data.encode("cp1252"))
    assert "line 2, byte 17" in error.value.what and "encoding: cp1252" in error.value.fix
    with pytest.raises(InputError) as error:
        read(tmp_path, data.encode(), encoding="latin-1")
    assert "encoding: utf-8" in error.value.fix
    with pytest.raises(InputError) as error:
        read(tmp_path, data.encode("utf-16"))
    assert "encoding: utf-16" in error.value.fix
    ads, _ = read(tmp_path, data.encode("utf-16"), encoding="utf-16")
    assert len(ads) == 9


def test_row_rules_give_each_reason(tmp_path: Path) -> None:
    cells = [
        ("1", TEXT, "2015-01-01"),
        ("1", TEXT, "2015-01-02"),
        ("2", "", "2015-01-01"),
        ("3", "Te kort", "2015-01-01"),
        ("4", TEXT, ""),
        ("5", TEXT, "2015-02-30"),
        ("6", TEXT, "gisteren of zo"),
        ("", TEXT, "2015-01-01"),
        ("8", "x" * 5_000_001, "2015-01-01"),
    ]
    ads, bad = read(tmp_path, "id,text,date\n" + "\n".join(",".join(c) for c in cells))
    assert [a["ad_id"] for a in ads] == ["feed/1", "feed/ads.csv:9"]
    assert [b["reason_code"] for b in bad] == [
        "duplicate_id",
        "no_text",
        "text_too_short",
        "no_date",
        "bad_date",
        "bad_date",
        "text_too_long",
    ]
    assert "'2015-02-30' does not exist" in bad[4]["reason"]
    assert all(TEXT not in b["reason"] for b in bad)


def test_without_required_dates_an_ad_keeps_a_null_date_and_a_plain_id(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text(f"id,text\n1,{TEXT}\n")
    ads, _ = rows(list(read_source(source(), tmp_path, prefix_ids=False, require_date=False)))
    assert (ads[0]["ad_id"], ads[0]["posted_date"]) == ("1", None)


def test_several_columns_are_joined_and_a_date_takes_the_first_that_is_filled(tmp_path: Path) -> None:
    ads, _ = read(
        tmp_path,
        f"a,b,seen,posted\nEerste deel van de tekst,{TEXT},2016-01-01,\n",
        columns={"text": ["a", "b"], "date": ["posted", "seen"]},
    )
    assert ads[0]["text"] == f"Eerste deel van de tekst\n\n{TEXT}"
    assert str(ads[0]["posted_date"]) == "2016-01-01"


def test_batches_are_bounded_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text("id,text,date\n" + "".join(f"{i},{TEXT},2015-01-01\n" for i in range(9000)))
    batches = list(read_source(source(), tmp_path))
    assert [b.ads.num_rows for b in batches] == [4096, 4096, 808]
    assert batches[2].ads.column("ad_id")[-1].as_py() == "feed/8999"


def test_patterns_match_sorted_files_and_equal_names_keep_ids_apart(tmp_path: Path) -> None:
    for year in ("2016", "2015"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "ads.csv").write_text(f"title,text,date\nT,{TEXT},{year}-01-01\n")
    ads, bad = rows(list(read_source(source(files=["*/ads.csv"]), tmp_path)))
    assert [a["ad_id"] for a in ads] == ["feed/2015/ads.csv:2", "feed/2016/ads.csv:2"]
    assert bad == []


MESSAGES: list[tuple[Callable[[Path], None], dict[str, Any], str, str]] = [
    (lambda p: (p / "adds.csv").touch(), {}, "no file matches 'ads.csv'", "Did you mean 'adds.csv'?"),
    (
        lambda p: None,
        {"files": ["feeds/*.csv"]},
        "no file matches 'feeds/*.csv'",
        "relative to the folder of the study file",
    ),
    (lambda p: (p / "ads.csv").touch(), {}, "ads.csv is empty", "take it out of 'files:'"),
    (
        lambda p: (p / "ads.csv").write_text("id,text,date\n") and None,
        {},
        "ads.csv holds no ads",
        "Export the feed again",
    ),
    (
        lambda p: (p / "ads.csv").write_text(f"id,descripton,date\n1,{TEXT},2015-01-01\n") and None,
        {"columns": {"text": "description"}},
        "ads.csv has no column 'description' for the field 'text'",
        "columns: {text: descripton}",
    ),
    (
        lambda p: (p / "ads.csv").write_text(f"id,foo\n1,{TEXT}\n") and None,
        {},
        "no column that is recognised as the text",
        "columns: {text: foo}",
    ),
    (
        lambda p: (p / "ads.csv").write_text("id,title,foo,date\n1,kok,x,2015-01-01\n") and None,
        {},
        "no column that is recognised as the text",
        "columns: {text: foo}",
    ),
    (
        lambda p: (p / "ads.csv").write_text("id,title,date\n1,kok,2015-01-01\n") and None,
        {},
        "no column that is recognised as the text",
        "columns: {text: …}; without texts, overstap code-title",
    ),
    (
        lambda p: (p / "ads.csv").write_text(f"id,text\n1,{TEXT}\n") and None,
        {},
        "recognised as the date of posting",
        "columns: {date: …}",
    ),
    (
        lambda p: (p / "ads.csv").write_text(f"id,text,date\n1,{TEXT},2015-01-01\n") and None,
        {"encoding": "utf-9"},
        "There is no encoding 'utf-9'",
        "Did you mean 'utf-8'?",
    ),
    (
        lambda p: (p / "ads.csv").write_text("id,text,date\n1,x,2015-01-01\n") and None,
        {"delimiter": "::"},
        "'::' is not one character",
        "auto",
    ),
    (
        lambda p: (p / "ads.csv").write_bytes(gzip.compress(b"id,text,date\n" + TEXT.encode() * 99)[:-30]) and None,
        {},
        "ads.csv cannot be read",
        "gzip -t",
    ),
]


@pytest.mark.parametrize(("make", "settings", "what", "fix"), MESSAGES)
def test_each_problem_says_what_and_how_to_mend_it(
    tmp_path: Path, make: Callable[[Path], None], settings: dict[str, Any], what: str, fix: str
) -> None:
    make(tmp_path)
    with pytest.raises(InputError) as error:
        list(read_source(source(**settings), tmp_path))
    assert what in error.value.what and fix in error.value.fix
    problems = check_source(source(**settings), tmp_path)
    assert any(what in p.what and fix in p.fix for p in problems)


def test_check_lists_all_problems_at_once_and_none_for_a_good_source(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text(f"id,text,date\n1,{TEXT},03/25/2015\n2,{TEXT},04/26/2015\n")
    problems = check_source(source(files=["ads.csv", "none.csv"], columns={}), tmp_path)
    assert len(problems) == 2
    assert "no file matches 'none.csv'" in problems[0].what
    assert "2 of the first 2 dates" in problems[1].what and "%m/%d/%Y" in problems[1].fix
    assert check_source(source(date_format="%m/%d/%Y"), tmp_path) == []
    two = check_source(source(columns={"title": "functie", "text": "tekst"}), tmp_path)
    assert ["'functie'" in two[0].what, "'tekst'" in two[1].what] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_words_for_every_reason(language: Lang) -> None:
    known = {key.rpartition(".")[2] for key in catalogue(language) if ".detail." in f".{key}"}
    assert known >= set(Reason)


def test_one_row_that_is_not_utf_8_is_told_before_the_run(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    row = "title,text,date\nMedewerker café,Wij zoeken een collega voor ons café.,2016-01-01\n"
    path.write_bytes(row.encode("cp1252"))
    source = AdSource(id="a", format="csv", files=["ads.csv"])
    assert [problem.fix for problem in check_source(source, tmp_path)] == ["Set 'encoding: cp1252' for this source."]
    many = "".join(f"tester,Wij zoeken een collega nummer {n}.,2016-01-01\n" for n in range(30))
    path.write_bytes((row + many).encode("cp1252"))
    assert check_source(source, tmp_path) == [], "one damaged row of many is set aside by itself"
