"""Titles to ISCO-08: on a small list of titles, with the bundled rules and common titles."""

import pickle

import pyarrow as pa
import pytest

from overstap.ads import _title_features as tf
from overstap.ads._title_common import common_titles
from overstap.ads._title_heads import HeadRules
from overstap.ads._title_index import TitleIndex, build
from overstap.ads.occupation import OccupationCoder, code_titles, function_group
from overstap.ads.titles import place_keys
from overstap.reference import tables
from overstap.schema.core import CANDIDATES, FUNCTION_GROUPS

TITLES = [
    ("verpleegkundige", "nl", "2221", "esco_label"),
    ("wijkverpleegkundige", "nl", "2221", "esco_alt"),
    ("systeembeheerder", "nl", "2522", "esco_label"),
    ("timmerman", "nl", "7115", "esco_label"),
    ("verkoper", "nl", "5223", "esco_label"),
    ("verkoopmanager", "nl", "1221", "esco_label"),
    ("koelmonteur", "nl", "7127", "esco_label"),
    ("automonteur", "nl", "7231", "esco_label"),
    ("landbouwadviseur", "nl", "2132", "esco_label"),
    ("software developer", "en", "2512", "esco_label"),
    ("nurse", "en", "2221", "isco"),
    ("sales manager", "en", "1221", "esco_label"),
]


@pytest.fixture(scope="module")
def coder() -> OccupationCoder:
    columns = list(zip(*TITLES, strict=True))
    table = pa.table(dict(zip(["title", "language", "isco08", "kind"], columns, strict=True)))
    return OccupationCoder(build(table, common_titles(), HeadRules.load()), place_keys(["Utrecht", "Amsterdam"]))


def codes(coder: OccupationCoder, *titles: str | None) -> list[str | None]:
    return code_titles(pa.array(titles, pa.string()), coder=coder)["isco08"].to_pylist()


def test_dirty_titles_are_coded(coder: OccupationCoder) -> None:
    assert codes(coder, "Medior .NET developer (32-40 uur) | Utrecht", "(sr.) verpleegkundige wijk m/v/x") == [
        "2512",
        "2221",
    ]


def test_gender_plural_and_compound_spelling_make_no_difference(coder: OccupationCoder) -> None:
    assert codes(coder, "Verkoopster", "verkopers", "Wijk-verpleegkundigen", "Systeem beheerder") == [
        "5223",
        "5223",
        "2221",
        "2522",
    ]


def test_head_of_the_title_decides(coder: OccupationCoder) -> None:
    assert codes(coder, "Servicemonteur koeltechniek", "Adviseur landbouw", "Tuinbouwadviseur") == [
        "7127",
        "2132",
        "2132",
    ]


@pytest.mark.parametrize(
    ("title", "isco08"),
    [
        ("Data Scientist", "2511"),
        ("Senior Data Engineer (Azure)", "2511"),
        ("Machine Learning Engineer", "2512"),
        ("DevOps engineer", "2512"),
        ("Cloud engineer", "2512"),
        ("Full stack developer", "2512"),
        ("Scrum master", "2511"),
        ("Product Owner", "2511"),
        ("Ethical hacker", "2529"),
        ("Information Security Manager", "2529"),
        ("Business analist", "2511"),
        ("Functioneel beheerder", "2522"),
        ("Servicedeskmedewerker", "3512"),
        ("ICT manager", "1330"),
        ("Medior Google Cloud Data Engineer", "2511"),
        ("Data Team Lead", "1330"),
    ],
)
def test_ict_titles_of_today(coder: OccupationCoder, title: str, isco08: str) -> None:
    assert codes(coder, title) == [isco08]


@pytest.mark.parametrize(
    "title",
    [
        "HBO stagiair",
        "Vacature",
        "Open sollicitatie",
        "iets met computers",
        "Traineeship IT",
        "Medewerker",
        "",
        "12345",
        "???",
        None,
    ],
)
def test_titles_that_name_no_occupation_are_said_to_be_uncodable(coder: OccupationCoder, title: str | None) -> None:
    row = code_titles(pa.array([title], pa.string()), coder=coder).to_pylist()[0]
    assert row == {
        "codable": False,
        "isco08": None,
        "isco08_score": None,
        "isco08_candidates": [],
        "function_group": None,
    }


def test_internship_for_a_known_occupation_is_coded(coder: OccupationCoder) -> None:
    assert codes(coder, "Data Analyst Intern", "Stagiair verpleegkundige") == ["2511", "2221"]


def test_feed_helps_only_where_the_title_does_not(coder: OccupationCoder) -> None:
    titles = pa.array(["Open sollicitatie", "Timmerman", None, "Vacature"])
    feed = pa.array(["Verpleegkundige", "Verpleegkundige", "Software developer", None])
    assert code_titles(titles, feed, coder=coder)["isco08"].to_pylist() == ["2221", "7115", "2512", None]


def test_candidates_come_best_first_under_the_contract(coder: OccupationCoder) -> None:
    batch = code_titles(pa.array(["sales manager", "nurse"]), coder=coder)
    assert batch.schema.field("isco08_candidates").type == CANDIDATES
    for row in batch.to_pylist():
        scores = [c["score"] for c in row["isco08_candidates"]]
        assert scores == sorted(scores, reverse=True) and len(scores) == 5
        assert row["isco08_candidates"][0]["code"] == row["isco08"]
        assert 0 < row["isco08_score"] <= 1


def test_below_the_threshold_a_title_is_not_coded_but_its_candidates_are_told(coder: OccupationCoder) -> None:
    row = code_titles(pa.array(["zorgvuldige kwartiermaakster blauw"]), None, 0.99, coder=coder).to_pylist()[0]
    assert not row["codable"] and row["isco08"] is None and row["function_group"] is None and row["isco08_candidates"]


def test_result_does_not_depend_on_order_or_repetition(coder: OccupationCoder) -> None:
    titles = ["Timmerman", "nurse", "Verkoopster", "monteur", None]
    once = dict(zip(titles, code_titles(pa.array(titles), coder=coder).to_pylist(), strict=True))
    again = code_titles(pa.chunked_array([pa.array(titles[::-1]), pa.array(titles)]), coder=coder).to_pylist()
    assert again == [once[t] for t in [*titles[::-1], *titles]]


def test_pickled_coder_gives_the_same(coder: OccupationCoder) -> None:
    titles = pa.array(["Automonteur", "Sales manager"])
    assert code_titles(titles, coder=pickle.loads(pickle.dumps(coder))).equals(code_titles(titles, coder=coder))


def test_kept_coder_gives_the_same(coder: OccupationCoder) -> None:
    index = coder.index
    kept = TitleIndex.unpack(index.pack(), index.rules)
    assert (kept.codes, kept.exact, kept.common) == (index.codes, index.exact, index.common)
    words = [["wijk", "verpleegkundige"], ["monteur", "koeltechniek"], ["data", "engineer"], ["iets"]]
    assert (kept.scores(words) == index.scores(words)).all()


def test_empty_column(coder: OccupationCoder) -> None:
    assert code_titles(pa.array([], pa.string()), coder=coder).num_rows == 0


def test_function_groups_follow_isco() -> None:
    groups = {"2511": "ict", "3512": "ict", "1120": "manager", "1330": "manager", "2221": "other", None: None}
    assert {code: function_group(code) for code in groups} == groups
    assert set(FUNCTION_GROUPS) == {"ict", "manager", "other"}


def test_common_titles_have_valid_codes_and_no_doubles() -> None:
    titles = common_titles()
    assert len(titles) >= 5000
    codes = {r["esco_uri"]: r["isco08"] for r in tables.load("occupation_titles").to_pylist()}
    units = {r["code"] for r in tables.load("isco08").to_pylist() if r["level"] == 4}
    assert all(t.isco08 in units and (t.esco_uri is None or codes[t.esco_uri] == t.isco08) for t in titles)
    code: dict[str, str] = {}
    for title in titles:  # read as the same, coded the same
        for form in tf.forms(tf.reference_words(title.title)):
            assert code.setdefault(form, title.isco08) == title.isco08, title
