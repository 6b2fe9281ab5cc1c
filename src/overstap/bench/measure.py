"""Time contenders in turns on the same ads, so that whatever else the machine does hits all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from overstap.bench.contender import Contender, Corpus, Run

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One contender: seconds to make ready, median seconds of the rounds over `ads` ads of `size` bytes; `missing`
    tells why it was not run."""

    contender: Contender
    ads: int = 0
    size: int = 0
    ready: float = 0.0
    seconds: float = 0.0
    mentions: int = 0
    missing: str = ""

    @property
    def ads_per_second(self) -> float:
        """Ads a second; 0 where it was not run."""
        return self.ads / self.seconds if self.seconds else 0.0

    @property
    def megabytes_per_second(self) -> float:
        """Megabytes (10⁶ bytes) of cleaned text a second; 0 where it was not run."""
        return self.size / 1e6 / self.seconds if self.seconds else 0.0


def measure(contenders: Iterable[Contender], corpus: Corpus, repeat: int, say: Say) -> list[Measured]:
    """Make each contender ready and let it run once unmeasured, then `repeat` rounds in turns; the median counts."""
    ready: list[tuple[Contender, Run, Corpus, float, int]] = []
    missing: list[Measured] = []
    for contender in contenders:
        say(f"{contender.name} …")
        started = time.perf_counter()
        try:
            run = contender.prepare()
        except ImportError as error:
            missing.append(Measured(contender, missing=f"not installed ({error.name}); {contender.install}"))
            continue
        spent = time.perf_counter() - started
        part = corpus if contender.share >= 1 else corpus.first(max(1, round(corpus.ads * contender.share)))
        ready.append((contender, run, part, spent, run(part)))
    times: list[list[float]] = [[] for _ in ready]
    for _ in range(repeat):
        for at, (_, run, part, _, _) in enumerate(ready):
            started = time.perf_counter()
            run(part)
            times[at].append(time.perf_counter() - started)
    found = [
        Measured(contender, part.ads, part.size, spent, median(seconds), mentions)
        for (contender, _, part, spent, mentions), seconds in zip(ready, times, strict=True)
    ]
    return [*found, *missing]


def as_rows(found: Sequence[Measured], base: str) -> list[dict[str, object]]:
    """One dict a contender; `ratio` is our rate over its own (both in ads/s), of the contender with key `base`."""
    rate = next((m.ads_per_second for m in found if m.contender.key == base), 0.0)
    return [
        {
            "what": m.contender.name, "cores": m.contender.cores, "ads": m.ads, "ready_s": round(m.ready, 2),
            "seconds": round(m.seconds, 4), "ads_per_s": round(m.ads_per_second, 1),
            "mb_per_s": round(m.megabytes_per_second, 3),
            "ratio": round(rate / m.ads_per_second, 3) if m.ads_per_second else None,
            "mentions_per_ad": round(m.mentions / m.ads, 2) if m.ads else None,
            "note": m.missing or m.contender.note,
        }
        for m in found
    ]  # fmt: skip
