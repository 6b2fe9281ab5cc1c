"""Reading a feed of job ads into `raw_ads`, with every row that cannot be used set apart in `raw_quarantine`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import ModuleType

from overstap.errors import InputError, OverstapError
from overstap.sources import csv_ads, jobfeed, jobposting, jsonl_ads, parquet_ads
from overstap.sources.columns import Mapped, as_text, dig, missing_columns, no_date_column, no_text_column, resolve
from overstap.sources.dates import DateError, DateParser
from overstap.sources.files import SourceFile, codec_name, expand
from overstap.sources.rows import RowBuilder, SourceBatch
from overstap.study import AdSource, Period

__all__ = ["SourceBatch", "check_source", "id_names", "outside_period", "read_files", "read_source", "source_files"]
CHECKED_PAGES = 200
FORMATS: dict[str, ModuleType] = {
    "csv": csv_ads,
    "jsonl": jsonl_ads,
    "parquet": parquet_ads,
    "jobfeed": jobfeed,
    "jobposting": jobposting,
}


def read_source(
    source: AdSource, base: Path, *, prefix_ids: bool = True, require_date: bool = True
) -> Iterator[SourceBatch]:
    """The ads of `source` in file and row order, in batches of at most 4,096 rows; `base` is the study file's folder.

    Texts are as received: neither cleaned nor masked (see `ingest`). `prefix_ids` puts the source's id before the
    feed's (`source/id`, or `source/file:line` where the feed has none). With `require_date` an ad without a readable
    date is set apart (a study counts per period); without, its date stays null.

    Raises InputError where a file is missing, empty, damaged, in another encoding, or lacks a mapped column.
    """
    files = source_files(source, base)
    if FORMATS[source.format] is jobposting and not any(jobposting.sample_rows(file, source, 1) for file in files):
        raise jobposting.no_posting(files[0])
    builder = RowBuilder(source, prefix_ids=prefix_ids, require_date=require_date)
    seen_any = False
    for batch in read_files(source, zip(files, id_names(files), strict=True), builder, require_date):
        seen_any = True
        yield batch
    if not seen_any:
        raise _no_rows(source, files)


def read_files(
    source: AdSource, files: Iterable[tuple[SourceFile, str]], builder: RowBuilder, require_date: bool = True
) -> Iterator[SourceBatch]:
    """The ads of these files of `source`, each with its name in ids, as `builder` makes them; see `read_source`."""
    reader = FORMATS[source.format]
    for file, id_name in files:
        for item in reader.records(file, source, _mapping(reader, file, source, require_date)):
            builder.add(item, file.label, id_name)
            if builder.full:
                yield builder.take()
    if not builder.empty:
        yield builder.take()


def id_names(files: Sequence[SourceFile]) -> list[str]:
    """What each file is called in the ids of ads that have none: its name, or its path where two have one name."""
    repeated = Counter(file.path.name for file in files)
    return [file.path.name if repeated[file.path.name] == 1 else file.label for file in files]


def source_files(source: AdSource, base: Path) -> list[SourceFile]:
    """The files that `source` names, sorted. Raises InputError for a name or pattern that matches nothing."""
    files, problems = expand(source.files, base, source.id)
    for problem in problems:
        raise problem
    return files


def check_source(source: AdSource, base: Path, *, require_date: bool = True) -> list[OverstapError]:
    """All problems of a source that can be found without reading it in full; an empty list where it can be read."""
    files, missing = expand(source.files, base, source.id)
    problems: list[OverstapError] = list(missing)
    try:
        codec_name(source.encoding)
    except InputError as error:
        return [*problems, error]
    if source.format == "jobposting" and len(files) > 1:
        # A crawl has pages without a posting, which are set apart one by one; here only: is there any?
        files = [next((f for f in files[:CHECKED_PAGES] if _has_posting(f, source)), files[0])]
    for file in files:
        problems += _check_file(source, file, require_date)
    return problems


def outside_period(source: AdSource, base: Path, period: Period) -> str | None:
    """What to tell the user where no ad at the head of the files of `source`, which can be read, lies in `period`."""
    dates = sorted(_first_dates(source, expand(source.files, base, source.id)[0][:CHECKED_PAGES]))
    if not dates or any(period.first <= day <= period.last for day in dates):
        return None
    return (
        f"Source '{source.id}': none of the {len(dates):,} ads that were looked at, of {dates[0]} to {dates[-1]}, lies "
        f"in the period {period.first} to {period.last}. Ads outside it do not count: see 'period:' and 'date_format:'."
    )


def _first_dates(source: AdSource, files: list[SourceFile]) -> Iterator[date]:
    reader, parse = FORMATS[source.format], DateParser(source.date_format)
    for file in files:
        if reader is jobposting and not _has_posting(file, source):
            continue
        column = "datePosted" if reader is jobposting else _mapping(reader, file, source, need_date=True)["date"][0]
        for row in reader.sample_rows(file, source):
            with suppress(DateError):
                if day := parse(dig(row, column)):
                    yield day


def _has_posting(file: SourceFile, source: AdSource) -> bool:
    try:
        return bool(jobposting.sample_rows(file, source, 1))
    except InputError:
        return False


def _check_file(source: AdSource, file: SourceFile, require_date: bool) -> list[OverstapError]:
    reader = FORMATS[source.format]
    try:
        names = reader.names(file, source)
        missing = missing_columns(source, names, file.label)
        if missing:
            return list(missing)
        try:
            mapped = _mapping(reader, file, source, need_date=False)
        except InputError:
            problems: list[OverstapError] = [no_text_column(source, names, file.label)]
            return problems
        problems = [no_date_column(source, names, file.label)] if require_date and "date" not in mapped else []
        rows = reader.sample_rows(file, source)
    except OverstapError as error:
        return [error]
    if not rows:
        return [_no_rows(source, [file])]
    if source.format == "jobposting":
        rows = [{"date": r.get("datePosted"), "text": r.get("description")} for r in rows]
        mapped = {"date": ("date",), "text": ("text",)}
    return [*problems, *_check_sample(source, file, rows, mapped, require_date)]


def _check_sample(
    source: AdSource, file: SourceFile, rows: list[dict[str, object]], mapped: Mapped, require_date: bool
) -> Iterator[OverstapError]:
    column = mapped["text"][0]
    if not any(as_text(dig(row, c)) for row in rows for c in mapped["text"]):
        yield InputError(
            f"Source '{source.id}': the text column '{column}' of {file.label} is empty in its first {len(rows)} rows.",
            fix="Name the column that holds the text of the ad: columns: {text: …}",
        )
    if not require_date or "date" not in mapped:
        return
    parse, bad, filled, words = DateParser(source.date_format), 0, 0, ""
    for row in rows:
        for value in (dig(row, c) for c in mapped["date"][:1]):
            try:
                filled += value not in (None, "")
                parse(value)
            except DateError as error:
                bad, words = bad + 1, words or str(error)
    if (filled and bad * 2 > filled) or "month first" in words:
        yield InputError(
            f"Source '{source.id}': {bad} of the first {filled} dates in column '{mapped['date'][0]}' of {file.label} "
            f"cannot be read.",
            why=f"{words[:1].upper()}{words[1:]}." if words else "",
            fix="Set 'date_format:' of the source to their pattern, e.g. '%d-%m-%Y' or '%m/%d/%Y'.",
        )


def _mapping(reader: ModuleType, file: SourceFile, source: AdSource, need_date: bool) -> Mapped:
    if reader is jobposting:
        return jobposting.mapping(source)
    names: list[str] = reader.names(file, source)
    defaults = reader.defaults(names) if hasattr(reader, "defaults") else None
    return resolve(source, names, file.label, need_date=need_date, defaults=defaults)


def _no_rows(source: AdSource, files: list[SourceFile]) -> InputError:
    which = files[0].label if len(files) == 1 else f"its {len(files)} files"
    return InputError(
        f"Source '{source.id}': {which} holds no ads."
        if len(files) == 1
        else f"Source '{source.id}': {which} hold no ads.",
        why="There is nothing below the header or in the file.",
        fix="Export the feed again, or take the source out of 'sources:'.",
    )
