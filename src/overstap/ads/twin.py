"""The token pass in plain Python: the compiled kernel's twin, slow and short, to check it against.

Same mentions, token counts and votes as `overstap.ads.scan.scan` on every string; works on forms, not on an index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from overstap.ads.tokens import Token, fold_tokens, readings, tokenize


class Found(NamedTuple):
    """One mention: kind, row in its forms, span in characters, places of its first and last token."""

    kind: str
    form: int
    start: int
    end: int
    token: int
    last_token: int


@dataclass(frozen=True)
class TextScan:
    """All mentions in one text, sorted; its number of tokens; votes summed per name."""

    found: list[Found]
    n_tokens: int
    votes: dict[str, int]


def scan_text(
    text: str,
    kinds: Mapping[str, Sequence[tuple[str, bool]]],
    *,
    overlapping: Collection[str] = (),
    votes: Mapping[str, Mapping[str, int]] | None = None,
) -> TextScan:
    """Scan one text for `kinds`: name → forms, each with whether its case matters. See `FormIndex.build`."""
    weights = {name: {_one(word): weight for word, weight in words.items()} for name, words in (votes or {}).items()}
    known = {word for words in weights.values() for word in words}
    forms = {name: [fold_tokens(form) for form, _ in listed] for name, listed in kinds.items()}
    known.update(token for listed in forms.values() for form in listed for token in form or ())
    tokens = [next((read for read in readings(token) if read.text in known), token) for token in tokenize(text)]
    found: list[Found] = []
    for name, listed in kinds.items():
        free = 0
        for at in range(len(tokens)):
            matches = list(_matches(text, tokens, at, listed, forms[name]))
            if name not in overlapping:
                matches = sorted(matches, key=lambda m: (-m[1], not listed[m[0]][1], m[0]))[:1] if at >= free else []
                free = matches[0][1] + 1 if matches else free
            found += [Found(name, f, tokens[at].start, tokens[last].end, at, last) for f, last in matches]
    sums = {name: sum(words.get(token.text, 0) for token in tokens) for name, words in weights.items()}
    return TextScan(sorted(found), len(tokens), sums)


def _one(word: str) -> str:
    return (fold_tokens(word) or ("",))[0]


def _matches(
    text: str,
    tokens: list[Token],
    at: int,
    listed: Sequence[tuple[str, bool]],
    forms: Sequence[tuple[str, ...] | None],
) -> Iterator[tuple[int, int]]:
    """Rows of the forms that match from token `at`, each with the place of its last token."""
    for number, (form, folded) in enumerate(zip(listed, forms, strict=True)):
        span = tokens[at : at + len(folded or ())]
        if folded is None or tuple(token.text for token in span) != folded:
            continue
        if any(token.hard_before for token in span[1:]):
            continue
        written = "".join(text[token.start : token.end] for token in span)
        if form[1] and written != "".join(form[0][token.start : token.end] for token in tokenize(form[0])):
            continue
        yield number, at + len(span) - 1
