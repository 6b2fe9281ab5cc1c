"""The semantic step: what it adds to the lexicon's mentions, and what it leaves alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads.annotate import Lexicon
from overstap.ads.scan import scan
from overstap.ads.sections import read_zones
from overstap.ads.skills import skill_mentions
from overstap.reference.taxonomy import load_taxonomy
from overstap.semantic.judge import Judge, Linked
from overstap.semantic.spans import FoundSpans
from overstap.semantic.step import METHOD, SemanticStep, is_wanted
from overstap.study import Annotation


@dataclass
class Links:
    query: np.ndarray
    skill: np.ndarray
    score: np.ndarray


@dataclass
class OneSkill:
    """A linker that gives every phrase the same skill, and notes what it was asked."""

    uri: str
    score: float = 0.9
    asked: list[str] = field(default_factory=list)

    @property
    def skills(self) -> pa.Table:
        return pa.table({"uri": ["http://example.org/none", self.uri]})

    def link(self, phrases: Sequence[str], top: int = 1) -> Links:
        self.asked += phrases
        n = len(phrases)
        return Links(np.arange(n), np.ones(n, np.int32), np.full(n, self.score, np.float32))


@dataclass
class SeveralSkills:
    """A linker that gives every phrase the same skills."""

    uris: list[str]

    @property
    def skills(self) -> pa.Table:
        return pa.table({"uri": self.uris})

    def link(self, phrases: Sequence[str], top: int = 1) -> Links:
        many, n = min(top, len(self.uris)), len(phrases)
        score = np.linspace(0.9, 0.6, many).astype(np.float32)
        return Links(np.repeat(np.arange(n), many), np.tile(np.arange(many, dtype=np.int32), n), np.tile(score, n))


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(Annotation(semantic=False))


def core_uri(skill_id: str) -> str:
    skills = load_taxonomy("core").skills
    return dict(zip(skills["skill_id"].to_pylist(), skills["esco_uri"].to_pylist(), strict=True))[skill_id]


def mentions(lexicon: Lexicon, linker: OneSkill, texts: list[str], threshold: float = 0.1) -> list[dict]:
    step = SemanticStep(lexicon.taxonomy, threshold, linker=linker)
    column = pa.array(texts)
    found = scan(column, lexicon.index)
    zones = read_zones(column, found, lexicon.index)
    lexical = skill_mentions(found, lexicon.index, lexicon.rules)
    return step.add(lexical, column, zones).to_pylist()


ASKS = "Je bouwt relaties op met boeren in de streek."


def test_what_no_form_covers_is_linked(lexicon: Lexicon) -> None:
    linker = OneSkill(core_uri("core.python"))
    found = [m for m in mentions(lexicon, linker, ["Niets.", ASKS]) if m["method"] == METHOD]
    assert found and {m["row"] for m in found} == {1}
    skill_ids = lexicon.taxonomy.skills["skill_id"].to_pylist()
    for m in found:
        assert skill_ids[m["skill_index"]] == "core.python"
        assert 0.1 <= m["score"] < 1
        assert ASKS[m["start"] : m["end"]] in linker.asked


def test_likely_enough_or_left_out(lexicon: Lexicon) -> None:
    assert not mentions(lexicon, OneSkill(core_uri("core.python")), [ASKS], threshold=0.95)


def test_a_span_may_ask_several_skills_and_each_once(lexicon: Lexicon) -> None:
    found = mentions(lexicon, SeveralSkills([core_uri("core.python"), core_uri("core.sql")]), [ASKS], threshold=0.0)
    spans = [(m["start"], m["end"], m["skill_index"]) for m in found if m["method"] == METHOD]
    assert len({skill for _, _, skill in spans}) == 2 and len(spans) == len(set(spans))
    for skill in {skill for _, _, skill in spans}:
        own = sorted((start, end) for start, end, s in spans if s == skill)
        assert all(before[1] <= after[0] for before, after in pairwise(own))


def test_a_surer_span_and_a_surer_link_are_likelier() -> None:
    def score(span: float, link: float) -> float:
        found = FoundSpans(*(np.array([v]) for v in (0, 0, 9, 0, span)))
        none = np.zeros(1)
        return float(Judge.load().probability(Linked(found, none, none, np.array([link]), none, none, none))[0])

    assert 0 < score(0.3, 0.2) < score(0.8, 0.2) < score(0.8, 0.7) < 1


def test_a_skill_that_the_taxonomy_lacks_is_left_out(lexicon: Lexicon) -> None:
    assert not mentions(lexicon, OneSkill("http://example.org/unknown"), [ASKS])


def test_what_the_lexicon_covers_is_left_to_it(lexicon: Lexicon) -> None:
    found = mentions(lexicon, OneSkill(core_uri("core.sql")), ["Kennis van Python."])
    assert [m["method"] for m in found] == ["lexicon"]


def test_no_second_mention_of_the_skill_inside_a_span(lexicon: Lexicon) -> None:
    text = "You will develop and maintain large data applications in Python for our clients."
    found = mentions(lexicon, OneSkill(core_uri("core.python")), [text])
    python = [m for m in found if "Python" in text[m["start"] : m["end"]]]
    assert [m["method"] for m in python] == ["lexicon"]


@pytest.mark.parametrize(("heading", "read"), [("Functie-eisen", True), ("Wij bieden", False), ("Over ons", False)])
def test_only_parts_that_ask_are_read(lexicon: Lexicon, heading: str, read: bool) -> None:
    linker = OneSkill(core_uri("core.python"))
    mentions(lexicon, linker, [f"{heading}\n- Ontwikkelen en onderhouden van relaties met boeren\n"])
    assert bool(linker.asked) == read


def test_mentions_are_ordered_and_phrases_linked_once(lexicon: Lexicon) -> None:
    linker = OneSkill(core_uri("core.python"))
    texts = [f"Kennis van SQL.\n{ASKS}\nKennis van Java.", ASKS]
    found = mentions(lexicon, linker, texts)
    assert [(m["row"], m["start"]) for m in found] == sorted((m["row"], m["start"]) for m in found)
    assert {m["method"] for m in found} == {"lexicon", METHOD}
    assert len(linker.asked) == len(set(linker.asked))


def test_on_by_default_with_esco_only() -> None:
    assert is_wanted(Annotation(taxonomy="esco")) and not is_wanted(Annotation())
    assert is_wanted(Annotation(semantic=True)) and not is_wanted(Annotation(taxonomy="esco", semantic=False))
