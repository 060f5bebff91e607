"""Whether open arcs lead from one place to another: looked for from both, as whoever is cut off is soon surrounded."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from routing.metrics import BLOCKED

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Neighbours:
    """The arcs at each node of one graph, out and in. Made once per map, shared by all threads."""

    def __init__(self, n_nodes: int, tail: Int32, head: Int32) -> None:
        self._out, self._in = _Side(n_nodes, tail, head), _Side(n_nodes, head, tail)
        self._nodes = n_nodes

    def lead(self, weights: NDArray[np.uint32], sources: Iterable[int], targets: Iterable[int]) -> bool:
        """Is there any path from a source to a target by arcs that are not `BLOCKED`?

        Takes as long as the smaller of the two surroundings is large, not as the map is.
        """
        ahead, back = (_Spreading(self._nodes, nodes) for nodes in (sources, targets))
        if ahead.seen[back.rim].any():
            return True
        while len(ahead.rim) and len(back.rim):
            near, far, side = (ahead, back, self._out) if ahead.count <= back.count else (back, ahead, self._in)
            near.spread(side, weights)
            if far.seen[near.rim].any():
                return True
        return False


class _Side:
    """Arcs by the node at one of their ends."""

    def __init__(self, n_nodes: int, at: Int32, beyond: Int32) -> None:
        self.arcs = np.argsort(at, kind="stable").astype(np.int32)
        self.first: Int64 = np.zeros(n_nodes + 1, np.int64)
        np.cumsum(np.bincount(at, minlength=n_nodes), out=self.first[1:])
        self.beyond = beyond


class _Spreading:
    """What is reached so far; `rim` was reached last."""

    def __init__(self, n_nodes: int, nodes: Iterable[int]) -> None:
        self.rim: Int64 = np.array(sorted(set(nodes)), np.int64)
        self.seen = np.zeros(n_nodes, np.bool_)
        self.seen[self.rim] = True
        self.count = len(self.rim)

    def spread(self, side: _Side, weights: NDArray[np.uint32]) -> None:
        """One arc further."""
        begin = side.first[self.rim]
        count = side.first[self.rim + 1] - begin
        ends = np.cumsum(count)
        arcs = side.arcs[np.arange(ends[-1]) + np.repeat(begin - ends + count, count)]
        reached = side.beyond[arcs[weights[arcs] < BLOCKED]]
        reached = np.sort(reached[~self.seen[reached]])
        self.rim = reached[np.flatnonzero(np.diff(reached, prepend=-1))].astype(np.int64)
        self.seen[self.rim] = True
        self.count += len(self.rim)
