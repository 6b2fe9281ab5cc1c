"""Phrases and sentences are linked to the ESCO skill they ask, in Dutch and English, without network or installation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.cli import cli
from overstap.errors import InputError, ReferenceDataError
from overstap.schema.core import ASKED_SECTIONS
from overstap.semantic.clauses import parts
from overstap.semantic.lines import answers
from overstap.semantic.linker import BLOCK, Linker
from overstap.semantic.nearest import Clusters
from overstap.semantic.pieces import Pieces, stem, words
from overstap.semantic.reading import LineReader
from overstap.study import Annotation


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.load()


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return LineReader()


def labels(linker: Linker, text: str, top: int = 5) -> list[str]:
    english = linker.skills.column("label_en").to_pylist()
    return [english[row] for row in linker.link([text], top).skill]


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("je legt makkelijk contact met klanten", "communicate with customers"),
        ("je blijft rustig als het druk wordt", "tolerate stress"),
        ("goed kunnen samenwerken in een team", "work in teams"),
        ("Kennis van C++ en SQL", "C++"),
        ("you keep calm under pressure", "tolerate stress"),
        ("we want someone who pays attention to detail", "attend to detail"),
        ("experience with JavaScript and a good command of German", "German"),
    ],
)
def test_wordings_of_ads_find_their_skill(linker: Linker, text: str, skill: str) -> None:
    assert skill in labels(linker, text)


def test_a_label_alone_comes_first_and_likely(linker: Linker) -> None:
    links = linker.link(["verpleegkundige zorg geven aan", "manage budgets"], 1)
    assert linker.skills.column("label_en")[int(links.skill[1])].as_py() == "manage budgets"
    assert links.score[1] > 0.5


def test_scores_are_probabilities_that_fall_within_a_text(linker: Linker) -> None:
    links = linker.link(["plannen en organiseren", "onzin zonder betekenis xyzzy", "Python, Java"], 10)
    assert ((links.score >= 0) & (links.score <= 1)).all()
    for query in range(3):
        own = links.score[links.query == query]
        assert (np.diff(own) <= 0).all()
        assert len(set(links.skill[links.query == query])) == len(own)


def test_a_text_has_the_same_links_alone_and_among_many(linker: Linker) -> None:
    texts = [f"werken met klanten nummer {k} en kennis van Excel" for k in range(BLOCK + 3)]
    together, alone = linker.link(texts, 3), linker.link(texts[-1:], 3)
    assert together.skill[-3:].tolist() == alone.skill.tolist()
    assert together.score[-3:] == pytest.approx(alone.score, abs=1e-4)


def test_a_quick_search_gives_wanted_skills_with_the_score_they_have_among_all(linker: Linker) -> None:
    phrases = ["je legt makkelijk contact met klanten", "manage budgets", "kennis van SQL", "goed samenwerken"]
    uris = linker.skills["uri"].to_pylist()
    links = linker.link(phrases, 10)
    wanted = {uris[row] for row in links.skill[1:40:3]}
    quick = linker.quick(wanted).link(phrases, 10)
    assert len(quick.skill) and {uris[row] for row in quick.skill} <= wanted
    score = {(q, s): p for q, s, p in zip(links.query, links.skill, links.score, strict=True)}
    shared = [
        (score[q, s], p) for q, s, p in zip(quick.query, quick.skill, quick.score, strict=True) if (q, s) in score
    ]
    assert len(shared) >= len(wanted) // 2 and all(p == pytest.approx(other, abs=0.02) for p, other in shared)


def test_the_nearest_of_all_clusters_are_the_nearest_of_all() -> None:
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = np.concatenate([vectors[:5] + 0.01, np.zeros((1, 8), np.float32)])
    clusters = Clusters.of(vectors, generator.integers(0, 9, 300))
    rows, values = clusters.nearest(asked, 4)
    cosines = asked @ vectors.T
    assert rows[:5].tolist() == np.argsort(-cosines[:5], axis=1)[:, :4].tolist()
    assert values[:5] == pytest.approx(-np.sort(-cosines[:5], axis=1)[:, :4], abs=1e-5)
    assert (rows[5] == -1).all()
    few, _ = clusters.nearest(asked, 100, probes=2)
    assert (few[:5] >= 0).any() and (few[:5, -1] == -1).all()


def test_empty_and_null_texts_have_no_skills(linker: Linker) -> None:
    links = linker.link(pa.array(["", None, "!!!", "teamwork"]), 2)
    assert set(links.query.tolist()) == {3}
    assert len(linker.link([]).query) == 0


def test_every_skill_has_an_english_label_and_a_uri_of_its_own(linker: Linker) -> None:
    skills = linker.skills
    assert skills.num_rows == 13_896 == len(set(skills.column("uri").to_pylist()))
    assert skills.column("label_en").null_count == 0
    assert skills.column("label_nl").null_count == 6_889


def test_unknown_dutch_compounds_are_cut_into_their_members() -> None:
    pieces = Pieces(["project", "management", "vaardigheden", "a"], [""])
    assert pieces.cut("projectmanagementvaardigheden") == (0, 1, 2)
    assert pieces.cut("project", whole=False) == ()


def test_words_keep_the_signs_of_languages() -> None:
    assert words("C++, C# én .NET!") == ["c++", "c#", "en", ".net"]
    assert stem("databases") == stem("database")


def test_parts_of_a_sentence_are_whole_clauses_and_windows() -> None:
    assert parts("plannen en organiseren, budgetteren")[:4] == [
        "plannen en organiseren, budgetteren",
        "plannen",
        "organiseren",
        "budgetteren",
    ]
    assert "two three four five six" not in parts("one two three four five six")
    assert "three four five six seven" in parts("one two three four five six seven eight")


def test_labels_are_in_the_asked_language_else_english(linker: Linker) -> None:
    dutch = json.loads(next(answers(["work in teams"], 1, "nl", linker)))
    english = json.loads(next(answers(["work in teams"], 1, "en", linker)))
    assert dutch["skills"][0]["uri"] == english["skills"][0]["uri"]
    assert (dutch["skills"][0]["label"], english["skills"][0]["label"]) == ("in teams werken", "work in teams")
    with pytest.raises(InputError, match="'fr'"):
        next(answers(["x"], 1, "fr", linker))


def test_the_command_answers_line_by_line_in_order() -> None:
    given = "teamwork\n\nkennis van Python\r\n"
    result = CliRunner().invoke(cli, ["link-skills", "--top", "3", "--lang", "en"], input=given)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [line["text"] for line in lines] == ["teamwork", "", "kennis van Python"]
    assert [len(line["skills"]) for line in lines] == [3, 0, 3]
    assert {"uri", "label", "score", "counts"} == set(lines[0]["skills"][0])


def test_what_a_line_denies_has_no_skills(linker: Linker, reader: LineReader) -> None:
    denied, asked, nothing, listed = (
        " ".join(skill["label"].lower() for skill in json.loads(line)["skills"])
        for line in answers(
            [
                "Kennis van Java, wij gebruiken geen Python.",
                "Kennis van Java en Python",
                "We do not use Python.",
                "Geen Java, SQL of Python",
            ],
            5, "en", linker, reader, 3,
        )
    )  # fmt: skip
    assert "python" not in denied and "java" in denied and "python" in asked
    assert "python" not in nothing and "python" not in listed


SENTENCES = (
    "Je hebt kennis van Python en Java",
    "Geen kennis van Python of Java nodig",
    "je legt makkelijk contact met klanten",
    "Je werkt samen met de Data Analyst en Product Owner.",
    "wij gebruiken geen Excel, wel Word",
    "Je bent stressbestendig en werkt nauwkeurig",
    "you keep calm under pressure and pay attention to detail",
    "We do not use Python, Java or SQL but we do use Docker.",
    "Ervaring met data-analyse is een pré",
    "You can explain difficult matters to people who know little of them",
    "het schrijven van beleidsnota's en het geven van presentaties",
    "",
)


def test_a_link_counts_where_annotate_counts_it(linker: Linker, reader: LineReader) -> None:
    columns = {name: pa.nulls(len(SENTENCES), pa.string()) for name in READS}
    columns |= {"ad_id": pa.array(map(str, range(len(SENTENCES))))}
    columns |= {"text": pa.array([f"Wat vragen wij?\n- {sentence}" for sentence in SENTENCES], pa.large_string())}
    settings = reader.lexicon.taxonomy.name
    annotator = Annotator(Annotation(taxonomy=settings, semantic=True), topsector_table("default", Path()))
    rows = annotator(pa.RecordBatch.from_pydict({name: columns[name] for name in READS}))["skills"].to_pylist()
    given = [json.loads(line)["skills"] for line in answers(SENTENCES, 100, "en", linker, reader)]
    for sentence, found, skills in zip(SENTENCES, rows, given, strict=True):
        counted = {m["esco_uri"] for m in found if m["section"] in ASKED_SECTIONS}
        assert {s["uri"] for s in skills if s["counts"]} == counted & {s["uri"] for s in skills}, sentence
    assert {s["counts"] for skills in given for s in skills} == {True, False}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plannen in Excel", "plannen in Excel"),
        ("wij gebruiken geen Excel, wel Word", "wij , wel Word"),
        ("geen Excel maar Word", "maar Word"),
        ("Java is not required", ""),
    ],
)
def test_the_affirmed_part_of_a_text(reader: LineReader, text: str, kept: str) -> None:
    (_, affirmed), *_ = reader.read([text])
    assert " ".join(affirmed.split()) == kept


def test_a_broken_model_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "linker.npz"
    broken.write_bytes(b"PK no model")
    with pytest.raises(ReferenceDataError, match=r"linker\.npz"):
        Linker.load(broken)
