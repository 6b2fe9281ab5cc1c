"""Regular expressions as programs that a compiled pass runs (`_pattern_kernel`): the same matches as `re`, for ASCII.

The expressions stay where they are used, as `re` has them, and are read with the parser of `re`; only what those of
this package need is known here, anything else raises NotImplementedError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SET, TRY, SPLIT, JUMP, MANY, FEW, SAVE, BEGIN, END, EDGE, LOOK, SEEN, DONE = range(13)
"""Steps: one character of a set; go on or elsewhere by the next character; go on, and elsewhere if that fails; go
elsewhere; as many as there are or as few as will do of a set; keep a place; start, end, edge of a word; look about, and
the end of that; a match."""
ASCII = 128
STAND_INS = {sign: code for code, sign in enumerate("–—•·¦»€£", 1)}
"""Signs beyond ASCII that patterns name, and the control characters which stand for them in what programs read."""
_NO_END = 1 << 30
_PLACES = {"AT_BEGINNING": (BEGIN,), "AT_END": (END,), "AT_END_STRING": (END, 1), "AT_BOUNDARY": (EDGE,)}
"""The steps for places; the 1: not before a last new line either."""

Set = npt.NDArray[np.bool_]


class Patterns(NamedTuple):
    """Programs of patterns. `steps`: rows of a step and its three numbers; `sets`: characters that each set holds;
    `starts`: the first step of each pattern; `first`: characters with which a match of each may begin; `anchored`:
    whether it can only begin where the text does; `after`: characters after which it may, the last for the start."""

    steps: npt.NDArray[np.int32]
    sets: Set
    starts: npt.NDArray[np.int32]
    first: Set
    anchored: npt.NDArray[np.bool_]
    after: Set


def _where(test: Callable[[str], Any]) -> Set:
    return np.array([bool(test(chr(i))) for i in range(ASCII)])


_CATEGORIES = {
    "CATEGORY_SPACE": _where(str.isspace),
    "CATEGORY_DIGIT": _where(str.isdigit),
    "CATEGORY_WORD": _where(lambda c: c.isalnum() or c == "_"),
}
_CATEGORIES |= {name.replace("_", "_NOT_", 1): ~held for name, held in _CATEGORIES.items()}


def programs(patterns: Sequence[re.Pattern[str]]) -> Patterns:
    """The programs of patterns, each by its place. Raises NotImplementedError for what they do not know, and
    ValueError for a pattern that may match nothing at all."""
    made = _Maker()
    starts, first, anchored, after = [], [], [], []
    for pattern in patterns:
        nodes = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
        if not nodes.getwidth()[0]:
            raise ValueError(f"{pattern.pattern} matches an empty text, at every place")
        made.ignoring_case = bool(pattern.flags & re.IGNORECASE)
        starts.append(len(made.steps))
        first.append(made.first(nodes)[0])
        after.append(made.after(nodes))
        anchored.append(str(nodes[0][0]) == "AT" and str(nodes[0][1]) == "AT_BEGINNING")
        made.sequence(nodes)
        made.add(DONE)
    return Patterns(
        np.array(made.steps, np.int32), np.array(made.sets), np.array(starts, np.int32), np.array(first),
        np.array(anchored), np.array(after),
    )  # fmt: skip


class _Maker:
    """Steps and sets in the making."""

    def __init__(self) -> None:
        self.steps: list[list[int]] = []
        self.sets: list[Set] = []
        self.ignoring_case = False
        self._place: dict[bytes, int] = {}

    def add(self, *step: int) -> int:
        self.steps.append([*step, *[0] * (4 - len(step))])
        return len(self.steps) - 1

    def sequence(self, nodes: Any) -> None:
        for node in nodes:
            self._node(str(node[0]), node[1])

    def _node(self, kind: str, value: Any) -> None:
        if (held := self._set_of(kind, value)) is not None:
            self.add(SET, self._kept(held))
        elif kind == "BRANCH":
            self._branch(value[1])
        elif kind == "SUBPATTERN":
            self._group(*value)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            self._repeat(kind == "MAX_REPEAT", *value)
        elif kind == "AT":
            self.add(*_PLACES[str(value)])
        elif kind in ("ASSERT", "ASSERT_NOT"):
            self._look(kind == "ASSERT_NOT", *value)
        else:
            raise NotImplementedError(kind)

    def _branch(self, branches: Any) -> None:
        ends = []
        for branch in branches[:-1]:
            begin, empty = self.first(branch)
            step = self.add(SPLIT) if empty else self.add(TRY, 0, self._kept(begin))
            self.sequence(branch)
            ends.append(self.add(JUMP))
            self.steps[step][1] = len(self.steps)
        self.sequence(branches[-1])
        for end in ends:
            self.steps[end][1] = len(self.steps)

    def _group(self, number: int | None, add_flags: int, del_flags: int, nodes: Any) -> None:
        if add_flags or del_flags:
            raise NotImplementedError("flags of a group")
        if number is not None:
            self.add(SAVE, 2 * number - 2)
        self.sequence(nodes)
        if number is not None:
            self.add(SAVE, 2 * number - 1)

    def _repeat(self, greedy: bool, least: int, most: int, nodes: Any) -> None:
        alone = self._set_of(str(nodes[0][0]), nodes[0][1]) if len(nodes) == 1 else None
        for _ in range(least):
            self.sequence(nodes)
        endless = most is _parser.MAXREPEAT
        if alone is not None:
            if endless or most > least:
                self.add(MANY if greedy else FEW, self._kept(alone), _NO_END if endless else most - least)
            return
        if not greedy or (endless and not nodes.getwidth()[0]):
            raise NotImplementedError("a repeat of few, or of nothing")
        splits = []
        for _ in range(1 if endless else most - least):
            splits.append(self.add(SPLIT))
            self.sequence(nodes)
        if endless:
            self.add(JUMP, splits[0])
        for split in splits:
            self.steps[split][1] = len(self.steps)

    def _look(self, refused: bool, direction: int, nodes: Any) -> None:
        low, high = nodes.getwidth()
        if direction < 0 and low != high:
            raise NotImplementedError("looking back by a width that varies")
        step = self.add(LOOK, 0, refused, low if direction < 0 else 0)
        self.sequence(nodes)
        self.add(SEEN)
        self.steps[step][1] = len(self.steps)

    def _set_of(self, kind: str, value: Any) -> Set | None:
        """The characters of a node that is one character; null for another."""
        held = np.zeros(ASCII, np.bool_)
        if kind in ("LITERAL", "NOT_LITERAL"):
            self._add_to(held, "LITERAL", value)
        elif kind == "ANY":
            held[:] = True
            held[ord("\n")] = False
        elif kind == "IN":
            for part, of in value:
                self._add_to(held, str(part), of)
        else:
            return None
        if self.ignoring_case:
            for letter in range(ord("a"), ord("z") + 1):
                held[[letter, letter - 32]] = held[letter] | held[letter - 32]
        return ~held if kind == "NOT_LITERAL" or (kind == "IN" and str(value[0][0]) == "NEGATE") else held

    def _add_to(self, held: Set, part: str, of: Any) -> None:
        if part == "LITERAL":
            code = STAND_INS.get(chr(of), of)
            held[code : code + 1] = True  # nothing for another character beyond ASCII
        elif part == "RANGE":
            held[of[0] : of[1] + 1] = True
        elif part == "CATEGORY":
            held |= _CATEGORIES[str(of)]
        elif part != "NEGATE":
            raise NotImplementedError(part)

    def _kept(self, held: Set) -> int:
        place = self._place.setdefault(held.tobytes(), len(self.sets))
        if place == len(self.sets):
            self.sets.append(held)
        return place

    def first(self, nodes: Any) -> tuple[Set, bool]:
        """The characters that a match may begin with, and whether it may be empty."""
        begin = np.zeros(ASCII, np.bool_)
        for kind, value in ((str(kind), value) for kind, value in nodes):
            held, empty = self._first_of(kind, value)
            begin |= held
            if not empty:
                return begin, False
        return begin, True

    def _first_of(self, kind: str, value: Any) -> tuple[Set, bool]:
        if (held := self._set_of(kind, value)) is not None:
            return held, False
        if kind == "BRANCH":
            found = [self.first(branch) for branch in value[1]]
            return np.any([held for held, _ in found], axis=0), any(empty for _, empty in found)
        if kind == "SUBPATTERN":
            return self.first(value[3])
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            held, empty = self.first(value[2])
            return held, empty or not value[0]
        return np.zeros(ASCII, np.bool_), True

    def after(self, nodes: Any) -> Set:
        """The characters after which a match may begin, and last whether it may at the start of the text."""
        kind, value = str(nodes[0][0]), nodes[0][1]
        may = np.ones(ASCII + 1, np.bool_)
        if kind == "BRANCH":
            may = np.any([self.after(branch) if len(branch) else may for branch in value[1]], axis=0)
        elif kind == "SUBPATTERN":
            may = self.after(value[3])
        elif kind == "AT" and str(value) == "AT_BEGINNING":
            may[:ASCII] = False
        elif kind == "AT" and str(value) == "AT_BOUNDARY":
            begin, empty = self.first(nodes)
            if not empty and _CATEGORIES["CATEGORY_WORD"][begin].all():
                may[:ASCII] = ~_CATEGORIES["CATEGORY_WORD"]
        elif kind in ("ASSERT", "ASSERT_NOT") and value[0] < 0 and len(value[1]) == 1:
            held = self._set_of(str(value[1][0][0]), value[1][0][1])
            if held is not None:
                may[:ASCII], may[ASCII] = (held, False) if kind == "ASSERT" else (~held, True)
        return may
