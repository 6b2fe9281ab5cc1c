"""Starting from one's own skills or a CV: what is recognised is told, and the text of a CV goes nowhere."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.moves import start as begin

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


@pytest.mark.parametrize("content", [b"%PDF-1.4 \xff\xfe Zaphod", b"Zaphod zwijgt."])
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
