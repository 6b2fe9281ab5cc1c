"""Names of occupations and skills as a reader of plain language wants them."""

from __future__ import annotations

from collections.abc import Iterable

from overstap.moves.atlas import Name

_PLAIN = {
    "nl": (
        (", niet elders geclassificeerd", " (overig)"),
        (" (m.u.v. ICT)", " (niet ICT)"),
        (", algemeen", ""),
        (" e.d.", " en dergelijke"),
        ("informatie- en communicatietechnologie", "ICT"),
        ("Technici voor ICT: gebruikersondersteuning", "ICT-helpdesk en ondersteuning"),
    ),
    "en": (
        (" not elsewhere classified", " (other)"),
        (", (other)", " (other)"),
        (" (general)", ""),
        ("Information and communications technology", "ICT"),
        ("information and communications technology", "ICT"),
    ),
}


def plain_name(name: Name, language: str) -> str:
    """A name of a classification without the words of classifiers; in the other language where there is none."""
    text = (name.nl or name.en or "") if language == "nl" else (name.en or name.nl or "")
    for official, plain in _PLAIN[language]:
        text = text.replace(official, plain)
    return text


def named(names: Iterable[Name], language: str, most: int, strict: bool = True) -> list[str]:
    """At most `most` names in the language, each once. `strict`: those without a name in it are left out,
    else they stand in the other one with a mark that says so: `manage budgets [en]`."""
    found = []
    for name in names:
        own, other = (name.nl, name.en) if language == "nl" else (name.en, name.nl)
        text = own or (None if strict or not other else f"{other} [{'en' if language == 'nl' else 'nl'}]")
        if text and text not in found:
            found.append(text)
    return found[:most]
