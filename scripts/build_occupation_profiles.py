"""Build the bundled profiles of occupations: which groups of skills ESCO's occupations ask for.

Usage: python scripts/build_occupation_profiles.py --shared DIR [--out DIR]

`--shared` is a folder with `classifications/` as its README describes. Writes `esco_profiles.parquet` (ESCO occupation
× skill group: number of essential and optional skills), `esco_skill_in_group.parquet` (skill to its group),
`esco_skill_groups.csv` (names), `esco_later.csv` (occupations that came with ESCO v1.2, whose skills the files lack)
and `esco_replaced.csv` (occupations of ESCO v1.0 whose identifier is gone). The same files give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
from build_reference import ESCO_EN, ESCO_NL, OUT, clean, rows, write_csv

from overstap.reference import esco

OLD = "classifications/esco_nl/v1.0.8/occupations_nl.csv.gz"
LATER_EN = "classifications/esco_v1.2.1_en/occupations_en.csv.gz"
LATER_NL = "classifications/esco_nl/v1.2.0/occupations_nl.csv.gz"
# What ESCO v1.1 has in their place: found by label, own judgement.
REPLACED = {
    "ingenieur windenergie": ("wind energy engineer", "onshore wind energy engineer"),
    "servicetechnicus windturbines": ("wind turbine technician", "onshore wind farm technician"),
    "radiotherapeutisch laborant": ("radiation therapist", "radiation therapist"),
}


def names(shared: Path) -> dict[str, dict[str, str]]:
    """Code of a skill group to its name, per language: the pillar of skills (S, T, L) and ISCED fields (digits)."""
    found: dict[str, dict[str, str]] = {}
    for language, folder in (("nl", ESCO_NL), ("en", ESCO_EN)):
        found[language] = {}
        for row in rows(shared / folder / f"skillGroups_{language}.csv"):
            code = row["conceptUri"].rsplit("/", 1)[-1] if "/isced-f/" in row["conceptUri"] else row["code"]
            if code:
                found[language][code] = clean(row["preferredLabel"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        esco.install([given.shared / ESCO_EN, given.shared / ESCO_NL], home)
        loaders = (esco.load_occupations, esco.load_skills, esco.load_relations)
        occupations, skills, relations = (load(home).to_pylist() for load in loaders)
    group = {row["esco_uri"]: row["group_code"] for row in skills}
    unit = {row["esco_uri"]: row["isco08"] for row in occupations}
    counted = Counter((r["occupation_uri"], group[r["skill_uri"]], r["relation"]) for r in relations)
    keys = sorted({key[:2] for key in counted if key[0] in unit}, key=lambda k: (unit[k[0]], *k))
    columns = {
        "esco_uri": pa.array([uri for uri, _ in keys]).dictionary_encode(),
        "isco08": pa.array([unit[uri] for uri, _ in keys]).dictionary_encode(),
        "group_code": pa.array([code for _, code in keys]).dictionary_encode(),
        "essential": pa.array([counted[(*key, "essential")] for key in keys], pa.int64()),
        "optional": pa.array([counted[(*key, "optional")] for key in keys], pa.int64()),
    }
    pq.write_table(pa.table(columns), given.out / "esco_profiles.parquet", compression="zstd", compression_level=19)
    within = sorted((uri, code) for uri, code in group.items() if code)
    columns = {"esco_uri": pa.array([uri for uri, _ in within]), "group_code": pa.array([code for _, code in within])}
    table = pa.table(columns | {"group_code": columns["group_code"].dictionary_encode()})
    pq.write_table(table, given.out / "esco_skill_in_group.parquet", compression="zstd", compression_level=19)
    known = names(given.shared)
    used = sorted({code for _, code in keys} | {code[:n] for _, code in keys for n in (2, 4) if code[0] == "S"})
    body = [(code, known["nl"].get(code), known["en"].get(code)) for code in used]
    write_csv(given.out / "esco_skill_groups.csv", ["code", "name_nl", "name_en"], body)
    dutch = {r["conceptUri"]: clean(r["preferredLabel"]) for r in rows(given.shared / LATER_NL)}
    later = [r for r in rows(given.shared / LATER_EN) if r["conceptUri"] not in unit]
    body = [
        (r["conceptUri"], r["iscoGroup"], dutch.get(r["conceptUri"]), clean(r["preferredLabel"]))
        for r in sorted(later, key=lambda r: r["conceptUri"])
    ]
    write_csv(given.out / "esco_later.csv", ["esco_uri", "isco08", "label_nl", "label_en"], body)
    by_label = {row["label_en"]: row["esco_uri"] for row in occupations}
    gone = [r for r in rows(given.shared / OLD) if r["conceptUri"] not in unit]
    body = []
    for row in gone:
        label = clean(row["preferredLabel"])
        english, now = REPLACED[label]
        body.append((row["conceptUri"], label, english, by_label[now]))
    write_csv(given.out / "esco_replaced.csv", ["esco_uri", "label_nl", "label_en", "replaced_by"], sorted(body))


if __name__ == "__main__":
    main()
