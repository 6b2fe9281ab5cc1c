"""What every answer carries: a strict content security policy, no sniffing, no cookies; and ETags for reading again.

And which requests get one: those that name this machine.
"""

from __future__ import annotations

import hashlib
import socket
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


EMBEDDED = "/embed"
_IN_ANY_PAGE = {
    **SECURITY,
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
del _IN_ANY_PAGE["X-Frame-Options"]


class SecurityHeaders:
    """ASGI middleware that sets the security headers on every answer; a figure to embed may stand in any page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = _IN_ANY_PAGE if scope["type"] == "http" and scope["path"] == EMBEDDED else SECURITY

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in kept.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class HeadAsGet:
    """ASGI middleware that answers HEAD as GET, without the body: same status, same headers, for every address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app(asked, receive, without_body)
        scope.update({**asked, "method": "HEAD"})  # the route, which figures and log of the server bear


class KnownHosts:
    """ASGI middleware that answers only requests for a name of this machine.

    Else a page of a stranger, whose name is made to point at this machine (DNS rebinding), could read the study in the
    browser of whoever opens it. Known are localhost, an address in numbers (nobody can make it point elsewhere), `host`
    and, where that means every address, the name of this machine.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        own = socket.gethostname().lower() if host in ("", "0.0.0.0", "::") else host.lower()
        self._known = {"localhost", own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.knows(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
            return
        refusal = (
            "This dashboard answers to the address that 'overstap serve' printed. For another name: --host NAME.\n"
        )
        await PlainTextResponse(refusal, 421)(scope, receive, send)

    def knows(self, header: str) -> bool:
        """Whether the value of a Host header, with or without a port, names this machine."""
        name = header.lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        return name in self._known or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def from_here(request: Request, *, or_null: bool = False) -> bool:
    """Whether a form was sent from a page of this site, so that no page of a stranger can send one in a reader's name.

    `or_null`: of a page that keeps the referrer back, for which a browser sends 'null'; the token in its address is
    then what a stranger lacks.
    """
    origin = request.headers.get("origin")
    own = origin is None or origin.split("//")[-1] == request.headers.get("host") or (or_null and origin == "null")
    return own and request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def etag_of(version: str, path: str, query: str) -> str:
    """The weak ETag of an answer: it changes with the tables, the path and the query."""
    digest = hashlib.blake2b(f"{version}\n{path}\n{query}".encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def matches(etag: str, if_none_match: str | None) -> bool:
    """Whether the reader has this version already."""
    if not if_none_match:
        return False
    given = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in given or etag.removeprefix("W/") in given
