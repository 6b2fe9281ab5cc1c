"""Turns asked concepts into words: each mention gets a kind of form, a form, and a sentence around it; adds the
distractors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overstap.simulate.concepts import CONCEPTS, DIGITAL, INDEX
from overstap.simulate.fragments import Mark, Pool
from overstap.simulate.lexicon import LANGUAGES, forms, sentences
from overstap.simulate.rates import N_DIGITAL
from overstap.simulate.spec import FORM_KINDS, MarketSpec

Ints = NDArray[np.int64]
_FRAMES = ("frames_tool", "frames_soft", "frames_prof", "frames_lang", "distract")
IN_TASKS = 0.15
"""Share of the mentions that stand among the tasks instead of the requirements."""


def _frame_kind(category: str) -> int:
    if category in DIGITAL:
        return 0
    return {"professional": 2, "language": 3}.get(category, 1)


@dataclass(frozen=True)
class Mentions:
    """Long table of a block's mentions, sorted by vacancy row. `before`, `form`, `after` are fragments."""

    row: Ints
    concept: Ints
    kind: Ints
    asked: NDArray[np.bool_]
    in_tasks: NDArray[np.bool_]
    before: Ints
    form: Ints
    after: Ints
    opens: NDArray[np.bool_]  # begins an item: false inside an enumeration
    closes: NDArray[np.bool_]


class Phrasebook:
    """Forms and frames as number tables over a pool."""

    def __init__(self, pool: Pool) -> None:
        n = len(CONCEPTS)
        self.start = np.zeros((n, 2, 4), dtype=np.int64)
        self.count = np.zeros((n, 2, 4), dtype=np.int64)
        fragment: list[int] = []
        clause: list[bool] = []
        book = forms()
        for c, concept in enumerate(CONCEPTS):
            for lang, language in enumerate(LANGUAGES):
                for k, kind in enumerate(FORM_KINDS):
                    options = book[concept.id, language, kind]
                    self.start[c, lang, k], self.count[c, lang, k] = len(fragment), len(options)
                    fragment += [pool.add(form.text) for form in options]
                    clause += [form.clause for form in options]
        self.fragment, self.clause = np.array(fragment), np.array(clause)
        self.frame_kind = np.array([_frame_kind(c.category) for c in CONCEPTS])
        before: list[int] = []
        after: list[int] = []
        self.frame_start = np.zeros((len(_FRAMES), 2), dtype=np.int64)
        self.frame_count = np.zeros((len(_FRAMES), 2), dtype=np.int64)
        for f, name in enumerate(_FRAMES):
            for lang, language in enumerate(LANGUAGES):
                texts: list[str] = sentences(language)[name]
                self.frame_start[f, lang], self.frame_count[f, lang] = len(before), len(texts)
                before += [pool.add(t.partition("{x}")[0]) for t in texts]
                after += [pool.add(t.partition("{x}")[2]) for t in texts]
        self.frame_before, self.frame_after = np.array(before), np.array(after)
        self.leads = np.array([pool.extend([f"{t} " for t in sentences(x)["list_lead"]])[:5] for x in LANGUAGES])
        self.conjunction = np.array([pool.add(sentences(x)["and"]) for x in LANGUAGES])
        self.comma, self.full_stop = pool.add(", "), pool.add(".")
        self.traps = [
            [(INDEX[f"sim.{name}"], pool.add(t)) for name, texts in sentences(x)["traps"].items() for t in texts]
            for x in LANGUAGES
        ]

    def pick_form(
        self, concept: Ints, lang: Ints, kind: Ints, u: NDArray[np.float64]
    ) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Fragment and final kind per mention, and whether it is a whole sentence. Names too short to misspell are
        paraphrased."""
        kind = np.where(self.count[concept, lang, kind] == 0, FORM_KINDS.index("paraphrase"), kind)
        at = self.start[concept, lang, kind] + (u * self.count[concept, lang, kind]).astype(np.int64)
        return self.fragment[at], kind, self.clause[at]

    def frame(self, kind: Ints, lang: Ints, u: NDArray[np.float64]) -> tuple[Ints, Ints]:
        """Fragments before and after the form."""
        at = self.frame_start[kind, lang] + (u * self.frame_count[kind, lang]).astype(np.int64)
        return self.frame_before[at], self.frame_after[at]


def mention(
    book: Phrasebook, spec: MarketSpec, rng: np.random.Generator, asked: NDArray[np.bool_], lang: Ints
) -> Mentions:
    """Words for every asked concept of a block. `asked` is [v, c], `lang` [v] with 0 Dutch and 1 English."""
    row, concept = np.nonzero(asked)
    u = rng.random((len(row), 6))
    in_tasks = u[:, 0] < IN_TASKS
    order = np.lexsort((book.frame_kind[concept] + 1.6 * u[:, 1], in_tasks, row))
    row, concept, u, in_tasks = row[order], concept[order], u[order], in_tasks[order]
    kind = np.searchsorted(np.cumsum(spec.form_shares)[:3], u[:, 2], side="right")
    form, kind, clause = book.pick_form(concept, lang[row], kind, u[:, 3])
    frame = book.frame_kind[concept]
    before, after = book.frame(frame, lang[row], u[:, 4])
    before, after = np.where(clause, 0, before), np.where(clause, 0, after)
    tool = ~clause & (frame == 0)
    joins = np.zeros(len(row), dtype=bool)  # continues the enumeration of the mention before
    joins[1:] = (row[1:] == row[:-1]) & (in_tasks[1:] == in_tasks[:-1]) & tool[1:] & tool[:-1] & (u[1:, 5] < 0.5)
    goes_on = np.append(joins[1:], False) if len(row) else joins
    lead = book.leads[lang[row], (u[:, 4] * book.leads.shape[1]).astype(np.int64)]
    before = np.where(
        joins, np.where(goes_on, book.comma, book.conjunction[lang[row]]), np.where(goes_on, lead, before)
    )
    after = np.where(goes_on, 0, np.where(joins, book.full_stop, after))
    return Mentions(row, concept, kind, np.ones(len(row), dtype=bool), in_tasks, before, form, after, ~joins, ~goes_on)


def distract(
    book: Phrasebook, spec: MarketSpec, rng: np.random.Generator, asked: NDArray[np.bool_], lang: Ints
) -> tuple[Mentions, Mentions]:
    """Sentences that name a skill which is not asked: frames around a plain name, and traps (a name in another
    sense)."""
    n = len(lang)
    u = rng.random((n, 6))
    concept = (u[:, 1] * N_DIGITAL).astype(np.int64)
    row = np.flatnonzero((u[:, 0] < spec.distractor_share) & ~asked[np.arange(n), concept])
    form, kind, clause = book.pick_form(concept[row], lang[row], np.zeros(len(row), dtype=np.int64), u[row, 2])
    before, after = book.frame(np.full(len(row), _FRAMES.index("distract")), lang[row], u[row, 3])
    table = [np.array(options) for options in book.traps]
    pick = np.array([len(t) for t in table])[lang] * u[:, 4]
    trap = np.where(
        lang == 0, table[0][(pick % len(table[0])).astype(int)].T, table[1][(pick % len(table[1])).astype(int)].T
    )
    hit = np.flatnonzero((u[:, 5] < spec.trap_share) & ~asked[np.arange(n), trap[0]])
    none, zero = np.zeros(len(hit), dtype=bool), np.zeros(len(hit), dtype=np.int64)
    framed = Mentions(row, concept[row], kind, clause & False, clause & False, before, form, after, ~clause, ~clause)
    return framed, Mentions(hit, trap[0][hit], zero, none, none, zero, trap[1][hit], zero, ~none, ~none)


def layout(m: Mentions, keep: NDArray[np.bool_], n: int, item: Ints, item_end: Ints) -> Ints:
    """Dense matrix [n, 5 k] of the kept mentions: item mark, before, form, after, closing mark, in order of `m`."""
    row = m.row[keep]
    at = np.arange(len(row)) - np.searchsorted(row, row, side="left")
    width = int(at.max()) + 1 if len(at) else 0
    out = np.zeros((n, width, 5), dtype=np.int64)
    cells = (item[row] * m.opens[keep], m.before[keep], m.form[keep], m.after[keep], item_end[row] * m.closes[keep])
    for k, values in enumerate(cells):
        out[row, at, k] = values
    return out.reshape(n, width * 5)


def item_marks(prose: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """List, item, item end and list end per vacancy: bullets, or running text."""
    return (
        np.where(prose, Mark.PARAGRAPH, Mark.LIST),
        np.where(prose, 0, Mark.ITEM),
        np.where(prose, Mark.STOP, Mark.ITEM_END),
        np.where(prose, Mark.PARAGRAPH_END, Mark.LIST_END),
    )
