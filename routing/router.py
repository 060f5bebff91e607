"""Questions in, outcomes out: one person's route over one map (CONTRACT §3).

Strict first: a path on which every hard limit holds is `ok`. Only where there is none, the path of least harm is
looked for and every limit it breaks is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from accessibility.barriers import Barrier
from accessibility.profiles import Profile, built_in
from accessibility.refusals import Refused
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.asking import Question
from routing.attach import Attachments
from routing.by_length import ByLength
from routing.checking import Verdict, verdict_on
from routing.costs import Harm, Strict, Weighing
from routing.engine import Engine
from routing.entrances import Entrances
from routing.graph import StreetGraph
from routing.matching import Matched, Matcher
from routing.overlay import NOTHING, Overlay
from routing.people import Person
from routing.placing import Placer
from routing.plane import Plane
from routing.preferences import Wishes
from routing.regulars import KEPT_BYTES, Regulars
from routing.seats import Seats
from routing.seeking import Door, Seeker
from routing.snap import Candidates, Snapper
from routing.standpoint import Standpoint
from routing.surroundings import obstacles_of
from routing.timing import Departure, Timetable
from routing.tree import Network
from routing.via_streets import ViaStreets
from routing.weigher import Weigher

WARM_ARCS_MAX = 1_000_000
"""On larger maps no weights are made before somebody asks: those of all built-in profiles would take gigabytes."""


@dataclass(frozen=True)
class State:
    """What is in force: every barrier up to `revision`."""

    revision: int
    overlay: Overlay


class Router:
    """Routes over one map. Every method may be called from any thread; the heavy part runs in the engine thread."""

    def __init__(self, graph: StreetGraph, kept_bytes: int = KEPT_BYTES) -> None:
        """`kept_bytes`: how much memory the limits of people may take that were asked for lately."""
        self.graph = graph
        self.engine = Engine(graph.order, *graph.arcs())
        self._weigher = Weigher(graph)
        streets = slice(0, graph.first_passage)
        plane = Plane.around(graph.geom_lon, graph.geom_lat)
        level = np.array([np.nan if facts.level is None else facts.level for facts in graph.way_facts])
        self.component = graph.edge_component[streets]
        self._snapper = Snapper(
            graph.geom_start,
            graph.geom_lon,
            graph.geom_lat,
            self.component >= 0,
            level=level[graph.edge_facts[streets]],
            side=graph.edge_side,
            plane=plane,
            obstacles=obstacles_of(graph.elements, plane),
        )
        self.placer = Placer(graph, plane, self._snapper.lines, self._snapper.tree)
        self.around = Attachments(graph.edge_tail, graph.edge_head, graph.edge_component, graph.first_passage)
        self._matcher = Matcher(graph, plane, self._snapper.lines, self._snapper.tree, self.around)
        self.seats = Seats(graph, plane, self._snapper.lines, self._snapper.tree)
        self.wishes = Wishes(graph, self.seats)
        self.via_streets = ViaStreets(graph, self.engine, self.around, plane, self._snapper.lines)
        self.timetable = Timetable(graph)
        self.entrances = Entrances(graph.elements, plane)
        self.regulars = Regulars(self._weigher, self.engine, kept_bytes, lent=self.wishes.used)
        self._by_length: ByLength | None = None
        self.state = State(0, NOTHING)

    def keep_time(self, zone: str) -> None:
        """Read opening hours by this time zone from now on, not by that of the place."""
        if zone != self.timetable.zone:
            self.timetable = Timetable(self.graph, zone)

    def warm(self, at: datetime) -> None:
        """Make what the routes of those who set out at this moment will ask for, the built-in profiles first of all.

        For a process that forks: what is made before is made once, and shared. No thread is left behind.
        """
        self.graph.warm()
        self.engine.call(self._warm, at)
        self.engine.rest()

    def _warm(self, at: datetime) -> None:
        departure = self.timetable.departure(at, self.state.overlay, now=True)
        if self.engine.n_arcs <= WARM_ARCS_MAX:
            for profile in built_in.values():
                person = self.person(profile, departure)
                views = [person.view(scale) for scale in (Strict(), Harm())]
                _ = [(view.metric, view.prices) for view in views], person.usable, person.passable
        _ = self.network, self.by_length(), self.around.arcs_of(0), self.engine.neighbours

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

    def check(self, line: Sequence[tuple[float, float]], profile: Profile, at: datetime | None = None) -> Verdict:
        """Why a line of (lon, lat) is or is not usable for this person, who sets out `at` a moment."""
        return self.engine.call(self._check, self._matcher.match(line), profile, at)

    def standpoint(self, profile: Profile, at: datetime | None = None) -> Standpoint:
        """This person's strict map as it is now, for questions about many places."""
        return self.engine.call(self._standpoint, profile, self.state, at)

    def ways(
        self,
        profile: Profile,
        state: State,
        pairs: Sequence[Sequence[Candidates]],
        at: datetime | None = None,
    ) -> list[tuple[float, float] | None]:
        """Travel time and length of the strict routes between pairs of places, with the barriers of `state`."""
        return self.engine.call(self._ways, profile, state, pairs, at)

    @property
    def plane(self) -> Plane:
        return self._snapper.plane

    @property
    def streets(self) -> np.ndarray:
        """The lines of all streets, in the plane."""
        lines: np.ndarray = self._snapper.lines
        return lines

    def near(self, place: Waypoint, field: str) -> Candidates:
        """The streets near a place; raises `Refused("outside_map")` naming the field."""
        try:
            return self._snapper.candidates(place.lon, place.lat, level=place.level, heading=place.heading)
        except Refused as refusal:
            raise Refused(refusal.code, refusal.message, field=field) from refusal

    @cached_property
    def network(self) -> Network:
        """The arcs of the map, ready for searches from one to all; made at first use."""
        return Network(self.graph)

    def _standpoint(self, profile: Profile, state: State, at: datetime | None) -> Standpoint:
        person = self.person(profile, self.timetable.departure(at, state.overlay, now=True))
        view = person.view(Strict())
        return Standpoint(
            self.graph,
            self.around,
            person.usable,
            self.component,
            person.base,
            person.weighing,
            person.tolls,
            view.prices,
            state.revision,
        )

    def _ways(
        self, profile: Profile, state: State, pairs: Sequence[Sequence[Candidates]], at: datetime | None
    ) -> list[tuple[float, float] | None]:
        person = self.person(profile, self.timetable.departure(at, state.overlay, now=True))
        stand, search = self._standpoint(profile, state, at), person.view(Strict())
        legs = (stand.way(search, near) for near in pairs)
        return [None if found is None else stand.seconds_and_metres(found.pieces) for found in legs]

    def _check(self, matched: Matched, profile: Profile, at: datetime | None) -> Verdict:
        state = self.state
        departure = self.timetable.departure(at, state.overlay, now=True)
        return verdict_on(self.timetable, self.person(profile, departure), departure, matched, state.revision)

    def _route(self, request: RouteRequest) -> RouteAnswer | NoRoute:
        state = self.state
        at = request.depart_at or request.asked_at
        departure = self.timetable.departure(at, state.overlay, now=request.depart_at is None)
        avoided = () if request.avoid is None else self.placer.area(request.avoid)
        near = self._candidates(request)
        seeker = Seeker(self, request, departure, near, self._doors(request, near), avoided)
        return Question(self, request, seeker).answer(state.revision)

    def weigh(self, profile: Profile) -> Weighing:
        """What every arc of the bare map means to this person."""
        return self._weigher.weigh(profile)

    def person(self, profile: Profile, departure: Departure) -> Person:
        """The weights of this set of limits at a departure. In the engine thread."""
        return self.regulars.person(profile, departure)

    def by_length(self) -> ByLength:
        """The map by length alone; made at first use."""
        if self._by_length is None:
            self._by_length = ByLength(self.graph, self.engine)
        return self._by_length

    def _candidates(self, request: RouteRequest) -> list[Candidates]:
        found: list[Candidates] = []
        try:
            for near in self._snapper.candidates_of(request.waypoints):
                found.append(near)
        except Refused as refusal:
            number = len(found)
            raise Refused(refusal.code, refusal.message, field=f"waypoints[{number}]", waypoint=number) from refusal
        return found

    def _doors(self, request: RouteRequest, near: Sequence[Candidates]) -> list[Door | None]:
        """For each waypoint that asks for it, the easiest entrance of the building it is in and the streets there."""
        found: list[Door | None] = []
        for place, streets in zip(request.waypoints, near, strict=True):
            at = self.entrances.around((place.lon, place.lat)) if place.entrance else None
            here, door = self.plane.point(place.lon, place.lat), None if at is None else self.plane.point(*at)
            by = None if door is None else self._snapper.at_door(here, streets, door)
            found.append(None if by is None or at is None else Door(at, by))
        return found
