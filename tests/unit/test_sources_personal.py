"""No field of a feed brings personal data into the store. All names and numbers here are invented."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from overstap.ads.mask import mask_text
from overstap.sources.ads import check_source
from overstap.sources.ingest import ingest_source
from overstap.sources.rows import RAW_ADS
from overstap.study import AD_FIELDS, AdSource

TEXT = "Wij zoeken een monteur die zelfstandig werkt aan installaties."
PERSONAL = "Bel Sanne de Wit 06-12345678 of j.devries@x.nl"
FIELDS = ("title", "text", "date", *(name for name in AD_FIELDS if name not in ("title", "text", "date")))


def stored(tmp_path: Path, *ads: dict[str, str], prefix_ids: bool = True) -> pa.Table:
    with (tmp_path / "ads.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, restval="")
        writer.writeheader()
        writer.writerows({"text": TEXT, "date": "2015-01-01", **ad} for ad in ads)
    source = AdSource.model_validate({"id": "feed", "format": "csv", "files": ["ads.csv"]})
    return pa.Table.from_batches([b.ads for b in ingest_source(source, tmp_path, prefix_ids=prefix_ids)])


def field(tmp_path: Path, column: str, name: str, value: str) -> tuple[Any, int]:
    row = stored(tmp_path, {"ad_id": "1", name: value}).to_pylist()[0]
    return row[column], row["masked_n"]


def test_no_string_column_keeps_an_email_a_phone_or_a_contact(tmp_path: Path) -> None:
    ad = {name: PERSONAL for name in FIELDS if name not in ("date", "text")}
    table = stored(tmp_path, {**ad, "text": f"{TEXT} {PERSONAL}"}, {"ad_id": "2", "company": "Bouwbedrijf"})
    strings = [f.name for f in RAW_ADS.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
    first, second = table.to_pylist()
    for name in strings:
        assert not any(part in (first[name] or "") for part in ("12345678", "devries", "x.nl", "Sanne")), name
    assert first["company"] == "Bel [NAME] [PHONE] of [EMAIL]"
    assert first["masked_n"] > 3 * 10
    assert (second["company"], second["masked_n"]) == ("Bouwbedrijf", 0)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:j.devries@x.nl",
        "MAILTO:j.devries%40x.nl?subject=Vacature",
        "tel:+31612345678",
        "tel:1234567",
        "https://x.nl/solliciteer?naar=j.devries%40voorbeeld.nl",
        "https://wa.me/31612345678",
        "https://api.whatsapp.com/send?phone=31612345678",
        "https://www.linkedin.com/in/iemand-1a2b",
        "https://x.nl/bel?telefoon=0612345678",
        "06-12345678",
    ],
)
def test_an_address_that_leads_to_a_person_is_dropped(tmp_path: Path, url: str) -> None:
    assert field(tmp_path, "url", "url", url) == (None, 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.nl/vacature/0201234567-monteur",
        "https://x.nl/contact/Jan-Testman/monteur-0201234567?id=12345678",
        "voorbeeld.nl/vacature/monteur-0612345678",
        "https://medium.com/@voorbeeld/monteur",
        "https://www.linkedin.com/jobs/view/1234567890",
    ],
)
def test_other_addresses_stay_whole(tmp_path: Path, url: str) -> None:
    assert field(tmp_path, "url", "url", url) == (url, 0)


@pytest.mark.parametrize("ident", ["06-12345678", "0612345678", "j.devries@x.nl", "vac +31 6 12345678"])
def test_an_identifier_with_personal_data_becomes_file_and_line(tmp_path: Path, ident: str) -> None:
    assert field(tmp_path, "ad_id", "ad_id", ident) == ("feed/ads.csv:2", 1)
    assert stored(tmp_path, {"ad_id": ident}, prefix_ids=False)["ad_id"].to_pylist() == ["ads.csv:2"]


@pytest.mark.parametrize(
    "ident", ["0201234567", "20150301123456", "3f2a0612-0123-4567-8901-061234567890", "V-0201234567", "a1b2c3d4e5"]
)
def test_other_identifiers_stay_for_the_user_to_join_on(tmp_path: Path, ident: str) -> None:
    assert field(tmp_path, "ad_id", "ad_id", ident) == (f"feed/{ident}", 0)


def test_an_address_written_in_entities_is_masked_too(tmp_path: Path) -> None:
    assert field(tmp_path, "company", "company", "Smit, jan&#64;smit.nl") == ("Smit, [EMAIL]", 1)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("salary", "salary_text", "€ 2.500,00 - € 3.500,00 per maand (schaal 0-12)"),
        ("company", "company", "Contact Center Utrecht & Mail Company B.V."),
        ("hours", "hours_text", "32-40 uur, 09:00-17:30"),
        ("place", "place", "1012 AB Amsterdam"),
        ("company", "company", "R&amp;D 2000"),
    ],
)
def test_pay_hours_and_names_of_firms_stay(tmp_path: Path, name: str, column: str, value: str) -> None:
    assert field(tmp_path, column, name, value) == (value, 0)


def test_equal_values_in_a_batch_are_masked_in_each_row_and_unknown_stays_unknown(tmp_path: Path) -> None:
    companies = ["hr@x.nl", "", "Bouwbedrijf", "hr@x.nl"]
    table = stored(tmp_path, *({"ad_id": str(i), "company": c} for i, c in enumerate(companies)))
    assert table["company"].to_pylist() == ["[EMAIL]", None, "Bouwbedrijf", "[EMAIL]"]
    assert table["masked_n"].to_pylist() == [1, 0, 0, 1]
    assert mask_text("[EMAIL]") == ("[EMAIL]", 0)


def test_a_row_with_shifted_cells_leaves_no_contact_in_the_quarantine_or_the_check(tmp_path: Path) -> None:
    rows = "".join(f"{i},T,{TEXT},06-12345678 j.devries@x.nl\n" for i in range(3))
    (tmp_path / "ads.csv").write_text("id,title,text,date\n" + rows, encoding="utf-8")
    source = AdSource.model_validate({"id": "feed", "format": "csv", "files": ["ads.csv"]})
    (batch,) = ingest_source(source, tmp_path)
    said = str(batch.quarantine.to_pylist()) + "".join(map(repr, check_source(source, tmp_path)))
    assert batch.quarantine.num_rows == 3 and "cannot be read" in said
    assert not any(part in said for part in ("12345678", "devries"))
