"""What the pages on one skill and on one occupation share: lines of short tables, links, names."""

from __future__ import annotations

from dataclasses import dataclass

from overstap.publish import words
from overstap.publish.labels import capital
from overstap.web.figures import View
from overstap.web.results import Row, Snapshot
from overstap.web.selection import Selection


@dataclass(frozen=True)
class Line:
    """A row of a short table: its label with a link, a share with its interval, n, and whether n is too low."""

    label: str
    href: str
    share: str
    interval: str
    n: str
    weak: bool


def moved_text(view: View, moved: dict[str, Row], row: Row) -> str:
    found = moved.get(row["item_id"])
    if found is None or view.caution.apart or words.change_state(found) in ("unknown", "too_few"):
        return view.t("unit.unknown")
    return view.t.value("direction", found["direction"])


def share_line(view: View, row: Row, href: str) -> Line:
    t = view.t
    label = t.item(row["item_kind"], row["item_id"]) if "item_id" in row else ""
    interval = t.percent_interval(row["share_low"], row["share_high"])
    return Line(
        capital(label),
        href,
        t.percent(row["share_pct"]),
        interval,
        t.number(row["vacancies_n"]),
        not row["is_reliable"],
    )


INITIATIVES = """
    SELECT initiative_id, name_nl, name_en FROM core_initiatives
    WHERE list_has_any({column}, $values) ORDER BY initiative_id
"""


def initiative_link(view: View, row: Row) -> tuple[str, str]:
    page = Selection(lang=view.t.language, view="initiatives", initiative=row["initiative_id"])
    return page.href(), row[f"name_{view.t.language}"]


def skill_href(view: View, code: str) -> str:
    """The link to the page on a skill."""
    return Selection(lang=view.t.language, view="skill", item_id=(code,)).href()


def occupation_dimension(snapshot: Snapshot) -> str:
    """The dimension of the coded vacancies that the occupations of the study are."""
    return "isco4" if snapshot.study.spec.moves.level == "isco" else "brc"
