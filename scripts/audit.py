"""Ask two advisory services (of the package registry, and OSV) whether a locked package has a known weakness.

    python scripts/audit.py        needs pip-audit: pip install pip-audit

Ends with 0 where every package was looked up and none is known to be weak, 1 where one is, 3 where some or all could
not be looked up, and it says which. pip-audit itself ends with 0 and "No known vulnerabilities found" where it looked
up none: so its table is read, not its exit code.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
SERVICES = ("pypi", "osv")
_MINUTES = 10
Report = list[dict[str, Any]]
"""What a service knows: name, version and `vulns` of each package, or `skip_reason` where it knew nothing of it."""


def locked() -> set[str]:
    """The names of the packages in the lock."""
    return set(re.findall(r"^([a-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def ask(service: str) -> tuple[Report, str]:
    """What a service knows of the lock, and why it gave no answer (empty where it did)."""
    command = [
        "pip-audit",
        "--requirement",
        str(LOCK),
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [*command, "--vulnerability-service", service, "--format", "json"],
            capture_output=True, text=True, check=False, timeout=60 * _MINUTES,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [], f"no answer within {_MINUTES} minutes"
    try:
        report: Report = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [], (done.stderr.strip().splitlines() or ["no answer"])[-1][:200]
    return report, ""


def judge(names: Iterable[str], reports: Iterable[Report]) -> tuple[int, list[str]]:
    """The exit code and what to say, given the locked packages and what each service that answered knows."""
    weak: dict[str, str] = {}
    looked_up: set[str] = set()
    for entry in (entry for report in reports for entry in report if "skip_reason" not in entry):
        looked_up.add(entry["name"])
        for fault in entry["vulns"]:
            mend = ", ".join(fault.get("fix_versions") or []) or "no release yet"
            known = {fault["id"], *fault.get("aliases", [])}
            weak[min(known)] = f"{entry['name']} {entry['version']}: {fault['id']}, mended in {mend}"
    missed = sorted({*names} - looked_up)
    said = sorted({*weak.values()})
    if not looked_up:
        said.append(f"NOTHING was checked: no advisory service knew any of the {len(missed)} locked packages.")
    elif missed:
        said.append(f"{len(looked_up)} packages were checked, {len(missed)} were NOT: {', '.join(missed)}.")
    else:
        said.append(f"{len(looked_up)} packages were checked; {len(said) or 'none'} known to be weak.")
    return (1 if weak else 3 if missed else 0), said


def main() -> int:
    """Ask, say, and give the exit code."""
    if not shutil.which("pip-audit"):
        print("audit.py needs pip-audit: pip install pip-audit", file=sys.stderr)
        return 2
    reports: list[Report] = []
    for service in SERVICES:
        report, why = ask(service)
        if why:
            print(f"The service {service} gave no answer: {why}", file=sys.stderr)
        reports.append(report)
    code, said = judge(locked(), reports)
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main())
