"""Draws the employers of a market: invented names, heavy-tailed numbers of vacancies, places, boards and habits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overstap.simulate import market_table as mt
from overstap.simulate.concepts import CONCEPTS
from overstap.simulate.spec import MarketSpec

BOARDS = ("banenbord", "werkvinder", "vacatureplein", "jobfeed", "eigensite")
_FRONT = (
    "Linder", "Brak", "Osti", "Velu", "Marn", "Quin", "Tessel", "Horna", "Dromme", "Zilver", "Kaster", "Polde",
    "Ambi", "Ferro",
    "Grint", "Nova", "Westra", "Ooster", "Hazel", "Wolder", "Rietmo", "Steenga", "Vlinder", "Duino", "Akker", "Merwa",
    "Lommer",
    "Eiko", "Beukel", "Spaarna",
)  # fmt: skip
_BACK = (
    "mo", "vang", "dela", "stra", "ning", "tum", "veld", "ra", "lo", "kamp", "rix", "dijk", "lius", "tron", "ga",
    "monde", "sen",
    "wijk", "lta", "burg", "via", "nex", "hof", "lumo", "stad",
)  # fmt: skip
PLACES = (
    "Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Eindhoven", "Groningen", "Tilburg", "Almere", "Breda",
    "Nijmegen", "Enschede",
    "Apeldoorn", "Haarlem", "Arnhem", "Amersfoort", "Zaandam", "'s-Hertogenbosch", "Zwolle", "Leiden", "Maastricht",
    "Dordrecht",
    "Ede", "Delft", "Venlo", "Deventer", "Alkmaar", "Sittard-Geleen", "Helmond", "Hilversum", "Leeuwarden",
    "Delfzijl", "Terneuzen",
    "Heerlen", "Oss", "Roosendaal", "Emmen", "Middelburg", "Assen", "Veldhoven", "Hoogeveen",
)  # fmt: skip
FIRST_NAMES = (
    "Anouk", "Bram", "Carlijn", "Daan", "Esra", "Femke", "Gijs", "Hanna", "Ilse", "Jeroen", "Karim", "Lotte",
    "Maarten", "Nadia",
    "Olaf", "Petra", "Quinten", "Roos", "Sander", "Tessa", "Umut", "Vera", "Wouter", "Xandra", "Yara", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Aldersma", "Bovenkerk", "Coppelstra", "Dijkhorst", "Eringa", "Fennema", "Grootveen", "Heimerik", "Ilpendam",
    "Jorritsma",
    "Kolderveen", "van Lissewaard", "Meerdink", "Noorderhof", "Oudshof", "van der Poelst", "Quartel", "Rietdorp",
    "de Steenhouwer",
    "Tolsma", "Uilenstein", "de Vrijburg", "Wapenaar", "Zandwijk",
)  # fmt: skip
_LEGAL = (" B.V.", " BV", "", "", " Nederland", " Groep")
SIZES = ("1-9", "10-49", "50-99", "100-499", "500-999", "1000+")


@dataclass(frozen=True)
class Employers:
    """One row an employer; the axis e of every array. `chance[s]` sums to 1 over the employers of segment s."""

    names: list[str]
    short_names: list[str]  # as some boards write it, without legal form
    domains: list[str]
    segment: NDArray[np.int64]
    sbi: list[str]
    size: list[str]
    place: NDArray[np.int64]
    boards: NDArray[np.bool_]  # [e, board]
    prose: NDArray[np.bool_]
    layout: NDArray[np.int64]
    cumulative: tuple[NDArray[np.float64], ...]  # per segment: cumulative chance over its employers
    first: NDArray[np.int64]  # [s + 1] employers first[s] : first[s + 1] belong to segment s
    taste: NDArray[
        np.float32
    ]  # [e, c + 3] standard normal: leaning towards each concept, ICT jobs, digital skills, English


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")


def _names(rng: np.random.Generator, n: int, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """`n` distinct pairs (full name, name without legal form)."""
    total = len(_FRONT) * len(_BACK) * len(words)
    picks = rng.permutation(max(total, n))[:n].tolist()
    legal = rng.integers(len(_LEGAL), size=n).tolist()
    out = []
    for pick, ending in zip(picks, legal, strict=True):
        pair, word = divmod(pick % total, len(words))
        front, back = divmod(pair, len(_BACK))
        extra = f" {pick // total + 1}" if pick >= total else ""
        short = f"{_FRONT[front]}{_BACK[back]} {words[word]}{extra}"
        out.append((short + _LEGAL[ending], short))
    return out


def draw_employers(spec: MarketSpec) -> Employers:
    """All employers of the market; about one for twelve vacancies, at least eight a segment."""
    rng = np.random.default_rng([spec.seed, 1])
    counts = [max(8, round(spec.n_vacancies * s.share / 12)) for s in mt.SEGMENTS]
    n = sum(counts)
    names: list[tuple[str, str]] = []
    sbi: list[str] = []
    cumulative = []
    for segment, count in zip(mt.SEGMENTS, counts, strict=True):
        names += _names(rng, count, segment.names)
        sbi += [segment.sbi[i] for i in rng.integers(len(segment.sbi), size=count).tolist()]
        weight = np.arange(1, count + 1) ** -0.7
        cumulative.append(np.cumsum(weight / weight.sum()))
    first = np.concatenate([[0], np.cumsum(counts)])
    rank = np.concatenate([np.arange(1, c + 1) / c for c in counts])
    boards = rng.random((n, len(BOARDS))) < np.array([0.45, 0.40, 0.35, 0.45, 0.10])
    boards[np.arange(n), rng.integers(len(BOARDS) - 1, size=n)] = True
    return Employers(
        names=[full for full, _ in names],
        short_names=[short for _, short in names],
        domains=[f"{_slug(short)}.example" for _, short in names],
        segment=np.repeat(np.arange(len(counts)), counts),
        sbi=sbi,
        size=[SIZES[i] for i in np.clip((6 - 6 * rank + rng.normal(0, 1, n)).astype(int), 0, 5).tolist()],
        place=(rng.random(n) ** 2 * len(PLACES)).astype(np.int64),
        boards=boards,
        prose=rng.random(n) < 0.3,
        layout=rng.integers(3, size=n),
        cumulative=tuple(cumulative),
        first=first,
        taste=rng.standard_normal((n, len(CONCEPTS) + 3), dtype=np.float32),
    )
