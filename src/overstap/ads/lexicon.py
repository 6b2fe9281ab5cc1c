"""The form index: every word and phrase that one token pass looks for, as flat arrays that compiled code reads.

A *kind* is a family of forms that is matched on its own (skills, section headers, triggers of a fact). All kinds share
one vocabulary and one trie over its tokens, so that one pass over the text serves them all. Method: token trie with
64-bit hashes whose hits are checked against the string.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.compounds import compound_heads
from overstap.ads.inflect import inflections
from overstap.ads.tokens import CharTables, char_tables, fold_tokens, tokenize
from overstap.reference.cache import Parcel, pack_arrays, unpack_arrays

HASH_START, GOLDEN = 0xCBF29CE484222325, 0x9E3779B97F4A7C15
MAX_KINDS = 64
STAND_IN = 1 << 30
"""Bit of a token id: an inflected word, which holds in forms of several words only."""
PART = 1 << 29
"""Bit of a token id: the first part of a compound, which holds alone only."""
ENDS = 1 << 30
"""Bit of the node that a token enters: a form ends there, so that the token matches alone."""
FEW_CHILDREN = 4
"""Children of a node that are looked through one by one."""
OUT_KIND, OUT_EVERY, OUT_EXACT = 32, 40, 41
"""Bits of an output: its form (row in the kind's table) below, then its kind, whether every match is given and not the
leftmost-longest alone, and whether its case matters."""
OUT_LISTED, OUT_COUNT = 42, 43
"""Bits of a node's outputs where these stand in `IndexArrays.outputs`: the first below, that they do, their number."""
_MASK = 0xFFFFFFFFFFFFFFFF

Array = npt.NDArray[Any]


class IndexArrays(NamedTuple):
    """The arrays the kernel reads. `n` is the number of token ids, nodes are numbered from 0."""

    action: Array
    page: Array
    kind: Array
    fold: Array
    slots: Array  # uint64[m, 2], open addressing by token hash: first word (0 is empty), then the
    # token's place in word_start and, from bit 32, its id; with STAND_IN that of the token it stands for
    words: Array  # uint64, folded bytes of all tokens, eight a word
    word_start: Array  # int32[tokens + 1]
    first: Array  # int32[n, 2], node that a match starting with this token enters, with ENDS, or -1; row in votes or -1
    nodes: Array  # uint64[nodes + 1, 2]: token that leads to the node and, from bit 32, its first child (the next
    # node's is where they end; they stand together, ascending); its one output, or where its outputs are listed
    edge_bits: Array  # uint64, one bit per hashed edge: says quickly that there is none
    edges: Array  # int32[m], open addressing by edge hash: child of a node of many children; −1 is empty
    outputs: Array  # uint64 per output of nodes that have several, or one whose case matters; see OUT_*
    out_case: Array  # int32 per output: entry in case_start
    case_blob: Array  # uint8, original bytes of case-sensitive forms, tokens joined
    case_start: Array  # int32
    is_part: Array  # bool[n], whether the token may be the first part of a compound: it is a form by itself
    head_start: Array  # int32[257], per HEAD_BUCKET of its last four letters the first of the heads of compounds
    heads: Array  # uint64[heads, 5]: bytes, number in the first word; then the letters, eight a word, lowest first
    votes: Array  # int32[rows, names], each row once


@dataclass(frozen=True, eq=False)
class FormIndex:
    """A built index. `kinds` and `vote_names` name what the numbers in a scan stand for; `unusable` counts per kind the
    forms that no text can match (no token, a hard character inside, or a token that is too long)."""

    kinds: tuple[str, ...]
    vote_names: tuple[str, ...]
    arrays: IndexArrays
    unusable: Mapping[str, int]
    max_form_tokens: int

    @classmethod
    def build(
        cls,
        kinds: Mapping[str, pa.Table],
        *,
        overlapping: Collection[str] = (),
        votes: Mapping[str, Mapping[str, int]] | None = None,
        inflected: Collection[str] = (),
    ) -> FormIndex:
        """Build the index of `kinds`: name → table with `form` (string) and, where wanted, `case_sensitive` (bool).

        A match names the row of its table. Within a kind the leftmost-longest match is given; for kinds in
        `overlapping` every match. Where several rows of a kind have the same tokens, a case-sensitive row goes before
        one that is not, then the lower row. `votes` gives single words a weight per name (name → word → weight),
        summed over each text. The forms of kinds in `inflected` (columns `language` and `skill_index`) are also found
        inflected (`inflect.inflections`) and as first part of a Dutch compound (`compounds`). Raises ValueError for
        more than 64 kinds, or a vote on what is not one token.
        """
        if len(kinds) > MAX_KINDS:
            raise ValueError(f"{len(kinds)} kinds of forms; at most {MAX_KINDS} fit in one index")
        if unknown := set(overlapping) - set(kinds):
            raise ValueError(f"overlapping names kinds that are not there: {sorted(unknown)}")
        builder = _Builder()
        names = tuple(votes or ())
        weights = builder.votes(votes or {})  # first, so that what is common in texts stands together in the arrays
        unusable = {name: builder.add(number, table) for number, (name, table) in enumerate(kinds.items())}
        for number, (name, table) in enumerate(kinds.items()):
            if name in inflected:
                builder.inflect(number, table, {word for words in (votes or {}).values() for word in words})
        arrays = builder.arrays(np.array([name in overlapping for name in kinds], np.bool_), weights, len(names))
        return cls(tuple(kinds), names, arrays, unusable, builder.longest)

    def pack(self) -> Parcel:
        """What `unpack` makes the same index of."""
        facts = {
            "kinds": self.kinds,
            "vote_names": self.vote_names,
            "unusable": dict(self.unusable),
            "max_form_tokens": self.max_form_tokens,
        }
        return pack_arrays(self.arrays._asdict(), facts)

    @classmethod
    def unpack(cls, parcel: Parcel) -> FormIndex:
        """The index of a parcel; raises KeyError, TypeError or ValueError where it holds something else."""
        facts, arrays = parcel.facts, IndexArrays(**unpack_arrays(parcel))
        return cls(
            tuple(facts["kinds"]), tuple(facts["vote_names"]), arrays, facts["unusable"], facts["max_form_tokens"]
        )


def token_words(raw: bytes) -> list[int]:
    """Folded bytes of a token, eight a word, lowest first, the last filled up with zeros."""
    return [int.from_bytes(raw[at : at + 8], "little") for at in range(0, len(raw), 8)]


def token_hash(words: list[int]) -> int:
    """64-bit hash of a token: multiply and fold, word by word."""
    value = HASH_START
    for word in words:
        value = ((value ^ word) * GOLDEN) & _MASK
        value ^= value >> 32
    return value


class _Builder:
    """Collects vocabulary and trie in plain Python, then lays them out as arrays."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.stand_ins: dict[str, str] = {}
        self.parts: set[int] = set()
        self.children: dict[tuple[int, int], int] = {}  # node -1 is the root
        self.outputs: list[list[tuple[int, bool, int, bytes]]] = []  # per node: kind, any case, form, original bytes
        self.longest = 0

    def token(self, text: str) -> int:
        return self.vocabulary.setdefault(text, len(self.vocabulary))

    def add(self, kind: int, table: pa.Table) -> int:
        """Add the forms of one kind; gives the number of forms that cannot be used."""
        forms = table.column("form").to_pylist()
        has_case = "case_sensitive" in table.column_names
        cased = table.column("case_sensitive").to_pylist() if has_case else [False] * len(forms)
        unusable = 0
        for number, (form, exact) in enumerate(zip(forms, cased, strict=True)):
            folded = fold_tokens(form or "")
            if folded is None:
                unusable += 1
                continue
            node = self.enter(folded)
            original = "".join(form[t.start : t.end] for t in tokenize(form)).encode() if exact else b""
            self.outputs[node].append((kind, not exact, number, original))
        return unusable

    def inflect(self, kind: int, table: pa.Table, fixed: Collection[str]) -> None:
        """Let the forms of one kind be found inflected as well."""
        columns = [table[name].to_pylist() for name in ("form", "language", "case_sensitive", "skill_index")]
        rows = ((fold_tokens(form or ""), *rest) for form, *rest in zip(*columns, strict=True))
        found = inflections(rows, self.vocabulary, fixed)
        for folded, row in found.forms.items():
            self.outputs[self.enter(folded)].append((kind, True, row, b""))
        self.stand_ins |= found.stand_ins
        self.parts |= {
            token
            for (node, token), child in self.children.items()
            if node < 0 and any(output[0] == kind for output in self.outputs[child])
        }

    def enter(self, folded: tuple[str, ...]) -> int:
        """The node of a form, made where it is not there yet."""
        self.longest = max(self.longest, len(folded))
        node = -1
        for text in folded:
            at = (node, self.token(text))
            if at not in self.children:
                self.children[at] = len(self.outputs)
                self.outputs.append([])
            node = self.children[at]
        return node

    def votes(self, votes: Mapping[str, Mapping[str, int]]) -> dict[int, list[int]]:
        weights: dict[int, list[int]] = {}
        for column, words in enumerate(votes.values()):
            for word, weight in words.items():
                folded = fold_tokens(word)
                if folded is None or len(folded) != 1:
                    raise ValueError(f"a vote must be on one token, not '{word}'")
                weights.setdefault(self.token(folded[0]), [0] * len(votes))[column] += weight
        return weights

    def arrays(self, overlapping: Array, weights: dict[int, list[int]], names: int) -> IndexArrays:
        ids = {**self.vocabulary, **{text: self.vocabulary[word] | STAND_IN for text, word in self.stand_ins.items()}}
        words = [token_words(text.encode()) for text in ids]
        old, parent, tokens = _breadth_first(self.children)
        roots = np.flatnonzero(parent < 0)
        outputs = [sorted(self.outputs[node]) for node in old.tolist()]
        first = np.full((len(self.vocabulary), 2), -1, np.int32)
        first[tokens[roots], 0] = [root | (ENDS if outputs[root] else 0) for root in roots.tolist()]
        listed = [found if len(found) > 1 or not all(output[1] for output in found) else [] for found in outputs]
        flat = [output for found in listed for output in found]
        originals = list(dict.fromkeys(output[3] for output in flat if not output[1]))
        entry = {original: number for number, original in enumerate(originals)}
        children = np.searchsorted(parent, np.arange(len(old) + 1))
        bits, edges = _edge_tables(parent, tokens, children)
        places = zip(_starts([len(found) for found in listed]).tolist(), listed, outputs, strict=False)
        nodes = [
            _packed(found[0], overlapping)
            if found and not several
            else at | 1 << OUT_LISTED | len(several) << OUT_COUNT
            for at, several, found in places
        ]
        heads = np.append(tokens, 0).astype(np.uint64) | children.astype(np.uint64) << np.uint64(32)
        rows = {row: number for number, row in enumerate(dict.fromkeys(map(tuple, weights.values())))}
        first[list(weights), 1] = [rows[tuple(row)] for row in weights.values()]
        return IndexArrays(
            **_writable(char_tables())._asdict(),
            slots=_slot_table(words, list(ids.values())),
            words=np.array([word for token in words for word in token], np.uint64),
            word_start=_starts([len(word) for word in words]),
            first=first,
            nodes=np.stack([heads, np.array([*nodes, 1 << OUT_LISTED], np.uint64)], axis=1),
            edge_bits=bits,
            edges=edges,
            outputs=np.array([_packed(output, overlapping) for output in flat], np.uint64),
            out_case=np.array([entry.get(output[3], 0) for output in flat], np.int32),
            case_blob=np.array(list(b"".join(originals) or b"\0"), np.uint8),
            case_start=_starts([len(original) for original in originals]),
            is_part=np.isin(np.arange(len(self.vocabulary)), list(self.parts)),
            **_head_table(compound_heads() if self.parts else ()),
            votes=np.array(list(rows), np.int32).reshape(len(rows), names),
        )


def _packed(output: tuple[int, bool, int, bytes], overlapping: Array) -> int:
    kind, any_case, form, _ = output
    return form | kind << OUT_KIND | int(overlapping[kind]) << OUT_EVERY | int(not any_case) << OUT_EXACT


def head_bucket(tail: int) -> int:
    """Where the heads of compounds are looked for that end in these four bytes (lowest first)."""
    return ((tail * GOLDEN) & _MASK) >> 56


def _head_table(heads: Iterable[str]) -> dict[str, Array]:
    """The heads by bucket, longer ones first."""
    raw = sorted((head.encode() for head in heads), key=lambda head: (head_bucket(_tail(head)), -len(head), head))
    buckets = [head_bucket(_tail(head)) for head in raw]
    words = [[len(head), *(token_words(head) + [0] * 4)[:4]] for head in raw]
    return {
        "head_start": np.searchsorted(buckets, np.arange(257)).astype(np.int32),
        "heads": np.array(words, np.uint64).reshape(len(raw), 5),
    }


def _tail(head: bytes) -> int:
    return int.from_bytes(head[-4:], "little")


def _breadth_first(children: dict[tuple[int, int], int]) -> tuple[Array, Array, Array]:
    """The nodes of a trie level by level, those of one parent by token: per new number the old number, the new number
    of its parent (-1: the root) and its token. `children` names a parent before its children."""
    old_parent = np.array([node for node, _ in children] or [0])[: len(children)]
    tokens = np.array([token for _, token in children] or [0])[: len(children)]
    depth = np.zeros(len(children) + 1, np.int64)  # the last entry is the root's
    for number, node in enumerate(old_parent.tolist()):
        depth[number] = depth[node] + 1
    new = np.full(len(children) + 1, -1)
    order = np.zeros(0, np.int64)
    for level in range(1, int(depth.max()) + 1):
        here = np.flatnonzero(depth[:-1] == level)
        here = here[np.lexsort((tokens[here], new[old_parent[here]]))]
        new[here] = np.arange(len(order), len(order) + len(here))
        order = np.concatenate([order, here])
    return order, new[old_parent[order]], tokens[order]


def _writable(tables: CharTables) -> CharTables:
    """Copies that can be written to, so that compiled code sees one type of index; see `unpack_arrays`."""
    return CharTables._make(np.array(table) for table in tables)


def _starts(lengths: list[int]) -> Array:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int32)


def _table_size(entries: int) -> int:
    """A power of two that leaves the table at most half full, so that most misses end at the first slots."""
    return 1 << max(4, (2 * entries).bit_length())


def _slot_table(tokens: list[list[int]], ids: list[int]) -> Array:
    size = _table_size(len(tokens))
    slots = [(0, 0)] * size
    for number, words in enumerate(tokens):
        value = token_hash(words)
        at = value & size - 1
        while slots[at][0]:
            at = at + 1 & size - 1
        slots[at] = (words[0], number | ids[number] << 32)
    return np.array(slots, np.uint64).reshape(size, 2)


def _edge_tables(parent: Array, tokens: Array, children: Array) -> tuple[Array, Array]:
    """Bits (some ten an edge) of all edges, and slots of those below nodes that have more than FEW_CHILDREN."""
    inner = np.flatnonzero(parent >= 0)
    keys = parent[inner].astype(np.uint64) << np.uint64(32) | tokens[inner].astype(np.uint64)
    mixed = keys * np.uint64(GOLDEN)
    room = 4 * _table_size(len(inner))
    bits = np.zeros(max(room >> 6, 1), np.uint64)
    bit = mixed >> np.uint64(24) & np.uint64(64 * len(bits) - 1)
    np.bitwise_or.at(bits, bit >> np.uint64(6), np.uint64(1) << (bit & np.uint64(63)))
    many = np.diff(children)[parent[inner]] > FEW_CHILDREN
    size = _table_size(int(many.sum()))
    slots = [-1] * size
    starts = (mixed[many] >> np.uint64(32) & np.uint64(size - 1)).tolist()
    for child, at in zip(inner[many].tolist(), starts, strict=True):
        while slots[at] >= 0:
            at = at + 1 & size - 1
        slots[at] = child
    return bits, np.array(slots, np.int32)
