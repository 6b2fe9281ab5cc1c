"""Programs that only the formats of the report need: the extra `report`."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from overstap.errors import InputError

_NAMES = {"typst": "Typst", "vl_convert": "vl-convert", "docx": "python-docx", "pptx": "python-pptx"}


def needed(module: str) -> ModuleType:
    """The module, one of `_NAMES`. Raises `InputError` with the remedy where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise InputError(
            f"This format needs {_NAMES[module]}, which is not installed.",
            fix="pip install 'overstap[report]', or use the HTML report: it needs nothing.",
        ) from None
