"""Statements for a panel, drafted from what respondents answered; the researcher edits them in a YAML file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overstap.errors import InputError
from overstap.schema.out import ALL
from overstap.study_survey import Theme
from overstap.survey.sheet import read_text
from overstap.survey.words import Names, inside

Row = dict[str, Any]
Label = Callable[[str], dict[str, str]]  # labels by language of a skill or occupation
_PER_KIND = 3
_OPEN: dict[str, tuple[str, str | None, str]] = {  # use and theme of the question, and what its answers were coded to
    "open_technology": ("open_skills", "technologies", "skill:"),
    "open_skill": ("open_skills", "skills", "skill:"),
    "open_title": ("open_titles", None, "isco08:"),
}
_HEAD = """# Statements for the panel, drafted from the answers of the survey. Edit, add and remove as you like:
# statement_id must be unique; evidence is shown to the panel beside the statement.
"""


class Evidence(BaseModel):
    """What a statement rests on: a result of the survey, or coded evidence of an interview or meeting."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[str, Field(description="Question code, or evidence_id of an interview or meeting")]
    item: str = ""
    measure: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    text_nl: str = ""
    text_en: str = ""


class Statement(BaseModel):
    """One statement in two languages, with its theme and evidence."""

    model_config = ConfigDict(extra="forbid")
    statement_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    text_nl: Annotated[str, Field(min_length=1)]
    text_en: Annotated[str, Field(min_length=1)]
    theme: Theme = "other"
    evidence: list[Evidence] = []


def read_statements(path: Path) -> list[Statement]:
    """The statements of a YAML file. Raises InputError for the first that is not valid, or an id that stands twice."""
    try:
        given = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise InputError(f"{path.name} is not valid YAML: {error}", fix="Mend the line that is named.") from error
    if not isinstance(given, list):
        raise InputError(
            f"{path.name} is no list of statements.", fix="Draft one: overstap survey statements study.yaml"
        )
    found: list[Statement] = []
    for at, entry in enumerate(given, 1):
        try:
            found.append(Statement.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise InputError(
                f"{path.name}, statement {at}: '{where}': {first['msg']}.",
                fix="Fields: statement_id, text_nl, text_en, theme, evidence.",
            ) from None
    ids = [one.statement_id for one in found]
    if double := sorted({i for i in ids if ids.count(i) > 1}):
        raise InputError(f"{path.name}: '{double[0]}' stands twice.", fix="Give each statement an id of its own.")
    return found


def write_statements(statements: Iterable[Statement], path: Path) -> None:
    """Write statements as YAML that a person edits."""
    rows = [one.model_dump(exclude_defaults=True) for one in statements]
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEAD + text, encoding="utf-8")


def draft(questions: pa.Table, results: pa.Table, adoption: pa.Table, label: Label, fdr: float) -> list[Statement]:
    """Statements on the strongest results of everyone together, at most three a kind; hidden results give none."""
    whole = [row for row in results.to_pylist() if row["group_kind"] == ALL and row["value"] is not None]
    drafts = _Drafts(questions, label)
    drafts.scales(whole)
    drafts.adoption(
        [row for row in adoption.to_pylist() if row["sector"] == row["size"] == ALL and row["value"] is not None], fdr
    )
    drafts.others(whole)
    return drafts.found


class _Drafts:
    def __init__(self, questions: pa.Table, label: Label) -> None:
        self.names, self.label = Names(questions), label
        self.used = {
            (row["item"], row["use"]): row["question_code"]
            for row in reversed(questions.to_pylist())
            if row["use"] in ("adoption", "obstacle")
        }
        self.found: list[Statement] = []

    def scales(self, rows: list[Row]) -> None:
        """Impact, shortage and agreement: the items with the largest share on the two highest steps."""
        tops = [row for row in rows if row["measure"] == "top"]
        for use, kind in (("impact", "impact"), ("shortage", "shortage")):
            for row in _most([r for r in tops if self._question(r)["use"] == use]):
                self._add(kind, row, self._item(row))
        plain_ = [r for r in tops if self._question(r)["use"] is None and r["theme"]]
        for theme in dict.fromkeys(r["theme"] for r in plain_):
            for row in _most([r for r in plain_ if r["theme"] == theme]):
                self._add("agree", row, self._item(row) if row["item"] else self.names.text(row["question_code"]))

    def adoption(self, rows: list[Row], fdr: float) -> None:
        """Technologies in use, the greatest obstacles, and where small firms lag beyond chance."""
        lag = [r for r in rows if r["measure"] == "sme_lag" and (r["q_value"] or 1) < fdr and r["value"] > 0]
        for kind, some, use in (("adoption", "in_use", "adoption"), ("obstacle", "obstacle", "obstacle")):
            for row in _most([r for r in rows if r["measure"] == some]):
                self._of_adoption(kind, row, use)
        for row in _most(lag):
            self._of_adoption("sme_lag", row, "adoption")

    def _of_adoption(self, kind: str, row: Row, use: str) -> None:
        code = self.used.get((row["item"], use)) or self.used.get(("", use), "")
        named = {**row, "question_code": code, "theme": "adoption"}
        self._add(kind, named, self._item(named))

    def others(self, rows: list[Row]) -> None:
        """What is ranked first, the largest gaps of each group, and what open answers name most."""
        for row in _most([r for r in rows if r["measure"] == "first"], 2):
            self._add("first", row, self._item(row))
        gaps = [r for r in rows if r["measure"] == "gap" and r["value_low"] is not None and r["value_low"] > 0]
        for pair in dict.fromkeys(self._question(r)["pair"] or "" for r in gaps):
            for row in _most([r for r in gaps if (self._question(r)["pair"] or "") == pair], 2):
                self._add("gap", row, self._item(row), pair)
        for kind, (use, theme, prefix) in _OPEN.items():
            some = [r for r in rows if r["measure"] == "coded" and r["option"].startswith(prefix)]
            for row in _most([r for r in some if self._question(r)["use"] == use and theme in (None, r["theme"])], 2):
                self._add(kind, row, self.label(row["option"]))

    def _question(self, row: Row) -> Row:
        return self.names.about(row["question_code"], row["item"])

    def _item(self, row: Row) -> dict[str, str]:
        return self.names.item(row["question_code"], row["item"])

    def _add(self, kind: str, row: Row, item: Mapping[str, str], pair: str = "") -> None:
        words, groups = templates()[kind], templates()["groups"]
        group = groups.get(pair, {"nl": pair, "en": pair})
        own = kind in ("agree", *_OPEN)  # a sentence by itself, or a name
        texts = {
            lang: words[lang].format(item=item[lang] if own else inside(item[lang]), group=group[lang]).strip()
            for lang in ("nl", "en")
        }
        name = "_".join(filter(None, (kind, row["question_code"], row["item"], row.get("option", ""))))
        name = re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_")
        if any(one.statement_id == name for one in self.found) or not all(texts.values()):
            return
        evidence = Evidence(
            question=row["question_code"],
            item=row["item"],
            measure=row["measure"],
            value=round(row["value"], 2),
            low=None if row["value_low"] is None else round(row["value_low"], 2),
            high=None if row["value_high"] is None else round(row["value_high"], 2),
            n=row["n"],
        )
        theme: Any = row.get("theme") or "other"
        self.found.append(
            Statement(statement_id=name, text_nl=texts["nl"], text_en=texts["en"], theme=theme, evidence=[evidence])
        )


def _most(rows: list[Row], many: int = _PER_KIND) -> list[Row]:
    return sorted(rows, key=lambda row: (-row["value"], row["item"]))[:many]


@lru_cache(maxsize=1)
def templates() -> dict[str, dict[str, Any]]:
    """The words of statements by kind, and the names of groups."""
    text = files("overstap.survey").joinpath("data/statements.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def labels_of(skills: pa.Table) -> Label:
    """Labels of `skill:…` from `core_skills`, and of `isco08:…` from the classification."""
    from overstap.ads.code_title import group_names

    known = {
        f"skill:{row['skill_id']}": {lang: row[f"label_{lang}"] for lang in ("nl", "en")} for row in skills.to_pylist()
    }

    def label(code: str) -> dict[str, str]:
        kind, _, name = code.partition(":")
        if kind == "isco08":
            return {lang: group_names(lang).get(name, name) for lang in ("nl", "en")}
        found = known.get(code, {})
        return {lang: found.get(lang) or found.get("en") or name for lang in ("nl", "en")}

    return label
