"""Facts of occupations: nothing allocated is shown as observed, and totals are those of the sources."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.errors import InputError, StudyError
from overstap.moves.facts import allocated_units, left_out, occupation_facts
from overstap.outlook.source import WINDOW, employment_paths
from overstap.reference import tables


def _rows(level: str) -> dict[str, dict[str, object]]:
    return {row["code"]: row for row in occupation_facts(level).to_pylist()}


def test_jobs_of_unit_groups_add_up_to_the_counts_of_their_group() -> None:
    counted = {r["code"]: r["jobs"] for r in tables.load("brc_jobs").to_pylist()}
    units = allocated_units()
    for group, jobs in counted.items():
        mine = [units.jobs[i] for i, other in enumerate(units.brc) if other == group]
        assert sum(mine) == pytest.approx(jobs), group


def test_all_groups_are_there_with_their_basis() -> None:
    brc, isco, esco = _rows("brc"), _rows("isco"), _rows("esco")
    assert (len(brc), len(isco), len(esco)) == (114, 436, 3042)
    assert {r["jobs_basis"] for r in brc.values()} == {"observed"}
    assert {r["jobs_basis"] for r in isco.values()} == {"allocated"}
    assert {r["jobs_basis"] for r in esco.values()} == {"unknown"}
    assert all(r["jobs"] is None and r["openings"] is None for r in esco.values())
    for rows in (brc, isco, esco):
        assert all((r["pay_p50"] is None) == (r["pay_basis"] == "unknown") for r in rows.values())
        assert all((r["growth"] is None) == (r["growth_basis"] == "unknown") for r in rows.values())


def test_forty_groups_have_no_pay_and_none_is_zero() -> None:
    pay = [r["pay_p50"] for r in _rows("brc").values()]
    assert sum(value is None for value in pay) == 40
    assert all(value > 0 for value in pay if value is not None)


def test_growth_of_a_unit_group_is_that_of_its_two_digit_group() -> None:
    path = employment_paths()["43"]
    assert _rows("isco")["4311"]["growth"] == pytest.approx(path[WINDOW[1]] / path[WINDOW[0]] - 1)


def test_openings_close_stocks_and_flows() -> None:
    for row in _rows("brc").values():
        if row["openings"] is not None:
            assert row["openings"] == pytest.approx(max(row["expansion"] + row["outflow"], 0.0))


def test_expansion_follows_the_forecast_in_all() -> None:
    """Growth by two-digit group, weighed by CBS's jobs, stays near Cedefop's own total."""
    expansion = sum(r["expansion"] for r in _rows("brc").values() if r["expansion"] is not None)
    paths = employment_paths().values()
    own = sum(path[WINDOW[1]] - path[WINDOW[0]] for path in paths) / (WINDOW[1] - WINDOW[0])
    jobs = sum(r["jobs"] for r in _rows("brc").values())
    assert expansion / jobs == pytest.approx(own / sum(path[WINDOW[0]] for path in paths), abs=0.003)


def test_a_licence_of_all_jobs_and_one_of_some_are_told_apart() -> None:
    nurse, software = _rows("isco")["2221"], _rows("isco")["2512"]
    assert nurse["licences"] == ["big_nurse"]
    assert software["licences"] == [] and software["licences_part"] == []
    assert "big_psychologist" in _rows("isco")["2634"]["licences_part"]


def test_a_group_asks_a_licence_where_most_of_its_jobs_do() -> None:
    doctors, caretakers = _rows("brc")["1011"], _rows("brc")["0733"]
    assert "big_doctor" in doctors["licences"] and "electrical" not in caretakers["licences"]


def test_a_group_with_licensed_and_free_work_asks_a_licence_of_a_part_only() -> None:
    isco, brc = _rows("isco"), _rows("brc")
    for code, licence in (("2265", "care_title_dietician"), ("2611", "lawyer"), ("7411", "electrical")):
        assert licence not in isco[code]["licences"] and licence in isco[code]["licences_part"], code
    assert brc["1033"]["licences"] == ["big_nurse"] and not brc["1033"]["licences_part"]  # nurses of mbo: no midwives
    assert "teacher_primary" in brc["0114"]["licences"]


def test_every_licence_has_its_page_or_is_marked_as_an_assumption() -> None:
    rows = tables.load("licences").to_pylist()
    assert {row["basis"] for row in rows} == {"page", "list2008", "assumption"}
    assert all((row["source"] is None) == (row["basis"] == "assumption") for row in rows)
    assert all((row["source"] or "https://").startswith("https://") for row in rows)
    assert len({(row["licence_id"], row["isco08_code"]) for row in rows}) == len(rows)


def test_groups_that_are_left_out_are_those_of_the_level() -> None:
    """BRC 1113 are waiters and ISCO 1113 village heads; ISCO 1311 are managers of farms and BRC 1311 the rest."""
    assert "1113" in left_out("isco") and "1113" not in left_out("brc")
    assert "1311" in left_out("brc") and "1311" not in left_out("isco")
    jobs = {code: row["jobs"] for code, row in _rows("isco").items()}
    assert jobs["3222"] < 1 and jobs["3221"] == pytest.approx(_rows("brc")["1033"]["jobs"], abs=1)


def test_what_nobody_forecasts_stays_unknown() -> None:
    for level, codes in (("brc", ("0634",)), ("isco", ("0110", "0210", "0310"))):
        for code in codes:
            row = _rows(level)[code]
            assert row["jobs"] and row["growth"] is None and row["openings"] is None
            assert (row["growth_basis"], row["openings_basis"]) == ("unknown", "unknown")


def test_shrinkage_beside_a_tight_market_can_be_seen() -> None:
    mechanics = _rows("brc")["0744"]
    assert mechanics["growth"] < 0 < mechanics["tension"]


def test_own_figures_take_the_place_of_bundled_ones() -> None:
    own = {"growth": pa.table({"code": ["0432"], "growth": [0.2]})}
    row = {r["code"]: r for r in occupation_facts("brc", own=own).to_pylist()}["0432"]
    assert (row["growth"], row["growth_basis"], row["growth_source"]) == (0.2, "observed", "own")


def test_own_figures_of_one_group_are_not_mixed_with_bundled_ones() -> None:
    own = {"pay": pa.table({"code": ["0811"], "pay_p50": [50.0]})}
    row = {r["code"]: r for r in occupation_facts("brc", own=own).to_pylist()}["0811"]
    assert (row["pay_p25"], row["pay_p50"], row["pay_p75"]) == (None, 50.0, None)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"salary": pa.table({"code": ["0432"]})}, "group of figures 'salary'"),
        ({"growth": pa.table({"code": ["0432"], "grwth": [0.1]})}, "growth"),
        ({"growth": pa.table({"code": ["9999"], "growth": [0.1]})}, "row 2 of growth"),
    ],
)
def test_wrong_own_figures_are_named(own: dict[str, pa.Table], said: str) -> None:
    with pytest.raises(InputError) as error:
        occupation_facts("brc", own=own)
    assert said in str(error.value)


@pytest.mark.parametrize("window", [(2030, 2025), (2025, 2051)])
def test_years_without_a_forecast_are_refused(window: tuple[int, int]) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        occupation_facts("brc", window)


def test_own_growth_makes_leavers_of_its_own() -> None:
    own = {"growth": pa.table({"code": ["0111"], "growth": [-0.5]})}
    row = {r["code"]: r for r in occupation_facts("brc", own=own).to_pylist()}["0111"]
    assert row["expansion"] == pytest.approx(-0.5 * row["jobs"] / (WINDOW[1] - WINDOW[0]))
    assert row["openings"] == pytest.approx(max(row["expansion"] + row["outflow"], 0))


def test_own_figures_that_leave_the_main_one_out_are_unknown() -> None:
    own = {"pay": pa.table({"code": ["0811"], "pay_p25": [20.0]})}
    row = {r["code"]: r for r in occupation_facts("brc", own=own).to_pylist()}["0811"]
    assert (row["pay_p50"], row["pay_basis"]) == (None, "unknown")


@pytest.mark.parametrize(("group", "column", "value"), [("women", "women", 55.0), ("jobs", "jobs", -1.0)])
def test_impossible_figures_are_refused(group: str, column: str, value: float) -> None:
    with pytest.raises(InputError, match=f"row 2 of {group}"):
        occupation_facts("brc", own={group: pa.table({"code": ["0811"], column: [value]})})
