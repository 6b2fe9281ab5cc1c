"""Find anything the dashboard shows by what a reader types: skills, occupations, initiatives, pages, terms, tables.

Words are matched by their beginning, and where none begins so by likeness, so that a slip of the keys still finds.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

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
_ALIKE = 0.72  # likeness of two words below which one is no slip of the other
_BEGINS, _SLIP, _ENDS = 0.9, 0.8, 0.7
_LONG = 6
_OTHER = 0.6  # what else something is called counts for less than its name
_CANDIDATES = 40


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

    def find(self, text: str) -> list[tuple[Entry, float]]:
        """Entries that hold every word of `text`, best first; nothing where a word is like none."""
        asked = fold(text).split()
        if not asked:
            return []
        likes = [self._like(word) for word in asked]
        held = set.intersection(*(set().union(*(self.words[known] for known in like)) for like in likes))
        whole = " ".join(asked)
        scored = [
            (self.entries[n], max(w * _score(form, whole, likes) for form, w in self._forms[n].items())) for n in held
        ]
        return sorted(
            ((entry, score) for entry, score in scored if score),
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
            rated |= {known: _BEGINS for known in self.words if known.startswith(word) and known != word}
        if rated or len(word) <= 3:
            return rated
        if len(word) >= _LONG:  # the head of a Dutch compound
            rated = {known: _ENDS for known in self.words if len(known) >= _LONG and word.endswith(known)}
        least = _ENDS if rated else 0.0  # ‘medwerker’ ends in ‘werker’, but is a slip of ‘medewerker’
        return rated | {known: like for known, like in self._alike(word) if like > least}

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        shared: dict[str, int] = defaultdict(int)
        for gram in grams(word):
            for known in self._pieces.get(gram, ()):
                shared[known] += 1
        for known in sorted(shared, key=lambda k: -shared[k] / (len(word) + len(k)))[:_CANDIDATES]:
            ratio = difflib.SequenceMatcher(None, word, known).ratio()
            if ratio >= _ALIKE:
                yield known, _SLIP * ratio


def _weighed(entry: Entry) -> dict[str, float]:
    """What an entry is called, folded, with how much each name of it counts."""
    forms = {fold(form): _OTHER for form in entry.also if form}
    return forms | {fold(name): 1.0 for name in entry.names.values() if name}


def _score(form: str, whole: str, likes: Sequence[dict[str, float]]) -> float:
    """How well a form answers: its words like those asked, more where it holds little else; 0 where one has no like."""
    words = form.split()
    best = [max((like.get(word, 0.0), word) for word in words) for like in likes]
    if not all(score for score, _ in best):
        return 0.0
    filled = sum(len(word) for _, word in best) / len(form.replace(" ", ""))
    return sum(score for score, _ in best) / len(best) + 0.4 * min(filled, 1.0) + 0.5 * (form == whole)


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
