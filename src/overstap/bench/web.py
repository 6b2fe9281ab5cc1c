"""How fast the dashboard of a finished study answers: a real server, simulated users, and a browser where there is one.

Times are those of the one who asks on the same machine: an upper bound of the server's own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any

import httpx
from selectolax.lexbor import LexborHTMLParser

from overstap.errors import OverstapError
from overstap.web.selection import PATHS
from overstap.web.site.asks import CHOICES, Asked
from overstap.web.site.pages import links_of

USERS, THINK = 20, 5.0
SERVER_AIM, CHART_AIM, BYTES_AIM = 300.0, 600.0, 300_000  # ms, p95; ms; bytes gzipped
_SEED = 2026
_VIEWS = [view for view in PATHS if view not in ("trace", "search")]
_EACH = 8  # choices of each page that are asked one after the other
Say = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """One request: how it was asked (cold, choice, warm, users), the view, the address, its time in ms and status."""

    how: str
    view: str
    url: str
    ms: float
    status: int


def measure(address: str, seconds: float, say: Say, users: int = USERS, think: float = THINK) -> list[Answer]:
    """Every page once right after the start, choices of each that nobody asked before, every page again, then users."""
    draw = Random(_SEED)
    with httpx.Client(base_url=address, timeout=120) as client:
        say("every page, right after the start …")
        pages = {view: _ask(client, "cold", Asked(view, "nl")) for view in _VIEWS}
        choices = {view: _choices(view, body) for view, (_, body) in pages.items()}
        say("choices of each page that nobody asked before …")
        asked = [one for known in choices.values() for one in draw.sample(known, min(_EACH, len(known)))]
        found = [answer for answer, _ in pages.values()] + [_ask(client, "choice", one)[0] for one in asked]
        say("every page again …")
        found += [_ask(client, "warm", Asked(view, "nl"))[0] for view in _VIEWS]
    say(f"{users} users for {seconds:g} s …")
    return found + load(address, [Asked(view, "nl") for view in _VIEWS], choices, seconds, users, think)


def load(
    address: str, pages: Sequence[Asked], choices: dict[str, list[Asked]], seconds: float, users: int, think: float
) -> list[Answer]:
    """What users get who open a page or one of its choices, with `think` seconds between on average."""
    until, found = time.monotonic() + seconds, list[Answer]()

    def use(number: int) -> None:
        draw = Random(_SEED + number)
        with httpx.Client(base_url=address, timeout=120) as client:
            wait = draw.uniform(0, think)
            while time.monotonic() + wait < until:
                time.sleep(wait)
                page = draw.choice(pages)
                known = choices.get(page.view) or [page]
                found.append(_ask(client, "users", draw.choice([page, draw.choice(known)]))[0])
                wait = draw.uniform(0, 2 * think)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _ask(client: httpx.Client, how: str, page: Asked) -> tuple[Answer, str]:
    start = time.perf_counter()
    got = client.get(page.url)
    return Answer(how, page.view, page.url, 1000 * (time.perf_counter() - start), got.status_code), got.text


def _choices(view: str, html: str) -> list[Asked]:
    """The addresses of the same view with one choice that a page leads to, in a fixed order."""
    if view not in CHOICES:
        return []
    return sorted(
        (p for p in links_of(LexborHTMLParser(html)) if p.view == view and p.choices and p.lang == "nl"),
        key=lambda p: p.url,
    )


def quantile(times: Sequence[float], share: float) -> float:
    """The value below which a share of the times lies: the nearest that was measured."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def as_rows(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """One dict a view, and `all`: ms after the start, again, p50, p95 and worst of choices and of users, errors."""
    rows = []
    for view in (*_VIEWS, "all"):
        own = [one for one in answers if view in ("all", one.view)]
        row: dict[str, Any] = {"page": view, "errors": sum(one.status != 200 for one in own)}
        for how in ("cold", "warm", "choice", "users"):
            times = [one.ms for one in own if one.how == how]
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                row[f"{how}_{name}"] = round(quantile(times, share), 1) if times else None
            row[f"{how}_n"] = len(times)
        worst = max((one for one in own if one.how in ("choice", "users")), key=lambda one: one.ms, default=None)
        row |= {"worst_ms": round(worst.ms, 1) if worst else None, "worst": worst.url if worst else ""}
        rows.append(row)
    return rows


def in_browser(address: str, rounds: int = 3) -> list[dict[str, Any]]:
    """Per page: ms from navigation to the first chart drawn (median, warm; None without a chart) and the bytes of the
    first visit as they came, without images. Raises OverstapError where there is no browser."""
    with _chromium() as browser:
        rows = []
        for view in _VIEWS:
            context = browser.new_context()
            context.add_init_script(_FIRST_CHART)
            page, size = context.new_page(), [0]
            _count_bytes(context, page, size)
            times = []
            for number in range(rounds + 1):
                page.goto(address + Asked(view, "nl").url, wait_until="load")
                page.wait_for_timeout(100)
                if page.locator("figure.chart .chart-canvas").count():
                    times.append(_first_chart(page))
                if number == 0:
                    first = size[0]
            context.close()
            rows.append(
                {"page": view, "chart_ms": round(median(times[1:])) if times else None, "bytes": first, "n": rounds}
            )
        return rows


def _first_chart(page: Any) -> float:
    """When the first chart stood there, in ms. Asked again and again: the pages let no waiting script be made of text.

    Raises OverstapError where none comes."""
    for _ in range(600):
        if drawn := page.evaluate("window.firstChart"):
            return float(drawn)
        page.wait_for_timeout(50)
    raise OverstapError("No chart was drawn in half a minute.", why=page.url)


_FIRST_CHART = """
window.firstChart = 0;
new MutationObserver(function (seen, self) {
  if (document.querySelector(".chart-canvas svg")) { window.firstChart = performance.now(); self.disconnect(); }
}).observe(document, { childList: true, subtree: true });
"""


def _count_bytes(context: Any, page: Any, size: list[int]) -> None:
    """Add up what comes over the wire, but for images."""
    protocol, images = context.new_cdp_session(page), set[str]()
    protocol.send("Network.enable")

    def began(event: dict[str, Any]) -> None:
        if event.get("type") == "Image":
            images.add(event["requestId"])

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] not in images:
            size[0] += int(event["encodedDataLength"])

    protocol.on("Network.responseReceived", began)
    protocol.on("Network.loadingFinished", ended)


@contextmanager
def _chromium() -> Iterator[Any]:
    mend = "pip install playwright && playwright install chromium; or --no-browser."
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise OverstapError("There is no browser to measure with.", why=str(error), fix=mend) from error
    import shutil

    own = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            raise OverstapError("The browser does not start.", why=str(error).splitlines()[0], fix=mend) from error
        yield browser
        browser.close()


def as_table(rows: Sequence[dict[str, Any]], drawn: Sequence[dict[str, Any]]) -> str:
    """The rows as text, times in ms, with the aims below."""
    seen = {row["page"]: row for row in drawn}
    names = ("cold_p50", "warm_p50", "choice_p50", "choice_p95", "users_p50", "users_p95", "worst_ms")
    heads = ("start", "again", "new p50", "new p95", "users p50", "users p95", "worst")
    lines = [f"{'page':<14}" + "".join(f"{h:>11}" for h in heads) + f"{'chart':>8}{'kB':>8}  worst address"]
    for row in rows:
        browser = seen.get(row["page"], {})
        size = browser.get("bytes")
        lines.append(
            f"{row['page']:<14}"
            + "".join(_shown(row[name], 11) for name in names)
            + _shown(browser.get("chart_ms"), 8)
            + _shown(size and size / 1000, 8)
            + f"  {row['worst']}"
        )
    total = rows[-1]
    lines += [
        "start: first request after the start; again: the same later; new: choices nobody asked before, one by one; "
        "users: all at once.",
        f"Users: {total['users_n']} answers, {total['errors']} errors in all; p95 {total['users_p95']} ms, aim "
        f"{SERVER_AIM:g}: {_verdict(total['users_p95'], SERVER_AIM)}.",
        f"Choices nobody asked before: {total['choice_n']} answers; p95 {total['choice_p95']} ms, aim {SERVER_AIM:g}: "
        f"{_verdict(total['choice_p95'], SERVER_AIM)}.",
    ]
    if drawn:
        chart = max((row["chart_ms"] or 0, row["page"]) for row in drawn)
        size = max((row["bytes"], row["page"]) for row in drawn)
        lines += [
            f"First chart, warm: slowest {chart[0]} ms ({chart[1]}), aim {CHART_AIM:g}: "
            f"{_verdict(chart[0], CHART_AIM)}.",
            f"Bytes as they came, without images: most {size[0]:,} ({size[1]}), aim {BYTES_AIM:,}: "
            f"{_verdict(size[0], BYTES_AIM)}.",
        ]
    return "\n".join(lines)


def _verdict(value: float | None, aim: float) -> str:
    return "unknown" if value is None else "reached" if value <= aim else "NOT reached"


def _shown(value: float | None, width: int) -> str:
    return f"{'' if value is None else f'{value:,.0f}':>{width}}"
