"""Write a bill of materials (CycloneDX 1.6, JSON) of overstap and all that it needs, as installed in this environment.

    python scripts/sbom.py [--extra report] [--out sbom.json]

Licences are those that the packages declare; hashes are those of requirements.lock, of every file of a release.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"


def needed(name: str, extras: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Every package that `name` needs in this environment, itself among them: name → names of what it needs itself."""
    graph: dict[str, set[str]] = {}
    waiting = [(canonicalize_name(name), extras)]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for requirement in _requirements(*one):
            other = canonicalize_name(requirement.name)
            graph.setdefault(one[0], set()).add(other)
            waiting.append((other, tuple(sorted(requirement.extras))))
        graph.setdefault(one[0], set())
    return graph


def _requirements(name: str, extras: tuple[str, ...]) -> Iterator[Requirement]:
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        environments = [{"extra": extra} for extra in extras] or [{"extra": ""}]
        if requirement.marker is None or any(requirement.marker.evaluate(e) for e in environments):
            yield requirement


def locked_hashes(lock: Path = LOCK) -> dict[str, list[str]]:
    """SHA-256 of the files of each locked release: name==version → hashes."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in lock.read_text(encoding="utf-8").splitlines() if lock.exists() else []:
        if begun := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            current = f"{canonicalize_name(begun[1])}=={begun[2]}"
        found.setdefault(current, []).extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def component(package: Distribution, hashes: dict[str, list[str]]) -> dict[str, Any]:
    """A package as CycloneDX describes one, with the hashes of all files of its release that the lock names."""
    name, version = canonicalize_name(package.metadata["Name"]), package.version
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
    }
    if summary := package.metadata.get("Summary"):
        told["description"] = summary
    if licence := licence_of(package):
        told["licenses"] = [licence]
    known = hashes.get(f"{name}=={version}", [])
    if known:
        told["properties"] = [{"name": "overstap:sha256", "value": value} for value in known]
    return told


def licence_of(package: Distribution) -> dict[str, Any] | None:
    """The licence that a package declares: an SPDX expression, else a name; None where it declares none."""
    if expression := package.metadata.get("License-Expression"):
        return {"expression": expression}
    classifiers = [c for c in package.metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    stated = (package.metadata.get("License") or "").strip().splitlines()
    name = stated[0] if stated and len(stated[0]) < 80 else classifiers[0].split(" :: ")[-1] if classifiers else ""
    return {"license": {"name": name}} if name else None


def bill(extras: tuple[str, ...]) -> dict[str, Any]:
    """The bill of materials. Raises PackageNotFoundError where overstap or what it needs is not installed."""
    graph, hashes = needed("overstap", extras), locked_hashes()
    parts = {name: component(distribution(name), hashes) for name in sorted(graph)}
    own = parts.pop("overstap") | {"type": "application"}
    refs = {name: part["bom-ref"] for name, part in [*parts.items(), ("overstap", own)]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"timestamp": datetime.now(UTC).isoformat(timespec="seconds"), "component": own},
        "components": list(parts.values()),
        "dependencies": [
            {"ref": refs[name], "dependsOn": sorted(refs[other] for other in graph[name])} for name in sorted(graph)
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", action="append", default=[], help="an extra of overstap; may be given again")
    parser.add_argument("--out", type=Path, default=Path("sbom.json"))
    given = parser.parse_args()
    try:
        made = bill(tuple(given.extra))
    except PackageNotFoundError as error:
        print(f"{error}. Install it first: pip install -e .", file=sys.stderr)
        return 2
    given.out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{given.out}: overstap {made['metadata']['component']['version']} and {len(made['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
