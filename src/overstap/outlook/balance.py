"""From stocks and flows to openings, and from openings and graduates to a shortage or surplus.

Openings are max(expansion + outflow, 0), so that stocks and flows close; ROA's published max(expansion, 0) + outflow
stands beside them. A balance is inflow less openings: below 0 a shortage. Where inflow is not known, neither is it.
"""

from __future__ import annotations

import numpy as np

from overstap.outlook.source import Floats


def openings(expansion: Floats, outflow: Floats) -> Floats:
    """Places to fill: those of leavers and new ones, less those that vanish; NaN where either is unknown."""
    return np.maximum(expansion + outflow, 0.0)


def openings_roa(expansion: Floats, outflow: Floats) -> Floats:
    """Openings as ROA publishes them: growth where there is any, and replacement."""
    return np.maximum(expansion, 0.0) + outflow


def inflow_draws(low: Floats, high: Floats, at: Floats) -> Floats:
    """Inflow [cell, year, draw]: `at` (0-1) [cell, 1, draw] between its bounds, the same in every year."""
    found: Floats = low[:, :, None] + at * (high - low)[:, :, None]
    return found


def balance(inflow: Floats, places: Floats) -> Floats:
    """Graduates less openings: below 0 a shortage; NaN where the inflow is unknown."""
    return inflow - places


def indicator(inflow: Floats, unemployed: Floats, places: Floats) -> Floats:
    """ROA's ITA over a period: inflow and short-term unemployed per opening; infinite where there are no openings.

    NaN where one of the three is unknown.
    """
    asking = inflow + unemployed
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(np.isnan(asking + places), np.nan, np.where(places > 0, asking / places, np.inf))
    return found
