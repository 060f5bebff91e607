"""A path as the person reads it: segments with their facts, a summary, and every limit that is broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace

from accessibility.facts import PassageFacts, Ramp, WayFacts, WayRole
from accessibility.profiles import Profile
from accessibility.verdict import explain, unknowns
from accessibility.verdict.view import KERB_ASSUMED_M
from routing.answers import (
    BarrierOnRoute,
    Coordinate,
    Leg,
    LineString,
    Note,
    Route,
    Segment,
    Summary,
    UnknownShare,
    Violation,
)
from routing.costs import Weighing
from routing.directions import steps_of
from routing.graph import StreetGraph
from routing.path import Piece, tidy
from routing.stretches import Passed, Stretch, Trace, trace

Confidence = Literal["known", "partly_unknown", "mostly_unknown"]

SHARED_ATTRIBUTES = ("incline", "surface", "width")
"""Attributes whose unknown share counts by length; `kerb` counts by event."""
KNOWN_BELOW, MOSTLY_ABOVE = 0.05, 0.5
"""`known`: nothing is unknown on more than 5 % of its measure; `mostly_unknown`: the mean of all is over half."""


def route_of(
    graph: StreetGraph,
    weighing: Weighing,
    legs: Sequence[Sequence[Piece]],
    *,
    why: str,
    violations: Sequence[Violation] = (),
    barriers: Sequence[BarrierOnRoute] = (),
) -> Route:
    """Assemble one route from the pieces of its legs; `violations` and `barriers` are those not read off the map."""
    traces = [trace(graph, weighing, tidy(pieces)) for pieces in legs]
    parts = [_Part(graph, weighing, found) for found in traces]
    coordinates: list[Coordinate] = []
    out_legs, segments = [], []
    for part in parts:
        shift = len(coordinates) - 1 if coordinates else 0
        coordinates += part.trace.coordinates[1:] if coordinates else part.trace.coordinates
        out_legs.append(part.leg(shift))
        segments += part.segments(shift)
    return Route(
        why=why,
        distance_m=round(sum(leg.distance_m for leg in out_legs), 1),
        duration_s=round(sum(leg.duration_s for leg in out_legs), 1),
        ascent_m=_climb(traces, up=True),
        descent_m=_climb(traces, up=False),
        geometry=LineString(coordinates),
        legs=out_legs,
        segments=segments,
        summary=_summary(traces, weighing.profile),
        violations=[*violations, *(found for part in parts for found in part.violations())],
        notes=[note for part in parts for note in part.notes()],
        barriers=list(barriers),
    )


@dataclass(frozen=True)
class _Part:
    """One leg on its way to the wire."""

    graph: StreetGraph
    weighing: Weighing
    trace: Trace

    def leg(self, shift: int) -> Leg:
        stretches, passages = self.trace.stretches, _passages(self.trace)
        steps = [
            replace(step, geometry_index=(step.geometry_index[0] + shift, step.geometry_index[1] + shift))
            for step in steps_of(self.trace)
        ]
        duration = sum(s.duration_s for s in stretches) + sum(p.duration_s for p in passages)
        return Leg(round(sum(s.length_m for s in stretches), 1), round(duration, 1), steps)

    def segments(self, shift: int) -> list[Segment]:
        out = []
        for stretch in self.trace.stretches:
            met = stretch.before + (self.trace.after if stretch is self.trace.stretches[-1] else [])
            out.append(_segment(stretch, met, shift))
        return out

    def violations(self) -> list[Violation]:
        found: list[Violation] = []
        for stretch in self.trace.stretches:
            for passed in stretch.before:
                found += self._at_node(passed)
            found += self._on_way(stretch)
        for passed in self.trace.after:
            found += self._at_node(passed)
        return found

    def _at_node(self, passed: Passed) -> list[Violation]:
        arc = passed.piece.arc
        if not (self.weighing.violated[arc] or self.weighing.forbidden[arc]):
            return []
        at = self.trace.coordinates[passed.vertex]
        findings = explain(passed.facts, self.weighing.profile, length_m=0.0, reverse=passed.piece.reverse)
        return [
            Violation(f.code, f.value, f.limit, f.assumed, at, node_id=passed.node_id)
            for f in findings
            if f.kind == "violation"
        ]

    def _on_way(self, stretch: Stretch) -> list[Violation]:
        if not any(self.weighing.violated[piece.arc] for piece in stretch.pieces):
            return []
        at = self.trace.coordinates[(stretch.first + stretch.last) // 2]
        run, grade = (
            float(np.nanmax(values[[p.arc for p in stretch.pieces]], initial=-1.0))
            for values in (self.weighing.run_length_m, self.weighing.run_grade)
        )
        findings = explain(
            stretch.facts,
            self.weighing.profile,
            length_m=stretch.length_m,
            reverse=stretch.reverse,
            run_length_m=run if run >= 0 else 0.0,
            run_grade=grade if grade >= 0 else None,
        )
        length = round(stretch.length_m, 1)
        return [
            Violation(f.code, f.value, f.limit, f.assumed, at, length_m=length, way_id=stretch.way_id or UNSET)
            for f in findings
            if f.kind == "violation"
        ]

    def notes(self) -> list[Note]:
        private = self.weighing.private
        return [
            Note("private_end", self.trace.coordinates[stretch.first], way_id=stretch.way_id or UNSET, node_id=UNSET)
            for stretch in self.trace.stretches
            if any(private[piece.arc] for piece in stretch.pieces)
        ]


def _passages(found: Trace) -> list[Passed]:
    return [passed for stretch in found.stretches for passed in stretch.before] + found.after


def known_kerb_m(facts: PassageFacts) -> float | None:
    """Height of the kerb: measured, or what its word stands for; `None` where nobody has said enough."""
    height = (
        facts.kerb_height_m
        if facts.kerb_height_m is not None
        else KERB_ASSUMED_M.get(facts.kerb)
        if facts.kerb
        else None
    )
    return None if height is None or math.isnan(height) else height


def _travelled_incline(stretch: Stretch) -> float | None:
    facts = stretch.facts
    incline = facts.incline if facts.incline is not None else facts.incline_coarse
    return None if incline is None else -incline if stretch.reverse else incline


def _segment(stretch: Stretch, met: list[Passed], shift: int) -> Segment:
    facts = stretch.facts
    kerbs = [passed.facts for passed in met if passed.facts.kerb_events]
    heights = [height for height in map(known_kerb_m, kerbs) if height is not None]
    missing = list(unknowns(facts))
    if any(known_kerb_m(kerb) is None for kerb in kerbs):
        missing.insert(0, "kerb")
    incline = _travelled_incline(stretch)
    return Segment(
        geometry_index=(stretch.first + shift, stretch.last + shift),
        way_id=None if stretch.area_id else stretch.way_id,
        area_id=stretch.area_id or None,
        node_ids=stretch.node_ids,
        length_m=round(stretch.length_m, 1),
        incline=incline,
        incline_source=facts.incline_source if facts.incline is not None else "dem" if incline is not None else None,
        surface=facts.surface.value if facts.surface is not None else None,
        smoothness=facts.smoothness.value if facts.smoothness is not None else None,
        width_m=facts.width_m,
        kerb_m=max(heights, default=None),
        steps=steps_count(facts),
        side=stretch.side,
        level=facts.level,
        unknown=missing,
        because=[],
    )


ASSUMED_STEPS = 10
"""Steps in a flight whose count nobody has given (PROFILES)."""


def steps_count(facts: WayFacts) -> int:
    """Steps to climb on this way: counted, or assumed for a flight without a count."""
    if facts.role is not WayRole.STEPS:
        return 0
    return facts.step_count if facts.step_count is not None else ASSUMED_STEPS


def _climb(traces: Sequence[Trace], *, up: bool) -> float | None:
    known = [
        (s.length_m, incline)
        for found in traces
        for s in found.stretches
        if (incline := _travelled_incline(s)) is not None
    ]
    if not known:
        return None
    return round(sum(length * abs(incline) for length, incline in known if (incline > 0) == up), 1)


def _summary(traces: Sequence[Trace], profile: Profile) -> Summary:
    stretches = [stretch for found in traces for stretch in found.stretches]
    kerbs = [passed.facts for found in traces for passed in _passages(found) if passed.facts.kerb_events]
    heights = [height for height in map(known_kerb_m, kerbs) if height is not None]
    inclines = [incline for stretch in stretches if (incline := _travelled_incline(stretch)) is not None]
    widths = [stretch.facts.width_m for stretch in stretches if stretch.facts.width_m is not None]
    surface_m: dict[str, float] = {}
    for stretch in stretches:
        if stretch.facts.surface is not None:
            key = stretch.facts.surface.value
            surface_m[key] = surface_m.get(key, 0.0) + stretch.length_m
    share = _unknown_share(
        stretches, sum(k.kerb_events for k in kerbs), sum(k.kerb_events for k in kerbs if known_kerb_m(k) is None)
    )
    return Summary(
        step_free=_step_free(stretches, heights, profile),
        confidence=_confidence(share, bool(kerbs)),
        steps=sum(steps_count(stretch.facts) for stretch in stretches),
        incline_up_max=max((i for i in inclines if i >= 0), default=0.0 if inclines else None),
        incline_down_max=max((-i for i in inclines if i <= 0), default=0.0 if inclines else None),
        kerb_max_m=max(heights, default=None),
        width_min_m=min(widths, default=None),
        surface_m={key: round(value, 1) for key, value in surface_m.items()},
        unknown_share=share,
    )


def _unknown_share(stretches: Sequence[Stretch], events: int, unknown_events: int) -> UnknownShare:
    total = math.fsum(stretch.length_m for stretch in stretches)
    missing = dict.fromkeys(SHARED_ATTRIBUTES, 0.0)
    for stretch in stretches:
        for attribute in unknowns(stretch.facts):
            if attribute in missing:
                missing[attribute] += stretch.length_m
    shares = {name: round(value / total, 3) if total > 0 else 0.0 for name, value in missing.items()}
    return UnknownShare(kerb=round(unknown_events / events, 3) if events else 0.0, **shares)


def _confidence(share: UnknownShare, has_kerbs: bool) -> Confidence:
    values = [share.incline, share.surface, share.width] + ([share.kerb] if has_kerbs else [])
    if max(values) <= KNOWN_BELOW:
        return "known"
    return "mostly_unknown" if sum(values) / len(values) > MOSTLY_ABOVE else "partly_unknown"


def _step_free(stretches: Sequence[Stretch], heights: Sequence[float], profile: Profile) -> bool:
    """No steps without a usable ramp, no escalator, no known kerb above the limit."""
    for stretch in stretches:
        if stretch.facts.role is WayRole.ESCALATOR or (
            stretch.facts.role is WayRole.STEPS and stretch.facts.ramp_wheelchair not in (Ramp.YES, Ramp.LIMITED)
        ):
            return False
    limit = profile.limits.kerb_max_m
    return limit is None or all(height <= limit + 1e-6 for height in heights)
