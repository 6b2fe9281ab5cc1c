"""Inflected forms and Dutch compounds of skills are found; look-alikes are not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.ads.annotate import Lexicon
from overstap.ads.compounds import compound_heads, first_part
from overstap.ads.inflect import inflections, variants
from overstap.ads.scan import scan
from overstap.ads.skills import skill_mentions
from overstap.study import Annotation


@pytest.mark.parametrize(
    ("word", "language", "last", "expected"),
    [
        ("vaardigheid", "nl", True, {"vaardigheden"}),
        ("bedrijf", "nl", True, {"bedrijven"}),
        ("systeem", "nl", True, {"systemen"}),
        ("plan", "nl", True, {"plannen"}),
        ("specialisten", "nl", True, {"specialist"}),
        ("programmeren", "nl", True, {"programmeer", "programmeert"}),
        ("analytisch", "nl", False, {"analytische"}),
        ("manage", "en", False, {"managing", "manages"}),
        ("engineer", "en", True, set()),
        ("analist", "nl", True, set()),
        ("policy", "en", True, {"policies"}),
        ("databases", "en", True, {"database"}),
        ("analysis", "en", True, set()),
        ("sas", "any", True, set()),
        ("c++", "any", True, set()),
    ],
)
def test_inflections_of_a_word(word: str, language: str, last: bool, expected: set[str]) -> None:
    assert set(variants(word, language, last)) == expected


def test_what_two_skills_claim_or_is_a_form_of_another_stays_out() -> None:
    rows = [(("manage", "plan"), "en", False, 0), (("managing", "plans"), "en", False, 1), (("read", "plan"), "en", False, 2),
            (("read", "plans"), "en", False, 3), (("initiative",), "en", False, 4), (("Access", "form"), "en", True, 5)]  # fmt: skip
    found = inflections(rows, {"manage", "managing", "plan", "plans", "read", "form", "initiative"})
    assert ("read", "plans") not in found.forms
    assert found.forms[("managing", "plan")] == 0
    assert not {"initiatives", "forms"} & set(found.stand_ins)


def test_heads_fit_the_table_of_the_kernel() -> None:
    assert all(4 <= len(head) <= 32 and head.isascii() and head.islower() for head in compound_heads())
    assert len(set(compound_heads())) == len(compound_heads())


def test_a_compound_is_split_only_where_every_part_is_known() -> None:
    parts = {"python", "projectmanagement", "onderhandeling"}
    assert first_part("pythonontwikkelaar", parts) == "python"
    assert first_part("projectmanagementvaardigheden", parts) == "projectmanagement"
    assert first_part("onderhandelingsvaardigheden", parts) == "onderhandeling"
    assert first_part("pythonistas", parts) is None
    assert first_part("xpythonkennis", parts) is None


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(Annotation())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je hebt datamanagementkennis.", [("data_management", "datamanagement")]),
        ("Gevraagd: Pythonontwikkelaars!", [("python", "Python")]),
        ("Een Java-ontwikkelaar", [("java", "Java-ontwikkelaar")]),
        ("javaanse kennis", []),
        ("equities, initiatives, unicorns", []),
        ("You work with distributed system design", [("software_architecture", "distributed system")]),
    ],
)
def test_in_the_core_taxonomy(lexicon: Lexicon, text: str, expected: list[tuple[str, str]]) -> None:
    table = skill_mentions(scan(pa.array([text]), lexicon.index), lexicon.index, lexicon.rules)
    ids = lexicon.taxonomy.skills["skill_id"].to_pylist()
    rows = zip(*(table[name].to_pylist() for name in ("skill_index", "start", "end")), strict=True)
    assert [(ids[skill].removeprefix("core."), text[start:end]) for skill, start, end in rows] == expected
