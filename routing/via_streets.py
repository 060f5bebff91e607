"""Other ways through a street in between (ENGINE 7): two sweeps over spread streets, then a look at the likeliest.

A street and not only a node: two ways may part and meet again without a crossing in between. Such a way is a sensible
one where it is the best way for a while: a quarter of the whole before that street and after it (Abraham, Delling,
Goldberg, Werneck: Alternative Routes in Road Networks, 2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.attach import AT_NODE, Attachments, End, Prices
from routing.engine import BLOCKED, Ends, Engine, Metric
from routing.graph import StreetGraph
from routing.path import Pieces
from routing.plane import Plane
from routing.snap import Snap

STREETS = 180
"""So many streets are spread over where such a way can lead."""
TRIED_MAX = 8
"""So many of them are looked at, the cheapest first."""
COST_MAX = 1.4
"""No other way costs more than this times the best."""
LOCAL_SHARE = 0.25
"""So much of the best way's cost before the street and after it has to be walked as one would anyway."""
DETOUR_M = 100.0
"""For very short ways: so much farther is looked in any case."""
AMID_SHARE = 0.15
"""A street within so much of the cost from either end is not looked at: where ways differ there, they do farther on."""
ROUNDING = 4
"""Parts of streets cost whole units; so many may be missing."""
APART_SHARE, APART_M = 0.03, 13.0
"""A street this near to a way that is known, in shares of the way between and at least in metres, leads along it."""


@dataclass(frozen=True)
class Between:
    """One leg of a way, and what searches through other streets need."""

    a: Snap
    b: Snap
    cost: int
    """Of the best way, in the units of the metric …"""
    most: int
    """… and what another may cost."""
    metres: float


class _Cut(NamedTuple):
    """A spot on a way: the nodes around it, and what the way costs up to there."""

    ends: Ends
    cost: float


class ViaStreets:
    """The streets of one map that a way can be led through. Belongs to the engine thread."""

    def __init__(
        self, graph: StreetGraph, engine: Engine, around: Attachments, plane: Plane, lines: NDArray[np.object_]
    ) -> None:
        """`lines`: the streets in the metres of `plane`, by edge number."""
        self._engine, self._around, self._plane = engine, around, plane
        public = (graph.edge_component[: graph.first_passage] >= 0) & (graph.edge_length_m[: graph.first_passage] > 0)
        edges = np.flatnonzero(public)
        self._edges: NDArray[np.int64] = edges[np.argsort(graph.edge_length_m[edges], kind="stable")]
        """From short to long."""
        middles = shapely.line_interpolate_point(lines[self._edges], 0.5, normalized=True)
        self._x, self._y = shapely.get_x(middles), shapely.get_y(middles)
        self._tail, self._head = graph.arcs()

    def ways(
        self, metric: Metric, prices: Prices, between: Between, known: list[shapely.Geometry]
    ) -> Iterator[tuple[int, Pieces]]:
        """Other ways from a to b with their costs, locally optimal, cheapest first and none near those in `known`:
        lines in the plane, to which the caller adds every way it takes."""
        leave, reach = self._around.leave(between.a, prices), self._around.reach(between.b, prices)
        rows = self._spread(between)
        if not leave or not reach or not len(rows):
            return
        starts, goals = [(end.node, end.cost) for end in leave], [(end.node, end.cost) for end in reach]
        arcs, total = self._totals(metric, self._edges[rows], starts, goals, between.cost)
        total[(total <= between.cost) | (total > between.most)] = np.inf
        through: set[int] = set()
        tried = 0
        for at in np.argsort(total, kind="stable").tolist():
            arc, row = int(arcs[at]), int(rows[at // 2])
            if not np.isfinite(total[at]) or tried >= TRIED_MAX:
                return
            if arc >> 1 in through or self._is_near(row, known, between.metres):
                continue
            tried += 1
            found = self._through(metric, leave, reach, arc)
            if found is None:
                continue
            pieces, walked, before = found
            through |= set((walked >> 1).tolist())
            if self._is_locally_best(metric, prices, walked, before, between.cost):
                yield int(total[at]), pieces

    def _spread(self, between: Between) -> NDArray[np.int64]:
        """Rows of streets all over the ellipse within which a way is not too long, about `STREETS` of them."""
        ax, ay = self._plane.point(between.a.lon, between.a.lat)
        bx, by = self._plane.point(between.b.lon, between.b.lat)
        longest = max(COST_MAX * between.metres, between.metres + DETOUR_M)
        west, south, wide = (ax + bx - longest) / 2, (ay + by - longest) / 2, longest
        box = (np.abs(self._x - west - wide / 2) <= wide / 2) & (np.abs(self._y - south - wide / 2) <= wide / 2)
        rows: NDArray[np.int64] = box.nonzero()[0]
        x, y = self._x[rows], self._y[rows]
        inside = np.sqrt((x - ax) ** 2 + (y - ay) ** 2) + np.sqrt((x - bx) ** 2 + (y - by) ** 2) <= longest
        rows, x, y = rows[inside], x[inside], y[inside]
        if len(rows) <= STREETS:
            return rows
        area = np.pi / 4 * longest * np.sqrt(max(longest**2 - np.hypot(ax - bx, ay - by) ** 2, 1.0))
        cells = max(1, int(np.ceil(wide / np.sqrt(area / STREETS))))
        longest_in = np.full((cells + 1, cells + 1), -1, np.int64)
        # Of those in one cell the last remains, which is the longest: it leads somewhere.
        longest_in[((x - west) * (cells / wide)).astype(int), ((y - south) * (cells / wide)).astype(int)] = rows
        return longest_in[longest_in >= 0]

    def _totals(
        self, metric: Metric, edges: NDArray[np.int64], starts: Ends, goals: Ends, best: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Both arcs of each edge, and what the best way through each costs; infinite where there is none."""
        arcs = np.column_stack([2 * edges, 2 * edges + 1]).ravel()
        tails, heads = self._tail[arcs], self._head[arcs]
        nodes, column = np.unique(np.concatenate([tails, heads]), return_inverse=True)
        there = self._engine.sweep(metric, [starts], nodes.tolist())[0][column]
        back = self._engine.many_to_one(metric, nodes.tolist(), goals)[column]
        half = len(arcs)
        own = metric.weights[arcs].astype(np.float64)
        before, after = there[:half], back[half:]
        total = before + own + after
        amid = np.minimum(before, after) + own >= AMID_SHARE * total
        # Who comes to its end by the best way comes along it, and so does who goes on from its beginning; of a long
        # street that is asked of its middle.
        turned = metric.weights[arcs ^ 1].astype(np.float64)
        turned[turned >= BLOCKED] = np.inf
        long = own >= LOCAL_SHARE * best
        come = np.where(long, before + own / 2 <= there[half:] + turned / 2, before + own <= there[half:])
        gone = np.where(long, own / 2 + after <= turned / 2 + back[:half], own + after <= back[:half])
        return arcs, np.where((own < BLOCKED) & amid & come & gone, total, np.inf)

    def _is_near(self, row: int, known: Sequence[shapely.Geometry], metres: float) -> bool:
        here = shapely.Point(self._x[row], self._y[row])
        return any(shapely.dwithin(line, here, max(APART_M, APART_SHARE * metres)) for line in known)

    def _through(
        self, metric: Metric, leave: list[End], reach: list[End], arc: int
    ) -> tuple[Pieces, NDArray[np.int32], int] | None:
        """The best way along this arc: its pieces, its whole arcs, and how many of them lie before that one."""
        tail, head = int(self._tail[arc]), int(self._head[arc])
        there = self._engine.query(metric, [(end.node, end.cost) for end in leave], [(tail, 0)])
        on = self._engine.query(metric, [(head, 0)], [(end.node, end.cost) for end in reach])
        if there is None or on is None:
            return None
        arcs = np.concatenate([there.arcs, np.array([arc], np.int32), on.arcs])
        nodes = np.concatenate([self._tail[arcs[:1]], self._head[arcs]])
        if len(np.unique(nodes)) < len(nodes):
            return None
        pieces = Pieces.joined(leave[there.source].pieces, arcs, reach[on.target].pieces)
        return pieces, arcs, len(there.arcs)

    def _is_locally_best(self, metric: Metric, prices: Prices, arcs: NDArray[np.int32], at: int, best: int) -> bool:
        """Whether one would walk like this anyway, around the middle of the arc after the first `at`."""
        walked = np.concatenate([[0], metric.weights[arcs].astype(np.int64).cumsum()])
        middle = float(walked[at] + walked[at + 1]) / 2
        first = self._cut(arcs, walked, max(middle - LOCAL_SHARE * best, 0.0), prices, outward=True)
        last = self._cut(arcs, walked, min(middle + LOCAL_SHARE * best, float(walked[-1])), prices, outward=False)
        found = self._engine.query(metric, first.ends, last.ends)
        return found is None or found.cost >= last.cost - first.cost - ROUNDING

    def _cut(
        self, arcs: NDArray[np.int32], walked: NDArray[np.int64], cost: float, prices: Prices, *, outward: bool
    ) -> _Cut:
        """Where so much of a way's cost is spent; a passage is taken whole."""
        row = min(int(np.searchsorted(walked, cost, side="right")) - 1, len(arcs) - 1)
        arc, before, after = int(arcs[row]), float(walked[row]), float(walked[row + 1])
        share = (cost - before) / (after - before) if after > before else 0.0
        if self._around.is_passage(arc) or not AT_NODE < share < 1 - AT_NODE:
            end = outward if self._around.is_passage(arc) else share <= AT_NODE
            node, spent = (self._tail[arc], before) if end else (self._head[arc], after)
            return _Cut([(int(node), 0)], spent)
        snap = Snap(arc >> 1, 1 - share if arc & 1 else share, 0, 0.0, 0.0, 0.0)
        ends = self._around.leave(snap, prices) if outward else self._around.reach(snap, prices)
        return _Cut([(end.node, end.cost) for end in ends], cost)
