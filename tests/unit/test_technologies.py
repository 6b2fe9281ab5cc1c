"""Technologies: the bundled table names skills that exist, a study may bring its own, and any of its skills counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.analysis.cross import cross
from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.reference.tables import load
from overstap.reference.taxonomy import load_taxonomy
from overstap.reference.technologies import Technology, check_technologies, technologies_of
from tests.coded import codes_of

HEAD = "technology_id,label_nl,label_en,skill_ids\n"


def own(folder: Path, text: str) -> list[Technology]:
    (folder / "own.csv").write_text(text, encoding="utf-8")
    return technologies_of("own.csv", folder)


def test_every_skill_of_the_bundled_technologies_is_in_the_core_taxonomy(tmp_path: Path) -> None:
    known = set(load_taxonomy("core").skills["skill_id"].to_pylist())
    found = technologies_of("default", tmp_path)
    assert len(found) == load("technologies").num_rows >= 22
    assert {skill for technology in found for skill in technology.skills} <= known
    assert all(technology.labels["nl"] and technology.labels["en"] for technology in found)


def test_a_study_may_bring_its_own(tmp_path: Path) -> None:
    assert own(tmp_path, HEAD + "ml,Lerende systemen,Learning systems,core.machine_learning | core.python\n") == [
        Technology("ml", {"nl": "Lerende systemen", "en": "Learning systems"}, ("core.machine_learning", "core.python"))
    ]
    assert check_technologies("own.csv", tmp_path, "core") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("technology_id,skill_ids\na,core.python\n", "lacks label_nl, label_en"),
        (HEAD + "a,A,A,core.python\na,B,B,core.sql\n", "names 'a' twice"),
        (HEAD + "a,A,A,\n", "without skills"),
    ],
)
def test_a_broken_table_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        own(tmp_path, text)
    assert [words in str(problem) for problem in check_technologies("own.csv", tmp_path, "core")] == [True]


def test_a_skill_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    own(tmp_path, HEAD + "a,A,A,core.pyton\n")
    (problem,) = check_technologies("own.csv", tmp_path, "core")
    assert "core.pyton" in str(problem) and "Did you mean 'core.python'" in str(problem)
    with pytest.raises(InputError, match="no file"):
        technologies_of("absent.csv", tmp_path)


def test_a_study_with_unknown_skills_does_not_start(finished_study: Study, tmp_path: Path) -> None:
    own(tmp_path, HEAD + "a,A,A,core.pyton\n")
    spec = finished_study.spec.model_copy(update={"technologies": "own.csv"})
    study = Study(tmp_path / "study.yaml", spec, finished_study.store)
    assert any("core.pyton" in str(problem) for problem in study.check())


def test_a_vacancy_asks_a_technology_once_however_many_of_its_skills_it_asks(finished_study: Study) -> None:
    tables = [finished_study.table(name) for name in ("core_vacancies", "core_vacancy_skills", "core_skills")]
    both, one = ("core.python", "core.docker"), ("core.python",)
    technologies = [Technology("both", {}, both), Technology("one", {}, one), Technology("none", {}, ("core.x",))]
    codes = codes_of(*tables, min_title=20, technologies=technologies)
    asked = tables[1].to_pylist()
    wanted = {
        name: len({row["vacancy_id"] for row in asked if row["skill_id"] in skills})
        for name, skills in (("both", both), ("one", one))
    }
    assert {row["item_id"]: row["asked_n"] for row in cross(codes, "technology").to_pylist()} == wanted
    assert sum(row["asked_n"] for row in cross(codes, "technology", ["sector"], "year").to_pylist()) == sum(
        wanted.values()
    )
