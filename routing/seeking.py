"""One question on its way through the map: strict first, then least harm, on the clock; there and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from accessibility.profiles import Profile
from routing.alternatives import Alternatives
from routing.answers import Coordinate, RouteRequest
from routing.attach import Attachments, Prices, Search, leg
from routing.by_length import ByLength
from routing.costs import Harm, Scale, Strict
from routing.engine import BLOCKED, Engine
from routing.found import Found
from routing.graph import StreetGraph
from routing.path import Pieces
from routing.people import Person
from routing.placing import Part
from routing.plane import Plane
from routing.preferences import Wishes, basis, limits_of
from routing.punctual import Punctual, Way, fastest_mps, guess, in_reach, is_late
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


class Seeker:
    """The ways of one question. Belongs to the engine thread."""

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
        self.doors: Sequence[Door | None] = doors
        self.departure = departure
        self._without_barriers: dict[tuple[Person, tuple[Snap, ...]], Legs] = {}

    def found(self) -> Found | None:
        """The best way within every limit, else the one of least harm; `None` where nothing passable connects the
        places."""
        person = self.person(self.departure)
        to_doors = self._to_doors(person)
        if to_doors is not None:
            return to_doors
        self.doors = [None] * len(self._near)
        found, shut = self._seek(person, frozenset())
        if (found is None or found.status != "ok") and shut:
            # The nearest street is closed when one gets there: the next one may not be.
            again, _ = self._seek(person, shut)
            found = again if found is None or (again is not None and again.status == "ok") else found
        return found

    def person(self, departure: Departure) -> Person:
        """Who asks, setting out then, with the areas to keep out of."""
        person = self._here.person(self._request.profile, departure)
        return person.without(self._avoided) if self._avoided else person

    def nothing_because(self) -> str:
        """Why nothing passable connects the places; was it the clock?"""
        person = self.person(self.departure)
        hours = {edge for edge, laid in person.tolls.by_edge.items() if any(toll.why == "hours" for _, toll in laid)}
        if self.departure.at is not None and self._here.timetable.rules:
            open_ = person.variant(person.tolls.lifted(frozenset(), hours))
            private = self._private_ways(open_.view(Harm()))
            spots = choose(self._near, open_.passable_ever, self._here.component, private)
            if self._way(open_, Harm(), spots) is not None:
                return "hours"
        return "avoid" if self._avoided else "not_connected"

    def others(self, found: Found, *, bent: bool) -> Alternatives:
        """Where to look for other ways than this one."""
        person = self.person(found.departure)

        def seek(scale: Scale) -> Found | None:
            return self._timely(person, scale, found.spots, found.departure, set())

        return Alternatives(self._here, found, person, seek, bent=bent)

    def shortest(self, found: Found) -> Found | None:
        """The same way round by length alone."""
        person, scale = self.person(found.departure), self._here.wishes.shortest(limits_of(found.status))
        self._here.wishes.used(person.origin, scale)
        return self._timely(person, scale, found.spots, found.departure, set())

    def back(self, found: Found) -> Found | None:
        """The same way round, from the last waypoint to the first, as soon as one has got there."""
        person, departure = self._homeward(found)
        spots = found.spots[::-1]
        if not any(spot.last_metres for spot in spots):
            strict = self._timely(person, Strict(), spots, departure, set())
            if strict is not None:
                return strict
        return self._timely(person, Harm(), spots, departure, set())

    def retraced(self, found: Found) -> Found | None:
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
        return self.person(departure), departure

    def freely(self, found: Found) -> Legs:
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
            way = self.along(view, view.prices, found.spots)
            known = self._without_barriers[key] = [] if way is None else way.legs
        return known

    def _to_doors(self, person: Person) -> Found | None:
        """From door to door, where waypoints are in buildings and everything holds on the way; a way to the nearest
        street serves better than none."""
        if not any(self.doors):
            return None
        near = [plain if door is None else door.near for plain, door in zip(self._near, self.doors, strict=True)]
        return self._strictly(person, near, person.usable, set())

    def _strictly(
        self, person: Person, near: Sequence[Candidates], usable: NDArray[np.bool_], late: set[int]
    ) -> Found | None:
        """The best way within every limit, by the likeliest reading of the places that has one."""
        private = self._private_ways(person.view(Strict()))
        for spots in readings(near, usable, self._here.component, private):
            found = self._timely(person, Strict(), spots, self.departure, late)
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
        return self._timely(person, Harm(), spots, self.departure, late), frozenset(late)

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
        return self.along(view, view.prices, spots)

    def along(self, search: Search, prices: Prices, spots: Sequence[Snap]) -> Way | None:
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
