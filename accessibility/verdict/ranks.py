"""Which limits are the same on one map: between two values that facts have it does not matter where a limit lies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

from accessibility.profiles import Limits, Profile
from accessibility.verdict import bounds
from accessibility.verdict.columns import Columns, Floats
from accessibility.verdict.view import STEPS_ASSUMED, View, grades


class Ranks:
    """The distinct values of one map's facts that limits are held against."""

    def __init__(self, ways: Columns, passages: Columns, anybody: Profile) -> None:
        """`anybody`: heights, grades and steps are the same to all; it does not matter whose profile is given."""
        tables = [View(cols, anybody) for cols in (ways, passages) if cols.kind is not None]
        grade = np.abs(grades(ways)) if ways.kind is not None else np.zeros(0)
        self._kerb = _distinct(view.kerb_m for view in tables)
        self._width = _distinct(
            view.num(name) for view in tables for name in ("width_m", "opening_m") if name in view.cols
        )
        self._grade = _distinct([grade])
        self._lean = _distinct(view.num("cross_slope") for view in tables if "cross_slope" in view.cols)
        self._steps = _distinct([*(view.num("step_count") for view in tables), np.array([0.0, 1.0, STEPS_ASSUMED])])

    def of(self, limits: Limits) -> Hashable:
        """Equal for limits that break at the very same facts of this map."""
        general, bare = bounds.steps_above(limits)
        return (
            _passed(self._kerb, bounds.kerb_above(limits)),
            int(self._width.searchsorted(bounds.width_below(limits), side="left")),
            _passed(self._grade, bounds.up_above(limits)),
            _passed(self._grade, bounds.up_at_all_above(limits)),
            _passed(self._grade, bounds.down_above(limits)),
            _passed(self._lean, bounds.lean_above(limits)),
            _passed(self._steps, general),
            _passed(self._steps, bare),
            frozenset(limits.surfaces_refused),
            limits.smoothness_worst,
        )


def _passed(values: Floats, above: float) -> int:
    """How many of the ascending values are not above this."""
    return int(values.searchsorted(above, side="right"))


def _distinct(columns: Iterable[Floats]) -> Floats:
    """Every number in these, ascending, once."""
    found = [np.unique(column[~np.isnan(column)]) for column in columns]
    return np.unique(np.concatenate(found)) if found else np.zeros(0)
