"""An occupation is found by code, URI or name, in any case and with slips; an unknown one has its nearest named."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.moves.crosswalk import Level
from overstap.moves.find import KNOWN, Finder, fold
from overstap.moves.pairs import rate, read_pairs, top_moves, write_rows

WAITER = "http://data.europa.eu/esco/occupation/d5db9d5c-2ebf-4a54-a79a-1b7e7ff70471"
GONE = "http://data.europa.eu/esco/occupation/1b99cad3-27c6-4e19-83b6-7b5f8338ed2b"


@pytest.fixture(scope="module")
def finders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finder]:
    home = tmp_path_factory.mktemp("home")
    return {level: Finder.of(level, home) for level in ("esco", "isco", "brc")}


@pytest.mark.parametrize(
    "level, text, code",
    [
        ("esco", WAITER, WAITER),
        ("esco", WAITER.replace("http:", "https:") + "/", WAITER),
        ("esco", WAITER.rsplit("/", 1)[1].upper(), WAITER),
        ("esco", "Waiter/Waitress", WAITER),
        ("esco", "OBER/SERVEERSTER", WAITER),
        ("isco", WAITER, "5131"),
        ("isco", "http://data.europa.eu/esco/isco/C5131", "5131"),
        ("isco", "ISCO-08 5131", "5131"),
        ("isco", "110", "0110"),
        ("isco", "5131.0", "5131"),
        ("isco", "wine waiter", "5131"),
        ("brc", "5131", "1113"),
        ("brc", "1113", "1113"),
        ("brc", "432", "0432"),
        ("brc", "secretaresse", "0432"),
        ("brc", "boekhoudkundig medewerker", "0422"),
    ],
)
def test_named_exactly(finders: dict[str, Finder], level: Level, text: str, code: str) -> None:
    found = finders[level].find(text)
    assert found[0].score == 1
    assert found[0].code == code or (code == "0422" and found[0].name == "Boekhoudkundig medewerkers")


@pytest.mark.parametrize("level, code", [("isco", "4311"), ("brc", "0434")])
@pytest.mark.parametrize("text", ["boekhoudkundig medewerker", "Boekhoudkundig medewerkers", "bookkeeping clerk"])
def test_a_name_that_the_study_uses_means_the_studys_occupation(
    finders: dict[str, Finder], level: Level, code: str, text: str
) -> None:
    assert finders[level].find(text)[0][::2] == (code, 1.0)
    assert len(finders[level].find(text)) <= 3


@pytest.mark.parametrize("text, name", [("timmrman", "timmerman"), ("loodgietr", "loodgieter"), ("kaper", "kapper")])
def test_a_slip_is_forgiven_and_not_hidden(finders: dict[str, Finder], text: str, name: str) -> None:
    best = finders["esco"].find(text)[0]
    assert best.name == name and KNOWN < best.score < 1


def test_an_occupation_whose_identifier_is_gone_leads_to_its_heir(finders: dict[str, Finder]) -> None:
    assert finders["esco"].find(GONE, "en")[0].name == "onshore wind energy engineer"
    assert finders["isco"].find(GONE) == [] or finders["isco"].find(GONE)[0].code == "2149"


def test_an_unknown_occupation_has_its_nearest_three_and_an_empty_text_none(finders: dict[str, Finder]) -> None:
    found = finders["isco"].find("blorpf")
    assert len(found) == 3 and found[0].score < KNOWN
    assert finders["isco"].find("  ") == []


@pytest.mark.parametrize("level", ["esco", "isco", "brc"])
@pytest.mark.parametrize("text", ["zandkasteelbouwer", "eenhoornverzorger", "piraat", "cloud counter"])
def test_what_only_ends_like_a_name_is_not_read_as_it(finders: dict[str, Finder], level: Level, text: str) -> None:
    found = finders[level].find(text)
    assert 0 < len(found) <= 3 and all(one.score < KNOWN for one in found)


@pytest.mark.parametrize("level", ["esco", "isco", "brc"])
@pytest.mark.parametrize(
    "text", ["ziekenhuisschoonmaker", "medewerker klantenservice telecom", "sekretaresse", "secretarese", "kasiere"]
)
def test_work_that_no_list_names_is_read_still(finders: dict[str, Finder], level: Level, text: str) -> None:
    assert KNOWN <= finders[level].find(text)[0].score < 1


def test_a_word_of_two_languages_is_read_in_the_one_asked(finders: dict[str, Finder]) -> None:
    dutch, english = (finders["esco"].find("animator", lang)[0].code for lang in ("nl", "en"))
    assert dutch != english and finders["esco"].name(dutch, "nl") == "animator" == finders["esco"].name(english, "en")


def test_an_identifier_that_no_version_has_is_not_guessed_at(finders: dict[str, Finder]) -> None:
    assert finders["esco"].find(WAITER[:-4] + "0000") == []


def test_a_unit_group_stands_for_all_its_occupations(finders: dict[str, Finder]) -> None:
    assert len(finders["esco"].coded("5131")) > 1 and WAITER in finders["esco"].coded("5131")


def test_words_fold() -> None:
    assert fold("  Maître d'Hôtel (M/V) ") == "maitre d hotel m v"


@pytest.mark.parametrize("text", ["from,to\na,b\n", "\ufeffFrom;To;note\na;b;c\n", "to\tfrom\nb\ta\n"])
def test_pairs_are_read_with_any_delimiter(text: str) -> None:
    assert read_pairs(text.encode("utf-8"), "x.csv") == [("a", "b")]


def test_a_file_of_windows_is_read() -> None:
    assert read_pairs("from,to\ncoördinator,b\n".encode("cp1252"), "x.csv") == [("coördinator", "b")]


@pytest.mark.parametrize(
    "text, said", [("a,b\n1,2\n", "no column 'from' and no column 'to'"), ("from,to\n", "no rows"), ("", "empty")]
)
def test_a_file_without_pairs_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_pairs(text.encode(), "x.csv")
    assert said in str(error.value)


def test_a_row_is_kept_for_every_pair(tmp_path: Path) -> None:
    rows = rate([("4120", "4110"), ("blorpf", "4110"), ("4120", "4120")], "isco", home=tmp_path)
    assert [row["similarity"] is None for row in rows] == [False, True, False]
    assert rows[0]["band"] == "high" and rows[0]["basis"] == "observed" and rows[0]["features"] == "groups"
    assert rows[2]["similarity"] == 1 and "nearest: " in rows[1]["message"]
    assert rows[1]["to_code"] == "4110" and rows[1]["from_code"] == ""
    assert write_rows(rows).splitlines()[2].startswith("blorpf,4110,,4110,")


def test_a_unit_group_among_occupations_is_the_mean_over_them(tmp_path: Path) -> None:
    finder = Finder.of("esco", tmp_path)
    single = rate([(code, WAITER) for code in finder.coded("5132")], "esco", home=tmp_path)
    (row,) = rate([("5132", WAITER)], "esco", home=tmp_path)
    assert row["similarity"] == pytest.approx(sum(r["similarity"] for r in single) / len(single), abs=1e-5)
    assert row["basis"] == "allocated" and "mean of" in row["message"]


def test_the_best_moves_of_one_occupation_come_first(tmp_path: Path) -> None:
    rows = top_moves("secretaresse", "isco", 5, home=tmp_path)
    assert len(rows) == 5 and all(row["from_code"] == "4120" != row["to_code"] for row in rows)
    assert [row["similarity"] for row in rows] == sorted((row["similarity"] for row in rows), reverse=True)
    with pytest.raises(InputError, match="nearest"):
        top_moves("blorpf", "isco", 5, home=tmp_path)
