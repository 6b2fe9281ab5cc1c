"""The compiled pass behind `overstap.ads.patterns`: it runs the programs over rows of ASCII, with places to go back to.

`stack` (int32[rows, 4]) holds these: a kind, the step to go on with, the place, one number more. A text is a row of
`work` (uint8) and its length. Where the stack is too small `kept[-1]` is set, and the caller asks `re`.
"""

from __future__ import annotations

from typing import Any

from overstap.ads.compiled import NO, YES, ZERO, part
from overstap.ads.patterns import ASCII, BEGIN, DONE, EDGE, END, FEW, JUMP, LOOK, MANY, SAVE, SEEN, SET, SPLIT, TRY

_CHOICE, _FEWER, _MORE, _SAVED, _LOOKING = range(5)
_NEWLINE, _SPACE = 10, 32


@part
def _is_word(byte: Any) -> bool:
    return bool(97 <= byte <= 122 or 65 <= byte <= 90 or 48 <= byte <= 57 or byte == 95)


@part
def match_at(patterns: Any, pattern: Any, work: Any, row: Any, length: Any, at: Any, stack: Any, kept: Any) -> int:
    """The end of the match of a pattern that begins at `at`; -1 where there is none. Groups' places go to `kept`."""
    steps, sets = patterns.steps, patterns.sets
    step, depth = patterns.starts[pattern], ZERO
    room = len(stack) - 1
    while True:
        failed = NO
        kind, one, two = steps[step, 0], steps[step, 1], steps[step, 2]
        step += 1
        if depth >= room:
            kept[-1] = 1
            return -1
        if kind == SET:
            if at < length and sets[one, work[row, at]]:
                at += 1
            else:
                failed = YES
        elif kind == TRY:
            if at < length and sets[two, work[row, at]]:
                stack[depth, 0], stack[depth, 1], stack[depth, 2] = _CHOICE, one, at
                depth += 1
            else:
                step = one
        elif kind == SPLIT:
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = _CHOICE, one, at
            depth += 1
        elif kind == JUMP:
            step = one
        elif kind == MANY:
            least, most = at, min(length, at + two)
            while at < most and sets[one, work[row, at]]:
                at += 1
            if at > least:
                stack[depth, 0], stack[depth, 1], stack[depth, 2], stack[depth, 3] = _FEWER, step, at, least
                depth += 1
        elif kind == FEW:
            stack[depth, 0], stack[depth, 1], stack[depth, 2], stack[depth, 3] = _MORE, step, at, min(length, at + two)
            depth += 1
        elif kind == SAVE:
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = _SAVED, one, kept[one]
            depth += 1
            kept[one] = at
        elif kind == BEGIN:
            failed = at > 0
        elif kind == END:
            failed = not (at == length or (one == 0 and at == length - 1 and work[row, at] == _NEWLINE))
        elif kind == EDGE:
            failed = (at > 0 and _is_word(work[row, at - 1])) == (at < length and _is_word(work[row, at]))
        elif kind == LOOK:
            stack[depth, 0], stack[depth, 1], stack[depth, 2], stack[depth, 3] = _LOOKING, one, at, two
            depth += 1
            at -= steps[step - 1, 3]
            failed = at < 0
        elif kind == SEEN:
            while stack[depth - 1, 0] != _LOOKING:
                depth -= 1
            depth -= 1
            step, at, failed = stack[depth, 1], stack[depth, 2], stack[depth, 3] != 0
        elif kind == DONE:
            return int(at)
        while failed:
            if depth == 0:
                return -1
            depth -= 1
            kind = stack[depth, 0]
            if kind == _SAVED:
                kept[stack[depth, 1]] = stack[depth, 2]
                continue
            step, at = stack[depth, 1], stack[depth, 2]
            if kind == _CHOICE:
                failed = NO
            elif kind == _FEWER:
                at -= 1
                if at > stack[depth, 3]:
                    stack[depth, 2] = at
                    depth += 1
                failed = NO
            elif kind == _MORE:
                if at < stack[depth, 3] and sets[steps[step - 1, 1], work[row, at]]:
                    at += 1
                    stack[depth, 2] = at
                    depth += 1
                    failed = NO
            elif stack[depth, 3]:  # nothing was seen, as it should be
                failed = NO


@part
def search(patterns: Any, pattern: Any, work: Any, row: Any, length: Any, start: Any, stack: Any, kept: Any) -> int:
    """Where the first match from `start` on begins, its end in `kept[-2]`; -1 where there is none."""
    first, after, last = patterns.first, patterns.after, min(length, 1) if patterns.anchored[pattern] else length
    for at in range(start, last):
        if first[pattern, work[row, at]] and after[pattern, work[row, at - 1] if at else ASCII]:
            end = match_at(patterns, pattern, work, row, length, at, stack, kept)
            if end >= 0:
                kept[-2] = end
                return int(at)
    return -1


@part
def blank(patterns: Any, pattern: Any, work: Any, row: Any, length: Any, spare: Any, stack: Any, kept: Any) -> int:
    """A space in place of each match, in place (`spare` is a row to write in); gives the length."""
    return int(_replaced(patterns, pattern, work, row, length, spare, stack, kept, YES))


@part
def drop(patterns: Any, pattern: Any, work: Any, row: Any, length: Any, spare: Any, stack: Any, kept: Any) -> int:
    """As `blank`, with nothing in place of each match."""
    return int(_replaced(patterns, pattern, work, row, length, spare, stack, kept, NO))


@part
def _replaced(
    patterns: Any, pattern: Any, work: Any, row: Any, length: Any, spare: Any, stack: Any, kept: Any, spaces: Any
) -> int:
    at = search(patterns, pattern, work, row, length, ZERO, stack, kept)
    if at < 0:
        return int(length)
    n, done = ZERO, ZERO
    while at >= 0:
        for i in range(done, at):
            work[spare, n] = work[row, i]
            n += 1
        if spaces:
            work[spare, n] = _SPACE
            n += 1
        done = kept[-2]
        at = search(patterns, pattern, work, row, length, done, stack, kept)
    for i in range(done, length):
        work[spare, n] = work[row, i]
        n += 1
    for i in range(n):
        work[row, i] = work[spare, i]
    return n
