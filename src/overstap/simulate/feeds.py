"""Writes a simulated market as feeds in the formats that importers read, with the truth in a folder of its own."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from overstap.simulate.ads import SCHEMA, Posted, write_marks, writer
from overstap.simulate.employers import BOARDS
from overstap.simulate.fragments import join
from overstap.simulate.rates import rates_table
from overstap.simulate.spec import MarketSpec
from overstap.simulate.truth import ADS, VACANCIES, simulate_market

NOTICE = "Simulated by overstap. No ad, employer, person or number in these files is real."
JSONL_COLUMNS = {
    "ad_id": "id",
    "title": "functietitel",
    "text": "omschrijving",
    "date": "plaatsingsdatum",
    "company": "bedrijf",
    "place": "standplaats",
    "sbi_code": "sbi",
    "salary": "salaris",
    "contract": "dienstverband",
    "hours": "uren",
    "url": "link",
    "board": "bron",
}
CSV_COLUMNS = {
    "ad_id": "job_id",
    "title": "job_title",
    "text": "description",
    "date": "posted_on",
    "company": "employer",
    "place": "city",
    "sbi_code": "sbi_code",
    "salary": "salary",
    "contract": "contract",
    "url": "url",
    "board": "board",
}
JOBFEED_COLUMNS = {
    "ad_id": "id",
    "title": "title",
    "text": "fulltxt",
    "date": "date_found",
    "company": "organization_name",
    "place": "job_location",
    "sbi_code": "sic",
    "contract": "contract_type",
    "url": "source_url",
    "board": "source_website",
}
_JOBFEED_SECTIONS = {
    "job_descr": "role",
    "employer_descr": "company",
    "candidate_descr": "require",
    "conditions_descr": "offer",
    "application_descr": "apply",
}
_JOBFEED_CONTRACT = {
    "vast": "Permanent contract",
    "tijdelijk": "Temporary contract",
    "uitzend": "Temporary employment",
    "stage": "Internship",
    "zzp": "Freelance",
}


@dataclass(frozen=True)
class Feed:
    """One feed: its path (a file, or a folder of pages), its format, and which of its columns holds which field of an
    ad.

    `rows` counts the good ads, `broken` the rows that an importer must put aside: no text, an impossible date, or no
    row at all.
    """

    name: str
    path: Path
    format: str
    columns: dict[str, str]
    rows: int
    broken: int


@dataclass(frozen=True)
class MarketFiles:
    """What `write_market` wrote: the feeds, the truth tables, and the number of ads and vacancies."""

    feeds: tuple[Feed, ...]
    truth_ads: Path
    truth_vacancies: Path
    truth_rates: Path
    n_ads: int
    n_vacancies: int


@dataclass
class _Sink:
    """Counts and a random stream for one feed's broken rows."""

    rng: np.random.Generator
    share: float
    rows: int = 0
    broken: int = field(default=0)

    def damaged(self, row: dict[str, Any], ident: str, text: str, date: str) -> Iterator[dict[str, Any]]:
        """Sometimes a broken copy of `row` under another id, to be written beside it."""
        self.rows += 1
        if self.rng.random() < self.share:
            self.broken += 1
            bad = {**row, ident: f"X{row[ident]}"}
            bad[text if self.broken % 2 else date] = (
                "" if self.broken % 2 else ("2016-02-31", "31-31-2015", "0000-00-00")[self.broken % 3]
            )
            yield bad


_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def json_line(row: dict[str, Any]) -> str:
    """A row of a feed of JSON Lines."""
    return _ENCODE(row) + "\n"


def _jsonl(out: TextIO, ads: pa.RecordBatch, sink: _Sink) -> None:
    for row in ads.to_pylist():
        good = {theirs: row[ours] for ours, theirs in JSONL_COLUMNS.items()}
        good["plaatsingsdatum"] = row["date"].isoformat()
        out.write(json_line(good))
        for bad in sink.damaged(good, "id", "omschrijving", "plaatsingsdatum"):
            out.write(json_line(bad) if sink.broken % 5 else '{"id": "X-broken", "functietitel": \n')


def _csv(out: Any, ads: pa.RecordBatch, sink: _Sink) -> None:
    for row in ads.to_pylist():
        good = {theirs: row[ours] for ours, theirs in CSV_COLUMNS.items()}
        good["posted_on"] = row["date"].strftime("%d-%m-%Y")
        out.writerow(good)
        out.writerows(sink.damaged(good, "job_id", "description", "posted_on"))


def _hours(cell: str | None) -> tuple[str, str]:
    numbers = (cell or "").removesuffix(" uur").split("-")
    return numbers[0], numbers[-1]


def _jobfeed(out: Any, spec: MarketSpec, posted: Posted, at: np.ndarray[Any, Any], sink: _Sink) -> None:
    w, p = writer(spec), posted.postings
    plain = np.zeros(len(at), dtype=np.int64)
    sections = {
        name: join(w.fragments, write_marks(w, posted.script.sections[section][p.vacancy[at]], plain)).to_pylist()
        for name, section in _JOBFEED_SECTIONS.items()
    }
    for i, row in enumerate(posted.ads.take(pa.array(at)).to_pylist()):
        good = {theirs: row[ours] for ours, theirs in JOBFEED_COLUMNS.items()}
        low, high = _hours(row["hours"])
        pay = [x.replace("€ ", "").replace(".", "").replace(",", "") for x in (row["salary"] or " - ").split(" - ")]
        good |= {name: texts[i].strip() for name, texts in sections.items()}
        good |= {
            "date_found": row["date"].isoformat(),
            "sic": (row["sbi_code"] or "").replace(".", ""),
            "hours_per_week_min": low,
            "hours_per_week_max": high,
            "salary_min": pay[0].strip(),
            "salary_max": pay[1].strip(),
            "contract_type": _JOBFEED_CONTRACT.get(row["contract"] or "", ""),
            "via_intermediary": "no",
        }
        out.writerow(good)
        out.writerows(sink.damaged(good, "id", "fulltxt", "date_found"))


def _page(row: dict[str, Any]) -> str:
    """An HTML page of an employer's own site, with the ad as schema.org JobPosting in JSON-LD."""
    posting = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": row["title"],
        "description": row["text"],
        "datePosted": row["date"].isoformat(),
        "identifier": {"@type": "PropertyValue", "name": row["company"], "value": row["ad_id"]},
        "hiringOrganization": {"@type": "Organization", "name": row["company"]},
        "jobLocation": {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": row["place"], "addressCountry": "NL"},
        },
        "url": row["url"],
    }
    if row["contract"]:
        posting["employmentType"] = {"vast": "FULL_TIME", "stage": "INTERN", "zzp": "CONTRACTOR"}.get(
            row["contract"], "TEMPORARY"
        )
    data = json.dumps(posting, ensure_ascii=False, indent=1).replace("</", "<\\/")
    title = html.escape(row["title"])
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title><!-- {NOTICE} -->\n'
        f'<script type="application/ld+json">\n{data}\n</script></head>\n'
        f"<body><h1>{title}</h1><p>{html.escape(row['company'])}</p></body></html>\n"
    )


def write_market(spec: MarketSpec, folder: Path) -> MarketFiles:
    """Simulates `spec` into `folder`/feeds and `folder`/truth, and says what was written. Existing files are
    overwritten.

    Feeds: banenbord (JSON Lines, gzip), werkvinder (CSV, comma, day-month-year), vacatureplein (Parquet), jobfeed (CSV
    with Jobfeed's field names, semicolon), eigensite (at most `spec.n_pages` HTML pages with JSON-LD; the rest joins
    banenbord, its board named). Equal specs give equal bytes. Raises OSError where the folder cannot be written.
    """
    feeds, truth = folder / "feeds", folder / "truth"
    pages = feeds / "eigensite"
    for path in (pages, truth):
        path.mkdir(parents=True, exist_ok=True)
    for old in pages.glob("*.html"):
        old.unlink()
    paths = {
        "banenbord": feeds / "banenbord.jsonl.gz",
        "werkvinder": feeds / "werkvinder.csv",
        "vacatureplein": feeds / "vacatureplein.parquet",
        "jobfeed": feeds / "jobfeed.csv",
        "eigensite": pages,
    }
    sinks = {b: _Sink(np.random.default_rng([spec.seed, 7, i]), spec.broken_share) for i, b in enumerate(BOARDS)}
    files = (truth / "ads.parquet", truth / "vacancies.parquet", truth / "rates.parquet")
    n_ads = 0
    with (
        paths["banenbord"].open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as jsonl,
        paths["werkvinder"].open("w", encoding="utf-8", newline="") as comma,
        paths["jobfeed"].open("w", encoding="utf-8", newline="") as semicolon,
        pq.ParquetWriter(files[0], ADS, compression="zstd") as truth_ads,
        pq.ParquetWriter(files[1], VACANCIES, compression="zstd") as truth_vacancies,
        pq.ParquetWriter(paths["vacatureplein"], SCHEMA, compression="zstd") as parquet,
    ):
        table = csv.DictWriter(comma, list(CSV_COLUMNS.values()), lineterminator="\n")
        numbers = ["hours_per_week_min", "hours_per_week_max", "salary_min", "salary_max", "via_intermediary"]
        names = [*JOBFEED_COLUMNS.values(), *numbers, *_JOBFEED_SECTIONS]
        export = csv.DictWriter(semicolon, names, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        table.writeheader()
        export.writeheader()
        for posted, ads, vacancies in simulate_market(spec):
            truth_ads.write_batch(ads)
            truth_vacancies.write_batch(vacancies)
            n_ads += ads.num_rows
            at = {b: np.flatnonzero(posted.postings.board == i) for i, b in enumerate(BOARDS)}
            room = max(0, spec.n_pages - sinks["eigensite"].rows)
            own = posted.ads.take(pa.array(at["eigensite"][:room])).to_pylist()
            for row in own:
                (pages / f"{row['ad_id'].lower()}.html").write_text(_page(row), encoding="utf-8", newline="\n")
            sinks["eigensite"].rows += len(own)
            _jsonl(
                jsonl,
                posted.ads.take(pa.array(np.sort(np.concatenate([at["banenbord"], at["eigensite"][room:]])))),
                sinks["banenbord"],
            )
            _csv(table, posted.ads.take(pa.array(at["werkvinder"])), sinks["werkvinder"])
            _jobfeed(export, spec, posted, at["jobfeed"], sinks["jobfeed"])
            parquet.write_batch(posted.ads.take(pa.array(at["vacatureplein"])))
            sinks["vacatureplein"].rows += len(at["vacatureplein"])
    pq.write_table(rates_table(spec), files[2], compression="zstd")
    (feeds / "README.txt").write_text(NOTICE + "\n", encoding="utf-8")
    same = {name: name for name in JSONL_COLUMNS}
    kinds = {
        "banenbord": ("jsonl", JSONL_COLUMNS),
        "werkvinder": ("csv", CSV_COLUMNS),
        "vacatureplein": ("parquet", same),
        "jobfeed": ("jobfeed", JOBFEED_COLUMNS),
        "eigensite": ("jobposting", {}),
    }
    listed = tuple(Feed(b, paths[b], *kinds[b], sinks[b].rows, sinks[b].broken) for b in BOARDS)
    return MarketFiles(listed, *files, n_ads=n_ads, n_vacancies=spec.n_vacancies)
