"""Train the ranker on texts made of held-out phrases, and calibrate it on labelled sentences of ads.

The embeddings have never seen the held-out phrases; one half of them trains the network, the other measures it. Texts
are phrases alone, Dutch ones in the frames of ads, and English ones in place of the spans of SkillSpan train sentences,
so that the words around them are those of ads.
"""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from linker_sources import Phrase, Sentence, Sources, bare
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

from overstap.semantic.linker import BLOCK, Linker
from overstap.semantic.ranker import Ranker

Array = npt.NDArray[np.float32]
Case = tuple[str, set[int]]
HIDDEN, EPOCHS, RATE, GROUP = 24, 8, 5e-3, 200
MADE, KNOTS, FIRST, BEYOND = 7000, 61, 10, 6.0
_KNOWN_SHARE, _LABEL_SHARE = 0.6, {"en": 0.28, "nl": 0.15}
_FRAMES = [
    "Je bent verantwoordelijk voor {}",
    "Wij vragen: {}",
    "Je hebt ervaring met {}",
    "{}",
    "Daarnaast ga je {}",
    "In deze functie {}",
    "Jij bent iemand die {}",
    "Wat breng je mee? {}",
    "Tot je taken behoren {}",
    "Verder vinden we het belangrijk dat {}",
    "- {}",
]
_JOINTS = (", ", " en ", "; ")


class Maker:
    """Makes texts with known skills out of phrases."""

    def __init__(self, found: Sources, phrases: list[Phrase], seed: int) -> None:
        self.found, self.phrases, self.random = found, phrases, random.Random(seed)
        self.by_lang = {lang: [p for p in phrases if p.lang == lang] for lang in ("nl", "en")}
        self.shared = [k for k, level in enumerate(found.reuse) if level in ("cross-sector", "transversal")]
        self.frames = [s for s in found.sentences if s.spans]

    def texts(self, n: int) -> list[Case]:
        """`n` texts with the rows of their skills."""
        out: list[Case] = []
        for _ in range(n):
            chance = self.random.random()
            if chance < 0.35:
                out.append(self._in_sentence())
            elif chance < 0.65:
                out.append(self._dutch())
            else:
                phrase = self.random.choice(self.phrases)
                out.append((phrase.text, {phrase.skill}))
        return out

    def _one(self, lang: str) -> tuple[str, int]:
        if self.random.random() < _LABEL_SHARE[lang]:
            skill = self.random.choice(self.shared)
            own = self.found.labels_nl[skill] if lang == "nl" else None
            return bare(own or self.found.labels_en[skill]), skill
        phrase = self.random.choice(self.by_lang[lang])
        return phrase.text, phrase.skill

    def _in_sentence(self) -> Case:
        sentence = self.random.choice(self.frames)
        words: list[str] = []
        skills: set[int] = set()
        at = 0
        for start, end in sentence.spans:
            if start < at:
                continue
            words += sentence.tokens[at:start]
            text, skill = self._one("en")
            words.append(text)
            skills.add(skill)
            at = end
        return " ".join([*words, *sentence.tokens[at:]]), skills

    def _dutch(self) -> Case:
        several = [self._one("nl") for _ in range(self.random.choice((1, 1, 1, 2, 2, 3)))]
        joined = self.random.choice(_JOINTS).join(text for text, _ in several)
        return self.random.choice(_FRAMES).format(joined), {skill for _, skill in several}


def named(found: Sources) -> list[Case]:
    """SkillSpan train sentences most of whose spans are a label, or one of our phrases, word for word."""
    known = {bare(label).lower(): k for k, label in reversed(list(enumerate(found.labels_en)))}
    known |= {p.text.lower(): p.skill for p in [*found.phrases, *found.phrases_held]}
    return [case for s in found.sentences if (case := _named(s, known))]


def _named(sentence: Sentence, known: dict[str, int]) -> Case | None:
    skills = [known.get(span.lower()) for span in sentence.span_texts()]
    sure = {k for k in skills if k is not None}
    enough = skills and sum(k is not None for k in skills) >= _KNOWN_SHARE * len(skills)
    return (sentence.text, sure) if enough else None


@dataclass(frozen=True)
class Judged:
    """Pairs of made texts and skills, those of a text together: features, skill, number of the text, right or not."""

    features: Array
    skill: npt.NDArray[np.int32]
    query: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, linker: Linker, cases: list[Case]) -> Judged:
        """Judge the candidates of each text by the skills it was made of."""
        found = [(at, linker.pairs([t for t, _ in cases[at : at + BLOCK]])) for at in range(0, len(cases), BLOCK)]
        skill = np.concatenate([p.skill for _, p in found])
        query = np.concatenate([p.query + at for at, p in found])
        right = np.array([s in cases[q][1] for s, q in zip(skill.tolist(), query.tolist(), strict=True)])
        return cls(np.concatenate([p.features for _, p in found]), skill, query, right)

    def starts(self) -> npt.NDArray[np.int64]:
        return np.concatenate([[0], np.flatnonzero(np.diff(self.query)) + 1, [len(self.query)]])


def trains(phrase: Phrase) -> bool:
    """Whether a held-out phrase trains the ranker; the others measure it."""
    return zlib.crc32(("ranker " + phrase.text).encode()) % 2 == 0


def train_ranker(linker: Linker, found: Sources, judged: list[Case], apart: list[Case]) -> Ranker:
    """Train on half of the held-out phrases, calibrate on `judged` and written texts, tell how it holds `apart`."""
    held = [p for p in found.phrases_held + found.crosswalk_held if trains(p)]
    made = Maker(found, held, 7).texts(MADE) + (named(found) + found.written[::2]) * 3
    judged = judged + found.written[1::2]
    ranker = _calibrate(_fit(linker.ranker, Judged.of(linker, made)), Judged.of(linker, judged))
    for name, cases in (("judged", judged), ("apart", apart)):
        _reliability(name, ranker, Judged.of(linker, cases))
    return ranker


def _fit(start: Ranker, judged: Judged) -> Ranker:
    torch.manual_seed(0)
    x = np.concatenate([judged.features, start.facts[judged.skill]], axis=1)
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    inputs, wanted = torch.tensor((x - centre) / spread), torch.tensor(judged.right, dtype=torch.float32)
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.Adam(net.parameters(), RATE, weight_decay=1e-5)
    starts = judged.starts()
    for epoch in range(EPOCHS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS) + 2e-4
        order = np.random.default_rng(epoch).permutation(len(starts) - 1)
        total = 0.0
        for at in range(0, len(order), GROUP):
            texts = order[at : at + GROUP]
            rows = np.concatenate([np.arange(starts[t], starts[t + 1]) for t in texts])
            owner = torch.tensor(np.repeat(np.arange(len(texts)), starts[texts + 1] - starts[texts]))
            loss = _loss(net(inputs[rows])[:, 0], wanted[rows], owner, len(texts))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
        print(f"  ranker, epoch {epoch}: loss {total * GROUP / len(order):.3f}", flush=True)
    hidden, hidden_bias, out, out_bias = (p.detach().numpy() for p in net.parameters())
    ends = np.array([-8.0, 8.0])
    return Ranker(start.facts, centre, spread, hidden.T, hidden_bias, out[0], out_bias, ends, 1 / (1 + np.exp(-ends)))


def _loss(odds: torch.Tensor, wanted: torch.Tensor, owner: torch.Tensor, texts: int) -> torch.Tensor:
    """Pair by pair, and as a choice among the candidates of each text."""
    pairwise = functional.binary_cross_entropy_with_logits(odds, wanted)
    highest = torch.full((texts,), -1e9).scatter_reduce(0, owner, odds.detach(), "amax")
    mass = torch.zeros(texts).scatter_add(0, owner, torch.exp(odds - highest[owner]))
    logs = odds - highest[owner] - torch.log(mass[owner])
    right = torch.zeros(texts).scatter_add(0, owner, wanted).clamp(min=1)
    return 3 * pairwise - 0.3 * (logs * wanted / right[owner]).sum() / texts


def _calibrate(ranker: Ranker, judged: Judged) -> Ranker:
    """A logistic map of the odds of the first of each text (Platt scaling)."""
    odds, first = _first(ranker, judged)
    line = LogisticRegression(C=1e6).fit(odds[first, None], judged.right[first])
    knots = np.linspace(odds[first].min() - BEYOND, odds[first].max() + BEYOND, KNOTS)
    return Ranker(**{**vars(ranker), "raw": knots, "calibrated": line.predict_proba(knots[:, None])[:, 1]})


def _first(ranker: Ranker, judged: Judged) -> tuple[Array, npt.NDArray[np.bool_]]:
    odds = ranker.odds(judged.features, judged.skill)
    order = np.lexsort((-odds, judged.query))
    starts = judged.starts()
    rank = np.empty(len(odds), dtype=np.int64)
    rank[order] = np.arange(len(odds)) - np.repeat(starts[:-1], np.diff(starts))
    return odds, rank < FIRST


def _reliability(name: str, ranker: Ranker, judged: Judged) -> None:
    odds, first = _first(ranker, judged)
    said, right = ranker.probability(odds[first]), judged.right[first]
    brier, plain = np.mean((said - right) ** 2), right.mean() * (1 - right.mean())
    print(f"  {name}: Brier {brier:.3f}, of always saying the mean {plain:.3f}")
    for low, high in ((0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        here = (said >= low) & (said < high)
        if here.any():
            print(f"    said {said[here].mean():.2f}, true {right[here].mean():.2f}, n={here.sum()}")
