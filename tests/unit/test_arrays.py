"""A damaged model ends in an error that says how to mend it, whatever the damage."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from overstap.ads._title_encoder import TitleEncoder
from overstap.errors import ReferenceDataError
from overstap.reference.arrays import load_arrays

BUNDLED = Path(str(files("overstap.reference").joinpath("models/title_encoder.npz")))


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped", "text", "other", "bare", "short"])
def test_a_damaged_model_of_titles_names_the_mend(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.npz"
    raw = bytearray(BUNDLED.read_bytes())
    if damage in ("empty", "cut", "flipped", "text"):
        middle = len(raw) // 2
        flipped = raw[:middle] + bytes(byte ^ 255 for byte in raw[middle : middle + 64]) + raw[middle + 64 :]
        path.write_bytes({"empty": b"", "cut": raw[:middle], "flipped": flipped, "text": b"no model"}[damage])
    elif damage == "other":
        np.savez(path, other=np.zeros(3))
    elif damage == "bare":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif damage == "short":
        arrays = load_arrays(BUNDLED, "The model")
        np.savez(path, **{**arrays, "steps": arrays["steps"][:-1]})
    with pytest.raises(ReferenceDataError, match="model of titles cannot be read") as caught:
        TitleEncoder.read(path)
    assert "pip install --force-reinstall overstap" in str(caught.value)
