"""Toilets, benches, lifts, entrances … by this person's own way there: strict, and by travel time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import shapely

from accessibility import tags
from accessibility.facts import PlaceFacts, PlaceKind
from accessibility.profiles import Profile
from accessibility.refusals import Refused
from routing.answers import Coordinate, Waypoint
from routing.elements_raw import RawMap
from routing.entrances import Entrances, middle, outlines
from routing.plane import Plane
from routing.router import Router
from routing.snap import Candidates, Snap
from routing.standpoint import Standpoint
from routing.tree import Travelled, Tree

CONSIDERED = 500
"""So many places, the nearest as the crow flies, are looked at …"""
FAR_M = 10_000.0
"""… none farther than this."""
AT_M = 2.0
"""So near a street a place is on it; a place in a building is reached through its entrance, or from inside."""
TREES_MAX = 4
"""From at most so many spots around the origin; more readings of one place add nothing."""


class Place(NamedTuple):
    """One place of the map: `at` is where it is, `door` where one goes in, where the map has an entrance."""

    osm_id: str
    facts: PlaceFacts
    at: Coordinate
    door: Coordinate | None


class Goal(NamedTuple):
    """The streets a way to a place may end on (`None`: no walkable way comes near), and the entrance it ends at."""

    streets: Candidates | None
    door: Coordinate | None


class Nearby(NamedTuple):
    """A place and the way there; `way` is `None` where no path keeps every limit, `door` the entrance it ends at."""

    place: Place
    door: Coordinate | None
    straight_m: float
    way: Travelled | None


class Places:
    """The places of one map by kind. Built once per map (a second for a city), shared by all threads."""

    def __init__(self, raw: RawMap, plane: Plane, entrances: Entrances) -> None:
        self._plane, self._entrances = plane, entrances
        found: dict[PlaceKind, list[Place]] = {kind: [] for kind in PlaceKind}
        for place in _places(raw, entrances):
            for kind in place.facts.kinds:
                found[kind].append(place)
        self._by_kind = found
        self._trees = {kind: shapely.STRtree(self._points(places)) for kind, places in found.items()}
        self._goals: dict[str, Goal] = {}

    def around(self, at: Coordinate, kind: PlaceKind) -> list[tuple[Place, float]]:
        """The places of this kind nearest in a straight line, with that distance in metres; at most `CONSIDERED`."""
        x, y = self._plane.point(*at)
        if not np.isfinite([x, y]).all() or not self._by_kind[kind]:
            return []
        here, tree = shapely.Point(x, y), self._trees[kind]
        rows = tree.query(here, predicate="dwithin", distance=FAR_M / self._plane.true_length(x))
        away = shapely.distance(np.asarray(tree.geometries)[rows], here) * self._plane.true_length(x)
        order = np.lexsort((rows, away))[:CONSIDERED]
        return [(self._by_kind[kind][row], float(metres)) for row, metres in zip(rows[order], away[order], strict=True)]

    def goal(self, router: Router, place: Place) -> Goal:
        """Where the way to a place ends; looked for once."""
        if place.osm_id not in self._goals:
            level = place.facts.levels[0] if len(place.facts.levels) == 1 else None
            near = _near(router, Waypoint(*place.at, level=level))
            door = place.door if near is None or not self._straight(place.at, near[0]) else None
            self._goals[place.osm_id] = Goal(near if door is None else _near(router, Waypoint(*door)), door)
        return self._goals[place.osm_id]

    def _straight(self, at: Coordinate, spot: Snap) -> bool:
        """Whether one comes from this spot to the place without going through a wall."""
        return spot.distance_m <= AT_M or self._entrances.together(at, (spot.lon, spot.lat))

    def _points(self, places: Sequence[Place]) -> np.ndarray:
        if not places:
            return np.array([], object)
        lon, lat = np.array([place.at for place in places]).T
        return np.asarray(shapely.points(*self._plane.xy(lon, lat)))


def nearby(
    router: Router, places: Places, origin: Waypoint, kind: PlaceKind, profile: Profile, at: datetime | None = None
) -> tuple[list[Nearby], int]:
    """Places of a kind by this person's travel time, those out of reach last; and the revision.

    Not in the engine thread. Raises `Refused("outside_map")` for an origin more than 500 m from any walkable way.
    """
    near = router.near(origin, "at")
    stand = router.standpoint(profile, at)
    trees: dict[tuple[int, float], Tree] = {}
    found = []
    for place, straight in places.around((origin.lon, origin.lat), kind):
        goal = places.goal(router, place)
        way = None if goal.streets is None else _way(router, stand, trees, near, goal.streets)
        found.append(Nearby(place, goal.door, straight, way))
    found.sort(key=lambda one: (one.way is None, one.way.seconds if one.way else one.straight_m, one.place.osm_id))
    return found, stand.revision


def _way(
    router: Router, stand: Standpoint, trees: dict[tuple[int, float], Tree], near: Candidates, streets: Candidates
) -> Travelled | None:
    """The strict route, as `routes` finds it."""
    for origin, spot in stand.readings([near, streets]):
        key = origin.edge, origin.fraction
        if key not in trees:
            if len(trees) >= TREES_MAX:
                continue
            trees[key] = Tree(router.network, stand, origin)
        found = trees[key].to(spot)
        if found is not None:
            return found
    return None


def _near(router: Router, place: Waypoint) -> Candidates | None:
    try:
        return router.near(place, "")
    except Refused:
        return None


def _places(raw: RawMap, entrances: Entrances) -> Iterator[Place]:
    """Nodes where they are; ways and relations in their middle, and at their entrance."""
    for node, found in raw.node_tags.items():
        facts = tags.place_facts(found)
        if facts is not None:
            row = int(raw.positions(node))
            yield _place(f"n{node}", facts, (float(raw.lon[row]), float(raw.lat[row])), entrances)
    for way in raw.ways:
        facts = tags.place_facts(way.tags)
        if facts is not None:
            yield _place(f"w{way.id}", facts, middle(raw, [way]), entrances)
    for relation, ways in outlines(raw, raw.relations):
        facts = tags.place_facts(relation.tags)
        if facts is not None and ways:
            yield _place(f"r{relation.id}", facts, middle(raw, ways), entrances)


def _place(osm_id: str, facts: PlaceFacts, at: Coordinate, entrances: Entrances) -> Place:
    return Place(osm_id, facts, at, entrances.into(osm_id, at))
