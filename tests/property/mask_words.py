"""Random mixes of words that masking of names looks at, to hold the compiled pass against its Python twin.

`python -m tests.property.mask_words 60000 [seed]` compares that many texts and prints those that differ. All names and
numbers are invented.
"""

from __future__ import annotations

import sys
from random import Random

import pyarrow as pa

from overstap.ads.mask import mask_text
from overstap.ads.mask_lists import ADDRESSES, FILLERS, PARTICLES, TRIGGERS
from overstap.ads.mask_rows import mask_column
from overstap.ads.names import BODY_BEFORE, COMPANY_ENDS, LINKS, NOT_NAMES, PLACE_BEHIND, THINGS

_NAMES = (
    "Anna|Sanne|Bob|Rob|Max|Will|Ben|Yen|Íñigo|Élodie|José|Jan-Willem|Anna-maria|Lars|Femke|Proef|Testman|Voorbeeld|"
    "Øster|O'Neil|O’Neil|McTest|De|Van|Der|D'Hont|JP|J|J.|J.P.|J. P.|(Anna)|A. (Anna)|Smit-Jansen|Smit - van|VRIES|"
    "Vries|Łukasz|Ștefan|Jones’s|anna|testman|Erasmus|MC|Anthony|Nolan|Albert|Heijn|Limburg|Leiden|Van 't|in 't|op den"
)
_SIGNS = (
    "[EMAIL]|[PHONE]|[URL]|[NAME]|.|,|:|;|?|!|(|)|-|–|&|/|'|’|\n|\n\n| |  |\t|\u00a0|é|€|#|@|_|12|3a|m/v|(m/v/x)|Job title|"
    "Name|Name:|Email|Additional contact|en|and|of|or|en/of|via|tel.|e-mail|recruiter|recruiters|Recruiter|,|, manager|"
    "(HR manager)|van|de|der|den|ten|'t|’t|het|el|dos|team|Groep|B.V.|NHS|R.|C.|Python en R."
)
WORDS = [
    *_NAMES.split("|") * 4,
    *_SIGNS.split("|") * 3,
    *(word.strip() for word in sorted(TRIGGERS)),
    *(word.strip() for word in sorted(ADDRESSES)),
    *sorted({*FILLERS, *PARTICLES, *LINKS, *THINGS, *BODY_BEFORE})[::2],
    *(word.capitalize() for word in sorted({*NOT_NAMES, *COMPANY_ENDS, *PLACE_BEHIND})[::5]),
]
_GAPS = [" "] * 6 + ["\n", ", ", "", "", ". ", "\n\n", " - "]


def texts(n: int, seed: int) -> list[str]:
    """`n` random texts of up to 24 words."""
    draw = Random(seed)
    return ["".join(draw.choice(WORDS) + draw.choice(_GAPS) for _ in range(draw.randrange(2, 25))) for _ in range(n)]


def different(mixes: list[str], anywhere: bool) -> list[tuple[str, str, str]]:
    """(text, as Python masks it, as the compiled pass does) where these differ, in text or count."""
    masked, counts = mask_column(pa.array(mixes, pa.large_string()), anywhere)
    pairs = zip(mixes, masked.to_pylist(), counts.tolist(), strict=True)
    found = ((text, mask_text(text, anywhere), (other, n)) for text, other, n in pairs)
    return [(text, *map(str, (mine, theirs))) for text, mine, theirs in found if mine != theirs]


if __name__ == "__main__":
    n, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9
    wrong = different(texts(n, seed), True) + different(texts(n // 4, seed + 1), False)
    for one in wrong[:40]:
        print(*map(repr, one), sep="\n", end="\n\n")
    print(f"{len(wrong)} of {n + n // 4} differ")
