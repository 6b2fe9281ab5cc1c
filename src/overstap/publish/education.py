"""Education and the labour market of one sector, in words, tables and charts.

The report and the dashboard take the same sentences and rows from here. What no file tells is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from overstap.analysis.uncertainty import normal_quantile, wilson
from overstap.education.graduates import share_bounds
from overstap.education.life_table import CAUSES
from overstap.education.matrix import add
from overstap.education.sector import of_fields
from overstap.publish.charts import Chart
from overstap.publish.education_sector import EducationSector
from overstap.publish.labels import DASH, capital
from overstap.publish.vega import Row, bars
from overstap.publish.words import Sentence
from overstap.reference.sources import all_sources
from overstap.reference.tables import load
from overstap.schema.out import ALL

KINDS = ("intake", "enrolment", "graduates")
SPLITS = ("level", "sex", "region", "numerus_fixus")
AFTER = 5
MOST_BARS = 12


class EducationChapter(EducationSector):
    """What a study says of education for a sector, in the language of `t`; tables are read when asked for."""

    def has_files(self) -> bool:
        """Whether the study names students, graduates or cohorts."""
        tables = ("core_education", "core_graduates", "core_cohorts")
        return any(self._study.table(name).num_rows for name in tables)

    def has_graduates(self) -> bool:
        """Whether there are graduates in the sector's fields."""
        rows = self._study.table("out_education_destinations", ["isced_f"]).to_pylist()
        return any(of_fields(row["isced_f"], self.fields) for row in rows)

    def said(self) -> list[Sentence]:
        """What the page is on, and the trend of graduates."""
        t = self.t
        names = t.names([self._names.get(f"field {code}", code) for code in self.fields])
        lines = [
            Sentence(t("education.intro", sector=self.sector()), "intro"),
            Sentence(t("education.fields", names=names), "fields"),
        ]
        if not self.has_files():
            return [*lines, Sentence(t("education.none"), "none")]
        levels = self.flows[-1]["levels"] if self.flows else []
        if levels:
            named = t.names([self.level(code) for code in levels])
            lines.append(Sentence(t("education.levels", levels=named), "levels"))
        return [*lines, *self.trend()]

    def _to_hbo(self) -> list[Sentence]:
        """The part of mbo-4 graduates in the sector that goes on in hbo, where it was observed."""
        rows = [
            row
            for row in self._study.table("out_education_destinations").to_pylist()
            if row["basis"] == "observed" and row["level"] == "mbo4" and of_fields(row["isced_f"], self.fields)
        ]
        year = max((row["year"] for row in rows if row["destination"] == "study_hbo"), default=0)
        mine = [row for row in rows if row["year"] == year]
        part = [row for row in mine if row["destination"] == "study_hbo"]
        if not part:
            return []
        rest = _total(row for row in mine if row not in part)
        low, high = share_bounds(_total(part), rest)
        low, high = low or 0.0, 100.0 if high is None else high
        if (low, high) == (0.0, 100.0):
            return []
        n = _total(mine)
        z = normal_quantile(self._study.spec.measures.confidence)
        bottom = 100 * float(wilson(np.array(low / 100), np.array(n[0]), z)[0])
        top = 100 * float(wilson(np.array(high / 100), np.array(n[0]), z)[1])
        shown = self.percents(low, high)
        fields = {"year": year, "share": shown, "interval": self.t.percent_interval(bottom, top, 0)}
        return [Sentence(self.t("education.to_hbo", n=self.between(*n), source=self.source(), **fields), "to_hbo")]

    def trend(self) -> list[Sentence]:
        """Graduates of the last year, whether they are more or fewer than in the first, where bounds can tell, and the
        part that goes on in hbo. Nothing where the study has no graduates of the sector."""
        years = {row["year"]: row for row in self.stocks() if row["kind"] == "graduates"}
        if not years:
            return [] if self.region != ALL else self._to_hbo()
        t, first, last = self.t, years[min(years)], years[max(years)]
        fields: dict[str, str] = {"first": str(first["year"]), "pct": ""}
        state = "open"
        if first is last:
            state = "first"
        elif first["high"] is not None and last["low"] > first["high"]:
            state, fields["pct"] = "more", self._percent_more(last["low"], first["high"])
        elif last["high"] is not None and last["high"] < first["low"]:
            state, fields["pct"] = "less", self._percent_more(first["low"], last["high"], of=first["low"])
        change = t(f"education.year.change.{state}", **fields)
        fields = {"year": last["year"], "n": self.between(last["low"], last["high"]), "change": change}
        if self.region != ALL:
            where = t.value("region", self.region)
            return [Sentence(t("education.year.in_region", region=where, **fields), f"trend_{state}")]
        return [Sentence(t("education.year.graduates", **fields), f"trend_{state}"), *self._to_hbo()]

    def _percent_more(self, more: float, less: float, of: float | None = None) -> str:
        return self.t.percent(100 * (more - less) / (of or less), 0)

    @cached_property
    def flows(self) -> list[Row]:
        """Rows of the sector in `out_education_flow`, all together last."""
        rows: list[Row] = self._study.table("out_education_flow").to_pylist()
        rows = [row for row in rows if row["sector"] == self.code]
        return sorted(rows, key=lambda row: (row["isco08"] == ALL, -(row["openings"] or 0), row["isco08"]))

    def flow_said(self) -> list[Sentence]:
        """Openings a year, who comes in from education, and what is left."""
        if not self.flows:
            return []
        t, row, moves = self.t, self.flows[-1], self._study.spec.moves
        openings = self.about(row["openings"])
        inflow = self.about_between(row["inflow_low"], row["inflow_high"])
        if row["inflow_high"] is None:
            inflow = t("education.flow.at_least", n=self.about(row["inflow_low"]))
        fields = {"openings": openings, "inflow": inflow}
        years = f"{moves.first_year}{DASH}{moves.last_year}"
        low, high = row["shortage_low"], row["shortage_high"]
        if high is None or not round(row["inflow_low"] or 0.0):
            lines = [Sentence(t("education.flow.unknown", openings=openings), "unknown")]
        elif high < 0:
            more = self.about_between(-high, None if low is None else -low)
            lines = [Sentence(t("education.flow.surplus", shortage=more, **fields), "surplus")]
        elif low is None:
            most = self.about(high)
            lines = [Sentence(t("education.flow.at_most", shortage=most, **fields), "at_most")]
        else:
            lines = [Sentence(t("education.flow.said", shortage=self.about_between(low, high), **fields), "shortage")]
        if row["first_year"] is None:
            return [*lines, Sentence(t("education.flow.basis_none", years=years), "basis_none")]
        named = DASH.join(dict.fromkeys((str(row["first_year"]), str(row["last_year"]))))
        return [*lines, Sentence(t("education.flow.basis", years=years, of=named), "basis")]

    def occupation(self, code: str) -> str:
        """The name of an occupation, or that of all together."""
        return self.t("education.flow.together") if code == ALL else self._names.get(code, code)

    def stocks(self) -> list[Row]:
        """Persons by kind and year in the sector's fields: the sum of its fields, as bounds."""
        found: dict[tuple[str, int], list[float | None]] = {}
        for row in self._study.table("out_education").to_pylist():
            if row["isced_f"] in self.fields and row["level"] == row["sex"] == ALL and row["region"] == self.region:
                total = found.setdefault((row["kind"], row["year"]), [0.0, 0.0])
                total[0] = (total[0] or 0.0) + (row["persons_low"] or 0.0)
                high = row["persons_high"]
                total[1] = None if total[1] is None or high is None else total[1] + high
        return [
            {"kind": kind, "year": year, "low": low, "high": high}
            for (kind, year), (low, high) in sorted(found.items(), key=lambda p: (KINDS.index(p[0][0]), p[0][1]))
        ]

    @cached_property
    def regions(self) -> list[str]:
        """The regions in which the sector's students and graduates were counted."""
        rows = self._study.table("out_education", ["isced_f", "region"]).to_pylist()
        return sorted({row["region"] for row in rows if row["isced_f"] in self.fields} - {ALL})

    def stock_table(self) -> tuple[list[int], list[tuple[str, list[str]]]]:
        """Years, and for each kind its numbers by year."""
        rows = {(row["kind"], row["year"]): row for row in self.stocks()}
        years = sorted({year for _, year in rows})
        found = []
        for kind in KINDS:
            if any(k == kind for k, _ in rows):
                cells = [rows.get((kind, year), {"low": None, "high": None}) for year in years]
                named = self.t(f"education.stocks.{kind}")
                found.append((named, [self.between(cell["low"], cell["high"]) for cell in cells]))
        return years, found

    @cached_property
    def _success(self) -> list[Row]:
        rows: list[Row] = self._study.table("out_education_success").to_pylist()
        return rows

    def programmes(self) -> list[tuple[str, list[Row]]]:
        """The sector's programmes with their rows of success, by name."""
        found: dict[str, list[Row]] = {}
        for row in self._success:
            if row["split"] == "programme" and row["sector"] == ALL and of_fields(row["isced_f"], self.fields):
                found.setdefault(row["value"], []).append(row)
        return sorted((self.t.value("programme", code), rows) for code, rows in found.items())

    def splits(self) -> list[tuple[str, list[tuple[str, Row, Row, Row]]]]:
        """For each split of the sector's students that has several values: its name, and by value the chances of a
        diploma, of dropping out and of switching after five years."""
        found = []
        for split in SPLITS:
            values: dict[str, dict[str, Row]] = {}
            for row in self._success:
                if (row["sector"], row["split"], row["after"]) == (self.code, split, AFTER):
                    values.setdefault(row["value"], {})[row["state"]] = row
            if len(values) > 1:
                named = [
                    (self._split_value(split, value), rows["diploma"], rows["dropout"], rows["switch"])
                    for value, rows in values.items()
                ]
                found.append((self.t(f"education.split.{split}"), sorted(named, key=lambda one: one[0])))
        return found

    def _split_value(self, split: str, value: str) -> str:
        key = f"education.split_value.{split}.{value}"
        if self.t.has(key):
            return self.t(key)
        return self.level(value) if split == "level" else self.t.value("region", value)

    def chance(self, row: Row) -> str:
        """A chance with its interval; the interval alone where suppressed counts leave the chance open."""
        if row["chance_low"] is None:
            return self.t("unit.unknown")
        ends = self.t.percent_interval(row["chance_low"], row["chance_high"], 0)
        return ends if row["chance_pct"] is None else f"{self.t.percent(row['chance_pct'], 0)} ({ends})"

    def success_chart(self) -> Chart:
        """The chance of a diploma after five years, by programme of the sector."""
        t, drawn, names = self.t, [], []
        for name, rows in self.programmes():
            row = next((r for r in rows if (r["state"], r["after"]) == ("diploma", AFTER)), None)
            if row is not None and row["chance_pct"] is not None:
                drawn.append(row | _bar(row["chance_pct"], row["chance_low"], row["chance_high"], row["students"]))
                names.append(name)
        order = sorted(range(len(drawn)), key=lambda at: -drawn[at]["chance_pct"])[:MOST_BARS]
        drawn, names = [drawn[at] for at in order], [names[at] for at in order]
        finding = self._success_said()
        whole = self._success_whole()
        title = t("education.success.title", diploma=self.chance(whole["diploma"])) if whole else ""
        columns = ("value", "isced_f", "students", "chance_pct", "chance_low", "chance_high")
        confidence = t.percent(100 * self._study.spec.measures.confidence, 0)
        cohorts = sorted(
            {row["value"] for row in self._success if row["split"] == "cohort" and row["sector"] == self.code}
        )
        years = DASH.join(dict.fromkeys((cohorts[0][:4], cohorts[-1][-4:]))) if cohorts else t("unit.unknown")
        n = t.number(whole["diploma"]["students"]) if whole else t("unit.unknown")
        caption = t("education.success.caption", confidence=confidence, source=self.source(), years=years, n=n)
        title = title or t("education.success.title_open")
        return self._chart("success", title, finding, caption, drawn, names, "out_education_success", columns)

    def _success_whole(self) -> dict[str, Row]:
        """The chances of the sector's fields together, by state; empty where one is not known."""
        rows = {
            row["state"]: row
            for row in self._success
            if (row["sector"], row["split"], row["after"]) == (self.code, ALL, AFTER)
        }
        return {} if any(rows[state]["chance_low"] is None for state in CAUSES if rows) else rows

    def _success_said(self) -> str:
        """Of the sector's fields together."""
        rows = self._success_whole()
        if not rows:
            return self.t("education.success.open")
        shown = {state: self.chance(rows[state]) for state in CAUSES}
        n = rows["diploma"]["students"]
        key = "finding" if n is not None else "finding_open"
        return self.t(f"education.success.{key}", n=self.t.number(n), **shown)

    def destinations_chart(self) -> Chart:
        """Where the sector's graduates of the last year of their field and level go."""
        t = self.t
        rows = [
            r
            for r in self._study.table("out_education_destinations").to_pylist()
            if of_fields(r["isced_f"], self.fields)
        ]
        last: dict[tuple[str, str], int] = {}
        for row in rows:
            group = row["isced_f"], row["level"]
            last[group] = max(row["year"], last.get(group, row["year"]))
        rows = [row for row in rows if row["year"] == last[row["isced_f"], row["level"]]]
        found: list[tuple[Row, str]] = []
        for place in dict.fromkeys(row["destination"] for row in rows):
            mine = [row for row in rows if row["destination"] == place]
            least, most = _total(mine)
            low, high = share_bounds((least, most), _total(row for row in rows if row["destination"] != place))
            share = None if low is None or high is None else (low + high) / 2
            n = None if most is None else (least + most) / 2
            row = {"destination": place, "year": max(last.values()), "persons_low": least, "persons_high": most}
            row |= {"basis": _basis(mine), "isced_f": ALL, "level": ALL}
            row |= _bar(share, low or 0.0, 100.0 if high is None else high, n)
            found.append((row, self.destination(place)))
        found.sort(key=lambda pair: (pair[0]["share_pct"] is None, -(pair[0]["share_pct"] or pair[0]["persons_low"])))
        drawn, names = [row for row, _ in found[:MOST_BARS]], [name for _, name in found[:MOST_BARS]]
        goes_on = _total(row for row in rows if row["destination"].startswith("study"))
        low, high = share_bounds(goes_on, _total(row for row in rows if not row["destination"].startswith("study")))
        shown = self.percents(low or 0.0, 100.0 if high is None else high)
        years = DASH.join(map(str, sorted({min(last.values()), max(last.values())}))) if last else ""
        key = "observed" if _basis(rows) == "observed" else "finding"
        finding = t(f"education.destinations.{key}", year=years, study=shown)
        columns = ("destination", "persons_low", "persons_high", "share_low", "share_high", "basis")
        known = _total(row for row in rows if row["basis"] != "matrix")
        part = share_bounds(known, _total(row for row in rows if row["basis"] == "matrix"))
        fields = {"year": years, "source": self.source(), "n": self.between(*_total(rows))}
        caption = t("education.destinations.caption", **fields)
        if part == (0.0, 0.0):
            caption += " " + t("education.destinations.all_assumed")
        elif part[0] is not None and part[1] is not None:
            caption += " " + t("education.destinations.known", pct=self.percents(part[0], part[1]))
        title = t("education.destinations.title" + ("_observed" if key == "observed" else ""), study=shown)
        return self._chart("destinations", title, finding, caption, drawn, names, "out_education_destinations", columns)

    def destination(self, place: str) -> str:
        """The name of a destination."""
        return self._names.get(place) or capital(self.t.value("destination", place))

    def _chart(
        self,
        name: str,
        title: str,
        finding: str,
        caption: str,
        drawn: Sequence[Row],
        names: Sequence[str],
        table: str,
        columns: tuple[str, ...],
    ) -> Chart:
        t = self.t
        say: Callable[[str], str] = lambda key: t(f"education.{name}.{key}")  # noqa: E731
        spec = bars(t, drawn, names, finding, axis=say("axis"), decimals=0)
        if self._study.spec.simulated:
            caption = f"{t('education.simulated')} {caption}"
        return Chart(f"education-{name}", title, say("about"), finding, caption, spec, table, columns, tuple(drawn))

    def ages(self) -> list[Row]:
        """Rows of the sector in `out_education_ages`."""
        rows: list[Row] = self._study.table("out_education_ages").to_pylist()
        return [row for row in rows if row["sector"] == self.code]

    def published(self) -> list[tuple[str, str, str, str]]:
        """Published figures: what, cohort or year, value, source."""
        t = self.t
        found = []
        for row in load("education_figures").to_pylist():
            students = row["unit"] == "students"
            value = t("education.published.students", n=t.number(row["value"])) if students else t.percent(row["value"])
            source = all_sources()[row["source"]]
            found.append(
                (row[f"statement_{t.language}"], row["cohort"] or DASH, value, f"{source.publisher}, {source.period}")
            )
        return found


def _total(rows: Iterable[Row]) -> tuple[float, float | None]:
    """Persons of rows of destinations, as bounds; a number that is not known leaves no most."""
    total: list[float | None] = [0.0, 0.0]
    for row in rows:
        add(total, row, "persons")
    return total[0] or 0.0, total[1]


def _basis(rows: Iterable[Row]) -> str:
    """How rows are known: `observed`, `matrix`, or both, joined by a plus."""
    return "+".join(sorted({row["basis"] for row in rows}))


def _bar(value: float | None, low: float, high: float, n: float | None) -> Row:
    return {"share_pct": value, "share_low": low, "share_high": high, "vacancies_n": n, "period": ALL}
