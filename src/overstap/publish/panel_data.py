"""Experts beside the data in words and charts: three ranks of each item, quadrants with a sentence each, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from overstap.panel.measure import LIST
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import Translator, capital
from overstap.publish.panel import Key, PanelChapter
from overstap.publish.vega import Row
from overstap.publish.vega_panel import ranks
from overstap.publish.words import Sentence
from overstap.schema.panel import QUADRANTS

_DATA_COLUMNS = ("item", "moment", "expert_rank", "items_n", "share_pct", "share_low", "share_high", "asked_n",
                 "vacancies_n", "level_rank", "above_n", "categories_n", "level", "ratio", "ratio_low", "ratio_high",
                 "growth_rank", "direction", "quadrant")  # fmt: skip


@dataclass(frozen=True)
class Quadrant:
    """Items of one quadrant, each with its sentence and the claims of the literature on it."""

    key: str
    title: str
    items: list[tuple[str, str, list[str]]]


class BesideChapter:
    """What a study's panels expect beside what its ads ask, in the language of `t`."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t
        self._panel = PanelChapter(study, t)

    @cached_property
    def _data(self) -> list[Row]:
        """The rows of the last list that was asked: after the date where it was, of an own panel where there is one."""
        return self._panel.rows("out_panel_data")

    def compared(self) -> list[Key]:
        """The lists to lay beside the data, own ones first, each with its source of demand."""
        keys = {(*(row[name] for name in LIST), row["demand"], row["basis"]) for row in self._data}
        lists = [key for key in keys if key[1] == "technologies" or key[5] == "panel"]
        return sorted(lists, key=lambda key: (key[5], key[0], key[1], key[2] != "before", key[3], key[4]))

    def beside(self, key: Key) -> tuple[str, list[Sentence], Chart | None, list[Quadrant]]:
        """One list beside demand: its heading, tau-b, the ranks side by side, the quadrants with sentences."""
        t = self.t
        rows = [row for row in self._data if (*(row[name] for name in LIST), row["demand"], row["basis"]) == key]
        rows.sort(key=lambda row: (row["expert_rank"] is None, row["expert_rank"] or 0, row["item"]))
        when = [self._panel.moment(key[2], key[5])] if key[2] != "all" else []
        asked = ", ".join([capital(t.value("panel_list", key[1])), *when])
        heading = t(f"panel.beside.head.{key[5]}_{key[4]}", list=asked)
        said = [*self._low_and_rising(rows), *(self._fit(key) if key[4] == "ads" and key[5] == "panel" else [])]
        chart = self._ranks_chart(key, rows) if key[4] == "ads" and key[5] == "panel" else None
        claims = self._claims
        quadrants = [
            Quadrant(
                name,
                t(f"panel.quadrant.{name}"),
                [
                    (self._panel.name(row["item"]), self.item_sentence(row), claims.get(row["item"], []))
                    for row in rows
                    if row["quadrant"] == name
                ],
            )
            for name in QUADRANTS
        ]
        return heading, said, chart, [one for one in quadrants if one.items]

    def charts(self) -> list[Chart]:
        """Every chart of the chapter, in its order."""
        return [chart for key in self.compared() if (chart := self.beside(key)[2])]

    def _low_and_rising(self, rows: Sequence[Row]) -> list[Sentence]:
        """What is asked little, or ranks low, and yet rises: the study's finding, wherever it shows."""
        names = [
            self._panel.named(row["item"]) for row in rows if row["level"] == "low" and row["direction"] == "rising"
        ]
        if not names:
            return [Sentence(self.t("panel.beside.not_low_rising"), "none")]
        return [Sentence(self.t("panel.beside.low_rising", names=self.t.names(names)), "low_rising")]

    def _fit(self, key: Key) -> list[Sentence]:
        t, said = self.t, []
        for row in self._panel.rows("out_panel_fit"):
            if tuple(row[name] for name in LIST) != key[:4]:
                continue
            against = t(f"panel.against.{row['against']}")
            if row["tau_b"] is None:
                said.append(Sentence(t("panel.fit.unknown", against=against), "unknown"))
                continue
            low, high = row["tau_b_low"], row["tau_b_high"]
            state = "none" if low is None or low <= 0 <= high else "up" if low > 0 else "down"
            interval = (
                t("panel.no_interval") if low is None else f"{t.number(low, 2)} {t('panel.to')} {t.number(high, 2)}"
            )
            fields = {
                "tau": t.number(row["tau_b"], 2),
                "interval": interval,
                "n": t.number(row["items_n"]),
                "against": against,
            }
            said.append(Sentence(t(f"panel.fit.{state}", **fields), state))
        return said

    def _ranks_chart(self, key: Key, rows: Sequence[Row]) -> Chart | None:
        t = self.t
        kinds = {name: t(f"panel.chart.ranks.{name}") for name in ("expert_rank", "level_rank", "growth_rank")}
        values = []
        for row in rows:
            for name, label in kinds.items():
                if row[name] is not None:
                    texts = {"value_text": t.number(row[name]), "interval_text": self._ends(row, name)}
                    texts |= {"name": self._panel.name(row["item"]), "n_text": t.number(row["vacancies_n"])}
                    values.append({"kind": label, "value": row[name], **texts})
        if not any(row["level_rank"] for row in rows):
            return None
        low = [self._panel.named(row["item"]) for row in rows if row["is_expected"] and row["level"] == "low"]
        title = t(f"panel.chart.ranks.{'some' if low else 'none'}", names=t.names(low[:3]))
        spec = ranks(t, values, list(kinds.values()), t("panel.chart.ranks.axis"), title, len(rows))
        expected = [row for row in rows if row["is_expected"]]
        seen = sum(row["quadrant"] == "expected_seen" for row in expected)
        finding = t("panel.chart.ranks.finding", seen=t.number(seen), n=t.number(len(expected)))
        fields = {"period": t.whole_period, "n": t.number(max((r["vacancies_n"] or 0 for r in rows), default=0)),
                  "confidence": t.percent(100 * self._study.spec.measures.confidence, 0)}  # fmt: skip
        caption = t("panel.chart.ranks.caption", **fields)
        if self._study.spec.simulated:
            caption = f"{t('panel.simulated')} {caption}"
        shown = tuple(row | {"item": self._panel.name(row["item"])} for row in rows)
        id = f"panel-data-{key[1]}-{key[2]}-{key[3]}"
        return Chart(
            id, title, t("panel.chart.ranks.about"), finding, caption, spec, "out_panel_data", _DATA_COLUMNS, shown
        )

    def _ends(self, row: Row, name: str) -> str:
        t = self.t
        if name == "level_rank" and row["share_low"] is not None:
            return t.percent_interval(row["share_low"], row["share_high"], 2)
        if name == "growth_rank" and row["ratio_low"] is not None:
            return f"{t.factor_interval(row['ratio_low'], row['ratio_high'])}×"
        return t("unit.unknown")

    def item_sentence(self, row: Row) -> str:
        """What the experts expect of an item, and the level and growth of its demand, in one sentence."""
        parts = [self._expected(row), self._level(row), self._growth(row)]
        return capital("; ".join(parts)) + "."

    def _expected(self, row: Row) -> str:
        t, when = self.t, self._panel.moment(row["moment"], row["basis"]) if row["moment"] != "all" else ""
        fields = {"moment": f" ({when})" if when else "", "rank": t.number(row["expert_rank"])}
        if row["basis"] == "panel":
            known = row["expert_rank"] is not None
            return t(f"panel.says.{'rank' if known else 'few'}", n=t.number(row["items_n"]), **fields)
        order = next(r for r in self._panel.orders_of[tuple(row[name] for name in LIST)] if r["item"] == row["item"])
        state = "published" if order["rank"] is not None else order["direction"] or "unknown"
        return t(f"panel.says.{state}", **fields)

    def _level(self, row: Row) -> str:
        t = self.t
        if row["demand"] == "published":
            return t(f"panel.level.published_{row['level'] or 'unknown'}")
        if row["share_pct"] is None:
            return t("panel.level.unmatched")
        fields = {
            "n": t.number(row["vacancies_n"]),
            "above": t.number(row["above_n"]),
            "of": t.number(row["categories_n"]),
        }
        if not row["asked_n"]:
            return t("panel.level.nought", **fields)
        fields |= {"share": t.percent(row["share_pct"], 2 if row["share_pct"] < 1 else 1)}
        fields["interval"] = t("unit.unknown")
        if row["share_low"] is not None:
            fields["interval"] = t.percent_interval(
                row["share_low"], row["share_high"], 2 if row["share_pct"] < 1 else 1
            )
        return t(f"panel.level.{row['level'] or 'unclear'}", **fields)

    def _growth(self, row: Row) -> str:
        t = self.t
        if row["demand"] == "published":
            return t(f"panel.growth.published_{row['direction'] or 'unknown'}")
        if row["direction"] is None or row["ratio_low"] is None:
            return t("panel.growth.unknown")
        ratio = t.factor(row["ratio"]) if row["ratio"] is not None else ">" + t.factor(row["ratio_low"])
        interval = t.factor_interval(row["ratio_low"], row["ratio_high"])
        return t(f"panel.growth.{row['direction']}", ratio=ratio, interval=interval)

    @cached_property
    def _claims(self) -> dict[str, list[str]]:
        t = self.t
        found: dict[str, list[str]] = {}
        for row in self._panel.rows("core_claims"):
            direction = t(f"panel.claim.{row['direction']}")
            told = f"{row[f'claim_{t.language}'].rstrip('.')} ({row['source']}; {direction})."
            found.setdefault(row["item"], []).append(told)
        return found

    def other_claims(self) -> list[tuple[str, list[str]]]:
        """Claims on what no list ranks, by the item that they are about."""
        ranked = {row["item"] for row in self._data}
        return [(self._subject(item), told) for item, told in sorted(self._claims.items()) if item not in ranked]

    def _subject(self, item: str) -> str:
        key = f"panel.claim.about.{item}"
        return self.t(key) if self.t.has(key) else self._panel.name(item)
