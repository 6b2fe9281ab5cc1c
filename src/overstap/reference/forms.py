"""The small notation for surface forms in the core taxonomy: alternatives in braces, items split by a bar."""

from __future__ import annotations

import itertools
import re

_BRACES = re.compile(r"\{([^{}]*)\}")


def expand(form: str) -> list[str]:
    """All forms that `form` stands for: `program{,me}` gives `program`, `programme`.

    Each `{a,b}` is a choice, which may hold an empty alternative; several choices multiply, in reading order.
    Braces do not nest. Spaces that an empty alternative leaves double are made single. Raises ValueError where a
    brace has no partner.
    """
    parts = _BRACES.split(form)
    if any("{" in part or "}" in part for part in parts):
        raise ValueError(f"unbalanced or nested braces in the form '{form}'")
    choices = [[part] if i % 2 == 0 else part.split(",") for i, part in enumerate(parts)]
    found = (" ".join("".join(choice).split()) for choice in itertools.product(*choices))
    return list(dict.fromkeys(text for text in found if text))


def split_forms(cell: str) -> list[str]:
    """The items of one cell, in order: `a | b` gives `a`, `b`; empty items are left out."""
    return [item for item in (part.strip() for part in cell.split("|")) if item]
