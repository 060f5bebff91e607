"""Rules that hold on ways and at nodes alike: access and kerbs."""

from __future__ import annotations

import numpy as np

from accessibility.facts import Access
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.rules import Kind, Rule
from accessibility.verdict.view import LENGTH_TOLERANCE_M, View

RAISED_KERB_S = 8.0  # each raised kerb within the limit [E]
FELT_KERB_M = 0.03  # up to here a cane may not feel the edge [S6]
UNFELT_KERB_S, UNSURE_KERB_S = 60.0, 15.0  # the inverse rule of PROFILES §1 [E]


def over_kerb(v: View) -> Bools:
    if v.limits.kerb_max_m is None:
        return v.everywhere(False)
    over: Bools = (v.kerb_events > 0) & (v.kerb_m > v.limits.kerb_max_m + LENGTH_TOLERANCE_M)
    return over


def kerb_points(v: View) -> Floats:
    """CONTRACT §3: 1 per 2 mm over, at most 45, for each change of level."""
    over_mm = (v.kerb_m - (v.limits.kerb_max_m or 0.0)) * 1000
    return v.kerb_events * np.minimum(45.0, over_mm / 2)


def unknown_kerb(v: View) -> Bools:
    unsaid: Bools = (v.kerb_events > 0) & np.isnan(v.kerb_m) & ~v.vouched
    return unsaid if v.limits.kerb_max_m is not None else v.everywhere(False)


def _flat_kerb(v: View) -> Bools:
    """An edge that a cane may miss."""
    flat: Bools = (v.kerb_events > 0) & (v.kerb_m <= FELT_KERB_M + LENGTH_TOLERANCE_M)
    return flat if v.p.heeds.cane else v.everywhere(False)


def _soft_kerb(v: View) -> Bools:
    high: Bools = (v.kerb_events > 0) & (v.kerb_m > (v.p.soft.kerb_m or 0.0) + LENGTH_TOLERANCE_M)
    return high if v.p.soft.kerb_m is not None else v.everywhere(False)


ACCESS_RULES: tuple[Rule, ...] = (
    Rule("closed_to_walkers", "access", Kind.FORBIDDEN, lambda v: v.is_("access", Access.CLOSED), value="access"),
    Rule(
        "private", "private", Kind.PRIVATE, lambda v: v.is_("access", Access.PRIVATE, Access.CUSTOMERS), value="access"
    ),
    Rule("under_construction", "construction", Kind.FORBIDDEN, lambda v: v.yes("construction")),
)

KERB_RULES: tuple[Rule, ...] = (
    Rule(
        "kerb_too_high", "kerb", Kind.VIOLATION, over_kerb, points=kerb_points,
        value=lambda v: v.kerb_m, limit=lambda v: v.limits.kerb_max_m, assumed=lambda v: ~v.said("kerb_height_m"),
    ),
    Rule(
        "kerb_unknown", "unknown_kerb", Kind.UNKNOWN, unknown_kerb,
        points=lambda v: v.kerb_events, seconds=lambda v: v.kerb_events * v.p.unsure.kerb_s, limit=lambda v: v.limits.kerb_max_m,
    ),
    Rule("kerb_felt", "kerb", Kind.COST, _soft_kerb, seconds=lambda v: v.kerb_events * RAISED_KERB_S, value=lambda v: v.kerb_m),
    Rule(
        "kerb_not_felt", "tactile", Kind.COST, lambda v: _flat_kerb(v) & v.no("tactile"),
        seconds=lambda v: v.kerb_events * UNFELT_KERB_S, value=lambda v: v.kerb_m,
    ),
    Rule(
        "kerb_perhaps_not_felt", "tactile", Kind.UNKNOWN, lambda v: _flat_kerb(v) & ~v.said("tactile"),
        seconds=lambda v: v.kerb_events * UNSURE_KERB_S, value=lambda v: v.kerb_m,
    ),
    Rule(
        "kerb_unknown_to_cane", "tactile", Kind.UNKNOWN,
        lambda v: (v.kerb_events > 0) & np.isnan(v.kerb_m) & v.p.heeds.cane & ~v.yes("tactile"),
        seconds=lambda v: v.kerb_events * v.p.unsure.kerb_s,
    ),
)  # fmt: skip
