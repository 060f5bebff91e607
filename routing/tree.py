"""From one spot to everywhere: the cheapest paths of one person as a tree, with the time and length of each.

Paths are cheapest by the person's strict cost, as every route is; time and length are counted along them. So a limit
of 600 s means 600 s on the way that `routes` would give, not on a faster one that the person would not be sent along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from routing.attach import End
from routing.dijkstra import cheapest_at
from routing.engine import BLOCKED
from routing.graph import Float64, Int64, StreetGraph
from routing.patched import Patched
from routing.path import Piece
from routing.snap import Snap
from routing.standpoint import Standpoint


class Network:
    """The arcs of one graph ready to be searched: by tail and head, parallel ones together. Made once per map."""

    def __init__(self, graph: StreetGraph) -> None:
        tail, head = graph.arcs()
        self.nodes = graph.node_count
        key = tail.astype(np.int64) * (self.nodes + 1) + head
        self._by = np.argsort(key, kind="stable")
        sorted_key = key[self._by]
        is_first = np.ones(len(key), bool)
        is_first[1:] = sorted_key[1:] != sorted_key[:-1]
        self._first = np.flatnonzero(is_first)
        self._size = np.diff(np.append(self._first, len(key)))
        self._key = sorted_key[self._first]
        self._to = (self._key % (self.nodes + 1)).astype(np.int32)
        self._row = np.searchsorted(self._key, np.arange(self.nodes + 1, dtype=np.int64) * (self.nodes + 1))

    def search(self, weights: np.ndarray, starts: Sequence[End]) -> tuple[Float64, Int64, Int64]:
        """From the starts to every node: cost (infinite = never), the node before (`nodes` = a start), the arc to it.

        Arcs are −1 where a start or nothing leads there. Some 20 ms at 361,000 arcs.
        """
        from scipy.sparse import csgraph, csr_matrix  # a fifth of a server's start

        by_key = weights[self._by].astype(np.float64)
        by_key[by_key >= BLOCKED] = np.inf
        cheapest = np.minimum.reduceat(by_key, self._first)
        begin = {end.node: min(other.cost for other in starts if other.node == end.node) for end in starts}
        nodes = np.array(sorted(begin), np.int32)
        data = np.concatenate([cheapest, [float(begin[int(node)]) for node in nodes]])
        rows = np.append(self._row, len(data)).astype(np.int32)
        size = self.nodes + 1
        matrix = csr_matrix((data, np.concatenate([self._to, nodes]), rows), shape=(size, size))
        cost, before = csgraph.dijkstra(matrix, indices=self.nodes, return_predecessors=True)
        cost, before = cost[:-1], before[:-1].astype(np.int64)
        before[~np.isfinite(cost)] = self.nodes
        least = np.flatnonzero(by_key == np.repeat(cheapest, self._size))
        arc_of = self._by[least[np.searchsorted(least, self._first)]]
        inside = np.flatnonzero(before < self.nodes)
        arc = np.full(self.nodes, -1, np.int64)
        arc[inside] = arc_of[np.searchsorted(self._key, before[inside] * size + inside)]
        return cost, before, arc


class Travelled(NamedTuple):
    """A cheapest path: its cost in hundredths of a second, its travel time and its length."""

    cost: int
    seconds: float
    metres: float


class Tree:
    """The cheapest paths of one person from one spot. Arrays over nodes [N]; infinite = never."""

    def __init__(self, network: Network, stand: Standpoint, origin: Snap) -> None:
        graph = stand.graph
        self.stand, self.origin = stand, origin
        self.starts = stand.around.leave(origin, stand.prices)
        self.seconds, self.metres = np.full(graph.node_count, np.inf), np.full(graph.node_count, np.inf)
        self.cost = self.seconds.copy()
        if not self.starts:
            return
        weights = stand.prices.weights
        whole = weights.dense() if isinstance(weights, Patched) else weights
        self.cost, before, arc = network.search(whole, self.starts)
        walked = [stand.seconds_and_metres(end.pieces) for end in self.starts]
        inside = np.flatnonzero(arc >= 0)
        begin = np.flatnonzero(np.isfinite(self.cost) & (arc < 0))
        first = [walked[cheapest_at([(end.node, end.cost) for end in self.starts], int(node))] for node in begin]
        for of, per_arc, totals in (
            (0, arc_seconds(stand, arc[inside]), self.seconds),
            (1, graph.edge_length_m[arc[inside] >> 1], self.metres),
        ):
            own = np.zeros(len(arc) + 1)
            own[inside], own[begin] = per_arc, [found[of] for found in first]
            totals[:] = _summed(own, before)
            totals[~np.isfinite(self.cost)] = np.inf

    def to(self, spot: Snap) -> Travelled | None:
        """The cheapest path to a spot, or None where no strict one leads there."""
        stand = self.stand
        near = stand.around.between(self.origin, spot, stand.prices)
        best = None if near is None else Travelled(near.cost, *stand.seconds_and_metres(near.pieces))
        for end in stand.around.reach(spot, stand.prices):
            cost = self.cost[end.node] + end.cost
            if np.isfinite(cost) and (best is None or cost < best.cost):
                seconds, metres = stand.seconds_and_metres(end.pieces)
                node = end.node
                best = Travelled(int(cost), float(self.seconds[node]) + seconds, float(self.metres[node]) + metres)
        return best

    def begun(self) -> list[tuple[Piece, ...]]:
        """The ways over private land to where the public network begins; none where the origin is public."""
        return [end.pieces for end in self.starts if end.private]


def arc_seconds(stand: Standpoint, arcs: Int64) -> Float64:
    """Travel time of whole arcs, as routes tell it: an entrance to what counts once takes none."""
    graph = stand.graph
    edges = arcs >> 1
    streets = np.minimum(edges, graph.first_passage - 1)
    first, last = graph.geom_start[streets], graph.geom_start[streets + 1] - 1
    entrance = (edges < graph.first_passage) & (last - first == 1) & (graph.geom_node[first] == graph.geom_node[last])
    return np.where(entrance, 0.0, stand.weighing.duration_s[arcs])


def _summed(own: Float64, before: Int64) -> Float64:
    """Sums of `own` along each node's path; `before` leads to `len(before)`, the root. By doubling: log₂(depth)."""
    root = len(before)
    ahead = np.append(before, root)
    total = own.copy()
    while (ahead[:-1] != root).any():
        total += total[ahead]
        ahead = ahead[ahead]
    return total[:-1]
