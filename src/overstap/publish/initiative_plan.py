"""The plan of a new learning community on two pages: why, for whom, with whom, and the eight steps to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from markupsafe import Markup

from overstap.errors import InputError
from overstap.initiatives.design import Found, Idea
from overstap.initiatives.vocabulary import known
from overstap.publish.bundled import asset
from overstap.publish.initiatives import when
from overstap.publish.labels import DASH, Translator, capital
from overstap.publish.report import content_policy, make_environment
from overstap.reference.tables import load
from overstap.schema.initiatives import FUNCTIONS

STEPS = ("question", "partners", "functions", "place", "people", "money", "evaluation", "start")


@dataclass(frozen=True)
class Line:
    """A fact with its label."""

    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """A part of the first page: what the data say, and lines below it."""

    title: str
    text: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class PlanPage:
    """The plan, top to bottom; all of it plain words."""

    language: str
    title: str
    kicker: str
    made: str
    intro: tuple[str, ...]
    parts: tuple[Part, ...]
    steps_title: str
    steps: tuple[Part, ...]
    notes_title: str
    notes: tuple[str, ...]


def plan_page(idea: Idea, found: Found, t: Translator, made: date, study: str, *, simulated: bool) -> PlanPage:
    """The page for an idea, from what the study holds for it."""
    say = _Say(t)
    intro = [*_intro(idea, t), *(say("goal", goal=goal) for goal in idea.goals)]
    parts = (
        _why(idea, found, t),
        _employers(idea, found, t),
        _education(found, t),
        _people(found, t),
        _ties(idea, found, t),
    )
    notes = [say("notes.data", study=study), say("notes.people"), say("notes.matrix"), say("notes.names")]
    notes += [say("notes.simulated")] if simulated else []
    return PlanPage(
        t.language, say("title", name=idea.name), say("kicker"), t.date(made), tuple(intro), parts, say("steps_title"),
        tuple(_step(number, step, idea, t) for number, step in enumerate(STEPS, 1)), say("notes_title"), tuple(notes),
    )  # fmt: skip


class _Say:
    """The texts of the plan."""

    def __init__(self, t: Translator) -> None:
        self.t = t

    def __call__(self, key: str, **fields: object) -> str:
        return self.t(f"initiatives.plan.{key}", **fields)


def _intro(idea: Idea, t: Translator) -> list[str]:
    """What is known of the idea in sentences, and what is still to choose."""
    say = _Say(t)
    topsectors = t.names([t.value("topsector", one) for one in idea.topsectors])
    functions = t.names([t.value("learning", one) for one in idea.functions])
    place = say("in_place", place=idea.place) if idea.place else ""
    lines = [
        say(
            "intro", name=idea.name, place=place, topsectors=topsectors and say("for_topsectors", topsectors=topsectors)
        )
    ]
    lines += [say("functions", functions=functions)] if functions else []
    chosen = {"place": idea.place, "topsectors": topsectors, "functions": functions}
    names = [say(f"choice.{name}") for name, value in chosen.items() if not value]
    return [*lines, say("open", names=t.names(names))] if names else lines


def _why(idea: Idea, found: Found, t: Translator) -> Part:
    say, lines = _Say(t), []
    growing = {row["gap_id"]: row for row in found.gaps}
    for skill in idea.skills:
        row = growing.get(skill)
        text = say("why.steady")
        if row is not None:
            ends = t.factor_interval(row["ratio_low"], row["ratio_high"])
            text = say("why.more", ratio=t.factor(row["ratio"]), interval=ends)
            text += f" {_served(row['initiatives_n'], t)}"
        lines.append(Line(t.value("skill", skill), text))
    n = found.asked
    text = say("why.text", vacancies=t.number(n["vacancies_n"]), employers=t.number(n["employers_n"]))
    return Part(say("why.title"), text, tuple(lines))


def _served(n: int, t: Translator) -> str:
    say = _Say(t)
    return say("why.served", n=t.count("initiatives.unit", n)) if n else say("why.open")


def _employers(idea: Idea, found: Found, t: Translator) -> Part:
    say, n = _Say(t), found.asked
    text = say("employers.no_region")
    if idea.province:
        fields = {"vacancies": t.number(n["near_n"]), "employers": t.number(n["near_employers_n"])}
        fields |= {"placed": t.number(n["placed_n"]), "all": t.number(n["vacancies_n"])}
        text = say("employers.text", province=t.value("province", idea.province), **fields)
    lines = [Line(row["name"], say("employers.line", n=t.number(row["vacancies_n"]))) for row in found.employers]
    if not lines:
        text = f"{text} {say('employers.unnamed')}"
    return Part(say("employers.title"), text, tuple(lines))


def _education(found: Found, t: Translator) -> Part:
    say = _Say(t)
    names = {row["code"]: row[f"title_{t.language}"] for row in load("isced_f").to_pylist()}
    lines = []
    for row in found.programmes:
        level = t(f"education.level.{row['level']}") if t.has(f"education.level.{row['level']}") else row["level"]
        share = say("education.line", share=t.percent(100 * row["weight"], 0))
        schools = f"; {', '.join(row['schools'][:3])}" if row["schools"] else ""
        lines.append(Line(f"{names.get(row['isced_f']) or row['isced_f']} ({level})", f"{share}{schools}"))
    return Part(say("education.title"), say("education.text" if lines else "education.none"), tuple(lines))


def _people(found: Found, t: Translator) -> Part:
    say, lines = _Say(t), []
    for row in found.people:
        label = row[f"name_{t.language}"] or row["name_nl"] or row["from_code"]
        jobs = t("unit.unknown") if row["jobs"] is None else t.number(round(row["jobs"], -3))
        months = t("unit.unknown")
        if row["months_low"] is not None:
            months = f"{t.number(row['months_low'])}{DASH}{t.number(row['months_high'])}"
        lines.append(Line(label, say("people.line", jobs=jobs, months=months)))
    return Part(say("people.title"), say("people.text" if lines else "people.none"), tuple(lines))


def _ties(idea: Idea, found: Found, t: Translator) -> Part:
    say = _Say(t)
    lines = []
    for row in found.ties:
        where = t.value("province", row["province_code"]) if row["province_code"] else say("ties.no_place")
        kind = capital(t.value("initiative_kind", row["kind"]))
        lines.append(Line(row[f"name_{t.language}"], f"{kind}, {where}"))
    text = say("ties.text" if lines else "ties.none" if idea.topsectors else "ties.no_topsector")
    return Part(say("ties.title"), text, tuple(lines))


def _step(number: int, step: str, idea: Idea, t: Translator) -> Part:
    """A step with its question, and what is filled in already."""
    say = _Say(t)
    filled = {
        "question": [t.value("skill", one) for one in idea.skills],
        "partners": [_partner(one, t) for one in idea.partners],
        "functions": _functions(idea, t),
        "place": [idea.place] if idea.place else [],
        "people": [t.count("initiatives.plan.taking_part", idea.people)] if idea.people else [],
        "money": [f"€ {t.number(idea.funding_eur)}"] if idea.funding_eur is not None else [],
        "evaluation": [_seen(idea, t)] if idea.people else [],
        "start": [when(idea.start, t)] if idea.start else [],
    }[step]
    done = say("filled", what="; ".join(filled)) if filled else say("to_fill")
    return Part(f"{number}. {say(f'steps.{step}.title')}", say(f"steps.{step}.text"), (Line(say("now"), done),))


def _partner(given: str, t: Translator) -> str:
    """A partner with its kind in the reader's words."""
    name, _, kind = given.removesuffix(")").rpartition(" (")
    code = known("partner_type", kind) if name else None
    return f"{name} ({t.value('partner_type', code)})" if code else given


def _functions(idea: Idea, t: Translator) -> Sequence[str]:
    lacking = [t.value("learning", one) for one in FUNCTIONS if one not in idea.functions]
    have = [t.value("learning", one) for one in idea.functions]
    return [*have, *([_Say(t)("functions_missing", names=t.names(lacking))] if have and lacking else [])]


def _seen(idea: Idea, t: Translator) -> str:
    """What an evaluation of so many people could see, where statsmodels is there to tell."""
    from overstap.experiments.power import Plan, plan

    try:
        asked = Plan(units=idea.people, power=0.8, before=1, after=1)
        smallest = plan(asked).effect or 0.0
    except InputError:
        return _Say(t)("power_unknown")
    return _Say(t)("power", n=t.number(idea.people), smallest=t.number(smallest, 2))


def plan_html(page: PlanPage, t: Translator) -> str:
    """The plan as one HTML file that loads nothing and runs nothing."""
    style = Markup((asset("overstap.css") + asset("advice.css") + asset("plan.css")).replace("</", "<\\/"))
    template = make_environment(t).get_template("initiative_plan.html.j2")
    return template.render(page=page, style=style, csp=content_policy([]))


def plan_pdf(page: PlanPage) -> bytes:
    """The plan as a PDF of two A4 sheets. Raises `InputError` where Typst is not installed."""
    from overstap.publish.formats.typeset import typeset

    return typeset(asset("plan.typ").encode(), asdict(page))
