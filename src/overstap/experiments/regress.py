"""Least squares with errors that hold within clusters, and the wild cluster bootstrap where clusters are few.

The fit is that of statsmodels. The bootstrap imposes the null (Cameron, Gelbach & Miller 2008) with Webb's six
weights, and its interval holds every value that it does not reject. As the bootstrap statistic is linear in the
weights, it needs only the sums of each cluster, not its rows (Roodman, MacKinnon, Nielsen & Webb 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from overstap.errors import InputError
from overstap.experiments.panel import Floats, Ints

FEW = 40  # clusters below which normal theory is not trusted (Cameron & Miller 2015 name 20 to 50)
FEW_IN_GROUP = 10  # of these in one group, however many the other has (MacKinnon & Webb 2018)
_WEBB = np.sqrt(np.array([1.5, 1.0, 0.5, 0.5, 1.0, 1.5])) * np.array([-1, -1, -1, 1, 1, 1])


@dataclass(frozen=True)
class Fit:
    """One coefficient: its value, standard error, interval (None: no bound), p-value and number of clusters."""

    value: float
    error: float
    low: float | None
    high: float | None
    p: float
    clusters: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom: clusters less one."""
        return self.clusters - 1


def library() -> Any:
    """statsmodels' API. Raises `InputError` where it is not installed."""
    try:
        import statsmodels.api as api
    except ImportError:
        raise InputError(
            "Evaluating experiments needs statsmodels, which is not installed.",
            fix="pip install 'overstap[experiments]'",
        ) from None
    return api


def coefficient(
    y: Floats, x: Floats, clusters: Ints, at: int, confidence: float, draws: int, seed: int, *, few: bool
) -> Fit:
    """The coefficient of column `at` of `x`; with `few` clusters, interval and p are those of the bootstrap."""
    made = ols(y, x, clusters)
    count = len(np.unique(clusters))
    low, high = (float(end) for end in made.conf_int(1 - confidence)[at])
    plain = Fit(float(made.params[at]), float(made.bse[at]), low, high, float(made.pvalues[at]), count)
    if not few or plain.error == 0 or not np.isfinite(plain.error):
        return plain
    wild = _Wild(y, x, clusters, at, draws, seed)
    reach = _interval(wild, plain, 1 - confidence)
    return Fit(plain.value, plain.error, *reach, wild.p(0.0), count)


def ols(y: Floats, x: Floats, clusters: Ints) -> Any:
    """statsmodels' least squares with cluster-robust errors and t of clusters less one."""
    model = library().OLS(y, x)
    return model.fit(cov_type="cluster", cov_kwds={"groups": clusters, "df_correction": True}, use_t=True)


class _Wild:
    """The wild cluster bootstrap of one coefficient, for any value under the null."""

    def __init__(self, y: Floats, x: Floats, clusters: Ints, at: int, draws: int, seed: int) -> None:
        codes = np.unique(clusters, return_inverse=True)[1]
        self.count = int(codes.max()) + 1
        self.inverse = np.linalg.pinv(x.T @ x)
        self.at = at
        others = np.delete(x, at, axis=1)
        left = [column - others @ np.linalg.lstsq(others, column, rcond=None)[0] for column in (y, x[:, at])]
        self.sums = [self._by_cluster(x * column[:, None], codes) for column in left]
        self.squares = np.stack([x[codes == g].T @ x[codes == g] for g in range(self.count)])
        generator = np.random.default_rng(seed)
        drawn = generator.choice(_WEBB, size=(draws, self.count))
        self.weights = np.vstack([np.ones(self.count), drawn])  # the first row is the sample itself

    def _by_cluster(self, rows: Floats, codes: Ints) -> Floats:
        summed = np.zeros((self.count, rows.shape[1]))
        np.add.at(summed, codes, rows)
        return summed

    def p(self, null: float) -> float:
        """The two-sided p-value of the coefficient being `null`."""
        scores = self.sums[0] - null * self.sums[1]
        moved = self.weights @ scores  # draws × columns
        shift = moved @ self.inverse
        spread = self.weights[:, :, None] * scores - np.einsum("gkl,dl->dgk", self.squares, shift)
        along = spread @ self.inverse[:, self.at]
        error = np.sqrt((along**2).sum(axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(np.where(error > 0, shift[:, self.at] / error, 0.0))
        return float((1 + (t[1:] >= t[0] - 1e-12).sum()) / len(t))


def _interval(wild: _Wild, fit: Fit, alpha: float) -> tuple[float | None, float | None]:
    """The values that the bootstrap does not reject; None where it rejects none however far off."""
    return _bound(wild, fit, alpha, -1), _bound(wild, fit, alpha, 1)


def _bound(wild: _Wild, fit: Fit, alpha: float, side: int) -> float | None:
    inside, step = fit.value, fit.error
    for _ in range(8):
        outside = fit.value + side * step
        if wild.p(outside) < alpha:
            break
        inside, step = outside, 2 * step
    else:
        return None
    for _ in range(18):
        middle = (inside + outside) / 2
        if wild.p(middle) < alpha:
            outside = middle
        else:
            inside = middle
    return float((inside + outside) / 2)
