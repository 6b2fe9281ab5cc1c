"""What the passes over bytes need that Numba has no word for: eight bytes at a time.

A *mask* has the top bit of each byte set where something holds. Bytes are lowest first, as on every machine Numba
compiles for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from overstap.ads.compiled import inlined

_EIGHT = np.uint64(8)
_TOP = np.uint64(0x8080808080808080)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_CASE = np.uint64(0x2020202020202020)
_FROM_A, _PAST_Z = np.uint64(0x1F1F1F1F1F1F1F1F), np.uint64(0x0505050505050505)  # 0x80 - "a", 0x80 - "z" - 1
_FROM_0, _PAST_9 = np.uint64(0x5050505050505050), np.uint64(0x4646464646464646)  # 0x80 - "0", 0x80 - "9" - 1
_ONES = np.uint64(0x0101010101010101)
_NEWLINES = np.uint64(0x0A0A0A0A0A0A0A0A)
_S3 = np.uint64(3)


@intrinsic
def _load8(typingctx: Any, data: Any, at: Any) -> Any:
    """`load8(data, at)`: the eight bytes of a uint8 array from place `at`, which must all lie in it, as uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [context.cast(builder, arguments[1], signature.args[1], types.int64)])
        return builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()), align=1)

    return types.uint64(data, at), generate


@intrinsic
def _trailing_zeros(typingctx: Any, value: Any) -> Any:
    """`trailing_zeros(value)`: number of zero bits below the lowest set bit of a uint64; 64 where there is none."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], cgutils.false_bit)

    return types.uint64(types.uint64), generate


@intrinsic
def _set_bits(typingctx: Any, value: Any) -> Any:
    """`set_bits(value)`: number of bits that are set in a uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


load8 = cast(Callable[[Any, Any], Any], _load8)
set_bits = cast(Callable[[Any], Any], _set_bits)
trailing_zeros = cast(Callable[[Any], Any], _trailing_zeros)


@inlined
def letters(eight: Any) -> tuple[Any, Any]:
    """Mask of the ASCII letters and digits among eight bytes, and the bytes with those folded to lower case."""
    low = eight | _CASE
    seven = low & _LOW7
    letter = (seven + _FROM_A) & ~(seven + _PAST_Z)
    seven = eight & _LOW7
    digit = (seven + _FROM_0) & ~(seven + _PAST_9)
    return (letter | digit) & ~eight & _TOP, low


@inlined
def small_letters(eight: Any) -> Any:
    """Mask of the ASCII letters in lower case among eight bytes."""
    seven = eight & _LOW7
    return (seven + _FROM_A) & ~(seven + _PAST_Z) & ~eight & _TOP


@inlined
def first_in(mask: Any) -> Any:
    """Place of the first byte that a mask marks; 8 where it marks none."""
    return trailing_zeros(mask) >> _S3


@inlined
def first_out(mask: Any) -> Any:
    """Place of the first byte that a mask does not mark; 8 where it marks all."""
    return trailing_zeros(~mask & _TOP) >> _S3


@inlined
def is_ascii(eight: Any) -> bool:
    """Whether all of eight bytes are of ASCII."""
    return bool(eight & _TOP == np.uint64(0))


@inlined
def continuing(eight: Any) -> Any:
    """Mask of the bytes that begin no character of UTF-8."""
    return eight & ~(eight << np.uint64(1)) & _TOP


@inlined
def newlines(eight: Any) -> Any:
    """Mask of the newlines among eight bytes."""
    other = eight ^ _NEWLINES
    return ~(((other & _LOW7) + _LOW7) | other) & _TOP


@inlined
def marked(mask: Any) -> int:
    """How many bytes a mask marks."""
    return int(np.int64(set_bits(mask)))


@inlined
def equal(eight: Any, byte: Any) -> Any:
    """Mask of the bytes equal to `byte`. Exact up to the first that is marked; above it there may be false marks."""
    other = eight ^ (np.uint64(byte) * _ONES)
    return (other - _ONES) & ~other & _TOP
