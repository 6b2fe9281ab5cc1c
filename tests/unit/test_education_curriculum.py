"""Programme texts: what is read from each kind of file, what counts as taught, and how it is laid beside what is asked."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
import yaml

from overstap.education.asked import (
    Asked,
    Demand,
    Target,
    asked_of_codes,
    asked_of_profiles,
    families,
    target_of_occupations,
    target_of_programme,
)
from overstap.education.curriculum import Scan, read_all, scan_programmes
from overstap.education.taught import sentences_of, taught_skills
from overstap.education.texts import ProgrammeText, read_programme_texts
from overstap.errors import InputError, Problems
from overstap.publish.curriculum import findings_csv, said, scan_html, scans_json
from overstap.publish.labels import Translator
from overstap.reference.tables import load
from overstap.reference.taxonomy import load_taxonomy
from overstap.sources.documents import joined
from overstap.study import Measures
from tests.coded import by_hand

HAND_READ = Path(__file__).parents[1] / "curriculum/programmes.yaml"


def docx(path: Path, *paragraphs: str) -> Path:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return path


def pdf(path: Path, *lines: str) -> Path:
    """A PDF of one page in a built-in font."""
    text = "BT /F1 12 Tf 72 720 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010} 00000 n \n" for p in places)
    path.write_text(
        f"{out}trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", encoding="ascii"
    )
    return path


def ids(text: str) -> set[str]:
    return {one.skill_id for one in taught_skills([text])[0]}


def test_every_kind_of_file_gives_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Opleiding één\nJe leert Python.".encode("latin-1"))
    (tmp_path / "b.html").write_text("<h1>Opleiding twee</h1><ul><li>Je leert Python.</li></ul><script>SQL</script>")
    docx(tmp_path / "c.docx", "Opleiding drie", "Je leert Python.")
    (tmp_path / "d.csv").write_text(
        "naam,omschrijving,niveau\nOpleiding vier,Je leert Python.,hbo\nVijf,Je leert SQL.,mbo\n"
    )
    course = {"@type": "Course", "name": "Opleiding zes", "description": "Je leert Python.", "teaches": ["SQL"]}
    (tmp_path / "e.json").write_text(json.dumps({"@graph": [course]}))
    found = read_all(sorted(tmp_path.iterdir()))
    assert [one.title for one in found] == [
        "Opleiding één",
        "Opleiding twee",
        "Opleiding drie",
        "Opleiding vier",
        "Vijf",
        "Opleiding zes",
    ]
    assert [("Python" in one.text, "SQL" in one.text) for one in found] == [
        (True, False), (True, False), (True, False), (True, False), (False, True), (True, True),
    ]  # fmt: skip


def test_a_pdf_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="SKIPPED: reading PDF needs pypdf, in overstap[pdf]")
    text = read_programme_texts(
        pdf(tmp_path / "g.pdf", "Bachelor Data", "Je leert program-", "meren in Python", "en SQL.")
    )[0]
    assert text.title == "Bachelor Data" and "programmeren in Python en SQL." in text.text
    with pytest.raises(InputError, match="holds no text"):
        read_programme_texts(pdf(tmp_path / "scan.pdf"))
    (tmp_path / "kapot.pdf").write_bytes(b"%PDF-1.4 niets")
    with pytest.raises(InputError, match="cannot be read as PDF"):
        read_programme_texts(tmp_path / "kapot.pdf")


def test_lines_that_a_page_cut_arejoined() -> None:
    assert (
        joined("Je leert samen-\nwerken met\ncollega's.\nToelating") == "Je leert samenwerken met collega's.\nToelating"
    )


def test_files_that_cannot_be_read_are_named_all(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("x")
    (tmp_path / "b.docx").write_text("no zip")
    (tmp_path / "c.txt").write_text(" \n")
    with pytest.raises(Problems) as caught:
        read_all([*sorted(tmp_path.iterdir()), tmp_path / "d.txt"])
    assert len(caught.value.items) == 4


def test_admission_career_and_what_is_not_needed_teach_nothing() -> None:
    text = (
        "Bachelor\nJe leert werken met SQL.\nToelating\nJe beheerst Python en Java.\nJe spreekt Duits.\nInhoud\n"
        "Je leert Excel.\nVoorkennis: Kotlin.\nErvaring met Scala is niet nodig.\nOnze alumni werken met Tableau."
    )
    assert {"core.sql", "core.spreadsheets"} <= ids(text)
    assert not ids(text) & {"core.python", "core.java", "core.lang_german", "core.kotlin", "core.scala"}
    english = "MSc\nYou learn R and SQL.\nEntry requirements\nPython.\nCareer prospects\nYou will use Tableau."
    assert "core.sql" in ids(english) and not ids(english) & {"core.python", "core.tableau"}


def test_a_list_that_is_denied_and_the_roles_of_colleagues_teach_nothing() -> None:
    text = "Bachelor\nGeen Python, Java of SQL.\nJe werkt samen met de Data Analyst.\nJe leert Excel."
    assert ids(text) == {"core.spreadsheets"}


def test_growth_is_not_told_of_years_without_a_source_in_common() -> None:
    names = [{"skill_id": "a", "label_nl": "a", "label_en": "a", "category_group": "digital", "category": "x"}]

    def found(*sources: str) -> Demand:
        years = ("2012", "2014")
        rows = [
            {"year": year, "source": source, "employer": k % 9, "weight": 1.0, "isco4": "2512", "function_group": "x",
             "skill": ["a"] if k % (4 - 2 * at) == 0 else []}
            for at, (year, source) in enumerate(zip(years, sources, strict=True)) for k in range(120)
        ]  # fmt: skip
        return asked_of_codes(by_hand(rows), names, Target({}, "all"), Measures(min_n=100, min_display=10))

    same, other = found("one", "one"), found("one", "two")
    assert same.items["a"].growth == pytest.approx(2.0) and same.years == ("2012", "2014") and same.apart is None
    assert other.items["a"].growth is None and other.years is None and other.apart == ("2012", "2014")
    assert other.items["a"].share_pct == pytest.approx(same.items["a"].share_pct) == 37.5
    scan = Scan(ProgrammeText("x", "", "x"), Target({}, "all"), other, (), 0)
    assert "no source has vacancies in both 2012 and 2014" in " ".join(said(scan, Translator("en")))


def test_a_sentence_has_its_place() -> None:
    text = "Titel\nJe leert SQL. Daarna leer je Python en Git.\n- Power BI"
    found = {one.skill_id: one for one in taught_skills([text])[0]}
    assert found["core.git"].sentence == "Daarna leer je Python en Git."
    assert text[found["core.git"].start : found["core.git"].end] == found["core.git"].sentence
    assert [text[s.start : s.end] for s in sentences_of(text)][-1] == "- Power BI"


def demand(*rows: tuple[str, str, float, float | None]) -> Demand:
    items = {
        item: Asked(item, {"nl": item, "en": item}, group, families().get(item, ()), share, 100, growth, size=100.0)
        for item, group, share, growth in rows
    }
    return Demand(items, "ads", 1000, ("2015", "2017"))


def test_verdicts_weights_and_parts() -> None:
    asked = demand(
        ("core.sql", "digital", 30.0, 2.0),
        ("core.java", "digital", 20.0, 0.1),
        ("core.scrum", "other", 40.0, None),
        ("core.nursing_care", "professional", 5.0, None),
        ("core.git", "digital", 1.0, 9.0),
    )
    text = ProgrammeText("p", "Je leert SQL.\nJe leert Python.\nJe leert Git.", "p.txt")
    scan = scan_programmes([text], Target({}, "all"), asked)[0]
    assert [f.item for f in scan.of("covered")] == ["core.sql"] and scan.of("covered")[0].weight == 60.0
    assert [f.item for f in scan.of("partly")] == ["core.java"]  # Python is near: another way to program
    assert scan.of("partly")[0].weight == 10.0  # growth counts from a half to twofold
    assert [f.item for f in scan.of("missing")] == ["core.scrum", "core.nursing_care"]
    assert {f.item for f in scan.of("extra")} == {"core.python", "core.git"}
    assert scan.part("covered") == pytest.approx(60 / 115) and scan.part("covered", ("digital",)) == pytest.approx(
        60 / 70
    )
    assert scan.part("missing", ("language",)) is None
    t = Translator("nl")
    rows = list(csv.DictReader(io.StringIO(findings_csv([scan], t))))
    assert {r["verdict"] for r in rows} == {"covered", "partly", "missing", "extra"}
    assert next(r for r in rows if r["item"] == "core.sql")["sentence"] == "Je leert SQL."
    assert next(r for r in rows if r["item"] == "core.scrum")["growth"] == ""
    assert scans_json([scan], t)[0]["parts_pct"]["all"]["covered"] == pytest.approx(100 * 60 / 115, abs=0.01)
    for language in ("nl", "en"):
        page = scan_html([scan], Translator(language))
        assert "core.scrum" in page and "<script" not in page


def test_where_a_programme_leads() -> None:
    named = target_of_programme("34479")
    assert (named.field, named.level, named.basis) == ("0613", "hbo_bachelor", "programme")
    assert sum(named.units.values()) == pytest.approx(1.0) and "2512" in named.units
    assert target_of_programme("0913", "mbo4").units
    assert set(target_of_occupations(["verpleegkundige", "2512"], "nl").units) >= {"2512"}
    for code, level, told in (
        ("99999", None, "not known"),
        ("0913", None, "level of programme"),
        ("hbo", None, "not known"),
    ):
        with pytest.raises(InputError, match=told):
            target_of_programme(code, level)
    with pytest.raises(InputError, match="Which occupations"):
        asked_of_profiles(Target({}, "all"))


def test_profiles_serve_where_there_are_no_ads() -> None:
    target = target_of_programme("34479")
    found = asked_of_profiles(target)
    text = ProgrammeText("p", "Je leert Java en SQL.", "p.txt")
    scan = scan_programmes([text], target, found)[0]
    assert scan.of("covered", ("digital",)) and scan.demand.source == "profiles"
    assert all(f.growth is None for f in scan.findings)


def test_agreement_with_a_reading_by_hand() -> None:
    """No lower than when it was first measured (docs/accuracy.md): the texts were labelled before."""
    read = yaml.safe_load(HAND_READ.read_text(encoding="utf-8"))
    found = taught_skills([f"{one['title']}\n{one['text']}" for one in read])
    pairs = [({t.skill_id for t in taught}, set(one["taught"])) for taught, one in zip(found, read, strict=True)]
    right = sum(len(ours & hand) for ours, hand in pairs)
    assert len(read) == 22
    assert right / sum(len(ours) for ours, _ in pairs) >= 0.79
    assert right / sum(len(hand) for _, hand in pairs) >= 0.66


def test_subjects_count_whatever_ads_call_them() -> None:
    text = "Je krijgt anatomie en farmacologie.\nToelating\nJe hebt kennis van thermodynamica."
    found = {one.skill_id: one for one in taught_skills([text])[0]}
    assert found["core.medicine"].words == "anatomie" and "core.pharmacy" in found and "core.physics" not in found
    assert text[found["core.pharmacy"].start : found["core.pharmacy"].end] == "Je krijgt anatomie en farmacologie."
    known = {row["skill_id"] for row in load_taxonomy("core").skills.to_pylist()}
    assert {
        row["skill_id"] for name in ("programme_subjects", "near_skills") for row in load(name).to_pylist()
    } <= known


def test_near_is_narrow_and_shares_have_intervals() -> None:
    """Jira is no part of a health record; Python is a start in Java."""
    near = families()
    assert set(near["core.python"]) & set(near["core.java"]) and "core.jira" not in near
    rows = [{"year": "2014", "source": "a", "employer": k % 20, "weight": 1.0, "isco4": "2512", "function_group": "x",
             "skill": ["a"] if k % 4 == 0 else []} for k in range(200)]  # fmt: skip
    names = [{"skill_id": "a", "label_nl": "a", "label_en": "a", "category_group": "digital", "category": "x"}]
    found = asked_of_codes(by_hand(rows), names, Target({"2512": 1.0}, "occupation"), Measures())
    one = found.items["a"]
    assert one.share_pct == 25.0 and found.of_units == {"2512": 200}
    assert one.low is not None and one.high is not None and one.low < 25.0 < one.high
    text = ProgrammeText("p", "Je leert SQL.", "p.txt")
    both = demand(("core.sql", "digital", 30.0, None), ("core.scrum", "other", 30.0, None))
    scan = scan_programmes([text], Target({}, "all"), both)[0]
    low, high = scan.interval("covered") or (0.0, 0.0)
    assert 0.35 < low < 0.5 < high < 0.65


def test_a_study_without_vacancies_of_the_occupations_claims_nothing() -> None:
    rows = [{"year": "2014", "source": "a", "employer": 1, "weight": 1.0, "isco4": "2512", "function_group": "x",
             "skill": ["a"]}]  # fmt: skip
    names = [{"skill_id": "a", "label_nl": "a", "label_en": "a", "category_group": "digital", "category": "x"}]
    found = asked_of_codes(by_hand(rows), names, Target({"3113": 1.0}, "occupation"), Measures())
    scan = scan_programmes([ProgrammeText("p", "Je leert SQL.", "p.txt")], Target({"3113": 1.0}, "occupation"), found)[
        0
    ]
    assert scan.findings == () and scan.part("covered") is None and scan.interval("covered") is None
