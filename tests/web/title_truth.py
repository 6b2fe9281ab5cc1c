"""Whether the title of a chart says what its rows say: its numbers, who leads, and which way things went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from overstap.publish.charts import Chart
from overstap.publish.labels import Translator

Row = Mapping[str, Any]
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
MEASURES = ("shrunk_ratio", "share_pct", "gap", "initiatives_n", "value")
BEST, WORST = re.compile(r"\b(first|most|top of the risers|highest|largest)\b"), re.compile(r"\b(lowest|least)\b")
LOWEST_FIRST = ("rank", "mean_rank")
PLACES = ("item_id", "item", "level", "sector", "topsector", "province", "code")
WAYS = {
    "up": re.compile(r"\b(rose|risen|more|higher|top of the risers)\b", re.IGNORECASE),
    "down": re.compile(r"\b(fell|fallen|fewer|lower|top of the fallers)\b", re.IGNORECASE),
}
ENDS = re.compile(r"\b(highest|lowest) at (.+?)(?=, (?:highest|lowest) at|$)")
GROUPS = re.compile(r"(?:^|, )([^,]+?) more often in the (first|second)(?: group)?")
LISTS = re.compile(r"(risen|fallen) in (\d+) of (\d+)")


def untrue(title: str, chart: Chart, t: Translator) -> list[str]:
    """What in `title` the rows and the finding of the chart do not bear out."""
    title = title.replace("\u00a0", " ")
    found = [*_numbers(title, chart), *_leaders(title, chart, t), *_ways(title, chart, t), *_lists(title, chart)]
    return [*found, *_groups(title, chart, t)]


def labels(row: Row, t: Translator) -> set[str]:
    """Every way in which a title may name a row."""
    found = {row[name] for name in ("name", f"name_{t.language}", f"item_{t.language}") if row.get(name)}
    for name in ("level",) if row.get("level") and "dimension" in row else PLACES:
        if isinstance(row.get(name), str) and row[name] not in ("all", ""):
            kind = row["dimension"] if name == "level" and "dimension" in row else row.get("item_kind") or name
            found |= {t.named(str(kind), row[name]), t.named(name, row[name]), t.value(str(kind), row[name])}
    return {label.casefold() for label in found if len(label) > 2}


def _numbers(title: str, chart: Chart) -> Iterator[str]:
    """Numbers stand in the finding, among the names of the rows, or count the rows."""
    told = f"{chart.finding} {chart.caption}".replace("\u00a0", " ")
    names = " ".join(str(v) for row in chart.rows for v in row.values() if isinstance(v, str))
    known = {*NUMBER.findall(told), *NUMBER.findall(names), *_counts(chart.rows)}
    if "candidates" in title:
        known.add(str(len(chart.rows)))
    if not LISTS.search(title):
        yield from (f"number {n}" for n in NUMBER.findall(re.sub(r"\b(before|after) \d+", "", title)) if n not in known)


def _counts(rows: Sequence[Row]) -> set[str]:
    """How many rows there are, and of how many it is sure which way they go, where that is what a chart tells."""
    for low, high in (("growth_low", "growth_high"), ("change_low", "change_high")):
        if rows and low in rows[0]:
            known = [row for row in rows if row[low] is not None]
            return {str(len(rows)), str(sum(row[low] > 0 or row[high] < 0 for row in known))}
    if rows and "consensus" in rows[0]:
        return {str(len(rows)), str(sum(row["consensus"] not in (None, "none") for row in rows))}
    return set()


def _lists(title: str, chart: Chart) -> Iterator[str]:
    """‘Risen in 3 of 5’: as many as the finding names."""
    for way, n, of in LISTS.findall(title):
        listed = re.search(rf"\b{way} for (.+?)(?:;|\. )", chart.finding)
        every = re.findall(r"\b(?:risen|fallen|unclear|new|gone|unknown) for (.+?)(?:;|\. |$)", chart.finding)
        if int(n) != (_many(listed[1]) if listed else 0) or int(of) != sum(map(_many, every)):
            yield f"{way} in {n} of {of}"


def _many(names: str) -> int:
    return len(re.split(r", | and ", names))


def _leaders(title: str, chart: Chart, t: Translator) -> Iterator[str]:
    """Who is said to be first has the largest figure; who is said to be last, the smallest."""
    rows = [row for row in chart.rows if row.get("is_reliable", True)]
    measure = next((m for m in MEASURES if any(row.get(m) is not None for row in rows)), None)
    panel = chart.table == "out_panel_ranking"
    order = next((m for m in LOWEST_FIRST if panel and any(row.get(m) is not None for row in rows)), None)
    if "candidates" in title or "first group" in title or (order is None and measure is None):
        return
    key, best = (order, min) if order else (measure, max)
    if key != "shrunk_ratio" and len({row.get("period") for row in rows}) > 1:
        return
    known = [row for row in rows if row.get(str(key)) is not None and "unknown" not in labels(row, t)]
    if not known or not any(labels(row, t) for row in known):
        return
    if ends := ENDS.findall(title):
        for word, part in ends:
            row = (max if word == "highest" else min)(known, key=lambda row: row[str(key)])
            if not labels(row, t) & {part.casefold()}:
                yield f"{word} at {part}"
        return
    least = WORST.search(title)
    head, tail = (title[: least.start()], title[least.start() :]) if least else (title, "")
    if re.search(r" most, .+ least$", title):
        head, tail = title.rsplit(" most, ", 1)
        head += " most"
    for part, words, pick in (
        (head, BEST, best),
        (tail, re.compile(r"\b(lowest|least)\b"), max if best is min else min),
    ):
        if words.search(part):
            top = pick(row[str(key)] for row in known)
            if not any(label in part.casefold() for row in known if row[str(key)] == top for label in labels(row, t)):
                yield f"leader by {key} in '{part}'"


def _ways(title: str, chart: Chart, t: Translator) -> Iterator[str]:
    """Up or down: as the rows went from the first period to the last, or as their direction says."""
    ways = {way for way, words in WAYS.items() if words.search(title)}
    if chart.table == "out_volume" and ways:
        years: dict[str, int] = {}
        for row in chart.rows:
            years[str(row["period"])[:4]] = years.get(str(row["period"])[:4], 0) + row["vacancies_n"]
        first, last = years[min(years)], years[max(years)]
        if ways != ({"up"} if last > first else {"down"} if last < first else set()):
            yield "more or fewer"
    elif chart.table == "out_demand" and "share" in title and ways:
        shares = [row["share_pct"] for row in sorted(chart.rows, key=lambda row: str(row["period"]))]
        if ways != ({"up"} if shares[-1] > shares[0] else {"down"}):
            yield "rose or fell"
    elif chart.table == "out_change" and ways:
        directions = {row["direction"] for row in chart.rows}
        yield from (f"{way}" for way in ways if {"up": "rising", "down": "falling"}[way] not in directions)
    elif "smaller for" in title or "larger for" in title:
        said = {"smaller": "and has narrowed" in chart.finding, "larger": "and has widened" in chart.finding}
        yield from (word for word, held in said.items() if (f"{word} for" in title) != held)
    elif title.startswith("Higher after"):
        yield from _shifted(title, chart.rows, t)


def _groups(title: str, chart: Chart, t: Translator) -> Iterator[str]:
    """‘More often in the first group’: its share there is the larger."""
    first = chart.rows[0].get("group") if chart.rows else None
    for name, which in GROUPS.findall(title):
        mine = [row for row in chart.rows if name.casefold() in labels(row, t) and row["share_pct"] is not None]
        shares = {row["group"] == first: row["share_pct"] for row in mine}
        if len(shares) < 2 or (shares[True] > shares[False]) != (which == "first"):
            yield f"{name} more often in the {which}"


def _shifted(title: str, rows: Sequence[Row], t: Translator) -> Iterator[str]:
    """Items said to be higher have a mean rank that surely fell, as 1 is the highest."""
    higher, _, lower = title.partition("lower:")
    for row in rows:
        if row.get("shift_low") is None:
            continue
        sure = higher if row["shift_high"] < 0 else lower if row["shift_low"] > 0 else None
        for part in (higher, lower):
            if any(label in part.casefold() for label in labels(row, t)) and part is not sure:
                yield f"{labels(row, t)} in '{part}'"


TURNED = (
    ("rose", "fell"),
    ("risen", "fallen"),
    ("More vacancies", "Fewer vacancies"),
    ("top of the risers", "top of the fallers"),
    ("smaller", "larger"),
)


def wrong(title: str, chart: Chart, t: Translator) -> Iterator[str]:
    """Titles like this one that the same rows do not bear out: another number, another leader, the other way."""
    plain = title.replace("\u00a0", " ")
    for found in NUMBER.finditer(re.sub(r"\b(before|after) \d+", lambda m: "x" * len(m[0]), plain)):
        yield f"{plain[: found.start()]}{found[0]}7{plain[found.end() :]}"
    for pair in TURNED:
        for one, other in (pair, pair[::-1]):
            if re.search(rf"\b{one}\b", plain) and not re.search(rf"\b{other}\b", plain):
                yield re.sub(rf"\b{one}\b", other, plain)
    if "highest at" in plain and "lowest at" in plain:
        yield plain.replace("highest at", "@").replace("lowest at", "highest at").replace("@", "lowest at")
    named = sorted({label for row in chart.rows for label in labels(row, t) if label in plain.casefold()}, key=len)
    others = [label for row in chart.rows for label in labels(row, t) if label not in plain.casefold()]
    if "more often in the first group" in plain:
        yield plain.replace("the first group", "the second group")
    elif named and others and BEST.search(plain) and [*_leaders("first", chart, t)]:
        yield re.sub("|".join(map(re.escape, named[::-1])), others[-1], plain, flags=re.IGNORECASE)
