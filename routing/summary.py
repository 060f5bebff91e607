"""A route in figures: what is known of it, how much is not, and whether it is free of steps (CONTRACT §3, §4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from accessibility.facts import PassageFacts, Ramp, WayFacts, WayRole
from accessibility.profiles import Profile
from accessibility.verdict.view import KERB_ASSUMED_M, LENGTH_TOLERANCE_M, STEPS_ASSUMED
from routing.answers import Summary, UnknownShare
from routing.seats import Rest
from routing.stretches import Stretch, Trace

BY_LENGTH = ("incline", "surface", "width")
"""Attributes whose unknown share counts by length; `kerb` counts by event."""
KNOWN_BELOW, MOSTLY_ABOVE = 0.05, 0.5
"""`known`: no attribute is unknown on more than 5 % of its measure; `mostly_unknown`: the mean is above half."""


def summary_of(traces: Sequence[Trace], profile: Profile, rest: Rest) -> Summary:
    """The whole route; maxima are over what is known, `None` where nothing is."""
    stretches = [stretch for found in traces for stretch in found.stretches]
    kerbs = [passed.facts for found in traces for passed in found.passages() if passed.facts.kerb_events]
    heights = [height for height in map(known_kerb_m, kerbs) if height is not None]
    inclines = [stretch.said.incline for stretch in stretches if stretch.said.incline is not None]
    share = _unknown_share(stretches, kerbs)
    return Summary(
        step_free=_step_free(stretches, heights, profile),
        confidence=_confidence(share, bool(kerbs)) if stretches else "mostly_unknown",
        steps=sum(map(steps_climbed, stretches)),
        incline_up_max=max((i for i in inclines if i >= 0), default=0.0 if inclines else None),
        incline_down_max=max((-i for i in inclines if i <= 0), default=0.0 if inclines else None),
        kerb_max_m=max(heights, default=None),
        width_min_m=min((s.facts.width_m for s in stretches if s.facts.width_m is not None), default=None),
        surface_m=_surfaces(stretches),
        unknown_share=share,
        seats=rest.seats,
        longest_gap_without_seat_m=round(rest.longest_gap_m, 1),
    )


def climb_m(traces: Sequence[Trace], *, up: bool) -> float | None:
    """Metres up (or down) where the incline is known; `None` where it nowhere is."""
    metres, known = 0.0, False
    for found in traces:
        for stretch in found.stretches:
            incline = stretch.said.incline
            if incline is not None:
                known = True
                if (incline > 0) == up:
                    metres += stretch.length_m * abs(incline)
    return round(metres, 1) if known else None


def known_kerb_m(facts: PassageFacts) -> float | None:
    """Height of the kerb: measured, or what its word stands for; `None` where nobody has said enough."""
    height = facts.kerb_height_m
    if height is None and facts.kerb is not None:
        height = KERB_ASSUMED_M[facts.kerb]
    return None if height is None or math.isnan(height) else height


def steps_climbed(stretch: Stretch) -> int:
    """Steps on this part of a flight: of those counted, or of those assumed where nobody has counted."""
    if not stretch.said.steps:
        return 0
    return max(1, round(flight_steps(stretch.facts) * min(stretch.flight, 1.0)))


def flight_steps(facts: WayFacts) -> int:
    """Steps of the whole flight."""
    return facts.step_count if facts.step_count is not None else int(STEPS_ASSUMED)


def _surfaces(stretches: Sequence[Stretch]) -> dict[str, float]:
    """Metres on each surface that somebody has named."""
    metres: dict[str, float] = {}
    for stretch in stretches:
        key = stretch.said.surface
        if key is not None:
            metres[key] = metres.get(key, 0.0) + stretch.length_m
    return {key: round(value, 1) for key, value in metres.items()}


def _unknown_share(stretches: Sequence[Stretch], kerbs: Sequence[PassageFacts]) -> UnknownShare:
    total = math.fsum(stretch.length_m for stretch in stretches)
    missing = dict.fromkeys(BY_LENGTH, 0.0)
    for stretch in stretches:
        for attribute in stretch.said.unsaid:
            missing[attribute] += stretch.length_m
    shares = {name: round(value / total, 3) if total > 0 else 0.0 for name, value in missing.items()}
    events = sum(kerb.kerb_events for kerb in kerbs)
    unsaid = sum(kerb.kerb_events for kerb in kerbs if known_kerb_m(kerb) is None)
    return UnknownShare(kerb=round(unsaid / events, 3) if events else 0.0, **shares)


def _confidence(share: UnknownShare, has_kerbs: bool) -> Literal["known", "partly_unknown", "mostly_unknown"]:
    values = [share.incline, share.surface, share.width] + ([share.kerb] if has_kerbs else [])
    if max(values) <= KNOWN_BELOW:
        return "known"
    return "mostly_unknown" if sum(values) / len(values) > MOSTLY_ABOVE else "partly_unknown"


def _step_free(stretches: Sequence[Stretch], heights: Sequence[float], profile: Profile) -> bool:
    """No steps without a usable ramp, no escalator, no known kerb above the limit."""
    for stretch in stretches:
        if stretch.said.plain:
            continue
        role, ramp = stretch.facts.role, stretch.facts.ramp_wheelchair
        if role is WayRole.ESCALATOR or (role is WayRole.STEPS and ramp not in (Ramp.YES, Ramp.LIMITED)):
            return False
    limit = profile.limits.kerb_max_m
    return limit is None or all(height <= limit + LENGTH_TOLERANCE_M for height in heights)
