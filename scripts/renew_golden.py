"""Renew the golden numbers of the village: run its study and write what the tests compare with.

    python scripts/renew_golden.py            renew tests/golden/village.json
    python scripts/renew_golden.py --feeds    first make the village's feeds anew (only when the simulator changed)

Read the difference (git diff tests/golden) before you commit it: each changed number is a changed answer.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from overstap.pipeline import Study
from overstap.simulate import MarketSpec
from overstap.simulate.feeds import write_market

ROOT = Path(__file__).parents[1]
VILLAGE = ROOT / "examples" / "village"
GOLDEN = ROOT / "tests" / "golden" / "village.json"
SPEC = MarketSpec(seed=1819, n_vacancies=120, broken_share=0.04, n_pages=6)
CELL = {"function_group": "all", "language": "all", "source_id": "all"}
SHOWN = (
    ("category_group", "digital"),
    ("category_group", "other"),
    ("function_group", "ict"),
    ("category", "basic_computer"),
    ("category", "communication"),
    ("category", "planning_organisation"),
    ("skill", "core.communication"),
    ("skill", "core.planning_and_organising"),
    ("skill", "core.lang_english"),
    ("skill", "core.spreadsheets"),
    ("skill", "core.sql"),
    ("skill", "core.sap"),
)


def write_feeds(folder: Path) -> None:
    """Make the village's feeds in `folder`; text files are packed, without a time stamp, so equal code gives equal
    bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        files = write_market(SPEC, Path(scratch))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for feed in files.feeds:
            if feed.format in ("csv", "jobfeed"):
                packed = gzip.compress(feed.path.read_bytes(), mtime=0)
                (folder / f"{feed.path.name}.gz").write_bytes(packed)
            elif feed.path.is_dir():
                shutil.copytree(feed.path, folder / feed.path.name)
            else:
                shutil.copy(feed.path, folder / feed.path.name)
        shutil.copy(files.feeds[0].path.parent / "README.txt", folder / "README.txt")


def key_numbers(study: Study) -> dict[str, Any]:
    """What the village's study answers: counts, what happened to every row, a dozen shares and all listed changes."""
    counts = {name: study.table(name).num_rows for name in ("raw_ads", "raw_quarantine", "core_vacancies")}
    volume = [
        r for r in study.table("out_volume").to_pylist() if r["topsector"] == "all" and r["period_kind"] == "year"
    ]
    quality = study.table("out_quality").to_pylist()
    demand = [r for r in study.table("out_demand").to_pylist() if _whole(r) and r["period"] == "all"]
    change = [r for r in study.table("out_change").to_pylist() if _whole(r) and r["is_displayed"]]
    return {
        "counts": counts,
        "volume": {r["period"]: [r["ads_n"], r["vacancies_n"], r["employers_n"]] for r in volume if _cell(r)},
        "quality": {f"{r['source_id']} {r['measure']} {r['detail']}".strip(): r["value_n"] for r in quality},
        "shares": {
            f"{r['item_kind']} {r['item_id']}": [
                r["asked_n"],
                r["vacancies_n"],
                *(_rounded(r[name]) for name in ("share_pct", "share_low", "share_high")),
            ]
            for r in demand
            if (r["item_kind"], r["item_id"]) in SHOWN
        },
        "changes": {
            f"{r['item_kind']} {r['item_id']}": [
                r["first_n"],
                r["last_n"],
                *(_rounded(r[name]) for name in ("growth_factor", "ratio", "ratio_low", "ratio_high")),
                r["direction"],
            ]
            for r in change
        },
    }


def _cell(row: dict[str, Any]) -> bool:
    return all(row[name] == value for name, value in CELL.items())


def _whole(row: dict[str, Any]) -> bool:
    return row["topsector"] == "all" and _cell(row)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def run_village(folder: Path) -> Study:
    """The village after a fresh run, made in `folder`."""
    shutil.copytree(VILLAGE, folder / "village", ignore=shutil.ignore_patterns("out"))
    study = Study.open(folder / "village" / "study.yaml")
    study.run()
    return study


def _lines(block: dict[str, Any]) -> str:
    """One number or row a line, so that a difference shows which."""
    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in block.items()) + "\n }"


def main() -> None:
    """See the text at the top."""
    if "--feeds" in sys.argv[1:]:
        write_feeds(VILLAGE / "feeds")
    with tempfile.TemporaryDirectory() as scratch:
        numbers = key_numbers(run_village(Path(scratch)))
    blocks = [f" {json.dumps(name)}: {_lines(block)}" for name, block in numbers.items()]
    GOLDEN.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8")
    print(f"Wrote {GOLDEN.relative_to(ROOT)}. Read its difference before you commit it.")


if __name__ == "__main__":
    main()
