"""Way rules, second part: how long it takes, and what costs effort, comfort or nerve without being refused."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access, Ramp, Sidewalk, Tracktype, Treads, WayKind, WayRole
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.view import GRADE_TOLERANCE, LENGTH_TOLERANCE_M, View
from accessibility.verdict.way_limits import flight

STEPS_PACE = 2.0  # seconds per metre along a flight: 0.5 m/s [S14]
LIFT_S = 90.0  # [E]

# Soft penalties as shares of the level pace: they cost, the watch does not show them. All [E].
SLOPE_SHARE = 0.15  # each percent of slope or lean beyond comfort
SLOPE_UNSAID_SHARE = 0.5  # "up" without a number
NARROW_SHARE = 1.0  # each metre below the comfortable width
ROUGH_SHARE = 0.3  # each grade of smoothness below comfort
UNPAVED_SHARE = 0.5  # a path or track of which nobody has said the surface is hardly paved
TRAIL_SHARE = 0.5  # graded as a hiking trail
LIMITED_SHARE = 0.2  # for deliveries, farming, visitors
TOLERATED_SHARE = 0.3  # walkers are not meant to be here
BIKES_SHARE = 0.2  # silent bicycles, for those who do not see them
UNLIT_SHARE, PERHAPS_UNLIT_SHARE = 0.5, 0.1  # for those who ask for light
SUN_SHARE = 0.2  # for those who ask for shade

# Soft penalties in seconds per event. All [E].
RAMP_LIMITED_S = 60.0  # needs pushing
NO_HANDRAIL_S = 20.0
UNEVEN_TREADS_S = 20.0
HIDDEN_STEPS_S = 20.0  # no tactile paving at a flight
ESCALATOR_S = 20.0  # stepping on and off
BELT_S = 60.0  # a moving walk with wheels
FORD_S = 60.0

TRACK_SHARE: dict[Tracktype, float] = {
    Tracktype.GRADE1: 0.0,
    Tracktype.GRADE2: 0.5,
    Tracktype.GRADE3: 1.2,
    Tracktype.GRADE4: 2.0,
    Tracktype.GRADE5: 3.0,
}
"""A track where neither surface nor smoothness is said, for wheels and unsteady feet [E]."""
WILD = (WayKind.PATH, WayKind.TRACK, WayKind.BRIDLEWAY)
"""Ways that are not paved unless somebody says so; PROFILES §5 takes footways and sidewalks for paved."""

TRAFFIC_SHARE: dict[WayKind, float] = {
    WayKind.SERVICE: 0.1,
    WayKind.RESIDENTIAL: 0.1,
    WayKind.UNCLASSIFIED: 0.2,
    WayKind.ROAD: 0.2,
    WayKind.TERTIARY: 0.5,
    WayKind.SECONDARY: 1.0,
    WayKind.PRIMARY: 2.0,
    WayKind.TRUNK: 4.0,
    WayKind.MOTORWAY: 4.0,
}
"""Walking on a carriageway without a sidewalk [E]."""
FAST_KMH, FAST_SHARE = 50.0, 1.0
"""Faster traffic than this costs so much more [E]."""


def _among_cars(v: View) -> Bools:
    return v.yes("carriageway") & ~v.is_("sidewalk", Sidewalk.ATTACHED)


def _traffic(v: View) -> Floats:
    share = v.everywhere(0.0)
    for kind, extra in TRAFFIC_SHARE.items():
        share = np.where(v.is_("kind", kind), extra, share)
    fast = np.nan_to_num(v.num("maxspeed_kmh"), nan=0.0) > FAST_KMH
    return v.level_pace * (share + np.where(fast, FAST_SHARE, 0.0))


def _percent_over(value: Floats, soft: float | None) -> Floats:
    """Percent beyond the comfortable grade; 0 where there is none."""
    beyond = np.nan_to_num(value, nan=0.0) - (np.inf if soft is None else soft)
    return np.where(beyond > GRADE_TOLERANCE, beyond * 100, 0.0)


def _strain(v: View) -> Floats:
    return _percent_over(np.abs(v.grade), v.p.soft.incline)


def _lean(v: View) -> Floats:
    return np.where(v.level_ground, _percent_over(v.num("cross_slope"), v.p.soft.cross_slope), 0.0)


def _tightness(v: View) -> Floats:
    """Metres below the comfortable width."""
    short = (v.p.soft.width_m or 0.0) - np.nan_to_num(v.num("width_m"), nan=np.inf)
    return np.where(v.level_ground & (short > LENGTH_TOLERANCE_M), short, 0.0)


def _jolts(v: View) -> Floats:
    """Grades of smoothness below comfort."""
    return np.where(v.level_ground, v.worse("smoothness", v.p.soft.smoothness), 0.0)


def _ground_unsaid(v: View) -> Bools:
    return ~v.said("surface") & ~v.said("smoothness") & ~v.vouched & _ground_matters(v)


def _sinking(v: View) -> Floats:
    """Share of the level pace that a soft track costs, where surface and smoothness do not say more."""
    share = v.everywhere(0.0)
    for grade, extra in TRACK_SHARE.items():
        share = np.where(v.is_("tracktype", grade), extra, share)
    return np.where(_ground_unsaid(v), share, 0.0)


def _hardly_paved(v: View) -> Bools:
    return v.is_("kind", *WILD) & ~v.said("tracktype") & _ground_unsaid(v)


def _ground_matters(v: View) -> bool:
    return v.p.gait.rolls or v.p.heeds.uneven_s_per_m > 0


def _slope_unsaid(v: View) -> Bools:
    cares = v.p.soft.incline is not None
    return v.level_ground & v.said("incline_sign") & ~v.said("incline") & ~v.said("incline_coarse") & cares


def _bare_flight(v: View) -> Bools:
    return flight(v) & v.no("handrail") & v.p.heeds.unsteady


def _rough_treads(v: View) -> Bools:
    return flight(v) & v.is_("treads", Treads.UNEVEN, Treads.ROUGH) & v.p.heeds.unsteady


def _pushed_ramp(v: View) -> Bools:
    limited: Bools = (v.steps > 0) & v.is_("ramp_wheelchair", Ramp.LIMITED)
    return limited & v.p.heeds.wheels


# fmt: off
WAY_TIMES: tuple[Rule, ...] = (
    Rule("travel", "travel", Kind.TIME, lambda v: v.level_ground, seconds_per_m=lambda v: v.pace),
    Rule("along_steps", "steps", Kind.TIME, lambda v: v.is_("role", WayRole.STEPS, WayRole.ESCALATOR),
         seconds_per_m=lambda v: max(STEPS_PACE, v.level_pace)),
    Rule("lift_ride", "lift", Kind.TIME, lambda v: v.is_("role", WayRole.LIFT), seconds=lambda v: LIFT_S),
)

WAY_COSTS: tuple[Rule, ...] = (
    Rule("slope", "incline", Kind.COST, lambda v: _strain(v) > 0, value=lambda v: v.grade,
         seconds_per_m=lambda v: v.level_pace * SLOPE_SHARE * _strain(v)),
    Rule("slope_unsaid", "incline", Kind.UNKNOWN, _slope_unsaid,
         seconds_per_m=lambda v: v.level_pace * SLOPE_UNSAID_SHARE),
    Rule("lean", "cross_slope", Kind.COST, lambda v: _lean(v) > 0, value="cross_slope",
         seconds_per_m=lambda v: v.level_pace * SLOPE_SHARE * _lean(v)),
    Rule("tight", "width", Kind.COST, lambda v: _tightness(v) > 0, value="width_m",
         seconds_per_m=lambda v: v.level_pace * NARROW_SHARE * _tightness(v)),
    Rule("jolts", "smoothness", Kind.COST, lambda v: _jolts(v) > 0, value="smoothness",
         seconds_per_m=lambda v: v.level_pace * ROUGH_SHARE * _jolts(v)),
    Rule("uneven_footing", "surface", Kind.COST, lambda v: v.level_ground & (v.uneven > 0), value="surface",
         seconds_per_m=lambda v: v.p.heeds.uneven_s_per_m * v.uneven),
    Rule("soft_track", "tracktype", Kind.COST, lambda v: _sinking(v) > 0, value="tracktype",
         seconds_per_m=lambda v: v.level_pace * _sinking(v)),
    Rule("hardly_paved", "surface", Kind.UNKNOWN, _hardly_paved, value="kind",
         seconds_per_m=lambda v: v.level_pace * UNPAVED_SHARE),
    Rule("trail", "hiking", Kind.COST, lambda v: v.yes("hiking") & _ground_matters(v),
         seconds_per_m=lambda v: v.level_pace * TRAIL_SHARE),
    Rule("among_cars", "carriageway", Kind.COST, _among_cars, value="kind", seconds_per_m=_traffic),
    Rule("among_bikes", "shared_with_bikes", Kind.COST, lambda v: v.yes("shared_with_bikes") & v.p.heeds.cane,
         seconds_per_m=lambda v: v.level_pace * BIKES_SHARE),
    Rule("not_meant_for_walkers", "access", Kind.COST, lambda v: v.no("customary"),
         seconds_per_m=lambda v: v.level_pace * TOLERATED_SHARE),
    Rule("limited_access", "access", Kind.COST, lambda v: v.is_("access", Access.LIMITED), value="access",
         seconds_per_m=lambda v: v.level_pace * LIMITED_SHARE),
    Rule("ford", "ford", Kind.COST, lambda v: v.yes("ford"), seconds=lambda v: FORD_S),
    Rule("climbing", "steps", Kind.COST, flight, seconds=lambda v: v.p.heeds.step_s * v.steps,
         value=lambda v: v.steps, assumed=lambda v: ~v.said("step_count")),
    Rule("ramp_needs_pushing", "ramp", Kind.COST, _pushed_ramp, seconds=lambda v: RAMP_LIMITED_S),
    Rule("no_handrail", "handrail", Kind.COST, _bare_flight, seconds=lambda v: NO_HANDRAIL_S),
    Rule("handrail_unsaid", "handrail", Kind.UNKNOWN, lambda v: flight(v) & ~v.said("handrail"),
         seconds=lambda v: v.p.unsure.handrail_s),
    Rule("uneven_treads", "treads", Kind.COST, _rough_treads, seconds=lambda v: UNEVEN_TREADS_S, value="treads"),
    Rule("steps_hidden", "tactile", Kind.COST, lambda v: flight(v) & v.no("tactile") & v.p.heeds.cane,
         seconds=lambda v: HIDDEN_STEPS_S),
    Rule("escalator", "escalator", Kind.COST, lambda v: v.is_("role", WayRole.ESCALATOR) & v.p.heeds.unsteady,
         seconds=lambda v: ESCALATOR_S),
    Rule("belt", "escalator", Kind.COST, lambda v: v.is_("role", WayRole.MOVING_WALK) & v.p.heeds.wheels,
         seconds=lambda v: BELT_S),
    Rule("lift_unsure", "lift_status", Kind.UNKNOWN, lambda v: v.is_("role", WayRole.LIFT) & ~v.said("working"),
         seconds=lambda v: v.p.unsure.lift_s),
    Rule("dark", "lit", Kind.COST, lambda v: v.no("lit") & v.p.prefer.lit,
         seconds_per_m=lambda v: v.level_pace * UNLIT_SHARE),
    Rule("perhaps_dark", "lit", Kind.UNKNOWN, lambda v: ~v.said("lit") & v.p.prefer.lit,
         seconds_per_m=lambda v: v.level_pace * PERHAPS_UNLIT_SHARE),
    Rule("in_the_sun", "shade", Kind.COST, lambda v: ~v.yes("covered") & v.p.prefer.shade,
         seconds_per_m=lambda v: v.level_pace * SUN_SHARE),
)
# fmt: on
