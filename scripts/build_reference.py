"""Rebuild the bundled reference tables from downloaded source files.

Usage: python scripts/build_reference.py --shared DIR [--places CSV] [--out DIR]

`--shared` is a folder with `classifications/` and `statistics/` as its README describes; `--places` a list of
Dutch towns with municipality and COROP code (see `data/sources.yaml`, source `cbs_places`); without it `places.csv`
stays as it is. The same files give the same bytes. Tables written by hand (topsectors, shrinking occupations,
the study's figures) are not touched.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
import reference_names as names

OUT = Path(__file__).resolve().parents[1] / "src" / "overstap" / "reference" / "data"
ESCO_EN, ESCO_NL = "classifications/esco_v1.1.1_en", "classifications/esco_nl/v1.1.1"
CROSSWALK = "classifications/cbs_brc2014/brc2014_isco08_brc_crosswalk.csv"
Row = dict[str, str]


def rows(path: Path, delimiter: str = ",") -> Iterator[Row]:
    """Rows of a CSV file, plain or gzip, UTF-8 with or without byte order mark; cells of any length."""
    csv.field_size_limit(2**31 - 1)
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)


def write_csv(path: Path, header: list[str], body: Iterable[Iterable[object]]) -> None:
    """Write one table: UTF-8, comma, `\\n`, an empty cell for null."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if v is None else v for v in row] for row in body)


def clean(text: str) -> str:
    """One line, single spaces, straight apostrophes."""
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("´", "'")).strip()


def skill_levels(shared: Path) -> dict[str, int]:
    """CBS's skill level (1-4) of each four-digit ISCO-08 code that has one."""
    out = {}
    for row in rows(shared / CROSSWALK):
        if row["ISCO2008niveau"] in "1234":
            out[row["ISCO2008unitgroup"]] = int(row["ISCO2008niveau"])
    return out


def isco08(shared: Path, out: Path) -> None:
    dutch = {r["code"]: clean(r["preferredLabel"]) for r in rows(shared / ESCO_NL / "ISCOGroups_nl.csv")}
    english = {r["code"]: clean(r["preferredLabel"]) for r in rows(shared / ESCO_EN / "ISCOGroups_en.csv.gz")}
    level = skill_levels(shared)
    units = [code for code in english if len(code) == 4]
    body = []
    for code in sorted(english):
        below = [level[u] for u in units if u.startswith(code)]
        body.append((code, len(code), code[:-1] or None, dutch[code], english[code], min(below), max(below)))
    header = ["code", "level", "parent_code", "title_nl", "title_en", "skill_level_min", "skill_level_max"]
    write_csv(out / "isco08.csv", header, body)


def brc(shared: Path, out: Path) -> None:
    groups: dict[str, Row] = {}
    links = []
    for row in rows(shared / CROSSWALK):
        groups.setdefault(row["BRC2014beroepsgroep"], row)
        level = row["ISCO2008niveau"]
        is_level = level in "1234"
        links.append((row["ISCO2008unitgroup"], row["BRC2014beroepsgroep"], level if is_level else None))
    header = ["code", "title_nl", "segment_code", "segment_nl", "class_code", "class_nl"]
    keys = [
        "BRC2014beroepsgroep_label",
        "BRC2014beroepssegment",
        "BRC2014beroepssegment_label",
        "BRC2014beroepsklasse",
        "BRC2014beroepsklasse_label",
    ]
    write_csv(out / "brc2014.csv", header, [(c, *(clean(groups[c][k]) for k in keys)) for c in sorted(groups)])
    write_csv(out / "isco08_brc2014.csv", ["isco08_code", "brc_code", "skill_level"], sorted(links, key=lambda x: x[0]))


def percent(share: str) -> str | None:
    return f"{float(share) * 100:.2f}" if share else None


def brc_jobs(shared: Path, out: Path) -> None:
    header = ["code", "period", "jobs", "women_pct", "higher_educated_pct"]
    header += ["pay_hour_p25_eur", "pay_hour_p50_eur", "pay_hour_p75_eur"]
    body = []
    for r in rows(shared / "statistics/cbs_occupations_brc/brc_occupations_2024q4.csv"):
        shares = (percent(r["womenShare"]), percent(r["higherEducationShare"]))
        pay = (r["payP25"] or None, r["medianHourlyPay"] or None, r["payP75"] or None)
        body.append((r["code"], "2024Q4", r["jobsComparison"], *shares, *pay))
    write_csv(out / "brc_jobs.csv", header, sorted(body, key=lambda x: str(x[0])))


def sbi2008(shared: Path, out: Path) -> None:
    listed = {r["code"]: r for r in rows(shared / "classifications/sbi2008/sbi2008_codes.csv")}
    body: list[tuple[object, ...]] = []
    for section, english in names.SECTIONS_EN.items():
        body.append((section, 1, section, clean(listed[section]["description_nl"]), english, "sbi2008_list"))
    for code, (section, english) in names.DIVISIONS_EN.items():
        row = listed.get(code)
        title = row["description_nl"] if row else names.DIVISIONS_NL_MISSING[code]
        title = re.sub(r"\s*\(1\)$", "", clean(title)).replace("( ", "(")
        body.append((code, 2, section, title, english, "sbi2008_list" if row else "nace_rev2"))
    write_csv(out / "sbi2008.csv", ["code", "level", "section", "title_nl", "title_en", "source"], body)


def cedefop(shared: Path, out: Path) -> None:
    folder = shared / "statistics/cedefop_skills_forecast"
    body: list[tuple[object, ...]] = [
        (r["isco08"], r["year"], r["value"])
        for r in rows(folder / "occupation_detail_long.csv.gz")
        if r["country"] == "Netherlands" and r["isco08"] != "Total"
    ]
    write_csv(out / "cedefop_employment.csv", ["isco08_code", "year", "employed"], sorted(body, key=str))
    body = [
        (r["isco08"], r["year"], r["expansion"], r["replacement"], r["total_openings"])
        for r in rows(folder / "job_openings_long.csv.gz")
        if r["country"] == "Netherlands" and r["isco08"] != "Total"
    ]
    header = ["isco08_code", "year", "expansion", "replacement", "openings"]
    write_csv(out / "cedefop_openings.csv", header, sorted(body, key=str))


def employment_sector_occupation(shared: Path, out: Path) -> None:
    body = [
        (r["nace_r2"], r["isco08"].removeprefix("OC"), "2022", r["employed_thousands"] or None)
        for r in rows(shared / "statistics/eurostat_nl_lfs2022/lfs_nace_isco_nl.csv")
    ]
    header = ["nace_section", "isco08_major", "year", "employed_thousands"]
    write_csv(out / "employment_sector_occupation.csv", header, sorted(body, key=lambda x: (x[0], x[1])))


INDICES = ("physical", "intellectual", "social", "routine", "ICT")


def task_indices(shared: Path, out: Path) -> None:
    """Means over the divisions of a section, and over all, weighted with their workers; a blank cell is unknown."""
    sums: dict[tuple[str, str], list[float]] = {}
    for r in rows(shared / "statistics/jrc_task_indices/tasks_eu_isco2d_nace2d_EU15.csv.gz", "\t"):
        if not r["pop"] or not all(r[name] for name in INDICES):
            continue
        section = names.DIVISIONS_EN[r["nace"].split(".")[0].zfill(2)][0]
        workers = float(r["pop"])
        for key in ((r["isco"].split(".")[0], section), (r["isco"].split(".")[0], "all")):
            total = sums.setdefault(key, [0.0] * (len(INDICES) + 1))
            for i, name in enumerate(INDICES):
                total[i] += workers * float(r[name])
            total[-1] += workers
    body = [
        (*key, *(f"{value / total[-1]:.4f}" for value in total[:-1]), f"{total[-1]:.1f}")
        for key, total in sorted(sums.items())
    ]
    header = ["isco08_code", "section", *(name.lower() for name in INDICES), "workers_thousands"]
    write_csv(out / "task_indices.csv", header, body)


def automation_exposure(shared: Path, out: Path) -> None:
    body = [
        (r["isco_code"].zfill(4), f"{float(r['risk']):.3f}", f"{float(r['prevalence']):.3f}", r["risk_category"])
        for r in rows(shared / "transitions/nesta_mcc/automation_risk/mcc_risk_ISCO_4digit.csv")
    ]
    write_csv(out / "automation_exposure.csv", ["isco08_code", "risk", "bottlenecks", "risk_category"], sorted(body))


_PHRASE = re.compile(r"(except|in|other|at|on|for|with|not|by|of|to|from|private|excluding|including)\b")


def natural(index_title: str) -> str:
    """A title of the ILO index in reading order: 'Agent, sales: computer (systems)' -> 'computer sales agent'."""
    if ", " not in index_title:
        return index_title.replace(":", ",") if ":" in index_title else index_title
    head, rest = index_title.split(", ", 1)
    head = head[0].lower() + head[1:]
    middle, _, detail = rest.partition(": ")
    phrase = _PHRASE.match(detail)
    if _PHRASE.match(rest):
        return f"{head} {middle}"
    if ", " in rest or len(detail.split()) > 2 or phrase or re.search(r" (and|or) ", detail):
        return f"{middle} {head}".replace(", ", " ") if middle else head
    detail = re.sub(r"\s*\(.*?\)", "", detail)
    middle = re.sub(r"\s*\(.*?\)", "", middle)
    return clean(f"{detail} {middle} {head}")


Title = tuple[str, str, str, str | None, str, str, str | None]
KINDS = ["isco", "esco_label", "esco_alt", "esco_hidden", "ilo_index"]


def esco_titles(path: Path, language: str) -> Iterator[Title]:
    for r in rows(path):
        source = f"esco_v111_{language}"
        for kind, column in (
            ("esco_label", "preferredLabel"),
            ("esco_alt", "altLabels"),
            ("esco_hidden", "hiddenLabels"),
        ):
            for label in r[column].split("\n"):
                title = clean(label).rstrip(";").strip()
                if title:
                    yield (title, language, r["iscoGroup"], r["conceptUri"], kind, source, None)


def occupation_titles(shared: Path, out: Path) -> None:
    found: list[Title] = []
    for language, path in (("nl", ESCO_NL + "/ISCOGroups_nl.csv"), ("en", ESCO_EN + "/ISCOGroups_en.csv.gz")):
        for r in rows(shared / path):
            if len(r["code"]) == 4:
                title = clean(r["preferredLabel"])
                found.append((title, language, r["code"], None, "isco", f"esco_v111_{language}", None))
    found += esco_titles(shared / ESCO_NL / "occupations_nl.csv.gz", "nl")
    found += esco_titles(shared / ESCO_EN / "occupations_en.csv.gz", "en")
    units = {t[2] for t in found}
    for r in rows(shared / "classifications/isco08_ilo/isco08_index_of_occupational_titles_en.csv"):
        if r["isco08"] not in units:  # one title of the copy bears a code that ISCO-08 does not have
            continue
        title, published = natural(clean(r["name"])), clean(r["name"])
        changed = published if title != published else None
        found.append((title, "en", r["isco08"], None, "ilo_index", "ilo_index", changed))
    found.sort(key=lambda t: (t[1], t[2], t[3] or "", KINDS.index(t[4]), t[0].lower(), t[0], t[6] or ""))
    seen: set[tuple[object, ...]] = set()
    unique = []
    for t in found:
        key = (t[0].lower(), t[1], t[2], t[3])
        if key not in seen:
            seen.add(key)
            unique.append(t)
    columns = ["title", "language", "isco08", "esco_uri", "kind", "source", "title_published"]
    table = pa.table({c: pa.array([t[i] for t in unique], pa.string()) for i, c in enumerate(columns)})
    dictionary = columns[1:6]
    pq.write_table(
        table, out / "occupation_titles.parquet", compression="zstd", compression_level=19, use_dictionary=dictionary
    )


def places(source: Path, out: Path) -> None:
    """Towns and municipalities with region codes, their other names, and the provinces."""
    body: set[tuple[str, ...]] = set()
    towns: dict[str, set[tuple[str, str, str]]] = {}
    for r in rows(source):
        nuts3 = names.COROP_NUTS3[int(r["COROP-gebiedcode"])]
        for kind, name in (("municipality", r["Gemeente"]), ("town", r["Woonplaats"])):
            towns.setdefault(clean(name), set()).add((kind, f"GM{r['Gemeentecode']}", nuts3))
    for name, found in towns.items():
        own = {f for f in found if f[0] == "municipality"}
        regions = {f[2] for f in own}
        keep = own | {f for f in found if f[0] == "town" and f[2] not in regions}
        aliases = [alias for alias in names.PLACE_ALIASES.get(name, ()) if alias not in towns]
        for kind, nuts3 in {(f[0], f[2]) for f in keep}:
            codes = {f[1] for f in keep if f[0] == kind and f[2] == nuts3}
            municipality = codes.pop() if len(codes) == 1 else ""
            body |= {(written, kind, name, municipality, nuts3[:4], nuts3) for written in (name, *aliases)}
    for written, (official, nuts3) in names.FORMER_MUNICIPALITIES.items():
        if written not in towns:
            body.add((written, "municipality", official, "", nuts3[:4], nuts3))
    for code, (official, others, short) in names.PROVINCES.items():
        body |= {(written, "province", official, "", code, "") for written in (official, *others)}
        body |= {(written, "province_abbreviation", official, "", code, "") for written in short}
    header = ["place", "kind", "official_name", "municipality_code", "province_code", "nuts3_code"]
    write_csv(out / "places.csv", header, sorted(body))


STEPS = [
    isco08,
    brc,
    brc_jobs,
    sbi2008,
    cedefop,
    employment_sector_occupation,
    task_indices,
    automation_exposure,
    occupation_titles,
]


def build(shared: Path, out: Path, place_list: Path | None = None) -> None:
    """Write every table that is made from source files into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for step in STEPS:
        step(shared, out)
    if place_list is not None:
        places(place_list, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with classifications/ and statistics/")
    parser.add_argument("--places", type=Path, help="CSV with Woonplaats, Gemeente, Gemeentecode, COROP-gebiedcode")
    parser.add_argument("--out", type=Path, default=OUT, help="where the tables go (default: the package)")
    args = parser.parse_args()
    build(args.shared, args.out, args.places)


if __name__ == "__main__":
    main()
