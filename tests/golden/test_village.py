"""The village gives the same answers as when its golden numbers were last read and agreed to."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RENEW = "If the change is meant, renew them: python scripts/renew_golden.py, and read the difference before committing."


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("renew_golden", ROOT / "scripts" / "renew_golden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def test_the_village_answers_as_before(script: ModuleType, tmp_path: Path) -> None:
    golden = json.loads((ROOT / "tests" / "golden" / "village.json").read_text(encoding="utf-8"))
    changed = list(differences(script.run_village(tmp_path), golden))
    assert not changed, "\n".join(["The village's numbers changed:", *changed[:40], RENEW])


def test_the_villages_feeds_are_the_simulators(script: ModuleType) -> None:
    """Small, and marked as simulated; they need not follow each change of the simulator."""
    feeds = ROOT / "examples" / "village" / "feeds"
    assert sum(p.stat().st_size for p in feeds.rglob("*") if p.is_file()) < 300_000
    assert "Simulated" in (feeds / "README.txt").read_text(encoding="utf-8")
