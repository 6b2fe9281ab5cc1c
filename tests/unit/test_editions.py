"""What changed between two editions is told apart exactly: other vacancies, or the same ones coded otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from overstap.analysis.editions import compare_editions
from overstap.pipeline import Study
from tests import fixtures


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return fixtures.make_store(tmp_path_factory.mktemp("before"), ads=600)


def altered(study: Study, folder: Path, **tables: pa.Table) -> Study:
    """A copy of the study in `folder` with other rows in some tables."""
    shutil.copytree(study.base, folder)
    made = Study.open(folder / study.path.name)
    for name, rows in tables.items():
        for file in made.store.path(name).glob("*.parquet"):
            file.unlink()
        pq.write_table(rows, made.store.path(name) / "part-0.parquet")
    return made


def share(study: Study, item: str, year: str) -> float:
    asked = study.table("core_vacancy_skills").filter(pc.field("skill_id") == item)["vacancy_id"]
    of_year = study.table("core_vacancies").filter(pc.field("year") == year)["vacancy_id"]
    return 100 * pc.sum(pc.is_in(of_year, asked.combine_chunks())).as_py() / len(of_year)


def test_the_same_edition_differs_in_nothing(before: Study) -> None:
    found = compare_editions(before, before)
    assert found.shares.num_rows and found.is_same_coding
    assert not any(found.shares["difference_pct"].to_pylist()) and not found.settings and not found.sources
    assert found.counts["both_n"].to_pylist() == found.counts["old_n"].to_pylist()


def test_coding_and_vacancies_are_told_apart_and_add_up(before: Study, tmp_path: Path) -> None:
    vacancies, skills = before.table("core_vacancies"), before.table("core_vacancy_skills")
    kept = vacancies.take([i for i in range(len(vacancies)) if i % 5])  # one in five is gone
    coded = skills.filter(~((pc.field("skill_id") == "core.python") & (pc.field("mentions_n") == 1)))
    now = altered(before, tmp_path / "now", core_vacancies=kept, core_vacancy_skills=coded)
    rows = [row for row in compare_editions(before, now).shares.to_pylist() if row["item_kind"] == "skill"]
    python = [row for row in rows if row["item_id"] == "core.python"]
    assert any(row["by_coding_pct"] < 0 for row in python)
    for row in python:
        assert row["old_pct"] == pytest.approx(share(before, "core.python", row["year"]))
        assert row["new_pct"] == pytest.approx(share(now, "core.python", row["year"]))
    for row in rows:
        assert row["by_coding_pct"] + row["by_vacancies_pct"] == pytest.approx(row["difference_pct"])
        assert row["both_n"] == row["new_n"] < row["old_n"]
        assert row["item_id"] == "core.python" or row["by_coding_pct"] == 0


def test_where_no_vacancy_is_shared_the_reason_is_unknown(before: Study, tmp_path: Path) -> None:
    def renamed(table: pa.Table) -> pa.Table:
        at = table.schema.get_field_index("vacancy_id")
        return table.set_column(at, "vacancy_id", pc.binary_join_element_wise(table["vacancy_id"], "x", ""))

    tables = {name: renamed(before.table(name)) for name in ("core_vacancies", "core_vacancy_skills")}
    found = compare_editions(before, altered(before, tmp_path / "other", **tables))
    assert set(found.shares["by_coding_pct"].to_pylist()) == {None}
    assert sum(found.counts["both_n"].to_pylist()) == 0
