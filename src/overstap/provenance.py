"""Whence the numbers come: digests of what was read, and `datapackage.json` beside the results."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from overstap import __version__
from overstap.codebase import package_digest
from overstap.reference.sources import all_sources
from overstap.schema import table_spec, to_frictionless
from overstap.store import Store
from overstap.study import StudySpec
from overstap.whole import write_whole

_SETTLED_NS = 2_000_000_000


def digest_files(paths: Iterable[Path], store: Store, *, first: bool = False) -> dict[str, str]:
    """Content digest of each file, kept in the manifest; `first`: in place of all that an earlier run kept there.

    A file is read again where its size, inode or times differ, or where it was written so shortly before its digest was
    taken that a later change could carry the same time.
    """
    known, found = store.manifest.inputs, {}
    if first:
        store.manifest.inputs = {}
    for path in paths:
        stat = path.stat()
        seen = {"size": stat.st_size, "inode": stat.st_ino, "mtime_ns": stat.st_mtime_ns, "ctime_ns": stat.st_ctime_ns}
        entry = known.get(str(path), {})
        if any(entry.get(name) != value for name, value in seen.items()) or not entry.get("settled"):
            settled = time.time_ns() - max(stat.st_mtime_ns, stat.st_ctime_ns) > _SETTLED_NS
            entry = {**seen, "settled": settled, "digest": _digest(path)}
        store.manifest.inputs[str(path)] = entry
        found[str(path)] = entry["digest"]
    return found


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def about_run(spec: StudySpec) -> dict[str, Any]:
    """What a finished run followed from, for the manifest: settings with their seeds, the code, the skills taxonomy,
    the versions of all that it stands on, and the kind of machine. Files that were read stand in its `inputs`.
    """
    from overstap.reference.taxonomy import taxonomy_version

    settings, taxonomy = spec.model_dump(mode="json"), spec.annotation.taxonomy
    return {
        "study": settings,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "code": package_digest(),
        "taxonomies": {taxonomy: taxonomy_version(taxonomy)},
        "seeds": dict(_seeds(settings)),
        "versions": versions(spec.engine),
        "machine": f"{platform.system()} {platform.machine()}",
    }


LIBRARIES = (
    "babel", "duckdb", "fastapi", "jinja2", "markdown-it-py", "numba", "numpy", "pyarrow", "pydantic", "pyyaml", "rich",
    "scipy", "selectolax", "sqlglot", "typer", "uvicorn", "xlsxwriter",
)  # fmt: skip
"""What overstap depends on, as pyproject.toml names it: from a checkout that is not installed it cannot be asked."""


def versions(engine: str = "duckdb") -> dict[str, str]:
    """The versions of overstap, of Python and of every library, that of Spark where the engine is Spark."""
    found = {"overstap": __version__, "python": platform.python_version()}
    for name in (*LIBRARIES, *(["pyspark"] if engine == "spark" else [])):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _seeds(settings: Any, name: str = "") -> Iterator[tuple[str, int]]:
    """Every seed among settings, by its dotted name."""
    pairs = (
        settings.items() if isinstance(settings, dict) else enumerate(settings) if isinstance(settings, list) else ()
    )
    for key, value in pairs:
        dotted = f"{name}.{key}".removeprefix(".")
        if key == "seed" and isinstance(value, int):
            yield dotted, value
        else:
            yield from _seeds(value, dotted)


def datapackage(spec: StudySpec, store: Store) -> dict[str, Any]:
    """The description of the results (Frictionless Data Package): contract, rows, step and version of each table."""
    resources: list[dict[str, Any]] = []
    for name, entry in sorted(store.manifest.tables.items()):
        contract = table_spec(name)
        folder = store.path(name)
        resources.append(
            {
                "name": name,
                "title": contract.label_en,
                "title_nl": contract.label_nl,
                "path": [str(p.relative_to(store.folder)) for p in sorted(folder.glob("*.parquet"))],
                "format": "parquet",
                "rows": entry.rows,
                "step": entry.step,
                "version": entry.version,
                "schema": to_frictionless(contract),
            }
        )
    return {
        "name": spec.study,
        "title": spec.title.get("en", spec.study),
        "title_nl": spec.title.get("nl", spec.study),
        "simulated": spec.simulated,
        "created": store.manifest.about.get("finished"),
        "created_with": store.manifest.about.get("versions"),
        "code": store.manifest.about.get("code"),
        "taxonomies": store.manifest.about.get("taxonomies"),
        "seeds": store.manifest.about.get("seeds"),
        "sources": [
            {"title": source.id, "path": ", ".join(source.files), "description": source.note.get("en", "")}
            for source in spec.sources
        ],
        # Names, not paths: a results folder is passed on, and where it was made concerns nobody.
        "inputs": [
            {"name": Path(path).name, "bytes": entry["size"], "blake2b": entry["digest"]}
            for path, entry in store.manifest.inputs.items()
        ],
        "reference": [
            {"title": s.title, "publisher": s.publisher, "period": s.period, "licence": s.licence, "path": s.url}
            for s in all_sources().values()
        ],
        "resources": resources,
    }


def write_datapackage(spec: StudySpec, store: Store) -> Path:
    """Write `datapackage.json` beside the tables; it appears whole."""
    path = store.folder / "datapackage.json"
    write_whole(json.dumps(datapackage(spec, store), indent=1, ensure_ascii=False), path)
    return path
