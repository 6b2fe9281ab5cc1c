"""Skills that texts of programmes teach, each with its sentence.

The extractor of job ads reads the whole text. Everything stated counts, but for what is asked at admission, what comes
after the programme, what is said not to be needed, and the roles of colleagues. Names of subjects that in an ad need a
word beside them, as they may tell of the employer ("chemistry"), need none in a programme; names that ads hardly use
("anatomy") are a table of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from overstap.reference.core_files import GROUPS
from overstap.reference.forms import expand
from overstap.reference.tables import load

if TYPE_CHECKING:
    from overstap.ads.annotate import Lexicon
    from overstap.ads.skills import SkillRules

Taxonomy = Literal["core", "esco"]
_HEADING_LONGEST = 60
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s|$)|(?=\n)|$)")


@dataclass(frozen=True, slots=True)
class Taught:
    """A skill that a text teaches: its id, and the sentence that says so with its place (characters of the text)."""

    skill_id: str
    sentence: str
    start: int
    end: int
    words: str


@lru_cache(maxsize=2)
def lexicon_of(taxonomy: Taxonomy) -> Lexicon:
    """The extractor, loaded once."""
    from overstap.ads.annotate import Lexicon
    from overstap.study import Annotation

    return Lexicon(Annotation(taxonomy=taxonomy, semantic=False))


def taught_skills(texts: Sequence[str], taxonomy: Taxonomy = "core") -> list[list[Taught]]:
    """The skills that each text teaches, in order of their first mention; each once."""
    from overstap.ads.coordination import taken_back
    from overstap.ads.education import KIND
    from overstap.ads.scan import scan
    from overstap.ads.sections import read_zones, walk
    from overstap.ads.skills import skill_mentions

    lexicon = lexicon_of(taxonomy)
    column = pa.array(list(texts), pa.large_string())
    found = scan(column, lexicon.index)
    zones = read_zones(column, found, lexicon.index, walk(column, found, lexicon.index, KIND))
    mentions = skill_mentions(found, lexicon.index, _rules(lexicon))
    row, start, end = (np.asarray(mentions[name]) for name in ("row", "start", "end"))
    back = taken_back(column, row, start, end, zones, (found, lexicon.index))
    ids = lexicon.taxonomy.skills["skill_id"].to_pylist()
    sentences = [sentences_of(text) for text in texts]
    made: list[dict[str, Taught]] = [{} for _ in texts]
    for mention, is_taken_back in zip(
        mentions.select(["row", "skill_index", "start", "end"]).to_pylist(), back, strict=True
    ):
        row, start, end = mention["row"], mention["start"], mention["end"]
        inside = next((s for s in sentences[row] if s.start <= start < s.end), None)
        if is_taken_back or inside is None or not inside.teaches:
            continue
        skill = ids[mention["skill_index"]]
        words = texts[row][start:end]
        made[row].setdefault(
            skill, Taught(skill, texts[row][inside.start : inside.end], inside.start, inside.end, words)
        )
    if taxonomy == "core":
        for at, text in enumerate(texts):
            for one in _subjects_in(text, sentences[at]):
                made[at].setdefault(one.skill_id, one)
    return [list(one.values()) for one in made]


def _subjects_in(text: str, sentences: Sequence[Sentence]) -> Iterator[Taught]:
    """What subjects, named in words that ads hardly use, teach."""
    pattern, skill_of = _subjects()
    for sentence in sentences:
        if sentence.teaches:
            for match in pattern.finditer(text, sentence.start, sentence.end):
                skill = skill_of[match[0].casefold()]
                yield Taught(skill, text[sentence.start : sentence.end], sentence.start, sentence.end, match[0])


@lru_cache(maxsize=1)
def _subjects() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all names of subjects, the longest first, and the skill of each."""
    skill_of: dict[str, str] = {}
    for row in load("programme_subjects").to_pylist():
        for form in row["forms"].split(" | "):
            for words in expand(form):
                skill_of.setdefault(words.casefold(), row["skill_id"])
    longest = sorted(skill_of, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE), skill_of


def _rules(lexicon: Lexicon) -> SkillRules:
    """The rules of the extractor, with forms of professional skills that count wherever they stand."""
    rules = lexicon.rules
    subject = rules.skill_group[rules.form_skill] == GROUPS.index("professional")
    return replace(rules, form_needs_context=rules.form_needs_context & ~subject)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text (characters), and whether it tells what is taught."""

    start: int
    end: int
    teaches: bool


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a text; a line ends one. Parts under a heading on admission or on work afterwards, up to the
    next heading, teach nothing, nor does a sentence that speaks of them."""
    headings, cues = _cues()
    found, inside = [], False
    for match in _SENTENCE.finditer(text):
        plain = match[0].strip().casefold()
        if not plain:
            continue
        if (named := _heading(match[0])) is not None:
            words, _, rest = named.partition(":")
            opens = words.strip() in headings
            inside = opens and not rest.strip() if opens else False
            teaches = not opens
        else:
            teaches = not inside and not any(cue in plain for cue in cues)
        found.append(Sentence(match.start() + len(match[0]) - len(match[0].lstrip()), match.end(), teaches))
    return found


def _heading(line: str) -> str | None:
    """A line that is short, no item of a list and ends without a full stop, or starts with a heading and a colon."""
    plain = line.strip()
    label = plain.split(":", 1)[0].casefold()
    if ":" in plain and label in _cues()[0]:
        return plain.casefold()
    if plain.startswith("-") or len(plain) > _HEADING_LONGEST or plain.endswith((".", ";", ",", "!")):
        return None
    return plain.casefold().rstrip("?:").strip()


@lru_cache(maxsize=1)
def _cues() -> tuple[frozenset[str], tuple[str, ...]]:
    """Headings, and words within a sentence, of what is not taught."""
    rows = load("programme_cues").to_pylist()
    headings = frozenset(row["words"] for row in rows if row["place"] == "heading")
    return headings, tuple(row["words"] for row in rows if row["place"] == "sentence")
