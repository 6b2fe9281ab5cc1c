"""`overstap serve`: the dashboard of a study on this machine; other applications are served the same way."""

from __future__ import annotations

import errno
import signal
import socket
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import uvicorn
from fastapi import FastAPI

from overstap.errors import OverstapError
from overstap.pipeline import Study
from overstap.web.app import create_app
from overstap.web.service import log_as_json, watch
from overstap.web.warm import warming

GRACE = 30  # seconds that running requests are given to end


def serve_study(study: Study, host: str, port: int, rate: int = 0, *, json_log: bool = False) -> None:
    """Serve the dashboard of a finished study until Ctrl-C or SIGTERM; port 0 takes a free one. The address goes to
    stderr, and with `json_log` a line for each request.

    Raises StoreError where the study has no complete results, OverstapError where the address cannot be used.
    """
    app = create_app(study, host, rate)
    serve_app(app, host, port, "Dashboard", warming(app), json_log=json_log)


def serve_app(
    app: FastAPI,
    host: str,
    port: int,
    name: str,
    meanwhile: AbstractContextManager[None] | None = None,
    *,
    json_log: bool = False,
) -> None:
    """Serve an application until Ctrl-C or SIGTERM, with health and metrics (see `service`), and tell its address as
    that of `name`; `meanwhile` is open while it listens. What is asked before the stop is answered, for half a minute
    at most. Raises as `serve_study` does.
    """
    watch(app)
    settings: dict[str, Any] = {"log_level": "warning"}
    if json_log:
        log_as_json()
        settings["log_config"] = None
    listener = _listen(host, port)
    address = _address(host, listener.getsockname()[1])
    print(f"{name}: {address} — stop with Ctrl-C", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE, **settings)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with meanwhile or nullcontext():
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn has finished the open requests and raises the signal again
        print(f"{name} stopped.", file=sys.stderr, flush=True)
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise OverstapError(
            f"There is no address '{host}' to listen on.", why=str(error), fix="Leave --host out: this machine alone."
        ) from error
    listener = socket.socket(family, kind, proto)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise _in_use(host, port, error) from error
    listener.set_inheritable(True)
    return listener


def _in_use(host: str, port: int, error: OSError) -> OverstapError:
    if error.errno == errno.EADDRINUSE:
        return OverstapError(
            f"Port {port} on {host} is in use.",
            why="Another program, perhaps another dashboard, listens there.",
            fix="Take another: --port 8766, or --port 0 for any free port.",
        )
    return OverstapError(
        f"Cannot listen on {host}, port {port}.", why=error.strerror or str(error), fix="Use --host 127.0.0.1 --port 0."
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
