"""Education levels that an ad asks, with the words that prove them.

Forms and their levels stand in `reference/data/education_forms.csv`; a form without a level hides another meaning of
its words (schools, "scrum master", "PhD position", the weekday "wo"). Decisions:

- A bachelor's degree (also "degree", "higher education") is hbo and wo; a master's or university degree is wo; an
  associate degree is hbo; mbo+ is mbo4. mavo, lbo and GCSE are vmbo; NVQ levels go by their EQF level (2 → mbo3,
  3 → mbo4). havo, vwo and A levels have no level in the list: null.
- Words in the parts on company, benefits and application count only directly behind a word that asks ("minimaal",
  "you have a"); what is only a plus or not needed does not count.
- Where the requirements name a level, one among the tasks ("you supervise MSc students") does not count.
- "niveau 3" alone counts only behind another level, "3 of 4" only directly behind one ("mbo (niveau 2, 3 of 4)").
- "mbo" gives way to a finer mbo level in the same ad; "geen" to any level.
- Where the text says nothing, the feed's own words count; these have no span.
- A span holds the whole name of the level: "mbo-4 werk- en denkniveau", "hbo- of wo-opleiding".
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.context import Walked, mention_context
from overstap.ads.facts.windows import TextBytes, Windows, cut
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult, scan
from overstap.ads.section_tables import section_kinds
from overstap.ads.sections import Zones, read_zones
from overstap.ads.spans import Spans
from overstap.reference.forms import expand
from overstap.schema.core import EDUCATION_LEVELS, SECTIONS

KIND = "education"
FIELD = "education_levels"
"""Name of the field in `fact_spans`."""
_NEAR = 40
"""Characters within which "master" or "degree" belongs to another word for a level."""
_DIRECTLY = 4
_TAIL = re.compile(
    rb"(?:-?[ /]|-)?-?(?:(?:werk|denk)-?[ ]?(?:en|/)[ ]?-?[ ]?(?:denk|werk)-?[ ]?niveau|"
    rb"(?:opleidings|denk|werk)?niveau|opleiding|diploma|studie|bachelor|master|degree|level)(?![a-zA-Z\xc3])",
    re.IGNORECASE,
)
"""What belongs to the name of a level behind its form."""
_SIGNS, _OPENING = (np.isin(np.arange(256), np.frombuffer(s, np.uint8)) for s in (b"- /", b"wdnosbmlWDNOSBML"))
"""By byte, for _TAIL: the signs before its first letter, and that letter."""
_REACH = 32
_REQUIREMENTS, _TASKS = SECTIONS.index("requirements"), SECTIONS.index("tasks")
_ASKED = np.array([name in ("requirements", "tasks", "other") for name in SECTIONS])
_MBO = EDUCATION_LEVELS.index("mbo")
_FINE_MBO = sum(1 << EDUCATION_LEVELS.index(f"mbo{n}") for n in (1, 2, 3, 4))
_NONE = 1 << EDUCATION_LEVELS.index("geen")
_RULES = ("", "cased", "asked", "generic", "weak", "level", "list", "ask")

_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Education:
    """`levels`: list of strings per ad, in the order of EDUCATION_LEVELS, null where nothing is known. `spans`: the
    words that prove them, in characters of the text."""

    levels: pa.Array
    spans: Spans


def education_kinds() -> dict[str, pa.Table]:
    """The forms as a kind of a `FormIndex`, with columns form, case_sensitive, levels and rule."""
    return {KIND: _forms()}


def education_levels(texts: pa.Array, education_texts: pa.Array | None = None) -> Education:
    """The levels that each text asks, or else the feed's `education_texts`, with a scan of their own."""
    index = _index()
    found = scan(texts, index)
    return read_education(texts, found, index, read_zones(texts, found, index), education_texts)


def read_education(
    texts: pa.Array | pa.ChunkedArray,
    found: ScanResult,
    index: FormIndex,
    zones: Zones,
    education_texts: pa.Array | pa.ChunkedArray | None = None,
    walked: Walked | None = None,
) -> Education:
    """The levels that each text asks, from a scan with an index that holds the kinds of `education_kinds`.

    `walked`: the context of the mentions of KIND, where it was read together with that of others (`sections.walk`).
    """
    row, start, end, form, asking = _mentions(texts, found, index, zones, walked)
    mask = _masks()[form]
    asked = (_ASKED[zones.section_of(row, start)] | asking) & ~zones.clauses.covers(row, start)
    asked &= ~zones.negated.covers(row, start) | (mask == _NONE)
    row, start, end, mask = row[asked], start[asked], end[asked], mask[asked]
    section = zones.section_of(row, start)
    required = np.zeros(len(found.n_tokens), np.bool_)
    required[row[section == _REQUIREMENTS]] = True
    kept = ~required[row] | (section != _TASKS)
    row, start, end, mask = row[kept], start[kept], end[kept], mask[kept]
    total = np.zeros(len(found.n_tokens), np.int64)
    np.bitwise_or.at(total, row, mask)
    if education_texts is not None:
        total = np.where(total == 0, feed_masks(education_texts), total)
    return Education(_lists(total), Spans(row, start, _whole_ends(texts, row, start, end)))


def _whole_ends(texts: pa.Array | pa.ChunkedArray, row: _Ints, start: _Ints, end: _Ints) -> _Ints:
    """The ends of the words for a level with what belongs to its name behind them."""
    windows = cut(TextBytes.of(texts), row, end, end, 0, _REACH)
    more = replace(windows, high=np.where(_may_open_tail(windows), windows.high, 0)).read(_tail)
    behind = {(r, at): at + length for r, at, _, length in more}
    ends = [behind.get(key, key[1]) for key in zip(row.tolist(), end.tolist(), strict=True)]
    # A tail that is a level itself ("hbo bachelor") ends where its own span starts.
    whole = np.array(ends, np.int32)
    same = row[1:] == row[:-1]
    whole[:-1] = np.where(same & (whole[:-1] > start[1:]), end[:-1], whole[:-1])
    return whole


def _may_open_tail(windows: Windows) -> npt.NDArray[np.bool_]:
    """Whether a first letter of _TAIL stands in each window, at its start or behind the signs that may open it."""
    at = windows.low
    for _ in range(3):
        at = at + ((at < windows.high) & _SIGNS[windows.raw[np.minimum(at, len(windows.raw) - 1)]])
    return (at < windows.high) & _OPENING[windows.raw[np.minimum(at, len(windows.raw) - 1)]]


def _tail(window: bytes, at: int) -> tuple[int, int, int] | None:
    match = _TAIL.match(window)
    return (match.end(), 0, 0) if match is not None else None


def feed_masks(education_texts: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Levels in the feed's own words, one bit each in the order of EDUCATION_LEVELS; distinct values are read once."""
    flat = education_texts.combine_chunks() if isinstance(education_texts, pa.ChunkedArray) else education_texts
    if flat.null_count == len(flat):
        return np.zeros(len(flat), np.int64)
    encoded = pc.utf8_upper(flat.cast(pa.string())).dictionary_encode()
    index = _index()
    row, _, _, form, _ = _mentions(encoded.dictionary, scan(encoded.dictionary, index), index)
    masks = np.zeros(len(encoded.dictionary) + 1, np.int64)
    np.bitwise_or.at(masks, row, _masks()[form])
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
    return masks[codes]


def _mentions(
    texts: pa.Array | pa.ChunkedArray,
    found: ScanResult,
    index: FormIndex,
    zones: Zones | None = None,
    walked: Walked | None = None,
) -> tuple[_Ints, _Ints, _Ints, _Ints, npt.NDArray[np.bool_]]:
    """Row, start, end and form of the words for a level, and whether a word that asks stands directly before them.

    "master" alone counts only near another level or behind a word that asks; "PhD", "BSc" alone also among the
    requirements; "degree" only where no finer word stands before it in its sentence. A level in brackets directly
    behind another only explains it ("hbo (bachelor)"). Without `zones` (the feed's own words) all is requirements.
    """
    at = found.of_kind(index.kinds.index(KIND))
    at = at[(_masks()[found.form[at]] > 0) | (_rules()[found.form[at]] == _RULES.index("ask"))]
    row, start, end, form = (np.ascontiguousarray(a[at]) for a in (found.row, found.start, found.end, found.form))
    rule = _rules()[form]
    context = mention_context(texts, row, start, end) if walked is None else walked.of(at)
    near = (row[1:] == row[:-1]) & (start[1:] - end[:-1] <= _NEAR) & (context.sentence_start[1:] <= start[:-1])
    level, ask = rule <= _RULES.index("asked"), rule == _RULES.index("ask")
    before, behind, asking = (np.zeros(len(row), np.bool_) for _ in range(3))
    before[1:] = near & level[:-1]
    behind[:-1] = near & level[1:]
    asking[1:] = near & ask[:-1]
    weak, generic = rule == _RULES.index("weak"), rule == _RULES.index("generic")
    required = np.ones(len(row), np.bool_) if zones is None else zones.section_of(row, start) == _REQUIREMENTS
    weak |= (rule == _RULES.index("asked")) & ~required
    explains = np.zeros(len(row), np.bool_)
    explains[1:] = near & level[:-1] & (context.bracket[1:] >= end[:-1]) & (start[1:] - end[:-1] <= _DIRECTLY)
    level_of, listed = rule == _RULES.index("level"), rule == _RULES.index("list")
    explains &= ~level_of
    directly = np.zeros(len(row), np.bool_)
    directly[1:] = near & (level | level_of)[:-1] & (start[1:] - end[:-1] <= _DIRECTLY)
    # "Opleiding:\n- Master (vereist)": a line of its own.
    alone = required & (context.at_start == 1) & (context.words_after <= 1)
    keep = ~(level_of & ~before) & ~(listed & ~directly)
    keep &= ~ask & ~(weak & ~(before | behind | asking | alone)) & ~(generic & before) & ~explains
    return row[keep], start[keep], (end - _loose()[form])[keep], form[keep], asking[keep]


def _lists(total: npt.NDArray[np.int64]) -> pa.Array:
    fine = (total & _FINE_MBO) > 0
    total = np.where(fine, total & ~(1 << _MBO), total)
    total = np.where(total > _NONE, total & ~_NONE, total)
    known, code = np.unique(total, return_inverse=True)
    values = [[name for bit, name in enumerate(EDUCATION_LEVELS) if value >> bit & 1] or None for value in known]
    return pa.array(values, pa.list_(pa.string())).take(pa.array(code.reshape(-1)))


@lru_cache(maxsize=1)
def _forms() -> pa.Table:
    rows: list[dict[str, Any]] = []
    with (resources.files("overstap.reference") / "data" / "education_forms.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            exact = row["form"].startswith("=")
            for form in expand(row["form"].removeprefix("=")):
                rows.append({"form": form, "case_sensitive": exact, "levels": row["levels"], "rule": row["rule"]})
    return pa.Table.from_pylist(rows)


@lru_cache(maxsize=1)
def _masks() -> npt.NDArray[np.int64]:
    levels = _forms()["levels"].to_pylist()
    return np.array([sum(1 << EDUCATION_LEVELS.index(name) for name in cell.split()) for cell in levels], np.int64)


@lru_cache(maxsize=1)
def _rules() -> npt.NDArray[np.int64]:
    return np.array([_RULES.index(rule) for rule in _forms()["rule"].to_pylist()], np.int64)


@lru_cache(maxsize=1)
def _loose() -> npt.NDArray[np.int32]:
    """Characters of a last word that joins a form to what follows ("degree in") and proves nothing."""
    last = [f" {form.rsplit(' ', 1)[-1]}" for form in _forms()["form"].to_pylist()]
    return np.array([len(word) if word in (" in", " or", " of", " en") else 0 for word in last], np.int32)


@lru_cache(maxsize=1)
def _index() -> FormIndex:
    return FormIndex.build(section_kinds() | education_kinds())
