"""Whence the numbers come: digests of what was read, and `datapackage.json` beside the results."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from overstap import __version__
from overstap.schema import table_spec, to_frictionless
from overstap.store import Store
from overstap.study import StudySpec


def digest_files(paths: Iterable[Path], store: Store) -> dict[str, str]:
    """Content digest of each file. A file whose size and time did not change since the last run is not read again."""
    digests = {}
    for path in paths:
        stat = path.stat()
        known = store.manifest.inputs.get(str(path))
        if known and (known["size"], known["mtime_ns"]) == (stat.st_size, stat.st_mtime_ns):
            digests[str(path)] = known["digest"]
            continue
        digests[str(path)] = _digest(path)
        store.manifest.inputs[str(path)] = {
            "size": stat.st_size,
            "mtime_ns": stat.st_mtime_ns,
            "digest": digests[str(path)],
        }
    return digests


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write_datapackage(spec: StudySpec, store: Store) -> Path:
    """Write `datapackage.json` (Frictionless) beside the tables: contract, rows, step and version of each."""
    resources: list[dict[str, Any]] = []
    for name, entry in sorted(store.manifest.tables.items()):
        contract = table_spec(name)
        folder = store.path(name)
        resources.append(
            {
                "name": name.replace("_", "-"),
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
    package = {
        "name": spec.study,
        "title": spec.title.get("en", spec.study),
        "title_nl": spec.title.get("nl", spec.study),
        "created_with": f"overstap {__version__}",
        "simulated": spec.simulated,
        "sources": [
            {"title": source.id, "path": ", ".join(source.files), "description": source.note.get("en", "")}
            for source in spec.sources
        ],
        "inputs": store.manifest.inputs,
        "resources": resources,
    }
    path = store.folder / "datapackage.json"
    path.write_text(json.dumps(package, indent=1, ensure_ascii=False), encoding="utf-8")
    return path
