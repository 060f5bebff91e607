"""Why the way is as it is: the rules that spoke on every stretch, and what stood on the straight way.

The rules are those of the verdict, asked again place by place; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from accessibility.facts import PassageFacts, WayFacts
from accessibility.norms import stands
from accessibility.profiles import Profile
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
SPOKEN_KEPT = 20_000


def explained(
    graph: StreetGraph, weighing: Weighing, tolls: Tolls, legs: Sequence[Sequence[Piece]], route: Route
) -> Route:
    """The route with the findings of every segment and how it stands to the norms; `legs` are what it was made of."""
    told = {}
    shift = 0
    for pieces in legs:
        teller = Teller(trace(graph, weighing, pieces), weighing, tolls)
        for stretch, met in teller.stretches():
            told[stretch.first + shift, stretch.last + shift] = (teller.reasons_on(stretch, met), stretch, met)
        shift += max(0, len(teller.trace.walked_m) - 1)
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
    tellers = [Teller(found, weighing, tolls) for found in traces]
    reasons = [reason for teller in tellers for on in teller.stretches() for reason in teller.reasons_on(*on)]
    grave = [reason for reason in reasons if reason.kind in AGAINST]
    grave.sort(key=lambda reason: (reason.kind != "forbidden", -reason.points))
    mild = sorted((reason for reason in reasons if reason.seconds > 0), key=lambda reason: -reason.seconds)
    told = (grave or mild)[:REASONS_MAX]
    line = [at for found in traces for at in found.coordinates]
    line = [at for number, at in enumerate(line) if number == 0 or at != line[number - 1]]
    return NotTaken(round(metres, 1), LineString(line), list(dict.fromkeys(reason.code for reason in told)), told)


class Teller:
    """One leg, and what every rule says on it to one person."""

    def __init__(self, found: Trace, weighing: Weighing, tolls: Tolls) -> None:
        self.trace, self._weighing, self._tolls = found, weighing, tolls
        self._person = msgspec.msgpack.encode(weighing.profile)

    def stretches(self) -> Iterator[tuple[Stretch, list[Passed]]]:
        """Every stretch with what is passed on the way to it; what comes after the last belongs to the last."""
        for stretch in self.trace.stretches:
            yield stretch, [*stretch.before, *(self.trace.after if stretch is self.trace.stretches[-1] else [])]

    def reasons_on(self, stretch: Stretch, met: Sequence[Passed]) -> list[Reason]:
        """Every rule that speaks on one stretch and on what is passed with it, barriers last."""
        out = []
        for passed in met:
            for spoken in _spoken(self._person, passed.facts, passed.piece.reverse):
                out.append(_reason(spoken.over(0.0), self.trace.at(passed.vertex), node_id=passed.node_id))
        middle, way_id = self.trace.at((stretch.first + stretch.last) // 2), stretch.way_id or UNSET
        metres = round(stretch.length_m, 1)
        for spoken in _spoken(self._person, stretch.facts, stretch.reverse, *run_of(stretch, self._weighing)):
            out.append(_reason(spoken.over(stretch.length_m), middle, way_id=way_id, length_m=metres))
        tolled: dict[object, list[Reason]] = {}
        for passed in met:
            for toll in self._tolls.on(passed.piece):
                tolled[_key(toll, passed.piece)] = _of_toll(toll, self.trace.at(passed.vertex), node_id=passed.node_id)
        for piece in stretch.pieces:
            for toll in self._tolls.on(piece):
                tolled.setdefault(_key(toll, None), _of_toll(toll, middle, way_id=way_id))
        return out + [reason for reasons in tolled.values() for reason in reasons]


class _Spoken(NamedTuple):
    """A finding on nothing and on one metre: amounts grow with the length."""

    finding: Finding
    points_per_m: float
    seconds_per_m: float

    def over(self, metres: float) -> Finding:
        """The finding on so many metres."""
        points = self.finding.points + self.points_per_m * metres
        return replace(self.finding, points=points, seconds=self.finding.seconds + self.seconds_per_m * metres)


@lru_cache(SPOKEN_KEPT)
def _spoken(
    person: bytes, facts: WayFacts | PassageFacts, reverse: bool, run_m: float = 0.0, grade: float | None = None
) -> tuple[_Spoken, ...]:
    """What the rules say about a place; `person` is a profile in msgpack. The same places come again and again."""
    profile = msgspec.msgpack.decode(person, type=Profile)
    none, one = (
        explain(at_best(facts), profile, length_m=metres, reverse=reverse, run_length_m=run_m, run_grade=grade)
        for metres in (0.0, 1.0)
    )
    return tuple(_Spoken(a, b.points - a.points, b.seconds - a.seconds) for a, b in zip(none, one, strict=True))


def _key(toll: Toll, node: Piece | None) -> object:
    """A barrier is told once, however many pieces it lies on."""
    return (toll.why, node) if toll.barrier is None else toll.barrier.id


def run_of(stretch: Stretch, weighing: Weighing) -> tuple[float, float | None]:
    """Length in metres and steepest grade of the ramp run that is too long here; 0 and None where none is."""
    arcs = stretch.pieces.arc
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
