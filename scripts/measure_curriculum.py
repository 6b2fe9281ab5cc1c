"""How well the curriculum scan reads texts, against labels made by hand: `python scripts/measure_curriculum.py`.

Prints precision and recall over concepts of the core taxonomy for each file of `tests/curriculum`, with 95 % bootstrap
intervals over texts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from overstap.education.taught import taught_skills

FOLDER = Path(__file__).parents[1] / "tests/curriculum"


def main() -> None:
    """Print the figures of each file and language."""
    draw = np.random.default_rng(1)
    for path in sorted(FOLDER.glob("*.yaml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = taught_skills([f"{one['title']}\n{one['text']}" for one in read])
        ours = [{taught.skill_id for taught in one} for one in found]
        hand = [set(one["taught"]) for one in read]
        rows = np.array([(len(a & b), len(a), len(b)) for a, b in zip(ours, hand, strict=True)])
        for lang in ("nl", "en", "all"):
            mine = rows[[lang in ("all", one["lang"]) for one in read]]
            drawn = mine[draw.integers(0, len(mine), (10_000, len(mine)))].sum(axis=1)
            said = []
            for name, of in (("precision", 1), ("recall", 2)):
                low, high = np.percentile(drawn[:, 0] / drawn[:, of], (2.5, 97.5))
                right, n = mine[:, 0].sum(), mine[:, of].sum()
                said.append(f"{name} {right / n:.3f} ({low:.3f}–{high:.3f}), {right} of {n}")
            print(path.stem, lang, f"{len(mine)} texts:", "; ".join(said))


if __name__ == "__main__":
    main()
