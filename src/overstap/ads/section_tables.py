"""The forms of headings, cues and conditions as tables: what `overstap.ads.sections` looks for."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.reference.forms import expand
from overstap.schema.core import SECTIONS

HEADING, CUE, CONDITION, ROLE = "heading", "section_cue", "condition", "role"
OPTIONAL = "optional"
_OWN = ("our ", "ons ", "onze ")
_PAY = ("salar", "pay", "beloning", "remuneration", "vergoeding")
"""Starts of headings on pay alone, where no benefits are named with it."""
EFFECTS = (
    "optional_back", "optional_forward", "negated_back", "negated_forward", "negated_open", "negated_close",
    "negated_both", "contrast", "affirmed", "colleagues", "none",
)  # fmt: skip
"""What a condition does to what stands before or behind it. `negated_open` ("geen") holds for the word behind it, and
up to a `negated_close` ("nodig"); `negated_both` ("geen ervaring met") also for the rest of its clause. A `contrast`
("maar") ends what is negated; `affirmed` ("… kun je niet beginnen") undoes what negates before it in its sentence;
`colleagues` ("samen met") introduces people whose roles are not asked; a form of `none` only hides others ("niet
zonder")."""


def section_kinds() -> dict[str, pa.Table]:
    """The forms of headings and cues as kinds of a `FormIndex`, with columns form, section or effect, and more."""
    return dict(_kinds())


def _read(name: str) -> list[dict[str, str]]:
    with (resources.files("overstap.reference") / "data" / name).open(encoding="utf-8") as file:
        return [row | {"form": form} for row in csv.DictReader(file) for form in expand(next(iter(row.values())))]


@lru_cache(maxsize=1)
def _kinds() -> dict[str, pa.Table]:
    headings = _read("section_headings.csv")
    for row in headings:
        row["extra"] = "1" if row["form"].endswith("*") else ""
        row["flat"] = "1" if row["form"].endswith("!") else ""
        row["form"] = row["form"].rstrip("*! ")
    headings.sort(key=lambda row: row["extra"], reverse=True)  # the same form with and without `*`: the wider one
    cues = sorted(_read("section_cues.csv"), key=lambda row: row["strong"], reverse=True)  # and the strong cue
    return {
        HEADING: pa.Table.from_pylist(headings),
        CUE: pa.Table.from_pylist(cues),
        CONDITION: pa.Table.from_pylist(_read("condition_cues.csv")),
        ROLE: pa.Table.from_pylist(_read("role_nouns.csv")),
    }


@lru_cache(maxsize=1)
def section_columns() -> dict[str, npt.NDArray[Any]]:
    """Per form of a kind its code, and what it may do, by the name of the column."""
    kinds = _kinds()
    codes = {name: number for number, name in enumerate((*SECTIONS, OPTIONAL))}
    return {
        "heading_code": np.array([codes[s] for s in kinds[HEADING]["section"].to_pylist()], np.int32),
        "heading_extra": np.array([bool(x) for x in kinds[HEADING]["extra"].to_pylist()], np.bool_),
        "heading_flat": np.array([bool(x) for x in kinds[HEADING]["flat"].to_pylist()], np.bool_),
        "heading_tokens": np.array(
            [len(f.replace("-", " ").split()) for f in kinds[HEADING]["form"].to_pylist()], np.int32
        ),
        "heading_pay": np.array(
            [f.startswith(_PAY) and " and " not in f and " en " not in f for f in kinds[HEADING]["form"].to_pylist()],
            np.bool_,
        ),
        "cue_code": np.array([codes[s] for s in kinds[CUE]["section"].to_pylist()], np.int32),
        "cue_strong": np.array([bool(x) for x in kinds[CUE]["strong"].to_pylist()], np.bool_),
        "cue_own": np.array([f.startswith(_OWN) for f in kinds[CUE]["form"].to_pylist()], np.bool_),
        "effect": np.array([EFFECTS.index(e) for e in kinds[CONDITION]["effect"].to_pylist()], np.int32),
    }
