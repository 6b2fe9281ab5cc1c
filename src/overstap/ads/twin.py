"""The token pass in plain Python: the compiled kernel's twin, slow and short, to check it against.

Same mentions, token counts and votes as `overstap.ads.scan.scan` on every string; works on forms, not on an index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from overstap.ads.compounds import first_part
from overstap.ads.inflect import Words, inflections
from overstap.ads.tokens import MAX_TOKEN_BYTES, Token, fold_tokens, readings, tokenize


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
    inflected: Collection[str] = (),
) -> TextScan:
    """Scan one text for `kinds`: name → forms, each with whether its case matters. See `FormIndex.build`; forms of
    kinds in `inflected` are of any language, and each is a skill of its own."""
    weights = {name: {_one(word): weight for word, weight in words.items()} for name, words in (votes or {}).items()}
    known = {word for words in weights.values() for word in words}
    forms = {name: [fold_tokens(form) for form, _ in listed] for name, listed in kinds.items()}
    known.update(token for listed in forms.values() for form in listed for token in form or ())
    stand_ins: dict[str, str] = {}
    more: dict[str, dict[Words, int]] = {}
    parts: set[str] = set()
    fixed = {word for words in (votes or {}).values() for word in words}
    for name in (name for name in kinds if name in inflected):
        rows = [
            (form, "any", exact, row)
            for row, (form, (_, exact)) in enumerate(zip(forms[name], kinds[name], strict=True))
        ]
        inflection = inflections(rows, known, fixed)
        more[name] = inflection.forms
        stand_ins |= inflection.stand_ins
        parts |= {form[0] for form in forms[name] if form and len(form) == 1}
    tokens = [_read(text, token, known, stand_ins, parts) for token in tokenize(text)]
    found: list[Found] = []
    for name, listed in kinds.items():
        free = 0
        for at in range(len(tokens)):
            matches = list(_matches(text, tokens, at, listed, forms[name], more.get(name, {})))
            if name not in overlapping:
                matches = sorted(matches, key=lambda m: (-m[1], not listed[m[0]][1], m[0]))[:1] if at >= free else []
                free = matches[0][1] + 1 if matches else free
            found += [Found(name, f, tokens[at].token.start, tokens[last].token.end, at, last) for f, last in matches]
    sums = {name: sum(words.get(token.text, 0) for token in tokens) for name, words in weights.items()}
    return TextScan(sorted(found), len(tokens), sums)


class _Reading(NamedTuple):
    """A token as it is matched: its text, whether it stands for that in forms of several words only (`inside`), or only
    by itself (`part`)."""

    text: str
    token: Token
    inside: bool = False
    part: bool = False


def _read(
    text: str, token: Token, known: Collection[str], stand_ins: Mapping[str, str], parts: Collection[str]
) -> _Reading:
    for read in readings(token):
        if read.text in known:
            return _Reading(read.text, read)
        if read.text in stand_ins:
            return _Reading(stand_ins[read.text], read, inside=True)
    part = first_part(token.text, parts)
    if part is None or len(token.text) > MAX_TOKEN_BYTES:
        return _Reading(token.text, token)
    plain = text[token.start : token.end].isascii()  # else the span is the whole word
    return _Reading(part, replace(token, end=token.start + len(part)) if plain else token, part=True)


def _one(word: str) -> str:
    return (fold_tokens(word) or ("",))[0]


def _matches(
    text: str,
    tokens: list[_Reading],
    at: int,
    listed: Sequence[tuple[str, bool]],
    forms: Sequence[Words | None],
    more: Mapping[Words, int],
) -> Iterator[tuple[int, int]]:
    """Rows of the forms that match from token `at`, each with the place of its last token. `more`: inflected forms,
    with the row they come from."""
    rows = [(row, form, exact) for row, ((_, exact), form) in enumerate(zip(listed, forms, strict=True))]
    for row, form, exact in [*rows, *((row, form, False) for form, row in more.items())]:
        span = tokens[at : at + len(form or ())]
        if form is None or tuple(read.text for read in span) != form:
            continue
        if any(read.token.hard_before for read in span[1:]):
            continue
        if (len(span) == 1 and span[0].inside) or (len(span) > 1 and any(read.part for read in span)):
            continue
        written = "".join(text[read.token.start : read.token.end] for read in span)
        original = listed[row][0]
        if exact and written != "".join(original[token.start : token.end] for token in tokenize(original)):
            continue
        yield row, at + len(span) - 1
