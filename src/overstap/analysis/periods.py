"""Periods as statistical offices write them: years, quarters and months, counted and written back in the same style."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STYLES = (  # pattern, periods in a year, how it is written
    (re.compile(r"(\d{4})JJ00"), 1, "{year}JJ00"),
    (re.compile(r"(\d{4})"), 1, "{year}"),
    (re.compile(r"(\d{4})KW0([1-4])"), 4, "{year}KW0{part}"),
    (re.compile(r"(\d{4})Q([1-4])"), 4, "{year}Q{part}"),
    (re.compile(r"(\d{4})-Q([1-4])"), 4, "{year}-Q{part}"),
    (re.compile(r"(\d{4})MM(0[1-9]|1[0-2])"), 12, "{year}MM{part:02d}"),
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), 12, "{year}-{part:02d}"),
    (re.compile(r"(\d{4})M(0[1-9]|1[0-2])"), 12, "{year}M{part:02d}"),
    (re.compile(r"(\d{4})[-_ ]?(?:KW0?|Q|K)([1-4])"), 4, "{year}Q{part}"),
    (re.compile(r"(\d{4})[ -]([1-4])E KWARTAAL"), 4, "{year}Q{part}"),
)


@dataclass(frozen=True)
class Period:
    """A period: `number` counts from the year 0, `length` is how many make a year, `style` how it is written."""

    number: int
    length: int
    style: str

    def named(self, number: int) -> str:
        """Another period of this length, in this style: '2023KW04'."""
        return self.style.format(year=number // self.length, part=number % self.length + 1)

    def at(self, length: int) -> Period:
        """The last whole period of another length that ends no later: of 2023Q3 the year 2022, the month 2023-09."""
        end = (self.number + 1) * length // self.length - 1
        return Period(end, length, self.style)


def months_of(period: str) -> list[str]:
    """The months of a quarter, '2019Q3', as tables write them; any other period alone."""
    parsed = parse_period(period)
    if parsed is None or parsed.length != 4:
        return [period]
    first = parsed.number * 3
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, first + 3)]


def follows(first: str, last: str) -> bool:
    """Whether the last period is the one after the first: '2015' and '2016', not '2015' and '2017'."""
    one, other = parse_period(first), parse_period(last)
    return one is not None and other is not None and one.length == other.length and other.number == one.number + 1


def parse_period(text: str) -> Period | None:
    """A period of '2019KW03', '2019Q3', '2019-Q3', '2019 3e kwartaal', '2019JJ00', '2019', '2019MM03' or
    '2019-03'; None for others."""
    text = text.strip().rstrip("*").upper()
    for pattern, length, style in _STYLES:
        if match := pattern.fullmatch(text):
            part = int(match.group(2)) - 1 if length > 1 else 0
            return Period(int(match.group(1)) * length + part, length, style)
    return None
