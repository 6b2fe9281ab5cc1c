"""`overstap annotate`: the contract that others build on, for every format of ads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.helpers import SKILLS, Cli, ads, overstap_command, write_csv

CANDIDATES = pa.list_(pa.struct([("code", pa.string()), ("score", pa.float32())]))
SKILL = [
    *((name, pa.string()) for name in ("skill_id", "esco_uri", "label_nl", "label_en", "category", "section")),
    *(("required", pa.bool_()), ("start", pa.int32()), ("end", pa.int32()), ("score", pa.float32()), ("method", pa.string())),
]  # fmt: skip
PROMISED = {
    "ad_id": pa.string(),
    "title": pa.string(),
    "language": pa.string(),
    "codable": pa.bool_(),
    "isco08": pa.string(),
    "isco08_score": pa.float32(),
    "isco08_candidates": CANDIDATES,
    "function_group": pa.string(),
    "education_levels": pa.list_(pa.string()),
    "sector": pa.string(),
    "sbi_code": pa.string(),
    "sector_score": pa.float32(),
    "topsectors": pa.list_(pa.string()),
    "province_code": pa.string(),
    "nuts3_code": pa.string(),
    "skills": pa.list_(pa.struct(SKILL)),
    "fact_spans": pa.list_(pa.struct([("field", pa.string()), ("start", pa.int32()), ("end", pa.int32())])),
}
ADS = ads(10)
POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "value": "p1"},
    "title": "Python developer",
    "description": "<p>What you bring:</p><ul><li>experience with Python</li></ul><p>Mail jan.jansen@example.org</p>",
    "datePosted": "2024-05-01",
    "hiringOrganization": {"@type": "Organization", "name": "Example"},
    "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Utrecht"}},
}


def column(rows: list[dict[str, str]], ours: str) -> list[str]:
    return [row[ours] for row in rows]


def test_the_contract_of_the_output_in_a_process_of_its_own(tmp_path: Path) -> None:
    rows = [dict(row) for row in ADS]
    rows[3]["description"] = "too short"
    rows[5]["description"] = (
        f"<p>{rows[5]['description']}</p><p>Questions? Mail piet@example.org or call 06-12345678.</p>"
    )
    write_csv(tmp_path / "ads.csv", rows)
    said = overstap_command("annotate", "ads.csv", "--out", "a.parquet", "--with-text", cwd=tmp_path)
    assert (said.returncode, said.stdout) == (0, ""), said.stderr
    assert "9 ads annotated to a.parquet" in said.stderr and "1 rows set aside" in said.stderr
    assert "1 text_too_short (" in said.stderr, "why rows were set aside, without opening the file of them"
    table = pq.read_table(tmp_path / "a.parquet")
    for name, kind in PROMISED.items():
        assert table.schema.field(name).type == kind, name
    assert table["ad_id"].to_pylist() == [i for i in column(rows, "id") if i != "a3"]
    named = 0
    for ad in table.to_pylist():
        assert "example.org" not in ad["text"] and "12345678" not in ad["text"]
        for skill in ad["skills"]:
            words = ad["text"][skill["start"] : skill["end"]]
            assert words and words == words.strip() and skill["method"]
            named += words in SKILLS
        for span in ad["fact_spans"]:
            assert ad["text"][span["start"] : span["end"]].strip()
    assert named == 9  # each ad names one of them, as the span says
    aside = pq.read_table(tmp_path / "a.quarantine.parquet").to_pylist()
    assert [(r["file"], r["line_number"], r["reason_code"]) for r in aside] == [("ads.csv", 5, "text_too_short")]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "a.quarantine.parquet", "ads.csv"]


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def as_parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, compression="zstd")
    return path


def as_page(path: Path) -> Path:
    page = (
        f'<html><head><script type="application/ld+json">{json.dumps(POSTING)}</script></head><body>Job</body></html>'
    )
    path.write_text(page, encoding="utf-8")
    return path


def test_every_format_gives_the_same_rows_in_the_order_given(tmp_path: Path, cli: Cli) -> None:
    rows = ADS[:4]
    files = [
        write_csv(tmp_path / "1.csv", rows),
        write_jsonl(tmp_path / "2.jsonl.gz", rows),
        as_parquet(tmp_path / "3.parquet", rows),
        write_jsonl(tmp_path / "4.jsonl", rows),
        as_page(tmp_path / "5.html"),
    ]
    said = cli("annotate", *files, "--out", tmp_path / "all.parquet")
    assert said.code == 0, said.err
    found = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [ad["ad_id"] for ad in found[:16]] == column(rows, "id") * 4
    for n in range(1, 4):
        assert found[4 * n : 4 * n + 4] == found[:4]
    posting = found[16]
    assert posting["ad_id"] == "p1" and "core.python" in [s["skill_id"] for s in posting["skills"]]
    assert posting["province_code"] == "NL31"
    assert "text" not in found[0]
    assert pq.read_table(tmp_path / "all.quarantine.parquet").num_rows == 0


def test_ads_are_not_written_over(tmp_path: Path, cli: Cli) -> None:
    ads = as_parquet(tmp_path / "ads.parquet", ADS[:3])
    before = ads.read_bytes()
    said = cli("annotate", ads, "--out", tmp_path / "." / "ads.parquet")
    assert said.code != 0 and "ads-annotated.parquet" in said.err
    assert ads.read_bytes() == before


def test_columns_named_by_the_user(tmp_path: Path, cli: Cli) -> None:
    rows = [{"nr": r["id"], "kop": r["title"], "verhaal": r["description"]} for r in ADS[:3]]
    write_csv(tmp_path / "ads.csv", rows)
    args = ["--map", "ad_id=nr", "--map", "title=kop", "--map", "text=verhaal"]
    said = cli("annotate", tmp_path / "ads.csv", "--out", tmp_path / "a.parquet", *args)
    assert said.code == 0, said.err
    found = pq.read_table(tmp_path / "a.parquet")
    assert found["ad_id"].to_pylist() == ["a0", "a1", "a2"] and found["title"].to_pylist() == column(ADS[:3], "title")


def test_jobfeed_and_jobposting_run_in_a_study(tmp_path: Path, cli: Cli) -> None:
    from overstap.pipeline import Study
    from tests.cli.helpers import write_study

    jobfeed = [
        {
            "job_id": row["id"],
            "job_title": row["title"],
            "full_text": row["description"],
            "date_found": row["posted"],
            "organization_name": row["company"],
            "sic": "6201",
        }
        for row in ADS
    ]
    write_csv(tmp_path / "jobfeed.csv", jobfeed)
    as_page(tmp_path / "page.html")
    sources = [
        {"id": "jobfeed", "format": "jobfeed", "files": ["jobfeed.csv"]},
        {"id": "pages", "format": "jobposting", "files": ["*.html"]},
    ]
    path = write_study(tmp_path, None, sources=sources)
    said = cli("run", path, "--no-report")
    assert said.code == 0, said.err
    ads_read = Study.open(path).table("raw_ads", ["ad_id", "sbi_code"]).to_pylist()
    assert [ad["ad_id"] for ad in ads_read] == [*(f"jobfeed/a{i}" for i in range(10)), "pages/p1"]
    assert {ad["sbi_code"] for ad in ads_read[:10]} == {"6201"}


def test_an_old_output_is_replaced_and_a_failure_keeps_it(tmp_path: Path, cli: Cli) -> None:
    feed, out = write_csv(tmp_path / "ads.csv", ADS[:2]), tmp_path / "a.parquet"
    assert cli("annotate", feed, "--out", out).code == 0
    before = out.read_bytes()
    write_csv(feed, [{"id": "1", "text": "short"}])
    assert cli("annotate", feed, "--out", out).code == 2
    assert out.read_bytes() == before
    write_csv(feed, ADS[:3])
    assert cli("annotate", feed, "--out", out).code == 0
    assert pq.read_table(out).num_rows == 3


SKILLS_EN = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,inScheme\n"
    "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/a1,skill/competence,sector-specific,"
    "tune harpsichords,adjust harpsichord strings,http://data.europa.eu/esco/concept-scheme/skills\n"
)
SKILLS_NL = SKILLS_EN.replace("tune harpsichords", "klavecimbels stemmen").replace("adjust harpsichord strings", "")


def test_the_full_esco_beside_the_core(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "home"))
    folder = tmp_path / "ESCO dataset - v1.2.0"
    folder.mkdir()
    (folder / "skills_en.csv").write_text(SKILLS_EN, encoding="utf-8")
    (folder / "skills_nl.csv").write_text(SKILLS_NL, encoding="utf-8")
    said = cli("reference", "install", "esco", "--from", folder)
    assert said.code == 0 and said.out == ""
    assert "1 skills (1 with a Dutch label, 1 with an English one)" in said.err
    text = "What you bring: you tune harpsichords for concerts and you work with Python every day."
    feed = write_csv(tmp_path / "ads.csv", [{"id": "1", "title": "Tuner", "text": text}])
    found = {}
    for taxonomy in ("core", "esco"):
        out = tmp_path / f"{taxonomy}.parquet"
        said = cli("annotate", feed, "--out", out, "--taxonomy", taxonomy)
        assert said.code == 0, said.err
        found[taxonomy] = {s["skill_id"]: s for s in pq.read_table(out).to_pylist()[0]["skills"]}
    assert set(found["core"]) == {"core.python"}
    assert set(found["esco"]) == {"core.python", "esco.a1"}
    skill = found["esco"]["esco.a1"]
    assert (skill["label_nl"], skill["label_en"]) == ("klavecimbels stemmen", "tune harpsichords")
    assert skill["esco_uri"] == "http://data.europa.eu/esco/skill/a1"


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        ("naam,omschr\nx,y\n", (), "--map text=omschr"),
        ("naam,omschr\nx,y\n", ("--map", "text=omsch"), "Did you mean 'omschr'? Name it: --map text=omschr"),
        ("", (), "Replace the file, or leave it out."),
        ("title,text\n", (), "Export the feed again, or leave it out."),
        ("title,text\nMedewerker café,Wij zoeken een collega voor ons café.\n", (), "--encoding cp1252"),
        (
            "title,text\nx,Wij zoeken een collega voor onze winkel.\n",
            ("--encoding", "utf-7x"),
            "Set --encoding to one of",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words_of_the_command(
    tmp_path: Path, cli: Cli, content: str, more: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(content.encode("cp1252"))
    said = cli("annotate", path, "--out", tmp_path / "out.parquet", *more)
    text = " ".join(said.err.split())
    assert said.code == 2 and told in text, text
    assert not [word for word in ("study", "Source ", "columns:", "files:", "sources:") if word in text], text


def test_a_file_of_windows_is_read_with_its_encoding(tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(
        "title,text\nMedewerker café,Wij zoeken een collega voor ons café in Groningen.\n".encode("cp1252")
    )
    assert cli("annotate", path, "--out", tmp_path / "out.parquet", "--encoding", "cp1252", "--with-text").code == 0
    assert "café" in pq.read_table(tmp_path / "out.parquet")["text"][0].as_py()
