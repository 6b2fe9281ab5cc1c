"""The cells of a question as answers: numbers, options and text, in one form whatever program wrote them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from overstap.study_survey import QuestionMap
from overstap.survey.grouping import Grouped
from overstap.survey.headings import Column
from overstap.survey.kinds import joint, kind_of, split
from overstap.survey.scales import NO, NONE, YES, leading_number, number_of, order, places, plain
from overstap.survey.structure import Asked, Texts

Cell = tuple[int, int, str]  # file, row, text
Answer = tuple[int, int, str, str, float | None, str | None, str | None]  # file, row, item, part, value, option, text


@dataclass
class Question:
    """A question as read: what it is, its options by code with their texts, and its answers."""

    code: str
    kind: str
    texts: Texts
    given: QuestionMap
    asked: Asked | None
    columns: list[tuple[int, Column]]
    options: dict[str, Texts] = field(default_factory=dict)
    items: dict[str, Texts] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)  # answers that the structure does not have, with how often


def parse(
    grouped: Grouped, cells: Sequence[Sequence[Cell]], asked: Asked | None, given: QuestionMap, lang: str
) -> Question:
    """The question of the columns of `grouped`, with the cells that hold something of each."""
    pairs = [(c, cell) for c, cell in zip(grouped.columns, cells, strict=True) if c[1].part == "answer"]
    columns, texts = [c[1] for c, _ in pairs], [[text for _, _, text in cell] for _, cell in pairs]
    kind = given.kind or _kind(asked, columns, texts)
    wording = dict(asked.texts) if asked and asked.texts else {}
    first = grouped.columns[0][1].text
    if first and lang not in wording:
        wording[lang] = first
    wording |= {str(lang): text for lang, text in given.text.items()}
    question = Question(grouped.code, kind, wording, given, asked, grouped.columns)
    read = {"multiple": _ticks, "ranking": _ranks, "number": _numbers, "text": _texts, "date": _dates}.get(
        kind, _choices
    )
    every = [(c, cell) for (_, c), cell in zip(grouped.columns, cells, strict=True)]
    question.answers = list(read(question, [pair for pair in every if pair[0].part == "answer"], lang))
    for column, cell in every:
        if column.part != "answer":
            item = _item(question, column, lang)
            question.answers += [(f, row, item, column.part, None, None, text) for f, row, text in cell]
    return question


def _kind(asked: Asked | None, columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> str:
    if asked is None or not asked.kind:
        if len({c.item for c in columns}) == len(columns) >= 3 and _whole(texts):
            return _ranked_items(texts) or kind_of(columns, texts)
        return kind_of(columns, texts)
    if asked.kind == "options":
        words = [text for option in asked.options.values() for text in option.values()]
        return "scale" if order(words) is not None and len(words) == len(set(words)) else "single"
    if asked.kind == "single":
        words = [next(iter(option.values())) for code, option in asked.options.items() if code != "-oth-"]
        return "scale" if len(words) > 2 and order(words) is not None else "single"
    return asked.kind


def _whole(texts: Sequence[Sequence[str]]) -> bool:
    numbers = [number_of(text) for column in texts for text in column]
    return bool(numbers) and all(n is not None and n == int(n) and n >= 1 for n in numbers)


def _ranked_items(texts: Sequence[Sequence[str]]) -> str:
    """Items with the rank that each was given: as often 1 as there are columns filled in, and so on for 2 and 3."""
    counts = Counter(number_of(text) for column in texts for text in column)
    even = [counts[float(rank)] for rank in range(1, len(texts) + 1)]
    full = len({len(column) for column in texts}) == 1
    return "ranking" if full and len(set(even)) == 1 and sum(even) == sum(counts.values()) and even[0] > 4 else ""


def _item(question: Question, column: Column, lang: str) -> str:
    """The item's code in the study, its text noted."""
    item = question.given.items.get(column.item, question.given.items.get(column.item_text, column.item))
    if item or column.item_text:
        known = question.asked.items.get(column.item, {}) if question.asked else {}
        question.items.setdefault(item, dict(known) or ({lang: column.item_text} if column.item_text else {}))
    return item


class _Options:
    """From what a cell says to the code of the option, and back to its texts."""

    def __init__(self, question: Question, texts: Iterable[str], lang: str) -> None:
        self._question, self._lang = question, lang
        self._found: dict[str, str] = {}
        asked = question.asked
        given = dict(asked.options) if asked else {}
        given |= {"-oth-": given.pop("-oth-")} if "-oth-" in given else {}  # last
        for code, words in given.items():
            code_out = "other" if code == "-oth-" else question.given.values.get(code, code)
            question.options[code_out] = words
            for text in (code, *words.values()):
                self._found.setdefault(plain(text), code_out)
        for text, code in question.given.values.items():
            self._found.setdefault(plain(text), code)
            question.options.setdefault(code, {lang: text})
        spelled: dict[str, Counter[str]] = {}
        for text in texts:
            spelled.setdefault(plain(text), Counter())[" ".join(text.split())] += 1
        self._often = {key: sum(counts.values()) for key, counts in spelled.items()}
        self._is_closed = bool(given) and "-oth-" not in given
        self._spelled = {key: max(counts, key=lambda t: (counts[t], t)) for key, counts in spelled.items()}

    def __call__(self, text: str) -> str:
        key = plain(text) or text.strip()
        if key not in self._found:
            code = self._spelled.get(key, text.strip())
            if self._is_closed and key not in NONE:
                self._question.unknown[code] = self._often.get(key, 1)
            self._found[key] = code
            self._question.options.setdefault(code, {self._lang: code})
        return self._found[key]


def _choices(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    """One option a cell; on a scale with its place."""
    texts = [text for _, cell in pairs for _, _, text in cell]
    option = _Options(question, texts, lang)
    for text in dict.fromkeys(texts):
        option(text)
    place = _places(question) if question.kind == "scale" else {}
    for column, cell in pairs:
        item = _item(question, column, lang)
        for file, row, text in cell:
            code = option(text)
            yield file, row, item, "answer", place.get(code), code, None


def _places(question: Question) -> dict[str, float]:
    """Place of every option on its scale, and the options put in that order."""
    given, asked, codes = question.given, question.asked, list(question.options)
    if given.scale:
        low_to_high = [given.values.get(text, text) for text in given.scale]
        key = {plain(code): code for code in codes}
        ordered = [key.get(plain(code), code) for code in low_to_high]
        found = {code: float(at) for at, code in enumerate(ordered, 1)}
    else:
        words = {code: next(iter(texts.values()), code) for code, texts in question.options.items()}
        back = {given.values.get(code, code): code for code in (asked.options if asked else {})}
        numbers = {code: leading_number(back.get(code, code)) for code in codes}
        first = {code: n for code, n in numbers.items() if n is not None}
        told = [code for code in codes if plain(words[code]) not in NONE]
        ordered_words = order(words[code] for code in told)
        if first and all(code in first for code in told):
            found = first
        elif ordered_words is not None:
            place = places(ordered_words)
            found = {code: place[words[code]] for code in told if words[code] in place}
        else:
            found = {code: float(at) for at, code in enumerate(told, 1)} if asked and asked.options else {}
    question.options = dict(sorted(question.options.items(), key=lambda p: (p[0] not in found, found.get(p[0], 0.0))))
    return found


def _ticks(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    """Chosen is 1; what was not chosen is 0 for whoever chose something or said so, and unknown for the others."""
    if len(pairs) == 1 and not pairs[0][0].item:
        yield from _joined(question, pairs[0][1], lang)
        return
    blank = not any(plain(text) in NO for _, cell in pairs for _, _, text in cell)
    seen = sorted({(file, row) for _, cell in pairs for file, row, _ in cell}) if blank else []
    for column, cell in pairs:
        item = _item(question, column, lang)
        chosen = set()
        for file, row, text in cell:
            chosen.add((file, row))
            yield file, row, item, "answer", 0.0 if plain(text) in NO else 1.0, None, None
            if (
                plain(text) not in YES | NO
                and plain(text) != plain(column.item_text)
                and len({t for *_, t in cell}) > 1
            ):
                yield file, row, item, "comment", None, None, text
        yield from ((file, row, item, "answer", 0.0, None, None) for file, row in seen if (file, row) not in chosen)


def _joined(question: Question, cell: Sequence[Cell], lang: str) -> Iterator[Answer]:
    """Several options in one cell; a piece that one person alone wrote is their own words for `other`."""
    separator = joint([text for *_, text in cell]) or ";"
    known = {
        plain(t): c
        for c, texts in (question.asked.options if question.asked else {}).items()
        for t in (c, *texts.values())
    } | {plain(text): code for text, code in question.given.values.items()}
    pieces = [((file, row), _known_pieces(split(text, separator), known, separator)) for file, row, text in cell]
    counts = Counter(plain(p) for _, found in pieces for p in found)
    option = _Options(question, (p for _, found in pieces for p in found), lang)
    kept = {key for key, n in counts.items() if n > 1 or key in known or len(cell) < 10}
    names = list(dict.fromkeys(option(p) for _, found in pieces for p in found if plain(p) in kept))
    names = list(
        dict.fromkeys(
            [*(question.given.values.get(c, c) for c in (question.asked.options if question.asked else {})), *names]
        )
    )
    question.items = {question.given.items.get(name, name): question.options.get(name, {lang: name}) for name in names}
    for (file, row), found in pieces:
        chosen = {option(p) for p in found if plain(p) in kept}
        for name in names:
            yield file, row, question.given.items.get(name, name), "answer", float(name in chosen), None, None
        if rest := [p for p in found if plain(p) not in kept]:
            yield file, row, "", "other", None, None, separator.join(rest)
    question.options = dict(question.items)


def _known_pieces(pieces: list[str], known: dict[str, str], separator: str) -> list[str]:
    """Pieces put together again where an option holds the separator itself."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        for end in range(len(pieces), at, -1):
            text = f"{separator.strip()} ".join(pieces[at:end])
            if end == at + 1 or plain(text) in known:
                found.append(text)
                at = end
                break
    return found


def _ranks(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    """The rank that each option was given: from columns by rank that hold options, or by option that hold ranks."""
    by_rank = all(column.item.isdigit() for column, _ in pairs) and not all(
        number_of(text) is not None for _, cell in pairs for *_, text in cell
    )
    if len(pairs) == 1 and not pairs[0][0].item:  # one cell with all options in their order
        separator = joint([text for *_, text in pairs[0][1]]) or ";"
        option = _Options(question, (p for *_, text in pairs[0][1] for p in split(text, separator)), lang)
        for file, row, text in pairs[0][1]:
            for rank, piece in enumerate(split(text, separator), 1):
                yield file, row, option(piece), "answer", float(rank), None, None
        question.items = dict(question.options)
    elif by_rank or (question.asked and question.asked.options and all(c.item.isdigit() for c, _ in pairs)):
        option = _Options(question, (text for _, cell in pairs for *_, text in cell), lang)
        given: set[tuple[int, int, str]] = set()
        for column, cell in sorted(pairs, key=lambda p: int(p[0].item)):
            for file, row, text in cell:
                if (key := (file, row, option(text))) not in given:  # a ranking with ties: the higher place counts
                    given.add(key)
                    yield file, row, option(text), "answer", float(column.item), None, None
        question.items = dict(question.options)
    else:
        yield from _numbers(question, pairs, lang)


def _numbers(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    for column, cell in pairs:
        item = _item(question, column, lang)
        for file, row, text in cell:
            number = leading_number(text)
            yield file, row, item, "answer", number, None, None if number is not None else text


def _texts(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    for column, cell in pairs:
        item = _item(question, column, lang)
        yield from ((file, row, item, "answer", None, None, text) for file, row, text in cell)


def _dates(question: Question, pairs: Sequence[tuple[Column, Sequence[Cell]]], lang: str) -> Iterator[Answer]:
    for column, cell in pairs:
        item = _item(question, column, lang)
        yield from ((file, row, item, "answer", None, text.strip(), None) for file, row, text in cell)
