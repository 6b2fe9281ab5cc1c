"""Real exports of LimeSurvey, 2016 and 2017, imported fully: every column a question or a known fact."""

from collections import Counter

import pyarrow.compute as pc
import pytest

from overstap.study_survey import SurveySettings
from overstap.survey.measure import measure_survey
from overstap.survey.read import read_survey
from overstap.survey.structure import read_structure
from tests.shared_data import DATA, needs

FOLDER = "surveys/rse_limesurvey"
FILES = {"2016_uk": (273, 64), "2017_de": (325, 246), "2017_nl": (77, 131), "2017_uk": (253, 243)}
NAMES = [f"rse_{name}_public.csv.gz" for name in FILES]

pytestmark = needs(*(f"{FOLDER}/{name}" for name in NAMES))


@pytest.mark.parametrize("name", FILES)
def test_every_column_is_accounted_for(name: str) -> None:
    questions, respondents, answers = read_survey(SurveySettings(files=[f"rse_{name}_public.csv.gz"]), DATA / FOLDER)
    people, columns = FILES[name]
    assert (respondents.num_rows, questions.num_rows) == (people, columns)
    assert [row["heading"] for row in questions.to_pylist() if not row["is_understood"]] == []
    assert Counter(questions["kind"].to_pylist())["fact"] == 1  # response_id
    assert answers.num_rows == len({tuple(row.values()) for row in answers.select(range(4)).to_pylist()})


def test_kinds_of_2017() -> None:
    questions, _, answers = read_survey(SurveySettings(files=["rse_2017_uk_public.csv.gz"]), DATA / FOLDER)
    kinds = {row["question_code"]: row["kind"] for row in questions.to_pylist()}
    expected = {
        "prevEmp2": "ranking", "currentEmp13": "multiple", "tool4can": "multiple", "likertagree1": "scale", "likertime2": "scale",
        "satisGen1": "scale", "rse3": "scale", "soft1can": "number", "currentEmp9": "date", "ukrse3": "text", "edu1": "single",
    }  # fmt: skip
    assert {code: kinds[code] for code in expected} == expected
    ranks = answers.filter(pc.equal(answers["question_code"], "prevEmp2"))
    assert set(ranks["value"].to_pylist()) == {float(n) for n in range(1, 9)}
    one = {r["item"]: r["value"] for r in ranks.to_pylist() if r["respondent_id"] == "1-1"}
    assert one["Flexible working hours"] == 1.0 and one["Freedom to choose own working practices"] == 4.0
    skills = [s for found in answers["skills"].to_pylist() for s in found or []]
    assert Counter(skills).most_common(1)[0][1] >= 5


def test_all_files_at_once_do_not_pool_what_differs() -> None:
    questions, respondents, _ = read_survey(SurveySettings(files=NAMES), DATA / FOLDER)
    assert respondents.num_rows == 273 + 325 + 77 + 253 and questions.num_rows == 64 + 246 + 131 + 243
    texts: dict[tuple[str, str], set[str]] = {}
    for row in questions.to_pylist():
        if row["kind"] != "fact":
            text = row["heading"].partition(". ")[2].lower()
            texts.setdefault((row["question_code"], row["item"]), set()).add("".join(filter(str.isalnum, text)))
    assert all(len(found) == 1 for found in texts.values())


def test_the_structure_of_2017_names_every_question_of_the_export() -> None:
    found = read_structure(DATA / FOLDER / "limesurvey_structure_2017_nl.txt")
    assert len(found.questions) == 45
    assert found.questions["currentEmp13"].kind == "multiple" and len(found.questions["socio1"].options) > 190
    settings = SurveySettings(files=["rse_2017_nl_public.csv.gz"], structure="limesurvey_structure_2017_nl.txt")
    questions, respondents, answers = read_survey(settings, DATA / FOLDER)
    results = measure_survey(questions, respondents, answers, settings, 0.95, 0.05).to_pylist()
    code = next(r for r in results if (r["question_code"], r["option"]) == ("rse1", "Y"))
    assert code["value"] > 90 and code["n"] == respondents.num_rows - 2
