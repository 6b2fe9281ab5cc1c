"""Life tables: the estimator against a second tool and by hand, cohort tables with what cannot be, recovery."""

from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from overstap.disclosure.cube import bounds
from overstap.education.cohorts import read_cohorts, success, summed
from overstap.education.hide import cube_of, hide_few
from overstap.education.life_table import incidence, interval
from overstap.education.persons import cohorts_of_persons
from overstap.education.suppressed import extremes
from overstap.errors import InputError
from overstap.simulate.students import PROGRAMMES, Programme, cohort_rows, simulate_careers, write_csv

HEAD = "programme,cohort,year,at_risk,diploma,dropout,switch"


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "cohorts.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_chances_are_those_of_a_second_tool() -> None:
    """statsmodels' cumulative incidence, from records of persons with censoring."""
    draw = np.random.default_rng(3)
    time = draw.integers(1, 9, 700)
    status = draw.choice(4, 700, p=[0.25, 0.35, 0.25, 0.15])
    other = CumIncidenceRight(time, status)
    years = np.arange(1, 9)
    at_risk = np.array([(time >= y).sum() for y in years], float)
    events = np.array([[((time == y) & (status == k)).sum() for k in (1, 2, 3)] for y in years], float)
    ours = incidence(at_risk, events)
    for k in (1, 2, 3):
        assert ours.chance[:, k] == pytest.approx(other.cinc[k - 1])
        # Its error follows another formula (Fine & Gray's appendix); with hundreds of students they are close.
        assert np.sqrt(ours.variance[:, k]) == pytest.approx(other.cinc_se[k - 1], rel=0.05)


def test_without_censoring_variance_is_binomial() -> None:
    at_risk, events = np.array([100.0, 70.0, 30.0]), np.array([[0, 20, 10], [30, 5, 5], [25, 5, 0]], float)
    found = incidence(at_risk, events)
    assert found.chance[-1] == pytest.approx([0.0, 0.55, 0.30, 0.15])
    assert found.variance[-1] == pytest.approx([0.0, 0.55 * 0.45 / 100, 0.3 * 0.7 / 100, 0.15 * 0.85 / 100])
    assert interval(0.55, float(found.variance[-1][1]), 100, 0.95) == pytest.approx((0.4524, 0.6438), abs=1e-4)


def test_one_minus_kaplan_meier_would_count_too_many_diplomas() -> None:
    """Why causes compete: those who dropped out cannot finish, and Kaplan–Meier lets them."""
    at_risk, events = np.array([100.0, 50.0]), np.array([[0, 50, 0], [50, 0, 0]], float)
    assert incidence(at_risk, events).chance[-1][1] == pytest.approx(0.5)


def test_chances_of_simulated_students_are_recovered(tmp_path: Path) -> None:
    made = simulate_careers(PROGRAMMES, 2005, 2019, seed=11)
    write_csv(tmp_path / "cohorts.csv", cohort_rows(PROGRAMMES, made, 2021))
    cohorts = read_cohorts(tmp_path / "cohorts.csv", {})
    inside = total = 0
    for programme in PROGRAMMES:
        true = programme.chances()
        rows = [
            row
            for row in success(cohorts, ("programme", "region"), 0.95)
            if row["programme"] == programme.code and row["region"] == programme.region
        ]
        for row in rows:
            if row["state"] != "enrolled":
                value = 100 * true[row["after"] - 1][("diploma", "dropout", "switch").index(row["state"])]
                total += 1
                inside += row["low"] - 1e-9 <= value <= row["high"] + 1e-9
    assert total == 81
    assert inside >= 71  # 95 % of 81 is 77; fewer than 71 comes about once in five hundred


def test_suppressed_counts_bound_the_chance(tmp_path: Path) -> None:
    path = table(tmp_path, "34275,2015,1,40,<5,10,5", "34275,2015,2,22,20,0,0")
    found = {(r["state"], r["after"]): r for r in success(read_cohorts(path, {}), ("programme",), 0.95)}
    row = found["diploma", 1]
    assert row["chance"] is None and row["students"] == 40
    assert row["low"] < 100 / 40 and row["high"] > 400 / 40
    assert found["diploma", 5]["low"] is None  # not followed so long


def test_bounds_of_suppressed_counts_are_those_of_every_count_that_fits() -> None:
    """Against trying all of them, on small boxes of two and three years."""
    draw, compared = np.random.default_rng(5), 0
    for _ in range(250):
        years = int(draw.integers(2, 4))
        low = np.column_stack([draw.integers(0, 5, years), *(draw.integers(0, 2, years) for _ in range(3))])
        high = low + draw.integers(0, 3, low.shape) * (draw.random(low.shape) < 0.5)
        seen: dict[tuple[int, int], list[float]] = {}
        for counts in product(*(range(a, b + 1) for a, b in zip(low.ravel(), high.ravel(), strict=True))):
            one = np.array(counts, float).reshape(years, 4)
            left = one[:, 0] - one[:, 1:].sum(axis=1)
            if (left >= 0).all() and (one[1:, 0] <= left[:-1]).all():
                found = incidence(one[:, 0], one[:, 1:])
                for year in range(1, len(found.chance) + 1):
                    for state in range(4):
                        seen.setdefault((state, year), []).append(float(found.chance[year - 1][state]))
        for (state, year), chances in seen.items():
            ends = extremes(low.astype(float), high.astype(float), state, year)
            if ends is None:  # where nobody may be followed any more nothing is said
                assert (high[:year, 0] == 0).any() or high[0, 0] == 0 or min(chances) == 0
                continue
            values = [one.after(year) for one in ends]
            assert [float(v[0][state]) for v in values if v] == pytest.approx([min(chances), max(chances)])
            compared += 1
    assert compared > 300


def test_a_year_that_follows_bounds_the_one_before(tmp_path: Path) -> None:
    path = table(tmp_path, "34275,2015,1,<5,0,1,0", "34275,2015,2,1,1,0,0")
    low, high = summed(read_cohorts(path, {}).to_pylist())
    ends = extremes(low, high, 1, 2)
    assert ends is not None
    assert [one.chance[-1][1] for one in ends] == pytest.approx([0.5, 0.75])


def test_unknown_counts_end_the_table(tmp_path: Path) -> None:
    path = table(tmp_path, "34275,2015,1,40,0,10,5", "34275,2015,2,25,,0,0", "34275,2015,3,20,5,0,0")
    found = {(r["state"], r["after"]): r for r in success(read_cohorts(path, {}), ("programme",), 0.95, (1, 2, 3))}
    assert found["dropout", 1]["chance"] == pytest.approx(25.0)
    assert found["dropout", 2]["chance"] is None and found["diploma", 3]["low"] is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["34275,2015,1,40,0,10,5", "34275,2015,1,40,0,10,5"], "was given before"),
        (["34275,2015,1,40,0,10,5", "34275,2015,3,20,0,1,0"], "year 2 is not"),
        (["34275,2015,1,40,30,10,5"], "45 students leave and 40 were there"),
        (["34275,2015,1,40,0,10,5", "34275,2015,2,30,0,1,0"], "25 were left"),
        ([",2015,1,40,0,10,5"], "programme without code"),
        (["34275,2015-2017,1,40,0,10,5", "34275,2016,1,40,0,10,5"], "overlap in 2016"),
        (["34275,2017-2015,1,40,0,10,5"], "ends before it begins"),
        (["34275,2015,0,40,0,10,5"], "no year since entry"),
        (["34275,2015,1,forty,0,10,5"], "is no count"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_cohorts(table(tmp_path, *rows), {})


def test_person_records_become_cohorts_and_no_person_is_kept(tmp_path: Path) -> None:
    rows = ["Persoonsgebonden nummer;Inschrijvingsjaar;Opleidingscode;Geslacht;Diplomajaar"]
    rows += [f"9000{i};2014;34275;M;" for i in range(3)]  # the first year of the file tells nothing of entry
    for i in range(10):
        last = 2018 if i < 6 else 2015 + (i - 6) // 2
        for year in range(2015, last + 1):
            rows.append(f"P{i};{year};34275;{'V' if i % 2 else 'M'};{2019 if i < 6 else ''}")
        if i == 9:
            rows.append(f"P{i};2017;34479;V;")
    rows += ["Q1;2019;34275;M;", "Q1;2020;34275;M;"]
    path = tmp_path / "personen.csv"
    path.write_text("\n".join(rows) + "\n", encoding="latin-1")
    cohorts = cohorts_of_persons(path, {})
    found = {(r["state"], r["after"]): r["chance"] for r in success(cohorts, ("programme",), 0.95, (1, 2, 4))}
    assert found["diploma", 4] == pytest.approx(100 * 9 / 11 * 6 / 8)  # who entered in 2019 tells of year 1 only
    by_year = {(r["cohort"], r["sex"], r["year"]): r for r in cohorts.to_pylist()}
    assert by_year["2015", "man", 1]["at_risk_low"] == 5
    assert by_year["2015", "vrouw", 2]["switch_low"] == 1
    assert by_year["2019", "man", 1]["at_risk_low"] == 1 and ("2019", "man", 2) not in by_year
    assert not any("P1" in str(value) for row in cohorts.to_pylist() for value in row.values())


def test_a_person_twice_in_a_year_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("person,year,programme,diploma\n1,2015,34275,\n1,2015,34479,\n")
    with pytest.raises(InputError, match="twice in 2015"):
        cohorts_of_persons(path, {})


def year_of_diploma(folder: Path, diploma: str, *years: int, kind: str = "") -> list[int]:
    """Years since entry in which a person with these years of enrolment is counted as finished."""
    rows = ["person,year,programme,diploma,diploma_kind", "0,2010,34275,,", "0,2023,34275,,"]
    rows += [f"1,{year},34275,{diploma},{kind}" for year in years]
    (folder / "p.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    counted = cohorts_of_persons(folder / "p.csv", {}).to_pylist()
    return [row["year"] for row in counted if row["cohort"] == str(years[0]) and row["diploma_low"]]


@pytest.mark.parametrize(
    ("diploma", "years", "finished"),
    [
        ("2019-11-15", (2018, 2019), [2]),  # autumn belongs to the school year that began in September
        ("15-11-2019", (2018, 2019), [2]),
        ("20190715", (2018, 2019), []),
        ("2019-07-15", (2017, 2018), [2]),
        ("2019-09-15", (2017, 2018), [2]),  # handed over after the last enrolment
        ("2019", (2017, 2018), [2]),
        ("2019", (2018, 2019), [2]),
        ("2018/2019", (2017, 2018), [2]),
    ],
)
def test_a_diploma_counts_in_its_school_year(
    tmp_path: Path, diploma: str, years: tuple[int, ...], finished: list[int]
) -> None:
    if finished:
        assert year_of_diploma(tmp_path, diploma, *years) == finished
    else:
        with pytest.raises(InputError, match="goes on in the same programme"):
            year_of_diploma(tmp_path, diploma, *years)


def test_a_propedeuse_is_no_final_diploma(tmp_path: Path) -> None:
    assert year_of_diploma(tmp_path, "2019-07-15", 2018, kind="Propedeuse bachelor") == []
    assert year_of_diploma(tmp_path, "2019-07-15", 2018, kind="hoofdfase-bachelor") == [1]
    assert year_of_diploma(tmp_path, "2019-07-15", 2018, 2019, kind="bachelor") == [1]
    with pytest.raises(InputError, match="no kind of diploma"):
        year_of_diploma(tmp_path, "2019-07-15", 2018, kind="07")


def test_records_that_tell_only_whether_there_is_a_diploma_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("person,year,programme,diploma_behaald\n1,2015,34275,nee\n")
    with pytest.raises(InputError, match="no column 'diploma'"):
        cohorts_of_persons(tmp_path / "p.csv", {})


def test_true_chances_add_up() -> None:
    programme = Programme("1", "x", "0531", "hbo_bachelor", "Utrecht", 1, 4, 0.05, 0.04, 0.5)
    assert (programme.chances().sum(axis=1) <= 1).all()


def test_no_small_group_of_students_can_be_worked_out() -> None:
    rng = np.random.default_rng(4)
    students: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for field, sex, region in product(("0511", "0531", "0714"), ("man", "vrouw"), ("NL11", "NL12", "NL31")):
        n = int(rng.poisson(12 if field != "0531" else 3))
        for split, value in (("all", "all"), ("sex", sex), ("region", region)):
            students["all", split, value, "all"] += n
            students["all", split, value, field] += n
            if field.startswith("05"):
                students["chemie", split, value, "all"] += n
    names = ("sector", "split", "value", "isced_f")
    figures = {"chance_pct": 60.0, "chance_low": 50.0, "chance_high": 70.0}
    rows = [dict(zip(names, key, strict=True)) | {"students": float(n)} | figures for key, n in students.items()]
    inside = {"chemie": lambda code: code.startswith("05")}
    shown = hide_few(rows, 10, inside)
    gone = {tuple(row[name] for name in names) for row in shown if row["is_suppressed"]}
    assert {key for key, n in students.items() if n < 10} < gone < set(students)
    assert all(row[name] is None for row in shown if row["is_suppressed"] for name in ("students", *figures))
    for low, high in bounds(cube_of(rows, inside), gone).values():
        assert high - low >= 10 - 1e-4
