"""From answers to tables: the order of each list, agreement, statements and gaps. Small groups are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from scipy.stats import rankdata, t

from overstap.analysis.uncertainty import normal_quantile, wilson
from overstap.panel import agreement, delphi
from overstap.panel.aggregate import borda, kemeny, plackett_luce
from overstap.panel.orders import Floats, Unranked, places
from overstap.reference.tables import load

Row = dict[str, Any]
LIST = ("session", "list", "moment", "round")
OWN = "panel"
STUDY = "study-2019"
_WHERE = "Arbeidsmarktonderzoek ICT met topsectoren 2019, {}"


@dataclass(frozen=True)
class Asked:
    """How panels are measured: see `study_panel.PanelSettings`."""

    confidence: float = 0.95
    consensus: float = 0.75
    stable: float = 0.6
    min_group: int = 5
    draws: int = 2_000
    seed: int = 1


def grouped(rows: Iterable[Row], names: Sequence[str]) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """Rows by the values of columns, in order of these."""

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in names)

    return [(k, list(part)) for k, part in groupby(sorted(rows, key=key), key)]


def matrix(rows: Sequence[Row]) -> tuple[list[str], list[str], Floats]:
    """Experts, items (in order of their id) and the ranks of one list; experts who ranked nothing are left out."""
    raters = sorted({row["rater"] for row in rows if row["rank"] is not None})
    items = sorted({row["item"] for row in rows})
    found = np.full((len(raters), len(items)), np.nan)
    at = {rater: n for n, rater in enumerate(raters)}
    for row in rows:
        if row["rank"] is not None:
            found[at[row["rater"]], items.index(row["item"])] = row["rank"]
    return raters, items, found


def rankings(rows: Sequence[Row], asked: Asked) -> tuple[list[Row], list[Row]]:
    """Rows of `out_panel_ranking` and `out_panel_agreement` from those of `core_rankings`.

    Where an item left out says nothing, one that few ranked has no figure: it would be theirs alone.
    """
    orders: list[Row] = []
    agreements: list[Row] = []
    for key, part in grouped(rows, LIST):
        about = dict(zip(LIST, key, strict=True)) | {"basis": OWN, "source": key[0]}
        raters, items, ranks = matrix(part)
        unranked: Unranked = part[0]["unranked"]
        shown = np.full(len(items), len(raters) >= asked.min_group)
        if unranked == "unknown":
            shown &= (~np.isnan(ranks)).sum(axis=0) >= asked.min_group
        if shown.sum() < 2:
            note = "few" if len(items) > 1 else "ties"
            orders += [about | {"item": item, "raters_n": len(raters)} for item in items]
            agreements.append(about | {"raters_n": len(raters), "items_n": len(items), "note": note})
            continue
        hidden = [item for item, is_shown in zip(items, shown, strict=True) if not is_shown]
        orders += [about | {"item": item, "raters_n": len(raters)} for item in hidden]
        kept, ranks = [item for item in items if item not in hidden], ranks[:, shown]
        placed = places(ranks, unranked)
        nearest = kemeny(placed)
        orders += _order(about, kept, ranks, placed, unranked, asked, nearest.rank if nearest else None)
        agreements.append(_agreement(about, placed, asked) | {"is_unique": nearest.is_unique if nearest else None})
    return _shifted(orders, rows, asked), agreements


def _order(
    about: Row, items: list[str], ranks: Floats, placed: Floats, unranked: Unranked, asked: Asked, near: Any
) -> list[Row]:
    mean = borda(placed, asked.confidence)
    worth = plackett_luce(ranks, asked.confidence, unranked)
    ranked = (~np.isnan(ranks)).sum(axis=0)
    return [
        about
        | {
            "item": item,
            "raters_n": len(ranks),
            "ranked_n": int(ranked[n]),
            "rank": int(mean.rank[n]),
            "rank_low": int(mean.rank_low[n]),
            "rank_high": int(mean.rank_high[n]),
            "mean_rank": _known(mean.mean_rank[n]),
            "mean_rank_low": _known(mean.mean_low[n]),
            "mean_rank_high": _known(mean.mean_high[n]),
            "borda_pct": _known(100 * mean.score[n]),
            "kemeny_rank": None if near is None else int(near[n]),
            "worth_pct": 100 * float(worth.worth[n]),
            "worth_low": 100 * float(worth.low[n]),
            "worth_high": 100 * float(worth.high[n]),
        }
        for n, item in enumerate(items)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _agreement(about: Row, placed: Floats, asked: Asked) -> Row:
    whole = placed[~np.isnan(placed).any(axis=1)]
    found = about | {"raters_n": len(placed), "items_n": placed.shape[1], "note": None}
    w = agreement.kendall_w(whole) if len(whole) >= asked.min_group else None
    if w is None:
        return found | {"note": "partial" if len(whole) < asked.min_group else "ties"}
    rho = agreement.mean_spearman(whole, asked.confidence)
    p = agreement.p_value(whole, asked.draws, asked.seed)
    return found | {
        "raters_n": len(whole),  # on whom the figures rest
        "w": w,
        "p_value": p,
        "strength": agreement.strength(w, p),
        "spearman": rho and rho.mean,
        "spearman_low": rho and rho.low,
        "spearman_high": rho and rho.high,
    }


def _shifted(orders: list[Row], rows: Sequence[Row], asked: Asked) -> list[Row]:
    """The orders for the time after a date with how each item moved since those before it, expert by expert."""
    moved: dict[tuple[Any, ...], tuple[float | None, ...]] = {}
    for (session, name, round_), part in grouped(rows, ("session", "list", "round")):
        sides = [matrix([row for row in part if row["moment"] == moment]) for moment in ("before", "after")]
        both = sorted(set(sides[0][0]) & set(sides[1][0]))
        items = sorted(set(sides[0][1]) & set(sides[1][1]))
        if len(both) < asked.min_group or not items:
            continue
        first, last = (
            places(m[[r.index(b) for b in both]][:, [i.index(x) for x in items]], part[0]["unranked"])
            for r, i, m in sides
        )
        for n, item in enumerate(items):
            shift = last[:, n] - first[:, n]
            if (~np.isnan(shift)).sum() >= asked.min_group:
                moved[session, name, round_, item] = mean_of(shift, asked.confidence)
    for row in orders:
        found = moved.get((row["session"], row["list"], row["round"], row["item"]))
        if row["moment"] == "after" and found:
            row |= dict(zip(("shift", "shift_low", "shift_high"), found, strict=True))
    return orders


def mean_of(values: Floats, confidence: float) -> tuple[float | None, float | None, float | None]:
    """Mean and its t-interval of the values that are known; no interval where they do not vary."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None, None
    mean = float(known.mean())
    if not np.ptp(known):
        return mean, None, None
    reach = float(t.ppf((1 + confidence) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return mean, mean - reach, mean + reach


def statements(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """Rows of `out_panel_statements` from the agreement with statements in `core_ratings`."""
    found: list[Row] = []
    before: dict[tuple[Any, ...], dict[str, float]] = {}
    kept = [row for row in rows if row["aspect"] == "agreement" and row["value"] is not None]
    for (session, item, round_), part in grouped(kept, ("session", "item", "round")):
        given = {row["rater"]: row["value"] for row in part}
        scale = (part[0]["scale_low"], part[0]["scale_high"])
        about = {"session": session, "round": round_, "item": item, "raters_n": len(given)}
        about |= dict(zip(("scale_low", "scale_high"), scale, strict=True))
        earlier = before.get((session, item), {})
        found.append(about | _statement(given, earlier, scale, asked))
        before[session, item] = given
    return found


def _statement(given: dict[str, float], earlier: dict[str, float], scale: tuple[int, int], asked: Asked) -> Row:
    n, answers = len(given), np.array(list(given.values()))
    few = {"consensus": "few", "consensus_70": "few", "consensus_80": "few", "next_round": "few"}
    if n < asked.min_group:
        return few
    down, up = delphi.sides(*scale)
    low, middle, high = (float(q) for q in np.percentile(answers, [25, 50, 75]))
    verdict = delphi.consensus(answers, scale, asked.consensus)
    both = sorted(set(given) & set(earlier))
    still = None
    if len(both) >= asked.min_group:
        old, new = (np.array([side[who] for who in both]) for side in (earlier, given))
        still = delphi.stability(old, new, asked.confidence)
    row: Row = {"median": middle, "quartile_low": low, "quartile_high": high, "iqr": high - low}
    row["counts"] = [int((answers == value).sum()) for value in range(scale[0], scale[1] + 1)]
    for name, count in (("agree", int((answers >= up).sum())), ("disagree", int((answers <= down).sum()))):
        part, size = np.array(count / n), np.array(float(n))
        ends = [float(end) for end in wilson(part, size, normal_quantile(asked.confidence))]
        row |= {f"{name}_pct": 100 * count / n, f"{name}_low": 100 * ends[0], f"{name}_high": 100 * ends[1]}
    row |= {"consensus": verdict}
    row |= {f"consensus_{p}": delphi.consensus(answers, scale, p / 100) for p in (70, 80)}
    if still:
        row |= {"both_n": still.n, "same_pct": 100 * still.same, "kappa": still.kappa}
        row |= {"kappa_low": still.low, "kappa_high": still.high}
    stable = still is not None and (still.same == 1 or (still.kappa is not None and still.kappa >= asked.stable))
    return row | {"next_round": "agreed" if verdict != "none" else "stable" if stable else "again"}


def gaps(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """Rows of `out_panel_gap` from `core_ratings`: gap = (importance − mastery) × importance, per expert."""
    found: list[Row] = []
    kept = [row for row in rows if row["aspect"] != "agreement" and row["value"] is not None]
    for key, part in grouped(kept, ("session", "round", "function_group", "item")):
        session, round_, group, item = key
        given = {(row["rater"], row["aspect"]): row["value"] for row in part}
        both = sorted({who for who, _ in given if {(who, "importance"), (who, "mastery")} <= set(given)})
        row = {"session": session, "round": round_, "item": item, "function_group": group, "raters_n": len(both)}
        row |= {"basis": OWN, "source": session}
        if len(both) >= asked.min_group:
            need, have = (np.array([given[who, side] for who in both]) for side in ("importance", "mastery"))
            row |= {"importance": float(need.mean()), "mastery": float(have.mean())}
            for name, values in (("difference", need - have), ("gap", (need - have) * need)):
                ends = mean_of(values, asked.confidence)
                row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        found.append(row)
    for _, part in grouped(found, ("session", "round", "function_group")):
        known = [row for row in part if row.get("gap") is not None]
        for row, rank in zip(known, rankdata([-row["gap"] for row in known], method="min"), strict=True):
            row["rank"] = int(rank)
    return found


def published() -> tuple[list[Row], list[Row], list[Row]]:
    """What the study of 2019 publishes of its vision session: orders, why there is no agreement, and gaps."""
    orders: list[Row] = []
    gap_rows: list[Row] = []
    for row in load("panel_outcomes").to_pylist():
        about = {"session": row["session"], "round": 1, "item": row["item"], "basis": "published"}
        about |= {"raters_n": row["raters"], "source": _WHERE.format(row["where"])}
        if row["kind"] == "gap":
            gap_rows.append(about | {"function_group": row["function_group"], "told": row["told"]})
        else:
            names = ("list", "moment", "rank", "direction")
            orders.append(about | {name: row[name] for name in names})
    agreements = [
        dict(zip(LIST, key, strict=True))
        | {"basis": "published", "raters_n": part[0]["raters_n"], "note": "published", "source": part[0]["source"]}
        for key, part in grouped(orders, LIST)
    ]
    return orders, agreements, gap_rows
