"""What O*NET says of occupations, where the user installed it: components beside those of ESCO.

They have no weight in the combined score, as its weights are fitted on O*NET's own related occupations.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.moves import measures
from overstap.moves.crosswalk import Level, crosswalk
from overstap.reference import onet
from overstap.schema.moves import ONET

Floats = npt.NDArray[np.float64]
_RATED = {"onet_skills": "skill", "onet_knowledge": "knowledge", "onet_styles": "work_style", "onet_zone": "job_zone"}
_ZONES = 4.0  # from the first of O*NET's five job zones to the last


def components(
    level: Level, codes: tuple[str, ...], home: Path | None = None
) -> dict[str, Callable[[measures.Origins], Floats]]:
    """Measures of O*NET by name, each a function of the origins; none where O*NET is not installed.

    Skills, knowledge and work styles: 1 − mean difference of importance; activities: cosine of detailed activities, the
    rare ones weighing more; zone: 1 − steps between job zones / 4. An occupation takes the mean of the O*NET
    occupations that the crosswalk gives its ESCO occupations; NaN where it gives none.
    """
    if not onet.is_installed(home):
        return {}
    spread, place = _spread(level, codes, home)
    table = onet.load_values(home).to_pylist()
    found: dict[str, Callable[[measures.Origins], Floats]] = {}
    for name, kind in _RATED.items():
        rated = _rated([r for r in table if r["kind"] == kind], place)
        mean = _mean(spread, rated / (_ZONES if kind == "job_zone" else 1.0))
        found[name] = lambda of, mean=mean: measures.closeness(mean, of)  # type: ignore[misc]
    done = sp.csr_matrix(_rated([r for r in table if r["kind"] == "dwa"], place, missing=0.0))
    asked = sp.csr_matrix(spread @ done)
    found["onet_activities"] = lambda of: measures.cosine(asked, measures.specificity(done), of)
    return {name: found[name] for name in ONET}


def words(level: Level, code: str, home: Path | None = None) -> dict[str, tuple[tuple[str, float], ...]] | None:
    """What people do ("task") and use ("tool") in an occupation: English texts with the part (0–1) of its O*NET
    occupations that name them, the largest first; None where O*NET's words are not installed, empty where the crosswalk
    gives the occupation none."""
    if not onet.has_words(home):
        return None
    spread, place = _spread(level, (code,), home)
    weight = np.asarray(spread.todense()).ravel()
    found: dict[str, dict[str, float]] = {"task": {}, "tool": {}}
    for row in onet.load_words(home).to_pylist():
        if (at := place.get(row["onet"])) is not None and weight[at] > 0:
            kind = found[row["kind"]]
            kind[row["text"]] = kind.get(row["text"], 0.0) + float(weight[at])
    return {kind: tuple(sorted(texts.items(), key=lambda one: (-one[1], one[0]))) for kind, texts in found.items()}


def _spread(level: Level, codes: tuple[str, ...], home: Path | None) -> tuple[sp.csr_matrix, dict[str, int]]:
    """Occupations × O*NET occupations, rows adding to 1 or 0."""
    links = onet.load_crosswalk(home).to_pylist()
    place = {code: i for i, code in enumerate(sorted({link["onet"] for link in links}))}
    to_onet: dict[str, list[int]] = {}
    for link in links:
        to_onet.setdefault(link["esco_uri"], []).append(place[link["onet"]])
    row = {code: i for i, code in enumerate(codes)}
    entries = [
        (row[r["from"]], at, r["weight"] / len(to_onet[r["to"]]))
        for r in crosswalk(level, "esco", home).to_pylist()
        if r["from"] in row
        for at in to_onet.get(r["to"], ())
    ]
    rows, columns, weights = (np.array(side) for side in zip(*entries, strict=True)) if entries else ([], [], [])
    spread = sp.csr_matrix((weights, (rows, columns)), shape=(len(codes), len(place)))
    total = np.asarray(spread.sum(axis=1)).ravel()
    return sp.csr_matrix(sp.diags(1.0 / np.where(total > 0, total, 1.0)) @ spread), place


def _rated(rows: list[dict[str, str]], place: dict[str, int], missing: float = np.nan) -> Floats:
    element = {name: j for j, name in enumerate(sorted({row["element"] for row in rows}))}
    rated = np.full((len(place), len(element)), missing)
    for row in rows:
        if row["onet"] in place:
            rated[place[row["onet"]], element[row["element"]]] = row["value"]
    return rated


def _mean(spread: sp.csr_matrix, rated: Floats) -> Floats:
    """Mean ratings over the O*NET occupations that have them; NaN where none has."""
    known = np.asarray(~np.isnan(rated).any(axis=1))
    weight = np.asarray(spread @ known.astype(np.float64))
    total = np.asarray(spread @ np.where(known[:, None], rated, 0.0))
    mean: Floats = np.divide(total, weight[:, None], out=np.full_like(total, np.nan), where=weight[:, None] > 0)
    return mean
