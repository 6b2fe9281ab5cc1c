"""From what a scan found to skill mentions: phrases that only hide are dropped, ambiguous forms decided by context.

A form that needs context counts where one of its skill's own context words, or a plain mention (no such form itself) of
one of the skill's context groups, stands at most 15 tokens before or after it, in the same text.
No Python object per ad.
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
INFLECTED = (SKILL_KIND,)
WINDOW = 15
SCORE_PLAIN, SCORE_CONTEXT_WORD, SCORE_CONTEXT_GROUP = 1.0, 0.9, 0.8
"""Scores in order of trust, not probabilities: an unambiguous form, one that its own context word decides, one that
another skill of a named group decides."""
_SCORES = np.array([0.0, SCORE_PLAIN, SCORE_CONTEXT_WORD, SCORE_CONTEXT_GROUP], np.float32)
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
    `group_contexts`: skills × groups, whether the group decides; `word_start`, `word_forms`: per skill its context
    forms, ascending; `context_forms`: the table of the context kind."""

    form_skill: Array
    form_needs_context: Array
    skill_group: Array
    group_contexts: Array
    word_start: Array
    word_forms: Array
    context_forms: pa.Table

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> SkillRules:
        """The rules of `taxonomy`."""
        place = {group: number for number, group in enumerate(GROUPS)}
        by_group = np.zeros((taxonomy.skills.num_rows, len(GROUPS)), np.bool_)
        forms: dict[tuple[str, bool], int] = {}
        pairs: set[tuple[int, int]] = set()
        columns = taxonomy.contexts.to_pydict()
        for skill, form, exact, group in zip(*(columns[n] for n in taxonomy.contexts.column_names), strict=True):
            if form is None:
                by_group[skill, place[group]] = True
            else:
                pairs.add((skill, forms.setdefault((form, exact), len(forms))))
        table = {"form": pa.array([f for f, _ in forms], pa.string()), "case_sensitive": [exact for _, exact in forms]}
        ordered = sorted(pairs)
        return cls(
            form_skill=np.array(taxonomy.forms.column("skill_index")),
            form_needs_context=np.array(taxonomy.forms.column("needs_context")),
            skill_group=np.array([place[g] for g in taxonomy.skills.column("category_group").to_pylist()], np.int8),
            group_contexts=by_group,
            word_start=np.searchsorted([skill for skill, _ in ordered], np.arange(len(by_group) + 1)),
            word_forms=np.array([form for _, form in ordered], np.int32),
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
    from overstap.ads.skills_kernel import choose  # here, so that importing loads no compiler

    n = len(scan.row)
    scratch, way, chosen = np.empty((3, n), np.int64), np.zeros(n, np.uint8), np.empty(n, np.int64)
    kinds = index.kinds.index(SKILL_KIND), index.kinds.index(CONTEXT_KIND)
    n_chosen = choose(
        scan.row, scan.kind, scan.form, scan.token, scan.last_token, *kinds,
        rules.form_skill, rules.form_needs_context, rules.skill_group, rules.group_contexts, rules.word_start,
        rules.word_forms, WINDOW, index.max_form_tokens, scratch, way, chosen,
    )  # fmt: skip
    at = chosen[:n_chosen]
    method = pa.DictionaryArray.from_arrays(np.zeros(n_chosen, np.int8), ["lexicon"]).cast(pa.string())
    spans = (scan.start[at], scan.end[at], scan.token[at], scan.last_token[at])
    columns = [pa.array(values) for values in (scan.row[at], rules.form_skill[scan.form[at]], *spans)]
    return pa.table([*columns, method, pa.array(_SCORES[way[at]])], schema=MENTIONS)
