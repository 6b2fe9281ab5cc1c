"""The addresses of the open API, their description for OpenAPI, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment

from overstap import __version__
from overstap.provenance import datapackage
from overstap.schema import table_spec
from overstap.web import api, forms
from overstap.web.results import Results, Snapshot
from overstap.web.selection import Selection

Answer = Callable[..., Response]
_DOCS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>API – overstap</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/vendor/swagger-ui.min.css?v={assets}">
<link rel="stylesheet" href="/static/docs.css?v={assets}">
</head><body><h1>API – overstap</h1><div id="docs"><noscript><p>This page needs JavaScript. The same
description stands in <a href="/openapi.json">openapi.json</a>, the
addresses of the tables in <a href="/api">/api</a>.</p></noscript></div>
<script defer src="/assets/vendor/swagger-ui.min.js?v={assets}"></script>
<script defer src="/static/docs.js?v={assets}"></script>
</body></html>"""


def filters(
    lang: str = Query("nl", description="Language of labels: nl or en."),
    topsector: str = Query("all", description="Topsector, or all."),
    function_group: str = Query("all", description="ict, manager, other, unknown, or all."),
    language: str = Query("all", description="Language of the ad, or all."),
    source_id: str = Query("all", description="Source, or all."),
    period: str = Query("all", description="A year, a month, all (whole period), or year or month for every one."),
    dimension: str = Query("sector", description="Of out_levels: what vacancies are split by."),
    item_kind: str = Query("skill", description="skill, category, category_group, function_group or title."),
    category: str = Query("all", description="Category or group of categories that skills must belong to."),
    item_id: list[str] = Query([], description="Only these items; may be repeated."),
    sort: str = Query("share", description="share (highest first) or name."),
    show: str = Query("all", description="Rows of a ranking; risers and fallers of a change; or all."),
    occupation: str = Query("", description="On the page of moves: the occupation, by code, that people leave."),
) -> None:
    """The choices of the pages, for the description of the API; `parse_selection` reads and checks them."""


def of_whole_table(
    lang: str = Query("nl", description="Language of labels: nl or en."),
    show: str = Query("all", description="So many rows at most, or all."),
) -> None:
    """The choices for a table that its key alone narrows."""


def add_api(app: FastAPI, answer: Answer) -> None:
    """Give `app` the addresses of the API; `answer` makes a response for the selection of a request."""
    for table in api.ANSWERS:
        for form in forms.FORMS:
            _add_table(app, answer, table, form)

    @app.get("/api", summary="The tables that can be had, with their addresses")
    def tables(request: Request) -> Response:
        base = str(request.base_url)
        return answer(request, "demand", lambda s, c, env: JSONResponse(api.tables(s, c.lang, base)), offered=())

    @app.get("/api/datapackage.json", summary="Every table with its contract, version and step (Frictionless)")
    def package(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            return JSONResponse(datapackage(snapshot.study.spec, snapshot.study.store))

        return answer(request, "demand", make, offered=())

    @app.get("/api/docs", response_class=HTMLResponse, include_in_schema=False)
    def docs() -> Response:
        return HTMLResponse(_DOCS.format(assets=app.state.assets))

    @app.get("/health", summary="Whether the server answers, and the version of the data")
    def health(request: Request) -> dict[str, str]:
        results: Results = request.app.state.results
        return {"status": "ok", "version": __version__, "data_version": results.current().version}


def _add_table(app: FastAPI, answer: Answer, table: str, form: str) -> None:
    own = api.own_filters(table)

    @app.get(
        f"/api/{table}.{form}",
        summary=f"{table_spec(table).label_en} as {form.upper()}",
        name=f"{table}_{form}",
        tags=[table],
        dependencies=[Depends(filters if table in forms.CHOSEN else of_whole_table)],
        openapi_extra={"parameters": [_parameter(table, name) for name in own]},
        response_class=Response,
        responses=answers(form),
    )
    def rows(request: Request) -> Response:
        given = request.query_params
        wanted = {name: given.getlist(name) for name in own if any(given.getlist(name))}

        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            chosen = api.for_table(table, selection)
            page = str(request.base_url).rstrip("/") + api.page_selection(table, chosen).href()
            return _written(forms.Answered(snapshot, table, chosen, wanted, page), form)

        return answer(request, "demand", make, also=own, show="all", offered=api.filters_of(table))


def answers(form: str) -> dict[int | str, dict[str, Any]]:
    """What an address that gives rows in a form may answer, for the description of the API."""
    kind = {"type": "object"} if form == "json" else {"type": "string", "format": "binary"}
    refused = {"application/json": {"schema": {"type": "object", "properties": {"error": {"type": "object"}}}}}
    why = {
        404: "A value that no row has, with the nearest that one has.",
        413: "More rows than one answer may hold.",
        429: "More requests a minute than one address may make.",
        503: "A question that takes too long, or tables that a run is replacing.",
    }
    told: dict[int | str, dict[str, Any]] = {
        200: {"description": "The rows.", "content": {forms.MEDIA.get(form, "application/json"): {"schema": kind}}},
        304: {"description": "Unchanged since the ETag that was given."},
    }
    return told | {status: {"description": text, "content": refused} for status, text in why.items()}


def _parameter(table: str, name: str) -> dict[str, Any]:
    column = next(c for c in table_spec(table).columns if c.name == name)
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": f"{column.label_en}: only rows with this value; may be repeated.",
        "schema": {"type": "array", "items": {"type": "string"}},
    }


def _written(answered: forms.Answered, form: str) -> Response:
    asked = (answered.snapshot, answered.table, answered.selection, answered.wanted)
    if form == "parquet":
        body = forms.as_parquet(answered, api.table_of(*asked))
    elif form == "json":
        return JSONResponse(forms.as_json(answered, api.rows_of(*asked)))
    else:
        body = (forms.as_csv if form == "csv" else forms.as_xlsx)(answered, api.rows_of(*asked))
    name = f'attachment; filename="{answered.snapshot.study.spec.study}-{answered.table}.{form}"'
    return Response(body, media_type=forms.MEDIA[form], headers={"Content-Disposition": name})
