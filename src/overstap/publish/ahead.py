"""The labour market ahead in words, charts and tables: openings, scenarios, ages, and other countries.

The report and the dashboard take the same from here. What is unknown is said to be so, and a growth is called one only
where its interval lies on one side of nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from overstap.moves.facts import REST_GROUPS
from overstap.outlook.levers import levers
from overstap.outlook.scenario import BASE, read_scenario
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, NBSP, Translator
from overstap.publish.vega import Row
from overstap.publish.vega_more import effects
from overstap.publish.words import Sentence
from overstap.reference.tables import load
from overstap.schema.out import ALL

MOST_ROWS = 15
ABROAD = ("ict", "2", "3", "4", "7")
_COUNTRY_YEAR = "2022"
_ENDS = ("value", "low", "high")


class AheadChapter:
    """What a study says of the labour market ahead, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t, self.settings = study, t, study.spec.outlook

    @cached_property
    def whole(self) -> list[Row]:
        """Rows of `out_outlook_window` for the whole country."""
        rows: list[Row] = self._study.table("out_outlook_window").to_pylist()
        return [row for row in rows if row["region"] == ALL]

    def years(self) -> str:
        """The years of the outlook."""
        return f"{self.settings.first_year}{DASH}{self.settings.last_year}"

    def name(self, level: str, code: str) -> str:
        """The name of an occupation in the reader's language."""
        return _names(self.t.language, level).get(code, code)

    def said(self) -> list[Sentence]:
        """How many openings, in how many occupations growth is beyond doubt, and whether a shortage is known."""
        t = self.t
        majors = [row for row in self.whole if row["level"] == "isco1"]
        groups = [row for row in self.whole if row["level"] == "brc" and row["code"] not in REST_GROUPS]
        openings, outflow = (_total(majors, name) for name in ("openings", "outflow"))
        if openings is None or outflow is None:
            return [Sentence(t("ahead.unknown", years=self.years()), "unknown")]
        groups = [row for row in groups if row["growth_low"] is not None]
        fields = {
            "years": self.years(),
            "openings": t.number(round(openings, -4)),
            "outflow": t.number(round(outflow, -4)),
            "n": t.number(len(groups)),
            "up": t.number(sum(row["growth_low"] > 0 for row in groups)),
            "down": t.number(sum(row["growth_high"] < 0 for row in groups)),
            "confidence": t.percent(100 * self.settings.confidence, 0),
        }
        sure = "sure" if (fields["up"], fields["down"]) != ("0", "0") else "unsure"
        said = [Sentence(t("ahead.openings", **fields), "openings"), Sentence(t(f"ahead.{sure}", **fields), sure)]
        known = [row for row in groups if row["balance"] is not None]
        if not known:
            return [*said, Sentence(t("ahead.no_inflow"), "no_inflow")]
        short = [row for row in known if row["balance_high"] < 0]
        names = t.names([self.name("brc", row["code"]) for row in sorted(short, key=lambda row: row["balance"])[:5]])
        state = "short" if short else "none_short"
        fields = {"n": t.number(len(known)), "short": t.number(len(short)), "names": names}
        return [*said, Sentence(t(f"ahead.{state}", **fields), state)]

    def growth_chart(self) -> Chart:
        """Growth of the major groups with its interval."""
        t = self.t
        rows = [row for row in self.whole if row["level"] == "isco1"]
        rows.sort(key=lambda row: (row["growth_pct"] is None, -(row["growth_pct"] or 0.0)))
        names = [self.name("isco1", row["code"]) for row in rows]
        values = [_effect(t, name, row, "growth", "growth_pct") for name, row in zip(names, rows, strict=True)]
        sure = [self.name("isco1", row["code"]) for row in rows if _beyond_nought(row, "growth")]
        finding = t(f"ahead.chart.growth.{'some' if sure else 'none'}", names=t.names(sure), years=self.years())
        columns = ("code", "employed", "growth_pct", "growth_low", "growth_high", "outflow", "openings",
                   "openings_low", "openings_high", "openings_roa", "employed_basis", "outflow_basis")  # fmt: skip
        spec = effects(t, values, t("ahead.chart.growth.axis"), finding)
        shown = [row | {"code": f"{row['code']} {name}"} for row, name in zip(rows, names, strict=True)]
        return self._chart("ahead-growth", "growth", finding, spec, "out_outlook_window", columns, shown)

    def scenario_chart(self, outcome: str = "openings") -> Chart:
        """What each scenario changes in an outcome; without scenarios, what each lever does at its ends."""
        t = self.t
        rows = [
            row
            for row in self._study.table("out_scenarios").to_pylist()
            if row["outcome"] == outcome and row["topsector"] == ALL and row["scenario"] != BASE
        ]
        if not rows:
            return self.lever_chart(outcome)
        values = [_effect(t, self.title(row["scenario"]), row, "change", "change") for row in rows]
        sure = [self.title(row["scenario"]) for row in rows if _beyond_nought(row, "change")]
        finding = t(f"ahead.chart.scenarios.{'some' if sure else 'none'}", names=t.names(sure), years=self.years())
        columns = ("scenario", "outcome", "value", "value_low", "value_high", "change", "change_low", "change_high")
        spec = effects(t, values, t("ahead.chart.scenarios.axis"), finding, float("inf"))
        return self._chart("ahead-scenarios", "scenarios", finding, spec, "out_scenarios", columns, rows)

    def lever_chart(self, outcome: str = "openings") -> Chart:
        """What each lever of the base does by itself, from one end of its range to the other."""
        t = self.t
        of_base = (
            row["path"]
            for row in self._study.table("out_scenarios").to_pylist()
            if (row["scenario"], row["topsector"], row["outcome"]) == (BASE, ALL, outcome)
        )
        base = next(of_base, None)
        rows = [
            row
            for row in self._study.table("out_scenario_levers").to_pylist()
            if (row["scenario"], row["outcome"]) == (BASE, outcome)
            and base is not None
            and None not in (row["value_low"], row["value_high"])
            and row["value_low"] != row["value_high"]
        ]
        rows.sort(key=lambda row: -abs(row["value_high"] - row["value_low"]))
        values = []
        for row in rows:
            ends = sorted((row["value_low"] - base, row["value_high"] - base))
            furthest = max(ends, key=abs)
            one = {"change": furthest, "change_low": ends[0], "change_high": ends[1]}
            values.append(_effect(t, t(f"ahead.lever.{row['lever']}"), one, "change", "change"))
        first = t(f"ahead.lever.{rows[0]['lever']}") if rows else ""
        finding = t(f"ahead.chart.levers.{'some' if rows else 'none'}", first=first, years=self.years())
        columns = ("lever", "unit", "lever_low", "lever_high", "value_low", "value_high")
        spec = effects(t, values, t("ahead.chart.scenarios.axis"), finding, float("inf"))
        return self._chart("ahead-levers", "levers", finding, spec, "out_scenario_levers", columns, rows)

    def _chart(
        self, id: str, key: str, finding: str, spec: dict[str, object], table: str, columns: tuple[str, ...],
        rows: Sequence[Row],
    ) -> Chart:  # fmt: skip
        t = self.t
        confidence = t.percent(100 * self.settings.confidence, 0)
        caption = t("ahead.chart.caption", years=self.years(), confidence=confidence, n=t.number(self.settings.draws))
        title, about = t(f"ahead.chart.{key}.title"), t(f"ahead.chart.{key}.about", confidence=confidence)
        return Chart(id, title, about, finding, caption, spec, table, columns, tuple(rows))

    def title(self, scenario: str) -> str:
        """The title of a scenario in the reader's language."""
        return self.t.value("scenario", scenario)

    def scenarios(self) -> list[tuple[str, list[str]]]:
        """Each scenario and the levers it turns, in words, with where each value comes from."""
        t = self.t
        said = []
        for given in self.settings.scenarios:
            scenario = read_scenario(given, self._study.base)
            lines = []
            for name, turned in scenario.levers.items():
                low, high = turned.bounds
                unit = levers()[name].unit.replace(" ", "_")
                size = 100 if unit == "share" else 1
                decimals = 0 if size * abs(turned.value) >= 5 else 1
                fields = {
                    e: t.number(size * v, decimals) for e, v in zip(_ENDS, (turned.value, low, high), strict=True)
                }
                key = "range" if low < high else "fixed"
                lever, unit = t(f"ahead.lever.{name}"), t(f"ahead.unit.{unit}")
                basis = t("ahead.assumption") if turned.source.casefold() == "assumption" else turned.source
                lines.append(t(f"ahead.turned.{key}", lever=lever, unit=unit, source=basis, **fields))
            said.append((self.title(scenario.name), lines))
        return said

    def occupations(self) -> list[tuple[str, Row]]:
        """The BRC groups with the most openings: name and row of `out_outlook_window`."""
        rows = [row for row in self.whole if row["level"] == "brc" and row["code"] not in REST_GROUPS]
        most = sorted(rows, key=lambda row: (row["openings"] is None, -(row["openings"] or 0.0), row["code"]))[
            :MOST_ROWS
        ]
        return [(self.name("brc", row["code"]), row) for row in most]

    def tension(self, row: Row) -> str:
        """UWV's class of tension, or that it is not known."""
        known = row["tension_class"]
        return self.t(f"ahead.tension.{known}") if known else self.t("unit.unknown")

    def abroad(self) -> list[tuple[str, Row, Row | None]]:
        """The Netherlands among countries: item, its share, and its growth, with their ranks."""
        rows = [row for row in self._study.table("out_countries").to_pylist() if row["country"] == "NL"]
        shares, growth = (
            {row["item"]: row for row in rows if row["measure"] == measure and row["period"].endswith(_COUNTRY_YEAR)}
            for measure in ("share", "growth")
        )
        label = {"ict": self.t("ahead.countries.ict")}
        items = [
            (label.get(item) or self.name("isco1", item), shares[item], growth.get(item))
            for item in ABROAD
            if item in shares
        ]
        own = [row for row in rows if row["measure"] == "indicator"]
        last = {row["item"]: row for row in sorted(own, key=lambda row: row["period"])}
        return [*items, *((row["item"], row, None) for row in last.values())]

    def ages(self) -> list[Row]:
        """The last year of each sector whose ages the study has: rows of `out_workforce_age`."""
        rows = sorted(self._study.table("out_workforce_age").to_pylist(), key=lambda row: row["year"])
        return list({row["sector"]: row for row in rows}.values())


def _effect(t: Translator, name: str, row: Row, stem: str, value: str) -> Row:
    """A value with its interval as `vega_more.effects` draws it: per cent as they are, persons in thousands."""
    is_pct = value.endswith("_pct")
    size, unit = (1.0, f"{NBSP}%") if is_pct else (1e-3, "")
    known = {end: row[key] for end, key in zip(_ENDS, (value, f"{stem}_low", f"{stem}_high"), strict=True)}
    found = {end: None if one is None else size * one for end, one in known.items()}
    texts = [t.signed(one, 0) + (unit if one is not None else "") for one in found.values()]
    return {
        "name": name,
        **found,
        "value_text": texts[0],
        "interval_text": f"{texts[1]} {DASH} {texts[2]}",
        "n_text": "",
    }


def _total(rows: Sequence[Row], name: str) -> float | None:
    """The sum of a column; None where one of its values is not known, or there is no row."""
    values = [row[name] for row in rows]
    return None if not values or None in values else sum(values)


def _beyond_nought(row: Row, stem: str) -> bool:
    """Whether the interval lies on one side of nought; not where it is unknown."""
    low, high = row[f"{stem}_low"], row[f"{stem}_high"]
    return None not in (low, high) and bool(low > 0 or high < 0)


@lru_cache(maxsize=8)
def _names(language: str, level: str) -> dict[str, str]:
    if level == "brc":
        table = load("brc2014" if language == "nl" else "brc2014_en").to_pylist()
        return {row["code"]: row[f"title_{language}"] for row in table}
    return {row["code"]: row[f"title_{language}"] for row in load("isco08").to_pylist()}
