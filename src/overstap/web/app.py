"""The dashboard as an ASGI application: pages, API, assets, and a helpful answer to every mistake."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from overstap import __version__
from overstap.errors import InputError, OverstapError, StoreError
from overstap.pipeline import Study
from overstap.provenance import datapackage
from overstap.web import api, further, initiatives, pages
from overstap.web.headers import KnownHosts, SecurityHeaders, etag_of, matches
from overstap.web.results import Results, Snapshot
from overstap.web.selection import LANGS, PATHS, Selection, UnknownChoice, parse_selection

log = logging.getLogger("overstap.web")
_YEAR_LONG = "public, max-age=31536000, immutable"
Make = Callable[[Snapshot, Selection, Environment], Response]


def create_app(study: Study, host: str = "127.0.0.1") -> FastAPI:
    """The dashboard of a finished study, for requests to this machine or to `host`, where it listens.

    Raises StoreError where the study has no results.
    """
    results = Results(study)
    app = FastAPI(
        title=f"overstap: {study.spec.study}",
        version=__version__,
        description="Rows of the study's tables with their n, period and interval. Same filters as the pages.",
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    app.add_middleware(KnownHosts, host=host)
    app.add_middleware(SecurityHeaders)
    app.state.results = results
    app.state.environments = {}
    app.state.assets = _mount_assets(app)
    _add_pages(app)
    _add_api(app)
    _add_errors(app)
    return app


def _mount_assets(app: FastAPI) -> str:
    """Serve the bundled styles, scripts and icon; the hash of all of them, to put behind their address."""
    digest = hashlib.blake2b(digest_size=6)
    for prefix, folder in (
        ("/assets", Path(str(files("overstap.publish"))) / "assets"),
        ("/static", Path(str(files("overstap.web"))) / "static"),
    ):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(file.read_bytes())
        app.mount(prefix, _Assets(directory=folder), name=prefix[1:])
    return digest.hexdigest()


class _Assets(StaticFiles):
    """Static files that a browser keeps as long as their address, with its version, stays the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _YEAR_LONG
        return response


def _environment(app: FastAPI, snapshot: Snapshot, lang: str) -> Environment:
    """The templates of a language, made once for each version of the tables."""
    key = (snapshot.version, lang)
    made: dict[tuple[str, str], Environment] = app.state.environments
    if key not in made:
        if any(version != snapshot.version for version, _ in made):
            made.clear()
        made[key] = pages.environment(snapshot, lang)
        made[key].globals["assets"] = app.state.assets
    return made[key]


def _answer(
    request: Request, view: str, make: Make, *, also: tuple[str, ...] = (), show: str = str(Selection.show)
) -> Response:
    """What `make` answers for the selection of the query, or 304 where the reader has it already."""
    app: FastAPI = request.app

    def read(snapshot: Snapshot) -> Response:
        tag = etag_of(snapshot.version + app.state.assets, request.url.path, request.url.query)
        if matches(tag, request.headers.get("if-none-match")):
            return Response(status_code=304, headers={"ETag": tag})
        given = request.query_params.multi_items()
        selection = parse_selection(given, snapshot.vocabulary, view=view, also=also, show=show)
        response = make(snapshot, selection, _environment(app, snapshot, selection.lang))
        response.headers["ETag"] = tag
        return response

    results: Results = app.state.results
    return results.read(read)


def _page(template: str, values: dict[str, Any], env: Environment, status: int = 200) -> HTMLResponse:
    return HTMLResponse(env.get_template(template).render(**values), status)


def _add_pages(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def demand(request: Request) -> Response:
        return _answer(request, "demand", lambda s, c, env: _page("demand.html", pages.demand(s, c), env))

    @app.get("/levels", response_class=HTMLResponse, include_in_schema=False)
    def levels(request: Request) -> Response:
        return _answer(request, "levels", lambda s, c, env: _page("levels.html", further.levels(s, c), env))

    @app.get("/outlook", response_class=HTMLResponse, include_in_schema=False)
    def outlook(request: Request) -> Response:
        return _answer(request, "outlook", lambda s, c, env: _page("outlook.html", further.outlook(s, c), env))

    @app.get("/moves", response_class=HTMLResponse, include_in_schema=False)
    def moves(request: Request) -> Response:
        return _answer(request, "moves", lambda s, c, env: _page("moves.html", further.moves(s, c), env))

    @app.get("/education", response_class=HTMLResponse, include_in_schema=False)
    def education(request: Request) -> Response:
        return _answer(request, "education", lambda s, c, env: _page("education.html", further.education(s, c), env))

    @app.get("/initiatives", response_class=HTMLResponse, include_in_schema=False)
    def initiative_page(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            return _page("initiatives.html", initiatives.page(snapshot, selection, request.query_params), env)

        return _answer(request, "initiatives", make, also=initiatives.PARAMETERS)

    @app.get("/definitions", response_class=HTMLResponse, include_in_schema=False)
    def definitions(request: Request) -> Response:
        return _answer(
            request, "definitions", lambda s, c, env: _page("definitions.html", pages.definitions(s, c), env)
        )

    @app.get("/quality", response_class=HTMLResponse, include_in_schema=False)
    def quality(request: Request) -> Response:
        return _answer(request, "quality", lambda s, c, env: _page("quality.html", pages.quality(s, c), env))

    @app.get("/trace", response_class=HTMLResponse, include_in_schema=False)
    def trace(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            address = request.query_params.get("address", "").strip()[:500]
            template, values = pages.trace(snapshot, selection, address)
            return _page(template, values, env)

        return _answer(request, "trace", make, also=("address",))


def _filters(
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
    """The filters, for the description of the API; `parse_selection` reads and checks them."""


def _add_api(app: FastAPI) -> None:
    from fastapi import Depends

    for table in api.QUERIES:
        _add_table(app, table, Depends(_filters))

    @app.get("/api", summary="The tables that can be had, with their addresses")
    def tables(request: Request) -> Response:
        base = str(request.base_url)
        return _answer(request, "demand", lambda s, c, env: JSONResponse(api.tables(s, c.lang, base)))

    @app.get("/api/datapackage.json", summary="Every table with its contract, version and step (Frictionless)")
    def package(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            return JSONResponse(datapackage(snapshot.study.spec, snapshot.study.store))

        return _answer(request, "demand", make)

    @app.get("/health", summary="Whether the server answers, and the version of the data")
    def health(request: Request) -> dict[str, str]:
        results: Results = request.app.state.results
        return {"status": "ok", "version": __version__, "data_version": results.current().version}


def _add_table(app: FastAPI, table: str, filters: Any) -> None:
    @app.get(f"/api/{table}.json", summary=f"Rows of {table} as JSON", name=f"{table}_json", dependencies=[filters])
    def json_rows(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            chosen = api.for_table(table, selection)
            return JSONResponse(api.as_json(snapshot, table, chosen, str(request.base_url)))

        return _answer(request, "demand", make, show="all")

    @app.get(f"/api/{table}.csv", summary=f"Rows of {table} as CSV", name=f"{table}_csv", dependencies=[filters])
    def csv_rows(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            text = api.as_csv(snapshot, table, api.for_table(table, selection))
            name = f'attachment; filename="{snapshot.study.spec.study}-{table}.csv"'
            return Response(text.encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": name})

        return _answer(request, "demand", make, show="all")


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(UnknownChoice)
    def unknown_choice(request: Request, error: UnknownChoice) -> Response:
        return _explain(request, error, error.status)

    @app.exception_handler(OverstapError)
    def fault_of_user(request: Request, error: OverstapError) -> Response:
        status = 404 if isinstance(error, InputError) else 503 if isinstance(error, StoreError) else 500
        return _explain(request, error, status)

    @app.exception_handler(HTTPException)
    def not_found(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and request.url.path.startswith("/api/"):
            return _explain(request, api.no_table(request.url.path), 404)
        key = "error.missing" if error.status_code == 404 else ""
        return _explain(request, OverstapError(str(error.detail)), error.status_code, key)

    @app.exception_handler(Exception)
    def fault_of_ours(request: Request, error: Exception) -> Response:
        log.error("%s failed", request.url.path, exc_info=error)
        return _explain(request, OverstapError("Internal fault."), 500, "error.fault")


def _explain(request: Request, error: OverstapError, status: int, key: str = "") -> Response:
    """A mistake as a page, or as JSON on the API, with the nearest valid value; never a stack trace."""
    if request.url.path == "/api" or request.url.path.startswith("/api/"):
        told: dict[str, Any] = {"what": error.what, "why": error.why, "fix": error.fix}
        if isinstance(error, UnknownChoice):
            told |= {"filter": error.name, "value": error.value, "nearest": error.nearest, "known": list(error.known)}
        return JSONResponse({"error": told}, status)
    try:
        return _error_page(request, error, status, key)
    except Exception as second:
        log.error("no error page for %s", request.url.path, exc_info=second)
        return PlainTextResponse(str(error), status)


def _error_page(request: Request, error: OverstapError, status: int, key: str) -> Response:
    results: Results = request.app.state.results
    snapshot = results.current()
    path = request.url.path if request.url.path in PATHS.values() else "/"
    selection = _what_can_be_kept(request, snapshot)
    env = _environment(request.app, snapshot, selection.lang)
    if isinstance(error, UnknownChoice):
        values = pages.unknown_choice(snapshot, error, selection, path)
    elif path == PATHS["trace"] and isinstance(error, InputError):
        values = pages.unknown_address(snapshot, error, selection, request.query_params.get("address", ""))
    else:
        ui: Any = env.globals["ui"]
        what, fix = (ui(key), "") if key else (error.what, error.fix)
        values = {"selection": selection, "what": what, "why": error.why, "fix": fix, "nearest": None, "known": []}
    return _page("error.html", {**values, "status": status}, env, status)


def _what_can_be_kept(request: Request, snapshot: Snapshot) -> Selection:
    """The selection of a faulty query without the parameters at fault."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "address"]
    while True:
        try:
            return parse_selection(given, snapshot.vocabulary)
        except UnknownChoice as error:
            at_fault = error.value if error.name == "filter" else error.name
            kept = [(name, value) for name, value in given if name != at_fault]
            if len(kept) == len(given):
                lang = request.query_params.get("lang", "")
                return Selection(lang=lang if lang in LANGS else LANGS[0])
            given = kept
