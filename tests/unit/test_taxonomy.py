"""Read the core taxonomy and merge it with ESCO."""

import dataclasses
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.tokens import fold_tokens
from overstap.errors import Problems, ReferenceDataError
from overstap.reference import taxonomy as taxonomy_module
from overstap.reference.core_files import COLUMNS, read_blocked, read_core, read_esco_forms
from overstap.reference.esco import install
from overstap.reference.forms import expand
from overstap.reference.taxonomy import Taxonomy, build_taxonomy, load_taxonomy, taxonomy_version

URI = "http://data.europa.eu/esco/skill/"


def write(folder: Path, category: str, *rows: str) -> Path:
    """A category file; each row gives the columns up to not_forms, separated by semicolons."""
    lines = [",".join(COLUMNS)]
    lines += [",".join('"' + cell.strip() + '"' for cell in (row + ";" * 8).split(";")[:9]) for row in rows]
    (folder / f"{category}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def form_rows(taxonomy: Taxonomy) -> dict[str, tuple[str | None, str, bool, bool]]:
    ids = taxonomy.skills.column("skill_id").to_pylist()
    return {
        row["form"]: (
            ids[row["skill_index"]] if row["skill_index"] >= 0 else None,
            row["language"],
            row["case_sensitive"],
            row["needs_context"],
        )
        for row in taxonomy.forms.to_pylist()
    }


def esco(*rows: dict[str, object]) -> pa.Table:
    default: dict[str, object] = {"label_nl": None, "alt_nl": [], "alt_en": []}
    default |= {"is_digital": False, "is_transversal": False, "is_language": False}
    schema = pa.schema(
        [(name, pa.string()) for name in ("esco_uri", "label_nl", "label_en")]
        + [(name, pa.list_(pa.string())) for name in ("alt_nl", "alt_en")]
        + [(name, pa.bool_()) for name in ("is_digital", "is_transversal", "is_language")]
    )
    return pa.Table.from_pylist([default | row for row in rows], schema=schema)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("program{,me}", ["program", "programme"]),
        ("{a,b} {c,d}", ["a c", "a d", "b c", "b d"]),
        ("{zeer ,}goed", ["zeer goed", "goed"]),
        ("java", ["java"]),
        ("{work,labo{u,}r} law", ["work law", "labour law", "labor law"]),
    ],
)
def test_braces_give_alternatives(form: str, expected: list[str]) -> None:
    assert expand(form) == expected


def test_marks_become_columns(tmp_path: Path) -> None:
    write(tmp_path, "programming", "core.r;R;R;;;=R~ | r-program{,m}ing;@digital | statisti{ek,cs};r&d")
    taxonomy = load_taxonomy(folder=tmp_path)
    assert form_rows(taxonomy) == {
        "R": ("core.r", "en", True, True),
        "r-programing": ("core.r", "en", False, False),
        "r-programming": ("core.r", "en", False, False),
        "r&d": (None, "any", False, False),
    }
    assert taxonomy.skills.to_pylist()[0]["category_group"] == "digital"
    contexts = {(row["form"], row["category_group"]) for row in taxonomy.contexts.to_pylist()}
    assert contexts == {("statistiek", None), ("statistics", None), (None, "digital")}


def test_one_form_in_both_languages_is_one_form(tmp_path: Path) -> None:
    write(tmp_path, "programming", "core.java;Java;Java;;java;java | Java")
    assert load_taxonomy(folder=tmp_path).forms.num_rows == 1


def test_a_form_claimed_twice_goes_to_the_lower_id_and_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "programming", "core.b;B;B;;java;", "core.a;A;A;;java;", "core.c;C;C;;c;;;java")
    taxonomy = load_taxonomy(folder=tmp_path)
    assert form_rows(taxonomy)["java"][0] == "core.a"
    assert taxonomy.collisions == 1


def test_the_version_follows_the_core_files(tmp_path: Path) -> None:
    first = load_taxonomy(folder=write(tmp_path, "programming", "core.a;A;A;;java;")).version
    assert load_taxonomy(folder=tmp_path).version == first == taxonomy_version(folder=tmp_path)
    write(tmp_path, "programming", "core.a;A;A;;java 8;")
    second = taxonomy_version(folder=tmp_path)
    assert load_taxonomy(folder=tmp_path).version == second != first
    (tmp_path / "programming.csv").rename(tmp_path / "database.csv")
    assert taxonomy_version(folder=tmp_path) not in (first, second)


def test_the_version_follows_the_installed_esco(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="not installed"):
        taxonomy_version("esco", home=tmp_path)
    versions = [taxonomy_version("core", home=tmp_path)]
    for label in ("erlang", "haskell"):
        source = tmp_path / "skills_en.csv"
        columns = {"conceptType": "KnowledgeSkillCompetence", "conceptUri": URI + "1", "skillType": "knowledge"}
        columns |= {"reuseLevel": "cross-sector", "preferredLabel": label, "altLabels": ""}
        source.write_text(",".join(columns) + "\n" + ",".join(columns.values()) + "\n", encoding="utf-8")
        install([source], tmp_path)
        taxonomy = load_taxonomy("esco", home=tmp_path)
        assert label in form_rows(taxonomy)
        versions.append(taxonomy.version)
    assert len(set(versions)) == 3


def test_a_kept_taxonomy_is_the_built_one(tmp_path: Path) -> None:
    fresh = load_taxonomy(home=tmp_path)
    assert load_taxonomy(home=tmp_path) is fresh
    (file,) = (tmp_path / "cache").glob("taxonomy-core-*.arrow")
    taxonomy_module._kept.cache_clear()
    kept = load_taxonomy(home=tmp_path)
    assert kept is not fresh
    for field in dataclasses.fields(fresh):
        assert getattr(kept, field.name) == getattr(fresh, field.name), field.name
    assert kept.forms.schema.equals(fresh.forms.schema)
    file.write_bytes(file.read_bytes()[:-500])
    taxonomy_module._kept.cache_clear()
    assert load_taxonomy(home=tmp_path).forms == fresh.forms


def test_a_core_file_that_breaks_is_named_though_a_taxonomy_was_kept(tmp_path: Path) -> None:
    load_taxonomy(folder=write(tmp_path, "programming", "core.a;A;A;;java;"))
    with pytest.raises(ReferenceDataError, match="line 2"):
        load_taxonomy(folder=write(tmp_path, "programming", "core.a;A;A;;ja{va;"))


def test_single_words_of_esco_are_guarded() -> None:
    words = {"esco_uri": URI + "1", "label_nl": "Ski", "label_en": "engineering"}
    words |= {"alt_en": ["lead", "Google", "team leadership"], "alt_nl": ["plannen", "projectplanning"]}
    forms = form_rows(build_taxonomy([], esco(words)))
    assert set(forms) == {"Ski", "engineering", "Google", "team leadership", "projectplanning"}
    assert forms["Google"][2:] == (True, False)
    assert forms["Ski"][2:] == (True, True)


def test_what_a_remark_explained_holds_only_beside_its_group() -> None:
    rows = ({"label_en": "Chef (tools)", "label_nl": "Chef (hulpmiddelen)"}, {"label_en": "Visual Basic (language)"})
    forms = form_rows(build_taxonomy([], esco(*({"esco_uri": f"{URI}{i}", **row} for i, row in enumerate(rows)))))
    assert forms["Chef"] == ("esco.0", "any", True, True)
    assert forms["Visual Basic"][2:] == (False, False)


def test_blocked_labels_never_count_or_only_beside_their_words(tmp_path: Path) -> None:
    path = tmp_path / "blocked.csv"
    path.write_text('form,context,reason\n"{plan,plannen}",,noun\nlogic,formal | @digital,"Azure Logic Apps"\n')
    rows = ({"label_en": "plan", "label_nl": "plannen"}, {"label_en": "logic", "alt_en": ["formal logic"]})
    table = esco(*({"esco_uri": f"{URI}{i}", **row} for i, row in enumerate(rows)))
    taxonomy = build_taxonomy([], table, read_blocked(path))
    forms = form_rows(taxonomy)
    assert set(forms) == {"logic", "formal logic"}
    assert [forms["logic"][3], forms["formal logic"][3]] == [True, False]
    near = {(row["form"], row["category_group"]) for row in taxonomy.contexts.to_pylist()}
    assert near == {("formal", None), (None, "digital")}


@pytest.mark.parametrize("row", ["a; b,,", "plan,@ict,", "pl{an,,", "{plan,plannen},,", "fine,,"])
def test_a_broken_row_of_blocked_labels_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "blocked.csv"
    path.write_text(f"form,context,reason\nfine,,\n{row}\n")
    with pytest.raises(ReferenceDataError, match=r"blocked\.csv, line 3"):
        read_blocked(path)


def test_esco_merges_by_uri_and_core_forms_win(tmp_path: Path) -> None:
    write(tmp_path, "programming", f"core.r;R;R;{URI}1;;=R~ | erlang;@digital")
    taxonomy = build_taxonomy(
        read_core(tmp_path),
        esco(
            {"esco_uri": URI + "1", "label_en": "R (programming)", "alt_en": ["R language"], "is_digital": True},
            {"esco_uri": URI + "2", "label_nl": "Erlang", "label_en": "Erlang (computer programming)"},
            {"esco_uri": URI + "3", "label_en": "Danish", "is_language": True, "is_digital": True},
            {"esco_uri": URI + "4", "label_en": "SAS", "alt_en": ["c"], "is_digital": True},
            {"esco_uri": URI + "5", "label_en": "be flexible", "is_transversal": True, "alt_en": ["R language"]},
            {"esco_uri": URI + "6", "label_en": "grow, prune and sell", "alt_en": ["be flexible"]},
        ),
    )
    forms = form_rows(taxonomy)
    assert forms["R"] == ("core.r", "en", True, True)
    assert forms["R language"][0] == "core.r"
    assert forms["erlang"][0] == "core.r"
    assert "Erlang" not in forms
    assert forms["SAS"] == ("esco.4", "en", True, True)
    assert forms["be flexible"][0] == "esco.5"
    assert "c" not in forms
    assert taxonomy.unusable == ("grow, prune and sell",)
    categories = dict(zip(*(taxonomy.skills.column(n).to_pylist() for n in ("skill_id", "category")), strict=True))
    assert categories == {
        "core.r": "programming",
        "esco.2": "professional",
        "esco.3": "language",
        "esco.4": "digital_esco",
        "esco.5": "transversal_esco",
        "esco.6": "professional",
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("python;P;P", "is not a skill id"),
        ("core.a;;A", "lacks a Dutch or English label"),
        ("core.a;A;A;;ja{va;", "unbalanced"),
        ("core.a;A;A;;java~;", "no context"),
        ("core.a;A;A;;java;;@ict", "is not a group"),
    ],
)
def test_a_broken_row_is_named_with_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(ReferenceDataError, match=rf"programming\.csv, line 2: .*{message}"):
        load_taxonomy(folder=write(tmp_path, "programming", row))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "programming", "core.a;A;A;;java;", "core.a;A;A", "b;B;B")
    write(tmp_path, "programing", "core.c;C;C")
    with pytest.raises(Problems) as caught:
        load_taxonomy(folder=tmp_path)
    text = str(caught.value)
    assert "stands twice" in text and "not a skill id" in text and "Did you mean 'programming'" in text


def test_unknown_names_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="no taxonomy 'onet'"):
        load_taxonomy("onet")
    with pytest.raises(ReferenceDataError, match="no files"):
        load_taxonomy(folder=tmp_path)
    (tmp_path / "programming.csv").write_text("skill_id,label_nl\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="lacks the columns label_en"):
        load_taxonomy(folder=tmp_path)


def test_own_forms_go_to_the_core_skill_of_the_uri_else_to_the_esco_skill(tmp_path: Path) -> None:
    write(tmp_path, "communication", f"core.reports;Rapporten;Reports;{URI}1;rapportages maken;;;")
    path = tmp_path / "esco_forms.csv"
    path.write_text(
        "esco_uri,language,forms,note\n"
        f'{URI}1,nl,"rapportages {{opstellen,maken}}",\n{URI}2,en,order picking,\n{URI}3,en,not in ESCO,\n',
        encoding="utf-8",
    )
    own = read_esco_forms(path)
    path.unlink()
    skills = esco({"esco_uri": URI + "1", "label_en": "write reports"}, {"esco_uri": URI + "2", "label_en": "pick"})
    rows = form_rows(build_taxonomy(read_core(tmp_path), skills, own=own))
    assert rows["rapportages opstellen"] == ("core.reports", "nl", False, False)
    assert rows["rapportages maken"][0] == "core.reports"
    assert rows["order picking"][0] == "esco.2"
    assert "not in ESCO" not in rows
    assert "order picking" not in form_rows(build_taxonomy(read_core(tmp_path), own=own))


@pytest.mark.parametrize("row", ["de,lagerarbeit", "nl,orders~", "nl,a{b"])
def test_own_forms_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "esco_forms.csv"
    path.write_text(f"esco_uri,language,forms\n{URI}1,{row}\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="line 2"):
        read_esco_forms(path)


def test_the_bundled_own_forms_are_read_and_each_can_be_matched() -> None:
    own = read_esco_forms(taxonomy_module._esco_forms_path())
    assert len(own) > 100
    assert all(fold_tokens(form.text) for forms in own.values() for form in forms)
