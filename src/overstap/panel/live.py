"""The page of a live session: experts rank and rate by a link of their own; results for all once it is closed.

No cookies, no addresses kept, no script needed. The token stands in the path; the referrer policy keeps it from others.
"""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, PackageLoader
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overstap.errors import InputError
from overstap.panel.outcome import Outcome, counts, outcome
from overstap.panel.session import EXPERT, MODERATOR, Session, parse_answers, rater_of
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import make_environment
from overstap.web.assets import mount_assets
from overstap.web.headers import HeadAsGet, KnownHosts, SecurityHeaders, from_here
from overstap.web.limits import RateLimit, TooLarge, read_form

_KEPT = 20  # outcomes
_A_MINUTE = 600  # of one address: a room of experts may share it
_ASSETS = {"/assets": "overstap.publish:assets", "/static": "overstap.web:static", "/live": "overstap.panel:static"}


def create_live(session: Session, host: str = "127.0.0.1") -> FastAPI:
    """The session as an application, for requests to this machine or to `host`."""
    # What is asked is read anew for each request: the next round begins without a restart.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(session.refresh)])
    app.add_middleware(RateLimit, prefix="/s/", a_minute=_A_MINUTE)
    app.add_middleware(KnownHosts, host=host)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.add_middleware(NoReferrer)
    assets = mount_assets(app, _ASSETS)
    pages = {lang: _environment(lang) for lang in LANGUAGES}

    def page(lang: str, status: int = 200, **values: Any) -> Response:
        one = _language(lang)
        shared = {"session": session, "spec": session.spec, "lang": one, "is_closed": session.is_closed(),
                  "assets": assets}  # fmt: skip
        return HTMLResponse(pages[one].get_template("live.html").render(**shared, **values), status)

    made: dict[tuple[Any, ...], Outcome] = {}

    def outcome_now(lang: str) -> Outcome:
        """The outcome as it stands, computed once for all who look at it."""
        key = (_language(lang), *session.state())
        if key not in made:
            if len(made) > _KEPT:
                made.clear()
            made[key] = outcome(session, _t(lang))
        return made[key]

    @app.get("/")
    def nobody(lang: str = "nl") -> Response:
        return page(lang, 404, view="nobody", token="")

    @app.exception_handler(404)
    async def nowhere(request: Request, error: Exception) -> Response:
        return page(request.query_params.get("lang", "nl"), 404, view="nobody", token="")

    @app.get("/s/{token}")
    def ask(token: str, lang: str = "nl", kept: str = "", late: str = "") -> Response:
        role = session.role_of(token)
        if role is None:
            return page(lang, 404, view="nobody", token="")
        if role == MODERATOR or session.is_closed():
            own = session.own(token) or None
            # While answers come in, each could be read off what it changes.
            found = outcome_now(lang) if session.is_closed() else counts(session)
            return page(lang, view="results", token=token, role=role, found=found, own=own,
                        rater=rater_of(token), is_late=bool(late))  # fmt: skip
        return page(lang, view="form", token=token, given=session.own(token), kept=kept, faults=0, is_late=bool(late))

    @app.post("/s/{token}")
    async def answer(request: Request, token: str, lang: str = "nl") -> Response:
        # In this order, so that neither what is refused nor how soon tells whether a token was given out.
        if not from_here(request, or_null=True):
            return PlainTextResponse("Answers are taken from this page alone.\n", 403)
        try:
            form = await read_form(request)
        except TooLarge:
            return PlainTextResponse("Too large.\n", 413)
        if session.role_of(token) != EXPERT:
            return page(lang, 404, view="nobody", token="")
        late = RedirectResponse(f"/s/{token}?lang={_language(lang)}&late=1", 303)
        if form.get("asked", [session.spec.asked])[-1] != session.spec.asked:
            return late
        given, faults = parse_answers(session.spec, form)
        if faults:
            return page(lang, 422, view="form", token=token, given=given, kept="", faults=faults, is_late=False)
        try:
            session.answer(token, given)
        except InputError as error:
            if not session.is_closed():
                return PlainTextResponse(f"{error}\n", 429)
            return late
        return RedirectResponse(f"/s/{token}?lang={_language(lang)}&kept=1", 303)

    @app.post("/s/{token}/close")
    def close(request: Request, token: str, lang: str = "nl") -> Response:
        if not from_here(request, or_null=True):
            return PlainTextResponse("Answers are taken from this page alone.\n", 403)
        if session.role_of(token) != MODERATOR:
            return page(lang, 404, view="nobody", token="")
        session.close()
        return RedirectResponse(f"/s/{token}?lang={_language(lang)}", 303)

    return app


class NoReferrer:
    """ASGI middleware that keeps the token in the path from every other page, and all but the assets from caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (k, v) for k, v in message["headers"] if k.lower() not in (b"referrer-policy", b"cache-control")
                ]
                lasts = message["status"] == 200 and scope["path"].startswith(tuple(f"{name}/" for name in _ASSETS))
                cache = b"max-age=31536000, immutable" if lasts else b"no-store"  # their address holds a version
                message["headers"] = [*kept, (b"referrer-policy", b"no-referrer"), (b"cache-control", cache)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _language(lang: str) -> Lang:
    return "en" if lang == "en" else "nl"


def _t(lang: str) -> Translator:
    return Translator(_language(lang))


def _environment(lang: Lang) -> Any:
    made = make_environment(Translator(lang))
    assert made.loader is not None
    made.loader = ChoiceLoader([PackageLoader("overstap.panel"), made.loader])
    return made
