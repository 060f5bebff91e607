"""Where a barrier lies on this map: places → parts of edges. Done anew for every map; what matches nothing says so.

A point lies on the nearest street; a closure at a point also takes what comes within 3 m of it. A line takes the
streets it crosses or runs along, an area the parts inside it (CONTRACT §5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from accessibility.barriers import Barrier
from accessibility.facts import WayRole
from accessibility.kinds import KINDS
from routing.graph import SIDES, StreetGraph
from routing.plane import Plane
from routing.snap import REACH_M

POINT_REACH_M = 25.0
"""A point farther than this from any street matches nothing."""
SPOT_M = 1.5
"""Half the length of what a reported obstacle takes of a street."""
CLOSURE_M = 3.0
LINE_M = 5.0
"""A line takes what lies within this distance …"""
ALONG_M = 2 * LINE_M
"""… of the streets it crosses, or shares at least this much with."""
CLOSURE = "closure"

_LIFTS = frozenset({"lift_out_of_order"})
_ESCALATORS = frozenset({"escalator_stopped"})
BESIDE_THE_WAY = frozenset({"entrance_step", "seat_missing", "toilet_closed"})
"""Kinds about a door, a bench or a toilet beside the way: passing along is not affected, they lie on no street."""


class Part(NamedTuple):
    """A part of an edge, by fractions of its length from its tail; a passage is taken whole."""

    edge: int
    start: float
    end: float


class Nearest(NamedTuple):
    """How far the nearest street is, and what it is called."""

    distance_m: float
    street: str | None


class Placer:
    """Matches places to one map. Shared by all threads."""

    def __init__(self, graph: StreetGraph, plane: Plane, lines: np.ndarray, tree: shapely.STRtree) -> None:
        """`lines` and `tree`: the streets in the metres of `plane`, by edge number."""
        self._graph, self._plane, self._lines, self._tree = graph, plane, lines, tree
        roles = [facts.role for facts in graph.way_facts]
        self._role = np.array([list(WayRole).index(role) for role in roles])[graph.edge_facts[: graph.first_passage]]
        lifts = np.array([facts.lift_applies for facts in graph.passage_facts] or [False])
        is_lift = lifts[graph.edge_facts[graph.first_passage :]]
        self._lift_passages = graph.first_passage + np.flatnonzero(is_lift)
        level = np.array([np.nan if facts.level is None else facts.level for facts in graph.way_facts])
        self._level = level[graph.edge_facts[: graph.first_passage]]

    def place(self, barrier: Barrier) -> tuple[Part, ...]:
        """The parts of edges the barrier lies on; empty where it matches nothing on this map."""
        if barrier.kind in BESIDE_THE_WAY:
            return ()
        shape = self._shape(barrier.geometry)
        if shape is None or shape.is_empty:
            return ()
        if shape.geom_type == "Point":
            return tuple(self._at_point(shape, barrier))
        if shape.geom_type in ("LineString", "MultiLineString"):
            return tuple(self._along(shape))
        return self.inside(shape)

    def lines_within(self, west: float, south: float, east: float, north: float) -> tuple[np.ndarray, np.ndarray]:
        """Streets that touch a box of the plane, in metres: edges [k] and their lines [k]."""
        edges = self._tree.query(shapely.box(west, south, east, north))
        return edges, self._lines[edges]

    def nearest(self, lon: float, lat: float, level: float | None = None) -> Nearest | None:
        """The nearest street that somebody may walk; `None` where there is none within 500 m."""
        x, y = self._plane.point(lon, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        point = shapely.Point(x, y)
        for reach in (POINT_REACH_M, REACH_M):
            near = self._tree.query(point, predicate="dwithin", distance=reach)
            near = self._same_level(near[self._graph.edge_component[near] >= 0], level)
            if len(near):
                away = shapely.distance(self._lines[near], point)
                best = int(np.lexsort((near, away))[0])
                name = int(self._graph.edge_name[near[best]])
                return Nearest(float(away[best]), self._graph.names[name] if name >= 0 else None)
        return None

    def area(self, geometry: dict[str, Any]) -> tuple[Part, ...]:
        """The parts of streets inside a GeoJSON polygon or multipolygon."""
        shape = self._shape(geometry)
        return () if shape is None or shape.is_empty else self.inside(shape)

    def inside(self, shape: BaseGeometry) -> tuple[Part, ...]:
        valid = shape if shape.is_valid else shapely.make_valid(shape)
        edges = self._tree.query(valid, predicate="intersects")
        return tuple(part for edge in sorted(edges.tolist()) for part in self._parts(edge, valid))

    def _shape(self, geometry: dict[str, Any]) -> BaseGeometry | None:
        shape = shapely.geometry.shape(geometry)
        return shapely.transform(shape, lambda at: np.column_stack(self._plane.xy(at[:, 0], at[:, 1])))

    def _at_point(self, point: shapely.Point, barrier: Barrier) -> Iterable[Part]:
        if barrier.kind in _LIFTS:
            return self._lifts(point, barrier.level)
        near = self._tree.query(point, predicate="dwithin", distance=POINT_REACH_M)
        near = near[self._graph.edge_component[near] >= 0]
        if barrier.kind in _ESCALATORS:
            near = near[self._role[near] == list(WayRole).index(WayRole.ESCALATOR)]
        near = self._same_level(near, barrier.level)
        if not len(near):
            return []
        away = shapely.distance(self._lines[near], point)
        nearest = int(near[np.lexsort((near, self._across(near, point), away))[0]])
        line = self._lines[nearest]
        foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, point))
        if KINDS[barrier.kind].code != CLOSURE:
            return self._parts(nearest, foot.buffer(SPOT_M))
        spot = foot.buffer(CLOSURE_M)
        edges = self._tree.query(spot, predicate="intersects")
        return [part for edge in sorted(edges.tolist()) for part in self._parts(edge, spot)]

    def _across(self, edges: np.ndarray, point: shapely.Point) -> np.ndarray:
        """Whether each street is the sidewalk on the other side of the line than the point."""
        side = self._graph.edge_side[edges]
        found = np.zeros(len(edges), bool)
        for i in np.flatnonzero(side):
            line = self._lines[edges[i]]
            at = shapely.line_locate_point(line, point)
            a, b = (shapely.line_interpolate_point(line, max(0.0, at + step)) for step in (-0.5, 0.5))
            left = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0
            found[i] = left != (SIDES[side[i]] == "left")
        return found

    def _same_level(self, edges: np.ndarray, level: float | None) -> np.ndarray:
        if level is None:
            return edges
        own = self._level[edges]
        return np.asarray(edges[np.isnan(own) | (own == level)])

    def _lifts(self, point: shapely.Point, level: float | None) -> list[Part]:
        """That lift: the nearest one, as a way or as the passages of its node."""
        graph = self._graph
        ways = self._tree.query(point, predicate="dwithin", distance=POINT_REACH_M)
        ways = ways[self._role[ways] == list(WayRole).index(WayRole.LIFT)]
        best: tuple[float, list[Part]] = (math.inf, [])
        if len(ways):
            away = shapely.distance(self._lines[ways], point)
            nearest = int(ways[int(np.argmin(away))])
            best = float(away.min()), [Part(nearest, 0.0, 1.0)]
        if len(self._lift_passages):
            nodes = graph.edge_tail[self._lift_passages]
            x, y = self._plane.xy(graph.node_lon[nodes], graph.node_lat[nodes])
            away = np.hypot(x - point.x, y - point.y)
            if float(away.min()) <= min(POINT_REACH_M, best[0]):
                osm_id = graph.node_id[nodes[int(np.argmin(away))]]
                same = self._lift_passages[graph.node_id[nodes] == osm_id]
                best = float(away.min()), [Part(int(edge), 0.0, 1.0) for edge in same]
        return best[1]

    def _along(self, line: BaseGeometry) -> list[Part]:
        band = _band(line)
        found = []
        for edge in sorted(self._tree.query(band, predicate="intersects").tolist()):
            street = self._lines[edge]
            shared = shapely.length(shapely.intersection(street, band))
            if street.intersects(line) or shared >= min(ALONG_M, 0.8 * shapely.length(street)):
                found += self._parts(edge, band)
        return found

    def _parts(self, edge: int, area: BaseGeometry) -> list[Part]:
        """The stretches of a street inside an area."""
        line = self._lines[edge]
        length = shapely.length(line)
        if length == 0:
            return []
        out = []
        for piece in shapely.get_parts(shapely.intersection(line, area)):
            if shapely.is_empty(piece):
                continue
            ends = shapely.points(shapely.get_coordinates(piece)[[0, -1]])
            a, b = sorted(float(at) for at in shapely.line_locate_point(line, ends) / length)
            out.append(Part(edge, a, b))
        return out


def _band(line: BaseGeometry) -> BaseGeometry:
    """Everything within 5 m of a line. Stretch by stretch: the buffer of a whole line that folds over itself takes
    seconds, the union of its stretches a tenth of one."""
    at = shapely.get_coordinates(line)
    stretches = shapely.linestrings(np.stack([at[:-1], at[1:]], axis=1))
    return shapely.union_all(shapely.buffer(stretches, LINE_M))
