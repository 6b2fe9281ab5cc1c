"""What lies behind the changes: who posts or what is asked, drift of feed and wording, spread, polarisation.

Each sentence follows from rows of one table and says only what their intervals carry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overstap.pipeline import Study
from overstap.publish.labels import Translator
from overstap.publish.words import Sentence
from overstap.schema.market import DRIFTS, PARTS
from overstap.schema.out import ALL

Row = Mapping[str, Any]
MOST_ROWS = 12  # rows of a table, sentences of a kind
LAST_YEAR = 2030  # the year of the outlook on workers who depend on ICT


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

    def points(self, row: Row | None, bounds: bool = False) -> str:
        """A part in percentage points, with its interval where wanted."""
        if row is None or row["value_pp"] is None:
            return self.t("unit.unknown")
        text = self._signed(row["value_pp"])
        if not bounds or row["value_low"] is None:
            return text
        low, high = self._signed(row["value_low"]), self._signed(row["value_high"])
        return self.t("behind.points", value=text, low=low, high=high)

    def digital(self) -> list[Sentence]:
        """Whether the change of digital skills is one of what is asked or of who posts."""
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
            "change": self.points(change, True),
            "within": self.points(within, True),
        }
        return [Sentence(self.t(f"behind.split.{state}", **fields), state)]

    def drift(self) -> list[Sentence]:
        """A sentence per flag, in the order of kinds; one that says so where there is none."""
        rows = sorted(self._rows("out_drift"), key=lambda r: (DRIFTS.index(r["kind"]), r["period"], r["subject"]))
        if not rows:
            return [Sentence(self.t("behind.drift.none"), "none")]
        said = [Sentence(self._drift(row), row["kind"]) for row in rows[:MOST_ROWS]]
        if len(rows) > MOST_ROWS:
            more = self.t("behind.drift.more", n=self.t.number(len(rows) - MOST_ROWS))
            said.append(Sentence(more, "more"))
        return said

    def _drift(self, row: Row) -> str:
        t = self.t
        subject = t.value("skill", row["subject"]) if row["kind"] == "wording" else row["subject"]
        if row["topsector"] != ALL:
            subject = f"{subject} ({t.value('topsector', row['topsector'])})"
        fields = {"subject": subject, "period": row["period"], "units": t.number(row["units_n"])}
        fields |= {"before": t.percent(row["before"], 0), "after": t.percent(row["after"], 0)}
        fields["size"] = t.percent(None if row["size"] is None else 100 * row["size"], 0)
        kind = row["kind"]
        if kind == "wording":
            kind += "_less" if row["size"] < 1 else "_more"
        return t(f"behind.drift.{kind}", **fields)

    def spreading(self) -> list[Sentence]:
        """Skills that reach more occupations, and those that retreat, with the numbers of occupations."""
        rows = [r for r in self._rows("out_spread") if r["dimension"] == "isco2"]
        said = []
        for movement in ("spreading", "vanishing"):
            listed = sorted(
                (r for r in rows if r["movement"] == movement), key=lambda r: (-r["asked_n"], r["skill_id"])
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

    def polarisation(self) -> list[Sentence]:
        """Whether vacancies and jobs grew at both ends of skill, and against routine work."""
        said = []
        for row in self._rows("out_polarisation"):
            fields = {
                "what": self.t(f"behind.polarisation.{row['what']}"),
                "first": row["first_period"],
                "last": row["last_period"],
                "n": self.t.number(row["occupations_n"]),
            }
            state = "unclear"
            if row["value"] is None:
                state = "too_few"
            elif row["measure"] == "curvature":
                state = {"u": "curvature_up", "arch": "curvature_down"}.get(row["shape"], state)
            elif row["value_low"] > 0 or row["value_high"] < 0:
                state = f"routine_{'up' if row['value'] > 0 else 'down'}"
            key = state if state not in ("unclear", "too_few") else f"{row['measure']}_{state}"
            said.append(Sentence(self.t(f"behind.polarisation.{key}", **fields), key))
        return said

    def workforce(self) -> tuple[list[Sentence], Sequence[tuple[str, Row, Row]]]:
        """Workers who depend on ICT: a sentence, and per section the last year of the study and the outlook."""
        rows = self._rows("out_digital_workforce")
        last = min(self._study.spec.period.last.year, max(r["year"] for r in rows))
        now, then = ({r["section"]: r for r in rows if r["year"] == year} for year in (last, max(last, LAST_YEAR)))
        whole = now["all"]
        fields = {name: self.t.number(round(whole[name], -3)) for name in ("workers", "workers_low", "workers_high")}
        ahead = self.t.number(round(then["all"]["workers"], -3))
        share = self.t.percent(whole["share_pct"], 0)
        text = self.t(
            "behind.workforce.sentence", year=last, share=share, year_ahead=then["all"]["year"], ahead=ahead, **fields
        )
        sections = sorted((s for s in now if s != "all" and now[s]["employed"]), key=lambda s: -now[s]["workers"])
        named = [(self.t.value("sector", s), now[s], then[s]) for s in sections[:MOST_ROWS]]
        return [Sentence(text, "known")], named

    def _signed(self, value: float) -> str:
        shown = round(value, 1)
        sign = "+" if shown > 0 else "−" if shown < 0 else ""
        return sign + self.t.number(abs(shown), 1)


def _value(parts: Mapping[str, Row], name: str) -> float:
    return float(parts[name]["value_pp"] or 0.0)
