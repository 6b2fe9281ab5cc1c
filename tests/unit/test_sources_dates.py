"""Dates of posting in the forms that feeds use."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from overstap.sources.dates import DateError, DateParser


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-03-09", date(2015, 3, 9)),
        ("2015-03-09T23:59:59+02:00", date(2015, 3, 9)),
        ("2015-03-09 10:00:00", date(2015, 3, 9)),
        ("2015/3/9", date(2015, 3, 9)),
        ("20150309", date(2015, 3, 9)),
        ("2015-03", date(2015, 3, 1)),
        ("09-03-2015", date(2015, 3, 9)),
        ("9/3/2015", date(2015, 3, 9)),
        ("9 maart 2015", date(2015, 3, 9)),
        ("maandag 9 mrt. 2015", date(2015, 3, 9)),
        ("March 9th, 2015", date(2015, 3, 9)),
        ("1425859200", date(2015, 3, 9)),
        (1425859200000, date(2015, 3, 9)),
        (datetime(2015, 3, 9, 12), date(2015, 3, 9)),
        ("", None),
        (None, None),
        ("NaN", None),
    ],
)
def test_auto_reads_the_usual_forms(value: object, expected: date | None) -> None:
    assert DateParser()(value) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2015-02-30", "'2015-02-30' does not exist"),
        ("03/25/2015", "month first"),
        ("30+ dagen geleden", "not a date in a known form"),
        ("x" * 500, "…"),
    ],
)
def test_what_cannot_be_read_says_why_in_few_characters(value: str, words: str) -> None:
    with pytest.raises(DateError, match=".") as error:
        DateParser()(value)
    assert words in str(error.value) and len(str(error.value)) < 150


def test_a_given_pattern_is_the_only_one() -> None:
    parse = DateParser("%m/%d/%Y")
    assert parse("03/25/2015") == date(2015, 3, 25)
    with pytest.raises(DateError, match="does not fit date_format '%m/%d/%Y'"):
        parse("2015-03-25")
