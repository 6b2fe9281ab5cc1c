"""Programs that only the formats of the report need: the extra `report`."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from overstap.errors import InputError

_NAMES = {"typst": "Typst", "vl_convert": "vl-convert", "docx": "python-docx", "pptx": "python-pptx"}
_PARTS = {
    "docx": ("enum.style", "opc.constants", "shared"),
    "pptx": ("chart.data", "dml.color", "enum.chart", "enum.lang", "enum.shapes", "enum.text", "util"),
}


def needed(module: str) -> ModuleType:
    """The module, one of `_NAMES`, with its parts. Raises `InputError` with the remedy where it is not installed."""
    try:
        found = import_module(module)
        for part in _PARTS.get(module, ()):
            import_module(f"{module}.{part}")
        return found
    except ImportError:
        raise InputError(
            f"This format needs {_NAMES[module]}, which is not installed.",
            fix="pip install 'overstap[report]', or use the HTML report: it needs nothing.",
        ) from None
