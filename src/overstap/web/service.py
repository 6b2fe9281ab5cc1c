"""What a service owes to those who run it: whether it lives, figures for Prometheus, and a log that names nobody.

Figures and log bear the route (`/s/{token}`), never the path, and of a query only the names of its parameters: what a
reader looked for, a token in a link and an address on the internet stand in neither.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overstap import __version__

HEALTH, METRICS = "/healthz", "/metrics"
_BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_NAMES_MAX = 20
access = logging.getLogger("overstap.access")


class Metrics:
    """Requests, seconds and faults since the start, by route; only the thread of the event loop writes them."""

    def __init__(self) -> None:
        self.started = time.time()
        self.running = 0
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS) + 1))
        self.errors: Counter[str] = Counter()

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        self.requests[method, route, status] += 1
        self.seconds[route] += seconds
        self.buckets[route][next((n for n, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))] += 1
        self.errors[route] += status >= 500

    def text(self) -> str:
        """All of it in the text format of Prometheus (version 0.0.4)."""
        return "\n".join([*self._lines(), ""])

    def _lines(self) -> Iterator[str]:
        yield from _head("overstap_info", "gauge", "The version that runs.")
        yield f'overstap_info{{version="{__version__}"}} 1'
        yield from _head("overstap_start_time_seconds", "gauge", "When it started, in seconds since 1970.")
        yield f"overstap_start_time_seconds {self.started:.3f}"
        yield from _head("overstap_requests_running", "gauge", "Requests that are being answered.")
        yield f"overstap_requests_running {self.running}"
        yield from _head("overstap_requests_total", "counter", "Requests answered.")
        for (method, route, status), n in sorted(self.requests.items()):
            yield f'overstap_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}'
        yield from _head("overstap_errors_total", "counter", "Requests that met a fault of ours (5xx).")
        for route, n in sorted(self.errors.items()):
            yield f'overstap_errors_total{{route="{route}"}} {n}'
        yield from _head("overstap_request_seconds", "histogram", "Seconds until an answer was sent whole.")
        for route, buckets in sorted(self.buckets.items()):
            n = 0
            for bound, more in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
                n += more
                yield f'overstap_request_seconds_bucket{{route="{route}",le="{bound}"}} {n}'
            yield f'overstap_request_seconds_sum{{route="{route}"}} {self.seconds[route]:.6f}'
            yield f'overstap_request_seconds_count{{route="{route}"}} {n}'


def _head(name: str, kind: str, told: str) -> tuple[str, str]:
    return f"# HELP {name} {told}", f"# TYPE {name} {kind}"


class Watch:
    """ASGI middleware that counts and logs each request once it is answered, or failed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.monotonic(), 500  # where nothing was answered

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.running += 1
        try:
            await self.app(scope, receive, watched)
        finally:
            self.metrics.running -= 1
            seconds, route = time.monotonic() - started, _route(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            if route not in (HEALTH, METRICS):
                self.metrics.add(method, route, status, seconds)
            told = {"method": method, "route": route, "query": _names(scope), "status": status}
            access.info("request", extra={"fields": {**told, "ms": round(seconds * 1000, 1)}})


def _route(scope: Scope) -> str:
    """The pattern that a request met, such as /s/{token}; a mounted folder as a whole; other for what met none."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return f"{scope['root_path']}/*" if scope.get("root_path") else "other"


def _names(scope: Scope) -> list[str]:
    """Names of the query's parameters without their values; what looks like no name is one that we do not know."""
    query = scope.get("query_string", b"")[:4096].decode("latin-1")
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    return sorted(name if name.isidentifier() and name.isascii() and len(name) <= 30 else "?" for name in names)[
        :_NAMES_MAX
    ]


def watch(app: FastAPI) -> Metrics:
    """Give an application its health and metrics, and count and log its requests."""
    metrics = Metrics()
    app.add_middleware(Watch, metrics=metrics)
    uncached = {"Cache-Control": "no-store"}

    @app.get(HEALTH, include_in_schema=False)
    async def health() -> Response:
        return JSONResponse({"status": "ok", "version": __version__}, headers=uncached)

    @app.get(METRICS, include_in_schema=False)
    async def figures() -> Response:
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4", headers=uncached)

    return metrics


class JsonLines(logging.Formatter):
    """A line of JSON for each record. Of a fault its kind and place: its words may hold what a reader or an ad said."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **getattr(record, "fields", {"message": "" if record.exc_info else record.getMessage()}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["message"] = "fault"
            told["exception"], told["at"] = type(record.exc_info[1]).__name__, _place(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def _place(error: BaseException) -> list[str]:
    """File, line and function of each frame, the innermost last."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-8:]


def log_as_json() -> None:
    """Log to stderr as lines of JSON, requests among them."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    access.setLevel(logging.INFO)
