"""A delivery that arrives: its file is laid among those of its source, once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from overstap.errors import InputError, nearest
from overstap.sources.ads import check_source
from overstap.sources.files import SourceFile, expand
from overstap.study import AdSource, StudySpec
from overstap.whole import whole_file


def source_for(spec: StudySpec, name: str | None) -> AdSource:
    """The source `name`, or the only one. Raises InputError where there is none or it must be named."""
    known = {source.id: source for source in spec.sources}
    if name is None and len(known) == 1:
        return spec.sources[0]
    if name in known:
        return known[name]
    what = "The study has several sources." if name is None else f"The study has no source '{name}'."
    raise InputError(what, why=nearest(name or "", known), fix=f"Name one: --source {next(iter(known))}")


def deliver(file: Path, source: AdSource, base: Path, digests: Mapping[str, str], digest: str) -> Path | None:
    """Copy `file` to where `source` looks for its files; None where it already has a file of this content.

    `digests`: path → content digest of the files that the source has; `digest`: that of `file`. The copy appears whole.
    Raises InputError where the source has no folder for it, has another file of this name, or cannot read it.
    """
    if digest in digests.values():
        return None
    target = _place(file, source, base)
    if target.exists():
        raise InputError(
            f"Source '{source.id}' already has a file {target.name}, of another content.",
            why="A delivery that was read is not changed afterwards, so that every number can be traced to its file.",
            fix="Give a corrected delivery a name of its own that sorts after the first: with updates: newest its ads "
            "replace the earlier ones.",
        )
    problems = check_source(source.model_copy(update={"files": [str(file.resolve())]}), base)
    if problems:
        raise problems[0]
    with whole_file(target) as part:
        shutil.copyfile(file, part)
    return target


def files_of(source: AdSource, base: Path) -> list[SourceFile]:
    """The files that the source has by now; none where no delivery came yet."""
    return expand(source.files, base, source.id)[0]


def _place(file: Path, source: AdSource, base: Path) -> Path:
    """Where the source would find a file of this name: the folder of the first of its patterns that the name fits."""
    named = [Path(pattern) for pattern in source.files]
    patterns = [path for path in named if "*" in path.name and "*" not in str(path.parent)]
    fitting = next((pattern for pattern in patterns if fnmatch(file.name, pattern.name)), None)
    if fitting is None:
        known = ", ".join(map(str, patterns)) or ", ".join(source.files)
        raise InputError(
            f"Source '{source.id}' would not find a delivery named {file.name}.",
            why=f"Its files are: {known}.",
            fix=f"Add a pattern to 'files:' of the source that it fits, for instance deliveries/*{file.suffix}",
        )
    folder = base / fitting.parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder / file.name
