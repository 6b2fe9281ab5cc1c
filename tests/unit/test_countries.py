"""Countries: ranks are by value, unions have none, jumps are named, and Eurostat's forms are read as they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.outlook.countries import benchmark, ranks_of
from overstap.outlook.eurostat import read_eurostat
from overstap.outlook.source import country_paths, employment_paths

TSV = (
    "freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \n"
    "A,PC_EMP,NL\t6.7 b\t6.9 \n"
    "A,PC_EMP,SE\t8.0 \t8.6 p\n"
    "A,PC_EMP,EU27_2020\t4.5 \t4.6 \n"
    "A,PC_EMP,TR\t: \t: u\n"
    "A,THS_PER,NL\t610.0 \t640.0 \n"
)
CSV = (
    "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "ESTAT:X(1.0),01/01/24,A,PC_IND,NL,2023,82.7,\nESTAT:X(1.0),01/01/24,A,PC_IND,FI,2023,82.0,b\n"
    "ESTAT:X(1.0),01/01/24,A,PC_IND,DE,2023,,\n"
)


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, ...], dict[str, object]]:
    keys = ("country", "measure", "item", "period")
    return {tuple(row[key] for key in keys): row for row in benchmark().to_pylist()}


def test_the_netherlands_has_its_own_figures_and_place(rows: dict[tuple[str, ...], dict[str, object]]) -> None:
    paths = employment_paths()
    whole = sum(path[2022] for path in paths.values())
    row = rows["NL", "share", "25", "2022"]
    assert row["value"] == pytest.approx(100 * paths["25"][2022] / whole)
    higher = [r for key, r in rows.items() if key[1:] == ("share", "25", "2022") and r["value"] > row["value"]]
    assert row["rank"] == 1 + sum(r["country"] != "EU27" for r in higher) and row["countries_n"] == 32
    assert rows["EU27", "share", "25", "2022"]["rank"] is None


def test_shares_of_major_groups_add_up_in_every_country(rows: dict[tuple[str, ...], dict[str, object]]) -> None:
    for country in set(country_paths().countries):
        total = sum(r["value"] for k, r in rows.items() if k[0] == country and k[1] == "share" and k[3] == "2035"
                    and r["item_kind"] == "isco1" and r["value"] is not None)  # fmt: skip
        untold = [k for k, r in rows.items() if k[0] == country and k[3] == "2035" and r["item_kind"] == "isco1"
                  and r["left_out"]]  # fmt: skip
        assert total == pytest.approx(100) or (untold and total < 100), country


def test_the_jump_of_the_dutch_survey_is_named(rows: dict[tuple[str, ...], dict[str, object]]) -> None:
    assert rows["NL", "growth", "25", "2012-2022"]["breaks"] == "2021"
    assert rows["NL", "growth", "ict", "2012-2022"]["breaks"] == "2013, 2021"
    assert rows["NL", "growth", "25", "2022-2035"]["breaks"] is None


def test_a_country_is_nowhere_from_itself(rows: dict[tuple[str, ...], dict[str, object]]) -> None:
    assert rows["EU27", "distance", "isco2", "2022"]["value"] == 0
    assert 5 < rows["NL", "distance", "isco2", "2022"]["value"] < 40
    spain = rows["ES", "distance", "isco2", "2022"]
    assert (spain["left_out"], spain["rank"]) == ("41, 63", None)  # no figure for clerks is no country without clerks


def test_equal_values_share_a_rank_and_unknown_ones_have_none() -> None:
    ranks, n = ranks_of({"NL": 2.0, "SE": 3.0, "DE": 2.0, "FR": float("nan"), "EU27": 9.0, "BE": 1.0})
    assert (ranks, n) == ({"NL": 2, "SE": 1, "DE": 2, "BE": 4}, 4)


def test_both_forms_of_eurostat_are_read(tmp_path: Path) -> None:
    tsv, csv = tmp_path / "isoc_sks_itspt.tsv", tmp_path / "isoc_sk_dskl_i21.csv"
    tsv.write_text(TSV, encoding="utf-8")
    csv.write_text(CSV, encoding="utf-8")
    ict, skills = read_eurostat(tsv, "ict", {"unit": "PC_EMP"}), read_eurostat(csv, "skills")
    assert ict.values["NL", 2022] == 6.9 and ict.flags["NL", 2021] == "b" and ("TR", 2021) not in ict.values
    assert ict.unit == "PC_EMP" and skills.values == {("NL", 2023): 82.7, ("FI", 2023): 82.0}
    found = {(r["country"], r["item"], r["period"]): r for r in benchmark([ict, skills]).to_pylist()}
    assert found["NL", "ict", "2022"]["rank"] == 2 and found["EU27_2020", "ict", "2022"]["rank"] is None
    assert found["NL", "ict", "2021"]["breaks"] == "2021" and found["NL", "skills", "2023"]["countries_n"] == 2


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (TSV, {}, "several indicators: unit is PC_EMP, THS_PER"),
        (TSV, {"unit": "PC_EMPL"}, "PC_EMP"),
        (TSV, {"units": "PC_EMP"}, "no dimension 'units'"),
        (TSV.replace("6.9 ", "6,9"), {"unit": "PC_EMP"}, "row 2: '6,9'"),
        (TSV.replace("2022", "2022-Q1"), {"unit": "PC_EMP"}, "not a year"),
        (TSV + "A,PC_EMP,NL\t6.7 \t6.9 \n", {"unit": "PC_EMP"}, "NL twice for 2021"),
        ("land,jaar\nNL,2020\n", {}, "not a table of Eurostat"),
    ],
)
def test_other_tables_are_refused_with_the_reason(tmp_path: Path, text: str, where: dict[str, str], said: str) -> None:
    path = tmp_path / "table.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_eurostat(path, "x", where)


def test_a_folder_in_place_of_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_eurostat(tmp_path, "x")


def test_a_group_without_a_figure_is_no_decline(rows: dict[tuple[str, ...], dict[str, object]]) -> None:
    """Subsistence farmers of Portugal are counted in 2012 and not from 2021: major group 6 did not fall by 8.6 % a year."""
    paths = country_paths()
    first, last = (paths.years.index(year) for year in (2012, 2022))
    mine = {code: path for country, code, path in zip(paths.countries, paths.codes, paths.employed, strict=True)
            if country == "PT" and code[0] == "6"}  # fmt: skip
    both = [path for path in mine.values() if path[first] > 0 and path[last] > 0]
    row = rows["PT", "growth", "6", "2012-2022"]
    expected = 100 * ((sum(p[last] for p in both) / sum(p[first] for p in both)) ** 0.1 - 1)
    assert row["value"] == pytest.approx(expected) and row["left_out"] == "63" and row["rank"] is None
    share = rows["PT", "share", "6", "2022"]
    assert share["left_out"] == "63" and share["rank"] is None
    assert rows["NL", "growth", "2", "2012-2022"]["left_out"] is None
