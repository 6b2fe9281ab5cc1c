"""The study of 2019 made nine recommendations: what the tables of this study say to each, and where they are silent.

The recommendations are given in our own words. A table speaks to one only where it measures what that one is about;
that a thing is asked or short does not show that a measure would work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from overstap.pipeline import Study
from overstap.publish.experiments import ExperimentsChapter
from overstap.publish.findings import Estimate, Finding, Standing, side_of, unknown
from overstap.publish.findings_ahead import AheadFindings
from overstap.publish.findings_demand import DIGITAL, SOFT, DemandFindings, pp_interval
from overstap.publish.labels import Translator
from overstap.publish.moves import MovesChapter
from overstap.publish.training import TrainingChapter
from overstap.publish.vega import Row
from overstap.publish.words import Sentence
from overstap.schema.out import ALL

NUMBERS = tuple(range(1, 10))
_TRAINING = ("bill", "pays", "unknown", "nobody")
_ICT = "06"


@dataclass(frozen=True)
class Recommendation:
    """One recommendation: its number, to whom it is made, what it asks, the evidence, and what no table tells."""

    number: int
    who: str
    title: str
    text: str
    evidence: tuple[Finding, ...]
    silent: str

    @property
    def known(self) -> list[Finding]:
        """The evidence of which something is known."""
        return [one for one in self.evidence if one.standing != "unknown"]

    @property
    def missing(self) -> list[Finding]:
        """What a table could have told, and does not in this study."""
        return [one for one in self.evidence if one.standing == "unknown"]


class RecommendationsChapter:
    """The evidence of a study under each recommendation, in the language of `t`."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t
        self._ads, self._beside = DemandFindings(study, t), AheadFindings(study, t)

    @cached_property
    def all(self) -> list[Recommendation]:
        """The nine, in their order."""
        t, found = self.t, self._evidence()
        return [
            Recommendation(
                number,
                t(f"recommendations.{number}.who"),
                t(f"recommendations.{number}.title"),
                t(f"recommendations.{number}.text"),
                tuple(one for one in found.get(number, ()) if one is not None),
                t(f"recommendations.{number}.silent"),
            )
            for number in NUMBERS
        ]

    def _evidence(self) -> dict[int, list[Finding | None]]:
        """The evidence by number; how education is organised and governed (7, 8) no table of ours measures."""
        ads, beside = self._ads, self._beside
        return {
            1: [ads.change("managers", DIGITAL, "manager"), beside.gap(("manager",)), self._hybrid()],
            2: [
                ads.change("others", DIGITAL, "other"),
                ads.change("others_soft", SOFT, "other"),
                beside.gap(("other",)),
            ],
            3: [self._lag(), *self._training()],
            4: [
                ads.change("digital", DIGITAL),
                ads.change("soft", SOFT),
                beside.curriculum("digital"),
                beside.curriculum("soft"),
            ],
            5: [self._intake(), beside.dropout()],
            6: [self._register(), *self._experiments()],
            9: [beside.placement(), self._options()],
        }

    def _rows(self, table: str) -> list[Row]:
        rows: list[Row] = self._study.table(table).to_pylist()
        return rows

    def _said(self, id: str, said: Sentence, caption: str, chapter: str, view: str) -> Finding:
        standing: Standing = "unknown" if said.state in ("unknown", "none") else "firm"
        return Finding(id, "moves", said.state, standing, said.text, caption=caption, chapter=chapter, view=view)

    def _hybrid(self) -> Finding:
        """The share of vacancies for roles of two domains."""
        t = self.t
        whole = [
            r for r in self._rows("out_cross_over")
            if (r["kind"], r["item_id"], r["isco2"], r["sector"]) == ("hybrid", "any", ALL, ALL) and r["is_reliable"]
        ]  # fmt: skip
        row = max(whole, key=lambda r: (r["period"] == ALL, r["period"]), default=None)
        if row is None or row["share_pct"] is None:
            return unknown(t, "hybrid", "demand", "cross-over-part", "outlook")
        interval = t.percent_interval(row["share_low"], row["share_high"])
        text = t(
            "findings.hybrid.known",
            share=t.percent(row["share_pct"]),
            interval=interval,
            period=t.period(row["period"]),
        )
        caption = self._ads.caption(t.count("unit.vacancies", row["vacancies_n"]), t.period(row["period"]))
        return Finding("hybrid", "demand", "known", "firm", text, t.percent(row["share_pct"]), interval=interval,
                       caption=caption, view="outlook", chapter="cross-over-part",
                       estimate=Estimate(row["share_pct"], row["share_low"], row["share_high"]))  # fmt: skip

    def _lag(self) -> Finding:
        """In how many technologies smaller organisations surely lag behind large ones, and the furthest."""
        t = self.t
        rows = [
            r for r in self._rows("out_adoption")
            if (r["measure"], r["sector"]) == ("sme_lag", ALL) and r["value"] is not None and not r["is_suppressed"]
        ]  # fmt: skip
        if not rows:
            return unknown(t, "lag", "experts", "survey", "survey")
        sure = [r for r in rows if side_of(Estimate(r["value"], r["value_low"], r["value_high"])) == "above"]
        row = max(sure or rows, key=lambda r: (r["value"], r["item"]))
        interval = pp_interval(t, row["value_low"], row["value_high"])
        state = "short" if sure else "open"
        text = t(f"findings.lag.{state}", n=t.number(len(rows)), sure=t.number(len(sure)), interval=interval,
                 item=t.value("technology", row["item"]), value=t.signed(row["value"]))  # fmt: skip
        caption = self._beside.caption(
            t("findings.organisations", n=t.number(row["n"])), t("findings.source.survey"), t("findings.survey_period")
        )
        return Finding("lag", "experts", state, "firm" if sure else "open", text, t.signed(row["value"]),
                       t("findings.unit.pp"), interval, caption, "survey", chapter="survey",
                       estimate=Estimate(row["value"], row["value_low"], row["value_high"]))  # fmt: skip

    def _training(self) -> list[Finding]:
        chapter, settings, t = TrainingChapter(self._study, self.t), self._study.spec.moves, self.t
        caption = t("findings.caption", n=t("findings.persons", n=t.number(round(chapter.movers, -3))),
                    source=t("findings.source.training"),
                    period=f"{settings.first_year}–{settings.last_year}")  # fmt: skip
        said = [one for one in chapter.said() if one.state in _TRAINING]
        return [
            self._said("training", one, caption if one.state != "unknown" else "", "moves", "moves") for one in said
        ]

    def _intake(self) -> Finding:
        """Students that began in ICT, in the first year and the last: rising, falling or flat where bounds can tell."""
        t = self.t
        rows = sorted(
            (
                r for r in self._rows("out_education")
                if (r["kind"], r["isced_f"], r["level"], r["region"], r["sex"]) == ("intake", _ICT, ALL, ALL, ALL)
                and r["persons_low"] is not None
            ),
            key=lambda r: r["year"],
        )  # fmt: skip
        if len(rows) < 2:
            return unknown(t, "intake", "education", "education", "education")
        first, last = rows[0], rows[-1]
        ends = [(r["persons_low"], r["persons_high"]) for r in (first, last)]
        (low, high), (last_low, last_high) = ends
        state = "open"
        if high is not None and last_low > high:
            state = "rising"
        elif last_high is not None and last_high < low:
            state = "falling"
        elif ends[0] == ends[1] and low == high:
            state = "flat"
        fields = {"first": str(first["year"]), "last": str(last["year"]), "first_n": _bounds(t, *ends[0]),
                  "last_n": _bounds(t, *ends[1])}  # fmt: skip
        caption = self._beside.caption(t("findings.students", n=fields["last_n"]), self._beside.education_source,
                                       f"{first['year']}–{last['year']}")  # fmt: skip
        return Finding("intake", "education", state, "open" if state == "open" else "firm",
                       t(f"findings.intake.{state}", **fields), fields["last_n"], caption=caption, view="education",
                       chapter="education")  # fmt: skip

    def _register(self) -> Finding:
        """How many initiatives the register holds, and how many were evaluated."""
        t, n = self.t, len(self._rows("core_initiatives"))
        evaluated = len({row["initiative_id"] for row in self._rows("out_evaluation")} - {None, ""})
        if not n:
            return unknown(t, "register", "education", "initiatives", "initiatives")
        state = "some" if evaluated else "none"
        text = t(f"findings.register.{state}", n=t.number(n), evaluated=t.number(evaluated))
        caption = t(
            "findings.caption",
            n=t.count("findings.initiatives", n),
            source=t("findings.source.register"),
            period=t("findings.now"),
        )
        return Finding("register", "education", state, "firm", text, t.number(n), t("findings.unit.initiatives"),
                       caption=caption, view="initiatives", chapter="initiatives")  # fmt: skip

    def _experiments(self) -> list[Finding]:
        said = ExperimentsChapter(self._study, self.t).said()
        return [self._said("experiment", one, "", "initiatives", "initiatives") for one in said]

    def _options(self) -> Finding:
        """How many moves an occupation has, as the chapter on moves says it."""
        t = self.t
        said = MovesChapter(self._study, t).options()
        n = len({row["from_code"] for row in self._rows("out_moves")})
        caption = t(
            "findings.caption",
            n=t.count("unit.occupations", n),
            source=t("findings.source.moves"),
            period=t("findings.now"),
        )
        return self._said("options", said, caption, "moves", "moves")


def _bounds(t: Translator, low: float, high: float | None) -> str:
    if high is None:
        return f"≥ {t.number(low)}"
    return t.number(low) if low == high else f"{t.number(low)}–{t.number(high)}"
