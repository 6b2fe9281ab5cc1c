"""What a new session asks: items of a CSV or the study's technologies, statements, and the next round of a Delphi."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from overstap.errors import InputError, nearest
from overstap.panel import measure
from overstap.panel.items import read_items, read_statements
from overstap.panel.read import by_number
from overstap.panel.session import SETTINGS, Session, asked_in, closing, write_spec
from overstap.panel.spec import Choice, Gap, Ranking, Spec
from overstap.reference.tables import load
from overstap.survey.questionnaire import bundled

# What the vision session of 2017 is known to have ranked, and two technologies that the ads of its study rise in.
TECHNOLOGIES = (
    "artificial_intelligence", "big_data", "internet_of_things", "cybersecurity", "cloud_computing", "blockchain",
    "robotics", "quantum_technology", "digital_platforms", "in_silico_research", "additive_manufacturing",
    "augmented_virtual_reality",
)  # fmt: skip
_QUESTIONS = {
    "before": {
        "nl": "Welke ontwikkelingen hebben vóór {year} de meeste impact op uw sector?",
        "en": "Which developments have most impact on your sector before {year}?",
    },
    "after": {
        "nl": "Welke ontwikkelingen hebben na {year} de meeste impact op uw sector?",
        "en": "Which developments have most impact on your sector after {year}?",
    },
    "all": {
        "nl": "Welke ontwikkelingen hebben de meeste impact op uw sector?",
        "en": "Which developments have most impact on your sector?",
    },
}


def design(
    name: str,
    items: Path | None,
    statements: Path | None,
    year: int | None,
    minutes: int | None,
    min_group: int = 5,
    groups: Sequence[str] = (),
) -> Spec:
    """A session on items, ranked for the time before and after `year` or once, on statements, and on the skills of
    function `groups`.

    Raises InputError for a file that does not fit.
    """
    known = {row["technology_id"]: row for row in load("technologies").to_pylist()}
    choices = [Choice(item=id, label_nl=known[id]["label_nl"], label_en=known[id]["label_en"]) for id in TECHNOLOGIES]
    if items is not None:
        choices = [Choice(item=i.id, label_nl=i.labels["nl"], label_en=i.labels["en"]) for i in read_items(items)]
        if not 2 <= len(choices) <= 40:
            raise InputError(f"{items} has {len(choices)} items.", fix="Give from 2 to 40 items to rank.")
    moments = ("before", "after") if year else ("all",)
    rankings = [
        Ranking.model_validate(
            {
                "list": "technologies" if items is None else _plain(items.stem),
                "moment": moment,
                "question": {lang: text.format(year=year) for lang, text in _QUESTIONS[moment].items()},
                "items": choices,
            }
        )
        for moment in moments
    ]
    texts = read_statements(statements) if statements else []
    return Spec(
        session=_plain(name),
        title={"nl": f"Visiesessie: {name}", "en": f"Vision session: {name}"},
        closes=closing(minutes),
        min_group=min_group,
        rankings=rankings,
        statements=[Choice(**row) for row in texts],
        gaps=[_gap(group) for group in dict.fromkeys(groups)],
    )


def _gap(group: str) -> Gap:
    """The skills that the bundled questionnaire asks of a function group. Raises InputError for another group."""
    asked = {q.group: q for q in bundled().questions() if q.use == "importance"}
    if group not in asked:
        raise InputError(
            f"There is no function group '{group}'.", why=nearest(group, asked), fix=f"Groups: {', '.join(asked)}."
        )
    skills = asked[group].items.values()
    return Gap(
        function_group=group,
        items=[Choice(item=one["value"], label_nl=one["nl"], label_en=one["en"]) for one in skills],
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_") or "panel"


def next_round(session: Session, minutes: int | None) -> Session:
    """The session with its next round begun: rankings and gaps are not asked again, nor statements that are settled.

    Raises InputError where the round is still open, or nothing is left to ask.
    """
    spec = session.spec
    if not session.is_closed():
        raise InputError(f"Round {spec.round} is open.", fix="Close it on the moderator's page, or wait for its time.")
    rated = session.ratings()
    by_number(rated)
    now = [r for r in measure.statements(rated, measure.Asked(min_group=spec.min_group)) if r["round"] == spec.round]
    settled = {row["item"] for row in now if row["next_round"] in ("agreed", "stable")}
    left = [one for one in spec.statements if one.item not in settled]
    if not left:
        raise InputError("No statement needs another round.", why="All are agreed, or their answers no longer move.",
                         fix="See the outcome: overstap panel show FOLDER")  # fmt: skip
    ahead = spec.model_copy(
        update={"round": spec.round + 1, "statements": left, "rankings": [], "gaps": [], "closes": closing(minutes)}
    )
    write_spec(session.folder / asked_in(spec.round), spec)  # the texts of what is settled
    write_spec(session.folder / SETTINGS, ahead)
    return Session.open(session.folder)
