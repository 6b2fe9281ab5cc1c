"""From what a scan found to skill mentions: phrases that only hide are dropped, ambiguous forms decided by context.

A form that needs context counts where one of its skill's own context words, or a plain mention (no such form itself) of
one of the skill's context groups, stands at most 15 tokens before or after it, in the same text. All in whole-array
steps, no Python object per ad.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from overstap.ads.lexicon import Array, FormIndex
from overstap.ads.scan import ScanResult
from overstap.reference.core_files import GROUPS
from overstap.reference.taxonomy import Taxonomy

SKILL_KIND, CONTEXT_KIND = "skill", "skill_context"
OVERLAPPING = (SKILL_KIND, CONTEXT_KIND)
WINDOW = 15
SCORE_PLAIN, SCORE_CONTEXT_WORD, SCORE_CONTEXT_GROUP = 1.0, 0.9, 0.8
"""Scores in order of trust, not probabilities: an unambiguous form, one that its own context word decides, one that
another skill of a named group decides."""
MENTIONS = pa.schema(
    [
        ("row", pa.int32()),
        ("skill_index", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("token", pa.int32()),
        ("last_token", pa.int32()),
        ("method", pa.string()),
        ("score", pa.float32()),
    ]
)


@dataclass(frozen=True, eq=False)
class SkillRules:
    """A taxonomy as arrays. `form_skill`, `form_needs_context`: per form; `skill_group`: per skill, place in GROUPS;
    `group_contexts`: skills × groups, whether the group decides; `word_contexts`: sorted `skill << 32 | context form`;
    `context_forms`: the table of the context kind."""

    form_skill: Array
    form_needs_context: Array
    skill_group: Array
    group_contexts: Array
    word_contexts: Array
    context_forms: pa.Table

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> SkillRules:
        """The rules of `taxonomy`."""
        place = {group: number for number, group in enumerate(GROUPS)}
        by_group = np.zeros((taxonomy.skills.num_rows, len(GROUPS)), np.bool_)
        forms: dict[tuple[str, bool], int] = {}
        pairs = set()
        columns = taxonomy.contexts.to_pydict()
        for skill, form, exact, group in zip(*(columns[n] for n in taxonomy.contexts.column_names), strict=True):
            if form is None:
                by_group[skill, place[group]] = True
            else:
                pairs.add(skill << 32 | forms.setdefault((form, exact), len(forms)))
        table = {"form": pa.array([f for f, _ in forms], pa.string()), "case_sensitive": [exact for _, exact in forms]}
        return cls(
            form_skill=taxonomy.forms.column("skill_index").to_numpy(),
            form_needs_context=taxonomy.forms.column("needs_context").to_numpy(),
            skill_group=np.array([place[g] for g in taxonomy.skills.column("category_group").to_pylist()], np.int8),
            group_contexts=by_group,
            word_contexts=np.array(sorted(pairs), np.int64),
            context_forms=pa.table({**table, "case_sensitive": pa.array(table["case_sensitive"], pa.bool_())}),
        )


def skill_kinds(taxonomy: Taxonomy, rules: SkillRules) -> dict[str, pa.Table]:
    """The kinds that `FormIndex.build` needs for skills; give OVERLAPPING as overlapping there."""
    return {SKILL_KIND: taxonomy.forms, CONTEXT_KIND: rules.context_forms}


def skill_mentions(scan: ScanResult, index: FormIndex, rules: SkillRules) -> pa.Table:
    """The skill mentions of a scan (MENTIONS): row of the text, row in `Taxonomy.skills`, span in characters and in
    tokens, method `lexicon`, score. Ordered by row, then start; spans of one text never overlap.

    Forms are weighed first and only then chosen, leftmost and longest: a form that its context does not bear out hides
    nothing.
    """
    at = scan.of_kind(index.kinds.index(SKILL_KIND))
    at = at[np.lexsort((-scan.last_token[at], scan.token[at], scan.row[at]))]
    skill, unsure = rules.form_skill[scan.form[at]], rules.form_needs_context[scan.form[at]]
    score = np.where(unsure, 0.0, SCORE_PLAIN).astype(np.float32)
    asks = np.flatnonzero(unsure)
    if len(asks):
        certain = np.flatnonzero(~unsure)
        certain = certain[_leftmost_longest(scan, at[certain])]
        certain = certain[skill[certain] >= 0]
        beside = _beside_group(scan, at[asks], skill[asks], at[certain], skill[certain], rules)
        score[asks[beside]] = SCORE_CONTEXT_GROUP
        contexts = scan.of_kind(index.kinds.index(CONTEXT_KIND))
        score[asks[_beside_word(scan, at[asks], contexts, skill[asks], rules)]] = SCORE_CONTEXT_WORD
    borne_out = np.flatnonzero(score > 0)
    keep = borne_out[_leftmost_longest(scan, at[borne_out])]
    keep = keep[skill[keep] >= 0]
    at, skill, score = at[keep], skill[keep], score[keep]
    method = pa.DictionaryArray.from_arrays(np.zeros(len(at), np.int8), ["lexicon"]).cast(pa.string())
    spans = (scan.start[at], scan.end[at], scan.token[at], scan.last_token[at])
    columns = [pa.array(values) for values in (scan.row[at], skill, *spans)]
    return pa.table([*columns, method, pa.array(score)], schema=MENTIONS)


def _leftmost_longest(scan: ScanResult, at: Array) -> Array:
    """Places in `at` (ordered by row, first token, longest first) of the mentions that no earlier kept one overlaps.

    From each kept mention the next is the first that starts after it ends; it is the longest that starts there.
    """
    if not len(at):
        return np.zeros(0, np.int64)
    begin, end = _place(scan.row[at], scan.token[at]), _place(scan.row[at], scan.last_token[at])
    follower = np.searchsorted(begin, end, side="right")  # the first mention that starts after this one ends
    return _follow(follower)


def _follow(follower: Array) -> Array:
    """0, follower[0], follower[follower[0]] … while within the array."""
    kept, here, steps = [], 0, follower.tolist()
    while here < len(steps):
        kept.append(here)
        here = steps[here]
    return np.array(kept, np.int64)


def _place(row: Array, token: Array) -> Array:
    """One number that orders by row, then token."""
    return row.astype(np.int64) << 32 | token.astype(np.int64)


def _beside_group(
    scan: ScanResult, mine: Array, skill: Array, certain: Array, certain_skill: Array, rules: SkillRules
) -> Array:
    """Which of `mine` have a certain mention of one of their skill's context groups in the window. Certain mentions do
    not overlap, so only the nearest before and after matter; one within the span itself does not count."""
    found = np.zeros(len(mine), np.bool_)
    row, first, last = scan.row[mine].astype(np.int64), scan.token[mine], scan.last_token[mine]
    here = _place(row, first)
    for group in range(len(GROUPS)):
        wanted = rules.group_contexts[skill, group]
        others = certain[rules.skill_group[certain_skill] == group]
        if not wanted.any() or not len(others):
            continue
        place = _place(scan.row[others], scan.token[others])
        end = _place(scan.row[others], scan.last_token[others])
        before = np.searchsorted(end, here) - 1  # the last that ends before this one starts
        near_before = (before >= 0) & (end[np.maximum(before, 0)] >= _place(row, np.maximum(first - WINDOW, 0)))
        after = np.searchsorted(place, _place(row, last), side="right")
        near_after = (after < len(others)) & (place[np.minimum(after, len(others) - 1)] <= _place(row, last + WINDOW))
        found |= wanted & (near_before | near_after)
    return found


def _beside_word(scan: ScanResult, mine: Array, contexts: Array, skill: Array, rules: SkillRules) -> Array:
    """Which of `mine` have one of their skill's context words in the window, outside their own span."""
    found = np.zeros(len(mine), np.bool_)
    if not len(contexts) or not len(rules.word_contexts):
        return found
    row, first, last = scan.row[mine].astype(np.int64), scan.token[mine], scan.last_token[mine]
    longest = int((scan.last_token[contexts] - scan.token[contexts]).max())
    place = _place(scan.row[contexts], scan.token[contexts])
    low = np.searchsorted(place, _place(row, np.maximum(first - WINDOW - longest, 0)))
    high = np.searchsorted(place, _place(row, last + WINDOW), side="right")
    counts = high - low
    who = np.repeat(np.arange(len(mine)), counts)
    which = contexts[np.repeat(low - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())]
    near = first[who] - scan.last_token[which] <= WINDOW
    inside = (scan.token[which] >= first[who]) & (scan.last_token[which] <= last[who])
    pair = skill[who].astype(np.int64) << 32 | scan.form[which].astype(np.int64)
    slot = np.minimum(np.searchsorted(rules.word_contexts, pair), len(rules.word_contexts) - 1)
    found[who[near & ~inside & (rules.word_contexts[slot] == pair)]] = True
    return found
