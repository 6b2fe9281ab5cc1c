"""The researcher's own texts: kept, placed where asked, and safe on the page."""

from __future__ import annotations

from pathlib import Path

from overstap.publish.formats.blocks import Text, read_document
from overstap.publish.texts import as_html, own_texts, placed, strays, write_empty

PAGE = (
    '<html lang="nl"><body><main><section id="volume"><h2>Aantal</h2>\n<p class="tag">sim</p>\n'
    '<figure class="chart" id="maand"><p>x</p></figure><p>slot</p></section>'
    '<section id="ict"><h2>ICT</h2></section></main></body></html>'
)


def test_markdown_becomes_html_that_cannot_harm() -> None:
    made = as_html(
        "# Kop\n\n<script>x</script> **vet** [a](javascript:x) [b](https://b.nl) ![beeld](https://c.nl/d.png)"
    )
    assert "<h3>Kop</h3>" in made and "<strong>vet</strong>" in made and '<a href="https://b.nl">b</a>' in made
    assert "<script" not in made and 'href="javascript' not in made and "<img" not in made and "beeld" in made


def test_a_text_stands_below_the_title_after_its_chart_or_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "volume.nl.md").write_text("<!-- uitleg -->\nboven\n\n[after: maand]\nonder\n\n[after: all]\nlaatst\n")
    page = placed(PAGE, own_texts(tmp_path, "nl"), "eigen")
    order = [
        page.index(part) for part in ("</h2>", "sim", "boven", 'id="maand"', "onder", "slot", "laatst", 'id="ict"')
    ]
    assert order == sorted(order)
    assert "uitleg" not in page
    assert own_texts(tmp_path, "en") == [] and placed(PAGE, [], "eigen") == PAGE


def test_files_and_places_that_are_not_there_are_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "volum.nl.md").write_text("woorden")
    (tmp_path / "ict.nl.md").write_text("[after: maandd]\nwoorden")
    (tmp_path / "kladblok.md").write_text("woorden")
    (tmp_path / "panel.nl.md").write_text("<!-- nog leeg -->\n")
    (tmp_path / "enrgie").mkdir()
    (tmp_path / "energie").mkdir()
    said = strays(tmp_path, {"nl": PAGE}, ["energie", "water"])
    assert len(said) == 4
    assert any("folder enrgie" in line and "'energie'" in line for line in said)
    assert any("volum.nl.md" in line and "'volume'" in line for line in said)
    assert any("'maandd'" in line and "at its end" in line for line in said)
    assert "woorden" in placed(PAGE, own_texts(tmp_path, "nl"), "eigen")


def test_empty_files_explain_themselves_and_never_write_over_a_text(tmp_path: Path) -> None:
    (tmp_path / "ict.nl.md").write_text("mijn tekst")
    assert [path.name for path in write_empty(tmp_path, {"nl": PAGE})] == ["volume.nl.md"]
    assert (tmp_path / "ict.nl.md").read_text() == "mijn tekst"
    assert "[after: maand]" in (tmp_path / "volume.nl.md").read_text()
    assert [text.chapter for text in own_texts(tmp_path, "nl")] == ["ict"]  # an explanation is no text


def test_a_text_is_what_other_formats_are_written_from(tmp_path: Path) -> None:
    (tmp_path / "volume.nl.md").write_text("Mijn **eigen** woorden & <b>geen opmaak</b>.", encoding="utf-8")
    page = placed(PAGE, own_texts(tmp_path, "nl"), "eigen")
    assert "Mijn <strong>eigen</strong> woorden &amp; &lt;b&gt;geen opmaak&lt;/b&gt;." in page
    chapter = next(one for one in read_document(page).chapters if one.id == "volume")
    own = next(block for block in chapter.blocks if isinstance(block, Text) and block.kind == "own")
    assert "".join(run.text for run in own.runs) == "Mijn eigen woorden & <b>geen opmaak</b>."
