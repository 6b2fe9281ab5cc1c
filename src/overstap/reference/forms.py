"""The small notation for surface forms in the core taxonomy: alternatives in braces, items split by a bar."""

from __future__ import annotations

import itertools


def expand(form: str) -> list[str]:
    """All forms that `form` stands for: `program{,me}` gives `program`, `programme`.

    Each `{a,b}` is a choice, which may hold an empty alternative; several choices multiply, in reading order; a choice
    may stand inside another (`organi{s,z}{e,ing}`, `{work,labo{u,}r}`). Spaces that an empty alternative leaves double
    are made single. Raises ValueError where a brace has no partner.
    """
    found = (" ".join(text.split()) for text in _alternatives(form, form))
    return list(dict.fromkeys(text for text in found if text))


def _alternatives(text: str, form: str) -> list[str]:
    """Every reading of `text`: the choices on its outer level multiply, each alternative is read the same way."""
    parts: list[list[str]] = [[""]]
    depth, start, options = 0, 0, list[str]()
    for at, char in enumerate(text):
        if char == "{":
            if depth == 0:
                parts.append([text[start:at]])
                start, options = at + 1, []
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                raise ValueError(f"unbalanced braces in the form '{form}'")
            if depth == 0:
                options.append(text[start:at])
                parts.append([reading for option in options for reading in _alternatives(option, form)])
                start = at + 1
        elif char == "," and depth == 1:
            options.append(text[start:at])
            start = at + 1
    if depth:
        raise ValueError(f"unbalanced braces in the form '{form}'")
    parts.append([text[start:]])
    return ["".join(choice) for choice in itertools.product(*parts)]


def split_forms(cell: str) -> list[str]:
    """The items of one cell, in order: `a | b` gives `a`, `b`; empty items are left out."""
    return [item for item in (part.strip() for part in cell.split("|")) if item]
