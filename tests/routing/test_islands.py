"""Open arcs lead from one place to another exactly where an independent search finds a path."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

from routing.engine import BLOCKED, Engine, order
from routing.islands import Neighbours

NODES = 12
ARCS = st.lists(st.tuples(*[st.integers(0, NODES - 1)] * 2, st.booleans()), max_size=30)
SOME = st.sets(st.integers(0, NODES - 1), min_size=1, max_size=3)


@given(ARCS, SOME, SOME)
def test_as_a_plain_search(arcs: list[tuple[int, int, bool]], sources: set[int], targets: set[int]) -> None:
    tail, head = (np.array([arc[end] for arc in arcs], np.int32) for end in (0, 1))
    weights = np.array([BLOCKED if closed else 7 for _, _, closed in arcs], np.uint32)
    open_ = weights < BLOCKED
    graph = csr_matrix((open_[open_].astype(float), (tail[open_], head[open_])), (NODES, NODES))
    reached = {int(node) for source in sources for node in breadth_first_order(graph, source)[0]}
    assert Neighbours(NODES, tail, head).lead(weights, sources, targets) == bool(reached & targets)


def test_sums_beyond_the_range_are_told_from_no_way() -> None:
    tail, head = np.arange(4, dtype=np.int32), np.arange(1, 5, dtype=np.int32)
    engine = Engine(order(6, tail, head, np.arange(6.0), np.arange(6.0)), tail, head)
    try:
        metric = engine.customise(np.full(4, BLOCKED - 1, np.uint32))
        found = engine.query(metric, [(0, 0)], [(4, 0)])
        assert found is not None
        assert found.cost == 4 * (BLOCKED - 1)
        assert engine.query(metric, [(4, 0)], [(0, 0)]) is None
        assert engine.query(metric, [(0, 0)], [(5, 0)]) is None
        costs = engine.many_to_many(metric, [[(0, 0)], [(4, 0)]], [[(4, 0)], [(5, 0)], [(1, 0)]])
        assert costs.tolist() == [[4 * (BLOCKED - 1), -1, BLOCKED - 1], [0, -1, -1]]
    finally:
        engine.close()
