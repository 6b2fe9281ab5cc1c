"""The labour market ahead in words, charts and tables: openings and shortages, ages, and other countries.

The report and the dashboard take the same from here. What is unknown is said to be so, and a growth is called one only
where its interval lies on one side of nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from overstap.moves.facts import REST_GROUPS
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, NBSP, Translator
from overstap.publish.rounding import borne, rounded, step_of
from overstap.publish.vega import Row
from overstap.publish.vega_more import effects
from overstap.publish.words import Sentence
from overstap.reference.tables import load
from overstap.schema.out import ALL
from overstap.study_outlook import OutlookSettings

MOST_ROWS = 15
ABROAD = ("ict", "2", "3", "4", "7")
_COUNTRY_YEAR = "2022"
_ENDS = ("value", "low", "high")


class AheadChapter:
    """What a study says of the labour market ahead, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator, region: str = ALL) -> None:
        self._study, self.t, self.settings, self.region = study, t, study.spec.outlook, region

    @cached_property
    def _everywhere(self) -> list[Row]:
        rows: list[Row] = self._study.table("out_outlook_window").to_pylist()
        return rows

    @cached_property
    def whole(self) -> list[Row]:
        """Rows of `out_outlook_window` for the region, as a rule the whole country."""
        return [row for row in self._everywhere if row["region"] == self.region]

    @cached_property
    def regions(self) -> list[str]:
        """The regions that the study's own figures name, beside the country."""
        return sorted({row["region"] for row in self._everywhere} - {ALL})

    def years(self) -> str:
        """The years of the outlook."""
        return years_of(self.settings)

    def name(self, level: str, code: str) -> str:
        """The name of an occupation in the reader's language."""
        return _names(self.t.language, level).get(code, code)

    def said(self) -> list[Sentence]:
        """How many openings, in how many occupations growth is beyond doubt, and whether a shortage is known."""
        t = self.t
        majors = [row for row in self.whole if row["level"] == "isco1"]
        groups = [row for row in self.whole if row["level"] == "brc" and row["code"] not in REST_GROUPS]
        openings, outflow = (_total(majors, name) for name in ("openings", "outflow"))
        if self.region != ALL:
            n = t.count("ahead.figures", len(self.whole))
            return [Sentence(t("ahead.region", region=self.region, n=n), "region"), *self._short(self.whole)]
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
        return [*said, *self._two_totals(majors), *self._short(groups)]

    def _two_totals(self, majors: Sequence[Row]) -> list[Sentence]:
        """Why the occupation groups do not add up to the major groups: nothing is scaled to make them."""
        t = self.t
        groups = [row for row in self.whole if row["level"] == "brc"]
        sums = {name: [_total(rows, name) for rows in (majors, groups)] for name in ("openings", "employed")}
        (wide, fine), (people, jobs) = sums["openings"], sums["employed"]
        if wide is None or fine is None or people is None or jobs is None or round(wide, -4) == round(fine, -4):
            return []
        fields = {"major": wide, "groups": fine, "people": people, "jobs": jobs}
        said = t("ahead.two_totals", **{name: t.number(round(value, -4)) for name, value in fields.items()})
        return [Sentence(said, "two_totals")]

    def _short(self, rows: Sequence[Row]) -> list[Sentence]:
        """In how many occupations a shortage is beyond doubt, and of how many the inflow has a lower bound alone."""
        t = self.t
        known = [row for row in rows if row["balance"] is not None]
        partly = [row for row in rows if row["balance"] is None and row["balance_low"] is not None]
        said = []
        if known:
            short = sorted((row for row in known if row["balance_high"] < 0), key=lambda row: row["balance"])
            names = t.names([self.name(row["level"], row["code"]) for row in short[:5]])
            state = "short" if short else "none_short"
            fields = {"n": t.number(len(known)), "short": t.number(len(short)), "names": names}
            said.append(Sentence(t(f"ahead.{state}", **fields), state))
        if partly:
            said.append(Sentence(t("ahead.partly", n=t.count("ahead.groups", len(partly))), "partly"))
        return said or [Sentence(t("ahead.no_inflow"), "no_inflow")]

    def growth_chart(self) -> Chart:
        """Growth with its interval of the major groups; in a region of the occupations that have figures there."""
        t = self.t
        rows = [row for row in self.whole if row["level"] == "isco1"] if self.region == ALL else self._most(self.whole)
        rows = sorted(rows, key=lambda row: (row["growth_pct"] is None, -(row["growth_pct"] or 0.0)))
        names = [self.name(row["level"], row["code"]) for row in rows]
        values = [effect(t, name, row, "growth", "growth_pct") for name, row in zip(names, rows, strict=True)]
        sure = [name for name, row in zip(names, rows, strict=True) if surely(row, "growth")]
        finding = t(f"ahead.chart.growth.{'some' if sure else 'none'}", names=t.names(sure), years=self.years())
        columns = ("code", "employed", "growth_pct", "growth_low", "growth_high", "outflow", "openings",
                   "openings_low", "openings_high", "openings_roa", "employed_basis", "outflow_basis")  # fmt: skip
        spec = effects(t, values, t("ahead.chart.growth.axis"), finding)
        shown = [as_borne(row) | {"code": f"{row['code']} {name}"} for row, name in zip(rows, names, strict=True)]
        key, words = "growth", {"sure": t.number(len(sure)), "of": t.number(len(rows))}
        if self.region != ALL:
            key, words = "growth_region", words | {"source": t.names(sorted({row["source"] for row in rows}))}
        table = "out_outlook_window"
        return ahead_chart(t, self.settings, "ahead-growth", key, finding, spec, table, columns, shown, words)

    def occupations(self) -> list[tuple[str, Row]]:
        """The BRC groups with the most openings, in a region all occupations there: name and row of
        `out_outlook_window`, rounded as its intervals bear."""
        rows = self.whole if self.region != ALL else [row for row in self.whole if row["level"] == "brc"]
        return [(self.name(row["level"], row["code"]), as_borne(row)) for row in self._most(rows)]

    def _most(self, rows: Sequence[Row]) -> list[Row]:
        kept = [row for row in rows if row["level"] != "brc" or row["code"] not in REST_GROUPS]
        return sorted(kept, key=lambda row: (row["openings"] is None, -(row["openings"] or 0.0), row["code"]))[
            :MOST_ROWS
        ]

    def balance(self, row: Row) -> str:
        """Shortage or surplus with its interval; its bound where no most of the inflow is known; or unknown."""
        t = self.t
        if row["balance"] is not None:
            ends = t.signed_interval(row["balance_low"], row["balance_high"], 0)
            return f"{t.signed(row['balance'], 0)} ({ends})"
        if row["balance_low"] is not None:
            state = "shortage_at_most" if row["balance_low"] < 0 else "surplus_at_least"
            return t(f"ahead.{state}", value=t.number(abs(row["balance_low"])))
        return t("unit.unknown")

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


def years_of(settings: OutlookSettings) -> str:
    """The years of the outlook."""
    return f"{settings.first_year}{DASH}{settings.last_year}"


def ahead_chart(
    t: Translator, settings: OutlookSettings, id: str, key: str, finding: str, spec: dict[str, object], table: str,
    columns: tuple[str, ...], rows: Sequence[Row], words: Mapping[str, str] | None = None,
) -> Chart:  # fmt: skip
    """A chart of the outlook or its scenarios: titles at `ahead.chart.<key>`, with source, years and interval.

    `words` fill in its texts; `source` among them stands in place of the bundled sources.
    """
    confidence = t.percent(100 * settings.confidence, 0)
    fields = {"source": t("ahead.chart.sources"), **(words or {}), "confidence": confidence}
    caption = t("ahead.chart.caption", **{**fields, "years": years_of(settings), "n": t.number(settings.draws)})
    title, about = (t(f"ahead.chart.{key}.{part}", **fields) for part in ("title", "about"))
    return Chart(id, title, about, finding, caption, spec, table, columns, tuple(rows))


def as_borne(row: Row) -> Row:
    """A row of `out_outlook_window` with no more digits than its intervals bear."""
    found = borne(row, "growth_pct", "openings", "balance")
    step = step_of(row["openings"], row["openings_low"], row["openings_high"])
    known = ("outflow", "openings_roa", *(["balance_low"] if row["balance"] is None else []))
    found |= {name: rounded(row[name], step) for name in known}
    return found | {"employed": rounded(row["employed"], step_of(row["employed"], None, None))}


def effect(t: Translator, name: str, row: Row, stem: str, value: str) -> Row:
    """A value with its interval as `vega_more.effects` draws it: per cent as they are, persons in thousands."""
    is_pct = value.endswith("_pct")
    size, unit = (1.0, f"{NBSP}%") if is_pct else (1e-3, "")
    known = {end: row[key] for end, key in zip(_ENDS, (value, f"{stem}_low", f"{stem}_high"), strict=True)}
    found = {end: None if one is None else size * one for end, one in known.items()}
    step = max(step_of(*found.values()), 1.0 if is_pct else 0.0)
    decimals = next((n for n in range(3) if step >= 10.0**-n), 3)
    texts = [t.signed(rounded(one, step), decimals) + (unit if one is not None else "") for one in found.values()]
    return {
        "name": name,
        **found,
        "value_text": texts[0],
        "interval_text": t("findings.between", low=texts[1], high=texts[2]),
        "n_text": "",
    }


def _total(rows: Sequence[Row], name: str) -> float | None:
    """The sum of a column; None where one of its values is not known, or there is no row."""
    values = [row[name] for row in rows]
    return None if not values or None in values else sum(values)


def surely(row: Row, stem: str) -> bool:
    """Whether the interval lies on one side of nought; not where it is unknown."""
    low, high = row[f"{stem}_low"], row[f"{stem}_high"]
    return None not in (low, high) and bool(low > 0 or high < 0)


@lru_cache(maxsize=8)
def _names(language: str, level: str) -> dict[str, str]:
    if level == "brc":
        table = load("brc2014" if language == "nl" else "brc2014_en").to_pylist()
        return {row["code"]: row[f"title_{language}"] for row in table}
    return {row["code"]: row[f"title_{language}"] for row in load("isco08").to_pylist()}
