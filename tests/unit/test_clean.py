"""Markup goes, lines and technical words stay."""

from __future__ import annotations

import pytest

from overstap.ads.clean import clean_text


@pytest.mark.parametrize(
    "text",
    [
        "Kennis van C#, C++, .NET en R&D; a < b en b > a; 5*3 of 2**3; e-mail; [EMAIL]; 4*-hotel; snake_case_naam",
        "Regel een\n\n- punt een\n- punt twee\nRegel twee",
        "List<String> en x<y",
        "100% #teamplayer & meer",
    ],
)
def test_plain_text_comes_through_whole(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>Hallo&nbsp;<b>wereld</b></p><p>Twee</p>", "Hallo wereld\n\nTwee"),
        ("<h2>Eisen</h2><ul><li>Java</li><li>SQL<li><p>Git</p></ul>Slot", "Eisen\n\n- Java\n- SQL\n- Git\n\nSlot"),
        ("<script>var a = '<p>';</script><style>p{}</style><div>Tekst</div><!-- weg -->", "Tekst"),
        ("een<br>twee<br/>\n<BR />drie", "een\ntwee\n\ndrie"),
        ("&lt;p&gt;Kennis van C&amp;amp;A &amp;lt; 5&lt;/p&gt;&lt;br&gt;x", "Kennis van C&A < 5\n\nx"),
        ("R&amp;D en caf&eacute; &#8364; 10 &euro;", "R&D en café € 10 €"),
        ("regel een\nregel <b>twee</b>", "regel een\nregel twee"),
        ("<table><tr><td>Uren</td><td>40</td></tr><tr><td>Loon</td><td>3000</td></tr></table>", "Uren 40\nLoon 3000"),
        ("<p>als a < b & c dan</p>", "als a < b & c dan"),
        ("<a href='https://x.nl/?a=1'>Solliciteer</a> nu", "Solliciteer nu"),
    ],
)
def test_html_becomes_lines(html: str, plain: str) -> None:
    assert clean_text(html) == plain


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        (
            "**Wat ga je doen?**\n\n* Bouwen\n* **Testen:** veel\n+ meer",
            "Wat ga je doen?\n\n- Bouwen\n- Testen: veel\n- meer",
        ),
        ("Full\\-stack C\\# \\*let op\\* R\\&D \\[m/v\\]", "Full-stack C# *let op* R&D [m/v]"),
        ("## Eisen ##\ntekst\n---\n# Slot", "Eisen\ntekst\n\nSlot"),
        ("Zie [onze site](https://x.nl/a_(b)) of [EMAIL](mailto:a@b.nl)![logo](/l.png)", "Zie onze site of [EMAIL]"),
        ("# Kennis van C#\n### \n-- punt", "Kennis van C#\n\n- punt"),
        ("*schuin* en **vet **en ***beide***", "schuin en veten beide"),
        ("\uf0b7 punt\n•punt\n▪ punt\n– punt", "- punt\n- punt\n- punt\n- punt"),
    ],
)
def test_markdown_becomes_lines(markdown: str, plain: str) -> None:
    assert clean_text(markdown) == plain


def test_odd_signs_are_made_plain() -> None:
    assert clean_text("een\u2028twee\u2029drie\r\nvier\rvijf") == "een\ntwee\ndrie\nvier\nvijf"
    assert (
        clean_text("nul\u200bbreed\ufeff zacht\u00adaf\x00\x07 \t breed\u00a0\u2003wit ")
        == "nulbreed zachtaf breed wit"
    )
    assert clean_text("cafe\u0301") == "café"
    assert clean_text("half \ud83d paar") == "half \ufffd paar"
    assert clean_text("a\n \n\n\n\nb") == "a\n\nb"


def test_a_lost_line_break_comes_back_and_names_stay_whole() -> None:
    assert clean_text("Ervaring met TableauKennis van SQLGoed EngelsNice to have") == (
        "Ervaring met Tableau\nKennis van SQLGoed Engels\nNice to have"
    )
    assert clean_text("a data scientistJe werkt met PythonExperience with Git") == (
        "a data scientist\nJe werkt met Python\nExperience with Git"
    )
    names = "JavaScript PowerPoint MySQL LinkedIn iOS DevOps McKinsey GitHub YouTube McDonald OpenText WhatsApp iBeheer"
    names += " WordPress DigitalOcean TensorFlow PySpark JetBrains VanDale eHealth PayPal ProRail ASP.NET PhpStorm"
    assert clean_text(names) == names
