"""`overstap export`: the pages, data and assets of a study's dashboard as files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from overstap.batches import ordered_map
from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.publish.tables import select
from overstap.schema.out import ALL
from overstap.web.api import ANSWERS
from overstap.web.app import VIEWS, create_app
from overstap.web.selection import LANGS
from overstap.web.site.asks import Asked, Inside, data_file
from overstap.web.site.pages import as_file, links_of

MARK = "overstap-site.txt"
_WORTH_A_START = 200  # pages that repay the seconds in which processes start
_CHUNK = 8
_HOME = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<meta http-equiv="refresh" content="0; url=nl/index.html"></head>
<body><p><a href="nl/index.html" lang="nl">Nederlands</a>
<a href="en/index.html" lang="en">English</a></p></body></html>
"""


def export_site(
    study: Study, folder: Path, progress: Callable[[int], None] = lambda pages: None, *, workers: int = 1
) -> int:
    """Write the dashboard of a finished study into `folder` and return its number of pages.

    Every page is there in both languages, as it is and with each single choice of its filters; tables as Parquet and
    those of each chart as CSV. Left out are traces, which show texts of ads, and the pages of skills that fewer
    vacancies ask than make a figure reliable: they are many and tell little. An older site in the folder is replaced.
    More than one worker: processes, which take seconds to start. Raises InputError where the folder holds something
    else, StoreError where the study has no results.
    """
    _cleared(folder)
    make = Maker(study.path, folder, _skills(study))
    with make.open(study):
        done: set[Asked] = set()
        waiting = {Asked(view, lang) for view in VIEWS for lang in LANGS}
        while waiting:
            done |= waiting
            found: set[Asked] = set()
            for number, links in enumerate(_linked(make, waiting, workers), start=len(done) - len(waiting) + 1):
                found |= links
                progress(number)
            waiting = found - done
        make.data(f"/api/{table}.parquet" for table in ANSWERS)
        make.data(["/api/datapackage.json"])
    _copy_assets(folder)
    _write(folder / "index.html", _HOME.format(title=study.spec.study).encode())
    _write(folder / MARK, b"Made by 'overstap export', which replaces this folder.\n")
    return len(done)


def _skills(study: Study) -> frozenset[str]:
    """The skills asked by as many vacancies as make a figure reliable."""
    rows = select(study, "out_demand", period_kind=ALL, item_kind="skill").to_pylist()
    return frozenset(row["item_id"] for row in rows if row["asked_n"] >= study.spec.measures.min_n)


def _linked(make: Maker, pages: set[Asked], workers: int) -> Iterator[set[Asked]]:
    """Make pages, and the pages of the site that each leads to; many are spread over processes."""
    ordered = sorted(pages, key=lambda page: page.file)
    if workers == 1 or len(ordered) < _WORTH_A_START:
        yield from map(make, ordered)
        return
    chunks = (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))
    for links in ordered_map(Maker(make.study, make.folder, make.skills).several, chunks, workers, processes=True):
        yield from links


class Maker:
    """Makes pages of a study's site in `folder`, with the data they point at; in a worker it opens the study itself."""

    def __init__(self, study: Path, folder: Path, skills: frozenset[str]) -> None:
        self.study, self.folder, self.skills = study, folder, skills
        self._inside: Inside | None = None

    @contextmanager
    def open(self, study: Study) -> Iterator[None]:
        """Ask the dashboard of a study meanwhile."""
        with Inside(create_app(study)) as self._inside:
            yield
        self._inside = None

    def several(self, pages: Sequence[Asked]) -> list[set[Asked]]:
        """As `__call__`, of each page."""
        if self._inside is None:
            self._inside = Inside(create_app(Study.open(self.study))).__enter__()  # until the process ends
        return [self(page) for page in pages]

    def __call__(self, page: Asked) -> set[Asked]:
        """Write a page and its data; the pages of the site that it leads to."""
        wanted: set[str] = set()

        def data(address: str, narrowed: bool) -> str | None:
            if narrowed and not address.partition("?")[0].endswith((".csv", "datapackage.json")):
                return None
            wanted.add(address)
            return data_file(address)

        tree = LexborHTMLParser(self._get(page.url).decode())
        links = {one for one in links_of(tree) if self.holds(one)}
        _write(self.folder / page.file, as_file(tree, page, self.holds, data).encode())
        self.data(wanted)
        return links

    def holds(self, page: Asked) -> bool:
        """Whether the site holds a page: of a skill where enough vacancies ask it to tell something."""
        return page.is_held and (
            page.view != "skill" or all(v in self.skills for n, v in page.choices if n == "item_id")
        )

    def data(self, addresses: Iterable[str]) -> None:
        """Write the answers of addresses of the API that are not there yet."""
        for address in addresses:
            file = self.folder / data_file(address)
            if not file.exists():
                _write(file, self._get(address))

    def _get(self, url: str) -> bytes:
        assert self._inside is not None
        return self._inside.get(url)


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
