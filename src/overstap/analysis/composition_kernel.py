"""The compiled pass that splits a change of a share, whole and without each group of employers."""

from __future__ import annotations

from overstap.ads.compiled import Array, kernel

CHANGE, WITHIN, BETWEEN, ENTRY, EXIT = range(5)
PARTS = 5


@kernel(error_model="numpy")
def split(n: Array, x: Array, n_whole: Array, x_whole: Array, both: Array, out: Array) -> None:
    """Parts of the change of x / n by replicate: `out` [PARTS, 1 + group], first of all groups, then without each.

    `n`, `x` [group, 2 periods, cell]; `…_whole` [2 periods, cell]: their sums over groups. `both`: cells of both
    periods, which they stay where a group is left out; what such a cell lacks in one period is taken from the other.
    """
    groups, cells = n.shape[0], n.shape[2]
    for replicate in range(groups + 1):
        # Vacancies and those with the item: of all cells in the first and last period, and of the cells of both.
        n_first, n_last, x_first, x_last = 0.0, 0.0, 0.0, 0.0
        m_first, m_last, y_first, y_last = 0.0, 0.0, 0.0, 0.0
        for turn in range(2):
            within, between = 0.0, 0.0
            for cell in range(cells):
                if turn == 1 and not both[cell]:
                    continue
                a_n, b_n, a_x, b_x = n_whole[0, cell], n_whole[1, cell], x_whole[0, cell], x_whole[1, cell]
                if replicate > 0:
                    a_n = max(a_n - n[replicate - 1, 0, cell], 0.0)
                    b_n = max(b_n - n[replicate - 1, 1, cell], 0.0)
                    a_x = max(a_x - x[replicate - 1, 0, cell], 0.0)
                    b_x = max(b_x - x[replicate - 1, 1, cell], 0.0)
                if turn == 0:
                    n_first += a_n
                    n_last += b_n
                    x_first += a_x
                    x_last += b_x
                    if both[cell]:
                        m_first += a_n
                        m_last += b_n
                        y_first += a_x
                        y_last += b_x
                    continue
                if a_n == 0.0 and b_n == 0.0:
                    continue
                p_first = a_x / a_n if a_n > 0.0 else b_x / b_n
                p_last = b_x / b_n if b_n > 0.0 else p_first
                w_first, w_last = a_n / m_first, b_n / m_last
                within += (w_first + w_last) / 2 * (p_last - p_first)
                between += (p_first + p_last) / 2 * (w_last - w_first)
        first, last = x_first / n_first, x_last / n_last
        out[CHANGE, replicate], out[WITHIN, replicate], out[BETWEEN, replicate] = last - first, within, between
        out[ENTRY, replicate] = last - y_last / m_last  # = weight of the new × (their share − that of the continuing)
        out[EXIT, replicate] = y_first / m_first - first
