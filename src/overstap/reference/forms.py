"""The small notation for surface forms in the core taxonomy: alternatives in braces, items split by a bar."""

from __future__ import annotations


def expand(form: str) -> list[str]:
    """All forms that `form` stands for: `program{,me}` gives `program`, `programme`.

    Each `{a,b}` is a choice, which may hold an empty alternative or braces of its own; several choices multiply, in
    reading order. Spaces that an empty alternative leaves double are made single. Raises ValueError where a brace has
    no partner.
    """
    found, end = _sequence(form, 0, nested=False)
    if end < len(form):
        raise ValueError(f"unbalanced braces in the form '{form}'")
    return list(dict.fromkeys(text for text in (" ".join(one.split()) for one in found) if text))


def _sequence(form: str, at: int, *, nested: bool) -> tuple[list[str], int]:
    """The texts from `at` on, up to what ends them: the end of the form or, within braces, `,` or `}`."""
    texts = [""]
    while at < len(form) and form[at] != "}" and not (nested and form[at] == ","):
        if form[at] == "{":
            choices, at = _choice(form, at + 1)
            texts = [text + choice for text in texts for choice in choices]
        else:
            texts = [text + form[at] for text in texts]
            at += 1
    return texts, at


def _choice(form: str, at: int) -> tuple[list[str], int]:
    """The alternatives of the brace that opened just before `at`, and the place after its partner."""
    choices: list[str] = []
    while True:
        texts, at = _sequence(form, at, nested=True)
        choices += texts
        if at >= len(form):
            raise ValueError(f"unbalanced braces in the form '{form}'")
        at += 1
        if form[at - 1] == "}":
            return choices, at


def split_forms(cell: str) -> list[str]:
    """The items of one cell, in order: `a | b` gives `a`, `b`; empty items are left out."""
    return [item for item in (part.strip() for part in cell.split("|")) if item]
