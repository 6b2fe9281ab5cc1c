"""Find anything the dashboard shows by what a reader types: skills, occupations, initiatives, pages, terms, tables.

Words are matched by their beginning, and where none begins so by likeness, so that a slip of the keys still finds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile

from overstap.moves.find import finder, fold, grams
from overstap.schema import TABLES
from overstap.web.results import Snapshot, category_label
from overstap.web.selection import LANGS, PATHS, Selection
from overstap.web.texts import page_texts

KINDS = ("page", "skill", "category", "technology", "occupation", "topsector", "initiative", "term", "table")
TERMS = ("ad", "skill", "group", "share", "interval", "ratio", "factor", "weights", "error", "findings")
TOP = 12
"""Answers of one kind at most."""
LONGEST = 80
"""Characters of a question that are read."""
_BEGINS, _INFLECTED, _SLIP, _ENDS = 0.85, 0.95, 0.9, 0.7
_ENDING = 2  # letters that are an ending, as of ‘nurses’; what is longer is another word
_LONG = 6  # letters of the head of a compound
_TWO_SLIPS = 8  # letters of a word from which two of them may be wrong
_OTHER, _TITLE = 0.6, 0.75  # what else something is called counts for less than its name; more where it is all of it
_WHOLE = 0.5  # more for what is called exactly so
_CUT, _CUT_SLIP = 0.58, 0.72  # of the best score without `_WHOLE`: below it an answer is on something else
_CANDIDATES = 60


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind, its name by language, the page on it, and what else it is called."""

    kind: str
    names: Mapping[str, str]
    page: Selection | None
    fragment: str = ""
    also: tuple[str, ...] = ()

    def href(self, lang: str) -> str:
        """The link to it in a language."""
        return (self.page.but(lang=lang).href() if self.page else "") + self.fragment


@dataclass
class Index:
    """Entries by their words. `of` makes the one of a study, once for each version of its tables."""

    entries: Sequence[Entry]
    words: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self._forms = [_weighed(entry) for entry in self.entries]
        for number, forms in enumerate(self._forms):
            for form in forms:
                for word in form.split():
                    self.words[word].add(number)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Index:
        """Everything that the dashboard of a study shows."""
        of_study = (
            _items(snapshot),
            _occupations(snapshot),
            _topsectors(snapshot),
            _initiatives(snapshot),
            _terms(snapshot),
        )
        return cls([entry for part in (_pages(), *of_study, _tables()) for entry in part])

    @cached_property
    def _pieces(self) -> dict[str, list[str]]:
        pieces: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for gram in grams(word):
                pieces[gram].append(word)
        return pieces

    def ready(self) -> None:
        """Make what slips of the keys are found by, before the first reader makes one."""
        self.find("slipp")

    def find(self, text: str) -> list[tuple[Entry, float]]:
        """Entries that hold every word of `text`, best first; nothing where a word is like none."""
        asked = fold(text).split()
        if not asked:
            return []
        likes = [self._like(word) for word in asked]
        if not all(likes):
            return []
        held = set.intersection(*(set().union(*(self.words[known] for known in like)) for like in likes))
        whole = " ".join(asked)
        scored = [
            (self.entries[n], max(_score(form, w, whole, likes) for form, w in self._forms[n].items())) for n in held
        ]
        best = max((score for _, score in scored), default=0.0)
        slipped = any(max(like.values()) < _BEGINS for like in likes)
        least = (_CUT_SLIP if slipped else _CUT) * (best - _WHOLE if best >= 1 + _WHOLE else best)
        return sorted(
            ((entry, score) for entry, score in scored if score and score >= least),
            key=lambda pair: (-pair[1], KINDS.index(pair[0].kind), pair[0].names["nl"]),
        )

    def by_kind(self, text: str) -> dict[str, list[Entry]]:
        """What `find` gives, at most `TOP` of each kind, the kind of the best answer first."""
        found: dict[str, list[Entry]] = {}
        for entry, _ in self.find(text):
            found.setdefault(entry.kind, []).append(entry)
        return {kind: entries[:TOP] for kind, entries in found.items()}

    def _like(self, word: str) -> dict[str, float]:
        """Known words like this one, and how like."""
        rated = {word: 1.0} if word in self.words else {}
        if len(word) > 1:
            rated |= self._beginning(word)
        if rated or len(word) <= 3:
            return rated
        slipped = self._slipped(word)
        least = min(slipped.values(), default=9)
        for known, n in slipped.items():  # of what is one slip away nothing else was meant
            if n == least:
                like = _SLIP * (1 - n / len(word))
                for one, how in {known: 1.0, **self._beginning(known)}.items():
                    if how > _BEGINS or len(word) >= _LONG:  # of a short one any beginning would be meant
                        rated[one] = max(rated.get(one, 0.0), like * how)
        if (
            least > 1 and len(word) >= _LONG
        ):  # the head of a Dutch compound, and not a slip: ‘medwerker’ ends in ‘werker’
            heads = (word[at:] for at in range(1, len(word) - _LONG + 1))
            rated |= {head: max(rated.get(head, 0.0), _ENDS) for head in heads if head in self.words}
        return rated

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.words)

    def _beginning(self, word: str) -> dict[str, float]:
        """Known words that begin with this one, and are longer, and how like."""
        at = bisect_right(self._sorted, word)
        found = takewhile(lambda known: known.startswith(word), islice(self._sorted, at, None))
        return {known: _INFLECTED if len(known) - len(word) <= _ENDING else _BEGINS for known in found}

    def _slipped(self, word: str) -> dict[str, int]:
        """Known words from which this one is so few slips of the keys, and how many."""
        most = 1 if len(word) < _TWO_SLIPS else 2
        shared: dict[str, int] = defaultdict(int)
        for gram in grams(word):
            for known in self._pieces.get(gram, ()):
                if abs(len(known) - len(word)) <= most:
                    shared[known] += 1
        near = sorted(shared, key=lambda k: (-shared[k] / (len(word) + len(k)), k))[:_CANDIDATES]
        found = {known: slips(word, known) for known in near}
        return {known: n for known, n in found.items() if n <= most}


def slips(a: str, b: str) -> int:
    """Letters to add, drop, change or swap with the next, to make one word of the other."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, row = row, [i]
        for j, other in enumerate(b, 1):
            n = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                n = min(n, before[j - 2] + 1)
            row.append(n)
        before = last
    return row[-1]


def _weighed(entry: Entry) -> dict[str, float]:
    """What an entry is called, folded, with how much each name of it counts."""
    forms = {fold(form): _OTHER for form in entry.also if form}
    return forms | {fold(name): 1.0 for name in entry.names.values() if name}


def _score(form: str, weight: float, whole: str, likes: Sequence[dict[str, float]]) -> float:
    """How well a form of some weight answers: its words like those asked, more where it holds little else; 0 where a
    word that was asked is like none of its words."""
    words, asked = form.split(), whole.split()
    best = [max((like.get(word, 0.0), word) for word in words) for like in likes]
    if not all(score for score, _ in best):
        return 0.0
    told = sum(min(len(word), len(given)) for given, (_, word) in zip(asked, best, strict=True))
    if weight < 1 and {word for _, word in best} == set(words):
        weight = _TITLE
    filled = min(told / len(form.replace(" ", "")), 1.0)
    return weight * (sum(score for score, _ in best) / len(best) + 0.4 * filled) + _WHOLE * (
        form == whole and weight == 1
    )


def _pages() -> Iterator[Entry]:
    for view in PATHS:
        if view == "search":
            continue
        names = {lang: page_texts(lang).get(f"nav.{view}", "") for lang in LANGS}
        also = tuple(page_texts(lang).get(f"{view}.title", "") for lang in LANGS)
        if all(names.values()):
            yield Entry("page", names, Selection(view=view), also=also)


def _items(snapshot: Snapshot) -> Iterator[Entry]:
    vocabulary, translators = snapshot.vocabulary, snapshot.translators
    for kind in ("skill", "technology"):
        for item in sorted(vocabulary.items[kind]):
            names = {lang: t.item(kind, item) for lang, t in translators.items()}
            if kind == "skill":
                yield Entry(kind, names, Selection(view="skill", item_id=(item,)))
            else:
                yield Entry(kind, names, Selection(item_kind=kind, item_id=(item,)), "#years")
    for category in sorted(vocabulary.categories):
        names = {lang: category_label(t, category) for lang, t in translators.items()}
        yield Entry("category", names, Selection(category=category))


def _occupations(snapshot: Snapshot) -> Iterator[Entry]:
    known = finder(snapshot.study.spec.moves.level)
    titles: dict[str, list[str]] = defaultdict(list)
    for form, codes in known.forms.items():
        titles[codes[0]].append(form)
    for row in snapshot.occupations:
        names = {lang: row[f"name_{lang}"] or row["name_nl"] for lang in LANGS}
        page = Selection(view="occupation", occupation=row["code"])
        yield Entry("occupation", names, page, also=tuple(titles[row["code"]]))


def _initiatives(snapshot: Snapshot) -> Iterator[Entry]:
    query = "SELECT initiative_id, name_nl, name_en, place FROM core_initiatives ORDER BY initiative_id"
    for row in snapshot.rows(query):
        page = Selection(view="initiatives", initiative=row["initiative_id"])
        names = {lang: row[f"name_{lang}"] for lang in LANGS}
        yield Entry("initiative", names, page, also=(row["place"] or "",))


def _topsectors(snapshot: Snapshot) -> Iterator[Entry]:
    for code in sorted(snapshot.vocabulary.cells["topsector"]):
        names = {lang: t.value("topsector", code) for lang, t in snapshot.translators.items()}
        yield Entry("topsector", names, Selection(topsector=code))


def _terms(snapshot: Snapshot) -> Iterator[Entry]:
    for term in TERMS:
        names = {lang: t(f"report.method.terms.{term}.term") for lang, t in snapshot.translators.items()}
        yield Entry("term", names, Selection(view="definitions"), "#method")


def _tables() -> Iterator[Entry]:
    for name, spec in TABLES.items():
        if name.startswith("out_"):
            names = {"nl": f"{name}: {spec.label_nl}", "en": f"{name}: {spec.label_en}"}
            yield Entry("table", names, None, f"/api/{name}.json")
