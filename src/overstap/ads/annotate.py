"""From a batch of ads to their annotation: every code with its score, every skill with its span.

One `Annotator` is made per run and called for each batch, from several threads or, on Spark, in several processes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from overstap.errors import InputError, OverstapError
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS, FACT_SPANS, SECTIONS, SKILLS
from overstap.study import Annotation, StudySpec

if TYPE_CHECKING:
    from overstap.ads.lexicon import FormIndex
    from overstap.ads.spans import Spans
    from overstap.audit.corrections import Correction, Corrector

# Columns of `raw_ads` that annotation reads.
READS = (
    "ad_id", "title", "text", "company", "place", "posted_date", "sector_text", "sbi_code", "salary_text",
    "contract_text", "education_text", "hours_text", "occupation_text",
)  # fmt: skip


class Annotator:
    """Annotates batches of ads. Pure: the same ads give the same rows, whatever the batches, threads or processes.

    `settings`: taxonomy and thresholds. `topsectors`: table of topsector and sbi_code. `corrections`: what a reader
    made of codings. The index is built at the first call, so an annotator is small to send to another process.
    """

    def __init__(self, settings: Annotation, topsectors: pa.Table, corrections: Sequence[Correction] = ()) -> None:
        self.settings = settings
        self.topsectors = topsectors
        self.corrections = corrections
        self._lock = threading.Lock()
        self._lexicon: Lexicon | None = None
        self._correct: Corrector | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"settings": self.settings, "topsectors": self.topsectors, "corrections": self.corrections}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def __call__(self, ads: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of `core_annotations`, in the order of `ads` (the columns READS of `raw_ads`)."""
        from overstap.ads.education import KIND, read_education
        from overstap.ads.facts import read_facts
        from overstap.ads.language import language_of_votes
        from overstap.ads.own_title import title_spans
        from overstap.ads.scan import scan
        from overstap.ads.sections import read_zones, walk

        lexicon = self._load()
        texts = ads.column("text")
        found = scan(texts, lexicon.index)
        walked = walk(texts, found, lexicon.index, KIND)
        zones = read_zones(texts, found, lexicon.index, walked)
        language, _ = language_of_votes(texts, found.votes, found.n_tokens)
        columns = {"ad_id": ads.column("ad_id"), "title": ads.column("title"), "language": language}
        columns |= self._coded(ads)
        education = read_education(texts, found, lexicon.index, zones, ads.column("education_text"), walked)
        columns["education_levels"] = education.levels
        facts = read_facts(texts, found, lexicon.index, zones, ads)
        columns |= facts.columns
        columns["fact_spans"] = fact_spans({"education_levels": education.spans, **facts.spans}, len(texts))
        columns["skills"] = lexicon.skills(found, zones, title_spans(texts, columns["title_key"]), texts)
        if self._correct is not None:
            columns = self._correct(columns, ads.column("company"))
        return pa.RecordBatch.from_pydict({name: columns[name] for name in table_spec("core_annotations").names})

    def forget(self) -> None:
        """Read every title and phrase anew from now on: those that were seen before cost next to nothing."""
        from overstap.ads.facts.windows import forget_windows

        self._load().coder.forget()
        forget_windows()

    def _load(self) -> Lexicon:
        from overstap.audit.corrections import Corrector

        with self._lock:
            if self._lexicon is None:
                lexicon = Lexicon(self.settings)
                if self.corrections:
                    self._correct = Corrector(self.corrections, self.topsectors, lexicon.taxonomy.skills)
                self._lexicon = lexicon
            return self._lexicon

    def _coded(self, ads: pa.RecordBatch) -> dict[str, pa.Array]:
        """Occupation from the title; sector, topsectors and region from the feed's fields and the employer's name."""
        from overstap.ads.occupation import code_titles
        from overstap.ads.place import code_places
        from overstap.ads.sector import code_sectors, topsectors_of
        from overstap.ads.title_domains import hybrid_roles
        from overstap.ads.titles import normalise_titles

        titles = ads.column("title")
        coder, min_score = self._load().coder, self.settings.occupation_score
        occupation = code_titles(titles, ads.column("occupation_text"), min_score, coder=coder)
        sector = code_sectors(
            ads.column("sbi_code"), ads.column("sector_text"), ads.column("company"), self.settings.sector_score
        )
        place = code_places(ads.column("place"))
        columns = {"title_key": normalise_titles(titles)}
        for coded in (occupation, sector, place):
            columns |= dict(zip(coded.schema.names, coded.columns, strict=True))
        columns |= hybrid_roles(titles, occupation["codable"])
        # Of a code marked `part` only some firms belong to the topsector: all of SBI 62 would swamp HTSM with ICT.
        columns["topsectors"] = topsectors_of(columns["sbi_code"], self.topsectors, parts=("full",))
        return columns


class Lexicon:
    """What a run loads once: one index for all that is looked for in a text, the rules by which what it found becomes
    skill mentions, and the coder of titles."""

    def __init__(self, settings: Annotation) -> None:
        from overstap.ads.lexicon import FormIndex
        from overstap.ads.occupation import default_coder
        from overstap.ads.skills import SkillRules
        from overstap.reference.cache import keep
        from overstap.reference.taxonomy import load_taxonomy
        from overstap.semantic.step import SemanticStep, is_wanted

        taxonomy = settings.taxonomy
        self.taxonomy = load_taxonomy(taxonomy)
        self.coder = default_coder()  # once: the user's own titles stay the same for all batches of a run
        self.rules = SkillRules.of(self.taxonomy)
        self.index = keep(f"forms-{taxonomy}", self.taxonomy.version, self._build, FormIndex.pack, FormIndex.unpack)
        self.semantic = SemanticStep(self.taxonomy, settings.skill_score) if is_wanted(settings) else None

    def _build(self) -> FormIndex:
        from overstap.ads.education import education_kinds
        from overstap.ads.facts import fact_kinds
        from overstap.ads.language import stop_words
        from overstap.ads.lexicon import FormIndex
        from overstap.ads.section_tables import section_kinds
        from overstap.ads.skills import INFLECTED, OVERLAPPING, skill_kinds

        kinds = {**skill_kinds(self.taxonomy, self.rules), **section_kinds(), **education_kinds(), **fact_kinds()}
        return FormIndex.build(kinds, overlapping=OVERLAPPING, votes=stop_words(), inflected=INFLECTED)

    def skills(self, found: Any, zones: Any, own_titles: Spans, texts: pa.Array) -> pa.Array:
        """Skill mentions per text, with section and whether required (null where that part of the ad asks nothing).

        Headings, what is said not to be needed, roles of colleagues, and words of the ad's own title where the text
        repeats it, are left out.
        """
        from overstap.ads.coordination import taken_back
        from overstap.ads.skills import skill_mentions

        mentions = skill_mentions(found, self.index, self.rules)
        if self.semantic is not None:
            mentions = self.semantic.add(mentions, texts, zones)
        row, start, end = (np.asarray(mentions[name]) for name in ("row", "start", "end"))
        wanted = ~taken_back(texts, row, start, end, zones, (found, self.index)) & ~own_titles.covers(row, start)
        wanted &= ~zones.headings.covers(row, start)
        mentions, row, start = mentions.filter(pa.array(wanted)), row[wanted], start[wanted]
        names = ["skill_id", "esco_uri", "label_nl", "label_en", "category"]
        described = self.taxonomy.skills.select(names).take(mentions["skill_index"])
        columns = {name: flat(described[name]) for name in names}
        section = zones.section_of(row, start)
        columns["section"] = pa.DictionaryArray.from_arrays(pa.array(section), pa.array(SECTIONS)).cast(pa.string())
        unasked = ~np.isin(section, [SECTIONS.index(name) for name in ASKED_SECTIONS])
        columns["required"] = pa.array(~zones.optional.covers(row, start), mask=unasked)
        columns |= {name: flat(mentions[name]) for name in ("start", "end", "score", "method")}
        return lists_by_row(columns, SKILLS, row, len(found.n_tokens))


def flat(column: pa.ChunkedArray) -> pa.Array:
    """A column of a table as one array."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def fact_spans(spans: Mapping[str, Spans], rows: int) -> pa.Array:
    """The spans of every fact per row, in the order of the fields, then of the text."""
    row = np.concatenate([s.row for s in spans.values()])
    order = np.argsort(row, kind="stable")
    field = pa.array([name for name, s in spans.items() for _ in range(len(s.row))], pa.string())
    columns = {
        "field": field.take(pa.array(order)),
        "start": pa.array(np.concatenate([s.start for s in spans.values()])[order]),
        "end": pa.array(np.concatenate([s.end for s in spans.values()])[order]),
    }
    return lists_by_row(columns, FACT_SPANS, row[order], rows)


def lists_by_row(columns: dict[str, pa.Array], type_: pa.ListType, row: Any, rows: int) -> pa.Array:
    """A list of structs per row from flat columns ordered by `row` (0 … rows − 1); rows without entries are empty."""
    fields = [type_.value_type.field(i) for i in range(type_.value_type.num_fields)]
    structs = pa.StructArray.from_arrays([columns[f.name].cast(f.type) for f in fields], fields=fields)
    offsets = np.searchsorted(row, np.arange(rows + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), structs, type=type_)


def topsector_table(setting: str, base: Path) -> pa.Table:
    """The topsector → SBI table (topsector, sbi_code, part): the bundled default, or the study's own CSV.

    In a CSV of the study `part` may be left out: every code then counts in full.

    Raises InputError where the file is missing or lacks a column.
    """
    if setting == "default":
        from overstap.reference.tables import load

        return load("topsector_sbi").select(["topsector", "sbi_code", "part"])
    path = base / setting
    try:
        types = dict.fromkeys(("topsector", "sbi_code", "part"), pa.string())
        table = pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types=types))
    except FileNotFoundError:
        raise InputError(
            f"topsectors: there is no file {path}.", fix="Name a CSV, or use topsectors: default."
        ) from None
    except pa.ArrowInvalid as error:
        raise InputError(f"topsectors: {path} is not a CSV: {error}", fix="Columns: topsector,sbi_code.") from error
    missing = {"topsector", "sbi_code"} - set(table.column_names)
    if missing:
        raise InputError(
            f"topsectors: {path} lacks {', '.join(sorted(missing))}; it has {', '.join(table.column_names)}.",
            fix="Columns: topsector,sbi_code. Start from: overstap reference show topsector_sbi",
        )
    part = table["part"] if "part" in table.column_names else pa.repeat("full", len(table))
    return table.select(["topsector", "sbi_code"]).append_column("part", part)


def corrections_of(spec: StudySpec, base: Path) -> list[Correction]:
    """The corrections of codings that the study names; raises InputError as `read_corrections` does."""
    from overstap.audit.corrections import read_corrections
    from overstap.reference.taxonomy import load_taxonomy

    if spec.corrections is None:
        return []
    return read_corrections(
        base / spec.corrections, load_taxonomy(spec.annotation.taxonomy).skills["skill_id"].to_pylist()
    )


def check_settings(spec: StudySpec, base: Path) -> Iterable[OverstapError]:
    """Problems of the settings that annotation depends on: tables and corrections, an ESCO that is not installed or
    whose skills break the contract of `core_skills`."""
    for read in (lambda: topsector_table(spec.topsectors, base), lambda: corrections_of(spec, base)):
        try:
            read()
        except OverstapError as error:
            yield error
    if spec.annotation.taxonomy == "esco":
        from overstap.reference import esco
        from overstap.reference.taxonomy import load_taxonomy

        if esco.installed() is None:
            yield InputError(
                "annotation.taxonomy is esco, but ESCO is not installed.",
                fix="overstap reference install esco --from PATH, or use taxonomy: core.",
            )
            return
        try:
            for batch in load_taxonomy(spec.annotation.taxonomy).skills.to_batches():
                table_spec("core_skills").cast(batch)
        except OverstapError as error:
            yield error
