"""What `overstap bench scale` tells: a table a size, how cost grows with the number of ads, and what was aimed at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from overstap.bench.scale import CORES, WHOLE, Lap, Scale

SLOPE_AIM, MEMORY_AIM = 1.05, 6 * 2**30
LARGE, SECONDS_AIM, SECONDS_FLOOR = 8_000_000, 30 * 60, 60 * 60
_SHOWN = 0.01  # a step that takes this share of the whole has a row of its own
_Measure = Callable[[Lap], float]


def as_json(found: Sequence[Scale]) -> dict[str, object]:
    """Every size with every step, and the slopes."""
    return {"cores": CORES, "sizes": [scale.as_dict() for scale in found], "slopes": slopes(found)}


def slopes(found: Sequence[Scale]) -> dict[str, dict[str, float]]:
    """Per step the slope of log processor seconds, and of log seconds, on log ads: over all sizes, and over the two
    largest, where what every study costs whatever its size weighs least. Empty with one size."""
    if len(found) < 2:
        return {}
    ordered = sorted(found, key=lambda scale: scale.ads)
    measures: dict[str, _Measure] = {"processor": lambda lap: lap.processor, "seconds": lambda lap: lap.seconds}
    return {
        lap.step: {
            f"{name}_{which}": _slope([(scale.ads, measure(_of(scale, lap.step))) for scale in part])
            for name, measure in measures.items()
            for which, part in (("all", ordered), ("largest_two", ordered[-2:]))
        }
        for lap in ordered[-1].laps
    }


def as_markdown(found: Sequence[Scale]) -> str:
    """Everything as text that can be pasted in a page."""
    parts = [_size(scale) for scale in found]
    if len(found) > 1:
        parts.append(_growth(found))
    return "\n\n".join([*parts, *verdicts(found)]) + "\n"


def verdicts(found: Sequence[Scale]) -> list[str]:
    """Memory of each size beside its limit, time where eight million were run, and the slope of the whole."""
    lines = []
    for scale in found:
        whole, worst = _of(scale, WHOLE), max(scale.laps[:-1], key=lambda lap: lap.resident)
        held = whole.resident <= MEMORY_AIM
        lines.append(
            f"{scale.ads:,} ads: at most {whole.resident / 2**30:.2f} GiB ({worst.step}; {whole.own / 2**30:.2f} "
            f"without mapped files), limit {MEMORY_AIM / 2**30:g} GiB: {'held' if held else '**OVER THE LIMIT**'}."
        )
        if scale.ads >= 0.95 * LARGE:
            aim = "reached" if whole.seconds <= SECONDS_AIM else "**missed**"
            floor = "held" if whole.seconds <= SECONDS_FLOOR else "**broken**"
            lines.append(f"{whole.seconds / 60:.1f} minutes: the aim of 30 is {aim}, the floor of 60 is {floor}.")
    if growth := slopes(found).get(WHOLE):
        aim = "reached" if growth["processor_largest_two"] <= SLOPE_AIM else "**missed**"
        lines.append(
            f"Slope of log processor seconds on log ads, whole: {growth['processor_all']:.2f} over all sizes, "
            f"{growth['processor_largest_two']:.2f} over the two largest; aim {SLOPE_AIM} over the two largest, as "
            f"small studies are mostly what any study costs: {aim}."
        )
    return lines


def _size(scale: Scale) -> str:
    whole = _of(scale, WHOLE)
    named = [lap for lap in scale.laps[:-1] if lap.seconds >= _SHOWN * whole.seconds]
    others = [lap for lap in scale.laps[:-1] if lap not in named]
    lines = [
        f"{scale.ads:,} ads, {scale.vacancies:,} vacancies, {scale.text / 1e6:,.0f} MB of text, {CORES} cores:",
        "",
        "| step | rows | seconds | processor s | µs an ad | GiB | GiB without mapped files | bytes an ad | MB/s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(scale, lap, lap.step) for lap in named]
    if others:
        lines.append(_row(scale, _together(others), f"{len(others)} others"))
    return "\n".join([*lines, _row(scale, whole, f"**{WHOLE}**")])


def _row(scale: Scale, lap: Lap, name: str) -> str:
    gib = [f"{size / 2**30:.2f}" for size in (lap.resident, lap.own)]
    each, rate = 1e6 * lap.processor / scale.ads, scale.text / 1e6 / max(lap.seconds, 1e-3)
    times = [f"{value:,.1f}" for value in (lap.seconds, lap.processor, each)]
    return f"| {' | '.join([name, f'{lap.rows:,}', *times, *gib, f'{lap.written / scale.ads:,.0f}', f'{rate:,.1f}'])} |"


def _together(laps: Sequence[Lap]) -> Lap:
    return Lap(
        "", sum(lap.rows for lap in laps), sum(lap.written for lap in laps), sum(lap.seconds for lap in laps),
        sum(lap.processor for lap in laps), max(lap.resident for lap in laps), max(lap.own for lap in laps),
    )  # fmt: skip


def _growth(found: Sequence[Scale]) -> str:
    ordered = sorted(found, key=lambda scale: scale.ads)
    growth, whole = slopes(found), _of(ordered[-1], WHOLE)
    shown = [lap.step for lap in ordered[-1].laps if lap.seconds >= _SHOWN * whole.seconds]
    sizes = [f"{scale.ads:,}" for scale in ordered]
    heads = [
        "step",
        *(f"{size}: processor s" for size in sizes),
        "slope, all",
        "two largest",
        "by the clock, two largest",
    ]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for step in shown:
        cells = [step, *(f"{_of(scale, step).processor:,.1f}" for scale in ordered)]
        cells += [
            f"{growth[step][key]:.2f}" for key in ("processor_all", "processor_largest_two", "seconds_largest_two")
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _of(scale: Scale, step: str) -> Lap:
    return next(lap for lap in scale.laps if lap.step == step)


def _slope(points: Sequence[tuple[int, float]]) -> float:
    """Least squares; a hundredth of a second is the least that counts."""
    ads, seconds = zip(*points, strict=True)
    return round(float(np.polyfit(np.log(ads), np.log(np.maximum(seconds, 0.01)), 1)[0]), 3)
