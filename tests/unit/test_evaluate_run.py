"""`overstap evaluate` from files to the page: every set is there with n and interval, whatever the installation has."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.evaluate import run as runs
from overstap.evaluate.files import read_set
from overstap.evaluate.measures import confusion, mean, proportion, reliability
from overstap.evaluate.of_titles import titles_section
from overstap.evaluate.page import write_page
from overstap.evaluate.run import evaluate
from overstap.evaluate.section import Heat, Reliability, Section, Table, Unavailable, share, worst_errors
from overstap.reference import esco

TITLES = [("Java developer", "2512"), ("verpleegkundige", "2221"), ("elektromonteur", "7411"), ("zzzz qqq", "9999")]
FACTS = [
    {"text": "Wij vragen een hbo werk- en denkniveau voor deze functie in Utrecht.", "education_levels": ["hbo"]},
    {"text": "Wij vragen een hbo-diploma, geen verdere eisen aan de opleiding.", "education_levels": ["wo"]},
    {"text": "Een leuke baan in een gezellig team met een goede sfeer.", "education_levels": None},
]
SPANS = {"text": "You know Python", "spans": [{"start": 9, "end": 15, "kind": "knowledge"}]}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """One small file of every kind that needs no data of its own."""
    contents = {
        "titles.csv": "title,isco08\n" + "".join(f"{t},{c}\n" for t, c in TITLES),
        "concepts.csv": "title,uri\nJava developer,http://data.europa.eu/esco/occupation/none\n",
        "sentences.csv": "sentence,uri\nJe programmeert in Java,http://data.europa.eu/esco/skill/none\n",
        "languages.csv": "text,language\nWij zoeken een collega die graag met ons werkt,nl\nhola a todos,es\n",
        "sectors.csv": "company,sector\nGemeente Utrecht,O\nXyz,G\n",
        "facts.jsonl": "".join(json.dumps(row) + "\n" for row in FACTS),
        "spans.jsonl": json.dumps(SPANS) + "\n",
        "mentions.csv": "skill_id,stratum,set,ad_id,start,end,asked\ns,counted,nl,1,0,5,1\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return [str(tmp_path / name) for name in contents]


def tables(page: str) -> list[list[list[str]]]:
    """The tables of a page as rows of cells; fails where a row has another number of cells than its head."""
    found: list[list[list[str]]] = []
    before = ""
    for line in page.split("\n"):
        if line.startswith("|"):
            cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not before.startswith("|"):
                found.append([])
            found[-1].append(cells)
            assert len(cells) == len(found[-1][0]), line
        before = line
    return found


def test_every_kind_of_file_stands_on_the_page(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "docs" / "accuracy.md"
    said: list[str] = []
    written = evaluate(files, out, tmp_path / "no labels", said.append)
    page = out.read_text(encoding="utf-8")
    names = [Path(file).name for file in files]
    assert said == names
    assert [head for head in re.findall(r"^## (.+)$", page, re.MULTILINE) if head != "Overview"] == names
    assert str(tmp_path) not in page and "overstap evaluate titles.csv" in page
    for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page):
        assert (out.parent / link) in written
    for svg in written[1:]:
        ET.parse(svg)
    every = tables(page)
    assert all(set(table[1]) == {"---"} for table in every)
    overview = every[0][2:]
    for _, measure, n, value in overview:
        assert re.fullmatch(r"[\d,]+|–", n), measure
        assert re.fullmatch(r"\d\.\d+|–" if n == "1" else r"\d\.\d+( \(\d\.\d+–\d\.\d+\))?|–", value), measure
    figures = {measure: (n, value[:4]) for _, measure, n, value in overview}
    assert figures["right at 4 digits"] == ("4", "0.75")
    assert figures["language right"] == ("2", "1.00")
    assert figures["education_levels: precision"] == ("2", "0.50")
    assert figures["education_levels: recall"] == ("2", "0.50")
    assert "| mentions.csv | not measured: the ads from which its windows were drawn" in page


def test_a_part_that_is_missing_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str]
) -> None:
    def lacking(item: object) -> Section:
        raise Unavailable("a part is not there.")

    def without_esco(item: object) -> Section:
        esco.load_skills(home=tmp_path)
        raise AssertionError

    monkeypatch.setattr(runs, "RUNS", {**runs.RUNS, "titles": lacking, "sentences": without_esco})
    out = tmp_path / "accuracy.md"
    evaluate([files[0], files[2], files[3]], out, tmp_path)
    page = out.read_text(encoding="utf-8")
    assert "| titles.csv | not measured: a part is not there. | – | – |" in page
    assert "| sentences.csv | not measured: ESCO is not installed. overstap reference install esco" in page
    assert "language right" in page


def test_one_case_and_cases_all_alike_show_no_interval_that_says_certain() -> None:
    assert share(mean([1.0])) == share(proportion([True])) == "1.00"
    assert share(mean([0.5, 0.5, 0.5])) == "0.50"
    assert share(proportion([True, True])) == "1.00 (0.34–1.00)"
    assert share(mean([])) == "–"


def test_titles_without_a_code_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("title,isco08\nJava developer,2512\nverpleegkundige,2221\niets met mensen,\n", encoding="utf-8")
    section = titles_section(read_set(None, path))
    figures = {name: estimate.n for name, estimate in section.figures}
    assert figures["right at 4 digits"] == 2
    assert next(n for name, n in figures.items() if "without one in the file" in name) == 1
    assert "1 more have none" in section.about
    path.write_text("title,isco08\nJava developer,\n", encoding="utf-8")
    with pytest.raises(InputError, match="no title has a code"):
        titles_section(read_set(None, path))


def test_texts_of_sets_without_licence_are_not_shown() -> None:
    cases = (["secret title", "other secret"], ["2512", "2221"], ["2511", "2221"], [0.9, 0.8])
    assert "secret title" in str(worst_errors(*cases, shown=True))
    hidden = str(worst_errors(*cases, shown=False))
    assert "secret" not in hidden and "('2512', '2511', '1', '0.90')" in hidden


def test_what_others_drew_beside_the_page_stays(tmp_path: Path) -> None:
    bins = Reliability("Own: [a] <b>", tuple(reliability([0.2, 0.9], [False, True])))
    heat = Heat("Own", confusion(["a&b", "c"], ["c", None]))
    table = Table(("text",), (("a | b\n<i>[x](y)",),))
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "mine.svg").write_text("<svg/>")
    out = tmp_path / "page.md"
    first = write_page([Section("One", "one", (), (bins, heat, bins))], out, "overstap evaluate")
    assert len(set(first)) == 4
    second = write_page([Section("One", "one", (), (heat, table))], out, "overstap evaluate")
    assert sorted(p.name for p in (tmp_path / "page").iterdir()) == ["mine.svg", second[1].name]
    for svg in (tmp_path / "page").iterdir():
        ET.parse(svg)
    assert "| a \\| b &lt;i>\\[x](y) |" in out.read_text(encoding="utf-8")


def test_all_sets_are_looked_at_before_any_is_run(tmp_path: Path, files: list[str]) -> None:
    said: list[str] = []
    with pytest.raises(InputError, match="There is no file"):
        evaluate([files[0], str(tmp_path / "none.csv")], tmp_path / "accuracy.md", tmp_path, said.append)
    with pytest.raises(InputError, match="holds no known set"):
        evaluate([str(tmp_path)], tmp_path / "accuracy.md", tmp_path, said.append)
    with pytest.raises(InputError, match="as Markdown"):
        evaluate([files[0]], tmp_path / "accuracy.html", tmp_path, said.append)
    assert not said and not (tmp_path / "accuracy.md").exists()
