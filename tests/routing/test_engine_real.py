"""On a real city: every cost the engine gives equals an independent shortest path on the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility import profiles
from routing.build import build
from routing.costs import Harm, Strict
from routing.dijkstra import distances
from routing.elements import read_osm_file
from routing.engine import BLOCKED, Engine
from routing.weigher import Weigher

PAIRS, TARGETS = 500, 10


@pytest.fixture(scope="module")
def heidelberg(shared_data):
    graph = build(read_osm_file(shared_data / "osm" / "heidelberg_2024.osm.pbf"))
    engine = Engine(graph.order, *graph.arcs())
    yield graph, engine, Weigher(graph)
    engine.close()


@pytest.mark.real_map
@pytest.mark.parametrize("scale", [Strict(), Harm()], ids=lambda scale: scale.name)
@pytest.mark.parametrize("profile", ["manual_wheelchair", "walk"])
def test_500_random_pairs_in_heidelberg_cost_what_scipy_says(heidelberg, profile, scale):
    graph, engine, weigher = heidelberg
    tail, head = graph.arcs()
    weights = scale.weights(weigher.weigh(profiles.built_in[profile]))
    metric = engine.customise(weights)
    costs = np.where(weights < BLOCKED, weights.astype(np.float64), np.inf)
    rng = np.random.default_rng(7)
    walkable = np.flatnonzero(graph.edge_component == 0)
    found = unreachable = 0
    for source in graph.edge_tail[rng.choice(walkable, PAIRS // TARGETS)].tolist():
        expected = distances(tail, head, costs, [(source, 0)], graph.node_count)
        for target in graph.edge_head[rng.choice(walkable, TARGETS)].tolist():
            path = engine.query(metric, [(source, 0)], [(target, 0)])
            assert (path.cost if path else np.inf) == expected[target]
            if path is None:
                unreachable += 1
                continue
            found += 1
            assert int(weights[path.arcs].astype(np.int64).sum()) == path.cost
            nodes = [source, *head[path.arcs].tolist()]
            assert tail[path.arcs].tolist() == nodes[:-1]
            assert nodes[-1] == target
    assert found > PAIRS / 4, f"too few pairs connect: {unreachable} do not"
