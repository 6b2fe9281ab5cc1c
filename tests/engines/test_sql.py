"""Every SQL file: runs on DuckDB under its contract, is portable, and gives the same rows on Spark."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overstap import sql
from overstap.analysis.demand_sums import demand_sums
from overstap.analysis.volume import ADS, volume_table
from overstap.engine import Engine, make_engine
from overstap.engine.dialect import for_spark, parse, tables_of
from overstap.errors import SqlError
from overstap.reference.technologies import Technology
from overstap.reference.totals import quarter_days
from overstap.schema import TABLES, table_spec
from overstap.schema.out import CELL_NAMES
from tests.coded import codes_of
from tests.engines.conftest import PARAMETERS

TWIN = Path(__file__).with_name("core_demand_sums.sql").read_text(encoding="utf-8")
"""What the compiled pass over coded vacancies makes, as a query."""
VOLUME = Path(__file__).with_name("out_volume.sql").read_text(encoding="utf-8")
"""The same of `out_volume`."""


def in_order() -> list[str]:
    """The SQL tables such that each comes after those that it reads."""
    left, done = set(sql.tables()), []
    while left:
        ready = sorted(t for t in left if not (tables_of(sql.query(t)) & left) - {t})
        done += ready
        left -= set(ready)
    return done


def run_all(engine: Engine, coded: dict[str, Path], folder: Path) -> dict[str, pa.Table]:
    for name, path in coded.items():
        engine.read(name, path)
    results = {}
    queries = {table: sql.query(table) for table in in_order()} | {"core_demand_sums": TWIN, "out_volume": VOLUME}
    for table, query in queries.items():
        engine.write(engine.sql(query, PARAMETERS), table_spec(table), folder / table)
        engine.read(table, folder / table)
        results[table] = pq.read_table(folder / table)
    return results


@pytest.fixture(scope="module")
def on_duckdb(coded: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    engine = make_engine("duckdb")
    try:
        return run_all(engine, coded, tmp_path_factory.mktemp("duck"))
    finally:
        engine.close()


def test_every_sql_file_has_a_contract() -> None:
    assert set(sql.tables()) <= set(TABLES)


@pytest.mark.parametrize("table", sql.tables())
def test_rows_have_one_order(table: str, on_duckdb: dict[str, pa.Table]) -> None:
    rows, key = on_duckdb[table], table_spec(table).key
    by = ("first_date", *key) if table == "core_vacancies" else key
    assert key and rows.num_rows > 1
    assert rows.equals(rows.sort_by([(name, "ascending") for name in by]))


@pytest.mark.parametrize("table", sql.tables())
def test_sql_is_translated_for_spark(table: str) -> None:
    assert "SELECT" in for_spark(sql.query(table))


def test_every_table_has_rows_and_a_unique_key(on_duckdb: dict[str, pa.Table]) -> None:
    for name, table in on_duckdb.items():
        key = list(table_spec(name).key)
        assert table.num_rows > 0, name
        assert table.group_by(key).aggregate([]).num_rows == table.num_rows, name


def test_unknown_function_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SqlError, match="Did you mean 'md5'"):
        parse("SELECT md6(a) FROM t")


def test_all_cell_counts_each_vacancy_and_each_ad_once(coded: dict[str, Path], on_duckdb: dict[str, pa.Table]) -> None:
    volume = on_duckdb["out_volume"].to_pylist()
    whole = [r for r in volume if r["period_kind"] == "month" and {r[c] for c in _CELL} == {"all"}]
    vacancies = set(on_duckdb["core_vacancies"]["vacancy_id"].to_pylist())
    vacancy_of = {r["ad_id"]: r["vacancy_id"] for r in pq.read_table(coded["core_postings"]).to_pylist()}
    counted = [
        ad["posted_date"].strftime("%Y-%m")
        for ad in pq.read_table(coded["raw_ads"]).to_pylist()
        if ad["posted_date"] and _FIRST <= ad["posted_date"] <= _LAST and vacancy_of[ad["ad_id"]] in vacancies
    ]
    assert sum(r["vacancies_n"] for r in whole) == len(vacancies)
    assert {r["period"]: r["ads_n"] for r in whole} == dict(Counter(counted))


def test_every_ad_read_is_counted_somewhere(on_duckdb: dict[str, pa.Table]) -> None:
    quality: dict[tuple[str, str], int] = {
        (r["source_id"], r["measure"]): r["value_n"] for r in on_duckdb["out_quality"].to_pylist()
    }
    volume = on_duckdb["out_volume"].to_pylist()
    for source in ("a", "b", "silent"):
        counted = sum(
            r["ads_n"]
            for r in volume
            if r["period_kind"] == "year" and r["source_id"] == source and {r[c] for c in _CELL[:3]} == {"all"}
        )
        aside = ("ads_outside_period", "ads_without_date", "ads_of_earlier_vacancies")
        assert quality[source, "ads_read"] == counted + sum(quality[source, m] for m in aside)


def test_unasked_sections_do_not_count(coded: dict[str, Path], on_duckdb: dict[str, pa.Table]) -> None:
    annotations = pq.read_table(coded["core_annotations"]).to_pylist()
    asked = {(a["ad_id"], m["skill_id"]) for a in annotations for m in a["skills"] or [] if m["section"] != "company"}
    vacancies = set(on_duckdb["core_vacancies"]["vacancy_id"].to_pylist())
    rows = on_duckdb["core_vacancy_skills"].to_pylist()
    assert {(r["vacancy_id"], r["skill_id"]) for r in rows} == {(v, s) for v, s in asked if v in vacancies}


def test_sums_over_employers_agree_with_a_count_by_hand(on_duckdb: dict[str, pa.Table]) -> None:
    asked = {r["vacancy_id"] for r in on_duckdb["core_vacancy_skills"].to_pylist() if r["skill_id"] == "core.python"}
    by_employer: dict[str, list[int]] = {}
    for v in on_duckdb["core_vacancies"].to_pylist():
        if v["year"] == "2016" and v["language"] == "nl" and "chemie" in (v["topsectors"] or []):
            sums = by_employer.setdefault(v["employer_id"], [0, 0])
            sums[0] += v["vacancy_id"] in asked
            sums[1] += 1
    row = next(
        r
        for r in on_duckdb["core_demand_sums"].to_pylist()
        if (r["period"], r["topsector"], r["function_group"], r["language"], r["source_id"], r["item_id"])
        == ("2016", "chemie", "all", "nl", "all", "core.python")
    )
    x, n = zip(*by_employer.values(), strict=True)
    assert (row["asked_n"], row["vacancies_n"], row["employers_n"]) == (sum(x), sum(n), len(n))
    assert row["sum_xx"] == sum(a * a for a in x)
    assert row["sum_xn"] == sum(a * b for a, b in zip(x, n, strict=True))
    assert row["sum_nn"] == sum(b * b for b in n)


def test_the_compiled_pass_gives_the_rows_of_the_query(coded: dict[str, Path], on_duckdb: dict[str, pa.Table]) -> None:
    skills = pq.read_table(coded["core_skills"])
    asked = on_duckdb["core_vacancy_skills"]
    codes = codes_of(
        on_duckdb["core_vacancies"],
        asked,
        skills,
        min_title=PARAMETERS["min_display"],
        weights=on_duckdb["core_weights"].select(["vacancy_id", "weight"]),
        technologies=[
            Technology("scripting", {}, ("core.python", "core.sql", "core.not_asked")),
            Technology("querying", {}, ("core.sql",)),
        ],
    )
    made = demand_sums(codes).cast(table_spec("core_demand_sums").schema)
    assert made.combine_chunks().equals(on_duckdb["core_demand_sums"].combine_chunks())


def test_a_vacancy_is_open_at_the_quarters_ends_that_its_ads_reach(on_duckdb: dict[str, pa.Table]) -> None:
    live = {(r["vacancy_id"], r["quarter"]) for r in on_duckdb["core_stock"].to_pylist()}
    ends = [(q, quarter_days(q)[1]) for y in (2015, 2016) for q in (f"{y}Q{n}" for n in (1, 2, 3, 4))]
    expected = {
        (v["vacancy_id"], quarter)
        for v in on_duckdb["core_vacancies"].to_pylist()
        for quarter, end in ends
        if v["first_date"] <= end <= v["last_date"] + timedelta(days=30)
    }
    assert live == expected and len(live) > 50


def test_each_vacancy_has_its_quarter_and_stratum(on_duckdb: dict[str, pa.Table]) -> None:
    placed = {r["vacancy_id"]: r for r in on_duckdb["core_strata"].to_pylist() if r["kind"] == "new"}
    weights = {r["vacancy_id"]: r for r in on_duckdb["core_weights"].to_pylist()}
    for v in on_duckdb["core_vacancies"].to_pylist():
        row, day = placed[v["vacancy_id"]], v["first_date"]
        agency = v["is_agency"] or (v["sbi_code"] or "")[:2] == "78"
        assert row["quarter"] == f"{day.year}Q{(day.month + 2) // 3}"
        assert row["sector"] == ("agency" if agency else v["sector"] or "unknown")
        assert row["isco2"] == ((v["isco08"] or "unknown")[:2] if v["isco08"] else "unknown")
        known = v["source_id"] == "a" and row["sector"] in ("C", "J") and row["isco2"] == "25"
        assert weights[v["vacancy_id"]]["weight"] == (9.5 if known else None)
    assert len(weights) == len(placed) == on_duckdb["core_vacancies"].num_rows


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_gives_the_same_rows(
    spark: None, coded: dict[str, Path], on_duckdb: dict[str, pa.Table], tmp_path: Path
) -> None:
    on_spark = run_all(make_engine("spark"), coded, tmp_path)
    for name, expected in on_duckdb.items():
        key = [(column, "ascending") for column in table_spec(name).key]
        assert on_spark[name].sort_by(key).equals(expected.sort_by(key)), name


_CELL = CELL_NAMES
_FIRST, _LAST = PARAMETERS["first_date"], PARAMETERS["last_date"]


def test_volume_of_the_compiled_pass_is_that_of_the_query(
    coded: dict[str, Path], on_duckdb: dict[str, pa.Table]
) -> None:
    made = (on_duckdb["core_vacancies"], on_duckdb["core_vacancy_skills"], pq.read_table(coded["core_skills"]))
    engine = make_engine("duckdb")
    try:
        engine.read("raw_ads", coded["raw_ads"])
        engine.read("core_postings", coded["core_postings"])
        engine.connection.register("core_vacancies", on_duckdb["core_vacancies"])
        ads = pa.Table.from_batches(list(engine.sql(ADS, PARAMETERS).batches()))
    finally:
        engine.close()
    volume = volume_table(codes_of(*made, min_title=2), ads)
    assert volume.to_pylist() == on_duckdb["out_volume"].to_pylist()
