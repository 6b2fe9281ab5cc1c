"""What the dashboard and its API answer: headers, formats, reading again, and every mistake."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from overstap.errors import OverstapError, StoreError
from overstap.pipeline import Study
from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.store import FORMAT
from overstap.web.headers import KnownHosts
from overstap.web.server import serve_study
from tests.web.conftest import FORMULA_TITLE, SCRIPT_TITLE

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]
PAGES = ("/", "/?lang=en", "/demand", "/demand?lang=en", "/compare", "/compare?lang=en&level=isco1:2", "/levels", "/levels?lang=en&dimension=isco2&item_kind=category", "/outlook", "/scenarios", "/scenarios?lang=en", "/education", "/education?lang=en", "/initiatives", "/initiatives?lang=en&area=energie", "/panel", "/survey", "/survey?lang=en", "/definitions",
         "/quality?lang=en", "/trace", "/sector", "/sector?lang=en&topsector=energie", "/countries", "/skill", "/skill?lang=en&item_id=core.python", "/occupation", "/occupation?lang=en&occupation=0811", "/editions")  # fmt: skip


def read_csv(response: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "path", [*PAGES, "/api/out_demand.json", "/nope", "/demand?topsector=enrgy", "/assets/overstap.css"]
)
def test_every_answer_is_strict_and_sets_no_cookie(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere_and_say_that_ads_are_simulated(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page.text)
    official = path == "/countries"  # nothing on it is made from ads
    assert official or "gesimuleerd" in page.text or "simulated" in page.text


def test_json_and_csv_hold_the_same_rows_with_all_columns_of_the_contract(client: httpx.Client) -> None:
    query = "lang=en&topsector=htsm&period=2016&category=digital&show=5"
    told = client.get(f"/api/out_demand.json?{query}").json()
    rows = read_csv(client.get(f"/api/out_demand.csv?{query}"))
    names = table_spec("out_demand").names
    assert [c["name"] for c in told["columns"]] == list(names)
    assert len(rows) == len(told["rows"]) == 5
    for a, b in zip(rows, told["rows"], strict=True):
        assert {n: a[n] for n in names} == {n: "" if b[n] is None else str(b[n]) for n in names}
    assert told["interval_level"] == 0.95 and told["simulated"] is True and told["sources"] == ["feed", "board"]
    assert told["n"]["low"] == told["rows"][0]["vacancies_n"]
    assert client.get(told["permalink"]).status_code == 200


def test_rows_of_the_api_are_those_of_the_table(client: httpx.Client, study: Study) -> None:
    stored = study.table("out_demand").to_pylist()
    wanted = {"period": "2014", "topsector": "health", "function_group": "other", "language": "nl", "source_id": "feed"}
    got = client.get("/api/out_demand.json", params={**wanted, "item_kind": "category"}).json()["rows"]
    expected = [r for r in stored if all(r[k] == v for k, v in wanted.items()) and r["item_kind"] == "category"]
    assert {r["item_id"]: r["share_pct"] for r in got} == {r["item_id"]: r["share_pct"] for r in expected}
    assert [r["share_pct"] for r in got] == sorted((r["share_pct"] for r in got), reverse=True)


def test_volume_change_and_quality_are_served(client: httpx.Client) -> None:
    months = client.get("/api/out_volume.json?period=month").json()["rows"]
    assert {len(r["period"]) for r in months} == {7}
    change = client.get("/api/out_change.json?show=2").json()["rows"]
    assert {r["direction"] for r in change} == {"rising", "falling"}
    assert [r["direction"] for r in change] == sorted((r["direction"] for r in change), reverse=True)
    assert {r["source_id"] for r in read_csv(client.get("/api/out_quality.csv?source_id=feed"))} == {"feed"}


def test_a_text_cannot_run_as_a_formula_and_numbers_stay_numbers(client: httpx.Client) -> None:
    rows = read_csv(client.get("/api/out_demand.csv?item_kind=title"))
    risky = [r for r in rows if "cmd" in r["item_id"]]
    assert risky and all(r["item_id"] == f"'{FORMULA_TITLE}" for r in risky)
    for row in read_csv(client.get("/api/out_change.csv")):
        float(row["growth_factor"])


def test_datapackage_openapi_and_health(client: httpx.Client) -> None:
    package = client.get("/api/datapackage.json").json()
    assert "out_demand" in {r["name"] for r in package["resources"]}
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/out_demand.json", "/api/out_change.csv", "/api/datapackage.json"} <= set(paths)
    assert "item_kind" in {p["name"] for p in paths["/api/out_demand.json"]["get"]["parameters"]}
    assert client.get("/health").json()["status"] == "ok"
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_reading_writes_nothing_into_the_store(client: httpx.Client, study: Study) -> None:
    path = study.store.folder / "datapackage.json"
    kept = path.read_bytes()
    path.unlink()
    try:
        package = client.get("/api/datapackage.json").json()
        assert not path.exists()
    finally:
        path.write_bytes(kept)
    assert package == json.loads(kept)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8765", 200),
        ("127.0.0.1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:80", 421),
    ],
)
def test_a_name_that_is_not_this_machine_gets_no_answer(client: httpx.Client, host: str, status: int) -> None:
    for path in ("/", "/api/out_demand.json", "/assets/overstap.css", "/health"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == status
        assert "content-security-policy" in answer.headers


def test_the_host_that_was_asked_for_is_known() -> None:
    assert KnownHosts(lambda *_: None, "Board.Example").knows("board.example:80")  # type: ignore[arg-type]
    assert KnownHosts(lambda *_: None, "0.0.0.0").knows(socket.gethostname())  # type: ignore[arg-type]


def test_an_unchanged_page_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/demand?lang=en&topsector=htsm")
    again = client.get("/demand?lang=en&topsector=htsm", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    other = client.get("/demand?lang=nl&topsector=htsm", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "nearest"),
    [
        ("topsector=enrgy", 404, "energie"),
        ("function_group=itc", 404, "ict"),
        ("item_id=pyhton", 404, "core.python"),
        ("item_kind=skills", 404, "skill"),
        ("period=2071", 404, "2017"),
        ("lang=eng", 404, "en"),
        ("topsecter=htsm", 422, "topsector"),
        ("show=-1", 422, "10"),
        ("show=9999", 422, "500"),
        ("category=programing", 404, "programming"),
    ],
)
def test_an_unknown_filter_or_value_names_the_nearest(
    client: httpx.Client, query: str, status: int, nearest: str
) -> None:
    told = client.get(f"/api/out_demand.json?{query}")
    assert told.status_code == status
    assert told.json()["error"]["nearest"] == nearest
    page = client.get(f"/demand?{query}")
    assert page.status_code == status and "data-nearest" in page.text
    assert "Traceback" not in page.text


def test_odd_values_get_an_answer_and_never_a_fault(client: httpx.Client) -> None:
    odd = ["'", '"><script>', "../../etc/passwd", "%00", "a" * 3000, "🦆", "'; DROP TABLE out_demand; --", "²"]
    for name in ("topsector", "period", "item_id", "item_kind", "category", "show", "lang", "sort", "address", "x"):
        for value in odd:
            for path in ("/trace",) if name == "address" else ("/demand", "/compare", "/api/out_demand.json"):
                answer = client.get(path, params={name: value})
                assert answer.status_code in (200, 404, 422), (path, name, value)
                assert '"><script>' not in answer.text or path.startswith("/api/")


def test_assets_cannot_be_left(client: httpx.Client) -> None:
    for path in ("/assets/../app.py", "/assets/%2e%2e/report.py", "/static/..%2f..%2fapp.py"):
        assert client.get(path).status_code == 404


def test_a_title_with_a_script_is_escaped_everywhere(client: httpx.Client, study: Study) -> None:
    titles = study.table("core_annotations", ["ad_id", "title"]).to_pylist()
    ad = next(r["ad_id"] for r in titles if r["title"] == SCRIPT_TITLE)
    for path in ("/demand?item_kind=title&show=50", f"/trace?address={ad}", "/trace?address=out_volume/period=2016"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in client.get(f"/trace?address={ad}").text


def test_a_trace_shows_the_words_and_an_unknown_address_the_way_back(client: httpx.Client) -> None:
    number = client.get("/trace?lang=en&address=out_demand/period=2016/item_id=core.python")
    assert "<mark>text</mark>" in number.text and "core_demand_sums" in number.text
    wrong = client.get("/trace?lang=en&address=out_demand/period=2016/topsektor=energie")
    assert wrong.status_code == 404 and "topsector" in wrong.text


def test_a_run_while_the_dashboard_is_open_is_seen(client: httpx.Client, study: Study) -> None:
    before = client.get("/health").json()["data_version"]
    path = study.store.folder / "manifest.json"
    kept = path.read_text(encoding="utf-8")
    manifest = json.loads(kept)
    folder = study.store.path("out_quality")
    renamed = folder.with_name("ffffffffffffffff")
    folder.rename(renamed)
    manifest["tables"]["out_quality"]["version"] = renamed.name
    try:
        path.write_text(json.dumps(manifest), encoding="utf-8")
        assert client.get("/quality").status_code == 200
        assert client.get("/health").json()["data_version"] != before
    finally:
        renamed.rename(folder)
        path.write_text(kept, encoding="utf-8")
    assert client.get("/health").json()["data_version"] == before


def test_a_trace_whose_files_a_run_replaced_is_read_again(client: httpx.Client, study: Study) -> None:
    address = "/trace?lang=en&address=out_demand/period=2015/item_id=core.python"
    path = study.store.folder / "manifest.json"
    kept, times = path.read_text(encoding="utf-8"), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    client.get("/health")
    manifest = json.loads(kept)
    folder = study.store.path("raw_ads")
    renamed = folder.with_name("eeeeeeeeeeeeeeee")
    manifest["tables"]["raw_ads"]["version"] = renamed.name
    try:
        folder.rename(renamed)
        path.write_text(json.dumps(manifest), encoding="utf-8")
        os.utime(path, ns=times)  # as where the run ends in the middle of the request
        page = client.get(address)
        assert page.status_code == 200 and "<mark>text</mark>" in page.text
    finally:
        renamed.rename(folder)
        path.write_text(kept, encoding="utf-8")
    assert client.get(address).status_code == 200


def test_an_ad_of_a_source_is_an_ad_whatever_signs_its_id_holds(client: httpx.Client) -> None:
    wrong = client.get("/trace?lang=en&address=feed/x=1")
    assert wrong.status_code == 404 and "has no ad" in wrong.text


def test_a_study_that_was_not_run_or_is_half_run_is_refused(tmp_path: Path, study: Study) -> None:
    copy = tmp_path / "study.yaml"
    copy.write_text(study.path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StoreError, match="no results yet"):
        serve_study(Study.open(copy), "127.0.0.1", 0)
    entry = {"version": "x", "step": "s", "rows": 1, "seconds": 0.1}
    (tmp_path / "out").mkdir()
    manifest = {"format": FORMAT, "tables": {"raw_ads": entry}}
    (tmp_path / "out/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(StoreError, match="no complete results"):
        serve_study(Study.open(copy), "127.0.0.1", 0)
    for made, why in (
        (manifest, " tables are there"),
        ({"format": FORMAT - 1, "tables": {"raw_ads": entry}}, "older version"),
    ):
        (tmp_path / "out/manifest.json").write_text(json.dumps(made), encoding="utf-8")
        with pytest.raises(StoreError) as told:
            Study.open(copy).finished()
        assert why in str(told.value) and "overstap run" in told.value.fix
    (tmp_path / "out/manifest.json").write_text('{"format": 99, "tables": {}}', encoding="utf-8")
    with pytest.raises(StoreError, match="format 99"):
        serve_study(Study.open(copy), "127.0.0.1", 0)


def test_a_port_in_use_is_said_with_the_mend(study: Study) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OverstapError, match="in use") as told:
            serve_study(study, "127.0.0.1", taken.getsockname()[1])
    assert "--port" in told.value.fix
    with pytest.raises(OverstapError, match="no address"):
        serve_study(study, "no.such.host.invalid", 0)


def test_serving_says_its_address_and_stops_gracefully(study: Study) -> None:
    code = (
        "import sys; from pathlib import Path; from overstap.pipeline import Study;"
        "from overstap.web.server import serve_study;"
        "serve_study(Study.open(Path(sys.argv[1])), '127.0.0.1', 0)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(study.path)], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stderr is not None
    guard = threading.Timer(60, process.kill)
    guard.start()
    try:
        line = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        assert httpx.get(address[0] + "health", timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in process.stderr.read()
    finally:
        guard.cancel()
        process.kill()


@pytest.mark.parametrize(("source", "is_due"), [("feed", False), ("board", True)])
def test_the_start_page_warns_before_the_charts_of_a_feed_that_is_no_whole(
    client: httpx.Client, source: str, is_due: bool
) -> None:
    page = client.get(f"/demand?lang=en&source_id={source}").text
    above = page[: page.index('<figure class="chart"')]
    assert ('id="caution"' in above) == is_due
    assert ("says nothing about the labour market" in above) == is_due
    assert ("times as many" in page) != is_due
    assert page.count("may come from another selection of ads") > 2 or not is_due


def test_levels_follow_the_dimension_and_lead_to_their_rows(client: httpx.Client) -> None:
    page = client.get("/levels?lang=en&dimension=isco2&item_kind=category_group&item_id=digital&topsector=htsm").text
    assert '<option value="isco2" selected>' in page
    link = re.search(r'href="(/api/out_levels.json[^"]*)"', page)
    assert link is not None
    told = client.get(link.group(1).replace("&amp;", "&")).json()
    assert {(row["dimension"], row["item_id"]) for row in told["rows"]} == {("isco2", "digital")}
    assert (
        "topsector" not in told["selection"] or told["selection"]["topsector"] == "all"
    )  # levels are of all vacancies
    assert told["n"]["low"] <= told["n"]["high"]
    assert client.get("/levels?dimension=isco22").status_code == 404


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_outlook_shows_cross_over_and_new_phrases(client: httpx.Client, lang: str) -> None:
    page = client.get(f"/outlook?lang={lang}").text
    for id in ("cross_over", "new_phrases"):
        section = page.split(f'aria-labelledby="h-{id}"')[1].split("</section>")[0]
        assert "data-finding" in section
        assert ">skills<" not in section and ">hybrid<" not in section


def test_the_outlook_names_the_skills_of_each_technology(client: httpx.Client) -> None:
    page = client.get("/outlook?lang=en").text
    listed = page.split('<details class="technology-skills">')[1].split("</details>")[0]
    assert "is our choice" in listed and "core." not in listed
    for technology in load("technologies").to_pylist():
        assert f"<dt>{technology['label_en']}</dt>" in listed


@pytest.mark.parametrize("table", [
    "out_forecast", "out_intensity", "out_borders", "out_polarisation", "out_cross_over", "out_new_phrases",
])  # fmt: skip
def test_the_tables_of_the_outlook_can_be_had_as_data(client: httpx.Client, table: str) -> None:
    query = "item_kind=category_group&period=all"
    told = client.get(f"/api/{table}.json?{query}").json()
    rows = read_csv(client.get(f"/api/{table}.csv?{query}"))
    assert len(rows) == len(told["rows"])
    assert [c["name"] for c in told["columns"]] == list(table_spec(table).names)
    assert "/outlook" in told["permalink"]


def test_initiatives_are_filtered_shown_one_by_one_and_never_give_a_small_number(client: httpx.Client) -> None:
    page = client.get("/initiatives?lang=en&area=energie&initiative_kind=centre").text
    listed = page.split('data-table="initiatives"')[1].split("</table>")[0]
    assert "Centrum Stroom (sim)" in listed and listed.count("<tr>") == 2
    assert (
        "area=energie&amp;initiative_kind=centre" in page.split('class="langs"')[1].split("</nav>")[0]
    )  # kept in Dutch
    one = client.get("/initiatives?lang=en&initiative=lab-zuid").text
    assert "too few to give a number" in one and "the experiment made" in one and "<td>6</td>" not in one
    table = read_csv(
        client.get("/api/out_initiatives.csv?province=NL41&topsector=all&initiative_kind=all&learning=all")
    )
    assert [(row["initiatives_n"], row["reached"], row["suppressed_n"]) for row in table] == [("2", "", "1")]
    wrong = client.get("/initiatives?lang=en&area=energi")
    assert wrong.status_code == 404 and "energie" in wrong.text


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_scenarios_stand_side_by_side_with_the_base(client: httpx.Client, study: Study, lang: str) -> None:
    page = client.get(f"/scenarios?lang={lang}").text
    table = page.split('data-table="scenarios"')[1].split("</table>")[0]
    outcomes = {row["outcome"] for row in study.table("out_scenarios").to_pylist() if row["topsector"] == "all"}
    assert table.count("<tr") == len(outcomes) + 1
    assert table.count('scope="col"') == 2 + len(study.spec.outlook.scenarios)
    assert 'id="ahead-scenarios"' in page and 'id="ahead-levers"' in page and "2025–2030" in page


def test_scenarios_are_known_by_topsector(study: Study) -> None:
    rows = study.table("out_scenarios").to_pylist()
    shares = {row["topsector"]: row["known_pct"] for row in rows if row["outcome"] == "employed"}
    assert len(shares) > 1 and all(part > 0 for part in shares.values())
    jobs = {(row["scenario"], row["topsector"]): row["value"] for row in rows if row["outcome"] == "employed"}
    assert all(0 < jobs["base", name] <= jobs["base", "all"] for name in shares)


def test_a_region_without_an_outlook_gives_that_of_the_country_and_says_so(client: httpx.Client) -> None:
    answer = client.get("/outlook?lang=en&region=Zeeland")  # education has it
    told = LexborHTMLParser(answer.text).css_first("[data-absent]")
    assert answer.status_code == 200 and told is not None and "Zeeland" in told.text()
    assert answer.text.count("<tr") == client.get("/outlook?lang=en").text.count("<tr")
    assert client.get("/outlook?lang=en&region=Zeelant").status_code == 404
    assert 'name="region"' not in client.get("/outlook?lang=en").text  # no filter where there is nothing to choose


def test_education_lays_inflow_beside_openings_and_says_what_is_assumed(client: httpx.Client, study: Study) -> None:
    page = client.get("/education?lang=en").text
    told = re.findall(r'<p data-state="(\w+)">', page)
    assert told[:3] == ["intro", "fields", "levels"] and "at_most" in told and "basis" in told
    assert "an assumption" in page and "No study success follows" in page and "Simulated figures on education" in page
    sectors = study.table("out_education_flow", ["sector"])["sector"].to_pylist()
    rows = sectors.count("chemie")
    assert page.split('data-table="education-flow"')[1].split("</table>")[0].count("<tr>") == rows + 1
    assert 'id="education-success"' in page and 'id="education-destinations"' in page
    table = read_csv(client.get("/api/out_education_flow.csv"))
    assert len(table) == len(sectors) and table[0]["sector"] == "chemie"


def test_programmes_lie_beside_what_is_asked_with_sentence_and_ads(client: httpx.Client, study: Study) -> None:
    page = client.get("/curriculum?lang=en").text
    titles = set(study.table("out_curriculum_parts", ["programme"])["programme"].to_pylist())
    assert titles and all(f"<h2>{title}</h2>" in page for title in titles)
    assert "Je programmeert in Java en Python" in page and "Digital: missing" in page
    link = re.search(r'href="(/trace\?lang=en&amp;address=[^"]+)" title=', page)
    assert link and client.get(link[1].replace("&amp;", "&")).status_code == 200
    assert "/curriculum?" in client.get("/education?lang=en").text
    rows = study.table("out_curriculum_parts").to_pylist()
    for title in titles:
        mine = [r["part_pct"] for r in rows if (r["programme"], r["part"]) == (title, "all")]
        assert None in mine or sum(mine) == pytest.approx(100)
    assert all(r["part_low"] is None or r["part_low"] <= r["part_pct"] <= r["part_high"] for r in rows)


def test_any_sector_with_fields_can_be_chosen(client: httpx.Client) -> None:
    page = client.get("/education?lang=en&topsector=health").text
    assert "The sector here is Health" in page and '<option value="health" selected>' in page
    assert "B Verpleegkunde" in page and "B Chemie" not in page
    wrong = client.get("/education?lang=en&topsector=chemi")
    assert wrong.status_code == 404 and "chemie" in wrong.text


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", ("Bedoelde u", "geen waarde")), ("en", ("Did you mean", "not a value"))]
)
def test_an_unknown_occupation_is_answered_in_the_language_of_the_reader(
    client: httpx.Client, lang: str, words: tuple[str, str]
) -> None:
    page = client.get(f"/moves?occupation=zzz&lang={lang}")
    assert page.status_code == 404 and f'<html lang="{lang}"' in page.text and words[1] in page.text
    assert "occupation=&" not in page.text and "/moves?" in page.text
    near = client.get(f"/moves?occupation=08111&lang={lang}")
    assert words[0] in near.text and "occupation=0811" in near.text
    assert words[0] in client.get(f"/demand?topsecter=htsm&lang={lang}").text


def test_a_filter_that_does_not_exist_is_answered_with_filters_by_their_name(client: httpx.Client) -> None:
    page = html.unescape(client.get("/demand?sector=zzz&lang=nl").text)
    assert "geen filter met de naam ‘sector’" in page and "Filters die wel bestaan" in page
    assert "Taal van de advertentie (language)" in page


def test_an_unknown_address_is_answered_in_dutch(client: httpx.Client) -> None:
    page = html.unescape(client.get("/trace?lang=nl&address=foo").text)
    assert "heeft geen advertentie ‘foo’" in page and "The study" not in page and "Ids look" not in page
    assert "Bedoelde u ‘out_demand’?" in html.unescape(client.get("/trace?lang=nl&address=out_demnd/period=2016").text)


def test_the_api_lists_its_tables_and_names_the_nearest(client: httpx.Client) -> None:
    told = client.get("/api?lang=nl").json()
    assert {"out_demand", "out_placement", "out_moves"} <= {row["table"] for row in told["tables"]}
    wrong = client.get("/api/out_demnd.json")
    assert wrong.status_code == 404 and "'out_demand'" in wrong.json()["error"]["fix"]
    assert "cannot be had" in client.get("/api/out_demand.xml").json()["error"]["what"]


@pytest.mark.parametrize(
    "path",
    [
        "/demand",
        "/compare",
        "/levels",
        "/outlook",
        "/scenarios",
        "/moves",
        "/education",
        "/survey",
        "/panel",
        "/initiatives",
    ],
)
def test_every_link_to_data_has_data(client: httpx.Client, path: str) -> None:
    links = set(re.findall(r'href="(/api/[^"#]+)"', client.get(path).text))
    assert links
    for link in links:
        answer = client.get(html.unescape(link))
        assert answer.status_code == 200, link
        assert len(answer.content) > 100, link


def test_the_survey_hides_small_groups_and_names_no_one(client: httpx.Client) -> None:
    page = client.get("/survey?lang=en").text
    assert "Results of fewer than 10 respondents are not shown" in page and "Interview 1" in page
    rows = client.get("/api/out_survey.json?show=all").json()["rows"]
    small = [row for row in rows if row["is_suppressed"]]
    assert small and all(row["value"] is row["n"] is None for row in small)
    assert all(row["n"] >= 10 for row in rows if not row["is_suppressed"])
    assert client.get("/api/core_answers.json").status_code == 404


def read_sheet(book: bytes) -> list[dict[str, object]]:
    """The rows of the first sheet of a workbook that names `is_suppressed`; an empty cell has no entry."""
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        shared = [node.text() for node in LexborHTMLParser(file.read("xl/sharedStrings.xml").decode()).css("si")]
        for name in sorted(name for name in file.namelist() if name.startswith("xl/worksheets/sheet")):
            columns: dict[str, str] = {}
            found: list[dict[str, object]] = []
            for row in re.findall(r"<row .*?</row>", file.read(name).decode(), re.S):
                cells = re.findall(r'<c r="([A-Z]+)\d+"([^>]*)><v>(.*?)</v>', row)
                values = {at: shared[int(v)] if 't="s"' in kind else v for at, kind, v in cells}
                if columns:
                    found.append({columns[at]: value for at, value in values.items()})
                elif "is_suppressed" in values.values():
                    columns = values
            if columns:
                return found
    raise AssertionError("the workbook has no sheet of the rows")


FIGURES = ("value", "value_low", "value_high", "n", "n_effective", "p_value", "q_value")


@pytest.mark.parametrize("table", ["out_survey", "out_adoption"])
def test_a_hidden_cell_is_hidden_in_every_form_under_any_filter_and_has_no_trace(
    client: httpx.Client, study: Study, table: str
) -> None:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def hidden(rows: list[dict[str, object]]) -> int:
        few = [row for row in rows if str(row.get("is_suppressed")).lower() in ("true", "1")]
        assert all(row.get(name) in (None, "") for row in few for name in (*FIGURES, "difference"))
        return len(few)

    stored = study.table(table).filter(pc.field("is_suppressed")).num_rows
    assert stored
    address = f"/api/{table}"
    assert hidden(client.get(f"{address}.json?show=all").json()["rows"]) == stored
    assert hidden([dict(row) for row in read_csv(client.get(f"{address}.csv?show=all"))]) == stored
    assert hidden(pq.read_table(io.BytesIO(client.get(f"{address}.parquet").content)).to_pylist()) == stored
    assert hidden(read_sheet(client.get(f"{address}.xlsx").content)) == stored
    one = study.table(table).filter(pc.field("is_suppressed")).to_pylist()[0]
    split = {"group_kind": one["group_kind"]} if table == "out_survey" else {"sector": one["sector"]}
    assert hidden(client.get(f"{address}.json", params={"show": "all", **split}).json()["rows"])
    assert client.get("/trace", params={"address": f"{table}/item={one['item']}"}).status_code == 404
