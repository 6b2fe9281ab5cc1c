from __future__ import annotations

from overstap.web.selection import UnknownChoice


def test_a_filter_that_does_not_exist_is_called_a_filter_and_not_a_value() -> None:
    assert UnknownChoice("filter", "sector", ["topsector"]).what == "There is no filter 'sector'."
    assert UnknownChoice("topsector", "steel", ["energie"]).what == "'steel' is not a value of topsector."
