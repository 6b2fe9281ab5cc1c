"""Writes vacancies: sections of fragments with slots filled, one matrix a section, all vacancies of a block at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overstap.simulate.employers import BOARDS, FIRST_NAMES, LAST_NAMES, PLACES
from overstap.simulate.fragments import SLOTS, Mark, Pool, stack
from overstap.simulate.lexicon import LANGUAGES, jobs, sentences
from overstap.simulate.market_table import FAMILIES
from overstap.simulate.mentions import Mentions, Phrasebook, distract, item_marks, layout, mention
from overstap.simulate.spec import MarketSpec
from overstap.simulate.vacancies import CONTRACTS, HOURS, Block, employers

Ints = NDArray[np.int64]
Triple = tuple[Ints, Ints, Ints]
EDUCATION = ("geen", "vmbo", "mbo2", "mbo3", "mbo4", "mbo3+4", "mbo", "hbo", "hbo+wo", "wo", "phd")
SECTIONS = ("company", "role", "require", "offer", "apply")
LAYOUTS = (
    ("company", "role", "require", "offer", "apply"),
    ("role", "require", "offer", "company", "apply"),
    ("role", "company", "require", "offer", "apply"),
)
_PRE = (
    ("", "", "", "", "", "Senior ", "Junior ", "Medior ", "Gezocht: ", "Ervaren "),
    ("", "", "", "", "Senior ", "Junior ", "Lead "),
)
_GENDER = (("", "", " m/v", " (m/v)", " M/V", " v/m"), ("", "", "", " (m/f)", " m/f"))
_TAIL = (
    [
        "",
        "",
        "",
        "",
        " - {place}",
        " in {place}",
        " ({hours} uur)",
        " {hours} uur",
        " | {company}",
        " regio {place}",
        " te {place}",
    ],
    ["", "", "", "", " - {place}", " in {place}", " ({hours} hours)", " at {company}", ", {place} area"],
)
# No Dutch subscriber number begins with a zero, and Ofcom keeps 01632 960xxx for fiction: none of these can ring
# anywhere.
_PHONES = tuple(
    f"{area}-0{i:02d} {(i * 37) % 100:02d} {(i * 53) % 100:02d}" for i in range(60) for area in ("020", "030", "040")
)
_PHONES += tuple(f"06-00{i:02d} {(i * 37) % 100:02d} {(i * 71) % 100:02d}" for i in range(60))
_PHONES += tuple(f"+31 (0)20 0{i:02d} {(i * 41) % 100:02d}{(i * 17) % 100:02d}" for i in range(40))
_PHONES += tuple(f"+44 1632 960{i:03d}" for i in range(40))


@dataclass(frozen=True)
class Script:
    """A written block: section matrices of fragments, the title's parts, the slot values and all mentions."""

    sections: dict[str, NDArray[np.int32]]
    values: Ints  # [v, slot]
    lang: Ints
    mentions: Sequence[Mentions]


class Writer:
    """Holds pool, sentence lists and employer strings of one market; writes blocks of vacancies."""

    def __init__(self, spec: MarketSpec) -> None:
        self.spec, self.pool = spec, Pool()
        self.marks = self.pool.marks()
        self.book = Phrasebook(self.pool)
        self._parts: list[NDArray[np.int32]] = []
        self._size = 0
        self.lists: dict[str, NDArray[np.int64]] = {}  # name → [lang, (start, count)] or [key, lang, (start, count)]
        self._read_lists()
        table = np.concatenate(self._parts).astype(np.int64)
        self.before, self.slot, self.after = table.T
        self._read_slots()
        self._read_employers()
        self.twins = self.pool.twins()
        self.fragments = self.pool.array()

    def _add(self, texts: Sequence[str]) -> tuple[int, int]:
        found = self.pool.sentences(list(texts))
        self._parts.append(np.column_stack([found.before, found.slot, found.after]))
        self._size += len(found)
        return self._size - len(found), len(found)

    def _read_lists(self) -> None:
        books = [sentences(language) for language in LANGUAGES]
        for name in (
            "hook",
            "company",
            "story",
            "role",
            "general_tasks",
            "misc",
            "experience",
            "offer",
            "salary",
            "hours",
            "apply_mail",
            "apply_contact",
            "apply_phone",
            "boiler",
            "footer",
        ):
            self.lists[name] = np.array([self._add(book[name]) for book in books])
        for name in SECTIONS:
            self.lists[f"head_{name}"] = np.array([self._add(book["heads"][name]) for book in books])
        self.lists["tasks"] = np.array([[self._add(book["tasks"][f]) for book in books] for f in FAMILIES])
        self.lists["edu"] = np.array([[self._add(book["edu"][e]) for book in books] for e in EDUCATION])
        self.lists["contract"] = np.array([[self._add(book["contract"][c]) for book in books] for c in CONTRACTS])
        self.lists["job_task"] = np.array([[self._add(job.tasks[x]) for x in (0, 1)] for job in jobs()])
        for name, texts in (("pre", _PRE), ("gender", _GENDER), ("tail", _TAIL)):
            self.lists[name] = np.array([self._add(texts[x]) for x in (0, 1)])

    def _read_slots(self) -> None:
        add = self.pool.extend
        self.places = add(list(PLACES))
        self.hours = add([f"{a}-{b}" if a != b else str(b) for a, b in HOURS])
        width = max(len(t) for job in jobs() for t in job.titles)
        self.titles = np.array([[list(add(list(t))) + [0] * (width - len(t)) for t in job.titles] for job in jobs()])
        money = [
            [[f"€ {low:,} {x} € {low + 300 * (step + 1):,}" for step in range(3)] for low in range(1500, 8000, 50)]
            for x in ("en", "and")
        ]
        self.salaries = np.array(
            [
                [list(add([m.replace(",", "." if k == 0 else ",") for m in row])) for row in rows]
                for k, rows in enumerate(money)
            ]
        )
        self.phones = add(list(_PHONES))
        self.contacts = add([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES])
        self.boards = add([b.capitalize() for b in BOARDS])
        self.families = np.array([FAMILIES.index(j.family) for j in jobs()])
        width = max(len(j.education) for j in jobs())
        self.education = np.array(
            [[EDUCATION.index(e) for e in j.education] + [0] * (width - len(j.education)) for j in jobs()]
        )

    def _read_employers(self) -> None:
        emp, add = employers(self.spec), self.pool.extend
        rng = np.random.default_rng([self.spec.seed, 3])
        n = len(emp.names)
        self.names, self.short_names = add(emp.names), add(emp.short_names)
        person = rng.integers(len(self.contacts), size=n)
        self.person, self.phone = self.contacts[person], self.phones[rng.integers(len(self.phones), size=n)]
        mails = []
        for e, style in enumerate(rng.integers(5, size=n).tolist()):
            first, last = divmod(int(person[e]), len(LAST_NAMES))
            own = f"{FIRST_NAMES[first]}.{LAST_NAMES[last]}".lower().replace(" ", "").replace("ë", "e")
            mails.append(f"{(own, own, 'vacatures', 'hr', 'solliciteren')[style]}@{emp.domains[e]}")
        self.mails = add(mails)

    def pick(self, spans: Ints, rng: np.random.Generator, k: int = 1) -> list[Ints]:
        """`k` different sentences per row, -1 where the list is shorter; `spans` is [v, (start, count)]."""
        start, count = spans.T
        if k == 1:
            return [start + (rng.random(len(start)) * count).astype(np.int64)]
        keys = rng.random((len(start), int(count.max())), dtype=np.float32)
        keys[np.arange(keys.shape[1]) >= count[:, None]] = 2
        order = np.argsort(keys, axis=1)[:, :k].T
        return [np.where(i < count, start + column, -1) for i, column in enumerate(order)]

    def fill(self, sentence: Ints, values: Ints) -> Triple:
        """Fragments before, in and after the slot; a sentence of -1 gives three zeros."""
        on = sentence >= 0
        value = np.take_along_axis(values, self.slot[sentence][:, None], axis=1)[:, 0]
        return self.before[sentence] * on, value * on, self.after[sentence] * on

    def _values(self, block: Block, lang: Ints) -> Ints:
        v = np.zeros((len(block), len(SLOTS)), dtype=np.int64)
        e = block.employer
        low = np.maximum((block.salary_low - 1500) // 50, 0)
        named = {
            "company": self.names[e],
            "place": self.places[block.place],
            "title": self.titles[block.job, lang, block.title],
            "hours": self.hours[block.hours],
            "salary": self.salaries[lang, low, block.salary_step],
            "mail": self.mails[e],
            "contact": self.person[e],
            "phone": self.phone[e],
        }
        for name, numbers in named.items():
            v[:, SLOTS.index(name)] = numbers
        return v

    def write(self, block: Block, rng: np.random.Generator) -> Script:
        """All sections of a block's vacancies. Equal block and generator give equal fragments."""
        n, lang = len(block), block.english.astype(np.int64)
        values = self._values(block, lang)
        prose = employers(self.spec).prose[block.employer]
        marks = item_marks(prose)
        asked = mention(self.book, self.spec, rng, block.asked, lang)
        framed, traps = distract(self.book, self.spec, rng, block.asked, lang)
        one = np.ones(n, dtype=np.int64)

        def some(name: str, k: int = 1, p: float = 1.0, key: Ints | None = None) -> list[Ints]:
            spans = self.lists[name][lang] if key is None else self.lists[name][key, lang]
            keep = rng.random(n) < p
            return [np.where(keep, s, -1) for s in self.pick(spans, rng, k)]

        def running(found: list[Ints]) -> list[Ints]:
            out = [one * Mark.PARAGRAPH]
            for s in found:
                out += [*self.fill(s, values), (s >= 0) * Mark.STOP]
            return [*out, one * Mark.PARAGRAPH_END]

        def items(found: list[Ints]) -> list[Ints]:
            out: list[Ints] = []
            for s in found:
                out += [(s >= 0) * marks[1], *self.fill(s, values), (s >= 0) * marks[2]]
            return out

        def head(name: str, p: float = 0.9) -> list[Ints]:
            (s,) = some(f"head_{name}", p=p)
            return [(s >= 0) * Mark.HEAD, *self.fill(s, values), (s >= 0) * Mark.HEAD_END]

        def listed(found: list[Ints], m: Mentions, keep: NDArray[np.bool_]) -> list[Ints]:
            return [marks[0], *items(found), *layout(m, keep, n, marks[1], marks[2]).T, marks[3]]

        edu_key = np.where(block.education < 0, 0, self.education[block.job, np.maximum(block.education, 0)])
        (edu,) = some("edu", key=edu_key)
        edu = np.where(block.education < 0, -1, edu)
        (salary,) = some("salary")
        salary = np.where(block.salary_low < 0, -1, salary)
        every = np.ones(len(framed.row), dtype=bool)
        plain = (one * Mark.PARAGRAPH, one * Mark.PARAGRAPH_END)
        role_tasks = (
            some("job_task", key=block.job)
            + some("tasks", 4, key=self.families[block.job])
            + some("general_tasks", 1, 0.7)
        )
        columns = {
            "company": [
                *head("company"),
                *running(some("company", 5)),
                *running(some("story", 2, 0.8)),
                *layout(framed, every, n, *plain).T,
            ],
            "role": [*head("role"), *running(some("role", 4)), *listed(role_tasks, asked, asked.in_tasks)],
            "require": [
                *head("require", 1.0),
                *listed([edu, *some("experience", 1, 0.8), *some("misc", 2)], asked, ~asked.in_tasks),
            ],
            "offer": [
                *head("offer"),
                *listed(
                    [salary, *some("contract", key=block.contract), *some("hours", 1, 0.6), *some("offer", 5)],
                    traps,
                    np.ones(len(traps.row), dtype=bool),
                ),
            ],
            "apply": [
                *head("apply"),
                *running(some("apply_mail") + some("apply_contact", 1, 0.7) + some("apply_phone", 1, 0.6)),
                *running(some("boiler", 2, 0.7)),
            ],
        }
        return Script({k: stack(v) for k, v in columns.items()}, values, lang, (asked, framed, traps))
