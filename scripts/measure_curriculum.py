"""How well the curriculum scan reads texts, against labels by hand: `python scripts/measure_curriculum.py [FOLDER]`.

FOLDER holds the passages of `tests/curriculum/real.yaml` as <id>.txt, which are others' and not kept here. Prints
precision and recall over concepts of the core taxonomy for each file of `tests/curriculum`, with 95 % bootstrap
intervals over texts.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from overstap.education.taught import taught_skills

FOLDER = Path(__file__).parents[1] / "tests/curriculum"


def main() -> None:
    """Print the figures of each file, part and language."""
    for path in sorted(FOLDER.glob("*.yaml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem == "real":
            read = [one | {"title": "", "text": _passage(one)} for one in read] if len(sys.argv) > 1 else []
        if read:
            _measure(path.stem, read)


def _passage(one: dict[str, Any]) -> str:
    """The passage of a page, as it was when it was labelled."""
    text = (Path(sys.argv[1]) / f"{one['id']}.txt").read_text(encoding="utf-8")
    if hashlib.sha256(text.encode()).hexdigest() != one["sha256"]:
        raise SystemExit(f"{one['id']}: not the passage that was labelled")
    return text


def _measure(name: str, read: list[dict[str, Any]]) -> None:
    draw = np.random.default_rng(1)
    found = taught_skills([f"{one['title']}\n{one['text']}" for one in read])
    pairs = [({t.skill_id for t in taught}, set(one["taught"])) for taught, one in zip(found, read, strict=True)]
    rows = np.array([(len(ours & hand), len(ours), len(hand)) for ours, hand in pairs])
    for part in ("nl", "en", "tuned", "held", "all"):
        mine = rows[[part in ("all", one["lang"], one.get("part")) for one in read]]
        if not len(mine):
            continue
        drawn = mine[draw.integers(0, len(mine), (10_000, len(mine)))].sum(axis=1)
        said = []
        for measure, of in (("precision", 1), ("recall", 2)):
            low, high = np.percentile(drawn[:, 0] / drawn[:, of], (2.5, 97.5))
            right, n = mine[:, 0].sum(), mine[:, of].sum()
            said.append(f"{measure} {right / n:.3f} ({low:.3f}–{high:.3f}), {right} of {n}")
        print(name, part, f"{len(mine)} texts:", "; ".join(said))


if __name__ == "__main__":
    main()
