"""The parts of an ad (requirements, tasks, company, benefits, application) and what in it is a plus or not needed.

A heading opens a part that runs to the next heading. A heading is a form of `section_headings.csv` at the start of a
line that holds little else, or before a colon; a label such as "Closing date: 1 May" holds only for its line. A cue
(`section_cues.csv`: "je hebt …", "you have …") that ends its line with a colon is a heading too. Text that no heading
governs, and company text, is split by cue sentences: what is asked holds to the end of its line, the rest to the end
of its sentence. A strong cue that opens a sentence counts in any part: "we offer …" among the requirements, "ervaring
met …" among the benefits. Where it opens a line it ends a part that its ad forgot to end, up to the next such cue.
`condition_cues.csv` holds what makes a sentence or clause optional ("… is een pré", "ideally …") or negates it ("geen
ervaring met … nodig", "we do not use …"), and what introduces colleagues ("samen met …").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.compiled import kernel, part
from overstap.ads.conditions import colleague_spans, negated_spans, optional_spans
from overstap.ads.context import Context, Walked, mention_context
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult, scan
from overstap.ads.section_tables import CONDITION, CUE, HEADING, section_columns, section_kinds
from overstap.ads.spans import Spans, keys, ordered
from overstap.schema.core import SECTIONS

OTHER = SECTIONS.index("other")
_REQUIREMENTS, _TASKS, _COMPANY, _BENEFITS, _APPLICATION = (
    SECTIONS.index(name) for name in ("requirements", "tasks", "company", "benefits", "application")
)
_MORE_WORDS = 5
"""Words that may stand behind a heading that is marked `*` ("over *", "what you bring to *")."""
_MAX_ZONE = 1_200
"""Characters after which a "nice to have" heading no longer holds."""
_LONG_LINE = 600
_LABEL_LINE = 300
"""Longest line, in characters, that a label ("Salary: …") holds for alone."""
_LEAD_LINE = 200
"""Longest line, in characters, that opens a list ("We are looking for someone who has:")."""
_NEAR_START = 45
"""Characters from the start of a sentence within which a strong cue opens it."""
_FAR = 150
"""Characters beyond which the start of a sentence, or an earlier cue in it, no longer counts: feeds lose full stops."""
_MAX_CUE = 400

_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Zones:
    """What `read_zones` found: parts that cover each text without gap (`code` is a place in SECTIONS), what is a plus,
    and what is said not to be needed. `clauses` is `optional` cut at commas, for lists of alternatives. `headings` are
    the words that open a part: "Requirements" asks no requirements analysis. `colleagues` are those with whom, for whom
    or under whom one works ("samen met …"), to the end of the sentence."""

    parts: Spans
    code: npt.NDArray[np.int8]
    optional: Spans
    clauses: Spans
    negated: Spans
    headings: Spans
    colleagues: Spans

    def section_of(self, row: _Ints, start: _Ints) -> npt.NDArray[np.int8]:
        """The part (place in SECTIONS) that holds each position (row, character)."""
        if len(self.code) == 0:
            return np.full(len(row), OTHER, np.int8)
        at = np.searchsorted(keys(self.parts.row, self.parts.start), keys(row, start), side="right") - 1
        at = np.maximum(at, 0)
        inside = (self.parts.row[at] == row) & (start < self.parts.end[at])
        return np.where(inside, self.code[at], OTHER).astype(np.int8)


def split_sections(texts: pa.Array | pa.ChunkedArray) -> Zones:
    """The parts, pluses and negations of each text, with a scan of their own; see `read_zones`."""
    index = _index()
    return read_zones(texts, scan(texts, index), index)


def walk(texts: pa.Array | pa.ChunkedArray, found: ScanResult, index: FormIndex, *kinds: str) -> Walked:
    """The context of all headings, cues and conditions, and of the mentions of other `kinds` of the index."""
    numbers = [index.kinds.index(name) for name in (HEADING, CUE, CONDITION, *kinds)]
    wanted = np.zeros(len(index.kinds), np.bool_)
    wanted[numbers] = True
    mine = np.flatnonzero(wanted[found.kind])
    row, start, end, kind = (a[mine] for a in (found.row, found.start, found.end, found.kind))
    return Walked(mine, mention_context(texts, row, start, end, kind == numbers[0]))


def read_zones(
    texts: pa.Array | pa.ChunkedArray, found: ScanResult, index: FormIndex, walked: Walked | None = None
) -> Zones:
    """The zones of `texts` from a scan with an index that holds the kinds of `section_kinds`; `walked` as of `walk`."""
    walked = walked or walk(texts, found, index)
    tables = section_columns()
    lengths = pc.fill_null(pc.utf8_length(texts), 0)
    length = np.asarray(lengths.to_numpy(), np.int32)

    row, start, end, form, here = _walked_of(HEADING, found, index, walked)
    at = np.flatnonzero(_are_headings(here, start, end, form, tables))
    row, start, end, form, here = row[at], start[at], end[at], form[at], here.take(at)
    heads = (row, start, tables["heading_code"][form])
    words = Spans(row, start, end)
    one_line = np.where(here.words_after > _MORE_WORDS, here.line_end, length[row]).astype(np.int32)
    labels = _label_ends(heads, here, tables["heading_tokens"][form], tables["heading_pay"][form])
    row, start, end, form, here = _walked_of(CUE, found, index, walked)
    code, strong = tables["cue_code"][form], tables["cue_strong"][form]
    # "Our …" speaks of the company where it opens a sentence; behind other words it may belong to a task.
    keep = np.flatnonzero(~tables["cue_own"][form] | (start - here.sentence_start <= _NEAR_START))
    cues, leads = _cues(row[keep], start[keep], code[keep], strong[keep], here.take(keep))
    parts, code = _parts(length, _in_order(heads, labels, leads), cues)

    row, start, end, form, clause = _walked_of(CONDITION, found, index, walked)
    effect = tables["effect"][form]
    optional, clauses = optional_spans(row, start, end, effect, clause)
    zones = _optional_zones(length, heads, one_line)
    return Zones(
        parts, code, ordered(zones, optional), ordered(zones, clauses),
        ordered(*negated_spans(row, start, end, effect, clause)), words,
        ordered(colleague_spans(row, start, end, effect, clause)),
    )  # fmt: skip


def _walked_of(
    name: str, found: ScanResult, index: FormIndex, walked: Walked
) -> tuple[_Ints, _Ints, _Ints, _Ints, Context]:
    """Row, start, end, form and context of the mentions of a kind; of headings those whose context was read."""
    chosen = np.flatnonzero(found.kind[walked.at] == index.kinds.index(name))
    if name == HEADING:
        chosen = chosen[(walked.context.at_start | walked.context.capital)[chosen] != 0]
    at = walked.at[chosen]
    return found.row[at], found.start[at], found.end[at], found.form[at], walked.context.take(chosen)


def _are_headings(
    at: Context, start: _Ints, end: _Ints, form: _Ints, tables: Mapping[str, npt.NDArray[Any]]
) -> npt.NDArray[np.bool_]:
    """A heading stands at the start of its line and fills it (up to the words its form allows), or stands before a
    colon, question mark or the end of bold type; inside a line only at the start of a sentence, before a colon."""
    extra, tokens = tables["heading_extra"][form], tables["heading_tokens"][form]
    colon = (at.after == ord(":")) | ((at.after == ord("?")) & (tokens > 1)) | (at.marked == 1)
    allowed = np.where(extra, _MORE_WORDS, np.where((tokens > 1) & (at.bullet == 0), 2, 0))
    ended = ~np.isin(at.last, [ord(c) for c in ".,;"]) | (at.words_after == 0)
    alone = (at.words_after <= allowed) & ended & ((at.bullet == 0) | (at.words_after == 0))
    sentence = np.isin(at.before, [10, *(ord(c) for c in ".!?;:)")]) | (at.before >= 128)
    inline = sentence & (at.after == ord(":")) & (at.capital == 1)
    # Feeds that lost their line breaks: "… met klanten Jouw profiel Je hebt …", three capitals in one long line.
    next_capital = ((at.after >= ord("A")) & (at.after <= ord("Z"))) | (at.after == ord("?"))
    several = (tokens > 1) | tables["heading_flat"][form]
    flat = (at.capital == 1) & next_capital & several & (at.line_end - at.line_start > _LONG_LINE)
    found = (at.at_start == 1) & (colon | alone) | inline
    # "What you will bring to The Team": the rest of a heading opens no part of its own.
    follows = np.zeros(len(flat), np.bool_)
    follows[1:] = (found | flat)[:-1] & (at.line_start[1:] == at.line_start[:-1])
    follows[1:] &= (start[1:] > end[:-1]) & (start[1:] - end[:-1] <= 4) & (at.after[:-1] != ord("?"))
    return np.asarray(found | flat & ~follows)


def _label_ends(
    heads: tuple[_Ints, _Ints, _Ints], at: Context, tokens: _Ints, pay: npt.NDArray[np.bool_]
) -> tuple[_Ints, _Ints, _Ints]:
    """Where parts on benefits and application end that are only a label before text in its line ("Salary: …"); on pay
    it holds for a sentence: "Salary: £30,000. You can …"."""
    label = (heads[2] == _APPLICATION) | ((heads[2] == _BENEFITS) & ((tokens == 1) | pay))
    label &= (at.after == ord(":")) & (at.words_after > 0) & (at.line_end - at.line_start <= _LABEL_LINE)
    label[:-1] &= (heads[0][1:] != heads[0][:-1]) | (heads[1][1:] >= at.line_end[:-1])
    end = np.where(pay, np.minimum(at.sentence_end + 1, at.line_end), at.line_end).astype(np.int32)
    return heads[0][label], end[label], np.full(int(label.sum()), OTHER, np.int32)


_Bools = npt.NDArray[np.bool_]
_Cues = tuple[_Ints, _Ints, _Ints, _Ints, _Bools, _Bools]


def _cues(
    row: _Ints, start: _Ints, code: _Ints, strong: npt.NDArray[np.bool_], at: Context
) -> tuple[_Cues, tuple[_Ints, _Ints, _Ints]]:
    """The cues that count (row, start and end of what they hold, code, whether they work in any part, whether they may
    end the part in which they stand), and those that open a list, as headings. Of several cues in a sentence the first
    counts; what is asked counts behind another."""
    asks = (code == _REQUIREMENTS) | (code == _TASKS)
    same, near, other = (np.zeros(len(row), np.bool_) for _ in range(3))
    same[1:] = (row[1:] == row[:-1]) & (at.sentence_start[1:] == at.sentence_start[:-1])
    near[1:] = same[1:] & ((start[1:] - start[:-1] <= _FAR) | (code[1:] == _COMPANY))
    other[1:] = (code[1:] == _REQUIREMENTS) & ~asks[:-1]
    keep = ~near | other
    low = np.where(same | (start - at.sentence_start > _FAR), start, at.sentence_start)
    high = np.where(asks, at.line_end, np.minimum(at.sentence_end + 1, start + _MAX_CUE))
    strong = strong & (start - at.sentence_start <= _NEAR_START)
    # "We are a …" that opens a paragraph after the list of requirements ends that list, a bullet only on benefits.
    first = start - at.line_start <= _NEAR_START
    ends = strong & np.where(asks, first, first & ((at.bullet == 0) | (code == _BENEFITS)))
    high = np.where(ends & ~asks & (at.bullet == 0), np.minimum(at.line_end, start + _MAX_CUE), high)
    lead = keep & (at.last == ord(":")) & (at.sentence_end == at.line_end) & (asks | (code == _BENEFITS))
    lead &= at.line_end - at.line_start <= _LEAD_LINE
    leads = (row[lead], low[lead].astype(np.int32), code[lead])
    keep &= ~lead
    held = (low[keep].astype(np.int32), high[keep].astype(np.int32))
    return (row[keep], *held, code[keep], strong[keep], ends[keep]), leads


def _in_order(*heads: tuple[_Ints, _Ints, _Ints]) -> tuple[_Ints, _Ints, _Ints]:
    """Headings ordered by row and start; where two share a start the first given stands last, and so holds."""
    row, start, code = (np.concatenate([part[i] for part in reversed(heads)]) for i in range(3))
    order = np.argsort(keys(row, start), kind="stable")
    return row[order], start[order], code[order]


def _parts(length: _Ints, heads: tuple[_Ints, _Ints, _Ints], cues: _Cues) -> tuple[Spans, npt.NDArray[np.int8]]:
    head_code = np.where(heads[2] == len(SECTIONS), _REQUIREMENTS, heads[2]).astype(np.int32)
    out = np.empty((4, 2 * (len(length) + len(heads[0]) + 2 * len(cues[0])) + 2), np.int32)
    n = _fill_parts(length, heads[0], heads[1], head_code, *cues, out)
    row, start, end, code = out[:, :n]
    keep = np.flatnonzero(start < end)
    spans = Spans(row[keep].copy(), start[keep].copy(), end[keep].copy())
    return spans, code[keep].astype(np.int8)


@part
def _works(code: int, cue: int, strong: bool, reopened: bool) -> bool:
    """Whether a cue counts in a part of this code; `reopened`: a strong cue has ended the part that its heading set."""
    if code == OTHER:
        return True
    asks = cue in (_REQUIREMENTS, _TASKS)
    if code in (_REQUIREMENTS, _TASKS):
        return not asks and (strong or reopened)
    return asks and (strong or code == _COMPANY)


@kernel()
def _fill_parts(
    length: Any, head_row: Any, head_start: Any, head_code: Any,
    cue_row: Any, cue_start: Any, cue_end: Any, cue_code: Any, cue_strong: Any, cue_ends: Any, out: Any,
) -> int:  # fmt: skip
    n, h, q = 0, 0, 0
    for row in range(len(length)):
        at, code, reopened = 0, OTHER, False
        while True:
            more = h < len(head_row) and head_row[h] == row
            stop = head_start[h] if more else length[row]
            while q < len(cue_row) and cue_row[q] == row and cue_start[q] < stop:
                if cue_start[q] >= at and _works(code, cue_code[q], cue_strong[q], reopened):
                    out[0, n], out[1, n], out[2, n], out[3, n] = row, at, cue_start[q], code
                    n += 1
                    until = min(cue_end[q], stop)
                    if q + 1 < len(cue_row) and cue_row[q + 1] == row:
                        until = min(until, max(cue_start[q + 1], cue_start[q]))
                    out[0, n], out[1, n], out[2, n], out[3, n] = row, cue_start[q], until, cue_code[q]
                    n += 1
                    at = until
                    if reopened:
                        code, reopened = cue_code[q], False
                    elif cue_ends[q] and code != OTHER and cue_code[q] != _TASKS:
                        reopened = cue_code[q] == _REQUIREMENTS
                        code = cue_code[q]
                q += 1
            out[0, n], out[1, n], out[2, n], out[3, n] = row, at, stop, code
            n += 1
            if not more:
                break
            at, code, reopened = head_start[h], head_code[h], False
            h += 1
        while q < len(cue_row) and cue_row[q] == row:
            q += 1
    return n


def _optional_zones(length: _Ints, heads: tuple[_Ints, _Ints, _Ints], limit: _Ints) -> Spans:
    row, start, code = heads
    last = np.append(row[1:] != row[:-1], True) if len(row) else np.zeros(0, np.bool_)
    end = np.where(last, length[row], np.append(start[1:], 0)[: len(row)])
    keep = code == len(SECTIONS)
    return Spans(row[keep], start[keep], np.minimum(np.minimum(end, limit), start + _MAX_ZONE)[keep].astype(np.int32))


@lru_cache(maxsize=1)
def _index() -> FormIndex:
    return FormIndex.build(section_kinds())
