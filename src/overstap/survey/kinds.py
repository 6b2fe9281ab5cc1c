"""What kind of question columns hold, told from their answers where no structure says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from overstap.survey.headings import Column
from overstap.survey.scales import NONE, is_tick, leading_number, number_of, order, plain

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}( \d{1,2}:\d{2}.*)?")
_RANKED = re.compile(r"(?:rank|rang|plaats)\s*\d+|\d+", re.IGNORECASE)
_MOST_OPTIONS = 60
_LONG = 120
JOINS = (";", ", ", ",")


def kind_of(columns: Sequence[Column], answers: Sequence[Sequence[str]]) -> str:
    """The kind of the question that `columns` hold together, given their answers, blank ones left out.

    A column with few different answers that come back is a choice; with most of them different, open text.
    """
    every = [answer for column in answers for answer in column]
    if not every:
        return ""
    if len(columns) > 1:
        if all(re.fullmatch(r"(?:rank|rang|plaats)\s*\d+", c.item_text.strip(), re.IGNORECASE) for c in columns):
            return "ranking"
        if all(c.item.isdigit() for c in columns) and not any(c.item_text for c in columns) and _is_ranking(answers):
            return "ranking"
        if is_tick(every):
            return "multiple"
        if all(len(set(column)) <= 1 for column in answers) and _ticks_by_label(columns, answers):
            return "multiple"
    if all(_DATE.fullmatch(answer.strip()) for answer in every):
        return "date"
    known = [answer for answer in every if plain(answer) not in NONE]
    if known and all(number_of(answer) is not None for answer in known):
        values = {number_of(answer) for answer in known}
        whole = all(value is not None and value == int(value) for value in values)
        small = whole and len(columns) > 1 and max(v or 0 for v in values) <= 10 and min(v or 0 for v in values) >= 0
        return "scale" if small else "number"
    if order(every) is not None:
        return "scale"
    numbers = sum(1 for answer in known if number_of(answer) is not None)
    if numbers >= 0.5 * len(known) and all(leading_number(answer) is not None for answer in known):
        return "number"  # as 80 and 80%
    if len(columns) == 1 and (separator := joint(every)):
        return "ranking" if _all_in_some_order(every, separator) else "multiple"
    counts = Counter(plain(answer) for answer in every)
    if len(counts) > _MOST_OPTIONS * len(columns) or sum(map(len, counts)) / len(counts) > _LONG:
        return "text"
    comes_back = sum(n for n in counts.values() if n > 1)
    if len(every) < 20 and max(map(len, counts)) > 60:
        return "text"
    differs = comes_back < 0.6 * len(every) or len(counts) > 0.5 * len(every)
    told = len(every) >= 8 or any(len(name.split()) > 3 for name in counts)
    return "text" if differs and told else "single"


def _is_ranking(answers: Sequence[Sequence[str]]) -> bool:
    """Columns 1, 2, 3 … with the same few options in each, as LimeSurvey exports a ranking by code."""
    options = [{plain(a) for a in column} for column in answers if column]
    return (
        len(options) > 2
        and len(set.union(*options)) <= 2 * len(answers)
        and not is_tick([a for c in answers for a in c])
    )


def _ticks_by_label(columns: Sequence[Column], answers: Sequence[Sequence[str]]) -> bool:
    """Columns that each hold only the text of their own option, as Qualtrics and others export choices."""
    told = [(c, next(iter(a))) for c, a in zip(columns, answers, strict=True) if a]
    texts = [plain(answer) for _, answer in told]
    named = all(plain(c.item_text) == plain(text) for c, text in told)
    return named or (len(set(texts)) == len(texts) and len({len(a) for a in answers}) > 1)


def _all_in_some_order(answers: Sequence[str], separator: str) -> bool:
    """Whether each cell holds the same three or more options, not always in one order."""
    orders = {tuple(map(plain, split(answer, separator))) for answer in answers}
    return len({frozenset(one) for one in orders}) == 1 and len(orders) > 1 and len(next(iter(orders))) > 2


def joint(answers: Sequence[str]) -> str:
    """The separator by which a cell holds several options, as `A;B;C`; empty where it holds one. The pieces must come
    back, so that commas in sentences do not count."""
    for separator in JOINS:
        cells = [answer for answer in answers if separator.strip() in answer]
        if len(cells) < max(2, 0.1 * len(answers)):
            continue
        pieces = Counter(plain(p) for answer in answers for p in split(answer, separator))
        again = sum(n for n in pieces.values() if n > 1)
        short = sum(len(name) for name in pieces) / max(1, len(pieces)) <= 60
        fewer = len(pieces) < len({plain(answer) for answer in answers}) or len(pieces) <= 6
        if short and fewer and again >= 0.8 * sum(pieces.values()) and not all(map(str.isdigit, pieces)):
            return separator
    return ""


def split(answer: str, separator: str) -> list[str]:
    """The options in a cell."""
    return [piece.strip() for piece in answer.split(separator) if piece.strip()]
