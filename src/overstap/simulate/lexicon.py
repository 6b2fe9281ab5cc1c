"""Reads the simulator's own data: occupations, surface forms of concepts, sentences. Cached; nothing is read at
import."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from overstap.simulate.concepts import CONCEPTS
from overstap.simulate.spec import FORM_KINDS

LANGUAGES = ("nl", "en")


def _text(name: str) -> str:
    return (files("overstap.simulate") / "data" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Job:
    """An occupation that employers hire for. `table1` holds the study's counts (2012, 2017) for its nine titles,
    else None."""

    isco08: str
    family: str
    weight: float
    trend: float
    education: tuple[str, ...]
    pay_eur: float
    table1: tuple[int, int] | None
    titles: tuple[tuple[str, ...], tuple[str, ...]]
    tasks: tuple[tuple[str, ...], tuple[str, ...]]
    asks: dict[str, float]

    @property
    def group(self) -> str:
        """Function group: ict (ISCO 25, 35), manager (11 to 14) or other."""
        if self.isco08[:2] in ("25", "35"):
            return "ict"
        return "manager" if self.isco08[:2] in ("11", "12", "13", "14") else "other"


@dataclass(frozen=True)
class Form:
    """One way to write a concept. A clause is a whole sentence; anything else fits into "experience with …"."""

    text: str
    clause: bool


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@lru_cache(maxsize=1)
def jobs() -> tuple[Job, ...]:
    """All occupations, in the order of the job axis of every matrix."""
    out = []
    for row in csv.DictReader(io.StringIO(_text("occupations.csv")), delimiter=";"):
        asks = (item.split(":") for item in row["asks"].split(",") if item)
        old, _, new = row["table1"].partition("/")
        out.append(
            Job(
                isco08=row["isco"],
                family=row["family"],
                weight=float(row["weight"]),
                trend=float(row["trend"]),
                education=tuple(row["edu"].split(",")),
                pay_eur=float(row["pay"]),
                table1=(int(old), int(new)) if new else None,
                titles=(_split(row["titles_nl"]), _split(row["titles_en"])),
                tasks=(_split(row["tasks_nl"]), _split(row["tasks_en"])),
                asks={name: float(p) for name, p in asks},
            )
        )
    return tuple(out)


def misspell(word: str, way: int) -> str:
    """`word` with one slip of the fingers: way 0 swaps two letters, 1 drops one, 2 doubles one. The first letter
    stays."""
    spots = [
        i for i in range(1, len(word) - 1) if word[i].isalpha() and word[i + 1].isalpha() and word[i] != word[i + 1]
    ]
    if not spots:
        return word
    at = spots[(len(spots) * (way + 1)) // 4 if way < 3 else 0]
    if way == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if way == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def _misspellings(texts: tuple[str, ...]) -> tuple[str, ...]:
    known = {t.lower() for t in texts}
    long = [t for t in texts if sum(c.isalpha() for c in t) >= 5]
    slips = dict.fromkeys(misspell(t, way) for t in long for way in (0, 1, 2))
    return tuple(s for s in slips if s.lower() not in known)


@lru_cache(maxsize=1)
def forms() -> dict[tuple[str, str, str], tuple[Form, ...]]:
    """Forms by (concept id, language, form kind). `typo` is empty where a name is too short to misspell without
    guessing."""
    rows = {row["concept"]: row for row in csv.DictReader(io.StringIO(_text("forms.csv")), delimiter=";")}
    out: dict[tuple[str, str, str], tuple[Form, ...]] = {}
    for concept in CONCEPTS:
        row = rows[concept.id.removeprefix("sim.")]
        for lang in LANGUAGES:
            texts = {kind: _split(row[f"{kind}_{lang}"]) for kind in FORM_KINDS if kind != "typo"}
            named = texts["plain"] + texts["variant"]
            texts["typo"] = _misspellings(named)
            for kind in FORM_KINDS:
                out[concept.id, lang, kind] = tuple(Form(t, t.endswith(".")) for t in texts[kind])
    return out


@lru_cache(maxsize=2)
def sentences(language: str) -> dict[str, Any]:
    """The sentence lists of one language, as in `data/text_<language>.yaml`."""
    loaded: dict[str, Any] = yaml.safe_load(_text(f"text_{language}.yaml"))
    return loaded
