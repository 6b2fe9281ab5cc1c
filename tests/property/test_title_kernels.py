"""The compiled passes over titles give what the careful functions give, whatever the title."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads import _title_features as tf
from overstap.ads import title_reader
from overstap.ads._title_names import as_words
from overstap.ads.occupation import OccupationCoder, default_coder
from overstap.ads.patterns import programs
from overstap.ads.title_domains import domains_of
from overstap.ads.title_reader import ASK, CODE, IF_KNOWN, IF_ROLE, TitleReader
from overstap.ads.titles import normalise_title, place_keys
from tests.titles_twin import evidence

PLACES = place_keys(["Utrecht", "Amsterdam", "Den Haag", "Ede", "Best", "Bergen op Zoom"])
READER = TitleReader(PLACES)
PARTS = [
    "Senior",
    "monteur",
    "(m/v)",
    "m/v/x",
    "-",
    "–",
    "/",
    "in",
    "te",
    "regio",
    "omgeving",
    "area",
    "Utrecht",
    "Den Haag",
    "Bergen op Zoom",
    "bij",
    "@",
    "ACME",
    "B.V.",
    ".NET",
    "C#",
    "C++",
    "32-40",
    "uur",
    "0,8 fte",
    "£30,000",
    "€ 3.000",
    "per maand",
    "per annum",
    "gezocht",
    "vacature",
    "(",
    ")",
    "[",
    "]",
    "II",
    "niveau 3",
    ",",
    ":",
    "nr",
    "12345",
    "Best",
    "en",
    "&",
    "a & b",
    "A&amp;E",
    "x&y",
    "de",
    "a.b.",
    "..",
    ".&.x",
    "//",
    "data",
    "steward",
    "i-nurse",
    "nurse",
    "it",
    "jurist",
    "software",
    "engineer",
    "verpleegkundigen",
    "kok",
    "stage",
    "HBO",
    "intern",
    "adviseur",
    "schoonmaakster",
    "leraressen",
    "project",
    "manager",
    "open",
    "sollicitatie",
    "open dag",
    "iets met",
    "ik ben",
    "kom",
    "jij",
    "www.x.nl",
    "monteur, elektro-",
    "sr.",
    "staff",
    "Band 5",
    "all genders",
    "Nurse's",
    "24h",
    "e.o.",
    "\t",
    "lead",
    "Receptionist",
    "Hotel Baker",
]
TITLES = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(max_codepoint=127), max_size=60),
    st.lists(st.one_of(st.sampled_from([*PARTS, "|"]), st.text(max_size=4)), max_size=9).map(" ".join),
    st.lists(st.sampled_from([*PARTS, "|"]), max_size=9).map("".join),
)


@pytest.fixture(scope="module")
def coder() -> OccupationCoder:
    coder = default_coder()
    return OccupationCoder(coder.index, PLACES, coder.encoder)


@settings(max_examples=400, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=20))
def test_titles_are_read_as_by_the_careful_functions(coder: OccupationCoder, titles: list[str]) -> None:
    for title, read in zip(titles, READER.read(titles), strict=True):
        assert read.key == normalise_title(title, PLACES)
        if read.what == ASK:
            continue
        words = read.words.split(" ") if read.what >= CODE else None
        if read.what == IF_KNOWN and not coder.index.known(words or []):
            words = None
        if read.what != IF_ROLE or title_reader_has_role(coder, words or []):
            assert coder.words(title) == words


def title_reader_has_role(coder: OccupationCoder, words: list[str]) -> bool:
    """Whether the pass over names goes on with the words, or says that the careful way is to be asked."""
    return coder.index.names(as_words([words]), np.array([IF_ROLE], np.uint8)).place[0] >= 0


@settings(max_examples=300, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=20))
def test_domains_are_those_of_the_careful_way(titles: list[str]) -> None:
    reader = title_reader.reader()
    assert [read.domains for read in reader.read(titles)] == [domains_of(title) if title else () for title in titles]


def test_most_titles_are_not_asked_for() -> None:
    titles = ["Staff Nurse - Band 5", "Senior adviseur (m/v) 32-40 uur", "Data engineer, team Zorg", "kok in Utrecht"]
    assert ASK not in {read.what for read in READER.read(titles)}


WORDS = st.sampled_from(
    [
        "software",
        "engineer",
        "data",
        "analist",
        "monteur",
        "elektro",
        "verpleegkundige",
        "wijk",
        "adviseur",
        "beleidsadviseur",
        "projectleider",
        "bouw",
        "manager",
        "sales",
        "salesmanagers",
        "hoofd",
        "afdeling",
        "schoonmaakster",
        "leraar",
        "leraressen",
        "basisonderwijs",
        "c++",
        ".net",
        "it",
        "nurse",
        "staff",
        "health",
        "care",
        "assistant",
        "teacher",
        "of",
        "zaalwacht",
        "timmerlieden",
        "vrouwenarts",
        "bakker",
        "hulp",
        "ict",
        "cloud",
        "google",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=20))
def test_names_and_heads_say_what_the_twin_says(coder: OccupationCoder, titles: list[list[str]]) -> None:
    named = coder.index.names(as_words(titles), np.full(len(titles), CODE, np.uint8))
    assert named.place.tolist() == list(range(len(titles)))
    stems = named.stems.tobytes().decode().splitlines()
    for i, words in enumerate(titles):
        points, settled, domain = evidence(coder.index, words)
        here = named.rows == i
        found = list(zip(named.columns[here].tolist(), named.added[here].tolist(), strict=True))
        assert stems[i] == " ".join(map(tf.stem, words))
        assert found == [(j, float(np.float32(value))) for j, value in points]
        assert named.settled[i] == settled
        lost = [0.0 if code.startswith(domain) else 1.0 for code in coder.index.codes] if domain else None
        row = named.domain[i]
        assert (row >= 0) == (lost is not None)
        assert lost is None or ((named.outside[row] != 0) == np.array(lost, np.bool_)).all()


def test_what_no_program_knows_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        programs([re.compile(r"(a)\1")])
    with pytest.raises(ValueError, match="empty"):
        programs([re.compile("a*")])
