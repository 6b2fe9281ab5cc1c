"""The structure of a questionnaire: LimeSurvey's `.txt` (separated by tabs) and `.lss` (XML), and a codebook as CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from overstap.errors import InputError, nearest
from overstap.survey.sheet import read_sheet, read_text

Texts = dict[str, str]  # by language

# LimeSurvey's types of question and what we take them for; arrays of options are scales where their words are.
TYPES = {
    **dict.fromkeys("LO!YGIC", "single"), **dict.fromkeys("FH1", "options"), **dict.fromkeys("5ABE", "scale"),
    **dict.fromkeys("MP", "multiple"), **dict.fromkeys("NK:", "number"), **dict.fromkeys("STUQ;", "text"),
    "R": "ranking", "D": "date",
}  # fmt: skip
_SHOWN = {"X": "a text shown to respondents", "*": "computed while the survey ran", "|": "files that were sent"}
_BUILT_IN = {
    "Y": ["N", "Y"], "C": ["N", "U", "Y"], "E": ["D", "S", "I"], "5": list("12345"), "A": list("12345"),
    "B": [str(n) for n in range(1, 11)], "G": ["F", "M"],
}  # fmt: skip
_WORDS = {
    "Y": {"nl": "Ja", "en": "Yes"}, "N": {"nl": "Nee", "en": "No"}, "U": {"nl": "Onzeker", "en": "Uncertain"},
    "D": {"nl": "Afname", "en": "Decrease"}, "S": {"nl": "Gelijk", "en": "Same"},
    "I": {"nl": "Toename", "en": "Increase"},
    "F": {"nl": "Vrouw", "en": "Female"}, "M": {"nl": "Man", "en": "Male"},
}  # fmt: skip
CODEBOOK = (
    "column",
    "code",
    "item",
    "kind",
    "text_nl",
    "text_en",
    "item_nl",
    "item_en",
    "options",
    "theme",
    "use",
    "group",
)


@dataclass
class Asked:
    """A question as a structure has it: kind, texts, items and options in their order, by code; `shown` says why it
    holds no answers where it does not. `theme`, `use` and `group` are those of a codebook."""

    code: str
    kind: str
    texts: Texts = field(default_factory=dict)
    items: dict[str, Texts] = field(default_factory=dict)
    options: dict[str, Texts] = field(default_factory=dict)
    shown: str = ""
    theme: str = ""
    use: str = ""
    group: str = ""


@dataclass
class Structure:
    """Questions by code, and of a codebook the heading of each column with its code and item."""

    questions: dict[str, Asked] = field(default_factory=dict)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_structure(path: Path) -> Structure:
    """LimeSurvey's structure at `path`, of either form. Raises InputError where it is none."""
    text = read_text(path)
    try:
        found = _of_xml(text) if text.lstrip()[:1] == "<" else _of_tabs(text)
    except (ElementTree.ParseError, KeyError, IndexError) as error:
        raise InputError(
            f"{path.name} is no structure of LimeSurvey: {error}.", fix="Export it again: Survey structure (.lss)."
        ) from error
    if not found.questions:
        raise InputError(
            f"{path.name} holds no questions.", fix="Export the survey structure (.lss), or as tab-separated (.txt)."
        )
    return found


def tidy(text: str) -> str:
    """A text without markup, entities and runs of space."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(html.unescape(bare).split())


def _of_tabs(text: str) -> Structure:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")
    if not {"class", "type/scale", "name", "text"} <= set(rows.fieldnames or ()):
        raise KeyError("the columns class, type/scale, name and text")
    found = Structure()
    asked: Asked | None = None
    for row in rows:
        kind, name = (row["class"] or "").strip(), (row["name"] or "").strip()
        texts = {(row.get("language") or "").strip()[:2] or "en": tidy(row["text"] or "")}
        if kind == "Q":
            asked = _add(found, name, (row["type/scale"] or "").strip(), texts, (row.get("other") or "") == "Y")
        elif kind == "SQ" and asked is not None:
            asked.items.setdefault(name, {}).update(texts)
        elif kind == "A" and asked is not None:
            asked.options.setdefault(name, {}).update(texts)
    return found


def _add(found: Structure, code: str, type_: str, texts: Texts, other: bool) -> Asked:
    """The question `code`, in one more language where it is there already."""
    asked = found.questions.get(code)
    if asked is None:
        asked = Asked(code, TYPES.get(type_, "text"), shown=_SHOWN.get(type_, ""))
        asked.options = {name: dict(_WORDS.get(name, {"nl": name, "en": name})) for name in _BUILT_IN.get(type_, [])}
        found.questions[code] = asked
        if other and asked.kind == "single":
            asked.options["-oth-"] = {"nl": "Anders", "en": "Other"}
    asked.texts.update({lang: text for lang, text in texts.items() if text})
    return asked


def _of_xml(text: str) -> Structure:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ElementTree.ParseError("it declares entities, which no export of LimeSurvey does")
    root = ElementTree.fromstring(text)
    words = _localised(root, "question_l10ns", "qid", "question")
    answers = _localised(root, "answer_l10ns", "aid", "answer")
    found = Structure()
    by_id: dict[str, Asked] = {}
    rows = sorted(
        _rows(root, "questions"), key=lambda row: (int(row.get("gid") or 0), int(row.get("question_order") or 0))
    )
    for row in rows:
        if row.get("parent_qid", "0") in ("", "0"):
            texts = words.get(row["qid"]) or {row.get("language", "en")[:2]: tidy(row.get("question", ""))}
            by_id[row["qid"]] = _add(found, row["title"], row["type"], texts, row.get("other") == "Y")
    parts = [*_rows(root, "subquestions"), *(row for row in rows if row.get("parent_qid", "0") not in ("", "0"))]
    for row in sorted(parts, key=lambda row: int(row.get("question_order") or 0)):
        if asked := by_id.get(row["parent_qid"]):
            texts = words.get(row["qid"]) or {row.get("language", "en")[:2]: tidy(row.get("question", ""))}
            asked.items.setdefault(row["title"], {}).update(texts)
    for row in sorted(_rows(root, "answers"), key=lambda row: int(row.get("sortorder") or 0)):
        if asked := by_id.get(row["qid"]):
            texts = answers.get(row.get("aid", "")) or {row.get("language", "en")[:2]: tidy(row.get("answer", ""))}
            asked.options.setdefault(row["code"], {}).update(texts)
    return found


def _rows(root: ElementTree.Element, name: str) -> list[dict[str, str]]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.findall(f"./{name}/rows/row")]


def _localised(root: ElementTree.Element, name: str, key: str, text: str) -> dict[str, Texts]:
    """Texts by language of each id, as LimeSurvey keeps them from version 4 on."""
    found: dict[str, Texts] = {}
    for row in _rows(root, name):
        found.setdefault(row[key], {})[row["language"][:2]] = tidy(row[text])
    return found


def read_codebook(path: Path) -> Structure:
    """A CSV with a row for each column (see CODEBOOK; `options` as `1=Ja | 2=Nee`, from low to high for a scale).

    Raises InputError where a column or value is not known.
    """
    sheet = read_sheet(path)
    names = [name.strip().lower() for name in sheet.header]
    if "column" not in names:
        raise InputError(f"{path.name} has no column 'column'.", fix=f"Columns: {','.join(CODEBOOK)}.")
    if unknown := [name for name in names if name not in CODEBOOK and not name.startswith("(column")]:
        raise InputError(
            f"{path.name}: there is no column '{unknown[0]}' in a codebook. {nearest(unknown[0], CODEBOOK)}".strip(),
            fix=f"Columns: {','.join(CODEBOOK)}.",
        )
    found = Structure()
    for line, cells in enumerate(sheet.rows, 2):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        _coded(found, row, f"{path.name}, line {line}")
    return found


def _coded(found: Structure, row: Mapping[str, str], where: str) -> None:
    from overstap.study_survey import QuestionMap

    heading, item = row["column"], row.get("item", "")
    code = row.get("code") or heading
    if not heading:
        raise InputError(f"{where}: no column is named.", fix="Write the heading as the file has it.")
    if heading in found.columns:
        raise InputError(f"{where}: the column '{heading}' stands twice.", fix="Keep one of the rows.")
    try:
        QuestionMap.model_validate({k: row[k] for k in ("kind", "theme", "use") if row.get(k)})
    except ValueError as error:
        raise InputError(f"{where}: {error}", fix="See overstap reference settings, survey.questions.") from None
    found.columns[heading] = (code, item)
    asked = found.questions.setdefault(code, Asked(code, row.get("kind", "")))
    asked.texts |= {lang: row[f"text_{lang}"] for lang in ("nl", "en") if row.get(f"text_{lang}")}
    if item:
        asked.items[item] = {lang: row[f"item_{lang}"] for lang in ("nl", "en") if row.get(f"item_{lang}")}
    asked.options |= _options(row.get("options", "").split("|"))
    for name in ("theme", "use", "group"):
        setattr(asked, name, row.get(name) or getattr(asked, name))


def _options(parts: Iterable[str]) -> dict[str, Texts]:
    """`1=Ja` → {"1": {…}}; without an equals sign the text is the code."""
    found: dict[str, Texts] = {}
    for part in filter(None, map(str.strip, parts)):
        code, _, text = part.partition("=")
        found[code.strip()] = {lang: text.strip() or code.strip() for lang in ("nl", "en")}
    return found
