"""Way rules, first part: what is never passed, and which limits break with how much harm (CONTRACT §3)."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Conveying, Ramp, Sidewalk, Surface, WayRole, Wheelchair
from accessibility.verdict.columns import Bools, Floats, codes
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.runs import STEEPEST_RUN
from accessibility.verdict.shared_rules import ACCESS_RULES, KERB_RULES
from accessibility.verdict.view import GRADE_TOLERANCE, LENGTH_TOLERANCE_M, View

FLIGHT_POINTS, STEP_POINTS = 50.0, 5.0
GRADE_POINTS = 50.0  # % over × metres / 2, with the grade as a fraction
GROUND_POINTS_PER_M = 0.5  # surface and smoothness: 1 per 2 m
CARRIAGEWAY_POINTS_PER_M = 0.2  # 1 per 5 m
UNKNOWN_POINTS_PER_M = 0.05  # 1 per 20 m
WHEELCHAIR_NO_POINTS = 30.0
WIDTH_POINTS_PER_M = 100.0  # 1 per centimetre under


def against_belt(v: View) -> Bools:
    """It moves the other way."""
    wrong = Conveying.FORWARD if v.reverse else Conveying.BACKWARD
    return v.is_("conveying", wrong) & v.is_("role", WayRole.ESCALATOR, WayRole.MOVING_WALK)


def usable_ramp(v: View) -> Bools:
    """A ramp on the steps that this person can use."""
    usable = v.is_("ramp_wheelchair", Ramp.YES, Ramp.LIMITED) & v.p.heeds.wheels
    return usable | v.is_("ramp_stroller", Ramp.YES) if v.p.heeds.stroller_ramp else usable


def flight(v: View) -> Bools:
    """Steps that have to be climbed: with wheels an escalator is one, a ramp lifts it."""
    climbed = (v.steps > 0) & ~usable_ramp(v)
    return climbed if v.p.heeds.wheels else climbed & ~v.is_("role", WayRole.ESCALATOR)


def _steps_max(v: View) -> Floats:
    general = np.inf if v.limits.steps_max is None else float(v.limits.steps_max)
    bare = general if v.limits.steps_max_without_handrail is None else float(v.limits.steps_max_without_handrail)
    return np.where(v.no("handrail"), min(general, bare), general)


def too_many_steps(v: View) -> Bools:
    many: Bools = flight(v) & (v.steps > _steps_max(v))
    return many


def _too_steep_up(v: View) -> Bools:
    """Steeper than any run may be; up to there `_needs_run` asks."""
    top = v.limits.incline_up_max
    if top is None:
        return v.everywhere(False)
    short = min(top if v.limits.incline_up_short_max is None else v.limits.incline_up_short_max, STEEPEST_RUN)
    steep: Bools = v.up > max(top, short) + GRADE_TOLERANCE
    return steep


def _needs_run(v: View) -> Bools:
    top = v.limits.incline_up_max
    if top is None:
        return v.everywhere(False)
    steep: Bools = (v.up > top + GRADE_TOLERANCE) & ~_too_steep_up(v)
    return steep


def _up_points(v: View) -> Floats:
    return (v.up - (v.limits.incline_up_max or 0.0)) * GRADE_POINTS


def _too_steep_down(v: View) -> Bools:
    limit = v.limits.incline_down_max
    return v.everywhere(False) if limit is None else v.down > limit + GRADE_TOLERANCE


def _leans(v: View) -> Bools:
    limit = v.limits.cross_slope_max
    return v.everywhere(False) if limit is None else v.level_ground & (v.num("cross_slope") > limit + GRADE_TOLERANCE)


def _narrow(v: View) -> Bools:
    limit = v.limits.width_min_m
    return v.everywhere(False) if limit is None else v.num("width_m") < limit - LENGTH_TOLERANCE_M


def _refused_surface(v: View) -> Bools:
    code = codes(Surface)
    refused = [code[surface] for surface in v.limits.surfaces_refused]
    found: Bools = np.isin(v.cols["surface"], refused) & v.level_ground & ~v.vouched
    return found


def _rough(v: View) -> Bools:
    rough: Bools = (v.worse("smoothness", v.limits.smoothness_worst) > 0) & v.level_ground & ~v.vouched
    return rough


def unknown_surface(v: View) -> Bools:
    cares = bool(v.limits.surfaces_refused)
    return v.level_ground & ~v.said("surface") & ~v.vouched & cares


def unknown_incline(v: View) -> Bools:
    cares = v.limits.incline_up_max is not None or v.limits.incline_down_max is not None
    return v.level_ground & ~v.said("incline") & ~v.said("incline_coarse") & ~v.vouched & cares


def unknown_width(v: View) -> Bools:
    return v.level_ground & ~v.said("width_m") & ~v.vouched & (v.limits.width_min_m is not None)


def _share(v: View) -> Floats:
    return v.level_pace * v.p.unsure.way_share * v.everywhere(1.0)


WAY_LIMITS: tuple[Rule, ...] = (
    *ACCESS_RULES,
    Rule("against_the_belt", "conveying", Kind.FORBIDDEN, against_belt, value="conveying"),
    Rule("out_of_order", "lift", Kind.FORBIDDEN, lambda v: v.is_("role", WayRole.LIFT) & v.no("working")),
    Rule(
        "steps", "steps", Kind.VIOLATION, too_many_steps,
        points=lambda v: (FLIGHT_POINTS + STEP_POINTS * v.steps) * v.num("flight_share"),
        value=lambda v: v.steps, limit=_steps_max, assumed=lambda v: ~v.said("step_count"),
    ),
    *KERB_RULES,
    Rule(
        "incline_up", "incline_up", Kind.VIOLATION, _too_steep_up, points_per_m=_up_points,
        value=lambda v: v.up, limit=lambda v: v.limits.incline_up_max,
    ),
    Rule(
        "incline_up_run", "incline_up", Kind.RUN, _needs_run, points_per_m=_up_points,
        value=lambda v: v.up, limit=lambda v: v.limits.incline_up_max,
    ),
    Rule(
        "incline_down", "incline_down", Kind.VIOLATION, _too_steep_down,
        points_per_m=lambda v: (v.down - (v.limits.incline_down_max or 0.0)) * GRADE_POINTS,
        value=lambda v: v.down, limit=lambda v: v.limits.incline_down_max,
    ),
    Rule(
        "cross_slope", "cross_slope", Kind.VIOLATION, _leans,
        points_per_m=lambda v: (v.num("cross_slope") - (v.limits.cross_slope_max or 0.0)) * GRADE_POINTS,
        value="cross_slope", limit=lambda v: v.limits.cross_slope_max,
    ),
    Rule(
        "too_narrow", "width", Kind.VIOLATION, _narrow,
        points=lambda v: ((v.limits.width_min_m or 0.0) - v.num("width_m")) * WIDTH_POINTS_PER_M * v.num("flight_share"),
        value="width_m", limit=lambda v: v.limits.width_min_m, assumed=lambda v: v.yes("width_estimated"),
    ),
    Rule("surface_refused", "surface", Kind.VIOLATION, _refused_surface, points_per_m=lambda v: GROUND_POINTS_PER_M, value="surface"),
    Rule(
        "too_rough", "smoothness", Kind.VIOLATION, _rough, points_per_m=lambda v: GROUND_POINTS_PER_M,
        value="smoothness", limit=lambda v: v.limits.smoothness_worst,
    ),
    Rule(
        "wheelchair_no", "wheelchair", Kind.VIOLATION,
        lambda v: v.is_("wheelchair", Wheelchair.NO) & (v.p.heeds.wheelchair_no == "refuse"),
        points=lambda v: WHEELCHAIR_NO_POINTS * v.num("flight_share"), value="wheelchair",
    ),
    Rule(
        "beside_own_sidewalk", "carriageway", Kind.VIOLATION, lambda v: v.is_("sidewalk", Sidewalk.SEPARATE),
        points_per_m=lambda v: CARRIAGEWAY_POINTS_PER_M, value="sidewalk",
    ),
    Rule(
        "surface_unknown", "unknown_surface", Kind.UNKNOWN, unknown_surface,
        points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_share,
    ),
    Rule(
        "incline_unknown", "unknown_incline", Kind.UNKNOWN, unknown_incline,
        points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_share,
    ),
    Rule(
        "width_unknown", "unknown_width", Kind.UNKNOWN, unknown_width,
        points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_share, limit=lambda v: v.limits.width_min_m,
    ),
)  # fmt: skip
"""Rows in the order in which they are told to the person."""
