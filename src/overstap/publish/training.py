"""Retraining in words and tables: what the moves of the answer ask to be learnt, what that costs, and for whom it pays.

Report and dashboard take the same sentences and rows from here. Each sentence has a state.
"""

from __future__ import annotations

from functools import cached_property

from overstap.moves.bill import CASES, SUBSIDIES
from overstap.moves.packages import ALL
from overstap.moves.packages_for import group_name, named_skills
from overstap.moves.population import GROUPS, older
from overstap.pipeline import Study
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Row
from overstap.publish.words import Sentence
from overstap.reference.tables import load

_PAIRS, _PACKAGES = 5, 3  # pairs of sectors in the table, and packages of each
_ENDS = ("_low", "", "_high")


class TrainingChapter:
    """What a study says of retraining, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t, self.settings = study, t, study.spec.moves

    @cached_property
    def bill(self) -> list[Row]:
        """Rows of `out_training_bill`, all payers together first."""
        rows: list[Row] = self._study.table("out_training_bill").to_pylist()
        return rows

    @cached_property
    def returns(self) -> dict[tuple[str, float], Row]:
        """Rows of `out_training_returns` by payer and subsidy."""
        return {(row["payer"], row["subsidy"]): row for row in self._study.table("out_training_returns").to_pylist()}

    @cached_property
    def movers(self) -> float:
        """People who move in the answer."""
        return float(sum(self._study.table("out_placement_flows", ["persons"])["persons"].to_pylist()))

    def said(self) -> list[Sentence]:
        """The bill, what it rests on, and for whom retraining pays."""
        t = self.t
        if not self.movers:
            return [Sentence(t("training.nobody"), "nobody")]
        if not self.bill or self.bill[0]["price"] is None:
            return [Sentence(t("training.unknown"), "unknown")]
        whole = self.bill[0]
        each = {end: (whole[f"price{end}"] + whole[f"time{end}"]) / self.movers for end in _ENDS}
        fields = {name: self.ranged(whole, name) for name in ("price", "time")}
        fields |= {f"each{end}": self.euro(value) for end, value in each.items()}
        said = [Sentence(t("training.bill", n=t.number(round(self.movers, -3)), **fields), "bill")]
        known = next((row["persons"] for row in self.returns.values()), 0.0) / self.movers
        if known < 0.995:
            said.append(Sentence(t("training.known", share=t.percent(100 * known, 0)), "known"))
        if self.settings.subsidy:
            said.append(Sentence(t("training.subsidy", share=t.percent(100 * self.settings.subsidy, 0)), "subsidy"))
        bases = load("training_returns")["basis"].to_pylist()
        if self.settings.training_returns is None:
            said.append(Sentence(t("training.assumed", n=len(bases), law=bases.count("law")), "assumed"))
        return [*said, *self._pays()]

    def _pays(self) -> list[Sentence]:
        if not self.returns:
            return []
        t = self.t
        rows = [self.returns["employer", 0.0], self.returns["together", 0.0], self.returns["government", 1.0]]
        names = ("employer", "together", "government")
        fields = {name: t.percent(row["pays_pct"], 0) for name, row in zip(names, rows, strict=True)}
        low, high = min(row["pays_pct_low"] for row in rows), max(row["pays_pct_high"] for row in rows)
        fields |= {"low": t.percent(low, 0), "high": t.percent(high, 0)}
        return [
            Sentence(t("training.pays", **fields), "pays"),
            Sentence(t("training.context"), "context"),
        ]

    def payers(self) -> list[tuple[str, str, str, str]]:
        """The bill by payer: name, share, price of training, pay for hours of learning, each with its range."""
        return [
            (
                capital(self.t(f"training.payer.{row['payer']}")),
                self.t.percent(100 * row["share"], 0),
                self.ranged(row, "price"),
                self.ranged(row, "time"),
            )
            for row in self.bill
        ]

    def subsidies(self) -> list[str]:
        """The headings of the table of returns."""
        return [self.t("training.returns.subsidy", share=self.t.percent(100 * part, 0)) for part in SUBSIDIES]

    def cases(self) -> list[tuple[str, list[str]]]:
        """For whom retraining pays: who pays, and the part of the people at each subsidy."""
        t = self.t
        return [
            (
                capital(t(f"training.case.{case}")),
                [
                    "–"
                    if (row := self.returns.get((case, part))) is None
                    else f"{t.percent(row['pays_pct'], 0)} "
                    f"({t.percent_interval(row['pays_pct_low'], row['pays_pct_high'], 0)})"
                    for part in SUBSIDIES
                ],
            )
            for case in (CASES if self.returns else ())
        ]

    def packages(self) -> list[tuple[str, str, list[tuple[str, str, Row]]]]:
        """Packages of all sectors together and of the pairs with most moves: name, movers, the first packages with the
        skills that most people miss of them."""
        pairs: dict[tuple[str, str], list[Row]] = {}
        for row in self._study.table("out_training_packages").to_pylist():
            pairs.setdefault((row["sector_from"], row["sector_to"]), []).append(row)
        order = sorted(pairs, key=lambda pair: (pair[0] != ALL, -pairs[pair][0]["movers"], pair))
        lang = self.t.language
        return [
            (
                capital(self.t("training.packages.every"))
                if left == ALL
                else capital(f"{self._section(left)} → {self._section(entered)}"),
                self.t.number(round(pairs[left, entered][0]["movers"], -2)),
                [
                    (capital(group_name(row["package"], lang)), ", ".join(named_skills(row["skills"] or [], lang)), row)
                    for row in sorted(pairs[left, entered], key=lambda row: row["rank"])[:_PACKAGES]
                ],
            )
            for left, entered in order[: _PAIRS + 1]
        ]

    def groups(self) -> list[tuple[str, str, Row]]:
        """Who must leave and who is placed, by group: division, group, row of `out_placement_groups`."""
        return [
            (capital(self._label("kinds", row["kind"])), self._label("groups", row["group"]), row)
            for row in self._study.table("out_placement_groups").to_pylist()
        ]

    def people(self) -> list[Sentence]:
        """Who is to retrain by age, education and contract, where the study brings a table, and what is not known."""
        t, table = self.t, self._study.table("out_training_population")
        context = Sentence(t("training.people.context"), "context")
        given = {row["kind"] for row in self._study.table("out_placement_groups", ["kind"]).to_pylist()}
        given |= {name for name in GROUPS if any(table[name].to_pylist())}
        said = []
        if table.num_rows:
            n = t.number(round(sum(table["persons"].to_pylist())))
            said.append(Sentence(t("training.people.own", n=n), "own"))
            if (aged := older(table)) is not None:
                said.append(Sentence(t("training.people.older", n=t.number(round(aged))), "older"))
        if missing := [t(f"training.people.kinds.{name}") for name in GROUPS if name not in given]:
            said.append(Sentence(t("training.people.unknown", missing=t.names(missing)), "unknown"))
        return [*said, context]

    def population(self) -> tuple[list[str], list[Row]]:
        """The columns that the study's table of who is to retrain has, and its rows."""
        table = self._study.table("out_training_population")
        return [name for name in GROUPS if any(table[name].to_pylist())], table.to_pylist()

    def between(self, row: Row, name: str, decimals: int = 0) -> str:
        """A figure of a row with its low and high."""
        low, middle, high = (self.t.number(row[f"{name}{end}"], decimals) for end in _ENDS)
        return f"{middle} ({low}–{high})"

    def euro(self, value: float) -> str:
        """Euro, rounded to hundreds."""
        return self.t("training.euro", n=self.t.number(round(value, -2)))

    def ranged(self, row: Row, name: str) -> str:
        """Euro of a row in millions or billions, with low and high in the same unit; unknown where they are."""
        low, middle, high = (row[f"{name}{end}"] for end in _ENDS)
        if middle is None:
            return self.t("unit.unknown")
        unit, size = ("billion", 1e9) if middle >= 1e9 else ("million", 1e6)
        shown = [self.t.number(value / size, 1 if middle < 10 * size else 0) for value in (low, middle, high)]
        return f"{self.t(f'training.{unit}', n=shown[1])} ({shown[0]}–{shown[2]})"

    def _section(self, letter: str) -> str:
        key = f"advice.section.{letter}"
        return self.t(key) if self.t.has(key) else self.t("unit.unknown")

    def _label(self, section: str, name: str) -> str:
        key = f"training.people.{section}.{name}"
        return self.t(key) if self.t.has(key) else name
