"""Initiatives in words, tables and charts: the register, its spread and map, what it lacks and what it serves.

The report and the dashboard take the same sentences and rows from here. What the register does not say is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from overstap.initiatives.spread import dimensions
from overstap.pipeline import Study
from overstap.publish.charts import Chart
from overstap.publish.initiative_charts import count_bars, network_arcs, tile_map
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Row
from overstap.publish.words import Sentence
from overstap.schema.out import ALL, UNKNOWN

DIMENSIONS = ("topsector", "province", "initiative_kind", "learning")
MOST_GAPS = 12
_NO_PLACE = (UNKNOWN, "national")


@dataclass(frozen=True)
class Choice:
    """What a reader picked of each dimension; `all` for no choice."""

    topsector: str = ALL
    province: str = ALL
    initiative_kind: str = ALL
    learning: str = ALL


class InitiativesChapter:
    """What a study says of initiatives, in the language of `t`, within a choice; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator, choice: Choice | None = None) -> None:
        self._study, self.t, self.choice = study, t, choice or Choice()

    @cached_property
    def everything(self) -> list[Row]:
        """Every initiative of the register, by name."""
        rows: list[Row] = self._study.table("core_initiatives").to_pylist()
        return sorted(rows, key=lambda row: (self.name(row).lower(), row["initiative_id"]))

    @cached_property
    def rows(self) -> list[Row]:
        """The initiatives within the choice."""
        wanted = [getattr(self.choice, name) for name in DIMENSIONS]
        return [
            row
            for row in self.everything
            if all(want in (ALL, *have) for want, have in zip(wanted, dimensions(row), strict=True))
        ]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {row["initiative_id"]: self.name(row) for row in self.everything}

    @cached_property
    def links(self) -> list[Row]:
        """Every tie of the register."""
        rows: list[Row] = self._study.table("core_initiative_links").to_pylist()
        return rows

    @cached_property
    def nodes(self) -> dict[str, Row]:
        """Rows of `out_initiative_network` by initiative."""
        return {row["initiative_id"]: row for row in self._study.table("out_initiative_network").to_pylist()}

    def name(self, row: Row) -> str:
        """The name of an initiative."""
        return str(row[f"name_{self.t.language}"])

    def named(self, code: str) -> str:
        """The name of an initiative by its id."""
        return self._names.get(code, code)

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension that occur, by label, what is unknown last."""
        at = DIMENSIONS.index(dimension)
        found = {value for row in self.everything for value in dimensions(row)[at]}
        return sorted(found, key=lambda value: (value == UNKNOWN, self.t.value(dimension, value).lower()))

    def labels(self, dimension: str, values: Sequence[str]) -> str:
        """Values of a dimension as words; the word for unknown where there are none."""
        return ", ".join(self.t.value(dimension, value) for value in values) or self.t("unit.unknown")

    def count(self, n: int) -> str:
        """A number of initiatives in words."""
        return self.t.count("initiatives.unit", n)

    def said(self) -> list[Sentence]:
        """How many there are of which kind, and what is not known of them."""
        t, rows = self.t, self.rows
        lines = [Sentence(t("initiatives.intro"), "intro")]
        if not rows:
            return [*lines, Sentence(t("initiatives.none"), "none")]
        kinds = Counter(row["kind"] for row in rows)
        most_first = sorted(kinds.items(), key=lambda p: (p[0] == "other", -p[1], p[0]))
        told = t.names([t.count(f"initiatives.kind_unit.{kind}", n) for kind, n in most_first])
        lines.append(Sentence(t("initiatives.count", n=self.count(len(rows)), kinds=told), "count"))
        if any(row["file"] == "default" for row in rows):
            lines.append(Sentence(t("initiatives.bundled"), "bundled"))
        if unplaced := sum(row["province_code"] is None for row in rows):
            lines.append(Sentence(t("initiatives.no_place", n=self.count(unplaced)), "no_place"))
        return [*lines, *self._reached(rows)]

    def _reached(self, rows: Sequence[Row]) -> list[Sentence]:
        given = [row["reached"] for row in rows if row["reached"] is not None]
        few = sum(row["is_suppressed"] for row in rows)
        t, lines = self.t, []
        if given:
            fields = {"reached": t.number(sum(given)), "n": self.count(len(given))}
            lines.append(Sentence(t("initiatives.reached", **fields), "reached"))
        if few:
            lines.append(Sentence(t("initiatives.suppressed", n=self.count(few)), "suppressed"))
        return lines

    def _cells(self, dimension: str) -> list[Row]:
        """Rows of `out_initiatives` by the values of one dimension, within the choice of the others."""
        wanted = {name: getattr(self.choice, name) for name in DIMENSIONS if name != dimension}
        chosen = getattr(self.choice, dimension)
        rows: list[Row] = self._study.table("out_initiatives").to_pylist()
        return [
            row
            for row in rows
            if all(row[name] == value for name, value in wanted.items())
            and row[dimension] != ALL
            and chosen in (ALL, row[dimension])
        ]

    def spread_chart(self) -> Chart:
        """Initiatives by topsector: the roadmap's figure."""
        t = self.t
        cells = sorted(
            self._cells("topsector"),
            key=lambda row: (row["topsector"] == UNKNOWN, -row["initiatives_n"], row["topsector"]),
        )
        known = [row for row in cells if row["topsector"] != UNKNOWN]
        total = self.count(len(self.rows))
        n_known = sum(bool(row["topsectors"]) for row in self.rows)
        finding, title = t("initiatives.spread.finding_known", all=total, known=t.number(n_known)), ""
        if known and len(known) > 1 and known[0]["initiatives_n"] > known[1]["initiatives_n"]:
            top = t.value("topsector", known[0]["topsector"])
            n = t.number(known[0]["initiatives_n"])
            title = t("initiatives.spread.title", top=capital(top))
            finding = f"{t('initiatives.spread.finding', top=top, n=n, all=total)} {finding}"
        names = [capital(t.value("topsector", row["topsector"])) for row in cells]
        spec = count_bars(t, cells, names, finding, t("initiatives.spread.axis"))
        columns = ("topsector", "initiatives_n", "reached", "reached_n", "suppressed_n")
        title = title or t("initiatives.spread.title_open")
        return self._chart("spread", title, finding, {"n": total}, spec, "out_initiatives", columns, cells)

    def map_chart(self) -> Chart:
        """Initiatives by province, on a map of equal tiles."""
        t, cells = self.t, self._cells("province")
        placed = sorted(
            (row for row in cells if row["province"] not in _NO_PLACE), key=lambda row: -row["initiatives_n"]
        )
        total = self.count(len(self.rows))
        finding, title = t("initiatives.map.finding_none"), t("initiatives.map.title_none")
        if placed:
            most = placed[0]["initiatives_n"]
            tops = [t.value("province", row["province"]) for row in placed if row["initiatives_n"] == most]
            n = t.number(sum(row["initiatives_n"] for row in placed))
            title = t("initiatives.map.title", top=t.names(tops[:3]))
            finding = t("initiatives.map.finding", n=n, all=total, top=t.names(tops[:3]), most=t.number(most))
        rest = [row for row in cells if row["province"] in _NO_PLACE]
        columns = ("province", "initiatives_n", "reached", "reached_n", "suppressed_n")
        return self._chart(
            "map",
            title,
            finding,
            {"n": total},
            tile_map(t, cells, finding),
            "out_initiatives",
            columns,
            [*placed, *rest],
        )

    def network_chart(self) -> Chart:
        """Who is tied to whom, as arcs beside a list of names."""
        t = self.t
        codes = {row["initiative_id"] for row in self.rows}
        spec, shown = network_arcs(t, self.rows, self.links, self.named, t("initiatives.network.about"))
        nodes = [self.nodes[code] for code in sorted(codes & self.nodes.keys())]
        tied = [row for row in nodes if row["ties_n"]]
        largest = max(Counter(row["component"] for row in nodes).values(), default=0)
        fields = {"tied": t.number(len(tied)), "all": self.count(len(nodes)), "largest": t.number(largest)}
        finding = t("initiatives.network.finding", **fields)
        columns = ("initiative_id", "ties_n", "partners_n", "shared_n", "gaps")
        caption = {"shown": t.number(shown), "all": self.count(len(nodes))}
        drawn = sorted(nodes, key=lambda row: (-row["ties_n"], -row["partners_n"], row["initiative_id"]))
        title = t("initiatives.network.title", **fields)
        return self._chart("network", title, finding, caption, spec, "out_initiative_network", columns, drawn)

    def _chart(
        self, part: str, title: str, finding: str, caption: dict[str, Any], spec: Row, table: str,
        columns: tuple[str, ...], rows: Sequence[Row],
    ) -> Chart:  # fmt: skip
        t, key = self.t, f"initiatives.{part}"
        named = t(f"{key}.caption", **caption)
        return Chart(f"initiatives-{part}", title, t(f"{key}.about"), finding, named, spec, table, columns, tuple(rows))

    def gaps_said(self) -> list[Sentence]:
        """How many centres have no TKI near, and the other way round."""
        t, lines = self.t, []
        of = {kind: [row for row in self.rows if row["kind"] == kind] for kind in ("centre", "tki")}
        lacking = {
            kind: [row for row in of[kind] if gap in self._gaps(row["initiative_id"])]
            for kind, gap in (("centre", "no_tki"), ("tki", "no_centre"))
        }
        if not of["centre"]:
            lines.append(Sentence(t("initiatives.gaps_part.centres_none"), "centres_none"))
        elif not lacking["centre"]:
            lines.append(Sentence(t.count("initiatives.gaps_part.centres_all", len(of["centre"])), "all_tied"))
        for kind, key in (("centre", "centres"), ("tki", "tkis")):
            if lacking[kind]:
                lines.append(Sentence(self._lacking(kind, key, len(lacking[kind]), len(of[kind])), key))
        return lines

    def _lacking(self, kind: str, key: str, n: int, of: int) -> str:
        """How many of a kind lack the other in their network."""
        if of == 1:
            return self.t(f"initiatives.gaps_part.{kind}_alone")
        return self._several(f"initiatives.gaps_part.{key}", n, of=self.t.number(of))

    def _several(self, key: str, n: int, **fields: str) -> str:
        """The text for one or for several."""
        return self.t(f"{key}.{'one' if n == 1 else 'other'}", n=self.t.number(n), **fields)

    def _gaps(self, code: str) -> list[str]:
        """What an initiative lacks; nothing where its network is not known."""
        found: list[str] = self.nodes[code]["gaps"] if code in self.nodes else []
        return found

    def gaps(self) -> list[tuple[str, str, str, str]]:
        """Id and name of each initiative that lacks something, what, and who it could tie to."""
        found = []
        for row in self.rows:
            if gaps := self._gaps(row["initiative_id"]):
                chances = self.nodes[row["initiative_id"]]["chances"]
                named = ", ".join(map(self.named, chances)) or self.t("initiatives.gaps_part.no_chance")
                missing = self.labels("gaps", gaps)
                found.append((row["initiative_id"], self.name(row), missing, named))
        return found

    @cached_property
    def service(self) -> list[Row]:
        """Rows of `out_initiative_service`."""
        rows: list[Row] = self._study.table("out_initiative_service").to_pylist()
        return rows

    def service_said(self) -> list[Sentence]:
        """How many skills and occupations that lack are served, and how many not."""
        t, lines = self.t, []
        for kind, key in (("skill", "skills"), ("occupation", "occupations")):
            rows = [row for row in self.service if row["gap_kind"] == kind]
            if not rows:
                lines.append(Sentence(t(f"initiatives.service.no_{key}"), f"no_{key}"))
                continue
            served = sum(bool(row["initiatives_n"]) for row in rows)
            told = t.number(served) if served else t("initiatives.service.none")
            lines.append(Sentence(self._several(f"initiatives.service.{key}", len(rows), served=told), key))
        return lines

    def service_table(self) -> list[tuple[Row, str, str, list[tuple[str, str]]]]:
        """The largest gaps of each kind: row, what, how large, and the initiatives (id, name) that serve it."""
        found = []
        for kind in ("skill", "occupation"):
            for row in [row for row in self.service if row["gap_kind"] == kind][:MOST_GAPS]:
                who = [(code, self.named(code)) for code in row["initiatives"]]
                found.append((row, self.gap_name(row), self._size(row), who))
        return found

    def gap_name(self, row: Row) -> str:
        """The name of a skill or occupation that lacks."""
        if row["gap_kind"] == "skill":
            return self.t.value("skill", row["gap_id"])
        return self._occupations.get(str(row["gap_id"]), str(row["gap_id"]))

    @cached_property
    def _occupations(self) -> dict[str, str]:
        """The names of the study's occupations by code."""
        rows = self._study.table("core_occupations", ["code", "name_nl", "name_en"]).to_pylist()
        return {row["code"]: row[f"name_{self.t.language}"] or row["name_nl"] or row["code"] for row in rows}

    def _size(self, row: Row) -> str:
        t = self.t
        if row["gap_kind"] == "skill":
            ends = t.factor_interval(row["ratio_low"], row["ratio_high"])
            return t("initiatives.service.ratio", ratio=t.factor(row["ratio"]), interval=ends)
        origins = t.count("initiatives.service.origins", row["origins_n"])
        if row["openings"] is None:
            return t("initiatives.service.openings_unknown", origins=origins)
        rounded = t.number(round(row["openings"], -2))
        return t("initiatives.service.openings", n=rounded, origins=origins)

    @cached_property
    def _asked(self) -> dict[str, str]:
        """The growth of each skill that is asked more, in words."""
        rows = [row for row in self.service if row["gap_kind"] == "skill"]
        return {row["gap_id"]: self.t.factor(row["ratio"]) for row in rows}

    def one(self, code: str) -> OneInitiative:
        """All that the register and the study say of one initiative."""
        row = next(row for row in self.everything if row["initiative_id"] == code)
        skills = []
        for skill in row["skills"]:
            more = self._asked.get(skill)
            remark = f" ({self.t('initiatives.one.asked', ratio=more)})" if more else ""
            skills.append(f"{self.t.value('skill', skill)}{remark}")
        ties, partners = self._ties(code)
        chances = self.nodes[code]["chances"] if code in self.nodes else []
        return OneInitiative(
            row, self.name(row), self._facts(row), row["goals"], row["indicators"], skills,
            [self._occupation(one) for one in row["occupations"]], partners, ties,
            [self.t.value("gaps", gap) for gap in self._gaps(code)], [(one, self.named(one)) for one in chances],
        )  # fmt: skip

    def _occupation(self, named: str) -> str:
        kind, _, code = named.partition(":")
        if kind == self._study.spec.moves.level and code in self._occupations:
            return self._occupations[code]
        return self.t.value("brc" if kind == "brc" else "isco4", code)

    def _facts(self, row: Row) -> list[tuple[str, str]]:
        t = self.t
        say: Callable[[str], str] = lambda name: t(f"initiatives.one.{name}")  # noqa: E731
        unknown = t("unit.unknown")
        reached = say("few") if row["is_suppressed"] else t.number(row["reached"])
        dates = [when(row[name], t) for name in ("start", "end") if row[name]]
        as_of = t("initiatives.one.as_of", date=when(row["as_of"], t)) if row["as_of"] else ""
        contact = [(say("contact"), row["contact"])] if row.get("contact") else []
        return [
            (t("initiatives.list.kind"), capital(t.value("initiative_kind", row["kind"]))),
            (t("initiatives.list.topsectors"), self.labels("topsector", row["topsectors"])),
            (say("place"), row["place"] or unknown),
            (say("region"), t.value("province", row["province_code"] or UNKNOWN)),
            (say("levels"), self.labels("initiative_level", row["levels"])),
            (t("initiatives.list.learning"), self.labels("learning", row["functions"])),
            (say("phase"), t.value("phase", row["phase"])),
            (say("reached"), reached),
            (say("funding"), unknown if row["funding_eur"] is None else f"€ {t.number(row['funding_eur'])}"),
            (say("period"), " – ".join(dates) if dates else unknown),
            *contact,
            (say("source"), f"{row['source']} ({as_of})" if as_of else row["source"]),
        ]

    def _ties(self, code: str) -> tuple[list[tuple[str, str, str]], list[str]]:
        """Ties as (kind of tie, id, name), those named by the other side too; and partners with their kind."""
        t, ties, partners = self.t, [], []
        for tie in self.links:
            kind = t.value("tie", tie["type"])
            if tie["from_id"] == code and tie["to_kind"] == "initiative":
                ties.append((kind, tie["to_id"], self.named(tie["to_id"])))
            elif tie["to_id"] == code:
                ties.append((f"← {kind}", tie["from_id"], self.named(tie["from_id"])))
            elif tie["from_id"] == code:
                known = f" ({t.value('partner_type', tie['partner_type'])})" if tie["partner_type"] else ""
                partners.append(f"{tie['to_name']}{known}")
        return ties, partners


def when(given: str, t: Translator) -> str:
    """A year, month or day of a register as a reader says it: 2027, februari 2027, 1 februari 2027."""
    return t.date(date.fromisoformat(given)) if len(given) == 10 else t.period(given)


@dataclass(frozen=True)
class OneInitiative:
    """One initiative as its page shows it."""

    row: Row
    name: str
    facts: list[tuple[str, str]]
    goals: list[str]
    indicators: list[str]
    skills: list[str]
    occupations: list[str]
    partners: list[str]
    ties: list[tuple[str, str, str]]
    gaps: list[str]
    chances: list[tuple[str, str]]
