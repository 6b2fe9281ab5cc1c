"""Answers on a scale: known wordings in order, and numbers with words at their ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

_NUMBER = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:\+|[-–—=:.)(%/]\s*\D.*|[%/:.)=]|\(.*\))?\s*", re.DOTALL)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_OPTIONAL = "optional"
YES = frozenset({"yes", "y", "ja", "checked", "selected", "aangevinkt", "geselecteerd", "true", "1", "1.0", "x"})
NO = frozenset(
    {"no", "n", "nee", "not selected", "not checked", "unchecked", "niet geselecteerd", "niet aangevinkt", "false"}
    | {"0", "0.0"}
)
NONE = frozenset({"n/a", "na", "not applicable", "n.v.t.", "nvt", "niet van toepassing", "dont know", "don't know"})
NONE |= {"no answer", "geen antwoord", "weet niet", "weet ik niet", "geen mening", "no opinion", "prefer not to say"}
NONE |= {"zeg ik liever niet", "-oth-", "i don't know", "i dont know", "do not know", "-"}


def plain(text: str) -> str:
    """Without case, accents, punctuation at the ends, or more than single spaces."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[\s_,]+", " ", folded).lower().strip(" .:;*!\"'").split())


def number_of(text: str) -> float | None:
    """The number that a cell is, with a point or comma; None where it is none."""
    text = text.strip().replace("\u2212", "-")
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


def leading_number(text: str) -> float | None:
    """The number that an answer begins with: 5 in `5 - Mostly other people`, 10 in `10 (All my time)`."""
    found = _NUMBER.fullmatch(text.replace("\u2212", "-"))
    return float(found[1].replace(",", ".")) if found else None


def order(answers: Iterable[str]) -> list[str] | None:
    """The answers from low to high where their wordings, or the numbers that they begin with, are those of a scale;
    None where they are not. What says that there is no answer is left out."""
    kept = [text for text in dict.fromkeys(answers) if plain(text) and plain(text) not in NONE]
    if not 2 <= len({plain(text) for text in kept}) <= 12:
        return None
    for steps in _scales().values():
        known = {text: steps[plain(text)] for text in kept if plain(text) in steps}
        if len(known) == len(kept) and len(set(known.values())) >= 2:
            return sorted(kept, key=lambda text: known[text])
    numbers = [leading_number(text) for text in kept]
    if all(number is not None for number in numbers) and len({plain(text) for text in kept}) == len(set(numbers)):
        return [text for _, text in sorted(zip([n or 0.0 for n in numbers], kept, strict=True))]
    return None


def places(ordered: Sequence[str]) -> dict[str, float]:
    """Place on the scale of every answer: the number that it begins with, else its step, from 1. Steps that not every
    questionnaire has count only where they occur, so that a 5-point scale runs to 5."""
    numbers = [leading_number(text) for text in ordered]
    if all(number is not None for number in numbers):
        return {text: number or 0.0 for text, number in zip(ordered, numbers, strict=True)}
    for name, steps in _scales().items():
        seen = {steps.get(plain(text), 0) for text in ordered}
        if 0 not in seen:
            counted = sorted(seen | set(steps.values()) - _optional()[name])
            return {text: counted.index(steps[plain(text)]) + 1.0 for text in ordered}
    return {text: float(at) for at, text in enumerate(ordered, 1)}


def is_tick(answers: Iterable[str]) -> bool:
    """Whether every answer says chosen or not chosen."""
    return all(plain(text) in YES | NO for text in answers)


@lru_cache(maxsize=1)
def _read() -> dict[str, list[list[str]]]:
    text = files("overstap.survey").joinpath("data/scales.yaml").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = yaml.safe_load(text)
    return found


@lru_cache(maxsize=1)
def _scales() -> dict[str, dict[str, int]]:
    """Per scale the step, from 1, of each wording."""
    return {
        name: {plain(w): step for step, words in enumerate(scale, 1) for w in words if w != _OPTIONAL}
        for name, scale in _read().items()
    }


@lru_cache(maxsize=1)
def _optional() -> dict[str, set[int]]:
    """Per scale the steps that not every questionnaire has."""
    return {name: {at for at, words in enumerate(scale, 1) if _OPTIONAL in words} for name, scale in _read().items()}
