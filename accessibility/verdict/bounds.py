"""The very numbers that facts are held against: a person's limits with the tolerance of each comparison.

Rules and ranks both ask here, so that what counts as the same limit on a map is what its rules take for the same.
"""

from __future__ import annotations

import math

from accessibility.profiles import Limits
from accessibility.verdict.runs import STEEPEST_RUN
from accessibility.verdict.view import GRADE_TOLERANCE, LENGTH_TOLERANCE_M


def _no_limit(limit: float | None) -> float:
    return math.inf if limit is None else limit


def kerb_above(limits: Limits) -> float:
    """Metres; a higher kerb is too high."""
    return _no_limit(limits.kerb_max_m) + LENGTH_TOLERANCE_M


def width_below(limits: Limits) -> float:
    """Metres; less is too narrow."""
    return (limits.width_min_m or 0.0) - LENGTH_TOLERANCE_M


def up_above(limits: Limits) -> float:
    """Grade; steeper needs a run that is short enough."""
    return _no_limit(limits.incline_up_max) + GRADE_TOLERANCE


def up_at_all_above(limits: Limits) -> float:
    """Grade; steeper, no run is short enough."""
    top, short = _no_limit(limits.incline_up_max), limits.incline_up_short_max
    return max(top, min(top if short is None else short, STEEPEST_RUN)) + GRADE_TOLERANCE


def down_above(limits: Limits) -> float:
    return _no_limit(limits.incline_down_max) + GRADE_TOLERANCE


def lean_above(limits: Limits) -> float:
    """Grade across the way."""
    return _no_limit(limits.cross_slope_max) + GRADE_TOLERANCE


def steps_above(limits: Limits) -> tuple[float, float]:
    """Steps of one flight; more are too many: as a rule, and where there is surely no handrail."""
    general = math.inf if limits.steps_max is None else float(limits.steps_max)
    bare = general if limits.steps_max_without_handrail is None else float(limits.steps_max_without_handrail)
    return general, min(general, bare)
