"""Questions in, outcomes out: one person's route over one map (CONTRACT §3).

Strict first: a path on which every hard limit holds is `ok`. Only where there is none, the path of least harm is
looked for and every limit it breaks is named.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from accessibility.profiles import Profile
from accessibility.refusals import Refused
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Snapped, Violation
from routing.attach import Attachments, Private, leg
from routing.costs import Weigher, Weighing
from routing.engine import Engine, Metric
from routing.graph import StreetGraph
from routing.itinerary import route_of
from routing.path import Piece
from routing.plane import Plane
from routing.snap import Candidates, Snap, Snapper, choose
from routing.surroundings import obstacles_of

PEOPLE_KEPT = 24
"""Sets of limits whose weights stay in memory; each takes some 30 bytes an arc and two metrics."""


@dataclass(frozen=True)
class View:
    """One way to weigh the map: the metric of what is open to all, and what private arcs would cost at an end."""

    metric: Metric
    private: Private


@dataclass
class Person:
    """One set of limits on this map: what every arc means, and its two views of it."""

    weighing: Weighing
    engine: Engine

    @cached_property
    def strict(self) -> View:
        found = self.weighing
        return View(self.engine.customise(found.strict()), Private(found.private, found.strict(private=True)))

    @cached_property
    def harm(self) -> View:
        found = self.weighing
        return View(self.engine.customise(found.harm()), Private(found.private, found.harm(private=True)))

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Streets this person can use within every limit, in one direction at least."""
        return _either_way(~(self.weighing.forbidden | self.weighing.violated))

    @cached_property
    def passable(self) -> NDArray[np.bool_]:
        """Streets this person may pass at all."""
        return _either_way(~self.weighing.forbidden)


def _either_way(arcs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return arcs[0::2] | arcs[1::2]


class Router:
    """Routes over one map. Every method may be called from any thread; the heavy part runs in the engine thread."""

    def __init__(self, graph: StreetGraph) -> None:
        self.graph = graph
        self.engine = Engine(graph.order, *graph.arcs())
        self._weigher = Weigher(graph)
        streets = slice(0, graph.first_passage)
        plane = Plane.around(graph.geom_lon, graph.geom_lat)
        level = np.array([np.nan if facts.level is None else facts.level for facts in graph.way_facts])
        self._snapper = Snapper(
            graph.geom_start,
            graph.geom_lon,
            graph.geom_lat,
            graph.edge_component[streets] >= 0,
            level=level[graph.edge_facts[streets]],
            plane=plane,
            obstacles=obstacles_of(graph.elements, plane),
        )
        self._component = graph.edge_component[streets]
        self._around = Attachments(graph.edge_tail, graph.edge_head, graph.edge_component)
        self._people: OrderedDict[bytes, Person] = OrderedDict()
        self._people_lock = threading.Lock()

    def close(self) -> None:
        self.engine.close()

    def person(self, profile: Profile) -> Person:
        """The weights of this set of limits, made once and kept while they are asked for."""
        key = msgspec.msgpack.encode(profile)
        with self._people_lock:
            person = self._people.get(key)
            if person is None:
                person = self._people[key] = Person(self._weigher.weigh(profile), self.engine)
                while len(self._people) > PEOPLE_KEPT:
                    self._people.popitem(last=False)
            self._people.move_to_end(key)
            return person

    def route(self, request: RouteRequest) -> RouteAnswer | NoRoute:
        """`ok`, `least_bad` or no route.

        Raises `Refused("outside_map", waypoint=i)` for a waypoint more than 500 m from any walkable way.
        """
        return self.engine.call(self._route, request)

    def _route(self, request: RouteRequest) -> RouteAnswer | NoRoute:
        person = self.person(request.profile)
        near = self._candidates(request)
        spots = self._choose(near, person.usable, person.strict)
        if not any(spot.last_metres for spot in spots):
            legs = self._legs(person.strict, spots)
            if legs is not None:
                return self._answer("ok", person, spots, legs)
        spots = self._relaxed(near, spots, person)
        legs = self._legs(person.harm, spots)
        if legs is None:
            return NoRoute(because=["not_connected"])
        return self._answer("least_bad", person, spots, legs)

    def _candidates(self, request: RouteRequest) -> list[Candidates]:
        found = []
        for number, place in enumerate(request.waypoints):
            try:
                found.append(self._snapper.candidates(place.lon, place.lat, level=place.level, heading=place.heading))
            except Refused as refusal:
                raise Refused(refusal.code, refusal.message, field=f"waypoints[{number}]", waypoint=number) from refusal
        return found

    def _relaxed(self, near: list[Candidates], spots: list[Snap], person: Person) -> list[Snap]:
        """Where no street keeps the limits, the nearest that may be passed at all; the last metres count."""
        if not any(spot.last_metres for spot in spots):
            return spots
        passable = self._choose(near, person.passable, person.harm)
        return [
            replace(other, last_metres=True) if spot.last_metres else spot
            for spot, other in zip(spots, passable, strict=True)
        ]

    def _choose(self, near: list[Candidates], usable: NDArray[np.bool_], view: View) -> list[Snap]:
        return choose(near, usable, self._component, lambda edge: self._around.components(edge, view.private))

    def _legs(self, view: View, spots: Sequence[Snap]) -> list[Sequence[Piece]] | None:
        legs = []
        for a, b in pairwise(spots):
            found = leg(self.engine, view.metric, self._around, a, b, view.private)
            if found is None:
                return None
            legs.append(found.pieces)
        return legs

    def _answer(
        self, status: str, person: Person, spots: Sequence[Snap], legs: Sequence[Sequence[Piece]]
    ) -> RouteAnswer:
        last = [
            Violation(
                "last_metres",
                round(spot.distance_m, 1),
                0.0,
                False,
                (spot.lon, spot.lat),
                length_m=round(spot.distance_m, 1),
            )
            for spot in spots
            if spot.last_metres
        ]
        route = route_of(self.graph, person.weighing, legs, why="shortest", last_metres=last)
        snapped = [Snapped((spot.lon, spot.lat), round(spot.distance_m, 1)) for spot in spots]
        return RouteAnswer(status, [route], snapped)  # type: ignore[arg-type]
