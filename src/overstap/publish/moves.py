"""Moves between occupations in words and charts: who finds a place, why others do not, and what hangs on the choices.

The report and the dashboard take the same sentences and rows from here. Each sentence has a state, so that it can be
tested when it must not appear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from overstap.moves.crosswalk import unit_shares
from overstap.moves.facts import checked_licences, left_out
from overstap.moves.feasible import PAY_KEPT, RULES
from overstap.outlook.classes import is_tight
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.vega import Row, Spec, bars
from overstap.publish.words import Sentence
from overstap.reference.sources import all_sources
from overstap.reference.tables import load

MOST_ROWS, MOST_UNITS = 15, 6
STUDY_PLACED = {"same": 80, "any": 91}
"""Shares placed that the study of 2019 published: almost 80 % with the same or higher pay, 91 % with any."""


@dataclass(frozen=True)
class Placed:
    """An occupation that people leave: its name, its row of `out_placement_occupations`, and why others stay behind."""

    name: str
    row: Row
    reason: str


class MovesChapter:
    """What a study says of moves, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t, self.settings = study, t, study.spec.moves

    @cached_property
    def occupations(self) -> dict[str, Row]:
        """Rows of `core_occupations` by code."""
        return {row["code"]: row for row in self._study.table("core_occupations").to_pylist()}

    def name(self, code: str) -> str:
        """The name of an occupation in the reader's language."""
        row = self.occupations[code]
        return str(row[f"name_{self.t.language}"] or row["name_en"] or row["name_nl"])

    @cached_property
    def headlines(self) -> list[Row]:
        """Rows of `out_placement`, those who count by default first."""
        rows: list[Row] = self._study.table("out_placement").to_pylist()
        return sorted(rows, key=lambda row: (row["who"] != self.settings.who, _ORDER[row["who"]], _ORDER[row["pay"]]))

    def years(self) -> str:
        """The years of the outlook."""
        return f"{self.settings.first_year}–{self.settings.last_year}"

    def said(self) -> list[Sentence]:
        """The headline: of whom, how many find a place with the pay that must be kept, and with any pay."""
        rows = {row["pay"]: row for row in self.headlines if row["who"] == self.settings.who}
        kept, free = rows.get("same"), rows.get("any")
        if kept is None or free is None or not kept["leavers"]:
            return [Sentence(self.t(f"moves.nobody.{self.settings.who}", years=self.years()), "nobody")]
        leavers = self.t.number(round(kept["leavers"], -3))
        fields = {
            "low": self.t.percent(kept["placed_pct"], 0),
            "high": self.t.percent(kept["placed_high_pct"], 0),
            "any": self.t.percent(free["placed_pct"], 0),
        }
        bounded = "bounded" if fields["low"] != fields["high"] else "known"
        study = {pay: self.t.number(pct) for pay, pct in STUDY_PLACED.items()}
        return [
            Sentence(self.t(f"moves.open.{self.settings.who}", years=self.years(), leavers=leavers), "open"),
            *self._nobody_displaced(),
            Sentence(self.t(f"moves.headline.{bounded}", **fields), bounded),
            Sentence(self.t("moves.study", **study), "study"),
        ]

    def _nobody_displaced(self) -> list[Sentence]:
        """That more people leave than jobs vanish, where the outlook says so: said before anyone is moved."""
        counted = {row["who"]: row["leavers"] for row in self.headlines}
        if self.settings.who == "displaced" or counted.get("displaced", 1):
            return []
        return [Sentence(self.t("moves.nobody.displaced", years=self.years()), "displaced_nobody")]

    def definitions(self) -> list[Sentence]:
        """What the other ways of counting who must leave come to."""
        said = []
        for who in _WHO:
            rows = {row["pay"]: row for row in self.headlines if row["who"] == who}
            if who == self.settings.who or not rows:
                continue
            if not rows["same"]["leavers"]:
                if who == "displaced":
                    continue  # said at the head
                said.append(Sentence(self.t(f"moves.nobody.{who}", years=self.years()), f"{who}_nobody"))
                continue
            fields = {"low": self._placed(rows["same"]), "any": self.t.percent(rows["any"]["placed_pct"], 0)}
            leavers = self.t.number(round(rows["same"]["leavers"], -3))
            said.append(Sentence(self.t(f"moves.other.{who}", leavers=leavers, **fields), who))
        return said

    def _placed(self, row: Row) -> str:
        """The share placed, with its bound where work of unknown pay could place more."""
        low, high = (self.t.percent(row[name], 0) for name in ("placed_pct", "placed_high_pct"))
        return low if low == high else self.t("moves.at_most", low=low, high=high)

    def _leavers(self, rows: Sequence[Row]) -> str:
        """How many people the shares are of, from the fewest to the most, in thousands."""
        n = sorted({round(row["leavers"], -3) for row in rows})
        return DASH.join(self.t.number(one) for one in dict.fromkeys((n[0], n[-1]))) if n else self.t.number(0)

    def placed_chart(self) -> Chart:
        """The share placed by who is counted and which pay must be kept, up to the bound for unknown pay."""
        t = self.t
        known = [row for row in self.headlines if row["leavers"]]
        names = [f"{capital(t('moves.who.' + row['who']))}, {t('moves.short.' + row['pay'])}" for row in known]
        drawn = [
            row
            | {
                "share_pct": row["placed_pct"],
                "share_low": row["placed_pct"],
                "share_high": row["placed_high_pct"],
                "vacancies_n": row["leavers"],
                "period": str(row["last_year"]),
            }
            for row in known
        ]
        sentence = t("moves.chart.placed.finding", years=self.years())
        columns = ("who", "pay", "leavers", "placed", "placed_pct", "placed_high", "placed_high_pct")
        return Chart(
            "moves-placed",
            t("moves.chart.placed.title"),
            t("moves.chart.placed.about"),
            sentence,
            t("moves.chart.caption", years=self.years(), n=self._leavers(known)),
            _with_bounds(t, bars(t, drawn, names, sentence, axis=t("moves.chart.axis")), drawn),
            "out_placement",
            columns,
            tuple(drawn),
        )

    def reasons(self) -> Sentence:
        """Why people are not placed, by number of people."""
        counts: dict[str, float] = {}
        for row in self._study.table("out_placement_occupations").to_pylist():
            if row["reason"]:
                left = row["leavers"] - row["placed"]
                counts[row["reason"]] = counts.get(row["reason"], 0.0) + left
        if not counts:
            return Sentence(self.t("moves.reasons.none"), "none")
        total = sum(counts.values())
        parts = [
            self.t("moves.reasons.part", why=self.t(f"moves.reason.{why}"), share=self.t.percent(100 * n / total, 0))
            for why, n in sorted(counts.items(), key=lambda pair: -pair[1])
        ]
        text = self.t("moves.reasons.some", n=self.t.number(round(total, -3)), parts=self.t.names(parts))
        return Sentence(text, "some")

    def leaving(self) -> list[Placed]:
        """The occupations that most people leave, and how many of them find a place."""
        rows = self._study.table("out_placement_occupations").to_pylist()
        most = sorted(rows, key=lambda row: (-row["leavers"], row["code"]))[:MOST_ROWS]
        return [
            Placed(self.name(row["code"]), row, self.t(f"moves.reason.{row['reason']}") if row["reason"] else "")
            for row in most
        ]

    def flows(self) -> list[tuple[str, str, Row]]:
        """The moves of most people in the answer shown: from, to, and the row with what is missing and the months."""
        need = {(row["from_code"], row["to_code"]): row for row in self._study.table("out_moves").to_pylist()}
        rows = self._study.table("out_placement_flows").to_pylist()[:MOST_ROWS]
        return [
            (self.name(row["from_code"]), self.name(row["to_code"]), need[row["from_code"], row["to_code"]] | row)
            for row in rows
        ]

    def tension(self, code: str) -> str:
        """UWV's tension of an occupation, or that it is not known: nothing published does not mean slack."""
        value = self.occupations[code]["tension"]
        return self.t("moves.leaving.no_tension") if value is None else self.t.number(value, 1)

    def bounds(self) -> list[tuple[str, Row]]:
        """What easing one bound would bring, most first."""
        rows = self._study.table("out_placement_bounds").to_pylist()
        ordered = sorted(rows, key=lambda row: -row["more"])
        return [(self.t(f"moves.bound.{row['bound']}"), row) for row in ordered]

    def sensitivity(self) -> Sentence:
        """Between which shares the headline lies when thresholds, measure, level and years are chosen otherwise."""
        rows = [
            row
            for row in self._study.table("out_placement_surface").to_pylist()
            if (row["who"], row["pay"]) == (self.settings.who, self.settings.pay) and row["placed_pct"] is not None
        ]
        if not rows:
            return Sentence(self.t("moves.sensitivity.none"), "none")
        low, high = (pick(rows, key=lambda row: row["placed_pct"]) for pick in (min, max))
        fields: dict[str, str] = {"n": self.t.number(len(rows)), "pay": self.t(f"moves.pay.{self.settings.pay}")}
        for end, row in (("low", low), ("high", high)):
            fields[end] = self.t.percent(row["placed_pct"], 0)
            fields[f"{end}_at"] = self.t(
                "moves.sensitivity.at",
                similar=self.t.number(row["similar"], 2),
                measure=self.t(f"moves.measure.{row['measure'].replace(' ', '_')}"),
                levels=self.t.number(row["levels"]),
                year=str(row["last_year"]),
            )
        return Sentence(self.t("moves.sensitivity.some", **fields), "some")

    def options(self) -> Sentence:
        """How many moves an occupation has on average, and which part has none."""
        rows = self._study.table("out_moves", ["from_code", "is_feasible", "is_desirable"]).to_pylist()
        n = len(self.occupations.keys() - left_out(self.settings.level))
        fields = {"n": self.t.number(n), "level": self.t(f"moves.level.{self.settings.level}")}
        for name in ("feasible", "desirable"):
            of = [row["from_code"] for row in rows if row[f"is_{name}"]]
            fields[f"{name}_mean"] = self.t.number(len(of) / n, 1)
            fields[f"{name}_none"] = self.t.percent(100 * (1 - len(set(of)) / n), 0)
        return Sentence(self.t("moves.options", **fields), "some")

    def moves_from(self, code: str) -> list[tuple[str, Row, list[str]]]:
        """Moves from an occupation, the desirable first, then the most alike: name, row, and the rules that say no."""
        rows = [row for row in self._study.table("out_moves").to_pylist() if row["from_code"] == code]
        ordered = sorted(rows, key=lambda r: (-r["is_desirable"], -r["is_feasible"], -r["similarity"], r["to_code"]))
        return [(self.name(row["to_code"]), row, self._against(row)) for row in ordered]

    def _against(self, row: Row) -> list[str]:
        found = []
        for rule in RULES[1:]:  # all that are listed are similar
            passes = row[f"passes_{rule}"]
            if not passes:
                found.append(self.t(f"moves.{'unknown' if passes is None else 'against'}.{rule}"))
        return found

    def pay_of(self, code: str) -> str:
        """Pay an hour in words, with its quartiles."""
        t, row = self.t, self.occupations[code]
        quartiles = [row[f"pay_{q}"] for q in ("p25", "p50", "p75")]
        if quartiles[1] is None:
            return t("unit.unknown")
        low, middle, high = (t.number(q, 2) if q is not None else t("unit.unknown") for q in quartiles)
        return t("moves.facts.pay_value", low=low, middle=middle, high=high)

    def facts_of(self, code: str) -> Sequence[tuple[str, str, str]]:
        """What is known of an occupation: label, value, and how it is known."""
        t, row = self.t, self.occupations[code]
        growth = None if row["growth"] is None else t.signed(100 * row["growth"]) + "\u00a0%"
        share = {name: None if row[name] is None else 100 * row[name] for name in ("women", "education_high")}
        values: dict[str, tuple[str, str]] = {
            "jobs": (t.number(row["jobs"]), "jobs"),
            "women": (t.percent(share["women"], 0), "women"),
            "education": (t.percent(share["education_high"], 0), "education"),
            "pay": (self.pay_of(code), "pay"),
            "growth": (growth or t("unit.unknown"), "growth"),
            "openings": (t.number(row["openings"]), "openings"),
        }
        return [
            (t(f"moves.facts.{name}", years=self.years()), value, self._basis(row, group))
            for name, (value, group) in values.items()
        ]

    def units_of(self, code: str) -> str:
        """The unit groups that a BRC group is split over, with their weights; empty where it is not split."""
        units = unit_shares().get(code, ()) if self.settings.level == "brc" else ()
        if len(units) < 2:
            return ""
        shown = [f"{self._units[unit]} ({self.t.percent(100 * weight, 0)})" for unit, weight in units[:MOST_UNITS]]
        return "; ".join(shown) + ("; …" if len(units) > MOST_UNITS else "")

    @cached_property
    def _units(self) -> dict[str, str]:
        title = f"title_{self.t.language}"
        return {row["code"]: row[title] or row["title_en"] for row in load("isco08").to_pylist()}

    def caveat(self) -> str:
        """What the figures do not tell, and how much of the list of licences was checked."""
        checked, n = checked_licences()
        return self.t("moves.caveat", n=n, checked=checked, assumed=n - checked)

    def remarks(self, code: str) -> list[str]:
        """What a reader must know beside the figures: tightness, the study's list, licences."""
        t, row = self.t, self.occupations[code]
        said = []
        if row["growth"] is not None and row["growth"] < 0 and is_tight(row["tension"]):
            said.append(t("moves.remark.tight", tension=t.number(row["tension"], 1)))
        if row["named_shrinking"]:
            said.append(t("moves.remark.named"))
        for column in ("licences", "licences_part"):
            if row[column]:
                names = [self._licences[licence] for licence in row[column]]
                said.append(t(f"moves.remark.{column}", names=t.names(names)))
        return said

    @cached_property
    def _licences(self) -> dict[str, str]:
        return {r["licence_id"]: r[f"name_{self.t.language}"] for r in load("licences").to_pylist()}

    def _basis(self, row: Row, group: str) -> str:
        source = row[f"{group}_source"]
        where = all_sources()[source].title if source in all_sources() else source or ""
        return self.t(f"moves.basis.{row[f'{group}_basis']}") + (f" ({where})" if where else "")


_WHO = ("employed", "net_decline", "displaced")
_ORDER: dict[str, int] = {name: i for i, name in enumerate((*_WHO, *PAY_KEPT))}


def _with_bounds(t: Translator, spec: Spec, rows: Sequence[Row]) -> Spec:
    """Bars whose number is a range where the share is not known any closer."""
    for value, row in zip(spec["data"]["values"], rows, strict=True):
        if row["share_high"] is not None and t.percent(row["share_high"]) != value["share_text"]:
            value["share_text"] = t.percent_interval(row["share_pct"], row["share_high"])
    return spec
