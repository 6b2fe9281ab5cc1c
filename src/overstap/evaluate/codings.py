"""How well language, occupation, sector, place and duplicates are coded, where the answer is known from elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads._title_common import common_titles
from overstap.ads._title_encoder import TitleEncoder
from overstap.ads._title_heads import HeadRules
from overstap.ads._title_index import build
from overstap.ads.dedupe import group_postings
from overstap.ads.language import detect_language
from overstap.ads.occupation import OccupationCoder, code_titles, default_coder
from overstap.ads.place import code_places
from overstap.ads.sector import code_sectors
from overstap.evaluate.feeds import csv_rows, json_rows, titles_of
from overstap.evaluate.measures import proportion
from overstap.evaluate.skills import Estimate
from overstap.evaluate.titles import held_out
from overstap.reference import tables

LANGUAGE_FEEDS = ("nl_jobzoeker", "uk_nhs", "hn_whoishiring")
NO_PLACE = ("Nederland", "NL", "Werk van thuis")


@dataclass(frozen=True)
class SectorFigures:
    """Employers whose label is coded, and of those coded both ways the share with one section."""

    label_coded: Estimate
    same_section: Estimate


def language_agreement(shared: Path, feed: str) -> Estimate:
    """Agreement with the label of a feed of LANGUAGE_FEEDS; that label is itself made by a program."""
    rows: Iterable[dict[str, str]]
    if feed == "nl_jobzoeker":
        rows = csv_rows(shared, feed)
    else:
        names = {
            "uk_nhs": ["uk_nhs/nhs_jobs.jsonl.gz"],
            "hn_whoishiring": ["hn_whoishiring/hn_2014.jsonl.gz", "hn_whoishiring/hn_2016.jsonl.gz"],
        }
        rows = json_rows(shared, names[feed])
    pairs = [(row["description"], row["lang"]) for row in rows]
    found = detect_language(pa.array([text for text, _ in pairs], pa.large_string()))[0].to_pylist()
    return proportion(a == b for a, (_, b) in zip(found, pairs, strict=True))


def title_accuracy(titles: Sequence[str], gold: Sequence[str], coder: OccupationCoder) -> dict[int, Estimate]:
    """Share of titles whose first code is right at 4, 3, 2 and 1 digits; a title without code is wrong."""
    found = code_titles(pa.array(titles), None, 0.0, coder=coder)["isco08"].to_pylist()
    return {
        d: proportion(f is not None and f[:d] == g[:d] for f, g in zip(found, gold, strict=True)) for d in (4, 3, 2, 1)
    }


def register_titles(shared: Path, status: str = "AI", half: str | None = None) -> dict[int, Estimate]:
    """Titles of the Dutch register with a status in `status` (A active, I inactive); nothing of it is in the coder.

    `half`: only `tuning`, by which rules and weights were chosen, or only `reporting`; by a hash of the title's number.
    """
    return title_accuracy(*register_cases(shared, status, half), default_coder())


def register_cases(shared: Path, status: str = "AI", half: str | None = None) -> tuple[list[str], list[str]]:
    """The titles of `register_titles` and their codes."""
    path = shared / "classifications" / "uwv_titles" / "uwv_titles_isco08_brc2014.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["uwv_status"] in status]
    if half is not None:
        rows = [r for r in rows if register_half(r["uwv_code"]) == half]
    return [r["uwv_title_nl"] for r in rows], [r["isco08"] for r in rows]


def register_half(number: str) -> str:
    """The half of the register that a title with this number is in: `tuning` or `reporting`."""
    return "reporting" if blake2b(number.encode(), digest_size=1, key=b"overstap-uwv").digest()[0] % 2 else "tuning"


def held_out_titles(language: str) -> dict[int, Estimate]:
    """A tenth of ESCO's alternative labels, left out of index and model alike (`language` nl or en)."""
    return title_accuracy(*held_out_cases(language))


def held_out_cases(language: str) -> tuple[list[str], list[str], OccupationCoder]:
    """The labels of `held_out_titles`, their codes, and the coder that has not seen them."""
    table = tables.load("occupation_titles")
    rows = table.to_pylist()
    left_out = [held_out(r["title"], r["esco_uri"], r["kind"]) for r in rows]
    index = build(table.filter(pc.invert(pa.array(left_out))), common_titles(), HeadRules.load())
    coder = OccupationCoder(index, encoder=TitleEncoder.load())
    rows = [r for r, out in zip(rows, left_out, strict=True) if out and r["language"] == language]
    return [r["title"] for r in rows], [r["isco08"] for r in rows], coder


def hand_coded_titles(shared: Path, labels: Path) -> tuple[list[str], list[str]]:
    """Titles of real ads that a reader coded, with the codes (`labels`: source, row, isco08; without code left out)."""
    with labels.open(encoding="utf-8", newline="") as file:
        coded = [(r["source"], int(r["row"]), r["isco08"]) for r in csv.DictReader(file) if r["isco08"]]
    lists = {source: titles_of(shared, source) for source in {source for source, _, _ in coded}}
    return [lists[source][row] for source, row, _ in coded], [code for _, _, code in coded]


def sector_agreement(shared: Path, folder: str, column: str) -> SectorFigures:
    """Per employer: is the board's label coded to a section, and does the employer's name give the same one."""
    pairs = {
        (r["company"], r[column].strip())
        for r in csv_rows(shared, folder)
        if r[column] and r[column] not in ("-1", "Unknown")
    }
    companies, labels = (pa.array(v) for v in zip(*sorted(pairs), strict=True))
    by_label = code_sectors(None, labels, None)["sector"].to_pylist()
    by_name = code_sectors(None, None, companies)["sector"].to_pylist()
    both = [(a, b) for a, b in zip(by_label, by_name, strict=True) if a and b]
    return SectorFigures(proportion(s is not None for s in by_label), proportion(a == b for a, b in both))


def places_found(shared: Path) -> Estimate:
    """Share of the places that Dutch ads name of which the NUTS 3 region is found (found, not judged right)."""
    places = [r["location"] for r in csv_rows(shared, "nl_jobzoeker") if r["location"]]
    found = code_places(pa.array(places)).to_pylist()
    return proportion(
        f["nuts3_code"] is not None for p, f in zip(places, found, strict=True) if p.split(",")[0] not in NO_PLACE
    )


def copies_found(shared: Path, n: int = 500, seed: int = 11) -> dict[str, Estimate]:
    """Share of synthetic copies of real Dutch ads that are joined to the ad they were made of, per kind of copy."""
    rng = np.random.default_rng(seed)
    rows = list(csv_rows(shared, "nl_jobzoeker"))
    picked = [rows[i] for i in rng.choice(len(rows), n, replace=False)]
    shares = {}
    for kind in ("other board, text cut by a tenth", "no employer, one word in fifty changed"):
        ads = []
        for i, row in enumerate(picked):
            words = row["description"].split()
            title, company, place = row["title"], row["company"], row["location"]
            ads.append((f"a{i}", title, company, place, " ".join(words)))
            if kind.startswith("other board"):
                copy = (f"{title} (m/v/x)", f"{company} B.V.", place, " ".join(words[: int(len(words) * 0.9)]))
            else:
                changed = rng.random(len(words)) < 0.02
                text = " ".join("anders" if c else w for w, c in zip(words, changed, strict=True))
                copy = (title, "", place, text)
            ads.append((f"b{i}", *copy))
        names = ("ad_id", "title", "company", "place", "text")
        columns: dict[str, pa.Array] = dict(zip(names, map(pa.array, zip(*ads, strict=True)), strict=True))
        columns["text"] = columns["text"].cast(pa.large_string())
        columns["posted_date"] = pa.array([None] * len(ads), pa.date32())
        grouped = group_postings(pa.table(columns))
        vacancy = dict(zip(grouped["ad_id"].to_pylist(), grouped["vacancy_id"].to_pylist(), strict=True))
        shares[kind] = proportion(vacancy[f"a{i}"] == vacancy[f"b{i}"] for i in range(n))
    return shares
