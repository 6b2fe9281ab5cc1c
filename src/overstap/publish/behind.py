"""What lies behind the changes: who posts or what is asked, drift of feed and wording, spread, workers and ICT.

Each sentence follows from rows of one table and says only what their intervals carry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overstap.pipeline import Study
from overstap.publish import words
from overstap.publish.breaks import drift_text
from overstap.publish.labels import Translator
from overstap.publish.words import Sentence
from overstap.schema.market import APART, DRIFTS, PARTS

Row = Mapping[str, Any]
MOST_ROWS = 12  # rows of a table, sentences of a kind
YEARS_AHEAD = 10  # of the outlook on workers who depend on ICT, as far as its source goes


@dataclass(frozen=True)
class Split:
    """One item's change and its parts, by name."""

    label: str
    parts: Mapping[str, Row]


class Behind:
    """The tables behind the change, in the language of `t`, as sentences and rows."""

    def __init__(self, study: Study, t: Translator) -> None:
        self.t = t
        self._study = study

    def _rows(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._study.table(name).to_pylist()
        return rows

    def splits(self) -> list[Split]:
        """Digital skills first, then the categories whose share changed most; only those that can be split."""
        found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in self._rows("out_composition"):
            found.setdefault((row["item_kind"], row["item_id"]), {})[row["part"]] = row
        whole = {
            key: parts
            for key, parts in found.items()
            if key[0] in ("category_group", "category") and parts["within"]["value_pp"] is not None
        }
        order = sorted(
            whole, key=lambda key: (key != ("category_group", "digital"), -abs(_value(whole[key], "change")), key)
        )
        return [Split(self.t.value(*key), whole[key]) for key in order[:MOST_ROWS]]

    def part_names(self) -> list[str]:
        """The parts that any of the items has, in the order of the contract."""
        seen = {row["part"] for row in self._rows("out_composition")}
        return [part for part in PARTS if part in seen]

    def points(self, row: Row | None) -> str:
        """A part in percentage points, with its interval where that is known."""
        interval = self.interval(row)
        return self.value(row) if not interval else self.t("behind.points", value=self.value(row), interval=interval)

    def value(self, row: Row | None) -> str:
        """A part in percentage points."""
        return self.t.signed(None if row is None else row["value_pp"])

    def interval(self, row: Row | None) -> str:
        """The interval of a part; empty where it is not known."""
        if row is None or row["value_low"] is None:
            return ""
        return self.t("behind.interval", low=self.t.signed(row["value_low"]), high=self.t.signed(row["value_high"]))

    def digital(self) -> list[Sentence]:
        """Whether the change of digital skills is one of what is asked or of who posts."""
        if said := self._apart("out_composition"):
            return said
        parts = next((s.parts for s in self.splits() if s.parts["change"]["item_id"] == "digital"), None)
        if parts is None:
            return [Sentence(self.t("behind.split.none"), "none")]
        change, within = parts["change"], parts["within"]
        known = within["value_low"] is not None
        state = "unclear"
        if known and (within["value_low"] > 0 or within["value_high"] < 0):
            state = "up" if within["value_pp"] > 0 else "down"
        fields = {
            "first": change["first_period"],
            "last": change["last_period"],
            "change": self.points(change),
            "within": self.points(within),
        }
        return [Sentence(self.t(f"behind.split.{state}", **fields), state)]

    def _apart(self, table: str) -> list[Sentence]:
        """That the two periods cannot be compared, where the table says so."""
        rows = [row for row in self._rows(table) if row["note"] == APART]
        return [words.apart_sentence(self.t, rows[0]["first_period"], rows[0]["last_period"])] if rows else []

    def drift(self) -> list[Sentence]:
        """A sentence per flag, in the order of kinds; one that says so where there is none."""
        rows = sorted(self._rows("out_drift"), key=lambda r: (DRIFTS.index(r["kind"]), r["period"], r["subject"]))
        if not rows:
            return [Sentence(self.t("behind.drift.none"), "none")]
        said = [Sentence(drift_text(self.t, row), row["kind"]) for row in rows[:MOST_ROWS]]
        if len(rows) > MOST_ROWS:
            more = self.t("behind.drift.more", n=self.t.number(len(rows) - MOST_ROWS))
            said.append(Sentence(more, "more"))
        return said

    def spreading(self) -> list[Sentence]:
        """Skills that reach more occupations, and those that retreat, with the numbers of occupations."""
        if said := self._apart("out_spread"):
            return said
        rows = [r for r in self._rows("out_spread") if r["dimension"] == "isco2"]
        said = []
        for movement in ("spreading", "vanishing"):
            listed = sorted(
                (r for r in rows if r["movement"] == movement), key=lambda r: (-(r["asked_n"] or 0), r["skill_id"])
            )
            names = [
                self.t(
                    "behind.spread.item",
                    skill=self.t.value("skill", r["skill_id"]),
                    first=self.t.number(r["first_number"], 1),
                    last=self.t.number(r["last_number"], 1),
                )
                for r in listed[:5]
            ]
            key = movement if names else f"{movement}_none"
            said.append(Sentence(self.t(f"behind.spread.{key}", skills=self.t.names(names)), key))
        return said

    def workforce(self) -> tuple[list[Sentence], Sequence[tuple[str, Row, Row]]]:
        """Workers who depend on ICT: a sentence, and per section the last year of the study and the outlook; no rows
        where the study ends before the years of the source."""
        rows = self._rows("out_digital_workforce")
        years = {row["year"] for row in rows}
        last = max((year for year in years if year <= self._study.spec.period.last.year), default=None)
        if last is None:
            text = self.t("behind.workforce.none", year=str(min(years))) if years else self.t("behind.workforce.empty")
            return [Sentence(text, "none")], ()
        coming = max(year for year in years if year <= last + YEARS_AHEAD)
        now, then = ({r["section"]: r for r in rows if r["year"] == year} for year in (last, coming))
        whole = now["all"]
        fields = {name: self.t.number(whole[name]) for name in ("workers", "workers_low", "workers_high")}
        ahead = self.t.number(then["all"]["workers"])
        share = self.t.percent(whole["share_pct"], 0)
        text = self.t("behind.workforce.sentence", year=last, share=share, year_ahead=coming, ahead=ahead, **fields)
        sections = sorted((s for s in now if s != "all" and now[s]["employed"]), key=lambda s: -now[s]["workers"])
        named = [(self.t.value("sector", s), now[s], then[s]) for s in sections[:MOST_ROWS]]
        return [Sentence(text, "known")], named


def _value(parts: Mapping[str, Row], name: str) -> float:
    return float(parts[name]["value_pp"] or 0.0)
