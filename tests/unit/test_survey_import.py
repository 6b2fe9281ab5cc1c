"""Surveys as programs write them: every column is a question, a known fact, or listed with the reason why not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from overstap.errors import OverstapError
from overstap.study_survey import QuestionMap, SurveySettings
from overstap.survey.advice import advice
from overstap.survey.read import read_survey

Row = dict[str, Any]


def read(
    tmp_path: Path, text: str, name: str = "a.csv", encoding: str = "utf-8", **settings: Any
) -> tuple[list[Row], ...]:
    data = text.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    tables = read_survey(SurveySettings.model_validate({"files": [name], **settings}), tmp_path)
    return tuple(table.to_pylist() for table in tables)


def kinds(questions: list[Row]) -> dict[str, str]:
    return {row["question_code"]: row["kind"] for row in questions}


def of(answers: list[Row], code: str, who: str = "1-1") -> dict[str, Any]:
    return {
        row["item"]: row["text"] or (row["value"] if row["option"] is None else row["option"])
        for row in answers
        if (row["question_code"], row["respondent_id"]) == (code, who)
    }


LIME = """id,submitdate,lastpage,startlanguage,ipaddr,Q1,Q2[SQ001],Q2[SQ002],Q2[other],Q3[1],Q3[2],Q3[3],Q4[SQ001],Q4[SQ002],Q5,Q5[comment],Q6
1,2024-01-02 10:00:00,3,nl,10.0.0.1,A1,Y,,iets anders,AI,BD,IOT,4,5,Yes,omdat,Ik mail jan@voorbeeld.nl
2,,1,nl,10.0.0.2,A2,,Y,,BD,AI,IOT,2,1,No,,
3,2024-01-02 11:00:00,3,en,10.0.0.3,A1,Y,Y,,AI,IOT,BD,3,3,No,,x
4,2024-01-02 12:00:00,3,en,10.0.0.4,A1,,,,IOT,AI,BD,5,3,Yes,,y
"""


def test_limesurvey_by_code(tmp_path: Path) -> None:
    questions, people, answers = read(tmp_path, LIME)
    found = kinds(questions)
    assert {found[c] for c in ("id", "submitdate", "lastpage", "startlanguage", "ipaddr")} == {"fact"}
    assert (found["Q1"], found["Q2"], found["Q3"], found["Q4"]) == ("single", "multiple", "ranking", "scale")
    assert of(answers, "Q2") == {"SQ001": 1.0, "SQ002": 0.0, "": "iets anders"}
    assert of(answers, "Q2", "1-4") == {}, "who ticked nothing may have skipped the question"
    assert of(answers, "Q3", "1-2") == {"BD": 1.0, "AI": 2.0, "IOT": 3.0}
    assert [row["text"] for row in answers if row["part"] == "comment"] == ["omdat"]
    assert of(answers, "Q6") == {"": "Ik mail [EMAIL]"}
    assert [row["flags"] for row in people] == [[], ["incomplete"], [], []]
    assert [row["language"] for row in people] == ["nl", "nl", "en", "en"]
    assert "10.0.0.1" not in str((questions, people, answers))


@pytest.mark.parametrize("separator", [". ", "._. ", ": "])
def test_limesurvey_with_texts(tmp_path: Path, separator: str) -> None:
    heads = [
        f"Q1{separator}Wat doet u?",
        f"Q2[SQ001]{separator}Hoe vaak? [Ik leer [op het werk]]",
        f"Q2[SQ002]{separator}Hoe vaak? [Anders]",
    ]
    heads += [f"Q3[1]{separator}Zet op volgorde [Rank 1]", f"Q3[2]{separator}Zet op volgorde [Rank 2]"]
    rows = [
        ["HR", "Nooit", "Vaak", "AI", "IoT"],
        ["CTO", "Altijd", "Soms", "IoT", "AI"],
        ["HR", "Vaak", "Nooit", "AI", "Cloud"],
    ]
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in [heads, *rows])
    questions, _, answers = read(tmp_path, text, name="b.csv.gz", encoding="utf-8-sig")
    rows_of = {(row["question_code"], row["item"]): row for row in questions}
    assert rows_of["Q2", "SQ001"]["item_nl"] == "Ik leer [op het werk]"
    assert rows_of["Q2", "SQ001"]["text_nl"] == "Hoe vaak?"
    assert rows_of["Q2", "SQ001"]["kind"] == "scale" and rows_of["Q3", "1"]["kind"] == "ranking"
    assert of(answers, "Q3", "1-2") == {"IoT": 1.0, "AI": 2.0}
    scale = {row["option"]: row["value"] for row in answers if row["question_code"] == "Q2"}
    assert scale == {"Nooit": 1.0, "Soms": 2.0, "Vaak": 3.0, "Altijd": 4.0}


QUALTRICS = [
    ["StartDate", "Status", "IPAddress", "Finished", "ResponseId", "RecipientEmail", "Q1", "Q1_4_TEXT", "Q2_1", "Q2_2", "Q3_1", "Q3_2", "Q3_3", "Q4", "Q5_1", "Q5_2", "Q5_DO_1"],
    ["Start Date", "Response Type", "IP Address", "Finished", "Response ID", "Recipient Email", "Your role? - Selected Choice", "Your role? - Other - Text", "Agree? - Work changes", "Agree? - Jobs vanish", "Rank - AI", "Rank - IoT", "Rank - Cloud", "What is missing?", "Tick - Cost", "Tick - Time", "Tick - Display Order - Cost"],
    ['{"ImportId":"startDate","timeZone":"Europe/Amsterdam"}', '{"ImportId":"status"}', '{"ImportId":"ipAddress"}', '{"ImportId":"finished"}', '{"ImportId":"_recordId"}', '{"ImportId":"recipientEmail"}', '{"ImportId":"QID1"}', '{"ImportId":"QID1_4_TEXT"}', '{"ImportId":"QID2_1"}', '{"ImportId":"QID2_2"}', '{"ImportId":"QID3_1"}', '{"ImportId":"QID3_2"}', '{"ImportId":"QID3_3"}', '{"ImportId":"QID4_TEXT"}', '{"ImportId":"QID5_1"}', '{"ImportId":"QID5_2"}', '{"ImportId":"QID5_DO_1"}'],
]  # fmt: skip


def qualtrics(separator: str) -> str:
    rows = []
    for i in range(12):
        status = "Survey Preview" if i == 3 else "IP Address"
        role = ("HR", "CTO", "Other")[i % 3]
        ranks = (["1", "2", "3"], ["2", "1", "3"], ["3", "1", "2"])[i % 3]
        agree = ("Strongly agree", "Somewhat disagree", "Neither agree nor disagree")[i % 3]
        rows.append(["2024-03-01 10:00:00", status, f"192.168.1.{i}", "True" if i != 5 else "False", f"R_{i}", f"p{i}@voorbeeld.nl", role, "eigen baas" if role == "Other" else "", agree, "Strongly disagree", *ranks, f"Wij missen kennis van Python, nummer {i}", "Cost" if i % 2 else "", "Time", "1|2"])  # fmt: skip
    return "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [*QUALTRICS, *rows])


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252")])
def test_qualtrics_with_three_header_rows(tmp_path: Path, separator: str, encoding: str) -> None:
    questions, people, answers = read(tmp_path, qualtrics(separator), encoding=encoding)
    assert len(questions) == 17 and len(people) == 12
    found = {(row["question_code"], row["item"], row["part"]): row for row in questions}
    assert found["Q1", "", "answer"]["kind"] == "single" and ("Q1", "", "other") in found
    assert found["Q2", "1", "answer"]["item_en"] == "Work changes" and found["Q2", "1", "answer"]["kind"] == "scale"
    assert found["Q3", "2", "answer"]["kind"] == "ranking" and found["Q5", "1", "answer"]["kind"] == "multiple"
    assert found["Q4", "", "answer"]["kind"] == "text"
    assert found["Q5_DO_1", "", "fact"]["reason"].startswith("the order")
    assert of(answers, "Q3", "1-2") == {"1": 2.0, "2": 1.0, "3": 3.0}
    assert of(answers, "Q5") == {"1": 0.0, "2": 1.0}
    assert next(row["skills"] for row in answers if row["question_code"] == "Q4") == ["core.python"]
    assert people[3]["flags"] == ["test"] and people[5]["flags"] == ["incomplete"]
    assert "voorbeeld.nl" not in str((questions, people, answers)) and "192.168" not in str(answers)


def test_microsoft_forms(tmp_path: Path) -> None:
    head = "ID;Begintijd;Tijd van voltooien;E-mail;Naam;Wat is uw functie?;Welke technologie gebruikt u?;Zet op volgorde;Hoe tevreden bent u? [Met opleiding];Hoe tevreden bent u? [Met werk];Wat is uw e-mailadres?"
    uses = (
        "AI;IoT;",
        "AI;",
        "IoT;Cloud;",
        "AI;Cloud;",
        "AI;eigen bouw;",
        "IoT;",
        "AI;IoT;",
        "Cloud;",
        "AI;",
        "IoT;Cloud;",
        "AI;",
    )
    ranks = ("AI;IoT;Cloud;", "IoT;AI;Cloud;", "Cloud;AI;IoT;")
    rows = [
        f'{i};1-3-2024 10:00;1-3-2024 10:05;anonymous;;{("HR-manager", "CTO")[i % 2]};"{uses[i % 11]}";"{ranks[i % 3]}";Tevreden;Zeer tevreden;a{i}@voorbeeld.nl'
        for i in range(33)
    ]
    questions, _, answers = read(tmp_path, "\n".join([head, *rows]), encoding="cp1252")
    found = {row["heading"]: row for row in questions}
    assert len(found) == 11
    assert found["Welke technologie gebruikt u?"]["kind"] == "multiple"
    assert found["Zet op volgorde"]["kind"] == "ranking"
    assert found["Hoe tevreden bent u? [Met werk]"]["kind"] == "scale"
    assert found["Wat is uw e-mailadres?"]["kind"] == found["Naam"]["kind"] == "fact"
    code = found["Welke technologie gebruikt u?"]["question_code"]
    assert of(answers, code) == {"AI": 1.0, "IoT": 1.0, "Cloud": 0.0, "eigen bouw": 0.0}
    assert of(answers, found["Zet op volgorde"]["question_code"], "1-2") == {"IoT": 1.0, "AI": 2.0, "Cloud": 3.0}
    assert "voorbeeld.nl" not in str(answers)


def test_google_forms_with_commas_in_options(tmp_path: Path) -> None:
    head = '"Timestamp","What is your role?","Which of these do you use?","How important is it?"'
    picks = ("Cloud, Robots, drones and more", "Cloud", "Robots, drones and more", "Cloud, Python")
    rows = [
        f'"2024/03/01 10:0{i % 10}:00 AM GMT+1","{("HR", "CTO")[i % 2]}","{picks[i % 4]}",{i % 5 + 1}'
        for i in range(24)
    ]
    settings = {"questions": {"which_of_these_do_you_use": {"values": {"Robots, drones and more": "robots"}}}}
    questions, _, answers = read(tmp_path, "\n".join([head, *rows]), **settings)
    assert kinds(questions)["which_of_these_do_you_use"] == "multiple"
    assert of(answers, "which_of_these_do_you_use") == {"Cloud": 1.0, "robots": 1.0, "Python": 0.0}


def test_plain_with_a_codebook(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(
        "column,code,item,kind,text_en,item_en,options,theme,use\n"
        "v1,role,,single,Your role,,1=HR | 2=CTO,respondent,role\n"
        "v2,stage,AI,scale,How far?,AI,0=no | 1=pilot | 2=in_use,adoption,adoption\n"
        "v3,stage,IOT,scale,How far?,IoT,,adoption,adoption\n"
    )
    questions, people, answers = read(tmp_path, "v1,v2,v3,v4\n1,2,0,9\n2,1,\n2,2,2,7,extra\n", codebook="codes.csv")
    assert [row["role"] for row in people] == ["1", "2", "2"]
    assert of(answers, "stage") == {"AI": "2", "IOT": "0"}
    assert [row["heading"] for row in questions] == ["v1", "v2", "v3", "v4", "(column 5 without a heading)"]
    assert {row["question_code"]: row["use"] for row in questions}["stage"] == "adoption"


def test_two_questions_with_one_code(tmp_path: Path) -> None:
    text = "Q1. How old are you?,Q1. How tall are you?,Q2. x?,Q2. x?\n" + "\n".join(
        f"{i},{150 + i},a{i % 2},b{i % 2}" for i in range(9)
    )
    questions, _, answers = read(tmp_path, text)
    assert [row["question_code"] for row in questions] == ["Q1", "Q1~2", "Q2", "Q2~2"]
    assert "earlier question" in questions[1]["reason"]
    assert of(answers, "Q1~2") == {"": 150.0}


def test_ten_thousand_answers_from_one_address(tmp_path: Path) -> None:
    text = "id,IP Address,Q1,Q2\n" + "".join(f"{i},10.1.1.1,{'AB'[i % 2]},{i % 5 + 1}\n" for i in range(10_000))
    text += "".join(f"{i},10.1.2.{i},A,3\n" for i in range(50))
    _, people, answers = read(tmp_path, text)
    assert len(people) == 10_050 and sum(row["is_counted"] for row in people) == 51
    assert people[0]["flags"] == [] and people[1]["flags"] == ["duplicate"]
    assert "10.1.1.1" not in str(people[:3]) + str(answers[:3])


def test_the_same_answers_twice_and_all_alike(tmp_path: Path) -> None:
    names = [f"Q1[SQ{i}]" for i in range(8)] + ["Q2", "Q3"]
    one = [str(i % 5 + 1) for i in range(8)] + ["ja", "vrij"]
    flat = ["3"] * 8 + ["nee", "anders"]
    varied = [[str((i * j) % 5 + 1) for i in range(8)] + ["ja", f"woord {j}"] for j in range(2, 8)]
    rows = [names, one, one, flat, *varied]
    _, people, _ = read(tmp_path, "\n".join(",".join(row) for row in rows))
    assert [row["flags"] for row in people[:4]] == [[], ["duplicate"], ["straight_lining"], []]
    assert [row["is_counted"] for row in people[:4]] == [True, False, True, True]


@pytest.mark.parametrize(("text", "said"), [("", "empty"), ("  \n", "empty"), ("Q1,Q2\n", "no answers")])
def test_empty_files_are_said_to_be(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(OverstapError, match=said):
        read(tmp_path, text)


def test_a_question_map_with_an_unknown_code(tmp_path: Path) -> None:
    with pytest.raises(OverstapError, match="no question 'Q9'"):
        read(tmp_path, LIME, questions={"Q9": {"use": "role"}})


def test_columns_without_answers_are_listed(tmp_path: Path) -> None:
    questions, _, _ = read(tmp_path, "Q1,Q2,\nA,,\nB,,\nA,,\n")
    assert [(row["heading"], row["is_understood"]) for row in questions] == [("Q1", True), ("Q2", False)]
    assert "no answers" in questions[1]["reason"]


def test_one_code_with_two_wordings_in_two_files_is_not_pooled(tmp_path: Path) -> None:
    for name, unit in (("a", "years"), ("b", "months")):
        (tmp_path / f"{name}.csv").write_text(f"Q1. How many {unit}?,Q2. Role?\n" + "3,HR\n5,CTO\n4,HR\n")
    tables = read_survey(SurveySettings(files=["a.csv", "b.csv"]), tmp_path)
    questions, people, answers = (table.to_pylist() for table in tables)
    assert {row["question_code"] for row in questions} == {"Q1", "Q1~2", "Q2"}
    assert len(people) == 6 and sum(row["question_code"] == "Q2" for row in answers) == 6


LSS = """<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>F</type><title>Q4</title><other>N</other><question_order>1</question_order></row>
<row><qid>3</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type><title>Q1</title><other>Y</other><question_order>2</question_order></row></rows></questions>
<subquestions><rows><row><qid>2</qid><parent_qid>1</parent_qid><title>SQ001</title><question_order>1</question_order></row></rows></subquestions>
<question_l10ns><rows><row><qid>1</qid><question><![CDATA[<b>Hoe goed</b> gaat het?]]></question><language>nl</language></row>
<row><qid>1</qid><question>How well?</question><language>en</language></row><row><qid>2</qid><question>Werk</question><language>nl</language></row>
<row><qid>3</qid><question>Functie</question><language>nl</language></row></rows></question_l10ns>
<answers><rows><row><aid>1</aid><qid>1</qid><code>1</code><sortorder>1</sortorder></row><row><aid>2</aid><qid>1</qid><code>2</code><sortorder>2</sortorder></row>
<row><aid>3</aid><qid>3</qid><code>A1</code><sortorder>1</sortorder></row></rows></answers>
<answer_l10ns><rows><row><aid>1</aid><answer>Slecht</answer><language>nl</language></row><row><aid>2</aid><answer>Goed</answer><language>nl</language></row>
<row><aid>3</aid><answer>HR</answer><language>nl</language></row></rows></answer_l10ns></document>"""


def test_structure_as_xml(tmp_path: Path) -> None:
    (tmp_path / "s.lss").write_text(LSS, encoding="utf-8")
    questions, _, answers = read(tmp_path, LIME, structure="s.lss")
    row = next(row for row in questions if (row["question_code"], row["item"]) == ("Q4", "SQ001"))
    assert (row["text_nl"], row["text_en"], row["item_nl"]) == ("Hoe goed gaat het?", "How well?", "Werk")
    assert of(answers, "Q1") == {"": "A1"}
    role = next(row for row in questions if row["question_code"] == "Q1")
    assert role["options_nl"][role["options"].index("A1")] == "HR"
    (tmp_path / "s.lss").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><document/>")
    with pytest.raises(OverstapError, match="entities"):
        read(tmp_path, LIME, structure="s.lss")


def test_an_answer_that_the_structure_does_not_have_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("column,kind,options\nQ1,single,A1=HR | A2=CTO\n")
    questions, _, answers = read(tmp_path, "Q1,Q2\nA1,x\nA2,y\nA9,z\n", codebook="c.csv")
    assert questions[0]["reason"] == "answers that the structure does not have, kept as they are: 'A9' (1×)"
    assert of(answers, "Q1", "1-3") == {"": "A9"}


def test_one_wording_with_two_codes_in_two_files_is_one_item(tmp_path: Path) -> None:
    for name, codes in (("a", ("SQ1", "SQ2")), ("b", ("2", "1"))):
        heads = [f"Q1[{code}]. Use? [{text}]" for code, text in zip(codes, ("Python", "R"), strict=True)]
        (tmp_path / f"{name}.csv").write_text(",".join(heads) + "\nYes,No\nNo,Yes\n")
    tables = read_survey(SurveySettings(files=["a.csv", "b.csv"]), tmp_path)
    answers = tables[2].to_pylist()
    assert of(answers, "Q1", "2-1") == {"SQ1": 1.0, "SQ2": 0.0}
    assert "this wording" in tables[0].to_pylist()[2]["reason"]


def test_a_file_of_excel_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"PK\x03\x04 and more")
    with pytest.raises(OverstapError, match="Excel"):
        read_survey(SurveySettings(files=["a.csv"]), tmp_path)


def test_an_array_of_which_only_the_items_are_worded(tmp_path: Path) -> None:
    rows = "\n".join("Agree,Disagree" if i % 2 else "Disagree,Agree" for i in range(9))
    questions, _, _ = read(tmp_path, f"Q1[SQ1]. I like it,Q1[SQ2]. I use it\n{rows}\n")
    assert [(row["question_code"], row["item_en"], row["kind"]) for row in questions] == [
        ("Q1", "I like it", "scale"),
        ("Q1", "I use it", "scale"),
    ]


FULL = [
    "Wat is uw functie?;Wat is uw functie? [Anders];Eens? [Er is een tekort];Eens? [Opleidingen sluiten aan];"
    "Zet technologieën op volgorde [Rang 1];Zet technologieën op volgorde [Rang 2]",
    "HR;;Zeer oneens;Eens;AI;IoT",
    "Anders;Coördinator;Zeer eens;Neutraal;IoT;AI",
    "CTO;;Oneens;Zeer oneens;AI;IoT",
]


@pytest.mark.parametrize("made", ["plain", "sep", "twice"])
def test_limesurvey_with_full_texts_alone(tmp_path: Path, made: str) -> None:
    text = "\n".join(FULL)
    text = {"plain": text, "sep": f"sep=;\r\n{text}", "twice": text.encode().decode("cp1252")}[made]
    questions, _, answers = read(tmp_path, text, format="limesurvey")
    found = kinds(questions)
    role, agreed, order = list(dict.fromkeys(row["question_code"] for row in questions))
    assert (found[role], found[agreed], found[order]) == ("single", "scale", "ranking")
    assert [row["text"] for row in answers if row["part"] == "other"] == ["Coördinator"]
    assert of(answers, order, "1-2") == {"IoT": 1.0, "AI": 2.0}, "an order is kept whole"
    assert {row["text_nl"] for row in questions if row["question_code"] == order} == {"Zet technologieën op volgorde"}
    assert [row["value"] for row in answers if row["question_code"] == agreed][:3] == [1.0, 5.0, 2.0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'id,Q1\n1,"open\n2,b\n', "line 2: a quotation mark"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (bytes(range(256)) * 8, "no text"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(OverstapError, match=said):
        read_survey(SurveySettings(files=["a.csv"]), tmp_path)


def test_advice_on_what_a_researcher_would_miss(tmp_path: Path) -> None:
    head = "id,ipaddr,G1,Q2,Q2,Rk[AI],Rk[IoT],Rk[Cloud],Sc[a],Sc[b],Sc[c]"
    orders = ("1,2,3", "2,1,", "3,1,2", "1,1,2")
    rows = [f"{i},10.0.0.1,A{i % 3},ja,nee,{orders[i % 4]},{1 + i % 2},3,{1 + i % 2}" for i in range(40)]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]))
    settings = SurveySettings(files=["a.csv"])
    told = advice(*read_survey(settings, tmp_path), settings)
    assert [line.split()[0] for line in told] == ["39", "A", "Answers", "Rk"]
    assert "per_address: 40" in told[0] and "Q2~2" in told[1] and "G1 are codes" in told[2] and "Sc" not in str(told)
    calm = SurveySettings(files=["a.csv"], per_address=40, questions={"Rk": QuestionMap(kind="ranking")})
    assert len(advice(*read_survey(calm, tmp_path), calm)) == 2
