"""Simulated markets, each run through the whole study once per test session, whatever the number of workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from overstap.pipeline import Study
from overstap.simulate import MarketSpec
from overstap.simulate.demo import make_demo
from overstap.simulate.feeds import write_market
from tests.recovery.recovered import Recovered, write_study

SEED = 2019
VACANCIES = 4_000
PLAIN = MarketSpec(
    seed=7,
    n_vacancies=1_500,
    form_shares=(1.0, 0.0, 0.0, 0.0),
    distractor_share=0.0,
    trap_share=0.0,
    repost_share=0.0,
    n_pages=0,
)


def once(root: Path, name: str, build: Callable[[Path], None]) -> Path:
    """The folder `root`/`name`, built by the first worker that asks; the others wait. Raises where the build failed."""
    folder, lock, done, failed = (root / f"{name}{end}" for end in ("", ".lock", ".done", ".failed"))
    try:
        lock.mkdir()
    except FileExistsError:
        while not done.exists():
            if failed.exists():
                pytest.fail(f"Another worker could not build {name}: {failed.read_text(encoding='utf-8')}")
            time.sleep(0.2)
        return folder
    try:
        build(folder)
    except BaseException as error:
        failed.write_text(repr(error), encoding="utf-8")
        raise
    done.touch()
    return folder


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of the session see."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def demo(shared_root: Path) -> Recovered:
    """The demo, as `overstap demo` makes it."""

    def build(folder: Path) -> None:
        Study.open(make_demo(folder, VACANCIES, SEED)).run()

    return Recovered(once(shared_root, "recovery-demo", build), MarketSpec(seed=SEED, n_vacancies=VACANCIES))


@pytest.fixture(scope="session")
def plain(shared_root: Path) -> Recovered:
    """A market whose ads name every skill plainly: what is left between measure and truth is sampling and coding."""

    def build(folder: Path) -> None:
        Study.open(write_study(folder, PLAIN, write_market(PLAIN, folder / "market"))).run()

    return Recovered(once(shared_root, "recovery-plain", build), PLAIN)
