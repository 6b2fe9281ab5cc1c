"""Pictures of every page of the dashboard and of the report of a finished study, to look at before others do.

    python scripts/screenshots.py STUDY.yaml FOLDER [--only WORD]

FOLDER gets NAME-LANGUAGE-LOOK.png for each page (look: desktop, phone, dark) and report-LANGUAGE-LOOK-NN.png, a long
report in parts. Needs Chromium and the package playwright. New pages come along by themselves.
"""

from __future__ import annotations

import argparse
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import sync_playwright

from overstap.pipeline import Study
from overstap.publish.report import write_reports
from overstap.web.app import VIEWS, create_app
from overstap.web.selection import LANGS, PATHS

CHROMIUM = "/usr/bin/chromium"
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
OTHERS = {
    "search": "/search?q=python",
    "trace": "/trace?address=out_volume/period=all",
    "unknown": "/?topsector=enrgy",
    "missing": "/nope",
}
PART = 5000  # pixels: a taller picture is cut in parts that a viewer can open


@contextmanager
def served(study: Study) -> Iterator[str]:
    """The address at which the dashboard of a study is served meanwhile."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(study), log_level="warning"))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True


def save(page: Any, address: str, path: Path) -> int:
    """Pictures of a whole page from top to bottom; gives how many."""
    page.goto(address)
    if page.locator("#chart-themes").count():
        page.wait_for_selector("html[data-charts=ready]", state="attached", timeout=120_000)
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    parts = range(0, height, PART)
    for number, top in enumerate(parts, 1):
        name = path if len(parts) == 1 else path.with_stem(f"{path.stem}-{number:02}")
        page.set_viewport_size({"width": size["width"], "height": min(PART, height - top)})
        page.evaluate("top => scrollTo(0, top)", top)
        page.screenshot(path=str(name))
    page.set_viewport_size(size)
    return len(parts)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="only pages whose name holds this word")
    asked = parser.parse_args()
    study = Study.open(asked.study).finished()
    asked.folder.mkdir(parents=True, exist_ok=True)
    pages = {view: PATHS[view] for view in VIEWS} | OTHERS
    reports = {path.stem.rpartition("-")[2]: path for path in write_reports(study) if path.suffix == ".html"}
    written = 0
    with served(study) as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for look, settings in LOOKS.items():
            page = browser.new_context(reduced_motion="reduce", **settings).new_page()
            for lang in LANGS:
                for name, path in pages.items():
                    if asked.only in name:
                        mark = "&" if "?" in path else "?"
                        place = asked.folder / f"{name}-{lang}-{look}.png"
                        written += save(page, f"{base}{path}{mark}lang={lang}", place)
                if asked.only in "report" and lang in reports:
                    written += save(page, reports[lang].as_uri(), asked.folder / f"report-{lang}-{look}.png")
        browser.close()
    print(f"{written} pictures in {asked.folder}")


if __name__ == "__main__":
    main()
