"""Scenarios in words, charts and tables: side by side with the base, by lever, by topsector.

The report and the dashboard take the same from here. What a scenario changes in something unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from overstap.outlook.futures import OUTCOMES
from overstap.outlook.levers import levers
from overstap.outlook.live import OWN
from overstap.outlook.scenario import BASE, Scenario, read_scenario
from overstap.pipeline import Study
from overstap.publish.ahead import ahead_chart, effect, surely, years_of
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.rounding import borne, rounded, step_of
from overstap.publish.vega import Row
from overstap.publish.vega_more import effects
from overstap.publish.words import Sentence
from overstap.schema.out import ALL

_ENDS = ("value", "low", "high")
_BY_TOPSECTOR = ("employed", "openings")
_TURNED = ("openings", "shortage", "placed")  # the first of those that as many levers change
_THOUSANDS = 1e-3
_BASIS = {"assumption": "ahead.assumption", "study of 2019": "ahead.study_of_2019"}  # parts of a source, in words


@dataclass(frozen=True)
class Side:
    """A row of the table of totals: what is counted, its base, and (value, change) under each scenario, in words."""

    label: str
    base: str
    under: tuple[tuple[str, str], ...]


class ScenarioChapter:
    """What a study says of its scenarios, in the language of `t`; tables are read when asked for.

    `own`: rows of levers that a reader turned (`outlook.live`), to stand beside the base in place of the scenarios.
    """

    def __init__(self, study: Study, t: Translator, own: Sequence[Row] = ()) -> None:
        self._study, self.t, self.settings, self._own = study, t, study.spec.outlook, own

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], Row]:
        """Rows of `out_scenarios` by scenario, topsector and outcome."""
        rows: list[Row] = self._study.table("out_scenarios").to_pylist()
        if self._own:
            rows = [row for row in rows if row["scenario"] == BASE] + list(self._own)
        return {(row["scenario"], row["topsector"], row["outcome"]): row for row in rows}

    @cached_property
    def _levers(self) -> list[Row]:
        rows: list[Row] = self._study.table("out_scenario_levers").to_pylist()
        return rows

    @cached_property
    def named(self) -> list[str]:
        """The scenarios beside the base, in the order of the study."""
        return [name for name, topsector, o in self._rows if name != BASE and (topsector, o) == (ALL, OUTCOMES[0])]

    @cached_property
    def read(self) -> list[Scenario]:
        """The scenarios as their files have them."""
        return [read_scenario(given, self._study.base) for given in self.settings.scenarios]

    @property
    def least(self) -> int:
        """Vacancies that an occupation needs for its part in topsectors to be known."""
        return self._study.spec.measures.min_n

    def title(self, scenario: str) -> str:
        """The title of a scenario in the reader's language."""
        named = {BASE: "scenarios.base", OWN: "scenarios.live.own"}.get(scenario)
        return self.t(named) if named else self.t.value("scenario", scenario)

    def titles(self) -> list[str]:
        """The titles of the base and the scenarios beside it, in the order of `Side`."""
        return [self.title(name) for name in (BASE, *self.named)]

    def turned_said(self) -> Sentence:
        """What the reader's levers do to jobs and openings: more, fewer, unclear, or nothing at all."""
        rows = {outcome: self._rows[OWN, ALL, outcome] for outcome in ("employed", "openings")}
        moved, fields = rows["employed"], {"years": years_of(self.settings)}
        fields |= {outcome: self._text(row, "change", signed=True) for outcome, row in rows.items()}
        if moved["change"] is None:
            state = "unknown"
        elif not any(row["change"] for row in rows.values()):
            state = "nothing"
        else:
            state = ("more" if moved["change"] > 0 else "fewer") if surely(moved, "change") else "unclear"
        fields["confidence"] = self.t.percent(100 * self.settings.confidence, 0)
        return Sentence(self.t(f"scenarios.live.said.{state}", **fields), state)

    def window(self) -> Sentence | None:
        """For the page of moves: that people are placed over other years in scenarios; None where they are the same."""
        moves, years = self._study.spec.moves, years_of(self.settings)
        window = f"{moves.first_year}{DASH}{moves.last_year}"
        if window == years:
            return None
        return Sentence(self.t("scenarios.on_moves", years=years, moves=window), "on_moves")

    def said(self) -> list[Sentence]:
        """What the page rests on: the base, over which years people are placed, and what is not known."""
        t, moves = self.t, self._study.spec.moves
        years = years_of(self.settings)
        said = [Sentence(t("scenarios.same", years=years), "same")]
        window = f"{moves.first_year}{DASH}{moves.last_year}"
        state = "same_years" if window == years else "other_years"
        said.append(Sentence(t(f"scenarios.{state}", years=years, moves=window), state))
        places = self._rows.get((BASE, ALL, "openings"))
        if places is not None and None not in (places["path"], places["value"]):
            fields = {name: t.number(round(places[name], -4)) for name in ("path", "value")}
            said.append(Sentence(t("scenarios.path", **fields), "path"))
        short = self._rows.get((BASE, ALL, "shortage"))
        if short is None or short["value"] is None:
            return [*said, Sentence(t("scenarios.no_inflow"), "no_inflow")]
        return [*said, Sentence(t("scenarios.inflow", part=t.percent(short["known_pct"], 0)), "inflow")]

    def sides(self) -> list[Side]:
        """The totals of the country side by side: persons in thousands, a share in per cent."""
        found = []
        for outcome in OUTCOMES:
            base = self._rows.get((BASE, ALL, outcome))
            if base is None:
                continue
            under = tuple(
                (self._text(row, "value"), self._text(row, "change", signed=True))
                for row in (self._rows[name, ALL, outcome] for name in self.named)
            )
            unit = "%" if outcome.endswith("_pct") else self.t("scenarios.thousands")
            label = f"{capital(self.t(f'ahead.outcome.{outcome}'))} ({unit})"
            found.append(Side(label, self._text(base, "value"), under))
        return found

    def by_topsector(self) -> list[tuple[str, str, list[Side]]]:
        """Of each topsector its name, the part of jobs of which it is known, and its totals side by side; nothing where
        the study has too few vacancies to tell of any occupation."""
        told = (row["topsector"] for row in self._rows.values() if row["topsector"] != ALL and row["value"] is not None)
        names = list(dict.fromkeys(told))
        found = []
        for name in names:
            sides = [
                Side(
                    capital(self.t(f"ahead.outcome.{outcome}")),
                    self._text(self._rows[BASE, name, outcome], "value"),
                    tuple((self._text(r, "value"), self._text(r, "change", signed=True)) for r in under),
                )
                for outcome in _BY_TOPSECTOR
                for under in ([self._rows[scenario, name, outcome] for scenario in self.named],)
            ]
            known = self._rows[BASE, name, OUTCOMES[0]]["known_pct"]
            found.append((capital(self.t.value("topsector", name)), self.t.percent(known, 0), sides))
        return found

    def _text(self, row: Row, stem: str, *, signed: bool = False) -> str:
        """A value with its interval, rounded as the interval bears; persons in thousands."""
        t, size = self.t, 1.0 if row["outcome"].endswith("_pct") else _THOUSANDS
        if None in (row[stem], row[f"{stem}_low"], row[f"{stem}_high"]):
            return t("unit.unknown")
        # What a lever fixes differs in the last bits from draw to draw; that is no interval.
        ends: list[float] = [round(size * row[key], 6) for key in (stem, f"{stem}_low", f"{stem}_high")]
        step = step_of(*ends)
        decimals = next((n for n in range(4) if step >= 10.0**-n), 3)

        def word(value: float) -> str:
            one = round(value / step) * step
            return t.signed(one, decimals if one else 0) if signed else t.number(one, decimals if one else 0)

        middle, low, high = map(word, ends)
        if low == high:
            return middle
        between = t("findings.between", low=low, high=high) if signed or ends[1] < 0 else f"{low}{DASH}{high}"
        return f"{middle} ({between})"

    def chart(self, outcome: str = "openings") -> Chart:
        """What each scenario changes in an outcome; without scenarios, what each lever does at its ends."""
        t = self.t
        rows = [self._rows[name, ALL, outcome] for name in self.named if (name, ALL, outcome) in self._rows]
        if not rows:
            return self.lever_chart(outcome=outcome)
        values = [effect(t, self.title(row["scenario"]), row, "change", "change") for row in rows]
        sure = [self.title(row["scenario"]) for row in rows if surely(row, "change")]
        words = {"names": t.names(sure), "sure": t.number(len(sure)), "of": t.number(len(rows))}
        words |= {"years": years_of(self.settings), "what": t(f"ahead.outcome.{outcome}")}
        finding = t(f"ahead.chart.scenarios.{'some' if words['names'] else 'none'}", **words)
        columns = ("scenario", "outcome", "value", "value_low", "value_high", "change", "change_low", "change_high")
        spec = effects(t, values, t("ahead.chart.scenarios.axis", **words), finding, float("inf"))
        shown = [borne(row, "value", "change") for row in rows]
        id = "ahead-scenarios" if outcome == "openings" else f"ahead-scenarios-{outcome}"
        return ahead_chart(t, self.settings, id, "scenarios", finding, spec, "out_scenarios", columns, shown, words)

    def lever_chart(self, scenario: str = BASE, outcome: str = "openings") -> Chart:
        """What each lever of a scenario does by itself between its bounds, the widest reach first; of the base over all
        of its range. Its value or that of the base lies at nought."""
        t = self.t
        base = self._rows.get((scenario, ALL, outcome), {}).get("path")
        rows = [
            row
            for row in self._levers
            if (row["scenario"], row["outcome"]) == (scenario, outcome)
            and base is not None
            and None not in (row["value_low"], row["value_high"])
            and row["value_low"] != row["value_high"]
        ]
        rows.sort(key=lambda row: -abs(row["value_high"] - row["value_low"]))
        values = []
        for row in rows:
            ends = sorted((row["value_low"] - base, row["value_high"] - base))
            one = {"change": max(ends, key=abs), "change_low": ends[0], "change_high": ends[1]}
            values.append(effect(t, t(f"ahead.lever.{row['lever']}"), one, "change", "change"))
        words = {"first": t(f"ahead.lever.{rows[0]['lever']}") if rows else "", "years": years_of(self.settings)}
        words |= {"what": t(f"ahead.outcome.{outcome}"), "scenario": self.title(scenario)}
        finding = t(f"ahead.chart.levers.{'some' if rows else 'none'}", **words)
        columns = ("lever", "unit", "lever_low", "lever_high", "value_low", "value_high")
        spec = effects(t, values, t("ahead.chart.scenarios.axis", **words), finding, float("inf"))
        id, key = (
            ("ahead-levers", "levers") if scenario == BASE else (f"ahead-levers-{_dashed(scenario)}", "own_levers")
        )
        shown = [{**row, **{end: rounded(row[end], 100.0) for end in ("value_low", "value_high")}} for row in rows]
        return ahead_chart(t, self.settings, id, key, finding, spec, "out_scenario_levers", columns, shown, words)

    def tornadoes(self) -> list[Chart]:
        """Of each scenario what its levers do to the outcome that most of them change; then every lever over all of its
        range. No chart of a scenario whose levers have no range, or change nothing that is known."""
        made = []
        for name in self.named:
            charts = [self.lever_chart(name, outcome) for outcome in _TURNED]
            made.append(max(charts, key=lambda chart: len(chart.rows)))
        return [*(chart for chart in made if chart.rows), self.lever_chart()]

    def listed(self) -> list[tuple[str, str, list[str]]]:
        """Each scenario: its title, its note, and the levers that it turns in words, with where each value is from."""
        t = self.t
        said = []
        for scenario in self.read:
            lines = []
            for name, turned in scenario.levers.items():
                low, high = turned.bounds
                unit = levers()[name].unit.replace(" ", "_")
                size = 100 if unit == "share" else 1
                decimals = 0 if size * abs(turned.value) >= 5 else 1
                fields = {
                    e: t.number(size * v, decimals) for e, v in zip(_ENDS, (turned.value, low, high), strict=True)
                }
                key = "range" if low < high else "fixed"
                lever, unit = t(f"ahead.lever.{name}"), t(f"ahead.unit.{unit}")
                told = [part.strip() for part in turned.source.split(";")]  # "Statistics Netherlands 2020; assumption"
                basis = "; ".join(t(_BASIS[p.casefold()]) if p.casefold() in _BASIS else p for p in told)
                lines.append(t(f"ahead.turned.{key}", lever=lever, unit=unit, source=basis, **fields))
            said.append((self.title(scenario.name), _in(scenario.note, t.language), lines))
        return said


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _dashed(name: str) -> str:
    return name.replace("_", "-")
