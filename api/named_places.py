"""Names of the loaded map, for people who type a street or a place instead of coordinates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from shapely import STRtree, points

from accessibility import tags
from routing.geodesy import EARTH_RADIUS_M
from routing.graph import Float64, StreetGraph

REACHABLE_M = 150.0
"""A name further from every walkable way than this is not offered: the middle of a lake, a ferry line."""
SAME_PLACE_M = 100.0
"""Equal names closer together than this are one place: a shop as node and as building, a street in pieces."""
NAME_MAX = 120
CHOICES = 8


class NamedPlace(Struct, frozen=True):
    """Something with a name; `near` is the street beside it where that differs from the name."""

    name: str
    lon: float
    lat: float
    near: str | None = None


@dataclass(frozen=True)
class _Row:
    folded: str
    name: str
    lon: float
    lat: float
    street: bool


class NamedPlaces:
    """Every name of a map with one point each; `find` looks through them all, which takes milliseconds for a city."""

    def __init__(self, graph: StreetGraph) -> None:
        self._graph = graph
        self._east = float(np.cos(np.radians((graph.meta.bbox[1] + graph.meta.bbox[3]) / 2)))
        walkable = STRtree(points(self._metres(graph.node_lon, graph.node_lat)))
        rows = [*_streets(graph), *_elements(graph)]
        at = self._metres(np.array([row.lon for row in rows]), np.array([row.lat for row in rows]))
        near, _ = walkable.query_nearest(points(at), max_distance=REACHABLE_M, all_matches=False)
        self._rows = self._without_repeats([rows[i] for i in near.tolist()])
        self._named = [edge for edge in range(graph.first_passage) if graph.edge_name[edge] >= 0]
        middles = [_middle(graph, edge) for edge in self._named]
        self._beside = STRtree(points(self._metres(*np.array(middles).T))) if middles else None

    def find(self, text: str) -> list[NamedPlace]:
        """The best matches for `text`: equal before begins with, before a word begins with, before contains."""
        wanted = fold(text)
        if not wanted:
            return []
        ranked = sorted(
            (_rank(row.folded, wanted), len(row.folded), i) for i, row in enumerate(self._rows) if wanted in row.folded
        )
        return [self._described(self._rows[i]) for _, _, i in ranked[:CHOICES]]

    def exact(self, text: str) -> list[NamedPlace]:
        """The places whose whole name is `text`, case and accents aside; a street before the stops named after it."""
        wanted = fold(text)
        equal = [row for row in self._rows if row.folded == wanted]
        return [self._described(row) for row in [row for row in equal if row.street] or equal]

    def street_at(self, lon: float, lat: float) -> str | None:
        """The name of the nearest street that has one."""
        if self._beside is None:
            return None
        at = self._beside.nearest(points(self._metres(np.array([lon]), np.array([lat]))[0]))
        name: str = self._graph.names[self._graph.edge_name[self._named[int(at)]]]
        return name

    def _described(self, row: _Row) -> NamedPlace:
        near = self.street_at(row.lon, row.lat)
        return NamedPlace(row.name, row.lon, row.lat, None if near == row.name else near)

    def _without_repeats(self, rows: list[_Row]) -> list[_Row]:
        kept: dict[str, list[_Row]] = {}
        for row in rows:
            others = kept.setdefault(row.folded, [])
            if all(self._apart_m(row, other) > SAME_PLACE_M for other in others):
                others.append(row)
        return [row for others in kept.values() for row in others]

    def _apart_m(self, one: _Row, other: _Row) -> float:
        a, b = self._metres(np.array([one.lon, other.lon]), np.array([one.lat, other.lat]))
        return float(np.hypot(*(a - b)))

    def _metres(self, lon: Float64, lat: Float64) -> Float64:
        """Degrees [n], [n] → metres on a plane [n, 2], good enough across one city."""
        degrees: Float64 = np.column_stack([lon * self._east, lat])
        return EARTH_RADIUS_M * np.radians(degrees)


def fold(text: str) -> str:
    """Case and accents away: "Café Å" → "cafe a"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).split())


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in name else 3


def _streets(graph: StreetGraph) -> Iterator[_Row]:
    """Each named street once, at the middle of its longest stretch."""
    longest: dict[int, int] = {}
    for edge in np.argsort(graph.edge_length_m[: graph.first_passage]).tolist():
        longest[int(graph.edge_name[edge])] = edge
    for name, edge in sorted(longest.items()):
        if name >= 0:
            yield _row(graph.names[name], *_middle(graph, edge), street=True)


def _elements(graph: StreetGraph) -> Iterator[_Row]:
    """Named nodes where they are, named ways that are no streets at the middle of their nodes."""
    raw = graph.elements
    for osm_id, found in raw.node_tags.items():
        name = tags.name(found)
        if name:
            at = int(raw.positions(osm_id))
            yield _row(name, float(raw.lon[at]), float(raw.lat[at]))
    for way in raw.ways:
        name = tags.name(way.tags)
        if name and not tags.walkable(way.tags):
            at_all = raw.positions(way.refs)
            yield _row(name, float(raw.lon[at_all].mean()), float(raw.lat[at_all].mean()))


def _row(name: str, lon: float, lat: float, *, street: bool = False) -> _Row:
    return _Row(fold(name[:NAME_MAX]), name[:NAME_MAX], lon, lat, street)


def _middle(graph: StreetGraph, edge: int) -> tuple[float, float]:
    """A vertex in the middle of a street."""
    span = graph.vertices(edge)
    middle = (span.start + span.stop) // 2
    return float(graph.geom_lon[middle]), float(graph.geom_lat[middle])
