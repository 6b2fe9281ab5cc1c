"""The study's tables for reading: one DuckDB connection over the Parquet files, a cursor per request.

The store may be run again while the dashboard is open. Each request asks for the current snapshot; where the manifest
changed, or files went away in the middle of a query, a new one is opened.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from overstap import __version__
from overstap.errors import OverstapError, StoreError
from overstap.pipeline import Study
from overstap.publish.labels import LANGUAGES, Translator
from overstap.publish.outlook import dimensions_of
from overstap.publish.summary import SummaryChapter
from overstap.reference.tables import load
from overstap.schema.out import ALL, CELL_NAMES, ITEM_KINDS, UNKNOWN
from overstap.store import Store
from overstap.web.deadline import Deadlines
from overstap.web.kept import Kept, KeptStore
from overstap.web.selection import Vocabulary

NEEDED = (
    "out_demand", "out_change", "out_volume", "out_quality", "out_weights", "out_warnings", "core_skills",
    "out_levels", "out_forecast", "out_intensity", "out_borders", "out_polarisation", "out_nowcast",
    "out_cross_over", "out_new_phrases", "out_drift",
    "out_skill_pairs", "out_occupations", "out_occupation_change", "out_occupation_titles", "out_spread",
    "core_quotes", "out_editions", "out_edition_years", "out_edition_facts",
    "core_occupations", "out_moves", "out_placement", "out_placement_occupations", "out_placement_flows",
    "out_placement_groups", "out_placement_bounds", "out_placement_surface",
    "out_training_packages", "out_training_bill", "out_training_returns", "out_training_population",
    "out_education", "out_education_success", "out_education_flow", "out_education_destinations", "out_education_ages",
    "out_curriculum", "out_curriculum_parts",
    "out_outlook_window", "out_scenarios", "out_scenario_levers",
    "out_countries", "out_workforce_age", "out_survey", "out_adoption", "out_survey_quality",
    "core_panel_items", "core_claims", "out_panel_ranking", "out_panel_agreement", "out_panel_statements",
    "out_panel_gap", "out_panel_data", "out_panel_fit",
    "core_initiatives", "core_initiative_links", "out_initiatives", "out_initiative_network", "out_initiative_service",
    "out_evaluation",
)  # fmt: skip
COMPARED = ("sector", "province", "education", "experience", "firm_size", "skill_level", "isco1", "contract")
"""Dimensions by whose values two groups can be compared."""
IN_MEMORY_ROWS = 2_000_000  # answers up to this size are held in memory; larger ones are read from their files
ANSWERED_BYTES = 128 << 20  # of answers that are kept for the next who asks the same
SECONDS_MAX = 20.0  # a query that takes longer is ended
_FILES_GONE = (duckdb.IOException, OSError)
_REPLACED = (*_FILES_GONE, StoreError)
_WAITS = (0.0, 0.2, 0.5, 1.0)  # seconds before a request that found its files gone looks again
_DEADLINES = Deadlines()
Row = dict[str, Any]
T = TypeVar("T")
log = logging.getLogger("overstap.web")


class TooMuch(OverstapError):
    """A question that takes more time, or gives more rows, than one request may."""

    def __init__(self, what: str) -> None:
        super().__init__(what, fix="Narrow it with filters, or take the whole table as Parquet: /api/TABLE.parquet.")


@dataclass
class Snapshot:
    """The tables of one finished run. Raises StoreError where the run is not finished."""

    study: Study
    kept: dict[tuple[str, ...], Any] = field(default_factory=dict)
    """What pages with few choices keep of their values for this run, by page, language and choice."""

    def __post_init__(self) -> None:
        store = self.study.store
        missing = [name for name in NEEDED if name not in store.manifest.tables]
        if missing:
            raise StoreError(
                f"{store.folder} holds no complete results: {', '.join(missing)} not there yet."
                if store.manifest.tables
                else f"{store.folder} holds no results yet.",
                fix=f"Run the study first: overstap run {self.study.path}",
            )
        self._answered = Kept(ANSWERED_BYTES)
        self.study = replace(self.study, store=KeptStore(store, self.table))
        self._connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"})
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute("SET parquet_metadata_cache = true")  # files of a version never change
        for name, entry in store.manifest.tables.items():
            pattern = str(store.path(name) / "*.parquet").replace("'", "''")
            kind = "TABLE" if name in NEEDED and entry.rows <= IN_MEMORY_ROWS else "VIEW"
            self._connection.execute(f"CREATE {kind} \"{name}\" AS SELECT * FROM read_parquet('{pattern}')")
        # Requests run beside each other; within one, a second thread costs more than it spares.
        self._connection.execute("SET threads = 1")
        # From here on the connection reads this study's folder and nothing else.
        folder = str(store.folder.resolve()).replace("'", "''")
        unresolved = str(store.folder).replace("'", "''")
        self._connection.execute(f"SET allowed_directories = ['{folder}', '{unresolved}']")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def table(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of a SELECT with bound `$name` parameters; one cursor, so that requests may run at once.

        What was asked before is answered from memory, as far as there is room. Raises TooMuch where it takes longer
        than `SECONDS_MAX`.
        """
        key = (query, repr(sorted((parameters or {}).items())))
        kept: pa.Table | None = self._answered.get(key)
        if kept is not None:
            return kept
        cursor = self._connection.cursor()
        try:
            with _DEADLINES.within(SECONDS_MAX, cursor.interrupt):
                found: pa.Table = cursor.sql(query, params=dict(parameters or {})).to_arrow_table()
            self._answered.keep(key, found, found.nbytes)
            return found
        except duckdb.InterruptException as error:
            raise TooMuch(f"This question took longer than {SECONDS_MAX:g} seconds.") from error
        finally:
            cursor.close()

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a SELECT as dicts."""
        found: list[Row] = self.table(query, parameters).to_pylist()
        return found

    @cached_property
    def version(self) -> str:
        """A hash of the versions of every table, of the study file's texts and of overstap."""
        tables = sorted((name, entry.version) for name, entry in self.study.store.manifest.tables.items())
        text = repr((__version__, tables, self.study.spec.model_dump_json()))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @cached_property
    def summaries(self) -> dict[str, SummaryChapter]:
        """The findings of the study by language of the page, each made when first asked for."""
        return {lang: SummaryChapter(self.study, t) for lang, t in self.translators.items()}

    @cached_property
    def translators(self) -> Mapping[str, Translator]:
        """A translator per language."""
        return {language: Translator.for_study(self.study, language) for language in LANGUAGES}

    def translator(self, lang: str) -> Translator:
        """The translator of a language (nl or en)."""
        return self.translators[lang]

    @cached_property
    def skills(self) -> list[Row]:
        """Every skill of the taxonomy in use, with its category and group."""
        return self.rows("SELECT skill_id, category, category_group FROM core_skills ORDER BY skill_id")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every value that a filter can take."""
        cells = {name: self._distinct("out_volume", name) for name in CELL_NAMES}
        cells["topsector"] |= set(load("topsectors")["topsector"].to_pylist())
        cells["topsector"] |= self._distinct("out_education_flow", "sector")
        items = self._items()
        items["skill"] = items["skill"] | {s["skill_id"] for s in self.skills}
        categories = {s["category"] for s in self.skills} | {s["category_group"] for s in self.skills}
        return Vocabulary(
            {name: frozenset(values) for name, values in cells.items()},
            frozenset(self._periods("year")),
            frozenset(self._periods("month")),
            {kind: frozenset(values) for kind, values in items.items()},
            frozenset(categories),
            frozenset(self.dimensions),
            frozenset(row["code"] for row in self.occupations),
            frozenset(self._distinct("out_outlook_window", "region") | self._distinct("out_education", "region")),
            frozenset(
                row["item"] for row in self.rows("SELECT DISTINCT item FROM out_countries WHERE measure != 'distance'")
            ),
            self._initiatives(),
            frozenset(f"{name}:{level}" for name, levels in self.levels.items() for level in levels),
            self._labels(cells, items, categories) | self._names_of_occupations() | self._names_of_levels(),
        )

    def _initiatives(self) -> dict[str, frozenset[str]]:
        """The values of each choice on the page of initiatives."""
        rows = self.rows("SELECT DISTINCT topsector AS area, province, initiative_kind, learning FROM out_initiatives")
        found = {
            name: frozenset(row[name] for row in rows) for name in ("area", "province", "initiative_kind", "learning")
        }
        ids = self.rows("SELECT initiative_id FROM core_initiatives")
        return found | {"initiative": frozenset(row["initiative_id"] for row in ids)}

    @cached_property
    def occupations(self) -> list[Row]:
        """Code and names of every occupation of the moves."""
        return self.rows("SELECT code, name_nl, name_en FROM core_occupations ORDER BY code")

    def _names_of_occupations(self) -> dict[tuple[str, str], str]:
        names = [(row[f"name_{language}"], row["code"]) for row in self.occupations for language in LANGUAGES]
        return {("occupation", name.lower()): code for name, code in names if name}

    def _names_of_levels(self) -> dict[tuple[str, str], str]:
        pairs = [(name, level) for name, levels in self.levels.items() for level in levels]
        told = self.translators.values()
        return {("level", t.value(name, level).lower()): f"{name}:{level}" for t in told for name, level in pairs}

    @cached_property
    def levels(self) -> dict[str, list[str]]:
        """The values of dimensions with enough vacancies to compare, by dimension."""
        query = """
            SELECT DISTINCT dimension, level FROM out_levels
            WHERE period_kind = 'all' AND item_kind = 'category_group' AND is_reliable AND level != $unknown
            ORDER BY dimension, level
        """
        found: dict[str, list[str]] = {}
        for row in self.rows(query, {"unknown": UNKNOWN}):
            found.setdefault(row["dimension"], []).append(row["level"])
        return {name: found[name] for name in COMPARED if len(found.get(name, ())) > 1}

    @cached_property
    def dimensions(self) -> Sequence[str]:
        """The dimensions that tell the study's vacancies apart."""
        return dimensions_of(self.study)

    def _distinct(self, table: str, column: str) -> set[str]:
        return {r["v"] for r in self.rows(f'SELECT DISTINCT "{column}" AS v FROM {table}')} - {ALL}

    def _periods(self, kind: str) -> set[str]:
        query = "SELECT DISTINCT period AS v FROM out_volume WHERE period_kind = $kind"
        return {r["v"] for r in self.rows(query, {"kind": kind})}

    def _items(self) -> dict[str, set[str]]:
        query = """
            SELECT item_kind, item_id FROM out_demand
            WHERE period_kind = 'all' AND topsector = 'all' AND function_group = 'all' AND language = 'all'
                AND source_id = 'all'
        """
        found: dict[str, set[str]] = {kind: set() for kind in ITEM_KINDS}
        for row in self.rows(query):
            found[row["item_kind"]].add(row["item_id"])
        return found

    def _labels(
        self, cells: Mapping[str, set[str]], items: Mapping[str, set[str]], categories: set[str]
    ) -> dict[tuple[str, str], str]:
        labels: dict[tuple[str, str], str] = {}
        for t in self.translators.values():
            for name, values in cells.items():
                labels |= {(name, t.value(name, v).lower()): v for v in values}
            for kind, values in items.items():
                labels |= {("item_id", t.value(kind, v).lower()): v for v in values}
            labels |= {("dimension", t.value("dimension", d).lower()): d for d in self.dimensions}
            labels |= {("category", category_label(t, c).lower()): c for c in categories}
        return labels


def category_label(t: Translator, category: str) -> str:
    """The name of a category of skills, or of a group of categories."""
    is_group = t.has(f"value.category_group.{category}")
    return t.value("category_group" if is_group else "category", category)


class Results:
    """The current snapshot of a study that may be run again meanwhile."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = threading.Lock()
        self._seen = self._manifest_time()
        self._snapshot = Snapshot(study)

    def _manifest_time(self) -> int:
        try:
            return (self._study.store.folder / "manifest.json").stat().st_mtime_ns
        except OSError:
            return 0

    def current(self, *, again: bool = False) -> Snapshot:
        """The snapshot of the last finished step; `again` opens it anew.

        While a run replaces tables, or stopped half way, the last complete one stays: it answers from memory.
        """
        with self._lock:
            seen = self._manifest_time()
            if again or seen != self._seen:
                try:
                    store = Store(self._study.store.folder)
                    self._snapshot = Snapshot(Study(self._study.path, self._study.spec, store))
                    self._seen = seen
                except _REPLACED as error:
                    log.info("no new tables yet: %s", error)
            return self._snapshot

    def read(self, make: Callable[[Snapshot], T]) -> T:
        """What `make` reads from the current snapshot; again where a run replaced its files meanwhile.

        Raises StoreError where the files are still not there after some seconds.
        """
        snapshot = self.current()
        for wait in (*_WAITS, None):
            try:
                return make(snapshot)
            except _FILES_GONE as error:
                if wait is None:
                    raise StoreError(
                        "A run is replacing the tables of this study just now.", fix="Ask again in a minute."
                    ) from error
                time.sleep(wait)
                snapshot = self.current(again=True)
        raise AssertionError("the last wait raises")
