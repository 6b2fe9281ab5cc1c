"""The dashboard as an ASGI application: pages, API, assets, and a helpful answer to every mistake."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from overstap import __version__
from overstap.errors import InputError, OverstapError, StoreError
from overstap.pipeline import Study
from overstap.web import api, compare, countries, editions, further, home, initiatives, occupation, pages, sector, skill
from overstap.web.api_routes import add_api, answers
from overstap.web.assets import mount_assets
from overstap.web.drawn import FORMS, drawn_as
from overstap.web.figures import Figure, figure_of
from overstap.web.headers import EMBEDDED, HeadAsGet, KnownHosts, SecurityHeaders, etag_of, matches
from overstap.web.kept import Kept
from overstap.web.limits import RateLimit
from overstap.web.mistakes import ON_PAGE, unknown_address, unknown_choice
from overstap.web.results import Results, Snapshot, TooMuch
from overstap.web.search import LONGEST, Index
from overstap.web.selection import LANGS, PATHS, Selection, UnknownChoice, chooses, most_like, parse_selection

PAGES_BYTES = 64 << 20  # of pages that are kept as they were answered
SHOWN = 16  # pages of which the values are kept
_INDEXING = threading.Lock()  # who searches while the index is being made waits for it, and makes no second one
log = logging.getLogger("overstap.web")
Make = Callable[[Snapshot, Selection, Environment], Response]


def create_app(study: Study, host: str = "127.0.0.1", rate: int = 0) -> FastAPI:
    """The dashboard of a finished study, for requests to this machine or to `host`, where it listens.

    `rate`: how many requests of the API each address may make a minute; 0 for no limit. Raises StoreError
    where the study has no results.
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
    if rate:
        app.add_middleware(RateLimit, prefix="/api", a_minute=rate)
    app.add_middleware(KnownHosts, host=host)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.state.results = results
    app.state.environments = {}
    app.state.search = {}
    app.state.pages = Kept(PAGES_BYTES)
    app.state.asked = 0.0  # when a reader last asked for something, by the monotonic clock
    app.state.shown = Kept(SHOWN)
    app.state.assets = mount_assets(app, {"/assets": "overstap.publish:assets", "/static": "overstap.web:static"})
    _add_pages(app)
    add_api(app, _answer)
    _add_errors(app)
    return app


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
    request: Request,
    view: str,
    make: Make,
    *,
    also: tuple[str, ...] = (),
    show: str = str(Selection.show),
    offered: tuple[str, ...] | None = None,
) -> Response:
    """What `make` answers for the selection of the query, or 304 where the reader has it already."""
    app: FastAPI = request.app
    app.state.asked = time.monotonic()
    kept: Kept = app.state.pages

    def read(snapshot: Snapshot) -> Response:
        tag = etag_of(snapshot.version + app.state.assets, request.url.path, request.url.query)
        if matches(tag, request.headers.get("if-none-match")):
            return Response(status_code=304, headers={"ETag": tag})
        if (body := kept.get(tag)) is not None:
            return HTMLResponse(body, headers={"ETag": tag})
        given = request.query_params.multi_items()
        filters = ON_PAGE.get(view, ()) if offered is None else offered
        selection = parse_selection(given, snapshot.vocabulary, view=view, also=also, show=show, offered=filters)
        response = make(snapshot, selection, _environment(app, snapshot, selection.lang))
        if isinstance(response, HTMLResponse) and response.status_code == 200:
            kept.keep(tag, response.body, len(response.body))
        response.headers["ETag"] = tag
        return response

    results: Results = app.state.results
    return results.read(read)


def _page(template: str, values: dict[str, Any], env: Environment, status: int = 200) -> HTMLResponse:
    return HTMLResponse(env.get_template(template).render(**values), status)


VIEWS: dict[str, Callable[[Snapshot, Selection], dict[str, Any]]] = {
    "home": home.page,
    "demand": pages.demand,
    "compare": compare.page,
    "levels": further.levels,
    "outlook": further.outlook,
    "scenarios": further.scenarios,
    "moves": further.moves,
    "occupation": occupation.page,
    "skill": skill.page,
    "education": further.education,
    "curriculum": further.curriculum,
    "survey": further.survey,
    "panel": further.panel,
    "initiatives": initiatives.page,
    "sector": sector.page,
    "countries": countries.page,
    "definitions": pages.definitions,
    "quality": pages.quality,
    "editions": editions.page,
}
"""What each page shows; its address is in `PATHS`, its template bears its name."""


def index_of(app: FastAPI, snapshot: Snapshot) -> Index:
    """What the search looks in, made once for each version of the tables."""
    known: dict[str, Index] = app.state.search
    with _INDEXING:
        if snapshot.version not in known:
            known.clear()
            known[snapshot.version] = Index.of(snapshot)
        return known[snapshot.version]


def opened(app: FastAPI, view: str, lang: str) -> None:
    """Make a page as it opens: its tables, templates and findings are at hand for the next who asks."""
    results: Results = app.state.results
    selection = Selection(lang=lang, view=view)
    results.read(lambda s: _page(f"{view}.html", VIEWS[view](s, selection), _environment(app, s, lang)))


def _add_pages(app: FastAPI) -> None:
    for view in VIEWS:
        _add_page(app, view)
    for form in FORMS:
        _add_figure(app, form)

    @app.get(EMBEDDED, response_class=HTMLResponse, include_in_schema=False)
    def embed(request: Request) -> Response:
        view, figure = (request.query_params.get(name, "")[:100] for name in ("view", "figure"))

        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            shown = _figure(app, snapshot, selection, view, figure)
            return _page("embed.html", {"selection": selection.but(view=view), "shown": shown}, env)

        offered = ("view", "figure", *ON_PAGE.get(view, ()))
        return _answer(request, "demand", make, also=("view", "figure"), offered=offered)

    @app.get("/search", response_class=HTMLResponse, include_in_schema=False)
    def search(request: Request) -> Response:
        text = request.query_params.get("q", "").strip()[:LONGEST]

        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            found = index_of(app, snapshot).by_kind(text)
            return _page("search.html", {"selection": selection, "text": text, "found": found}, env)

        return _answer(request, "search", make, also=("q",))

    @app.get("/trace", response_class=HTMLResponse, include_in_schema=False)
    def trace(request: Request) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            address = request.query_params.get("address", "").strip()[:500]
            template, values = pages.trace(snapshot, selection, address)
            return _page(template, values, env)

        return _answer(request, "trace", make, also=("address",))


def _values(app: FastAPI, snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """What a page shows. The last are kept, as the data of their charts are asked for next."""
    shown: Kept = app.state.shown
    key = (snapshot.version, selection)
    values: dict[str, Any] | None = shown.get(key)
    if values is None:
        values = VIEWS[selection.view](snapshot, selection)
        shown.keep(key, values, 1)
    return values


def _figure(app: FastAPI, snapshot: Snapshot, selection: Selection, view: str, figure: str) -> Figure:
    if view not in VIEWS:
        raise UnknownChoice("view", view, sorted(VIEWS), most_like(view, VIEWS))
    return figure_of(_values(app, snapshot, selection.but(view=view)), figure)


def _add_figure(app: FastAPI, form: str) -> None:
    @app.get(
        f"/api/figure.{form}",
        summary=f"The rows that a chart draws, as {form.upper()}",
        name=f"figure_{form}",
        response_class=Response,
        responses=answers(form),
    )
    def figure(
        request: Request,
        view: str = Query("", description="The page of the chart; its choices narrow it.", examples=["demand"]),
        figure: str = Query("", description="The chart: what follows # in its link.", examples=["ranking"]),
    ) -> Response:
        def make(snapshot: Snapshot, selection: Selection, env: Environment) -> Response:
            found = _figure(app, snapshot, selection, view[:100], figure[:100])
            page = str(request.base_url).rstrip("/") + found.links[0][1]
            body, media = drawn_as(found, form, snapshot.translator(selection.lang), {"permalink": page})
            name = f'attachment; filename="{snapshot.study.spec.study}-{found.chart.id}.{form}"'
            return Response(body, media_type=media, headers={"Content-Disposition": name})

        offered = ("view", "figure", *ON_PAGE.get(view, ()))
        return _answer(request, "demand", make, also=("view", "figure"), offered=offered)


def _add_page(app: FastAPI, view: str) -> None:
    @app.get(PATHS[view], response_class=HTMLResponse, include_in_schema=False, name=view)
    def page(request: Request) -> Response:
        if view == "home" and chooses(request.query_params):  # the page on demand stood here
            return RedirectResponse(f"{PATHS['demand']}?{request.url.query}", 301)
        return _answer(request, view, lambda s, c, env: _page(f"{view}.html", _values(app, s, c), env))


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(UnknownChoice)
    def unknown_choice(request: Request, error: UnknownChoice) -> Response:
        return _explain(request, error, error.status)

    @app.exception_handler(TooMuch)
    def too_much(request: Request, error: TooMuch) -> Response:
        return _explain(request, error, 413)

    @app.exception_handler(OverstapError)
    def fault_of_user(request: Request, error: OverstapError) -> Response:
        status = 404 if isinstance(error, InputError) else 503 if isinstance(error, StoreError) else 500
        log.info("%s: %s", request.url.path, error)
        return _explain(request, error, status, "error.fault" if status == 500 else "")

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
    asked = PATHS.get(request.query_params.get("view", "")) if request.url.path == EMBEDDED else request.url.path
    view = next((view for view, path in PATHS.items() if path == asked), "search")
    path = PATHS["demand"] if view in ("home", "search") else PATHS[view]  # where a better choice leads
    selection = _what_can_be_kept(request, snapshot).but(view=view)
    env = _environment(request.app, snapshot, selection.lang)
    if isinstance(error, UnknownChoice):
        values = unknown_choice(snapshot, error, selection, path)
    elif path == PATHS["trace"] and isinstance(error, InputError):
        values = unknown_address(snapshot, error, selection, request.query_params.get("address", ""))
    else:
        ui: Any = env.globals["ui"]
        of_status = f"error.status.{status}"  # errors themselves are in English, as the command line is
        key = key or (of_status if ui.has(f"{of_status}.what") else "")
        told = {part: ui(f"{key}.{part}") if ui.has(f"{key}.{part}") else "" for part in ("what", "why", "fix")}
        if not key:
            told = {"what": error.what, "why": error.why, "fix": error.fix}
        elif ui.has(key):
            told["what"] = ui(key)
        values = {"selection": selection, **told, "nearest": None, "known": []}
        values["to_find"] = status == 404
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
