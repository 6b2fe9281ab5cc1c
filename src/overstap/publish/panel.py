"""Panels in words, charts and tables: orders, agreement, statements, and gaps.

The report and the dashboard take the same from here. What cannot be known, as the agreement behind a published order,
is said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from overstap.panel.measure import LIST
from overstap.panel.outcome import agreement_text, statement_text
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.vega import Row
from overstap.publish.vega_more import effects
from overstap.publish.vega_panel import points
from overstap.publish.words import Sentence
from overstap.survey.words import inside

Key = tuple[str, ...]
PUBLISHED_YEAR = 2025
_ORDER_COLUMNS = ("item", "rank", "rank_low", "rank_high", "mean_rank", "mean_rank_low", "mean_rank_high", "borda_pct",
                  "kemeny_rank", "worth_pct", "worth_low", "worth_high", "ranked_n", "raters_n")  # fmt: skip
_SHIFT_COLUMNS = ("item", "shift", "shift_low", "shift_high", "raters_n")
_STATEMENT_COLUMNS = ("item", "round", "raters_n", "median", "iqr", "agree_pct", "agree_low", "agree_high",
                      "disagree_pct", "consensus", "consensus_70", "consensus_80", "same_pct", "kappa", "kappa_low",
                      "kappa_high", "next_round")  # fmt: skip
_GAP_COLUMNS = ("item", "function_group", "raters_n", "importance", "mastery", "gap", "gap_low", "gap_high", "rank")


class PanelChapter:
    """What a study's panels come to, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t, self.settings = study, t, study.spec.panel

    def rows(self, table: str) -> list[Row]:
        """All rows of a table."""
        rows: list[Row] = self._study.table(table).to_pylist()
        return rows

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return {(row["kind"], row["item"]): row[f"label_{self.t.language}"] for row in self.rows("core_panel_items")}

    def name(self, item: str, kind: str = "item") -> str:
        """The name of an item or statement in the reader's language."""
        return self._names.get((kind, item), item)

    def named(self, item: str) -> str:
        """The name of an item as it stands within a sentence; that of a skill keeps its letters."""
        return self.name(item) if item in self._skills else inside(self.name(item))

    @cached_property
    def _skills(self) -> set[str]:
        return {row["item"] for row in self.rows("core_panel_items") if row["item_kind"] == "skill"}

    @cached_property
    def orders_of(self) -> dict[Key, list[Row]]:
        """Rows of `out_panel_ranking` by session, list, moment and round, the first place first."""
        found: dict[Key, list[Row]] = {}
        for row in self.rows("out_panel_ranking"):
            found.setdefault(tuple(row[name] for name in LIST), []).append(row)
        return {key: sorted(found[key], key=_by_rank) for key in sorted(found, key=_by_moment)}

    @cached_property
    def _agreed(self) -> dict[Key, Row]:
        return {tuple(row[name] for name in LIST): row for row in self.rows("out_panel_agreement")}

    def moment(self, moment: str, basis: str) -> str:
        """The time that a list is about, in words: before or after the year, where that is known."""
        year = PUBLISHED_YEAR if basis == "published" else self.settings.year
        return self.t(f"panel.moment.{moment}", year=year) if year else self.t.value("moment", moment)

    def has_own(self) -> bool:
        """Whether the study has answers of a panel of its own."""
        return any(self._study.table(name).num_rows for name in ("core_rankings", "core_ratings"))

    def orders(self) -> list[tuple[str, Sentence, Chart]]:
        """Each list of an own panel: its name, how far the experts agree, and its chart."""
        return [
            (self._called(key), self._agreement(key), self._order_chart(key, rows))
            for key, rows in self.orders_of.items()
            if rows[0]["basis"] == "panel"
        ]

    def _called(self, key: Key) -> str:
        t, (session, name, moment, round_) = self.t, key
        words = t.value("panel_list", name)
        parts = [capital(words), *([self.moment(moment, "panel")] if moment != "all" else [])]
        others = {k[0] for k, rows in self.orders_of.items() if rows[0]["basis"] == "panel"}
        more = [t.value("panel_session", session)] if len(others) > 1 else []
        return ", ".join([*parts, *more, *([t("panel.live.round", n=round_)] if int(round_) > 1 else [])])

    def _agreement(self, key: Key) -> Sentence:
        row = self._agreed[key]
        text = agreement_text(self.t, row)
        if row["is_unique"] is False:
            text += f" {self.t('panel.agreement.not_unique')}"
        return Sentence(text, row["note"] or row["strength"] or "known")

    def _order_chart(self, key: Key, rows: Sequence[Row]) -> Chart:
        t = self.t
        known = [row for row in rows if row["mean_rank"] is not None]
        values = [
            self._point(row["item"], row, "mean_rank", t.number(row["mean_rank"], 1), 1, row["raters_n"])
            for row in known
        ]
        title = finding = t("panel.chart.order.none")
        if len(known) > 1:
            first, second = known[0], known[1]
            apart = first["rank_high"] < second["rank_low"]
            names = {"first": self.named(first["item"]), "second": self.named(second["item"])}
            title = t(f"panel.chart.order.{'clear' if apart else 'close'}", list=self._called(key), **names)
            ends = t("panel.no_interval")
            if first["mean_rank_low"] is not None:
                ends = f"{t.number(first['mean_rank_low'], 1)}{DASH}{t.number(first['mean_rank_high'], 1)}"
            finding = capital(
                t("panel.chart.order.finding", mean=t.number(first["mean_rank"], 1), interval=ends, **names)
            )
        spec = points(t, values, t("panel.chart.order.axis"), f"{title} {finding}", (len(rows) + 0.5, 0.5))
        id = "panel-" + "-".join(str(part) for part in key[1:])
        return self._chart(id, title, "order", finding, spec, "out_panel_ranking", _ORDER_COLUMNS, known, rows)

    def _point(self, item: str, row: Row, stem: str, text: str, decimals: int, n: int, kind: str = "item") -> Row:
        t, base = self.t, stem.removesuffix("_pct")
        low, high = row[f"{base}_low"], row[f"{base}_high"]
        interval = t("panel.no_interval")
        if low is not None:
            interval = f"{t.number(low, decimals)} {DASH} {t.number(high, decimals)}"
        return {"name": self.name(item, kind), "value": row[stem], "low": low, "high": high, "value_text": text,
                "interval_text": interval, "n_text": t.number(n)}  # fmt: skip

    def _chart(
        self, id: str, title: str, key: str, finding: str, spec: dict[str, object], table: str,
        columns: tuple[str, ...], rows: Sequence[Row], whole: Sequence[Row], kind: str = "item",
    ) -> Chart:  # fmt: skip
        t = self.t
        n = sorted({row["raters_n"] for row in whole if row["raters_n"]})
        span = DASH.join(t.number(one) for one in dict.fromkeys((n[0], n[-1]))) if n else t.number(0)
        sources = [
            t("panel.answers", session=t.value("panel_session", name))
            for name in sorted({row["session"] for row in whole})
        ]
        fields = {"n": span, "sources": t.names(sources), "confidence": t.percent(100 * self._confidence, 0)}
        caption = t("panel.chart.caption", **fields)
        if self._study.spec.simulated:
            caption = f"{t('panel.simulated')} {caption}"
        shown = [row | {"item": self.name(row["item"], kind)} for row in rows]
        about = t(f"panel.chart.{key}.about", **fields)
        return Chart(id, title, about, finding, caption, spec, table, columns, tuple(shown))

    @property
    def _confidence(self) -> float:
        return self._study.spec.measures.confidence

    def shifts(self) -> list[Chart]:
        """Per list asked for before and after a date: which items the experts put higher or lower after it."""
        t, found = self.t, []
        for key, rows in self.orders_of.items():
            moved = sorted((row for row in rows if row["shift"] is not None), key=lambda row: row["shift"])
            if not moved:
                continue
            values = [
                self._point(row["item"], row, "shift", t.signed(row["shift"], 1), 1, row["raters_n"]) for row in moved
            ]
            sides = {
                "up": [
                    self.named(row["item"]) for row in moved if row["shift_high"] is not None and row["shift_high"] < 0
                ],
                "down": [
                    self.named(row["item"])
                    for row in reversed(moved)
                    if row["shift_low"] is not None and row["shift_low"] > 0
                ],
            }
            state = "both" if all(sides.values()) else next((name for name, side in sides.items() if side), "none")
            title = t(f"panel.chart.shift.{state}", **{name: t.names(side[:3]) for name, side in sides.items()})
            spec = effects(t, values, t("panel.chart.shift.axis"), title)
            id = f"panel-{key[1]}-shift-{key[3]}"
            finding = t("panel.chart.shift.finding", up=len(sides["up"]), down=len(sides["down"]), n=len(moved))
            found.append(
                self._chart(id, title, "shift", finding, spec, "out_panel_ranking", _SHIFT_COLUMNS, moved, moved)
            )
        return found

    def charts(self) -> list[Chart]:
        """Every chart of the chapter, in its order."""
        more = (self.statement_chart(), self.gap_chart())
        return [*(chart for _, _, chart in self.orders()), *self.shifts(), *(chart for chart in more if chart)]

    def published(self) -> list[tuple[str, list[tuple[str, str]], str]]:
        """Published lists: name, (place or what is told, items), source."""
        return [(name, told, source) for _, name, told, source in self.published_lists()]

    def published_lists(self) -> list[tuple[Key, str, list[tuple[str, str]], str]]:
        """As `published`, each with its session, list, moment and round."""
        t, found = self.t, []
        for key, rows in self.orders_of.items():
            if rows[0]["basis"] != "published":
                continue
            name = t(
                "panel.published.list", list=t.value("panel_list", key[1]), moment=self.moment(key[2], "published")
            )
            told = [(t.number(r["rank"]), self.name(r["item"])) for r in rows if r["rank"] is not None]
            for state in ("most", "up", "down", "below"):
                names = [self.named(row["item"]) for row in rows if row["direction"] == state]
                if names:
                    told.append((t(f"panel.published.{state}"), capital(t.names(names))))
            found.append((key, name, told, rows[0]["source"]))
        return found

    def published_note(self) -> str:
        """That no agreement can be computed from what is published."""
        return self.t("panel.agreement.published")

    def statements(self) -> list[tuple[str, Sentence, str]]:
        """Each statement's last round: its text, what it comes to, and what it rests on."""
        t = self.t
        told = f"evidence_{t.language}"
        rests = {row["item"]: row[told] for row in self.rows("core_panel_items") if row["kind"] == "statement"}
        found = []
        for row in self._last_statements:
            few = row["consensus"] == "few"
            text = t("panel.statement.few", n=t.number(row["raters_n"])) if few else statement_text(t, row)
            if row["kappa"] is not None:
                ends = [t.number(row[f"kappa_{end}"], 2) for end in ("low", "high")]
                told = t("panel.no_interval") if row["kappa_low"] is None else f"{ends[0]} {t('panel.to')} {ends[1]}"
                fields = {"kappa": t.number(row["kappa"], 2), "same": t.percent(row["same_pct"], 0)}
                fields["interval"] = told
                text += f" {t('panel.statement.kappa', **fields)}"
            found.append(
                (self.name(row["item"], "statement"), Sentence(text, row["consensus"]), rests.get(row["item"]) or "")
            )
        return found

    @cached_property
    def _last_statements(self) -> list[Row]:
        rows = sorted(self.rows("out_panel_statements"), key=lambda row: row["round"])
        last = {(row["session"], row["item"]): row for row in rows}
        return sorted(
            last.values(), key=lambda row: (row["agree_pct"] is None, -(row["agree_pct"] or 0.0), row["item"])
        )

    def statement_chart(self) -> Chart | None:
        """How many agree with each statement in its last round; None without statements."""
        t = self.t
        rows = [row for row in self._last_statements if row["agree_pct"] is not None]
        if not rows:
            return None
        values = [
            self._point(row["item"], row, "agree_pct", t.percent(row["agree_pct"], 0), 0, row["raters_n"], "statement")
            for row in rows
        ]
        n = {name: sum(row["consensus"] == name for row in rows) for name in ("agree", "disagree", "none")}
        threshold = t.percent(100 * self.settings.consensus, 0)
        title = t("panel.chart.statements.title", agreed=n["agree"] + n["disagree"], n=len(rows))
        finding = t("panel.chart.statements.finding", threshold=threshold, open=n["none"])
        spec = points(t, values, t("panel.chart.statements.axis"), title, (0, 100))
        return self._chart("panel-statements", title, "statements", finding, spec, "out_panel_statements",
                           _STATEMENT_COLUMNS, rows, rows, "statement")  # fmt: skip

    @cached_property
    def _gaps(self) -> list[Row]:
        return self.rows("out_panel_gap")

    def gap_chart(self) -> Chart | None:
        """Gap scores of an own panel, the largest first; None without any."""
        t = self.t
        rows = sorted((row for row in self._gaps if row["gap"] is not None), key=lambda row: -row["gap"])
        if not rows:
            return None
        values = []
        for row in rows:
            value = self._point(row["item"], row, "gap", t.number(row["gap"], 1), 1, row["raters_n"])
            values.append(value | {"name": f"{value['name']} ({t.value('function_group', row['function_group'])})"})
        sure = [
            v["name"] for v, row in zip(values, rows, strict=True) if row["gap_low"] is not None and row["gap_low"] > 0
        ]
        first = rows[0]
        named = f"{self.named(first['item'])} ({t.value('function_group', first['function_group'])})"
        title = t(f"panel.chart.gap.{'some' if sure else 'none'}", first=named)
        finding = t("panel.chart.gap.finding", sure=len(sure), n=len(rows))
        spec = effects(t, values, t("panel.chart.gap.axis"), title)
        return self._chart("panel-gap", title, "gap", finding, spec, "out_panel_gap", _GAP_COLUMNS, rows, rows)

    def published_gaps(self) -> list[tuple[str, str, str]]:
        """Published gaps: function group, skill, who sees a middle to large gap."""
        t = self.t
        return [
            (t.value("function_group", row["function_group"]), self.name(row["item"]), t(f"panel.told.{row['told']}"))
            for row in self._gaps
            if row["basis"] == "published" and row["told"]
        ]


def _by_rank(row: Row) -> tuple[object, ...]:
    return (row["rank"] is None, row["rank"] or 0, row["mean_rank"] or 0.0, row["item"])


def _by_moment(key: Key) -> tuple[object, ...]:
    return (key[0], key[1], key[3], {"before": 0, "after": 1}.get(key[2], 2))
