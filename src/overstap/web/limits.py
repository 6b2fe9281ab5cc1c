"""How often one address may ask, and how much: a bucket that fills by the minute, and forms of a bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_BODY_MAX, _FIELDS_MAX = 200_000, 2_000
_KNOWN_MAX = 10_000  # addresses remembered; the one that asked longest ago is forgotten first


class RateLimit:
    """ASGI middleware that answers 429 to an address that asked more than `a_minute` times a minute under `prefix`.

    Each address has a bucket of `a_minute` requests that fills evenly. Behind a proxy all readers share the address of
    the proxy: limit there instead. `clock` gives seconds.
    """

    def __init__(self, app: ASGIApp, prefix: str, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.prefix, self.a_minute, self.clock = app, prefix, a_minute, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self.prefix):
            wait = self.wait((scope.get("client") or ("",))[0])
            if wait:
                told = {
                    "what": f"More than {self.a_minute} requests a minute.",
                    "why": "Each address may ask so often, so that all are served.",
                    "fix": f"Wait {wait} seconds. Of the API, take a whole table at once: /api/TABLE.parquet.",
                }
                headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
                await JSONResponse({"error": told}, 429, headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def wait(self, address: str) -> int:
        """Takes one request from the bucket of `address`; 0, or the seconds to wait where it is empty."""
        now = self.clock()
        left, since = self._left.pop(address, (float(self.a_minute), now))
        left = min(self.a_minute, left + (now - since) * self.a_minute / 60)
        allowed = left >= 1
        self._left[address] = (left - allowed, now)
        if len(self._left) > _KNOWN_MAX:
            self._left.popitem(last=False)
        return 0 if allowed else int((1 - left) * 60 / self.a_minute) + 1


class TooLarge(Exception):
    """A form of more bytes or fields than are read."""


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form that was sent. Raises TooLarge, as soon as that is known, and keeps nothing of it."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_MAX:
            raise TooLarge
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS_MAX)
    except ValueError as error:
        raise TooLarge from error
