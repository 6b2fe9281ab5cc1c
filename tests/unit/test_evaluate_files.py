"""Files of annotated cases: each kind is told by its columns, and a file that fits none teaches which there are."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.evaluate.files import FACTS, KINDS, AnnotatedSet, Row, read_set, split_argument
from overstap.evaluate.of_skills import marked_sentence
from overstap.evaluate.of_texts import facts_section, languages_section, sectors_section
from overstap.evaluate.of_titles import titles_section

CSV = {
    "titles": "title;isco08;lang\nmonteur;7233;nl\n",
    "concepts": "title,uri\nmonteur,http://x/1\n",
    "sentences": "sentence,uris\nJe plant,http://x/1 http://x/2\n",
    "languages": "text\tlanguage\nhallo\tnl\n",
    "sectors": "company,sector\nBakker,C\n",
    "mentions": "skill_id,stratum,set,ad_id,start,end,asked\ns,counted,nl,1,0,5,1\n",
}
JSON = {
    "spans": {"text": "Python", "spans": [{"start": 0, "end": 6, "kind": "knowledge"}]},
    "facts": {"text": "Je werkt 32 uur", "hours_min": 32, "language": "nl"},
    "sentences": {"sentence": "Je plant", "uris": ["http://x/1"]},
}
SKILLSPAN = {"tokens": ["Python"], "tags_skill": ["O"], "tags_knowledge": ["B"], "source": "tech", "idx": 1}


@pytest.mark.parametrize("kind", CSV)
def test_a_csv_is_told_by_its_columns(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\ufeff" + CSV[kind], encoding="utf-8")
    assert read_set(None, path).kind == kind


@pytest.mark.parametrize(("kind", "row"), [*JSON.items(), ("spans", SKILLSPAN)])
def test_json_lines_are_told_by_their_keys(tmp_path: Path, kind: str, row: dict[str, object]) -> None:
    path = tmp_path / "own.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps(row) + "\n\n").encode()))
    item = read_set(None, path)
    assert (item.kind, item.rows) == (kind, [row])


def test_cells_may_hold_marks_and_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b'text,language\r\n"one, two\r\nthree",en\r\n')
    assert read_set(None, path).rows == [{"text": "one, two\r\nthree", "language": "en"}]


def test_a_kind_can_be_forced_and_an_unknown_one_teaches(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("title,isco08,uri\nmonteur,7233,http://x/1\n")
    kind, file = split_argument(f"concepts={path}")
    assert read_set(kind, file).kind == "concepts"
    with pytest.raises(InputError) as raised:
        split_argument(f"titel={path}")
    assert "Did you mean 'titles'?" in str(raised.value)


def test_an_unknown_file_lists_every_kind_and_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("title,code\nmonteur,7233\n")
    with pytest.raises(InputError) as raised:
        read_set(None, path)
    said = str(raised.value)
    assert all(f"  {name}: {kind.columns}" in said for name, kind in KINDS.items())
    assert "Nearest is 'titles', of which it lacks isco08." in said
    with pytest.raises(InputError, match="needs sentence,uri or sentence,uris"):
        read_set("sentences", path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own.csv", "title,isco08\n", "holds no cases"),
        ("own.csv", "title,isco08\nmonteur, elektro,7233\n", "case 1 has 3 cells"),
        ("own.jsonl", '{"text": "a"\n', "line 1 is not JSON"),
        ("own.jsonl", "[1]\n", "line 1 is no object"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, name: str, content: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        read_set(None, path)


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text(CSV["titles"])
    with pytest.raises(InputError) as raised:
        read_set(None, tmp_path / "titels.csv")
    assert "titles.csv" in str(raised.value)


def test_labels_that_cannot_be_are_refused_with_their_case(tmp_path: Path) -> None:
    def refused(content: str) -> str:
        path = tmp_path / ("own.jsonl" if content.startswith("{") else "own.csv")
        path.write_text(content)
        item = read_set(None, path)
        runs = {
            "languages": languages_section,
            "titles": titles_section,
            "sectors": sectors_section,
            "facts": facts_section,
        }
        with pytest.raises(InputError) as raised:
            runs[item.kind](item)
        return str(raised.value)

    assert "case 1 has 'C25' as isco08" in refused("title,isco08\nmonteur,C25\n")
    assert "case 2 has no title" in refused("title,isco08\nmonteur,7233\n,7233\n")
    assert "case 1 has 'Dutch' as language" in refused("text,language\nhallo,Dutch\n")
    assert "case 1 has '62' as sector" in refused("company,sector\nBakker,62\n")
    assert "case 1 has 'veel' as hours_min" in refused('{"text": "Je werkt veel", "hours_min": "veel"}')


def test_no_fact_is_a_column_that_annotation_lacks() -> None:
    assert {"education_levels", "hours_min", "salary_period", "is_agency", "remote"} <= set(FACTS)
    assert not {"title", "language", "isco08", "sector", "skills"} & set(FACTS)


def test_tags_and_offsets_of_spans_are_read_alike() -> None:
    def read(row: Row) -> tuple[str, tuple[tuple[str, tuple[int, int]], ...]]:
        item = AnnotatedSet("own", "spans", [row], Path("own.jsonl"))
        sentence = marked_sentence(item, 1, row)
        return sentence.text, sentence.spans

    tags = {"tags_skill": ["O", "B", "I", "B", "O"], "tags_knowledge": ["B", "O", "O", "O", "I"]}
    tokens = {"tokens": ["SQL", "write", "clean", "test", "code"], **tags}
    marks = [("skill", 4, 15), ("skill", 16, 20), ("knowledge", 0, 3), ("knowledge", 21, 25)]
    spans = [{"start": start, "end": end, "kind": kind} for kind, start, end in marks]
    assert read(tokens) == read({"text": "SQL write clean test code", "spans": spans})
    wrong = {"outside its text": (0, 9, "skill"), "neither skill nor knowledge": (0, 3, "tool")}
    for said, (start, end, kind) in wrong.items():
        with pytest.raises(InputError, match=said):
            read({"text": "SQL", "spans": [{"start": start, "end": end, "kind": kind}]})
    with pytest.raises(InputError, match="one tag of knowledge a token"):
        read({**tokens, "tags_knowledge": ["O"]})
