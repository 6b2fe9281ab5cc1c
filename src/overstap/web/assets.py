"""Styles, scripts and icons that go with the code, served under an address that holds their version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

YEAR_LONG = "public, max-age=31536000, immutable"


def mount_assets(app: FastAPI, places: Mapping[str, str]) -> str:
    """Serve folders of packages, `package:folder` by prefix; the hash of all files, to put behind their address."""
    digest = hashlib.blake2b(digest_size=6)
    for prefix, place in places.items():
        package, _, name = place.partition(":")
        folder = Path(str(files(package))) / name
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(file.read_bytes())
        app.mount(prefix, _Assets(directory=folder), name=prefix[1:])
    return digest.hexdigest()


class _Assets(StaticFiles):
    """Static files that a browser keeps as long as their address, with its version, stays the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = YEAR_LONG
        return response
