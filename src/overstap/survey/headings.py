"""Headings of columns: which question and item a column holds, by the conventions of the program that wrote it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from overstap.survey.facts import fact_of
from overstap.survey.sheet import Sheet

FORMATS = ("limesurvey", "qualtrics", "forms", "plain")


@dataclass(frozen=True)
class Column:
    """One column of a file. `part` is answer, other or comment; `fact`: what it tells of the answer as a whole where it
    holds no question (see `facts`); `reason`: why it holds none."""

    position: int
    heading: str
    code: str
    item: str = ""
    part: str = "answer"
    text: str = ""
    item_text: str = ""
    fact: str = ""
    reason: str = ""


_CODE = r"[A-Za-z][A-Za-z0-9_-]*"
_LIME = re.compile(rf"({_CODE})\s*((?:\[[^\]]*\])*)(?:\s*(\._\.|\.|:|\||\s-)\s*(.*))?", re.DOTALL)
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_QUALTRICS = re.compile(r"(Q?[A-Za-z]*\d+(?:\.\d+)*(?:#\d+)?|[^_]+?)_(.+)")
_RANK = re.compile(r"(?:rank|ranking|rang|rangorde|plaats)\s*(\d+)", re.IGNORECASE)
_OTHER = re.compile(r"(?:other|anders|overig(?:e)?|andere)(?:[ ,:(].{0,40})?", re.IGNORECASE | re.DOTALL)


def format_of(sheet: Sheet) -> str:
    """The program that wrote the sheet, by its headings and first rows: one of FORMATS."""
    if _import_row(sheet) is not None:
        return "qualtrics"
    facts = {fact_of(name) for name in sheet.header}
    lime = [_LIME.fullmatch(name) for name in sheet.header]
    coded = sum(1 for found in lime if found and (found[2] or (found[4] and found[3] in (".", "._.", ":"))))
    if coded >= max(2, len(sheet.header) // 5) or {"lastpage", "seed"} & facts:
        return "limesurvey"
    words = sum(1 for name in sheet.header if " " in name)
    return "forms" if words > len(sheet.header) // 2 else "plain"


def columns_of(sheet: Sheet, format: str) -> tuple[list[Column], list[list[str]]]:
    """The columns of the sheet and its rows of answers. A code that stands twice gets ~2, ~3 … behind it."""
    rows = sheet.rows
    if format == "qualtrics":
        found, rows = _qualtrics(sheet)
    elif format == "limesurvey":
        found = [_limesurvey(at, name) for at, name in enumerate(sheet.header, 1)]
    elif format == "forms":
        found = _forms(sheet.header)
    else:
        found = [_plain(at, name) for at, name in enumerate(sheet.header, 1)]
    return apart(_own_texts(_with_other([_with_fact(column) for column in found]))), rows


def _own_texts(columns: Sequence[Column]) -> list[Column]:
    """The columns, those of an array of which only the items are worded with this text as that of the item."""
    arrays: dict[str, list[Column]] = {}
    for column in columns:
        if column.item and column.part == "answer" and not column.fact:
            arrays.setdefault(column.code, []).append(column)
    worded = {
        code
        for code, items in arrays.items()
        if not any(c.item_text for c in items) and len({c.text for c in items}) == len(items) > 1
    }
    return [replace(c, text="", item_text=c.text) if c.item and c.code in worded else c for c in columns]


def apart(columns: Sequence[Column]) -> list[Column]:
    """The columns with every (code, item, part) once: a question that has the code of an earlier one, and not its
    text, becomes code~2; a heading that is repeated whole becomes code~2 as well. Facts are left as they are."""
    seen: set[tuple[str, str, str]] = set()
    texts: dict[str, str] = {}
    found = []
    for column in columns:
        if column.fact:
            found.append(column)
            continue
        code, n = column.code, 1
        while (code, column.item, column.part) in seen or same_text(
            texts.setdefault(code, column.text), column.text
        ) is False:
            n += 1
            code = f"{column.code}~{n}"
        seen.add((code, column.item, column.part))
        reason = "" if n == 1 else f"its code '{column.code}' stands at an earlier question too"
        found.append(replace(column, code=code, reason=reason))
    return found


def same_text(one: str, other: str) -> bool | None:
    """Whether two wordings are the same but for case and punctuation; None where one is not known."""
    a, b = (re.sub(r"[\W_]+", "", text).lower() for text in (one, other))
    return a == b if a and b else None


def _with_fact(column: Column) -> Column:
    fact = fact_of(column.heading) or (fact_of(column.code) if not column.text and not column.item else "")
    return replace(column, fact=fact) if fact else column


def _limesurvey(at: int, heading: str) -> Column:
    """`Q1`, `Q1[SQ001]`, `Q1[SQ001][1]`, `Q1[other]`, `Q1[SQ001comment]`, and these with `. text [item text]` behind;
    or the full text, with the item in brackets at its end."""
    if not (found := _LIME.fullmatch(heading)) or (" " in heading and not found[2] and not found[3]):
        return _worded(at, heading)
    code, brackets, separator, text = found[1], _BRACKETS.findall(found[2] or ""), found[3], (found[4] or "").strip()
    if separator == "._." and not brackets:
        first, _, rest = text.partition("._.")
        if re.fullmatch(r"[\w#]+", first.strip()) and (rest or re.search(r"\d|^other$|comment$", first.strip())):
            brackets, text = [first.strip()], rest.strip()
    item_text = ""
    if brackets:
        text, item_text = _item_at_end(text)
    item, part = _part("_".join(brackets)) if brackets else ("", "answer")
    rank = _RANK.fullmatch(item_text.strip())
    return Column(at, heading, code, rank[1] if rank else item, part, text, item_text)


def _part(item: str) -> tuple[str, str]:
    """The item and what of it the column holds: `other` is the text behind the option other."""
    if item == "other":
        return "", "other"
    for end in ("comment", "other"):
        if item.endswith(end):
            return item[: -len(end)], end
    return item, "answer"


def _worded(at: int, heading: str, code: str = "") -> Column:
    """A column whose heading is the text of its question, with the item, `Rank 1` or `Other` in brackets behind it."""
    text, item = _item_at_end(heading)
    rank = _RANK.fullmatch(item)
    return Column(at, heading, code or _slug(text), rank[1] if rank else _slug(item), "answer", text, item)


def _with_other(columns: Sequence[Column]) -> list[Column]:
    """The columns; `[Other]` behind the text of a question with a column of its own is what was written beside it."""
    alone = {c.code for c in columns if not c.item and not c.fact}
    return [
        replace(c, item="", part="other", item_text="") if c.item and c.code in alone and _OTHER.fullmatch(c.item_text)
        else c
        for c in columns
    ]  # fmt: skip


def _item_at_end(text: str) -> tuple[str, str]:
    """The text before the last pair of brackets, and what stands in it, of a text that ends with one."""
    text = text.strip()
    if not text.endswith("]"):
        return text, ""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == "]") - (text[at] == "[")
        if depth == 0:
            return text[:at].strip(), text[at + 1 : -1].strip()
    return text, ""


def _import_row(sheet: Sheet) -> int | None:
    """Which of the first rows holds Qualtrics' ImportIds; None where none does."""
    for at, row in enumerate(sheet.rows[:3]):
        if sum("importid" in cell.lower() for cell in row) > len(row) // 2:
            return at
    return None


def _qualtrics(sheet: Sheet) -> tuple[list[Column], list[list[str]]]:
    """Codes in the first row, texts in the second, ImportIds in the third. An item stands behind the code, `Q3_1`, and
    its text behind that of the question, after ` - `; `_TEXT` is what was written beside it, `_DO_` an order shown."""
    ids = _import_row(sheet)
    texts = sheet.rows[0] if ids else [""] * len(sheet.header)
    names = sheet.rows[ids] if ids is not None else [""] * len(sheet.header)
    together = Counter(_import_id(cell).partition("_")[0].partition("-")[0] for cell in names)
    found = []
    for at, (code, text, cell) in enumerate(zip(sheet.header, texts, names, strict=True), 1):
        one = _import_id(cell)
        question, text = code, " ".join(text.split())
        if "_DO" in code or one.endswith("_DO") or "_DO_" in one:
            found.append(Column(at, code, code, text=text, fact="order"))
            continue
        part, item, item_text = "answer", "", ""
        if code.endswith("_TEXT"):
            question, part = code[: -len("_TEXT")], "other"
        loose = together[one.partition("_")[0].partition("-")[0]] > 1 if one else "_" in code
        if loose and (split := _QUALTRICS.fullmatch(question)) and re.search(r"\d", split[2]):
            question, item = split[1], split[2]
        pieces = [p for p in re.split(r"\s+-\s+", text) if p not in ("Selected Choice", "Text")]
        if (item or part == "other") and len(pieces) > 1:
            text, item_text = pieces[0], " - ".join(pieces[1:])
        if (
            part == "other"
            and item
            and not any(
                name.startswith(f"{question}_{item}_") or name == f"{question}_{item}"
                for name in sheet.header
                if name != code
            )
        ):
            item = ""  # the text beside an option of a question with one column
        found.append(Column(at, code, question, item, part, " - ".join(pieces) if not item_text else text, item_text))
    return found, sheet.rows[(ids or 0) + 1 :]


def _import_id(cell: str) -> str:
    try:
        return str(json.loads(cell)["ImportId"])
    except (ValueError, KeyError, TypeError):
        return ""


def _forms(header: Sequence[str]) -> list[Column]:
    """The text of the question is its heading; items of a grid stand in brackets behind it, or after a dot."""
    found: list[Column] = []
    codes: dict[str, str] = {}
    for at, name in enumerate(header, 1):
        text, item = _item_at_end(name)
        found.append(_worded(at, name, codes.setdefault(text, _slug(text)) if item else ""))
    return found


def _plain(at: int, heading: str) -> Column:
    """A code, or code[item]; a text with spaces becomes a code of its words."""
    if re.fullmatch(rf"{_CODE}(\[[^\]]*\])?", heading):
        code, _, item = heading.partition("[")
        item, part = _part(item.removesuffix("]")) if item else ("", "answer")
        return Column(at, heading, code, item, part)
    return _worded(at, heading)


def _slug(text: str) -> str:
    """The first words of a text as a code."""
    words = re.findall(r"\w+", text.lower())
    return "_".join(words)[:60].strip("_")
