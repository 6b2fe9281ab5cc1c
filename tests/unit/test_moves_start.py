"""Starting from one's own skills or a CV: what is recognised is told, and the text of a CV goes nowhere."""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.moves import start as begin
from overstap.sources.documents import document_text

SECRET = "Zaphod Q. Vrijmoedig, 0612345678"


def test_named_skills_are_recognised_and_the_others_told() -> None:
    start = begin.of_skills("Excel, heftruck rijden; qwrtz zxcvb")
    assert len(start.skills) == 2
    assert start.unread == ("qwrtz zxcvb",)
    assert all(uri.startswith("http://data.europa.eu/esco/skill/") for uri in start.skills)


@pytest.mark.parametrize("text", [" , ;", "qwrtz zxcvb"])
def test_no_known_skill_is_an_error_that_says_what_was_read(text: str) -> None:
    with pytest.raises(InputError, match="None of the skills"):
        begin.of_skills(text)


def test_a_cv_leaves_no_text_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    home, cv = tmp_path / "home", tmp_path / "cv.txt"
    home.mkdir()
    monkeypatch.setenv("OVERSTAP_HOME", str(home))
    monkeypatch.chdir(home)
    cv.write_text(f"{SECRET}\nIk werk met Excel en Python, en ik bestuur een heftruck.", encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        start = begin.of_cv(cv)
    assert start.skills
    assert start.asked == ""
    told = repr(start) + caplog.text + "".join(capfd.readouterr())
    assert not any(word in told for word in ("Zaphod", "0612345678", "heftruck", "Excel"))
    for file in home.rglob("*"):
        if file.is_file():
            assert b"Zaphod" not in file.read_bytes(), file


def test_clauses_of_a_cv_are_read_by_meaning_but_not_wishes_headings_or_schooling(tmp_path: Path) -> None:
    cv = tmp_path / "cv.txt"
    cv.write_text(
        "Curriculum vitae. Opleiding: secondary school, Leeds.\nDaar verzorgde ik de facturen. "
        "Ook heb ik nieuwe collega's ingewerkt. De menu's plannen wil ik nog leren.",
        encoding="utf-8",
    )
    found = {english for _, english in begin.skill_names(begin.of_cv(cv, tmp_path).skills)}
    assert found == {"issue sales invoices", "train employees"}


def word_file(*paragraphs: str) -> bytes:
    made = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return made.getvalue()


def pdf_file(text: str) -> bytes:
    """A PDF of one page with one line."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % at for at in starts)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(made),
    )


@pytest.mark.parametrize(
    "content",
    [
        word_file("Jan", "Ik werk met Excel", "en Python"),
        b"<!DOCTYPE html><html><head><style>p{}</style></head><body><p>Ik werk met Excel</p><p>en Python</p></body></html>",
        b"\xef\xbb\xbfIk werk met Excel\nen Python",
    ],
)
def test_a_cv_is_read_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    cv = tmp_path / "cv.xyz"
    cv.write_bytes(content)
    assert [line for line in document_text(cv).split("\n") if line.strip()][-2:] == ["Ik werk met Excel", "en Python"]


def test_a_cv_as_pdf_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="needs the extra cv")
    cv = tmp_path / "cv.pdf"
    cv.write_bytes(pdf_file("Ik werk met Excel en Python"))
    assert document_text(cv).strip() == "Ik werk met Excel en Python"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4 \xff\xfe Zaphod", b"Zaphod zwijgt.", b"PK\x03\x04 Zaphod", b"\xff Zaphod"]
)
def test_errors_on_a_cv_hold_nothing_of_it(tmp_path: Path, content: bytes) -> None:
    cv = tmp_path / "cv.txt"
    cv.write_bytes(content)
    with pytest.raises(InputError) as error:
        begin.of_cv(cv)
    assert "Zaphod" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_missing_cv_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt"):
        begin.of_cv(tmp_path / "none.txt")


@pytest.mark.parametrize(("name", "said"), [("cv.docx", "not a Word document"), ("cv.pdf", "not PDF")])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str, said: str) -> None:
    cv = tmp_path / name
    cv.write_text("Ik werk met Excel.", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        document_text(cv)


@pytest.mark.parametrize("name", ["cv.docx", "cv.pdf", "cv.txt"])
def test_an_empty_file_holds_no_text(tmp_path: Path, name: str) -> None:
    cv = tmp_path / name
    cv.write_bytes(b"")
    with pytest.raises(InputError, match="holds no text"):
        document_text(cv)
