"""What is asked, offered and told about the company is told apart; a plus and what is not needed are found."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads.context import mention_context
from overstap.ads.education import education_kinds, read_education
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.ads.section_tables import section_kinds
from overstap.ads.sections import read_zones, split_sections, walk
from overstap.ads.spans import Spans
from overstap.schema.core import SECTIONS

DUTCH = """Data engineer

Over ons
Wij zijn een bedrijf dat alles in PHP bouwt.

Wat ga je doen?
- pijplijnen bouwen in Python

Functie-eisen:
* ervaring met Spark
* kennis van Scala is een pré
* geen ervaring met Hadoop nodig

**Wij bieden**
- een cursus Kubernetes

Solliciteren
Stuur je brief naar de afdeling. Een Excel-toets hoort bij de procedure.
"""
ENGLISH = """About Acme
We use COBOL and nobody minds.
What you'll do
You will write Python.
What you bring
- Strong SQL
Nice to have
- Docker
Benefits
- Training in Rust
How to apply
Send a Word document.
"""


def part_of(text: str, *words: str) -> list[str]:
    zones = split_sections(pa.array([text], pa.string()))
    at = np.array([text.index(word) for word in words], np.int32)
    return [SECTIONS[code] for code in zones.section_of(np.zeros(len(words), np.int32), at)]


def flags(text: str, *words: str) -> list[tuple[bool, bool]]:
    """(a plus, not needed) for each word."""
    zones = split_sections(pa.array([text], pa.string()))
    row, at = np.zeros(len(words), np.int32), np.array([text.index(word) for word in words], np.int32)
    return list(zip(zones.optional.covers(row, at).tolist(), zones.negated.covers(row, at).tolist(), strict=True))


def test_parts_of_a_dutch_ad() -> None:
    assert part_of(DUTCH, "engineer", "PHP", "Python", "Spark", "Kubernetes", "Excel") == [
        "other", "company", "tasks", "requirements", "benefits", "application",
    ]  # fmt: skip


def test_parts_of_an_english_ad() -> None:
    assert part_of(ENGLISH, "COBOL", "Python", "SQL", "Docker", "Rust", "Word") == [
        "company", "tasks", "requirements", "requirements", "benefits", "application",
    ]  # fmt: skip


def test_parts_cover_each_text_without_gap() -> None:
    texts = [DUTCH, "", None, ENGLISH, "één zin zonder kop"]
    zones = split_sections(pa.array(texts, pa.string()))
    for row, text in enumerate(texts):
        mine = np.flatnonzero(zones.parts.row == row)
        edges = [*zones.parts.start[mine].tolist(), len(text or "")]
        assert edges[:-1] == [0, *zones.parts.end[mine].tolist()][:-1] or not text
        assert (zones.parts.end[mine] == np.array(edges[1:])).all()


@pytest.mark.parametrize(
    ("text", "word", "section"),
    [
        ("Prima sfeer. Je hebt ervaring met Java. Leuk.", "Java", "requirements"),
        ("You will maintain our Java services.", "Java", "tasks"),
        ("Requirements: Java and SQL", "Java", "requirements"),
        ("We are a start-up. Requirements: Java", "Java", "requirements"),
        ("**Wat vragen wij?** Kennis van Java", "Java", "requirements"),
        ("🚀 Jouw profiel\nJava", "Java", "requirements"),
        ("Functieomschrijving\r\nJava", "Java", "tasks"),
        ("Wij bieden je een baan waarin je Java leert, en nog veel meer dan dat.", "Java", "benefits"),
        ("Over de grenzen van Java heen denken is wat wij elke dag met plezier doen.", "Java", "other"),
        ("- Team spelen kan\n- Java", "Java", "other"),
        ("Over ons\nWij maken kaas.\nTot je kwaliteiten behoren:\n- Java", "Java", "company"),
        ("Over ons\nWij maken kaas.\nWij zoeken een maat met:\n- lef\n- Java", "Java", "requirements"),
        ("Wij bieden\n- 25 vakantiedagen\n- Minimaal 2 jaar ervaring met SQL\n- Java", "Java", "requirements"),
        ("Wij bieden\n- Een cursus Java\n- Veel vrijheid", "Java", "benefits"),
        ("Benefits\n- gym\nExperience with SQL\nWe offer Java lessons.", "Java", "benefits"),
        ("Closing date: 20 May\nSomething on Java", "Java", "other"),
        ("How to apply: mail us\n\nRequirements\nJava", "Java", "requirements"),
        ("We're a growing shop looking for an experienced Java engineer.", "Java", "requirements"),
        ("You need to apply Java well.", "Java", "requirements"),
        ("Some experience.We offer you a course in Java", "Java", "benefits"),
        ("A team. Our platform runs on Java.", "Java", "company"),
        ("Wat breng\njij ons?\nJava", "Java", "requirements"),
        ("x " * 400 + "What do you bring? A love of Java", "Java", "requirements"),
        ("x " * 400 + "en meer Jouw profiel Je kent Java", "Java", "requirements"),
    ],
)
def test_headings_and_cues(text: str, word: str, section: str) -> None:
    assert part_of(text, word) == [section]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Salary: £30,000. You can plan in Excel.", "requirements"),
        ("Salaris: € 3.000. Je kunt werken met Excel.", "requirements"),
        ("£30k, 25 days annual leave. Must know Excel.", "requirements"),
        ("£30k, 25 days annual leave. Strong Excel skills are required.", "requirements"),
        ("Benefits: a pension. You have worked with Excel.", "benefits"),
        ("Our consultants implement Excel at large firms.", "company"),
        ("The company provides training in Excel to schools.", "company"),
        ("De organisatie werkt met Excel met 300 mensen.", "company"),
        ("We're experts in Excel.", "company"),
        ("De klanten gebruiken Excel.", "company"),
        ("Help our consultants with Excel.", "other"),
        ("The company is looking for people who know Excel.", "requirements"),
        ("De organisatie is op zoek naar mensen met Excel.", "other"),
        ("Experience with Excel; the company is in Leeds", "requirements"),
    ],
)
def test_pay_before_what_is_asked_and_prose_on_the_company(text: str, part: str) -> None:
    assert part_of(text, "Excel") == [part]


def test_a_plus_and_what_is_not_needed() -> None:
    assert flags(DUTCH, "Spark", "Scala", "Hadoop", "Kubernetes") == [
        (False, False), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert flags(ENGLISH, "SQL", "Docker", "Rust") == [(False, False), (True, False), (False, False)]


@pytest.mark.parametrize(
    ("text", "asked", "plus"),
    [
        ("Python, SQL, Docker (a plus).", ["Python", "SQL"], ["Docker"]),
        ("You know Python. Experience with Docker and Helm would be an advantage.", ["Python"], ["Docker", "Helm"]),
        ("Kennis van Python; ervaring met Docker is mooi meegenomen", ["Python"], ["Docker"]),
        ("Je kent Python, bij voorkeur met Docker en Helm.", ["Python"], ["Docker", "Helm"]),
        ("Bonus points for Docker.\nPython.", ["Python"], ["Docker"]),
    ],
)
def test_how_far_a_plus_reaches(text: str, asked: list[str], plus: list[str]) -> None:
    assert flags(text, *asked, *plus) == [(False, False)] * len(asked) + [(True, False)] * len(plus)


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("Geen ervaring met Excel nodig.", "Excel", True),
        ("Kennis van Excel is niet nodig", "Excel", True),
        ("No Excel required, just enthusiasm", "Excel", True),
        ("Excel is not required", "Excel", True),
        ("Er is geen dag hetzelfde. Excel is nodig.", "Excel", False),
        ("Excel is required", "Excel", False),
        ("Wij gebruiken geen Excel.", "Excel", True),
        ("Er wordt geen Excel gebruikt", "Excel", True),
        ("Op kantoor gebruiken we geen Word of Excel", "Excel", True),
        ("Je begint zonder kennis van Excel.", "Excel", True),
        ("Ook zonder ervaring met Word of Excel ben je welkom", "Excel", True),
        ("Excel wordt hier niet gebruikt", "Excel", True),
        ("We werken niet meer met Excel", "Excel", True),
        ("Er wordt geen gebruik gemaakt van Excel", "Excel", True),
        ("We do not use Excel", "Excel", True),
        ("The team doesn't work with Excel or Word", "Excel", True),
        ("People without any knowledge of Excel can apply", "Excel", True),
        ("Excel is no longer used", "Excel", True),
        ("We gebruiken geen Word maar Excel", "Excel", False),
        ("Geen Word, wel Excel", "Excel", False),
        ("We do not use Word but Excel", "Excel", False),
        ("We werken niet met targets en je plant in Excel", "Excel", False),
        ("Je kunt niet zonder kennis van Excel", "Excel", False),
        ("Je werkt zonder problemen in Excel", "Excel", False),
        ("Wie geen ochtendmens is, plant in Excel", "Excel", False),
        ("Zonder kennis van Excel kun je hier niet beginnen", "Excel", False),
        ("People without Excel will not be considered", "Excel", False),
        ("You are no stranger to Excel", "Excel", False),
        ("Databases ((no)SQL) and no-Excel tools", "SQL", False),
        ("Databases ((no)SQL) and no-Excel tools", "Excel", False),
        ("Nurses with or without Excel", "Excel", False),
        ("Applicants without Excel will not be seen", "Excel", False),
        ("We do not use Word. You know Excel", "Excel", False),
    ],
)
def test_negation(text: str, word: str, negated: bool) -> None:
    assert flags(text, word) == [(False, negated)]


def test_offsets_count_characters_also_behind_emoji_and_accents() -> None:
    text = "🙂🙂 é (één) twee, drie. Vier"
    at = np.array([text.index("twee"), text.index("Vier")], np.int32)
    found = mention_context(pa.array(["x", text]), np.ones(2, np.int32), at, at + 4)
    assert found.sentence_start.tolist() == [0, text.index(". ") + 1]
    assert found.clause_end.tolist() == [text.index(","), len(text)]
    assert found.after.tolist() == [ord(","), 10]
    assert found.bracket.tolist() == [-1, -1]


def test_spans_cover_what_lies_in_any_of_them() -> None:
    spans = Spans(*(np.array(a, np.int32) for a in ([0, 0, 2], [5, 8, 0], [20, 10, 3])))
    row, at = np.array([0, 0, 0, 1, 2, 2], np.int32), np.array([4, 15, 20, 6, 2, 3], np.int32)
    assert spans.covers(row, at).tolist() == [False, True, False, False, True, False]


def test_every_form_can_be_matched_and_names_a_known_part() -> None:
    kinds = section_kinds()
    assert set(kinds["heading"]["section"].to_pylist()) == {*SECTIONS, "optional"}
    assert set(kinds["section_cue"]["section"].to_pylist()) <= set(SECTIONS)
    assert all(n == 0 for n in FormIndex.build(section_kinds() | education_kinds()).unusable.values())


def test_one_walk_serves_zones_and_education_alike() -> None:
    index = FormIndex.build(section_kinds() | education_kinds())
    texts = pa.array([DUTCH, None, "Je hebt hbo. Een master is een pré.", ENGLISH + "You have a bachelor's degree.\n"])
    found = scan(texts, index)
    walked = walk(texts, found, index, "education")
    alone, shared = read_zones(texts, found, index), read_zones(texts, found, index, walked)
    for name in ("parts", "optional", "clauses", "negated"):
        for field in ("row", "start", "end"):
            assert (getattr(getattr(alone, name), field) == getattr(getattr(shared, name), field)).all()
    levels = read_education(texts, found, index, shared, walked=walked).levels.to_pylist()
    assert levels == read_education(texts, found, index, alone).levels.to_pylist()
    assert levels[2] == ["hbo"]


AFTER_THE_LIST = [
    ("Wij zijn een adviesbureau. Dagelijks bouwen honderd mensen aan Kubernetes.", "company"),
    ("Ons team bestaat uit drie specialisten en een beheerder van Kubernetes.", "company"),
    ("Bij ons ben je van harte welkom, ook zonder Kubernetes.", "company"),
    ("Ongeacht je leeftijd of afkomst leer je hier Kubernetes.", "company"),
    ("- een goed salaris en een cursus Kubernetes", "benefits"),
    ("- de mogelijkheid om thuis te werken aan Kubernetes", "benefits"),
    ("- inschaling vindt plaats op basis van kennis en ervaring, ook met Kubernetes", "benefits"),
    ("Solliciteer direct via onze site over Kubernetes!", "application"),
    ("Acquisitie naar aanleiding van deze vacature over Kubernetes stellen wij niet op prijs.", "application"),
    ("We believe in people who grow with Kubernetes.", "company"),
    ("We are committed to diversity. Everyone here loves Kubernetes.", "company"),
    ("- 25 vacation days and a course in Kubernetes", "benefits"),
    ("We look forward to hearing from you about Kubernetes.", "application"),
]


@pytest.mark.parametrize(("line", "part"), AFTER_THE_LIST)
def test_what_follows_the_requirements_without_a_heading_asks_nothing(line: str, part: str) -> None:
    assert part_of(f"Functie-eisen\n- ervaring met Python\n\n{line}\n", "Python", "Kubernetes") == [
        "requirements", part,
    ]  # fmt: skip


def test_a_part_that_a_company_paragraph_ended_opens_again_where_the_ad_asks() -> None:
    text = "Functie-eisen\n- SQL\n\nWij zijn een bureau.\nIedereen kent Rust.\n\nJe hebt kennis van Scala.\n"
    assert part_of(text, "SQL", "Rust", "Scala") == ["requirements", "company", "requirements"]


def test_pay_by_experience_does_not_end_the_benefits() -> None:
    text = "Wij bieden\n- een salaris afhankelijk van kennis en ervaring\n- een training in Python\n"
    assert part_of(text, "Python") == ["benefits"]


def test_the_words_of_a_heading_are_told() -> None:
    zones = split_sections(pa.array(["Requirements:\n- gathering requirements"], pa.string()))
    inside = zones.headings.covers(np.zeros(2, np.int32), np.array([0, 26], np.int32))
    assert inside.tolist() == [True, False]


@pytest.mark.parametrize(
    ("line", "plus"),
    [
        ("Rijbewijs CE en code 95, ADR is een plus", ["ADR"]),
        ("Docker, Kubernetes en ADR is een plus", ["Docker", "Kubernetes", "ADR"]),
        ("Docker is required and ADR is a plus", ["ADR"]),
        ("Docker is een must, Kubernetes en ADR zijn een pré", ["Kubernetes", "ADR"]),
        ("Docker (Kubernetes is een pré), ADR", ["Kubernetes"]),
        ("Docker (een pré), ADR", ["Docker"]),
        ("Docker, Kubernetes or ADR would be a plus", ["Docker", "Kubernetes", "ADR"]),
    ],
)
def test_a_plus_reaches_back_over_its_own_list_alone(line: str, plus: list[str]) -> None:
    text = f"Functie-eisen\n- {line}\n"
    zones = split_sections(pa.array([text]))
    words = [word for word in ("CE", "Docker", "Kubernetes", "ADR") if word in text]
    at = np.array([text.index(word) for word in words], np.int32)
    inside = zones.optional.covers(np.zeros(len(at), np.int32), at)
    assert [word for word, is_plus in zip(words, inside.tolist(), strict=True) if is_plus] == plus
