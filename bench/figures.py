"""Numbers of a run: percentiles, and the tree of figures that is written down and compared with the next run's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

Figures = dict[str, Any]
"""Nested: names → numbers, words or more figures. Names carry the unit. Compared with the recorded run are `ratio_…`
(better the higher), `growth_…` and `share_…` (better the lower)."""

LOWER_IS_BETTER = ("growth_", "share_")
WORSE = 1.2
"""A ratio worse than this many times the recorded one is told."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0–1) of them do not exceed; at least one value is wanted."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def quotient(a: float, b: float) -> float:
    """a / b to three significant figures, so that a recorded file is readable."""
    return float(f"{a / b:.3g}") if b else math.inf


def at(figures: Figures, path: str) -> Any:
    """What stands at `a/b/c`; None where this run has nothing there."""
    found: Any = figures
    for name in path.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def ratios(figures: Figures, path: str = "") -> Iterator[tuple[str, float]]:
    """Every compared number with its path."""
    for name, value in figures.items():
        here = f"{path}/{name}" if path else name
        if isinstance(value, dict):
            yield from ratios(value, here)
        elif name.startswith(("ratio_", *LOWER_IS_BETTER)) and isinstance(value, int | float):
            yield here, float(value)


def worse(now: Figures, recorded: Figures) -> list[str]:
    """One line for every ratio that is worse than `WORSE` times the recorded one; what a run lacks is not compared."""
    before = dict(ratios(recorded))
    lines = []
    for path, value in ratios(now):
        if path not in before:
            continue
        lower_is_better = path.rpartition("/")[2].startswith(LOWER_IS_BETTER)
        times = _times_worse(value, before[path], lower_is_better)
        if times > WORSE:
            lines.append(f"{path}: {value:g}, recorded {before[path]:g}: {times:.2f} times worse")
    return lines


def _times_worse(now: float, before: float, lower_is_better: bool) -> float:
    better, other = (before, now) if lower_is_better else (now, before)
    if better > 0:
        return other / better
    return 1.0 if other <= 0 else math.inf
