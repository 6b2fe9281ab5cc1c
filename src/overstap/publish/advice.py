"""The advice for one person as a page of plain words: what the terminal, the HTML sheet and the PDF all show.

Every text of the page is made here, from figures and the catalogue of the language; renderers only set it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from overstap import __version__
from overstap.moves.advise import LITTLE, Advice, Move, Route, Unit
from overstap.moves.atlas import Name
from overstap.moves.feasible import RULES
from overstap.moves.start import skill_names
from overstap.moves.training import Offer
from overstap.outlook.classes import is_tight
from overstap.publish.advice_figures import STABLE, Figures
from overstap.publish.advice_parts import Card, Line, Page, Row, sources
from overstap.publish.advice_words import named
from overstap.publish.labels import Translator, capital
from overstap.reference.sources import ESCO_STATEMENT

CARDS = 3
"""Moves that are told in full, near misses where there are fewer; the others stand in a table or a line."""
ALL_NEW = 0.9
"""Part of what a goal asks from which a move is not told in full: nearly all of it is new."""
_SKILLS, _UNITS = 5, 3


def advice_page(
    advice: Advice,
    t: Translator,
    made: date,
    offers: Mapping[str, Sequence[Offer]] | None = None,
    region_known: bool = False,
) -> Page:
    """The page of `advice`. `offers`: training offers by the code of a move (`training.match`), where the user has a
    catalogue; `region_known`: whether openings come from the user's own table of the region."""
    words = _Words(advice, t, offers)
    told = [move for move in advice.moves if move.missing < ALL_NEW][:CARDS]
    full = CARDS - len(told)
    return Page(
        language=t.language,
        title=words.title(),
        kicker=t("advice.kicker"),
        made=t("advice.made", date=t.date(made), version=__version__),
        intro=words.intro(),
        wishes=words.wishes(),
        now=words.now(),
        warnings=words.warnings(advice.here) if advice.start.kind == "occupation" else (),
        goal=None if advice.goal is None else words.card(advice.goal, ""),
        cards=tuple(words.card(move, str(n)) for n, move in enumerate(told, 1)),
        rows=tuple(words.row(move) for move in advice.moves if move not in told),
        near_cards=tuple(words.card(move, "") for move in advice.near[:full]),
        near=tuple(words.near(move) for move in advice.near[full:]),
        routes=words.routes()
        or ((t("advice.routes.none"),) if advice.goal is not None and "no" in advice.goal.rules.values() else ()),
        routes_head=t("advice.routes.head")
        if advice.goal is None
        else t("advice.routes.goal_head", goal=words.name(advice.goal.name)),
        ask=tuple(t(f"advice.ask.{key}") for key in ("skills", "try", "time", "pay")),
        limits=words.limits(region_known),
        sources=sources(advice, t),
        statement=ESCO_STATEMENT,
        heads=words.heads(),
    )


@dataclass(frozen=True, slots=True)
class _Words(Figures):
    """The words of one advice in one language."""

    offers: Mapping[str, Sequence[Offer]] | None

    def title(self) -> str:
        start = self.advice.start
        if start.kind != "occupation":
            return self.t("advice.title.skills")
        name = start.asked.lower() if self._in_words() and start.exact else self.name(self.advice.name)
        return self.t("advice.title.occupation", name=name)

    def _in_words(self) -> bool:
        """Whether the start was asked in words, not by code or URI."""
        asked = self.advice.start.asked
        return any(map(str.isalpha, asked)) and "://" not in asked

    def intro(self) -> tuple[str, ...]:
        t, advice, start = self.t, self.advice, self.advice.start
        said = []
        if start.kind == "occupation":
            if self._in_words():
                kind = "occupation" if start.exact else "read"
                said.append(t(f"advice.intro.{kind}", asked=start.asked.lower(), name=self.name(advice.name)))
            said.append(t("advice.intro.class", name=self.name(advice.name)))
            if len(advice.made_of) > 1:
                parts = [f"{self.name(name)} ({t.percent(100 * part, 0)})" for name, part in advice.made_of[:_UNITS]]
                more = ", …" if len(advice.made_of) > _UNITS else ""
                even = len({round(part, 2) for _, part in advice.made_of}) == 1
                said.append(t(f"advice.intro.{'even' if even else 'split'}", names=", ".join(parts) + more))
        else:
            said.append(t.count(f"advice.intro.{start.kind}", len(start.skills)))
            if names := named(advice.recognised, t.language, 12, strict=False):
                said.append(t("advice.intro.known", names=t.names(names)))
        if start.unread:
            said.append(t("advice.intro.unread", names=t.names(list(start.unread))))
        if start.meant:
            said.append(t("advice.intro.meant", names=t.names(list(start.meant))))
        if denied := named((Name(*labels) for labels in skill_names(start.denied)), t.language, 12, strict=False):
            said.append(t("advice.intro.denied", names=t.names(denied)))
        n = advice.moves_n
        said.append(t(f"advice.intro.found.{'none' if n == 0 else 'one' if n == 1 else 'other'}", n=t.number(n)))
        if n > len(advice.moves):
            shown = len(advice.moves)
            said.append(t(f"advice.intro.shown.{'one' if shown == 1 else 'other'}", n=t.number(shown)))
        if advice.moves and n == len(advice.moves) and all(self._band(move) != "high" for move in advice.moves):
            said.append(t("advice.intro.weak"))
        if _set_back(advice.moves):
            said.append(t("advice.intro.order"))
        return (*said, t("advice.intro.talk"))

    def wishes(self) -> tuple[str, ...]:
        t, wish, not_asked = self.t, self.advice.wish, self.advice.not_asked
        said = [
            t("advice.wish.similar"),
            t("advice.wish.no_level") if "level" in not_asked else t("advice.wish.level"),
            t("advice.wish.licences" if wish.licences else "advice.wish.licence"),
            t("advice.wish.outlook"),
            t("advice.wish.no_pay") if "pay" in not_asked else t(f"advice.wish.pay.{wish.pay}"),
        ]
        if wish.sector is not None:
            said.append(t("advice.wish.sector", sector=t(f"advice.section.{wish.sector}")))
        return tuple(said)

    def now(self) -> tuple[Line, ...]:
        t, here = self.t, self.advice.here
        if self.advice.start.kind != "occupation":
            return ()
        return (
            Line(t("advice.now.pay"), self.hour(here["pay_p50"]), self.quartiles(here)),
            Line(t("advice.now.outlook", year=self.advice.window[1]), self.short_outlook(here), self.coarse(here)),
            Line(t("advice.now.openings"), self.short_openings(here)),
            Line(
                t("advice.now.sectors"), self.sectors(here["sectors"]) or t("unit.unknown"), t("advice.coarse_sectors")
            ),
        )

    def warnings(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """What the figures do not agree on."""
        t, growth, tension = self.t, facts["growth"], facts["tension"]
        said = []
        if facts["named_shrinking"]:
            said.append(t("advice.named"))
            if growth is not None and growth >= STABLE:
                said.append(t("advice.named_grows"))
        if growth is not None and growth <= -STABLE and is_tight(tension):
            said.append(t("advice.tight"))
        return tuple(said)

    def card(self, move: Move, rank: str) -> Card:
        t = self.t
        why: list[str] = []
        why_not: list[str] = []
        for rule in RULES:
            part = rule == "licence" and move.licences_part and not move.licences
            if part or (rule == "level" and rule in self.advice.not_asked):
                continue  # said once, below or above
            (why_not if self._against(rule, move) else why).append(self.rule(rule, move))
        if move.licences_part and not move.licences:
            why_not.append(t("advice.licence.part", names=t.names(self._short_list(move.licences_part))))
        why_not += self.warnings(move.facts)
        if move.missing >= 0.75:
            why_not.append(t("advice.effort.part", part=t.percent(100 * move.missing, 0)))
        can = named([skill.name for skill in move.shared], t.language, _SKILLS)
        sectors = self.sectors(move.sectors)
        found = t("advice.sectors", names=sectors) if sectors else t("advice.sectors_unknown")
        return Card(
            rank=rank,
            name=self.name(move.name),
            example=self._example(move),
            band=self._band(move),
            fit=t(f"advice.band.{self._band(move)}"),
            why=tuple(why),
            why_not=tuple(why_not) or (t("advice.nothing_against"),),
            can=capital(", ".join(can)) or t("advice.can_none"),
            learn=self._learn(move, can),
            effort=self._effort(move),
            found=f"{self.openings(move.facts)} {found}",
            offers=self._offers(move),
        )

    def _against(self, rule: str, move: Move) -> bool:
        """Whether a rule stands among what to look out for: it fails, or it passes at a price."""
        if rule == "licence":
            return bool(move.licences)
        if move.rules[rule] in ("no", "unknown") or (rule == "pay" and move.facts["pay_p50"] is None):
            return True
        if rule == "level":
            return bool(move.facts["skill_level_min"] > self.advice.here["skill_level_max"])
        then, now = move.facts["pay_p50"], self.advice.here["pay_p50"]
        return rule == "pay" and then is not None and now is not None and then < now and not self.same_pay(move.facts)

    @staticmethod
    def _band(move: Move) -> str:
        """How well it fits; never well where no skill is shared, however alike the groups of skills are."""
        return "medium" if move.band == "high" and not move.shared else move.band

    def row(self, move: Move) -> Row:
        t, facts = self.t, move.facts
        notes = (
            [t("advice.licence.part", names=t.names(self._short_list(move.licences_part)))]
            if move.licences_part
            else []
        )
        notes += [self._licence(move)] if move.licences else []
        notes += [t("advice.all_new")] if move.missing >= ALL_NEW else []
        notes += [t("advice.named")] if facts["named_shrinking"] else []
        return Row(
            name=self.name(move.name),
            example=self._example(move),
            fit=t(f"advice.band.{self._band(move)}"),
            pay=self.money(facts["pay_p50"]),
            learn=self.months(move.effort.months[1]),
            openings=self.short_openings(facts),
            note=" ".join(notes),
        )

    def near(self, move: Move) -> Line:
        """A near miss with the rule that it fails and its figures."""
        rule = next(rule for rule in RULES if move.rules[rule] in ("no", "unknown"))
        kind = "unknown" if move.rules[rule] == "unknown" else "fails"
        then, now = move.facts["pay_p50"], self.advice.here["pay_p50"]
        little = rule == "pay" and kind == "fails" and then >= LITTLE * now
        reason = self.t(f"advice.near.{kind}.{rule}{'_little' if little else ''}")
        text = f"{self.rule(rule, move, brief=True)} {self._example(move)}".strip()
        return Line(self.name(move.name), reason, text if text.endswith(".") else f"{text}.")

    def routes(self) -> tuple[str, ...]:
        """The ways of several moves; among ESCO's occupations with a word on whose places were counted."""
        said = tuple(self.route(route) for route in self.advice.routes)
        if not said or self.advice.goal is not None or self.advice.level != "esco":
            return said
        return (*said, self.t("advice.routes.coarse"))

    def route(self, route: Route) -> str:
        names = " → ".join(self.name(name) for name in route.names)
        return self.t("advice.routes.text", names=names, months=self.months(sum(route.months)))

    def rule(self, rule: str, move: Move, brief: bool = False) -> str:
        """The verdict on one rule with its figures."""
        t, facts = self.t, move.facts
        if rule == "similar":
            least = t.number(self.advice.least_similarity, 2)
            verdict = "yes" if move.rules[rule] == "yes" else "no"
            return t(f"advice.similar.{verdict}", score=t.number(move.similarity, 2), least=least)
        if rule == "level":
            return self.level(facts)
        if rule == "licence":
            return self._licence(move) if move.licences else t("advice.licence.none")
        return self.outlook(facts, brief) if rule == "outlook" else self.pay(facts, brief)

    def _licence(self, move: Move) -> str:
        names = self._short_list(move.licences)
        return self.t(f"advice.licence.{'all' if len(names) == 1 else 'one_of'}", names=self.t.names(names))

    def _example(self, move: Move) -> str:
        names = [] if move.nearest is None else named([move.nearest], self.t.language, 1, strict=False)
        same = [name for name in names if name.casefold() == self.name(move.name).casefold()]
        return self.t("advice.example", name=names[0]) if names and not same else ""

    def _learn(self, move: Move, can: Sequence[str]) -> tuple[Line, ...]:
        t = self.t
        if not move.units:
            return (Line(t("advice.learn_none"), ""),)
        lines = [self._unit(unit, can) for unit in move.units[:_UNITS]]
        more = move.units_n - len(lines)
        return (*lines, Line(t.count("advice.learn_more", more), "")) if more > 0 else tuple(lines)

    def _unit(self, unit: Unit, can: Sequence[str]) -> Line:
        """A subject to learn; one of which `can` names a part already is learned further."""
        skills = ", ".join(named([skill.name for skill in unit.skills], self.t.language, 3))
        name = self.name(unit.name)
        label = (
            self.t("advice.learn_further", name=name)
            if name.casefold() in {one.casefold() for one in can}
            else capital(name)
        )
        return Line(label, self.months(unit.effort.months[1]), skills)

    def _effort(self, move: Move) -> tuple[str, ...]:
        t, effort = self.t, move.effort
        if not move.units:
            return ()
        low, middle, high = effort.months
        costs = [self.money(round(value, -2), 0) for value in effort.eur]
        return (
            t("advice.effort.text", months=self.months(middle), low=t.number(low), high=t.number(high)),
            t("advice.effort.cost", eur=costs[1], low=costs[0], high=costs[2]),
            t("advice.effort.assumed", part=t.percent(100 * effort.assumed, 0)),
        )

    def _offers(self, move: Move) -> tuple[str, ...]:
        t = self.t
        if self.offers is None:
            return ()
        found = self.offers.get(move.code, ())
        return tuple(
            t(
                "advice.offer.text",
                title=offer.title,
                provider=f", {offer.provider}" if offer.provider else "",
                part=t.percent(100 * offer.part, 0),
                words=t.names(list(offer.words[:3])),
                price="" if offer.price is None else f", {self.money(offer.price, 0)}",
            )
            for offer in found[:3]
        ) or (t("advice.offer.none"),)

    def _short_list(self, names: Sequence[Name]) -> list[str]:
        return named(names, self.t.language, 3, strict=False)

    def limits(self, region_known: bool) -> tuple[str, ...]:
        t, wish = self.t, self.advice.wish
        said = [t("advice.limits.person")]
        if wish.region is None:
            said.append(t("advice.limits.any_region"))
        else:
            said.append(t(f"advice.limits.{'own_region' if region_known else 'region'}", region=wish.region))
        said += [t("advice.limits.coarse"), t("advice.limits.pay")]
        return (*said, t("advice.limits.groups")) if self.advice.unit == "groups" else tuple(said)

    def heads(self) -> dict[str, str]:
        """Titles of the parts and of the table."""
        t = self.t
        keys = ("others", "why", "why_not", "can", "learn", "nothing_against")
        named = {key: t(f"advice.{key}") for key in keys}
        named |= {key: t(f"advice.{key}.head") for key in ("wish", "now", "near", "ask", "limits", "sources", "offer")}
        named |= {"near_intro": t("advice.near.intro")}
        bands = {self._band(move) for move in self.advice.moves}
        named["moves"] = t(f"advice.moves.{'head' if 'high' in bands else 'weak' if bands else 'none'}")
        if self.advice.goal is not None:
            named["goal"] = t("advice.goal.head", name=self.name(self.advice.goal.name))
        columns = ("work", "fit", "pay", "learn", "openings", "note")
        table = {f"table_{key}": t(f"advice.table.{key}") for key in columns}
        if any(move.facts["pay_basis"] == "allocated" for move in self.advice.moves):
            table["table_pay"] = t("advice.table.pay_coarse")
        return named | table


def _set_back(moves: Sequence[Move]) -> bool:
    """Whether a move stands behind one that is less like the start, as a study names its work as shrinking."""
    return any(later.similarity > earlier.similarity for earlier, later in pairwise(moves))
