"""The charts of the demand page for a selection, each with the table a reader sees and its links.

Charts, sentences and labels come from `overstap.publish`; here they are chosen, and each number gets the link to its
trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from overstap import __version__
from overstap.publish import charts, words
from overstap.publish.caution import Caution, about_of, caution_of
from overstap.publish.charts import About, Chart
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Spec
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.trace import Address
from overstap.web import queries
from overstap.web.results import Row, Snapshot, category_label
from overstap.web.selection import EVERYTHING, Selection, UnknownChoice, most_like
from overstap.web.texts import Texts


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text, a link, what the link does (read aloud), whether it is a number."""

    text: str
    href: str = ""
    label: str = ""
    number: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart with its table (`head`, `body`; `weak` says which rows are unreliable) and what one shares it by.

    `links`: text and address of its permalink and downloads. `embed`: the address of the figure alone. `cite`: how to
    cite it, to be followed by its permalink. `traced`: its numbers lead to their trace.
    """

    chart: Chart
    head: tuple[Cell, ...]
    body: tuple[tuple[Cell, ...], ...]
    weak: tuple[bool, ...]
    links: tuple[tuple[str, str], ...]
    embed: str
    cite: str
    traced: bool = True

    @property
    def any_weak(self) -> bool:
        """Whether a row is marked."""
        return any(self.weak)


@dataclass(frozen=True)
class View:
    """What the figures of one request share: the tables, the selection, words and the chart's caption facts."""

    snapshot: Snapshot
    selection: Selection
    t: Translator
    ui: Texts

    @property
    def about(self) -> About:
        """Facts for the captions; a chosen source stands alone."""
        return about_of(self.snapshot.study, self.caution, self.selection.source_id)

    @cached_property
    def caution(self) -> Caution:
        """Why years cannot be compared as they are, of the chosen source or of all."""
        key = ("caution", self.selection.source_id)
        if key not in self.snapshot.kept:
            self.snapshot.kept[key] = caution_of(self.snapshot.study, self.selection.source_id)
        found: Caution = self.snapshot.kept[key]
        return found

    @property
    def confidence(self) -> str:
        """The level of the intervals: 95 %."""
        return self.t.percent(100 * self.snapshot.study.spec.measures.confidence, 0)

    @property
    def subject(self) -> str:
        """What is ranked, in which cell, as a heading: Skills, ICT vacancies in Energy."""
        s, t = self.selection, self.t
        kind = self.ui(f"kind.{s.item_kind}")
        if s.category != ALL:
            kind = capital(category_label(t, s.category))
        if all(value == ALL for value in s.cell.values()):
            return kind
        found = words.cell_words(t, s.cell)
        return f"{kind}, {found['vacancies']}{found['where']}"

    def trace(self, table: str, row: Row) -> str:
        """The link to the trace of a row of `table`."""
        address = Address(table, {name: row[name] for name in table_spec(table).key if name != "period_kind"})
        return self.selection.but(view="trace").href() + "&" + _address_query(str(address))

    def sharing(
        self, table: str, selection: Selection, chart: Chart, own: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The links, embedding address and citation of a figure. CSV and workbook hold the rows that it draws; JSON is
        the API's, of `table` for `selection`, narrowed by `own`: values of columns of its key."""
        ui, spec = self.ui, self.snapshot.study.spec
        more = f"&{urlencode(own)}" if own else ""
        drawn = f"{self.selection.query()}&view={self.selection.view}&figure={chart.id}"
        forms = tuple((ui(f"links.{form}"), f"/api/figure.{form}?{drawn}") for form in ("csv", "xlsx"))
        forms += ((ui("links.json"), selection.data_href(table, "json") + more),)
        title = spec.title.get(self.t.language) or next(iter(spec.title.values()), spec.study)
        return {
            "links": ((ui("links.permalink"), f"{self.selection.href()}#{chart.id}"), *forms),
            "embed": f"/embed?{drawn}",
            "cite": ui(
                "share.citation", figure=chart.title, study=title, version=__version__, data=self.snapshot.version
            ),
        }


def _address_query(address: str) -> str:
    return urlencode({"address": address})


def ranking(view: View) -> Figure:
    """The items asked most in the cell and period."""
    s = view.selection.but(item_id=())
    table = queries.demand(view.snapshot, s)
    limit = s.show if s.show != EVERYTHING else table.num_rows
    chart = charts.ranked_shares(table, view.t, view.about, id="ranking", subject=view.subject, limit=limit)
    chart = replace(chart, rows=tuple(in_order(view.t, s, [dict(r) for r in chart.rows])))
    ui = view.ui
    head = ("item", *_share_head(chart), "asked", "vacancies", "employers", "reliable")

    def cells(row: Row) -> tuple[Cell, ...]:
        name = view.t.item(row["item_kind"], row["item_id"])
        href = view.selection.but(item_id=(row["item_id"],)).href() + "#years"
        return (Cell(name, href, ui("table.follow", item=name)), *_share_cells(view, chart, row, name))

    return _figure(view, chart, "out_demand", s, head, chart.rows, cells)


def years(view: View) -> Figure:
    """The chosen items over the years, with what can be said of their change."""
    s = view.selection.but(period="year", show=EVERYTHING, category=ALL)
    t = view.t
    table, changes = queries.demand(view.snapshot, s), queries.change(view.snapshot, s)
    names = [t.item(s.item_kind, item) for item in s.item_id]
    subject = names[0] if len(names) == 1 else t.names(names)
    chart = charts.share_by_year(table, changes, t, view.about, id="years", subject=subject, series="item_id")
    chart = told_over_years(view, chart, changes.to_pylist(), subject, single=len(names) == 1)
    head = ("period", "item", *_share_head(chart), "asked", "vacancies", "employers", "reliable")
    leads = s.item_kind == "skill" and s.view != "skill"

    def cells(row: Row) -> tuple[Cell, ...]:
        name = t.item(row["item_kind"], row["item_id"])
        page = Selection(lang=s.lang, view="skill", item_id=(row["item_id"],)).href() if leads else ""
        return (
            Cell(t.period(row["period"])),
            Cell(name, page),
            *_share_cells(view, chart, row, f"{name}, {row['period']}"),
        )

    return _figure(view, chart, "out_demand", s, head, [dict(r) for r in chart.rows], cells)


def told_over_years(view: View, chart: Chart, moved: Sequence[Row], subject: str, *, single: bool) -> Chart:
    """A chart of shares by year with what can be said of the change of each (`moved`: rows of `out_change`)."""
    t, ui = view.t, view.ui
    apart = view.caution.apart
    if not apart:  # else the chart says that nothing can be said of the difference
        sentences = " ".join(words.change_sentence(t, row).text for row in moved)
        if sentences and view.caution:
            sentences += f" {t('caution.years')}"
        chart = replace(chart, finding=sentences or chart.finding)
    if single:
        state = words.change_state(moved[0]) if moved else "unknown"
        title = ui(f"years.title.{state}", item=capital(subject))
        if apart and state != "unknown":
            title = t("chart.title.series_apart", subject=capital(subject))
        elif state == "unclear" and view.caution:
            title = t("chart.title.series_none_selected", subject=capital(subject))
        chart = replace(chart, title=title, spec=_without_name(chart.spec), description=ui("years.about"))
    return chart


def _without_name(spec: Spec) -> Spec:
    """A line chart of a single series without the name at the line's end: the title says it, and phones are narrow."""
    return {
        **spec,
        "layer": [one for one in spec["layer"] if one["encoding"].get("text", {}).get("field") != "name"],
        "padding": 5,
    }


def _share_head(chart: Chart) -> tuple[str, ...]:
    """The columns of shares: weighted ones beside the plain, where there are any."""
    weighted = ("weighted", "weighted_interval") if "weighted_pct" in chart.columns else ()
    return ("share", "interval", *weighted)


def _share_cells(view: View, chart: Chart, row: Row, name: str) -> tuple[Cell, ...]:
    t, ui = view.t, view.ui
    share = t.percent(row["share_pct"])
    remark = "" if row["is_reliable"] else ui("table.weak")
    weighted: tuple[Cell, ...] = ()
    if "weighted_pct" in chart.columns:
        interval = t.percent_interval(row["weighted_low"], row["weighted_high"])
        weighted = (Cell(t.percent(row["weighted_pct"]), number=True), Cell(interval, number=True))
    return (
        Cell(share, view.trace("out_demand", row), ui("table.trace", value=f"{name}: {share}"), number=True),
        Cell(t.percent_interval(row["share_low"], row["share_high"]), number=True),
        *weighted,
        Cell(t.number(row["asked_n"]), number=True),
        Cell(t.number(row["vacancies_n"]), number=True),
        Cell(t.number(row["employers_n"]), number=True),
        Cell(remark),
    )


def risers_and_fallers(view: View) -> Figure:
    """The strongest risers and fallers of the cell."""
    s = view.selection.but(item_id=(), period=ALL, sort="share")
    t = view.t
    table = queries.change(view.snapshot, s)
    some = table.slice(0, 1).to_pylist() or [{"first_period": "", "last_period": ""}]
    subject = view.subject
    limit = s.show if s.show != EVERYTHING else table.num_rows
    chart = charts.risers_and_fallers(table, t, view.about, id="change", subject=subject, limit=limit)
    first, last = some[0]["first_period"], some[0]["last_period"]
    head = ("item", "direction", "first", "last", "ratio", "interval", "factor", "counts")

    def cells(row: Row) -> tuple[Cell, ...]:
        name = t.item(row["item_kind"], row["item_id"])
        shares = [100 * row[f"{side}_n"] / row[f"{side}_base_n"] for side in ("first", "last")]
        ratio = t.factor(row["ratio"]) if row["ratio"] is not None else f">{t.factor(row['listed_low'])}"
        counts = f"{t.number(row['first_n'])} → {t.number(row['last_n'])}"
        return (
            Cell(name, view.selection.but(item_id=(row["item_id"],)).href() + "#years"),
            Cell(t.value("direction", row["direction"])),
            *(Cell(t.percent(share), number=True) for share in shares),
            Cell(ratio, view.trace("out_change", row), view.ui("table.trace", value=f"{name}: {ratio}"), number=True),
            Cell(t.factor_interval(row["listed_low"], row["listed_high"]), number=True),
            Cell(t.factor(row["growth_factor"]), number=True),
            Cell(counts, number=True),
        )

    fields = {"first": first, "last": last}
    return _figure(view, chart, "out_change", s, head, [dict(r) for r in chart.rows], cells, fields)


def volume(view: View) -> Figure:
    """Vacancies per month, with the years in the table."""
    s = view.selection.but(item_id=(), category=ALL, item_kind="skill", sort="share", show=EVERYTHING)
    monthly = queries.volume(view.snapshot, s.but(period="month"))
    yearly = queries.volume(view.snapshot, s.but(period="year"))
    chart = charts.volume_by_month(monthly, yearly, view.t, view.about, id="volume")
    t = view.t

    def cells(row: Row) -> tuple[Cell, ...]:
        n = t.number(row["vacancies_n"])
        label = view.ui("table.trace", value=f"{row['period']}: {n}")
        return (
            Cell(t.period(row["period"])),
            Cell(t.number(row["ads_n"]), number=True),
            Cell(n, view.trace("out_volume", row), label, number=True),
            Cell(t.number(row["employers_n"]), number=True),
        )

    head = ("period", "ads", "vacancies", "employers")
    return _figure(view, chart, "out_volume", s.but(period="year"), head, yearly.to_pylist(), cells)


def headline(view: View) -> list[words.Sentence]:
    """The finding above the charts: the share asking any digital skill in the cell, and how that changed."""
    s = view.selection.but(item_kind="category_group", category=ALL, item_id=("digital",))
    found = queries.demand(view.snapshot, s).to_pylist()
    sentences = [words.share_sentence(view.t, row) for row in found[:1]]
    moved = queries.change(view.snapshot, s).to_pylist() if found else []
    told = [words.change_sentence(view.t, row) for row in moved[:1]]
    caution = view.caution
    return sentences + [words.cautioned(view.t, sentence, bool(caution), caution.apart) for sentence in told]


def in_order(t: Translator, selection: Selection, rows: list[Row]) -> list[Row]:
    """Ranked rows as the selection orders them: as they are, or by label."""
    if selection.sort == "name":
        return sorted(rows, key=lambda row: t.item(row["item_kind"], row["item_id"]).lower())
    return rows


def _figure(
    view: View,
    chart: Chart,
    table: str,
    selection: Selection,
    head: Sequence[str],
    rows: Sequence[Row],
    cells: Callable[[Row], tuple[Cell, ...]],
    fields: dict[str, Any] | None = None,
) -> Figure:
    body = tuple(cells(row) for row in rows)
    numeric = [cell.number for cell in body[0]] if body else [False] * len(head)
    given = fields or {}
    heads = []
    for name, number in zip(head, numeric, strict=True):
        text = view.ui(f"column.{name}", confidence=view.confidence, year=given.get(name, ""))
        heads.append(Cell(text, number=number))
    weak = tuple(not row.get("is_reliable", True) for row in rows)
    if head[-1] == "reliable" and not any(weak):
        heads, body = heads[:-1], tuple(row[:-1] for row in body)
    return Figure(chart, tuple(heads), body, weak, **view.sharing(table, selection, chart))


def figure_of(values: Any, id: str) -> Figure:
    """The figure of this id among the values of a page. Raises UnknownChoice where it has none."""
    found = {figure.chart.id: figure for figure in figures_in(values)}
    if id not in found:
        raise UnknownChoice("figure", id, sorted(found), most_like(id, found))
    return found[id]


def figures_in(values: Any) -> Iterator[Figure]:
    """Every figure among the values that a page is made of."""
    if isinstance(values, Figure):
        yield values
    elif isinstance(values, dict | list | tuple):
        for value in values.values() if isinstance(values, dict) else values:
            yield from figures_in(value)
