"""The parts of an ad (requirements, tasks, company, benefits, application) and what in it is a plus or not needed.

A heading opens a part that runs to the next heading. A heading is a form of `section_headings.csv` at the start of a
line that holds little else, or before a colon. Text that no heading governs, and company text, is split by cue
sentences ("je hebt …", "you have …", `section_cues.csv`): what is asked holds to the end of its line, the rest to the
end of its sentence. `condition_cues.csv` holds what makes a
sentence or clause optional ("… is een pré", "ideally …") or negates it ("geen ervaring met … nodig").
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.context import Context, mention_context
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult, scan
from overstap.reference.forms import expand
from overstap.schema.core import SECTIONS

HEADING, CUE, CONDITION = "heading", "section_cue", "condition"
OPTIONAL = "optional"
OTHER = SECTIONS.index("other")
_REQUIREMENTS, _TASKS, _COMPANY = (SECTIONS.index(name) for name in ("requirements", "tasks", "company"))
_MORE_WORDS = 5
"""Words that may stand behind a heading that is marked `*` ("over *", "what you bring to *")."""
_MAX_ZONE = 1_200
"""Characters after which a "nice to have" heading no longer holds."""
_MAX_NEGATION = 120
_LONG_LINE = 600

_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Spans:
    """Flat spans ordered by row and start: row of the texts, start and end in characters (end exclusive)."""

    row: _Ints
    start: _Ints
    end: _Ints

    def covers(self, row: _Ints, start: _Ints) -> npt.NDArray[np.bool_]:
        """True for each position (row, character) that lies in a span; spans may overlap."""
        if len(self.row) == 0:
            return np.zeros(len(row), np.bool_)
        key = _keys(self.row, self.start)
        reach = np.maximum.accumulate(_keys(self.row, self.end))
        at = np.searchsorted(key, _keys(row, start), side="right") - 1
        return np.asarray((at >= 0) & (reach[np.maximum(at, 0)] > _keys(row, start)))


@dataclass(frozen=True, eq=False)
class Zones:
    """What `read_zones` found: parts that cover each text without gap (`code` is a place in SECTIONS), what is a plus,
    and what is said not to be needed. `clauses` is `optional` cut at commas, for lists of alternatives."""

    parts: Spans
    code: npt.NDArray[np.int8]
    optional: Spans
    clauses: Spans
    negated: Spans

    def section_of(self, row: _Ints, start: _Ints) -> npt.NDArray[np.int8]:
        """The part (place in SECTIONS) that holds each position (row, character)."""
        if len(self.code) == 0:
            return np.full(len(row), OTHER, np.int8)
        at = np.searchsorted(_keys(self.parts.row, self.parts.start), _keys(row, start), side="right") - 1
        at = np.maximum(at, 0)
        inside = (self.parts.row[at] == row) & (start < self.parts.end[at])
        return np.where(inside, self.code[at], OTHER).astype(np.int8)


def section_kinds() -> dict[str, pa.Table]:
    """The forms of headings and cues as kinds of a `FormIndex`, with columns form, section or effect, and more."""
    return dict(_kinds())


def split_sections(texts: pa.Array | pa.ChunkedArray) -> Zones:
    """The parts, pluses and negations of each text, with a scan of their own; see `read_zones`."""
    index = _index()
    return read_zones(texts, scan(texts, index), index)


def optional_spans(texts: pa.Array | pa.ChunkedArray) -> Spans:
    """What is a plus: sentences, clauses and "nice to have" parts."""
    return split_sections(texts).optional


def negated_spans(texts: pa.Array | pa.ChunkedArray) -> Spans:
    """What is said not to be needed."""
    return split_sections(texts).negated


def read_zones(texts: pa.Array | pa.ChunkedArray, found: ScanResult, index: FormIndex) -> Zones:
    """The zones of `texts` from a scan with an index that holds the kinds of `section_kinds`."""
    numbers = {name: index.kinds.index(name) for name in (HEADING, CUE, CONDITION)}
    mine = np.flatnonzero(np.isin(found.kind, list(numbers.values())))
    mine = mine[np.lexsort((found.start[mine], found.row[mine]))]
    row, start, end, kind, form = (
        np.ascontiguousarray(a[mine]) for a in (found.row, found.start, found.end, found.kind, found.form)
    )
    context = mention_context(texts, row, start, end, kind == numbers[HEADING])
    tables = _columns()
    lengths = pc.fill_null(pc.utf8_length(texts), 0)
    length = np.asarray(lengths.to_numpy(), np.int32)

    at = np.flatnonzero(kind == numbers[HEADING])
    at = at[_are_headings(_take(context, at), form[at], tables)]
    heads = (row[at], start[at], tables["heading_code"][form[at]])
    one_line = np.where(context.words_after[at] > _MORE_WORDS, context.line_end[at], length[row[at]]).astype(np.int32)
    at = np.flatnonzero(kind == numbers[CUE])
    cue = tables["cue_code"][form[at]]
    until = np.where((cue == _REQUIREMENTS) | (cue == _TASKS), context.line_end[at], context.sentence_end[at] + 1)
    cues = (row[at], context.sentence_start[at], until.astype(np.int32), cue)
    parts, code = _parts(length, heads, cues)

    at = np.flatnonzero(kind == numbers[CONDITION])
    effect = tables["effect"][form[at]]
    clause = _take(context, at)
    optional, clauses = _optional(row[at], start[at], end[at], effect, clause)
    zones = _optional_zones(length, heads, one_line)
    return Zones(
        parts, code, _ordered(zones, optional), _ordered(zones, clauses),
        _ordered(*_negated(row[at], start[at], end[at], effect, clause)),
    )  # fmt: skip


EFFECTS = (
    "optional_back", "optional_forward", "negated_back", "negated_forward", "negated_open", "negated_close",
)  # fmt: skip


def _are_headings(at: Context, form: _Ints, tables: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
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
    next_capital = (at.after >= ord("A")) & (at.after <= ord("Z"))
    flat = (at.capital == 1) & next_capital & (tokens > 1) & (at.line_end - at.line_start > _LONG_LINE)
    return np.asarray((at.at_start == 1) & (colon | alone) | inline | flat)


def _parts(
    length: _Ints, heads: tuple[_Ints, _Ints, _Ints], cues: tuple[_Ints, _Ints, _Ints, _Ints]
) -> tuple[Spans, npt.NDArray[np.int8]]:
    head_code = np.where(heads[2] == len(SECTIONS), _REQUIREMENTS, heads[2]).astype(np.int32)
    out = np.empty((4, 2 * (len(length) + len(heads[0]) + 2 * len(cues[0])) + 2), np.int32)
    n = _fill_parts(length, heads[0], heads[1], head_code, *cues, out)
    row, start, end, code = out[:, :n]
    keep = np.flatnonzero(start < end)
    spans = Spans(row[keep].copy(), start[keep].copy(), end[keep].copy())
    return spans, code[keep].astype(np.int8)


@numba.njit(cache=True, nogil=True)
def _fill_parts(
    length: Any, head_row: Any, head_start: Any, head_code: Any,
    cue_row: Any, cue_start: Any, cue_end: Any, cue_code: Any, out: Any,
) -> int:  # fmt: skip
    n, h, q = 0, 0, 0
    for row in range(len(length)):
        at, code = 0, OTHER
        while True:
            more = h < len(head_row) and head_row[h] == row
            stop = head_start[h] if more else length[row]
            while q < len(cue_row) and cue_row[q] == row and cue_start[q] < stop:
                if cue_start[q] >= at and (
                    code == OTHER or (code == _COMPANY and (cue_code[q] == _REQUIREMENTS or cue_code[q] == _TASKS))
                ):
                    out[0, n], out[1, n], out[2, n], out[3, n] = row, at, cue_start[q], code
                    n += 1
                    until = min(cue_end[q], stop)
                    if q + 1 < len(cue_row) and cue_row[q + 1] == row:
                        until = min(until, max(cue_start[q + 1], cue_start[q]))
                    out[0, n], out[1, n], out[2, n], out[3, n] = row, cue_start[q], until, cue_code[q]
                    n += 1
                    at = until
                q += 1
            out[0, n], out[1, n], out[2, n], out[3, n] = row, at, stop, code
            n += 1
            if not more:
                break
            at, code = head_start[h], head_code[h]
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


def _optional(row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context) -> tuple[Spans, Spans]:
    back, forward = effect == EFFECTS.index("optional_back"), effect == EFFECTS.index("optional_forward")
    # "Docker (a plus)": what stands before the bracket, back to the comma. In brackets "ideally" reaches to their end.
    bracketed = back & (at.bracket >= 0)
    low = np.where(bracketed, at.clause_start, np.where(back, at.sentence_start, start))
    high = np.where(back, end, np.where(at.bracket >= 0, at.clause_end, at.sentence_end))
    tight = np.where(back, at.clause_start, start)
    tight_high = np.where(back, end, at.clause_end)
    keep = back | forward
    return (
        Spans(row[keep], low[keep].astype(np.int32), high[keep].astype(np.int32)),
        Spans(row[keep], tight[keep].astype(np.int32), tight_high[keep].astype(np.int32)),
    )


def _negated(row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context) -> tuple[Spans, Spans, Spans]:
    back, forward = effect == EFFECTS.index("negated_back"), effect == EFFECTS.index("negated_forward")
    opened = np.flatnonzero(effect == EFFECTS.index("negated_open"))
    closed = np.flatnonzero(effect == EFFECTS.index("negated_close"))
    following = np.searchsorted(_keys(row[closed], start[closed]), _keys(row[opened], end[opened]))
    has = following < len(closed)
    close = closed[np.minimum(following, max(len(closed) - 1, 0))] if len(closed) else np.zeros(len(opened), np.int64)
    if len(opened) and len(closed):
        has &= (row[close] == row[opened]) & (start[close] < at.sentence_end[opened])
        has &= start[close] - start[opened] < _MAX_NEGATION
    else:
        has &= False
    return (
        Spans(row[back], at.clause_start[back], end[back]),
        Spans(row[forward], start[forward], at.clause_end[forward]),
        Spans(row[opened[has]], start[opened[has]], end[close[has]]),
    )


def _ordered(*parts: Spans) -> Spans:
    row, start, end = (np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "start", "end"))
    order = np.lexsort((end, start, row))
    return Spans(row[order].astype(np.int32), start[order].astype(np.int32), end[order].astype(np.int32))


def _keys(row: _Ints, at: _Ints) -> npt.NDArray[np.int64]:
    return (row.astype(np.int64) << 32) | at.astype(np.int64)


def _take(context: Context, at: npt.NDArray[np.int64]) -> Context:
    return Context(*(values[at] for values in vars(context).values()))


def _read(name: str) -> list[dict[str, str]]:
    with (resources.files("overstap.reference") / "data" / name).open(encoding="utf-8") as file:
        return [row | {"form": form} for row in csv.DictReader(file) for form in expand(next(iter(row.values())))]


@lru_cache(maxsize=1)
def _kinds() -> dict[str, pa.Table]:
    headings = _read("section_headings.csv")
    for row in headings:
        row["extra"] = "1" if row["form"].endswith("*") else ""
        row["form"] = row["form"].rstrip("* ")
    headings.sort(key=lambda row: row["extra"], reverse=True)  # the same form with and without `*`: the wider one
    return {
        HEADING: pa.Table.from_pylist(headings),
        CUE: pa.Table.from_pylist(_read("section_cues.csv")),
        CONDITION: pa.Table.from_pylist(_read("condition_cues.csv")),
    }


@lru_cache(maxsize=1)
def _columns() -> dict[str, npt.NDArray[Any]]:
    kinds = _kinds()
    codes = {name: number for number, name in enumerate((*SECTIONS, OPTIONAL))}
    return {
        "heading_code": np.array([codes[s] for s in kinds[HEADING]["section"].to_pylist()], np.int32),
        "heading_extra": np.array([bool(x) for x in kinds[HEADING]["extra"].to_pylist()], np.bool_),
        "heading_tokens": np.array(
            [len(f.replace("-", " ").split()) for f in kinds[HEADING]["form"].to_pylist()], np.int32
        ),
        "cue_code": np.array([codes[s] for s in kinds[CUE]["section"].to_pylist()], np.int32),
        "effect": np.array([EFFECTS.index(e) for e in kinds[CONDITION]["effect"].to_pylist()], np.int32),
    }


@lru_cache(maxsize=1)
def _index() -> FormIndex:
    return FormIndex.build(section_kinds())
