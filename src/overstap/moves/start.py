"""Where someone starts: an occupation, skills they name, or a CV. Of a CV nothing is kept but the skills it names."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from overstap.errors import InputError
from overstap.moves.crosswalk import Level, crosswalk, has_esco
from overstap.moves.find import KNOWN, NEAREST, Found, find
from overstap.moves.own_words import not_held
from overstap.moves.profiles import Profiles
from overstap.reference.tables import load
from overstap.sources.documents import document_text

_Named = list[tuple[str, str]]
OWN = "own"
"""The code of the row of someone's own skills among occupations."""
LEAST_SKILL = 0.15
"""Probability from which a phrase that no form matches is linked to a skill by meaning."""
LEAST_CLAUSE = 0.4
"""The same for a clause of a CV, which need not be about a skill at all."""
_CLAUSE = re.compile(r"(?:(?!\ben\b|\band\b)[^.,;:\n•·])+", re.IGNORECASE)
_NO_SKILL = re.compile(
    r"curriculum|\bschool|school\b|\bopleiding|\beducation|\bdiploma|\b(?:v?mbo|hbo|havo|mavo|vwo|[lmh]ts|roc)\b|geboren|\bborn\b|hobby|interesse"
    r"|interests|universit|straat|\bstreet|werkervaring|experience:?$|profiel$|profile$",
    re.IGNORECASE,
)
"""Clauses of a CV that are headings, schooling, addresses or pastimes."""
_SLIP = 0.8
"""Likeness of two spellings from which one may be a slip of the other."""


@dataclass(frozen=True, slots=True)
class Start:
    """`code` of the level asked (`OWN` for skills); what was `asked` in the person's words, empty for a CV; `skills`:
    ESCO URIs that were recognised, and `unread`: phrases that were not, with `meant`: names of skills that they may be
    slips of. `denied`: ESCO URIs of skills that the person says not to have, or still wants to learn. `esco`: the ESCO
    occupation of the class that the words name; `exact`: whether they name it in full, or were read as it. `wage` (euro
    an hour) and `skill_level`
    (1–4) are the person's own, where given."""

    kind: Literal["occupation", "skills", "cv"]
    code: str
    asked: str = ""
    skills: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    esco: str = ""
    exact: bool = True
    wage: float | None = None
    skill_level: int | None = None


def occupation(text: str, level: Level, lang: str = "nl", home: Path | None = None) -> Start:
    """The occupation of `level` that a title, code or URI means; typing errors are forgiven.

    Raises `InputError`, naming the three nearest, where none is meant.
    """
    best = _best(text, level, lang, home)
    exact = best.score >= 1.0
    if level == "esco":
        return Start("occupation", best.code, text.strip(), esco=best.code, exact=exact)
    inside = {row["to"] for row in crosswalk(level, "esco", home).to_pylist() if row["from"] == best.code}
    named = [one.code for one in find(text, "esco", lang, home) if one.score >= 1.0 and one.code in inside]
    return Start("occupation", best.code, text.strip(), esco=named[0] if len(named) == 1 else "", exact=exact)


def code_of(text: str, level: Level, lang: str = "nl", home: Path | None = None) -> str:
    """The code or URI of `level` that `text` means. Raises `InputError` as `occupation` does."""
    return _best(text, level, lang, home).code


def _best(text: str, level: Level, lang: str, home: Path | None) -> Found:
    found = find(text, level, lang, home)
    if found and found[0].score >= KNOWN:
        return found[0]
    names = ", ".join(f"'{one.name}'" for one in found)
    raise InputError(
        f"There is no occupation '{text.strip()}' that we know.",
        why=f"The nearest are: {names}." if found else "Nothing in it is like the name of an occupation.",
        fix=f'overstap advise "{found[0].name}"' if found else 'Give the name of an occupation, say "secretaresse".',
    )


def of_skills(text: str, home: Path | None = None) -> Start:
    """Skills that someone names, with commas, semicolons or lines between them.

    Raises `InputError` where none of them is a skill that we know.
    """
    phrases = [phrase.strip() for phrase in re.split(r"[,;\n]", text) if phrase.strip()]
    found, denied = _linked(phrases, ", ".join(phrases), home)
    known = tuple(dict.fromkeys(uri for uris in found if uris for uri in uris))
    unread = tuple(phrase for phrase, uris in zip(phrases, found, strict=True) if uris == [])
    meant = tuple(dict.fromkeys(name for phrase in unread for name in _alike(phrase, home)))
    denied = tuple(uri for uri in denied if uri not in known)
    if not known:
        raise InputError(
            "None of the skills that you name is known as one that you have.",
            why=f"Read were: {', '.join(phrases) or 'no words'}."
            + (f" Did you mean {', '.join(meant)}?" if meant else ""),
            fix='Name skills with commas, say --skills "Excel, plannen, klantcontact".',
        )
    return Start("skills", OWN, ", ".join(phrases), known, unread, meant, denied)


def of_cv(path: Path, home: Path | None = None) -> Start:
    """The skills that the text of a CV names, read with the extractor of job ads, and by the meaning of its clauses
    where no form names one. The text is neither kept nor shown.

    Raises `InputError` where the file cannot be read (`document_text`) or names no skill; the message holds nothing
    of the text.
    """
    text = document_text(path)
    ((named, denied),) = own_mentions([text], home)
    gone = {uri for uri, _ in denied}
    meant = [uri for uri in _by_clause(text, [words for _, words in (*named, *denied)]) if uri not in gone]
    held = tuple(dict.fromkeys([uri for uri, _ in named] + meant))
    if not held:
        raise InputError(
            "No skill is recognised in the CV.", fix='Name skills yourself: --skills "Excel, plannen, klantcontact".'
        )
    return Start("cv", OWN, "", held, denied=tuple(uri for uri, _ in denied))


def _by_clause(text: str, named: Sequence[str]) -> list[str]:
    """Skills (URIs) that clauses of a text mean; not of clauses that hold words of `named`, or that deny or wish."""
    spans = not_held([text])
    away = list(zip(spans.start, spans.end, strict=True))
    clauses = [
        clause
        for found in _CLAUSE.finditer(text)
        if 2 <= len((clause := found[0].strip(" -*–")).split()) <= 14
        and not _NO_SKILL.search(clause)
        and not any(start < found.end() and found.start() < end for start, end in away)
        and not any(words.casefold() in clause.casefold() for words in named)
    ]
    if not clauses:
        return []
    linker = _linker()
    links, uris = linker.link(clauses, 1), linker.skills["uri"].to_pylist()
    return [uris[at] for at, score in zip(links.skill, links.score, strict=True) if score >= LEAST_CLAUSE]


def _linked(phrases: Sequence[str], whole: str, home: Path | None) -> tuple[list[list[str] | None], tuple[str, ...]]:
    """Skills (URIs) of short phrases: those that a form of the extractor names, or else the nearest by meaning; None
    for a phrase that denies or wishes. Beside them what is denied, as `whole`, all phrases in one list, tells."""
    *each, (_, denied) = own_mentions([*phrases, whole], home)
    gone = {uri for uri, _ in denied}.union(uri for _, away in each for uri, _ in away)
    silent = _in_spans(phrases, whole)
    by_form: list[list[str] | None] = [
        None if silent[at] or (away and not held) else [uri for uri, _ in held if uri not in gone]
        for at, (held, away) in enumerate(each)
    ]
    named = {at for at, (held, _) in enumerate(each) if held}
    left = [at for at, uris in enumerate(by_form) if uris == [] and at not in named]
    if left:
        linker = _linker()
        uris = linker.skills["uri"].to_pylist()
        links = linker.link([phrases[at] for at in left], 1)
        for query, skill, score in zip(links.query, links.skill, links.score, strict=True):
            if score >= LEAST_SKILL:
                by_form[left[query]] = [uris[skill]]
    by_form = [None if uris == [] and at in named else uris for at, uris in enumerate(by_form)]
    return by_form, tuple(dict.fromkeys(sorted(gone)))


def _in_spans(phrases: Sequence[str], whole: str) -> list[bool]:
    """Whether each phrase lies where the whole list denies or wishes."""
    spans, at, found = not_held([whole]), 0, []
    for phrase in phrases:
        found.append(
            any(start <= at < end or start == at + 1 for start, end in zip(spans.start, spans.end, strict=True))
        )
        at += len(phrase) + 2
    return found


def _alike(phrase: str, home: Path | None) -> list[str]:
    """Forms of skills that are spelt most like a phrase, three at most."""
    forms = _lexicon("esco" if has_esco(home) else "core").taxonomy.forms["form"].to_pylist()
    written = {form.casefold(): form for form in forms}
    return [written[form] for form in difflib.get_close_matches(phrase.casefold(), written, NEAREST, _SLIP)]


@lru_cache(maxsize=1)
def _linker():  # type: ignore[no-untyped-def]
    from overstap.semantic.linker import Linker

    return Linker.load()


def skill_names(uris: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """The Dutch and the English label of ESCO skills; (None, None) for one that the bundled model does not know."""
    known = _labels()
    return [known.get(uri, (None, None)) for uri in uris]


@lru_cache(maxsize=1)
def _labels() -> dict[str, tuple[str | None, str | None]]:
    columns = (_linker().skills[name].to_pylist() for name in ("uri", "label_nl", "label_en"))
    return {uri: (nl, en) for uri, nl, en in zip(*columns, strict=True)}


@lru_cache(maxsize=2)
def _lexicon(taxonomy: Literal["core", "esco"]):  # type: ignore[no-untyped-def]
    from overstap.ads.annotate import Lexicon
    from overstap.study import Annotation

    return Lexicon(Annotation(taxonomy=taxonomy, semantic=True))


def mentions(texts: Sequence[str], home: Path | None = None) -> list[list[tuple[str, str]]]:
    """ESCO skills (URIs) that the extractor of ads finds in each text, in any part of it, each with the words that name
    it first; those that the text says not to be needed are left out."""
    return [held for held, _ in _mentions(texts, home, own=False)]


def own_mentions(texts: Sequence[str], home: Path | None = None) -> list[tuple[_Named, _Named]]:
    """As `mentions`, of what people write of themselves: the skills they have, and those that they only deny to have or
    wish for (`own_words.not_held`)."""
    return _mentions(texts, home, own=True)


def _mentions(texts: Sequence[str], home: Path | None, own: bool) -> list[tuple[_Named, _Named]]:
    from overstap.ads.coordination import denied
    from overstap.ads.education import KIND
    from overstap.ads.scan import scan
    from overstap.ads.sections import read_zones, walk
    from overstap.ads.skills import skill_mentions
    from overstap.ads.spans import ordered

    lexicon = _lexicon("esco" if has_esco(home) else "core")
    column = pa.array(list(texts), pa.string())
    found = scan(column, lexicon.index)
    zones = read_zones(column, found, lexicon.index, walk(column, found, lexicon.index, KIND))
    rows = lexicon.semantic.add(skill_mentions(found, lexicon.index, lexicon.rules), column, zones)
    negated = ordered(zones.negated, not_held(texts)) if own else zones.negated
    row, start, end = (np.asarray(rows[name]) for name in ("row", "start", "end"))
    away = denied(column, row, start, end, negated)
    uris = lexicon.taxonomy.skills["esco_uri"].to_pylist()
    by_text: list[tuple[dict[str, str], dict[str, str]]] = [({}, {}) for _ in texts]
    for one, gone in zip(rows.select(["row", "skill_index", "start", "end"]).to_pylist(), away.tolist(), strict=True):
        if uri := uris[one["skill_index"]]:
            by_text[one["row"]][gone].setdefault(uri, texts[one["row"]][one["start"] : one["end"]])
    return [
        (list(held.items()), [(uri, words) for uri, words in gone.items() if uri not in held]) for held, gone in by_text
    ]


def with_own(profiles: Profiles, skills: Sequence[str]) -> Profiles:
    """`profiles` with a last row `OWN` of someone's skills (ESCO URIs): 1 for each, or shares of groups."""
    row = sp.csr_matrix(own_row(profiles, skills))
    return replace(
        profiles,
        codes=(*profiles.codes, OWN),
        basis=(*profiles.basis, "observed"),
        essential=sp.csr_matrix(sp.vstack([profiles.essential, row])),
        optional=sp.csr_matrix(sp.vstack([profiles.optional, sp.csr_matrix(row.shape)])),
    )


def own_row(profiles: Profiles, skills: Sequence[str]) -> np.ndarray:
    """Someone's skills as a profile, (1, features)."""
    place = {name: at for at, name in enumerate(profiles.features)}
    row = np.zeros((1, len(place)))
    if profiles.unit == "groups":
        group_of = skill_groups()
        counted = Counter(group_of[uri] for uri in skills if group_of.get(uri) in place)
        for group, n in counted.items():
            row[0, place[group]] = n / counted.total()
        return row
    row[0, [place[uri] for uri in skills if uri in place]] = 1.0
    return row


@lru_cache(maxsize=1)
def skill_groups() -> dict[str, str]:
    """ESCO's group of every skill, by URI."""
    table = load("esco_skill_in_group")
    return dict(zip(table["esco_uri"].to_pylist(), table["group_code"].to_pylist(), strict=True))
