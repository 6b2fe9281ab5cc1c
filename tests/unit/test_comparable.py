"""Years without a source in common: what compares them is unknown with the reason, what is of one year stays."""

from __future__ import annotations

from typing import Any

import pytest

from overstap.analysis.codes import Codes
from overstap.analysis.comparable import apart, apart_from_first, off_the_chain, unsaid
from overstap.analysis.market import Compared, table_of, turnover_table
from overstap.schema.market import APART
from tests.coded import by_hand


def coded(sources: dict[str, list[str]]) -> Codes:
    """300 vacancies of every source of every year, of twenty employers."""
    rows: list[dict[str, Any]] = [
        {"year": year, "source": source, "employer": k % 20, "weight": 1.0, "isco2": "25", "skill": ["a", "b"][: k % 3]}
        for year, of_year in sources.items()
        for source in of_year
        for k in range(300)
    ]
    return by_hand(rows)


def test_years_are_apart_where_no_source_is_in_both() -> None:
    codes = coded({"2012": ["one"], "2013": ["one", "two"], "2014": ["two"], "2015": ["three"]})
    assert not apart(codes, "year", "2012", "2013")
    assert apart(codes, "year", "2012", "2014")
    assert not apart(codes, "year", "2012", "2019")  # a year without vacancies is another matter
    assert apart_from_first(codes) == ["2014", "2015"]
    assert off_the_chain(codes) == ["2015"]  # 2012 to 2014 hang together by 2013
    assert off_the_chain(coded({"2012": ["one"], "2013": ["one"]})) == []


def test_what_compares_is_unknown_and_what_is_of_one_year_stays() -> None:
    codes = coded({"2012": ["one"], "2014": ["two"]})
    (row,) = turnover_table(codes, Compared("2012", "2014", 0.95), ["a", "b"]).to_pylist()
    assert row["turnover"] is not None and row["note"] is None
    told = turnover_table(codes, Compared("2012", "2014", 0.95), ["a", "b"])
    (row,) = unsaid("out_turnover", told).to_pylist()
    assert (row["turnover"], row["turnover_low"], row["turnover_raw"], row["note"]) == (None, None, None, APART)
    assert row["first_n"] == row["last_n"] == 200


@pytest.mark.parametrize(
    ("name", "column", "value", "stays"),
    [("out_polarisation", "what", "vacancies", "jobs"), ("out_borders", "period", "2014", "2012")],
)
def test_only_the_rows_that_are_named_are_unsaid(name: str, column: str, value: str, stays: str) -> None:
    compared = {"value": 1.0, "shape": "u"} if name == "out_polarisation" else {"gap": 1.0, "change": 1.0}
    table = table_of(name, [{column: value, **compared}, {column: stays, **compared}])
    silent, kept = unsaid(name, table, column, [value]).to_pylist()
    assert silent["note"] == APART and kept["note"] is None
    assert {key: kept[key] for key in compared} == compared
    if name == "out_polarisation":
        assert (silent["value"], silent["shape"]) == (None, "none")
    else:
        assert (silent["gap"], silent["change"]) == (1.0, None)
