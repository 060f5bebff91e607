"""What a closed place means for everybody else: is it the last way to somewhere?"""

from __future__ import annotations

import numpy as np

from accessibility.barriers import Barrier
from accessibility.profiles import built_in
from routing.costs import Strict, Weighing
from routing.engine import BLOCKED
from routing.graph import StreetGraph
from routing.router import Router

PEOPLE = ("manual_wheelchair", "walk")
"""Whose last way counts: those with the fewest ways, and everybody."""


def cuts_last_way(router: Router, barrier: Barrier) -> bool:
    """Whether, with this place closed, somebody who could come and go along it cannot any more.

    Looks at the nodes beside the closed parts that hang together with the rest of the map both ways; takes some tens
    of milliseconds on a city.
    """
    parts = router.placer.place(barrier)
    edges = {part.edge for part in parts}
    return bool(edges) and any(_cuts(router.graph, router.weigh(built_in[name]), edges) for name in PEOPLE)


def _cuts(graph: StreetGraph, weighing: Weighing, edges: set[int]) -> bool:
    from scipy.sparse import csr_matrix  # not before it is wanted: a fifth of a start
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    usable = Strict().weights(weighing) < BLOCKED
    tail, head = graph.arcs()
    n = graph.node_count
    before = csr_matrix((np.ones(int(usable.sum()), np.int8), (tail[usable], head[usable])), shape=(n, n))
    _, part = connected_components(before, directed=True, connection="strong")
    largest = np.bincount(part).argmax()
    beside = {int(node) for edge in edges for node in (graph.edge_tail[edge], graph.edge_head[edge])}
    beside = {node for node in beside if part[node] == largest}
    closed = usable.copy()
    closed[[arc for edge in edges for arc in (2 * edge, 2 * edge + 1)]] = False
    after = csr_matrix((np.ones(int(closed.sum()), np.int8), (tail[closed], head[closed])), shape=(n, n))
    elsewhere = np.flatnonzero((part == largest) & ~np.isin(np.arange(n), list(beside)))
    hub = int(elsewhere[0]) if len(elsewhere) else int(np.flatnonzero(part == largest)[0])
    out = set(breadth_first_order(after, hub, return_predecessors=False).tolist())
    back = set(breadth_first_order(after.T.tocsr(), hub, return_predecessors=False).tolist())
    return not beside <= (out & back)
