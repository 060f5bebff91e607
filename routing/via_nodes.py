"""Other ways through a node in between (ENGINE 7): two sweeps over spread nodes, then the likeliest, each looked at.

A way through a node is a sensible one where it is the best way for a while: a quarter of the whole before that node
and after it (Abraham, Delling, Goldberg, Werneck: Alternative Routes in Road Networks, 2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.attach import Attachments, End, Prices
from routing.engine import BLOCKED, Engine, Metric
from routing.graph import StreetGraph
from routing.path import Pieces
from routing.plane import Plane
from routing.snap import Snap

NODES = 256
"""So many nodes are spread over where such a way can lead."""
TRIED_MAX = 12
"""So many of them are looked at, the cheapest first."""
COST_MAX = 1.4
"""No other way costs more than this times the best."""
LOCAL_SHARE = 0.25
"""So much of the best way's cost before the node and after it has to be walked as one would anyway."""
DETOUR_M = 100.0
"""For very short ways: so much farther is looked in any case."""
APART_SHARE, APART_M = 0.04, 20.0
"""A node this near to a way that is known, in shares of the way between and at least in metres, leads along it."""


@dataclass(frozen=True)
class Between:
    """One leg of a way, and what searches through other nodes need."""

    a: Snap
    b: Snap
    cost: int
    """Of the best way, in the units of the metric …"""
    most: int
    """… and what another may cost."""
    metres: float


class ViaNodes:
    """The nodes of one map that a way can be led through. Belongs to the engine thread."""

    def __init__(self, graph: StreetGraph, engine: Engine, around: Attachments, plane: Plane) -> None:
        self._graph, self._engine, self._around, self._plane = graph, engine, around, plane
        self._x, self._y = plane.xy(graph.node_lon, graph.node_lat)
        streets = slice(0, graph.first_passage)
        ends = np.concatenate([graph.edge_tail[streets], graph.edge_head[streets]])
        public = np.tile(graph.edge_component[streets] >= 0, 2)
        degree = np.bincount(ends[public], minlength=graph.node_count)
        self._crossroads: NDArray[np.int64] = np.flatnonzero(degree >= 3)
        """Nowhere else do ways part."""
        self._tail, self._head = graph.arcs()

    def ways(
        self, metric: Metric, prices: Prices, between: Between, known: list[shapely.Geometry]
    ) -> Iterator[tuple[int, Pieces]]:
        """Other ways from a to b with their costs, locally optimal, cheapest first and none near those in `known`:
        lines in the plane, to which the caller adds every way it takes."""
        leave, reach = self._around.leave(between.a, prices), self._around.reach(between.b, prices)
        if not leave or not reach:
            return
        starts, goals = [(end.node, end.cost) for end in leave], [(end.node, end.cost) for end in reach]
        nodes = self._spread(between, metric.weights)
        if not len(nodes):
            return
        spread = nodes.tolist()
        there = self._engine.sweep(metric, [starts], spread)[0]
        total = there + self._engine.many_to_one(metric, spread, goals)
        total[(total <= between.cost) | (total > between.most)] = np.inf
        through: set[int] = set()
        tried = 0
        for row in np.argsort(total, kind="stable").tolist():
            node = spread[row]
            if not np.isfinite(total[row]) or tried >= TRIED_MAX:
                return
            if node in through or self._is_near(node, known, between.metres):
                continue
            tried += 1
            found = self._through(metric, leave, reach, node)
            if found is None:
                continue
            pieces, arcs, at = found
            through |= {int(other) for other in self._head[arcs]}
            if self._is_locally_best(metric, arcs, at, between.cost):
                yield int(total[row]), pieces

    def _spread(self, between: Between, weights: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Crossroads over all of the ellipse within which a way is not too long, about `NODES` of them."""
        ax, ay = self._plane.point(between.a.lon, between.a.lat)
        bx, by = self._plane.point(between.b.lon, between.b.lat)
        nodes = self._crossroads
        x, y = self._x[nodes], self._y[nodes]
        longest = max(COST_MAX * between.metres, between.metres + DETOUR_M)
        inside = np.hypot(x - ax, y - ay) + np.hypot(x - bx, y - by) <= longest
        nodes, x, y = nodes[inside], x[inside], y[inside]
        if len(nodes) <= NODES:
            return nodes
        area = np.pi / 4 * longest * np.sqrt(max(longest**2 - np.hypot(ax - bx, ay - by) ** 2, 1.0))
        cell = np.sqrt(area / NODES)
        keys = np.floor(x / cell).astype(np.int64) * 1_000_003 + np.floor(y / cell).astype(np.int64)
        _, first = np.unique(keys, return_index=True)
        return nodes[np.sort(first)]

    def _is_near(self, node: int, known: Sequence[shapely.Geometry], metres: float) -> bool:
        here = shapely.Point(self._x[node], self._y[node])
        return any(shapely.dwithin(line, here, max(APART_M, APART_SHARE * metres)) for line in known)

    def _through(
        self, metric: Metric, leave: list[End], reach: list[End], node: int
    ) -> tuple[Pieces, NDArray[np.int32], int] | None:
        """The best way through this node: its pieces, its whole arcs, and how many of them lie before the node."""
        there = self._engine.query(metric, [(end.node, end.cost) for end in leave], [(node, 0)])
        on = self._engine.query(metric, [(node, 0)], [(end.node, end.cost) for end in reach])
        if there is None or on is None:
            return None
        arcs = np.concatenate([there.arcs, on.arcs])
        nodes = np.concatenate([self._tail[arcs[:1]], self._head[arcs]])
        if not len(there.arcs) or not len(on.arcs) or len(np.unique(nodes)) < len(nodes):
            return None
        pieces = Pieces.joined(leave[there.source].pieces, arcs, reach[on.target].pieces)
        return pieces, arcs, len(there.arcs)

    def _is_locally_best(self, metric: Metric, arcs: NDArray[np.int32], at: int, best: int) -> bool:
        """Whether one would walk like this anyway, around the node after the first `at` arcs."""
        costs = metric.weights[arcs].astype(np.int64)
        reach = LOCAL_SHARE * best
        before, after = costs[:at][::-1].cumsum(), costs[at:].cumsum()
        first = at - min(int(np.searchsorted(before, reach)) + 1, at)
        last = at + min(int(np.searchsorted(after, reach)) + 1, len(after))
        straight = self._engine.query(
            metric, [(int(self._tail[arcs[first]]), 0)], [(int(self._head[arcs[last - 1]]), 0)]
        )
        return straight is not None and straight.cost >= int(costs[first:last].sum()) and straight.cost < BLOCKED
