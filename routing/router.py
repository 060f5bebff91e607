"""Questions in, outcomes out: one person's route over one map (CONTRACT §3).

Strict first: a path on which every hard limit holds is `ok`. Only where there is none, the path of least harm is
looked for and every limit it breaks is named.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np

from accessibility.barriers import Barrier
from accessibility.profiles import Profile
from accessibility.refusals import Refused
from routing.answers import NoRoute, Return, Route, RouteAnswer, RouteRequest, Snapped, Violation, WayBack
from routing.attach import Attachments, Prices, leg
from routing.checking import Verdict, verdict_on
from routing.costs import Harm, Strict, Weigher, Weighing
from routing.engine import Engine, Metric
from routing.explaining import explained, not_taken
from routing.graph import StreetGraph
from routing.itinerary import route_of
from routing.matching import Matched, Matcher
from routing.met import barriers_met
from routing.overlay import NOTHING, Overlay
from routing.path import Piece
from routing.people import ByLength, Person, View
from routing.placing import Placer
from routing.plane import Plane
from routing.snap import Candidates, PrivateWays, Snap, Snapper, choose
from routing.spots import readings
from routing.surroundings import obstacles_of

PEOPLE_KEPT = 24
"""Sets of limits whose weights stay in memory; each takes some 100 bytes an arc and two metrics."""


@dataclass(frozen=True)
class State:
    """What is in force: every barrier up to `revision`."""

    revision: int
    overlay: Overlay


@dataclass(frozen=True)
class Found:
    """A way that was found, with all it was found by."""

    status: Literal["ok", "least_bad"]
    person: Person
    spots: list[Snap]
    legs: list[Sequence[Piece]]


class Router:
    """Routes over one map. Every method may be called from any thread; the heavy part runs in the engine thread."""

    def __init__(self, graph: StreetGraph) -> None:
        self.graph = graph
        self.engine = Engine(graph.order, *graph.arcs())
        self._weigher = Weigher(graph)
        streets = slice(0, graph.first_passage)
        plane = Plane.around(graph.geom_lon, graph.geom_lat)
        level = np.array([np.nan if facts.level is None else facts.level for facts in graph.way_facts])
        self._component = graph.edge_component[streets]
        self._snapper = Snapper(
            graph.geom_start,
            graph.geom_lon,
            graph.geom_lat,
            self._component >= 0,
            level=level[graph.edge_facts[streets]],
            side=graph.edge_side,
            plane=plane,
            obstacles=obstacles_of(graph.elements, plane),
        )
        self.placer = Placer(graph, plane, self._snapper.lines, self._snapper.tree)
        self._around = Attachments(graph.edge_tail, graph.edge_head, graph.edge_component)
        self._matcher = Matcher(graph, plane, self._snapper.lines, self._snapper.tree, self._around)
        self._people: OrderedDict[bytes, Person] = OrderedDict()
        self._by_length: ByLength | None = None
        self.state = State(0, NOTHING)

    def close(self) -> None:
        self.engine.close()

    def apply(self, barriers: Iterable[Barrier], revision: int) -> None:
        """From now on these barriers are as given; the others stay. Routes asked for after this call know it."""
        self.state = State(revision, self.state.overlay.changed(self.placer, barriers))

    def route(self, request: RouteRequest) -> RouteAnswer | NoRoute:
        """`ok`, `least_bad` or no route.

        Raises `Refused("outside_map", waypoint=i)` for a waypoint more than 500 m from any walkable way.
        """
        return self.engine.call(self._route, request)

    def check(self, line: Sequence[tuple[float, float]], profile: Profile) -> Verdict:
        """Why a line of (lon, lat) is or is not usable for this person."""
        return self.engine.call(self._check, self._matcher.match(line), profile)

    def _check(self, matched: Matched, profile: Profile) -> Verdict:
        state, person = self.state, self._person(profile)
        person.bring_up(state.overlay)
        return verdict_on(self.graph, person, matched, state.revision)

    def _route(self, request: RouteRequest) -> RouteAnswer | NoRoute:
        state = self.state
        near = self._candidates(request)
        person = self._person(request.profile)
        person.bring_up(state.overlay)
        closed = () if request.avoid is None else self.placer.area(request.avoid)
        if closed:
            person = person.without(closed)
        strict = person.view(Strict())
        for spots in readings(near, person.usable, self._component, self._private_ways(strict)):
            legs = self._legs(strict, spots)
            if legs is not None:
                return self._answer(request, Found("ok", person, spots, legs), state)
        harm = person.view(Harm())
        spots = self._relaxed(near, person)
        legs = self._legs(harm, spots)
        if legs is None:
            return NoRoute(because=["avoid" if closed else "not_connected"])
        return self._answer(request, Found("least_bad", person, spots, legs), state)

    def weigh(self, profile: Profile) -> Weighing:
        """What every arc of the bare map means to this person."""
        return self._weigher.weigh(profile)

    def _person(self, profile: Profile) -> Person:
        """The weights of this set of limits, made once and kept while they are asked for. In the engine thread."""
        key = msgspec.msgpack.encode(profile)
        person = self._people.get(key)
        if person is None:
            person = self._people[key] = Person(self._weigher.weigh(profile), self.engine)
            while len(self._people) > PEOPLE_KEPT:
                self._people.popitem(last=False)
        self._people.move_to_end(key)
        return person

    def _candidates(self, request: RouteRequest) -> list[Candidates]:
        found = []
        for number, place in enumerate(request.waypoints):
            try:
                found.append(self._snapper.candidates(place.lon, place.lat, level=place.level, heading=place.heading))
            except Refused as refusal:
                raise Refused(refusal.code, refusal.message, field=f"waypoints[{number}]", waypoint=number) from refusal
        return found

    def _relaxed(self, near: list[Candidates], person: Person) -> list[Snap]:
        """Where no street keeps the limits, the nearest that may be passed at all; the last metres count."""
        spots = choose(near, person.usable, self._component, self._private_ways(person.view(Strict())))
        if not any(spot.last_metres for spot in spots):
            return spots
        passable = choose(near, person.passable, self._component, self._private_ways(person.view(Harm())))
        return [
            replace(other, last_metres=True) if spot.last_metres else spot
            for spot, other in zip(spots, passable, strict=True)
        ]

    def _private_ways(self, view: View) -> PrivateWays:
        private = view.prices.private
        assert private is not None
        return lambda edge: self._around.components(edge, private)

    def _legs(self, view: View, spots: Sequence[Snap]) -> list[Sequence[Piece]] | None:
        return self._legs_by(view.metric, view.prices, spots)

    def _legs_by(self, metric: Metric, prices: Prices, spots: Sequence[Snap]) -> list[Sequence[Piece]] | None:
        legs: list[Sequence[Piece]] = []
        for a, b in pairwise(spots):
            found = leg(self.engine, metric, self._around, a, b, prices)
            if found is None:
                return None
            legs.append(found.pieces)
        return legs

    def _answer(self, request: RouteRequest, found: Found, state: State) -> RouteAnswer:
        back = self._back(found)
        route = with_return(self._read(found, request), "no" if back is None else back.status)
        snapped = [Snapped((spot.lon, spot.lat), round(spot.distance_m, 1)) for spot in found.spots]
        way_back = None
        if request.way_back:
            read = None if back is None else with_return(self._read(back, request), found.status)
            way_back = WayBack("no" if back is None else back.status, read)
        return RouteAnswer(found.status, [route], snapped, state.revision, way_back)

    def _back(self, found: Found) -> Found | None:
        """The same way round, from the last waypoint to the first."""
        spots = found.spots[::-1]
        if not any(spot.last_metres for spot in spots):
            legs = self._legs(found.person.view(Strict()), spots)
            if legs is not None:
                return Found("ok", found.person, spots, legs)
        legs = self._legs(found.person.view(Harm()), spots)
        return None if legs is None else Found("least_bad", found.person, spots, legs)

    def _read(self, found: Found, request: RouteRequest) -> Route:
        """What is found, as the person reads it."""
        person = found.person
        last = [_last_metres(spot) for spot in found.spots if spot.last_metres]
        freely = self._legs(person.unburdened(), found.spots) if person.tolls.barriers else None
        broken, barriers = barriers_met(person.tolls, found.legs, freely or ())
        route = route_of(
            self.graph, person.weighing, found.legs, why="shortest", violations=[*last, *broken], barriers=barriers
        )
        return self._explained(found, route) if request.explain else route

    def _explained(self, found: Found, route: Route) -> Route:
        person = found.person
        route = explained(self.graph, person.weighing, person.tolls, found.legs, route)
        if self._by_length is None:
            self._by_length = ByLength(self.graph, self.engine)
        straight = self._legs_by(self._by_length.metric, self._by_length.prices(person), found.spots)
        why = None if straight is None else not_taken(self.graph, person.weighing, person.tolls, straight, route)
        return msgspec.structs.replace(route, not_taken=why)


def _last_metres(spot: Snap) -> Violation:
    metres = round(spot.distance_m, 1)
    return Violation("last_metres", metres, 0.0, False, (spot.lon, spot.lat), length_m=metres)


def with_return(route: Route, back: Return) -> Route:
    """The route with the word on whether the person could come back."""
    return msgspec.structs.replace(route, summary=msgspec.structs.replace(route.summary, return_=back))
