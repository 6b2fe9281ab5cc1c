"""A person reads a sample of ads: what the draw, the rates, the corrections and the corrected shares make of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.analysis.correction import Corrections
from overstap.analysis.uncertainty import Shares, wilson
from overstap.audit.apply import _relative
from overstap.audit.corrections import Correction, Corrector, read_corrections, write_corrections
from overstap.audit.draw import allocate, draw_sheet
from overstap.audit.rates import Coding, Places, ReadAd, error_rates
from overstap.audit.sheet import FACTS, SheetRow, by_ad, is_read, partly_read, read_sheet, write_sheet
from overstap.cli.audit import _show
from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.reference.tables import load
from overstap.schema import table_spec

SKILLS = ("a.one", "a.two", "b.one")
PLACES = Places({s: s[0] for s in SKILLS}, dict.fromkeys(SKILLS, "digital"))
ROW = SheetRow("x/1", "ict", "2016", 40, "skill", "core.sql", "SQL", "SQL", "kennis van SQL", "right")


def market(n: int, rng: np.random.Generator) -> tuple[list[tuple[str, frozenset[str]]], list[Coding]]:
    """A population: per ad its true group and skills, and a coding that misses a third and adds wrong ones."""
    truth, coded = [], []
    for _ in range(n):
        group = "ict" if rng.random() < 0.2 else "other"
        asks = frozenset(s for s in SKILLS if rng.random() < (0.5 if group == "ict" else 0.15))
        found = {s for s in asks if rng.random() < 0.67} | {s for s in SKILLS if rng.random() < 0.03}
        seen = group if rng.random() < 0.95 else "other"
        truth.append((group, asks))
        coded.append(Coding(seen, frozenset(found)))
    return truth, coded


def cell(kind: str, item: str, group: str = "all") -> pa.Table:
    """One row that names an item in a cell."""
    return pa.table({"item_kind": [kind], "item_id": [item], "function_group": [group]})


def test_corrected_shares_cover_the_truth() -> None:
    """Of 200 markets the corrected interval of a share holds the true share about as often as it says (95 %); the
    plain share, of a coding that misses a third, hardly ever does."""
    rng = np.random.default_rng(7)
    hits = plain = 0
    for _ in range(200):
        truth, coded = market(3000, rng)
        strata = [(c.function_group, "2016") for c in coded]
        sizes = {s: strata.count(s) for s in set(strata)}
        drawn = []
        for stratum, take in allocate(sizes, 150).items():
            drawn += rng.choice([i for i, s in enumerate(strata) if s == stratum], take, replace=False).tolist()
        read = [ReadAd(str(i), strata[i], sizes[strata[i]], truth[i][1], truth[i][0]) for i in drawn]
        rates = error_rates(read, {str(i): coded[i] for i in drawn}, PLACES, 0.95)
        share = np.array([np.mean([any(s[0] == "a" for s in c.skills) for c in coded])])
        true = np.mean([any(s[0] == "a" for s in asks) for _, asks in truth])
        low, high = wilson(share, np.array([3000.0]), 1.96)
        found = Corrections.of_audit(rates).share(cell("category", "a"), Shares(share, low, high, share))
        hits += bool(found.low[0] <= true <= found.high[0])
        plain += bool(low[0] <= true <= high[0])
    assert 180 <= hits <= 199, hits  # 190 ± three standard deviations, and not always: it would say too little
    assert plain < 20


def test_rates_by_hand() -> None:
    """Four ads of a stratum of 40: of two coded with b.one one is right, and one more asks it."""
    coded = {"1": {"b.one"}, "2": {"b.one"}, "3": set(), "4": set()}
    asks = {"1": {"b.one"}, "2": set(), "3": {"b.one"}, "4": set()}
    read = [ReadAd(i, ("ict", "2016"), 40, frozenset(asks[i]), "ict") for i in asks]
    rates = error_rates(read, {i: Coding("ict", frozenset(s)) for i, s in coded.items()}, PLACES, 0.95).to_pylist()
    row = next(r for r in rates if r["item_kind"] == "category" and r["item_id"] == "b" and r["period"] == "all")
    assert (row["ads_n"], row["coded_n"], row["asked_n"], row["right_n"]) == (4, 2, 2, 1)
    assert row["precision_pct"] == row["recall_pct"] == pytest.approx(50)
    assert row["correction"] == pytest.approx(1)
    assert row["false_pct"] == pytest.approx(50), "of the two that do not ask it, one is coded with it"
    assert row["precision_low"] < 15 and row["precision_high"] > 85, "two codings tell little"


def test_facts_are_right_where_the_value_is_and_found_where_there_is_one() -> None:
    """Four ads: one given rightly, one wrongly, one not found, and one of which nothing is given and nothing said."""
    said = {"1": ("hbo;wo", "wo;hbo"), "2": ("mbo", "hbo"), "3": ("", "hbo"), "4": ("", "")}
    read = [
        ReadAd(i, ("ict", "2016"), 40, frozenset(), "ict", {"education_levels": true}) for i, (_, true) in said.items()
    ]
    coded = {i: Coding("ict", frozenset(), {"education_levels": given}) for i, (given, _) in said.items()}
    rows = [r for r in error_rates(read, coded, PLACES, 0.95).to_pylist() if r["item_kind"] == "fact"]
    row = next(r for r in rows if r["period"] == r["function_group"] == "all")
    assert (row["item_id"], row["coded_n"], row["asked_n"], row["right_n"]) == ("education_levels", 2, 3, 1)
    assert row["precision_pct"] == pytest.approx(50) and row["recall_pct"] == pytest.approx(100 / 3)


def test_strata_of_one_ad_do_not_look_certain() -> None:
    """Sixty ads read, each alone in its year: the interval is about that of the same ads in one stratum."""
    rng = np.random.default_rng(3)
    right = rng.random(60) < 0.75
    widths = []
    for years in (60, 1):
        strata = [("ict", str(1960 + i % years)) for i in range(60)]
        read = [
            ReadAd(str(i), strata[i], 100 * 60 // years, frozenset({"a.one"} if right[i] else ()), "ict")
            for i in range(60)
        ]
        coded = {ad.ad_id: Coding("ict", frozenset({"a.one"})) for ad in read}
        row = next(r for r in error_rates(read, coded, PLACES, 0.95).to_pylist() if r["item_kind"] == "category")
        widths.append(row["correction_high"] / row["correction_low"])
    assert widths[0] == pytest.approx(widths[1], rel=0.35), widths


def test_what_is_never_asked_is_reported_and_not_corrected() -> None:
    """How much of what is asked is found cannot be told where none was."""
    read = [ReadAd(str(i), ("ict", "2016"), 400, frozenset(), "ict") for i in range(40)]
    coded = {ad.ad_id: Coding("ict", frozenset({"a.one"})) for ad in read}
    rates = error_rates(read, coded, PLACES, 0.95)
    row = next(r for r in rates.to_pylist() if r["item_id"] == "a")
    assert row["correction"] == 0 and 0 < row["correction_high"] < 0.1
    one = np.array([0.5])
    found = Corrections.of_audit(rates).share(cell("category", "a"), Shares(one, one - 0.05, one + 0.05, one))
    assert np.isnan(found).all()


def test_a_coding_without_errors_still_has_an_interval() -> None:
    read = [ReadAd(str(i), ("ict", "2016"), 40, frozenset({"a.one"}), "ict") for i in range(20)]
    coded = {ad.ad_id: Coding("ict", frozenset({"a.one"})) for ad in read}
    row = error_rates(read, coded, PLACES, 0.95).to_pylist()[0]
    assert row["correction"] == 1
    assert row["correction_low"] < 0.95 and row["correction_high"] > 1.05


def test_too_few_readings_correct_nothing_and_few_take_the_rates_of_all() -> None:
    def audit(*rows: tuple[str, int, float]) -> Corrections:
        made = [
            {
                "item_kind": "category", "item_id": "a", "function_group": group, "period": "all", "ads_n": 2 * n,
                "coded_n": n, "asked_n": n, "right_n": n,
                **{f"recall_{part}": recall for part in ("pct", "low", "high")},
                **{f"false_{part}": 0.0 for part in ("pct", "low", "high")},
            }
            for group, n, recall in rows
        ]  # fmt: skip
        return Corrections.of_audit(pa.Table.from_pylist(made, schema=table_spec("out_audit").schema))

    share = np.array([0.2])
    shares = Shares(share, share, share, share)
    assert np.isnan(audit(("all", 9, 50.0)).share(cell("category", "a", "ict"), shares).value[0])
    known = audit(("all", 90, 50.0), ("ict", 40, 80.0), ("manager", 29, 40.0))
    assert known.share(cell("category", "a", "ict"), shares).value[0] == pytest.approx(0.2 / 0.8)
    assert known.share(cell("category", "a", "manager"), shares).value[0] == pytest.approx(0.2 / 0.5)
    assert np.isnan(known.share(cell("skill", "a", "ict"), shares).value[0]), "a single skill is not corrected"
    alone = Shares(share, share * np.nan, share * np.nan, share * np.nan)
    assert np.isnan(known.share(cell("category", "a", "ict"), alone)).all(), "one employer tells of no other"


def test_the_sample_is_whole_random_and_repeatable(finished_study: Study) -> None:
    rows = draw_sheet(finished_study, 40, seed=3)
    ads = by_ad(rows)
    assert len(ads) == 40
    assert rows == draw_sheet(finished_study, 40, seed=3)
    assert set(ads) != set(by_ad(draw_sheet(finished_study, 40, seed=4)))
    table = finished_study.table("core_vacancies", ["vacancy_id", "function_group", "year"]).to_pylist()
    groups = {row["vacancy_id"]: (row["function_group"] or "unknown", row["year"]) for row in table}
    assert all(row.stratum == groups[row.ad_id] for row in rows)
    assert all(row.stratum_n == list(groups.values()).count(row.stratum) for row in rows)
    assert {row.stratum for row in rows} == set(groups.values()), "every group and year is seen"


def test_allocation_takes_no_more_than_there_is() -> None:
    assert allocate({("a", "1"): 3, ("b", "1"): 1000}, 100) == {("a", "1"): 3, ("b", "1"): 97}
    assert allocate({("a", "1"): 3}, 10) == {("a", "1"): 3}


def test_a_sheet_comes_back_as_written_also_from_a_spreadsheet(tmp_path: Path) -> None:
    rows = [ROW, replace(ROW, what="missed", value="", verdict="", words="=1+1", should_be="core.r")]
    path = tmp_path / "audit.csv"
    write_sheet(path, rows)
    assert "\n=" not in path.read_text() and ",=1" not in path.read_text(), "no cell may run as a formula"
    assert [r.should_be for r in read_sheet(path)] == ["", "core.r"]
    assert read_sheet(path)[0] == ROW
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",", ";"), encoding="utf-8")
    assert read_sheet(path)[0] == ROW
    assert not is_read(read_sheet(path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("right", "rihgt"), ("row 2", "'rihgt'", "Did you mean 'right'?")),
        (("verdict", "oordeel"), ("lacks the column verdict",)),
        (("40", "veertig"), ("row 2", "'veertig'")),
    ],
)
def test_a_faulty_sheet_tells_row_and_mend(tmp_path: Path, change: tuple[str, str], told: tuple[str, ...]) -> None:
    path = tmp_path / "audit.csv"
    write_sheet(path, [ROW])
    path.write_text(path.read_text(encoding="utf-8-sig").replace(*change), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_sheet(path)
    assert all(words in str(error.value) for words in told), str(error.value)


def test_wrong_without_the_right_value_is_not_read() -> None:
    code = replace(ROW, what="isco08", value="2512", verdict="wrong")
    assert not is_read([code])
    assert is_read([replace(code, should_be="unknown")]) and is_read([replace(code, should_be="2513")])


def test_an_empty_file_is_no_sheet(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text("")
    with pytest.raises(InputError, match="is empty"):
        read_sheet(tmp_path / "audit.csv")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ad,x/1,isco08,2515", "'2515'"),
        ("add,x/1,isco08,2512", "Did you mean 'ad'?"),
        ("title,developer,salary_min,1", "'salary_min' is not a field of 'title'"),
        ("ad,x/1,hours_max,veel", "'veel' is no number"),
        ("ad,x/1,add_skill,core.pyton", "Did you mean 'core.python'?"),
        ("ad,x/1,education_levels,hbo;wo;mvo", "'mvo'"),
        ("ad,x/1,isco08,2512;2513", "'2512;2513'"),
        ("ad,x/1,hours_max,nan", "'nan' is no number"),
        ("title,,isco08,2512", "the key is empty"),
        ("ad,x/1,is_agency,true", "Values: yes, no"),
        ("ad,x/1,driving_licence,F", "'F' is no value of driving_licence"),
        ("ad,x/1,province_code,NL3", "Did you mean 'NL3"),
        ("ad,x/1,salary_max,2.450", "Write 2450"),
        ("ad,x/1,hours_min,40\nad,x/1,hours_max,32", "hours_min 40 lies on the wrong side of hours_max 32"),
    ],
)
def test_a_faulty_correction_tells_row_and_mend(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(f"match,key,field,value\n{row}\n")
    with pytest.raises(InputError) as error:
        read_corrections(path, ["core.python"])
    assert told in str(error.value) and "row 2" in str(error.value), str(error.value)


def test_corrections_change_what_they_name_and_nothing_else(tmp_path: Path) -> None:
    skills = pa.table(
        {n: ["core.python"] for n in ("skill_id", "esco_uri", "label_nl", "label_en", "category", "category_group")}
    )
    spec = {c.name: c.type for c in table_spec("core_annotations").columns}
    columns = {name: pa.nulls(3, type_) for name, type_ in spec.items()}
    columns |= {
        "ad_id": pa.array(["1", "2", "3"]),
        "title_key": pa.array(["tester", "ontwikkelaar", "ontwikkelaar"]),
        "isco08": pa.array(["2519", "2511", "2511"]),
        "skills": pa.array([[], [], []], spec["skills"]),
    }
    path = tmp_path / "corrections.csv"
    write_corrections(
        path,
        [
            Correction("title", "ontwikkelaar", "isco08", "2512"),
            Correction("ad", "3", "isco08", "2513"),
            Correction("employer", "Ziekenhuis X", "sbi_code", "8610"),
            Correction("ad", "1", "add_skill", "core.python"),
        ],
    )
    correct = Corrector(read_corrections(path, ["core.python"]), load("topsector_sbi"), skills)
    after = correct(columns, pa.array(["A", "ziekenhuis x", None]))
    assert after["isco08"].to_pylist() == ["2519", "2512", "2513"], "what is said of an ad itself comes last"
    assert after["function_group"].to_pylist() == [None, "ict", "ict"]
    assert after["sector"].to_pylist() == [None, "Q", None]
    assert after["topsectors"].to_pylist()[1] == ["health"]
    assert [len(skills) for skills in after["skills"].to_pylist()] == [1, 0, 0]
    assert after["language"] is columns["language"]


def corrected_row(columns: dict[str, object], corrections: list[Correction]) -> dict[str, object]:
    """One ad with these values (the rest unknown) after corrections."""
    types = {c.name: c.type for c in table_spec("core_annotations").columns}
    rows = {name: pa.array([columns.get(name)], type_) for name, type_ in types.items()}
    correct = Corrector(corrections, load("topsector_sbi"), pa.table({"skill_id": pa.array([], pa.string())}))
    return {name: column[0].as_py() for name, column in correct(rows, pa.array([None], pa.string())).items()}


def test_a_title_of_no_occupation_is_no_role_of_two_domains() -> None:
    coded = {"ad_id": "1", "isco08": "2519", "codable": True, "is_hybrid": True, "domains": ["care", "ict"]}
    after = corrected_row(coded, [Correction("ad", "1", "isco08", "")])
    assert (after["isco08"], after["codable"], after["is_hybrid"], after["domains"]) == (None, False, None, None)


def test_every_fact_can_be_corrected() -> None:
    said = {
        "education_levels": ("mbo4;hbo", ["mbo4", "hbo"]), "experience_years_min": ("2", 2), "hours_min": ("24", 24),
        "hours_max": ("36.5", 36.5), "salary_min": ("2450", 2450), "salary_max": ("3000", 3000),
        "salary_period": ("month", "month"), "contract": ("permanent", "permanent"),
        "languages_required": ("nl;en", ["nl", "en"]), "driving_licence": ("B", "B"), "remote": ("hybrid", "hybrid"),
        "is_agency": ("no", False), "firm_size": ("250+", "250+"), "sector": ("K", "K"), "province_code": ("NL31", "NL31"),
    }  # fmt: skip
    assert set(said) == set(FACTS)
    after = corrected_row({"ad_id": "1"}, [Correction("ad", "1", name, value) for name, (value, _) in said.items()])
    assert {name: after[name] for name in said} == {name: right for name, (_, right) in said.items()}
    gone = corrected_row({"ad_id": "1", **after}, [Correction("ad", "1", name, "") for name in said])
    assert all(gone[name] is None for name in said)


def test_a_bound_or_region_that_contradicts_the_correction_is_no_longer_known() -> None:
    coded = {"ad_id": "1", "hours_min": 36.0, "hours_max": 40.0, "province_code": "NL31", "nuts3_code": "NL310"}
    after = corrected_row(
        coded, [Correction("ad", "1", "hours_max", "24"), Correction("ad", "1", "province_code", "NL33")]
    )
    assert (after["hours_min"], after["hours_max"]) == (None, 24)
    assert (after["province_code"], after["nuts3_code"]) == ("NL33", None)
    kept = corrected_row(
        coded, [Correction("ad", "1", "hours_min", "32"), Correction("ad", "1", "province_code", "NL31")]
    )
    assert (kept["hours_min"], kept["hours_max"], kept["nuts3_code"]) == (32, 40, "NL310")


def test_ads_judged_in_part_are_named_with_what_is_open() -> None:
    rows = [
        replace(ROW, what="remote", value="", verdict="right"),
        replace(ROW, what="contract", value="permanent", verdict="wrong"),
        replace(ROW, verdict=""),
        replace(ROW, ad_id="x/2", verdict=""),
    ]
    assert partly_read(rows) == {"x/1": ["contract", "core.sql"]}, "x/2 was not begun"


def test_a_title_is_known_however_it_is_written_and_a_wrong_fact_loses_its_proof() -> None:
    spec = {c.name: c.type for c in table_spec("core_annotations").columns}
    columns = {name: pa.nulls(1, type_) for name, type_ in spec.items()}
    columns |= {
        "ad_id": pa.array(["1"]),
        "title_key": pa.array(["data analist"]),
        "hours_max": pa.array([36.0], spec["hours_max"]),
        "sbi_code": pa.array(["7820"]),
        "sector": pa.array(["N"]),
        "fact_spans": pa.array([[{"field": "hours_max", "start": 0, "end": 2}]], spec["fact_spans"]),
    }
    corrections = [
        Correction("title", "Data Analist", "isco08", "2511"),
        Correction("ad", "1", "hours_max", "40"),
        Correction("employer", "İŞ BANK", "sector", "K"),
    ]
    correct = Corrector(corrections, load("topsector_sbi"), pa.table({"skill_id": pa.array([], pa.string())}))
    after = {name: column[0].as_py() for name, column in correct(columns, pa.array(["İş Bank"])).items()}
    assert (after["isco08"], after["hours_max"], after["fact_spans"]) == ("2511", 40.0, [])
    assert (after["sector"], after["sbi_code"]) == ("K", "K"), "no code of another section stays"


@pytest.mark.parametrize(
    ("sheet", "written"),
    [
        ("/home/x/project/studies/audit.csv", "audit.csv"),
        ("/home/x/project/studies/sheets/audit.csv", "sheets/audit.csv"),
        ("/home/x/project/audit.csv", "../audit.csv"),
        ("/home/x/project/sheets/audit.csv", "../sheets/audit.csv"),
        ("/mnt/share/audit.csv", "/mnt/share/audit.csv"),
    ],
)
def test_a_sheet_near_the_study_file_is_named_from_there(sheet: str, written: str) -> None:
    assert _relative(Path(sheet), Path("/home/x/project/studies")) == written


def test_rates_that_rest_on_few_judgements_are_marked_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"function_group": "all", "period": "all", "ads_n": 40, "right_n": 4, "item_kind": "skill"}
    rows = [{**known, "item_id": name, "coded_n": n, "asked_n": n} for name, n in (("writing", 40), ("planning", 5))]
    told = _show(pa.Table.from_pylist(rows, schema=table_spec("out_audit").schema), 30)
    lines = capsys.readouterr().out.splitlines()
    assert told.startswith("* 1 of 2 rows rest on fewer than 30")
    assert ["*" in line for line in lines] == [False, False, True]
    assert _show(pa.Table.from_pylist(rows[:1], schema=table_spec("out_audit").schema), 30) == ""
