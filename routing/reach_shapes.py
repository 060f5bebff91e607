"""Reached streets as GeoJSON coordinates: lines as they are, or the area around them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.answers import Coordinate
from routing.graph import StreetGraph
from routing.path import Piece, line_of
from routing.plane import Plane
from routing.reach_parts import Parts

BUFFER_M = 20.0
"""The area reached: everything within this distance of a reached part of a street …"""
TOLERANCE_M = 3.0
"""… its outline at most this far from that."""
DEGREES_GRID = 1e-7
"""Coordinates are multiples of this: about a centimetre."""

_EVEN_M = 1.0
_ROUND = 3
"""Segments to a quarter of a circle …"""
_FLAT_M = 0.7
"""… lie at most so far inside it at this distance."""

Ring = list[Coordinate]


def lines(graph: StreetGraph, parts: Parts) -> list[list[Coordinate]]:
    """Each part as a line of (lon, lat), cut exactly; sidewalks on both sides of one line come once."""
    seen: set[tuple[Coordinate, ...]] = set()
    out = []
    for edge, start, end in zip(*(column.tolist() for column in parts), strict=True):
        if graph.is_entrance(edge):
            continue
        at = [(round(lon, 7), round(lat, 7)) for lon, lat in line_of(graph, Piece(2 * edge, start, end)).coordinates]
        if (key := tuple(at)) not in seen:
            seen.add(key)
            out.append(at)
    return out


class Areas:
    """Areas around growing sets of lines: each takes up the one before."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._before: shapely.Geometry = shapely.Polygon()
        self._done: set[tuple[Coordinate, ...]] = set()

    def around(self, found: list[list[Coordinate]]) -> list[list[Ring]]:
        """The coordinates of a GeoJSON MultiPolygon: outer rings counter-clockwise, holes kept; valid."""
        fresh = [line for line in found if tuple(line) not in self._done]
        self._done.update(map(tuple, fresh))
        if fresh:
            self._before = shapely.union_all([self._before, shapely.union_all(self._buffers(fresh))])
        outline = shapely.simplify(self._before, TOLERANCE_M - _EVEN_M - _FLAT_M, preserve_topology=True)
        degrees = shapely.transform(outline, self._degrees)
        valid = shapely.make_valid(shapely.set_precision(degrees, DEGREES_GRID))
        polygons = [part for part in shapely.get_parts(valid) if part.geom_type == "Polygon" and not part.is_empty]
        return [_rings(polygon) for polygon in shapely.orient_polygons(np.array(polygons, object))] if polygons else []

    def _buffers(self, found: list[list[Coordinate]]) -> NDArray[np.object_]:
        at = np.concatenate([np.array(line) for line in found])
        x, y = self._plane.xy(at[:, 0], at[:, 1])
        owner = np.repeat(np.arange(len(found)), [len(line) for line in found])
        streets = shapely.simplify(shapely.linestrings(x, y, indices=owner), _EVEN_M)
        return np.asarray(shapely.buffer(streets, BUFFER_M, quad_segs=_ROUND))

    def _degrees(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self._plane.lonlat(at[:, 0], at[:, 1]))


def _rings(polygon: shapely.Polygon) -> list[Ring]:
    return [
        [(round(lon, 7), round(lat, 7)) for lon, lat in shapely.get_coordinates(ring).tolist()]
        for ring in (polygon.exterior, *polygon.interiors)
    ]
