"""Places as feeds write them, against a small table."""

import pyarrow as pa
import pytest

from overstap.ads.place import RESULT, Places, code_places

ROWS = [
    ("Amsterdam", "municipality", "NL32", "NL329"),
    ("Amsterdam Zuidoost", "municipality", "NL32", "NL329"),
    ("Utrecht", "municipality", "NL31", "NL310"),
    ("Utrecht", "province", "NL31", None),
    ("Eindhoven", "municipality", "NL41", "NL414"),
    ("Den Haag", "municipality", "NL33", "NL332"),
    ("'s-Hertogenbosch", "municipality", "NL41", "NL413"),
    ("Beek", "town", "NL42", "NL423"),
    ("Beek", "town", "NL22", "NL226"),
    ("Beek", "town", "NL22", "NL225"),
    ("Oss", "municipality", "NL41", "NL413"),
    ("Oss", "town", "NL32", "NL328"),
    ("Noord-Brabant", "province", "NL41", None),
    ("Limburg", "province", "NL42", None),
    ("NH", "province_abbreviation", "NL32", None),
    ("NB", "province_abbreviation", "NL41", None),
    ("GE", "province_abbreviation", "NL22", None),
    ("LI", "province_abbreviation", "NL42", None),
]
KNOWN = Places.from_table(
    pa.table(dict(zip(["place", "kind", "province_code", "nuts3_code"], zip(*ROWS, strict=True), strict=True)))
)


@pytest.mark.parametrize(
    ("place", "province", "nuts3"),
    [
        ("Amsterdam, NH, NL", "NL32", "NL329"),
        ("AMSTERDAM", "NL32", "NL329"),
        ("Amsterdam-Zuidoost, NH, NL", "NL32", "NL329"),
        ("1012 AB Amsterdam", "NL32", "NL329"),
        ("Utrecht (stad)", "NL31", "NL310"),
        ("Provincie Utrecht", "NL31", None),
        ("regio Eindhoven", "NL41", "NL414"),
        ("Eindhoven en omgeving", "NL41", "NL414"),
        ("Eindhoven, Noord-Brabant, Nederland", "NL41", "NL414"),
        ("Eindhoven Strijp", "NL41", "NL414"),
        ("Den Haag", "NL33", "NL332"),
        ("'s-Hertogenbosch", "NL41", "NL413"),
        ("s Hertogenbosch", "NL41", "NL413"),
        ("Noord-Brabant", "NL41", None),
        ("Onbekendstad, NB, NL", "NL41", None),
        ("Beek, LI, NL", "NL42", "NL423"),
        ("Beek, GE, NL", "NL22", None),
        ("Beek", None, None),
        ("Oss", "NL41", "NL413"),
        ("Nederland", None, None),
        ("NL", None, None),
        ("Thuiswerken", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_place_to_region(place: str | None, province: str | None, nuts3: str | None) -> None:
    assert code_places(pa.array([place], pa.string()), known=KNOWN).to_pylist() == [
        {"province_code": province, "nuts3_code": nuts3}
    ]


@pytest.mark.parametrize("place", ["Amsterdam, NY, US", "Limburg, België", "London, United Kingdom", "Duitsland"])
def test_places_abroad_have_no_region(place: str) -> None:
    assert code_places(pa.array([place]), known=KNOWN).to_pylist() == [{"province_code": None, "nuts3_code": None}]


def test_column_keeps_its_order_and_its_nulls() -> None:
    places = pa.chunked_array([pa.array(["Oss", None]), pa.array(["Den Haag", "Oss"])])
    batch = code_places(places, known=KNOWN)
    assert batch.schema == RESULT
    assert batch["nuts3_code"].to_pylist() == ["NL413", None, "NL332", "NL413"]


def test_short_province_names_that_are_also_countries() -> None:
    rows = [("FR", "province_abbreviation", "NL12", None), ("Leeuwarden", "municipality", "NL12", "NL125")]
    names = ["place", "kind", "province_code", "nuts3_code"]
    known = Places.from_table(pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))))
    found = code_places(pa.array(["Leeuwarden, FR, NL", "FR, NL", "Leeuwarden, FR"]), known=known)
    assert found["nuts3_code"].to_pylist() == ["NL125", None, None]
    assert found["province_code"].to_pylist() == ["NL12", "NL12", None]
