"""Inflected variants of the words of a form, by rule: Dutch plurals, adjectives and verbs, English plurals and verbs.

The index asks for them when it is built, so that matching costs nothing more. A wrong variant is no word at all, and so
stands in no ad.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

Words = tuple[str, ...]
_SHORTEST = 4
"""Letters below which a word is taken as written: short names, acronyms, words that rules make other words of."""
_PLAIN = re.compile(r"[a-z]+")
_VOWELS = "aeiou"
_LONG_VOWEL = re.compile(r"(.*[^aeiou])([aeou])\2([bcdfgklmnprst])")
_SHORT_VOWEL = re.compile(r".*[^aeiou][aeiou][bdfgklmnprst]")
_OPEN_SYLLABLE = re.compile(r"(.*[^aeiou])([aeou])([bcdgklmnprtvz])en")
_NO_PLURAL = ("s", "x", "z", "ing", "ed", "ly", "ness", "ware", "ity")
_NO_DUTCH_PLURAL = ("en", "s", "e", "ig", "lijk", "isch", "baar", "ief", "loos", "zaam")
_ADJECTIVES = ("ig", "isch", "lijk", "baar", "loos", "zaam", "eel", "aal", "ief", "air")
_PERSONS = re.compile(
    r".*(?:engineer|manager|specialist|developer|consultant|expert|analyst|analist|architect|leader|designer|scientist"
    r"|professional|ontwikkelaar|beheerder|adviseur|programmeur|modell?er|eigenaar|owner|master|recruiter)"
)
_DERIVED = re.compile(r".*(?:heid|iteit|ing|tie|sie|or|schap|ist|ent|ant|eel)")


@dataclass(frozen=True)
class Inflections:
    """`forms`: inflected forms of several words that must be looked for, with the row of the form they come from.
    `stand_ins`: inflected words that no form has, with the word that each stands for in forms of several words."""

    forms: dict[Words, int]
    stand_ins: dict[str, str]


def inflections(
    forms: Iterable[tuple[Words | None, str, bool, int]], vocabulary: Container[str], fixed: Container[str] = ()
) -> Inflections:
    """Inflections of `forms`: words, language (nl, en, any), whether case matters, and the skill, in the order of rows.

    A form of one word, and one whose case matters, is taken as written: "initiatives" shows no initiative, and
    "securities" are no security. In other forms the first or the last word may be inflected. An inflected form that
    comes from two skills, or is itself a form of another row, is left out; so is a stand-in for two words. Words in
    `fixed` have no stand-ins.
    """
    claims: dict[Words, tuple[int, int] | None] = {}
    origins: dict[str, set[str]] = {}
    own = set()
    for row, (words, language, exact, skill) in enumerate(forms):
        own.add(words)
        if exact or words is None or len(words) == 1:
            continue
        for place in (0, len(words) - 1):
            for variant in variants(words[place], language, place > 0):
                if variant in vocabulary:
                    key = (*words[:place], variant, *words[place + 1 :])
                    held = claims.setdefault(key, (skill, row))
                    if held is not None and held[0] != skill:
                        claims[key] = None
                elif words[place] not in fixed:
                    origins.setdefault(variant, set()).add(words[place])
    return Inflections(
        {words: claim[1] for words, claim in claims.items() if claim is not None and words not in own},
        {variant: words.pop() for variant, words in origins.items() if len(words) == 1},
    )


def variants(word: str, language: str, last: bool) -> list[str]:
    """Other inflections of a folded word that stands first or `last` in a form; `language` is nl, en, or any for both.

    A first word may be a verb or an adjective, a last one a noun. Empty for words of fewer than four letters, for
    what is not letters alone, and for those who do office work: an ad that asks for a data engineer says "you work
    with data engineers" of others.
    """
    if len(word) < _SHORTEST or not _PLAIN.fullmatch(word) or _PERSONS.fullmatch(word):
        return []
    found: list[str] = []
    if language != "nl":
        found += _english_noun(word) if last else _english_verb(word)
    if language != "en":
        found += _dutch_adjective(word)
        found += _dutch_noun(word) + _dutch_verb(word) if last else []
    return [form for form in dict.fromkeys(found) if form != word]


def _english_noun(word: str) -> list[str]:
    if word.endswith("ies") and len(word) > 5:
        return [word[:-3] + "y"]
    if word.endswith(("sses", "xes", "ches", "shes")):
        return [word[:-2]]
    if word.endswith("s"):
        return [] if word.endswith(("ss", "us", "is", "ics", "as", "os")) or len(word) < 6 else [word[:-1]]
    if word.endswith(("x", "ch", "sh")):
        return [word + "es"]
    if word.endswith(_NO_PLURAL):
        return []
    return [word[:-1] + "ies"] if word.endswith("y") and word[-2] not in _VOWELS else [word + "s"]


def _english_verb(word: str) -> list[str]:
    """From the base form, as ESCO's labels begin, to -ing and -s. Not to -ed: "motivated staff" asks nobody to
    motivate, and most of such matches in real ads were of that kind."""
    if word.endswith(("s", "ed", "ing", "ion", "er", "al", "ic", "ive", "ble", "ful", "ly", "ity", "ment", "ent")):
        return []
    if word.endswith("e"):
        return [word[:-1] + "ing", word + "s"]
    if word.endswith("y") and word[-2] not in _VOWELS:
        return [word + "ing", word[:-1] + "ies"]
    return [word + "ing", word + ("es" if word.endswith(("ch", "sh", "x", "ss")) else "s")]


def _dutch_noun(word: str) -> list[str]:
    """Plurals, and the singular of a long plural."""
    if word.endswith("heden"):
        return [word[:-5] + "heid"]
    if word.endswith("heid"):
        return [word[:-4] + "heden"]
    if word.endswith("en") and len(word) > 7:
        return _singular(word)
    if word.endswith("s") and len(word) > 7 and word[-2] in "rlnme" and not word.endswith(("aans", "eens")):
        return [word[:-1]]
    if word.endswith(("er", "el", "em", "eur", "tje", "ie")) and not word.endswith(("eer", "eel", "eem")):
        return [word + "s"] + ([word + "en"] if word.endswith("eur") else [])
    if word.endswith(_NO_DUTCH_PLURAL):
        return []
    return [_with_ending(word, "en")]


def _singular(word: str) -> list[str]:
    """Of -ingen, -ieten, -toren and the like, where the stem shows that a noun is meant."""
    stem = word[:-2]
    if stem.endswith(("ing", "ist", "ent", "ant", "schap")):
        return [stem]
    opened = _OPEN_SYLLABLE.fullmatch(word)
    if opened and stem.endswith(("tor", "ur", "aat", "eit", "at")):
        return [opened[1] + opened[2] * (1 if stem.endswith("tor") else 2) + opened[3]]
    return [stem] if stem.endswith("iteit") else []


def _dutch_adjective(word: str) -> list[str]:
    """With and without -e, for words whose ending shows an adjective."""
    if word.endswith(_ADJECTIVES):
        return [_with_ending(word, "e")]
    bare = word[:-1]
    if word.endswith("e") and bare.endswith(("ig", "isch", "lijk", "loos")):
        return [bare]
    return []


def _dutch_verb(word: str) -> list[str]:
    """Present tense and past participle of verbs on -eren ("programmeren": programmeer, programmeert)."""
    if not word.endswith("eren") or len(word) < 8:
        return []
    stem = word[:-4] + "eer"
    return [stem, stem + "t"]


def _with_ending(word: str, ending: str) -> str:
    """A Dutch word with -e or -en: "taal" gives "talen", "plan" "plannen", "bedrijf" "bedrijven", "huis" "huizen"."""
    long = _LONG_VOWEL.fullmatch(word)
    if long:
        last = {"f": "v", "s": "z"}.get(long[3], long[3])
        return long[1] + long[2] + last + ending
    if word.endswith(("ief", "ijf", "ijs", "uis")):
        return word[:-1] + {"f": "v", "s": "z"}[word[-1]] + ending
    if _SHORT_VOWEL.fullmatch(word) and not _DERIVED.fullmatch(word) and not word.endswith(("ig", "lijk")):
        return word + word[-1] + ending
    return word + ending
