"""Rows of `out_evaluation`: every experiment of a study, and those that measured the same laid together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.errors import InputError
from overstap.experiments.estimate import Asked, Outcome, evaluate
from overstap.experiments.evidence import CLAIM, ladder, verdict
from overstap.experiments.meta import LEAST, LEAST_NEXT, together
from overstap.experiments.panel import read_panel
from overstap.schema import table_spec
from overstap.study_initiatives import Experiment, ExperimentSettings

Row = dict[str, Any]


def run_experiment(one: Experiment, base: Path, settings: ExperimentSettings) -> Outcome:
    """The outcome of one experiment of a study. Raises `InputError` that names the experiment."""
    asked = Asked(
        one.design, one.assigned == "random", settings.confidence, settings.power, settings.min_units, settings.draws,
        settings.seed,
    )  # fmt: skip
    try:
        return evaluate(read_panel(base / one.file, one), asked)
    except InputError as error:
        raise InputError(f"Experiment {one.id}: {error.what}", why=error.why, fix=error.fix) from error


def evaluations(settings: ExperimentSettings, base: Path) -> pa.Table:
    """Rows of `out_evaluation`. Raises `InputError` where a file does not bear its design."""
    made = [(one, run_experiment(one, base, settings)) for one in settings.run]
    rows = [row_of(one, outcome) for one, outcome in made] + pooled(made, settings.confidence)
    return pa.Table.from_pylist(rows, schema=table_spec("out_evaluation").schema)


def row_of(one: Experiment, outcome: Outcome) -> Row:
    """An outcome as a row; groups too small for an outcome are too small to say how many they are."""
    known = outcome.value is not None
    return {
        "experiment_id": one.id,
        "design": outcome.design,
        "initiative_id": one.initiative,
        "measure": one.measure or one.outcome,
        "measured_in": one.measured_in,
        "estimate": outcome.value,
        "estimate_low": outcome.low,
        "estimate_high": outcome.high,
        "p_value": outcome.p,
        "is_effect": outcome.is_effect,
        "verdict": outcome.verdict,
        "maryland": outcome.maryland if known else None,
        "ladder": outcome.ladder if known else None,
        "treated_n": outcome.treated_n if known else None,
        "control_n": outcome.control_n if known else None,
        "clusters_n": outcome.clusters_n if known else None,
        "missing_n": outcome.missing_n,
        "left_out_n": outcome.left_out_n if known else None,
        "pretrend_p": outcome.pretrend_p,
        "smallest_seen": outcome.smallest_seen,
        "worst_balance": outcome.balance.worst if outcome.balance else None,
        "studies_n": None,
        "tau": None,
        "i2": None,
        "next_low": None,
        "next_high": None,
        "warnings": list(outcome.cautions),
    }


def pooled(made: Sequence[tuple[Experiment, Outcome]], confidence: float) -> list[Row]:
    """A row for each measure that two or more experiments with an effect share; a description enters no mean."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for one, outcome in made:
        if outcome.is_effect and one.measure and outcome.error:
            groups.setdefault((one.measure, one.measured_in), []).append(outcome)
    return [_pooled(*key, group, confidence) for key, group in groups.items() if len(group) >= LEAST]


def _pooled(measure: str, measured_in: str, group: Sequence[Outcome], confidence: float) -> Row:
    found = together([one.value or 0.0 for one in group], [one.error or 0.0 for one in group], confidence)
    maryland = min(one.maryland for one in group)
    counts = {name: sum(getattr(one, name) for one in group) for name in ("treated_n", "control_n", "missing_n",
                                                                          "left_out_n")}  # fmt: skip
    return {
        "experiment_id": measure,
        "design": "meta",
        "initiative_id": None,
        "measure": measure,
        "measured_in": measured_in,
        "estimate": found.value,
        "estimate_low": found.low,
        "estimate_high": found.high,
        "p_value": found.p,
        "is_effect": maryland >= CLAIM,
        "verdict": verdict(found.low, found.high, claimed=maryland >= CLAIM),
        "maryland": maryland,
        "ladder": ladder(maryland),
        **counts,
        "clusters_n": sum(one.clusters_n for one in group),
        "pretrend_p": None,
        "smallest_seen": None,
        "worst_balance": None,
        "studies_n": found.studies_n,
        "tau": found.tau,
        "i2": found.i2,
        "next_low": found.next_low,
        "next_high": found.next_high,
        "warnings": ["few_studies"] if found.studies_n < LEAST_NEXT + 2 else [],
    }
