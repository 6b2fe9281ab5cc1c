"""StatLine is asked page by page, kept, and read from the copy; a local server stands in for it.

It answers as the open-data service of Statistics Netherlands is documented to (OData 3): rows under `value`, keys padded with
blanks, only the selected columns, at most 10,000 rows at once, and an `odata.error` for what it does not know.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from overstap.errors import InputError, ReferenceDataError
from overstap.reference import statline
from overstap.reference.totals import read_totals, totals_path

_SECTORS = {"301000 ": "A Landbouw, bosbouw en visserij", "307500 ": "C Industrie", "T001081": "A-U Alle activiteiten"}
_ENTITIES = {
    "DataProperties": [
        {"Type": "Dimension", "Key": "Bedrijfskenmerken"},
        {"Type": "TimeDimension", "Key": "Perioden"},
        {"Type": "TopicGroup", "Key": ""},
        {"Type": "Topic", "Key": "OpenstaandeVacatures_1"},
        {"Type": "Topic", "Key": "OntstaneVacatures_2"},
        {"Type": "Topic", "Key": "VervuldeVacatures_3"},
    ],
    "Bedrijfskenmerken": [{"Key": key, "Title": title} for key, title in _SECTORS.items()],
    "TypedDataSet": [
        {
            "Bedrijfskenmerken": key,
            "Perioden": f"{year}{period}",
            "OpenstaandeVacatures_1": 0.6,
            "OntstaneVacatures_2": None if year == 2001 else 2,
        }
        for key in _SECTORS
        for year in range(2000, 2020)
        for period in ("KW01", "KW02", "JJ00")
    ],
}


class _StatLine(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlparse(self.path)
        rows = _ENTITIES.get(url.path.rsplit("/", 1)[-1])
        query = parse_qs(url.query)
        if rows is None or not url.path.startswith("/odata/80472ned/"):
            self.send_error(404)
            return
        skip, top = int(query["$skip"][0]), int(query["$top"][0])
        asked = query["$select"][0].split(",") if "$select" in query else None
        if query.get("$format") != ["json"] or top > 10_000 or not set(asked or []) <= set(rows[0]):
            self._answer(400, {"odata.error": {"code": "", "message": {"lang": "nl-NL", "value": "Ongeldige vraag"}}})
            return
        part = [{name: row[name] for name in asked or row} for row in rows[skip : skip + top]]
        self._answer(200, {"odata.metadata": f"http://{self.headers['Host']}{url.path}#", "value": part})

    def _answer(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;odata=minimalmetadata; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _StatLine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/odata"
    server.shutdown()
    server.server_close()


def test_what_is_fetched_is_kept_and_read(tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statline, "_PAGE", 7)
    fetched = statline.fetch(api, tmp_path)
    kept = read_totals(totals_path("statline", Path(), tmp_path))
    assert kept.rows.equals(fetched.rows)
    rows = {(r["quarter"], r["sector"]): (r["new_n"], r["open_n"]) for r in kept.rows.to_pylist()}
    assert len(rows) == 2 * 2 * 20
    assert rows["2019Q1", "C"] == (2000, 600)
    assert rows["2001Q2", "A"] == (None, 600)


def test_without_a_copy_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        totals_path("statline", Path(), tmp_path)
    assert "overstap reference install statline" in error.value.fix


def test_a_service_that_fails_leaves_what_was_there(tmp_path: Path, api: str) -> None:
    statline.fetch(api, tmp_path)
    before = totals_path("statline", Path(), tmp_path).read_bytes()
    for wrong in (f"{api}/none", "http://127.0.0.1:1/odata"):
        with pytest.raises(ReferenceDataError, match="could not be fetched"):
            statline.fetch(wrong, tmp_path)
    assert totals_path("statline", Path(), tmp_path).read_bytes() == before
    assert [path.name for path in (tmp_path / "statline").iterdir()] == ["80472ned.csv"]
