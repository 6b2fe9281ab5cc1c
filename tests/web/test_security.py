"""Questions that nobody should ask get a short answer, never a fault: any parameter, any path, while a run goes on."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.errors import StoreError
from overstap.pipeline import Study
from overstap.web.app import VIEWS, create_app
from overstap.web.results import Results, Snapshot
from overstap.web.selection import PARAMETERS, PATHS
from tests.web.conftest import served

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

SECONDS = 10.0
ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "all", "'", '"', "';--", "%00", "\x00", "../../etc/passwd", "<script>", "$period", "-1", "1e309", "²", "NaN",
         "2016", "2016-13", "é" * 500, "=cmd|'/c calc'!a1", "year", "month", "core.python", "htsm"]
    ),
)  # fmt: skip
FUZZ = settings(
    max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def checked(answer: httpx.Response) -> None:
    """What holds of every answer."""
    assert answer.status_code in (200, 301, 304, 400, 404, 413, 422), answer.url
    assert answer.elapsed.total_seconds() < SECONDS, answer.url
    assert "set-cookie" not in answer.headers and "'unsafe" not in answer.headers["content-security-policy"]
    assert "Traceback" not in answer.text and 'File "' not in answer.text


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> list[tuple[str, list[str]]]:
    """Every address of the description of the API with the names of its parameters."""
    paths = client.get("/openapi.json").json()["paths"]
    return [(path, [p["name"] for p in told["get"].get("parameters", [])]) for path, told in paths.items()]


@FUZZ
@given(data=st.data())
def test_no_parameter_of_the_api_brings_a_fault(
    client: httpx.Client, described: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    path, names = data.draw(st.sampled_from(described))
    given_: list[tuple[str, str]] = []
    if names:
        given_ = data.draw(st.lists(st.tuples(st.sampled_from(names), ODD), max_size=4))
    checked(client.get(path, params=given_))


@FUZZ
@given(
    path=st.sampled_from([*PATHS.values(), "/embed"]),
    given_=st.lists(st.tuples(st.sampled_from([*PARAMETERS, "q", "address", "view", "figure", "x"]), ODD), max_size=4),
)
def test_no_parameter_of_a_page_brings_a_fault(client: httpx.Client, path: str, given_: list[tuple[str, str]]) -> None:
    checked(client.get(path, params=given_))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_pages_and_api_are_read_and_nothing_else(client: httpx.Client, method: str) -> None:
    for path in ("/", "/api/out_demand.json", "/assets/overstap.css"):
        assert client.request(method, path, content=b"x=1").status_code == 405


LEAVING = (
    "../app.py", "..%2fapp.py", "%2e%2e/app.py", "%2e%2e%2fapp.py", "....//app.py", "..%5capp.py", "%252e%252e/app.py",
    "/etc/passwd", "%2fetc%2fpasswd", "vendor/../../report.py", "\x00", "%00.css", "a" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("folder", ["/assets/", "/static/"])
def test_no_path_leads_out_of_the_assets(server: str, folder: str) -> None:
    import http.client

    host, port = server.removeprefix("http://").split(":")
    for path in LEAVING:
        # As sent: a client for people would tidy the path up first.
        asked = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
        asked._validate_path = lambda url: None  # type: ignore[method-assign]
        asked.request("GET", (folder + path).replace("\x00", "%00"))
        answer = asked.getresponse()
        assert answer.status in (400, 404), path
        assert b"import" not in answer.read() and answer.status < 500
        asked.close()


def test_the_connection_reads_the_study_and_writes_nothing(study: Study, tmp_path: Path) -> None:
    snapshot = Snapshot(study)
    target = study.store.folder / "written.csv"
    for statement in (
        f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH ':memory:' AS other; SELECT * FROM glob('/etc/*')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            snapshot.table(statement)
    assert not target.exists() and not list(tmp_path.iterdir())


def test_words_of_a_stranger_are_text_on_every_page(client: httpx.Client) -> None:
    told = "</title>'\"><script>alert(1)</script><img src=x onerror=alert(1)>"
    for path in (*PATHS.values(), "/embed", "/nope"):
        for name in ("topsector", "q", "address", "item_id", "view", told):
            page = client.get(path, params={name: told})
            assert "<script>alert" not in page.text and "<img src=x" not in page.text, (path, name)


@pytest.mark.parametrize("late", [0.1, 0.6])
def test_a_request_waits_for_tables_that_a_run_is_replacing(study: Study, late: float) -> None:
    """The files of a table go away during a request and come back under another version a moment later."""
    results = Results(study)
    path = study.store.folder / "manifest.json"
    kept, times = path.read_text(encoding="utf-8"), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    folder = study.store.path("raw_ads")
    gone, back = folder.with_name("gone"), folder.with_name("dddddddddddddddd")
    begun: list[float] = []

    def make(snapshot: Snapshot) -> int:
        begun.append(time.monotonic())
        if time.monotonic() - begun[0] >= late and gone.exists():
            gone.rename(back)
            manifest = json.loads(kept)
            manifest["tables"]["raw_ads"]["version"] = back.name
            path.write_text(json.dumps(manifest), encoding="utf-8")
        return int(snapshot.rows("SELECT count(*) AS n FROM raw_ads")[0]["n"])

    whole = results.read(lambda snapshot: int(snapshot.rows("SELECT count(*) AS n FROM raw_ads")[0]["n"]))
    folder.rename(gone)
    try:
        assert results.read(make) == whole
    finally:
        (gone if gone.exists() else back).rename(folder)
        path.write_text(kept, encoding="utf-8")
        os.utime(path, ns=times)


def test_a_run_that_stopped_half_way_leaves_the_pages_as_they_were(study: Study) -> None:
    path = study.store.folder / "manifest.json"
    kept, times = path.read_text(encoding="utf-8"), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    manifest: dict[str, Any] = json.loads(kept)
    with served(create_app(study)) as address, httpx.Client(base_url=address, timeout=30) as client:
        before = client.get("/").text
        try:
            for name in [name for name in manifest["tables"] if name.startswith("out_")]:
                del manifest["tables"][name]
            path.write_text(json.dumps(manifest), encoding="utf-8")
            assert client.get("/").text == before
            path.write_text('{"format": 1, "tables": {}}', encoding="utf-8")  # of an older overstap
            assert client.get("/").text == before
            path.unlink()
            answers = [client.get(PATHS[view]) for view in VIEWS]
            assert {answer.status_code for answer in answers} <= {200, 503}
            assert all("Traceback" not in answer.text and "<h1" in answer.text for answer in answers)
        finally:
            path.write_text(kept, encoding="utf-8")
            os.utime(path, ns=times)
        assert client.get("/").text == before


def test_files_that_stay_away_are_said_to_be_replaced_and_nothing_else_is_told(study: Study) -> None:
    folder = study.store.path("raw_ads")
    away = folder.with_name("away")
    results = Results(study)
    folder.rename(away)
    try:
        with pytest.raises(StoreError, match="replacing") as told:
            results.read(lambda snapshot: snapshot.rows("SELECT count(*) FROM raw_ads"))
        assert str(folder) not in str(told.value)
    finally:
        away.rename(folder)
