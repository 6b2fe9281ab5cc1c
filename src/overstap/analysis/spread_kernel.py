"""The compiled pass behind turnover: changes of shares in one half of the employers against those in the other."""

from __future__ import annotations

from overstap.ads.compiled import Array, inlined, kernel


@inlined
def _sign(value: float) -> float:
    return 1.0 if value > 0.0 else -1.0 if value < 0.0 else value  # NaN stays NaN


@kernel(error_model="numpy")
def cross_halves(half: Array, x: Array, n: Array, x_halves: Array, n_halves: Array, out: Array) -> None:
    """Sign of each change in one half times its size in the other, both ways, summed over skills: `out` [1 + group,
    occupation], first of all groups, then without each.

    `half` [group]: 0 or 1. `x` [2 periods, group, occupation, skill], `n` [2 periods, group, occupation]; `…_halves`:
    their sums [2 periods, half, …].
    """
    groups, occupations, skills = x.shape[1:]
    for replicate in range(groups + 1):
        less = replicate - 1
        for occupation in range(occupations):
            n_a0, n_a1 = n_halves[0, 0, occupation], n_halves[1, 0, occupation]
            n_b0, n_b1 = n_halves[0, 1, occupation], n_halves[1, 1, occupation]
            in_a = less >= 0 and half[less] == 0
            in_b = less >= 0 and half[less] == 1
            if in_a:
                n_a0 -= n[0, less, occupation]
                n_a1 -= n[1, less, occupation]
            if in_b:
                n_b0 -= n[0, less, occupation]
                n_b1 -= n[1, less, occupation]
            total = 0.0
            for skill in range(skills):
                a0, a1 = x_halves[0, 0, occupation, skill], x_halves[1, 0, occupation, skill]
                b0, b1 = x_halves[0, 1, occupation, skill], x_halves[1, 1, occupation, skill]
                if in_a:
                    a0 -= x[0, less, occupation, skill]
                    a1 -= x[1, less, occupation, skill]
                if in_b:
                    b0 -= x[0, less, occupation, skill]
                    b1 -= x[1, less, occupation, skill]
                one, other = a1 / n_a1 - a0 / n_a0, b1 / n_b1 - b0 / n_b0
                total += _sign(one) * other + _sign(other) * one
            out[replicate, occupation] = total / 2
