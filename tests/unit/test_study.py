"""The study file: what is wrong is named, with the nearest valid name and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import OverstapError, Problems, StudyError
from overstap.study import load_study, settings

GOOD = """
study: test
title: {nl: Proef, en: Test}
period: {first: 2020-01-01, last: 2020-12-31}
sources:
  - {id: a, format: csv, files: [a.csv]}
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def test_good_study_has_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).measures.confidence == 0.95  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("period:", "perod:"), "unknown setting 'perod'.*\n.*'period'"),
        (("format: csv", "format: cvs"), "'sources.0.format'"),
        (
            ("files: [a.csv]", "files: [a.csv], columns: {titel: t}"),
            "'titel' is not a field of an ad. Did you mean 'title'",
        ),
        (("last: 2020-12-31", "last: 2019-12-31"), "period.first .* is after period.last"),
        (("study: test", "study: test\nmeasures: {min_m: 3}"), "unknown setting 'measures.min_m'.*\n.*'min_n'"),
        (("study: test", "study: test\nmeasures: {confidence: 95}"), "less than 1 .value: 95"),
        (("study: test\n", ""), "'study' is missing"),
    ],
)
def test_fault_is_named_with_its_mend(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(OverstapError, match=message):
        load(tmp_path, GOOD.replace(*change))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        load(tmp_path, GOOD.replace("period:", "perod:").replace("format: csv", "format: cvs"))
    assert len(caught.value.items) == 3  # unknown, missing, wrong value


def test_a_store_of_objects_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="output: 's3a://bucket/out' is an address"):
        load(tmp_path, GOOD + "output: s3a://bucket/out\n")
    with pytest.raises(StudyError, match=r"abfss://.*Mount the storage"):
        load(tmp_path, GOOD.replace("a.csv", "'abfss://c@a/b.csv'"))


def test_two_sources_of_one_name(tmp_path: Path) -> None:
    twice = GOOD + "  - {id: a, format: csv, files: [b.csv]}\n"
    with pytest.raises(StudyError, match="two sources have the same id: a"):
        load(tmp_path, twice)


@pytest.mark.parametrize(("text", "message"), [("a: [", "not valid YAML"), ("", "holds no settings")])
def test_file_that_is_no_study(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        load(tmp_path, text)


def test_missing_file_names_init(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="overstap init"):
        load_study(tmp_path / "nothing.yaml")


def test_every_setting_has_a_description() -> None:
    assert [name for name, _, _, description in settings() if not description] == []
