"""Roles of two domains (data steward, I-nurse, CMIO): which domains a title names, and whether it is such a role.

Rules of `title_domains.csv`: titles that are known to join two domains, wherever they stand as whole words; and an ICT
word beside a word of another profession. One domain alone is no hybrid role.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.titles import distinct, normalise_title, strip_accents

DOMAINS = ("ict", "health", "business", "law", "education", "science", "engineering")
_PIVOT = "ict"
_SOFT = re.compile(r"[\s\-_/&+.]+")


class Rule(NamedTuple):
    """Domains of some words, and whether these name a role that joins the domains."""

    domains: tuple[str, ...]
    joined: bool


@lru_cache(maxsize=1)
def phrases() -> tuple[list[Rule], dict[str, list[int]]]:
    """The rules in order, and the numbers of the rules that each phrase is in."""
    from overstap.reference import tables

    rules, found = [], defaultdict[str, list[int]](list)
    for number, row in enumerate(tables.load("title_domains").to_pylist()):
        rules.append(Rule(tuple(row["domain"].split()), row["kind"] == "title"))
        for phrase in map(_plain, row["words"].split("|")):
            found[phrase].append(number)
    return rules, dict(found)


@lru_cache(maxsize=1)
def _by_word() -> dict[str, list[tuple[str, int]]]:
    """By its first word each phrase (between spaces) with the number of its rule."""
    by_word = defaultdict[str, list[tuple[str, int]]](list)
    for phrase, numbers in phrases()[1].items():
        by_word[phrase.split(" ")[0]] += [(f" {phrase} ", number) for number in numbers]
    return dict(by_word)


def _plain(text: str) -> str:
    return _SOFT.sub(" ", strip_accents(text)).strip()


@lru_cache(maxsize=1 << 17)
def domains_of(title: str) -> tuple[str, ...]:
    """The domains of a role of two (in the order of DOMAINS), or nothing: most titles are of one."""
    rules, by_word = phrases()[0], _by_word()
    text = _plain(normalise_title(title, employer=True))
    spaced = f" {text} "
    found: set[str] = set()
    for number in sorted({n for word in text.split(" ") for words, n in by_word.get(word, ()) if words in spaced}):
        if rules[number].joined:
            return _ordered(set(rules[number].domains))
        found.update(rules[number].domains)
    return _ordered(found) if _PIVOT in found and len(found) > 1 else ()


def _ordered(found: set[str]) -> tuple[str, ...]:
    return tuple(domain for domain in DOMAINS if domain in found)


def hybrid_roles(titles: pa.Array | pa.ChunkedArray, codable: pa.Array) -> dict[str, pa.Array]:
    """The columns `is_hybrid` and `domains` of ads: null where the title cannot be coded, no domains where it is no."""
    from overstap.ads.title_reader import reader  # which is built on this module

    values, index = distinct(titles)
    found = [one.domains for one in reader()(value or "" for value in values)]
    rows = pc.fill_null(index.cast(pa.int64()), 0)
    columns = {
        "is_hybrid": pa.array([*map(bool, found), None], pa.bool_()),
        "domains": pa.array([*found, None], pa.list_(pa.string())),
    }
    kept = pc.if_else(codable, rows, None)
    return {name: column.take(kept) for name, column in columns.items()}
