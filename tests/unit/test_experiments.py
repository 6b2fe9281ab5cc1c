"""Experiments: known effects come back, a design that bears no claim makes none, and faults of a file are told."""

from __future__ import annotations

import csv
from math import log
from pathlib import Path

import numpy as np
import pytest

from overstap.errors import InputError
from overstap.experiments.estimate import Asked, evaluate
from overstap.experiments.meta import together
from overstap.experiments.panel import Panel, read_panel
from overstap.experiments.power import Plan, plan
from overstap.experiments.table import evaluations, row_of
from overstap.study_initiatives import Experiment, ExperimentSettings

YEARS = (2018, 2019, 2020, 2021, 2022)
START = 2021


def simulated(
    seed: int,
    *,
    units: int = 60,
    effect: float = 2.0,
    trend: float = 0.0,
    chosen: float = 0.0,
    cluster: int = 1,
    between: float = 0.0,
) -> Panel:
    """A panel with a known effect: half of the clusters take part from 2021 on.

    `trend`: how much faster those who take part rise a year; `chosen`: how much likelier the able are to take part.
    """
    draw = np.random.default_rng(seed)
    count = units // cluster
    groups = np.repeat(np.arange(count), cluster)
    ability = draw.normal(size=units)
    treated = (np.arange(count) % 2 == 1)[groups]
    if chosen:
        treated = draw.random(units) < 1 / (1 + np.exp(-chosen * ability))
    level = ability[:, None] * 2 + np.arange(len(YEARS)) * 0.5
    shock = between * draw.normal(size=(count, len(YEARS)))[groups]
    rise = treated[:, None] * (trend * np.arange(len(YEARS)) + effect * (np.array(YEARS) >= START))
    outcome = level + shock + rise + draw.normal(size=(units, len(YEARS)))
    return Panel(tuple(map(str, range(units))), YEARS, START, outcome, treated, groups.astype(np.int64),
                 ability[:, None] + 0.1 * draw.normal(size=(units, 1)), ("ability",), 0, 0)  # fmt: skip


def test_differences_in_differences_give_a_known_effect_back_as_often_as_the_interval_says() -> None:
    found = [evaluate(simulated(seed), Asked(design="did")) for seed in range(150)]
    assert np.mean([one.value for one in found]) == pytest.approx(2.0, abs=0.1)
    covered = sum(one.low <= 2.0 <= one.high for one in found)
    assert covered >= 135  # binomial: P(fewer | n = 150, 0.95) < 0.5 %
    assert {one.maryland for one in found} <= {2, 3}  # 2 where, by chance, the trends before differ
    assert np.mean(["trend" in one.cautions for one in found]) < 0.12


def test_it_agrees_with_the_regression_with_unit_and_period_effects() -> None:
    import statsmodels.api as sm

    panel = simulated(3)
    n, periods = panel.outcome.shape
    unit, period = np.repeat(np.arange(n), periods), np.tile(np.arange(periods), n)
    on = (panel.treated[unit] & (np.array(YEARS)[period] >= START)).astype(float)
    dummies = np.hstack([np.eye(n)[unit], np.eye(periods)[period][:, 1:]])
    fixed = sm.OLS(panel.outcome.ravel(), np.column_stack([on, dummies])).fit()
    assert evaluate(panel, Asked(design="did")).value == pytest.approx(fixed.params[0], abs=1e-9)


def test_a_trend_that_differed_before_undoes_the_claim() -> None:
    found = evaluate(simulated(1, trend=1.5, units=200), Asked(design="did"))
    assert found.pretrend_p is not None and found.pretrend_p < 0.01
    assert "trend" in found.cautions and not found.is_effect and found.verdict == "described"


def test_events_before_lie_about_nought_and_those_after_about_the_effect() -> None:
    found = evaluate(simulated(5, units=400), Asked(design="did"))
    values = {event.period: event.value for event in found.events}
    assert values.keys() == {2018, 2019, 2021, 2022}
    assert abs(values[2018]) < 0.5 and abs(values[2019]) < 0.5
    assert values[2021] == pytest.approx(2, abs=0.5) and values[2022] == pytest.approx(2, abs=0.5)


def test_few_clusters_that_move_together_are_not_taken_for_many_people() -> None:
    naive = wild = 0
    for seed in range(120):
        panel = simulated(seed, units=240, effect=0.0, cluster=20, between=1.0)
        wild += (found := evaluate(panel, Asked(design="did", draws=399))).low <= 0 <= found.high
        alone = Panel(**{**panel.__dict__, "clusters": np.arange(240)})
        naive += (other := evaluate(alone, Asked(design="did"))).low <= 0 <= other.high
        assert "few_clusters" in found.cautions and found.clusters_n == 12
    assert wild >= 106  # binomial: P(fewer | n = 120, 0.95) < 0.5 %
    assert naive < 90


@pytest.mark.parametrize("design", ["did", "matched"])
def test_two_clusters_in_a_group_bear_no_claim(design: str) -> None:
    found = evaluate(simulated(2, units=80, cluster=20, between=1.0), Asked(design=design))
    assert "few_treated" in found.cautions and not found.is_effect and found.verdict == "described"


def test_few_that_take_part_among_many_others_are_few() -> None:
    """Five of 45 clusters: errors that hold within clusters, taken for normal, cover in 83 % of such experiments."""
    wild = 0
    for seed in range(80):
        panel = simulated(seed, units=180, effect=0.0, cluster=4, between=1.0)
        few = Panel(**{**panel.__dict__, "treated": panel.clusters < 5})
        found = evaluate(few, Asked(design="did", draws=199))
        wild += (found.low is None or found.low <= 0) and (found.high is None or found.high >= 0)
        assert "few_clusters" in found.cautions and found.clusters_n == 45
    assert wild >= 71  # binomial: P(fewer | n = 80, 0.95) < 2 %


def test_groups_that_were_seen_in_other_periods_are_still_compared() -> None:
    """Those who took part were missed late, the others early, while everyone rose: no effect is made of that."""
    panel = simulated(9, units=200, effect=2.0)
    steep = panel.outcome + 3.0 * np.arange(len(YEARS))
    gone = np.random.default_rng(1).random(200) < 0.5
    steep[panel.treated & gone, 4] = steep[~panel.treated & gone, 3] = np.nan
    found = evaluate(Panel(**{**panel.__dict__, "outcome": steep}), Asked(design="did"))
    assert found.low < 2.0 < found.high and found.high - found.low < 1.2  # means of what is there say 0.3
    steep[~panel.treated, 4] = np.nan
    assert evaluate(Panel(**{**panel.__dict__, "outcome": steep}), Asked(design="did")).value == pytest.approx(
        2, abs=0.6
    )


def test_a_period_in_which_one_group_was_missed_does_not_hide_the_trend_of_the_others() -> None:
    panel = simulated(1, trend=1.5, units=200)
    outcome = panel.outcome.copy()
    outcome[~panel.treated, 0] = np.nan
    found = evaluate(Panel(**{**panel.__dict__, "outcome": outcome}), Asked(design="did"))
    assert [event.period for event in found.events] == [2019, 2021, 2022]
    assert "trend" in found.cautions and "one_before" not in found.cautions


def test_matching_undoes_what_a_choice_by_ability_did() -> None:
    rough, made = [], []
    for seed in range(40):
        panel = simulated(seed, units=240, chosen=0.8)
        after = Panel(**{**panel.__dict__, "periods": (2021,), "outcome": panel.outcome[:, 3:4]})
        rough.append(float(after.outcome[after.treated].mean() - after.outcome[~after.treated].mean()))
        made.append(evaluate(after, Asked(design="matched")))
    assert abs(np.mean(rough) - 2) > 1
    assert abs(np.mean([one.value for one in made]) - 2) < abs(np.mean(rough) - 2) / 2
    for one in made:
        assert one.balance is not None
        assert one.balance.worst < np.abs(one.balance.smd_before).max()
        assert not one.is_effect and one.maryland == 2  # nothing was measured before
    assert sum(one.low <= 2 <= one.high for one in made) >= 33  # binomial: P(fewer | n = 40, 0.95) < 1 %


def test_a_match_on_the_outcome_before_as_well_is_a_comparison_over_time() -> None:
    found = evaluate(simulated(4, units=400), Asked(design="matched"))
    assert found.value == pytest.approx(2, abs=0.4) and found.maryland == 3 and found.is_effect


def test_before_and_after_is_a_description() -> None:
    panel = simulated(6, effect=0.0)
    alone = Panel(**{**panel.__dict__, "treated": np.ones(60, dtype=bool)})
    found = evaluate(alone, Asked())
    assert (found.design, found.maryland, found.is_effect, found.verdict) == ("before_after", 1, False, "described")
    assert found.value is not None and found.value > 1  # the trend of everyone is in it, though nothing was done


def test_a_lot_that_held_is_the_strongest_evidence_and_one_that_lost_people_is_not() -> None:
    panel = simulated(7, units=100)
    assert evaluate(panel, Asked(random=True)).maryland == 5
    outcome = panel.outcome.copy()
    outcome[np.flatnonzero(panel.treated)[:20], 3:] = np.nan
    found = evaluate(Panel(**{**panel.__dict__, "outcome": outcome}), Asked(random=True))
    assert "attrition" in found.cautions and found.maryland < 5 and found.left_out_n == 20


def test_groups_too_small_have_no_numbers() -> None:
    found = evaluate(simulated(8, units=12), Asked(design="did"))
    assert found.value is None and found.verdict == "too_few" and not found.is_effect
    row = row_of(Experiment(id="a", file="a.csv"), found)
    assert row["treated_n"] is row["control_n"] is row["left_out_n"] is None  # nor how few they were


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(units: int = 40, **changes: object) -> list[dict[str, object]]:
    draw = np.random.default_rng(1)
    return [
        {
            "unit": f"u{u}",
            "time": year,
            "treated": int(u % 2),
            "outcome": round(float(draw.normal() + u % 2), 3),
            **changes,
        }
        for u in range(units)
        for year in (2020, 2021)
    ]


def test_missing_outcomes_are_counted_and_not_dropped_unseen(tmp_path: Path) -> None:
    rows = rows_of()
    rows[3]["outcome"] = ""
    rows[7]["outcome"] = "NA"
    found = evaluate(
        read_panel(written(tmp_path / "a.csv", rows), Experiment(id="a", file="a.csv", start=2021)), Asked()
    )
    assert (found.missing_n, found.left_out_n) == (2, 2) and "missing" in found.cautions


@pytest.mark.parametrize(
    ("changes", "start", "said"),
    [
        ({"treated": 0}, 2021, "nobody takes part"),
        ({"treated": 1}, 2021, "Everyone takes part"),
        ({}, 2022, "no period after"),
        ({}, None, "not told when"),
        ({}, 2019, "no period before"),
        ({"treated": "maybe"}, 2021, "treated is 'maybe'"),
        ({"outcome": "many"}, 2021, "no number"),
    ],
)
def test_what_cannot_be_evaluated_says_why(
    tmp_path: Path, changes: dict[str, object], start: int | None, said: str
) -> None:
    path = written(tmp_path / "a.csv", rows_of(**changes))
    with pytest.raises(InputError, match=said):
        evaluate(read_panel(path, Experiment(id="a", file="a.csv", start=start)), Asked(design="did"))


def test_a_unit_twice_in_a_period_and_starts_that_differ_are_refused(tmp_path: Path) -> None:
    rows = rows_of()
    with pytest.raises(InputError, match="given twice"):
        read_panel(written(tmp_path / "a.csv", [*rows, rows[0]]), Experiment(id="a", file="a.csv", start=2021))
    late = [{"unit": u, "time": t, "treated": int(t >= begin), "outcome": 1} for u, begin in (("a", 2), ("b", 3), ("c", 9))
            for t in (1, 2, 3)]  # fmt: skip
    with pytest.raises(InputError, match="same time: a in 2; b in 3"):
        read_panel(written(tmp_path / "b.csv", late), Experiment(id="b", file="b.csv"))


def test_power_agrees_with_cohens_tables() -> None:
    # Cohen (1988), table 2.4.1: n per group for power .80 at two-sided .05.
    assert [plan(Plan(effect=d, power=0.8)).units for d in (0.2, 0.5, 0.8)] == [394, 64, 26]
    assert plan(Plan(units=64, effect=0.5)).power == pytest.approx(0.80, abs=0.005)
    assert plan(Plan(units=64, power=0.8)).effect == pytest.approx(0.5, abs=0.005)


def test_clusters_cost_what_the_design_effect_says_and_measuring_before_saves() -> None:
    alone = plan(Plan(effect=0.5, power=0.8)).units or 0
    clustered = plan(Plan(effect=0.5, power=0.8, cluster=5, icc=0.05)).units or 0
    assert clustered == pytest.approx(alone * (1 + 4 * 0.05), rel=0.15) and clustered % 5 == 0
    both = plan(Plan(effect=0.5, power=0.8, before=1, after=1, correlation=0.8)).units or 0
    assert both == pytest.approx(alone * 2 * (1 - 0.8), rel=0.1)  # McKenzie (2012), one before and one after


def test_power_asks_for_two_of_three() -> None:
    with pytest.raises(InputError, match="Left out: units, effect"):
        plan(Plan(power=0.8))
    with pytest.raises(InputError, match="No 5 measurements can all have"):
        plan(Plan(units=50, power=0.8, after=5, correlation=-0.5))
    with pytest.raises(InputError, match="fewer than two clusters"):
        plan(Plan(units=20, power=0.8, cluster=20))


# Colditz et al. (1994), BCG vaccine against tuberculosis: cases and others, vaccinated and not, of 13 trials.
TRIALS = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
          (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
          (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)]  # fmt: skip
BCG = [(log((a / (a + b)) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in TRIALS]


def test_the_meta_analysis_gives_the_published_answer_for_the_bcg_trials() -> None:
    found = together([y for y, _ in BCG], [v**0.5 for _, v in BCG])
    assert found.q == pytest.approx(152.23, abs=0.01) and found.i2 == pytest.approx(92.1, abs=0.1)
    assert found.value == pytest.approx(-0.715, abs=0.005)  # Paule–Mandel, tau² 0.318 (Viechtbauer 2010, metafor)
    assert found.tau**2 == pytest.approx(0.318, abs=0.003)
    assert found.next_low is not None and found.next_low < found.low < found.high < found.next_high


def test_one_experiment_is_no_meta_analysis_and_two_say_nothing_of_a_next_one() -> None:
    with pytest.raises(InputError, match="at least two"):
        together([1.0], [0.5])
    two = together([1.0, 1.2], [0.5, 0.4])
    assert two.next_low is None and two.low < 0 < two.high  # t with one degree of freedom


def test_experiments_of_one_measure_are_laid_together_and_descriptions_are_not(tmp_path: Path) -> None:
    runs = []
    for number in range(3):
        panel = simulated(number, units=80)
        rows = [
            {"unit": u, "time": year, "treated": int(panel.treated[u]), "outcome": panel.outcome[u, i]}
            for u in range(80)
            for i, year in enumerate(YEARS)
        ]
        written(tmp_path / f"{number}.csv", rows)
        runs.append(Experiment(id=f"e{number}", file=f"{number}.csv", start=START, measure="wage", measured_in="EUR"))
    alone = runs[0].model_copy(update={"id": "alone", "design": "before_after"})
    rows_made = evaluations(ExperimentSettings(run=[*runs, alone]), tmp_path).to_pylist()
    last = rows_made[-1]
    claimed = [row for row in rows_made[:-1] if row["is_effect"]]
    assert last["design"] == "meta" and last["studies_n"] == len(claimed) <= 3
    assert last["estimate"] == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize(
    ("rows", "start", "said"),
    [
        (
            [f"{unit},{year},{int(unit[0] == 'a')},5" for unit in ("a1", "b1") for year in (1, 2)],
            2,
            "is 5 in every row",
        ),
        ([f"{unit},2025,{int(unit[0] == 'a')},{n}" for n, unit in enumerate(("a1", "b1"))], None, "one period, 2025"),
        (
            [f"{u},{y},{int(u[0] == 'a' and y >= int(u[1]))},{y}" for u in ("a2", "a3", "b1") for y in (1, 2, 3)],
            2,
            "not everyone begins at the same time",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_told(tmp_path: Path, rows: list[str], start: int | None, said: str) -> None:
    (tmp_path / "e.csv").write_text("\n".join(["unit,time,treated,outcome", *rows]))
    with pytest.raises(InputError, match=said):
        evaluate(read_panel(tmp_path / "e.csv", Experiment(id="e", file="e.csv", start=start)), Asked())
