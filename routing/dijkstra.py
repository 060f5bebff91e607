"""Exact shortest paths without a hierarchy: the last resort where 32-bit sums end, and the referee of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# scipy is imported where it is used: it is a fifth of a server's start, and most servers never come here.

Ends = Sequence[tuple[int, int]]
"""`(node, cost already spent there)`: where a path may begin, or what is still to pay where it may end."""

EXACT_MAX = 2.0**53
"""Whole numbers up to here are exact in float64."""


class Path(NamedTuple):
    """A cheapest path: exact `cost` (ends included), `arcs` in order, the ends it used."""

    cost: int
    arcs: NDArray[np.int32]
    source: int
    target: int


def dijkstra(
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    weights: NDArray[np.number],
    sources: Ends,
    targets: Ends,
    *,
    n_nodes: int | None = None,
) -> Path | None:
    """The cheapest path from any source to any target, or None where nothing connects them.

    `weights`: one whole number ≥ 0 per arc, infinite = never; sums stay exact below 2⁵³ (`ValueError` beyond).
    Parallel arcs, loops and zero weights are allowed. Takes some 25 ms at 361,000 arcs.
    """
    from scipy.sparse import csgraph

    if not len(sources) or not len(targets):
        return None
    n = n_nodes if n_nodes is not None else _node_count(tail, head, sources, targets)
    graph, arc_of = _with_start(n, tail, head, weights, sources)
    distance, before = csgraph.dijkstra(graph, indices=n, return_predecessors=True)
    totals = np.array([distance[node] + cost for node, cost in targets])
    target = int(np.argmin(totals))
    if not np.isfinite(totals[target]):
        return None
    if totals[target] >= EXACT_MAX:
        raise ValueError("a path sum of 2^53 or more is not exact")
    nodes = [targets[target][0]]
    while nodes[-1] != n:
        nodes.append(int(before[nodes[-1]]))
    nodes.reverse()
    arcs = np.array([arc_of(a, b) for a, b in pairwise(nodes[1:])], np.int32)
    return Path(int(totals[target]), arcs, cheapest_at(sources, nodes[1]), target)


def distances(
    tail: NDArray[np.integer], head: NDArray[np.integer], weights: NDArray[np.number], sources: Ends, n_nodes: int
) -> NDArray[np.float64]:
    """The cheapest cost from any source to every node (float64[n_nodes]; infinite = unreachable)."""
    from scipy.sparse import csgraph

    if not len(sources):
        return np.full(n_nodes, np.inf)
    graph, _ = _with_start(n_nodes, tail, head, weights, sources)
    return np.asarray(csgraph.dijkstra(graph, indices=n_nodes))[:n_nodes]


def cheapest_at(ends: Ends, node: int) -> int:
    """Index of the cheapest of the ends that lie on `node`."""
    return min((i for i, (at, _) in enumerate(ends) if at == node), key=lambda i: ends[i][1])


def _node_count(tail: NDArray[np.integer], head: NDArray[np.integer], sources: Ends, targets: Ends) -> int:
    last = max(node for node, _ in (*sources, *targets))
    return max(int(tail.max(initial=-1)), int(head.max(initial=-1)), last) + 1


class _ArcLookup:
    """Which arc is the cheapest from one node to another (`keys` sorted: tail · (n + 1) + head)."""

    def __init__(self, n: int, keys: NDArray[np.int64], arcs: NDArray[np.int64]) -> None:
        self._n, self._keys, self._arcs = n, keys, arcs

    def __call__(self, a: int, b: int) -> int:
        return int(self._arcs[np.searchsorted(self._keys, a * (self._n + 1) + b)])


def _with_start(
    n: int, tail: NDArray[np.integer], head: NDArray[np.integer], weights: NDArray[np.number], sources: Ends
) -> tuple[csr_matrix, _ArcLookup]:
    """The arcs in use, the cheapest of parallel ones, plus a node `n` that leads to every source at its cost."""
    from scipy.sparse import csr_matrix

    usable = np.flatnonzero(np.isfinite(weights))
    cost = weights[usable].astype(np.float64)
    if cost.size and (cost.min() < 0 or not np.array_equal(cost, np.rint(cost))):
        raise ValueError("weights are whole numbers, zero or more")
    key = tail[usable].astype(np.int64) * (n + 1) + head[usable]
    by = np.lexsort((cost, key))
    key, cost, usable = key[by], cost[by], usable[by]
    first = np.ones(key.size, bool)
    first[1:] = key[1:] != key[:-1]
    key, cost, usable = key[first], cost[first], usable[first]
    starts = sorted({node: min(c for at, c in sources if at == node) for node, _ in sources}.items())
    indices = np.concatenate([key % (n + 1), np.array([node for node, _ in starts], np.int64)])
    values = np.concatenate([cost, np.array([c for _, c in starts], np.float64)])
    ends = np.searchsorted(key, np.arange(n + 1, dtype=np.int64) * (n + 1))
    indptr = np.append(ends, key.size + len(starts))
    graph = csr_matrix((values, indices.astype(np.int32), indptr.astype(np.int32)), shape=(n + 1, n + 1))
    return graph, _ArcLookup(n, key, usable)
