"""Fetch official vacancies from CBS StatLine (table 80472ned, open data, OData 3). Only ever called on request.

What is fetched is kept as a CSV in the user's data folder and read from there: a run asks the network for nothing.
Source: Statistics Netherlands, CC BY 4.0.
"""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from overstap.errors import ReferenceDataError
from overstap.reference.home import data_home
from overstap.reference.totals import Totals, read_totals
from overstap.whole import whole_file

API = "https://opendata.cbs.nl/ODataApi/odata"
TABLE = "80472ned"
COLUMNS = ("code", "label", "period", "open_x1000", "new_x1000")
_TOPICS = {"open_x1000": "openstaande", "new_x1000": "ontstane"}  # how the keys of the measures begin
_PAGE = 10_000  # rows that the service gives at once
_HOW = (
    "Download the table as CSV from StatLine, give it the columns label, period, new_x1000 and open_x1000, and name it "
    "in 'weights.totals'."
)


def fetch(api: str = API, home: Path | None = None, timeout: float = 60) -> Totals:
    """Fetch the table into the user's data folder, in place of what was there; the totals it holds.

    Raises ReferenceDataError where the service does not answer as documented, InputError where its rows make no totals.
    """
    base = f"{api}/{TABLE}"
    properties = _values(f"{base}/DataProperties", timeout)
    keys = {kind: [p["Key"] for p in properties if p.get("Type") == kind] for kind in ("Dimension", "TimeDimension")}
    topics = [p["Key"] for p in properties if p.get("Type") == "Topic"]
    measures = {ours: next((k for k in topics if k.lower().startswith(t)), "") for ours, t in _TOPICS.items()}
    if any(len(found) != 1 for found in keys.values()) or not all(measures.values()):
        raise _failed(base, "the table has other columns than it had")
    (sector,), (period,) = keys["Dimension"], keys["TimeDimension"]
    labels = {row["Key"].strip(): row["Title"].strip() for row in _values(f"{base}/{sector}", timeout)}
    select = ",".join((sector, period, *measures.values()))
    rows = [
        (
            code := str(row[sector]).strip(),
            labels.get(code, code),
            str(row[period]).strip(),
            *map(row.get, measures.values()),
        )
        for row in _values(f"{base}/TypedDataSet", timeout, select)
    ]
    path = data_home(home) / "statline" / f"{TABLE}.csv"
    with whole_file(path) as part:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        return read_totals(part)  # before it takes the place of what was there


def _values(url: str, timeout: float, select: str = "") -> list[dict[str, Any]]:
    """Every row of an entity set, page by page."""
    rows: list[dict[str, Any]] = []
    while True:
        query = {
            "$format": "json",
            "$top": str(_PAGE),
            "$skip": str(len(rows)),
            **({"$select": select} if select else {}),
        }
        page = _get(f"{url}?{urllib.parse.urlencode(query, safe='$,')}", timeout)
        rows += page
        if len(page) < _PAGE:
            return rows


def _get(url: str, timeout: float) -> list[dict[str, Any]]:
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "overstap"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            page = json.load(answer)["value"]
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _failed(url, str(getattr(error, "reason", error))) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _failed(url, "the answer is not a page of rows") from error
    return list(page)


def _failed(url: str, why: str) -> ReferenceDataError:
    return ReferenceDataError(f"The vacancies could not be fetched from {url.partition('?')[0]}.", why=why, fix=_HOW)
