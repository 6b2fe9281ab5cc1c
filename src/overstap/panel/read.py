"""Files of rankings and ratings as rows: wide or long CSV, with ties and gaps, and experts by number."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overstap.errors import InputError, nearest
from overstap.schema.out import ALL
from overstap.schema.panel import MOMENTS
from overstap.study_panel import Rankings, Ratings

Row = dict[str, Any]
ASPECTS = ("agreement", "importance", "mastery")
_WIDE = "wide: rater, then a column per item"
_RANK_FORMS = f"Give a row per expert and a column per item ({_WIDE}), or the columns rater, item, rank (long)."
_RATE_FORMS = f"Give a row per expert and a column per statement ({_WIDE}), or the columns rater, item, value (long)."
_ABOUT = ("rater", "role", "round", "moment", "list", "session")
_GAPS = ("", "-", "–", "na", "n/a", "nvt", "n.v.t.", "geen", "none")
_MOMENT = re.compile(r"(before|after|voor|vóór|na)\b", re.IGNORECASE)
_MOMENT_NAMES = {"before": "before", "after": "after", "voor": "before", "vóór": "before", "na": "after"}


@dataclass(frozen=True)
class Lines:
    """A CSV file: its path, columns (lower case where they are ours), and its lines with their number."""

    path: Path
    columns: list[str]
    lines: list[tuple[int, dict[str, str]]]

    def fault(self, line: int, what: str, fix: str) -> InputError:
        """An error that names the file and the line."""
        return InputError(f"{self.path}, line {line}: {what}", fix=fix)


def read_rankings(path: Path, given: Rankings) -> list[Row]:
    """Rows of `core_rankings` as the file at `path` has them, with `label` (who ranked) in place of a number.

    Equal ranks are ties; an empty cell is a gap. Raises InputError where the file is missing, is of neither form, holds
    something that is no rank, or ranks an item twice for one expert.
    """
    lines = _read(path, _RANK_FORMS)
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, item, text, about, moment in _cells(lines, "rank", _RANK_FORMS):
        rank = _number(lines, number, text, "rank")
        if rank is not None and rank < 1:
            raise lines.fault(number, f"'{item}' has rank {text}.", "Ranks begin at 1, the highest.")
        row = {
            "session": about.get("session") or given.session,
            "list": about.get("list") or given.list,
            "moment": moment or _moment(lines, number, about.get("moment", "")) or given.moment,
            "round": _round(lines, number, about, given.round),
            "label": about["rater"],
            "role": about.get("role") or None,
            "item": item,
            "rank": rank,
            "unranked": given.unranked,
        }
        _once(lines, number, item, seen, _answer_of(row))
        rows.append(row)
    return rows


def read_ratings(path: Path, given: Ratings) -> list[Row]:
    """Rows of `core_ratings` as the file at `path` has them, with `label` in place of a number.

    Raises InputError where the file is missing, is of neither form, an answer lies off the scale, or an expert answers
    something twice.
    """
    lines = _read(path, _RATE_FORMS)
    low, high = given.scale
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, item, text, about, _ in _cells(lines, "value", _RATE_FORMS):
        value = _number(lines, number, text, "answer")
        if value is not None and not (low <= value <= high and value == int(value)):
            raise lines.fault(number, f"'{item}' has the answer {text}; the scale is {low} to {high}.",
                              "Mend the answer, or set 'scale' of this file in the study file.")  # fmt: skip
        aspect = (about.get("aspect") or "agreement").lower()
        if aspect not in ASPECTS:
            raise lines.fault(number, f"there is no aspect '{aspect}'.",
                              nearest(aspect, ASPECTS) or f"Aspects: {', '.join(ASPECTS)}.")  # fmt: skip
        row = {
            "session": about.get("session") or given.session,
            "round": _round(lines, number, about, given.round),
            "label": about["rater"],
            "role": about.get("role") or None,
            "item": item,
            "function_group": (about.get("function_group") or ALL).lower(),
            "aspect": aspect,
            "value": value,
            "scale_low": low,
            "scale_high": high,
        }
        _once(lines, number, item, seen, _answer_of(row))
        rows.append(row)
    return rows


def rankings_of_answers(
    answers: Iterable[Row], lists: Mapping[str, str], names: Mapping[tuple[str, str], str], session: str = "survey"
) -> list[Row]:
    """Rows of `core_rankings`, with `label`, of ranking questions in a survey's answers: one an item and respondent.

    `answers` have respondent_id, question_code, item, part and value (the rank); `lists` gives the list that a question
    ranks, `names` what an item of a question is called.
    """
    asked = [row for row in answers if row["question_code"] in lists and row["part"] == "answer"]
    return [
        {
            "session": session,
            "list": lists[row["question_code"]],
            "moment": "all",
            "round": 1,
            "label": row["respondent_id"],
            "role": None,
            "item": names.get((row["question_code"], row["item"])) or row["item"],
            "rank": row["value"],
            "unranked": "below",
        }
        for row in asked
    ]


def of_survey(lists: Mapping[str, str], questions: Sequence[Row], answers: Iterable[Row]) -> list[Row]:
    """As `rankings_of_answers`, with the names of items from the survey's `questions` (rows of `core_questions`).

    Raises InputError where the survey has no such ranking question.
    """
    known = sorted({row["question_code"] for row in questions if row["kind"] == "ranking"})
    for code in lists:
        if code not in known:
            raise InputError(
                f"panel.survey: the survey has no ranking question '{code}'.",
                why=nearest(code, known) or f"It has: {', '.join(known) or 'none'}.",
                fix="See its questions with: overstap survey check STUDY.",
            )
    names = {
        (row["question_code"], option): label
        for row in questions
        for option, label in zip(row["options"] or [], row["options_en"] or row["options_nl"] or [], strict=False)
    }
    return rankings_of_answers(answers, lists, names)


def by_number(*parts: Iterable[Row]) -> None:
    """Give each row a `rater` in place of its `label`, in place: an expert's number within the session, in the order in
    which experts come. Names and addresses go no further than this."""
    numbers: dict[tuple[str, str], int] = {}
    for row in (row for part in parts for row in part):
        who = (row["session"], row.pop("label").casefold())
        row["rater"] = f"{numbers.setdefault(who, len(numbers) + 1):03d}"


def without_few(rows: Sequence[Row], smallest: int) -> None:
    """Take the role from rows of a session in which fewer than `smallest` experts have it, in place."""
    who = {(row["session"], row["role"], row["rater"]) for row in rows}
    counts = Counter((session, role) for session, role, _ in who)
    for row in rows:
        if counts[row["session"], row["role"]] < smallest:
            row["role"] = None


def fitting(rows: Iterable[Row]) -> None:
    """Raise InputError where files do not fit together: an expert who answers twice, a question on two scales, a list
    in which an item left out has two meanings. `rows`: of all files, with `label`."""
    seen: set[tuple[Any, ...]] = set()
    meant: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        answer = _answer_of(row)
        if answer in seen:
            raise InputError(
                f"panel: one expert answers '{row['item']}' twice in session '{row['session']}', round {row['round']}.",
                why="The answers stand in two files.",
                fix="Keep one of the two, or give them another round or session.",
            )
        seen.add(answer)
        is_ranking = "rank" in row
        of = (row["list"],) if is_ranking else (row["item"], row["function_group"], row["aspect"] == "agreement")
        means = row["unranked"] if is_ranking else (row["scale_low"], row["scale_high"])
        if meant.setdefault((row["session"], *of), means) != means:
            what = f"the list '{row['list']}' has two settings of 'unranked'" if is_ranking else (
                f"'{row['item']}' is answered on two scales")  # fmt: skip
            raise InputError(
                f"panel: {what} in session '{row['session']}'.", fix="Make them one, or name two sessions."
            )


def _answer_of(row: Row) -> tuple[Any, ...]:
    """What one expert may answer once; a name is the same in capitals."""
    answer = ("label", "role", "rank", "value", "unranked", "scale_low", "scale_high")
    names = [name for name in row if name not in answer]
    return (row["label"].casefold(), *(row[name] for name in names))


def _read(path: Path, forms: str) -> Lines:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"panel: there is no file {path}.", fix="Mend its name in the study file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"panel: cannot read {path}: {error}", fix="Save it as CSV (UTF-8).") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=max(";,\t", key=head.count))
    columns = [(name or "").strip() for name in reader.fieldnames or []]
    columns = [name.lower() if name.lower() in (*_ABOUT, *_OURS) else name for name in columns]
    double = sorted({name for name in columns if name and columns.count(name) > 1})
    if "rater" not in columns or double:
        what = f"two columns have the name '{double[0]}'" if double else "there is no column 'rater'"
        raise InputError(f"{path}: {what}.", fix=forms)
    reader.fieldnames = columns
    lines = [
        (reader.line_num, {k: v.strip() for k, v in row.items() if k and isinstance(v, str)})
        for row in reader
        if any(isinstance(v, str) and v.strip() for v in row.values())
    ]
    if not lines:
        raise InputError(f"{path} holds no answers.", fix=forms)
    return Lines(path, columns, lines)


_OURS = ("item", "rank", "value", "aspect", "function_group")
_Cell = tuple[int, str, str, dict[str, str], str]


def _cells(lines: Lines, value: str, forms: str) -> Iterator[_Cell]:
    """Line number, item, text of the cell, the line, and the moment that the column's name tells, of every answer."""
    is_long = {"item", value} <= set(lines.columns)
    items = [name for name in lines.columns if name and name not in (*_ABOUT, *_OURS)]
    if not is_long and not items:
        raise InputError(f"{lines.path}: there is no column with an item.", fix=forms)
    for number, row in lines.lines:
        if not row.get("rater"):
            raise lines.fault(
                number, "the column 'rater' is empty.", "Give each expert any name or number; it is not kept."
            )
        for name in ["item"] if is_long else items:
            moment, _, rest = name.partition(":")
            told = _MOMENT.match(moment.strip()) if rest else None
            item = row.get("item", "") if is_long else rest.strip() if told else name
            if not item:
                raise lines.fault(number, "the column 'item' is empty.", forms)
            found = _MOMENT_NAMES[told[1].lower()] if told else ""
            yield number, item, row.get(value if is_long else name, ""), row, found


def _moment(lines: Lines, number: int, text: str) -> str:
    told = _MOMENT.match(text)
    if told:
        return _MOMENT_NAMES[told[1].lower()]
    if text and text not in MOMENTS:
        raise lines.fault(number, f"'{text}' is no moment.", "Write before, after or all; 'before 2025' will do.")
    return text


def _round(lines: Lines, number: int, about: dict[str, str], given: int) -> int:
    text = about.get("round", "")
    if text and not (text.isdecimal() and int(text) >= 1):
        raise lines.fault(number, f"'{text}' is no round.", "Number the rounds 1, 2, …")
    return int(text) if text else given


def _number(lines: Lines, number: int, text: str, what: str) -> float | None:
    if text.casefold() in _GAPS:
        return None
    try:
        value = float(text.lstrip("=").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise lines.fault(
            number, f"'{text}' is no {what}.", "Write a number; leave the cell empty where there is none."
        )
    return value


def _once(lines: Lines, number: int, item: str, seen: dict[tuple[Any, ...], int], key: tuple[Any, ...]) -> None:
    if key in seen:
        raise lines.fault(
            number,
            f"one expert answers '{item}' twice; the first time in line {seen[key]}.",
            "Keep one of the two, or give them another round.",
        )
    seen[key] = number


def named(rows: Iterable[Row], index: Callable[[str], str]) -> None:
    """Give the items of rows the id that `index` finds for what was written, in place.

    Raises InputError where one expert answered on an item under two names.
    """
    seen: dict[tuple[Any, ...], str] = {}
    for row in rows:
        written, row["item"] = row["item"], index(row["item"])
        key = tuple(value for name, value in row.items() if name not in ("rank", "value", "role", "unranked"))
        if key in seen:
            raise InputError(
                f"panel: '{seen[key]}' and '{written}' are the same item, '{row['item']}'.",
                fix="Keep one of the two, or list it as an item of your own (panel.items).",
            )
        seen[key] = written
