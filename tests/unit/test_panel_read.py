"""Files of rankings and ratings as people send them: both forms, ties, gaps, two moments, and clear faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.panel import measure
from overstap.panel.items import Index, read_claims, read_items, read_statements
from overstap.panel.read import (
    by_number,
    fitting,
    named,
    of_survey,
    rankings_of_answers,
    read_rankings,
    read_ratings,
    without_few,
)
from overstap.reference.technologies import technologies_of
from overstap.study_panel import Rankings, Ratings
from overstap.study_survey import SurveySettings
from overstap.survey.read import read_survey
from overstap.survey.simulate import write_survey


def rankings(folder: Path, text: str) -> list[dict[str, object]]:
    path = folder / "rankings.csv"
    path.write_text(text, encoding="utf-8")
    return read_rankings(path, Rankings(file="rankings.csv"))


def ratings(folder: Path, text: str) -> list[dict[str, object]]:
    path = folder / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    return read_ratings(path, Ratings(file="ratings.csv"))


def test_wide_and_long_files_give_the_same_rows(tmp_path: Path) -> None:
    wide = rankings(tmp_path, "rater,role,AI,IoT,Cloud\nAn,CIO,1,2,2\nBo,HR,2,,1\n")
    long = rankings(
        tmp_path,
        "rater,role,item,rank\nAn,CIO,AI,1\nAn,CIO,IoT,2\nAn,CIO,Cloud,2\nBo,HR,AI,2\nBo,HR,IoT,\nBo,HR,Cloud,1\n",
    )
    assert wide == long
    assert [row["rank"] for row in wide] == [1, 2, 2, 2, None, 1], "ties and gaps are kept"


def test_two_moments_come_from_a_column_or_from_the_headings_also_with_a_semicolon(tmp_path: Path) -> None:
    rows = rankings(tmp_path, "rater;voor 2025: AI;na 2025: AI\nAn;2;1\n")
    assert [(row["item"], row["moment"], row["rank"]) for row in rows] == [("AI", "before", 2), ("AI", "after", 1)]
    rows = rankings(tmp_path, "rater,moment,AI\nAn,before 2025,2\nAn,after 2025,1\n")
    assert [row["moment"] for row in rows] == ["before", "after"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,AI\nAn,1\n", "there is no column 'rater'"),
        ("rater,AI,AI\nAn,1,2\n", "two columns have the name 'AI'"),
        ("rater,AI\n", "holds no answers"),
        ("rater,AI\nAn,first\n", "line 2: 'first' is no rank"),
        ("rater,AI\nAn,0\n", "line 2: 'AI' has rank 0"),
        ("rater,item,rank\nAn,AI,1\nAn,AI,2\n", "line 3: one expert answers 'AI' twice; the first time in line 2"),
        ("rater,moment,AI\nAn,later,1\n", "'later' is no moment"),
        ("rater,AI\n,1\n", "the column 'rater' is empty"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        rankings(tmp_path, text)


def test_an_answer_off_the_scale_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 2: 's1' has the answer 6; the scale is 1 to 5"):
        ratings(tmp_path, "rater,s1\nAn,6\n")
    with pytest.raises(InputError, match="there is no aspect 'importence'"):
        ratings(tmp_path, "rater,item,value,aspect\nAn,AI,4,importence\n")


def test_names_become_numbers_that_stay_with_a_person_over_files(tmp_path: Path) -> None:
    first = rankings(tmp_path, "rater,AI\nan@firm.nl,1\nbo@firm.nl,1\n")
    second = ratings(tmp_path, "rater,round,s1\nBO@firm.nl,1,4\nBO@firm.nl,2,5\n")
    by_number(first, second)
    assert [row["rater"] for row in first] == ["001", "002"]
    assert {row["rater"] for row in second} == {"002"}
    assert "firm" not in str([*first, *second])


def test_items_are_found_by_id_label_and_abbreviation() -> None:
    index = Index([], technologies_of("default", Path()), [])
    assert index.find("AI") == index.find("kunstmatige intelligentie (AI)") == "artificial_intelligence"
    assert index.find("Internet of  things (IOT)") == index.find("IoT") == "internet_of_things"
    assert index.find(" Iets  anders ") == "Iets anders" and index.item("Iets anders").matched is None


def test_own_items_statements_and_claims_are_read_or_told(tmp_path: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("item,label_nl,label_en,item_kind,item_id\npython,Python,,skill,core.python\n", encoding="utf-8")
    assert read_items(items)[0].labels == {"nl": "Python", "en": "python"}
    items.write_text("item,label_nl,label_en,item_kind,item_id\npython,Python,,skil,core.python\n", encoding="utf-8")
    with pytest.raises(InputError, match="item_kind 'skil'"):
        read_items(items)
    texts = tmp_path / "statements.yaml"
    texts.write_text("- {statement_id: s1, text_nl: Ja, evidence: [a, b]}\n", encoding="utf-8")
    assert read_statements(texts)[0] | {"theme": None} == {
        "item": "s1", "label_nl": "Ja", "label_en": "Ja", "theme": None,
        "evidence_nl": "a; b", "evidence_en": "a; b",
    }  # fmt: skip
    texts.write_text("- {statement_id: s1}\n", encoding="utf-8")
    with pytest.raises(InputError, match="statement 1 has no id of its own, or no text"):
        read_statements(texts)
    claims = tmp_path / "claims.csv"
    head = "claim_id,item,claim_nl,claim_en,direction,size,unit,period,source,where\n"
    claims.write_text(f"{head}mine,AI,AI groeit,,up,12.5,percent,,Own (2026),p. 3\n", encoding="utf-8")
    assert read_claims(claims)[-1]["claim_en"] == "AI groeit" and read_claims(claims)[-1]["size"] == 12.5
    claims.write_text(f"{head}mine,AI,AI groeit,,upwards,,,,Own (2026),\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks an item, a source, or a direction"):
        read_claims(claims)


def test_small_panels_show_no_figure_and_partial_lists_are_measured(tmp_path: Path) -> None:
    lines = [f"e{n},1,2,{'' if n % 2 else 3}" for n in range(6)]
    rows = rankings(tmp_path, "rater,AI,IoT,Cloud\n" + "\n".join(lines) + "\n")
    by_number(rows)
    orders, agreed = measure.rankings(rows, measure.Asked(min_group=5, draws=200))
    assert [(r["item"], r["rank"], r["ranked_n"]) for r in orders] == [("AI", 1, 6), ("Cloud", 3, 3), ("IoT", 2, 6)]
    assert agreed[0]["w"] == pytest.approx(1)
    few, told = measure.rankings(rows, measure.Asked(min_group=7))
    assert all("rank" not in row for row in few) and told[0]["note"] == "few"


def test_what_few_ranked_has_no_figure_where_left_out_means_unknown(tmp_path: Path) -> None:
    lines = [f"e{n},1,2,3,{4 if n == 0 else ''}," for n in range(6)]
    (tmp_path / "r.csv").write_text("rater,AI,IoT,Cloud,Rare,Never\n" + "\n".join(lines) + "\n", encoding="utf-8")
    rows = read_rankings(tmp_path / "r.csv", Rankings(file="r.csv", unranked="unknown"))
    by_number(rows)
    orders, agreed = measure.rankings(rows, measure.Asked(min_group=5, draws=200))
    found = {row["item"]: row for row in orders}
    assert [name for name, row in found.items() if "mean_rank" not in row] == ["Rare", "Never"][::-1]
    assert [found[name]["kemeny_rank"] for name in ("AI", "IoT", "Cloud")] == [1, 2, 3]
    assert (agreed[0]["w"], agreed[0]["is_unique"], agreed[0]["strength"]) == (1, True, "very_strong")


def test_agreement_tells_the_experts_on_whom_it_rests(tmp_path: Path) -> None:
    lines = [f"e{n},1,2,{3 if n < 5 else ''}" for n in range(9)]
    (tmp_path / "r.csv").write_text("rater,AI,IoT,Cloud\n" + "\n".join(lines) + "\n", encoding="utf-8")
    rows = read_rankings(tmp_path / "r.csv", Rankings(file="r.csv", unranked="unknown"))
    by_number(rows)
    orders, agreed = measure.rankings(rows, measure.Asked(min_group=5, draws=200))
    assert agreed[0]["raters_n"] == 5 and {row["raters_n"] for row in orders} == {9}


def test_files_that_do_not_fit_together_are_told(tmp_path: Path) -> None:
    one = rankings(tmp_path, "rater,AI\nAn,1\n")
    other = [row | {"label": "an", "rank": 2.0} for row in one]
    with pytest.raises(InputError, match="one expert answers 'AI' twice in session 'panel', round 1"):
        fitting([*one, *other])
    with pytest.raises(InputError, match="line 3: one expert answers 's1' twice; the first time in line 2"):
        ratings(tmp_path, "rater,s1\nAn,5\nAN,1\n")
    with pytest.raises(InputError, match="'technologies' has two settings of 'unranked'"):
        fitting([*one, *(row | {"label": "Bo", "unranked": "unknown"} for row in one)])
    rated = ratings(tmp_path, "rater,s1\nAn,5\n")
    with pytest.raises(InputError, match="'s1' is answered on two scales"):
        fitting([*rated, *(row | {"label": "Bo", "scale_high": 9} for row in rated)])
    fitting([*one, *(row | {"label": "Bo"} for row in one), *rated])


def test_a_role_of_few_is_not_kept(tmp_path: Path) -> None:
    rows = rankings(tmp_path, "rater,role,AI\n" + "".join(f"e{n},{'CIO' if n < 2 else 'HR'},1\n" for n in range(8)))
    by_number(rows)
    without_few(rows, 5)
    assert [row["role"] for row in rows] == [None, None, *["HR"] * 6]


def test_a_second_round_tells_whether_answers_still_move(tmp_path: Path) -> None:
    lines = [f"e{n},{r},{4 + n % 2 if r == 2 else 3 + n % 3},{1 + n % 5}" for n in range(8) for r in (1, 2)]
    rows = ratings(tmp_path, "rater,round,moves,stays\n" + "\n".join(lines) + "\n")
    by_number(rows)
    found = {(r["item"], r["round"]): r for r in measure.statements(rows, measure.Asked(min_group=5))}
    assert found["stays", 1]["next_round"] == "again"
    assert (found["stays", 2]["next_round"], found["stays", 2]["same_pct"]) == ("stable", 100)
    assert (found["moves", 2]["consensus"], found["moves", 2]["next_round"]) == ("agree", "agreed")
    assert sum(found["moves", 2]["counts"]) == 8


def test_gaps_are_ranked_within_a_function_group_and_need_both_answers(tmp_path: Path) -> None:
    lines = [
        f"e{n},{item},{value},{aspect},ict"
        for n in range(6)
        for item, need, have in (("SQL", 5, 2), ("Excel", 3, 3))
        for aspect, value in (("importance", need), ("mastery", have))
        if not (n == 0 and aspect == "mastery")
    ]
    rows = ratings(tmp_path, "rater,item,value,aspect,function_group\n" + "\n".join(lines) + "\n")
    by_number(rows)
    found = {row["item"]: row for row in measure.gaps(rows, measure.Asked(min_group=5))}
    assert (found["SQL"]["gap"], found["SQL"]["rank"], found["SQL"]["raters_n"]) == (15, 1, 5)
    assert (found["Excel"]["gap"], found["Excel"]["rank"]) == (0, 2)


def test_ranking_questions_of_a_survey_become_rankings() -> None:
    answers = [
        {"respondent_id": f"r{n}", "question_code": "q7", "item": code, "part": "answer", "value": rank}
        for n in range(5)
        for code, rank in (("1", 2.0), ("2", 1.0))
    ]
    answers.append({**answers[0], "question_code": "q8"})
    rows = rankings_of_answers(answers, {"q7": "technologies"}, {("q7", "1"): "AI", ("q7", "2"): "Cybersecurity"})
    by_number(rows)
    named(rows, Index([], technologies_of("default", Path()), []).find)
    orders, _ = measure.rankings(rows, measure.Asked(min_group=5, draws=200))
    assert [(row["item"], row["rank"]) for row in orders] == [("artificial_intelligence", 2), ("cybersecurity", 1)]


def test_one_item_under_two_names_is_told(tmp_path: Path) -> None:
    rows = rankings(tmp_path, "rater,AI,Artificial intelligence (AI)\nAn,1,2\n")
    by_number(rows)
    with pytest.raises(InputError, match="are the same item, 'artificial_intelligence'"):
        named(rows, Index([], technologies_of("default", Path()), []).find)


def test_a_ranking_question_of_the_survey_joins_the_panel(tmp_path: Path) -> None:
    write_survey(tmp_path / "survey", 1, 40, words=False)
    questions, _, answers = (t.to_pylist() for t in read_survey(SurveySettings(files=["survey/answers.csv"]), tmp_path))
    rows = of_survey({"ovTop": "technologies"}, questions, answers)
    asked = [row for row in answers if row["question_code"] == "ovTop"]
    assert len(rows) == len(asked) > 100 and max(row["rank"] for row in rows) == 5
    by_number(rows)
    named(rows, Index([], technologies_of("default", Path()), []).find)
    assert {"artificial_intelligence", "cybersecurity"} < {row["item"] for row in rows}
    assert {row["session"] for row in rows} == {"survey"} and "1-1" not in {row["rater"] for row in rows}
    with pytest.raises(InputError, match="no ranking question 'ovImpact'"):
        of_survey({"ovImpact": "technologies"}, questions, answers)
