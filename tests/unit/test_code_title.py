"""`overstap code-title`: lines of titles to JSON, with the bundled titles and model."""

import json
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.ads.code_title import BATCH, TitleCoder
from overstap.ads.occupation import default_coder
from overstap.errors import InputError, Problems, ReferenceDataError
from overstap.reference import own_titles
from overstap.study import Annotation


@pytest.fixture(scope="module")
def coder() -> TitleCoder:
    return TitleCoder.bundled("nl", 5)


def answers(coder: TitleCoder, *titles: str) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in coder.lines(f"{title}\n" for title in titles)]


def test_every_line_has_its_answer_in_order_blank_ones_too(coder: TitleCoder) -> None:
    titles = ["loodgieter", "", "  ", "loodgieter", "???", "verpleegkundige"]
    rows = answers(coder, *titles)
    assert [row["title"] for row in rows] == titles
    assert [row["isco08"] for row in rows] == ["7126", None, None, "7126", None, "2221"]
    keys = ["title", "codable", "isco08", "score", "candidates", "esco", "hybrid", "domains", "reason"]
    assert all(list(row) == [*keys, "isco08_label", "candidate_labels"] for row in rows)
    assert all(list(found) == ["isco08", "score"] for row in rows for found in row["candidates"])
    for row in rows:
        assert row["codable"] == (row["isco08"] is not None) == (row["score"] is not None)
        for given in ("candidates", "esco"):
            scores = [answer["score"] for answer in row[given]]
            assert scores == sorted(scores, reverse=True) and len(scores) <= 5
    assert rows[1]["esco"] == rows[4]["esco"] == []
    assert rows[1]["reason"] == rows[4]["reason"] == "empty" and rows[0]["reason"] is None


def test_names_of_esco_come_first_with_their_uri_and_label(coder: TitleCoder) -> None:
    row = answers(coder, "Vrachtwagenchauffeur (m/v)")[0]
    assert row["esco"][0] == {
        "uri": "http://data.europa.eu/esco/occupation/45037d43-a8f5-4f46-b332-b2935bc305f4",
        "label": "vrachtwagenchauffeur",
        "score": row["esco"][0]["score"],
    }
    english = TitleCoder(coder.coder, coder.ranker, "en", 1)
    assert answers(english, "vrachtwagenchauffeur")[0]["esco"][0]["label"] == "cargo vehicle driver"


def test_groups_are_named_in_the_language_asked(coder: TitleCoder) -> None:
    row, nothing = answers(coder, "loodgieter", "???")
    assert row["isco08_label"] == row["candidate_labels"][0] == "Loodgieters"
    assert len(row["candidate_labels"]) == len(row["candidates"]) and all(row["candidate_labels"])
    assert (nothing["isco08_label"], nothing["candidate_labels"]) == (None, [])
    english = TitleCoder(coder.coder, coder.ranker, "en", 1)
    assert answers(english, "loodgieter")[0]["isco08_label"] == "Plumbers and pipe fitters"


@pytest.mark.parametrize(
    ("title", "isco08"),
    [
        ("verpleegkunidge", "2221"),
        ("Teaching Assistant", "5312"),
        ("vpk", "2221"),
        ("VPK niveau 4 (24-32 uur)", "2221"),
        ("Zij-instromer (basisonderwijs)", "2341"),
        ("Consulent (Wmo)", "3353"),
        ("RMN", "2221"),
        ("Teamleider vmbo", "1345"),
        ("Zij-instromer", None),
        ("Coördinator", None),
        ("XQZ", None),
        ("monteur, elektro-", "7411"),
        ("TIG-lasser (niveau 3&4)", "7212"),
        ("ik werk als vrachtwagenchauffeur", "8332"),
        ("Wetenschappelijk onderzoeker politicologie", "2633"),
    ],
)
def test_titles_as_people_write_them(coder: TitleCoder, title: str, isco08: str) -> None:
    assert answers(coder, title)[0]["isco08"] == isco08


@pytest.mark.parametrize(
    ("title", "isco08", "label"),
    [
        ("Klaviyo | Software Engineer | Boston, MA | ONSITE", "2512", None),
        ("Pilot | Data Scientist | Remote (EU) | https://pilot.example", "2511", "data scientist"),
        ("Amersfoort | Verpleegkundige | 24 uur", "2221", None),
        ("Verpleegkundige | Interne geneeskunde | Utrecht", "2221", None),
        ("Acme BV - Boekhouder - Zwolle", "3313", None),
        ("London, UK | Senior Radiographer", "3211", None),
    ],
)
def test_of_a_title_in_parts_the_role_is_coded(coder: TitleCoder, title: str, isco08: str, label: str | None) -> None:
    row = answers(coder, title)[0]
    assert row["isco08"] == isco08 and (label is None or row["esco"][0]["label"] == label)


@pytest.mark.parametrize(
    ("role", "firm"),
    [
        ("Kok", "Restaurant De Visser"),
        ("Receptionist", "Hotel Baker"),
        ("Verpleegkundige", "Huize De Schilder"),
        ("Nurse", "Cooper Carpenter Ltd"),
        ("Software engineer", "Pilot"),
        ("Boekhouder", "Bakker & Zonen"),
        ("Verpleegkundige", "De Visser"),
    ],
)
def test_the_role_goes_before_the_firm(coder: TitleCoder, role: str, firm: str) -> None:
    codes = {answers(coder, title)[0]["isco08"] for title in (role, f"{role} | {firm}", f"{firm} | {role} | Utrecht")}
    assert len(codes) == 1 and None not in codes


@pytest.mark.parametrize(
    "title",
    [
        "Hotel Baker | London",
        "Klaviyo | Boston, MA",
        "Honey | Full-time | Los Angeles",
        "Compose | Remote",
        "Tictail - https://tictail.example/ - NYC - ONSITE",
        "Capital One | NYC, New York, NY | Onsite",
        "Santa Barbara, CA or Remote",
    ],
)
def test_names_of_firms_and_places_are_no_occupation(coder: TitleCoder, title: str) -> None:
    row = answers(coder, title)[0]
    assert (row["codable"], row["candidates"], row["esco"]) == (False, [], [])
    assert row["reason"] == "names no occupation"


@pytest.mark.parametrize(
    "title",
    [
        "iets met computers",
        "ik werk in de zorg",
        "HBO stagiair",
        "Open sollicitatie",
        "Uitzendbureau zoekt jou!",
        "Kom jij ons team versterken?",
        "Vacatures in Utrecht",
        "Open dag verpleegkundigen",
        "eigen bedrijf",
    ],
)
def test_what_names_no_occupation_is_not_coded(coder: TitleCoder, title: str) -> None:
    row = answers(coder, title)[0]
    assert not row["codable"] and row["isco08"] is None and row["score"] is None
    assert (row["candidates"], row["esco"], row["hybrid"], row["domains"]) == ([], [], None, None)
    assert row["reason"] == "names no occupation"


@pytest.mark.parametrize(
    ("title", "isco08"),
    [
        ("Restaurant zoekt kok", "5120"),
        ("Ben jij een gedreven accountmanager?", "3322"),
        ("Wij zoeken een timmerman", "7115"),
    ],
)
def test_of_a_call_the_title_in_it_counts(coder: TitleCoder, title: str, isco08: str) -> None:
    row = answers(coder, title)[0]
    assert (row["isco08"], row["reason"]) == (isco08, None)


@pytest.mark.parametrize(
    ("title", "isco08", "label"),
    [
        (".NET developer", "2512", "software ontwikkelaar"),
        ("leerkracht groep 5/6", "2341", "leraar basisonderwijs"),
        ("docent Nederlands", "2330", "leerkracht letterkunde voortgezet onderwijs"),
        ("wijkverpleegkundige", "2221", "algemeen verpleegkundige"),
    ],
)
def test_common_titles_have_their_code_and_concept(coder: TitleCoder, title: str, isco08: str, label: str) -> None:
    row = answers(coder, title)[0]
    assert (row["isco08"], row["esco"][0]["label"]) == (isco08, label)


def test_the_concepts_of_a_settled_code_are_of_that_code(coder: TitleCoder) -> None:
    row = answers(coder, "data steward")[0]
    place = dict(zip(coder.ranker.encoder.uris, coder.ranker.encoder.codes, strict=True))
    assert {row["isco08"]} == {place[concept["uri"]] for concept in row["esco"][:3]}


def test_roles_of_two_domains_are_marked(coder: TitleCoder) -> None:
    hybrid, plain, weak = answers(coder, "CMIO", "timmerman", "xqzv wvrt")
    assert (hybrid["hybrid"], hybrid["domains"]) == (True, ["ict", "health"])
    assert (plain["hybrid"], plain["domains"]) == (False, [])
    assert (weak["reason"], weak["hybrid"]) == ("uncertain", None)


def test_a_batch_is_read_at_a_time(coder: TitleCoder) -> None:
    read = count()

    def endless() -> Iterator[str]:
        while True:
            next(read)
            yield "timmerman\n"

    assert len(list(islice(coder.lines(endless()), 10))) == 10
    assert next(read) == BATCH


@pytest.mark.parametrize(("language", "top"), [("de", 3), ("NL", 3), ("nl", 0)])
def test_bad_options_are_refused_with_a_mend(language: str, top: int) -> None:
    with pytest.raises(InputError) as error:
        TitleCoder.bundled(language, top)
    assert error.value.fix


def listed(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_own_titles_win_at_once_and_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("OVERSTAP_HOME", str(home))
    before = answers(TitleCoder.bundled(), "Verpleegkundige", "Medewerker")
    assert own_titles.version() is None
    file = listed(tmp_path / "own.csv", "title,isco08\nverpleegkundige,5321\nMedewerker,9329\nKleine Kwik,2651\n")
    assert own_titles.install(file) == 3
    after = answers(TitleCoder.bundled(), "Senior Verpleegkundige (32 uur)", "medewerker", "Kleine kwik")
    assert [(row["isco08"], row["score"]) for row in after] == [("5321", 1.0), ("9329", 1.0), ("2651", 1.0)]
    assert own_titles.version() is not None
    own_titles.remove()
    assert answers(TitleCoder.bundled(), "Verpleegkundige", "Medewerker") == before
    with pytest.raises(ReferenceDataError):
        own_titles.remove()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,isco08\nbakker,7513\nkok,512O\n", "line 3"),
        ("title,isco08\nkok,512O\n", "5120 Koks"),
        ("title,isco08\nbakker,5712\n", "7512 Bakkers en banketbakkers"),
        ("title,isco08\nkok,51\n", "'51'"),
        ("title,code\nkok,5120\n", "isco08"),
        ("title,isco08\n ,5120\n", "empty"),
        ("title,isco08\nkok,5120\nkok,3434\n", "line 2: 'kok', read as the same title, has 5120"),
        ("title,isco08\nbakker,7512\nKok (m/v),5120\nkok,3434\n", "line 4: 'kok' has 3434; line 3: 'Kok (m/v)'"),
        ("title,isco08\n", "no titles"),
    ],
)
def test_wrong_lists_are_refused_with_row_and_value(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises((InputError, Problems)) as error:
        own_titles.install(listed(tmp_path / "own.csv", text), tmp_path)
    assert said in str(error.value)
    assert own_titles.version(tmp_path) is None


def test_the_coder_is_the_same_while_nothing_changes() -> None:
    assert default_coder() is default_coder()


def test_a_run_keeps_the_own_titles_it_began_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "home"))
    columns = {name: pa.array([None], pa.string()) for name in READS}
    columns |= {
        "ad_id": pa.array(["1"]),
        "title": pa.array(["Verpleegkundige"]),
        "text": pa.array([""], pa.large_string()),
    }
    ads = pa.RecordBatch.from_pydict({name: columns[name] for name in READS})
    annotate = Annotator(Annotation(), topsector_table("default", Path()))
    assert annotate(ads)["isco08"].to_pylist() == ["2221"]
    own_titles.install(listed(tmp_path / "own.csv", "title,isco08\nverpleegkundige,5321\n"))
    assert annotate(ads)["isco08"].to_pylist() == ["2221"]
    assert Annotator(Annotation(), topsector_table("default", Path()))(ads)["isco08"].to_pylist() == ["5321"]
