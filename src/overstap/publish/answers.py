"""Charts of the tables beside demand and change: levels, digital intensity, forecasts of shares, polarisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from overstap.analysis.dimensions import READ_FROM, Banded
from overstap.publish import words
from overstap.publish.charts import (
    About,
    Chart,
    beside_weighted,
    caption,
    demand_columns,
    left_out,
    marked,
)
from overstap.publish.labels import Translator, capital, catalogue
from overstap.publish.vega import Row, bars, lines
from overstap.publish.vega_more import effects, forecast_line
from overstap.schema.core import FIRM_SIZES
from overstap.schema.market import APART
from overstap.schema.out import UNKNOWN

INTENSITY_COLUMNS = (
    "digital_n", "vacancies_n", "employers_n", "share_pct", "share_low", "share_high",
    "mean", "mean_low", "mean_high", "depth", "depth_low", "depth_high", "is_reliable",
)  # fmt: skip
_INTENSITY_SHORT = ("digital_n", "vacancies_n", "share_pct", "share_low", "share_high", "mean", "depth", "is_reliable")
_NAMED = 10  # levels without a bar that are named
_ORDERED = {"firm_size": FIRM_SIZES, "routine": ("low", "middle", "high"), "automation": ("low", "other", "high")}
_ORDERED |= {"skill_level": ("1", "2", "3", "4")}


def by_level(
    rows: Sequence[Row],
    t: Translator,
    about: About,
    *,
    id: str,
    dimension: str,
    limit: int = 25,
    counted: Mapping[str, int] | None = None,
) -> Chart:
    """Rows of `out_levels` of one item, dimension and period: a bar per level, in the order of the dimension where it
    has one, else from high to low; what is unknown comes last.

    `counted`: the vacancies of every level. Those large enough that have no bar are named, and nothing is said of them.
    """
    order = _in_order(t, dimension, rows)
    reliable = [row for row in order if row["is_reliable"]]
    drawn = reliable[:limit]
    item = capital(t.item(rows[0]["item_kind"], rows[0]["item_id"])) if rows else ""
    fields = {"item": item, "dimension": t(f"value.dimension.{dimension}")}
    compared = sorted((r for r in drawn if r["level"] != UNKNOWN), key=lambda r: (-r["share_pct"], r["level"]))
    if len(compared) < 2:
        state, told = "none", {}
    else:
        first, last, state = compared[0], compared[-1], words.ends_state(compared)
        told = {**_told(t, first, ""), **_told(t, last, "last_")}
    absent = [row["level"] for row in reliable[limit:]] + _absent(counted or {}, order, about.min_n)
    title = capital(t(f"chart.title.levels_{state}", **fields, **told).lstrip())  # without a row there is no item
    finding = t(f"words.levels.{state}", **fields, **told)
    if absent:
        title += t("words.levels.shown") if state != "none" else ""
        finding += " " + _not_listed(t, dimension, absent)
    names = [capital(t.named(dimension, row["level"])) for row in drawn]
    columns = ("period", "level", *demand_columns(order))
    if any(row["vacancies_estimated"] is not None for row in order):
        columns = (*columns[:-1], "vacancies_estimated", columns[-1])
    return Chart(
        id,
        title,
        t("chart.about.levels"),
        finding,
        caption(t, about, order, [row["vacancies_n"] for row in drawn])
        + left_out(t, about, order)
        + beside_weighted(t, order, drawn=True),
        bars(t, drawn, names, f"{title}. {finding}"),
        "out_levels",
        columns,
        tuple(order),
    )


def _absent(counted: Mapping[str, int], rows: Sequence[Row], min_n: int) -> list[str]:
    """The known levels of at least `min_n` vacancies that have no row, the largest first."""
    listed = {UNKNOWN, *(row["level"] for row in rows)}
    found = [level for level, n in counted.items() if n >= min_n and level not in listed]
    return sorted(found, key=lambda level: (-counted[level], level))


def _not_listed(t: Translator, dimension: str, levels: Sequence[str]) -> str:
    names = [t.named(dimension, level) for level in levels[:_NAMED]]
    rest = len(levels) - len(names)
    more = t("words.levels.more", n=t.number(rest)) if rest else ""
    return t("words.levels.not_listed", names="; ".join(names), more=more)


def _told(t: Translator, row: Row, prefix: str) -> dict[str, str]:
    return {
        f"{prefix}level": t.named(row["dimension"], row["level"]),
        f"{prefix}share": t.percent(row["share_pct"]),
        f"{prefix}interval": t.percent_interval(row["share_low"], row["share_high"]),
        f"{prefix}n": t.number(row["vacancies_n"]),
    }


def _in_order(t: Translator, dimension: str, rows: Sequence[Row]) -> list[Row]:
    source = READ_FROM.get(dimension)
    order: Sequence[str] = source.labels if isinstance(source, Banded) else _ORDERED.get(dimension, ())
    if dimension == "education":
        prefix = "value.education_level."
        order = [key.removeprefix(prefix) for key in catalogue(t.language) if key.startswith(prefix)]

    def place(row: Row) -> tuple[bool, int, float, str]:
        level = row["level"]
        at = order.index(level) if level in order else len(order)
        return level == UNKNOWN, at, 0.0 if level in order else -row["share_pct"], level

    return sorted((dict(row) for row in rows), key=place)


def intensity_by_year(rows: Sequence[Row], borders: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_intensity` by year and function group, over all sectors; `borders`: those of `out_borders` of the
    share over all sectors, from which the sentence follows."""
    shown = sorted((dict(r) for r in rows), key=lambda r: (r["function_group"], r["period"]))
    last = _last(borders)
    found = [_border(t, dict(row)) for row in last]
    groups: dict[str, list[str]] = {}
    for row, sentence in zip(last, found, strict=True):
        groups.setdefault(sentence.state, []).append(t.value("function_group", row["function_group"]))
    state = next(iter(groups)) if len(groups) == 1 else "mixed" if groups else "unknown"
    parts = (t(f"chart.title.borders_part.{part}", names=t.names(names)) for part, names in groups.items())
    title, finding = t(f"chart.title.borders_{state}", parts="; ".join(parts)), " ".join(s.text for s in found)
    drawn = [row["vacancies_n"] for row in shown if row["is_reliable"]]
    chart = Chart(
        id,
        title,
        t("chart.about.intensity_years"),
        finding or t("words.borders.unknown"),
        caption(t, about, shown, drawn) + left_out(t, about, shown),
        lines(t, shown, "function_group", f"{title}. {finding}"),
        "out_intensity",
        ("period", "function_group", *INTENSITY_COLUMNS),
        tuple(shown),
    )
    return marked(t, about, chart)


def _last(borders: Sequence[Row]) -> list[Row]:
    """Of each function group the row of its last year."""
    ordered = sorted(borders, key=lambda row: (row["function_group"], row["period"]))
    return [list(part)[-1] for _, part in groupby(ordered, key=lambda row: str(row["function_group"]))]


def _border(t: Translator, row: Row) -> words.Sentence:
    """Whether the border of ICT against a function group in the share asking digital skills fades."""
    fields = {"group": t.value("function_group", row["function_group"]), "period": t.period(row["period"])}
    if row["gap"] is None:
        return words.Sentence(t("words.borders.too_few", **fields), "unknown")
    state = "unclear"
    if row["change_low"] is not None and (row["change_low"] > 0 or row["change_high"] < 0):
        first = row["gap"] - row["change"]
        state = "grows" if abs(row["gap"]) > abs(first) else "fades"
        if first * row["gap"] < 0:
            state, fields["first"] = "turned", t.signed(first)
    fields["signed"] = t.signed(row["gap"])
    fields |= {key: t.signed(row[key]) for key in ("change", "change_low", "change_high")}
    fields |= {key: t.number(row[key], 1) for key in ("gap", "gap_low", "gap_high")}
    fields |= {"ict_n": t.number(row["ict_n"]), "group_n": t.number(row["group_n"])}
    key = state if row["change"] is not None else "apart" if row["note"] == APART else "once"
    return words.Sentence(t(f"words.borders.{key}", **fields), "unknown" if key == "apart" else state)


def intensity_by_sector(rows: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_intensity` of one period and function group, a bar per sector."""
    known = [dict(row) for row in rows if row["share_pct"] is not None]
    order = sorted(known, key=lambda r: (r["sector"] == UNKNOWN, -r["share_pct"], r["sector"]))
    drawn = [row for row in order if row["is_reliable"]]
    named = [row for row in drawn if row["sector"] != UNKNOWN]
    state, told = "none", {}
    if len(named) > 1:
        first, last, state = named[0], named[-1], words.ends_state(named)
        pairs = ((first, ""), (last, "last_"))
        told = {
            k: v
            for row, p in pairs
            for k, v in _told(t, row | {"dimension": "sector", "level": row["sector"]}, p).items()
        }
        told |= {f"{p}{k}": t.factor(row[k]) for row, p in pairs for k in ("mean", "depth")}
    title, finding = t(f"chart.title.intensity_{state}", **told), t(f"words.intensity.{state}", **told)
    return Chart(
        id,
        title,
        t("chart.about.intensity_sector"),
        finding,
        caption(t, about, order, [row["vacancies_n"] for row in drawn]) + left_out(t, about, order),
        bars(t, drawn, [capital(t.named("sector", row["sector"])) for row in drawn], f"{title}. {finding}"),
        "out_intensity",
        ("period", "sector", *_INTENSITY_SHORT),
        tuple(order),
    )


def forecast_of(ahead: Sequence[Row], past: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_forecast` of one item by quarter, behind its yearly rows of `out_demand`."""
    coming = sorted((dict(r) for r in ahead if r["share_pct"] is not None), key=lambda r: str(r["period"]))
    years = sorted((dict(r) for r in past), key=lambda r: str(r["period"]))
    item = capital(t.item(ahead[0]["item_kind"], ahead[0]["item_id"])) if ahead else ""
    known = [row for row in years if row["is_reliable"]]
    note = next((row["note"] for row in ahead if row["note"]), "short")
    fields = {"item": item, "why": t(f"forecast.note.{note}")}
    state = "none"
    if coming and known:
        end, now = coming[-1], known[-1]
        state = "unclear"
        if now["share_low"] is not None and end["share_low"] > now["share_high"]:
            state = "higher"
        elif now["share_low"] is not None and end["share_high"] < now["share_low"]:
            state = "lower"
        fields |= _outlook(t, end, now)
    title, finding = t(f"chart.title.forecast_{state}", **fields), t(f"words.forecast.{state}", **fields)
    about_it = (
        [t("chart.about.years")] if state == "none" else [t("chart.about.forecast"), *_tested(t, coming[-1], fields)]
    )
    span = [*known, *coming]
    text = caption(t, about, span, [row["vacancies_n"] for row in known])
    text += "" if state == "none" else " " + t("chart.forecast_level")
    chart = Chart(
        id,
        title,
        " ".join(about_it),
        finding,
        text,
        forecast_line(t, known, coming, f"{title}. {finding}"),
        "out_forecast",
        ("period", "note", "share_pct", "share_low", "share_high"),
        (*({**row, "note": "measured"} for row in known), *({**row, "note": "expected"} for row in coming)),
    )
    return marked(t, about, chart)


def _outlook(t: Translator, end: Row, now: Row) -> dict[str, str]:
    return {
        "period": t.period(end["period"]),
        "share": t.percent(end["share_pct"]),
        "interval": t.percent_interval(end["share_low"], end["share_high"]),
        "last": t.period(now["period"]),
        "last_share": t.percent(now["share_pct"]),
        "last_interval": t.percent_interval(now["share_low"], now["share_high"]),
        "origins": t.number(end["origins_n"]),
        "mase": t.factor(end["mase"]),
        "naive": t.factor(end["naive_mase"]),
        "coverage": t.percent(end["coverage_pct"], 0),
    }


def _tested(t: Translator, end: Row, fields: dict[str, str]) -> list[str]:
    """How forecasts of such items did in the past, and whether better than the last value."""
    verdict = t("words.forecast.no_better") if end["mase"] >= end["naive_mase"] else ""
    told = [t("words.forecast.tested", **fields, verdict=verdict)]
    return told if end["coverage_pct"] is None else [*told, t("words.forecast.covered", **fields)]


def polarisation_chart(rows: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_polarisation` as growth in per cent: of both ends against the middle, and per step of routine."""
    known = [dict(row) for row in rows if row["value"] is not None]
    said = polarisation_sentences(t, rows)
    # Without a U or an arch nothing is called polarisation, whatever the bend of the curve.
    shapes = {row["what"]: row["shape"] for row in known if row["measure"] == "curvature"}
    state = "u" if "u" in shapes.values() else "arch" if "arch" in shapes.values() else "none" if known else "unknown"
    which = t.names([t(f"behind.polarisation.short.{what}") for what, shape in shapes.items() if shape == state])
    title = t(f"chart.title.polarisation_{state}", which=which)
    finding = " ".join(s.text for s in said) or title
    values = [_effect(t, row) for row in known]
    span = sorted({row[f"{end}_period"] for row in rows for end in ("first", "last")})
    sources = f"{t('chart.sources', names=t.names(list(about.sources)))}; {t('chart.cedefop')}"
    fields = {"sources": sources, "period": "–".join(map(t.period, span)) or "–"}
    n = sorted({row["occupations_n"] for row in known}) or [0]
    growth = "; ".join(f"{v['name']} {v['value_text']} ({v['interval_text']})" for v in values)
    told = f" {t('words.polarisation.growth', growth=growth)}" if values else ""
    most = t.count("unit.occupations", n[-1])
    fields["n"] = most if len(n) == 1 else f"{t.number(n[0])}–{most}"
    text = t("chart.caption_occupations", confidence=t.percent(100 * about.confidence, 0), **fields)
    return Chart(
        id,
        title,
        t("chart.about.polarisation") + told,
        finding,
        f"{t('chart.simulated')} {text}" if about.simulated else text,
        effects(t, values, t("unit.growth_axis"), f"{title}. {finding}"),
        "out_polarisation",
        ("what", "measure", "first_period", "last_period", "value", "value_low", "value_high", "p_value",
         "occupations_n", "shape", *(["note"] if any(row["note"] for row in known) else [])),
        tuple(known),
    )  # fmt: skip


def _effect(t: Translator, row: Row) -> Row:
    """The coefficient as growth in per cent: of the ends against the middle (a quarter of the curvature), or a step."""
    scale = 0.25 if row["measure"] == "curvature" else 1.0
    value, low, high = (100 * float(np.expm1(scale * row[name])) for name in ("value", "value_low", "value_high"))
    return {
        "name": t(f"behind.polarisation.effect.{row['what']}_{row['measure']}"),
        "value": value,
        "low": low,
        "high": high,
        "value_text": f"{t.signed(value)}\u00a0%",
        "interval_text": f"{t.signed_interval(low, high)}\u00a0%",
        "n_text": t.number(row["occupations_n"]),
    }


def polarisation_sentences(t: Translator, rows: Sequence[Row]) -> list[words.Sentence]:
    """Whether vacancies and jobs grew at both ends of skill, and against routine work: what is shown one by one, what
    cannot be shown, or be said, together."""
    said: list[words.Sentence] = []
    unsaid: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        years = {"first": row["first_period"], "last": row["last_period"]}
        what = t(f"behind.polarisation.{row['what']}")
        state = "unclear"
        if row["note"] == APART:
            said.append(words.apart_sentence(t, **years))
            continue
        if row["value"] is None:
            state = "too_few"
        elif row["measure"] == "curvature":
            state = {"u": "curvature_up", "arch": "curvature_down"}.get(row["shape"], state)
        elif row["value_low"] > 0 or row["value_high"] < 0:
            state = f"routine_{'up' if row['value'] > 0 else 'down'}"
        n = t.number(row["occupations_n"])
        if state in ("unclear", "too_few"):
            of = t("behind.polarisation.of_n", what=what, n=n)
            unsaid.setdefault((state, *years.values(), of), []).append(row["measure"])
        else:
            said.append(words.Sentence(capital(t(f"behind.polarisation.{state}", what=what, n=n, **years)), state))
    return list(dict.fromkeys([*said, *_open(t, unsaid)]))


def _open(t: Translator, found: Mapping[tuple[str, ...], Sequence[str]]) -> Iterator[words.Sentence]:
    """A sentence for all of which the same cannot be said: `found` has the measures by state, periods and of what."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for (state, first, last, of), measures in found.items():
        alike.setdefault((state, first, last, "both" if len(measures) > 1 else measures[0]), []).append(of)
    for (state, first, last, measure), every in alike.items():
        text = t(f"behind.polarisation.{state}.{measure}", first=first, last=last, what=t.names(every))
        yield words.Sentence(capital(text), f"{measure}_{state}")
