"""A path as the person reads it: legs with steps, segments with facts, a summary, and every limit that is broken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from routing.answers import BarrierOnRoute, Leg, LineString, Route, Segment, Violation
from routing.broken_limits import Broken
from routing.costs import Weighing
from routing.directions import steps_of
from routing.graph import StreetGraph
from routing.line import Line
from routing.path import Piece
from routing.phrases import PLAIN, Voice
from routing.rests import Sitting
from routing.seats import NOT_TOLD, Rest
from routing.stretches import Passed, Stretch, Trace, trace
from routing.summary import climb_m, known_kerb_m, steps_climbed, summary_of


def route_of(
    graph: StreetGraph,
    weighing: Weighing,
    legs: Sequence[Sequence[Piece]],
    *,
    why: str,
    rest: Rest = NOT_TOLD,
    violations: Sequence[Violation] = (),
    barriers: Sequence[BarrierOnRoute] = (),
    voice: Voice = PLAIN,
    sitting: Sequence[Sitting] = (),
) -> Route:
    """Assemble one route from the pieces of its legs; what is not read off the map is given.

    `violations` and `barriers` by reports and at the ends, `rest` by the seats on the way; `voice` says the steps,
    with the seats of each leg in `sitting` where the person wishes some.
    """
    traces = [trace(graph, weighing, pieces) for pieces in legs]
    lines: list[NDArray[np.float64]] = []
    moved: list[tuple[int, NDArray[np.float64]]] = []
    last = -1
    out_legs: list[Leg] = []
    segments: list[Segment] = []
    for number, found in enumerate(traces):
        shift = max(0, last)
        if lines and found.at_node:
            # Where one comes to a spot a hair before a node and goes on from the node, they are one place.
            moved.append((shift, found.lonlat[0]))
        lines.append(found.lonlat[1:] if lines else found.lonlat)
        last += len(lines[-1])
        out_legs.append(_leg(graph, weighing, found, shift, voice, sitting[number] if sitting else None))
        segments += _segments(found, shift)
    broken = [Broken(weighing, found) for found in traces]
    return Route(
        why=why,
        distance_m=round(sum(leg.distance_m for leg in out_legs), 1),
        duration_s=round(sum(leg.duration_s for leg in out_legs), 1),
        ascent_m=climb_m(traces, up=True),
        descent_m=climb_m(traces, up=False),
        geometry=LineString(_whole(lines, moved)),
        legs=out_legs,
        segments=segments,
        summary=summary_of(traces, weighing.profile, rest),
        violations=[*violations, *(violation for part in broken for violation in part.violations())],
        notes=[note for part in broken for note in part.notes()],
        barriers=list(barriers),
    )


def _whole(lines: Sequence[NDArray[np.float64]], moved: Sequence[tuple[int, NDArray[np.float64]]]) -> Line:
    """One line of several, with a few vertices at other places; a way that goes nowhere has its place twice."""
    lonlat = lines[0] if len(lines) == 1 else np.concatenate(lines)
    for vertex, place in moved:
        lonlat[vertex] = place
    return Line(lonlat if len(lonlat) != 1 else lonlat.repeat(2, axis=0))


def _leg(
    graph: StreetGraph, weighing: Weighing, found: Trace, shift: int, voice: Voice, sitting: Sitting | None
) -> Leg:
    """The steps of one leg; its figures are the sums of theirs."""
    steps = steps_of(graph, found, weighing.profile, voice, sitting)
    if shift:
        steps = [replace(step, geometry_index=tuple(at + shift for at in step.geometry_index)) for step in steps]
    distance, duration = sum(step.distance_m for step in steps), sum(step.duration_s for step in steps)
    return Leg(round(distance, 1), round(duration, 1), steps)


def _segments(found: Trace, shift: int) -> list[Segment]:
    """One segment per stretch; lengths are rounded so that they add up."""
    out, walked, before = [], 0.0, 0
    last = len(found.stretches) - 1
    for number, stretch in enumerate(found.stretches):
        met = stretch.before if number < last else stretch.before + found.after
        walked += stretch.length_m
        centimetres = int(walked * 100 + 0.5)
        out.append(_segment(stretch, met, (centimetres - before) / 100, shift))
        before = centimetres
    return out


def _segment(stretch: Stretch, met: Sequence[Passed], length_m: float, shift: int) -> Segment:
    said, area, unknown, kerb_m = stretch.said, stretch.area_id, stretch.said.unsaid, None
    if met:
        kerbs = [known_kerb_m(passed.facts) for passed in met if passed.facts.kerb_events]
        kerb_m = max((height for height in kerbs if height is not None), default=None)
        unknown = ["kerb", *unknown] if None in kerbs else unknown
    return Segment(
        (stretch.first + shift, stretch.last + shift),
        None if area else stretch.way_id,
        abs(area) or None,
        stretch.ends() if area else stretch.node_ids,
        length_m,
        said.incline,
        said.incline_source,
        said.surface,
        said.smoothness,
        said.facts.width_m,
        kerb_m,
        steps_climbed(stretch),
        stretch.side,
        said.facts.level,
        unknown,
        [],
    )
