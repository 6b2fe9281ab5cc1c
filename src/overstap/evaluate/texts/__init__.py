"""Running text of the page of accuracy: how the known sets were made, and what was recorded by hand."""

from __future__ import annotations

from importlib.resources import files


def text(name: str) -> str:
    """The text `name`.md."""
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()
