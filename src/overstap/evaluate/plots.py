"""Reliability diagrams and confusions as small SVG files: no browser, no library, readable on white and on dark.

Each brings its own ground and colours (those of `publish.theme`) and follows the reader's colour scheme.
"""

from __future__ import annotations

from html import escape

from overstap.evaluate.section import Heat, Reliability, share
from overstap.publish.theme import COLOURS, FONT
from overstap.publish.vega import wrapped

_SIDE, _LEFT, _TOP = 300, 64, 44
_CELL = 34
MADE = "<!-- Made by overstap evaluate -->"


def reliability_svg(plot: Reliability) -> str:
    """Points of mean score against share right with their intervals; on the dashed line a score says what is true."""

    def x(value: float) -> float:
        return round(_LEFT + value * _SIDE, 1)

    def y(value: float) -> float:
        return round(_TOP + (1 - value) * _SIDE, 1)

    marks = []
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        marks.append(f'<path class="rule" d="M{x(tick)} {y(0)}V{y(1)}M{x(0)} {y(tick)}H{x(1)}"/>')
        marks.append(f'<text x="{x(tick)}" y="{y(0) + 18}" text-anchor="middle">{tick:g}</text>')
        marks.append(f'<text x="{x(0) - 8}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    marks.append(f'<path class="line" stroke-dasharray="4 3" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>')
    most = max((b.right.n for b in plot.bins), default=1)
    for b in plot.bins:
        said = f"score {b.mean_score:.2f}: right {share(b.right)}, n = {b.right.n:,}"
        size = round(3 + 5 * (b.right.n / most) ** 0.5, 1)
        marks.append(f'<path class="interval" d="M{x(b.mean_score)} {y(b.right.low)}V{y(b.right.high)}"/>')
        marks.append(
            f'<circle class="point" cx="{x(b.mean_score)}" cy="{y(b.right.value)}" r="{size}">'
            f"<title>{said}</title></circle>"
        )
    n = sum(b.right.n for b in plot.bins)
    marks.append(f'<text class="muted" x="{x(0.5)}" y="{y(0) + 38}" text-anchor="middle">score (n = {n:,})</text>')
    marks.append(
        f'<text class="muted" transform="translate(20 {y(0.5)}) rotate(-90)" text-anchor="middle">share right</text>'
    )
    return _svg(plot.title, _LEFT + _SIDE + 24, _TOP + _SIDE + 50, marks)


def heat_svg(plot: Heat) -> str:
    """A square per pair of true (row) and given (column) class: its count, and in colour its share of the row."""
    c = plot.confusion
    marks = []
    for j, name in enumerate(c.found):
        marks.append(
            f'<text x="{_LEFT + (j + 0.5) * _CELL}" y="{_TOP + 18}" text-anchor="middle">{escape(name)}</text>'
        )
    for i, name in enumerate(c.gold):
        middle = _TOP + 26 + (i + 0.5) * _CELL
        marks.append(f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>')
        total = int(c.counts[i].sum())
        for j, other in enumerate(c.found):
            count = int(c.counts[i, j])
            left, top = _LEFT + j * _CELL + 1, middle - _CELL / 2 + 1
            marks.append(
                f'<rect class="cell" x="{left}" y="{top}" width="{_CELL - 2}" height="{_CELL - 2}" '
                f'fill-opacity="{0.06 + 0.64 * count / total:.2f}"><title>{escape(name)} given {escape(other)}: '
                f"{count:,} of {total:,}</title></rect>"
            )
            if count:
                at = f'x="{left + _CELL / 2 - 1}" y="{middle + 4}"'
                marks.append(f'<text class="count" {at} text-anchor="middle">{count}</text>')
    height = _TOP + 26 + len(c.gold) * _CELL
    marks.append(f'<text class="muted" x="{_LEFT}" y="{height + 20}">rows: right; columns: given</text>')
    return _svg(plot.title, max(_LEFT + len(c.found) * _CELL + 24, 320), height + 34, marks)


def _svg(title: str, width: int, height: int, marks: list[str]) -> str:
    light, dark = (_style(COLOURS[mode]) for mode in ("light", "dark"))
    style = f"text{{font:12px {FONT}}}.count{{font-size:11px}}.title{{font-size:14px;font-weight:600}}"
    style += f".line,.interval,.rule{{fill:none}}.interval{{stroke-width:1.5}}{light}"
    style += f"@media(prefers-color-scheme:dark){{{dark}}}"
    head = wrapped(title, width // 8)
    lower = 18 * (len(head) - 1)
    height += lower
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(title)}">',
        MADE,
        f"<style>{style}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *(f'<text class="title" x="12" y="{24 + 18 * i}">{escape(line)}</text>' for i, line in enumerate(head)),
        f'<g transform="translate(0 {lower})">',
        *marks,
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _style(c: dict[str, str]) -> str:
    return (
        f".paper{{fill:{c['paper']}}}text{{fill:{c['ink']}}}.muted{{fill:{c['muted']}}}.rule{{stroke:{c['rule']}}}"
        f".line{{stroke:{c['muted']}}}.interval{{stroke:{c['ink']}}}.point{{fill:{c['accent']}}}.cell{{fill:{c['accent']}}}"
    )
