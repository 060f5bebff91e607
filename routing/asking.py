"""One question on its way to an answer: strict first, then least harm, on the clock; and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from accessibility.profiles import Profile
from routing.alternatives import SHORTEST, Alternatives
from routing.answers import Coordinate, NoRoute, Return, Route, RouteAnswer, RouteRequest, Snapped, Violation, WayBack
from routing.attach import Attachments, Prices, Search, leg
from routing.battery import Journey, told, within_range
from routing.by_length import ByLength
from routing.costs import Harm, Scale, Strict
from routing.engine import BLOCKED, Engine
from routing.explaining import explained, not_taken
from routing.found import Found
from routing.graph import StreetGraph
from routing.itinerary import route_of
from routing.met import barriers_met
from routing.path import Pieces
from routing.people import Person
from routing.phrases import voice
from routing.placing import Part
from routing.plane import Plane
from routing.preferences import Wishes, basis, limits_of
from routing.punctual import Punctual, Way, fastest_mps, guess, in_reach, is_late
from routing.resting import rested
from routing.rests import Sitting
from routing.seats import Seats
from routing.snap import Candidates, PrivateWays, Snap, choose
from routing.spots import readings
from routing.timing import Departure, Legs, Timetable
from routing.via_streets import ViaStreets
from routing.views import View


class Map(Protocol):
    """What a question needs of the router."""

    graph: StreetGraph
    engine: Engine
    around: Attachments
    timetable: Timetable
    component: NDArray[np.int32]
    wishes: Wishes
    via_streets: ViaStreets
    seats: Seats

    @property
    def streets(self) -> np.ndarray: ...
    @property
    def plane(self) -> Plane: ...
    def person(self, profile: Profile, departure: Departure) -> Person: ...
    def by_length(self) -> ByLength: ...


class Door(NamedTuple):
    """The easiest entrance of the building a waypoint is in, and the streets it is at."""

    at: Coordinate
    near: Candidates


class Question:
    """Belongs to the engine thread."""

    def __init__(
        self,
        here: Map,
        request: RouteRequest,
        departure: Departure,
        near: list[Candidates],
        doors: Sequence[Door | None],
        avoided: Sequence[Part],
    ) -> None:
        """`near`: the streets around each waypoint; `doors`: for those in buildings; `avoided`: kept out of."""
        self._here, self._request, self._near, self._avoided = here, request, near, avoided
        self._doors: Sequence[Door | None] = doors
        self._departure = departure
        self._without_barriers: dict[tuple[Person, tuple[Snap, ...]], Legs] = {}

    def answer(self, revision: int) -> RouteAnswer | NoRoute:
        """`ok`, `least_bad` or no route."""
        person = self._person(self._departure)
        found = self._to_doors(person)
        if found is not None:
            return self._told(found, revision)
        self._doors = [None] * len(self._near)
        found, shut = self._seek(person, frozenset())
        if (found is None or found.status != "ok") and shut:
            # The nearest street is closed when one gets there: the next one may not be.
            again, _ = self._seek(person, shut)
            found = again if found is None or (again is not None and again.status == "ok") else found
        return self._no_route(person) if found is None else self._told(found, revision)

    def _person(self, departure: Departure) -> Person:
        person = self._here.person(self._request.profile, departure)
        return person.without(self._avoided) if self._avoided else person

    def _to_doors(self, person: Person) -> Found | None:
        """From door to door, where waypoints are in buildings and everything holds on the way; a way to the nearest
        street serves better than none."""
        if not any(self._doors):
            return None
        near = [plain if door is None else door.near for plain, door in zip(self._near, self._doors, strict=True)]
        return self._strictly(person, near, person.usable, set())

    def _strictly(
        self, person: Person, near: Sequence[Candidates], usable: NDArray[np.bool_], late: set[int]
    ) -> Found | None:
        """The best way within every limit, by the likeliest reading of the places that has one."""
        private = self._private_ways(person.view(Strict()))
        for spots in readings(near, usable, self._here.component, private):
            found = self._timely(person, Strict(), spots, self._departure, late)
            if found is not None:
                return found
        return None

    def _seek(self, person: Person, shut: frozenset[int]) -> tuple[Found | None, frozenset[int]]:
        """The best way, and the edges that turned out to be closed on arrival; never ends on those in `shut`."""
        late: set[int] = set()
        usable, passable = _less(person.usable, shut), _less(person.passable, shut)
        found = self._strictly(person, self._near, usable, late)
        if found is not None:
            return found, frozenset(late)
        private = self._private_ways(person.view(Strict()))
        spots = choose(self._near, usable, self._here.component, private)
        if any(spot.last_metres for spot in spots):
            harm = self._private_ways(person.view(Harm()))
            spots = _relaxed(spots, choose(self._near, passable, self._here.component, harm))
        return self._timely(person, Harm(), spots, self._departure, late), frozenset(late)

    def _timely(
        self, person: Person, scale: Scale, spots: list[Snap], departure: Departure, late: set[int]
    ) -> Found | None:
        """The best way between these spots that is open on arrival."""
        strict = isinstance(basis(scale), Strict)
        # The way of least harm may take much longer than the first that is found.
        least = timedelta(0) if strict else guess(spots, person)
        punctual = Punctual(self._here.timetable, departure, spots, lambda who: self._way(who, scale, spots), least)
        best = punctual.best(person)
        late |= punctual.shut
        return None if best is None else Found("ok" if strict else "least_bad", best[0], departure, spots, best[1])

    def _way(self, person: Person, scale: Scale, spots: Sequence[Snap]) -> Way | None:
        view = person.view(scale)
        return self._along(view, view.prices, spots)

    def _along(self, search: Search, prices: Prices, spots: Sequence[Snap]) -> Way | None:
        legs: Legs = []
        cost = 0
        for a, b in pairwise(spots):
            found = leg(search, self._here.around, a, b, prices)
            if found is None:
                return None
            legs.append(found.pieces)
            cost += found.cost
        return Way(cost, legs)

    def _private_ways(self, view: View) -> PrivateWays:
        private = view.prices.private
        assert private is not None
        return lambda edge: self._here.around.components(edge, private)

    def _no_route(self, person: Person) -> NoRoute:
        """Nothing passable connects the places; was it the clock?"""
        hours = {edge for edge, laid in person.tolls.by_edge.items() if any(toll.why == "hours" for _, toll in laid)}
        if self._departure.at is not None and self._here.timetable.rules:
            open_ = person.variant(person.tolls.lifted(frozenset(), hours))
            spots = choose(
                self._near, open_.passable_ever, self._here.component, self._private_ways(open_.view(Harm()))
            )
            if self._way(open_, Harm(), spots) is not None:
                return NoRoute(because=["hours"])
        return NoRoute(because=["avoid" if self._avoided else "not_connected"])

    def _told(self, found: Found, revision: int) -> RouteAnswer:
        journey, why = self._journey(found)
        routes = [self._shown(journey, why)]
        fewer = None
        if self._request.alternatives > 0:
            others = self._others(journey.there, bent=journey.there is not found)
            found_ones = others.up_to(self._request.alternatives)[1:]
            routes += [self._shown(Journey(one, self._return(one)), reason) for one, reason in found_ones]
            fewer = sorted(others.missing) if len(found_ones) < self._request.alternatives else None
        snapped = [
            Snapped((spot.lon, spot.lat), round(spot.distance_m, 1), UNSET if door is None else door.at)
            for spot, door in zip(found.spots, self._doors, strict=True)
        ]
        way_back, back = None, journey.back
        if self._request.way_back:
            read = None if back is None else with_return(self._read(back), found.status)
            way_back = WayBack("no" if back is None else back.status, read)
        return RouteAnswer(found.status, routes, snapped, revision, way_back, fewer)

    def _journey(self, found: Found) -> tuple[Journey, str]:
        """There and back, as the person wants to go, and why like that."""
        range_m, every_m = self._request.range_m, self._request.seat_every_m
        if every_m is not None:
            found = rested(self._here, found, every_m)
        if range_m is None:
            return Journey(found, self._way_back(found)), SHORTEST
        journey = within_range(found, range_m, self._here.graph, self._way_back, self._shortest)
        return journey, "within_range" if journey.by_length else SHORTEST

    def _way_back(self, found: Found) -> Found | None:
        """The way back as the person wants to go it; where nobody sees it, whether there is one is enough."""
        back, every_m = self._return(found), self._request.seat_every_m
        if back is None or every_m is None or not self._shows_return:
            return back
        return rested(self._here, back, every_m)

    @property
    def _shows_return(self) -> bool:
        return self._request.way_back or self._request.range_m is not None

    def _return(self, found: Found) -> Found | None:
        """The best way back; where nobody sees it, any within the limits."""
        return (None if self._shows_return else self._retraced(found)) or self._back(found)

    def _shown(self, journey: Journey, why: str) -> Route:
        """The route as it is told, with the words on the way back and on the battery."""
        route = self._read(journey.there, why)
        route = with_return(route, "no" if journey.back is None else journey.back.status)
        range_m = self._request.range_m
        return route if range_m is None else told(route, self._here.graph, journey, range_m)

    def _others(self, found: Found, *, bent: bool) -> Alternatives:
        person = self._person(found.departure)

        def seek(scale: Scale) -> Found | None:
            return self._timely(person, scale, found.spots, found.departure, set())

        return Alternatives(self._here, found, person, seek, bent=bent)

    def _shortest(self, found: Found) -> Found | None:
        """The same way round by length alone."""
        person, scale = self._person(found.departure), self._here.wishes.shortest(limits_of(found.status))
        self._here.wishes.used(person.origin, scale)
        return self._timely(person, scale, found.spots, found.departure, set())

    def _retraced(self, found: Found) -> Found | None:
        """The same streets the other way round, where that is open and within every limit; no search is needed to say
        that there is a way back."""
        person, departure = self._homeward(found)
        if any(spot.last_metres for spot in found.spots):
            return None
        legs: Legs = [Pieces.of(pieces).retraced() for pieces in reversed(found.legs)]
        weights, tolled = person.view(Strict()).weights, person.tolls.by_edge.keys()
        for pieces in map(Pieces.of, legs):
            if (weights[pieces.arc] >= BLOCKED).any() or (tolled and not tolled.isdisjoint(pieces.edge.tolist())):
                return None
        if is_late(self._here.timetable, person, departure, legs):
            return None
        return Found("ok", person, departure, found.spots[::-1], legs)

    def _homeward(self, found: Found) -> tuple[Person, Departure]:
        """Who sets out again as soon as one has got there."""
        departure = found.departure
        if departure.at is not None:
            departure = self._here.timetable.later(departure, departure.at + timedelta(seconds=found.seconds))
        return self._person(departure), departure

    def _back(self, found: Found) -> Found | None:
        """The same way round, from the last waypoint to the first, as soon as one has got there."""
        person, departure = self._homeward(found)
        spots = found.spots[::-1]
        if not any(spot.last_metres for spot in spots):
            strict = self._timely(person, Strict(), spots, departure, set())
            if strict is not None:
                return strict
        return self._timely(person, Harm(), spots, departure, set())

    def _read(self, found: Found, why: str = SHORTEST) -> Route:
        """What is found, as the person reads it."""
        person, timetable, seats = found.person, self._here.timetable, self._here.seats
        last = [_last_metres(spot) for spot in found.spots if spot.last_metres]
        broken, barriers = barriers_met(person.tolls, found.legs, self._freely(found))
        gone = seats.gone(found.departure.overlay)
        route = route_of(
            self._here.graph,
            person.weighing,
            found.legs,
            why=why,
            rest=seats.rest(found.legs, gone),
            violations=[*last, *broken],
            barriers=barriers,
            voice=voice(self._request.language, self._request.units, person.weighing.profile.gait.step_m),
            sitting=self._sitting(found, gone),
        )
        notes = timetable.notes(person, found.legs, found.departure.at)
        if notes:
            route = msgspec.structs.replace(route, notes=[*route.notes, *notes])
        return self._explained(found, route) if self._request.explain else route

    def _sitting(self, found: Found, gone: frozenset[int]) -> list[Sitting]:
        """The seats on each leg, for somebody who wishes some; nothing for anybody else."""
        every_m = self._request.seat_every_m or found.person.weighing.profile.prefer.seat_every_m
        if every_m is None:
            return []
        visits = (self._here.seats.visits([pieces], gone)[0] for pieces in found.legs)
        return [Sitting(every_m, [at_m for _, at_m, _ in each]) for each in visits]

    def _freely(self, found: Found) -> Legs:
        """The best way as if no barrier had been reported; looked for once between the same spots.

        Nothing where no barrier is near enough to lie on it: it costs at most what was found.
        """
        person = found.person
        edges = person.tolls.barrier_edges
        if edges and found.status == "ok":
            cost = person.weighing.cost_s
            seconds = sum(float(cost[pieces.arc] @ pieces.share) for pieces in map(Pieces.of, found.legs))
            edges = in_reach(self._here.graph, edges, found.spots, (seconds + 1) * fastest_mps(person))
        if not edges:
            return []
        key = person.origin, tuple(found.spots)
        known = self._without_barriers.get(key)
        if known is None:
            view = person.unburdened()
            way = self._along(view, view.prices, found.spots)
            known = self._without_barriers[key] = [] if way is None else way.legs
        return known

    def _explained(self, found: Found, route: Route) -> Route:
        """Why each stretch is as it is, and why the straight way was not taken."""
        graph, person = self._here.graph, found.person
        route = explained(graph, person.weighing, person.tolls, found.legs, route)
        by_length = self._here.by_length()
        straight = self._along(by_length.search, by_length.prices(person), found.spots)
        why = None
        if straight is not None:
            tolls = self._here.timetable.tolls_on(person, straight.legs, found.departure)
            why = not_taken(graph, person.weighing, tolls, straight.legs, route)
        return msgspec.structs.replace(route, not_taken=why)


def _less(streets: NDArray[np.bool_], shut: frozenset[int]) -> NDArray[np.bool_]:
    if not shut:
        return streets
    less = streets.copy()
    less[list(shut)] = False
    return less


def _relaxed(spots: list[Snap], passable: list[Snap]) -> list[Snap]:
    """Where no street keeps the limits, the nearest that may be passed at all; the last metres count."""
    return [
        msgspec.structs.replace(other, last_metres=True) if spot.last_metres else spot
        for spot, other in zip(spots, passable, strict=True)
    ]


def _last_metres(spot: Snap) -> Violation:
    metres = round(spot.distance_m, 1)
    return Violation("last_metres", metres, 0.0, False, (spot.lon, spot.lat), length_m=metres)


def with_return(route: Route, back: Return) -> Route:
    """The route with the word on whether the person could come back."""
    return msgspec.structs.replace(route, summary=msgspec.structs.replace(route.summary, return_=back))
