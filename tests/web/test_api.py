"""The open API: every table in every form, narrowed by its own columns, within limits; and figures that others embed."""

from __future__ import annotations

import io
import re
import zipfile

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from overstap.pipeline import Study
from overstap.schema import table_spec
from overstap.web import api, forms, results
from overstap.web.app import create_app
from overstap.web.limits import RateLimit
from overstap.web.results import Snapshot, TooMuch
from tests.web.conftest import FORMULA_TITLE
from tests.web.workbooks import first_column, first_row

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


@pytest.mark.parametrize("table", api.ANSWERS)
def test_every_answer_can_be_had_in_every_form(client: httpx.Client, table: str) -> None:
    told = client.get(f"/api/{table}.json?show=3").json()
    parquet = pq.read_table(io.BytesIO(client.get(f"/api/{table}.parquet?show=3").content))
    assert parquet.schema.names == list(table_spec(table).names)
    assert parquet.num_rows == len(told["rows"])
    assert all(parquet.schema.field(c.name).metadata[b"unit"] == c.unit.encode() for c in table_spec(table).columns)
    assert client.get(f"/api/{table}.csv?show=3").status_code == 200
    with zipfile.ZipFile(io.BytesIO(client.get(f"/api/{table}.xlsx?show=3").content)) as book:
        assert re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()) == [
            table,
            "codebook",
            "about",
        ]
        assert set(first_row(book, 1)) <= set(first_column(book, 2))


def test_a_workbook_explains_its_columns_and_runs_nothing(client: httpx.Client) -> None:
    book = zipfile.ZipFile(io.BytesIO(client.get("/api/out_demand.xlsx?item_kind=title&lang=en").content))
    texts = book.read("xl/sharedStrings.xml").decode()
    assert all(column.label_nl.replace("&", "&amp;") in texts for column in table_spec("out_demand").columns)
    assert FORMULA_TITLE.split("'")[0] in texts and "data_version" in texts
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_table_is_narrowed_by_the_columns_of_its_key(client: httpx.Client, study: Study) -> None:
    stored = [r for r in study.table("out_moves").to_pylist() if r["from_code"] in ("0111", "0211")]
    got = client.get("/api/out_moves.json", params={"from_code": ["0111", "0211"]}).json()
    assert stored and len(got["rows"]) == len(stored)
    assert got["selection"] == {"from_code": ["0111", "0211"], "show": "all"}
    wrong = client.get("/api/out_moves.json?from_code=011")
    assert wrong.status_code == 404 and wrong.json()["error"]["nearest"] in {
        r["from_code"] for r in study.table("out_moves").to_pylist()
    }
    assert (
        client.get("/api/out_borders.json?period=all").json()["rows"]
        == client.get("/api/out_borders.json").json()["rows"]
    )


def test_a_table_that_no_ad_stands_behind_does_not_cite_ads(client: httpx.Client) -> None:
    ahead = client.get("/api/out_outlook.json?show=1").json()
    assert ahead["sources"] == [ahead["rows"][0]["source"]] and ahead["period"] is None and ahead["weights"] is None
    assert client.get("/api/out_borders.json").json()["sources"] == ["feed", "board"]
    assert "out_outlook" not in forms.from_ads() and "out_borders" in forms.from_ads()


def test_an_answer_too_large_says_how_to_have_it(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "ROWS_MAX", 5)
    refused = client.get("/api/out_demand.csv")
    assert refused.status_code == 413 and ".parquet" in refused.json()["error"]["fix"]
    assert pq.read_table(io.BytesIO(client.get("/api/out_demand.parquet").content)).num_rows > 5


def test_a_question_that_takes_too_long_is_ended(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "SECONDS_MAX", 0.2)
    with pytest.raises(TooMuch, match=r"longer than 0\.2 seconds"):
        Snapshot(study).table("SELECT count(*) FROM range(4000000) a, range(4000000) b WHERE a.range * b.range % 7 = 3")


def test_one_address_asks_so_often_and_no_more() -> None:
    now = [0.0]
    limit = RateLimit(lambda *_: None, "/api", 3, lambda: now[0])  # type: ignore[arg-type, return-value]
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    wait = limit.wait("a")
    assert 0 < wait <= 21 and limit.wait("b") == 0
    now[0] += wait
    assert limit.wait("a") == 0 and limit.wait("a") > 0


def test_the_limit_holds_for_the_api_alone(study: Study) -> None:
    with TestClient(create_app(study, rate=2), base_url="http://localhost") as client:
        answers = [client.get("/api") for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert int(answers[2].headers["retry-after"]) > 0 and "requests a minute" in answers[2].json()["error"]["what"]
        assert client.get("/definitions").status_code == 200


def test_a_figure_can_stand_in_any_page_and_nothing_else_can(client: httpx.Client) -> None:
    shown = client.get("/embed?view=outlook&figure=technologies&lang=en")
    assert shown.status_code == 200 and shown.text.count("<figure") == 1
    assert "frame-ancestors *" in shown.headers["content-security-policy"] and "x-frame-options" not in shown.headers
    assert "simulated" in shown.text and "Source:" in shown.text
    assert client.get("/").headers["x-frame-options"] == "DENY"
    wrong = client.get("/embed?view=demand&figure=rankin&lang=en")
    assert wrong.status_code == 404 and "ranking" in wrong.text
    assert client.get("/embed?view=dem").status_code == 404


def test_the_description_names_what_narrows_each_table(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {f"/api/{table}.{form}" for table in api.ANSWERS for form in forms.FORMS} <= set(paths)
    assert "from_code" in {p["name"] for p in paths["/api/out_moves.parquet"]["get"]["parameters"]}
    page = client.get("/api/docs")
    assert page.status_code == 200 and "swagger-ui" in page.text


def test_the_description_tells_the_kind_of_every_answer_and_every_refusal(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for form in forms.FORMS:
        told = paths[f"/api/out_moves.{form}"]["get"]["responses"]
        got = client.get(f"/api/out_moves.{form}?show=1")
        assert list(told["200"]["content"]) == [got.headers["content-type"].partition(";")[0]], form
        assert {"304", "404", "413", "429", "503"} <= set(told)
        assert str(client.get(f"/api/out_moves.{form}?from_code=x").status_code) in told
    assert list(paths["/api/figure.csv"]["get"]["responses"]["200"]["content"]) == ["text/csv"]


def test_parquet_holds_the_types_of_the_contract(client: httpx.Client) -> None:
    got = pq.read_table(io.BytesIO(client.get("/api/out_change.parquet").content))
    assert [f.type for f in got.schema] == [c.type for c in table_spec("out_change").columns]
    assert isinstance(got, pa.Table) and got.num_rows
