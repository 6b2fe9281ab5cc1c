"""Train the static embeddings: pieces of words and skills in one space, from teachers and from pairs of wordings.

Needs torch (CPU). Used by `train_linker.py`. Loss: softmax over sampled skills for each wording, plus the teacher's
distribution over the same skills for English texts without labels; pieces are left out or cut finer at random.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from linker_sources import Sources, pairs, word_counts
from linker_teachers import Teacher, unit
from torch.nn import functional

from overstap.semantic.clauses import MAX_PARTS, parts
from overstap.semantic.pieces import Pieces

Array = npt.NDArray[np.float32]
DIMS, SUBWORDS, BATCH, SAMPLED = 256, 3000, 320, 1200
DISTILLED, FIXED_LETTERS = 128, 24
_MAP_LABELS, _MAP_WORDS = 1500, 1500
TEMPLATES = [
    "experience with {}",
    "knowledge of {}",
    "you have experience in {}",
    "ability to {}",
    "{} skills",
    "strong {}",
    "proven {}",
    "you will {}",
    "excellent {}",
    "good understanding of {}",
    "ervaring met {}",
    "kennis van {}",
    "je kunt {}",
    "je hebt ervaring met {}",
    "goede {}",
    "jij {}",
    "het {} van",
    "affiniteit met {}",
    "familiar with {}",
    "responsible for {}",
    "hands-on {}",
    "je bent verantwoordelijk voor {}",
    "inzicht in {}",
    "vaardig in {}",
]


@dataclass(frozen=True)
class Student:
    """Trained vectors: of pieces (not unit length: the length is the word's weight) and of skills (unit length)."""

    pieces: Pieces
    table: Array
    skills: Array


def vocabulary(en: Counter[str], nl: Counter[str], own: Counter[str]) -> list[str]:
    """Words seen often enough in either language, the strings within words that occur in most of them, and letters."""
    kept = {w for counts, least in ((en, 3), (nl, 2), (own, 2)) for w, n in counts.items() if n >= least}
    kept = {w for w in kept if len(w) <= FIXED_LETTERS and not (w.isdigit() and len(w) > 2)}
    within: Counter[str] = Counter()
    for word in sorted(set(en) | set(nl) | set(own)):
        if word.isalpha():
            within.update(word[a : a + n] for n in range(2, 8) for a in range(len(word) - n + 1))
    ranked = sorted(within.items(), key=lambda item: (-item[1] * (len(item[0]) - 1), item[0]))
    subwords = [text for text, _ in ranked if text not in kept][:SUBWORDS]
    return sorted(kept | set(subwords) | {letter for word in kept for letter in word})


class Trainer:
    """One training run; `train` gives the student."""

    def __init__(self, sources: Sources, english: Teacher, multilingual: Teacher, seed: int = 0) -> None:
        self.random, self.sources = random.Random(seed), sources
        torch.manual_seed(seed)
        self.numbers = np.random.default_rng(seed)
        en, nl = word_counts(sources.text_en), word_counts(sources.text_nl)
        own = word_counts([p.text for p in sources.phrases])
        self.pieces = Pieces(vocabulary(en, nl, own), [""])
        taught = english(sources.labels_en)
        self.centre = taught.mean(axis=0)
        self.axes = np.linalg.svd(taught - self.centre, full_matrices=False)[2][:DIMS].T
        self.taught = taught
        self.start = self._place(taught)
        self.table = self._words(en, nl, own, english, multilingual)
        self.pairs = [(self._cut(p.text), p.skill, p.weight) for p in pairs(sources)]
        self.pairs = [p for p in self.pairs if p[0]]
        texts = self._unlabelled()
        vectors = english(texts)
        self.distilled = [(cut, v) for text, v in zip(texts, vectors, strict=True) if (cut := self._cut(text))]
        self.templates = [[self._cut(side) for side in text.split("{}")] for text in TEMPLATES]
        self.finer = {k: self.pieces.cut(w, whole=False) for k, w in enumerate(self.pieces.vocabulary) if len(w) > 4}

    def train(self, epochs: float) -> Student:
        """Train for so many passes over the pairs."""
        table = torch.nn.EmbeddingBag(len(self.table), DIMS, mode="sum", sparse=True)
        table.weight.data = torch.tensor(self.table)
        skills = torch.nn.Parameter(torch.tensor(self.start))
        sharp = torch.nn.Parameter(torch.tensor(np.log(16.0), dtype=torch.float32))
        optimisers = (
            torch.optim.SparseAdam(list(table.parameters()), lr=4e-3),
            torch.optim.Adam([skills, sharp], lr=1e-3),
        )
        weight = np.array([p[2] for p in self.pairs])
        steps = int(epochs * len(self.pairs) / BATCH)
        order = self.numbers.choice(len(self.pairs), size=(steps, BATCH), p=weight / weight.sum())
        for step, chosen in enumerate(order):
            for optimiser, rate in zip(optimisers, (4e-3, 1e-3), strict=True):
                optimiser.param_groups[0]["lr"] = rate * max(1 - step / steps, 0.02)
                optimiser.zero_grad()
            loss = self._loss(table, skills, sharp, chosen)
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            if step % 200 == 0:
                print(f"step {step:,} of {steps:,}: loss {loss.item():.3f}", flush=True)
        trained = unit(skills.detach().numpy())
        return Student(self.pieces, table.weight.detach().numpy(), trained)

    def _loss(
        self,
        table: torch.nn.EmbeddingBag,
        skills: torch.nn.Parameter,
        sharp: torch.nn.Parameter,
        chosen: npt.NDArray[np.int64],
    ) -> torch.Tensor:
        rows = np.array([self.pairs[k][1] for k in chosen])
        wanted, target = np.unique(rows, return_inverse=True)
        columns = np.concatenate([wanted, self.numbers.integers(0, len(self.start), SAMPLED)])
        among = functional.normalize(skills[torch.tensor(columns)], dim=-1)
        texts = _vectors(table, [self._vary(self.pairs[k][0]) for k in chosen])
        scores = sharp.exp().clamp(max=40) * (texts @ among.T)
        again = torch.tensor(columns[len(wanted) :])[None, :] == torch.tensor(rows)[:, None]
        scores = torch.cat([scores[:, : len(wanted)], scores[:, len(wanted) :].masked_fill(again, -1e4)], dim=1)
        loss = functional.cross_entropy(scores, torch.tensor(target), label_smoothing=0.05)
        stay = 1 - (among[: len(wanted)] * torch.tensor(self.start[wanted])).sum(1)
        told = [self.distilled[self.random.randrange(len(self.distilled))] for _ in range(DISTILLED)]
        near = torch.tensor(np.stack([v for _, v in told])) @ torch.tensor(self.taught[columns]).T
        said = _vectors(table, [cut for cut, _ in told]) @ among.T
        agree = functional.kl_div(
            functional.log_softmax(said / 0.06, -1), functional.softmax(near / 0.05, -1), reduction="batchmean"
        )
        return loss + 0.5 * stay.mean() + agree

    def _words(
        self, en: Counter[str], nl: Counter[str], own: Counter[str], english: Teacher, multilingual: Teacher
    ) -> Array:
        """First vectors of the pieces: English words by their teacher, Dutch ones by the other, mapped; else small."""
        size = len(self.pieces.vocabulary)
        row = {word: k for k, word in enumerate(self.pieces.vocabulary)}
        table = np.zeros((size, DIMS), dtype=np.float32)
        filled = np.zeros(size, dtype=bool)
        first = [w for w, n in en.most_common() if n > 2 and len(w) > 1 and w in row]
        table[[row[w] for w in first]] = self._place(english(first))
        filled[[row[w] for w in first]] = True
        dutch = [w for w, n in nl.most_common() if w in row and len(w) > 1 and not filled[row[w]]]
        labels = self.sources.labels_en
        sample = [labels[k] for k in random.Random(1).sample(range(len(labels)), _MAP_LABELS)]
        known = unit(multilingual([*sample, *first[:_MAP_WORDS], *dutch]))
        known -= known.mean(axis=0)
        known = unit(known)
        split = len(sample) + len(first[:_MAP_WORDS])
        there = np.concatenate([self._place(english(sample)), table[[row[w] for w in first[:_MAP_WORDS]]]])
        here = known[:split]
        across = np.linalg.solve(here.T @ here + 3 * np.eye(here.shape[1], dtype=np.float32), here.T @ there)
        table[[row[w] for w in dutch]] = unit(known[split:] @ across)
        filled[[row[w] for w in dutch]] = True
        table[~filled] = self.numbers.normal(0, 0.3 / np.sqrt(DIMS), ((~filled).sum(), DIMS))
        seen = np.array([en[w] + nl[w] + own[w] for w in self.pieces.vocabulary], dtype=float)
        return np.asarray(table * (1e-3 / (1e-3 + seen / seen.sum()))[:, None], dtype=np.float32)

    def _unlabelled(self) -> list[str]:
        """English texts without labels: sentences and their parts of SkillSpan train, activities, our own phrases."""
        asked = [s for s in self.sources.sentences if s.spans]
        texts = [s.text for s in asked] + [span for s in asked for span in s.span_texts()]
        cut = list(
            dict.fromkeys(
                p for s in self.sources.sentences for p in parts(s.text)[:MAX_PARTS] if 1 < len(p.split()) < 26
            )
        )
        self.random.shuffle(cut)
        texts += cut[:5000] + self.sources.activities
        texts += [p.text for p in self.sources.phrases if p.lang == "en"]
        return list(dict.fromkeys(texts))

    def _place(self, vectors: Array) -> Array:
        return unit((vectors - self.centre) @ self.axes)

    def _cut(self, text: str) -> list[int]:
        return self.pieces.read([text])[0].values.tolist()

    def _vary(self, cut: list[int]) -> list[int]:
        """A wording within a phrase of an ad now and then; pieces left out, or cut finer."""
        if self.random.random() < 0.3:
            before, after = self.random.choice(self.templates)
            cut = before + cut + after
        out: list[int] = []
        for piece in cut:
            chance = self.random.random()
            if chance < 0.08 and len(cut) > 3:
                continue
            out.extend(self.finer.get(piece) or (piece,) if chance < 0.16 else (piece,))
        return out or cut


def _vectors(table: torch.nn.EmbeddingBag, cuts: list[list[int]]) -> torch.Tensor:
    starts = np.cumsum([0, *(len(cut) for cut in cuts[:-1])])
    flat = torch.tensor([piece for cut in cuts for piece in cut])
    return functional.normalize(table(flat, torch.tensor(starts)), dim=-1)
