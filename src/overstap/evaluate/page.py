"""The page of accuracy: every set with n, figures and intervals, in Markdown, its plots as SVG files beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import overstap
from overstap.evaluate.plots import MADE, heat_svg, reliability_svg
from overstap.evaluate.section import Heat, Reliability, Section, Table, share

_HEAD = """# Measured accuracy

Measured on {date} with overstap {version} by

    {command}

which writes all of this page. Shares are fractions; in brackets a 95 % interval; n is the number of cases. *Score*
figures say how far a score can be read as the chance to be right. The kinds of sets and their files:
`overstap evaluate --help`.
"""


def write_page(sections: Sequence[Section], out: Path, command: str, after: Sequence[str] = ()) -> list[Path]:
    """Write `out` and its plots (folder of its name beside it); `after`: texts at the end. Gives the files."""
    plots = out.with_suffix("")
    out.parent.mkdir(parents=True, exist_ok=True)
    if plots.is_dir():
        for old in plots.glob("*.svg"):
            if MADE in old.read_text(encoding="utf-8", errors="replace")[:1000]:  # never what someone else drew
                old.unlink()
    drawn: dict[str, str] = {}
    parts = [_HEAD.format(date=date.today().isoformat(), version=_version(), command=command).strip()]
    parts += ["## Overview", _markdown(_overview(sections))]
    for section in sections:
        parts += [f"## {section.title}", f"*{_sentence(section.about)}*", *_parts(section, plots.name, drawn)]
    parts += [text.strip() for text in after]
    if drawn:
        plots.mkdir(exist_ok=True)
    for name, svg in drawn.items():
        (plots / name).write_text(svg, encoding="utf-8")
    out.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return [out, *(plots / name for name in drawn)]


def _overview(sections: Sequence[Section]) -> Table:
    rows = [
        (section.title if not i else "", name, f"{e.n:,}", share(e))
        for section in sections
        for i, (name, e) in enumerate(section.figures)
    ]
    for section in (s for s in sections if not s.figures):
        said = f"not measured: {section.lacking}" if section.lacking else "nothing to measure"
        rows.append((section.title, said, "–", "–"))
    return Table(("set", "measure", "n", "value (95 % interval)"), tuple(rows))


def _parts(section: Section, folder: str, drawn: dict[str, str]) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, Table):
            yield _markdown(part)
        elif isinstance(part, Reliability | Heat):
            name = _file_name(part.title, drawn)
            drawn[name] = reliability_svg(part) if isinstance(part, Reliability) else heat_svg(part)
            yield f"![{_plain(part.title)}]({folder}/{name})"
        else:
            yield part.strip()


def _markdown(table: Table) -> str:
    lines = [table.head, tuple("---" for _ in table.head), *(tuple(map(_cell, row)) for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """A cell that breaks no table and starts no markup of its own."""
    line = " ".join(text.split())
    return line.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


def _plain(text: str) -> str:
    return re.sub(r"[\[\]()]", "", text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _file_name(title: str, drawn: dict[str, str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80] or "plot"
    names = (f"{stem}{f'-{i}' if i > 1 else ''}.svg" for i in range(1, len(drawn) + 2))
    return next(name for name in names if name not in drawn)


def _version() -> str:
    """The version, with the commit where the package runs from its own repository."""
    root = Path(overstap.__file__).parents[2]
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return overstap.__version__
    run = subprocess.run([git, "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    return f"{overstap.__version__}, commit {run.stdout.strip()}" if run.stdout.strip() else overstap.__version__
