"""One question and its answer: what is sought, and how what is found is told."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from routing.alternatives import SHORTEST
from routing.answers import NoRoute, Return, Route, RouteAnswer, RouteRequest, Snapped, Violation, WayBack
from routing.battery import Journey, told, within_range
from routing.explaining import explained, not_taken
from routing.found import Found
from routing.itinerary import route_of
from routing.met import barriers_met
from routing.phrases import voice
from routing.resting import rested
from routing.rests import Sitting
from routing.seeking import Map, Seeker
from routing.snap import Snap


class Question:
    """Belongs to the engine thread."""

    def __init__(self, here: Map, request: RouteRequest, seeker: Seeker) -> None:
        self._here, self._request, self._seeker = here, request, seeker

    def answer(self, revision: int) -> RouteAnswer | NoRoute:
        """`ok`, `least_bad` or no route."""
        found = self._seeker.found()
        return NoRoute(because=[self._seeker.nothing_because()]) if found is None else self._told(found, revision)

    def _told(self, found: Found, revision: int) -> RouteAnswer:
        journey, why = self._journey(found)
        routes = [self._shown(journey, why)]
        fewer = None
        if self._request.alternatives > 0:
            others = self._seeker.others(journey.there, bent=journey.there is not found)
            found_ones = others.up_to(self._request.alternatives)[1:]
            routes += [self._shown(Journey(one, self._return(one)), reason) for one, reason in found_ones]
            fewer = sorted(others.missing) if len(found_ones) < self._request.alternatives else None
        snapped = [
            Snapped((spot.lon, spot.lat), round(spot.distance_m, 1), UNSET if door is None else door.at)
            for spot, door in zip(found.spots, self._seeker.doors, strict=True)
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
        journey = within_range(found, range_m, self._here.graph, self._way_back, self._seeker.shortest)
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
        return (None if self._shows_return else self._seeker.retraced(found)) or self._seeker.back(found)

    def _shown(self, journey: Journey, why: str) -> Route:
        """The route as it is told, with the words on the way back and on the battery."""
        route = self._read(journey.there, why)
        route = with_return(route, "no" if journey.back is None else journey.back.status)
        range_m = self._request.range_m
        return route if range_m is None else told(route, self._here.graph, journey, range_m)

    def _read(self, found: Found, why: str = SHORTEST) -> Route:
        """What is found, as the person reads it."""
        person, timetable, seats = found.person, self._here.timetable, self._here.seats
        last = [_last_metres(spot) for spot in found.spots if spot.last_metres]
        broken, barriers = barriers_met(person.tolls, found.legs, self._seeker.freely(found))
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

    def _explained(self, found: Found, route: Route) -> Route:
        """Why each stretch is as it is, and why the straight way was not taken."""
        graph, person = self._here.graph, found.person
        route = explained(graph, person.weighing, person.tolls, found.legs, route)
        by_length = self._here.by_length()
        straight = self._seeker.along(by_length.search, by_length.prices(person), found.spots)
        why = None
        if straight is not None:
            tolls = self._here.timetable.tolls_on(person, straight.legs, found.departure)
            why = not_taken(graph, person.weighing, tolls, straight.legs, route)
        return msgspec.structs.replace(route, not_taken=why)


def _last_metres(spot: Snap) -> Violation:
    metres = round(spot.distance_m, 1)
    return Violation("last_metres", metres, 0.0, False, (spot.lon, spot.lat), length_m=metres)


def with_return(route: Route, back: Return) -> Route:
    """The route with the word on whether the person could come back."""
    return msgspec.structs.replace(route, summary=msgspec.structs.replace(route.summary, return_=back))
