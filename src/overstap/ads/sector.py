"""Sector of an ad: SBI 2008 code of the employer, from the feed's code, its sector words, or the company's name."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.titles import distinct, strip_accents

MIN_SCORE = 0.5
RESULT = pa.schema([("sector", pa.string()), ("sbi_code", pa.string()), ("sector_score", pa.float32())])

# Divisions of SBI 2008 (as NACE Rev. 2) per section: first and last.
_SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53),
    "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84),
    "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
_NOT_USED = frozenset({"34", "04", "40", "44", "48", "54", "57", "67", "76", "83", "89"})
_CODE = re.compile(
    r"^\s*(?:(?:SBI|NACE)\s*(?:2008|REV\.?\s*2)?\s*[:\-]?\s*)?"  # the name of the list
    r"([A-U])?[\s.\-]*((?:[0-9][\s.]?){0,6})(?![\dA-Z])"
)
_SPLIT = re.compile(r"\s*[,;/|>]\s*|\s+-\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CONTAINED = 0.85  # a sector word found inside longer text is worth less than the whole text

_REMEMBERED = 1 << 17  # values, of a few hundred bytes each

Found = tuple[str, float]


def section_of(division: str) -> str | None:
    """Section letter of a two-digit SBI 2008 division; null where there is no such division."""
    if division in _NOT_USED or not division.isdigit():
        return None
    n = int(division)
    return next((letter for letter, (first, last) in _SECTIONS.items() if first <= n <= last), None)


@lru_cache(maxsize=4096)
def parse_sbi(code: str | None) -> tuple[str, str] | None:
    """Section and code (digits without dots, or the letter alone) of an SBI 2008 or NACE Rev. 2 code as feeds write it.

    `C26`, `26.51`, `2651`, `62010` and `SBI 62.01` are understood; of a list the first code counts. Null where the code
    is not valid, or letter and digits contradict each other.
    """
    match = _CODE.match(code.upper()) if code else None
    if match is None:
        return None
    letter, digits = match.group(1), re.sub(r"\D", "", match.group(2))[:5]
    if not digits:
        return (letter, letter) if letter else None
    if len(digits) == 1:
        digits = "0" + digits
    section = section_of(digits[:2])
    if section is None or (letter and letter != section):
        return None
    return section, digits


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, `&` as `and`: the form of the words in `sector_words.csv`."""
    return " ".join(_NOT_WORD.sub(" ", strip_accents(text).replace("&", " and ").replace("'", "")).split())


@dataclass(frozen=True)
class SectorWords:
    """Words that point to a sector. `industry` words name it; company cues are whole words, parts or ends of words."""

    industry: dict[str, Found]
    word: dict[str, Found]
    part: dict[str, Found]
    end: dict[str, Found]

    @classmethod
    def from_rows(cls, rows: Sequence[dict[str, str]]) -> SectorWords:
        """Words from rows with the columns kind, words, match, sbi_code and score."""
        found: dict[str, dict[str, Found]] = {"industry": {}, "word": {}, "part": {}, "end": {}}
        for row in rows:
            into = found["industry"] if row["kind"] == "industry" else found[row["match"]]
            for words in row["words"].split("|"):
                into.setdefault(plain(words), (row["sbi_code"], float(row["score"])))
        return cls(**found)

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        return tuple(self.end)

    @cached_property
    def remembered(self) -> tuple[Callable[[str | None], Found | None], Callable[[str | None], Found | None]]:
        """`of_text` and `of_company`, which keep what they said of the last values: employers come back."""
        return lru_cache(_REMEMBERED)(self.of_text), lru_cache(_REMEMBERED)(self.of_company)

    def of_text(self, text: str | None) -> Found | None:
        """Code and score of a feed's sector words."""
        if not text:
            return None
        whole = self.industry.get(plain(text))
        parts = [plain(part) for part in _SPLIT.split(text)]
        hits = [whole] if whole else [self.industry[p] for p in parts if p in self.industry]
        return hits[0] if hits else self._inside(f" {plain(text)} ")

    def _inside(self, text: str) -> Found | None:
        inside = [(len(w), found) for w, found in self.industry.items() if len(w) > 3 and f" {w} " in text]
        if not inside:
            return None
        code, score = max(inside)[1]
        return code, score * _CONTAINED

    def of_company(self, name: str | None) -> Found | None:
        """Code and score of the best cue in a company's name; of equally good cues the longest."""
        if not name:
            return None
        text = plain(name)
        words = text.split()
        hits: list[tuple[float, int, str]] = []
        for size in (4, 3, 2, 1):
            for i in range(len(words) - size + 1):
                cue = " ".join(words[i : i + size])
                if cue in self.word:
                    hits.append((self.word[cue][1], len(cue), self.word[cue][0]))
        hits += [(score, len(cue), code) for cue, (code, score) in self.part.items() if cue in text]
        for word in words:
            if word.endswith(self._ends):
                hits += [(s, len(cue), c) for cue, (c, s) in self.end.items() if word.endswith(cue)]
        if not hits:
            return None
        score, _, code = max(hits)
        return code, score


@lru_cache(maxsize=1)
def bundled_words() -> SectorWords:
    """The bundled words, read at the first call."""
    text = files("overstap.reference").joinpath("data/sector_words.csv").read_text(encoding="utf-8")
    return SectorWords.from_rows(list(csv.DictReader(text.splitlines())))


def code_sectors(
    sbi_codes: pa.Array | pa.ChunkedArray | None,
    sector_texts: pa.Array | pa.ChunkedArray | None,
    companies: pa.Array | pa.ChunkedArray | None,
    min_score: float = MIN_SCORE,
    *,
    words: SectorWords | None = None,
) -> pa.RecordBatch:
    """Sector of the employer of each ad: SBI section, code as fine as known (digits or letter), and score (0–1).

    The feed's code counts first (score 1), then its sector words, then the company's name; what scores below
    `min_score` is unknown (null). Columns that the feed lacks are None. Distinct values are looked at once.
    """
    of_text, of_company = (words or bundled_words()).remembered
    given = [c for c in (sbi_codes, sector_texts, companies) if c is not None]
    rows = len(given[0]) if given else 0
    ways = (
        _each(sbi_codes, lambda code: (parsed[1], 1.0) if (parsed := parse_sbi(code)) else None, rows, 0.0),
        _each(sector_texts, of_text, rows, min_score),
        _each(companies, of_company, rows, min_score),
    )
    codes, scores = (pc.coalesce(*columns) for columns in zip(*ways, strict=True))
    known, index = distinct(codes)
    sections = [None if c is None else c if c.isalpha() else section_of(c[:2]) for c in known]
    return pa.RecordBatch.from_arrays([pa.array(sections, pa.string()).take(index), codes, scores], schema=RESULT)


def _each(
    column: pa.Array | pa.ChunkedArray | None, code: Callable[[str | None], Found | None], rows: int, min_score: float
) -> tuple[pa.Array, pa.Array]:
    """Code and score that `code` gives of each row's value, null below `min_score`; each distinct value is looked at
    once."""
    if column is None:
        return pa.nulls(rows, pa.string()), pa.nulls(rows, pa.float32())
    values, index = distinct(column)
    found = [f if (f := code(v)) and f[1] >= min_score else (None, None) for v in values]
    codes, scores = zip(*found, strict=True) if found else ((), ())
    return pa.array(codes, pa.string()).take(index), pa.array(scores, pa.float32()).take(index)


def topsectors_of(
    sbi_codes: pa.Array | pa.ChunkedArray, table: pa.Table, *, parts: Sequence[str] = ("full", "part")
) -> pa.Array:
    """Topsectors of each SBI code, a sorted list; null where the code is null, empty where it is in none.

    `table` has the columns topsector, sbi_code and part. Per topsector the longest code that the ad's code begins with
    decides; it counts where its part is among `parts` (`full`; `part`: only some firms under the code belong), so a
    longer code with another part, such as `none`, takes firms out. An ad may be in several topsectors.
    """
    rules: dict[str, dict[str, str]] = {}
    for topsector, code, part in zip(*(table[c].to_pylist() for c in ("topsector", "sbi_code", "part")), strict=True):
        parsed = parse_sbi(code)
        if parsed:
            rules.setdefault(topsector, {})[parsed[1]] = part or "full"
    values, index = distinct(sbi_codes)
    lists = [None if v is None else _topsectors(v, rules, parts) for v in values]
    return pa.array(lists, pa.list_(pa.string())).take(index)


def _topsectors(code: str, rules: dict[str, dict[str, str]], parts: Sequence[str]) -> list[str]:
    parsed = parse_sbi(code)
    if parsed is None:
        return []
    section, digits = parsed
    prefixes = [digits[:n] for n in range(len(digits), 1, -1)] + [section]
    found = []
    for topsector, codes in rules.items():
        longest = next((codes[p] for p in prefixes if p in codes), None)
        if longest in parts:
            found.append(topsector)
    return sorted(found)
