"""Crosswalks between the levels, and what occupations ask at each, with nothing installed and with a small ESCO."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.moves.crosswalk import LEVELS, Level, codes, crosswalk
from overstap.moves.facts import allocated_units
from overstap.moves.profiles import profiles, profiles_of_ads
from overstap.reference import esco

SKILL, OCCUPATION = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An ESCO of four occupations: two of unit group 5131, one of 5132, and one of 5131 that no relation describes."""
    folder = tmp_path / "ESCO dataset - v1.1.1"
    folder.mkdir()
    occupations = [("a", "5131"), ("b", "5131"), ("c", "5132"), ("d", "5131")]
    (folder / "occupations_en.csv").write_text(
        "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels\n"
        + "".join(f"Occupation,{OCCUPATION}{name},{unit},work {name},\n" for name, unit in occupations)
    )
    (folder / "skills_en.csv").write_text(
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels\n"
        + "".join(f"KnowledgeSkillCompetence,{SKILL}{n},skill/competence,cross-sector,skill {n},\n" for n in "xyz")
    )
    relations = [("a", "essential", "x"), ("a", "optional", "y"), ("b", "essential", "x"), ("b", "essential", "z")]
    relations += [("c", "essential", "z")]
    (folder / "occupationSkillRelations.csv").write_text(
        "occupationUri,relationType,skillType,skillUri\n"
        + "".join(f"{OCCUPATION}{o},{kind},skill/competence,{SKILL}{s}\n" for o, kind, s in relations)
    )
    home = tmp_path / "home"
    esco.install([folder], home)
    return home


@pytest.mark.parametrize("start", LEVELS)
@pytest.mark.parametrize("goal", LEVELS)
def test_the_weights_of_each_class_add_to_one(start: Level, goal: Level, tmp_path: Path) -> None:
    table = crosswalk(start, goal, tmp_path)
    total: dict[str, float] = defaultdict(float)
    for row in table.to_pylist():
        total[row["from"]] += row["weight"]
    assert total and all(weight == pytest.approx(1) for weight in total.values())
    assert set(total) <= set(codes(start, tmp_path)) and set(table["to"].to_pylist()) <= set(codes(goal, tmp_path))


def test_a_class_lies_in_one_above_it_and_is_split_equally_over_those_below(tmp_path: Path) -> None:
    up = {r["from"]: (r["to"], r["basis"]) for r in crosswalk("isco", "brc", tmp_path).to_pylist()}
    assert up["4120"] == ("0432", "observed") and len(up) == 436
    down = [r for r in crosswalk("brc", "isco", tmp_path).to_pylist() if r["from"] == "0432"]
    assert (
        len(down) > 1
        and all(r["weight"] == pytest.approx(1 / len(down)) for r in down)
        and {r["basis"] for r in down} == {"allocated"}
    )
    managers = [r for r in crosswalk("brc", "isco", tmp_path).to_pylist() if r["from"] == "0551"]
    assert {r["basis"] for r in managers} == {"assumed"} and {r["to"][0] for r in managers} == {"1"}


def test_a_group_of_cbs_weighs_its_unit_groups_by_their_jobs(tmp_path: Path) -> None:
    units = allocated_units()
    jobs = dict(zip(units.codes, units.jobs, strict=True))
    split = {r["to"]: r["weight"] for r in crosswalk("brc", "isco", tmp_path).to_pylist() if r["from"] == "0431"}
    total = sum(jobs[code] for code in split)
    assert split == {code: pytest.approx(jobs[code] / total) for code in split}
    assert split["4110"] > 0.5 > 1 / len(split)


def test_an_unknown_level_names_the_levels() -> None:
    with pytest.raises(InputError, match="esco, isco, brc"):
        codes("sbc")  # type: ignore[arg-type]


def test_with_nothing_installed_groups_of_skills_serve(tmp_path: Path) -> None:
    for level in LEVELS:
        found = profiles(level, tmp_path)
        assert found.unit == "groups" and found.codes == codes(level, tmp_path)
        observed = np.array([how == "observed" for how in found.basis])
        sums = np.asarray(found.essential.sum(axis=1)).ravel()[observed]
        assert (sums <= 1 + 1e-9).all() and np.median(sums) == pytest.approx(1)
    assert dict(zip(found.codes, found.basis, strict=True))["1311"] == "unknown"


def test_a_unit_group_that_esco_lacks_takes_the_mean_of_its_kin(tmp_path: Path) -> None:
    found = profiles("isco", tmp_path)
    place = {code: i for i, code in enumerate(found.codes)}
    lost = place["2240"]  # paramedical practitioners: no ESCO occupation, and no other unit group in 224
    assert found.basis[lost] == "allocated"
    kin = [place[code] for code in found.codes if code.startswith("22") and found.basis[place[code]] == "observed"]
    assert found.kin[lost] == tuple(kin)
    mean = np.asarray(found.essential[kin].mean(axis=0)).ravel()
    np.testing.assert_allclose(found.essential[lost].toarray().ravel(), mean)


def test_an_occupation_that_came_later_takes_the_mean_of_its_unit_group(tmp_path: Path) -> None:
    found = profiles("esco", tmp_path)
    later = found.codes.index(OCCUPATION + "01d74409-5303-4b5c-8925-0cc21c4da8ee")  # medical writer, 2641
    units = {r["from"]: r["to"] for r in crosswalk("esco", "isco", tmp_path).to_pylist()}
    assert found.basis[later] == "allocated"
    assert {units[found.codes[i]] for i in found.kin[later]} == {"2641"}


def test_with_esco_installed_single_skills_serve(small: Path) -> None:
    found = profiles("esco", small)
    assert found.unit == "skills" and found.features == tuple(SKILL + name for name in "xyz")
    np.testing.assert_array_equal(found.essential.toarray(), [[1, 0, 0], [1, 0, 1], [0, 0, 1], [1, 0, 0.5]])
    np.testing.assert_array_equal(found.optional.toarray(), [[0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0.5, 0]])
    assert found.basis == ("observed", "observed", "observed", "allocated") and dict(found.kin) == {3: (0, 1)}


def test_a_unit_group_asks_the_mean_of_its_occupations(small: Path) -> None:
    found = profiles("isco", small)
    row = found.codes.index("5131")
    np.testing.assert_allclose(found.essential[row].toarray().ravel(), [1, 0, 0.5])
    assert found.basis[row] == "observed" and found.basis[found.codes.index("5169")] == "allocated"


def test_what_ads_ask_is_share_times_specificity() -> None:
    rows = {"occupation": ["1", "1", "2"], "skill": ["a", "b", "a"], "share": [0.8, 0.4, 0.5]}
    found = profiles_of_ads(pa.table(rows), "brc")
    common = np.log(2) / np.log(3)  # a is asked in both, b in one of two
    np.testing.assert_allclose(found.essential.toarray(), [[1, 0.4 / (0.8 * common)], [1, 0]])
    assert found.optional.nnz == 0 and found.unit == "ads" and found.basis == ("observed", "observed")


def test_a_percentage_for_a_share_is_refused() -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        profiles_of_ads(pa.table({"occupation": ["1"], "skill": ["a"], "share": [80.0]}), "brc")
    with pytest.raises(InputError, match="share"):
        profiles_of_ads(pa.table({"occupation": ["1"], "skill": ["a"]}), "brc")
