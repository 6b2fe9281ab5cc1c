"""What is wrong with a respondent's answers: too few, given twice, the same all down, or a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from overstap.study_survey import SurveySettings
from overstap.survey.grouping import Answered
from overstap.survey.parse import Question
from overstap.survey.scales import NO, plain

ASKED_OF_ALL = 0.6  # part of respondents with an answer from which a question is taken to be put to all
_ALIKE = 10  # answers that must be the same for two to be one
_GRID = 4  # items of a scale that one can answer all alike
_YES = {"true", "1", "yes", "ja", "100", "voltooid", "completed", "finished"}
_TESTS = {"survey preview", "survey test", "spam", "1", "8", "preview", "test"}


def answered_shares(questions: Mapping[str, Question], sizes: Sequence[int]) -> list[list[float | None]]:
    """Per file and row, the part of the questions put to everyone in that file that has an answer; null where no
    question was put to all."""
    had: list[list[int]] = [[0] * size for size in sizes]
    common = [0] * len(sizes)
    for question in questions.values():
        rows: list[set[int]] = [set() for _ in sizes]
        for file, row, *_ in question.answers:
            rows[file].add(row)
        for file, size in enumerate(sizes):
            if size and len(rows[file]) >= ASKED_OF_ALL * size:
                common[file] += 1
                for row in rows[file]:
                    had[file][row] += 1
    return [[n / common[f] if common[f] else None for n in rows] for f, rows in enumerate(had)]


def flags_of(
    files: Sequence[Answered],
    questions: Mapping[str, Question],
    shares: Sequence[Sequence[float | None]],
    settings: SurveySettings,
) -> list[list[list[str]]]:
    """Per file and row its flags, in the order of `schema.survey.FLAGS`."""
    twice = _twice(files, settings)
    straight = _straight(questions)
    found = []
    for at, file in enumerate(files):
        unfinished, tests = _unfinished(file), _tests(file)
        found.append(
            [
                [
                    name
                    for name, is_so in (
                        ("incomplete", row in unfinished or _too_few(shares[at][row], settings)),
                        ("duplicate", (at, row) in twice),
                        ("straight_lining", (at, row) in straight),
                        ("test", row in tests),
                    )
                    if is_so
                ]
                for row in range(len(file.rows))
            ]
        )
    return found


def _too_few(share: float | None, settings: SurveySettings) -> bool:
    return share is not None and share < settings.min_answered


def _unfinished(file: Answered) -> set[int]:
    """Rows that the program says were not sent, where it says so of some and not of all."""
    found: set[int] = set()
    for column in file.columns:
        cells = [row[column.position - 1].strip().lower() for row in file.rows]
        if column.fact == "finished":
            blank = {i for i, cell in enumerate(cells) if cell and cell not in _YES}
        elif column.fact == "submitted":
            blank = {i for i, cell in enumerate(cells) if not cell}
        else:
            continue
        if len(blank) < len(cells):
            found |= blank
    return found


def _tests(file: Answered) -> set[int]:
    if file.format != "qualtrics":
        return set()
    at = [c.position - 1 for c in file.columns if c.fact == "test"]
    return {i for i, row in enumerate(file.rows) if any(row[p].strip().lower() in _TESTS for p in at)}


def _twice(files: Sequence[Answered], settings: SurveySettings) -> set[tuple[int, int]]:
    """All but the first of the answers that are the same in every question, and of those from one address where there
    are more than `per_address`. Addresses are forgotten here: only their digest is compared."""
    places: dict[bytes, list[tuple[int, int]]] = {}
    same: dict[bytes, tuple[int, int]] = {}
    found: set[tuple[int, int]] = set()
    for at, file in enumerate(files):
        asked = [c.position - 1 for c in file.columns if not c.fact]
        address = [c.position - 1 for c in file.columns if c.fact == "address"]
        for i, row in enumerate(file.rows):
            for cell in {row[p].strip().lower() for p in address} - {""}:
                places.setdefault(_digest(cell), []).append((at, i))
            said = [plain(row[p]) for p in asked]
            if sum(1 for cell in said if cell and cell not in NO) >= _ALIKE:
                key = _digest("\n".join(f"{file.columns[p].code} {cell}" for p, cell in zip(asked, said, strict=True)))
                if same.setdefault(key, (at, i)) != (at, i):
                    found.add((at, i))
    for rows in places.values():
        if len(rows) > settings.per_address:
            found.update(rows[1:])
    return found


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _straight(questions: Mapping[str, Question]) -> set[tuple[int, int]]:
    """Who gave one and the same answer to all items of every set of at least four scales, in two sets or one of eight.

    A set: the items of an array, or neighbouring questions with the same options.
    """
    grids: list[dict[tuple[int, int], list[float]]] = []
    before: frozenset[str] = frozenset()
    for question in questions.values():
        if question.kind != "scale":
            before = frozenset()
            continue
        items = {item for *_, item, part, _, _, _ in question.answers if part == "answer"}
        options = frozenset(question.options)
        is_next = len(items) == 1 and options == before
        grid = grids[-1] if is_next and grids else {}
        for file, row, _, part, value, _, _ in question.answers:
            if part == "answer" and value is not None:
                grid.setdefault((file, row), []).append(value)
        if not (is_next and grids):
            grids.append(grid)
        before = options if len(items) == 1 else frozenset()
    told, same, most = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for grid in grids:
        for key, values in grid.items():
            if len(values) >= _GRID:
                told[key] += 1
                same[key] += len(set(values)) == 1
                most[key] = max(most[key], len(values))
    return {key for key, n in told.items() if same[key] == n and (n >= 2 or most[key] >= 2 * _GRID)}
