"""How often the outlook's intervals hold: in countries on which they were not fitted, and in the Netherlands' own past.

    PYTHONPATH=src python scripts/measure_outlook.py

prints the figures of docs/method.md, Openings and shortage, from the bundled forecast.
"""

from __future__ import annotations

import numpy as np

from overstap.outlook.backtest import coverage_at_home, coverage_elsewhere, past_errors, spread
from overstap.outlook.draws import bounds, error_paths
from overstap.outlook.source import country_paths


def main() -> None:
    """Print the coverage of 80 % intervals, by country and over all, the spread, and one interval as an example."""
    n = int((past_errors(country_paths()).error != 0).sum())
    used = spread()
    print(f"errors that are not 0: {n:,}; degrees of freedom {used.df:.1f}; shared {used.shared:.2f}")
    elsewhere = coverage_elsewhere()
    for country, (share, count) in sorted(elsewhere.items(), key=lambda row: row[1]):
        print(f"{country}\t{100 * share:.1f} %\tn = {count:,}")
    shares, counts = np.array(list(elsewhere.values())).T
    print(f"all, each fitted on the others: {100 * (shares * counts).sum() / counts.sum():.1f} %")
    share, count = coverage_at_home()
    print(f"NL at the scale that the outlook uses: {100 * share:.1f} % (n = {count:,})")
    factors = error_paths(used, np.array([1e5]), np.array([5.0]), 100_000, 1, [("example",)])[0, 0]
    low, high = (100 * float(end) - 100 for end in bounds(factors, 0.8))
    print(f"80 % interval of a group of 100,000 after five years: {low:+.0f} % to {high:+.0f} %")


if __name__ == "__main__":
    main()
