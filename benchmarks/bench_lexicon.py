"""Rate of the token pass and the skill matcher on real ads in memory.

Usage: python benchmarks/bench_lexicon.py DATA [--ads 20000] [--repeat 3] [--core FOLDER]
DATA is the shared data folder (ads/hn_whoishiring, classifications). Prints, for no lexicon at all, a small one, the
labels of ESCO in English and Dutch, the core taxonomy, and both together: forms, size, build and load times, then ads/s
and MB/s with one thread and two, and for taxonomies the same with the skill matcher. Ads are joined until they reach
2.6 KB; "ads/s" counts 2,600 bytes as an ad, so that figures compare with docs/performance.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pyarrow as pa

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.ads.skills import SkillRules, skill_index, skill_mentions
from overstap.reference.core_files import read_core
from overstap.reference.taxonomy import build_taxonomy

AD_BYTES = 2600


def read_ads(data: Path, number: int) -> pa.Array:
    """`number` texts of at least 2.6 KB from real ads, repeated where there are too few."""
    texts: list[str] = []
    held, size = [], 0
    for path in sorted((data / "ads" / "hn_whoishiring").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                text = re.sub(r"<[^>]+>", " ", str(json.loads(line)["description"]))
                held.append(text)
                size += len(text)
                if size >= AD_BYTES:
                    texts.append("\n".join(held))
                    held, size = [], 0
    return pa.array((texts * (number // len(texts) + 1))[:number], pa.large_string())


def esco_forms(data: Path) -> list[str]:
    """Preferred and alternative labels of ESCO skills in English, and what is there in Dutch."""
    forms: dict[str, None] = {}
    folder = data / "classifications"
    for path in (
        folder / "esco_v1.1.1_en" / "skills_en.csv.gz",
        folder / "esco_nl" / "derived" / "skills_nl_partial.csv.gz",
    ):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name, value in row.items():
                    if name in ("preferredLabel", "altLabels", "hiddenLabels") or "label" in name.lower():
                        forms.update(dict.fromkeys(re.split(r"\n|\s\|\s", value or "")))
    return [re.sub(r"\s*\([^)]*\)", "", form) for form in forms if form]


def measure(name: str, build: Callable[[], FormIndex], texts: pa.Array, repeat: int, rules: SkillRules | None) -> None:
    """Build, save, load and scan; print one line a number of threads."""
    start = time.perf_counter()
    index = build()
    built = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index.npz")
        start = time.perf_counter()
        index = FormIndex.load(Path(folder) / "index.npz")
        loaded = time.perf_counter() - start
    size = sum(array.nbytes for array in index.arrays) / 1e6
    print(f"{name}: {len(index.arrays.out_form)} forms, {size:.1f} MB, build {built:.2f} s, load {loaded:.3f} s")
    scan(texts.slice(0, 10), index)
    for threads in (1, 2):
        times, both = [], []
        for _ in range(repeat):
            start = time.perf_counter()
            result = scan(texts, index, threads=threads)
            times.append(time.perf_counter() - start)
            if rules:
                found = skill_mentions(result, index, rules).num_rows
                both.append(time.perf_counter() - start)
        line = f"  {threads} thread(s): {_rate(texts, min(times))}, {len(result.row) / len(texts):.1f} hits a text"
        print(line + (f"; with matcher {_rate(texts, min(both))}, {found / len(texts):.1f} skills" if rules else ""))


def _rate(texts: pa.Array, seconds: float) -> str:
    return f"{texts.nbytes / seconds / AD_BYTES:,.0f} ads/s, {texts.nbytes / seconds / 1e6:,.0f} MB/s"


def as_esco(forms: list[str]) -> pa.Table:
    """Labels as a table of ESCO skills, one label a skill."""
    rows = [
        {"esco_uri": f"x/{n}", "label_nl": None, "label_en": form, "alt_nl": [], "alt_en": [], "is_digital": False}
        | {"is_transversal": False, "is_language": False}
        for n, form in enumerate(forms)
    ]
    return pa.Table.from_pylist(rows)


def main() -> None:
    """Run both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--ads", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--core", type=Path, help="folder of core skills; the bundled one by default")
    args = parser.parse_args()
    texts, forms = read_ads(args.data, args.ads), esco_forms(args.data)
    print(f"{len(texts)} texts, {texts.nbytes / len(texts):.0f} bytes each")
    for name, chosen in (("nothing", []), ("small", forms[:: len(forms) // 5000]), ("ESCO labels", forms)):
        table = pa.table({"form": pa.array(chosen, pa.string())})
        measure(name, lambda table=table: FormIndex.build({"skill": table}), texts, args.repeat, None)
    core = args.core or Path(str(resources.files("overstap.reference") / "data" / "core_skills"))
    if not core.exists():
        print(f"No core taxonomy in {core}: not measured.")
        return
    for name, esco in (("core taxonomy", None), ("core and ESCO labels", as_esco(forms))):
        start = time.perf_counter()
        taxonomy = build_taxonomy(read_core(core), esco)
        rules = SkillRules.of(taxonomy)
        print(f"{name}: {taxonomy.skills.num_rows} skills, read in {time.perf_counter() - start:.2f} s")
        measure(name, lambda t=taxonomy, r=rules: skill_index(t, r), texts, args.repeat, rules)


if __name__ == "__main__":
    main()
