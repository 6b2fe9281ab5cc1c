"""Bundled tables: exact, typed, sourced, unknown stays null."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.compute as pc
import pytest

from overstap.errors import ReferenceDataError
from overstap.reference import sources, tables


def rows(name: str, **where: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tables.load(name).to_pylist()
    return [row for row in found if all(row[key] == value for key, value in where.items())]


@pytest.mark.parametrize("name", tables.names())
def test_every_table_loads_with_its_types_and_a_source_and_licence(name: str) -> None:
    table, info = tables.load(name), tables.describe(name)
    assert table.num_rows > 0
    assert table.column_names == list(info.columns)
    assert info.description
    found = tables.sources_of(name)
    assert found and all(s.licence and s.publisher and s.title and s.url.startswith("https://") for s in found)


@pytest.mark.parametrize("name", tables.names())
def test_no_cell_is_an_empty_text(name: str) -> None:
    for column in tables.load(name).columns:
        if str(column.type) == "string":
            assert not pc.any(pc.equal(column, "")).as_py()


def test_every_data_file_is_a_declared_table() -> None:
    folder = Path(tables.__file__).parent / "data"
    files = {path.stem for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}
    assert files == set(tables.names())


def test_every_source_is_used() -> None:
    used = {s for name in tables.names() for s in tables.describe(name).source_ids}
    assert used == set(sources.all_sources())


def test_unknown_table_names_the_nearest() -> None:
    with pytest.raises(ReferenceDataError) as caught:
        tables.load("isco8")
    assert "no reference table 'isco8'" in str(caught.value)
    assert "Did you mean 'isco08'?" in str(caught.value)
    assert "overstap reference list" in caught.value.fix


def test_unknown_table_far_from_all_lists_them() -> None:
    with pytest.raises(ReferenceDataError, match="brc_jobs, cedefop_countries"):
        tables.describe("zzz")


def test_loading_twice_gives_the_same_table() -> None:
    assert tables.load("isco08") is tables.load("isco08")


def test_isco_has_four_levels_with_leading_zeros_and_both_titles() -> None:
    all_rows = rows("isco08")
    assert [sum(r["level"] == level for r in all_rows) for level in (1, 2, 3, 4)] == [10, 43, 130, 436]
    codes = {r["code"] for r in all_rows}
    assert {"0", "01", "0110", "2512"} <= codes
    assert all(r["parent_code"] in codes for r in all_rows if r["level"] != 1)
    (developer,) = rows("isco08", code="2512")
    assert (developer["title_nl"], developer["title_en"]) == ("Softwareontwikkelaars", "Software developers")
    assert (developer["skill_level_min"], developer["skill_level_max"]) == (4, 4)
    (managers,) = rows("isco08", code="1")
    assert (managers["skill_level_min"], managers["skill_level_max"]) == (3, 4)
    assert all(r["title_nl"] and r["title_en"] and 1 <= r["skill_level_min"] <= 4 for r in all_rows)  # type: ignore[operator]


def test_every_isco_unit_group_has_a_brc_group_that_exists() -> None:
    links = {r["isco08_code"]: r["brc_code"] for r in rows("isco08_brc2014")}
    groups = {r["code"] for r in rows("brc2014")}
    assert len(groups) == 114
    assert {r["code"] for r in rows("isco08", level=4)} <= set(links)
    assert set(links.values()) == groups
    assert links["2512"] == "0811"


def test_brc_jobs_keeps_unknown_pay_null_and_never_zero() -> None:
    table = tables.load("brc_jobs")
    assert table.num_rows == 114 and {r["code"] for r in rows("brc_jobs")} == {r["code"] for r in rows("brc2014")}
    for column in ("pay_hour_p25_eur", "pay_hour_p50_eur", "pay_hour_p75_eur"):
        assert table[column].null_count == 40
        assert pc.min(table[column]).as_py() > 0
    (developers,) = rows("brc_jobs", code="0811")
    assert developers == {
        "code": "0811",
        "period": "2024Q4",
        "jobs": 382000,
        "women_pct": 17.25,
        "higher_educated_pct": 76.5,
        "pay_hour_p25_eur": 27.0,
        "pay_hour_p50_eur": 34.8,
        "pay_hour_p75_eur": 43.4,
    }


def test_sbi_has_21_sections_and_88_divisions_in_both_languages() -> None:
    sections, divisions = rows("sbi2008", level=1), rows("sbi2008", level=2)
    assert (len(sections), len(divisions)) == (21, 88)
    assert {r["section"] for r in divisions} == {r["code"] for r in sections}
    assert [r["code"] for r in divisions if r["source"] == "nace_rev2"] == ["05", "07", "09"]
    assert all(r["title_nl"] and r["title_en"] and "(1)" not in str(r["title_nl"]) for r in sections + divisions)


def test_topsectors_rest_on_known_divisions_and_say_they_are_a_default() -> None:
    divisions = {r["code"] for r in rows("sbi2008", level=2)}
    sectors = {r["topsector"] for r in rows("topsectors")}
    links = rows("topsector_sbi")
    assert sectors == {"energie", "chemie", "life_sciences", "health", "htsm"}
    assert {r["topsector"] for r in links} == sectors
    assert all(str(r["sbi_code"])[:2] in divisions for r in links)
    assert all(re.fullmatch(r"\d{2,5}", str(r["sbi_code"])) and r["part"] in ("full", "part") for r in links)
    assert all("default, to be confirmed" in str(r["note"]) for r in links)
    assert {r["sbi_code"] for r in rows("topsector_sbi", topsector="health")} == {"86", "87", "88"}
    full = [r["sbi_code"] for r in links if r["part"] == "full"]
    assert {"26", "266"} <= set(full), "medical devices belong to two topsectors"


def test_cedefop_covers_40_groups_and_26_years_and_openings_add_up() -> None:
    employment = rows("cedefop_employment")
    assert {r["year"] for r in employment} == set(range(2010, 2036))
    assert len({r["isco08_code"] for r in employment}) == 40 and len(employment) == 40 * 26
    assert rows("cedefop_employment", isco08_code="25", year=2018)[0]["employed"] == 315757
    assert rows("cedefop_employment", isco08_code="25", year=2023)[0]["employed"] == 453997
    assert "315,757" in tables.sources_of("cedefop_employment")[0].note
    for row in rows("cedefop_openings"):
        assert abs(row["expansion"] + row["replacement"] - row["openings"]) <= 1  # type: ignore[operator]
    assert rows("cedefop_openings", isco08_code="7", year=2026)[0]["replacement"] == 21162


def test_sector_by_occupation_keeps_unpublished_cells_null() -> None:
    table = tables.load("employment_sector_occupation")
    assert table.num_rows == 210 and table["employed_thousands"].null_count == 59
    assert rows("employment_sector_occupation", nace_section="J", isco08_major="2")[0]["employed_thousands"] == 299.8
    assert rows("employment_sector_occupation", nace_section="A", isco08_major="0")[0]["employed_thousands"] is None


def test_shrinking_occupations_are_known_codes_and_link_to_their_brc_group() -> None:
    links = {r["isco08_code"]: r["brc_code"] for r in rows("isco08_brc2014")}
    found = rows("shrinking_occupations")
    assert {r["isco08_code"] for r in found if r["scope"] == "core"} == {"4120", "4311", "5244"}
    assert all(links[r["isco08_code"]] == r["brc_code"] for r in found)


def test_study_table_1_and_ict_shares_are_as_printed() -> None:
    assert [(r["n2012"], r["n2017"], r["factor"]) for r in rows("study_table1")] == [
        (5, 1611, 168),
        (4, 1187, 154),
        (1, 110, 57),
        (2, 73, 18),
        (7, 215, 15),
        (0, 12, 6),
        (0, 10, 5),
        (23, 204, 4),
        (98, 631, 2),
    ]
    shares = {r["topsector"]: r["value"] for r in rows("study_figures") if str(r["statement_id"]).startswith("ict_")}
    assert shares == {"htsm": 19, "energie": 9, "life_sciences": 5, "chemie": 4.3, "health": 2}


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("Den Haag", "NL332"),
        ("The Hague", "NL332"),
        ("'s-Gravenhage", "NL332"),
        ("Den Bosch", "NL413"),
        ("Amsterdam", "NL329"),
        ("Amsterdam Nieuw-West", "NL329"),
        ("Hoofddorp", "NL329"),
        ("Eindhoven", "NL414"),
        ("Utrecht", "NL310"),
        ("Almere", "NL230"),
        ("Leeuwarden", "NL124"),
        ("Maastricht", "NL423"),
    ],
)
def test_places_have_their_region(place: str, region: str) -> None:
    found = [r for r in rows("places", place=place) if r["kind"] != "province"]
    assert [(r["province_code"], r["nuts3_code"]) for r in found] == [(region[:4], region)]


def test_provinces_have_english_names_and_abbreviations() -> None:
    assert len({r["province_code"] for r in rows("places", kind="province")}) == 12
    assert rows("places", place="North Holland", kind="province")[0]["province_code"] == "NL32"
    assert rows("places", place="NH", kind="province_abbreviation")[0]["province_code"] == "NL32"
    assert rows("places", place="NH")[0]["nuts3_code"] is None


def test_place_names_are_not_given_twice_for_one_region_and_cover_all_40_regions() -> None:
    found = [(r["place"], r["kind"], r["nuts3_code"], r["province_code"]) for r in rows("places")]
    assert len(found) == len(set(found))
    assert len({r["nuts3_code"] for r in rows("places")} - {None}) == 40


def test_a_town_in_two_provinces_keeps_both() -> None:
    assert {r["province_code"] for r in rows("places", place="Laren")} == {"NL22", "NL32"}


def test_occupation_titles_have_known_codes_in_two_languages() -> None:
    table = tables.load("occupation_titles")
    assert table.num_rows > 60_000
    codes = {r["code"] for r in rows("isco08", level=4)}
    assert set(table["isco08"].unique().to_pylist()) <= codes
    assert set(table["language"].unique().to_pylist()) == {"nl", "en"}
    assert set(table["kind"].unique().to_pylist()) == {"isco", "esco_label", "esco_alt", "esco_hidden", "ilo_index"}
    assert set(table["source"].unique().to_pylist()) <= set(sources.all_sources())
    assert pc.all(pc.equal(pc.is_valid(table["esco_uri"]), pc.starts_with(table["kind"], "esco"))).as_py()


def test_index_titles_stand_in_reading_order_beside_the_published_form() -> None:
    (found,) = rows("occupation_titles", title_published="Technician, zoology")
    assert (found["title"], found["isco08"]) == ("zoology technician", "3141")
    (found,) = rows("occupation_titles", title_published="Mechanic, calculating machine: electronic")
    assert found["title"] == "electronic calculating machine mechanic"


def test_the_esco_statement_stands_with_every_esco_source() -> None:
    for key, source in sources.all_sources().items():
        if key.startswith("esco_"):
            assert sources.ESCO_STATEMENT in source.note
