"""The command line as a user calls it, and small feeds of invented ads."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

import overstap
from overstap.cli import app

COMMAND = [sys.executable, "-c", "from overstap.cli import app; app()"]
SOURCE = str(Path(overstap.__file__).parents[1])

SKILLS = ("Python", "SQL", "Excel", "Java", "Docker")
_WORDS = ("team", "project", "system", "client", "report", "product", "service", "plan")


def overstap_command(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `overstap` in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, args)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that runs this package, whether it is installed or not."""
    path = os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, **(extra or {})}


@dataclass(frozen=True)
class Said:
    """What a command said: exit code, data on stdout, messages on stderr."""

    code: int
    out: str
    err: str


class Cli:
    """The entry point of the console script, called in this process, in the folder of the test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *args: str | Path) -> Said:
        self._monkeypatch.setattr(sys, "argv", ["overstap", *map(str, args)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app()
            raise SystemExit(0)
        out, err = self._capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0 if code is None else 1, out, err)


def ads(n: int = 60) -> list[dict[str, str]]:
    """`n` invented ads in Dutch and English over 2022–2024, by eight employers; each text differs from the others."""
    rows = []
    for i in range(n):
        skill, word = SKILLS[i % 5], _WORDS[(i // 5) % 8]
        if i % 3:
            title = f"{word} developer"
            text = (
                f"We are looking for someone for {word} number {i}. What you bring: experience with {skill}, "
                f"you are a team player and you have a bachelor's degree. We offer a permanent contract in office {i * 7}."
            )
        else:
            title = f"{word} medewerker"
            text = (
                f"Wij zoeken iemand voor {word} nummer {i}. Wat vragen wij: ervaring met {skill}, een hbo-diploma en je "
                f"bent communicatief sterk. Wij bieden een vast contract op kantoor {i * 7}."
            )
        rows.append(
            {
                "id": f"a{i}",
                "title": title,
                "description": text,
                "posted": f"{2022 + i % 3}-{1 + i % 12:02d}-15",
                "company": f"Example {i % 8} BV",
                "place": ("Utrecht", "Amsterdam", "Groningen")[i % 3],
            }
        )
    return rows


def write_csv(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    """A CSV with a header."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def study_settings(**changes: Any) -> dict[str, Any]:
    """The settings of a study of `ads.csv`; `changes` replace them, None takes one away."""
    settings: dict[str, Any] = {
        "study": "small",
        "title": {"nl": "Klein", "en": "Small"},
        "period": {"first": "2022-01-01", "last": "2024-12-31"},
        "sources": [source()],
        "measures": {"min_display": 4, "min_n": 5},
        **changes,
    }
    return {name: value for name, value in settings.items() if value is not None}


def source(**changes: Any) -> dict[str, Any]:
    """The source `feed` of a study of `ads.csv`; `changes` replace its settings."""
    columns = {"ad_id": "id", "text": "description", "date": "posted"}
    return {"id": "feed", "format": "csv", "files": ["ads.csv"], "columns": columns, **changes}


def write_study(folder: Path, rows: list[dict[str, str]] | None = None, **changes: Any) -> Path:
    """A study file in `folder`, with its feed where `rows` are given."""
    folder.mkdir(parents=True, exist_ok=True)
    if rows is not None:
        write_csv(folder / "ads.csv", rows)
    path = folder / "study.yaml"
    path.write_text(yaml.safe_dump(study_settings(**changes), allow_unicode=True), encoding="utf-8")
    return path


def left_over(folder: Path) -> list[str]:
    """What a finished run should not leave in the folder of results: temporary files, tables that are not current."""
    import json

    current = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    found = [p.name for p in folder.iterdir() if p.name.startswith((".writing", ".manifest")) or p.suffix == ".part"]
    for table in (p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        versions = sorted(p.name for p in table.iterdir())
        if versions != [current[table.name]["version"]]:
            found.append(f"{table.name}: {versions}")
    return found


def contents(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every current table of a folder of results."""
    from overstap.store import Store

    store = Store(folder)
    return {name: rows(store.read(name)) for name in sorted(store.manifest.tables)}


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table, in order."""
    return table.to_pylist()  # type: ignore[no-any-return]
