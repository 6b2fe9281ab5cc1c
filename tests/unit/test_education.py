"""Education levels asked: Dutch and English words, and what looks like a level but is none."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.ads.education import education_levels
from overstap.schema.core import EDUCATION_LEVELS


def levels(text: str, feed: str | None = None) -> list[str]:
    found = education_levels(pa.array([text], pa.string()), pa.array([feed], pa.string()))
    return found.levels.to_pylist()[0] or []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Je hebt hbo werk- en denkniveau", "hbo"),
        ("HBO/WO werk- en denkniveau", "hbo wo"),
        ("hbo- of wo-opleiding", "hbo wo"),
        ("een academisch of HBO opleidingsniveau", "hbo wo"),
        ("kan op mbo, hbo als universitair niveau", "mbo hbo wo"),
        ("mbo 3/4", "mbo3 mbo4"),
        ("mbo niveau 3 of 4", "mbo3 mbo4"),
        ("mbo (niveau 3 of 4)", "mbo3 mbo4"),
        ("mbo niveau 2, 3 of 4", "mbo2 mbo3 mbo4"),
        ("een afgeronde mbo-opleiding niveau 3", "mbo3"),
        ("mbo werk- en denkniveau (niveau 4)", "mbo4"),
        ("diploma Verpleegkundige niveau 4 of 5", "mbo4 hbo"),
        ("Verzorgende IG niveau 3", "mbo3"),
        ("MTS/HTS niveau", "mbo hbo"),
        ("BS or MS in Computer Science", "hbo wo"),
        ("MBO niveau 4", "mbo4"),
        ("mbo-4 opleiding", "mbo4"),
        ("mbo+ niveau", "mbo4"),
        ("minimaal mbo", "mbo"),
        ("mbo of mbo niveau 4", "mbo4"),
        ("mbo/hbo", "mbo hbo"),
        ("VMBO diploma", "vmbo"),
        ("mavo of lbo", "vmbo"),
        ("WO-master in de economie", "wo"),
        ("een afgeronde Master richting finance", "wo"),
        ("universitair geschoold", "wo"),
        ("afgeronde bachelor", "hbo wo"),
        ("gepromoveerd in de biologie", "phd"),
        ("een opleiding is niet nodig", "geen"),
        ("geen diploma vereist", "geen"),
        ("havo of vwo", ""),
        ("Bachelor's degree in computer science", "hbo wo"),
        ("Master's or PhD degree in physics", "wo phd"),
        ("BSc or MSc in mathematics", "hbo wo"),
        ("a degree in law", "hbo wo"),
        ("University degree in economics", "wo"),
        ("Ph.D. in statistics", "phd"),
        ("No degree required", "geen"),
        ("NVQ level 3 in health care", "mbo4"),
    ],
)
def test_levels(text: str, asked: str) -> None:
    assert levels(f"Functie-eisen\n- {text}\n") == asked.split()


@pytest.mark.parametrize(
    "text",
    [
        "Je werkt als scrum master met master data",
        "Werken bij MBO Utrecht of ROC van Twente",
        "Kijk naar series van HBO Max",
        "Beschikbaar op ma, di, wo en do",
        "You supervise PhD students",
        "a high degree of initiative",
        "You master the art of selling",
        "in het Academisch Ziekenhuis",
        "Over ons\nOnze hbo opleidingen zijn goed",
        "Wij bieden\n- een mbo opleiding op onze kosten",
        "Functie-eisen\n- een hbo diploma is een pré",
        "Requirements\n- MSc preferred",
        "Opleiding:\n- HBO (gewenst)",
        "een hbo diploma is niet nodig",
        "You supervise BSc and MSc students",
        "Beheersing van Engels op niveau 3",
        "a degree of physical fitness",
    ],
)
def test_what_is_no_level_that_is_asked(text: str) -> None:
    assert levels(text) == []


def test_only_the_clause_that_is_a_plus_falls_away() -> None:
    assert levels("Functie-eisen\n- mbo 4, hbo is een pré") == ["mbo4"]


def test_words_that_ask_count_also_under_another_heading() -> None:
    assert levels("Wij bieden\nLeuk werk. Je hebt minimaal mbo niveau 2.") == ["mbo2"]


def test_the_feed_counts_only_where_the_text_is_silent() -> None:
    assert levels("Leuke baan", "HBO") == ["hbo"]
    assert levels("Je hebt mbo 4", "HBO") == ["mbo4"]
    found = education_levels(pa.array(["Leuke baan", None]), pa.array(["wo", None]))
    assert found.levels.to_pylist() == [["wo"], None]
    assert len(found.spans.row) == 0


def test_a_level_among_the_tasks_gives_way_to_the_requirements() -> None:
    tasks = "Tasks\n- coaching bachelor graduates\n"
    assert levels(tasks + "Requirements\n- PhD in physics") == ["phd"]


def test_spans_leave_out_the_word_that_joins_them_to_the_next() -> None:
    text = "Requirements\n- a degree in law"
    found = education_levels(pa.array([text]))
    assert [text[a:b] for a, b in zip(found.spans.start, found.spans.end, strict=True)] == ["a degree"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Minimaal mbo-4 werk- en denkniveau", ["mbo-4 werk- en denkniveau"]),
        ("Een hbo- of wo-opleiding", ["hbo- of wo-opleiding"]),
        ("Minimaal hbo-werk- en -denkniveau", ["hbo-werk- en -denkniveau"]),
        ("Een hbo/wo diploma", ["hbo/wo diploma"]),
        ("Hbo denk- en werkniveau", ["Hbo denk- en werkniveau"]),
        ("Een hbo. Niveau is bij ons hoog", ["hbo"]),
    ],
)
def test_spans_hold_the_whole_name_of_the_level(text: str, words: list[str]) -> None:
    found = education_levels(pa.array([f"Eisen\n- {text}"]))
    texts = [f"Eisen\n- {text}"[a:b] for a, b in zip(found.spans.start, found.spans.end, strict=True)]
    assert texts == words


def test_spans_hold_the_words_that_prove_it() -> None:
    text = "🙂 Eisen: één hbo werk- en denkniveau of een Master's degree"
    found = education_levels(pa.array(["", text]))
    assert [text[a:b] for a, b in zip(found.spans.start, found.spans.end, strict=True)] == [
        "hbo werk- en denkniveau", "Master's degree",
    ]  # fmt: skip
    assert found.spans.row.tolist() == [1, 1]


def test_levels_are_those_of_the_contract_and_in_its_order() -> None:
    found = levels("Eisen: phd, wo, hbo, mbo 4, mbo 2, vmbo")
    assert found == [name for name in EDUCATION_LEVELS if name in found]
    assert len(found) == 6
