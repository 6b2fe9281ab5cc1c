"""overstap: an open labour-market research engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from overstap.pipeline import Study

__version__ = "0.1.0"
__all__ = ["Study", "__version__"]


def __getattr__(name: str) -> Any:
    """Load the public names when they are first used: importing the package does nothing."""
    if name == "Study":
        from overstap.pipeline import Study

        return Study
    raise AttributeError(f"module 'overstap' has no attribute '{name}'")
