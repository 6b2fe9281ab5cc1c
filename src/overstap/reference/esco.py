"""Install the full ESCO classification into the user's data folder, and load it.

This service uses the ESCO classification of the European Commission. Changed on the way in: files of several versions
and languages are merged by URI, labels are put on one line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.errors import ReferenceDataError
from overstap.reference import esco_fetch, esco_files
from overstap.reference.esco_model import Collector
from overstap.reference.home import data_home as data_home
from overstap.reference.sources import ESCO_STATEMENT
from overstap.whole import write_whole

MANIFEST = "esco_manifest.json"
_TABLES = ("skills", "occupations", "relations")
_FORMAT = 1
_INSTALL = "overstap reference install esco --from PATH"


@dataclass(frozen=True)
class EscoReport:
    """What an installation holds. `counts` are rows; those named skills_nl and so on count labels in that language."""

    home: str
    installed: str
    versions: list[str]
    counts: dict[str, int]
    files: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    statement: str = ESCO_STATEMENT

    def __str__(self) -> str:
        c = self.counts
        lines = [
            f"ESCO {', '.join(self.versions) or '(version not named)'} in {self.home}",
            f"  {c['skills']:,} skills ({c['skills_nl']:,} with a Dutch label, {c['skills_en']:,} with an English one)",
            f"  {c['occupations']:,} occupations ({c['occupations_nl']:,} Dutch, {c['occupations_en']:,} English)",
            f"  {c['relations']:,} relations between occupations and skills",
            *(f"  Note: {note}" for note in self.notes),
            *(f"  Skipped {name}: {reason}" for name, reason in self.skipped),
            f"  {self.statement}",
        ]
        return "\n".join(lines)


def install(paths: Sequence[Path], home: Path | None = None) -> EscoReport:
    """Install ESCO from folders, zip files, .csv or .csv.gz files as published (Dutch and English, v1.1-1.2).

    Everything given is merged by URI and takes the place of an earlier installation; newest version and most complete
    list first. A missing or partial Dutch skills file is allowed: those labels are null and the report says how many.
    Files that are unknown or not needed are skipped and listed. Raises `InputError` for a missing path and
    `ReferenceDataError` for a broken file, or where no file is of use; nothing is written then.
    """
    files, skipped = esco_files.find([Path(path) for path in paths])
    collected = Collector()
    newest = max((esco_files.version_key(f.version) for f in files if f.kind == "relations"), default=None)
    used = []
    for file in files:
        if file.kind == "relations" and esco_files.version_key(file.version) != newest:
            skipped.append((file.name, "relations of a newer version were given"))
            continue
        rows = esco_files.read(file, collected)
        used.append(
            {"name": file.name, "kind": file.kind, "language": file.language, "version": file.version}
            | {"rows": rows, "sha256": file.sha256}
        )
    if not collected.skills and not collected.occupations:
        listed = "; ".join(f"{name} ({reason})" for name, reason in skipped[:10]) or "no files at all"
        raise ReferenceDataError(
            "No ESCO skills or occupations were found in what --from names.",
            why=f"Found: {listed}.",
            fix=f"Get the CSV files (Dutch and English) at {esco_files.DOWNLOAD_PAGE}, then run {_INSTALL}.",
        )
    return _write(collected, used, skipped, data_home(home))


def fetch(home: Path | None = None, *, api: str = esco_fetch.API, timeout: float = 30.0) -> EscoReport:
    """Install ESCO from its public web service, some hundreds of requests; raises `ReferenceDataError` where it
    cannot be reached or answers otherwise than documented, saying how to get the files by hand."""
    collected, version = esco_fetch.collect(api, timeout)
    used = [{"name": api, "kind": "web service", "language": None, "version": version, "rows": None, "sha256": None}]
    return _write(collected, used, [], data_home(home))


def installed(home: Path | None = None) -> EscoReport | None:
    """The installation in the user's data folder, or None. Raises `ReferenceDataError` where it is incomplete."""
    folder = data_home(home)
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = raw.pop("format") == _FORMAT and all(
            (folder / f"esco_{name}.parquet").stat().st_size == table["bytes"] for name, table in raw["tables"].items()
        )
        report = EscoReport(**(raw | {"home": str(folder), "skipped": [tuple(pair) for pair in raw["skipped"]]}))
    except FileNotFoundError as error:
        if not (folder / MANIFEST).exists():
            return None
        raise _incomplete(folder, str(error)) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _incomplete(folder, str(error)) from error
    if not whole:
        raise _incomplete(folder, "A table is not the one that was installed.")
    return report


def load_skills(home: Path | None = None) -> pa.Table:
    """Installed skills: esco_uri, label_nl, label_en, alt_nl, alt_en, skill_type, reuse_level, is_digital,
    is_transversal, is_language, group_uri, group_code. Raises `ReferenceDataError` where they are not installed."""
    return _load("skills", home)


def load_occupations(home: Path | None = None) -> pa.Table:
    """Installed occupations: esco_uri, isco08, label_nl, label_en, alt_nl, alt_en; errors as `load_skills`."""
    return _load("occupations", home)


def load_relations(home: Path | None = None) -> pa.Table:
    """Installed relations: occupation_uri, skill_uri, relation (essential, optional); errors as `load_skills`."""
    return _load("relations", home)


def skills_digest(home: Path | None = None) -> str:
    """SHA-256 of the file of the installed skills, from the manifest; errors as `load_skills`."""
    return str(_entry("skills", home)["sha256"])


def _load(name: str, home: Path | None) -> pa.Table:
    _entry(name, home)
    return pq.read_table(data_home(home) / f"esco_{name}.parquet")


def _entry(name: str, home: Path | None) -> dict[str, Any]:
    report = installed(home)
    if report is None or name not in report.tables:
        what = "ESCO is not installed." if report is None else f"The installed ESCO has no {name}."
        raise ReferenceDataError(
            what,
            why=f"Looked in {data_home(home)}.",
            fix=f"{_INSTALL} (files: {esco_files.DOWNLOAD_PAGE}); the taxonomy 'core' works without it.",
        )
    return report.tables[name]


def _incomplete(folder: Path, why: str) -> ReferenceDataError:
    return ReferenceDataError(
        f"The ESCO installation in {folder} is incomplete.", why=why, fix=f"Run {_INSTALL} again; it replaces it."
    )


def _notes(collected: Collector, counts: dict[str, int]) -> list[str]:
    notes = []
    for kind, language, name in (
        ("skills", "nl", "Dutch"),
        ("skills", "en", "English"),
        ("occupations", "nl", "Dutch"),
    ):
        total, labelled = counts[kind], counts[f"{kind}_{language}"]
        if total and not labelled:
            notes.append(f"no {name} labels of {kind}: {kind}_{language}.csv was not given")
        elif labelled < total:
            notes.append(f"{total - labelled:,} of {total:,} {kind} have no {name} label")
    if not collected.relations:
        notes.append("relations are unknown: occupationSkillRelations.csv was not given")
    elif collected.occupations:
        strangers = sum(occupation not in collected.occupations for occupation, _ in collected.relations)
        if strangers:
            notes.append(f"{strangers:,} relations name an occupation that no file describes")
    return notes


def _write(
    collected: Collector, used: list[dict[str, Any]], skipped: list[tuple[str, str]], folder: Path
) -> EscoReport:
    """Write the tables under temporary names, then put them in place, the manifest last."""
    tables = {name: getattr(collected, f"{name}_table")() for name in _TABLES if getattr(collected, name)}
    counts = {name: tables[name].num_rows if name in tables else 0 for name in _TABLES}
    for name in ("skills", "occupations"):
        for language in ("nl", "en"):
            column = tables[name][f"label_{language}"] if name in tables else None
            counts[f"{name}_{language}"] = 0 if column is None else len(column) - column.null_count
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, table in tables.items():
        temporary = folder / f".esco_{name}.parquet.{os.getpid()}"
        pq.write_table(table, temporary, compression="zstd")
        entries[name] = {
            "rows": table.num_rows,
            "bytes": temporary.stat().st_size,
            "sha256": hashlib.sha256(temporary.read_bytes()).hexdigest(),
        }
    report = EscoReport(
        home=str(folder),
        installed=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=sorted({f["version"] for f in used if f["version"]}, key=esco_files.version_key),
        counts=counts,
        files=used,
        skipped=skipped,
        notes=_notes(collected, counts),
        tables=entries,
    )
    for name in _TABLES:
        target = folder / f"esco_{name}.parquet"
        if name in tables:
            (folder / f".esco_{name}.parquet.{os.getpid()}").replace(target)
        else:
            target.unlink(missing_ok=True)
    stored = {"format": _FORMAT, **{k: v for k, v in asdict(report).items() if k != "home"}}
    write_whole(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", folder / MANIFEST)
    return report
