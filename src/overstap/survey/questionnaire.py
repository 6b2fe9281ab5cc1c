"""The bundled questionnaire for managers and specialists: one data file, of which the codes tell the analysis all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from overstap.study_survey import QuestionMap
from overstap.survey.structure import Asked, Structure, Texts

LANGUAGES = ("nl", "en")
Choice = dict[str, str]  # value, nl, en


@dataclass(frozen=True)
class Question:
    """One question: its texts, and its items and options by code, each with what it means (`value`) and its texts."""

    code: str
    kind: str
    theme: str
    texts: Texts
    items: Mapping[str, Choice]
    options: Mapping[str, Choice]
    use: str = ""
    group: str = ""
    is_mandatory: bool = False
    has_other: bool = False
    most: int = 0


@dataclass(frozen=True)
class Group:
    """Questions under one title."""

    titles: Texts
    theme: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    """Title, words at the beginning and end, and groups of questions."""

    titles: Texts
    welcome: Texts
    end: Texts
    groups: tuple[Group, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for group in self.groups:
            yield from group.questions


@lru_cache(maxsize=1)
def bundled() -> Questionnaire:
    """The questionnaire of the package."""
    text = files("overstap.survey").joinpath("data/questionnaire.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    groups = tuple(
        Group(
            g["title"],
            g["theme"],
            tuple(_question(code, q, g["theme"], data["lists"]) for code, q in g["questions"].items()),
        )
        for g in data["groups"]
    )
    return Questionnaire(data["title"], data["welcome"], data["end"], groups)


def _question(code: str, given: dict[str, Any], theme: str, lists: dict[str, dict[str, Choice]]) -> Question:
    def choices(name: str) -> dict[str, Choice]:
        found = given.get(name, {})
        found = lists[found] if isinstance(found, str) else found
        return {key: {"value": key, **choice} for key, choice in found.items()}

    return Question(
        code,
        given["kind"],
        theme,
        {lang: given[lang] for lang in LANGUAGES},
        choices("items"),
        choices("options"),
        given.get("use", ""),
        given.get("group", ""),
        given.get("mandatory", False),
        given.get("other", False),
        given.get("most", 0),
    )


@lru_cache(maxsize=1)
def known_structure() -> Structure:
    """The questionnaire in the form of a structure file."""
    return Structure({q.code: _asked(q) for q in bundled().questions()})


def _asked(q: Question) -> Asked:
    def words(choices: Mapping[str, Choice]) -> dict[str, Texts]:
        return {code: {lang: choice[lang] for lang in LANGUAGES} for code, choice in choices.items()}

    asked = Asked(q.code, q.kind, dict(q.texts), words(q.items), words(q.options), "", q.theme, q.use, q.group)
    if q.has_other and q.kind == "single":
        asked.options["-oth-"] = {"nl": "Anders", "en": "Other"}
    return asked


@lru_cache(maxsize=1)
def known_map() -> dict[str, QuestionMap]:
    """The map of the questionnaire's codes to the study."""
    return {
        q.code: QuestionMap.model_validate(
            {
                "theme": q.theme,
                "use": q.use or None,
                "kind": q.kind,
                "group": q.group,
                "values": {code: choice["value"] for code, choice in q.options.items() if choice["value"] != code},
                "items": {code: choice["value"] for code, choice in q.items.items()},
            }
        )
        for q in bundled().questions()
    }
