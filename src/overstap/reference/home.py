"""Where what belongs to the user is kept."""

from __future__ import annotations

import os
from pathlib import Path


def data_home(home: Path | None = None) -> Path:
    """The user's data folder: `home`, else OVERSTAP_HOME, else XDG_DATA_HOME/overstap, else ~/.local/share/overstap."""
    if home is not None:
        return home
    if os.environ.get("OVERSTAP_HOME"):
        return Path(os.environ["OVERSTAP_HOME"])
    if os.environ.get("XDG_DATA_HOME"):
        return Path(os.environ["XDG_DATA_HOME"]) / "overstap"
    return Path.home() / ".local" / "share" / "overstap"
