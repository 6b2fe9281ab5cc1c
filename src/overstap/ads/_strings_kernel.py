"""The compiled passes behind `overstap.ads.strings`."""

from __future__ import annotations

from typing import Any

from overstap.ads.compiled import inlined, kernel, part

_SEED, _FACTOR, _MASK = 2166136261, 16777619, 0xFFFFFFFF  # FNV-1a, 32 bits


@inlined
def _mixed(value: int, byte: Any) -> Any:
    return (value ^ byte) * _FACTOR & _MASK


@kernel()
def fill_slots(data: Any, ends: Any, slots: Any) -> None:
    """Put each string in the first free place from its hash on. `slots` is a power of two long, filled with -1."""
    for i in range(len(ends) - 1):
        value = _SEED
        for k in range(ends[i], ends[i + 1]):
            value = _mixed(value, data[k])
        at = (value ^ (value >> 15)) & (len(slots) - 1)
        while slots[at] >= 0:
            at = (at + 1) & (len(slots) - 1)
        slots[at] = i


@part
def place_of(known: Any, work: Any, row: Any, start: Any, end: Any) -> int:
    """The place in `known` of the string from `start` to `end` of a row of `work`; -1 where it holds no such string."""
    data, ends, slots = known
    value = _SEED
    for k in range(start, end):
        value = _mixed(value, work[row, k])
    at = (value ^ (value >> 15)) & (len(slots) - 1)
    while slots[at] >= 0:
        i = slots[at]
        if ends[i + 1] - ends[i] == end - start:
            k, first = 0, ends[i]
            while k < end - start and data[first + k] == work[row, start + k]:
                k += 1
            if k == end - start:
                return int(i)
        at = (at + 1) & (len(slots) - 1)
    return -1
