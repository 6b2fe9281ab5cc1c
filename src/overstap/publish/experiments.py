"""What experiments did, in words, a table and a chart; a description is never told as an effect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator
from overstap.publish.vega import RIGHT_ROOM, ROW_HEIGHT, Row, Spec, layered, tooltips
from overstap.publish.words import Sentence

_COLUMNS = (
    "experiment_id", "design", "measure", "estimate", "estimate_low", "estimate_high", "p_value", "verdict",
    "treated_n", "control_n",
)  # fmt: skip


class ExperimentsChapter:
    """What a study's experiments did, in the language of `t`."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t

    @cached_property
    def rows(self) -> list[Row]:
        """Rows of `out_evaluation`."""
        rows: list[Row] = self._study.table("out_evaluation").to_pylist()
        return rows

    def of(self, initiative: str) -> list[Row]:
        """The experiments of one initiative."""
        return [row for row in self.rows if row["initiative_id"] == initiative]

    def said(self, rows: Sequence[Row] | None = None) -> list[Sentence]:
        """A sentence for each outcome."""
        return [experiment_sentence(self.t, row) for row in (self.rows if rows is None else rows)]

    def name(self, row: Row) -> str:
        """The name of an experiment, or of several laid together."""
        return outcome_name(self.t, row)

    def table(self) -> list[tuple[str, ...]]:
        """Per outcome: name, measure, design, difference, what it says, evidence, numbers, cautions."""
        t, found = self.t, list[tuple[str, ...]]()
        for row in self.rows:
            evidence = DASH
            if row["maryland"] is not None:
                rung = t.value("ladder", row["ladder"])
                evidence = t("initiatives.evaluation.maryland", step=row["maryland"], ladder=rung)
            cautions = [t.value("warnings", one) for one in row["warnings"]]
            if row["next_low"] is not None:
                low, high = self._number(row, row["next_low"]), self._number(row, row["next_high"])
                cautions.insert(0, t("initiatives.evaluation.next", low=low, high=high))
            n = f"{t.number(row['treated_n'])} / {t.number(row['control_n'])}"
            shown = DASH if row["estimate"] is None else f"{self._number(row, row['estimate'])} ({ends(t, row)})"
            found.append(
                (self.name(row), row["measure"], t.value("design", row["design"]), shown,
                 t.value("verdict", row["verdict"]), evidence, n, "; ".join(cautions))
            )  # fmt: skip
        return found

    def _number(self, row: Row, value: float) -> str:
        return measured(self.t, row, value)

    def charts(self) -> list[Chart]:
        """A chart of differences for each measure that has any."""
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            if row["estimate"] is not None:
                groups.setdefault((row["measure"], row["measured_in"]), []).append(row)
        return [self._chart(at, rows) for at, rows in enumerate(groups.values())]

    def _chart(self, at: int, rows: list[Row]) -> Chart:
        t, key = self.t, "initiatives.evaluation.chart"
        single = [row for row in rows if row["design"] != "meta"]
        claimed = t.count("initiatives.evaluation.unit", sum(row["is_effect"] for row in single))
        finding = t(f"{key}.finding", n=claimed)
        confidence = t.percent(100 * self._study.spec.experiments.confidence, 0)
        counts = {
            name: t.number(sum(row[f"{of}_n"] or 0 for row in single))
            for name, of in (("n", "treated"), ("m", "control"))
        }
        unit = rows[0]["measured_in"]
        axis = t(f"{key}.axis", unit=unit) if unit else t(f"{key}.axis_plain")
        spec = _forest(t, rows, [self.name(row) for row in rows], finding, f"{rows[0]['measure']}, {axis}")
        return Chart(
            f"experiments-{at}", t(f"{key}.title", n=claimed), t(f"{key}.about", confidence=confidence), finding,
            t(f"{key}.caption", **counts, confidence=confidence), spec, "out_evaluation", _COLUMNS, tuple(rows),
        )  # fmt: skip


def outcome_name(t: Translator, row: Row) -> str:
    """The name of an experiment, or of several laid together."""
    if row["design"] != "meta":
        return str(row["experiment_id"])
    n = t.count("initiatives.evaluation.unit", row["studies_n"])
    return t("initiatives.evaluation.together", measure=row["measure"], n=n)


def experiment_sentence(t: Translator, row: Row) -> Sentence:
    """What an outcome says, with as much claim as its evidence bears."""
    state = row["verdict"] if row["estimate"] is not None else "too_few"
    key = "unclear_together" if state == "unclear" and row["smallest_seen"] is None else state
    fields = {"name": outcome_name(t, row), "measure": row["measure"], "interval": ends(t, row)}
    if row["estimate"] is not None:
        fields |= {
            "value": measured(t, row, abs(row["estimate"])),
            "signed": measured(t, row, row["estimate"], signed=True),
        }
        fields["smallest"] = "" if row["smallest_seen"] is None else measured(t, row, row["smallest_seen"])
    return Sentence(t(f"initiatives.evaluation.said.{key}", **fields), state)


def measured(t: Translator, row: Row, value: float, *, signed: bool = False) -> str:
    """A value with its unit, and as many decimals as its size bears."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = t.signed(value, decimals) if signed else t.number(value, decimals)
    return f"{text} {row['measured_in']}".strip()


def ends(t: Translator, row: Row) -> str:
    """The bounds of an estimate; an end that the data leave open is written ∞."""
    low = "−∞" if row["estimate_low"] is None else measured(t, row | {"measured_in": ""}, row["estimate_low"])
    high = "∞" if row["estimate_high"] is None else measured(t, row | {"measured_in": ""}, row["estimate_high"])
    joint = {"nl": "tot", "en": "to"}[t.language]
    return f"{low} {joint} {high}"


def _forest(t: Translator, rows: Sequence[Row], names: Sequence[str], description: str, axis: str) -> Spec:
    values = [
        {
            "name": name,
            "at": row["estimate"],
            "low": row["estimate"] if row["estimate_low"] is None else row["estimate_low"],
            "high": row["estimate"] if row["estimate_high"] is None else row["estimate_high"],
            "value_text": measured(t, row, row["estimate"], signed=True),
            "interval_text": ends(t, row),
            "n_text": f"{t.number(row['treated_n'])} / {t.number(row['control_n'])}",
            "state": "effect" if row["is_effect"] else "description",
        }
        for row, name in zip(rows, names, strict=True)
    ]
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = {"field": "at", "type": "quantitative", "axis": {"title": axis, "tickCount": 5}}
    tips = tooltips(t, "name", "value", "interval", "n")
    layers: list[Spec] = [
        {
            "data": {"values": [{"nought": 0}]},
            "mark": {"type": "rule", "style": "reference"},
            "encoding": {"x": {"field": "nought", "type": "quantitative"}},
        },
        {
            "mark": {"type": "rule", "style": "interval"},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tips},
        },
    ]
    for state, filled in (("effect", True), ("description", False)):
        layers.append(
            {
                "transform": [{"filter": {"field": "state", "equal": state}}],
                "mark": {"type": "point", "style": "value_point", "filled": filled, "size": 90, "opacity": 1},
                "encoding": {"y": y, "x": x, "tooltip": tips},
            }
        )
    return layered(values, layers, description, {"step": ROW_HEIGHT + 4}, RIGHT_ROOM)
