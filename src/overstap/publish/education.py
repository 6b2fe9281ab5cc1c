"""Education and the labour market of one sector, in words, tables and charts.

The report and the dashboard take the same sentences and rows from here. What no file tells is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from overstap.education.graduates import share_bounds
from overstap.education.sector import of_fields, sector_codes
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.vega import Row, bars
from overstap.publish.words import Sentence
from overstap.reference.sources import all_sources
from overstap.reference.tables import load
from overstap.schema.out import ALL

KINDS = ("intake", "enrolment", "graduates")
AFTER = 5
MOST_BARS = 12


class EducationChapter:
    """What a study says of education for its sector, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t, self.settings = study, t, study.spec.education

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The ISCED-F fields that train for the sector."""
        own = self.settings.sectors
        return sector_codes(self.settings.sector, None if own == "default" else self._study.base / own)[0]

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names of fields and of ISCO-08 groups; no code of one is read as the other."""
        column = f"title_{self.t.language}"
        return {f"field {r['code']}": r[column] for r in load("isced_f").to_pylist()} | {
            r["code"]: r[column] for r in load("isco08").to_pylist()
        }

    def sector(self) -> str:
        """The name of the sector."""
        return self.t.value("topsector", self.settings.sector)

    def level(self, code: str) -> str:
        """The name of a level of education."""
        key = f"education.level.{code}"
        return self.t(key) if self.t.has(key) else self.t.value("education_level", code)

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
        return [*lines, *self._trend(), *self._to_hbo()]

    def _to_hbo(self) -> list[Sentence]:
        """The part of mbo-4 graduates in the sector that goes on in hbo, where it was observed."""
        rows = [
            row
            for row in self._study.table("out_education_destinations").to_pylist()
            if row["basis"] == "observed" and row["level"] == "mbo4" and of_fields(row["isced_f"], self.fields)
        ]
        year = max((row["year"] for row in rows if row["destination"] == "study_hbo"), default=0)
        mine = [row for row in rows if row["year"] == year and None not in (row["persons_low"], row["persons_high"])]
        part = [row for row in mine if row["destination"] == "study_hbo"]
        if not part:
            return []
        ends = share_bounds(
            (sum(row["persons_low"] for row in part), sum(row["persons_high"] for row in part)),
            (
                sum(row["persons_low"] for row in mine if row not in part),
                sum(row["persons_high"] for row in mine if row not in part),
            ),
        )
        shown = self.t.percent_interval(*ends, 0) if ends[0] != ends[1] else self.t.percent(ends[0], 0)
        return [Sentence(self.t("education.to_hbo", year=year, share=shown), "to_hbo")]

    def _trend(self) -> list[Sentence]:
        """Graduates of the last year, and whether they are more or fewer than in the first, where bounds can tell."""
        years = {row["year"]: row for row in self.stocks() if row["kind"] == "graduates"}
        if not years:
            return []
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
        text = t(
            "education.year.graduates", year=last["year"], n=self.between(last["low"], last["high"]), change=change
        )
        return [Sentence(text, f"trend_{state}")]

    def _percent_more(self, more: float, less: float, of: float | None = None) -> str:
        return self.t.percent(100 * (more - less) / (of or less), 0)

    def between(self, low: float | None, high: float | None) -> str:
        """A number with its bounds; the word for unknown where there is no most."""
        t = self.t
        if low is None or high is None:
            return t("unit.unknown")
        ends = t.number(round(low)), t.number(round(high))
        return ends[0] if ends[0] == ends[1] else DASH.join(ends)

    @cached_property
    def flows(self) -> list[Row]:
        """Rows of `out_education_flow`, all together last."""
        rows: list[Row] = self._study.table("out_education_flow").to_pylist()
        return sorted(rows, key=lambda row: (row["isco08"] == ALL, -(row["openings"] or 0), row["isco08"]))

    def flow_said(self) -> list[Sentence]:
        """Openings a year, who comes in from education, and what is left."""
        if not self.flows:
            return []
        t, row, moves = self.t, self.flows[-1], self._study.spec.moves
        openings = t.number(row["openings"])
        fields = {"openings": openings, "inflow": self.between(row["inflow_low"], row["inflow_high"])}
        years = f"{moves.first_year}{DASH}{moves.last_year}"
        low, high = row["shortage_low"], row["shortage_high"]
        if low is None or high is None:
            lines = [Sentence(t("education.flow.unknown", openings=openings), "unknown")]
        elif high < 0:
            lines = [Sentence(t("education.flow.surplus", shortage=self.between(-high, -low), **fields), "surplus")]
        else:
            lines = [Sentence(t("education.flow.said", shortage=self.between(low, high), **fields), "shortage")]
        if row["first_year"] is None:
            return [*lines, Sentence(t("education.flow.basis_none", years=years), "basis_none")]
        named = {"first": row["first_year"], "last": row["last_year"]}
        return [*lines, Sentence(t("education.flow.basis", years=years, **named), "basis")]

    def occupation(self, code: str) -> str:
        """The name of an occupation, or that of all together."""
        return self.t("education.flow.together") if code == ALL else self._names.get(code, code)

    def stocks(self) -> list[Row]:
        """Persons by kind and year in the sector's fields: the sum of its fields, as bounds."""
        found: dict[tuple[str, int], list[float | None]] = {}
        for row in self._study.table("out_education").to_pylist():
            if row["isced_f"] in self.fields and row["level"] == row["region"] == row["sex"] == ALL:
                total = found.setdefault((row["kind"], row["year"]), [0.0, 0.0])
                total[0] = (total[0] or 0.0) + (row["persons_low"] or 0.0)
                high = row["persons_high"]
                total[1] = None if total[1] is None or high is None else total[1] + high
        return [
            {"kind": kind, "year": year, "low": low, "high": high}
            for (kind, year), (low, high) in sorted(found.items(), key=lambda p: (KINDS.index(p[0][0]), p[0][1]))
        ]

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
        names: dict[str | None, str | None] = {}
        for row in self._study.table("core_education", ["programme", "programme_name"]).to_pylist():
            names.setdefault(row["programme"], row["programme_name"])
        found: dict[str, list[Row]] = {}
        for row in self._success:
            if row["split"] == "programme" and of_fields(row["isced_f"], self.fields):
                found.setdefault(row["value"], []).append(row)
        named = [(str(names.get(code) or code), rows) for code, rows in found.items()]
        return sorted(named, key=lambda pair: pair[0])

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
        columns = ("value", "isced_f", "students", "chance_pct", "chance_low", "chance_high")
        confidence = t.percent(100 * self._study.spec.measures.confidence, 0)
        caption = t("education.success.caption", confidence=confidence)
        return self._chart("success", finding, caption, drawn, names, "out_education_success", columns)

    def _success_said(self) -> str:
        """Of the sector as a whole: the mean over its fields, weighed by who came in."""
        t = self.t
        found = {}
        for state in ("diploma", "dropout", "switch"):
            rows = [
                row
                for row in self._success
                if (row["split"], row["state"], row["after"]) == (ALL, state, AFTER)
                and of_fields(row["isced_f"], self.fields)
                and row["chance_pct"] is not None
                and row["students"]
            ]
            total = sum(row["students"] for row in rows)
            found[state] = sum(row["students"] * row["chance_pct"] for row in rows) / total if total else None
        if None in found.values():
            return t("education.success.open")
        shown = {name: t.percent(value, 0) for name, value in found.items()}
        return t("education.success.finding", pct=shown["diploma"], dropout=shown["dropout"], switch=shown["switch"])

    def destinations_chart(self) -> Chart:
        """Where the sector's graduates of the last year go."""
        t = self.t
        rows = [
            r
            for r in self._study.table("out_education_destinations").to_pylist()
            if of_fields(r["isced_f"], self.fields)
        ]
        last = max((row["year"] for row in rows), default=0)
        sums: dict[str, list[float]] = {}
        for row in rows:
            if row["year"] == last and row["persons_high"] is not None:
                total = sums.setdefault(row["destination"], [0.0, 0.0])
                total[0], total[1] = total[0] + row["persons_low"], total[1] + row["persons_high"]
        low, high = (sum(total[i] for total in sums.values()) for i in (0, 1))
        found: list[tuple[Row, str]] = []
        for place, (least, most) in sums.items() if low + high > 0 else ():
            ends = 100 * least / max(least + high - most, 1e-9), 100 * most / max(most + low - least, 1e-9)
            row = {"destination": place, "year": last, "persons_low": least, "persons_high": most, "basis": "matrix"}
            bar = _bar(100 * (least + most) / (low + high), *ends, (least + most) / 2)
            found.append((row | {"isced_f": ALL, "level": ALL} | bar, self.destination(place)))
        found.sort(key=lambda pair: -pair[0]["share_pct"])
        drawn, names = [row for row, _ in found[:MOST_BARS]], [name for _, name in found[:MOST_BARS]]
        study = next((row["share_pct"] for row in drawn if row["destination"] == "study"), 0.0)
        observed = {row["basis"] for row in rows if row["year"] == last} == {"observed"}
        key = "observed" if observed else "finding"
        finding = t(f"education.destinations.{key}", year=last, study=t.percent(study, 0))
        columns = ("destination", "persons_low", "persons_high", "share_low", "share_high")
        caption = t("education.destinations.caption", year=last)
        return self._chart("destinations", finding, caption, drawn, names, "out_education_destinations", columns)

    def destination(self, place: str) -> str:
        """The name of a destination."""
        if self.t.has(f"education.destinations.{place}"):
            return self.t(f"education.destinations.{place}")
        return self._names.get(place, capital(place))

    def _chart(
        self,
        name: str,
        finding: str,
        caption: str,
        drawn: Sequence[Row],
        names: Sequence[str],
        table: str,
        columns: tuple[str, ...],
    ) -> Chart:
        t = self.t
        say: Callable[[str], str] = lambda key: t(f"education.{name}.{key}")  # noqa: E731
        spec = bars(t, drawn, names, finding, axis=say("axis"))
        if self._study.spec.simulated:
            caption = f"{t('education.simulated')} {caption}"
        return Chart(
            f"education-{name}", say("title"), say("about"), finding, caption, spec, table, columns, tuple(drawn)
        )

    def ages(self) -> list[Row]:
        """Rows of `out_education_ages`."""
        rows: list[Row] = self._study.table("out_education_ages").to_pylist()
        return rows

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


def _bar(value: float, low: float, high: float, n: float | None) -> Row:
    return {"share_pct": value, "share_low": low, "share_high": high, "vacancies_n": n, "period": ALL}
