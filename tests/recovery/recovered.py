"""A simulated market beside what the study made of it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.pipeline import Study
from overstap.simulate import MarketFiles, MarketSpec
from overstap.simulate.concepts import CONCEPTS, DIGITAL
from overstap.simulate.demo import _source, _study_text, _write_topsectors
from overstap.simulate.lexicon import forms, sentences
from overstap.simulate.mentions import _FRAMES, _frame_kind
from overstap.study import Annotation
from tests.recovery.markets import latent_shares

Row = dict[str, Any]
Record = Callable[[str, object], None]  # of pytest's record_property: figures for the report of the run
DIGITAL_IDS = frozenset(c.id for c in CONCEPTS if c.category in DIGITAL)


@lru_cache(maxsize=1)
def crosswalk() -> dict[str, tuple[str, ...]]:
    """Concept of the simulator → skills of the core taxonomy that mean it, settled by hand."""
    with (Path(__file__).parent / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["concept"]: tuple(skill.strip() for skill in row["skill_ids"].split("|")) for row in rows}


@lru_cache(maxsize=1)
def own_skill() -> dict[str, str]:
    """Concepts that mean exactly one skill, which no other concept means: their shares compare one to one."""
    meant = [skill for skills in crosswalk().values() for skill in skills]
    return {c: s[0] for c, s in crosswalk().items() if len(s) == 1 and meant.count(s[0]) == 1}


def write_study(folder: Path, spec: MarketSpec, files: MarketFiles) -> Path:
    """A study file as the demo's for any market; the path of it."""
    _write_topsectors(folder / "topsectors.csv")
    sources = [_source(feed, folder) for feed in files.feeds if feed.rows]
    (folder / "study.yaml").write_text(_study_text(spec, sources), encoding="utf-8")
    return folder / "study.yaml"


@dataclass(frozen=True)
class Recovered:
    """The folder of a simulated market that the study has run on, with its truth."""

    folder: Path
    spec: MarketSpec

    @cached_property
    def study(self) -> Study:
        return Study.open(self.folder / "study.yaml")

    @cached_property
    def truth(self) -> dict[str, Row]:
        """True vacancies by id."""
        return {v["vacancy_id"]: v for v in pq.read_table(self.folder / "market/truth/vacancies.parquet").to_pylist()}

    @cached_property
    def true_vacancy(self) -> dict[str, str]:
        """Ad as the study names it → true vacancy."""
        ads = pq.read_table(self.folder / "market/truth/ads.parquet", columns=["ad_id", "vacancy_id"])
        known = dict(zip(ads["ad_id"].to_pylist(), ads["vacancy_id"].to_pylist(), strict=True))
        read = self.study.table("core_postings", ["ad_id"])["ad_id"].to_pylist()
        return {ad: known[ad.split("/", 1)[1]] for ad in read}

    @cached_property
    def coded(self) -> list[tuple[Row, Row, frozenset[str]]]:
        """Every counted vacancy with its truth and the skills that the study says it asks."""
        asked = defaultdict(set)
        for row in self.study.table("core_vacancy_skills", ["vacancy_id", "skill_id"]).to_pylist():
            asked[row["vacancy_id"]].add(row["skill_id"])
        names = ["vacancy_id", "year", "isco08", "function_group", "topsectors", "language"]
        rows = self.study.table("core_vacancies", names).to_pylist()
        return [(v, self.truth[self.true_vacancy[v["vacancy_id"]]], frozenset(asked[v["vacancy_id"]])) for v in rows]

    @cached_property
    def latent(self) -> dict[tuple[str, str, str], float]:
        """See `latent_shares`."""
        return latent_shares(self.spec)

    def rows(self, table: str, **wanted: str) -> list[Row]:
        """Rows of an `out_` table whose columns have these values; language and source are not split."""
        found = self.study.table(table)
        for name, value in {"language": "all", "source_id": "all", "function_group": "all", **wanted}.items():
            found = found.filter(pc.equal(found[name], value))
        return found.to_pylist()


@lru_cache(maxsize=1)
def known_forms() -> dict[tuple[str, str, str], list[float]]:
    """Per (concept, language, form kind): for each form the simulator has, in which share of the simulator's sentences
    the real lexicon knows it.

    Known means: an ad with no requirement but this sentence is found to ask a skill that means the concept.
    """
    keys, texts = [], []
    category = {c.id: c.category for c in CONCEPTS}
    for (concept, language, kind), options in forms().items():
        head = "Eisen" if language == "nl" else "Requirements"
        frames = sentences(language)[_FRAMES[_frame_kind(category[concept])]]
        for number, form in enumerate(options):
            for frame in ["{x}"] if form.clause else frames if kind == "plain" else frames[:2]:
                keys.append((concept, language, kind, number))
                texts.append(f"{head}\n- {frame.replace('{x}', form.text)}\n")
    columns: dict[str, Any] = {name: pa.nulls(len(texts), pa.string()) for name in READS}
    columns |= {"ad_id": pa.array([str(i) for i in range(len(texts))]), "text": pa.array(texts)}
    columns["title"] = pa.repeat("Medewerker", len(texts))
    annotate = Annotator(Annotation(), topsector_table("default", Path()))
    found = annotate(pa.RecordBatch.from_pydict(columns))["skills"].to_pylist()
    hits: dict[tuple[str, str, str, int], list[bool]] = defaultdict(list)
    for key, mentions in zip(keys, found, strict=True):
        hits[key].append(any(m["skill_id"] in crosswalk()[key[0]] for m in mentions or []))
    out: dict[tuple[str, str, str], list[float]] = {key: [] for key in forms()}
    for (concept, language, kind, _), known in hits.items():
        out[concept, language, kind].append(sum(known) / len(known))
    return out
