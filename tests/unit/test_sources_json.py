"""JSON Lines, Parquet, Jobfeed and JobPosting feeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overstap.errors import InputError
from overstap.sources.ads import check_source, read_source
from overstap.sources.ingest import ingest_source
from overstap.study import AdSource

TEXT = "Wij zoeken een monteur die zelfstandig werkt aan installaties."


def read(folder: Path, format: str, name: str, **settings: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    source = AdSource.model_validate({"id": "feed", "format": format, "files": [name], **settings})
    assert check_source(source, folder) == []
    batches = list(read_source(source, folder))
    return (
        [row for b in batches for row in b.ads.to_pylist()],
        [row for b in batches for row in b.quarantine.to_pylist()],
    )


def test_json_lines_split_on_the_newline_alone_and_set_broken_lines_apart(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "title": "Kok", "text": f"{TEXT}\u2028tweede", "month": "2014-05"}, ensure_ascii=False)
    broken = b'{"id": 2, "text": \n[1, 2]\n\n{"id": 3, "text": "caf\xe9"}\n'
    (tmp_path / "a.jsonl").write_bytes(line.encode() + b"\n" + broken + line.replace("1,", "4,", 1).encode())
    ads, bad = read(tmp_path, "jsonl", "a.jsonl")
    assert [(a["ad_id"], a["line_number"]) for a in ads] == [("feed/1", 1), ("feed/4", 6)]
    assert "\u2028" in ads[0]["text"]
    assert [(b["line_number"], b["reason_code"]) for b in bad] == [
        (2, "broken_row"),
        (3, "broken_row"),
        (5, "bad_encoding"),
    ]


def test_nested_fields_are_addressed_with_dots(tmp_path: Path) -> None:
    item = {"job": {"name": "Lasser", "body": TEXT}, "at": 1420070400, "where": [{"city": "Ede"}, {"city": "Wijk"}]}
    (tmp_path / "a.jsonl").write_text(json.dumps(item))
    columns = {"title": "job.name", "text": "job.body", "date": "at", "place": "where.city"}
    ads, _ = read(tmp_path, "jsonl", "a.jsonl", columns=columns)
    assert (ads[0]["title"], ads[0]["place"], str(ads[0]["posted_date"])) == ("Lasser", "Ede, Wijk", "2015-01-01")
    source = AdSource(id="f", format="jsonl", files=["a.jsonl"], columns={**columns, "title": "job.nam"})
    assert "columns: {title: job.name}" in check_source(source, tmp_path)[0].fix


def test_lone_surrogates_do_not_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "' + TEXT + ' \\ud83d", "date": "2015-01-01"}')
    ads, _ = read(tmp_path, "jsonl", "a.jsonl")
    assert ads[0]["text"].endswith("\ufffd")


def test_a_large_json_array_is_read_piece_by_piece(tmp_path: Path) -> None:
    items = [{"id": i, "text": f"{TEXT} {'é' * 900}", "date": "2015-01-01"} for i in range(3000)]
    (tmp_path / "a.json").write_text(json.dumps(items, ensure_ascii=False, indent=1))
    ads, bad = read(tmp_path, "jsonl", "a.json")
    assert (len(ads), ads[-1]["line_number"], bad) == (3000, 3000, [])
    (tmp_path / "a.json").write_text(json.dumps(items)[:-50])
    ads, bad = read(tmp_path, "jsonl", "a.json")
    assert len(ads) == 2999 and "cut off" in bad[0]["reason"]


def test_parquet_columns_are_mapped_and_a_cut_off_file_says_so(tmp_path: Path) -> None:
    import datetime as dt

    table = pa.table(
        {
            "key": [5],
            "employer": [{"name": "Bakkerij"}],
            "tekst": [TEXT],
            "datum": [dt.date(2016, 2, 1)],
            "sbi": ["J62.01"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    ads, _ = read(tmp_path, "parquet", "a.parquet", columns={"ad_id": "key", "company": "employer.name"})
    assert (ads[0]["ad_id"], ads[0]["company"], ads[0]["sbi_code"]) == ("feed/5", "Bakkerij", "6201")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    source = AdSource(id="f", format="parquet", files=["b.parquet"])
    with pytest.raises(InputError) as error:
        list(read_source(source, tmp_path))
    assert "b.parquet cannot be read as Parquet" in error.value.what and "again" in error.value.fix
    assert check_source(source, tmp_path)[0].what == error.value.what


def test_jobfeed_csv_with_sections_only_joins_them_in_order(tmp_path: Path) -> None:
    (tmp_path / "j.csv").write_text(
        "job_id;job_title;organization_name;location_name;profession_label;education_level;contract_type;"
        "hours_per_week_from;hours_per_week_to;organization_sbi;candidate_descr;conditions_descr;employer_descr;date\n"
        f'77;Monteur;Installatie BV;Ede;Elektricien;MBO;Vast;32;40;43.21;"{TEXT}";Goed loon;Wij zijn er;2014-06-02\n'
    )
    ads, _ = read(tmp_path, "jobfeed", "j.csv")
    ad = ads[0]
    assert ad["text"] == f"Wij zijn er\n\n{TEXT}\n\nGoed loon"
    assert (ad["hours_text"], ad["sbi_code"], ad["occupation_text"], ad["company"], ad["place"]) == (
        "32-40",
        "4321",
        "Elektricien",
        "Installatie BV",
        "Ede",
    )


def test_jobfeed_json_takes_labels_of_coded_fields(tmp_path: Path) -> None:
    item = {
        "job_id": 1,
        "job_title": "Arts",
        "full_text": TEXT,
        "date": "2015-01-01",
        "profession": {"value": 12, "label": "Arts (m/v)"},
    }
    (tmp_path / "j.json").write_text(json.dumps([item]))
    ads, _ = read(tmp_path, "jobfeed", "j.json")
    assert (ads[0]["ad_id"], ads[0]["occupation_text"]) == ("feed/1", "Arts (m/v)")


POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Verpleegkundige",
    "description": f"<p>{TEXT}</p>",
    "datePosted": "2019-05-01T08:00:00+02:00",
    "identifier": {"@type": "PropertyValue", "name": "X", "value": "abc-1"},
    "hiringOrganization": {"@type": "Organization", "name": "Zorg Voorbeeld"},
    "employmentType": ["FULL_TIME", "PART_TIME"],
    "jobLocation": [
        {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": "Zwolle", "addressRegion": "Overijssel"},
        },
        {"@type": "Place", "address": "Kampen"},
    ],
    "baseSalary": {"currency": "EUR", "value": {"minValue": 2500, "maxValue": 3200.5, "unitText": "MONTH"}},
    "industry": "Zorg",
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("p.json", json.dumps(POSTING)),
        ("p.json", json.dumps([POSTING])),
        ("p.json", json.dumps({"@context": "x", "@graph": [{"@type": "WebPage"}, POSTING]}, indent=2)),
        ("p.jsonl", json.dumps(POSTING)),
        (
            "p.html",
            f"<html><head><script type='application/ld+json'>{json.dumps(POSTING)}</script></head></html>",
        ),
    ],
)
def test_job_postings_in_every_container(tmp_path: Path, name: str, body: str) -> None:
    (tmp_path / name).write_text(body)
    ads, bad = read(tmp_path, "jobposting", name)
    ad = ads[0]
    assert bad == []
    assert (ad["ad_id"], ad["company"], ad["place"]) == ("feed/abc-1", "Zorg Voorbeeld", "Zwolle, Overijssel; Kampen")
    assert (ad["salary_text"], ad["contract_text"]) == ("EUR 2500 - 3200.5 per month", "FULL_TIME, PART_TIME")
    assert str(ad["posted_date"]) == "2019-05-01"


def test_pages_without_a_posting_are_set_apart(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<script type='application/ld+json'>{json.dumps(POSTING)}</script>")
    (tmp_path / "b.html").write_text("<p>no data</p>")
    source = AdSource(id="f", format="jobposting", files=["*.html"])
    with pytest.raises(InputError) as error:
        list(read_source(AdSource(id="f", format="jobposting", files=["b.html"]), tmp_path))
    assert "no schema.org JobPosting" in error.value.what
    batch = next(read_source(source, tmp_path))
    assert batch.ads.num_rows == 1
    assert batch.quarantine.to_pylist()[0]["file"] == "b.html"


def test_ingest_cleans_masks_and_sets_apart_what_is_empty_without_markup(tmp_path: Path) -> None:
    lines = [
        {
            "id": 1,
            "title": "Kok &amp; kok",
            "text": f"<p>{TEXT}</p><p>Bel Sanne Test op 06-12345678</p>",
            "date": "2015-01-01",
        },
        {"id": 2, "text": "<div></div>" * 9, "date": "2015-01-01"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    source = AdSource(id="feed", format="jsonl", files=["a.jsonl"])
    (batch,) = ingest_source(source, tmp_path)
    (same,) = ingest_source(source, tmp_path, workers=2)
    assert same.ads.equals(batch.ads) and same.quarantine.equals(batch.quarantine)
    (ad,) = batch.ads.to_pylist()
    assert (ad["title"], ad["text"], ad["masked_n"]) == ("Kok & kok", f"{TEXT}\n\nBel [NAME] op [PHONE]", 2)
    assert [(b["line_number"], b["reason_code"]) for b in batch.quarantine.to_pylist()] == [(2, "no_text")]
