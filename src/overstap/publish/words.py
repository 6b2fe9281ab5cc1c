"""Numbers as short sentences with their n, period and interval. Each sentence has a truth condition, its `state`.

A rise or fall is said only where `out_change.direction` says so: significant after the false-discovery correction and
an interval that leaves out 1. Two shares are said to differ only where their intervals do not
overlap. No cause is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overstap.publish.labels import Translator, capital
from overstap.schema.out import ALL

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """A sentence and the condition under which it is true (`rising`, `falling`, `unclear`, `too_few`, …)."""

    text: str
    state: str

    def __str__(self) -> str:
        return self.text


def cell_words(t: Translator, row: Row) -> dict[str, str]:
    """`vacancies` and `where`: how the vacancies of a row's cell are called."""
    group, topsector = row.get("function_group", ALL), row.get("topsector", ALL)
    language, source = row.get("language", ALL), row.get("source_id", ALL)
    where = ""
    if topsector != ALL:
        where += t("noun.where.topsector", name=t.value("topsector", topsector))
    if language != ALL:
        where += t("noun.where.language", name=t.value("language", language))
    if source != ALL:
        where += t("noun.where.source", name=source)
    known = t.has(f"noun.vacancies.{group}")
    return {"vacancies": t(f"noun.vacancies.{group if known else 'all'}"), "where": where}


def item_words(t: Translator, row: Row) -> dict[str, str]:
    """`verb`, `what` and `that`: how a row's item is asked or borne."""
    kind, item = row["item_kind"], row["item_id"]
    forms = {"function_group": "function", "title": "title", "category_group": "group"}
    form = (forms | dict.fromkeys(("brc", "isco4"), "occupation")).get(kind, "skill")
    if (kind, item) == ("category_group", "digital"):
        form = "digital"
    label = t.named(kind, item)
    return {part: t(f"ask.{form}.{part}", item=label) for part in ("verb", "what", "that")}


def share_sentence(t: Translator, row: Row) -> Sentence:
    """A row of `out_demand`: known, no_interval, too_few (below the study's minimum) or unknown (no vacancies)."""
    fields = {**cell_words(t, row), **item_words(t, row), "period": t.period(row["period"])}
    n = row["vacancies_n"]
    if not n or row["share_pct"] is None:
        return Sentence(t("words.share.unknown", **fields), "unknown")
    if not row["is_reliable"]:
        return Sentence(t("words.share.too_few", n=t.number(n), **fields), "too_few")
    fields |= {"n": t.number(n), "share": t.percent(row["share_pct"])}
    if row["share_low"] is None or row["share_high"] is None:
        return Sentence(t("words.share.no_interval", **fields), "no_interval")
    interval = t.percent_interval(row["share_low"], row["share_high"])
    return Sentence(t("words.share.known", interval=interval, **fields), "known")


def change_state(row: Row) -> str:
    """rising, falling, unclear, new (from none), gone (to none), too_few or unknown, from a row of `out_change`."""
    if not row["first_base_n"] or not row["last_base_n"]:
        return "unknown"
    if not row["is_displayed"]:
        return "too_few"
    if row["direction"] == "rising":
        return "new" if row["first_n"] == 0 else "rising"
    if row["direction"] == "falling":
        return "gone" if row["last_n"] == 0 else "falling"
    return "unclear"


def change_sentence(t: Translator, row: Row) -> Sentence:
    """A row of `out_change` as a sentence; its state is `change_state`."""
    state = change_state(row)
    fields = {
        **cell_words(t, row),
        "that": item_words(t, row)["that"],
        "first": row["first_period"],
        "last": row["last_period"],
        "first_n": t.number(row["first_base_n"]),
        "last_n": t.number(row["last_base_n"]),
        "asked": t.number(row["first_n"] + row["last_n"]),
        "first_share": t.percent(_share(row, "first")),
        "last_share": t.percent(_share(row, "last")),
        "ratio": t.factor(row["ratio"]),
        "low": t.factor(row["ratio_low"]),
        "high": t.factor(row["ratio_high"]),
        "interval": t.factor_interval(row["ratio_low"], row["ratio_high"]),
    }
    return Sentence(t(f"words.change.{state}", **fields), state)


def _share(row: Row, side: str) -> float | None:
    base = row[f"{side}_base_n"]
    return 100 * row[f"{side}_n"] / base if base else None


def volume_sentence(t: Translator, rows: Sequence[Row], selected: bool = False) -> Sentence:
    """Yearly rows of `out_volume` of one cell: more, fewer, same, one (a single year), unknown or, where the ads were
    `selected` or collected unevenly, selected: no word on growth then."""
    years = sorted(rows, key=lambda row: str(row["period"]))
    if not years:
        return Sentence(t("words.volume.unknown", **cell_words(t, {})), "unknown")
    first, last = years[0], years[-1]
    if selected:
        total = t.number(sum(row["vacancies_n"] for row in years))
        return Sentence(t("words.volume.selected", total=total, **cell_words(t, last)), "selected")
    fields = {**cell_words(t, last), "last": t.period(last["period"]), "last_n": t.number(last["vacancies_n"])}
    if len(years) == 1:
        return Sentence(t("words.volume.one", **fields), "one")
    a, b = first["vacancies_n"], last["vacancies_n"]
    state = "more" if b > a else "fewer" if b < a else "same"
    fields |= {"first": t.period(first["period"]), "first_n": t.number(a), "ratio": t.factor(b / a)}
    return Sentence(t(f"words.volume.{state}", **fields), state)


def variant(t: Translator, key: str, selected: bool) -> str:
    """The key of the text for ads that were selected, where there is one; otherwise `key`."""
    return f"{key}_selected" if selected and t.has(f"{key}_selected") else key


def apart_sentence(t: Translator, first: str, last: str) -> Sentence:
    """That two periods have no source in common, so that nothing is said of their difference."""
    return Sentence(t("caution.apart", first=t.period(first), last=t.period(last)), "apart")


def cautioned(t: Translator, sentence: Sentence, selected: bool, apart: tuple[str, str] | None = None) -> Sentence:
    """`sentence` on a difference between years, followed by the caution where the ads were `selected`; of periods that
    have no source in common (`apart`) only that."""
    if apart and sentence.state != "unknown":
        return apart_sentence(t, *apart)
    if not selected or sentence.state in ("unknown", "too_few", "none"):
        return sentence
    return Sentence(f"{sentence.text} {t('caution.years')}", sentence.state)


def overlap(a: Row, b: Row) -> bool:
    """Whether the intervals of two shares overlap, or one of them is unknown."""
    bounds = (a["share_low"], a["share_high"], b["share_low"], b["share_high"])
    if any(bound is None for bound in bounds):
        return True
    return bool(a["share_low"] <= b["share_high"] and b["share_low"] <= a["share_high"])


def ends_state(order: Sequence[Row]) -> str:
    """What can be said of both ends of shares from high to low: clear (the first is surely highest and the last surely
    lowest), apart (the first is surely above the last, but another may be higher or lower) or close."""
    first, last = order[0], order[-1]
    if overlap(first, last):
        return "close"
    shared = any(overlap(first, row) for row in order[1:]) or any(overlap(last, row) for row in order[:-1])
    return "apart" if shared else "clear"


def ranked(rows: Sequence[Row]) -> list[Row]:
    """Rows of `out_demand` with a known share, highest first; equal shares in order of their item."""
    return sorted((r for r in rows if r["share_pct"] is not None), key=lambda r: (-r["share_pct"], str(r["item_id"])))


def ranking_sentence(t: Translator, rows: Sequence[Row], opening: bool = True) -> Sentence:
    """Rows of `out_demand` of one cell and period: clear, close (one of two leads), tied (the first interval overlaps
    those of more than the second), single, too_few or unknown.

    `opening`: the sentence stands by itself, so it opens with a capital.
    """
    said = _ranking(t, rows)
    return Sentence(capital(said.text), said.state) if opening else said


def _ranking(t: Translator, rows: Sequence[Row]) -> Sentence:
    order = ranked(rows)
    if not order:
        row = rows[0] if rows else {"period": ALL}
        return Sentence(t("words.ranking.unknown", **cell_words(t, row), period=t.period(row["period"])), "unknown")
    first = order[0]
    fields = {**cell_words(t, first), "period": t.period(first["period"]), "n": t.number(first["vacancies_n"])}
    if not first["is_reliable"]:
        return Sentence(t("words.ranking.too_few", **fields), "too_few")
    name = t.value(first["item_kind"], first["item_id"])
    fields |= {"first": name, **_named_share(t, first, "")}
    if len(order) == 1:
        return Sentence(t("words.ranking.single", **fields), "single")
    second, rivals = order[1], [row for row in order[1:] if overlap(first, row)]
    state = "clear" if not rivals else "close" if rivals == [second] else "tied"
    fields |= {
        "others": t.number(len(rivals)),
        "second": t.value(second["item_kind"], second["item_id"]),
        **_named_share(t, second, "second_"),
    }
    return Sentence(t(f"words.ranking.{state}", **fields), state)


def _named_share(t: Translator, row: Row, prefix: str) -> dict[str, str]:
    interval = t.percent_interval(row["share_low"], row["share_high"])
    return {f"{prefix}share": t.percent(row["share_pct"]), f"{prefix}interval": interval}


def spread_sentence(t: Translator, rows: Sequence[Row]) -> Sentence:
    """The ICT share of several topsectors in one period: clear, apart, close (`ends_state`) or unknown (fewer than two
    reliable)."""
    order = [row for row in ranked(rows) if row["is_reliable"]]
    if len(order) < 2:
        return Sentence(t("words.spread.unknown"), "unknown")
    first, last, state = order[0], order[-1], ends_state(order)
    fields = {
        "first": t.value("topsector", first["topsector"]),
        "last": t.value("topsector", last["topsector"]),
        "n": t.number(first["vacancies_n"]),
        "last_n": t.number(last["vacancies_n"]),
        "period": t.period(first["period"]),
        **_named_share(t, first, ""),
        **_named_share(t, last, "last_"),
    }
    return Sentence(t(f"words.spread.{state}", **fields), state)


def movers(changes: Sequence[Row], direction: str, limit: int) -> list[Row]:
    """Listed rows of `out_change` in one direction, strongest first by their shrunken ratio: by the measured one those
    with fewest vacancies would come first, by luck. Where that is not known, the measured ratio or its bound ranks."""
    if direction == "rising":
        rising = [r for r in changes if change_state(r) in ("rising", "new")]
        return sorted(rising, key=lambda r: (-_strength(r), str(r["item_id"])))[:limit]
    falling = [r for r in changes if change_state(r) in ("falling", "gone")]
    return sorted(falling, key=lambda r: (_strength(r), str(r["item_id"])))[:limit]


def _strength(row: Row) -> float:
    known = (row[name] for name in ("shrunk_ratio", "ratio", "ratio_low") if row[name] is not None)
    return float(next(known, 0.0))


def movers_sentence(
    t: Translator, changes: Sequence[Row], limit: int = 3, selected: bool = False, opening: bool = True
) -> Sentence:
    """Rows of `out_change` of one cell and kind: both, risers, fallers or none.

    Of ads that were `selected`, nothing is called demonstrable. `opening`: the sentence stands by itself.
    """
    up, down = movers(changes, "rising", limit), movers(changes, "falling", limit)
    state = "both" if up and down else "risers" if up else "fallers" if down else "none"
    some = (up or down or [{"first_period": "", "last_period": ""}])[0]
    fields = {
        "risers": t.names([_mover(t, row) for row in up]),
        "fallers": t.names([_mover(t, row) for row in down]),
        "first": some["first_period"],
        "last": some["last_period"],
    }
    text = t(variant(t, f"words.movers.{state}", selected), **fields)
    return Sentence(capital(text) if opening else text, state)


def _mover(t: Translator, row: Row) -> str:
    label = t.value(row["item_kind"], row["item_id"])
    if row["ratio"] is None:
        return f"{label} (>{t.factor(row['listed_low'])}×)"
    return f"{label} ({t.factor(row['ratio'])}×; {t.factor_interval(row['listed_low'], row['listed_high'])})"


def series_sentence(t: Translator, changes: Sequence[Row], dimension: str, selected: bool = False) -> Sentence:
    """A row of `out_change` per series (a value of `dimension`, or an item): all_rising, all_falling, mixed, unclear or
    unknown."""
    known = [row for row in changes if change_state(row) not in ("unknown",)]
    if not known:
        kind = "topsector" if dimension == "topsector" else "other"
        return Sentence(t("words.series.unknown", series=t(f"noun.series.{kind}.many")), "unknown")
    lists = series_lists(changes)
    names = {
        k: t.names([t.value(r["item_kind"] if dimension == "item_id" else dimension, r[dimension]) for r in v])
        for k, v in lists.items()
    }
    state = series_state(changes)
    parts = [t(f"words.series.parts.{k}", names=v) for k, v in names.items() if v]
    fields = {k: v for k, v in names.items() if k != "unclear"} | {"parts": "; ".join(parts)}
    fields |= {"first": known[0]["first_period"], "last": known[0]["last_period"]}
    return Sentence(t(variant(t, f"words.series.{state}", selected), **fields), state)


def series_lists(changes: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of several series by what can be said: rising, falling, unclear."""
    lists: dict[str, list[Row]] = {"rising": [], "falling": [], "unclear": []}
    names = {"new": "rising", "rising": "rising", "gone": "falling", "falling": "falling"}
    for row in changes:
        lists[names.get(change_state(row), "unclear")].append(row)
    return lists


def series_state(changes: Sequence[Row]) -> str:
    """all_rising, all_falling, mixed or unclear: what can be said of several series together."""
    lists = series_lists(changes)
    up, down = len(lists["rising"]), len(lists["falling"])
    if not up and not down:
        return "unclear"
    return "all_rising" if up == len(changes) else "all_falling" if down == len(changes) else "mixed"


def quality_sentences(t: Translator, quality: Sequence[Row], vacancies: int) -> list[Sentence]:
    """Rows of `out_quality` of all sources: what was read, set aside, merged and coded."""

    def total(measure: str) -> int:
        return sum(row["value_n"] for row in quality if row["measure"] == measure)

    read, aside = total("ads_read"), total("rows_set_aside")
    if not read:
        return [Sentence(t("words.quality.nothing"), "nothing")]
    sources = len({row["source_id"] for row in quality})
    first = t(
        "words.quality.read",
        read=t.count("unit.ads", read),
        sources=t.count("words.quality.sources", sources),
        aside=t.number(aside),
        aside_pct=t.percent(100 * aside / (read + aside)),
    )
    merged = t(
        "words.quality.merged",
        vacancies=t.count("unit.vacancies", vacancies),
        merged=t.count("unit.ads", total("ads_merged")),
    )
    coded = t("words.quality.coded", coded_pct=t.percent(100 * total("titles_coded") / read))
    return [Sentence(first, "read"), Sentence(merged, "merged"), Sentence(coded, "coded")]
