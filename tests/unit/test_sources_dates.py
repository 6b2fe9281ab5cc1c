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
        ("30+ dagen geleden", "a value of 17 characters in the form '99+ a a' is not a date in a known form"),
        ("31 februari 2015", "'31 februari 2015' does not exist"),
        ("2015-13-01T10:00:00", "'2015-13-01T10:00:00' does not exist"),
        ("33 mrt. 2015", "'33 mrt. 2015' does not exist"),
        ("x 1 " * 125, "a value of 499 characters in the form 'a 9 a 9 a 9 a 9 a 9…'"),
    ],
)
def test_what_cannot_be_read_says_why_in_few_characters(value: str, words: str) -> None:
    with pytest.raises(DateError, match=r".") as error:
        DateParser()(value)
    assert words in str(error.value) and len(str(error.value)) < 150


@pytest.mark.parametrize(
    "value",
    [
        "06-12345678 j.devries@x.nl",
        "06-12345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "020 123 45 67",
        "020-1234567",
        "555 1234",
        "1234 5678",
        "20151399",
        "0612345678",
        "Sanne de Wit",
        "Bel Sanne 12-12-2015",
        "10 mei Testman 2015",
        "1012 AB Testdorp",
        "123456782",
        "12345678901234567890",
    ],
)
@pytest.mark.parametrize("pattern", ["auto", "%m/%d/%Y"])
def test_what_does_not_look_like_a_date_is_not_quoted(value: str, pattern: str) -> None:
    with pytest.raises(DateError) as error:
        DateParser(pattern)(value)
    words = str(error.value).replace(pattern, "").replace(f"{len(value)} characters", "")
    assert not any(digit in words for digit in "12345678"), words
    assert not any(word in words for word in ("Sanne", "Wit", "Testman", "devries", "Testdorp")), words


def test_a_given_pattern_is_the_only_one() -> None:
    parse = DateParser("%m/%d/%Y")
    assert parse("03/25/2015") == date(2015, 3, 25)
    with pytest.raises(DateError, match="does not fit date_format '%m/%d/%Y'"):
        parse("2015-03-25")
