"""Find and read ESCO's CSV files as the Commission publishes them: in folders, zip files, plain or gzip."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import InputError, ReferenceDataError
from overstap.reference.esco_model import LANGUAGES, Collector

_NAME = re.compile(r"^(?P<stem>[A-Za-z]+)(?:_(?P<language>[a-z]{2}))?(?P<rest>_partial)?(?:[ (._-].*)?\.csv(?:\.gz)?$")
_VERSION = re.compile(r"v(\d+\.\d+(?:\.\d+)?)", re.IGNORECASE)
_CELL_LIMIT = 2**31 - 1
DOWNLOAD_PAGE = "https://esco.ec.europa.eu/en/use-esco/download"
AGAIN = f"Download the file again from {DOWNLOAD_PAGE} (CSV) and run the command once more."

# Kind -> columns that the reader needs.
_NEEDS = {
    "skills": ("conceptUri", "preferredLabel", "altLabels"),
    "skills_partial": ("conceptUri", "preferredLabel_nl", "altLabels_nl"),
    "occupations": ("conceptUri", "preferredLabel", "altLabels", "iscoGroup"),
    "relations": ("occupationUri", "relationType", "skillUri"),
    "collection": ("conceptUri", "preferredLabel", "altLabels"),
    "broader": ("conceptUri", "broaderUri"),
    "groups": ("conceptUri", "code"),
    "hierarchy": ("Level 0 URI", "Level 0 code"),
}
_KINDS = {
    "skills": "skills",
    "occupations": "occupations",
    "occupationskillrelations": "relations",
    "broaderrelationsskillpillar": "broader",
    "skillgroups": "groups",
    "skillshierarchy": "hierarchy",
}
_COLLECTION_FLAGS = {"digital": "digital", "ict": "digital", "digcomp": "digital"}
_COLLECTION_FLAGS |= {"transversal": "transversal", "language": "language"}
_UNUSED = {"conceptschemes", "dictionary", "broaderrelationsoccpillar", "skillskillrelations", "iscogroups"}
_UNUSED |= {"greenshareocc", "researchoccupationscollection"}
# Best first: a label from a complete list wins over one from a collection or a partial list.
_ORDER = ["skills", "occupations", "collection", "skills_partial", "relations", "broader", "groups", "hierarchy"]
# The Commission's own hierarchy files leave trailing empty cells out.
_MAY_BE_RAGGED = {"groups", "hierarchy"}
_SEPARATORS = re.compile(r"\n|\s\|\s")


@dataclass(frozen=True)
class EscoFile:
    """One recognised file. `name` is its path below the given folder or zip file; `content` the CSV as bytes."""

    name: str
    kind: str
    language: str | None
    version: str | None
    stem: str
    content: bytes
    sha256: str


def find(paths: Sequence[Path]) -> tuple[list[EscoFile], list[tuple[str, str]]]:
    """The ESCO files below `paths`, best first, and the skipped ones as (name, reason).

    Raises `InputError` where a path does not exist, `ReferenceDataError` where a zip or gzip file is damaged.
    """
    found: list[EscoFile] = []
    skipped: list[tuple[str, str]] = []
    for path in paths:
        if not path.exists():
            raise InputError(
                f"There is no file or folder {path}.",
                why="overstap reference install esco --from expects a folder, zip, .csv or .csv.gz file.",
                fix=f"Check the path; ESCO's files are at {DOWNLOAD_PAGE}.",
            )
        for name, content in _contents(path):
            _identify(name, content, f"{path.name}/{name}", found, skipped)
    found.sort(key=lambda f: (_ORDER.index(f.kind), [-n for n in version_key(f.version)], f.name))
    return found, skipped


def version_key(version: str | None) -> tuple[int, ...]:
    """'1.1.1' -> (1, 1, 1), filled to three numbers; an unknown version sorts below every known one."""
    numbers = [int(n) for n in version.split(".")] if version else []
    return tuple([*numbers, 0, 0, 0][:3])


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in a folder or zip file, or of the one file; a zip in a folder is opened too."""
    if path.is_dir():
        for child in sorted(p for p in path.rglob("*") if p.is_file()):
            inner = child.relative_to(path).as_posix()
            if child.suffix.lower() == ".zip":
                yield from ((f"{inner}/{name}", content) for name, content in _contents(child))
            else:
                yield inner, child.read_bytes() if _NAME.match(child.name) else b""
    elif path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    if not name.endswith("/"):
                        yield name, archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ReferenceDataError(f"{path} is not a readable zip file.", why=str(error), fix=AGAIN) from error
    else:
        yield path.name, path.read_bytes()


def _identify(
    name: str, content: bytes, whole_name: str, found: list[EscoFile], skipped: list[tuple[str, str]]
) -> None:
    match = _NAME.match(name.rsplit("/", 1)[-1])
    if not match:
        skipped.append((name, "not an ESCO CSV file"))
        return
    stem, language = match["stem"].lower(), match["language"]
    collection = stem.removesuffix("skillscollection") if stem.endswith("skillscollection") else None
    kind = "collection" if collection else _KINDS.get(stem)
    if kind == "skills" and match["rest"]:
        kind = "skills_partial"
    versions = _VERSION.findall(whole_name)
    version = versions[-1] if versions else None
    if kind is None:
        reason = "not needed" if stem in _UNUSED else "not an ESCO file that overstap knows"
    elif kind in ("skills", "occupations", "collection") and language is None:
        reason = "the file name names no language, such as skills_nl.csv"
    elif language is not None and language not in LANGUAGES:
        reason = f"language '{language}': Dutch and English are used"
    elif version and version_key(version) < (1, 1, 0):
        reason = f"version {version} is older than 1.1"
    else:
        plain = _gunzip(name, content) if content[:2] == b"\x1f\x8b" else content
        digest = hashlib.sha256(content).hexdigest()
        found.append(EscoFile(name, kind, language, version, collection or stem, plain, digest))
        return
    skipped.append((name, reason))


def _gunzip(name: str, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ReferenceDataError(f"{name} is not a readable gzip file.", why=str(error), fix=AGAIN) from error


def _rows(file: EscoFile) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered rows of a file whose needed columns are there; every cell is text without outer spaces."""
    csv.field_size_limit(_CELL_LIMIT)
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceDataError(
            f"{file.name} is not UTF-8 text (byte {error.start}).",
            why="It was saved by another program, such as a spreadsheet, or is not the file its name says.",
            fix=AGAIN,
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or []
    for column in _NEEDS[file.kind]:
        if column not in header:
            raise ReferenceDataError(
                f"{file.name} has no column '{column}'.",
                why=f"Its columns are: {', '.join(header[:8]) or 'none'}.",
                fix=AGAIN,
            )
    try:
        for row in reader:
            ragged = None in row or None in row.values()
            if ragged and file.kind not in _MAY_BE_RAGGED:
                raise ReferenceDataError(
                    f"{file.name}, line {reader.line_num}: the row does not have {len(header)} columns.",
                    why="The file is cut off or was changed.",
                    fix=AGAIN,
                )
            yield reader.line_num, {key: (row[key] or "").strip() for key in header}
    except csv.Error as error:
        raise ReferenceDataError(f"{file.name}, line {reader.line_num}: {error}.", fix=AGAIN) from error


def _uri(file: EscoFile, line: int, row: dict[str, str], column: str) -> str:
    value = row[column]
    if not value.startswith("http"):
        raise ReferenceDataError(
            f"{file.name}, line {line}, column '{column}': '{value[:60]}' is not a URI.",
            why="The file is damaged, or its columns were moved.",
            fix=AGAIN,
        )
    return value


def split_labels(cell: str) -> list[str]:
    """The labels in a cell, which ESCO separates by new lines or by ' | '."""
    labels = (" ".join(label.split()) for label in _SEPARATORS.split(cell))
    return [label for label in labels if label]


def read(file: EscoFile, into: Collector) -> int:
    """Add a file to what was gathered; returns its number of rows. Raises `ReferenceDataError` for a broken file."""
    count = 0
    if file.kind == "collection" and file.stem in _COLLECTION_FLAGS:
        into.flags_given.add(_COLLECTION_FLAGS[file.stem])
    for line, row in _rows(file):
        count += 1
        if file.kind == "relations":
            _read_relation(file, line, row, into)
        elif file.kind == "broader":
            child, parent = _uri(file, line, row, "conceptUri"), _uri(file, line, row, "broaderUri")
            into.broader.setdefault(child, []).append(parent)
            if row.get("broaderType") == "SkillGroup":
                into.groups.add(parent)
        elif file.kind == "groups":
            if row["code"]:
                into.group_codes.setdefault(_uri(file, line, row, "conceptUri"), row["code"])
        elif file.kind == "hierarchy":
            _read_hierarchy(row, into)
        else:
            _read_concept(file, line, row, into)
    return count


def _read_relation(file: EscoFile, line: int, row: dict[str, str], into: Collector) -> None:
    relation = row["relationType"].lower()
    if relation not in ("essential", "optional"):
        raise ReferenceDataError(
            f"{file.name}, line {line}, column 'relationType': '{relation}' is neither essential nor optional.",
            fix=AGAIN,
        )
    pair = (_uri(file, line, row, "occupationUri"), _uri(file, line, row, "skillUri"))
    if into.relations.get(pair) != "essential":
        into.relations[pair] = relation


def _read_hierarchy(row: dict[str, str], into: Collector) -> None:
    for level in range(4):
        uri, code = row.get(f"Level {level} URI"), row.get(f"Level {level} code")
        if uri and code:
            into.group_codes.setdefault(uri, code)


def _read_concept(file: EscoFile, line: int, row: dict[str, str], into: Collector) -> None:
    uri, language = _uri(file, line, row, "conceptUri"), file.language or "nl"
    suffix = f"_{language}" if file.kind == "skills_partial" else ""
    concept = into.occupation(uri) if file.kind == "occupations" else into.skill(uri)
    hidden = row.get("hiddenLabels", "") if file.kind == "occupations" else ""
    label = " ".join(row["preferredLabel" + suffix].split())
    concept.add_labels(language, label, split_labels(row["altLabels" + suffix]) + split_labels(hidden))
    if file.kind == "occupations":
        concept.add_facts(isco08=row["iscoGroup"])
        return
    concept.add_facts(skill_type=row.get("skillType", ""), reuse_level=row.get("reuseLevel", ""))
    if row.get("inScheme"):
        into.add_schemes(uri, (scheme.strip() for scheme in re.split(r"[,\s]+", row["inScheme"]) if scheme))
    if file.kind == "collection":
        if file.stem in _COLLECTION_FLAGS:
            concept.flags.add(_COLLECTION_FLAGS[file.stem])
        if uri not in into.broader:
            parents = row.get("broaderConceptUri", "")
            into.broader[uri] = [parent for parent in split_labels(parents) if parent.startswith("http")]
