"""The engine answers what an independent shortest path answers: on multigraphs, on grids, at the edge of 32 bits."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.dijkstra import dijkstra
from routing.engine import BLOCKED, Engine, EngineFault, order

EDGE = BLOCKED - 1


def engine_of(n: int, arcs: list[tuple[int, int]]) -> Engine:
    tail = np.array([a for a, _ in arcs], np.int32)
    head = np.array([b for _, b in arcs], np.int32)
    lat = np.arange(n) % 7 * 1e-3
    return Engine(order(n, tail, head, lat, np.arange(n) * 1e-3), tail, head)


def referee(n, arcs, weights, sources, targets) -> int | None:
    """The cheapest cost by networkx, with Python's own unbounded integers."""
    graph = nx.DiGraph()
    graph.add_nodes_from([*range(n), "start", "goal"])
    links = [(a, b, int(w)) for (a, b), w in zip(arcs, weights, strict=True) if w < BLOCKED]
    links += [("start", node, cost) for node, cost in sources] + [(node, "goal", cost) for node, cost in targets]
    for a, b, w in links:
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > w:
            graph.add_edge(a, b, weight=w)
    try:
        return nx.dijkstra_path_length(graph, "start", "goal")
    except nx.NetworkXNoPath:
        return None


def check_path(path, arcs, weights, sources, targets) -> None:
    """The path is one: it hangs together, begins and ends where it says, and costs what it says."""
    nodes = [sources[path.source][0]]
    for arc in path.arcs:
        assert arcs[arc][0] == nodes[-1]
        nodes.append(arcs[arc][1])
    assert nodes[-1] == targets[path.target][0]
    walked = sum(int(weights[a]) for a in path.arcs)
    assert path.cost == sources[path.source][1] + walked + targets[path.target][1]


@st.composite
def questions(draw):
    n = draw(st.integers(1, 9))
    node = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(node, node), max_size=24))
    weight = st.one_of(
        st.integers(0, 9),
        st.integers(0, 2**20),
        st.integers(BLOCKED // 4, BLOCKED),
        st.sampled_from([0, EDGE, BLOCKED]),
    )
    weights = np.array(draw(st.lists(weight, min_size=len(arcs), max_size=len(arcs))), np.int64)
    cost = st.one_of(st.integers(0, 50), st.integers(BLOCKED - 9, EDGE))
    ends = st.lists(st.tuples(node, cost), min_size=1, max_size=4)
    return n, arcs, weights, draw(ends), draw(ends)


@settings(max_examples=200, deadline=None)
@given(questions())
def test_cost_and_path_equal_the_referee_on_random_multigraphs(question):
    n, arcs, weights, sources, targets = question
    engine = engine_of(n, arcs)
    try:
        path = engine.query(engine.customise(weights), sources, targets)
        expected = referee(n, arcs, weights, sources, targets)
        assert (path.cost if path else None) == expected
        if path:
            check_path(path, arcs, weights, sources, targets)
        costs = engine.many_to_many(engine.customise(weights), [sources, targets], [targets, sources])
        for row, starts in enumerate((sources, targets)):
            for column, goals in enumerate((targets, sources)):
                cheapest = referee(n, arcs, weights, starts, goals)
                assert costs[row, column] == (-1 if cheapest is None else cheapest)
    finally:
        engine.close()


@settings(max_examples=150, deadline=None)
@given(questions())
def test_sweeps_to_and_from_many_nodes_equal_the_referee(question):
    n, arcs, weights, sources, targets = question
    engine = engine_of(n, arcs)
    try:
        metric = engine.customise(weights)
        nodes = list(range(n))
        there, back = engine.sweep(metric, [sources, []], nodes), engine.many_to_one(metric, nodes, targets)
        for node in nodes:
            for found, starts, goals in (
                (there[0, node], sources, [(node, 0)]),
                (back[node], [(node, 0)], targets),
            ):
                cheapest = referee(n, arcs, weights, starts, goals)
                # A sum beyond its range the hierarchy cannot tell from no way.
                assert found == (np.inf if cheapest is None or cheapest >= BLOCKED else cheapest)
        assert np.isinf(there[1]).all()
    finally:
        engine.close()


@settings(max_examples=100, deadline=None)
@given(questions(), st.data())
def test_an_updated_metric_equals_a_fresh_one(question, data):
    n, arcs, weights, sources, targets = question
    engine = engine_of(n, arcs)
    try:
        metric = engine.customise(weights)
        for _ in range(3):
            changed = data.draw(st.lists(st.integers(0, max(0, len(arcs) - 1)), max_size=len(arcs)))
            values = data.draw(st.lists(st.integers(0, BLOCKED), min_size=len(changed), max_size=len(changed)))
            weights = weights.copy()
            weights[changed] = values
            engine.update(metric, np.array(changed, np.int32), np.array(values, np.int64))
            assert metric.weights.tolist() == weights.tolist()
            path = engine.query(metric, sources, targets)
            fresh = engine.query(engine.customise(weights), sources, targets)
            assert (path.cost if path else None) == (fresh.cost if fresh else None)
            assert (path.cost if path else None) == referee(n, arcs, weights, sources, targets)
    finally:
        engine.close()


def grid(side: int) -> tuple[int, list[tuple[int, int]]]:
    pairs = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    pairs += [(r * side + c, (r + 1) * side + c) for r in range(side - 1) for c in range(side)]
    return side * side, [arc for a, b in pairs for arc in ((a, b), (b, a))]


def test_500_random_pairs_on_a_grid_with_closures():
    n, arcs = grid(40)
    rng = np.random.default_rng(2)
    weights = rng.integers(0, 100_000, len(arcs))
    weights[rng.random(len(arcs)) < 0.25] = BLOCKED
    engine = engine_of(n, arcs)
    metric = engine.customise(weights)
    tail, head = np.array(arcs, np.int32).T
    as_float = np.where(weights < BLOCKED, weights, np.inf)
    unreachable = 0
    for a, b in rng.integers(0, n, (500, 2)).tolist():
        path = engine.query(metric, [(a, 0)], [(b, 0)])
        expected = dijkstra(tail, head, as_float, [(a, 0)], [(b, 0)], n_nodes=n)
        if expected is None:
            unreachable += 1
            assert path is None
        else:
            assert path.cost == expected.cost
            check_path(path, arcs, weights, [(a, 0)], [(b, 0)])
            check_path(expected, arcs, weights, [(a, 0)], [(b, 0)])
    assert 0 < unreachable < 250
    engine.close()


@pytest.mark.parametrize(
    ("weights", "cost"),
    [
        ([EDGE, 0], EDGE),
        ([EDGE, 1], BLOCKED),
        ([EDGE, EDGE], 2 * EDGE),
        ([BLOCKED, 0], None),
        ([2**31, 0], None),
        ([2**32 + 3, 0], None),
        ([0, 0], 0),
    ],
)
def test_sums_beyond_32_bits_are_exact_and_blocked_stays_blocked(weights, cost):
    engine = engine_of(3, [(0, 1), (1, 2)])
    path = engine.query(engine.customise(np.array(weights, np.int64)), [(0, 0)], [(2, 0)])
    assert (path.cost if path else None) == cost
    assert engine.query(engine.customise(np.array([1.0, np.inf])), [(0, 0)], [(2, 0)]) is None
    engine.close()


def test_end_costs_beyond_32_bits():
    engine = engine_of(3, [(0, 1), (1, 2)])
    metric = engine.customise(np.array([1, 1]))
    assert engine.query(metric, [(0, EDGE)], [(2, EDGE)]).cost == 2 * EDGE + 2
    assert engine.query(metric, [(0, BLOCKED)], [(2, 0)]) is None
    best = engine.query(metric, [(0, 2**32), (1, 7), (1, 3)], [(2, 9), (2, 4)])
    assert (best.cost, best.source, best.target) == (8, 2, 1)
    assert best.arcs.tolist() == [1]
    engine.close()


@pytest.mark.parametrize(
    "weights",
    [[1, -1], [1.5, 1.0], [np.nan, 1.0], [1], [1, 2, 3], [True, False], ["1", "2"]],
    ids=["negative", "fraction", "nan", "short", "long", "bools", "words"],
)
def test_odd_weights_are_refused_at_the_door(weights):
    engine = engine_of(3, [(0, 1), (1, 2)])
    with pytest.raises(EngineFault):
        engine.customise(np.array(weights))
    engine.close()


@pytest.mark.parametrize("kind", ["u1", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_every_number_kind_is_taken_for_what_it_is(kind):
    engine = engine_of(3, [(0, 1), (1, 2)])
    top = 2**40 if kind[0] == "f" else min(np.iinfo(kind).max, 2**40)
    metric = engine.customise(np.array([7, top], kind))
    assert metric.weights.tolist() == [7, min(int(top), BLOCKED)]
    engine.close()


def test_misuse_is_a_fault_with_words_and_never_ends_the_process():
    arc = np.array([0]), np.array([1])
    with pytest.raises(EngineFault, match="without nodes"):
        Engine(np.array([], np.uint32), np.array([], np.int32), np.array([], np.int32))
    with pytest.raises(EngineFault, match="permutation"):
        Engine(np.array([0, 0]), *arc)
    with pytest.raises(EngineFault, match="does not exist"):
        Engine(np.array([0]), *arc)
    with pytest.raises(EngineFault, match="finite"):
        order(2, *arc, np.array([0.0, np.nan]), np.zeros(2))
    assert order(0, np.array([], int), np.array([], int), np.zeros(0), np.zeros(0)).size == 0
    engine = engine_of(2, [(0, 1)])
    metric = engine.customise(np.array([1]))
    for ends in ([(2, 0)], [(-1, 0)], [(0, -1)], [(0, 0.5)]):
        with pytest.raises(EngineFault, match="no such end"):
            engine.query(metric, ends, [(1, 0)])
    with pytest.raises(EngineFault, match="no such arc"):
        engine.update(metric, np.array([1]), np.array([1]))
    assert engine.query(metric, [], [(1, 0)]) is None
    assert engine.query(metric, [(0, 0)], []) is None
    engine.close()
    with pytest.raises(EngineFault, match="closed"):
        engine.query(metric, [(0, 0)], [(1, 0)])


def test_a_lone_node_without_arcs():
    engine = engine_of(1, [])
    path = engine.query(engine.customise(np.array([], np.int64)), [(0, 3)], [(0, 4)])
    assert (path.cost, path.arcs.tolist()) == (7, [])
    engine.close()
