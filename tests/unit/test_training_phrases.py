"""The written training phrases keep the form that the trainer of the semantic linker reads."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

FOLDER = files("overstap") / "semantic" / "training"
PHRASE_FILES = sorted(entry.name for entry in FOLDER.iterdir() if re.fullmatch(r"phrases_\w+\.csv", entry.name))
URI = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9A-Za-z-]+")
PERSONAL = re.compile(r"@|https?://|www\.|\+?\d[\d\s-]{7,}\d")


def read(name: str, columns: list[str]) -> list[dict[str, str]]:
    """Rows of one training file, after a check that its header is the agreed one."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        assert reader.fieldnames == columns
        return list(reader)


def phrases() -> list[dict[str, str]]:
    return [row for name in PHRASE_FILES for row in read(name, ["uri", "lang", "phrase"])]


@pytest.mark.parametrize("name", PHRASE_FILES)
def test_each_phrase_has_a_skill_a_language_and_a_few_words(name: str) -> None:
    for row in read(name, ["uri", "lang", "phrase"]):
        assert URI.fullmatch(row["uri"]), row
        assert row["lang"] in {"nl", "en"}, row
        assert row["phrase"] == " ".join(row["phrase"].split()), row
        assert 1 <= len(row["phrase"].split()) <= 20, row


def test_no_phrase_stands_for_two_skills_or_twice() -> None:
    counts = Counter((row["lang"], row["phrase"].casefold()) for row in phrases())
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_skill_is_written_in_both_languages() -> None:
    """But for those in phrases_common.csv, which add ways of saying to skills of the other files."""
    languages: dict[str, set[str]] = {}
    lettered = [name for name in PHRASE_FILES if name != "phrases_common.csv"]
    for row in (row for name in lettered for row in read(name, ["uri", "lang", "phrase"])):
        languages.setdefault(row["uri"], set()).add(row["lang"])
    assert len(languages) >= 900
    assert [uri for uri, found in languages.items() if found != {"nl", "en"}] == []


def test_sentences_name_up_to_four_skills_or_none() -> None:
    rows = read("sentences_multi.csv", ["sentence_id", "lang", "sentence", "uris"])
    assert len({row["sentence_id"] for row in rows}) == len({row["sentence"] for row in rows}) == len(rows)
    for row in rows:
        uris = row["uris"].split("|") if row["uris"] else []
        assert row["lang"] in {"nl", "en"}, row
        assert len(uris) == len(set(uris)) <= 4, row
        assert all(URI.fullmatch(uri) for uri in uris), row
    asked_none = sum(not row["uris"] for row in rows)
    assert 0 < asked_none < len(rows) / 4


def test_no_personal_data() -> None:
    texts = [row["phrase"] for row in phrases()]
    texts += [row["sentence"] for row in read("sentences_multi.csv", ["sentence_id", "lang", "sentence", "uris"])]
    assert [text for text in texts if PERSONAL.search(text)] == []
