"""`overstap evaluate`: every set that is given is run, and the page of accuracy written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from overstap.errors import InputError, ReferenceDataError
from overstap.evaluate.files import AnnotatedSet, read_set, split_argument
from overstap.evaluate.known import Run, known_sets
from overstap.evaluate.of_skills import mentions_section, sentences_section, spans_section
from overstap.evaluate.of_texts import facts_section, languages_section, sectors_section
from overstap.evaluate.of_titles import concepts_section, titles_section
from overstap.evaluate.page import write_page
from overstap.evaluate.section import Section, Unavailable
from overstap.evaluate.texts import text

RUNS: Mapping[str, Callable[[AnnotatedSet], Section]] = {
    "mentions": mentions_section,
    "titles": titles_section,
    "concepts": concepts_section,
    "sentences": sentences_section,
    "spans": spans_section,
    "facts": facts_section,
    "languages": languages_section,
    "sectors": sectors_section,
}


def evaluate(
    sets: Sequence[str], out: Path, labels: Path, report: Callable[[str], None] = lambda title: None
) -> list[Path]:
    """Run `sets` (a file, KIND=FILE, or a folder of shared data) and write `out` with its plots; gives these files.

    `labels`: folder of our own labels of the ads in such a folder. `report` hears the name of each set before it runs.
    A set that this installation cannot run is said so on the page. Raises InputError for a set that cannot be read;
    all are looked at before any is run.
    """
    if out.suffix.lower() != ".md":
        raise InputError(f"--out {out}: the page is written as Markdown.", fix=f"--out {out.with_suffix('.md')}")
    given = [split_argument(argument) for argument in sets]
    folders = [path for kind, path in given if kind is None and path.is_dir()]
    data = next((folder for folder in folders if (folder / "ads").is_dir()), None)
    runs: list[Run] = []
    for kind, path in given:
        if path in folders and kind is None:
            runs += known_sets(path, labels)
        else:
            item = read_set(kind, path, data)
            runs.append((item.name, partial(RUNS[item.kind], item)))
    sections = []
    for title, run in runs:
        report(title)
        sections.append(_run(title, run))
    # Names, not paths: where the sets lie concerns nobody.
    named = (f"{kind}={path.name}" if kind else path.resolve().name for kind, path in given)
    after = [text(name) for name in ("moves", "curriculum", "recorded", "missed")] if folders else []
    return write_page(sections, out, f"overstap evaluate {' '.join(named)}", after)


def _run(title: str, run: Callable[[], Section]) -> Section:
    try:
        return replace(run(), title=title)
    except Unavailable as error:
        lacking = str(error)
    except ReferenceDataError as error:
        lacking = f"{error.what} {error.fix}".strip()
    return Section(title, "not available in this installation", lacking=lacking)
