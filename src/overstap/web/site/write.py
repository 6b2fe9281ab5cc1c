"""`overstap export`: the pages, data and assets of a study's dashboard as files."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from overstap.batches import ordered_map
from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.publish.tables import select
from overstap.schema.out import ALL
from overstap.web.api import ANSWERS
from overstap.web.app import VIEWS, create_app, index_of
from overstap.web.selection import LANGS
from overstap.web.site import find
from overstap.web.site.asks import Asked, Inside, data_file
from overstap.web.site.pages import as_file, links_of

MARK = "overstap-site.txt"
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
    site = _Site(["/api/datapackage.json", *(f"/api/{table}.parquet" for table in ANSWERS)])
    with make.open(study) if workers == 1 else nullcontext():
        stream = site.chunks()
        made = map(make.several, stream) if workers == 1 else ordered_map(make.several, stream, workers, processes=True)
        for number, links in made:
            progress(site.done(number, links))
    find.without_missing(folder)
    _copy_assets(folder)
    _write(folder / "index.html", _HOME.format(title=study.spec.study).encode())
    _write(folder / MARK, b"Made by 'overstap export', which replaces this folder.\n")
    return len(site.pages)


class _Site:
    """What is to be made, `data` first, while pages that are made tell of more."""

    def __init__(self, data: Sequence[str]) -> None:
        self.pages: set[Asked] = set()
        self._waiting: deque[Asked | str] = deque(data)
        self._handed_out = self._made = 0
        self._want({Asked(view, LANGS[0]) for view in (*VIEWS, find.VIEW)})

    def done(self, number: int, links: set[Asked]) -> int:
        """So many of what was handed out are made, and lead to these pages; how many that are so far."""
        self._handed_out -= number
        self._made += number
        self._want(links)
        return self._made

    def _want(self, links: set[Asked]) -> None:
        # Each in every language, one after the other, as these are made of the same rows.
        every = {replace(page, lang=lang) for page in links for lang in LANGS} - self.pages
        ordered = sorted(every, key=lambda page: (page.view, page.choices, page.lang))
        self._waiting.extend(ordered)
        self.pages |= every

    def chunks(self) -> Iterator[Sequence[Asked | str]]:
        """What is wanted, some at a time, until all that was handed out has told what it leads to. A chunk may be
        empty: who asks for it then gets the results of those before."""
        while self._waiting or self._handed_out:
            chunk = [self._waiting.popleft() for _ in range(min(_CHUNK, len(self._waiting)))]
            self._handed_out += len(chunk)
            yield chunk


def _skills(study: Study) -> frozenset[str]:
    """The skills asked by as many vacancies as make a figure reliable."""
    rows = select(study, "out_demand", period_kind=ALL, item_kind="skill").to_pylist()
    return frozenset(row["item_id"] for row in rows if row["asked_n"] >= study.spec.measures.min_n)


class Maker:
    """Makes pages of a study's site in `folder`, with the data they point at; in a worker it opens the study itself."""

    def __init__(self, study: Path, folder: Path, skills: frozenset[str]) -> None:
        self.study, self.folder, self.skills = study, folder, skills
        self._inside: Inside | None = None

    @contextmanager
    def open(self, study: Study) -> Iterator[None]:
        """Ask the dashboard of a study meanwhile."""
        self._app = create_app(study)
        with Inside(self._app) as self._inside:
            yield
        self._inside = None

    def several(self, wanted: Sequence[Asked | str]) -> tuple[int, set[Asked]]:
        """Write pages and answers of addresses of the API; their number, and the pages that they lead to."""
        if self._inside is None:
            self._app = create_app(Study.open(self.study))
            self._inside = Inside(self._app).__enter__()  # until the process ends
        pages = [one for one in wanted if isinstance(one, Asked)]
        self.data(one for one in wanted if isinstance(one, str))
        return len(wanted), set[Asked]().union(*map(self.page, pages))

    def page(self, page: Asked) -> set[Asked]:
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
        if page.view == find.VIEW:
            index = index_of(self._app, self._app.state.results.current())
            _write(self.folder / find.index_file(page.lang), find.as_index(index, page.lang, self.holds))
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
