"""Why the way is as it is: the rules that spoke on every stretch, and what stood on the straight way.

The rules are those of the verdict, asked again place by place; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from accessibility.norms import stands
from accessibility.time_rules import at_best
from accessibility.verdict import Finding, explain
from routing.answers import Coordinate, LineString, NotTaken, Reason, Route, Segment
from routing.costs import Weighing
from routing.graph import StreetGraph
from routing.overlay import Toll, Tolls
from routing.path import Piece
from routing.stretches import Passed, Stretch, Trace, trace

REASONS_MAX = 50
"""So many reasons against the straight way are told, the gravest first."""
SHORTER_BY_M = 1.0
"""A straight way that saves less is the way that was taken."""
AGAINST = ("forbidden", "violation")


def explained(
    graph: StreetGraph, weighing: Weighing, tolls: Tolls, legs: Sequence[Sequence[Piece]], route: Route
) -> Route:
    """The route with the findings of every segment and how it stands to the norms; `legs` are what it was made of."""
    told = {}
    shift = 0
    for pieces in legs:
        found = trace(graph, weighing, pieces)
        for stretch, met in stretches_of(found):
            told[stretch.first + shift, stretch.last + shift] = (
                reasons_on(found, stretch, met, weighing, tolls),
                stretch,
                met,
            )
        shift += max(0, len(found.coordinates) - 1)
    return replace(route, segments=[_told(segment, *told[segment.geometry_index]) for segment in route.segments])


def _told(segment: Segment, reasons: list[Reason], stretch: Stretch, met: Sequence[Passed]) -> Segment:
    return replace(
        segment,
        because=[reason.code for reason in reasons],
        findings=reasons,
        norms=stands(stretch.facts, [passed.facts for passed in met]),
    )


def not_taken(
    graph: StreetGraph, weighing: Weighing, tolls: Tolls, straight: Sequence[Sequence[Piece]], route: Route
) -> NotTaken | None:
    """What stands on the straight way; `None` where the route is not longer.

    Where nothing on it breaks a limit, what it costs more is told instead.
    """
    traces = [trace(graph, weighing, pieces) for pieces in straight]
    metres = sum(stretch.length_m for found in traces for stretch in found.stretches)
    if metres > route.distance_m - SHORTER_BY_M:
        return None
    reasons = [reason for found in traces for reason in reasons_along(found, weighing, tolls)]
    grave = [reason for reason in reasons if reason.kind in AGAINST]
    grave.sort(key=lambda reason: (reason.kind != "forbidden", -reason.points))
    mild = sorted((reason for reason in reasons if reason.seconds > 0), key=lambda reason: -reason.seconds)
    told = (grave or mild)[:REASONS_MAX]
    line = [at for found in traces for at in found.coordinates]
    line = [at for number, at in enumerate(line) if number == 0 or at != line[number - 1]]
    return NotTaken(round(metres, 1), LineString(line), list(dict.fromkeys(reason.code for reason in told)), told)


def stretches_of(found: Trace) -> Iterator[tuple[Stretch, list[Passed]]]:
    """Every stretch with what is passed on the way to it; what comes after the last belongs to the last."""
    for stretch in found.stretches:
        yield stretch, [*stretch.before, *(found.after if stretch is found.stretches[-1] else [])]


def reasons_along(found: Trace, weighing: Weighing, tolls: Tolls) -> Iterator[Reason]:
    """Every rule that speaks on this way, in the order of travel."""
    for stretch, met in stretches_of(found):
        yield from reasons_on(found, stretch, met, weighing, tolls)


def reasons_on(found: Trace, stretch: Stretch, met: Sequence[Passed], weighing: Weighing, tolls: Tolls) -> list[Reason]:
    """Every rule that speaks on one stretch and on what is passed with it, barriers last."""
    out = []
    for passed in met:
        at = found.coordinates[passed.vertex]
        for finding in explain(at_best(passed.facts), weighing.profile, reverse=passed.piece.reverse):
            out.append(_reason(finding, at, node_id=passed.node_id))
    middle = found.coordinates[(stretch.first + stretch.last) // 2]
    run, grade = run_of(stretch, weighing)
    metres = round(stretch.length_m, 1)
    for finding in explain(
        at_best(stretch.facts),
        weighing.profile,
        length_m=stretch.length_m,
        reverse=stretch.reverse,
        run_length_m=run,
        run_grade=grade,
    ):
        out.append(_reason(finding, middle, way_id=stretch.way_id or UNSET, length_m=metres))
    tolled: dict[object, list[Reason]] = {}
    for passed in met:
        at = found.coordinates[passed.vertex]
        for toll in tolls.on(passed.piece):
            tolled[_key(toll, passed.piece)] = _of_toll(toll, at, node_id=passed.node_id)
    for piece in stretch.pieces:
        for toll in tolls.on(piece):
            tolled.setdefault(_key(toll, None), _of_toll(toll, middle, way_id=stretch.way_id or UNSET))
    return out + [reason for reasons in tolled.values() for reason in reasons]


def _key(toll: Toll, node: Piece | None) -> object:
    """A barrier is told once, however many pieces it lies on."""
    return (toll.why, node) if toll.barrier is None else toll.barrier.id


def run_of(stretch: Stretch, weighing: Weighing) -> tuple[float, float | None]:
    """Length in metres and steepest grade of the ramp run that is too long here; 0 and None where none is."""
    arcs = [piece.arc for piece in stretch.pieces]
    length = float(np.nanmax(weighing.run_length_m[arcs], initial=0.0))
    grade = float(np.nanmax(weighing.run_grade[arcs], initial=0.0))
    return length, grade if grade > 0 else None


def _reason(
    finding: Finding,
    at: Coordinate,
    *,
    way_id: int | UnsetType = UNSET,
    node_id: int | UnsetType = UNSET,
    barrier_id: str | UnsetType = UNSET,
    length_m: float | UnsetType = UNSET,
) -> Reason:
    return Reason(
        finding.code,
        finding.rule,
        finding.kind,
        finding.value,
        finding.limit,
        finding.assumed,
        round(finding.points, 1),
        round(finding.seconds, 1),
        at,
        length_m,
        way_id,
        node_id,
        barrier_id,
    )


def _of_toll(
    toll: Toll, at: Coordinate, *, way_id: int | UnsetType = UNSET, node_id: int | UnsetType = UNSET
) -> list[Reason]:
    """A barrier as a reason: measured ones by the limit they break, others by what they are."""
    barrier = toll.barrier
    if barrier is None:
        rule = "closed_on_arrival" if toll.why == "hours" else "kept_out_of"
        return [
            Reason(toll.why, rule, "forbidden", toll.said, None, False, 0.0, 0.0, at, way_id=way_id, node_id=node_id)
        ]
    key = str(barrier.id)
    if toll.findings:
        return [_reason(finding, barrier.place, barrier_id=key) for finding in toll.findings]
    kind = "forbidden" if toll.forbidden else "violation" if toll.violated else "cost"
    points = toll.points if toll.violated else 0.0
    return [
        Reason(
            "barrier", barrier.kind, kind, barrier.kind, None, False, points, toll.cost_s, barrier.place, barrier_id=key
        )
    ]
