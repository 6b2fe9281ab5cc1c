"""What each occupation asks: occupations × skills, or groups of skills where ESCO is not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from overstap.errors import InputError
from overstap.moves.crosswalk import Level, codes, crosswalk, esco_units, has_esco
from overstap.moves.measures import specificity
from overstap.reference import esco
from overstap.reference.tables import load


@dataclass(frozen=True, eq=False)
class Profiles:
    """What occupations ask. Rows of the matrices are `codes`, columns `features`; values are weights in [0, 1].

    `unit` says what a feature is: an ESCO skill (weight: share of the occupation's ESCO occupations that ask it), a
    group of skills (weight: share of the occupation's skills that are in the group), or what ads ask. `groups` has
    ESCO's group of each feature (`S1.2.3`, `0613`). `basis` says of each row where it comes from: observed, allocated
    (from the classes above or below it), assumed, or unknown, where the row is empty. `kin` holds the rows of which an
    allocated row is the mean.
    """

    level: Level
    codes: tuple[str, ...]
    features: tuple[str, ...]
    groups: tuple[str, ...]
    essential: sp.csr_matrix
    optional: sp.csr_matrix
    basis: tuple[str, ...]
    unit: Literal["skills", "groups", "ads"]
    kin: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Sums go by the order of the features, in every process: what reads a matrix may sort it in passing.
        self.essential.sort_indices()
        self.optional.sort_indices()

    def of(self, codes: Sequence[str]) -> Profiles:
        """The profiles of some occupations, in this order. Raises KeyError for a code that has none."""
        place = {code: i for i, code in enumerate(self.codes)}
        at = [place[code] for code in codes]
        basis = tuple(self.basis[i] for i in at)
        return replace(
            self, codes=tuple(codes), essential=self.essential[at], optional=self.optional[at], basis=basis, kin={}
        )


def profiles(level: Level, home: Path | None = None) -> Profiles:
    """Profiles of all occupations of a level.

    From the installed ESCO, or else from the bundled counts of groups of skills. A group of occupations asks for the
    mean of what its ESCO occupations ask; an occupation that ESCO says nothing about takes the mean of its unit group,
    a unit group that of its minor group, and so on.
    """
    base = _of_skills(home) if has_esco(home) else _of_groups(home)
    if level == "esco":
        return base
    units = _grouped(base, "isco", home)
    return units if level == "isco" else _grouped(units, "brc", home)


def profiles_of_ads(shares: pa.Table, level: Level) -> Profiles:
    """Profiles from what a study's ads ask: share × specificity, scaled so that each occupation's highest is 1.

    `shares`: occupation (code of `level`), skill (id), share (of the occupation's ads that ask the skill, 0–1).
    Specificity is log(1 + n / occupations that ask the skill) / log(1 + n), n occupations. There is no optional part.
    Raises InputError where a column is missing or a share is not in [0, 1].
    """
    if missing := {"occupation", "skill", "share"} - set(shares.column_names):
        raise InputError(
            f"The table of shares lacks {', '.join(sorted(missing))}.", fix="Give occupation, skill, share."
        )
    if shares["share"].null_count or shares.group_by(["occupation", "skill"]).aggregate([]).num_rows < shares.num_rows:
        raise InputError("A share is missing, or stands twice.", fix="Give one share for each occupation and skill.")
    share = shares["share"].cast(pa.float64()).to_numpy()
    if len(share) and not ((share >= 0) & (share <= 1)).all():
        raise InputError("A share is not between 0 and 1.", fix="Give the share of ads, not a percentage.")
    rows, named = _numbered(shares["occupation"].to_pylist())
    columns, skills = _numbered(shares["skill"].to_pylist())
    matrix = sp.csr_matrix((share, (rows, columns)), shape=(len(named), len(skills)))
    matrix.eliminate_zeros()  # a share of nought is no asking
    matrix = sp.csr_matrix(matrix @ sp.diags(specificity(matrix)))
    highest = matrix.max(axis=1).toarray().ravel() if matrix.nnz else np.zeros(len(named))
    scaled = sp.csr_matrix(sp.diags(1.0 / np.where(highest > 0, highest, 1.0)) @ matrix)
    basis = tuple("observed" if top > 0 else "unknown" for top in highest)
    nothing = sp.csr_matrix(scaled.shape, dtype=np.float64)
    return Profiles(level, named, skills, ("",) * len(skills), scaled, nothing, basis, "ads")


def _of_skills(home: Path | None) -> Profiles:
    relations, skills = esco.load_relations(home), esco.load_skills(home)
    named = codes("esco", home)
    group = dict(zip(skills["esco_uri"].to_pylist(), skills["group_code"].to_pylist(), strict=True))
    place = {uri: i for i, uri in enumerate(named)}
    asked = [
        (place[r["occupation_uri"]], r["skill_uri"], r["relation"] == "essential")
        for r in relations.to_pylist()
        if r["occupation_uri"] in place
    ]
    columns, features = _numbered([skill for _, skill, _ in asked])
    row = np.array([at for at, _, _ in asked], dtype=np.int64)
    need = np.array([essential for _, _, essential in asked], dtype=bool)
    shape = (len(named), len(features))
    parts = [_ones(row[part], columns[part], shape) for part in (need, ~need)]
    groups = tuple(group.get(uri) or "" for uri in features)
    return _filled(Profiles("esco", named, features, groups, parts[0], parts[1], _basis(parts), "skills"), home)


def _of_groups(home: Path | None) -> Profiles:
    table = load("esco_profiles")
    named = codes("esco", home)
    place = {uri: i for i, uri in enumerate(named)}
    rows = np.array([place.get(uri, -1) for uri in table["esco_uri"].to_pylist()])
    columns, features = _numbered(table["group_code"].to_pylist())
    shape, known = (len(named), len(features)), rows >= 0
    parts = []
    for column in ("essential", "optional"):
        count = table[column].to_numpy().astype(np.float64)[known]
        matrix = sp.csr_matrix((count, (rows[known], columns[known])), shape=shape)
        matrix.eliminate_zeros()
        total = np.asarray(matrix.sum(axis=1)).ravel()
        parts.append(sp.csr_matrix(sp.diags(1.0 / np.where(total > 0, total, 1.0)) @ matrix))
    return _filled(Profiles("esco", named, features, features, parts[0], parts[1], _basis(parts), "groups"), home)


def _grouped(base: Profiles, level: Level, home: Path | None) -> Profiles:
    """The mean of the classes of `base` below each class of `level`, over those that have a profile of their own."""
    table = crosswalk(level, base.level, home)
    named = codes(level, home)
    row, column = {code: i for i, code in enumerate(named)}, {code: i for i, code in enumerate(base.codes)}
    known = [how == "observed" for how in base.basis]
    links = [r for r in table.to_pylist() if r["to"] in column and known[column[r["to"]]]]
    where = ([row[r["from"]] for r in links], [column[r["to"]] for r in links])
    weights = sp.csr_matrix(([r["weight"] for r in links], where), shape=(len(named), len(base.codes)))
    total = np.asarray(weights.sum(axis=1)).ravel()
    weights = sp.diags(1.0 / np.where(total > 0, total, 1.0)) @ weights
    parts = [sp.csr_matrix(weights @ part) for part in (base.essential, base.optional)]
    found = {r["from"]: "assumed" if r["basis"] == "assumed" else "observed" for r in links}
    basis = tuple(found.get(code, "unknown") for code in named)
    return _filled(Profiles(level, named, base.features, base.groups, parts[0], parts[1], basis, base.unit), home)


def _filled(made: Profiles, home: Path | None) -> Profiles:
    """Rows without a profile take the mean of the nearest group above them that has one."""
    if made.level == "brc" or "unknown" not in made.basis:
        return made
    units = esco_units(home) if made.level == "esco" else {code: code for code in made.codes}
    above = [units[code] for code in made.codes]
    known = [i for i, how in enumerate(made.basis) if how != "unknown"]
    basis, weights, kin = list(made.basis), sp.identity(len(made.codes), format="lil"), {}
    for i in sorted(set(range(len(made.codes))) - set(known)):
        for digits in (4, 3, 2, 1):
            near = tuple(k for k in known if above[k][:digits] == above[i][:digits])
            if near:
                weights[i, i], weights[i, list(near)] = 0.0, 1.0 / len(near)
                basis[i], kin[i] = "allocated", near
                break
    spread = weights.tocsr()
    essential, optional = (sp.csr_matrix(spread @ part) for part in (made.essential, made.optional))
    return replace(made, essential=essential, optional=optional, basis=tuple(basis), kin=kin)


def _basis(parts: Sequence[sp.csr_matrix]) -> tuple[str, ...]:
    held = sum(np.diff(part.indptr) for part in parts)
    return tuple("observed" if n else "unknown" for n in np.asarray(held))


def _ones(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], shape: tuple[int, int]) -> sp.csr_matrix:
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix


def _numbered(names: Sequence[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Each name's place among the distinct names in order, and these."""
    distinct = tuple(sorted(set(names)))
    place = {name: i for i, name in enumerate(distinct)}
    return np.array([place[name] for name in names], dtype=np.int64), distinct
