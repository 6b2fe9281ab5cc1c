"""Known public sets: which parts of a folder are run, and that no text of a set without licence reaches the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from overstap.evaluate import known
from overstap.evaluate.codings import hand_coded_titles, register_half
from overstap.evaluate.known import known_sets
from overstap.evaluate.page import write_page
from tests.cli.helpers import Cli

REGISTER = "uwv_code,uwv_title_nl,uwv_status,isco08\n"
DECORTE = """sentence,span,sub_span,label
hidden alpha sentence,a,,Python
hidden alpha sentence,a,,SQL
hidden alpha sentence,a,,Python
hidden beta sentence,b,,LABEL NOT PRESENT
hidden gamma sentence,c,,UNDERSPECIFIED
hidden delta sentence,d,,sql
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of data with an invented register and invented sentences, and a test part that must not be read."""
    register = tmp_path / "data" / "classifications" / "uwv_titles" / "uwv_titles_isco08_brc2014.csv"
    register.parent.mkdir(parents=True)
    titles = [f"{i},hiddentitle{i} verpleegkundige,{'AI'[i % 2]},{2221 if i % 3 else 7231}\n" for i in range(40)]
    register.write_text(REGISTER + "".join(titles))
    decorte = tmp_path / "data" / "gold" / "esco_decorte"
    decorte.mkdir(parents=True)
    for part in ("tech_validation", "tech_test"):
        (decorte / f"{part}_annotations.csv").write_text(DECORTE)
    return tmp_path / "data"


class Linker:
    """Gives the first skill for every text."""

    skills = pa.table({"uri": ["u/sql", "u/python"], "label_en": ["SQL", "Python"]})

    @classmethod
    def load(cls) -> Linker:
        return cls()

    def link(self, texts: Sequence[str], top: int) -> SimpleNamespace:
        n = len(texts)
        return SimpleNamespace(query=np.arange(n), skill=np.zeros(n, int), score=np.full(n, 0.7))


def test_what_a_folder_holds_is_run_and_no_test_part(data: Path, tmp_path: Path) -> None:
    names = [name for name, _ in known_sets(data, tmp_path / "none")]
    assert "Register titles" in names and "Decorte tech, validation" in names
    assert not [name for name in names if "test" in name or "house" in name or "SkillSpan" in name]


def test_the_register_is_reported_by_halves_without_its_titles(data: Path, tmp_path: Path) -> None:
    section = dict(known_sets(data, tmp_path))["Register titles"]()
    reporting = sum(register_half(str(i)) == "reporting" for i in range(40))
    assert 0 < reporting < 40
    assert section.figures[0][1].n == reporting
    out = tmp_path / "page.md"
    for path in write_page([section], out, "overstap evaluate data"):
        assert "hiddentitle" not in path.read_text(encoding="utf-8")
    page = out.read_text(encoding="utf-8")
    assert f"| tuning half (**in-sample**), 4 digits | {40 - reporting} |" in page
    assert "| 7231 | 2221 |" in page


def test_sentences_without_a_label_are_left_out_and_none_is_shown(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "Linker", Linker)
    section = dict(known_sets(data, tmp_path))["Decorte tech, validation"]()
    values = {name: (e.value, e.n) for name, e in section.figures}
    assert values["RP@5"] == (pytest.approx((1 / 2 + 1) / 2), 2)  # alpha: one of two; delta: the one
    out = tmp_path / "page.md"
    for path in write_page([section], out, "overstap evaluate data"):
        assert "hidden" not in path.read_text(encoding="utf-8")


def test_titles_coded_by_hand_are_found_by_list_and_row(tmp_path: Path) -> None:
    feed = tmp_path / "ads" / "nl_adzuna_titles"
    feed.mkdir(parents=True)
    (feed / "adzuna_nl_titles.csv").write_text('title,company\n"een, twee",x\ndrie,y\n')
    labels = tmp_path / "titles_isco.csv"
    labels.write_text("source,row,isco08\nnl_adzuna_titles,1,2512\nnl_adzuna_titles,0,2221\nnl_adzuna_titles,1,\n")
    assert hand_coded_titles(tmp_path, labels) == (["drie", "een, twee"], ["2512", "2221"])


def test_the_command_ends_with_what_was_written_or_with_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli = Cli(capsys, monkeypatch)
    (tmp_path / "own.csv").write_text("company,sector\nGemeente Utrecht,O\n")
    assert cli("evaluate", "own.csv").code == 0
    assert "| own.csv |" in (tmp_path / "docs" / "accuracy.md").read_text(encoding="utf-8")
    (tmp_path / "other.csv").write_text("firm,branch\nGemeente Utrecht,O\n")
    said = cli("evaluate", "other.csv")
    assert said.code == 2 and "sectors: company,sector" in said.err
