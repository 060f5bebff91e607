"""Way rules, first part: what is never passed, and which limits break with how much harm (CONTRACT §3)."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Conveying, Ramp, Sidewalk, Surface, WayRole
from accessibility.verdict import bounds
from accessibility.verdict.columns import Bools, Floats, codes
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.shared_rules import ACCESS_RULES, KERB_RULES, WHEELCHAIR_RULES
from accessibility.verdict.view import View

# Harm points, all from CONTRACT §3.
FLIGHT_POINTS, STEP_POINTS = 50.0, 5.0
GRADE_POINTS_PER_M = 50.0  # percent over × metres / 2, with grades as fractions
GROUND_POINTS_PER_M = 0.5  # surface and smoothness: 1 per 2 m
CARRIAGEWAY_POINTS_PER_M = 0.2  # 1 per 5 m
UNKNOWN_POINTS_PER_M = 0.05  # 1 per 20 m
WIDTH_POINTS_PER_M_UNDER = 100.0  # 1 per centimetre


def against_belt(v: View) -> Bools:
    """It moves the other way."""
    wrong = Conveying.FORWARD if v.reverse else Conveying.BACKWARD
    return v.is_("conveying", wrong) & v.is_("role", WayRole.ESCALATOR, WayRole.MOVING_WALK)


def usable_ramp(v: View) -> Bools:
    """A ramp on the steps that this person can use: one for wheelchairs serves everybody."""
    for_all = v.is_("ramp_wheelchair", Ramp.YES, Ramp.LIMITED)
    return for_all | (v.is_("ramp_stroller", Ramp.YES) & v.p.heeds.stroller_ramp)


def flight(v: View) -> Bools:
    """Steps that have to be climbed: an escalator is one for wheels alone, a usable ramp lifts them."""
    climbed = (v.steps > 0) & ~usable_ramp(v)
    return climbed if v.p.heeds.wheels else climbed & ~v.is_("role", WayRole.ESCALATOR)


def steps_limit(v: View) -> Floats:
    """Steps this person climbs in one flight: fewer where there is surely no handrail."""
    general, bare = bounds.steps_above(v.limits)
    return np.where(v.no("handrail"), bare, general)


def _too_many_steps(v: View) -> Bools:
    many: Bools = flight(v) & (v.steps > steps_limit(v))
    return many


def _too_steep_up(v: View) -> Bools:
    steep: Bools = v.up > bounds.up_at_all_above(v.limits)
    return steep


def _steep_for_a_long_run(v: View) -> Bools:
    steep: Bools = (v.up > bounds.up_above(v.limits)) & ~_too_steep_up(v)
    return steep


def _up_points(v: View) -> Floats:
    return (v.up - (v.limits.incline_up_max or 0.0)) * GRADE_POINTS_PER_M


def _too_steep_down(v: View) -> Bools:
    steep: Bools = v.down > bounds.down_above(v.limits)
    return steep


def _leans(v: View) -> Bools:
    leans: Bools = v.num("cross_slope") > bounds.lean_above(v.limits)
    return leans & v.level_ground


def _too_narrow(v: View) -> Bools:
    narrow: Bools = v.num("width_m") < bounds.width_below(v.limits)
    return narrow


def _refused_surface(v: View) -> Bools:
    code = codes(Surface)
    refused: Bools = np.isin(v.cols["surface"], [code[surface] for surface in v.limits.surfaces_refused])
    return refused & ~v.vouched


def _too_rough(v: View) -> Bools:
    rough: Bools = v.worse("smoothness", v.limits.smoothness_worst) > 0
    return rough & ~v.vouched


def _incline_unknown(v: View) -> Bools:
    return v.level_ground & ~v.said("incline") & ~v.said("incline_coarse") & ~v.vouched


def _unsaid(name: str, v: View) -> Bools:
    return ~v.said(name) & ~v.vouched


def _unsure_share(v: View) -> Floats:
    """Seconds per metre of not knowing; on steps and in lifts it costs nothing more."""
    return np.where(v.level_ground, v.level_pace * v.p.unsure.way_share, 0.0)


# fmt: off
WAY_LIMITS: tuple[Rule, ...] = (
    *ACCESS_RULES,
    Rule("against_the_belt", "conveying", Kind.FORBIDDEN, against_belt, value="conveying"),
    Rule("against_one_way", "access", Kind.FORBIDDEN, lambda v: v.yes("one_way") & v.reverse),
    Rule("out_of_order", "lift", Kind.FORBIDDEN, lambda v: v.is_("role", WayRole.LIFT) & v.no("working")),
    Rule("too_many_steps", "steps", Kind.VIOLATION, _too_many_steps,
         points=lambda v: FLIGHT_POINTS + STEP_POINTS * v.steps,
         value=lambda v: v.steps, limit=steps_limit, assumed=lambda v: ~v.said("step_count")),
    *KERB_RULES,
    Rule("too_steep_up", "incline", Kind.VIOLATION, _too_steep_up, points_per_m=_up_points,
         value=lambda v: v.up, limit=lambda v: v.limits.incline_up_max),
    Rule("run_too_long", "incline", Kind.RUN, _steep_for_a_long_run, points_per_m=_up_points,
         value=lambda v: v.up, limit=lambda v: v.limits.incline_up_max),
    Rule("too_steep_down", "incline", Kind.VIOLATION, _too_steep_down,
         points_per_m=lambda v: (v.down - (v.limits.incline_down_max or 0.0)) * GRADE_POINTS_PER_M,
         value=lambda v: v.down, limit=lambda v: v.limits.incline_down_max),
    Rule("leans", "cross_slope", Kind.VIOLATION, _leans,
         points_per_m=lambda v: (v.num("cross_slope") - (v.limits.cross_slope_max or 0.0)) * GRADE_POINTS_PER_M,
         value="cross_slope", limit=lambda v: v.limits.cross_slope_max),
    Rule("too_narrow", "width", Kind.VIOLATION, _too_narrow,
         points=lambda v: ((v.limits.width_min_m or 0.0) - v.num("width_m"))
         * WIDTH_POINTS_PER_M_UNDER,
         value="width_m", limit=lambda v: v.limits.width_min_m, assumed=lambda v: v.yes("width_estimated")),
    Rule("surface_refused", "surface", Kind.VIOLATION, _refused_surface,
         points_per_m=lambda v: GROUND_POINTS_PER_M, value="surface"),
    Rule("too_rough", "smoothness", Kind.VIOLATION, _too_rough,
         points_per_m=lambda v: GROUND_POINTS_PER_M, value="smoothness", limit=lambda v: v.limits.smoothness_worst),
    *WHEELCHAIR_RULES,
    Rule("beside_own_sidewalk", "carriageway", Kind.VIOLATION, lambda v: v.is_("sidewalk", Sidewalk.SEPARATE),
         points_per_m=lambda v: CARRIAGEWAY_POINTS_PER_M, value="sidewalk"),
    Rule("surface_unknown", "unknown_surface", Kind.UNKNOWN, lambda v: _unsaid("surface", v),
         points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_unsure_share),
    Rule("incline_unknown", "unknown_incline", Kind.UNKNOWN, _incline_unknown,
         points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_unsure_share),
    Rule("width_unknown", "unknown_width", Kind.UNKNOWN, lambda v: _unsaid("width_m", v),
         points_per_m=lambda v: UNKNOWN_POINTS_PER_M, seconds_per_m=_unsure_share,
         limit=lambda v: v.limits.width_min_m),
)
# fmt: on
"""Rows in the order in which they are told to the person."""
