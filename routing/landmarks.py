"""What stands near the corners of a map: looked up by place, many times a route."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from accessibility import tags
from accessibility.facts import LandmarkKind
from routing.elements_raw import RawMap

NEAR_M = 20.0
"""What is farther from a corner is not told there."""
CLOSE_M = 8.0
"""Of what stands this close the clearest is told first, whatever else is near."""
NAME_WORDS, NAME_LETTERS = 4, 32
"""A longer name is no help on the way: the sort of thing is told alone."""

KEPT = 65_536
"""Corners whose landmark is remembered."""

Coordinate = tuple[float, float]

_M_PER_DEGREE = 111_195.0
_RANK = {kind: rank for rank, kind in enumerate(LandmarkKind)}


class Landmark(NamedTuple):
    """Something people know the corner by; the name as signs have it, where it is short."""

    kind: LandmarkKind
    name: str | None


class _Standing(NamedTuple):
    """A point of a landmark in metres from the corner of the map; `osm_id` only keeps the order."""

    east: float
    north: float
    landmark: Landmark
    osm_id: int


class Landmarks:
    """Those of one map, in cells of `NEAR_M`; each is kept in its own cell and the eight around it."""

    def __init__(self, raw: RawMap) -> None:
        self._lon, self._lat = (float(raw.lon[0]), float(raw.lat[0])) if len(raw.lon) else (0.0, 0.0)
        self._north_m = _M_PER_DEGREE
        self._east_m = _M_PER_DEGREE * math.cos(math.radians(self._lat))
        self._known: dict[Coordinate, Landmark | None] = {}
        self._cells: dict[tuple[int, int], list[_Standing]] = {}
        for landmark, osm_id, nodes in _landmarks(raw):
            self._stand(raw, landmark, osm_id, nodes)

    def near(self, place: Coordinate) -> Landmark | None:
        """The one to name at this (lon, lat): the clearest of the close ones, else of those within `NEAR_M`."""
        if place in self._known:
            return self._known[place]
        if len(self._known) >= KEPT:
            self._known.clear()
        found = self._known[place] = self._near(*place)
        return found

    def _near(self, lon: float, lat: float) -> Landmark | None:
        east, north = (lon - self._lon) * self._east_m, (lat - self._lat) * self._north_m
        found = self._cells.get((int(east // NEAR_M), int(north // NEAR_M)))
        if found is None:
            return None
        best: tuple[bool, int, float, int] | None = None
        chosen = None
        for standing in found:
            away = math.hypot(standing.east - east, standing.north - north)
            if away <= NEAR_M:
                key = (away > CLOSE_M, _RANK[standing.landmark.kind], away, standing.osm_id)
                if best is None or key < best:
                    best, chosen = key, standing.landmark
        return chosen

    def _stand(self, raw: RawMap, landmark: Landmark, osm_id: int, nodes: tuple[int, ...]) -> None:
        rows = raw.positions(nodes)
        for lon, lat in set(zip(raw.lon[rows].tolist(), raw.lat[rows].tolist(), strict=True)):
            east, north = (lon - self._lon) * self._east_m, (lat - self._lat) * self._north_m
            standing = _Standing(east, north, landmark, osm_id)
            column, row = int(east // NEAR_M), int(north // NEAR_M)
            for x in (column - 1, column, column + 1):
                for y in (row - 1, row, row + 1):
                    self._cells.setdefault((x, y), []).append(standing)


def _landmarks(raw: RawMap) -> Iterator[tuple[Landmark, int, tuple[int, ...]]]:
    """Each with its id and the nodes it stands at: its own, or those of its outline."""
    for node, carried in raw.node_tags.items():
        found = tags.landmark(carried)
        if found is not None:
            yield Landmark(found[0], _short(found[1])), node, (node,)
    for way in raw.ways:
        found = tags.landmark(way.tags) if way.closed else None
        if found is not None:
            yield Landmark(found[0], _short(found[1])), way.id, way.refs


def _short(name: str | None) -> str | None:
    if name is None or len(name) > NAME_LETTERS or len(name.split()) > NAME_WORDS:
        return None
    return name
