"""Messages on stderr: errors that teach, and the progress of steps."""

from __future__ import annotations

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from overstap.errors import InputError, OverstapError, nearest

if TYPE_CHECKING:
    from overstap.steps import Progress as Report

messages = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(error: Exception) -> None:
    """Print what was wrong, why, and the mend."""
    messages.print(Text(str(error) if isinstance(error, OverstapError) else repr(error), style="red"))


def say(text: str) -> None:
    """Print a message for the reader, beside the data."""
    messages.print(text, markup=False)


def give(text: str, out: Path | None, columns: Mapping[str, str] | None = None) -> None:
    """Print a file to fill in, or write it to `out`; what its columns mean is told beside it."""
    for name, meaning in (columns or {}).items():
        say(f"{name}: {meaning}")
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    say(f"Written to {out}.")


def check(option: str, given: str, known: Sequence[str]) -> None:
    """Raises InputError where an option has none of the values that are known."""
    if given not in known:
        raise InputError(
            f"--{option} {given}: choose {', '.join(known)}.", why=nearest(given, known), fix=f"--{option} {known[0]}"
        )


def write(text: str, name: str) -> None:
    """Write a text to the file `name`, told on stderr; - is stdout."""
    if name == "-":
        sys.stdout.write(text)
    else:
        Path(name).write_text(text, encoding="utf-8", newline="")
        say(f"Written: {name}")


def stdin_lines() -> Iterator[str]:
    """Lines of stdin, as they come, without their ends: UTF-8, or what Windows programs write where one is not; a byte
    order mark before the first is dropped."""
    for number, line in enumerate(sys.stdin.buffer):
        yield _decoded(line.removeprefix(BOM_UTF8) if number == 0 else line).rstrip("\r\n")


def stdin_is_file() -> bool:
    """Whether stdin is a file, which holds all its lines, rather than a pipe or a terminal."""
    try:
        return S_ISREG(os.fstat(sys.stdin.fileno()).st_mode)
    except (OSError, ValueError):  # a stream without a file behind it
        return False


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


@contextmanager
def step_progress(total: int) -> Iterator[Report]:
    """A progress bar over the steps of a run, with the rows of the step at work."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=30),
        TextColumn("{task.completed}/{task.total} steps"),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=messages, transient=True) as bar:
        task = bar.add_task("", total=total, rows="")
        seen = 0

        def report(step: str, state: str, rows: int) -> None:
            nonlocal seen
            if state == "run":
                seen = 0
                bar.update(task, description=step, rows="")
            elif state == "rows":
                seen += rows
                bar.update(task, rows=f"{seen:,} rows")
            elif state == "skip":
                bar.console.print(f"  {step:<22} unchanged", markup=False)
            elif state == "done":
                bar.advance(task)
                if seen:
                    bar.console.print(f"  {step:<22} {rows:,} rows", markup=False)
                seen = 0

        yield report
