"""What people say of themselves that is no skill they have: what they deny ("Python nooit gebruikt") or still want
("wil graag leren lassen").

Ads say these things in other words and of somebody else; their negation (`overstap.ads.coordination`) is read beside
this. A clause with a cue is left out whole, with the parts of a list that it runs through: who has the skill can name
it, who is said to have what they denied is sent to the wrong work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from overstap.ads.spans import Spans

_CLAUSE = re.compile(
    r"[.!?](?=\s|$)|[;•]|(?<=[\w.,:)])\n(?![ \t]*[a-zà-ÿ]\w*[^\n]{20})|\n[ \t]*\n"
    r"|\b(?:maar|echter|daarentegen|terwijl|but|however|although|though|whereas)\b"
    r"|(?<!wil )(?<!zou )(?<!ik )\bwel\b(?=\s+\w)"
    r"|\b(?:en|and)\s+(?=(?:ik|i|heb|kan|ben|ken|werk|werkte|spreek|beheers|have|am|can|know|speak|work|worked|use)\b)",
    re.IGNORECASE,
)
"""What ends a clause: a stop, a line, a contrast, or "en" before a verb of its own."""
_VERB = re.compile(
    r"\b(?:ik|i|heb|heeft|had|kan|kon|ken|kent|ben|was|werk|werkte|spreek|beheers|gebruik|gebruikte|doe|deed|weet|wil|zou"
    r"|have|has|am|can|could|know|speak|work|worked|use|used|did|want|would|manage|managed)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\bnooit\b|\bnever\b|\bnoch\b|\bneither\b"
    r"|\bgeen\b(?!\s+(?:enkel\s+)?(?:problem|probleem|moeite|twijfel|bezwaar|uitzondering|punt\b))"
    r"|\bzonder\s+(?:\w+\s+)?(?:ervaring|kennis|diploma)\b|\bonbekend\s+met\b|\bniets\s+van\b"
    r"|\b(?:kan|kon|ken|kende|beheers\w*|spreek|sprak|weet|snap|begrijp|gebruik\w*|werk\w*|heb|hebt|ben|rijd|mag|nog)\b"
    r"[^,]*\bniet\b(?!\s+(?:alleen|slechts|enkel|bang|vies|te\s+vergeten|zonder))"
    r"|\bniet\s+(?:\w+\s+)?(?:bekend|vertrouwd|ervaren|bedreven|thuis|vaardig|bevoegd|mee\s+gewerkt|gewerkt|gebruikt"
    r"|geleerd|gedaan|goed)\b|\bniet\s*$"
    r"|\bno\b(?!\s+(?:problems?|doubt|stranger|longer|later|less))|\bwithout\s+(?:\w+\s+){0,2}(?:experience|knowledge)\b"
    r"|\bnot\s+(?!only\b|just\b|afraid\b|least\b|to\s+mention\b)\w+"
    r"|\b(?:can|do|does|did|have|had|am|is|are|was)n['’]?t\b|\bcannot\b|\bcan['’]t\b|\black(?:ing)?\b|\bunable\s+to\b"
    r"|\bunfamiliar\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:wil|willen|wilde|wou|zou|hoop|wens|droom|ga|graag|binnenkort|plan|bereid|gemotiveerd)\b[^.;]*"
    r"\b(?:\w*leren|omscholen|bijscholen|verdiepen|worden)\b"
    r"|\b(?:ik\s+(?:wil|wou|zou)|wil\s+ik|zou\s+ik|wil\s+graag|zou\s+graag)\b(?![^,]*\b(?:mijn|verder|blijven|weer)\b)"
    r"|\bleer(?:wens\w*|doel\w*)\b|\bge[iï]nteresseerd\s+in\b|\binteresse\s+(?:in|voor)\b|\bnieuwsgierig\s+naar\b"
    r"|(?:\bwould|\bi['’]d|\bwant(?:s|ed)?|\bwish|\bhop(?:e|ing)|\beager|\bkeen|\bwilling|\baim|\bplan(?:ning)?"
    r"|\blooking|\bready)\b[^.;]*\b(?:learn|train|retrain|become|study)\b"
    r"|(?:\bi\s+would|\bi['’]d|\bwould)\s+(?:like|love)\b(?![^,]*\b(?:my|continue|keep)\b)"
    r"|\bwant(?:s|ed)?\s+to\b(?![^,]*\b(?:my|continue|keep)\b)|\blearning\s+(?:goals?|wish\w*)\b"
    r"|\b(?:interested|interest)\s+in\b|\bcurious\s+about\b",
    re.IGNORECASE,
)
_AFFIRMED = re.compile(r"\b(?:wel|dagelijks|daily|vaak|often|jaar|years?|goed|fluent\w*|vloeiend)\b", re.IGNORECASE)
_IN_LIST = 4
"""Words of a part between commas that is still an item of a list."""


def not_held(texts: Sequence[str]) -> Spans:
    """The clauses of each text that deny skills or wish for them, as spans by row and start."""
    found = [(row, start, end) for row, text in enumerate(texts) for start, end in _spans(text)]
    row, start, end = np.array(found, np.int32).reshape(-1, 3).T
    return Spans(row.copy(), start.copy(), end.copy())


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    heads = False  # behind a heading such as "Wat ik wil leren:" its lines belong to it
    for start, end in _between(_CLAUSE, text, 0, len(text)):
        line = text[start:end].strip()
        if not line:
            heads = heads and "\n\n" not in text[start - 1 : end + 2]
            continue
        parts = _between(re.compile(","), text, start, end)
        cued = {at for at, part in enumerate(parts) if _is_cued(text[slice(*part)])}
        said = {at for one in cued for at in _list_of(text, parts, one, cued)}
        if heads and not line.endswith(":"):
            said = set(range(len(parts)))
        heads = (heads and not line.endswith(":")) or (line.endswith(":") and bool(cued))
        spans += [parts[at] for at in sorted(said)]
    return spans


def _is_cued(part: str) -> bool:
    return bool(_DENIED.search(part) or _WANTED.search(part))


def _list_of(text: str, parts: list[tuple[int, int]], cue: int, cued: set[int]) -> list[int]:
    """The parts between commas of the list that a cue is said of: "Ik heb Python, Java en SQL nooit gebruikt"."""
    said = [text[slice(*part)].strip() for part in parts]
    first = last = cue
    head = _VERB.search(said[cue])
    cued_at = min(match.start() for found in (_DENIED, _WANTED) if (match := found.search(said[cue])))
    before = said[cue][: min(cued_at, head.start() if head else cued_at)]
    # "Java en SQL nooit gebruikt" ends a list, "nooit SQL gebruikt" begins one at most.
    while before and first > 0 and first - 1 not in cued and _precedes(said[first - 1], bool(head)):
        first -= 1
        if _VERB.search(said[first]):
            break
    while last + 1 < len(parts) and last + 1 not in cued and _is_item(said[last + 1]):
        last += 1
    if last > cue and not re.search(r"\b(?:en|of|noch|and|or|nor)\b", said[last]):
        last = cue  # no list, as nothing ends it: "geen Python, Excel"
    return list(range(first, last + 1))


def _precedes(part: str, has_verb: bool) -> bool:
    if _AFFIRMED.search(part):
        return False
    return _is_item(part) if has_verb else len(part.split()) <= _IN_LIST


def _is_item(part: str) -> bool:
    return len(part.split()) <= _IN_LIST and not _VERB.search(part) and not _AFFIRMED.search(part)


def _between(bound: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of a stretch of text between its bounds."""
    cuts = [(match.start(), match.end()) for match in bound.finditer(text, start, end)]
    starts, ends = [start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), end]
    return list(zip(starts, ends, strict=True))
