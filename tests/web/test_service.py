"""What who runs a server relies on: health, figures, a log that names nobody, a stop that breaks no answer off."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request

from overstap.panel import live as live_module
from overstap.panel.live import create_live
from overstap.panel.session import ANSWERS, EXPERT, MODERATOR, Session
from overstap.pipeline import Study
from overstap.web.app import create_app
from overstap.web.service import JsonLines, access, log_as_json, watch

SOURCE = str(Path(__file__).parents[2] / "src")
PERSONAL = "jan.jansen@example.org"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged as JSON meanwhile."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(JsonLines().format(record))

    handler, level, root = Kept(), access.level, logging.getLogger()
    root.addHandler(handler)
    access.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    access.setLevel(level)


@pytest.fixture(scope="module")
def dashboard(study: Study) -> TestClient:
    app = create_app(study, rate=5)
    watch(app)
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def live(session: Session) -> TestClient:
    app = create_live(session)
    watch(app)
    return TestClient(app, base_url="http://127.0.0.1")


def test_health_and_figures_are_told_however_often_and_kept_in_no_cache(dashboard: TestClient) -> None:
    dashboard.get("/quality")
    for path in ("/healthz", "/metrics"):
        for _ in range(8):  # more than the limit of the API
            answer = dashboard.get(path)
            assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert dashboard.get("/healthz").json()["status"] == "ok"
    text = answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'overstap_requests_total{method="GET",route="/quality",status="200"} 1' in text
    assert 'overstap_request_seconds_bucket{route="/quality",le="+Inf"} 1' in text
    assert 'route="/healthz"' not in text and 'route="/metrics"' not in text
    assert dashboard.get("/healthz", headers={"host": "evil.example"}).status_code == 421


def test_figures_are_in_the_format_of_prometheus(dashboard: TestClient) -> None:
    dashboard.get("/definitions")
    buckets = []
    for line in dashboard.get("/metrics").text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            assert name.replace("{", " ").split()[0].startswith("overstap_")
            assert float(value) >= 0
            if name.startswith('overstap_request_seconds_bucket{route="/definitions"'):
                buckets.append(float(value))
    assert buckets == sorted(buckets) and buckets[-1] >= 1


def test_log_and_figures_bear_nothing_that_a_reader_asked(dashboard: TestClient, lines: list[str]) -> None:
    dashboard.get(f"/search?q={PERSONAL}&{PERSONAL}=1")
    dashboard.get(f"/{PERSONAL}")
    dashboard.get(f"/trace?address={PERSONAL}")
    told = [json.loads(line) for line in lines if '"overstap.access"' in line]
    assert [row["route"] for row in told] == ["/search", "other", "/trace"]
    assert told[0]["query"] == ["?", "q"] and told[0]["status"] == 422 and told[0]["ms"] > 0
    assert "jansen" not in "".join(lines) and "127.0.0.1" not in "".join(lines)
    assert "jansen" not in dashboard.get("/metrics").text


def test_a_fault_is_counted_and_logged_without_its_words(study: Study, lines: list[str]) -> None:
    app = create_app(study)
    watch(app)

    @app.get("/broken")
    def broken() -> None:
        raise ValueError(f"the ad says {PERSONAL}")

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        assert client.get("/broken").status_code == 500
        assert 'overstap_errors_total{route="/broken"} 1' in client.get("/metrics").text
    told = next(json.loads(line) for line in lines if '"overstap.web"' in line)
    assert told["exception"] == "ValueError" and "broken" in told["at"][-1]
    assert "jansen" not in "".join(lines)


def test_the_limit_of_the_api_is_told_with_the_seconds_to_wait(dashboard: TestClient) -> None:
    answers = [dashboard.get("/api/out_volume.json?show=1") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["cache-control"] == "no-store"
    assert dashboard.get("/quality").status_code == 200, "pages are read on"


def test_links_stand_in_no_log_no_figure_and_no_file(session: Session, live: TestClient, lines: list[str]) -> None:
    links = session.invite(3)
    tokens = [*links[EXPERT], *links[MODERATOR]]
    for token in tokens:
        live.get(f"/s/{token}")
        live.post(f"/s/{token}", data={"rate.0": "4"})
    seen = "".join([*lines, live.get("/metrics").text])
    kept = "".join(path.read_text(encoding="utf-8") for path in session.folder.iterdir())
    assert 'route="/s/{token}"' in seen and (session.folder / ANSWERS).exists()
    for token in tokens:
        assert token not in seen and token not in kept
        assert len(token) >= 22, "128 bits"
    assert len({*tokens}) == 4 and session.folder.stat().st_mode & 0o077 == 0


def test_a_wrong_link_gets_one_answer_whatever_it_is_and_whatever_the_round(session: Session, live: TestClient) -> None:
    token = session.invite(1)[EXPERT][0]
    wrong = ("guess", token[:-1], token + "a", token.swapcase(), "%00", "a" * 2_000)

    def answers() -> set[tuple[int, str, str]]:
        found = set()
        for one in wrong:
            asked = [live.get(f"/s/{one}"), live.post(f"/s/{one}", data={"rate.0": "4"}), live.post(f"/s/{one}/close")]
            for answer in asked:
                headers = {k: v for k, v in answer.headers.items() if k != "date"}
                found.add((answer.status_code, answer.text, str(headers)))
        return found

    open_ = answers()
    assert len(open_) == 1 and next(iter(open_))[0] == 404
    closing = live.post(f"/s/{token}/close")
    assert (closing.status_code, closing.text) == next(iter(open_))[:2], "an expert's link is none for the moderator"
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site", "origin": "null"}):
        told = {live.post(f"/s/{one}", data={"rate.0": "4"}, headers=headers).status_code for one in (token, "guess")}
        told |= {live.post(f"/s/{one}/close", headers=headers).status_code for one in (token, "guess")}
        assert told == {403}
    assert {live.post(f"/s/{one}", content=b"a" * 300_000).status_code for one in (token, "guess")} == {413}
    session.close()
    assert len(answers()) == 1, "nor does a round that is closed tell them apart"


def test_a_live_session_may_be_asked_so_often_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert live_module._A_MINUTE >= 300, "a room of experts may share an address"
    monkeypatch.setattr(live_module, "_A_MINUTE", 10)
    asked = TestClient(create_live(session), base_url="http://127.0.0.1")
    told = [asked.get("/s/guess").status_code for _ in range(20)]
    assert told[:10] == [404] * 10 and 429 in told
    assert asked.get("/nope").status_code == 404


def test_pages_of_a_session_name_no_other_host_and_only_assets_are_kept(session: Session, live: TestClient) -> None:
    token = session.invite(1)[EXPERT][0]
    page = live.get(f"/s/{token}")
    assert "http://" not in page.text.replace("http://www.w3.org", "") and "https://" not in page.text
    for path in (f"/s/{token}", "/nope", "/assets/none.css", "/healthz"):
        assert live.get(path).headers["cache-control"] == "no-store", path


def _served(code: str, *args: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([SOURCE, os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen([sys.executable, "-c", code, *args], stderr=subprocess.PIPE, text=True, env=environment)


SLOW = """
import time
from fastapi import FastAPI
from overstap.web.server import serve_app
app = FastAPI()
@app.get("/slow")
def slow():
    print("asked", file=__import__("sys").stderr, flush=True)
    time.sleep(1.5)
    return {"whole": True}
serve_app(app, "127.0.0.1", 0, "Slow", json_log=True)
"""


def test_sigterm_ends_running_requests_and_then_the_server() -> None:
    process = _served(SLOW)
    assert process.stderr is not None
    try:
        address = process.stderr.readline().split()[1]
        found: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: found.append(httpx.get(f"{address}slow", timeout=20)))
        asking.start()
        assert process.stderr.readline().strip() == "asked"
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}slow", timeout=5)
        asking.join()
        rest = process.stderr.read()
        assert found[0].json() == {"whole": True}
        assert process.wait(10) == 0 and "Slow stopped." in rest
        told = next(json.loads(line) for line in rest.splitlines() if '"request"' in line or '"route"' in line)
        assert told["route"] == "/slow" and told["status"] == 200 and told["ms"] >= 1000
    finally:
        process.kill()
        process.wait()


def test_logging_as_json_replaces_what_was_there(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level, own = root.handlers[:], root.level, access.level
    try:
        root.handlers = []
        log_as_json()
        logging.getLogger("overstap.web").error("told")
        assert json.loads(capsys.readouterr().err)["message"] == "told"
    finally:
        root.handlers = handlers
        root.setLevel(level)
        access.setLevel(own)


def test_the_desk_takes_forms_of_its_own_pages_and_of_a_bounded_size() -> None:
    from overstap.web.headers import from_here

    def request(**headers: str) -> Request:
        raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in ({"host": "a:1"} | headers).items()]
        return Request({"type": "http", "headers": raw})

    assert from_here(request()) and from_here(request(origin="http://a:1"))
    assert not from_here(request(origin="http://b:1")) and not from_here(request(origin="null"))
    assert not from_here(request(sec_fetch_site="cross-site"))
    assert from_here(request(origin="null", sec_fetch_site="same-origin"), or_null=True)


def test_an_application_is_watched_once(study: Study) -> None:
    app = FastAPI()
    metrics = watch(app)
    with TestClient(app) as client:
        client.get("/nope")
    assert metrics.requests == {("GET", "other", 404): 1} and metrics.running == 0
