"""The product of two dense matrices, compiled.

Not left to BLAS: that starts threads of its own, which hold each other up where batches are worked on side by side, and
its last digits depend on how many rows are multiplied at once, on the processor and on the version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils as untyped
from numba.extending import intrinsic

from overstap.ads.compiled import Array, kernel

TALL, WIDE = 4, 16
"""Rows and columns of the tiles that the product is made of: their sums stay in registers."""
cgutils: Any = untyped
_VECTOR = ir.VectorType(ir.FloatType(), WIDE)


def panels(columns: Array) -> Array:
    """A matrix (k × n) as `multiply` reads it: ⌈n / WIDE⌉ panels of k × WIDE in one piece each, 0 beyond column n."""
    k, n = columns.shape
    whole = np.zeros((k, -(-n // WIDE), WIDE), np.float32)
    whole.reshape(k, whole.shape[1] * WIDE)[:, :n] = columns
    return np.ascontiguousarray(whole.swapaxes(0, 1))


@intrinsic
def _add_tile(typingctx: Any, rows: Any, columns: Any, out: Any, i: Any, panel: Any) -> Any:
    """`add_tile(rows, columns, out, i, panel)`: the product of the TALL rows from row i on and a panel, to its place in
    `out`. Numba has no word for sums of many lanes that stay in registers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = [context.make_array(t)(context, builder, a) for t, a in zip(signature.args, arguments[:3], strict=False)]
        left, right, result = (array.data for array in held)
        first, number = (
            context.cast(builder, a, t, types.intp) for a, t in zip(arguments[3:], (i, panel), strict=True)
        )
        size, width = (cgutils.unpack_tuple(builder, array.shape)[1] for array in (held[0], held[2]))
        wide, nothing = first.type(WIDE), ir.Constant(_VECTOR, None)
        places = [builder.add(first, first.type(row)) for row in range(TALL)]
        sums = [cgutils.alloca_once_value(builder, nothing) for _ in places]

        def vector(data: Any, at: Any) -> Any:
            return builder.bitcast(builder.gep(data, [at]), _VECTOR.as_pointer())

        with cgutils.for_range(builder, size) as loop:
            line = builder.mul(builder.add(builder.mul(number, size), loop.index), wide)
            values = builder.load(vector(right, line), align=4)
            for place, total in zip(places, sums, strict=True):
                factor = builder.load(builder.gep(left, [builder.add(builder.mul(place, size), loop.index)]))
                one = builder.insert_element(nothing, factor, ir.IntType(32)(0))
                spread = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), WIDE), None))
                builder.store(builder.fadd(builder.load(total), builder.fmul(spread, values)), total)
        for place, total in zip(places, sums, strict=True):
            line = builder.add(builder.mul(place, width), builder.mul(number, wide))
            builder.store(builder.load(total), vector(result, line), align=4)
        return context.get_dummy_value()

    return types.void(rows, columns, out, i, panel), generate


add_tile = cast(Callable[..., None], _add_tile)


@kernel()
def multiply(rows: Array, columns: Array, out: Array) -> None:
    """`out` (m × WIDE p) becomes `rows` (m × k) times `columns` (p × k × WIDE, see `panels`), all float32 and in C
    order; m must be a multiple of TALL. Each number is summed in the order of k, without fusing, so it is the same
    whatever stands beside it and on every machine."""
    for panel in range(columns.shape[0]):
        for i in range(0, rows.shape[0], TALL):
            add_tile(rows, columns, out, i, panel)
