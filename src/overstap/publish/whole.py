"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path


def write_whole(content: bytes, path: Path) -> None:
    """Write a file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
