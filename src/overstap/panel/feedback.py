"""Feedback sheets of a round: each expert's own answers beside the group's, as pages that stand alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from overstap.errors import InputError
from overstap.panel.outcome import Outcome, outcome
from overstap.panel.session import SIDES, Session
from overstap.publish.bundled import asset
from overstap.publish.formats.typeset import typeset
from overstap.publish.labels import Translator
from overstap.publish.report import content_policy, make_environment
from overstap.whole import write_whole

_STATIC = Path(__file__).parent / "static"


def write_sheets(session: Session, out: Path, t: Translator, *, pdf: bool = False) -> list[Path]:
    """Write a sheet (HTML, and PDF where asked) per expert of this round, named by number; the paths.

    Raises InputError where too few experts answered to show the group, or Typst is not installed for a PDF.
    """
    found = outcome(session, t)
    if not found.is_shown:
        raise InputError(
            f"{found.answered} experts answered this round; sheets are made from {session.spec.min_group}.",
            why="With fewer, a sheet would show the answers of single persons.",
        )
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for rater in session.experts():
        own = session.answers_of(rater)
        path = out / f"round-{session.spec.round}-{rater}.html"
        write_whole(sheet(session, found, rater, own, t), path)
        paths.append(path)
        if pdf:
            write_whole(sheet_pdf(session, found, rater, own, t), path.with_suffix(".pdf"))
    return paths


def sheet(session: Session, found: Outcome, rater: str, own: dict[str, Any], t: Translator) -> str:
    """One sheet as HTML that loads and runs nothing."""
    made = make_environment(t)
    assert made.loader is not None
    made.loader = ChoiceLoader([PackageLoader("overstap.panel"), made.loader])
    style = asset("overstap.css") + (_STATIC / "live.css").read_text(encoding="utf-8")
    return made.get_template("sheet.html").render(
        spec=session.spec,
        found=found,
        rater=rater,
        own=own,
        lang=t.language,
        style=Markup(style),
        csp=content_policy([]),
    )


def sheet_pdf(session: Session, found: Outcome, rater: str, own: dict[str, Any], t: Translator) -> bytes:
    """One sheet as a PDF. Raises InputError where Typst is not installed."""
    spec = session.spec
    page = {
        "lang": t.language,
        "title": spec.title.get(t.language) or next(iter(spec.title.values())),
        "kicker": f"{t('panel.live.results', n=spec.round)} · {t('panel.sheet.number', rater=rater)}",
        "answered": t("panel.live.answered", n=found.answered, invited=found.invited),
        "orders": [
            {
                "question": one.question,
                "said": one.said,
                "head": [t(f"panel.live.head.{name}") for name in ("rank", "item", "own", "score")],
                "rows": [
                    [line.rank, line.name, own_rank(own, asked, line.item), line.score_text] for line in one.lines
                ],
            }
            for one, asked in zip(found.orders, spec.rankings, strict=True)
        ],
        "gaps": [
            {
                "name": t("panel.live.gap.of", group=one.name),
                "head": [
                    t(f"panel.live.{name}")
                    for name in ("head.skill", "head.gap", "gap.importance", "gap.mastery", "head.own_gap")
                ],
                "rows": [
                    [s.name, s.gap, s.importance, s.mastery, own_sides(own, one.group, s.item)] for s in one.skills
                ],
            }
            for one in found.gaps
            if one.skills
        ],
        "statements": [
            {
                "text": one.text,
                "said": one.said,
                "counts": [[str(value), n, own.get("ratings", {}).get(one.item) == value] for value, n in one.counts],
            }
            for one in found.statements
        ],
        "yours": t("panel.live.yours"),
    }
    source = (_STATIC.parent / "templates" / "sheet.typ").read_bytes()
    return typeset(source, page)


def own_sides(own: dict[str, Any], group: str, item: str) -> str:
    """How important and how well mastered an expert called a skill; dashes where not told."""
    mine = own.get("gaps", {}).get(group, {}).get(item, {})
    return " / ".join(str(mine.get(side) or "–") for side in SIDES)


def own_rank(own: dict[str, Any], asked: Any, item: str) -> str:
    """The rank that an expert gave an item; a dash where none."""
    return str(own.get("ranks", {}).get(asked.key, {}).get(item) or "–")
