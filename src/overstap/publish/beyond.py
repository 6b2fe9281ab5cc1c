"""Charts of what goes beyond one field and beyond the taxonomy: cross-over between domains, and new phrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from overstap.publish import words
from overstap.publish.charts import About, Chart, caption, left_out
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Row, bars
from overstap.schema.market import APART
from overstap.schema.out import ALL
from overstap.schema.phrases import DIRECTIONS

MOST = 15  # bars of a chart
_NAMED = 3
_KEYS = {"domain": ("kind", "item_id"), "occupation": ("isco2",)}
_CHANGE = ("change_pp", "change_low", "change_high", "q_value", "direction")
_SHARE = ("asked_n", "vacancies_n", "employers_n", "share_pct", "share_low", "share_high")
_PHRASE = (
    "phrase", "language", "direction", "first_seen", "vacancies_n", "employers_n", "occupations", "sectors",
    "first_pct", "last_pct", "last_low", "last_high", "q_value", "asking_pct", "nearest_skill_id", "nearest_score",
)  # fmt: skip


def cross_over_by_domain(rows: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_cross_over` over all occupations and sectors in the last period: roles of two domains, and skills
    of each domain asked elsewhere."""
    whole = [dict(row) for row in rows if (row["isco2"], row["sector"]) == (ALL, ALL)]
    kept = [row for row in whole if row["kind"] == "skills" or row["item_id"] == "any"]
    return _cross_over(
        kept, t, about, id, "domain", lambda row: t(f"cross_over.short.{row['kind']}", name=t.item_of(row))
    )


def cross_over_by_occupation(rows: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_cross_over` of digital skills in occupations that are not of ICT, in the last period."""
    kept = [dict(r) for r in rows if (r["kind"], r["item_id"], r["sector"]) == ("skills", "ict", ALL)]
    kept = [row for row in kept if row["isco2"] != ALL]
    return _cross_over(kept, t, about, id, "occupation", lambda row: t.named("isco2", row["isco2"]))


def _cross_over(
    rows: Sequence[Row], t: Translator, about: About, id: str, what: str, name: Callable[[Row], str]
) -> Chart:
    last = max((str(row["period"]) for row in rows), default="")
    order = sorted(
        (row for row in rows if row["period"] == last), key=lambda row: (-(row["share_pct"] or 0.0), name(row))
    )
    drawn = [row for row in order if row["is_reliable"] and row["asked_n"] and row["share_pct"] is not None][:MOST]
    state, told = "none", {}
    if drawn:
        first = drawn[0]
        state = "known"
        told = {"name": t(f"cross_over.{first['kind']}", name=t.item_of(first)) if what == "domain" else name(first)}
        told |= {"share": t.percent(first["share_pct"]), "n": t.number(first["vacancies_n"])}
        told |= {"interval": t.percent_interval(first["share_low"], first["share_high"]), "period": t.period(last)}
    title = t(f"cross_over.title.{what}_{state}", **told)
    finding = t(f"cross_over.finding.{what}_{state}", **told)
    if drawn:
        finding += " " + _moved(drawn, t, name).text
    return Chart(
        id,
        title,
        f"{t(f'cross_over.about.{what}')} {t('cross_over.about.tested')}",
        finding,
        caption(t, about, order, [row["vacancies_n"] for row in drawn]) + left_out(t, about, order),
        bars(t, drawn, [capital(name(row)) for row in drawn], f"{title}. {finding}"),
        "out_cross_over",
        (*_KEYS[what], *_SHARE, *_CHANGE, *(["note"] if any(row["note"] for row in order) else []), "skills"),
        (*drawn, *(row for row in order if not row["is_reliable"])),
    )


def _moved(rows: Sequence[Row], t: Translator, name: Callable[[Row], str]) -> words.Sentence:
    """Which of the rows grew or shrank since the first period, the most first."""
    if any(row["note"] == APART for row in rows):
        return words.Sentence(t("cross_over.moved.apart"), "apart")
    parts = []
    for direction in ("rising", "falling"):
        moved = sorted((r for r in rows if r["direction"] == direction), key=lambda row: -abs(row["change_pp"]))
        names = [_change(row, t, name(row)) for row in moved[:_NAMED]]
        parts += [t(f"cross_over.moved.{direction}", names=t.names(names))] if names else []
    return words.Sentence(" ".join(parts) or t("cross_over.moved.none"), "moved" if parts else "none")


def _change(row: Row, t: Translator, name: str) -> str:
    bounds = {end: t.signed(row[f"change_{end}"]) for end in ("low", "high")}
    return t("cross_over.moved.item", name=name, change=t.signed(row["change_pp"]), **bounds)


def new_phrases(rows: Sequence[Row], t: Translator, about: About, *, id: str) -> Chart:
    """Rows of `out_new_phrases`, in their order: the first of them as shares of the vacancies read in that language."""
    order = [dict(row) for row in rows]
    drawn = order[:MOST]
    counts = {name: sum(row["direction"] == name for row in order) for name in DIRECTIONS}
    apart = any(row["note"] == APART for row in order)
    state = "apart" if apart else "known" if order else "none"
    forms = {row["phrase"].casefold(): row["phrase"] for row in reversed(order)}
    written = [forms[row["phrase"].casefold()] for row in order]
    fields = {
        "n": t.number(len(order)),
        "names": t.names([f"‘{phrase}’" for phrase in list(dict.fromkeys(written))[:_NAMED]]),
        "sample": t.percent(order[0]["sample_pct"], 0) if order else "",
        **{name: t.number(count) for name, count in counts.items()},
    }
    title, finding = (
        t(f"new_phrases.title.{'known' if order else 'none'}", **fields),
        t(f"new_phrases.finding.{state}", **fields),
    )
    shares = [_as_share(row) for row in drawn]
    if len(forms) < len(order):
        finding += " " + t("new_phrases.languages", n=t.number(len(forms)))
    known = [row for row in shares if row["share_pct"] is not None]
    unread = len(order) - sum(row["last_pct"] is not None for row in order)
    if unread:
        finding += " " + t(f"new_phrases.unread.{'one' if unread == 1 else 'other'}", n=t.number(unread))
    return Chart(
        id,
        title,
        t("new_phrases.about"),
        finding,
        caption(t, about, shares, [row["vacancies_n"] for row in known]),
        bars(
            t,
            shares,
            [f"{text} ({row['language']})" for text, row in zip(written, drawn, strict=False)],
            f"{title}. {finding}",
        ),
        "out_new_phrases",
        _PHRASE,
        tuple(drawn),
    )


def _as_share(row: Row) -> Row:
    """A phrase as its share in the last period, as the bars want it."""
    values = {f"share_{end}": row[f"last_{end}"] for end in ("pct", "low", "high")}
    return {**values, "vacancies_n": row["last_base_n"], "period": row["last_period"]}
