"""What a survey says, in words, charts and tables: impact, adoption, obstacles, gaps, shortages, and who differs.

The report and the dashboard take the same from here. A group that is too small is not shown, and it is said so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.tables import select
from overstap.publish.vega import Row, bars
from overstap.publish.vega_more import effects
from overstap.publish.words import Sentence
from overstap.schema.out import ALL
from overstap.survey.words import Names, inside

MOST_BARS = 12
MOST_DIFFERENCES = 8
MOST_ALIKE = 2  # of one group and question
_COLUMNS = ("item", "value", "value_low", "value_high", "n")


class SurveyChapter:
    """What a study's survey and coded evidence say, in the language of `t`; tables are read when asked for.

    `sector`: whose answers the charts show; everyone's where none is named.
    """

    def __init__(self, study: Study, t: Translator, sector: str = ALL) -> None:
        self._study, self.t, self.settings, self.sector = study, t, study.spec.survey, sector

    @cached_property
    def names(self) -> Names:
        """What questions, items and options are called."""
        return Names(self._study.table("core_questions"))

    @cached_property
    def results(self) -> list[Row]:
        """Rows of `out_survey`."""
        rows: list[Row] = self._study.table("out_survey").to_pylist()
        return rows

    @cached_property
    def whole(self) -> list[Row]:
        """Rows of everyone together, or of the sector."""
        kind = ALL if self.sector == ALL else "sector"
        rows: list[Row] = select(self._study, "out_survey", group_kind=kind, group_name=self.sector).to_pylist()
        return rows

    @cached_property
    def adoption(self) -> list[Row]:
        """Rows of `out_adoption`."""
        rows: list[Row] = self._study.table("out_adoption").to_pylist()
        return rows

    @cached_property
    def quality(self) -> dict[tuple[str, str], float]:
        """How the survey was read, together, by measure and detail."""
        rows = self._study.table("out_survey_quality").to_pylist()
        return {(r["measure"], r["detail"]): r["value"] for r in rows if r["source"] == ALL and r["value"] is not None}

    def has_answers(self) -> bool:
        """Whether the study has a survey."""
        return bool(self.quality)

    @cached_property
    def _used(self) -> dict[str, str]:
        """The first question by what it is used for."""
        found: dict[str, str] = {}
        for row in self._study.table("core_questions", ["question_code", "use", "part"]).to_pylist():
            if row["use"] and row["part"] == "answer":
                found.setdefault(row["use"], row["question_code"])
        return found

    def group(self, kind: str, value: str) -> str:
        """What a role, sector or size is called."""
        code = self._used.get(kind)
        return capital(self.names.option(code, value)[self.t.language]) if code else capital(self.t.value(kind, value))

    def item(self, row: Row) -> str:
        """What an item is called; of coded open answers the skill or occupation."""
        if row["measure"] == "coded":
            kind, _, name = row["option"].partition(":")
            return self.t.item("skill", name) if kind == "skill" else self.t.named("isco4", name)
        if not row["item"]:
            return self.names.text(row["question_code"])[self.t.language]
        return capital(self.names.item(row["question_code"], row["item"])[self.t.language])

    def said(self) -> list[Sentence]:
        """Who answered, who counts, how they were weighed, and what is not shown."""
        t = self.t
        if not self.has_answers():
            return [Sentence(t("survey.none"), "none")]
        lines = [
            Sentence(
                t("survey.intro", n=t.number(self._told("respondents")), counted=t.number(self._told("counted"))),
                "intro",
            )
        ]
        flags = [(name, self._told("flagged", name)) for name in ("incomplete", "duplicate", "straight_lining", "test")]
        told = [t(f"survey.flag.{name}", n=t.number(n)) for name, n in flags if n]
        if told:
            lines.append(Sentence(t("survey.flags", flags=t.names(told)), "flags"))
        if self.settings.margins:
            effect, counted = self._told("design_effect") or 1.0, self._told("counted")
            fields = {
                "effect": t.number(effect, 2),
                "counted": t.number(counted),
                "effective": t.number(counted / effect),
            }
            fields |= {"trim": t.number(self.settings.trim), "far": t.number(self._told("furthest_margin"), 1)}
            lines.append(Sentence(t("survey.weighted", **fields), "weighted"))
        else:
            lines.append(Sentence(t("survey.unweighted"), "unweighted"))
        confidence = t.percent(100 * self._study.spec.measures.confidence, 0)
        return [*lines, Sentence(t("survey.hidden", n=self.settings.min_cell, confidence=confidence), "hidden")]

    def _told(self, measure: str, detail: str = "") -> float:
        return self.quality.get((measure, detail), 0.0)

    def chart(self, name: str) -> Chart | None:
        """The chart of impact, adoption or shortage; None where the survey did not ask it, or too few answered."""
        rows = self._adopted("in_use") if name == "adoption" else [r for r in self._uses(name) if r["measure"] == "top"]
        made = self._shares(name, rows)
        return made if made.rows else None

    def charts(self) -> list[Chart]:
        """The charts that the questions of this survey give."""
        made = [
            self._shares("impact", [r for r in self._uses("impact") if r["measure"] == "top"]),
            self._shares("adoption", self._adopted("in_use")),
            self._points("lag", self._adopted("sme_lag"), 1.0),
            self._shares("obstacle", self._adopted("obstacle")),
            *(self._points("gap", rows, 1.0, pair) for pair, rows in self._gaps().items()),
            self._shares("first", [r for r in self.whole if r["measure"] == "first"]),
            self._shares("shortage", [r for r in self._uses("shortage") if r["measure"] == "top"]),
            self._shares("skills", self._coded("open_skills", "skill:")),
            self._shares("titles", self._coded("open_titles", "isco08:")),
        ]
        return [chart for chart in made if chart.rows]

    def _coded(self, use: str, prefix: str) -> list[Row]:
        rows = [r for r in self.whole if r["measure"] == "coded" and r["option"].startswith(prefix)]
        mine = [r for r in rows if self.names.about(r["question_code"])["use"] == use]
        first = mine[-1]["question_code"] if mine and use == "open_skills" else mine[0]["question_code"] if mine else ""
        return [r for r in mine if r["question_code"] == first]

    def _uses(self, use: str) -> list[Row]:
        return [r for r in self.whole if self.names.about(r["question_code"], r["item"])["use"] == use]

    def _gaps(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.whole:
            if row["measure"] == "gap":
                pair = self.names.about(row["question_code"], row["item"])["pair"] or ""
                found.setdefault(pair, []).append(row)
        return found

    def _adopted(self, measure: str) -> list[Row]:
        use = "obstacle" if measure == "obstacle" else "adoption"
        code = self._used.get(use, "")
        rows = [r for r in self.adoption if (r["measure"], r["sector"], r["size"]) == (measure, self.sector, ALL)]
        return [{**r, "question_code": code} for r in rows]

    def _ranked(self, rows: Sequence[Row]) -> list[Row]:
        known = [row for row in rows if row["value"] is not None]
        return sorted(known, key=lambda row: (-row["value"], row["item"]))[:MOST_BARS]

    def _shares(self, name: str, rows: Sequence[Row]) -> Chart:
        ranked = self._ranked(rows)
        names = [self.item(row) for row in ranked]
        drawn = [
            {
                **row,
                "item": capital(label),
                "share_pct": row["value"],
                "share_low": row["value_low"],
                "share_high": row["value_high"],
                "vacancies_n": row["n"],
                "period": ALL,
            }
            for row, label in zip(ranked, names, strict=True)
        ]
        title, finding = self._finding(name, ranked, names, self.t.percent)
        spec = bars(
            self.t, drawn, [row["item"] for row in drawn], f"{title}. {finding}", axis=self.t(f"survey.{name}.axis")
        )
        return self._chart(name, name, title, finding, spec, drawn)

    def _points(self, name: str, rows: Sequence[Row], size: float, pair: str = "") -> Chart:
        """A chart around nought, of percentage points or points of a scale."""
        t, ranked = self.t, self._ranked(rows)
        names = [self.item(row) for row in ranked]
        values = [
            {
                "name": label,
                "value": row["value"],
                "low": row["value_low"],
                "high": row["value_high"],
                "value_text": t.signed(row["value"], 1),
                "interval_text": self._ends(row),
                "n_text": t.number(row["n"]),
            }
            for row, label in zip(ranked, names, strict=True)
        ]
        title, finding = self._finding(name, ranked, names, lambda value, *_: t.signed(value, 1), pair)
        spec = effects(t, values, t(f"survey.{name}.axis"), f"{title}. {finding}", 100.0 if name == "lag" else 4.0)
        drawn = [{**row, "item": label} for row, label in zip(ranked, names, strict=True)]
        return self._chart("-".join(filter(None, (name, pair))), name, title, finding, spec, drawn)

    def _ends(self, row: Row) -> str:
        """The interval around nought in words; where all answered alike there is none."""
        t = self.t
        if row["value_low"] is None:
            return t("survey.alike")
        return t.signed_interval(row["value_low"], row["value_high"])

    def _finding(self, name: str, rows: list[Row], names: list[str], say: object, pair: str = "") -> tuple[str, str]:
        """The title and sentence of a chart: what comes first, or that the first two cannot be told apart."""
        t = self.t
        if not rows:
            return t(f"survey.{name}.title"), ""
        group = t(f"survey.pair.{pair}") if pair and t.has(f"survey.pair.{pair}") else pair or t("survey.pair.all")
        shown: list[str] = []
        for row in rows[:2]:
            if name in ("lag", "gap"):
                ends = self._ends(row)
                size = t("survey.points_pct" if name == "lag" else "survey.points")
                shown.append(f"{t.signed(row['value'], 1)}{size} ({ends})")
            else:
                shown.append(
                    f"{t.percent(row['value'], 0)} ({t.percent_interval(row['value_low'], row['value_high'], 0)})"
                )
        within = (lambda text: text) if name in ("skills", "titles") else inside  # names of skills keep their letters
        first, second = within(names[0]), within(names[1]) if len(names) > 1 else ""
        is_close = (
            len(rows) > 1
            and rows[1]["value_high"] is not None
            and rows[1]["value_high"] > (rows[0]["value_low"] or 0.0)
        )
        fields = {
            "first": capital(first),
            "in_first": first,
            "second": second,
            "group": group,
            "value": shown[0],
            "n": t.number(rows[0]["n"]),
        }
        fields["other"] = shown[1] if len(shown) > 1 else ""
        kind = "close" if is_close else "clear"
        return t(f"survey.{name}.{kind}", **fields), t(f"survey.finding.{kind}", **fields)

    def _chart(self, id: str, name: str, title: str, finding: str, spec: Row, rows: Sequence[Row]) -> Chart:
        t = self.t
        table = "out_adoption" if name in ("adoption", "lag", "obstacle") else "out_survey"
        least, most = (f([row["n"] for row in rows if row["n"]], default=0) for f in (min, max))
        n = t.number(least) if least == most else f"{t.number(least)}{DASH}{t.number(most)}"
        confidence = t.percent(100 * self._study.spec.measures.confidence, 0)
        weighted = t("survey.caption.weighted" if self.settings.margins else "survey.caption.unweighted")
        caption = t("survey.caption.text", n=n, confidence=confidence, weighted=weighted)
        if self._study.spec.simulated:
            caption = f"{t('survey.simulated')} {caption}"
        return Chart(
            f"survey-{id}", title, t(f"survey.{name}.about"), finding, caption, spec, table, _COLUMNS, tuple(rows)
        )

    def shortage_by_role(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """Levels, and per role the share that expects a shortage at each, with its interval."""
        rows = [r for r in self.results if r["group_kind"] == "role" and r["measure"] == "top"]
        rows = [r for r in rows if self.names.about(r["question_code"], r["item"])["use"] == "shortage"]
        items = list(dict.fromkeys(r["item"] for r in rows))
        heads = [self.item(next(r for r in rows if r["item"] == item)) for item in items]
        found = []
        for role in dict.fromkeys(r["group_name"] for r in rows):
            mine = {r["item"]: r for r in rows if r["group_name"] == role}
            found.append((self.group("role", role), [self.cell(mine.get(item)) for item in items]))
        return heads, found

    def cell(self, row: Row | None) -> str:
        """A share with its interval, or that it is hidden."""
        t = self.t
        if row is None:
            return t("unit.unknown")
        if row["value"] is None:
            return t("survey.is_hidden")
        return f"{t.percent(row['value'], 0)} ({t.percent_interval(row['value_low'], row['value_high'], 0)})"

    def adoption_table(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """Sectors, and per technology the share in use in each."""
        rows = [r for r in self.adoption if r["measure"] == "in_use" and r["size"] == ALL and r["sector"] != ALL]
        sectors = list(dict.fromkeys(r["sector"] for r in rows))
        code = self._used.get("adoption", "")
        found = []
        for item in dict.fromkeys(r["item"] for r in rows):
            mine = {r["sector"]: r for r in rows if r["item"] == item}
            named = self.item({"measure": "in_use", "question_code": code, "item": item})
            found.append((named, [self.cell(mine.get(sector)) for sector in sectors]))
        return [self.group("sector", sector) for sector in sectors], found

    def differences(self) -> list[str]:
        """Groups that differ from all others beyond chance: role, sector or size, question, and by how much."""
        t = self.t
        rows = sorted(
            (r for r in self.results if r["differs"]), key=lambda r: (r["q_value"], r["question_code"], r["item"])
        )
        found: list[str] = []
        told = Counter[tuple[str, str]]()
        for row in rows:
            key = row["group_name"], row["question_code"]
            told[key] += 1
            if told[key] > MOST_ALIKE or len(found) == MOST_DIFFERENCES:
                continue
            size = t("survey.points_pct" if row["measure"] in ("share", "first", "coded") else "survey.points")
            text = self.names.text(row["question_code"])[t.language]
            item = self.item(row) if row["item"] or row["measure"] == "coded" else ""
            if row["option"] and row["measure"] == "share":
                item = self.names.option(row["question_code"], row["option"])[t.language]
            found.append(
                t(
                    "survey.differs",
                    kind=t(f"survey.group.{row['group_kind']}"),
                    group=self.group(row["group_kind"], row["group_name"]),
                    question=text,
                    item=f" – {item}" if item else "",
                    difference=f"{t.signed(row['difference'], 1)}{size}",
                    n=t.number(row["n"]),
                )
            )
        return found

    def others(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Questions that no chart shows: their wording, and of each item or option the value with interval, and n."""
        t, shown = (
            self.t,
            {"impact", "shortage", "adoption", "obstacle", "importance", "mastery", "open_skills", "open_titles"},
        )
        found: dict[str, list[tuple[str, str, str]]] = {}
        for row in self.whole:
            about = self.names.about(row["question_code"], row["item"])
            if about["use"] in shown or row["measure"] in ("first", "mean_rank", "coded"):
                continue
            if about["kind"] == "scale" and row["measure"] == "share" and not self._is_loose(row):
                continue
            label = self.names.option(row["question_code"], row["option"])[t.language] if row["option"] else ""
            item = self.item(row) if row["item"] else ""
            how = t(f"survey.measure.{row['measure']}") if row["measure"] in ("mean", "top") else ""
            value = self.cell(row) if row["measure"] in ("share", "top") else self._mean(row)
            name = ": ".join(filter(None, (item, label, how)))
            found.setdefault(row["question_code"], []).append((name, value, t.number(row["n"])))
        return [(self.names.text(code)[t.language], rows) for code, rows in found.items()]

    def _is_loose(self, row: Row) -> bool:
        return not row["item"]

    def _mean(self, row: Row) -> str:
        t = self.t
        if row["value"] is None:
            return t("survey.is_hidden")
        if row["value_low"] is None:
            return f"{t.number(row['value'], 1)} ({t('survey.alike')})"
        return f"{t.number(row['value'], 1)} ({t.number(row['value_low'], 1)}{DASH}{t.number(row['value_high'], 1)})"

    def evidence(self) -> list[tuple[str, list[Row]]]:
        """Coded evidence by theme."""
        found: dict[str, list[Row]] = {}
        for row in self._study.table("core_evidence").to_pylist():
            found.setdefault(row["theme"], []).append(row)
        return [(self.t(f"survey.theme.{theme}"), rows) for theme, rows in found.items()]

    def said_by(self, row: Row) -> str:
        """Who said it: role, sector and session, never a name."""
        role = self.group("role", row["role"])
        sector = self.t.value("topsector", row["sector"]) if row["sector"] else ""
        date = self.t.date(row["date"]) if row["date"] else ""
        return ", ".join(filter(None, (role, sector, row["session"], date)))

    def read(self) -> list[tuple[str, str]]:
        """How the survey was read: measure and count."""
        t, told = self.t, []
        for (measure, detail), value in self.quality.items():
            if measure in ("design_effect", "furthest_margin", "margin_not_covered") or (
                not value and measure != "columns_not_understood"
            ):
                continue
            name = t(f"survey.quality.{measure}")
            extra = t(f"survey.flag_name.{detail}") if measure == "flagged" else detail
            told.append((f"{name}: {extra}" if extra else name, t.number(value)))
        return told
