"""What nobody walks through to reach a street: buildings, water, rails; and which straight ways they cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from routing.plane import Plane

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK_M = 0.5
"""Both ends of a way may touch an obstacle this deep: walls and banks are not drawn more exactly."""
DECK_M = 10.0
"""So much of the way at the street's end may lie on what the street itself passes over or through (bridge, passage)."""

_ONE_PIECE = (shapely.GeometryType.LINESTRING, shapely.GeometryType.POLYGON)
_PIECE_VERTICES = 48
"""Large outlines are cut into pieces of about this many vertices, so that a test looks at what is near only."""


class Obstacles:
    """Outlines and lines in the local plane, indexed. Built once per map, shared by all threads."""

    def __init__(self, shapes: Sequence[BaseGeometry] | NDArray[np.object_]) -> None:
        """`shapes`: (multi)polygons and (multi)lines in local metres; index in `shapes` is the obstacle's number."""
        given = np.array(shapes, object)
        # Nearly all are sound and small: they are taken as they are.
        simple = np.isin(shapely.get_type_id(given), _ONE_PIECE) & (
            shapely.get_num_coordinates(given) <= _PIECE_VERTICES
        )
        simple[simple] = shapely.is_valid(given[simple]) & ~shapely.is_empty(given[simple])
        pieces: list[BaseGeometry] = []
        owner: list[int] = []
        for number in np.flatnonzero(~simple).tolist():
            shape = given[number]
            for piece in _pieces(shape if shape.is_valid else shapely.make_valid(shape)):
                pieces.append(piece)
                owner.append(number)
        self._owner: Ints = np.concatenate([np.flatnonzero(simple), np.array(owner, np.int64)])
        self._tree = shapely.STRtree(np.concatenate([given[simple], np.array(pieces, object)]))

    @classmethod
    def of_coordinates(cls, plane: Plane, areas: Sequence[Sequence[Floats]], lines: Sequence[Floats]) -> Obstacles:
        """From lon/lat arrays [k, 2]: each area is its outer ring followed by its holes; rings may be left open."""
        shapes: list[BaseGeometry] = []
        for rings in areas:
            outer, *holes = (np.column_stack(plane.xy(ring[:, 0], ring[:, 1])) for ring in rings)
            if len(outer) >= 3:
                shapes.append(shapely.Polygon(outer, [hole for hole in holes if len(hole) >= 3]))
        for line in lines:
            if len(line) >= 2:
                shapes.append(shapely.LineString(np.column_stack(plane.xy(line[:, 0], line[:, 1]))))
        return cls(shapes)

    def __len__(self) -> int:
        return len(self._owner)

    def met(self, shapes: NDArray[np.object_]) -> tuple[Ints, Ints]:
        """Pairs (index in `shapes`, number of an obstacle that touches it)."""
        at, piece = self._tree.query(shapes, predicate="intersects")
        return at, self._owner[piece]

    def near(self, place: tuple[float, float], x: Floats, y: Floats) -> bool:
        """Whether any obstacle may touch the straight ways from a place to these points: far cheaper than a view."""
        west, east = min(place[0], *x.tolist()), max(place[0], *x.tolist())
        south, north = min(place[1], *y.tolist()), max(place[1], *y.tolist())
        return len(self._tree.query(shapely.box(west, south, east, north))) > 0

    def view(self, x: float, y: float) -> View:
        """The view from a place; its own building, or the water a boat lies on, is not in its way."""
        return View(self, x, y, self.met(np.array([shapely.Point(x, y)]))[1])


@dataclass(frozen=True)
class View:
    """What can be reached straight from one place in the plane; `own`: the obstacles the place is in."""

    obstacles: Obstacles
    x: float
    y: float
    own: Ints

    def cut(self, foot_x: Floats, foot_y: Floats, streets: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Does an obstacle cut the straight way to each of these feet on streets (bool[k])?

        At the street's end, what the street itself passes is left aside: the river under its bridge, the house it
        leads through.
        """
        cut = np.zeros(len(foot_x), bool)
        way, obstacle = self._met(foot_x, foot_y, SLACK_M)
        cut[way] = True
        rows = np.flatnonzero(cut)
        if not rows.size:
            return cut
        around = (foot_x[rows] - DECK_M, foot_y[rows] - DECK_M, foot_x[rows] + DECK_M, foot_y[rows] + DECK_M)
        decks = shapely.intersection(streets[rows], shapely.box(*around))
        passed = set(zip(*(a.tolist() for a in self.obstacles.met(decks)), strict=True))
        if passed:
            earlier = set(zip(*(a.tolist() for a in self._met(foot_x[rows], foot_y[rows], DECK_M)), strict=True))
            for at, row in enumerate(rows.tolist()):
                met = {(at, owner) for owner in obstacle[way == row].tolist()}
                cut[row] = not (met <= passed and met.isdisjoint(earlier))
        return cut

    def _met(self, foot_x: Floats, foot_y: Floats, end_m: float) -> tuple[Ints, Ints]:
        """Pairs (way, obstacle on it), less the first `SLACK_M` and last `end_m` metres; a short way keeps a point."""
        run_x, run_y = foot_x - self.x, foot_y - self.y
        length = np.maximum(np.hypot(run_x, run_y), 1e-9)
        first = np.minimum(SLACK_M / length, 0.5)
        last = np.maximum(1 - end_m / length, first)
        ends = np.empty((len(foot_x), 2, 2))
        ends[:, 0, 0], ends[:, 0, 1] = self.x + first * run_x, self.y + first * run_y
        ends[:, 1, 0], ends[:, 1, 1] = self.x + last * run_x, self.y + last * run_y
        way, obstacle = self.obstacles.met(shapely.linestrings(ends))
        foreign = ~(obstacle[:, None] == self.own).any(axis=1)
        return way[foreign], obstacle[foreign]


def _pieces(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """`shape` in parts of few vertices: areas halved along their longer side, lines cut up."""
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _pieces(part)
    elif shape.geom_type == "LineString":
        coordinates = shapely.get_coordinates(shape)
        for at in range(0, len(coordinates) - 1, _PIECE_VERTICES):
            yield shapely.LineString(coordinates[at : at + _PIECE_VERTICES + 1])
    elif shape.geom_type == "Polygon" and not shape.is_empty:
        if shapely.get_num_coordinates(shape) <= _PIECE_VERTICES:
            yield shape
            return
        west, south, east, north = shape.bounds
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        wide = east - west >= north - south
        low = (west, south, middle_x, north) if wide else (west, south, east, middle_y)
        high = (middle_x, south, east, north) if wide else (west, middle_y, east, north)
        for half in (low, high):
            yield from _pieces(shape.intersection(shapely.box(*half)))
