"""Columns of all files put under their questions; what differs in wording is never pooled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from overstap.errors import InputError
from overstap.study_survey import QuestionMap, SurveySettings
from overstap.survey.facts import fact_by_content
from overstap.survey.headings import Column, columns_of, format_of, same_text
from overstap.survey.sheet import read_sheet
from overstap.survey.structure import Structure


@dataclass
class Answered:
    """One file: its name, columns and rows of answers."""

    source: str
    format: str
    columns: list[Column]
    rows: list[list[str]]
    ragged: int = 0


@dataclass
class Grouped:
    """The columns of one question: file and column of each."""

    code: str
    columns: list[tuple[int, Column]] = field(default_factory=list)


def read_file(path: Path, name: str, settings: SurveySettings, structure: Structure) -> Answered:
    """One file, with the codes of its columns as far as its program tells. Raises InputError as `read_sheet`, and where
    a file of a given format is not of that format."""
    sheet = read_sheet(path, settings.encoding)
    format = settings.format if settings.format != "auto" else format_of(sheet)
    columns, rows = columns_of(sheet, format)
    if not rows:
        raise InputError(
            f"{name} holds a header and no answers.", fix="Export the answers again, or take the file out."
        )
    columns = [_known(column, structure, settings.questions) for column in columns]
    answers = {c.position: [row[c.position - 1] for row in rows] for c in columns}
    columns = [
        c if c.fact or _named(c, settings.questions) else replace(c, fact=fact_by_content(c, answers[c.position]))
        for c in columns
    ]
    return Answered(name, format, columns, rows, len(sheet.ragged))


def _named(column: Column, given: Mapping[str, QuestionMap]) -> bool:
    return bool({column.code, column.heading, column.text} & set(given) - {""})


def _known(column: Column, structure: Structure, given: Mapping[str, QuestionMap]) -> Column:
    """The column under the code and item of the structure, the codebook or the question map, where these know it."""
    if column.heading in structure.columns:
        code, item = structure.columns[column.heading]
        return replace(column, code=code, item=item, fact="")
    if column.heading in given or column.text in given or column.code in given:
        name = next(n for n in (column.code, column.heading, column.text) if n in given)
        return replace(column, code=name, fact="address" if given[name].use == "address" else "")
    if column.fact:
        return column
    if column.code not in structure.questions and not column.item:
        for end in range(len(column.code) - 1, 0, -1):  # Q1_SQ001, as R, SPSS and forms with underscores write it
            head, tail = column.code[:end], column.code[end:].lstrip("_.-")
            asked = structure.questions.get(head.rstrip("_.-"))
            if asked and (tail in asked.items or tail == "other"):
                part = "other" if tail == "other" else "answer"
                return replace(column, code=asked.code, item="" if part == "other" else tail, part=part)
    if column.code not in structure.questions and column.text:
        for asked in structure.questions.values():  # typed over into a form: the text is the same
            if any(same_text(text, column.text) for text in asked.texts.values()):
                items = [
                    k for k, texts in asked.items.items() if any(same_text(t, column.item_text) for t in texts.values())
                ]
                return replace(column, code=asked.code, item=items[0] if items else column.item)
    return column


def group(files: Sequence[Answered]) -> dict[str, Grouped]:
    """Questions by code, with their columns in all files. Where files give one code to two wordings, the second becomes
    code~2, and likewise for items; the reason is noted at the column."""
    found: dict[str, Grouped] = {}
    texts: dict[str, str] = {}
    items: dict[tuple[str, str, str], str] = {}
    worded: dict[tuple[str, str, str], tuple[int, str]] = {}
    for at, file in enumerate(files):
        settled: dict[str, str] = {}  # by code and text, so that the items of a question stay together
        for i, column in enumerate(file.columns):
            if column.fact:
                continue
            key = f"{column.code}\n{column.text}"
            code = settled.get(key)
            if code is None:
                code = settled[key] = _free(column.code, column.text, texts)
            texts.setdefault(code, column.text)
            texts[code] = texts[code] or column.text
            item = _of_wording(at, code, column, worded)
            n = 1
            while same_text(items.setdefault((code, item, column.part), column.item_text), column.item_text) is False:
                n += 1
                item = f"{column.item}~{n}"
            if (code, item) != (column.code, column.item):
                same = (
                    code == column.code
                    and column.item_text
                    and item in {c.item for _, c in found.get(code, Grouped(code)).columns}
                )
                why = (
                    "another file has this wording under this code"
                    if same
                    else "another file has this code for another wording"
                )
                column = replace(column, code=code, item=item, reason=column.reason or why)
                file.columns[i] = column
            found.setdefault(code, Grouped(code)).columns.append((at, column))
    return found


def _of_wording(at: int, code: str, column: Column, worded: dict[tuple[str, str, str], tuple[int, str]]) -> str:
    """The item's code; that of an earlier file where this gave the same wording another code, as SQ024 and 25."""
    text = re.sub(r"[\W_]+", "", column.item_text).lower()
    if not text or not column.item:
        return column.item
    file, item = worded.setdefault((code, column.part, text), (at, column.item))
    return item if file != at else column.item


def _free(code: str, text: str, texts: Mapping[str, str]) -> str:
    name, n = code, 1
    while name in texts and same_text(texts[name], text) is False:
        n += 1
        name = f"{code}~{n}"
    return name
