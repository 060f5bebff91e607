"""Relax and verify (ENGINE 5): the best way that is open where and when the person gets there.

The search knows what holds at departure. Its answer is walked through on the clock; what would be closed on arrival is
closed for this question, and the search asked again. What opens on the way is opened first and checked on arrival like
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from routing.geodesy import apart_m, distance_m
from routing.graph import StreetGraph
from routing.path import Pieces
from routing.people import Person
from routing.snap import Snap
from routing.timing import Departure, Legs, Timetable, Turning

ROUNDS = 5
"""So often what is closed on arrival is closed one by one; then everything that closes on the way at all."""
GUESS_MIN = timedelta(hours=3)
"""Where no way is found yet: so long a journey is thought of …"""
GUESS_DETOUR = 6.0
"""… or one of so many times the straight line."""
FASTEST_WALK = 1.2
"""Nobody is faster than their speed on the level, but for walkers on a gentle way down (PROFILES §3)."""


@dataclass(frozen=True)
class Way:
    """What a search finds: its cost in the search's own units, and the pieces of every leg."""

    cost: int
    legs: Legs


@dataclass
class Punctual:
    """One question: `ask` finds the best way between `spots` under a person's weights; `least`: at least so long."""

    timetable: Timetable
    departure: Departure
    spots: Sequence[Snap]
    ask: Callable[[Person], Way | None]
    least: timedelta = timedelta(0)
    shut: set[int] = field(default_factory=set)
    """Edges that turned out to be closed on arrival."""

    def best(self, person: Person) -> tuple[Person, Legs] | None:
        """The best way that is open where and when the person gets there, and by whose weights it was found."""
        first = self.ask(person)
        begin = self.departure.at
        if begin is None:
            return None if first is None else (person, first.legs)
        end = begin + self._span(person, first)
        turning = Turning(self.departure.overlay.turning(begin, end))
        trial, opened = self._opened(person, turning, begin, end)
        way = self.ask(trial) if opened else first
        found: tuple[Person, Way] | None = None
        for number in range(ROUNDS + 2):
            if way is None:
                break
            late = self.timetable.closed_on(trial, way.legs, begin, turning)
            if not late:
                found = trial, way
                break
            self.shut |= {part.edge for part, toll in late if toll.why == "hours"}
            if number >= ROUNDS:
                late += [self.timetable.closing(edge) for edge in self.timetable.shutting(begin, end)]
            trial = trial.variant(trial.tolls.plus(late))
            way = self.ask(trial)
        better = first is not None and (found is None or (opened and found[1].cost > first.cost))
        if first is not None and better and not self.timetable.closed_on(person, first.legs, begin, turning):
            return person, first.legs
        return None if found is None else (found[0], found[1].legs)

    def _opened(self, person: Person, turning: Turning, begin: datetime, end: datetime) -> tuple[Person, bool]:
        """The person with all that is closed at departure, opens before the end, and lies near enough to matter."""
        reach_m = (end - begin).total_seconds() * fastest_mps(person)
        edges = self._near(self.timetable.opening(self.departure.closings, begin, end), reach_m)
        ids = {
            barrier.id
            for barrier, parts in turning.barriers.values()
            if barrier.id in self.departure.overlay.barriers and self._near([part.edge for part in parts], reach_m)
        }
        if not edges and not ids:
            return person, False
        return person.variant(person.tolls.lifted(ids, set(edges))), True

    def _near(self, edges: list[int], reach_m: float) -> list[int]:
        return in_reach(self.timetable.graph, edges, self.spots, reach_m)

    def _span(self, person: Person, way: Way | None) -> timedelta:
        """No better way takes longer than this."""
        if way is not None:
            cost = person.weighing.cost_s
            seconds = sum(float(cost[found.arc] @ found.share) for found in map(Pieces.of, way.legs))
            return max(self.least, timedelta(seconds=seconds + 60))
        return max(self.least, guess(self.spots, person))


def in_reach(graph: StreetGraph, edges: Sequence[int], spots: Sequence[Snap], reach_m: float) -> list[int]:
    """Those of the edges that a way of this length between the spots can touch."""
    if not edges:
        return []
    nodes = graph.edge_tail[edges]
    lon, lat = graph.node_lon[nodes], graph.node_lat[nodes]
    away = [distance_m(spot.lon, spot.lat, lon, lat) for spot in spots]
    straight = [apart_m(a.lon, a.lat, b.lon, b.lat) for a, b in pairwise(spots)]
    detour = np.min([a + b - direct for (a, b), direct in zip(pairwise(away), straight, strict=True)], axis=0)
    near = detour <= reach_m - sum(straight) + 2 * graph.edge_length_m[edges]
    return [edge for edge, within in zip(edges, near.tolist(), strict=True) if within]


def fastest_mps(person: Person) -> float:
    """Nobody of this manner is ever faster."""
    profile = person.base.profile
    return profile.speed_mps * (FASTEST_WALK if profile.gait.tobler else 1.0)


def is_late(timetable: Timetable, person: Person, departure: Departure, legs: Legs) -> bool:
    """Whether anything on a way is closed when one gets there that its search took to be open."""
    if departure.at is None:
        return False
    seconds = sum(float(person.weighing.duration_s[found.arc] @ found.share) for found in map(Pieces.of, legs))
    turning = Turning(departure.overlay.turning(departure.at, departure.at + timedelta(seconds=seconds)))
    return bool(timetable.closed_on(person, legs, departure.at, turning))


def guess(spots: Sequence[Snap], person: Person) -> timedelta:
    """How long a journey between these places may well take."""
    straight = sum(apart_m(a.lon, a.lat, b.lon, b.lat) for a, b in pairwise(spots))
    return max(GUESS_MIN, timedelta(seconds=GUESS_DETOUR * straight / person.base.profile.speed_mps))
