"""`overstap export`: the pages, data and assets of a study's dashboard as files."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.web.api import ANSWERS
from overstap.web.app import VIEWS, create_app
from overstap.web.selection import LANGS
from overstap.web.site.asks import Asked, Inside, data_file
from overstap.web.site.pages import as_file, links_of

MARK = "overstap-site.txt"
_HOME = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<meta http-equiv="refresh" content="0; url=nl/index.html"></head>
<body><p><a href="nl/index.html" lang="nl">Nederlands</a>
<a href="en/index.html" lang="en">English</a></p></body></html>
"""


def export_site(study: Study, folder: Path, progress: Callable[[int], None] = lambda pages: None) -> int:
    """Write the dashboard of a finished study into `folder` and return its number of pages.

    Every page is there in both languages, as it is and with each single choice of its filters; tables as Parquet and
    those of each chart as CSV. Traces are left out: they show texts of ads. An older site in the folder is replaced.
    Raises InputError where the folder holds something else, StoreError where the study has no results.
    """
    _cleared(folder)
    with Inside(create_app(study)) as inside:
        found = _crawled(inside, progress)
        wanted: set[str] = set()

        def data(address: str, narrowed: bool) -> str | None:
            if narrowed and not address.partition("?")[0].endswith((".csv", "datapackage.json")):
                return None
            wanted.add(address)
            return data_file(address)

        for page, html in found.items():
            _write(folder / page.file, as_file(html, page, found.keys(), data).encode())
        for address in sorted(wanted | {f"/api/{table}.parquet" for table in ANSWERS} | {"/api/datapackage.json"}):
            _write(folder / data_file(address), inside.get(address))
    _copy_assets(folder)
    _write(folder / "index.html", _HOME.format(title=study.spec.study).encode())
    _write(folder / MARK, b"Made by 'overstap export', which replaces this folder.\n")
    return len(found)


def _crawled(inside: Inside, progress: Callable[[int], None]) -> dict[Asked, str]:
    waiting = deque(Asked(view, lang) for view in VIEWS for lang in LANGS)
    found: dict[Asked, str] = {}
    while waiting:
        page = waiting.popleft()
        if page in found:
            continue
        found[page] = inside.get(page.url).decode()
        progress(len(found))
        waiting.extend(sorted((p for p in links_of(found[page]) if p.is_held and p not in found), key=lambda p: p.file))
    return found


def _cleared(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise InputError(
            f"{folder} holds files that are no site of overstap.", fix="Name an empty folder, or one that is not there."
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file.", fix="Name a folder for the site.")
    if folder.exists():
        shutil.rmtree(folder)


def _copy_assets(folder: Path) -> None:
    for package, name in (("overstap.publish", "assets"), ("overstap.web", "static")):
        shutil.copytree(str(files(package) / name), folder / name, ignore=shutil.ignore_patterns("swagger-ui*"))


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
