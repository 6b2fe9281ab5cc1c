"""A panel of invented experts with a known order: rankings before and after a date, statements in two rounds, gaps.

Each expert draws from one true order with noise, so that tests know what aggregation must find. Before and after follow
what the study of 2019 publishes; the answers themselves are invented, as those of its experts are not published.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

EXPERTS = 11
# The true orders, first the highest.
ORDERS = {
    "before": (
        "cybersecurity", "artificial_intelligence", "internet_of_things", "big_data", "cloud_computing", "robotics",
        "digital_platforms", "additive_manufacturing", "blockchain", "in_silico_research", "quantum_technology",
    ),
    "after": (
        "artificial_intelligence", "internet_of_things", "quantum_technology", "cybersecurity", "big_data", "robotics",
        "in_silico_research", "digital_platforms", "additive_manufacturing", "cloud_computing", "blockchain",
    ),
}  # fmt: skip
_NOISE = 2.6  # of a place, as a standard deviation
_LEFT_OUT = 2  # items at the bottom that some experts do not rank
# Mean agreement on 1–5 in two rounds: agreed at once, moving towards agreement, and lastingly divided.
STATEMENTS = (
    ("shortage_ai", "Binnen vijf jaar is er in onze sector een tekort aan mensen die AI kunnen toepassen.",
     "Within five years our sector is short of people who can apply AI.", "shortages", (4.6, 4.7)),
    ("learning_at_work", "Leren op het werk wordt belangrijker dan een extra diploma.",
     "Learning at work becomes more important than another diploma.", "education", (3.7, 4.4)),
    ("self_employed", "Vaste banen maken in onze sector plaats voor zelfstandigen.",
     "Permanent jobs in our sector give way to the self-employed.", "work", (3.0, 3.0)),
)  # fmt: skip
# Mean importance and mastery on 1–5, by function group.
GAPS = (
    ("digital_business_models", "manager", 4.4, 2.6), ("digital_strategy", "manager", 4.2, 2.7),
    ("basic_programming", "other", 3.8, 1.9), ("information_security", "other", 4.0, 2.8),
    ("information_security", "ict", 4.7, 3.3), ("big_data_statistics", "ict", 4.5, 3.1),
)  # fmt: skip


def write_panel(folder: Path, seed: int) -> dict[str, Any]:
    """Write rankings, ratings and statements; the settings of `panel:` that name them, relative to the parent."""
    draw = np.random.default_rng([seed, 4])
    folder.mkdir(parents=True, exist_ok=True)
    items = sorted(ORDERS["before"])
    lines = [
        [f"expert {n}", moment, *_ranks(order, items, draw)]
        for n in range(1, EXPERTS + 1)
        for moment, order in ORDERS.items()
    ]
    _write(folder / "rankings.csv", ["rater", "moment", *items], lines)
    base = draw.normal(0, 0.6, (EXPERTS, len(STATEMENTS)))
    answers: list[Sequence[object]] = []
    for n in range(EXPERTS):
        for k, (name, _, _, _, means) in enumerate(STATEMENTS):
            for round_, mean in enumerate(means, 1):
                own = base[n, k] * (2.5 if means == (3.0, 3.0) else 1) + draw.normal(0, 0.2)
                answers.append([f"expert {n + 1}", round_, name, _on_scale(mean + own), "agreement", ""])
        for item, group, *both in GAPS:
            for aspect, mean in zip(("importance", "mastery"), both, strict=True):
                answers.append([f"expert {n + 1}", 1, item, _on_scale(mean + draw.normal(0, 0.7)), aspect, group])
    _write(folder / "ratings.csv", ["rater", "round", "item", "value", "aspect", "function_group"], answers)
    told = [
        {"statement_id": name, "text_nl": nl, "text_en": en, "theme": theme} | _RESTS
        for name, nl, en, theme, _ in STATEMENTS
    ]
    (folder / "statements.yaml").write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    name = folder.name
    return {
        "rankings": [{"file": f"{name}/rankings.csv"}],
        "ratings": [{"file": f"{name}/ratings.csv"}],
        "statements": f"{name}/statements.yaml",
        "year": 2025,
    }


_RESTS = {"evidence_nl": "gesimuleerde vragenlijst", "evidence_en": "simulated survey"}


def _ranks(order: Sequence[str], items: Sequence[str], draw: np.random.Generator) -> list[object]:
    felt = {item: place + draw.normal(0, _NOISE) for place, item in enumerate(order, 1)}
    own = sorted(order, key=felt.__getitem__)
    kept = own[: len(own) - int(draw.integers(0, _LEFT_OUT + 1))]
    return [kept.index(item) + 1 if item in kept else "" for item in items]


def _on_scale(value: float) -> int:
    return int(np.clip(round(value), 1, 5))


def _write(path: Path, head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)
