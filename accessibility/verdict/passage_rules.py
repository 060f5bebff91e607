"""Rules for passing a node: gates, bollards, lifts, kerbs and crossings."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access, Barrier, Crossing, Ramp
from accessibility.verdict import bounds
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.shared_rules import ACCESS_RULES, KERB_RULES, WHEELCHAIR_RULES
from accessibility.verdict.view import LENGTH_TOLERANCE_M, View
from accessibility.verdict.way_costs import LIFT_S
from accessibility.verdict.way_limits import FLIGHT_POINTS, STEP_POINTS, WIDTH_POINTS_PER_M_UNDER, steps_limit

BLOCKED_POINTS = 200.0  # CONTRACT §3, barrier
CYCLE_BARRIER_SPACING_M = 1.2  # TAGS

# A crossing is passed in two halves, from walkway to carriageway and on to the other walkway: each half pays half.
SIGNAL_WAIT_S = 15.0  # 30 s a crossing [E]
CROSSING_S = 15.0  # 30 s a crossing [S14]
UNMAPPED_S = 30.0  # CONTRACT §3 asks for at least 30 s
NO_ISLAND_S = 10.0  # two lanes or more in one go [E]
SILENT_S, PERHAPS_SILENT_S = 20.0, 10.0  # signals without sound or vibration, for a cane [E]

GATE_S = 10.0  # opening and closing [E]
LIMITED_S = 10.0  # a way in that is for deliveries, farming, visitors [E]
STRUCK_S = 10.0  # a bollard that is found with the shin [E]
OBSTACLE_S: dict[Barrier, float] = {
    Barrier.CHAIN: 20.0,
    Barrier.CYCLE_BARRIER: 30.0,
    Barrier.KISSING_GATE: 20.0,
    Barrier.STILE: 60.0,
    Barrier.TURNSTILE: 20.0,
    Barrier.REVOLVING_DOOR: 60.0,
    Barrier.CATTLE_GRID: 60.0,
    Barrier.SOLID: 60.0,
    Barrier.OTHER: 20.0,
}
"""The bother of each for somebody whom it bothers wholly [E]."""

OPENED = (Barrier.GATE, Barrier.DOOR, Barrier.KISSING_GATE, Barrier.REVOLVING_DOOR)
"""What has to be opened by hand unless it opens itself."""
FITTED_THROUGH = (
    Barrier.GAP,
    Barrier.GATE,
    Barrier.LIFT_GATE,
    Barrier.CHAIN,
    Barrier.DOOR,
    Barrier.SOLID,
    Barrier.OTHER,
)
"""What one passes where the gap is wide enough; unmeasured it is taken to be 0.9 m (PROFILES §5)."""
FOUND_BY_SHIN = (Barrier.GAP, Barrier.LIFT_GATE, Barrier.CHAIN)


def _not_for_wheels(v: View) -> Bools:
    return v.is_("barrier", Barrier.STILE, Barrier.TURNSTILE, Barrier.KISSING_GATE) & v.p.heeds.wheels


def _steps(v: View) -> Floats:
    """Steps at the node: counted, else the one that must be there; none where a ramp can be used."""
    counted = v.num("step_count")
    there = np.where(np.isnan(counted), np.where(v.is_("barrier", Barrier.STEPS), 1.0, 0.0), counted)
    ramp = v.is_("ramp_wheelchair", Ramp.YES, Ramp.LIMITED)
    return np.where(ramp, 0.0, there)


def _cycle_barrier_stops(v: View) -> Bools:
    """Not known to be wide enough between the rails and, with two rows, between the rows."""
    wide: Bools = v.num("opening_m") >= bounds.width_below(v.limits)
    roomy: Bools = v.num("spacing_m") >= CYCLE_BARRIER_SPACING_M - LENGTH_TOLERANCE_M
    fits = v.vouched | (wide & (roomy | v.yes("single_row")))
    return v.is_("barrier", Barrier.CYCLE_BARRIER) & ~fits & v.p.heeds.cycle_barriers_stop


def _too_tight(v: View) -> Bools:
    tight: Bools = v.num("opening_m") < bounds.width_below(v.limits)
    return tight & ~_cycle_barrier_stops(v)


def _unmeasured_gap(v: View) -> Bools:
    return v.is_("barrier", *FITTED_THROUGH) & ~v.said("opening_m") & ~v.vouched


def _bother(v: View) -> Floats:
    total = v.everywhere(0.0)
    for barrier, seconds in OBSTACLE_S.items():
        total = np.where(v.is_("barrier", barrier), seconds, total)
    return total * v.p.heeds.obstacle_share


def _crosses(v: View) -> Bools:
    return v.said("mapped_crossing")


def _unmarked(v: View) -> Bools:
    return _crosses(v) & ~v.is_("crossing_kind", Crossing.MARKED, Crossing.SIGNALS)


def _wide_unsignalled(v: View) -> Bools:
    wide: Bools = v.num("lanes") >= 2
    return _crosses(v) & wide & ~v.yes("signals")


def _signals_for_a_cane(v: View) -> Bools:
    return _crosses(v) & v.yes("signals") & ~v.yes("sound") & ~v.yes("vibration") & v.p.heeds.cane


# fmt: off
PASSAGE_RULES: tuple[Rule, ...] = (
    *ACCESS_RULES,
    Rule("locked", "locked", Kind.FORBIDDEN, lambda v: v.yes("locked"), value="barrier"),
    Rule("not_for_wheels", "barrier", Kind.FORBIDDEN, _not_for_wheels, value="barrier"),
    Rule("out_of_order", "lift", Kind.FORBIDDEN, lambda v: v.yes("lift_applies") & v.no("working")),
    *KERB_RULES,
    Rule("too_many_steps", "steps", Kind.VIOLATION, lambda v: _steps(v) > steps_limit(v),
         points=lambda v: FLIGHT_POINTS + STEP_POINTS * _steps(v),
         value=_steps, limit=steps_limit, assumed=lambda v: ~v.said("step_count")),
    Rule("too_tight", "width", Kind.VIOLATION, _too_tight,
         points=lambda v: ((v.limits.width_min_m or 0.0) - v.num("opening_m")) * WIDTH_POINTS_PER_M_UNDER,
         value="opening_m", limit=lambda v: v.limits.width_min_m),
    Rule("cycle_barrier", "barrier", Kind.VIOLATION, _cycle_barrier_stops, points=lambda v: BLOCKED_POINTS,
         value="barrier"),
    *WHEELCHAIR_RULES,
    Rule("gap_unmeasured", "gap", Kind.UNKNOWN, _unmeasured_gap, seconds=lambda v: v.p.unsure.gap_s, value="barrier",
         limit=lambda v: v.limits.width_min_m),
    Rule("gate", "gate", Kind.TIME, lambda v: v.is_("barrier", *OPENED) & ~v.yes("automatic"),
         seconds=lambda v: GATE_S, value="barrier"),
    Rule("lift_ride", "lift", Kind.TIME, lambda v: v.yes("lift_applies"), seconds=lambda v: LIFT_S),
    Rule("lift_unsure", "lift_status", Kind.UNKNOWN, lambda v: v.yes("lift_applies") & ~v.said("working"),
         seconds=lambda v: v.p.unsure.lift_s),
    Rule("signal_wait", "signals", Kind.TIME, lambda v: _crosses(v) & v.yes("signals"),
         seconds=lambda v: SIGNAL_WAIT_S),
    Rule("climbing", "steps", Kind.COST, lambda v: _steps(v) > 0, seconds=lambda v: v.p.heeds.step_s * _steps(v),
         value=_steps, assumed=lambda v: ~v.said("step_count")),
    Rule("obstacle", "barrier", Kind.COST, lambda v: _bother(v) > 0, seconds=_bother, value="barrier"),
    Rule("struck", "barrier", Kind.COST, lambda v: v.is_("barrier", *FOUND_BY_SHIN) & v.p.heeds.cane,
         seconds=lambda v: STRUCK_S, value="barrier"),
    Rule("crossing", "crossing", Kind.COST, _crosses, seconds=lambda v: CROSSING_S, value="crossing_kind"),
    Rule("unmapped_crossing", "crossing", Kind.COST, lambda v: v.no("mapped_crossing"), seconds=lambda v: UNMAPPED_S),
    Rule("unmarked", "crossing", Kind.COST, _unmarked, seconds=lambda v: v.p.heeds.unmarked_s, value="crossing_kind"),
    Rule("wide_unsignalled", "crossing", Kind.COST, _wide_unsignalled, seconds=lambda v: v.p.heeds.wide_crossing_s,
         value="lanes"),
    Rule("no_island", "crossing", Kind.COST, lambda v: _wide_unsignalled(v) & ~v.yes("island"),
         seconds=lambda v: NO_ISLAND_S),
    Rule("silent", "sound", Kind.COST, lambda v: _signals_for_a_cane(v) & v.no("sound"), seconds=lambda v: SILENT_S),
    Rule("perhaps_silent", "sound", Kind.UNKNOWN, lambda v: _signals_for_a_cane(v) & ~v.said("sound"),
         seconds=lambda v: PERHAPS_SILENT_S),
    Rule("limited_access", "access", Kind.COST, lambda v: v.is_("access", Access.LIMITED),
         seconds=lambda v: LIMITED_S, value="access"),
)
# fmt: on
"""Rows in the order in which they are told to the person."""
