"""The outlook: published examples come out, what is unknown stays unknown, and its intervals are those of the past."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from overstap.errors import InputError, StudyError
from overstap.moves.facts import occupation_facts
from overstap.outlook.backtest import coverage_at_home, coverage_elsewhere, spread
from overstap.outlook.balance import openings, openings_roa
from overstap.outlook.cells import bundled
from overstap.outlook.classes import ita_class, tension_class
from overstap.outlook.draws import bounds
from overstap.outlook.own import COLUMNS, read_own, template
from overstap.outlook.table import Outlook, Settings, outlook, whole, yearly
from overstap.reference.tables import load

FEW = Settings(2025, 2030, draws=200, levels=("isco1", "isco2", "brc"))
Row = dict[str, object]


@pytest.fixture(scope="module")
def found() -> list[Outlook]:
    return outlook(FEW)


def _own(tmp_path: Path, *rows: Row) -> Path:
    path = tmp_path / "own.csv"
    lines = [",".join(COLUMNS), *(",".join(str(row.get(name, "")) for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _row(**values: object) -> Row:
    row: Row = {"level": "brc", "code": "0811", "first_year": 2026, "last_year": 2026}
    return row | values


def test_the_worked_example_of_roa_comes_out_of_the_template(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(template(), encoding="utf-8")
    made = outlook(Settings(draws=50, levels=("brc",)), read_own([path]))
    row = next(r for r in whole(made, 0.8).to_pylist() if r["source"] == "example")
    assert row["openings"] == pytest.approx(45_700 + 56_000) == pytest.approx(101_700)
    assert row["openings_roa"] == pytest.approx(101_700)
    assert (row["first_year"], row["last_year"], row["outflow_basis"]) == (2018, 2024, "allocated")
    assert row["growth_pct"] == pytest.approx(14.0, abs=0.05)
    assert 100 * row["outflow"] / row["openings_roa"] == pytest.approx(55.1, abs=0.05)


def test_the_rules_part_where_employment_shrinks() -> None:
    """Major group 7 in 2026: Cedefop has 8,263 openings, ROA's words would give its whole replacement, 21,162."""
    rows = load("cedefop_openings").to_pylist()
    row = next(r for r in rows if (r["isco08_code"], r["year"]) == ("7", 2026))
    change, left = np.array([float(row["expansion"])]), np.array([float(row["replacement"])])
    assert openings(change, left)[0] == pytest.approx(8_263, abs=1)
    assert openings_roa(change, left)[0] == 21_162


def test_openings_of_major_groups_are_those_that_cedefop_publishes(found: list[Outlook]) -> None:
    published = {(r["isco08_code"], r["year"]): r["openings"] for r in load("cedefop_openings").to_pylist()}
    rows = [r for r in yearly(found, 0.8).to_pylist() if r["level"] == "isco1" and r["openings"] is not None]
    assert len(rows) == 9 * 5
    for row in rows:
        assert row["openings"] == pytest.approx(max(published[row["code"], row["year"]], 0), abs=5), row["code"]


def test_shortages_of_the_study_come_out_of_flows(tmp_path: Path) -> None:
    """Table 2: what inflow and openings differ by each year adds up to the shortage that the study prints."""
    table = load("study_table2").to_pylist()
    codes = dict(zip(dict.fromkeys(r["occupation_en"] for r in table), ("1012", "1013", "1041", "1051"), strict=False))
    rows, before = [], {}
    for r in table:
        left = round(0.06 * r["employed_2016"])
        code = codes[r["occupation_en"]]
        enter = left + r["balance"] - before.get(code, 0)
        before[code] = r["balance"]
        rows.append(_row(code=code, first_year=r["year"], last_year=r["year"], employed=r["employed_2016"],
                         expansion=0, outflow=left, inflow_low=enter, inflow_high=enter))  # fmt: skip
    made = outlook(Settings(draws=50, levels=()), read_own([_own(tmp_path, *rows)]))
    total = {(r["code"], r["year"]): r["balance_total"] for r in yearly(made, 0.8).to_pylist()}
    for r in table:
        assert total[codes[r["occupation_en"]], r["year"]] == pytest.approx(r["balance"])


def test_facts_of_moves_and_the_outlook_are_one(found: list[Outlook]) -> None:
    facts = {row["code"]: row for row in occupation_facts("brc", (2025, 2030)).to_pylist()}
    rows = [row for row in whole(found, 0.8).to_pylist() if row["level"] == "brc"]
    assert len(rows) == sum(row["growth"] is not None for row in facts.values())
    for row in rows:
        fact = facts[row["code"]]
        assert row["expansion"] / 5 == pytest.approx(fact["expansion"])
        assert row["outflow"] / 5 == pytest.approx(fact["outflow"])


def test_a_shortage_is_unknown_without_inflow_and_known_only_in_its_years(tmp_path: Path) -> None:
    inflow = _own(tmp_path, _row(inflow_low=100, inflow_high=300), _row(code="0812", inflow_low=0, inflow_high=0))
    made = outlook(Settings(2025, 2027, 100, levels=("brc",)), read_own([inflow]))
    rows = {(r["code"], r["year"]): r for r in yearly(made, 0.8).to_pylist()}
    assert rows["0811", 2026]["balance"] == pytest.approx(200 - rows["0811", 2026]["openings"])
    assert rows["0811", 2027]["balance"] is None and rows["0811", 2027]["balance_total"] is None
    assert rows["0111", 2026]["balance"] is None and rows["0111", 2026]["short_pct"] is None
    assert rows["0812", 2026]["balance"] is not None  # nobody is a figure, no word is none
    assert {row["ita"] for row in whole(made, 0.8).to_pylist()} == {None}


def test_every_source_of_an_inflow_is_named(tmp_path: Path) -> None:
    """The user's own figure of one year, and graduates behind it for the others: both made the row."""
    first = _own(tmp_path, _row(first_year=2026, last_year=2026, inflow_low=100, inflow_high=300, source="school"))
    own = read_own([first])[0]
    behind = replace(
        own,
        years=(2025, 2026, 2027),
        source="graduates",
        inflow_low=np.array([np.nan, 1, 2]),
        inflow_high=np.array([np.nan, 1, 2]),
        employed=np.full(3, np.nan),
    )
    made = outlook(Settings(2025, 2027, 50, levels=("brc",)), [own, behind])
    row = next(row for row in whole(made, 0.8).to_pylist() if row["code"] == "0811")
    assert (row["inflow_source"], row["inflow_low"], row["inflow_high"]) == ("school; graduates", 102, 302)


def test_the_interval_of_the_indicator_is_that_of_openings(tmp_path: Path) -> None:
    """Futures without openings are the worst of prospects, not unknown ones: they must not take the interval away."""
    inflow = [_row(code=code, first_year=2026, last_year=2030, inflow_low=20_000, inflow_high=20_000,
                   **({"unemployed": 500} if code == "0811" else {})) for code in ("0811", "1121")]  # fmt: skip
    made = outlook(replace(FEW, levels=("brc",)), read_own([_own(tmp_path, *inflow)]))
    rows = {row["code"]: row for row in whole(made, 0.8).to_pylist()}
    for row in (rows["0811"], rows["1121"]):
        assert row["ita_low"] < row["ita"] and (row["ita_high"] is None or row["ita"] < row["ita_high"])
        asking = row["inflow"] + (500 if row["code"] == "0811" else 0)
        assert row["ita_low"] == pytest.approx(asking / row["openings_high"], rel=0.1)
    # without unemployed there is a ratio, but ROA's classes count them
    assert rows["0811"]["ita_class"] and rows["0811"]["with_unemployed"] is True
    assert rows["1121"]["ita_class"] is None and rows["1121"]["with_unemployed"] is False


def test_no_bound_is_made_of_an_unknown() -> None:
    low, high = bounds(np.array([[1.0, 2.0, np.nan], [3.0, np.inf, 4.0]]), 0.8)
    assert np.isnan(low[0]) and np.isnan(high[0]) and (low[1], high[1]) == (3.0, np.inf)


def test_draws_add_up_to_the_path_at_every_level(found: list[Outlook]) -> None:
    """Draws about a median of 1 would let every sum drift up: of ten million by half a million in ten years."""
    for one in found:
        cells = one.cells
        for path, draws in ((cells.employed, cells.employed_draws), (cells.outflow, cells.outflow_draws)):
            total, drawn = path[:, 1:].sum(), draws[:, 1:].sum(axis=(0, 1))
            assert drawn.mean() == pytest.approx(total, rel=0.005), cells.level
            assert 0.35 < (drawn > total).mean() < 0.65, cells.level


def test_values_lie_within_their_intervals_and_say_how_they_are_known(found: list[Outlook]) -> None:
    for row in [*yearly(found, 0.8).to_pylist(), *whole(found, 0.8).to_pylist()]:
        for name in ("employed", "expansion", "outflow", "openings"):
            if row[name] is not None and f"{name}_low" in row:
                assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"], (name, row["code"])
        assert (row["expansion"] is None) == (row.get("year") == 2025)
    bases = {row["level"]: (row["employed_basis"], row["outflow_basis"]) for row in yearly(found, 0.8).to_pylist()}
    assert bases["isco1"] == ("observed", "observed") and bases["isco2"] == ("observed", "allocated")
    assert bases["brc"] == ("allocated", "allocated")


def test_the_same_seed_gives_the_same_outlook(found: list[Outlook]) -> None:
    assert yearly(outlook(FEW), 0.8).equals(yearly(found, 0.8))


def test_intervals_hold_what_they_say_in_countries_they_were_not_fitted_on() -> None:
    held = coverage_elsewhere()
    shares, n = np.array([share for share, _ in held.values()]), np.array([count for _, count in held.values()])
    assert len(held) == 32
    assert 0.77 <= float((shares * n).sum() / n.sum()) <= 0.83


def test_intervals_as_drawn_hold_what_they_say_in_the_dutch_past() -> None:
    """The scale really used, about a mean of 1: the Netherlands' own errors, the redesign of its survey among them."""
    share, n = coverage_at_home()
    assert n > 2_000 and 0.77 <= share <= 0.83


def test_errors_grow_with_the_horizon_and_shrink_with_size() -> None:
    half = spread().half_width(np.array([1e4, 1e5]), np.array([0.0, 1.0, 5.0, 10.0]), 0.8)
    assert (half[:, 0] == 0).all() and (np.diff(half, axis=1) > 0).all() and (half[0, 1:] > half[1, 1:]).all()


def test_regions_come_from_the_user_and_stand_beside_the_country(tmp_path: Path) -> None:
    path = _own(tmp_path, _row(region="Zeeland", employed=900, expansion=-20, retirement=30, exits=10, mobility=-5,
                               vacancies=40, unemployed=20, inflow_low=5, inflow_high=5))  # fmt: skip
    rows = whole(outlook(Settings(draws=50, levels=("brc",)), read_own([path])), 0.8).to_pylist()
    mine = {row["region"]: row for row in rows if row["code"] == "0811"}
    assert mine.keys() == {"all", "Zeeland"}
    row = mine["Zeeland"]
    assert (row["outflow"], row["openings"], row["openings_roa"], row["balance"]) == (35, 15, 35, -10)
    assert (row["tension"], row["tension_class"]) == (2.0, "tight")
    assert row["ita"] == pytest.approx((5 + 20) / 15) and row["ita_class"] == "poor" and row["with_unemployed"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([_row(first_year=2026, last_year=2028, employed=10, expansion=1, outflow=1),
          _row(first_year=2028, last_year=2029, employed=11, expansion=1, outflow=1)], "given twice for 2028"),
        ([_row(employed=10, expansion=1, outflow=1),
          _row(first_year=2029, last_year=2029, employed=11, expansion=1, outflow=1)], "no row for 2027 to 2028"),
        ([_row(employed=-5, expansion=1, outflow=1)], "employed is -5"),
        ([_row(code="811", employed=5, expansion=1, outflow=1)], "no occupation '811'"),
        ([_row(level="brcc")], "level 'brcc'"),
        ([_row(employed=5, expansion=1)], "outflow is empty"),
        ([_row(employed=5, expansion=-9, outflow=1)], "below 0"),
        ([_row(employed=5, expansion=1, outflow=9, retirement=1, exits=1, mobility=1)], "add up to 3"),
        ([_row(inflow_low=5)], "one bound of the inflow"),
        ([_row(inflow_low=5, inflow_high=4)], "above inflow_high"),
        ([_row(first_year="26")], "four digits"),
        ([_row(last_year=2020)], "before it begins"),
        ([_row(employed="many")], "not a number"),
        ([_row(employed=100, expansion=0, outflow=1),
          _row(first_year=2027, last_year=2027, employed=900, expansion=1, outflow=1)], "ends? at 100"),
        ([_row(employed=10, expansion=0, outflow=1, inflow_low=1, inflow_high=1), _row(inflow_low=1, inflow_high=1)],
         "inflow of 0811 in all is given twice"),
    ],
)  # fmt: skip
def test_own_tables_that_do_not_fit_are_refused_by_row(tmp_path: Path, rows: list[Row], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_own([_own(tmp_path, *rows)])


def test_an_unknown_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("level,code,first_year,last_year,expantion\nbrc,0811,2026,2026,5\n", encoding="utf-8")
    with pytest.raises(InputError, match="expansion"):
        read_own([path])


def test_years_without_a_forecast_are_refused() -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        bundled(2025, 2040, 50, 0)


@pytest.mark.parametrize(
    ("ita", "name"),
    [(0.85, "very_good"), (0.86, "good"), (1.0, "good"), (1.05, "reasonable"), (1.06, "moderate"), (1.2, "poor")],
)
def test_classes_of_roa(ita: float, name: str) -> None:
    """1.06 is the study's "matig" for mbo health and welfare to 2024."""
    assert ita_class(ita) == name and ita_class(None) is None


@pytest.mark.parametrize(
    ("tension", "name"), [(0.2, "very_slack"), (0.25, "slack"), (1.0, "average"), (1.5, "tight"), (4.32, "very_tight")]
)
def test_classes_of_uwv(tension: float, name: str) -> None:
    """4.32 is the Netherlands in the first quarter of 2023: very tight."""
    assert tension_class(tension) == name and tension_class(None) is None
