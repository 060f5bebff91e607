"""Rules for passing a node: gates, bollards, lifts, kerbs and crossings."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access, Barrier, Crossing, Ramp, Wheelchair
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.shared_rules import ACCESS_RULES, KERB_RULES
from accessibility.verdict.view import LENGTH_TOLERANCE_M, View
from accessibility.verdict.way_costs import LIFT_S, WHEELCHAIR_LIMITED_S, WHEELCHAIR_NO_S
from accessibility.verdict.way_limits import FLIGHT_POINTS, STEP_POINTS, WHEELCHAIR_NO_POINTS, WIDTH_POINTS_PER_M

GATE_S = 10.0  # opening and closing [E]
SIGNAL_WAIT_S = 15.0  # each half of a crossing: 30 s together [E]
CROSSING_S = 15.0  # each half: 30 s together [S14]
UNMAPPED_S = 30.0  # each half; CONTRACT §3 asks for at least 30 s a crossing
NO_ISLAND_S = 10.0  # two lanes or more in one go [E]
SILENT_SIGNAL_S, PERHAPS_SILENT_SIGNAL_S = 20.0, 10.0  # each half [E]
BLOCKED_POINTS = 200.0  # CONTRACT §3, barrier
CYCLE_BARRIER_SPACING_M = 1.2  # TAGS
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
"""Seconds of bother for everybody but the quick on foot [E]."""
STRIKE_S = 10.0  # a bollard that a cane finds with the shin [E]

_FITTED = (Barrier.GAP, Barrier.GATE, Barrier.LIFT_GATE, Barrier.CHAIN, Barrier.DOOR, Barrier.OTHER, Barrier.SOLID)
"""What one may fit through, if it is wide enough."""


def _too_tight(v: View) -> Bools:
    limit = v.limits.width_min_m
    return v.everywhere(False) if limit is None else v.num("opening_m") < limit - LENGTH_TOLERANCE_M


def _unmeasured_gap(v: View) -> Bools:
    return (
        v.is_("barrier", *_FITTED)
        & ~v.said("opening_m")
        & ~v.vouched
        & (v.limits.width_min_m is not None)
        & (v.p.unsure.gap_s > 0)
    )


def _cycle_barrier(v: View) -> Bools:
    """One that is not known to let this person through."""
    wide: Bools = v.num("opening_m") >= (v.limits.width_min_m or 0.0) - LENGTH_TOLERANCE_M
    tight_rows: Bools = v.num("spacing_m") < CYCLE_BARRIER_SPACING_M - LENGTH_TOLERANCE_M
    return v.is_("barrier", Barrier.CYCLE_BARRIER) & ~v.vouched & (~wide | tight_rows)


def _not_for_wheels(v: View) -> Bools:
    gate = v.is_("barrier", Barrier.KISSING_GATE) & ~v.vouched
    return (gate | v.is_("barrier", Barrier.STILE, Barrier.TURNSTILE)) & v.p.heeds.wheels


def _steps(v: View) -> Floats:
    """Steps at the node: counted, else the one that must be there."""
    counted = v.num("step_count")
    return np.where(np.isnan(counted), np.where(v.is_("barrier", Barrier.STEPS), 1.0, 0.0), counted)


def _climbed(v: View) -> Bools:
    limit = v.limits.steps_max
    ramp = v.is_("ramp_wheelchair", Ramp.YES, Ramp.LIMITED) & v.p.heeds.wheels
    return v.everywhere(False) if limit is None else (_steps(v) > limit) & ~ramp


def _bother(v: View) -> Floats:
    total = v.everywhere(0.0)
    for barrier, seconds in OBSTACLE_S.items():
        total = np.where(v.is_("barrier", barrier), seconds, total)
    return total


def _crosses(v: View) -> Bools:
    return v.said("mapped_crossing")


def _wide_unsignalled(v: View) -> Bools:
    wide: Bools = v.num("lanes") >= 2
    return _crosses(v) & wide & ~v.yes("signals")


PASSAGE_RULES: tuple[Rule, ...] = (
    *ACCESS_RULES,
    Rule("locked", "locked", Kind.FORBIDDEN, lambda v: v.yes("locked")),
    Rule("not_for_wheels", "barrier", Kind.FORBIDDEN, _not_for_wheels, value="barrier"),
    Rule("out_of_order", "lift", Kind.FORBIDDEN, lambda v: v.yes("lift_applies") & v.no("working")),
    *KERB_RULES,
    Rule(
        "steps", "steps", Kind.VIOLATION, _climbed, points=lambda v: FLIGHT_POINTS + STEP_POINTS * _steps(v),
        value=_steps, limit=lambda v: v.limits.steps_max, assumed=lambda v: ~v.said("step_count"),
    ),
    Rule(
        "opening_too_tight", "width", Kind.VIOLATION, _too_tight,
        points=lambda v: ((v.limits.width_min_m or 0.0) - v.num("opening_m")) * WIDTH_POINTS_PER_M,
        value="opening_m", limit=lambda v: v.limits.width_min_m,
    ),
    Rule(
        "cycle_barrier", "barrier", Kind.VIOLATION, lambda v: _cycle_barrier(v) & (v.p.heeds.cycle_barrier == "refuse"),
        points=lambda v: BLOCKED_POINTS, value="barrier",
    ),
    Rule(
        "wheelchair_no", "wheelchair", Kind.VIOLATION,
        lambda v: v.is_("wheelchair", Wheelchair.NO) & (v.p.heeds.wheelchair_no == "refuse"),
        points=lambda v: WHEELCHAIR_NO_POINTS, value="wheelchair",
    ),
    Rule(
        "gap_unmeasured", "unknown_width", Kind.UNKNOWN, _unmeasured_gap,
        points=lambda v: 1.0, seconds=lambda v: v.p.unsure.gap_s, limit=lambda v: v.limits.width_min_m,
    ),
    Rule(
        "opening_a_gate", "gate", Kind.TIME,
        lambda v: v.is_("barrier", Barrier.GATE, Barrier.DOOR, Barrier.KISSING_GATE, Barrier.REVOLVING_DOOR) & ~v.yes("automatic"),
        seconds=lambda v: GATE_S, value="barrier",
    ),
    Rule("lift_ride", "lift", Kind.TIME, lambda v: v.yes("lift_applies"), seconds=lambda v: LIFT_S),
    Rule("signal_wait", "signals", Kind.TIME, lambda v: _crosses(v) & v.yes("signals"), seconds=lambda v: SIGNAL_WAIT_S),
    Rule("lift_unsure", "lift_status", Kind.UNKNOWN, lambda v: v.yes("lift_applies") & ~v.said("working"), seconds=lambda v: v.p.unsure.lift_s),
    Rule(
        "obstacle", "barrier", Kind.COST, lambda v: (_bother(v) > 0) & ((v.p.heeds.cycle_barrier != "ignore") | (v.p.heeds.uneven_s_per_m > 0)),
        seconds=_bother, value="barrier",
    ),
    Rule("struck_by_cane", "barrier", Kind.COST, lambda v: v.is_("barrier", Barrier.GAP, Barrier.LIFT_GATE, Barrier.CHAIN) & v.p.heeds.cane, seconds=lambda v: STRIKE_S, value="barrier"),
    Rule("crossing", "crossing", Kind.COST, _crosses, seconds=lambda v: CROSSING_S, value="crossing_kind"),
    Rule("unmapped_crossing", "crossing", Kind.COST, lambda v: v.no("mapped_crossing"), seconds=lambda v: UNMAPPED_S),
    Rule(
        "unmarked", "crossing", Kind.COST, lambda v: _crosses(v) & ~v.is_("crossing_kind", Crossing.MARKED, Crossing.SIGNALS),
        seconds=lambda v: v.p.heeds.unmarked_s, value="crossing_kind",
    ),
    Rule("wide_unsignalled", "crossing", Kind.COST, _wide_unsignalled, seconds=lambda v: v.p.heeds.wide_crossing_s, value="lanes"),
    Rule("no_island", "crossing", Kind.COST, lambda v: _wide_unsignalled(v) & ~v.yes("island"), seconds=lambda v: NO_ISLAND_S),
    Rule(
        "silent_signal", "sound", Kind.COST,
        lambda v: _crosses(v) & v.yes("signals") & v.no("sound") & ~v.yes("vibration") & v.p.heeds.cane, seconds=lambda v: SILENT_SIGNAL_S,
    ),
    Rule(
        "perhaps_silent_signal", "sound", Kind.UNKNOWN,
        lambda v: _crosses(v) & v.yes("signals") & ~v.said("sound") & ~v.yes("vibration") & v.p.heeds.cane, seconds=lambda v: PERHAPS_SILENT_SIGNAL_S,
    ),
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
    Rule("limited_access", "access", Kind.COST, lambda v: v.is_("access", Access.LIMITED), seconds=lambda v: GATE_S, value="access"),
)  # fmt: skip
"""Rows in the order in which they are told to the person."""
