"""What people say that they cannot do, or still want to learn, is no skill of theirs."""

from __future__ import annotations

import pytest

from overstap.moves.own_words import not_held
from overstap.moves.start import of_skills, own_mentions, skill_names

WORDS = ("Python", "Excel", "SQL", "Java", "Duits", "lassen", "leidinggeven", "German", "welding")


def left(text: str) -> list[str]:
    spans = not_held([text])
    return [
        word
        for word in WORDS
        if (at := text.find(word)) >= 0 and not any(s <= at < e for s, e in zip(spans.start, spans.end, strict=True))
    ]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Ik heb geen ervaring met leidinggeven en kan geen Duits.", []),
        ("Ik heb Python nooit gebruikt. Geen ervaring met Excel. Wil graag leren lassen.", []),
        ("Ik heb Python, Java en SQL nooit gebruikt, Excel dagelijks.", ["Excel"]),
        ("Python en SQL heb ik nooit gebruikt. Ik werk met Excel.", ["Excel"]),
        ("Ik werk met Excel, heb Python nooit gebruikt.", ["Excel"]),
        ("Python niet, Excel wel.", ["Excel"]),
        ("Geen Python, wel SQL en Excel", ["Excel", "SQL"]),
        ("Ik kan niet lassen maar wel leidinggeven.", ["leidinggeven"]),
        ("Ik ken niet alleen Python, ook SQL.", ["Python", "SQL"]),
        ("Ik zou graag Duits leren en ik ken Excel.", ["Excel"]),
        ("Ik wil graag lassen, Python en SQL leren.", []),
        ("Ik wil mijn ervaring met Python graag inzetten.", ["Python"]),
        ("Wat ik wil leren:\n- Python\n- lassen\n\nErvaring:\n- Excel", ["Excel"]),
        ("Geen probleem met Excel.", ["Excel"]),
        ("I have never used Python or Java, but I work with Excel.", ["Excel"]),
        ("I would like to learn German and welding. I know SQL.", ["SQL"]),
        ("I don't know Java. No experience with Excel, SQL or Python.", []),
        ("Not only Python, also SQL.", ["Python", "SQL"]),
        ("Excel, SQL, geen Python", ["Excel", "SQL"]),
        ("lassen, Excel, would like to learn Python", ["Excel", "lassen"]),
        ("Ik werk graag met Excel en SQL.", ["Excel", "SQL"]),
    ],
)
def test_what_is_denied_or_wished_for_is_not_held(text: str, held: list[str]) -> None:
    assert sorted(left(text)) == sorted(held)


def named(uris: tuple[str, ...]) -> str:
    return " ".join(f"{nl} {en}" for nl, en in skill_names(uris))


def test_a_list_of_skills_leaves_out_what_it_denies_and_tells_it() -> None:
    start = of_skills("Excel, SQL, geen Python")
    assert "Python" not in named(start.skills) and "SQL" in named(start.skills)
    assert "Python" in named(start.denied) and start.unread == ()


def test_a_list_that_is_denied_is_denied_whole() -> None:
    start = of_skills("Excel, geen ervaring met Python, Java of SQL, wil leren lassen")
    assert len(start.skills) == 1


def test_a_cv_tells_apart_what_is_held_and_what_is_not() -> None:
    ((held, denied),) = own_mentions(["Ik heb Python nooit gebruikt. Geen ervaring met SQL. Ik werk met Excel."])
    assert len(held) == 1 and len(denied) == 2
