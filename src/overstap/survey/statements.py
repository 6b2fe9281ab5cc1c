"""Statements for a panel, drafted from what respondents answered; the researcher edits them in a YAML file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from overstap.schema.out import ALL
from overstap.survey.words import LANGUAGES, Names, inside

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


@dataclass(frozen=True)
class Statement:
    """One statement in two languages, with its theme and what it rests on: value with interval, n, and question."""

    statement_id: str
    text_nl: str
    text_en: str
    theme: str
    evidence_nl: str
    evidence_en: str


def write_statements(statements: Iterable[Statement], path: Path) -> None:
    """Write statements as YAML that a person edits."""
    rows = [asdict(one) for one in statements]
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
        theme = row.get("theme") or "other"
        self.found.append(Statement(name, texts["nl"], texts["en"], theme, *(_rests(row, lang) for lang in LANGUAGES)))


def _rests(row: Row, lang: str) -> str:
    """`survey: 59 % chose one of the two highest answers (55–63 %; n = 580; ovShort/hbo)`, in a language."""
    number = "{:.1f}" if row["measure"] in ("gap", "sme_lag") else "{:.0f} %"

    def told(value: float) -> str:
        text = number.format(value)
        return text.replace(".", ",") if lang == "nl" else text

    low, high = row["value_low"], row["value_high"]
    ends = "" if low is None else f"{told(low).removesuffix(' %')}–{told(high)}; "
    where = "/".join(filter(None, (row["question_code"], row["item"])))
    said = templates()["rests"][row["measure"]][lang].format(value=told(row["value"]))
    return f"{said} ({ends}n = {row['n']}; {where})"


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
