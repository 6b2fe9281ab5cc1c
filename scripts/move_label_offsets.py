"""Move the offsets of labels in `tests/real/labels` where masking has changed the stored texts.

`python scripts/move_label_offsets.py BEFORE.json AFTER.json`: two JSON objects, ad_id → cleaned and masked text, by the
code of before and of now. The words of each label must stay the same; labels whose words masking has changed are told
and stay as they are, and the command ends with 1. Texts go nowhere.
"""

from __future__ import annotations

import csv
import json
import sys
from bisect import bisect_right
from difflib import SequenceMatcher
from pathlib import Path

LABELS = Path(__file__).parents[1] / "tests" / "real" / "labels"


def moved(before: str, after: str, at: int) -> int:
    """The place in `after` of the character `at` of `before`."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    block = blocks[max(0, bisect_right([b.a for b in blocks], at) - 1)]
    return block.b + at - block.a


def main(before: dict[str, str], after: dict[str, str]) -> int:
    """Rewrite the label files; gives how many labels could not be moved."""
    ad_of = {}
    for path in LABELS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            ad_of |= {r["sentence_id"]: r["ad_id"] for r in csv.DictReader(file) if "sentence_id" in r and "ad_id" in r}
    failed = 0
    for path in sorted(LABELS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if path.name == "contact_names.csv" or "start" not in rows[0]:
            continue  # those are offsets in texts before masking
        changed = 0
        for row in rows:
            ad = row.get("ad_id") or ad_of[row["sentence_id"]]
            start, end = int(row["start"]), int(row["end"])
            if start < 0 or before[ad] == after[ad]:
                continue
            a = moved(before[ad], after[ad], start)
            b = moved(before[ad], after[ad], end - 1) + 1
            if before[ad][start:end] != after[ad][a:b]:
                failed += 1
                print(f"{path.name}: {ad} {start}–{end}: the words of the label have changed")
                continue
            changed += (a, b) != (start, end)
            row["start"], row["end"] = str(a), str(b)
        if changed:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        print(f"{path.name}: {changed} of {len(rows)} labels moved")
    return failed


if __name__ == "__main__":
    texts = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3]]
    raise SystemExit(min(main(*texts), 1))
