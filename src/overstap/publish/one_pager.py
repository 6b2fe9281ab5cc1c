"""One page on an occupation in plain words (B1): what work, what it pays, what is ahead, three moves, where to ask.

It is made of the same blocks as the report, so each format is written by the report's own writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from markupsafe import Markup

from overstap.moves.advise import LEAST_OPENINGS, Advice, Move
from overstap.moves.atlas import Atlas, Name
from overstap.publish.advice_figures import STABLE, Figures
from overstap.publish.advice_words import named
from overstap.publish.bundled import asset
from overstap.publish.formats.blocks import Block, Chapter, Document, Heading, Items, Run, Runs, Text, runs_of_html
from overstap.publish.labels import Translator, capital
from overstap.publish.report import content_policy, make_environment
from overstap.publish.texts import as_html
from overstap.reference.sources import ESCO_STATEMENT
from overstap.reference.tables import load
from overstap.survey.words import inside

MOVES, _TASKS, _LEARN = 3, 4, 3
_SOURCES = ("brc_jobs", "cedefop_employment", "esco_profiles")
_EMPTY = "work skills"
"""ESCO's group of skills whose name tells a reader nothing."""
_LEVELS = {1: "one", 2: "two", 3: "three", 4: "four"}


def one_pager(atlas: Atlas, advice: Advice, t: Translator, made: date) -> Document:
    """The page on the occupation that `advice` starts from. Of the moves that pass every rule those with many openings
    a year come first."""
    page = _Page(advice, t, atlas)
    asked = advice.start.asked.lower()
    name = asked if advice.start.exact and asked in _titles(t.language) else page.name(advice.name)
    chapters = (page.work(), page.pay_now(), page.ahead(), page.moves(), page.ask())
    facts = ((t("one_pager.made"), t.date(made)),)
    return Document(t.language, t("one_pager.title", name=inside(name)), t("one_pager.kicker"), facts, "", chapters)


@lru_cache(maxsize=2)
def _titles(language: str) -> frozenset[str]:
    """The titles of work that a language has: one asked in the other language is not its word."""
    rows = load("occupation_titles").select(["title", "language"]).to_pylist()
    return frozenset(row["title"].lower() for row in rows if row["language"] == language)


def one_pager_html(document: Document, t: Translator) -> str:
    """The page as HTML that loads nothing and runs nothing."""
    style = (asset("overstap.css") + asset("one_pager.css")).replace("</", "<\\/")
    page = make_environment(t).get_template("one_pager.html.j2")
    return page.render(document=document, style=Markup(style), csp=content_policy([]))


@dataclass(frozen=True, slots=True)
class _Page(Figures):
    """The chapters of one page."""

    atlas: Atlas

    def work(self) -> Chapter:
        t, jobs = self.t, self.advice.here["jobs"]
        blocks: list[Block] = [self._say("work.group", name=self.name(self.advice.name))]
        if tasks := self._tasks():
            blocks += [self._say("work.often"), Items(tuple(_plain(capital(task)) for task in tasks))]
        if jobs:
            blocks.append(self._say("work.people", n=t.number(round(jobs, -3 if jobs >= 10_000 else -2))))
        return self._chapter("work", blocks)

    def _tasks(self) -> list[str]:
        """What the occupation asks most, by the weights of its profile."""
        atlas = self.atlas
        asked = np.asarray(atlas.profiles.essential[[atlas.at(self.advice.start.code)]].todense()).ravel()
        order = np.argsort(-asked, kind="stable")[: 4 * _TASKS]
        names = [atlas.features.get(atlas.profiles.features[i]) for i in order if asked[i] > 0]
        return self._skills([name for name in names if name is not None], _TASKS)

    def _skills(self, names: Iterable[Name], most: int) -> list[str]:
        return named([name for name in names if name.en != _EMPTY], self.t.language, most)

    def pay_now(self) -> Chapter:
        here = self.advice.here
        if here["pay_p50"] is None:
            return self._chapter("pay", [self._say("pay.unknown")])
        said = [self._say("pay.middle", pay=self.money(here["pay_p50"]))]
        if here["pay_p25"] is not None and here["pay_p75"] is not None:
            low, high = self.money(here["pay_p25"]), self.money(here["pay_p75"])
            said.append(self._say("pay.spread", low=low, high=high))
        said.append(self._say("pay.gross"))
        return self._chapter("pay", self._wide(said, here["pay_basis"]))

    def ahead(self) -> Chapter:
        here, year = self.advice.here, self.advice.window[1]
        growth = here["growth"]
        if growth is None:
            said = [self._say("outlook.unknown")]
        else:
            kind = "stable" if abs(growth) < STABLE else "grow" if growth > 0 else "shrink"
            said = [self._say(f"outlook.{kind}", year=year, growth=self.t.percent(100 * abs(growth), 0))]
            said = self._wide([*said, self._say("outlook.unsure")], here["growth_basis"])
        if here["named_shrinking"]:
            said.append(self._say("outlook.named"))
        if (n := here["openings"]) is not None:
            many = n >= 100
            said.append(self._say("outlook.openings", n=self._hundreds(n)) if many else self._say("outlook.few"))
        return self._chapter("outlook", said)

    def moves(self) -> Chapter:
        found = self.advice.moves
        many = [move for move in found if (move.facts["openings"] or 0) >= LEAST_OPENINGS]
        shown = [*many, *(move for move in found if move not in many)][:MOVES]
        if not shown:
            return self._chapter("moves", [self._say("moves.none")], "moves.title_some")
        blocks: list[Block] = [self._say("moves.about")]
        for number, move in enumerate(shown, 1):
            blocks += [Heading(3, f"{number}. {self.name(move.name)}"), Items(tuple(map(_plain, self._move(move))))]
        return self._chapter("moves", blocks, "moves.title" if len(shown) == MOVES else "moves.title_some")

    def _move(self, move: Move) -> list[str]:
        t, facts = self.t, move.facts
        said = []
        nearest = [] if move.nearest is None else named([move.nearest], t.language, 1)
        if nearest and nearest[0].casefold() != self.name(move.name).casefold():
            said.append(t("one_pager.moves.example", name=nearest[0]))
        if facts["pay_p50"] is not None:
            said.append(t("one_pager.moves.pay", pay=self.money(facts["pay_p50"])))
        if (facts["openings"] or 0) >= 100:
            said.append(t("one_pager.moves.openings", n=self._hundreds(facts["openings"])))
        if licences := named(move.licences, t.language, 2, strict=False):
            said.append(t("one_pager.moves.licence", names=t.names(licences)))
        learn = self._skills([unit.name for unit in move.units], _LEARN)
        if not learn:
            return [*said, t("one_pager.moves.learn_none")]
        said.append(t("one_pager.moves.learn", names="; ".join(learn)))
        time = t("one_pager.moves.time", months=self.months(move.effort.months[1]))
        train = t(f"one_pager.moves.train.{_LEVELS[facts['skill_level_max']]}")
        return [*said, f"{time} {train}"]

    def ask(self) -> Chapter:
        t = self.t
        keys = ("boss", "union", "uwv", "desk", "money", "adviser")
        helped = Items(tuple(runs_of_html(as_html(t(f"one_pager.ask.{key}"))) for key in keys))
        publishers = [t(f"one_pager.publisher.{table}") for table in _SOURCES]
        told = Text(_plain(t("one_pager.sources", names=t.names(publishers))), "muted")
        return self._chapter("ask", [helped, told, Text((Run(ESCO_STATEMENT, lang="en"),), "muted")])

    def _wide(self, said: Sequence[Text], basis: str) -> list[Text]:
        return [*said, self._say("outlook.wide")] if basis == "allocated" else list(said)

    def _say(self, key: str, **fields: Any) -> Text:
        return Text(_plain(self.t(f"one_pager.{key}", **fields)))

    def _chapter(self, name: str, blocks: Sequence[Block], title: str = "") -> Chapter:
        return Chapter(name, self.t(f"one_pager.{title or f'{name}.title'}"), tuple(blocks))


def _plain(text: str) -> Runs:
    return (Run(text),)
