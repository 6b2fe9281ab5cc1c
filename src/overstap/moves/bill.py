"""What retraining costs, who pays, and for whom it pays: the question of World Economic Forum (2019), with ranges.

Prices and months come from the table of training costs, what comes back from `training_returns`: laws and assumptions,
each low, middle and high. The lowest return is set against the highest cost, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError, nearest
from overstap.moves.gaps import effort
from overstap.moves.packages import PersonsMove
from overstap.reference.tables import load

Floats = npt.NDArray[np.float64]
PAYERS = ("employer", "fund", "government", "worker")
SUBSIDIES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Parts of the cost that the government pays, for which it is told whom retraining pays."""
CASES = ("employer", "together", "worker", "government")
"""Who pays what is left after the subsidy: the employer alone, employers together, the worker; the government pays the
subsidy."""
_SHARES = ("work_share", "together", "hiring", "benefit_rate", "tax")


@dataclass(frozen=True, slots=True)
class Costs:
    """By move, [move, case]: persons, price of training, pay for time spent learning, and what comes back to whom; the
    cases are low, middle and high. Where pay at either end is unknown `known` is false and all but the price is 0."""

    persons: Floats
    known: npt.NDArray[np.bool_]
    price: Floats
    time: Floats
    returns: Mapping[str, Floats]
    together: Floats


def costs_of(
    moves: Sequence[PersonsMove],
    pay: Mapping[str, float | None],
    costs: pa.Table | None = None,
    returns: pa.Table | None = None,
) -> Costs:
    """Costs and returns of one person in each move; `pay`: euro an hour by occupation, None where unknown.

    To the employer come back the severance and the hiring that are not needed (where it has the other work itself), to
    the government taxes on more pay and the benefits not paid, to the worker the gain in pay after tax and what a
    benefit would have lacked. Raises `InputError` as `assumptions` and `gaps.effort` do.
    """
    given = assumptions(returns)
    n = len(moves)
    need = [effort(move.gaps, move.skill_level, costs) for move in moves]
    price, months = (np.array([getattr(one, name) for one in need]).reshape(n, 3) for name in ("eur", "months"))
    start, goal = (np.array([_wage(pay, code) for code in codes]) for codes in _ends(moves))
    known = ~np.isnan(start) & ~np.isnan(goal)
    month = np.where(known, start, 0.0)[:, None] * given["hours"] / 12
    gain = np.where(known, goal - start, 0.0)[:, None] * given["hours"] * given["gain_years"]
    idle = month * given["benefit_months"]
    back = {
        "employer": month * given["severance_rate"] * given["service_years"] + 12 * month * given["hiring"],
        "government": gain * given["tax"] + idle * (given["benefit_rate"] + given["tax"]),
        "worker": gain * (1 - given["tax"]) + idle * (1 - given["benefit_rate"]),
    }
    back = {name: np.sort(values, axis=1) for name, values in back.items()}
    persons = np.array([move.persons for move in moves])
    return Costs(persons, known, price, months * given["work_share"] * month, back, given["together"])


def bill(found: Costs, shares: Mapping[str, float], subsidy: float = 0.0) -> pa.Table:
    """Columns payer, share, price and time (euro) with `_low` and `_high`: all payers together, then each of PAYERS.

    `shares` of PAYERS add to 1 and divide what `subsidy` (0–1 of the total, paid by the government) leaves. Time is
    what is paid for hours of learning, of moves whose pay is known. Raises `InputError` for an unknown payer, or shares
    that do not add to 1.
    """
    check_shares(shares, subsidy)
    whole = {"price": found.persons @ found.price, "time": found.persons @ found.time}
    parts = {name: (1.0 - subsidy) * shares.get(name, 0.0) for name in PAYERS}
    parts["government"] += subsidy
    return pa.Table.from_pylist(
        [
            {"payer": payer, "share": part}
            | {
                f"{name}{end}": float(part * value)
                for name, values in whole.items()
                for end, value in zip(("_low", "", "_high"), values, strict=True)
            }
            for payer, part in {"all": 1.0, **parts}.items()
        ]
    )


def returns_by_subsidy(found: Costs) -> pa.Table:
    """Columns payer (CASES), subsidy, persons, eur_low, eur, eur_high, back_low, back, back_high, pays_pct_low,
    pays_pct, pays_pct_high: what a payer spends and gets back, and for which part of the people that is no loss, at
    each of SUBSIDIES. Persons are those whose pay is known; no row where a payer pays nothing, or nobody is known.
    """
    persons = np.where(found.known, found.persons, 0.0)
    total = float(persons.sum())
    whole = found.price + found.time
    rows = []
    for payer in CASES if total else ():
        for subsidy in SUBSIDIES:
            part = subsidy if payer == "government" else 1.0 - subsidy
            if part == 0:
                continue
            cost = part * (found.price if payer == "worker" else whole)
            if payer == "together":
                cost = cost * (1.0 - found.together[::-1])
            back = found.returns["employer" if payer == "together" else payer]
            pays = [100 * float(persons[back[:, i] >= cost[:, 2 - i]].sum()) / total for i in range(3)]
            sums: dict[str, list[float]] = {"pays_pct": pays}
            sums |= {"eur": (persons @ cost).tolist(), "back": (persons @ back).tolist()}
            rows.append(
                {"payer": payer, "subsidy": subsidy, "persons": total}
                | {
                    f"{name}{end}": value
                    for name, values in sums.items()
                    for end, value in zip(("_low", "", "_high"), values, strict=True)
                }
            )
    return pa.Table.from_pylist(rows)


def assumptions(table: pa.Table | None = None) -> dict[str, Floats]:
    """Low, middle and high of each item of `training_returns`, or of a table in its form.

    Raises `InputError` where an item is missing, its values are not in order, or a share is outside 0–1.
    """
    bundled = [row["item"] for row in load("training_returns").to_pylist()]
    rows = {row["item"]: row for row in (load("training_returns") if table is None else table).to_pylist()}
    for item in bundled:
        if item not in rows:
            raise InputError(
                f"The table of returns lacks '{item}'.",
                why=f"It has {', '.join(str(name) for name in rows)}.",
                fix="Give a row for each item of overstap reference show training_returns.",
            )
    found = {item: np.array([rows[item][end] for end in ("low", "middle", "high")], dtype=float) for item in bundled}
    for item, values in found.items():
        if not (0 <= values[0] <= values[1] <= values[2]) or (item in _SHARES and values[2] > 1):
            raise InputError(
                f"'{item}' of the table of returns is {', '.join(f'{value:g}' for value in values)}.",
                fix="Give low, middle and high in that order, 0 or more, and shares at most 1.",
            )
    return found


def check_shares(shares: Mapping[str, float], subsidy: float) -> None:
    """Raises `InputError` for an unknown payer, shares that do not add to 1, or a subsidy outside 0–1."""
    for name, share in shares.items():
        if name not in PAYERS:
            raise InputError(f"'{name}' is no payer.", why=nearest(name, PAYERS), fix=f"Payers: {', '.join(PAYERS)}.")
        if share < 0:
            raise InputError(f"The share of {name} is negative.", fix="Give shares of 0 to 1.")
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        raise InputError(f"The shares of payers add to {sum(shares.values()):.3f}.", fix="Let them add to 1.")
    if not 0 <= subsidy <= 1:
        raise InputError(f"A subsidy of {subsidy} is no part.", fix="Give 0 to 1.")


def _ends(moves: Sequence[PersonsMove]) -> tuple[list[str], list[str]]:
    return [move.from_code for move in moves], [move.to_code for move in moves]


def _wage(pay: Mapping[str, float | None], code: str) -> float:
    value = pay.get(code)
    return np.nan if value is None else float(value)
