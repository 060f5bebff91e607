"""Rules that hold on ways and at nodes alike: access, kerbs, and what was said about wheelchairs."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access, Wheelchair
from accessibility.verdict import bounds
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.view import LENGTH_TOLERANCE_M, View

WHEELCHAIR_NO_POINTS = 30.0  # CONTRACT §3
WHEELCHAIR_NO_S, WHEELCHAIR_LIMITED_S = 60.0, 30.0  # where it costs and does not refuse [E]
FELT_KERB_S = 8.0  # each raised kerb within the limit [E]
FEELABLE_KERB_M = 0.03  # an edge up to here must be shown to a cane [S6]
HIDDEN_KERB_S, PERHAPS_HIDDEN_KERB_S = 60.0, 15.0  # the inverse rule for canes, PROFILES §1 [E]


def kerb_too_high(v: View) -> Bools:
    high: Bools = (v.kerb_events > 0) & (v.kerb_m > bounds.kerb_above(v.limits))
    return high


def kerb_points(v: View) -> Floats:
    """CONTRACT §3: 1 per 2 mm over, at most 45, for each change of level."""
    over_mm = (v.kerb_m - (v.limits.kerb_max_m or 0.0)) * 1000
    return v.kerb_events * np.minimum(45.0, over_mm / 2)


def kerb_unknown(v: View) -> Bools:
    unsaid: Bools = (v.kerb_events > 0) & np.isnan(v.kerb_m) & ~v.vouched
    return unsaid


def _kerb_felt(v: View) -> Bools:
    soft = v.p.soft.kerb_m
    felt: Bools = (v.kerb_events > 0) & (v.kerb_m > (np.inf if soft is None else soft) + LENGTH_TOLERANCE_M)
    return felt


def _edge_unfelt(v: View) -> Bools:
    """An edge so low that a cane may miss it."""
    low: Bools = (v.kerb_events > 0) & (v.kerb_m <= FEELABLE_KERB_M + LENGTH_TOLERANCE_M)
    return low & v.p.heeds.cane


def _wheelchair_no(v: View, meaning: str) -> Bools:
    return v.is_("wheelchair", Wheelchair.NO) & (v.p.heeds.wheelchair_no == meaning)


def _wheelchair_limited(v: View) -> Bools:
    return v.is_("wheelchair", Wheelchair.LIMITED) & (v.p.heeds.wheelchair_no != "ignore")


# fmt: off
ACCESS_RULES: tuple[Rule, ...] = (
    Rule("closed_to_walkers", "access", Kind.FORBIDDEN, lambda v: v.is_("access", Access.CLOSED), value="access"),
    Rule("private", "private", Kind.PRIVATE, lambda v: v.is_("access", Access.PRIVATE, Access.CUSTOMERS),
         value="access"),
    Rule("under_construction", "construction", Kind.FORBIDDEN, lambda v: v.yes("construction")),
)

KERB_RULES: tuple[Rule, ...] = (
    Rule("kerb_too_high", "kerb", Kind.VIOLATION, kerb_too_high, points=kerb_points,
         value=lambda v: v.kerb_m, limit=lambda v: v.limits.kerb_max_m, assumed=lambda v: ~v.said("kerb_height_m")),
    Rule("kerb_unknown", "unknown_kerb", Kind.UNKNOWN, kerb_unknown, points=lambda v: v.kerb_events,
         seconds=lambda v: v.kerb_events * v.p.unsure.kerb_s, limit=lambda v: v.limits.kerb_max_m),
    Rule("kerb_felt", "kerb", Kind.COST, _kerb_felt, seconds=lambda v: v.kerb_events * FELT_KERB_S,
         value=lambda v: v.kerb_m),
    Rule("kerb_hidden", "tactile", Kind.COST, lambda v: _edge_unfelt(v) & v.no("tactile"),
         seconds=lambda v: v.kerb_events * HIDDEN_KERB_S, value=lambda v: v.kerb_m),
    Rule("kerb_perhaps_hidden", "tactile", Kind.UNKNOWN, lambda v: _edge_unfelt(v) & ~v.said("tactile"),
         seconds=lambda v: v.kerb_events * PERHAPS_HIDDEN_KERB_S, value=lambda v: v.kerb_m),
)

WHEELCHAIR_RULES: tuple[Rule, ...] = (
    Rule("wheelchair_no", "wheelchair", Kind.VIOLATION, lambda v: _wheelchair_no(v, "refuse"),
         points=lambda v: WHEELCHAIR_NO_POINTS, value="wheelchair"),
    Rule("wheelchair_no_felt", "wheelchair", Kind.COST, lambda v: _wheelchair_no(v, "cost"),
         seconds=lambda v: WHEELCHAIR_NO_S, value="wheelchair"),
    Rule("wheelchair_limited", "wheelchair", Kind.COST, _wheelchair_limited,
         seconds=lambda v: WHEELCHAIR_LIMITED_S, value="wheelchair"),
)
# fmt: on
