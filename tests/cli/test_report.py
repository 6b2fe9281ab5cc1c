"""`overstap report`: each format beside its page, one file per topsector and language, the researcher's own texts."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from overstap.pipeline import Study
from overstap.publish.report_data import topsectors_of
from tests.cli.helpers import Cli, ads, source, write_study


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study file of a study that has run and has vacancies of a topsector."""
    rows = [{**row, "sbi": "3511"} for row in ads()]
    columns = {"ad_id": "id", "text": "description", "date": "posted", "sbi_code": "sbi"}
    path = write_study(tmp_path_factory.mktemp("energy"), rows, sources=[source(columns=columns)])
    Study.open(path).run()
    return path


@pytest.fixture
def topsector(finished: Path) -> str:
    return topsectors_of(Study.open(finished))[0]


def test_a_topsector_gets_a_file_per_language_and_format_asked(cli: Cli, finished: Path, topsector: str) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("docx")
    texts = finished.parent / "texts" / topsector
    texts.mkdir(parents=True)
    (texts / "skills.nl.md").write_text("Onze duiding.", encoding="utf-8")
    (texts / "skils.nl.md").write_text("Kwijt.", encoding="utf-8")
    said = cli("report", finished, "--topsector", topsector, "--pdf", "--docx", "--excel")
    shutil.rmtree(texts.parent)
    assert said.code == 0 and "skils.nl.md is not shown" in said.err
    out = finished.parent / "out"
    for language in ("nl", "en"):
        for suffix in ("html", "pdf", "docx", "xlsx"):
            path = out / f"report-{topsector}-{language}.{suffix}"
            assert path.stat().st_size > 1000 and str(path) in said.err
    assert not list(out.glob(f"report-{topsector}-*.pptx"))
    words = zipfile.ZipFile(out / f"report-{topsector}-nl.docx").read("word/document.xml").decode()
    assert "Onze duiding." in words and "Kwijt." not in words


def test_a_chart_that_no_report_has_is_answered_with_the_nearest(cli: Cli, finished: Path, topsector: str) -> None:
    pytest.importorskip("pptx")
    said = cli("report", finished, "--topsector", topsector, "--chart", "sector-skils")
    assert said.code == 2 and "sector-skils" in said.err and "Traceback" not in said.err
    assert not list((finished.parent / "out").glob("*.pptx"))


def test_empty_texts_are_written_on_request_and_kept(cli: Cli, finished: Path, topsector: str) -> None:
    texts = finished.parent / "texts"
    said = cli("report", finished, "--topsector", topsector, "--texts")
    written = sorted(path.name for path in (texts / topsector).iterdir())
    kept = (texts / topsector / "skills.nl.md").read_text(encoding="utf-8")
    shutil.rmtree(texts)
    assert said.code == 0 and f"{len(written)} files" in said.err
    assert {"summary.nl.md", "conclusion.en.md"} <= set(written) and "<!--" in kept
