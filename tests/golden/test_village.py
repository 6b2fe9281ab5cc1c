"""The village gives the same answers as when its golden numbers were last read and agreed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from overstap.pipeline import Study

pytestmark = pytest.mark.xdist_group("spark")
ROOT = Path(__file__).parents[2]
RENEW = "If the change is meant, renew them: python scripts/renew_golden.py, and read the difference before committing."


def differences(found: Any, golden: Any, path: str = "") -> Iterator[str]:
    """Each leaf that differs, with both values; floats may differ by 1 in 1,000,000."""
    if isinstance(found, dict) and isinstance(golden, dict):
        for key in sorted({*found, *golden}):
            yield from differences(found.get(key), golden.get(key), f"{path}/{key}")
    elif isinstance(found, list) and isinstance(golden, list) and len(found) == len(golden):
        for number, (new, old) in enumerate(zip(found, golden, strict=True)):
            yield from differences(new, old, f"{path}[{number}]")
    elif found != (pytest.approx(golden, rel=1e-6, abs=2e-6) if isinstance(golden, float) else golden):
        yield f"{path}: {golden} became {found}"


def test_the_village_answers_as_before(script: ModuleType, village: Study) -> None:
    golden = json.loads((ROOT / "tests" / "golden" / "village.json").read_text(encoding="utf-8"))
    changed = list(differences(script.key_numbers(village), golden))
    assert not changed, "\n".join(["The village's numbers changed:", *changed[:40], RENEW])


def test_the_villages_feeds_are_the_simulators(script: ModuleType) -> None:
    """Small, and marked as simulated; they need not follow each change of the simulator."""
    feeds = ROOT / "examples" / "village" / "feeds"
    assert sum(p.stat().st_size for p in feeds.rglob("*") if p.is_file()) < 300_000
    assert "Simulated" in (feeds / "README.txt").read_text(encoding="utf-8")
