"""What changed since the edition before, in words: other vacancies, another coding, or the labour market itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from overstap.publish.charts import About, Chart, caption
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.vega import ROW_HEIGHT, Row, Spec, layered
from overstap.publish.words import Sentence, overlap

if TYPE_CHECKING:
    from overstap.pipeline import Study

MOST_ROWS, MOST_BARS = 25, 12
_SEEN = 0.05  # percentage points from which a difference is one that a table of one decimal shows
COLUMNS = (
    "item_id", "year", "old_pct", "old_low", "old_high", "new_pct", "new_low", "new_high", "difference_pct",
    "by_coding_pct", "by_vacancies_pct", "both_n", "old_n", "new_n",
)  # fmt: skip


class EditionsChapter:
    """What `out_editions`, `out_edition_years` and `out_edition_facts` say; all empty where no edition was named."""

    def __init__(self, shares: Sequence[Row], years: Sequence[Row], facts: Sequence[Row], t: Translator) -> None:
        self.years, self.facts, self.t = years, facts, t
        self.shares = self._once(shares)

    @classmethod
    def of(cls, study: Study, t: Translator) -> EditionsChapter:
        """The chapter of a finished study."""
        shares, years, facts = (
            study.table(name).to_pylist() for name in ("out_editions", "out_edition_years", "out_edition_facts")
        )
        return cls(shares, sorted(years, key=lambda row: row["year"]), facts, t)

    def _once(self, shares: Sequence[Row]) -> list[Row]:
        """The shares without those of a category that is all of a group, and bears its name."""
        groups = {self.name(row) for row in shares if row["item_kind"] == "category_group"}
        return [row for row in shares if row["item_kind"] != "category" or self.name(row) not in groups]

    @property
    def is_named(self) -> bool:
        """Whether the study names an edition before."""
        return bool(self.facts)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Vacancies of both, of the years that both editions have."""
        return {name: sum(row[f"{name}_n"] for row in self.years if row["old_n"]) for name in ("old", "new", "both")}

    @property
    def added(self) -> list[Row]:
        """The years that this edition alone has."""
        return [row for row in self.years if not row["old_n"]]

    @cached_property
    def differing(self) -> list[Row]:
        """Shares that differ visibly, the largest difference first."""
        rows = [row for row in self.shares if abs(row["difference_pct"] or 0.0) >= _SEEN]
        return sorted(
            rows, key=lambda row: (-abs(row["difference_pct"]), row["item_kind"], row["item_id"], row["year"])
        )

    def verdict(self) -> str:
        """same, coding, data, both (which of the two differs) or apart (the editions share no vacancy)."""
        if not self.differing:
            return "same"
        if not self.counts["both"]:
            return "apart"
        coding = any(abs(row["by_coding_pct"] or 0.0) >= _SEEN for row in self.differing)
        data = any(abs(row["by_vacancies_pct"] or 0.0) >= _SEEN for row in self.differing)
        return "both" if coding and data else "coding" if coding else "data"

    def said(self) -> list[Sentence]:
        """The verdict, what happened to vacancies, and which years are news."""
        t, counts = self.t, self.counts
        state = self.verdict()
        largest = self.differing[0] if self.differing else None
        fields = {"n": t.number(len(self.differing)), "of": t.number(len(self.shares))}
        if largest is not None:
            fields |= {"item": self.name(largest), "year": largest["year"], **self._told(largest)}
        said = [Sentence(t(f"hubs.editions.verdict.{state}", **fields), state)]
        held = {
            "both": t.count("unit.vacancies", counts["both"]),
            "gone": t.number(counts["old"] - counts["both"]),
            "more": t.number(counts["new"] - counts["both"]),
        }
        said.append(Sentence(t("hubs.editions.vacancies", **held), "vacancies"))
        if self.added:
            names = t.names([row["year"] for row in self.added])
            n = t.number(sum(row["new_n"] for row in self.added))
            said.append(Sentence(t("hubs.editions.news", years=names, n=n), "news"))
        else:
            said.append(Sentence(t("hubs.editions.no_news"), "no_news"))
        return said

    def name(self, row: Row) -> str:
        """The name of a row's item."""
        return self.t.value(row["item_kind"], row["item_id"])

    def _told(self, row: Row) -> dict[str, str]:
        t = self.t
        return {
            "before": t.percent(row["old_pct"]),
            "now": t.percent(row["new_pct"]),
            "coding": t.signed(row["by_coding_pct"]),
            "data": t.signed(row["by_vacancies_pct"]),
        }

    def cause(self, row: Row) -> str:
        """What most of a difference is: coding, data, or unknown where no vacancy is in both."""
        if row["by_coding_pct"] is None:
            return self.t("unit.unknown")
        most = "coding" if abs(row["by_coding_pct"]) > abs(row["by_vacancies_pct"]) else "data"
        ends = [{f"share_{end}": row[f"{of}_{end}"] for end in ("low", "high")} for of in ("old", "new")]
        within = all(None not in one.values() for one in ends) and overlap(*ends)
        return self.t(f"hubs.editions.cause.{most}") + (f" ({self.t('hubs.editions.within')})" if within else "")

    def share(self, row: Row, of: str) -> str:
        """A share with its interval, of the `old` edition or the `new`; of nothing there is no interval."""
        t, low, high = self.t, row[f"{of}_low"], row[f"{of}_high"]
        told = t.percent(row[f"{of}_pct"])
        return told if low is None or high is None else f"{told} ({t.percent_interval(low, high)})"

    def count(self, row: Row, name: str) -> str:
        """The vacancies of a year in an edition; a dash where that edition did not have the year."""
        return self.t.number(row[name]) if row[name] or (row["old_n"] and row["new_n"]) else DASH

    def chart(self, about: About) -> Chart:
        """The largest differences and which part of each is coding."""
        t = self.t
        rows = self.differing[:MOST_BARS]
        sentence = self.said()[0]
        title = t(f"hubs.editions.title.{sentence.state}")
        return Chart(
            "editions",
            title,
            t("hubs.editions.about"),
            sentence.text,
            caption(t, about, [{"period": row["year"]} for row in rows], [row["new_n"] for row in rows], counts=True),
            self._drawn(rows, f"{title}. {sentence}"),
            "out_editions",
            COLUMNS,
            tuple(dict(row) for row in self.differing[:MOST_ROWS]),
        )

    def _drawn(self, rows: Sequence[Row], description: str) -> Spec:
        """A bar for the part that is coding, a point for the whole difference; the rest is other vacancies."""
        t = self.t
        values = [
            {
                "name": f"{capital(self.name(row))}, {row['year']}",
                "difference": row["difference_pct"],
                "coding": row["by_coding_pct"] or 0.0,
                **{
                    f"{name}_text": t.signed(row[f"{name}_pct"], 2)
                    for name in ("difference", "by_coding", "by_vacancies")
                },
            }
            for row in rows
        ]
        tips = [
            {"field": field, "type": "nominal", "title": t(f"hubs.editions.tooltip.{name}")}
            for name, field in (
                ("name", "name"),
                ("difference", "difference_text"),
                ("coding", "by_coding_text"),
                ("vacancies", "by_vacancies_text"),
            )
        ]
        y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 300}}
        ends = [value[end] for value in values for end in ("difference", "coding")]
        below, above = any(end < 0 for end in ends), any(end >= 0 for end in ends)
        far = 1.35 * max((abs(value[end]) for value in values for end in ("difference", "coding")), default=1.0)

        def x(field: str) -> Spec:
            axis = {"title": t("hubs.editions.axis"), "tickCount": 5, "format": "+,~f"}
            scale = {"domain": [-far if below else 0, far if above else 0], "nice": False}
            return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

        bar = {"type": "bar", "style": "value_bar", "height": {"band": 0.5}}
        point = {"type": "point", "style": "published", "shape": "diamond", "size": 90, "opacity": 1}
        layers: list[Spec] = [
            {"mark": bar, "encoding": {"y": y, "x": x("coding"), "tooltip": tips}},
            {"mark": point, "encoding": {"y": y, "x": x("difference"), "tooltip": tips}},
        ]
        return layered(values, layers, description, {"step": ROW_HEIGHT})

    def set_up(self) -> list[tuple[str, str, str, str]]:
        """What was set up otherwise: kind of fact, subject, before, now."""
        t = self.t
        return [
            (t(f"hubs.editions.fact.{row['fact']}"), row["subject"], self._fact(row, "before"), self._fact(row, "now"))
            for row in self.facts
            if row["before"] != row["now"]
        ]

    def _fact(self, row: Row, when: str) -> str:
        value = row[when]
        if value is None:
            return self.t("hubs.editions.fact.default")
        text = str(value)
        is_yes = row["fact"] == "source" or text in ("True", "False")
        return self.t.value("yes_no", {"True": "yes", "False": "no"}.get(text, text)) if is_yes else text

    def market(self, yearly: Sequence[Row]) -> list[tuple[str, str, str, str, str]]:
        """What moved since the last year of the edition before, per group and category of skills: name, share published
        then, share of that year now, share of the last year, and whether the market moved.

        `yearly`: yearly rows of `out_demand` of the whole cell. The last two are of one coding: what differs is the
        market.
        """
        known = [row["year"] for row in self.years if row["old_n"]]
        if not known or not self.added:
            return []
        t, then, last = self.t, max(known), max(row["year"] for row in self.added)
        by = {(row["item_kind"], row["item_id"], row["period"]): row for row in yearly}
        found = []
        for row in self.shares:
            key = (row["item_kind"], row["item_id"])
            first, now = by.get((*key, then)), by.get((*key, last))
            if row["year"] != then or row["item_kind"] == "skill" or first is None or now is None:
                continue
            moved = (
                "unclear" if overlap(first, now) else "rising" if now["share_pct"] > first["share_pct"] else "falling"
            )
            cells = [t.percent(row["old_pct"]), *(self._share(one) for one in (first, now))]
            found.append((capital(self.name(row)), cells[0], cells[1], cells[2], t.value("direction", moved)))
        return sorted(found)

    def _share(self, row: Row) -> str:
        return f"{self.t.percent(row['share_pct'])} ({self.t.percent_interval(row['share_low'], row['share_high'])})"
