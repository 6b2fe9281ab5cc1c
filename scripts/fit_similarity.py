"""Fit how the components of similarity are weighed, set its thresholds, and say how well it ranks held-out pairs.

Usage: python scripts/fit_similarity.py --shared DIR [--out DIR]

`--shared` is a folder with `classifications/` as its README describes; ESCO is installed from it into a scratch folder.
The truth is O*NET's table of related occupations, which experts reviewed: ten primary (five of them short-listed) and
ten supplemental ones for each of 923 occupations. The ESCO–O*NET crosswalk gives each O*NET occupation its ESCO
occupations (exact and close matches where there are any); the score of two is the mean over their pairs. Half of the
occupations, drawn once, serve to fit: only pairs within that half. The other half is reported. Weights are not
negative, add to 1, and are drawn towards equal ones as strongly as cross-validation allows (one standard error):
O*NET's relations rest in part on titles and are nearly symmetric, so they cannot tell all that matters. Ratings of
moves by people are used nowhere. Writes `similarity_weights.csv` and `similarity_thresholds.csv`; prints the tables of
docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).resolve().parent))
from build_reference import ESCO_EN, ESCO_NL, OUT, rows, write_csv

from overstap.moves.crosswalk import LEVELS
from overstap.moves.profiles import Profiles, profiles
from overstap.moves.similarity import bands, combine, similarity
from overstap.reference import esco
from overstap.reference.tables import load

CROSSWALK = "classifications/onet_esco_crosswalk_official/crosswalk_esco_onet.csv.gz"
RELATED = "classifications/onet_29.2/related_occupations.csv.gz"
TIERS = {"Primary-Short": 3, "Primary-Long": 2, "Supplemental": 1}
PULLS = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SEED, FOLDS, DRAWS = 29, 5, 1000
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Truth:
    """O*NET occupations with their tiers (3 short-listed … 1 supplemental, 0 not related) and how to reach them."""

    def __init__(self, shared: Path, codes: tuple[str, ...]) -> None:
        place = {code: i for i, code in enumerate(codes)}
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        with gzip.open(shared / CROSSWALK, "rt", encoding="utf-8-sig") as file:
            lines = list(file)
        head = next(i for i, line in enumerate(lines) if line.startswith("O*NET Id"))
        for row in csv.DictReader(lines[head:]):
            if row["ESCO or ISCO URI"] in place:
                found[row["O*NET Id"]].append((row["Type of Match"], place[row["ESCO or ISCO URI"]]))
        self.names = sorted(found)
        spread = sp.lil_matrix((len(self.names), len(codes)))
        for i, name in enumerate(self.names):
            near = [at for kind, at in found[name] if kind in ("exactMatch", "closeMatch")]
            chosen = near or [at for _, at in found[name]]
            spread[i, chosen] = 1.0 / len(chosen)
        self.spread = spread.tocsr()
        at = {name: i for i, name in enumerate(self.names)}
        n = len(self.names)
        self.tier = np.zeros((n, n), dtype=np.int64)
        for row in rows(shared / RELATED):
            pair = at.get(row["O*NET-SOC Code"]), at.get(row["Related O*NET-SOC Code"])
            if None not in pair:
                self.tier[pair] = TIERS[row["Relatedness Tier"]]
        touched = (self.spread > 0).astype(np.int64)
        # Two that share an ESCO occupation are alike by the crosswalk, not by any measure: left out.
        self.usable = (touched @ touched.T).toarray() == 0
        order = np.random.default_rng(SEED).permutation(n)
        self.fit, self.held = np.sort(order[: n // 2]), np.sort(order[n // 2 :])

    def over(self, scores: Floats) -> Floats:
        """Mean scores of O*NET occupations from those of ESCO occupations."""
        return np.asarray(self.spread @ (self.spread @ np.nan_to_num(scores).T).T)


def differences(parts: Floats, truth: Truth, origins: Ints, among: Ints) -> Floats:
    """Components of a better target less those of a worse one, for origins, targets among `among`: related against not
    related (half of these of the same major group of SOC, which no component sees), and one tier against the next."""
    rng = np.random.default_rng(SEED)
    inside = np.zeros(len(truth.names), bool)
    inside[among] = True
    major = np.array([name[:2] for name in truth.names])
    made = []
    for i in origins:
        tier, open_ = truth.tier[i], inside & truth.usable[i]
        good, bad = np.flatnonzero((tier > 0) & open_), np.flatnonzero((tier == 0) & open_)
        kin = bad[major[bad] == major[i]]
        for j in good:
            against = np.concatenate([rng.choice(kin if len(kin) else bad, 3), rng.choice(bad, 3)])
            made.append(parts[i, j] - parts[i, against])
        for high, low in ((3, 2), (3, 1), (2, 1)):
            better, worse = (np.flatnonzero((tier == level) & open_) for level in (high, low))
            if len(better) and len(worse):
                made.append(parts[i, rng.choice(better, 6)] - parts[i, rng.choice(worse, 6)])
    return np.concatenate(made)


def loss(weight: Floats, pairs: Floats) -> float:
    return float(np.logaddexp(0.0, -(pairs @ weight)).mean())


def fitted(pairs: Floats, pull: float) -> Floats:
    """Weights, not negative, of a pairwise logistic ranking; `pull` draws their shares to equal ones."""
    k = pairs.shape[1]

    def target(weight: Floats) -> float:
        off = weight / weight.sum() - 1.0 / k
        return loss(weight, pairs) + pull * float(off @ off)

    found = minimize(target, np.full(k, 8.0 / k), method="L-BFGS-B", bounds=[(1e-6, None)] * k)
    weight: Floats = found.x
    return weight


def chosen_pull(parts: Floats, truth: Truth) -> float:
    """The strongest pull whose cross-validated AUC, reciprocal rank and recall are all within a standard error (over
    occupations) of their best."""
    folds = np.array_split(np.random.default_rng(SEED).permutation(truth.fit), FOLDS)
    learnt = [differences(parts, truth, rest, rest) for rest in (np.setdiff1d(truth.fit, fold) for fold in folds)]
    made = []
    for pull in PULLS:
        weights = [fitted(pairs, pull) for pairs in learnt]
        rated = [measured(parts @ w, truth, fold) for w, fold in zip(weights, folds, strict=True)]
        made.append(np.concatenate(rated))
        print(f"pull {pull}: {np.nanmean(made[-1], axis=0).round(4)}")
    mean = np.array([np.nanmean(rows_, axis=0) for rows_ in made])
    error = np.nanstd(made[0], axis=0, ddof=1) / np.sqrt(len(truth.fit))
    return max(pull for pull, row in zip(PULLS, mean, strict=True) if (row >= mean.max(axis=0) - error).all())


def measured(scores: Floats, truth: Truth, origins: Ints) -> Floats:
    """Per origin: AUC of related against not, reciprocal rank of the first short-listed, recall of primary in the first
    ten; a row each, NaN where it has none."""
    made = np.full((len(origins), 3), np.nan)
    for row, i in enumerate(origins):
        usable = truth.usable[i]
        score, tier = scores[i][usable], truth.tier[i][usable]
        related = tier > 0
        if related.any():
            k = int(related.sum())
            made[row, 0] = (rankdata(score)[related].sum() - k * (k + 1) / 2) / (k * (len(score) - k))
        rank = rankdata(-score)
        if (tier == 3).any():
            made[row, 1] = 1.0 / rank[tier == 3].min()
        if (tier >= 2).any():
            made[row, 2] = (rank[tier >= 2] <= 10).mean()
    return made


def line(name: str, made: Floats) -> str:
    """A row of the table: means with 95 % bootstrap intervals over occupations."""
    rng = np.random.default_rng(SEED)
    cells = []
    for column in made.T:
        known = column[~np.isnan(column)]
        means = known[rng.integers(0, len(known), (DRAWS, len(known)))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        cells.append(f"{known.mean():.3f} ({low:.3f}–{high:.3f})")
    return f"| {name} | {' | '.join(cells)} |"


def report(unit: str, truth: Truth, over: dict[str, Floats], weight: dict[str, float], pull: float) -> None:
    scores = dict(over)
    if "activities" in over:
        four = [over[name] for name in ("essential", "optional", "activities", "groups") if name in over]
        scores["essential, optional, activities, groups in equal parts"] = np.mean(four, axis=0)
    scores["all in equal parts"] = np.mean(list(over.values()), axis=0)
    scores["combined"] = np.sum([weight[name] * over[name] for name in over], axis=0)
    print(f"\nProfiles of {unit}: pull {pull}, n = {len(truth.held)} held-out O*NET occupations\n")
    print("| score | AUC | MRR | recall@10 |\n|---|---|---|---|")
    for name, value in scores.items():
        print(line(name, measured(value, truth, truth.held)), flush=True)


def broad(shared: Path) -> dict[str, str]:
    """ESCO occupation to its own broader occupation (`2654.1` of `2654.1.7`), itself among them."""
    codes = {r["conceptUri"]: r["code"] for r in rows(shared / ESCO_EN / "occupations_en.csv.gz")}
    return {uri: ".".join(code.split(".")[:2]) for uri, code in codes.items()}


def kin(p: Profiles, units: dict[str, str], wide: dict[str, str]) -> tuple[list[str], list[str]]:
    """The wide and the narrow group of kin of each occupation."""
    if p.level == "esco":
        medium, high = [units[code] for code in p.codes], [wide.get(code, "") for code in p.codes]
    else:
        medium, high = [code[:2] for code in p.codes], [code[:3] for code in p.codes]
    known = [how == "observed" for how in p.basis]
    return tuple([g if k else "" for g, k in zip(side, known, strict=True)] for side in (medium, high))  # type: ignore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    weights: list[tuple[str, str, float]] = []
    limits: list[tuple[str, str, float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for unit, home in (("groups", Path(scratch) / "none"), ("skills", Path(scratch) / "esco")):
            if unit == "skills":
                esco.install([given.shared / ESCO_EN, given.shared / ESCO_NL], home)
            p = profiles("esco", home)
            truth = Truth(given.shared, p.codes)
            found = similarity(p, home=home).components
            over = {name: truth.over(scores) for name, scores in found.items()}
            parts = np.stack(list(over.values()), axis=-1)
            pull = chosen_pull(parts, truth)
            raw = fitted(differences(parts, truth, truth.fit, truth.fit), pull)
            weight = {name: round(float(value), 4) for name, value in zip(over, raw / raw.sum(), strict=True)}
            report(unit, truth, over, weight, pull)
            print(weight)
            weights += [(unit, name, value) for name, value in weight.items()]
            units = dict(zip(p.codes, (r for r in _units(home, p.codes)), strict=True))
            for level in LEVELS:
                at = p if level == "esco" else profiles(level, home)
                combined = combine(found if level == "esco" else similarity(at, home=home).components, weight)
                limit = bands(combined, *kin(at, units, broad(given.shared)))
                limits.append((unit, level, round(limit.medium, 4), round(limit.high, 4)))
                off = combined[~np.eye(len(combined), dtype=bool)]
                passing = [f"{np.mean(off >= at_least):.4f}" for at_least in (limit.medium, limit.high)]
                print(*limits[-1], "share of pairs that pass:", *passing)
    ads = [
        (r["unit"], r["component"], r["weight"]) for r in load("similarity_weights").to_pylist() if r["unit"] == "ads"
    ]
    of_ads = [("ads", level, medium, high) for unit, level, medium, high in limits if unit == "skills"]
    write_csv(given.out / "similarity_weights.csv", ["unit", "component", "weight"], [*weights, *ads])
    write_csv(given.out / "similarity_thresholds.csv", ["unit", "level", "medium", "high"], [*limits, *of_ads])


def _units(home: Path, codes: tuple[str, ...]) -> list[str]:
    from overstap.moves.crosswalk import esco_units

    units = esco_units(home)
    return [units[code] for code in codes]


if __name__ == "__main__":
    main()
