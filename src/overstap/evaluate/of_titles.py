"""Job titles against their known ISCO-08 code or ESCO occupation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from overstap.ads.code_title import TitleCoder
from overstap.ads.occupation import MIN_SCORE, OccupationCoder, code_titles, default_coder
from overstap.errors import InputError
from overstap.evaluate.files import AnnotatedSet, text_of
from overstap.evaluate.measures import confusion, mean, proportion, reciprocal_rank, reliability
from overstap.evaluate.section import Heat, Part, Section, Table, figures_table, reliability_parts, worst_errors
from overstap.evaluate.skills import Estimate

_CODE = re.compile(r"\d{1,4}")
_DEPTH = 100
"""Concepts ranked for a title; a right one further down counts as not found."""


def titles_section(item: AnnotatedSet) -> Section:
    """A set of kind titles; one without a code is one that a reader could not code, and is counted apart.

    Raises InputError for a title that is missing, a code that is not of digits, or a file without any code."""
    titles, gold = text_of(item, "title"), [str(row["isco08"] or "").strip() for row in item.rows]
    for at, code in enumerate(gold, 1):
        if code and not _CODE.fullmatch(code):
            raise InputError(
                f"{item.path}: case {at} has '{code}' as isco08.",
                why="A code of ISCO-08 has 1–4 digits; spreadsheets drop the 0 in front.",
                fix="Write it as text, say 2511 or 0110.",
            )
    at_all = [i for i, code in enumerate(gold) if code]
    if not at_all:
        raise InputError(f"{item.path}: no title has a code.", fix="Fill the column isco08.")
    languages = _languages(item)
    section = code_section(
        item.name,
        f"{len(at_all):,} job titles with their ISCO-08 code",
        [titles[i] for i in at_all],
        [gold[i] for i in at_all],
        shown=item.shown,
        languages=languages and [languages[i] for i in at_all],
    )
    none = [title for title, code in zip(titles, gold, strict=True) if not code]
    return _with_uncodable(section, none) if none else section


def _with_uncodable(section: Section, titles: Sequence[str]) -> Section:
    """The section with the share of titles that no reader could code to which the coder, too, gives no code."""
    codes = code_titles(pa.array(titles, pa.string()), None, MIN_SCORE, coder=default_coder())["isco08"].to_pylist()
    figure = (f"given no code, of those without one in the file ({MIN_SCORE})", proportion(c is None for c in codes))
    about = f"{section.about}; {len(titles):,} more have none in the file and are read as not codable"
    parts = (figures_table([figure]), *section.parts)
    return replace(section, about=about, figures=(*section.figures, figure), parts=parts)


def code_section(
    title: str,
    about: str,
    titles: Sequence[str],
    gold: Sequence[str],
    *,
    shown: bool,
    coder: OccupationCoder | None = None,
    languages: Sequence[str] | None = None,
) -> Section:
    """Titles and their codes: share right at 4–1 digits, coverage, reliability, confusion, worst errors.

    The first candidate is compared, whatever its score; a title without one is wrong.
    """
    coded = code_titles(pa.array(titles, pa.string()), None, 0.0, coder=coder or default_coder())
    found, scores = coded["isco08"].to_pylist(), [s or 0.0 for s in coded["isco08_score"].to_pylist()]
    figures = list(accuracy_by_digits(gold, found).items())
    full = [i for i, code in enumerate(gold) if len(code) == 4]
    is_given = [f is not None and score >= MIN_SCORE for f, score in zip(found, scores, strict=True)]
    figures.append((f"given a code at the default threshold ({MIN_SCORE})", proportion(is_given)))
    right = [_same(g, f) for g, f, given in zip(gold, found, is_given, strict=True) if given]
    figures.append(("of those given, right at the digits known", proportion(right)))
    parts: list[Part] = [figures_table(figures)]
    if languages and len(set(languages)) > 1:
        parts.append(_by_language(gold, found, languages))
    scored = [i for i in full if found[i] is not None]
    if scored:
        bins = reliability([scores[i] for i in scored], [found[i] == gold[i] for i in scored])
        parts += reliability_parts(f"Score of the first code, 4 digits: {title}", bins)
    majors = confusion([g[0] for g in gold], [f and f[0] for f in found])
    parts += ["Major groups (first digit):", Heat(f"ISCO-08 major groups: {title}", majors)]
    same_depth = [f and f[: len(g)] for f, g in zip(found, gold, strict=True)]
    parts += worst_errors(titles, gold, same_depth, scores, shown)
    return Section(title, about, tuple(figures), tuple(parts))


def accuracy_by_digits(gold: Sequence[str], found: Sequence[str | None]) -> dict[str, Estimate]:
    """Share of codes right at 4, 3, 2 and 1 digits, each over the cases whose true code has as many."""
    result = {}
    for d in (4, 3, 2, 1):
        cases = [f is not None and f[:d] == g[:d] for f, g in zip(found, gold, strict=True) if len(g) >= d]
        if cases:
            result[f"right at {d} digit{'s' if d > 1 else ''}"] = proportion(cases)
    return result


def concepts_section(item: AnnotatedSet) -> Section:
    """A set of kind concepts: rank of the right ESCO occupation among all."""
    titles, gold = text_of(item, "title"), text_of(item, "uri")
    languages = _languages(item) or ["nl"] * len(titles)
    ranked: list[list[str]] = [[] for _ in titles]
    scores = [0.0] * len(titles)
    for language in sorted(set(languages)):
        at = [i for i, other in enumerate(languages) if other == language]
        for i, row in zip(at, TitleCoder.bundled(language, _DEPTH).code([titles[i] for i in at]), strict=True):
            ranked[i] = [concept["uri"] for concept in row["esco"]]
            scores[i] = row["esco"][0]["score"] if row["esco"] else 0.0
    first = [r[0] if r else None for r in ranked]
    figures = [
        (f"MRR (first {_DEPTH})", mean(reciprocal_rank(r, (g,)) for r, g in zip(ranked, gold, strict=True))),
        *((f"accuracy@{k}", mean(float(g in r[:k]) for r, g in zip(ranked, gold, strict=True))) for k in (1, 5, 10)),
    ]
    bins = reliability(scores, [f == g for f, g in zip(first, gold, strict=True)])
    parts = (
        figures_table(figures),
        *reliability_parts(f"Score of the first concept: {item.name}", bins),
        *worst_errors(titles, gold, first, scores, item.shown),
    )
    return Section(item.name, f"{len(titles):,} job titles with their ESCO occupation", tuple(figures), parts)


def _same(gold: str, found: str | None) -> bool:
    return found is not None and found[: len(gold)] == gold


def _languages(item: AnnotatedSet) -> list[str] | None:
    """The column `lang`, Dutch where it is empty; None where there is none."""
    if not any("lang" in row for row in item.rows):
        return None
    return [str(row.get("lang") or "nl").strip().lower() for row in item.rows]


def _by_language(gold: Sequence[str], found: Sequence[str | None], languages: Sequence[str]) -> Table:
    rows = []
    for language in sorted(set(languages)):
        at = [i for i, other in enumerate(languages) if other == language]
        shares = accuracy_by_digits([gold[i] for i in at], [found[i] for i in at])
        rows += [(language, *row) for row in figures_table(shares.items()).rows]
    return Table(("language", "measure", "n", "value (95 % interval)"), tuple(rows))
