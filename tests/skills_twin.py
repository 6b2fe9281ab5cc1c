"""The choice of skill mentions as `overstap.ads.skills` words it: the definition that the compiled choice must meet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult
from overstap.ads.skills import (
    CONTEXT_KIND,
    SCORE_CONTEXT_GROUP,
    SCORE_CONTEXT_WORD,
    SCORE_PLAIN,
    SKILL_KIND,
    WINDOW,
    SkillRules,
)  # fmt: skip


class Mention(NamedTuple):
    row: int
    token: int
    last: int
    form: int
    skill: int
    start: int


def chosen(scan: ScanResult, index: FormIndex, rules: SkillRules) -> list[tuple[int, int, int, float]]:
    """Row, start in characters, skill and score of each chosen mention, in order."""
    mine, contexts = (_mentions(scan, index.kinds.index(kind), rules) for kind in (SKILL_KIND, CONTEXT_KIND))
    mine.sort(key=lambda m: (m.row, m.token, -m.last))
    certain = [m for m in _leftmost_longest(m for m in mine if not rules.form_needs_context[m.form]) if m.skill >= 0]

    def score(m: Mention) -> float:
        if not rules.form_needs_context[m.form]:
            return SCORE_PLAIN
        words = set(rules.word_forms[rules.word_start[m.skill] : rules.word_start[m.skill + 1]].tolist())
        beside = [c for c in contexts if _near(m, c) and not (c.token >= m.token and c.last <= m.last)]
        if any(c.form in words for c in beside):
            return SCORE_CONTEXT_WORD
        groups = (rules.skill_group[c.skill] for c in certain if _near(m, c) and (c.last < m.token or c.token > m.last))
        return SCORE_CONTEXT_GROUP if any(rules.group_contexts[m.skill, group] for group in groups) else 0.0

    scores = {id(m): score(m) for m in mine}
    kept = _leftmost_longest(m for m in mine if scores[id(m)] > 0)
    return [(m.row, m.start, m.skill, scores[id(m)]) for m in kept if m.skill >= 0]


def _mentions(scan: ScanResult, kind: int, rules: SkillRules) -> list[Mention]:
    at = scan.of_kind(kind)
    columns = (scan.row, scan.token, scan.last_token, scan.form, scan.start)
    rows = zip(*(column[at].tolist() for column in columns), strict=True)
    skills = rules.form_skill
    return [Mention(row, token, last, form, int(skills[form]) if kind == 0 else -1, start)
            for row, token, last, form, start in rows]  # fmt: skip


def _leftmost_longest(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for m in mentions:
        if not kept or kept[-1].row != m.row or m.token > kept[-1].last:
            kept.append(m)
    return kept


def _near(m: Mention, other: Mention) -> bool:
    return other.row == m.row and other.last >= m.token - WINDOW and other.token <= m.last + WINDOW
