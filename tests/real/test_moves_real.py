"""All ESCO occupations with all: bounds, what O*NET's experts call related, Nesta's counts. Needs the shared data."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import spearmanr

from overstap.moves.crosswalk import LEVELS
from overstap.moves.profiles import Profiles, profiles
from overstap.moves.similarity import Similarity, similarity, threshold
from overstap.reference import esco
from tests.shared_data import DATA, needs

ROOT = Path(__file__).parents[2]
pytestmark = needs("classifications", "transitions")
NESTA = DATA / "transitions" / "nesta_mcc" / "transitions" / "mcc_transitions_Occupation_data.csv"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    given = ("classifications/esco_v1.1.1_en", "classifications/esco_nl/v1.1.1")
    esco.install([DATA / part for part in given], folder)
    return folder


@pytest.fixture(scope="module")
def asked(home: Path) -> Profiles:
    return profiles("esco", home)


@pytest.fixture(scope="module")
def rated(asked: Profiles, home: Path) -> Similarity:
    return similarity(asked, home=home)


def test_a_rebuild_gives_the_bundled_profiles_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["build", "--shared", str(DATA), "--out", str(tmp_path)])
    script("build_occupation_profiles").main()
    bundled = ROOT / "src" / "overstap" / "reference" / "data"
    for name in ("esco_profiles.parquet", "esco_skill_groups.csv", "esco_later.csv", "esco_replaced.csv"):
        assert (tmp_path / name).read_bytes() == (bundled / name).read_bytes(), name


def test_all_pairs_lie_within_bounds(rated: Similarity) -> None:
    assert rated.combined.shape == (3007, 3007)
    for name, scores in {**rated.components, "combined": rated.combined}.items():
        known = scores[~np.isnan(scores)]
        assert known.min() >= 0 and known.max() <= 1 + 1e-9, name
        itself = np.diag(scores)
        np.testing.assert_allclose(itself[~np.isnan(itself)], 1, atol=1e-9, err_msg=name)
    assert np.isnan(rated.combined).sum() == 0


def test_related_occupations_come_before_others_among_those_not_fitted(asked: Profiles, rated: Similarity) -> None:
    fit = script("fit_similarity")
    truth = fit.Truth(DATA, asked.codes)
    auc, rank, recall = np.nanmean(fit.measured(truth.over(rated.combined), truth, truth.held), axis=0)
    assert auc > 0.94 and rank > 0.47 and recall > 0.35
    for name in ("essential", "jaccard", "cosine"):
        assert auc > np.nanmean(fit.measured(truth.over(rated.components[name]), truth, truth.held)[:, 0])


def test_the_bundled_thresholds_follow_from_the_scores(asked: Profiles, rated: Similarity, home: Path) -> None:
    fit = script("fit_similarity")
    units = dict(zip(asked.codes, fit._units(home, asked.codes), strict=True))
    for level in LEVELS:
        at = asked if level == "esco" else profiles(level, home)
        combined = rated.combined if level == "esco" else similarity(at, home=home).combined
        found = fit.bands(combined, *fit.kin(at, units, fit.broad(DATA)))
        bundled = threshold("skills", level)
        assert (found.medium, found.high) == pytest.approx((bundled.medium, bundled.high), abs=5e-4)


def test_counts_of_options_are_ordered_as_nestas(asked: Profiles, rated: Similarity) -> None:
    place = {code: i for i, code in enumerate(asked.codes)}
    with NESTA.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["concept_uri"] in place]
    assert len(rows) > 1600
    at = [place[row["concept_uri"]] for row in rows]
    zone, pay = (np.array([float(r[name] or "nan") for r in rows]) for name in ("job_zone", "annual_earnings"))
    allowed = (np.abs(zone[:, None] - zone) <= 1) & (pay / pay[:, None] > 0.75) & ~np.eye(len(rows), dtype=bool)
    options = ((rated.combined[np.ix_(at, at)] >= rated.threshold.medium) & allowed).sum(axis=1)
    published = [float(row["n_desirable"]) for row in rows]
    assert spearmanr(options, published).statistic > 0.6
