"""Measure the annotation on real data and write docs/accuracy.md.

    python scripts/measure_accuracy.py --shared FOLDER

FOLDER holds `ads` and `classifications`; it is no part of the repository. The texts between the tables stand in
`accuracy_texts.py` beside this file.
"""

from __future__ import annotations

import argparse
import math
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from accuracy_texts import BEFORE_TABLE, CODINGS, END, HEAD, RECORDED, SKILLS

from overstap.evaluate import codings
from overstap.evaluate.feeds import annotate_ads
from overstap.evaluate.skills import (
    Accuracy,
    Estimate,
    Judged,
    counted_in,
    counted_in_ad,
    counted_on_the_day,
    read_judged,
    score,
    score_by,
)
from overstap.reference.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "real" / "labels"
SETS = {"nl": "Netherlands 2023–2024, Dutch and English", "hn": "Hacker News 2013, 2016", "nhs": "UK health 2018–2020"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, required=True, help="folder with ads and classifications")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "accuracy.md")
    options = parser.parse_args()
    parts = [HEAD.format(date=date.today().isoformat(), commit=_commit())]
    parts += [SKILLS, *skills(options.shared), CODINGS, codes(options.shared), RECORDED, END]
    options.out.write_text("\n\n".join(p.strip() for p in parts) + "\n", encoding="utf-8")


def skills(shared: Path) -> list[str]:
    """The tables of judged skill mentions: pooled, by set, by category, and each of the hundred."""
    judged = read_judged(sorted(LABELS.glob("core_100_part?.csv")), sorted(LABELS.glob("core_100_part?_totals.csv")))
    held_out = read_judged([LABELS / "core_100_heldout.csv"], [LABELS / "core_100_heldout_totals.csv"])
    annotations = annotate_ads(shared, {j.ad for j in judged + held_out})
    now, now_held_out = counted_in(judged, annotations), counted_in(held_out, annotations)
    pooled = [
        ("as judged, before any mending", judged, counted_on_the_day(judged)),
        ("now, the same windows: **in-sample**", judged, now),
        ("held out, counted on the day of their drawing (forms mended)", held_out, counted_on_the_day(held_out)),
        ("**held out, now** (forms and sections mended)", held_out, now_held_out),
    ]
    taxonomy = load_taxonomy("core").skills
    category = dict(zip(taxonomy["skill_id"].to_pylist(), taxonomy["category"].to_pylist(), strict=True))
    both = (
        (judged, counted_on_the_day(judged)),
        (judged, now),
        (held_out, now_held_out),
    )
    return [
        _table(
            ("reading", "windows", "precision", "recall"),
            [
                *((name, str(len(j)), *_pair(score(j, f))) for name, j, f in pooled),
                (
                    "held out, now, skill counted anywhere in the ad",
                    str(len(held_out)),
                    "–",
                    _share(score(held_out, counted_in_ad(held_out, annotations)).recall),
                ),
            ],
        ),
        "### By set\n\n" + _grouped("set", [score_by(j, f, lambda x: x.ad[0]) for j, f in both], SETS),
        "### By category\n\n" + _grouped("category", [score_by(j, f, lambda x: category[x.skill_id]) for j, f in both]),
        BEFORE_TABLE,
        _hundred(judged, now, held_out, now_held_out),
    ]


def codes(shared: Path) -> str:
    """The table of language, occupation, sector, place and duplicates."""
    rows: list[tuple[str, str, Estimate]] = []
    for feed in codings.LANGUAGE_FEEDS:
        rows.append(("language", f"agreement with the feed's label, {feed}", codings.language_agreement(shared, feed)))
    for name, shares in (
        ("register (UWV) titles, active and inactive", codings.register_titles(shared)),
        ("register (UWV) titles, active", codings.register_titles(shared, "A")),
        ("ESCO alternative labels held out, Dutch", codings.held_out_titles("nl")),
        ("ESCO alternative labels held out, English", codings.held_out_titles("en")),
    ):
        rows += [("occupation", f"{name}, {d} digit{'s' if d > 1 else ''}", e) for d, e in shares.items()]
    for folder, column in (("nl_jobzoeker", "company_industry"), ("us_glassdoor", "industry")):
        figures = codings.sector_agreement(shared, folder, column)
        rows.append(("sector", f"the board's label is coded, {folder}", figures.label_coded))
        rows.append(("sector", f"name of the employer gives the label's section, {folder}", figures.same_section))
    rows.append(("place", "NUTS 3 region found for a named place, nl_jobzoeker", codings.places_found(shared)))
    for kind, found in codings.copies_found(shared).items():
        rows.append(("duplicates", f"synthetic copies joined to their ad: {kind}", found))
    return _table(("what", "measured as", "n", "share"), ((a, b, f"{e.n:,}", _share(e)) for a, b, e in rows))


def _hundred(
    judged: Sequence[Judged], now: Sequence[bool], held_out: Sequence[Judged], now_held_out: Sequence[bool]
) -> str:
    def by_skill(j: Sequence[Judged], f: Sequence[bool]) -> dict[str, Accuracy]:
        return score_by(j, f, lambda x: x.skill_id)

    first, later = by_skill(judged, counted_on_the_day(judged)), by_skill(judged, now)
    fresh = by_skill(held_out, now_held_out)
    return _table(
        (
            "skill",
            "windows",
            "precision as judged",
            "recall as judged",
            "precision now",
            "recall now",
            "held out: right",
        ),
        (
            (
                s.removeprefix("core."),
                str(a.windows),
                *_pair(a),
                *_plain(later[s]),
                f"{_right(s, held_out, now_held_out)} of {fresh[s].windows}",
            )
            for s, a in sorted(first.items())
        ),
    )


def _right(skill: str, judged: Sequence[Judged], found: Sequence[bool]) -> int:
    return sum(j.asked == f for j, f in zip(judged, found, strict=True) if j.skill_id == skill)


def _grouped(name: str, groups: Sequence[Mapping[str, Accuracy]], labels: Mapping[str, str] | None = None) -> str:
    first, now, fresh = groups
    heads = (name, "n", "as judged P", "as judged R", "now P (in-sample)", "now R (in-sample)")
    return _table(
        (*heads, "held out n", "held out P now", "held out R now"),
        (
            (
                (labels or {}).get(k, k),
                str(first[k].windows),
                *_plain(first[k]),
                *_plain(now[k]),
                str(fresh[k].windows),
                *_pair(fresh[k]),
            )
            for k in sorted(first)
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _pair(accuracy: Accuracy) -> tuple[str, str]:
    return _share(accuracy.precision), _share(accuracy.recall)


def _plain(accuracy: Accuracy) -> tuple[str, str]:
    return tuple("–" if math.isnan(e.value) else f"{e.value:.2f}" for e in (accuracy.precision, accuracy.recall))  # type: ignore[return-value]


def _share(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return "–"
    digits = 3 if estimate.n > 1000 and estimate.high - estimate.low < 0.05 else 2
    return f"{estimate.value:.{digits}f} ({estimate.low:.{digits}f}–{estimate.high:.{digits}f})"


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
