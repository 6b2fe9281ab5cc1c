"""`overstap annotate`: files of ads in, one annotated row per ad out, in input order."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.batches import ordered_map
from overstap.engine.parquet import TableWriter
from overstap.errors import InputError, nearest
from overstap.schema import TableSpec, table_spec
from overstap.schema.spec import table
from overstap.sources.ingest import ingest_source
from overstap.sources.rows import SourceBatch
from overstap.study import AD_FIELDS, AdFormat, AdSource, Annotation

# Some 35 to 55 % of the work on an ad holds the interpreter's lock, so two threads keep two cores busy, and processes,
# which pickle every batch, cost 10 to 30 % more time and twice the memory; beyond two, threads would wait for the lock.
_THREADS = 2
_LARGE = 200_000_000  # bytes of files for which processes are worth their start, of some three seconds each

_FORMATS: dict[str, AdFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".json": "jobposting",
    ".html": "jobposting",
    ".htm": "jobposting",
}
_SHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".ods"})


@dataclass(frozen=True)
class Annotated:
    """What the command did: ads annotated, rows set aside, and the file that holds these."""

    ads: int
    quarantined: int
    quarantine_path: Path


def annotate_files(
    inputs: Sequence[Path],
    out: Path,
    mapping: Iterable[str],
    taxonomy: str,
    with_text: bool,
    threads: int = 2,
    semantic: bool | None = None,
    encoding: str = "utf-8",
) -> Annotated:
    """Annotate the ads of `inputs` to the Parquet file `out`; rows that cannot be read go to OUT.quarantine.parquet.

    `mapping` holds FIELD=COLUMN. Both files appear whole or not at all. Raises InputError for an unknown field, format
    or taxonomy, and what the readers raise.
    """
    columns = parse_mapping(mapping)
    if out.suffix != ".parquet":
        raise InputError(
            f"--out {out}: annotations are written as Parquet, for lists do not fit in other formats.",
            fix=f"--out {out.with_suffix('.parquet')}",
        )
    if any(path.exists() and out.exists() and path.samefile(out) for path in inputs):
        raise InputError(
            f"--out {out} is a file of ads to read, and would be written over.",
            fix=f"--out {out.with_name(f'{out.stem}-annotated.parquet')}",
        )
    if taxonomy not in ("core", "esco"):
        hint = nearest(taxonomy, ("core", "esco"))
        raise InputError(
            f"'{taxonomy}' is not a taxonomy.", fix=f"{hint} Use --taxonomy core or --taxonomy esco.".strip()
        )
    settings = Annotation(taxonomy="esco" if taxonomy == "esco" else "core", semantic=semantic)
    sources = [source_of(path, columns, encoding) for path in inputs]
    annotator = Annotator(settings, topsector_table("default", Path()))
    quarantine_path = out.with_name(out.name.removesuffix(".parquet") + ".quarantine.parquet")
    made = [folder for folder in (out.parent, *out.parent.parents) if not folder.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.writing")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        annotated = TableWriter(output_spec(with_text), temporary / "ads")
        rejected = TableWriter(table_spec("raw_quarantine"), temporary / "quarantine")
        for ads, quarantine in _annotate(sources, annotator, with_text, threads):
            annotated.write(ads)
            rejected.write(quarantine)
        result = Annotated(annotated.close(), rejected.close(), quarantine_path)
        if result.ads == 0:
            why = _reasons(temporary / "quarantine")
            raise InputError(
                f"No ad could be read from {', '.join(map(str, inputs))}.",
                why=why,
                fix=_fix(why, sources),
            )
        _as_one_file(temporary / "quarantine", quarantine_path)
        _as_one_file(temporary / "ads", out)
    except InputError as error:
        raise in_words_of_the_command(error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if not out.exists():
            for folder in made:  # deepest first; a folder that something else now uses stays
                with suppress(OSError):
                    folder.rmdir()
    return result


# What the readers say of a study file, and what it is called on this command line.
_WORDS = (
    (r"^Source '[^']*': ", ""),
    (r"(?:Say which it is|Set) in the study file: columns: \{(\w+): ([^}]*)\}", r"Name it: --map \1=\2"),
    (r"columns: \{(\w+): ([^}]*)\}", r"--map \1=\2"),
    (r"Set 'encoding: ?([\w-]+)' for this source", r"Say so: --encoding \1"),
    (r"Set 'encoding:' of the source", "Set --encoding"),
    (
        r"set 'format:' of the source to what it is|Set 'format:' of the source to what the file is",
        "give it the ending of its format",
    ),
    (r", or take (?:it|the page|the source) out of '(?:files|sources):'", ", or leave it out"),
    (r"Correct 'files:' of the source", "Check the path"),
)


def in_words_of_the_command(error: InputError) -> InputError:
    """An error of a reader as one who wrote no study file can mend it."""
    said = [error.what, error.why, error.fix]
    for pattern, words in _WORDS:
        said = [re.sub(pattern, words, text) for text in said]
    what, why, fix = said
    return InputError(what, why=why, fix=fix[:1].upper() + fix[1:])


def parse_mapping(mapping: Iterable[str]) -> dict[str, str | list[str]]:
    """FIELD=COLUMN items as a mapping; raises InputError for another form or an unknown field."""
    columns: dict[str, str | list[str]] = {}
    for item in mapping:
        name, sign, column = item.partition("=")
        if not sign or not column:
            raise InputError(f"--map {item} is not FIELD=COLUMN.", fix="For example: --map text=description")
        if name not in AD_FIELDS:
            hint = nearest(name, AD_FIELDS)
            raise InputError(
                f"--map {item}: '{name}' is not a field of an ad.", fix=f"{hint} Fields: {', '.join(AD_FIELDS)}."
            )
        columns[name] = column
    return columns


def source_of(path: Path, columns: dict[str, str | list[str]], encoding: str = "utf-8") -> AdSource:
    """The source that a file on the command line stands for, its format told by its ending."""
    if not path.exists():
        raise InputError(f"There is no file {path}.", fix=_near_file(path))
    endings = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in (".gz", ".zst")]
    format_ = _FORMATS.get(endings[-1] if endings else "")
    if format_ is None:
        raise InputError(
            f"The format of {path} cannot be told from its name.",
            fix="Save the sheet as CSV (UTF-8)."
            if _SHEETS.intersection(endings[-1:])
            else f"Give it one of the endings {', '.join(_FORMATS)} (also with .gz or .zst).",
        )
    assert format_ in get_args(AdFormat)
    return AdSource(id="input", format=format_, files=[str(path.resolve())], columns=columns, encoding=encoding)


def _near_file(path: Path) -> str:
    folder = path.parent
    names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    return nearest(path.name, names) or "Check the path."


def output_spec(with_text: bool) -> TableSpec:
    """The contract of the command's output: `core_annotations`, with the text where it is asked."""
    spec = table_spec("core_annotations")
    extra = [c for c in table_spec("raw_ads").columns if c.name == "text"] if with_text else []
    return table(spec.name, spec.label_en, spec.label_nl, [*spec.columns, *extra])


def _annotate(
    sources: Sequence[AdSource], annotator: Annotator, with_text: bool, workers: int
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Annotated ads and quarantined rows per batch, in input order; a few batches are at work at a time."""
    batches = (b for s in sources for b in ingest_source(s, Path(), prefix_ids=False, require_date=False))
    size = sum(Path(file).stat().st_size for source in sources for file in source.files)
    work = partial(_annotated, annotator, with_text)
    return ordered_map(work, batches, workers, processes=workers > _THREADS and size >= _LARGE)


def _annotated(annotator: Annotator, with_text: bool, batch: SourceBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    result = annotator(batch.ads.select(list(READS)))
    if with_text:
        result = result.append_column("text", batch.ads.column("text"))
    return result, batch.quarantine


def _fix(why: str, sources: Sequence[AdSource]) -> str:
    """What mends that no ad could be read."""
    if "bytes that are not" in why:
        return "Say what the bytes are: --encoding cp1252"
    if all(source.format == "jobposting" for source in sources):
        return 'Check that "description" of the JobPosting holds the whole text of the ad.'
    return "Name the columns: --map text=COLUMN --map title=COLUMN."


def reasons_of(quarantine: Path, most: int = 3) -> list[str]:
    """Why rows were set aside, most frequent first: the number of each kind, with the words of its first row."""
    rows = pq.read_table(quarantine, columns=["reason_code", "reason"])
    counts = Counter(rows["reason_code"].to_pylist()).most_common()
    first = {code: rows["reason"][rows["reason_code"].index(code).as_py()].as_py() for code, _ in counts[:most]}
    said = [f"{n:,} {code} ({first[code]})" for code, n in counts[:most]]
    rest = sum(n for _, n in counts[most:])
    return [*said, f"{rest:,} for other reasons"] if rest else said


def _reasons(folder: Path) -> str:
    found = pq.read_table(folder / "part-0000.parquet", columns=["reason"])["reason"].to_pylist()
    return f"Set aside: {len(found)} rows, the first because: {found[0]}" if found else "The input holds no rows."


def _as_one_file(folder: Path, target: Path) -> None:
    """Move the parts of a table to one file, which appears whole."""
    parts = sorted(folder.glob("*.parquet"))
    if len(parts) == 1:
        parts[0].replace(target)
        return
    joined = folder / "joined.parquet"
    with pq.ParquetWriter(joined, pq.read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))
    joined.replace(target)
