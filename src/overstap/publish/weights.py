"""What is said of weights beside shares, and the table of weights by sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overstap.pipeline import Study
from overstap.publish.caution import warning_text
from overstap.publish.labels import Translator
from overstap.publish.tables import select
from overstap.publish.words import Sentence
from overstap.reference.totals import STATLINE
from overstap.schema.out import ALL

COLUMNS = (
    "sector",
    "vacancies_n",
    "employers_n",
    "spread_n",
    "total_n",
    "coverage_pct",
    "weight_mean",
    "weight_max",
    "trimmed_pct",
    "design_effect",
)
WHOLE = ("spread_n", "total_n")  # vacancies, in part or as estimated, that are shown as whole numbers
Row = Mapping[str, Any]


@dataclass(frozen=True)
class WeightsPart:
    """A sentence on weights, the rows by sector (`out_weights`, new vacancies, all quarters) and remarks on them."""

    sentence: Sentence
    rows: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()
    columns: tuple[str, ...] = COLUMNS


def weights_of(study: Study, t: Translator) -> WeightsPart:
    """What is to be said of a study's weights. Raises StoreError where the study has not been run."""
    rows = select(study, "out_weights", kind="new", quarter=ALL).to_pylist()
    sentence = weights_sentence(t, rows, totals_source(study, t))
    if sentence.state != "weighted":
        return WeightsPart(sentence)
    notes = select(study, "out_warnings", severity="note").to_pylist()
    order = sorted(rows, key=lambda row: (len(row["sector"]), row["sector"]))  # sections, then all, agency, unknown
    shown = tuple({**row, **{name: _whole(row[name]) for name in WHOLE}} for row in order)
    return WeightsPart(sentence, shown, tuple(warning_text(t, row) for row in notes))


def totals_source(study: Study, t: Translator) -> str:
    """The official totals of a study as a source is named: StatLine's table, or the user's file."""
    totals = study.spec.weights.totals
    return t("weights.statline") if totals == STATLINE else Path(totals or "").name


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def weights_sentence(t: Translator, rows: Sequence[Row], source: str) -> Sentence:
    """Rows of `out_weights` over all quarters: weighted, refused (totals, but no vacancy can have a weight) or none."""
    whole = next((row for row in rows if row["sector"] == ALL), None)
    note = "no_totals" if whole is None else whole["note"]
    if whole is None or note == "no_totals":
        return Sentence(t("weights.none"), "none")
    if note is not None:
        return Sentence(t("weights.refused", why=t(f"weights.why.{note}")), "refused")
    n, weighted = whole["vacancies_n"], whole["weighted_n"]
    fields = {"weighted": t.percent(100 * weighted / n), "n": t.number(n), "source": source}
    return Sentence(t("weights.weighted", effect=t.factor(whole["design_effect"]), **fields), "weighted")
