"""Which code a result follows from: a digest over a module and all of the package that it imports.

A step names the module that does its work; what that module imports, at its head or within its functions, is found from
the source text. So a rule that moves to another file, or a list of words that is mended, reaches the steps that use it.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_ROOT = Path(__file__).parent
# What every step passes through and none follows from: settings enter a version by value, contracts by their schema.
_PLUMBING = (
    "overstap.study",
    "overstap.errors",
    "overstap.engine",
    "overstap.store",
    "overstap.steps",
    "overstap.schema",
)


@lru_cache(maxsize=64)
def code_digest(modules: tuple[str, ...]) -> str:
    """Hash over the source of `modules` and of every module of the package that they lead to, with bundled data."""
    digest = blake2b(digest_size=10)
    for path in sorted(files_behind(modules)):
        digest.update(str(path.relative_to(_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_behind(modules: tuple[str, ...]) -> set[Path]:
    """Source files of `modules` and of what they import from the package; the bundled data where one reads them."""
    waiting, found = list(modules), set[Path]()
    while waiting:
        path = _path_of(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += [name for name in _imports(path) if not name.startswith(_PLUMBING)]
    if any(path.is_relative_to(_ROOT / "reference") for path in found):
        found |= {path for path in (_ROOT / "reference" / "data").rglob("*") if path.is_file()}
    return found


def _path_of(module: str) -> Path | None:
    base = _ROOT.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=256)
def _imports(path: Path) -> tuple[str, ...]:
    """Modules of the package that a file imports, wherever in it; a name that is no module is its package."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(dict.fromkeys(name for name in names if name.startswith("overstap.")))
