"""The files of the core skills taxonomy keep the rules of their notation, whatever loader reads them."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from overstap.reference.forms import expand
from tests.shared_data import DATA

FOLDER = Path(__file__).parents[2] / "src" / "overstap" / "reference" / "data"
COLUMNS = ["skill_id", "label_nl", "label_en", "esco_uri", "forms_nl", "forms_en", "context", "not_forms", "note"]
TOKEN = re.compile(r"(?<![a-z0-9])\.(?=[a-z])[a-z0-9]+[+#]*|[a-z0-9]+[+#]*")
SOFT = re.compile(r"[ \-/'’_&]*|\.")


@dataclass(frozen=True)
class Spelling:
    text: str
    exact: bool
    beside: bool

    @property
    def key(self) -> tuple[tuple[str, ...], str]:
        """Forms with the same key claim the same words: the tokens, and the case where it is marked."""
        return tuple(TOKEN.findall(folded(self.text))), self.text if self.exact else ""


def folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char))


def spellings(cell: str) -> Iterator[Spelling]:
    for item in filter(None, (part.strip() for part in cell.split("|"))):
        bare = item.removeprefix("=").removesuffix("~").strip()
        yield from (Spelling(text, item.startswith("="), item.endswith("~")) for text in expand(bare))


def rows() -> list[tuple[str, dict[str, str]]]:
    found = []
    for path in sorted((FOLDER / "core_skills").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            assert reader.fieldnames == COLUMNS, path.name
            for row in reader:
                assert None not in row and None not in row.values(), f"{path.name}, line {reader.line_num}"
                found.append((path.stem, row))
    return found


def categories() -> dict[str, dict[str, str]]:
    with (FOLDER / "skill_categories.csv").open(encoding="utf-8", newline="") as file:
        return {row["category"]: row for row in csv.DictReader(file, strict=True)}


def test_the_study_has_23_categories_in_four_groups() -> None:
    listed = categories()
    assert len(listed) == 23
    assert [int(row["order"]) for row in listed.values()] == list(range(1, 24))
    assert {row["category_group"] for row in listed.values()} == {"digital", "other", "professional", "language"}
    assert all(row["label_nl"] and row["label_en"] for row in listed.values())


def test_every_file_is_a_category_and_holds_skills() -> None:
    assert {category for category, _ in rows()} <= set(categories())


def test_skill_ids_are_well_formed_and_unique() -> None:
    ids = [row["skill_id"] for _, row in rows()]
    assert [one for one in ids if not re.fullmatch(r"core\.[a-z0-9]+(_[a-z0-9]+)*", one)] == []
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


def test_every_skill_has_labels_and_forms() -> None:
    for _, row in rows():
        assert row["label_nl"].strip() and row["label_en"].strip(), row["skill_id"]
        assert list(spellings(row["forms_nl"] + " | " + row["forms_en"])), row["skill_id"]


def test_there_are_at_least_380_digital_skills() -> None:
    digital = {name for name, row in categories().items() if row["category_group"] == "digital"}
    counts = defaultdict(int)
    for category, _ in rows():
        counts[category] += category in digital
    assert sum(counts.values()) >= 380
    assert {name for name in digital if not counts[name]} == set()


def test_marks_stand_only_at_the_ends_and_forms_hold_no_hard_character() -> None:
    """A form with a comma, colon or bracket can match nothing; so can one without a token."""
    for _, row in rows():
        for column in ("forms_nl", "forms_en", "not_forms", "context"):
            for one in spellings(row[column]):
                if column == "context" and one.text.startswith("@"):
                    assert one.text in ("@digital", "@other", "@professional", "@language"), row["skill_id"]
                    continue
                place = f"{row['skill_id']}, {column}: {one.text!r}"
                text = folded(one.text)
                assert TOKEN.search(text), place
                assert all(SOFT.fullmatch(gap) for gap in TOKEN.split(text)), place


def test_a_form_that_needs_context_has_one() -> None:
    for _, row in rows():
        if any(one.beside for one in spellings(row["forms_nl"] + " | " + row["forms_en"])):
            assert row["context"].strip(), row["skill_id"]


def test_no_form_is_claimed_by_two_skills() -> None:
    owners: dict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    for _, row in rows():
        for one in spellings(row["forms_nl"] + " | " + row["forms_en"]):
            owners[one.key].add(row["skill_id"])
    assert {" ".join(key[0]): ids for key, ids in owners.items() if len(ids) > 1} == {}


def test_no_phrase_that_hides_a_form_is_itself_a_form() -> None:
    forms = {one.key for _, row in rows() for one in spellings(row["forms_nl"] + " | " + row["forms_en"])}
    for _, row in rows():
        hidden = [one.text for one in spellings(row["not_forms"]) if one.key in forms]
        assert not hidden, row["skill_id"]


def test_esco_addresses_are_well_formed_and_used_once() -> None:
    uris = [row["esco_uri"] for _, row in rows() if row["esco_uri"]]
    pattern = r"http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}"
    assert [uri for uri in uris if not re.fullmatch(pattern, uri)] == []
    assert sorted(uri for uri in set(uris) if uris.count(uri) > 1) == []


def test_everyday_words_never_count_on_their_own() -> None:
    """In lower case and without context none of these may stand for software, whoever edits the files."""
    everyday = "word excel exact access teams office go r c spring express play storm flink rust swift chef salt basic"
    plain = {
        one.key[0]
        for _, row in rows()
        for one in spellings(row["forms_nl"] + " | " + row["forms_en"])
        if not one.beside and not one.exact
    }
    assert {(word,) for word in everyday.split()} & plain == set()


@pytest.mark.real
def test_every_esco_address_exists() -> None:
    path = DATA / "classifications" / "esco_v1.1.1_en" / "skills_en.csv.gz"
    if not path.exists():
        pytest.skip(f"the shared data folder is absent: {path}")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        known = {row["conceptUri"] for row in csv.DictReader(file)}
    assert {row["skill_id"] for _, row in rows() if row["esco_uri"] and row["esco_uri"] not in known} == set()
