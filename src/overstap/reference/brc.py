"""The group of BRC 2014 of every four-digit code that CBS uses."""

from __future__ import annotations

from functools import lru_cache

from overstap.reference.tables import load


@lru_cache(maxsize=1)
def brc_groups() -> dict[str, str]:
    """BRC 2014 group by ISCO-08 code; codes padded with zeros (2500) are CBS's 'not further specified'."""
    table = load("isco08_brc2014")
    return dict(zip(table["isco08_code"].to_pylist(), table["brc_code"].to_pylist(), strict=True))
