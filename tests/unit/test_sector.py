"""Sector from the feed's code, its words, or the company's name; topsectors by longest code."""

import pyarrow as pa
import pytest

from overstap.ads.sector import RESULT, code_sectors, parse_sbi, section_of, topsectors_of

TOPSECTORS = pa.table(
    {
        "topsector": ["htsm", "htsm", "life_sciences", "htsm", "chemie", "energie"],
        "sbi_code": ["26", "26.6", "266", "62", "20", "D"],
        "part": ["full", "none", "full", "part", "full", "full"],
    }
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("C26", ("C", "26")),
        ("26.51", ("C", "2651")),
        ("2651", ("C", "2651")),
        ("62010", ("J", "62010")),
        ("620100", ("J", "62010")),
        ("SBI 62.01", ("J", "6201")),
        ("6201, 6202", ("J", "6201")),
        ("86", ("Q", "86")),
        ("q", ("Q", "Q")),
        ("1", ("A", "01")),
        ("01.1", ("A", "011")),
    ],
)
def test_codes_as_feeds_write_them(code: str, expected: tuple[str, str]) -> None:
    assert parse_sbi(code) == expected


@pytest.mark.parametrize("code", ["", None, "34", "X12", "C62", "44.1", "00", "zorg", "onbekend", "C26A", "２６"])
def test_invalid_codes_are_ignored(code: str | None) -> None:
    assert parse_sbi(code) is None


def test_every_division_has_one_section() -> None:
    found = [section_of(f"{n:02d}") for n in range(100)]
    assert sum(s is not None for s in found) == 88
    assert len({s for s in found if s}) == 21


def sector(code: str | None, words: str | None, company: str | None, min_score: float = 0.5) -> dict[str, object]:
    columns = [pa.array([v], pa.string()) for v in (code, words, company)]
    return code_sectors(*columns, min_score).to_pylist()[0]


def test_code_goes_before_words_and_words_before_the_name() -> None:
    assert sector("2651", "Onderwijs", "Gemeente Ons Dorp") == {"sector": "C", "sbi_code": "2651", "sector_score": 1.0}
    assert sector("34", "Onderwijs", "Gemeente Ons Dorp")["sector"] == "P"
    assert sector(None, None, "Gemeente Ons Dorp")["sector"] == "O"
    assert sector(None, "Diversen", None) == {"sector": None, "sbi_code": None, "sector_score": None}


@pytest.mark.parametrize(
    ("words", "letter"),
    [
        ("Banks And Financial Services", "K"),
        (" Health Care", "Q"),
        ("Hospitals and Health Care", "Q"),
        ("Biotech & Pharmaceuticals", "C"),
        ("IT Services and IT Consulting", "J"),
        ("Zorg en welzijn", "Q"),
        ("Detailhandel", "G"),
        ("Transport en logistiek", "H"),
        ("Software Development, Internet", "J"),
        ("Wij werken in de gezondheidszorg sinds 1990", "Q"),
    ],
)
def test_wordings_of_boards(words: str, letter: str) -> None:
    assert sector(None, words, None)["sector"] == letter


@pytest.mark.parametrize(
    ("company", "letter"),
    [
        ("Streekziekenhuis Midden", "Q"),
        ("Gemeente Ons Dorp", "O"),
        ("Hogeschool Voorbeeld", "P"),
        ("Voorbeeldbank N.V.", "K"),
        ("Jansen Transport B.V.", "H"),
        ("Bouwbedrijf De Vries", "F"),
        ("De Groot Verzekeringen", "K"),
        ("Jansen & Zonen", None),
        ("Bankstel Meubelen", None),
    ],
)
def test_names_of_companies(company: str, letter: str | None) -> None:
    assert sector(None, None, company)["sector"] == letter


def test_below_the_threshold_the_sector_is_unknown() -> None:
    assert sector(None, None, "Gemeente Ons Dorp", 0.95)["sector"] is None
    assert sector("84", None, None, 0.95)["sector"] == "O"


def test_columns_that_a_feed_lacks() -> None:
    batch = code_sectors(None, None, pa.array(["Gemeente X", None]))
    assert batch.schema == RESULT
    assert batch["sector"].to_pylist() == ["O", None]
    assert code_sectors(None, None, None).num_rows == 0


def test_topsectors_overlap_and_the_longest_code_decides() -> None:
    codes = pa.array(["2651", "26.60", "26", "62010", "20", "35", "84", "x", None, "D"])
    assert topsectors_of(codes, TOPSECTORS).to_pylist() == [
        ["htsm"], ["life_sciences"], ["htsm"], ["htsm"], ["chemie"], ["energie"], [], [], None, ["energie"],
    ]  # fmt: skip


def test_parts_of_a_code_can_be_left_out() -> None:
    codes = pa.array(["62010", "2651"])
    assert topsectors_of(codes, TOPSECTORS, parts=["full"]).to_pylist() == [[], ["htsm"]]
