"""How strong the evidence of a design is, told with every claim.

The Maryland scale (Sherman et al. 1997) in the words of the What Works Centre for Local Economic Growth (2016): 1
before and after, or with and without; 2 the same with what differs taken into account; 3 before and after, with a
comparison group; 4 chance-like assignment; 5 assignment by lot that held. Beside it the Dutch ladder of evidence (Van
Yperen & Veerman 2008). An effect is claimed from 3 up; below that numbers are a description.
"""

from __future__ import annotations

CLAIM = 3  # the lowest step of the Maryland scale at which an effect is claimed
_LADDER = {1: "first", 2: "first", 3: "good", 4: "good", 5: "strong"}


def ladder(maryland: int) -> str:
    """The rung of the Dutch ladder that a single study of this step can reach: first, good or strong indications."""
    return _LADDER[maryland]


def step(design: str, *, random: bool, has_before: bool, cautions: tuple[str, ...]) -> int:
    """The step of the Maryland scale of a design, lowered by cautions that undo it.

    `cautions`: those of the estimate; a trend that differed before, groups that stay unlike after matching, too few
    clusters in a group, and a lot that did not hold (attrition) lower it.
    """
    if design == "before_after":
        return 1
    if random and not {"attrition", "few_treated"} & set(cautions):
        return 5
    compares = design == "did" or (design == "matched" and has_before)
    return 3 if compares and not {"trend", "unlike", "few_treated"} & set(cautions) else 2


def verdict(low: float | None, high: float | None, *, claimed: bool) -> str:
    """better or worse where the interval lies on one side of nought, else unclear; described without a claim."""
    if not claimed:
        return "described"
    if low is not None and low > 0:
        return "better"
    return "worse" if high is not None and high < 0 else "unclear"
