"""What is said of one skill and of one occupation beside the chapters: asked together, by how many, who teaches it.

The dashboard takes the sentences and rows from here. Each sentence has a state; what a table does not hold is said to
be unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from overstap.publish.charts import About, Chart, caption, left_out
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Row, bars
from overstap.publish.words import Sentence
from overstap.schema.out import ALL

MOST_PAIRS = 15
_NAMED = 3
_PAIR_COLUMNS = (
    "other_id", "share_pct", "share_low", "share_high", "overall_pct", "lift", "lift_low", "lift_high", "both_n",
    "vacancies_n", "employers_n", "is_reliable",
)  # fmt: skip


def together(rows: Sequence[Row], skill: str, t: Translator, about: About, least: int) -> Chart:
    """Rows of `out_skill_pairs` of one skill: the others asked with it, the surest and highest lift first.

    `least`: vacancies from which a pair is listed.
    """
    order = sorted(rows, key=lambda row: (-(row["lift_low"] or 0.0), row["other_id"]))
    shown = [row | {"period": ALL} for row in order[:MOST_PAIRS]]
    name = t.value("skill", skill)
    sentence = together_sentence(t, order, name, least)
    drawn = [row for row in shown if row["is_reliable"]]
    fields = {"skill": capital(name), "other": t.value("skill", shown[0]["other_id"]) if shown else ""}
    title = t(f"hubs.together.title.{sentence.state}", **fields)
    names = [capital(t.value("skill", row["other_id"])) for row in drawn]
    return Chart(
        "together",
        title,
        t("hubs.together.about"),
        sentence.text,
        caption(t, about, [{"period": ALL}], [row["vacancies_n"] for row in drawn]) + left_out(t, about, shown),
        bars(t, drawn, names, f"{title}. {sentence}", axis=t("hubs.together.axis")),
        "out_skill_pairs",
        _PAIR_COLUMNS,
        tuple(shown),
    )


def together_sentence(t: Translator, rows: Sequence[Row], name: str, least: int) -> Sentence:
    """Whether others are asked with a skill more often than elsewhere: some, none (certain) or few."""
    more = [row for row in rows if row["is_reliable"] and row["lift_low"] is not None and row["lift_low"] > 1]
    fields = {"skill": name, "least": t.number(least)}
    if not rows:
        return Sentence(t("hubs.together.few", **fields), "few")
    if not more:
        return Sentence(t("hubs.together.none", **fields, n=t.number(len(rows))), "none")
    told = [
        t(
            "hubs.together.one",
            other=t.value("skill", row["other_id"]),
            lift=t.factor(row["lift"]),
            interval=t.factor_interval(row["lift_low"], row["lift_high"]),
        )
        for row in more[:_NAMED]
    ]
    n = t.number(more[0]["vacancies_n"])
    return Sentence(t("hubs.together.some", **fields, names=t.names(told), n=n), "some")


def concentration(t: Translator, row: Row | None, sums: Row | None, name: str) -> Sentence:
    """By how many employers an item is asked, and how many of equal size that is worth: known, or unknown.

    The effective number is one over the sum of squared shares (Hirschman–Herfindahl); `sums`: the item's row of
    `core_demand_sums`.
    """
    if row is None or sums is None or not sums["asked_n"] or not sums["sum_xx"]:
        return Sentence(t("hubs.employers.unknown", item=name), "unknown")
    effective = sums["asked_n"] ** 2 / sums["sum_xx"]
    fields = {"item": name, "n": t.count("unit.vacancies", sums["asked_n"]), "effective": t.number(effective)}
    return Sentence(t("hubs.employers.known", **fields), "known")


def _effective(t: Translator, row: Row, end: str) -> str:
    """An effective number with its interval, where it has one."""
    number, low, high = (row[f"{end}_{part}"] for part in ("number", "low", "high"))
    return t.number(number) if None in (number, low, high) else f"{t.number(number)} ({t.number(low)}–{t.number(high)})"


def spread_said(t: Translator, rows: Sequence[Row]) -> list[Sentence]:
    """Over how many occupations and sectors a skill is spread, and how that changed: rows of `out_spread`."""
    said = []
    for row in sorted(rows, key=lambda row: row["dimension"]):
        if row["last_number"] is None:
            continue
        ends = {end: _effective(t, row, end) for end in ("first", "last")}
        fields = ends | {"before": row["first_period"], "now": row["last_period"]}
        kind = "apart" if row["note"] else "known"
        movement = t(f"hubs.spread.moved.{row['movement']}")
        text = t(f"hubs.spread.{row['dimension']}.{kind}", movement=movement, **fields)
        said.append(Sentence(text, row["movement"]))
    return said


def taught(t: Translator, rows: Sequence[Row], packages: Sequence[Row], initiatives: Sequence[Row]) -> Sentence:
    """Who teaches a skill: some, or none of what the study was given; none is said to be no proof that nobody does."""
    covered = [row for row in rows if row["verdict"] != "missing"]
    fields = {"n": t.number(len({row["file"] for row in rows})), "some": t.number(len({r["file"] for r in covered}))}
    if covered or packages or initiatives:
        return Sentence(t("hubs.taught.some", **fields), "some")
    return Sentence(t("hubs.taught.none" if rows else "hubs.taught.unknown", **fields), "none" if rows else "unknown")


def outlook_facts(t: Translator, row: Row, balance: str, tension: str) -> list[tuple[str, str]]:
    """A row of `out_outlook_window`, rounded as its intervals bear, as label and value."""

    def between(name: str) -> str:
        value = row[name]
        if value is None:
            return t("unit.unknown")
        stem = name.removesuffix("_pct")
        low, high = row[f"{stem}_low"], row[f"{stem}_high"]
        unit = "\u00a0%" if name.endswith("_pct") else ""
        said = t.signed(value, 1) + unit if unit else t.number(value)
        if low is None:
            return said
        signed = t.signed_interval(low, high, 0) if unit or low < 0 else f"{t.number(low)}–{t.number(high)}"
        return f"{said} ({signed}{unit})"

    shortage = t(f"hubs.ita.{row['ita_class']}") if row["ita_class"] else t("unit.unknown")
    return [
        (t("hubs.outlook.openings"), between("openings")),
        (t("hubs.outlook.growth"), between("growth_pct")),
        (t("hubs.outlook.balance"), balance),
        (t("hubs.outlook.shortage"), shortage),
        (t("hubs.outlook.tension"), tension),
    ]


def moves_sentence(t: Translator, rows: Sequence[Mapping[str, object]], name: str) -> Sentence:
    """How many moves an occupation has: some, feasible (none that is desirable), near (none that is feasible), none."""
    desirable, feasible = (sum(bool(row[f"is_{kind}"]) for row in rows) for kind in ("desirable", "feasible"))
    fields = {"occupation": name, "n": t.number(len(rows)), "feasible": t.number(feasible), "good": t.number(desirable)}
    state = "some" if desirable else "feasible" if feasible else "near" if rows else "none"
    return Sentence(t(f"hubs.moves.{state}", **fields), state)
