"""Files that the package carries for what it publishes: styles, scripts, figures on accuracy, literature."""

from __future__ import annotations

from importlib.resources import files


def asset(name: str) -> str:
    """The text of a bundled asset."""
    return files("overstap.publish").joinpath(f"assets/{name}").read_text(encoding="utf-8")
