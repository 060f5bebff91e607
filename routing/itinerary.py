"""A path as the person reads it: legs with steps, segments with facts, a summary, and every limit that is broken."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from routing.answers import BarrierOnRoute, Coordinate, Leg, LineString, Route, Segment, Violation
from routing.broken_limits import Broken
from routing.costs import Weighing
from routing.directions import steps_of
from routing.graph import StreetGraph
from routing.path import Piece
from routing.stretches import Passed, Stretch, Trace, trace
from routing.summary import climb_m, known_kerb_m, steps_climbed, summary_of, travelled_incline


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
    traces = [trace(graph, weighing, pieces) for pieces in legs]
    coordinates: list[Coordinate] = []
    out_legs: list[Leg] = []
    segments: list[Segment] = []
    for found in traces:
        shift = max(0, len(coordinates) - 1)
        if coordinates and found.at_node:
            # Where one comes to a spot a hair before a node and goes on from the node, they are one place.
            coordinates[-1] = found.coordinates[0]
        coordinates += found.coordinates[1:] if coordinates else found.coordinates
        out_legs.append(_leg(graph, weighing, found, shift))
        segments += _segments(found, shift)
    broken = [Broken(weighing, found) for found in traces]
    return Route(
        why=why,
        distance_m=round(sum(leg.distance_m for leg in out_legs), 1),
        duration_s=round(sum(leg.duration_s for leg in out_legs), 1),
        ascent_m=climb_m(traces, up=True),
        descent_m=climb_m(traces, up=False),
        geometry=LineString(coordinates if len(coordinates) > 1 else coordinates * 2),
        legs=out_legs,
        segments=segments,
        summary=summary_of(traces, weighing.profile),
        violations=[*violations, *(violation for part in broken for violation in part.violations())],
        notes=[note for part in broken for note in part.notes()],
        barriers=list(barriers),
    )


def _leg(graph: StreetGraph, weighing: Weighing, found: Trace, shift: int) -> Leg:
    """The steps of one leg; its figures are the sums of theirs."""
    steps = [
        replace(step, geometry_index=(step.geometry_index[0] + shift, step.geometry_index[1] + shift))
        for step in steps_of(graph, found, weighing.profile)
    ]
    distance, duration = (sum(getattr(step, name) for step in steps) for name in ("distance_m", "duration_s"))
    return Leg(round(distance, 1), round(duration, 1), steps)


def _segments(found: Trace, shift: int) -> list[Segment]:
    """One segment per stretch; lengths are rounded so that they add up."""
    out, walked = [], 0.0
    for stretch in found.stretches:
        met = stretch.before + (found.after if stretch is found.stretches[-1] else [])
        length = round(walked + stretch.length_m, 2) - round(walked, 2)
        walked += stretch.length_m
        out.append(_segment(stretch, met, round(length, 2), shift))
    return out


def _segment(stretch: Stretch, met: Sequence[Passed], length_m: float, shift: int) -> Segment:
    facts = stretch.facts
    kerbs = [passed.facts for passed in met if passed.facts.kerb_events]
    heights = [height for height in map(known_kerb_m, kerbs) if height is not None]
    incline = travelled_incline(stretch)
    return Segment(
        geometry_index=(stretch.first + shift, stretch.last + shift),
        way_id=None if stretch.area_id else stretch.way_id,
        area_id=abs(stretch.area_id) or None,
        node_ids=stretch.ends() if stretch.area_id else stretch.node_ids,
        length_m=length_m,
        incline=incline,
        incline_source=None if incline is None else "dem" if facts.incline is None else facts.incline_source,
        surface=facts.surface.value if facts.surface is not None else None,
        smoothness=facts.smoothness.value if facts.smoothness is not None else None,
        width_m=facts.width_m,
        kerb_m=max(heights, default=None),
        steps=steps_climbed(stretch),
        side=stretch.side,
        level=facts.level,
        unknown=(["kerb"] if any(known_kerb_m(kerb) is None for kerb in kerbs) else []) + list(stretch.unsaid),
        because=[],
    )
