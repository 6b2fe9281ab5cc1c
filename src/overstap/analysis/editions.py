"""Two editions of a study laid beside each other: by how much shares of the same years differ, and why.

A share of a past year can change between editions for two reasons only: other vacancies are counted, or the same
vacancies are coded otherwise. The vacancies that both editions hold in the same year tell the two apart exactly:
what changes among them is coding, the rest is data. Years that only the new edition has are news, and not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from overstap.engine import Engine, make_engine
from overstap.engine.base import Frame
from overstap.pipeline import Study, changed_settings
from overstap.sql.lookups import lookup

_READ = ("core_vacancies", "core_vacancy_skills", "core_skills", "out_demand")


@dataclass(frozen=True)
class Editions:
    """What differs between two editions of a study.

    `shares`: a row per item and year of both (see `sql/lookups/edition_shares.sql`), the largest difference first.
    `counts`: vacancies by year that both hold, only the old and only the new. `settings`: names of the settings that
    differ. `sources`: ids of sources that only one of the two has. `versions`: of overstap, old and new.
    """

    shares: pa.Table
    counts: pa.Table
    settings: list[str]
    sources: list[str]
    versions: tuple[str, str]

    @property
    def is_same_coding(self) -> bool:
        """Whether no vacancy of both is coded otherwise."""
        return not any(self.shares["by_coding_pct"].to_pylist())


def compare_editions(old: Study, new: Study, engine: Engine | None = None) -> Editions:
    """The differences between two finished runs, of the same study or of two that share ads.

    Vacancies are the same where their first ad is. `engine` runs the queries; without it one is opened. Raises
    StoreError where a study has no results.
    """
    opened = engine or make_engine("duckdb", scratch=Path(new.store.folder) / ".scratch")
    try:
        for name, study in (("old", old), ("new", new)):
            for table in _READ:
                opened.read(f"{name}_{table}", study.store.path(table))
        shares = _whole(opened.sql(lookup("edition_shares"), {}))
        counts = _whole(opened.sql(lookup("edition_counts"), {}))
    finally:
        if engine is None:
            opened.close()
    settings = changed_settings(old.spec.model_dump(mode="json"), new.spec.model_dump(mode="json"))
    before, now = ({source.id for source in study.spec.sources} for study in (old, new))
    return Editions(shares, counts, settings, sorted(before ^ now), (_version(old), _version(new)))


def _version(study: Study) -> str:
    return str(study.store.manifest.about.get("versions", {}).get("overstap", ""))


def _whole(frame: Frame) -> pa.Table:
    return pa.Table.from_batches(list(frame.batches()))
