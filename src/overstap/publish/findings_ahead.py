"""Findings beside the ads: shortage and growth ahead, places for who must move, education, experts beside the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from overstap.moves.facts import REST_GROUPS
from overstap.pipeline import Study
from overstap.publish.ahead import AheadChapter
from overstap.publish.education import AFTER, EducationChapter
from overstap.publish.findings import HALF_PCT, Estimate, Finding, Standing, side_of, unknown
from overstap.publish.labels import NBSP, Translator
from overstap.publish.panel import PanelChapter
from overstap.publish.rounding import rounded, step_of
from overstap.publish.vega import Row
from overstap.schema.out import ALL

_HALVES = {"above": "most", "below": "few", "unclear": "open", "flat": "open"}
_STANDING: dict[str, Standing] = {"open": "open", "unclear": "open", "close": "open", "none": "open"}


class AheadFindings:
    """Candidates beside the ads, of the whole country; of a topsector those on education alone."""

    def __init__(self, study: Study, t: Translator, topsector: str = ALL) -> None:
        self._study, self.t, self.topsector = study, t, topsector
        self._ahead, self._panel = AheadChapter(study, t), PanelChapter(study, t)

    def candidates(self) -> list[Finding]:
        """Every candidate of the themes outlook, moves, education and experts."""
        if self.topsector != ALL:
            return [self.dropout()]
        return [
            self.shortage(), self.growth(), self.placement(), self.dropout(), self.curriculum(),
            self.fit(), self.gap(),
        ]  # fmt: skip

    def _rows(self, table: str) -> list[Row]:
        rows: list[Row] = self._study.table(table).to_pylist()
        return rows

    def caption(self, n: str, source: str, period: str) -> str:
        """A caption of figures of the study itself, which are simulated where its ads are."""
        t = self.t
        text = t("findings.caption", n=n, source=source, period=period)
        return f"{t('findings.simulated')} {text}" if self._study.spec.simulated else text

    @property
    def education_source(self) -> str:
        """What the source of students, graduates and cohorts is called."""
        return EducationChapter(self._study, self.t).source()

    @property
    def _panel_period(self) -> str:
        year = self._study.spec.panel.year
        return self.t("findings.panel_period", year=year) if year else self.t("findings.panel_now")

    @property
    def _groups(self) -> list[Row]:
        rows = [r for r in self._ahead.whole if r["level"] == "brc" and r["code"] not in REST_GROUPS]
        return rows or [r for r in self._ahead.whole if r["level"] == "isco1"]

    def _outlook(self, id: str, state: str, estimate: Estimate, texts: tuple[str, str, str, str], n: int) -> Finding:
        text, number, unit, interval = texts
        t = self.t
        caption = t("findings.caption", n=t.count("findings.groups", n), source=t("ahead.chart.sources"),
                    period=self._ahead.years())  # fmt: skip
        return Finding(id, "outlook", state, _STANDING.get(state, "firm"), text, number, unit, interval, caption,
                       "outlook", anchor="h-ahead", chapter="ahead", estimate=estimate)  # fmt: skip

    def shortage(self) -> Finding:
        """The occupation group with the largest sure shortage, where the inflow of any is known."""
        t = self.t
        known = [row for row in self._groups if row["balance"] is not None and row["balance_high"] is not None]
        if not known:
            return unknown(t, "shortage", "outlook", "ahead", "outlook", years=self._ahead.years())
        short = sorted((row for row in known if row["balance_high"] < 0), key=lambda row: row["balance"])
        fields = {"n": t.number(len(known)), "short": t.number(len(short)), "years": self._ahead.years()}
        if not short:
            texts = (
                t("findings.shortage.none", **fields),
                t.number(0),
                t("findings.unit.of_groups", n=fields["n"]),
                "",
            )
            return self._outlook("shortage", "none", Estimate(None, None, None), texts, len(known))
        row = short[0]
        step = step_of(row["balance"], row["balance_low"], row["balance_high"])
        ends = [t.number(rounded(-row[name], step)) for name in ("balance_high", "balance_low")]
        name, interval = self._ahead.name(row["level"], row["code"]), t("findings.between", low=ends[0], high=ends[1])
        number = t.number(rounded(-row["balance"], step))
        text = t("findings.shortage.short", name=name, number=number, interval=interval, **fields)
        estimate = Estimate(row["balance"], row["balance_low"], row["balance_high"])
        return self._outlook(
            "shortage", "short", estimate, (text, number, t("findings.unit.short"), interval), len(known)
        )

    def growth(self) -> Finding:
        """In how many groups growth or decline is beyond doubt, and the strongest: rising, falling, both or unclear."""
        t, years = self.t, self._ahead.years()
        known = [row for row in self._groups if None not in (row["growth_low"], row["growth_high"])]
        if not known:
            return unknown(t, "growth", "outlook", "ahead", "outlook", years=years)
        up = sorted((r for r in known if r["growth_low"] > 0), key=lambda r: -r["growth_low"])
        down = sorted((r for r in known if r["growth_high"] < 0), key=lambda r: r["growth_high"])
        fields = {"n": t.number(len(known)), "up": t.number(len(up)), "down": t.number(len(down)), "years": years}
        state = "both" if up and down else "rising" if up else "falling" if down else "unclear"
        if state == "unclear":
            texts = (
                t("findings.growth.unclear", **fields),
                t.number(0),
                t("findings.unit.of_groups", n=fields["n"]),
                "",
            )
            return self._outlook("growth", state, Estimate(None, None, None), texts, len(known))
        row = (up or down)[0]
        step = max(step_of(row["growth_pct"], row["growth_low"], row["growth_high"]), 1.0)
        value, low, high = (t.signed(rounded(row[f"growth_{end}"], step), 0) for end in ("pct", "low", "high"))
        interval = t("findings.between", low=low, high=high)
        name = self._ahead.name(row["level"], row["code"])
        text = t(f"findings.growth.{state}", name=name, value=value, interval=interval, **fields)
        estimate = Estimate(row["growth_pct"], row["growth_low"], row["growth_high"])
        return self._outlook("growth", state, estimate,
                             (text, f"{value}{NBSP}%", t("findings.unit.employed"), interval), len(known))  # fmt: skip

    def placement(self) -> Finding:
        """The share of who must move that finds a place with the same or higher pay: most, few, open or nobody."""
        t, settings = self.t, self._study.spec.moves
        rows = [r for r in self._rows("out_placement") if (r["who"], r["pay"]) == (settings.who, "same")]
        years = f"{settings.first_year}–{settings.last_year}"
        if not rows or rows[0]["placed_pct"] is None:
            return unknown(t, "placement", "moves", "moves", "moves", years=years)
        row = rows[0]
        place: dict[str, Any] = {"view": "moves", "anchor": "main", "chapter": "moves"}
        if not row["leavers"]:
            text = t(f"moves.nobody.{settings.who}", years=years)
            return Finding(
                "placement", "moves", "nobody", "firm", text, t.number(0), t("findings.unit.leavers"), **place
            )
        estimate = Estimate(row["placed_pct"], row["placed_pct"], row["placed_high_pct"], HALF_PCT)
        state = _HALVES[side_of(estimate)]
        low, high = t.percent(row["placed_pct"], 0), t.percent(row["placed_high_pct"], 0)
        interval = low if low == high else t.percent_interval(row["placed_pct"], row["placed_high_pct"], 0)
        leavers = t.number(round(row["leavers"], -3)) if row["leavers"] >= 1000 else t.number(row["leavers"])
        text = t(f"findings.placement.{state}", who=t(f"findings.placement.who.{settings.who}", n=leavers, years=years),
                 interval=interval)  # fmt: skip
        caption = t(
            "findings.caption", n=t("findings.persons", n=leavers), source=t("findings.source.moves"), period=years
        )
        return Finding("placement", "moves", state, _STANDING.get(state, "firm"), text, interval,
                       t("findings.unit.placed"), t("findings.bounds"), caption,
                       estimate=estimate, null_text=t("findings.null.half"), **place)  # fmt: skip

    def dropout(self) -> Finding:
        """Drop-out after five years in ICT programmes beside all of the study's; of a topsector beside all sectors."""
        t, fields = self.t, {"after": self.t.number(AFTER)}
        rows = [
            r for r in self._rows("out_education_success")
            if (r["split"], r["state"], r["after"]) == ("all", "dropout", AFTER) and r["chance_pct"] is not None
        ]  # fmt: skip
        whole = next((r for r in rows if (r["sector"], r["isced_f"]) == (ALL, ALL)), None)
        if self.topsector == ALL:
            ours = [r for r in rows if r["sector"] == ALL and r["isced_f"].startswith("06")]
            name = ""
        else:
            ours = [r for r in rows if (r["sector"], r["isced_f"]) == (self.topsector, ALL)]
            name = t("findings.dropout.sector", name=t.value("topsector", self.topsector))
        row = max(
            ours, key=lambda r: (r["students"] or 0.0, r["isced_f"]), default=whole if self.topsector == ALL else None
        )
        if row is None or whole is None:
            return unknown(t, "dropout", "education", "education", "education", **fields)
        name = name or t("findings.dropout.field", name=t.value("isced_f", row["isced_f"]).split(" ", 1)[-1])
        spec = (row["chance_pct"], row["chance_low"], row["chance_high"])
        if row is whole:
            state, name = "alone", t("findings.dropout.all")
        else:
            apart = [None not in (row[f"chance_{end}"], whole[f"chance_{end}"]) for end in ("low", "high")]
            higher = all(apart) and row["chance_low"] > whole["chance_high"]
            lower = all(apart) and row["chance_high"] < whole["chance_low"]
            state = "higher" if higher else "lower" if lower else "close"
        interval = t.percent_interval(spec[1], spec[2], 0)
        text = t(f"findings.dropout.{state}", name=name, value=t.percent(spec[0], 0), interval=interval,
                 all=t.percent(whole["chance_pct"], 0), **fields)  # fmt: skip
        caption = self.caption(
            t("findings.students", n=t.number(row["students"])), self.education_source, t("findings.cohorts")
        )
        null = 0.0 if row is whole else whole["chance_pct"]
        choices = () if self.topsector == ALL else (("topsector", self.topsector),)
        return Finding("dropout", "education", state, _STANDING.get(state, "firm"), text, t.percent(spec[0], 0),
                       t("findings.unit.dropout", after=AFTER), interval, caption, "education", choices, "main",
                       "education", estimate=Estimate(*spec, null),
                       null_text="" if row is whole else t("findings.null.all", value=t.percent(null, 0)))  # fmt: skip

    def curriculum(self, part: str = "digital") -> Finding:
        """The part of the `digital` or `soft` skills asked that a programme lacks, of the one that lacks most."""
        t = self.t
        what = t(f"findings.curriculum.part.{part}")
        rows = [
            r for r in self._rows("out_curriculum_parts")
            if (r["part"], r["verdict"]) == (part, "missing") and r["part_pct"] is not None
        ]  # fmt: skip
        if not rows:
            return unknown(t, "curriculum", "education", "education", "curriculum", what=what)
        row = max(rows, key=lambda r: (r["part_pct"], r["programme"]))
        estimate = Estimate(row["part_pct"], row["part_low"], row["part_high"], HALF_PCT)
        state = _HALVES.get(side_of(estimate), "open")
        interval = t.percent_interval(row["part_low"], row["part_high"], 0)
        text = t(f"findings.curriculum.{state}", what=what, programme=row["programme"],
                 value=t.percent(row["part_pct"], 0), interval=interval, n=t.number(len(rows)))  # fmt: skip
        period = f"{row['first_year']}–{row['last_year']}" if row["first_year"] else t.whole_period
        caption = self.caption(t.count("unit.vacancies", row["vacancies_n"]), t("findings.source.curriculum"), period)
        return Finding("curriculum", "education", state, _STANDING.get(state, "firm"), text,
                       t.percent(row["part_pct"], 0), t("findings.unit.missing"), interval, caption, "curriculum",
                       anchor="main", chapter="education", estimate=estimate,
                       null_text=t("findings.null.half"))  # fmt: skip

    def fit(self) -> Finding:
        """Whether what experts of an own panel rank high is what rises in the ads: agree, against, open or unknown."""
        t = self.t
        own = {(r["session"], r["list"]) for r in self._rows("out_panel_ranking") if r["basis"] == "panel"}
        rows = [
            r for r in self._rows("out_panel_fit")
            if (r["session"], r["list"]) in own and r["against"] == "growth" and r["tau_b"] is not None
        ]  # fmt: skip
        row = max(rows, key=lambda r: (r["list"] == "technologies", r["moment"] == "after", r["round"]), default=None)
        if row is None or row["tau_b_low"] is None:
            return unknown(t, "fit", "experts", "panel-data", "panel")
        estimate = Estimate(row["tau_b"], row["tau_b_low"], row["tau_b_high"])
        state = {"above": "agree", "below": "against"}.get(side_of(estimate), "open")
        interval = t("findings.between", low=t.signed(row["tau_b_low"], 2), high=t.signed(row["tau_b_high"], 2))
        text = t(
            f"findings.fit.{state}", value=t.signed(row["tau_b"], 2), interval=interval, n=t.number(row["items_n"])
        )
        caption = self.caption(
            t.count("findings.items", row["items_n"]), t("findings.source.panel"), self._panel_period
        )
        return Finding("fit", "experts", state, _STANDING.get(state, "firm"), text, t.signed(row["tau_b"], 2),
                       t("findings.unit.tau"), interval, caption, "panel", anchor="main", chapter="panel-data",
                       estimate=estimate, null_text="0")  # fmt: skip

    def gap(self, groups: Sequence[str] = ("ict", "manager", "other")) -> Finding:
        """The skill whose importance exceeds its mastery most in an own panel: short, unclear or unknown."""
        t = self.t
        rows = [
            r for r in self._rows("out_panel_gap")
            if r["basis"] == "panel" and r["function_group"] in groups and None not in (r["gap"], r["difference_low"])
        ]  # fmt: skip
        if not rows:
            return unknown(t, "gap", "experts", "panel", "panel")
        row = max(rows, key=lambda r: (r["gap"], r["item"]))
        estimate = Estimate(row["difference"], row["difference_low"], row["difference_high"])
        state = {"above": "short", "below": "surplus"}.get(side_of(estimate), "unclear")
        interval = t("findings.between", low=t.signed(row["difference_low"]), high=t.signed(row["difference_high"]))
        fields: dict[str, Any] = {"item": self._panel.name(row["item"]), "interval": interval,
                                  "group": t(f"survey.pair.{row['function_group']}"),
                                  "importance": t.number(row["importance"], 1),
                                  "mastery": t.number(row["mastery"], 1)}  # fmt: skip
        caption = self.caption(
            t.count("findings.raters", row["raters_n"]), t("findings.source.panel"), self._panel_period
        )
        return Finding("gap", "experts", state, _STANDING.get(state, "firm"), t(f"findings.gap.{state}", **fields),
                       t.signed(row["difference"]), t("findings.unit.gap"), interval, caption, "panel",
                       anchor="main", chapter="panel", estimate=estimate, null_text="0")  # fmt: skip
