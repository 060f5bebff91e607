"""Way rules, second part: how long it takes, and what costs effort, comfort or nerve without being refused."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access, Ramp, Sidewalk, Tracktype, Treads, WayKind, WayRole, Wheelchair
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.view import GRADE_TOLERANCE, LENGTH_TOLERANCE_M, View
from accessibility.verdict.way_limits import flight, usable_ramp

STEPS_PACE = 2.0  # seconds per metre along a flight: 0.5 m/s [S14]
LIFT_S = 90.0  # [E]
SLOPE_SHARE = 0.15  # of the level pace for each percent beyond comfort [E]
SLOPE_UNSAID_SHARE = 0.5  # "up" without a number [E]
NARROW_SHARE = 1.0  # of the level pace for each metre below comfort [E]
ROUGH_SHARE = 0.3  # of the level pace for each grade of smoothness below comfort [E]
TRACK_SHARE = 0.15  # of the level pace for each grade of a track below the firmest, surface unsaid [E]
HIKING_SHARE = 0.5  # [E]
LIMITED_ACCESS_SHARE = 0.2  # [E]
TOLERATED_SHARE = 0.3  # where walkers are not meant to be [E]
UNLIT_SHARE, PERHAPS_UNLIT_SHARE = 0.5, 0.1  # for those who ask for light [E]
SUN_SHARE = 0.2  # for those who ask for shade [E]
WHEELCHAIR_LIMITED_S, WHEELCHAIR_NO_S = 30.0, 60.0  # [E]
RAMP_LIMITED_S = 60.0  # needs pushing [E]
NO_HANDRAIL_S, UNEVEN_TREADS_S = 20.0, 20.0  # [E]
MACHINE_S = 20.0  # stepping on and off an escalator for the unsteady [E]
BELT_S = 60.0  # a moving walk with wheels [E]
FORD_S = 60.0  # [E]

TRAFFIC_SHARE: dict[WayKind, float] = {
    WayKind.SERVICE: 0.1,
    WayKind.RESIDENTIAL: 0.1,
    WayKind.UNCLASSIFIED: 0.2,
    WayKind.ROAD: 0.2,
    WayKind.TERTIARY: 0.5,
    WayKind.SECONDARY: 1.0,
    WayKind.PRIMARY: 2.0,
    WayKind.TRUNK: 4.0,
}
"""Extra share of the level pace for walking on a carriageway without a sidewalk [E]."""
FAST_KMH, FAST_SHARE = 50.0, 1.0
"""Faster traffic than this adds as much again [E]."""


def _on_road(v: View) -> Bools:
    return v.yes("carriageway") & ~v.is_("sidewalk", Sidewalk.ATTACHED)


def _traffic(v: View) -> Floats:
    share = v.everywhere(0.0)
    for kind, extra in TRAFFIC_SHARE.items():
        share = np.where(v.is_("kind", kind), extra, share)
    fast = np.nan_to_num(v.num("maxspeed_kmh"), nan=0.0) > FAST_KMH
    return v.level_pace * (share + np.where(fast, FAST_SHARE, 0.0))


def _over(value: Floats, soft: float | None) -> Floats:
    """Percent beyond the comfortable grade; 0 where there is none."""
    if soft is None:
        return np.zeros_like(value)
    beyond = np.nan_to_num(value, nan=0.0) - soft
    return np.where(beyond > GRADE_TOLERANCE, beyond * 100, 0.0)


def _strain(v: View) -> Floats:
    return _over(np.abs(v.grade), v.p.soft.incline)


def _lean(v: View) -> Floats:
    return np.where(v.level_ground, _over(v.num("cross_slope"), v.p.soft.cross_slope), 0.0)


def _tightness(v: View) -> Floats:
    """Metres below the comfortable width."""
    short = (v.p.soft.width_m or 0.0) - np.nan_to_num(v.num("width_m"), nan=np.inf)
    return np.where(v.level_ground & (short > LENGTH_TOLERANCE_M), short, 0.0)


def _jolts(v: View) -> Floats:
    """Grades of smoothness below comfort."""
    return np.where(v.level_ground, v.worse("smoothness", v.p.soft.smoothness), 0.0)


def _unsaid_slope(v: View) -> Bools:
    cares = v.p.soft.incline is not None
    return v.level_ground & v.said("incline_sign") & ~v.said("incline") & ~v.said("incline_coarse") & cares


def _soft_track(v: View) -> Floats:
    grades = np.where(v.said("surface") | v.said("smoothness"), 0.0, v.worse("tracktype", Tracktype.GRADE1))
    return grades if v.p.gait.rolls or v.p.heeds.uneven_s_per_m else grades * 0.0


WAY_TIMES: tuple[Rule, ...] = (
    Rule("travel", "travel", Kind.TIME, lambda v: v.level_ground, seconds_per_m=lambda v: v.pace),
    Rule(
        "along_steps", "steps", Kind.TIME, lambda v: v.is_("role", WayRole.STEPS, WayRole.ESCALATOR),
        seconds_per_m=lambda v: max(STEPS_PACE, v.level_pace),
    ),
    Rule("lift_ride", "lift", Kind.TIME, lambda v: v.is_("role", WayRole.LIFT), seconds=lambda v: LIFT_S),
)  # fmt: skip

WAY_COSTS: tuple[Rule, ...] = (
    Rule("slope", "incline", Kind.COST, lambda v: _strain(v) > 0, seconds_per_m=lambda v: v.level_pace * SLOPE_SHARE * _strain(v), value=lambda v: v.grade),
    Rule("slope_unsaid", "incline", Kind.UNKNOWN, _unsaid_slope, seconds_per_m=lambda v: v.level_pace * SLOPE_UNSAID_SHARE),
    Rule("lean", "cross_slope", Kind.COST, lambda v: _lean(v) > 0, seconds_per_m=lambda v: v.level_pace * SLOPE_SHARE * _lean(v), value="cross_slope"),
    Rule("tight", "width", Kind.COST, lambda v: _tightness(v) > 0, seconds_per_m=lambda v: v.level_pace * NARROW_SHARE * _tightness(v), value="width_m"),
    Rule("jolts", "smoothness", Kind.COST, lambda v: _jolts(v) > 0, seconds_per_m=lambda v: v.level_pace * ROUGH_SHARE * _jolts(v), value="smoothness"),
    Rule(
        "uneven_footing", "surface", Kind.COST, lambda v: v.level_ground & (v.uneven > 0) & (v.p.heeds.uneven_s_per_m > 0),
        seconds_per_m=lambda v: v.p.heeds.uneven_s_per_m * v.uneven, value="surface",
    ),
    Rule("soft_track", "tracktype", Kind.COST, lambda v: _soft_track(v) > 0, seconds_per_m=lambda v: v.level_pace * TRACK_SHARE * _soft_track(v), value="tracktype"),
    Rule("trail", "hiking", Kind.COST, lambda v: v.yes("hiking") & (v.p.gait.rolls or v.p.heeds.uneven_s_per_m > 0), seconds_per_m=lambda v: v.level_pace * HIKING_SHARE),
    Rule("among_cars", "carriageway", Kind.COST, _on_road, seconds_per_m=_traffic, value="kind"),
    Rule("not_meant_for_walkers", "access", Kind.COST, lambda v: v.no("customary"), seconds_per_m=lambda v: v.level_pace * TOLERATED_SHARE),
    Rule("limited_access", "access", Kind.COST, lambda v: v.is_("access", Access.LIMITED), seconds_per_m=lambda v: v.level_pace * LIMITED_ACCESS_SHARE, value="access"),
    Rule("ford", "ford", Kind.COST, lambda v: v.yes("ford"), seconds=lambda v: FORD_S),
    Rule(
        "wheelchair_limited", "wheelchair", Kind.COST,
        lambda v: v.is_("wheelchair", Wheelchair.LIMITED) & (v.p.heeds.wheelchair_no != "ignore"),
        seconds=lambda v: WHEELCHAIR_LIMITED_S, value="wheelchair",
    ),
    Rule(
        "wheelchair_no_felt", "wheelchair", Kind.COST,
        lambda v: v.is_("wheelchair", Wheelchair.NO) & (v.p.heeds.wheelchair_no == "cost"),
        seconds=lambda v: WHEELCHAIR_NO_S, value="wheelchair",
    ),
    Rule(
        "ramp_needs_pushing", "ramp", Kind.COST,
        lambda v: (v.steps > 0) & v.is_("ramp_wheelchair", Ramp.LIMITED) & usable_ramp(v), seconds=lambda v: RAMP_LIMITED_S,
    ),
    Rule(
        "no_handrail", "handrail", Kind.COST, lambda v: flight(v) & v.no("handrail") & (v.p.unsure.handrail_s > 0 or v.p.heeds.cane),
        seconds=lambda v: NO_HANDRAIL_S,
    ),
    Rule("handrail_unsaid", "handrail", Kind.UNKNOWN, lambda v: flight(v) & ~v.said("handrail"), seconds=lambda v: v.p.unsure.handrail_s),
    Rule(
        "uneven_treads", "treads", Kind.COST,
        lambda v: flight(v) & v.is_("treads", Treads.UNEVEN, Treads.ROUGH) & (v.p.heeds.uneven_s_per_m > 0), seconds=lambda v: UNEVEN_TREADS_S, value="treads",
    ),
    Rule("steps_not_felt", "tactile", Kind.COST, lambda v: flight(v) & v.no("tactile") & v.p.heeds.cane, seconds=lambda v: NO_HANDRAIL_S),
    Rule("escalator", "escalator", Kind.COST, lambda v: v.is_("role", WayRole.ESCALATOR) & (v.p.heeds.uneven_s_per_m > 0), seconds=lambda v: MACHINE_S),
    Rule("belt", "escalator", Kind.COST, lambda v: v.is_("role", WayRole.MOVING_WALK) & v.p.heeds.wheels, seconds=lambda v: BELT_S),
    Rule("lift_unsure", "lift_status", Kind.UNKNOWN, lambda v: v.is_("role", WayRole.LIFT) & ~v.said("working"), seconds=lambda v: v.p.unsure.lift_s),
    Rule("dark", "lit", Kind.COST, lambda v: v.no("lit") & v.p.prefer.lit, seconds_per_m=lambda v: v.level_pace * UNLIT_SHARE),
    Rule("perhaps_dark", "lit", Kind.UNKNOWN, lambda v: ~v.said("lit") & v.p.prefer.lit, seconds_per_m=lambda v: v.level_pace * PERHAPS_UNLIT_SHARE),
    Rule("in_the_sun", "shade", Kind.COST, lambda v: ~v.yes("covered") & v.p.prefer.shade, seconds_per_m=lambda v: v.level_pace * SUN_SHARE),
)  # fmt: skip
