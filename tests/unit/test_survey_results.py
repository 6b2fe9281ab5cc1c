"""Results of surveys: raking against another program, a round trip with a known truth, small groups hidden."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from overstap.disclosure.cube import Cube, bounds
from overstap.errors import OverstapError
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.adoption import is_large, measure_adoption
from overstap.survey.estimate import mean, p_of_means, p_of_shares, share
from overstap.survey.evidence import read_evidence
from overstap.survey.hide import Group, hidden_groups, linked_cube
from overstap.survey.instrument import lime_structure, paper, write_instrument
from overstap.survey.measure import measure_survey
from overstap.survey.people import People
from overstap.survey.questionnaire import bundled
from overstap.survey.rake import categories, design_effect, effective, rake
from overstap.survey.read import read_survey
from overstap.survey.simulate import FIRMS, Truth, margins, simulate
from overstap.survey.statements import draft, write_statements
from overstap.survey.structure import read_structure
from overstap.survey.weigh import read_margins, weigh

Row = dict[str, Any]

# Seed and margins of a much-used example; the fitted table by the package ipfn 1.4.4 (MIT), to two decimals.
SEED = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
FITTED = [
    [64.56, 46.23, 35.38, 3.82],
    [49.97, 68.16, 156.5, 25.37],
    [56.72, 144.43, 145.08, 53.77],
    [28.75, 41.18, 63.03, 17.03],
]


def test_raking_gives_the_table_of_another_program() -> None:
    rows, columns = (np.array(axis).ravel() for axis in np.meshgrid(range(4), range(4), indexing="ij"))
    start = np.array(SEED, float).ravel()
    found = rake([rows, columns], [np.array([150, 300, 400, 150.0]), np.array([200, 300, 400, 100.0])], start)
    assert found.weights * 1000 / found.weights.sum() == pytest.approx(np.array(FITTED).ravel(), abs=0.006)
    assert found.furthest < 1e-9


def test_kish_of_weights_known_by_hand() -> None:
    weights = np.array([1.0, 1.0, 2.0])
    assert design_effect(weights) == pytest.approx(3 * 6 / 16) and effective(weights) == pytest.approx(16 / 6)
    assert design_effect(weights) == pytest.approx(1 + np.var(weights) / np.mean(weights) ** 2)


def test_a_trimmed_weight_stays_below_its_cap_and_margins_are_told_off() -> None:
    sizes = np.array([0] * 98 + [1] * 2)
    found = rake([sizes], [np.array([1.0, 1.0])], trim=5.0)
    assert found.trimmed == 2 and found.weights.max() / np.median(found.weights) <= 5.0 + 1e-9
    assert found.furthest > 0.3


def test_a_target_without_respondents_is_left_out() -> None:
    found = rake([np.array([0, 0, 1])], [np.array([1.0, 1.0, 8.0])])
    assert found.weights == pytest.approx([0.75, 0.75, 1.5])


def test_who_tells_no_sector_keeps_the_share_of_the_weights_that_came_with_the_file() -> None:
    start = np.array([1.0, 1.0, 1.0, 3.0])
    at, target, unknown = categories(["a", "b", "b", None], {"a": 10.0, "b": 10.0, "c": 80.0}, start)
    weights = rake([at], [target], start).weights
    assert weights / weights.sum() == pytest.approx([0.25, 0.125, 0.125, 0.5]) and unknown == {"": 1}


def test_shares_and_means_against_statsmodels() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    x, w = np.array([1.0] * 12 + [0.0] * 28), np.ones(40)
    found = share(x, w, 0.95)
    assert (found.low, found.high) == pytest.approx(proportion.proportion_confint(12, 40, 0.05, "wilson"))
    other = share(np.array([1.0] * 30 + [0.0] * 30), np.ones(60), 0.95)
    assert p_of_shares(found, other) == pytest.approx(proportion.proportions_ztest([12, 30], [40, 60])[1])
    a, b = np.arange(20.0), np.arange(30.0) * 0.5 + 4
    one, two = mean(a, np.ones(20), 0.95), mean(b, np.ones(30), 0.95)
    assert (one.low, one.high) == pytest.approx(weightstats.DescrStatsW(a).tconfint_mean())
    assert p_of_means(one, two) == pytest.approx(weightstats.ttest_ind(a, b, usevar="unequal")[1])


def test_no_hidden_group_can_be_worked_out_from_all_tables_of_a_small_survey(tmp_path: Path) -> None:
    """The attack on what is published: every n that `out_survey` and `out_adoption` show of the same answers."""
    text, _ = simulate(90, 3, words=False)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    settings = SurveySettings(files=["a.csv"], min_cell=6)
    questions, respondents, answers = read_survey(settings, tmp_path)
    results = measure_survey(questions, respondents, answers, settings, 0.95, 0.05).to_pylist()
    adoption = measure_adoption(questions, respondents, answers, settings, 0.95).to_pylist()
    item = next(row["item"] for row in adoption if row["measure"] == "in_use")
    shown: dict[Group, int | None] = {
        (row["sector"], row["size"]): row["n"] for row in adoption if row["measure"] == "in_use" and row["item"] == item
    }
    used = {row["question_code"] for row in questions.to_pylist() if row["use"] == "adoption"}
    mine = [row for row in results if row["question_code"] in used and row["item"] in (item, "")]
    for row in mine:
        if row["measure"] == "share" and row["group_kind"] in ("sector", "size"):
            key = (row["group_name"], ALL) if row["group_kind"] == "sector" else (ALL, row["group_name"])
            assert shown[key] == row["n"], "hidden in one table, hidden in the other"
    true = {
        (a, b): sum(
            row["is_counted"] and (a in (ALL, row["sector"])) and (b in (ALL, row["size"]))
            for row in respondents.to_pylist()
        )
        for a, b in shown
    }
    assert all(n is None or n == true[key] for key, n in shown.items())
    gone = {key for key, n in shown.items() if n is None}
    assert gone and any(true[key] >= settings.min_cell for key in gone), "some are hidden to protect others"
    sectors, sizes = ({key[at] for key in shown} - {ALL} for at in (0, 1))
    sums = [((a, ALL), [(a, b) for b in sizes if (a, b) in shown]) for a in (ALL, *sectors)]
    sums += [((ALL, b), [(a, b) for a in sectors if (a, b) in shown]) for b in (ALL, *sizes)]
    for low, high in bounds(Cube(true, sums), gone).values():
        assert high - low >= settings.min_cell - 1e-4
    for row in adoption:
        if row["measure"] == "sme_lag" and not row["is_suppressed"]:
            assert not any((row["sector"], size) in gone for size in (ALL, *sizes)), "its n would tell the hidden size"
    for row in (*results, *adoption):
        if row["is_suppressed"]:
            assert all(row[name] is None for name in ("value", "value_low", "value_high", "n", "n_effective"))
            assert row.get("difference") is None and row.get("p_value") is None


def test_what_one_question_hides_no_other_question_of_the_same_people_tells() -> None:
    """Sector 0 has one small firm, so its total must be hidden: elsewhere it would be shown, and be subtracted."""
    firms = {("a", "small"): 1, ("a", "large"): 39, ("b", "small"): 23, ("b", "large"): 16, ("c", "small"): 5}
    people = [firm for firm, n in firms.items() for _ in range(n)]
    nothing = {"source": "s.csv", "flags": [], "is_counted": True, "weight": 1.0, "answered_share": 1.0}
    who = [{"respondent_id": str(i), "sector": a, "size": b, **nothing} for i, (a, b) in enumerate(people)]
    asked = [("plain", None), ("tech", "adoption")]
    about = {"item": "", "part": "answer", "source": "s.csv", "kind": "single", "options": ["yes", "no"], "theme": "x"}
    questions = [{"question_code": code, "use": use, **about} for code, use in asked]
    answers = [
        {"respondent_id": one["respondent_id"], "question_code": code, "item": "", "part": "answer", "option": "yes"}
        for one in who
        for code, _ in asked
    ]
    rows = {"core_questions": questions, "core_respondents": who, "core_answers": answers}
    tables = [pa.Table.from_pylist(found, schema=table_spec(name).schema) for name, found in rows.items()]
    settings = SurveySettings(files=["s.csv"], min_cell=10)
    found = measure_survey(*tables, settings, 0.95, 0.05).to_pylist()
    hidden = {
        code: {
            (row["group_kind"], row["group_name"]) for row in found if row["question_code"] == code and row["n"] is None
        }
        for code, _ in asked
    }
    assert ("sector", "a") in hidden["tech"] and hidden["plain"] == hidden["tech"]


def test_a_filtered_question_does_not_bound_a_group_that_the_other_hides() -> None:
    """All answer one question, and those who said yes the next; sectors of 4, 12 and 60, of whom 4, 11 and 40 did."""
    sizes, yes = (4, 12, 60), (4, 11, 40)
    groups = np.repeat([0, 1, 2], sizes)
    within = np.concatenate([np.arange(n) < k for n, k in zip(sizes, yes, strict=True)])
    people = People(np.ones(76), {"sector": ["a", "b", "c"]}, {"sector": groups}, {})
    asked = [np.arange(76), np.flatnonzero(within)]
    settings = SurveySettings(files=["s.csv"], min_cell=10, splits=["sector"])
    linked = linked_cube(people, asked, settings, crossed=False)

    def narrowest(hidden: set[Any]) -> float:
        every = bounds(linked.cube, hidden | linked.unknown, hidden)
        return min(high - low for low, high in every.values())

    apart = {(0, "", ("sector", name)) for name in "ab"} | {(1, "", ("sector", name)) for name in "ac"}
    assert narrowest(apart) < 10, "each table is safe by itself, both together are not"
    found = hidden_groups(people, asked, settings, crossed=False)
    together = {(at, "", group) for at, rows in enumerate(asked) for group in found.of(rows)}
    assert {(0, "", ("sector", "a")), (1, "", ("sector", "a"))} < together
    assert narrowest(together) >= 10 - 1e-4
    assert len(together) == 4, "the two smallest of each"


def test_a_question_that_few_answered_hides_no_other_where_no_groups_are_known() -> None:
    people = People(np.ones(80), {"sector": []}, {"sector": np.full(80, -1)}, {})
    asked = [np.arange(80), np.arange(75), np.arange(4)]
    found = hidden_groups(people, asked, SurveySettings(files=["s.csv"], splits=["sector"]), crossed=False)
    assert [found.of(rows) for rows in asked] == [frozenset(), frozenset(), {("all",)}]


def test_a_survey_of_many_questions_is_protected_question_by_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of twelve questions has its own blanks: groups of 5 to 60 people in a chain of sets, one within the other."""
    monkeypatch.setattr("overstap.survey.hide._MOST", 50)
    rng = np.random.default_rng(9)
    groups = np.repeat(range(6), (5, 12, 25, 40, 60, 60))
    people = People(np.ones(202), {"sector": list("abcdef")}, {"sector": groups}, {})
    order = rng.permutation(202)
    asked = [np.sort(order[: 202 - 6 * k]) for k in range(12)]
    settings = SurveySettings(files=["s.csv"], min_cell=10, splits=["sector"])
    linked = linked_cube(people, asked, settings, crossed=False)
    found = hidden_groups(people, asked, settings, crossed=False)
    hidden = {(at, "", group) for at, rows in enumerate(asked) for group in found.of(rows)}
    assert {key for key, n in linked.cube.counts.items() if n < 10 and key not in linked.unknown} <= hidden
    assert len(hidden) < len(linked.cube.counts.keys() - linked.unknown) / 2
    for one, next_one in zip(range(11), range(1, 12), strict=True):
        two = linked_cube(people, [asked[one], asked[next_one]], settings, crossed=False)
        gone = {(at - one, "", group) for at, kind, group in hidden if at in (one, next_one)}
        for low, high in bounds(two.cube, gone | two.unknown, gone).values():
            assert high - low >= 10 - 1e-4


@pytest.mark.parametrize("seed", range(4))
def test_no_group_can_be_bounded_from_all_questions_of_a_survey_with_blanks_and_filters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = {"sector": list("abc"), "size": list("xyz")}
    groups = {split: rng.choice(3, 120, p=[0.6, 0.3, 0.1]) for split in names}
    people = People(np.ones(120), names, groups, {})
    some = np.flatnonzero(rng.random(120) < 0.6)
    asked = [np.arange(120), np.arange(119), some, some[rng.random(len(some)) < 0.9]]
    settings = SurveySettings(files=["s.csv"], min_cell=5, splits=["sector", "size"])
    linked = linked_cube(people, asked, settings, crossed=True)
    found = hidden_groups(people, asked, settings, crossed=True)
    hidden = {(at, "", group) for at, rows in enumerate(asked) for group in found.of(rows)}
    cells = {key for key in linked.cube.counts if key not in linked.unknown}
    assert {key for key in cells if linked.cube.counts[key] < 5} <= hidden < cells
    for low, high in bounds(linked.cube, hidden | linked.unknown, hidden).values():
        assert high - low >= 5 - 1e-4


def test_who_someone_is_is_counted_once_and_never_crossed(answered: Any) -> None:
    rows = [row for row in answered[3] if row["theme"] == "respondent"]
    assert rows
    assert {row["group_kind"] for row in rows if row["question_code"] in _background(answered[2][0])} == {ALL}


def _background(questions: pa.Table) -> set[str]:
    return {row["question_code"] for row in questions.to_pylist() if row["use"] in ("role", "sector", "size")}


@pytest.mark.parametrize(
    ("size", "large"),
    [
        ("1-9", False),
        ("50-249", False),
        ("250+", True),
        ("250 of meer", True),
        ("mkb", False),
        ("Anders", None),
        (None, None),
    ],
)
def test_which_firms_are_large(size: str | None, large: bool | None) -> None:
    assert is_large(size) is large


@pytest.fixture(scope="module")
def answered(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Truth, tuple[pa.Table, ...], list[Row], list[Row]]:
    folder = tmp_path_factory.mktemp("survey")
    text, truth = simulate(1500, 7, words=False)
    (folder / "a.csv").write_text(text, encoding="utf-8")
    (folder / "margins.csv").write_text(margins(), encoding="utf-8")
    settings = SurveySettings(files=["a.csv"])
    questions, respondents, answers = read_survey(settings, folder)
    weighed = weigh(respondents, read_margins(folder / "margins.csv"), trim=50.0).respondents
    results = measure_survey(questions, weighed, answers, settings, 0.95, 0.05)
    adoption = measure_adoption(questions, weighed, answers, settings, 0.95)
    return folder, truth, (questions, weighed, answers, results, adoption), results.to_pylist(), adoption.to_pylist()


def covered(pairs: list[tuple[Row, float]]) -> float:
    return sum(row["value_low"] <= true <= row["value_high"] for row, true in pairs) / len(pairs)


def test_round_trip_finds_the_truth_back(answered: Any) -> None:
    _, truth, (questions, *_), rows, adoption = answered
    assert all(questions["is_understood"].to_pylist())
    whole = [row for row in rows if row["group_kind"] == "all"]
    impact = [
        (r, truth.impact[r["item"]]) for r in whole if r["question_code"] == "ovImpact" and r["measure"] == "mean"
    ]
    pair = {"ovImpIct": "ict", "ovImpMan": "manager", "ovImpOth": "other"}
    gaps = [(r, truth.gap[pair[r["question_code"]], r["item"]]) for r in whole if r["measure"] == "gap"]
    expected = {
        item: 100 * sum(FIRMS[size] * truth.in_use[item, size] for size in FIRMS)
        for item in {k for k, _ in truth.in_use}
    }
    used = [
        (r, expected[r["item"]]) for r in adoption if r["measure"] == "in_use" and r["sector"] == r["size"] == "all"
    ]
    small = {s: FIRMS[s] / (1 - FIRMS["s250"]) for s in ("s1", "s10", "s50")}
    lags = {
        i: 100 * (truth.in_use[i, "s250"] - sum(p * truth.in_use[i, s] for s, p in small.items())) for i in expected
    }
    lag = [(r, lags[r["item"]]) for r in adoption if r["measure"] == "sme_lag" and r["sector"] == "all"]
    assert (len(impact), len(gaps), len(used), len(lag)) == (12, 30, 12, 12)
    assert covered([*impact, *gaps, *used, *lag]) >= 0.88  # of 66 intervals of 95 %, 58 by chance in 1 of 100


def test_who_expects_more_shortage_is_found(answered: Any) -> None:
    _, _, _, rows, _ = answered
    tested = [
        r for r in rows if r["question_code"] == "ovShort" and r["measure"] == "mean" and r["group_kind"] == "role"
    ]
    differs = {(r["group_name"], r["item"]): r["difference"] for r in tested if r["differs"]}
    assert sum(size > 0 for (group, _), size in differs.items() if group == "cto_cio") >= 2
    assert not any(size > 0 for (group, _), size in differs.items() if group != "cto_cio")
    everything = [r for r in rows if r["group_kind"] == "sector" and r["p_value"] is not None]
    assert sum(r["differs"] for r in everything) <= 3, "sectors do not differ in truth"
    assert not [r for r in rows if r["question_code"] == "ovRole" and r["p_value"] is not None]


def test_small_groups_are_hidden_with_their_n(tmp_path: Path) -> None:
    lines = ["Q1,Q2", *(f"{'HR' if i < 30 else 'CTO' if i < 55 else 'CEO'},{i % 5 + 1}" for i in range(59))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    settings = SurveySettings.model_validate(
        {"files": ["a.csv"], "questions": {"Q1": {"use": "role"}, "Q2": {"kind": "scale"}}}
    )
    tables = read_survey(settings, tmp_path)
    rows = measure_survey(*tables, settings, 0.95, 0.05).to_pylist()
    shown = {
        r["group_name"]: r["n"]
        for r in rows
        if r["question_code"] == "Q2" and r["measure"] == "mean" and r["group_kind"] == "role"
    }
    assert shown == {"HR": 30, "CTO": None, "CEO": None}
    assert all(r["value"] is r["n"] is r["p_value"] is None for r in rows if r["is_suppressed"])


def test_statements_are_drafted_with_their_evidence(answered: Any) -> None:
    folder, _, (questions, _, _, results, adoption), _, _ = answered
    found = draft(questions, results, adoption, lambda code: {"nl": code, "en": code}, 0.05)
    kinds = {one.statement_id.split("_")[0] for one in found}
    assert {"impact", "shortage", "agree", "adoption", "obstacle", "sme", "first", "gap"} <= kinds
    write_statements(found, folder / "statements.yaml")
    again = yaml.safe_load((folder / "statements.yaml").read_text(encoding="utf-8"))
    assert [row["statement_id"] for row in again] == [one.statement_id for one in found]
    assert all(row["text_nl"] and row["text_en"] and row["theme"] for row in again)
    pattern = r"survey: .* \(-?[\d.]+–[\d.]+( %)?; n = \d+; ov\w+(/\w+)?\)"
    assert all(re.fullmatch(pattern, row["evidence_en"]) for row in again)
    assert all(row["evidence_nl"].startswith("vragenlijst: ") for row in again)
    assert len({row["statement_id"] for row in again}) == len(again)


def test_instruments_are_read_back_as_they_were(tmp_path: Path) -> None:
    paths = write_instrument(bundled(), tmp_path / "new", "nl")
    assert {"questionnaire.txt", "questionnaire-nl.html", "codebook.csv"} <= {path.name for path in paths}
    found = read_structure(tmp_path / "new" / "questionnaire.txt")
    for question in bundled().questions():
        asked = found.questions[question.code]
        assert asked.texts == question.texts
        assert asked.items == {
            code: {lang: item[lang] for lang in ("nl", "en")} for code, item in question.items.items()
        }
        options = {code: {lang: option[lang] for lang in ("nl", "en")} for code, option in question.options.items()}
        assert {code: texts for code, texts in asked.options.items() if code != "-oth-"} == options
    assert lime_structure(bundled(), "en").count("\tovRole\t") == 2
    page = paper(bundled(), "en")
    assert all(question.texts["en"].replace("'", "&#x27;") in page for question in bundled().questions())
    with pytest.raises(OverstapError, match="there already"):
        write_instrument(bundled(), tmp_path / "new", "nl")


def test_codes_fit_what_limesurvey_takes() -> None:
    for question in bundled().questions():
        assert question.code.isalnum() and len(question.code) <= 20
        assert all(code.isalnum() and len(code) <= 5 for code in question.options)
        assert all(code.isalnum() and len(code) <= 20 for code in question.items)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sector,size,aantal\na,b,1\n", "no column 'total'"),
        ("sector,sise,total\na,b,1\n", "Did you mean 'size'"),
        ("sector,total\na,x\n", "no total"),
        ("sector,total\na,1\na,2\n", "stands twice"),
    ],
)
def test_margins_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(OverstapError, match=said):
        read_margins(tmp_path / "m.csv")


def test_evidence_is_masked_and_its_faults_named(tmp_path: Path) -> None:
    good = "- {evidence_id: e1, kind: interview, session: s1, role: cto, theme: skills, claim: Mail jan@voorbeeld.nl, quote: Bel 06-12345678}\n"
    (tmp_path / "e.yaml").write_text(good)
    row = read_evidence(["e.yaml"], tmp_path).to_pylist()[0]
    assert row["claim"] == "Mail [EMAIL]" and row["quote"] == "Bel [PHONE]"
    bad = good + "- {evidence_id: e1, kind: talk, session: s, role: r, theme: skils, claim: c, naam: Jan}\n"
    (tmp_path / "e.yaml").write_text(bad)
    with pytest.raises(OverstapError) as error:
        read_evidence(["e.yaml"], tmp_path)
    said = str(error.value)
    assert all(words in said for words in ("holds persons", "'talk'", "Did you mean 'skills'", "stands twice"))
