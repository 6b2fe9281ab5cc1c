"""The network of initiatives: who is tied to whom, which links hold it together, and which ties are missing.

A tie is one that a register names between two initiatives, in either direction. A partner that two initiatives share
is no tie between them but a chance of one. The roadmap asks centres to be tied to TKIs, with professors, lectors and
practors as the key: a centre counts as tied where a TKI is at most two ties away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from overstap.schema import table_spec

Row = dict[str, Any]
NEAR = 2  # ties within which a centre counts as tied to a TKI: directly, or through one other initiative
_MEETING = ("learning_community", "public_private")  # kinds in which business, school, knowledge and government meet
_ASKED = ("employer", "education", "research", "government")


def network(rows: Sequence[Row], ties: Sequence[Row]) -> pa.Table:
    """Rows of `out_initiative_network` from those of `core_initiatives` and `core_initiative_links`."""
    near, partners = neighbours(rows, ties), _partners(ties)
    kinds = {row["initiative_id"]: row["kind"] for row in rows}
    between, parts = betweenness(near), _components(near)
    found = []
    for row in rows:
        code = row["initiative_id"]
        steps = _steps(near, code, "tki", kinds)
        shared = sorted(
            other
            for other in near
            if other != code and not partners.get(code, {}).keys().isdisjoint(partners.get(other, {}))
        )
        gaps = _gaps(row, near[code], partners.get(code, {}), steps, _steps(near, code, "centre", kinds))
        found.append(
            {
                "initiative_id": code,
                "initiative_kind": row["kind"],
                "ties_n": len(near[code]),
                "partners_n": len(partners.get(code, {})),
                "shared_n": len(shared),
                "component": parts[code],
                "betweenness": between[code],
                "tki_steps": steps,
                "gaps": gaps,
                "chances": _chances(row, rows, gaps, shared),
            }
        )
    return pa.Table.from_pylist(found, schema=table_spec("out_initiative_network").schema)


def neighbours(rows: Sequence[Row], ties: Sequence[Row]) -> dict[str, set[str]]:
    """Per initiative those it is tied to, in either direction."""
    near: dict[str, set[str]] = {row["initiative_id"]: set() for row in rows}
    for tie in ties:
        if tie["to_kind"] == "initiative":
            near[tie["from_id"]].add(tie["to_id"])
            near[tie["to_id"]].add(tie["from_id"])
    return near


def _partners(ties: Sequence[Row]) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for tie in ties:
        if tie["to_kind"] == "organisation":
            found.setdefault(tie["from_id"], {})[tie["to_id"]] = tie["partner_type"]
    return found


def _steps(near: Mapping[str, set[str]], start: str, kind: str, kinds: Mapping[str, str]) -> int | None:
    """Ties from `start` to the nearest other initiative of a kind; None where no way leads there."""
    seen, queue = {start: 0}, deque([start])
    while queue:
        at = queue.popleft()
        if at != start and kinds[at] == kind:
            return seen[at]
        for other in sorted(near[at] - seen.keys()):
            seen[other] = seen[at] + 1
            queue.append(other)
    return None


def _gaps(
    row: Row, near: set[str], partners: Mapping[str, str | None], tki: int | None, centre: int | None
) -> list[str]:
    gaps = []
    if row["kind"] == "centre" and (tki is None or tki > NEAR):
        gaps.append("no_tki")
    if row["kind"] == "tki" and (centre is None or centre > NEAR):
        gaps.append("no_centre")
    if not near:
        gaps.append("alone")
    if row["kind"] in _MEETING:
        types = set(partners.values()) - {None}
        gaps += [f"no_{kind}" for kind in _ASKED if kind not in types] if types else ["no_partners"]
    if row["kind"] == "learning_community" and 0 < len(row["functions"]) < 3:
        gaps.append("functions")
    return gaps


def _chances(row: Row, rows: Sequence[Row], gaps: Sequence[str], shared: Sequence[str]) -> list[str]:
    """Who could close a gap, of the kind that is missing: those that share a partner, then those of its topsectors."""
    wanted = {"no_tki": "tki", "no_centre": "centre"}
    kinds = {wanted[gap] for gap in gaps if gap in wanted}
    fitting = [other for other in rows if other["kind"] in kinds] if kinds else []
    if not kinds and "alone" in gaps:
        fitting = [other for other in rows if other["initiative_id"] in shared]
    mine = set(row["topsectors"])
    found = [
        other["initiative_id"]
        for other in sorted(fitting, key=lambda other: (other["initiative_id"] not in shared, other["initiative_id"]))
        if other["initiative_id"] in shared or not mine.isdisjoint(other["topsectors"])
    ]
    return [code for code in found if code != row["initiative_id"]]


def _components(near: Mapping[str, set[str]]) -> dict[str, int]:
    """The part of the network that each initiative is in, the largest numbered 1."""
    groups: list[set[str]] = []
    for start in near:
        if any(start in group for group in groups):
            continue
        group, queue = {start}, deque([start])
        while queue:
            new = near[queue.popleft()] - group
            group |= new
            queue.extend(new)
        groups.append(group)
    groups.sort(key=lambda group: (-len(group), min(group)))
    return {code: number for number, group in enumerate(groups, 1) for code in group}


def betweenness(near: Mapping[str, set[str]]) -> dict[str, float]:
    """The share of shortest ways between two others that pass through each (Freeman 1977), after Brandes (2001)."""
    found = dict.fromkeys(near, 0.0)
    for source in near:
        order, before, ways = [], dict[str, list[str]](), {source: 1.0}
        far, queue = {source: 0}, deque([source])
        while queue:
            at = queue.popleft()
            order.append(at)
            for other in near[at]:
                if other not in far:
                    far[other], ways[other], before[other] = far[at] + 1, 0.0, []
                    queue.append(other)
                if far[other] == far[at] + 1:
                    ways[other] += ways[at]
                    before[other].append(at)
        depends = dict.fromkeys(order, 0.0)
        for at in reversed(order):
            for one in before.get(at, []):
                depends[one] += ways[one] / ways[at] * (1 + depends[at])
            if at != source:
                found[at] += depends[at]
    pairs = (len(near) - 1) * (len(near) - 2)
    return {code: value / pairs if pairs > 0 else 0.0 for code, value in found.items()}
