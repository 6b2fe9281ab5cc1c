"""Open files of education: formats of years, encodings, suppressed cells; stocks, graduates and where they go."""

import gzip
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from overstap.cli.education import TEMPLATES
from overstap.education.cohorts import read_cohorts
from overstap.education.graduates import destinations, of_stocks, read_destinations, read_graduates
from overstap.education.matrix import Matrix, inflow, inflow_by, load_matrix
from overstap.education.persons import cohorts_of_persons
from overstap.education.rows import bounds, level_of, year_of
from overstap.education.sector import ages, flow, sector_codes
from overstap.education.stocks import read_programmes, read_stocks
from overstap.education.texts import read_programme_texts
from overstap.education.trends import trends
from overstap.education_steps import check_education
from overstap.errors import InputError
from overstap.moves.facts import occupation_facts
from overstap.reference.sources import all_sources
from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.study_education import Education

DUO = """PROVINCIE,TYPE HOGER ONDERWIJS,INSTELLINGSNAAM ACTUEEL,OPLEIDINGSCODE ACTUEEL,OPLEIDINGSNAAM ACTUEEL,GESLACHT,2022,2023
Drenthe,bachelor,Hanze,34267,B Elektrotechniek,man,50,<5
Drenthe,bachelor,Hanze,34267,B Elektrotechniek,vrouw,5,0
"""


def written(folder: Path, text: str, name: str = "f.csv", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def cells(table: pa.Table) -> dict[tuple[object, ...], tuple[object, object]]:
    return {(r["programme"], r["sex"], r["year"]): (r["low"], r["high"]) for r in table.to_pylist()}


def test_duo_with_years_as_columns(tmp_path: Path) -> None:
    table = read_stocks([("enrolment", written(tmp_path, DUO))], {})
    assert cells(table)["34267", "man", 2023] == (1, 4)
    assert cells(table)["34267", "vrouw", 2023] == (0, 0)
    assert set(table["isced_f"].to_pylist()) == {"0713"} and set(table["level"].to_pylist()) == {"hbo_bachelor"}


def test_students_are_not_taken_for_graduates(tmp_path: Path) -> None:
    """The files of DUO differ in their names only; students counted as graduates are far too many."""
    path = written(tmp_path, DUO, "hbo_ingeschrevenen_2023.csv")
    assert read_stocks([("enrolment", path)], {}).num_rows
    with pytest.raises(InputError, match="counts students"):
        read_stocks([("graduates", path)], {})


def test_the_same_file_otherwise_written(tmp_path: Path) -> None:
    """Semicolons, Latin-1, gzip, a byte-order mark: the same cells."""
    plain = cells(read_stocks([("enrolment", written(tmp_path, DUO))], {}))
    other = DUO.replace(",", ";").replace("Hanze", "Hogeschool Ånglia é")
    path = tmp_path / "f2.csv.gz"
    path.write_bytes(gzip.compress(other.encode("latin-1")))
    assert cells(read_stocks([("enrolment", path)], {})) == plain
    bom = written(tmp_path, "\ufeff" + DUO.replace(",", "\t").replace("\n", "\r\n"), "f3.tsv")
    assert cells(read_stocks([("enrolment", bom)], {})) == plain


def test_years_by_sex_and_a_sum_beside_them(tmp_path: Path) -> None:
    text = "CREBO;NIVEAU;2021/2022 MAN;2021/2022 VROUW;2021/2022 TOTAAL\n25464;4;12;-1;13\n"
    found = cells(read_stocks([("graduates", written(tmp_path, text))], {"25464": ("0711", None)}))
    assert found == {("25464", "man", 2022): (12, 12), ("25464", "vrouw", 2022): (1, 4)}


def test_long_form_and_programmes_without_code_or_field(tmp_path: Path) -> None:
    text = "Naam opleiding;Crebo;Niveau;Studiejaar;Geslacht;Aantal\nAnalist;;4;2022-2023;Vrouw;7\nLasser;99999;2;2022-2023;Man;\n"
    table = read_stocks([("enrolment", written(tmp_path, text, encoding="cp1252"))], {})
    assert [(r["programme"], r["isced_f"], r["level"], r["low"]) for r in table.to_pylist()] == [
        (None, None, "mbo4", 7),
        ("99999", None, "mbo2", None),
    ]
    whole = {r["isced_f"]: r for r in trends(table).to_pylist() if r["level"] == r["region"] == r["sex"] == "all"}
    assert whole["unknown"]["persons_low"] == 7 and whole["unknown"]["persons_high"] is None


def test_overlapping_files_and_rows_that_stand_twice_are_refused(tmp_path: Path) -> None:
    first, second = written(tmp_path, DUO, "a.csv"), written(tmp_path, DUO.replace("2022", "2021"), "b.csv")
    with pytest.raises(InputError, match="enrolment of 2023 of programme 34267 was given before, in a"):
        read_stocks([("enrolment", first), ("enrolment", second)], {})
    assert read_stocks([("enrolment", first), ("graduates", second)], {}).num_rows == 8
    row = DUO.splitlines()[1]
    with pytest.raises(InputError, match="given before"):
        read_stocks([("enrolment", written(tmp_path, DUO + row + "\n", "c.csv"))], {})


def test_a_file_named_twice_is_refused_whatever_its_name(tmp_path: Path) -> None:
    first, copy = written(tmp_path, DUO, "a.csv"), tmp_path / "other" / "a.csv"
    copy.parent.mkdir()
    copy.write_bytes(gzip.compress(DUO.encode()))
    with pytest.raises(InputError, match=r"a\.csv is named twice in enrolment\."):
        read_stocks([("enrolment", first), ("enrolment", first)], {})
    with pytest.raises(InputError, match="it holds the same as"):
        read_stocks([("enrolment", first), ("enrolment", copy)], {})
    with pytest.raises(InputError, match="is named as enrolment and as graduates"):
        read_stocks([("enrolment", first), ("graduates", copy)], {})


@pytest.mark.parametrize(
    ("text", "encoding", "kind", "found"),
    [
        (
            "sep=;\nOPLEIDINGSCODE;AANTAL MAN 2022;AANTAL VROUW 2022;TOTAAL 2022\n34267;10;<5;13\n",
            "utf-8",
            "enrolment",
            {("34267", "man", 2022): (10, 10), ("34267", "vrouw", 2022): (1, 4)},
        ),
        (
            "Ingeschrevenen hbo, 2022;;;;\n;;;;\nCROHO;Naam opleiding;2021;2022;\n34267;Één;1.234;1 002;\nTotaal;;1.234;12;\n"
            "Bron: DUO, peildatum 1 oktober;;;;\n",
            "cp1252",
            "enrolment",
            {("34267", None, 2021): (1234, 1234), ("34267", None, 2022): (1002, 1002)},
        ),
        (
            "Studiejaar\tCroho\tGeslacht\tAantal\n2021/2022\t34267\tMan\t5\n2021/2022\t34267\tVrouw\tx\n"
            "2021/2022\t34267\tTotaal\t11\n",
            "utf-16",
            "graduates",
            {("34267", "man", 2022): (5, 5), ("34267", "vrouw", 2022): (None, None)},
        ),
        (
            "Peildatum;Crebo code;Kwalificatie niveau;Geslacht;Aantal deelnemers\n1-10-2022;25464;Niveau 4;V;7\n",
            "utf-8-sig",
            "enrolment",
            {("25464", "vrouw", 2022): (7, 7)},
        ),
    ],
)
def test_files_as_spreadsheets_and_other_years_have_them(
    tmp_path: Path, text: str, encoding: str, kind: str, found: object
) -> None:
    """A title above, notes and sums below, empty columns, other names of columns: each count once, no sum counted."""
    assert cells(read_stocks([(kind, written(tmp_path, text, encoding=encoding))], {})) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("opleidingscode,2022,2022\n34267,1,2\n", "2 columns '2022'"),
        ("PK\x03\x04", "workbook"),
        ("a,b\n1,2\n", "no column of programmes"),
        ("opleidingscode,b\n1,2\n", "no counts"),
        ("opleidingscode,2022\n34267,veel\n", "'veel' is no count"),
        ("opleidingscode,iscedf,2022\n34267,9876,3\n", "no field of ISCED-F"),
        ("opleidingscode\n", "no columns"),
    ],
)
def test_unreadable_files_are_explained(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_stocks([("enrolment", written(tmp_path, text))], {})


def test_words_of_files() -> None:
    assert bounds("<5", "") == (1, 4) and bounds("1.234", "") == (1234, 1234) and bounds("", "") is None
    assert year_of("2022/23", "") == 2022 and year_of("2022-2023", "", last=True) == 2023
    assert level_of("bachelor", "56857") == "wo_bachelor" and level_of("Niveau 3", "25000") == "mbo3"
    assert level_of("associate degree", "80185") == "ad" and level_of("iets", "1") is None


def test_trends_bound_shares_and_change(tmp_path: Path) -> None:
    text = "opleidingscode,type hoger onderwijs,2020,2021\n34267,bachelor,40,<5\n34479,bachelor,60,60\n"
    rows = trends(read_stocks([("intake", written(tmp_path, text))], {"34479": ("0613", None)})).to_pylist()
    row = next(r for r in rows if r["isced_f"] == "0713" and r["year"] == 2021 and r["level"] == "all")
    assert (row["persons_low"], row["persons_high"]) == (1, 4)
    assert (row["share_low"], row["share_high"]) == pytest.approx((100 / 61, 400 / 64))
    assert (row["change_low"], row["change_high"]) == pytest.approx((-97.5, -90.0))


def test_the_bundled_matrix_is_whole() -> None:
    load_matrix()
    isco = set(load("isco08")["code"].to_pylist())
    for row in load("programme_occupation").to_pylist():
        assert row["isco08"] in isco | {"study", "outside"} and row["source"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["0711,hbo_bachelor,2145,.5,x"], "add to 0.5000"),
        (["0711,hbo_bachelor,2145,.5,x", "0711,hbo_bachelor,2145,.5,x"], "stands there twice"),
        (["0711,hbo,2145,1,x"], "'hbo' is no level"),
        (["0711,hbo_bachelor,9999,1,x"], "no group of ISCO-08"),
        (["0711,hbo_bachelor,2145,2,x"], "not from 0 to 1"),
        (["77,hbo_bachelor,2145,1,x"], "no field"),
    ],
)
def test_an_own_matrix_is_checked(tmp_path: Path, rows: list[str], said: str) -> None:
    path = written(tmp_path, "isced_f,level,isco08,weight,source\n" + "\n".join(rows) + "\n")
    with pytest.raises(InputError, match=said):
        load_matrix(path)


def graduates(*rows: tuple[object, ...]) -> pa.Table:
    schema = table_spec("core_graduates").schema
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def test_every_graduate_goes_somewhere_once() -> None:
    given = graduates(
        ("34275", "0531", "hbo_bachelor", "Utrecht", 2022, 50.0, 54.0),
        ("66857", "0531", "master", None, 2022, 10.0, 10.0),
        ("x", None, "mbo4", "Utrecht", 2022, 7.0, 7.0),
    )
    found = inflow(given, load_matrix())
    for region, low, high in (("all", 67, 71), ("Utrecht", 57, 61), ("unknown", 10, 10)):
        mine = found.filter(pc.equal(found["region"], region))
        assert pc.sum(mine["inflow_low"]).as_py() == pytest.approx(low)
        assert pc.sum(mine["inflow_high"]).as_py() == pytest.approx(high)
    national = found.filter(pc.equal(found["region"], "all"))
    assert dict(zip(national["isco08"].to_pylist(), national["inflow_low"].to_pylist(), strict=True))["unknown"] == 7
    works = pc.sum(
        national.filter(pc.invert(pc.is_in(national["isco08"], pa.array(["study", "outside", "unknown"]))))[
            "inflow_low"
        ]
    ).as_py()
    for level in ("isco", "brc", "isco2"):
        assert pc.sum(inflow_by(national, level)["inflow_low"]).as_py() == pytest.approx(works)


def test_an_unknown_number_of_graduates_has_no_most() -> None:
    found = inflow(graduates(("34275", "0531", "master", None, 2022, None, None)), load_matrix()).to_pylist()
    assert {row["inflow_high"] for row in found} == {None}


def test_destinations_observed_and_by_the_matrix(tmp_path: Path) -> None:
    given = graduates(("a", "0531", "mbo4", None, 2022, 100.0, 100.0), ("b", "0711", "mbo4", None, 2022, 10.0, 10.0))
    path = written(
        tmp_path, "isced_f,level,year,destination,persons\n0531,mbo4,2022,study,35\n0531,mbo4,2022,3116,40\n"
    )
    rows = destinations(given, load_matrix(), read_destinations(path)).to_pylist()
    seen = {r["destination"]: r for r in rows if r["isced_f"] == "0531"}
    assert seen["unknown"]["persons_low"] == 25 and seen["study"]["share_low"] == pytest.approx(35.0)
    divided = {r["destination"]: r["basis"] for r in rows if r["isced_f"] == "0711"}
    assert divided.pop("study") == "published" and set(divided.values()) == {"matrix"}


def test_a_sector_without_graduates_claims_no_shortage() -> None:
    fields, occupations = sector_codes("chemie")
    assert "0531" in fields
    facts, empty = occupation_facts("isco"), graduates()
    rows = flow("chemie", occupations, facts, empty, load_matrix()).to_pylist()
    assert rows[-1]["isco08"] == "all" and rows[-1]["openings"] > 0
    assert all(row["shortage_low"] is None and row["inflow_low"] is None for row in rows)


def test_a_sector_lays_inflow_beside_openings() -> None:
    _, occupations = sector_codes("chemie")
    given = graduates(*(("34275", "0531", "master", None, year, 30.0, 33.0) for year in (2019, 2020, 2021, 2022)))
    rows = flow("chemie", occupations, occupation_facts("isco"), given, load_matrix()).to_pylist()
    together = rows[-1]
    assert (together["first_year"], together["last_year"], together["levels"]) == (2020, 2022, ["master"])
    assert together["shortage_high"] == pytest.approx(together["openings"] - together["inflow_low"])
    assert sum(row["inflow_low"] for row in rows[:-1]) == pytest.approx(together["inflow_low"])
    with pytest.raises(InputError, match="no sector 'chemi'"):
        sector_codes("chemi")


def test_a_level_whose_file_ends_in_another_year_leaves_the_inflow_of_the_others() -> None:
    """More graduates never lower an inflow, and what no file covers has no most."""
    hbo = [("34275", "0531", "hbo_bachelor", None, year, 100.0, 100.0) for year in (2021, 2022)]
    later = ("25464", "0711", "mbo4", None, 2023, 90.0, 90.0)
    matrix = Matrix({
        ("0531", "hbo_bachelor"): {"2145": 0.5, "3116": 0.5},
        ("0711", "mbo4"): {"3116": 1.0},
        ("0711", "hbo_bachelor"): {"2145": 1.0},
    })  # fmt: skip

    def inflows(*given: tuple[object, ...], matrix: Matrix = matrix) -> dict[str, tuple[float, float | None]]:
        rows = flow("chemie", ("2145", "3116"), occupation_facts("isco"), graduates(*given), matrix).to_pylist()
        assert all((row["shortage_low"] is None) == (row["inflow_high"] is None) for row in rows)
        return {row["isco08"]: (row["inflow_low"], row["inflow_high"]) for row in rows}

    assert inflows(*hbo) == {"2145": (50, None), "3116": (50, None), "all": (100, None)}
    assert inflows(*hbo, later) == {"2145": (50, 50), "3116": (140, 140), "all": (190, 190)}
    wider = Matrix({**matrix.weights, ("0512", "master"): {"214": 1.0}})
    assert inflows(*hbo, later, matrix=wider)["2145"] == (50, None)
    rows = destinations(graduates(*hbo, later), matrix, {}).to_pylist()
    assert {(row["level"], row["year"]) for row in rows} == {("hbo_bachelor", 2022), ("mbo4", 2023)}


def test_an_occupation_to_which_no_programme_leads_has_no_known_inflow() -> None:
    given = graduates(("34275", "0531", "hbo_bachelor", None, 2022, 100.0, 100.0))
    matrix = Matrix({("0531", "hbo_bachelor"): {"2145": 1.0}})
    rows = {r["isco08"]: r for r in flow("x", ("2145", "3116"), occupation_facts("isco"), given, matrix).to_pylist()}
    assert rows["2145"]["inflow_low"] == 100
    assert all(
        rows[code][name] is None for code in ("3116", "all") for name in ("inflow_low", "inflow_high", "shortage_low")
    )


def test_ages_with_suppressed_cells(tmp_path: Path) -> None:
    path = written(tmp_path, "age,persons\n15-24,<5\n25-54,60\n55+,40\n")
    rows = {r["age"]: r for r in ages(path, "chemie").to_pylist()}
    assert rows["55+"]["share_low"] == pytest.approx(100 * 40 / 104) and rows["55+"]["share_high"] == pytest.approx(
        100 * 40 / 101
    )


def test_one_table_of_ages_serves_outlook_and_education(tmp_path: Path) -> None:
    plain, bands = tmp_path / "plain.csv", tmp_path / "bands.csv"
    plain.write_text("age,persons\n15-44,300\n45-66,100\n", encoding="utf-8")
    head = "sector,year,age_from,age_to,people\n"
    bands.write_text(head + "chemie,2025,15,44,300\nchemie,2025,45,66,100\nzorg,2025,15,66,9\n", encoding="utf-8")
    assert ages(bands, "chemie").equals(ages(plain, "chemie")) and ages(bands, "zorg")["age"].to_pylist() == ["15-66"]


def test_own_graduates_and_programmes(tmp_path: Path) -> None:
    path = written(tmp_path, "programme,level,year,graduates\n34275,hbo_bachelor,2024,<5\n")
    programmes = read_programmes(written(tmp_path, "programme,isced_f,level\n34275,0531,\n", "p.csv"))
    row = read_graduates(path, programmes).to_pylist()[0]
    assert (row["isced_f"], row["graduates_low"], row["graduates_high"]) == ("0531", 1, 4)
    double = written(tmp_path, path.read_text() + "34275,hbo_bachelor,2024,9\n", "d.csv")
    with pytest.raises(InputError, match="same programme, level, region and year"):
        read_graduates(double, programmes)


def test_all_faults_of_a_study_are_named_at_once(tmp_path: Path) -> None:
    wrong = Education(graduates=["none.csv"], matrix="m.csv", sector="bakkers")
    assert len(check_education(wrong, tmp_path)) == 3


def test_stocks_become_graduates(tmp_path: Path) -> None:
    found = of_stocks(read_stocks([("graduates", written(tmp_path, DUO))], {})).to_pylist()
    assert [(r["year"], r["graduates_low"], r["graduates_high"]) for r in found] == [(2022, 55, 55), (2023, 1, 4)]


def test_published_figures_name_their_source() -> None:
    assert set(load("education_figures")["source"].to_pylist()) <= set(all_sources())


def test_every_template_can_be_read(tmp_path: Path) -> None:
    """The invented rows of a template are valid, so that who fills it in starts from what works."""
    at = {name: tmp_path / f"{name}.csv" for name in TEMPLATES}
    for name, path in at.items():
        path.write_text((files("overstap.cli") / f"template/education/{name}.csv").read_text(encoding="utf-8"))
    assert read_stocks([("enrolment", at["stocks"])], {}).num_rows == 2
    assert read_graduates(at["graduates"], {})["programme"].to_pylist() == ["34275", None]
    assert read_cohorts(at["cohorts"], {}).num_rows == 2
    assert (
        cohorts_of_persons(at["persons"], {}).num_rows == 0
    )  # who is there in the first year of a file came before it
    assert len(read_destinations(at["destinations"])) == 1 and len(read_programmes(at["programmes"])) == 2
    assert load_matrix(at["matrix"]).of("0711", "mbo4") and sector_codes("chemie", at["sectors"])[1] == ("2113", "3116")
    assert ages(at["ages"], "chemie").num_rows == 2 and len(read_programme_texts(at["texts"])) == 2
