"""Findings from the ads of a study: change of shares, the skills that rise, fall and lead, and composition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from overstap.pipeline import Study
from overstap.publish import words
from overstap.publish.caution import caution_of
from overstap.publish.findings import FLAT_PP, Estimate, Finding, Standing, side_of, unknown
from overstap.publish.labels import Translator, capital
from overstap.publish.tables import narrow, select
from overstap.schema.out import ALL

Row = Mapping[str, Any]
DIGITAL, SOFT, ICT = ("category_group", "digital"), ("category_group", "other"), ("function_group", "ict")
_SURE = {"rising": "rising", "new": "rising", "falling": "falling", "gone": "falling"}


def change_state(row: Row) -> str:
    """rising, falling, flat (surely less than FLAT_PP either way), hint, unclear, too_few or unknown, of `out_change`.

    hint: the interval leaves out nought, yet the change does not hold after the false-discovery correction.
    """
    state = words.change_state(row)
    if state != "unclear":
        return _SURE.get(state, state)
    found = side_of(Estimate(row["difference_pp"], row["difference_low"], row["difference_high"]), FLAT_PP)
    return {"flat": "flat", "above": "hint", "below": "hint"}.get(found, "unclear")


class DemandFindings:
    """Candidates from the ads of a study, of all sectors or of one topsector, in the language of `t`."""

    def __init__(self, study: Study, t: Translator, topsector: str = ALL) -> None:
        self._study, self.t, self.topsector = study, t, topsector
        self._cells: dict[tuple[str, str], pa.Table] = {}
        self._where = () if topsector == ALL else (("topsector", topsector),)

    @cached_property
    def caution(self) -> Any:
        """Why years cannot be compared as they are; falsy where they can."""
        return caution_of(self._study)

    def candidates(self) -> list[Finding]:
        """Every candidate of the themes demand and skills."""
        made = [
            self.change("digital", DIGITAL), self.change("soft", SOFT), self.change("ict", ICT),
            self.within(), self.mover("rising"), self.mover("falling"), self.leader(),
        ]  # fmt: skip
        return [one for one in made if one is not None]

    def caption(self, n: str, period: str) -> str:
        """n, source and period of a number from the ads; says first where they are simulated."""
        t = self.t
        source = t("chart.sources", names=t.names([s.id for s in self._study.spec.sources]))
        text = t("findings.caption", n=n, source=source, period=period)
        return f"{t('chart.simulated')} {text}" if self._study.spec.simulated else text

    def _rows(self, table: str, function_group: str = ALL, **wanted: str) -> list[Row]:
        key = (table, function_group)
        if key not in self._cells:  # a whole cell at once: each look into a large table takes as long as any other
            wanted_cell = {"topsector": self.topsector, "function_group": function_group}
            self._cells[key] = select(self._study, table, **wanted_cell)
        rows: list[Row] = narrow(self._cells[key], **wanted).to_pylist()
        return rows

    def change(self, id: str, item: tuple[str, str], group: str = ALL, theme: str = "demand") -> Finding | None:
        """What happened to the share of an item, of all vacancies or one function group; None where it has no row."""
        kind, code = item
        rows = self._rows("out_change", item_kind=kind, item_id=code, function_group=group)
        if not rows:
            return None
        years = self._rows("out_demand", period_kind="year", item_kind=kind, item_id=code, function_group=group)
        row, points = rows[0], [(str(r["period"]), r["share_pct"] if r["is_reliable"] else None) for r in years]
        choices = (*self._where, ("item_kind", kind), ("item_id", code))
        choices += (("function_group", group),) if group != ALL else ()
        return self._told(id, theme, row, "change", sorted(points), choices)

    def _told(
        self, id: str, theme: str, row: Row, key: str, points: Sequence[tuple[str, float | None]],
        choices: tuple[tuple[str, str], ...],
    ) -> Finding:  # fmt: skip
        t, state = self.t, change_state(row)
        fields = self._fields(row)
        place: dict[str, Any] = {"view": "demand", "choices": choices, "anchor": "years", "chapter": "digital"}
        if self.caution.apart and state not in ("unknown", "too_few"):
            text = words.apart_sentence(t, *self.caution.apart).text
            return Finding(id, theme, "apart", "unknown", text, t("findings.no_number"), **place)
        if state in ("unknown", "too_few"):
            text = t(f"findings.{key}.{state}", **fields)
            return Finding(id, theme, state, "unknown", text, t("findings.no_number"), **place)
        said = words.Sentence(t(f"findings.{key}.{state}", **fields), state)
        standing: Standing = "open" if state in ("unclear", "hint") or self.caution else "firm"
        estimate = Estimate(row["difference_pp"], row["difference_low"], row["difference_high"])
        n = t("findings.n_two", first=fields["first_n"], last=fields["last_n"])
        return Finding(
            id, theme, state, standing, words.cautioned(t, said, bool(self.caution)).text,
            t.signed(row["difference_pp"]), t("findings.unit.pp"), fields["interval"],
            self.caption(n, f"{row['first_period']}–{row['last_period']}"),
            points=tuple(points), estimate=estimate, **place,
        )  # fmt: skip

    def _fields(self, row: Row) -> dict[str, str]:
        t = self.t
        bases = {side: row[f"{side}_base_n"] for side in ("first", "last")}
        shares = {side: 100 * row[f"{side}_n"] / n if n else None for side, n in bases.items()}
        return {
            **words.cell_words(t, row),
            "that": words.item_words(t, row)["that"],
            "item": t.value(row["item_kind"], row["item_id"]),
            "first": str(row["first_period"]), "last": str(row["last_period"]),
            "first_share": t.percent(shares["first"]), "last_share": t.percent(shares["last"]),
            "first_n": t.number(bases["first"]), "last_n": t.number(bases["last"]),
            "interval": pp_interval(t, row["difference_low"], row["difference_high"]),
            "flat": t.number(FLAT_PP),
        }  # fmt: skip

    def mover(self, direction: str) -> Finding | None:
        """The skill that rose or fell most; None where no source has both years."""
        if self.caution.apart:
            return None
        t, id = self.t, "riser" if direction == "rising" else "faller"
        rows = [r for r in self._rows("out_change", item_kind="skill") if r["is_displayed"]]
        place: dict[str, Any] = {
            "view": "demand",
            "choices": (*self._where, ("item_kind", "skill")),
            "anchor": "change",
        }
        if not rows:
            return unknown(t, id, "skills", "change", "demand")
        found = words.movers(rows, direction, 1)
        n = t.number(len(rows))
        first, last = rows[0]["first_period"], rows[0]["last_period"]
        if not found:
            said = "none_selected" if self.caution else "none"
            text = t(f"findings.{id}.{said}", n=n, first=first, last=last)
            caption = self.caption(t("findings.n_last", n=t.number(rows[0]["last_base_n"])), f"{first}–{last}")
            unit = t(f"findings.unit.{'risen' if id == 'riser' else 'fallen'}", n=n)
            return Finding(id, "skills", "none", "open", text, t.number(0), unit,
                           caption=caption, chapter="change", **place)  # fmt: skip
        row = found[0]
        fields = self._fields(row)
        interval = t.factor_interval(row["listed_low"], row["listed_high"])
        text = t(f"findings.{id}.found", **(fields | {"interval": interval, "n": n, "item": capital(fields["item"])}))
        sentence = words.cautioned(t, words.Sentence(text, direction), bool(self.caution))
        years = self._rows("out_demand", period_kind="year", item_kind="skill", item_id=row["item_id"])
        return Finding(
            id, "skills", direction, "open" if self.caution else "firm", sentence.text,
            f"{t.factor(row['ratio'])} ×" if row["ratio"] is not None else f"> {t.factor(row['listed_low'])} ×",
            t("findings.unit.ratio", first=first), interval,
            self.caption(t("findings.n_two", first=fields["first_n"], last=fields["last_n"]), f"{first}–{last}"),
            points=tuple(sorted((str(r["period"]), r["share_pct"] if r["is_reliable"] else None) for r in years)),
            estimate=Estimate(row["difference_pp"], row["difference_low"], row["difference_high"]),
            chapter="change", **place,
        )  # fmt: skip

    def leader(self) -> Finding:
        """The digital skill asked most, and whether it surely leads."""
        t = self.t
        skills = self._study.table("core_skills", ["skill_id", "category_group"]).to_pylist()
        digital = {row["skill_id"] for row in skills if row["category_group"] == "digital"}
        rows = [r for r in self._rows("out_demand", period_kind=ALL, item_kind="skill") if r["item_id"] in digital]
        said, order = words.ranking_sentence(t, rows, opening=False), words.ranked(rows)
        choices = (*self._where, ("category", "digital"))
        if said.state in ("unknown", "too_few") or not order:
            return Finding("leader", "skills", "unknown", "unknown", capital(said.text), t("findings.no_number"),
                           choices=choices, anchor="ranking", chapter="skills")  # fmt: skip
        row = order[0]
        other = order[1]["share_high"] if len(order) > 1 else 0.0
        text = t("words.subject", subject=t("report.skills.digital"), sentence=said.text)
        return Finding(
            "leader", "skills", said.state, "open" if said.state in ("close", "tied") else "firm", text,
            t.percent(row["share_pct"]), t("findings.unit.vacancies"),
            t.percent_interval(row["share_low"], row["share_high"]),
            self.caption(t.count("unit.vacancies", row["vacancies_n"]), t.period(row["period"])),
            choices=choices, anchor="ranking", chapter="skills",
            estimate=Estimate(row["share_pct"], row["share_low"], row["share_high"], other or 0.0),
        )  # fmt: skip

    def within(self) -> Finding | None:
        """The change of digital skills within equal occupations, sectors, employers and sources, over all sectors."""
        if self.topsector != ALL or self.caution.apart:
            return None
        t = self.t
        kind, item = DIGITAL
        rows = [
            row for row in self._study.table("out_composition").to_pylist()
            if (row["item_kind"], row["item_id"], row["part"]) == (kind, item, "within")
        ]  # fmt: skip
        if not rows or rows[0]["value_pp"] is None:
            return unknown(t, "within", "demand", "behind", "demand")
        row = rows[0]
        estimate = Estimate(row["value_pp"], row["value_low"], row["value_high"])
        state = {"above": "rising", "below": "falling"}.get(side_of(estimate, FLAT_PP), side_of(estimate, FLAT_PP))
        if state == "unknown":
            return unknown(t, "within", "demand", "behind", "demand")
        interval = pp_interval(t, row["value_low"], row["value_high"])
        first, last = str(row["first_period"]), str(row["last_period"])
        text = t(f"findings.within.{state}", value=t.number(abs(row["value_pp"]), 1), interval=interval,
                 first=first, last=last, flat=t.number(FLAT_PP))  # fmt: skip
        said = words.cautioned(t, words.Sentence(text, state), bool(self.caution))
        return Finding(
            "within", "demand", state, "open" if state == "unclear" or self.caution else "firm", said.text,
            t.signed(row["value_pp"]), t("findings.unit.pp"), interval,
            self.caption(t.count("unit.vacancies", row["vacancies_n"]), f"{first}–{last}"),
            choices=(("item_kind", kind), ("item_id", item)), anchor="years", chapter="behind", estimate=estimate,
        )  # fmt: skip


def pp_interval(t: Translator, low: float | None, high: float | None) -> str:
    """Bounds of a difference in percentage points: +2,1 tot +6,7."""
    return t("findings.between", low=t.signed(low), high=t.signed(high))
