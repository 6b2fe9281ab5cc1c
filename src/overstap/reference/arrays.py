"""Read the NumPy archives in which trained models are kept."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from overstap.errors import ReferenceDataError

# TypeError: a single array, which is no archive.
_BROKEN = (OSError, ValueError, LookupError, EOFError, TypeError, zipfile.BadZipFile, zlib.error)


def load_arrays(path: Path, what: str) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an .npz file by name. `what` it is, for the message: "The model of titles".

    Raises ReferenceDataError where the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except _BROKEN as error:
        raise unreadable(what, error) from error


def unreadable(what: str, error: Exception) -> ReferenceDataError:
    """The error to raise where a bundled file cannot be read, or lacks what it should hold."""
    return ReferenceDataError(
        f"{what} cannot be read.",
        why=f"no array {error}" if isinstance(error, KeyError) else str(error),
        fix="Install overstap again: pip install --force-reinstall overstap",
    )
