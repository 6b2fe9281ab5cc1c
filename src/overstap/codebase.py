"""Which code a result follows from: a digest over a module and all of the package that it imports.

A step names the module that does its work; what that module imports, at its head or within its functions, is found from
the source text. So a rule that moves to another file, or a list of words that is mended, reaches the steps that use it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_ROOT = Path(__file__).parent
# What every step passes through and none follows from: settings enter a version by value, contracts by their schema.
_PLUMBING = (
    "overstap.study",
    "overstap.errors",
    "overstap.faults",
    "overstap.engine",
    "overstap.store",
    "overstap.steps",
    "overstap.schema",
)
# Code in the one folder may read what is bundled in the others.
_DATA = {"reference": ("reference/data", "reference/models"), "semantic": ("semantic/data",)}
_IMPORT = re.compile(r"^[ \t]*(?:from|import) +(overstap[\w.]*)(?: +import +(\([^)]*\)|[^\n]*))?", re.MULTILINE)
_NAME, _COMMENT = re.compile(r"\w+"), re.compile("#.*")


@lru_cache(maxsize=64)
def code_digest(modules: tuple[str, ...]) -> str:
    """Hash over the source of `modules` and of every module of the package that they lead to, with bundled data."""
    digest = blake2b(digest_size=10)
    for path in sorted(files_behind(modules)):
        digest.update(str(path.relative_to(_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_behind(modules: tuple[str, ...]) -> set[Path]:
    """Source files of `modules` and of what they import from the package, and the bundled data that these may read."""
    found = sources_behind(modules, _PLUMBING)
    for room, folders in _DATA.items():
        if any(path.is_relative_to(_ROOT / room) for path in found):
            found |= {path for folder in folders for path in (_ROOT / folder).rglob("*") if path.is_file()}
    return found


def sources_behind(modules: tuple[str, ...], without: tuple[str, ...] = ()) -> set[Path]:
    """Source files of `modules` and of all that they import from the package, but for modules that begin so."""
    waiting, found = list(modules), set[Path]()
    while waiting:
        path = _path_of(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += [name for name in _imports(path) if not name.startswith(without)]
    return found


def _path_of(module: str) -> Path | None:
    base = _ROOT.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=256)
def _imports(path: Path) -> tuple[str, ...]:
    """Modules of the package that a file imports, wherever in it; a name that is no module is its package. Read off the
    lines: kernels ask for it at each start, and a parser takes ten times as long."""
    names: list[str] = []
    for found in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        module, imported = found.groups()
        names += [module, *(f"{module}.{name}" for name in _NAME.findall(_COMMENT.sub("", imported or "")))]
    return tuple(dict.fromkeys(name for name in names if name.startswith("overstap.")))
