"""The compiled choice of skill mentions: context weighed, then the leftmost and longest, text by text.

The rules stand in `overstap.ads.skills`; the scan gives the mentions of each text ordered by first, then last token.
"""

from __future__ import annotations

from typing import Any

from overstap.ads.compiled import ZERO, inlined, kernel

HIDDEN, PLAIN, WORD, GROUP = 0, 1, 2, 3
"""How a mention is borne out: not at all, by its form alone, by a context word, by a skill of a context group."""


@kernel()
def choose(
    row: Any, kind: Any, form: Any, token: Any, last: Any, skill_kind: int, context_kind: int,
    form_skill: Any, form_unsure: Any, skill_group: Any, group_contexts: Any, word_start: Any, word_forms: Any,
    window: int, longest: int, scratch: Any, way: Any, out: Any,
) -> int:  # fmt: skip
    """Fill `out` with the places in the scan of the chosen mentions, and `way` for each place in the scan; gives their
    number. `word_start`, `word_forms`: per skill its context forms, ascending. `scratch`: int64[3, mentions]."""
    mine, certain, contexts = scratch[0], scratch[1], scratch[2]
    at, chosen = ZERO, ZERO
    while at < len(row):
        here, n_mine, n_contexts, unsure = row[at], ZERO, ZERO, ZERO
        while at < len(row) and row[at] == here:
            if kind[at] == skill_kind:
                _insert(mine, n_mine, at, token, last)
                n_mine += 1
                unsure += form_unsure[form[at]]
                way[at] = HIDDEN if form_unsure[form[at]] else PLAIN
            elif kind[at] == context_kind:
                contexts[n_contexts] = at
                n_contexts += 1
            at += 1
        if unsure > 0:
            n_certain = _greedy(mine, n_mine, way, token, last, certain, ZERO)
            first_certain, first_context = ZERO, ZERO
            for k in range(n_mine):
                m = mine[k]
                if not form_unsure[form[m]]:
                    continue
                skill = form_skill[form[m]]
                low, high = token[m] - window, last[m] + window
                while first_certain < n_certain and last[certain[first_certain]] < low:
                    first_certain += 1
                while first_context < n_contexts and token[contexts[first_context]] < low - longest:
                    first_context += 1
                if word_start[skill + 1] > word_start[skill] and _beside_word(
                    m, contexts, first_context, n_contexts, low, high, form, token, last,
                    word_forms[word_start[skill] : word_start[skill + 1]],
                ):  # fmt: skip
                    way[m] = WORD
                elif _beside_group(
                    m, certain, first_certain, n_certain, high, form, token, last, form_skill, skill_group,
                    group_contexts[skill],
                ):  # fmt: skip
                    way[m] = GROUP
        last_chosen = _greedy(mine, n_mine, way, token, last, out, chosen)
        kept = chosen
        for k in range(chosen, last_chosen):  # phrases that only hide others have no skill
            if form_skill[form[out[k]]] >= 0:
                out[kept] = out[k]
                kept += 1
        chosen = kept
    return chosen


@inlined
def _insert(mine: Any, n: int, at: int, token: Any, last: Any) -> None:
    """Put `at` behind those of earlier or the same first token that are at least as long."""
    k = n
    while k > 0 and token[mine[k - 1]] == token[at] and last[mine[k - 1]] < last[at]:
        mine[k] = mine[k - 1]
        k -= 1
    mine[k] = at


@inlined
def _greedy(mine: Any, n: int, way: Any, token: Any, last: Any, out: Any, begin: int) -> int:
    """The mentions of `mine` that are borne out and that no earlier kept one overlaps, to `out` from `begin`."""
    free, kept = -1, begin
    for k in range(n):
        m = mine[k]
        if way[m] != HIDDEN and token[m] >= free:
            out[kept] = m
            kept += 1
            free = last[m] + 1
    return kept


@inlined
def _beside_word(
    m: int, contexts: Any, first: int, n: int, low: int, high: int, form: Any, token: Any, last: Any, wanted: Any
) -> bool:
    """Whether a context word of the skill of `m` stands in its window, outside its own span."""
    for k in range(first, n):
        c = contexts[k]
        if token[c] > high:
            break
        if last[c] < low or (token[c] >= token[m] and last[c] <= last[m]):
            continue
        a, b = 0, len(wanted)
        while a < b:
            middle = (a + b) >> 1
            if wanted[middle] < form[c]:
                a = middle + 1
            else:
                b = middle
        if a < len(wanted) and wanted[a] == form[c]:
            return True
    return False


@inlined
def _beside_group(
    m: int, certain: Any, first: int, n: int, high: int, form: Any, token: Any, last: Any,
    form_skill: Any, skill_group: Any, wanted: Any,
) -> bool:  # fmt: skip
    """Whether a certain mention of a skill of a wanted group stands in the window of `m`, outside its span."""
    for k in range(first, n):
        c = certain[k]
        if token[c] > high:
            break
        skill = form_skill[form[c]]
        if skill >= 0 and (last[c] < token[m] or token[c] > last[m]) and wanted[skill_group[skill]]:
            return True
    return False


@kernel()
def covered(span_row: Any, span_start: Any, span_end: Any, row: Any, start: Any, out: Any) -> None:
    """Set `out` true for positions (ordered by row, start) that lie in a span (ordered the same way, may overlap)."""
    k, here, reach = 0, -1, 0
    for m in range(len(row)):
        if row[m] != here:
            here, reach = row[m], 0
        while k < len(span_row) and (span_row[k] < here or (span_row[k] == here and span_start[k] <= start[m])):
            if span_row[k] == here and span_end[k] > reach:
                reach = span_end[k]
            k += 1
        out[m] = reach > start[m]
