"""Install O*NET into the user's data folder, with the crosswalk to ESCO, and load it.

O*NET is a database of the U.S. Department of Labor (CC BY 4.0); the crosswalk is by the European Commission with that
department. Neither is bundled.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.errors import InputError, ReferenceDataError
from overstap.reference.home import data_home
from overstap.whole import whole_file

RATED = {"skills": "skill", "knowledge": "knowledge", "work_styles": "work_style"}
FILES = (*RATED, "job_zones", "tasks_to_dwas")
VALUES = pa.schema([("onet", pa.string()), ("kind", pa.string()), ("element", pa.string()), ("value", pa.float64())])
LINKS = pa.schema([("onet", pa.string()), ("esco_uri", pa.string()), ("match", pa.string())])
WORDS = pa.schema([("onet", pa.string()), ("kind", pa.string()), ("text", pa.string())])
_TABLES = {"onet_values": VALUES, "onet_crosswalk": LINKS}
_WORDS = "onet_words"  # beside the others: an older installation lacks it
_TOOLS = "technology_skills"
_INSTALL = "overstap reference install onet --from FOLDER --from CROSSWALK"
_PAGES = (
    "https://www.onetcenter.org/database.html and https://esco.ec.europa.eu/en/use-esco/eures-countries-mapping-tables"
)
_OCCUPATION = "O*NET-SOC Code"


def install(paths: Sequence[Path], home: Path | None = None) -> dict[str, int]:
    """Install from folders or files as published (csv, tab-separated txt; also gzip). Gives the rows of each table.

    Needed: skills, knowledge, work styles, job zones, tasks to DWAs, and the crosswalk with the columns `O*NET Id` and
    `ESCO or ISCO URI`; technology skills name the tools where they are there. Importance is rescaled from 1–5 to 0–1.
    Raises InputError for a path that is missing and ReferenceDataError where a file is missing or lacks a column;
    nothing is written then.
    """
    files = {_stem(path): path for given in paths for path in _inside(Path(given))}
    links = [path for stem, path in files.items() if "crosswalk" in stem and "reverse" not in stem]
    missing = [name for name in FILES if name not in files] + ["the ESCO–O*NET crosswalk"] * (not links)
    if missing:
        raise ReferenceDataError(
            f"Not found in what --from names: {', '.join(missing)}.",
            why=f"Found: {', '.join(sorted(files)) or 'no files at all'}.",
            fix=f"Get the files at {_PAGES}, then run {_INSTALL}.",
        )
    try:
        tables = {"onet_values": _values(files), "onet_crosswalk": _links(links[0]), _WORDS: _words(files)}
    except KeyError as error:
        raise ReferenceDataError(
            f"A file of O*NET lacks the column {error}.", fix=f"Get it anew at {_PAGES}."
        ) from error
    folder = data_home(home)
    for name, table in tables.items():
        with whole_file(folder / f"{name}.parquet") as part:
            pq.write_table(table, part, compression="zstd")
    return {name: table.num_rows for name, table in tables.items()}


def is_installed(home: Path | None = None) -> bool:
    """Whether both tables are there."""
    return all((data_home(home) / f"{name}.parquet").is_file() for name in _TABLES)


def digest(home: Path | None = None) -> str:
    """SHA-256 of the installed tables. Raises ReferenceDataError where O*NET is not installed."""
    try:
        contents = [(data_home(home) / f"{name}.parquet").read_bytes() for name in _TABLES]
    except OSError as error:
        raise ReferenceDataError("O*NET is not installed, or not whole.", why=str(error), fix=_INSTALL) from error
    return hashlib.sha256(b"".join(contents)).hexdigest()


def load_values(home: Path | None = None) -> pa.Table:
    """Ratings of O*NET occupations: onet, kind (skill, knowledge, work_style: importance 0–1; job_zone: 1–5; dwa: 1),
    element, value. Raises ReferenceDataError where O*NET is not installed or the file is damaged."""
    return _load("onet_values", home)


def load_crosswalk(home: Path | None = None) -> pa.Table:
    """O*NET occupations with their ESCO occupations: onet, esco_uri, match (exactMatch …); errors as `load_values`."""
    return _load("onet_crosswalk", home)


def load_words(home: Path | None = None) -> pa.Table:
    """What people do and use in O*NET occupations, in English: onet, kind (task: a detailed work activity; tool), text.

    Errors as `load_values`; also where an older version of this package installed O*NET.
    """
    return _load(_WORDS, home)


def has_words(home: Path | None = None) -> bool:
    """Whether tasks and tools were installed."""
    return is_installed(home) and (data_home(home) / f"{_WORDS}.parquet").is_file()


def _load(name: str, home: Path | None) -> pa.Table:
    path = data_home(home) / f"{name}.parquet"
    try:
        return pq.read_table(path, schema=_TABLES.get(name, WORDS))
    except (OSError, pa.ArrowException) as error:
        raise ReferenceDataError("O*NET is not installed, or not whole.", why=str(error), fix=_INSTALL) from error


def _values(files: dict[str, Path]) -> pa.Table:
    made: list[tuple[str, str, str, float]] = []
    for name, kind in RATED.items():
        for row in _rows(files[name]):
            if row["Scale ID"] == "IM" and row["Data Value"]:
                made.append((row[_OCCUPATION], kind, row["Element Name"], (float(row["Data Value"]) - 1.0) / 4.0))
    for row in _rows(files["job_zones"]):
        made.append((row[_OCCUPATION], "job_zone", "job zone", float(row["Job Zone"])))
    pairs = dict.fromkeys((row[_OCCUPATION], row["DWA ID"]) for row in _rows(files["tasks_to_dwas"]))
    made += [(code, "dwa", dwa, 1.0) for code, dwa in pairs]
    return pa.table([list(column) for column in zip(*made, strict=True)], schema=VALUES)


def _words(files: dict[str, Path]) -> pa.Table:
    """Names of detailed work activities and of kinds of technology, each once an occupation."""
    found = [(row[_OCCUPATION], "task", row.get("DWA Title")) for row in _rows(files["tasks_to_dwas"])]
    if _TOOLS in files:
        found += [(row[_OCCUPATION], "tool", row.get("Commodity Title")) for row in _rows(files[_TOOLS])]
    rows = [row for row in dict.fromkeys(found) if row[2]]
    return pa.table([list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []], schema=WORDS)


def _links(path: Path) -> pa.Table:
    rows = list(_rows(path, head="O*NET Id"))
    found = [r for r in rows if "/occupation/" in r["ESCO or ISCO URI"]]
    columns = ("O*NET Id", "ESCO or ISCO URI", "Type of Match")
    return pa.table([[r[column] for r in found] for column in columns], schema=LINKS)


def _rows(path: Path, head: str = _OCCUPATION) -> Iterator[dict[str, str]]:
    """Rows of a file with commas or tabs; what stands above the line that begins with `head` is skipped."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    start = text.find(head) if head in text else 0
    first = text[start : text.find("\n", start)]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    yield from csv.DictReader(io.StringIO(text[start:], newline=""), delimiter=delimiter)


def _inside(path: Path) -> list[Path]:
    if not path.exists():
        raise InputError(f"There is no {path}.", fix=_INSTALL)
    return sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[0].lower().replace(" ", "_")
