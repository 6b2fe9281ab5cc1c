"""Rate of the token pass and the skill matcher on real ads in memory.

Usage: python benchmarks/bench_lexicon.py DATA [--ads 20000] [--repeat 3]
DATA is the shared data folder (ads/hn_whoishiring, classifications). Prints, for a lexicon of the size of the core
taxonomy and for one of the size of full ESCO in English and Dutch: forms, build, load and scan times, ads/s and MB/s
with one thread and two. Texts are joined and cut to about 2.6 KB, so that figures compare with docs/performance.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan

AD_CHARACTERS = 2600


def read_ads(data: Path, number: int) -> pa.Array:
    """`number` texts of about 2.6 KB from real ads, repeated where there are too few."""
    texts: list[str] = []
    held, size = [], 0
    for path in sorted((data / "ads" / "hn_whoishiring").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                text = re.sub(r"<[^>]+>", " ", str(json.loads(line)["description"]))
                held.append(text)
                size += len(text)
                if size >= AD_CHARACTERS:
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


def measure(name: str, forms: list[str], texts: pa.Array, repeat: int) -> None:
    """Build, save, load and scan; print one line a number of threads."""
    start = time.perf_counter()
    index = FormIndex.build({"skill": pa.table({"form": forms})})
    built = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index.npz")
        start = time.perf_counter()
        index = FormIndex.load(Path(folder) / "index.npz")
        loaded = time.perf_counter() - start
    size = sum(array.nbytes for array in index.arrays) / 1e6
    print(f"{name}: {len(forms)} forms, tables {size:.1f} MB, build {built:.2f} s, load {loaded:.3f} s")
    megabytes = texts.nbytes / 1e6
    scan(texts.slice(0, 10), index)
    for threads in (1, 2):
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            result = scan(texts, index, threads=threads)
            times.append(time.perf_counter() - start)
        best = min(times)
        print(
            f"  {threads} thread(s): {len(texts) / best:,.0f} ads/s, {megabytes / best:,.0f} MB/s,"
            f" {len(result.row) / len(texts):.1f} mentions and {result.n_tokens.mean():.0f} tokens an ad"
        )


def main() -> None:
    """Run both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--ads", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    texts, forms = read_ads(args.data, args.ads), esco_forms(args.data)
    print(f"{len(texts)} texts, {texts.nbytes / len(texts):.0f} bytes each")
    measure("nothing", [], texts, args.repeat)
    measure("core-sized", forms[:: len(forms) // 5000], texts, args.repeat)
    measure("ESCO en + nl", forms, texts, args.repeat)


if __name__ == "__main__":
    main()
