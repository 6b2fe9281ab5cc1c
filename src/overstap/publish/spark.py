"""Small drawings beside a number, as SVG made on the server: a series of shares, or a value on its interval.

They say what the sentence beside them says, so a screen reader passes them by. Colours are those of the style sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup, escape

from overstap.publish.findings import Estimate, Finding

WIDTH, HEIGHT, _EDGE, _FOOT = 220, 64, 6, 16
_HEAD = f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'


def spark(finding: Finding) -> Markup:
    """The drawing of a finding: its series where two points are known, else its interval; empty without either."""
    if sum(value is not None for _, value in finding.points) > 1:
        return series(finding.points)
    return whisker(finding.estimate, finding.null_text)


def series(points: Sequence[tuple[str, float | None]]) -> Markup:
    """A line over `points` (period, per cent or None), from nought, broken where a value is not known."""
    top = max(value for _, value in points if value is not None) or 1.0
    step = (WIDTH - 2 * _EDGE) / max(len(points) - 1, 1)
    placed = [
        (_EDGE + i * step, None if value is None else _y(value / top), value) for i, (_, value) in enumerate(points)
    ]
    lines = []
    for known, run in groupby(placed, key=lambda point: point[1] is not None):
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in run if y is not None)
        if known and " " in at:
            lines.append(f'<polyline points="{at}"/>')
    ends = [point for point in placed if point[1] is not None]
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y, _ in (ends[0], ends[-1]))
    base = HEIGHT - _FOOT
    foot = (
        f'<line class="axis" x1="{_EDGE}" x2="{WIDTH - _EDGE}" y1="{base}" y2="{base}"/>'
        f'<text x="{_EDGE}" y="{HEIGHT - 3}">{points[0][0]}</text>'
        f'<text x="{WIDTH - _EDGE}" y="{HEIGHT - 3}" text-anchor="end">{points[-1][0]}</text>'
    )
    return Markup(f"{_HEAD}{foot}{''.join(lines)}{dots}</svg>")


def _y(part: float) -> float:
    return HEIGHT - _FOOT - part * (HEIGHT - _FOOT - 2 * _EDGE)


def whisker(estimate: Estimate, label: str = "") -> Markup:
    """A value on its interval beside a dashed line at `null`, with its label; empty where a bound is not known.

    A value that is itself a bound has no mark of its own: where it lies in between is not known.
    """
    value, low, high, null = estimate.value, estimate.low, estimate.high, estimate.null
    if value is None or low is None or high is None:
        return Markup("")
    left, right = min(low, null), max(high, null)
    room = (right - left) * 0.08 or 1.0

    def x(at: float) -> str:
        return f"{_EDGE + (at - left + room) / (right - left + 2 * room) * (WIDTH - 2 * _EDGE):.1f}"

    middle, at_null = (HEIGHT - _FOOT) / 2, x(null)
    anchor = "start" if float(at_null) < WIDTH / 3 else "end" if float(at_null) > WIDTH * 2 / 3 else "middle"
    dot = "" if low != high and value in (low, high) else f'<circle cx="{x(value)}" cy="{middle}" r="5"/>'
    text = f'<text x="{at_null}" y="{HEIGHT - 3}" text-anchor="{anchor}">{escape(label)}</text>'
    return Markup(
        f'{_HEAD}<line class="null" x1="{at_null}" x2="{at_null}" y1="4" y2="{HEIGHT - _FOOT}"/>'
        f'<line class="interval" x1="{x(low)}" x2="{x(high)}" y1="{middle}" y2="{middle}"/>'
        f"{dot}{text}</svg>"
    )
