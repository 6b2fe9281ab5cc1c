"""What questions, items and options are called, by language, from `core_questions`."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

Texts = dict[str, str]
LANGUAGES = ("nl", "en")


class Names:
    """Texts of the questions of a survey; where a language lacks one, that of the other, or the code, stands for it."""

    def __init__(self, questions: pa.Table) -> None:
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._options: dict[tuple[str, str], Texts] = {}
        for row in questions.to_pylist():
            if row["part"] == "answer":
                for item in (row["item"], ""):
                    self._rows.setdefault((row["question_code"], item), row)
                for at, option in enumerate(row["options"] or []):
                    texts = {lang: (row[f"options_{lang}"] or [])[at] for lang in LANGUAGES}
                    self._options.setdefault((row["question_code"], option), _both(texts, option))

    def about(self, code: str, item: str = "") -> dict[str, Any]:
        """The row of `core_questions` of an item, or of the question where the item is an option."""
        return self._rows.get((code, item)) or self._rows[code, ""]

    def text(self, code: str) -> Texts:
        """The wording of a question."""
        row = self.about(code)
        return _both({lang: row[f"text_{lang}"] for lang in LANGUAGES}, code)

    def item(self, code: str, item: str) -> Texts:
        """The wording of an item, which is an option where a question is ranked or its options share a column."""
        row = self._rows.get((code, item))
        if row is None or not item:
            return self._options.get((code, item)) or _both({}, item)
        return _both({lang: row[f"item_{lang}"] for lang in LANGUAGES}, item)

    def option(self, code: str, option: str) -> Texts:
        """The wording of an option."""
        return self._options.get((code, option)) or _both({}, option)


def _both(texts: dict[str, str | None], code: str) -> Texts:
    known = {lang: text for lang, text in texts.items() if text}
    return {lang: known.get(lang) or next(iter(known.values()), code) for lang in LANGUAGES}


def inside(text: str) -> str:
    """A text as it stands within a sentence: its first letter small, unless a name or abbreviation follows."""
    words = text.partition("(")[0].split()
    others = any(word[:1].isupper() for word in words[1:])
    return text if others or len(text) < 2 or text[1].isupper() or not words else text[0].lower() + text[1:]
