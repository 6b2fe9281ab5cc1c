"""Figures on accuracy are told in the reader's language, and each of them is."""

from __future__ import annotations

from overstap.pipeline import Study
from overstap.publish.accuracy import AccuracyChapter, dutch, figures
from overstap.publish.labels import Translator


def test_every_set_and_measure_has_a_dutch_name_and_no_name_is_left_over() -> None:
    told = {row[part] for row in figures() for part in ("set", "measure")}
    assert set(dutch()) == told
    assert all(name.strip() for name in dutch().values())


def test_the_overview_writes_numbers_as_its_language_does(finished_study: Study) -> None:
    nl, en = (AccuracyChapter(finished_study, Translator(lang)).overview() for lang in ("nl", "en"))
    assert len(nl) == len(en) == len(figures())
    assert nl[0][2:] == tuple(text.replace(".", ",") for text in en[0][2:]) and nl[0][0] != en[0][0]
