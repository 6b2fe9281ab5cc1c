"""Set the thresholds of similarity for who starts from skills of their own, by how many of them are known.

Usage: python scripts/fit_own_thresholds.py --home DIR [--out FILE]

`--home` is a data folder with ESCO installed; an empty one gives the rows for groups of skills. A person is made of
an ESCO occupation by drawing `n` of its skills, essential or not; so short a list scores lower than an occupation.
Half of the people serve to fit: their threshold is the score that as many of their moves reach as of the moves of the
occupation that they were made of. The other half is reported: the part of the moves of the occupation itself that they
are shown, what part of theirs is among those, and where their own occupation (or class) ranks.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.moves.crosswalk import LEVELS, Level, crosswalk
from overstap.moves.profiles import Profiles
from overstap.moves.similarity import compared, similarity
from overstap.moves.start import own_row
from overstap.reference import esco

SIZES = (4, 8, 16, 32)
PEOPLE, BATCH, SEED = 120, 12, 31
Floats = npt.NDArray[np.float64]


def main() -> None:
    """Print the held-out figures, and write the rows of the data folder's kind of profile over those of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--relations", type=Path, help="A data folder with ESCO, to draw skills from (default --home).")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    drawn = people(given.relations or given.home)
    made: list[tuple[str, str, int, float, float]] = []
    for level in LEVELS:
        whole, rated = compared(level, given.home)
        above = {r["from"]: r["to"] for r in crosswalk("esco", level, given.home).to_pylist()}
        for size in SIZES:
            chosen = [(above[uri], skills[:size]) for uri, skills in drawn if uri in above]
            chosen = [(code, skills) for code, skills in chosen if len(skills) == size and code in whole.codes]
            scores, at = scored(whole, chosen, given.home), np.array([whole.codes.index(code) for code, _ in chosen])
            full, fit = rated.combined[at], np.arange(len(at)) % 2 == 0
            limits = [cut(scores[fit], full[fit], bound) for bound in (rated.threshold.medium, rated.threshold.high)]
            made.append((whole.unit, level, size, *(round(limit, 4) for limit in limits)))
            report(made[-1], scores[~fit], full[~fit], at[~fit], rated.threshold.medium)
    if given.out:
        write(given.out, made)


def people(home: Path) -> list[tuple[str, list[str]]]:
    """ESCO occupations, drawn once, each with its skills in an order that is drawn."""
    rng = np.random.default_rng(SEED)
    asked: dict[str, list[str]] = {}
    for row in esco.load_relations(home).to_pylist():
        asked.setdefault(row["occupation_uri"], []).append(row["skill_uri"])
    enough = sorted(uri for uri, skills in asked.items() if len(set(skills)) >= max(SIZES))
    found = rng.choice(enough, PEOPLE, replace=False).tolist()
    return [(uri, rng.permutation(sorted(set(asked[uri]))).tolist()) for uri in found]


def scored(whole: Profiles, chosen: list[tuple[str, list[str]]], home: Path) -> Floats:
    """Scores of people (rows) to the occupations of `whole`, a few people at a time: they change specificity little."""
    blocks = []
    for first in range(0, len(chosen), BATCH):
        rows = sp.csr_matrix(np.vstack([own_row(whole, skills) for _, skills in chosen[first : first + BATCH]]))
        names = tuple(f"own{i}" for i in range(rows.shape[0]))
        both = replace(
            whole,
            codes=(*whole.codes, *names),
            basis=(*whole.basis, *["observed"] * len(names)),
            essential=sp.csr_matrix(sp.vstack([whole.essential, rows])),
            optional=sp.csr_matrix(sp.vstack([whole.optional, sp.csr_matrix(rows.shape)])),
        )
        blocks.append(similarity(both, names, home).combined[:, : len(whole.codes)])
    return np.vstack(blocks)


def cut(scores: Floats, full: Floats, bound: float) -> float:
    """The score that the same part of the moves reaches as reach `bound` from the whole occupations."""
    return float(np.nanquantile(scores, 1.0 - np.nanmean(full >= bound)))


def report(
    row: tuple[str, Level | str, int, float, float], scores: Floats, full: Floats, at: Floats, bound: float
) -> None:
    """A line of docs/accuracy.md: with the threshold of occupations, and with that of own skills."""
    off = np.ones_like(full, dtype=bool)
    off[np.arange(len(at)), at] = False
    wanted = (full >= bound) & off
    parts = []
    for limit in (bound, row[3]):
        shown = (scores >= limit) & off
        both = (shown & wanted).sum(axis=1)
        recall, precision = both.sum() / wanted.sum(), both.sum() / max(1, shown.sum())
        parts.append(f"{recall:.2f} | {precision:.2f} | {100 * (shown.sum(axis=1) == 0).mean():.0f} %")
    rank = 1 + (scores > scores[np.arange(len(at)), at][:, None]).sum(axis=1)
    print(
        f"| {row[0]} | {row[1]} | {row[2]} | {len(at)} | {parts[0]} | {parts[1]} | {(rank <= 10).mean():.2f} |",
        flush=True,
    )


def write(path: Path, made: list[tuple[str, str, int, float, float]]) -> None:
    """The rows, over those of the same kind of profile; the other kind's stay."""
    kept = []
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            kept = [tuple(row.values()) for row in csv.DictReader(file) if row["unit"] != made[0][0]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("unit", "level", "skills_n", "medium", "high"))
        writer.writerows(sorted([*kept, *made], key=lambda row: (row[0], LEVELS.index(row[1]), int(row[2]))))


if __name__ == "__main__":
    main()
