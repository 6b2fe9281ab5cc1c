"""Installing ESCO from files as published: merged by URI, partial Dutch allowed, broken files refused with the mend."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from overstap.errors import InputError, ReferenceDataError
from overstap.reference import esco

SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
SCHEME = "http://data.europa.eu/esco/concept-scheme/"
SKILLS_EN = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,inScheme\n"
    f'KnowledgeSkillCompetence,{SKILL}a,knowledge,sector-specific,Python,"Python 3\nPython",{SCHEME}skills\n'
    f'KnowledgeSkillCompetence,{SKILL}b,skill/competence,transversal,work in teams,team work,"{SCHEME}skills,\n'
    f'{SCHEME}skill-transversal-groups"\n'
)
SKILLS_NL_PARTIAL = (
    f"conceptUri,preferredLabel_nl,altLabels_nl,label_source\n{SKILL}b,in teams werken,samenwerken | teamwerk,x\n"
)
OCCUPATIONS_NL = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels\n"
    f'Occupation,{OCCUPATION}d,2512,softwareontwikkelaar,"programmeur\nontwikkelaar",developer\n'
)
OCCUPATIONS_EN = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels\n"
    f"Occupation,{OCCUPATION}d,2512,software developer,,\n"
)
RELATIONS = (
    "occupationUri,relationType,skillType,skillUri\n"
    f"{OCCUPATION}d,essential,knowledge,{SKILL}a\n{OCCUPATION}d,optional,skill/competence,{SKILL}b\n"
)
DIGITAL_EN = f"conceptUri,preferredLabel,altLabels,broaderConceptUri\n{SKILL}a,Python,,{SKILL}g\n"
GROUPS_EN = f"conceptType,conceptUri,preferredLabel,code\nSkillGroup,{SKILL}g,programming,S5.1\n"


def folder(tmp_path: Path, **files: str) -> Path:
    target = tmp_path / "ESCO dataset - v1.1.1"
    target.mkdir(exist_ok=True)
    for stem, text in files.items():
        (target / f"{stem}.csv").write_text(text, encoding="utf-8")
    return target


def everything(tmp_path: Path) -> Path:
    return folder(
        tmp_path,
        skills_en=SKILLS_EN,
        skills_nl_partial=SKILLS_NL_PARTIAL,
        occupations_nl=OCCUPATIONS_NL,
        occupations_en=OCCUPATIONS_EN,
        occupationSkillRelations=RELATIONS,
        digitalSkillsCollection_en=DIGITAL_EN,
        skillGroups_en=GROUPS_EN,
    )


def test_files_are_merged_by_uri_and_missing_dutch_labels_stay_null(tmp_path: Path) -> None:
    report = esco.install([everything(tmp_path)], tmp_path / "home")
    python, teams = esco.load_skills(tmp_path / "home").to_pylist()
    assert python == {
        "esco_uri": SKILL + "a",
        "label_nl": None,
        "label_en": "Python",
        "alt_nl": [],
        "alt_en": ["Python 3"],
        "skill_type": "knowledge",
        "reuse_level": "sector-specific",
        "is_digital": True,
        "is_transversal": False,
        "is_language": False,
        "group_uri": SKILL + "g",
        "group_code": "S5.1",
    }
    assert (teams["label_nl"], teams["alt_nl"]) == ("in teams werken", ["samenwerken", "teamwerk"])
    assert (teams["is_digital"], teams["is_transversal"], teams["group_uri"]) == (False, True, None)
    (developer,) = esco.load_occupations(tmp_path / "home").to_pylist()
    assert (developer["isco08"], developer["label_nl"], developer["label_en"]) == (
        "2512",
        "softwareontwikkelaar",
        "software developer",
    )
    assert developer["alt_nl"] == ["programmeur", "ontwikkelaar", "developer"]
    assert esco.load_relations(tmp_path / "home")["relation"].to_pylist() == ["essential", "optional"]
    assert report.versions == ["1.1.1"]
    assert "1 of 2 skills have no Dutch label" in str(report)
    assert "This service uses the ESCO classification of the European Commission." in str(report)


def test_zip_gzip_and_browser_copies_give_the_same_as_a_folder(tmp_path: Path) -> None:
    source = everything(tmp_path)
    esco.install([source], tmp_path / "one")
    archive = tmp_path / "ESCO dataset - v1.1.1 - en.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in source.glob("*_en.csv"):
            target.write(path, f"inner/{path.name}")
    packed = tmp_path / "skills_nl_partial.csv.gz"
    packed.write_bytes(gzip.compress(SKILLS_NL_PARTIAL.encode(), mtime=0))
    copy = tmp_path / "occupations_nl (1).csv"
    copy.write_text(OCCUPATIONS_NL, encoding="utf-8")
    paths = [archive, packed, copy, source / "occupationSkillRelations.csv"]
    esco.install(paths, tmp_path / "two")
    assert esco.load_skills(tmp_path / "one").equals(esco.load_skills(tmp_path / "two"))
    assert esco.load_occupations(tmp_path / "one").equals(esco.load_occupations(tmp_path / "two"))
    assert esco.load_relations(tmp_path / "one").equals(esco.load_relations(tmp_path / "two"))


def test_newer_version_names_the_concept_and_the_older_name_stays_findable(tmp_path: Path) -> None:
    for version, label in (("v1.1.1", "old name"), ("v1.2.0", "new name")):
        (tmp_path / "in" / version).mkdir(parents=True)
        text = f"conceptUri,preferredLabel,altLabels,iscoGroup\n{OCCUPATION}d,{label},,2512\n"
        (tmp_path / "in" / version / "occupations_en.csv").write_text(text)
    esco.install([tmp_path / "in"], tmp_path / "home")
    (row,) = esco.load_occupations(tmp_path / "home").to_pylist()
    assert (row["label_en"], row["alt_en"]) == ("new name", ["old name"])


def test_skipped_files_are_listed_with_the_reason(tmp_path: Path) -> None:
    source = folder(tmp_path, skills_en=SKILLS_EN, skills_de=SKILLS_EN, conceptSchemes_en="x\n", holiday="x\n")
    (source / "readme.txt").write_text("hello")
    report = esco.install([source], tmp_path / "home")
    reasons = dict(report.skipped)
    assert reasons["skills_de.csv"] == "language 'de': Dutch and English are used"
    assert reasons["conceptSchemes_en.csv"] == "not needed"
    assert reasons["holiday.csv"] == "not an ESCO file that overstap knows"
    assert reasons["readme.txt"] == "not an ESCO CSV file"
    assert "no Dutch labels of skills: skills_nl.csv was not given" in report.notes


def test_only_some_files_leave_the_rest_unknown(tmp_path: Path) -> None:
    esco.install([everything(tmp_path)], tmp_path / "home")
    folder_two = tmp_path / "two"
    folder_two.mkdir()
    (folder_two / "skills_nl_partial.csv").write_text(SKILLS_NL_PARTIAL)
    report = esco.install([folder_two], tmp_path / "home")
    (row,) = esco.load_skills(tmp_path / "home").to_pylist()
    assert row["is_digital"] is None and row["is_transversal"] is None and row["skill_type"] is None
    assert "relations are unknown: occupationSkillRelations.csv was not given" in report.notes
    with pytest.raises(ReferenceDataError, match="installed ESCO has no relations"):
        esco.load_relations(tmp_path / "home")


@pytest.mark.parametrize(
    ("stem", "text", "expected"),
    [
        ("skills_en", "conceptUri,altLabels\n", "skills_en.csv has no column 'preferredLabel'"),
        ("skills_en", SKILLS_EN + "KnowledgeSkill", "skills_en.csv, line 6: the row does not have 7 columns"),
        ("occupations_nl", OCCUPATIONS_NL.replace(OCCUPATION, "d:"), "column 'conceptUri': 'd:d' is not a URI"),
        ("occupationSkillRelations", RELATIONS.replace("optional", "maybe"), "column 'relationType': 'maybe' is"),
    ],
)
def test_a_broken_file_is_named_with_its_mend_and_nothing_is_written(
    tmp_path: Path, stem: str, text: str, expected: str
) -> None:
    with pytest.raises(ReferenceDataError) as caught:
        esco.install([folder(tmp_path, **{stem: text})], tmp_path / "home")
    assert expected in str(caught.value)
    assert "Download the file again" in caught.value.fix
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("skills_en.csv", "conceptUri,preferredLabel,altLabels\nx,caf\xe9,\n".encode("latin-1"), "not UTF-8 text"),
        ("skills_en.csv.gz", gzip.compress(SKILLS_EN.encode(), mtime=0)[:60], "not a readable gzip file"),
        ("esco.zip", b"PK no zip", "not a readable zip file"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReferenceDataError, match=expected):
        esco.install([tmp_path / name], tmp_path / "home")


def test_missing_path_and_folder_without_esco_say_where_the_files_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        esco.install([tmp_path / "absent"], tmp_path / "home")
    (tmp_path / "note.txt").write_text("x")
    with pytest.raises(ReferenceDataError) as caught:
        esco.install([tmp_path], tmp_path / "home")
    assert "note.txt (not an ESCO CSV file)" in caught.value.why
    assert "esco.ec.europa.eu/en/use-esco/download" in caught.value.fix


def test_installed_tells_none_complete_and_incomplete_apart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert esco.installed(home) is None
    with pytest.raises(ReferenceDataError, match="ESCO is not installed"):
        esco.load_skills(home)
    written = esco.install([everything(tmp_path)], home)
    assert esco.installed(home) == written
    assert not [path for path in home.iterdir() if path.name.startswith(".")]
    (home / "esco_skills.parquet").write_bytes(b"cut off")
    with pytest.raises(ReferenceDataError, match="is incomplete"):
        esco.installed(home)


def test_data_home_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVERSTAP_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert esco.data_home() == tmp_path / "xdg" / "overstap"
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "own"))
    assert esco.data_home() == tmp_path / "own"
    assert esco.data_home(tmp_path / "given") == tmp_path / "given"


class Service(BaseHTTPRequestHandler):
    """A small web service that answers in the documented form, three skills in pages of two requests."""

    def do_GET(self) -> None:
        url = urlparse(self.path)
        offset = int(parse_qs(url.query)["offset"][0])
        if url.path.endswith("/skill"):
            uris = [f"{SKILL}{i}" for i in range(offset, min(offset + 100, 101))]
            body = {"total": 101, "_embedded": {uri: self.skill(uri) for uri in uris}}
        else:
            body = {"total": 1, "_embedded": {OCCUPATION + "d": self.occupation()}}
        data = json.dumps(body).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(data)

    def skill(self, uri: str) -> dict[str, object]:
        label = {"nl": f"vaardigheid {uri[-3:]}", "en": f"skill {uri[-3:]}"}
        kind = {"uri": "http://data.europa.eu/esco/skill-type/skill"}
        links = {"hasSkillType": [kind], "broaderHierarchyConcept": [{"uri": SKILL + "g", "code": "S1"}]}
        return {"uri": uri, "preferredLabel": label, "alternativeLabel": {"en": ["x"]}, "_links": links}

    def occupation(self) -> dict[str, object]:
        links = {
            "broaderIscoGroup": [{"uri": "http://data.europa.eu/esco/isco/C2512"}],
            "hasEssentialSkill": [{"uri": SKILL + "0"}],
        }
        return {"preferredLabel": {"en": "developer", "nl": "ontwikkelaar"}, "_links": links}

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/esco/api"
    server.shutdown()
    server.server_close()


def test_fetch_reads_all_pages_of_the_web_service(tmp_path: Path, service: str) -> None:
    report = esco.fetch(tmp_path, api=service, timeout=5)
    assert report.counts["skills"] == 101 and report.counts["skills_nl"] == 101
    first = esco.load_skills(tmp_path).to_pylist()[0]
    assert (first["skill_type"], first["group_code"], first["is_digital"]) == ("skill/competence", "S1", None)
    assert esco.load_occupations(tmp_path)["isco08"].to_pylist() == ["2512"]
    assert esco.load_relations(tmp_path).num_rows == 1


def test_fetch_without_network_says_exactly_how_to_get_the_file(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(ReferenceDataError) as caught:
        esco.fetch(tmp_path / "home", api=f"http://127.0.0.1:{port}", timeout=2)
    text = str(caught.value)
    assert f"could not be fetched from http://127.0.0.1:{port}" in text
    assert "https://esco.ec.europa.eu/en/use-esco/download" in text
    assert "version 1.1.1 or 1.2" in text and "Dutch (nl)" in text and "CSV" in text
    assert "overstap reference install esco --from nl.zip --from en.zip" in text
    assert not (tmp_path / "home").exists()
