"""Other ways on a real map: every promise held against what can be reckoned without the search that made them."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from accessibility.profiles import built_in
from routing.alternatives import SHARE_MAX, SHORTEST
from routing.answers import Route, RouteAnswer, RouteRequest, Waypoint
from routing.graph import StreetGraph
from routing.preferences import WISHES
from routing.router import Router
from routing.via_streets import COST_MAX, LOCAL_SHARE, ROUNDING
from tests.support.contract import Contract
from tests.support.oracle import Oracle

MISSING = {"too_similar", "too_long", "more_harm", "closed_on_arrival", "no_other_way"}


@pytest.fixture(scope="module")
def contract(sample_graph: StreetGraph) -> Contract:
    return Contract(sample_graph.elements)


def request(graph: StreetGraph, seed: int, profile: str, stops: int = 2) -> RouteRequest:
    """Places on streets of the largest component."""
    chance = random.Random(seed)
    streets = np.flatnonzero(graph.edge_component[: graph.first_passage] == 0)
    places = []
    for _ in range(stops):
        vertex = int(graph.geom_start[streets[chance.randrange(len(streets))]])
        places.append(Waypoint(float(graph.geom_lon[vertex]), float(graph.geom_lat[vertex])))
    return RouteRequest(tuple(places), built_in[profile])


def shared(router: Router, one: Route, other: Route) -> float:
    """How much of the shorter line lies on the other, in shares."""
    lines = [
        shapely.LineString(np.column_stack(router.plane.xy(*np.array(route.geometry.coordinates).T)))
        for route in (one, other)
    ]
    common = shapely.intersection(lines[0], shapely.buffer(lines[1], 0.05, cap_style="flat")).length
    return float(common / max(min(line.length for line in lines), 1e-9))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(built_in)), st.integers(1, 5), st.integers(2, 3))
def test_others_keep_the_contract_and_what_is_promised(router, contract, seed, profile, most, stops):
    asked = replace(request(router.graph, seed, profile, stops), alternatives=most)
    answer = router.route(asked)
    if not isinstance(answer, RouteAnswer):
        return
    contract.holds(asked, answer)  # ok: none breaks a limit
    first, *others = answer.routes
    assert len(others) <= most
    assert first == router.route(replace(asked, alternatives=0)).routes[0]
    assert (answer.fewer_because is not None) == (len(others) < most)
    assert set(answer.fewer_because or ()) <= MISSING
    assert [route.why for route in answer.routes].count(SHORTEST) == 1
    for one, other in combinations(answer.routes, 2):
        assert shared(router, one, other) <= SHARE_MAX + 0.02
    named = [route.why for route in others if route.why != "different"]
    assert named == sorted(named, key=WISHES[profile].index), "the most useful first"
    assert len(named) == len(set(named))
    for why, best in (("most_seats", lambda route: -route.summary.seats),):
        for route in others:
            if route.why == why:
                assert all(best(route) < best(more) for more in answer.routes if more is not route)


@pytest.mark.parametrize("profile", ["manual_wheelchair", "walk"])
def test_costs_against_an_independent_shortest_path(sample_graph, router, profile):
    """The legs of every other way, reckoned from the facts of what they pass, cost at most 1.4 times scipy's best."""
    oracle = Oracle(sample_graph, built_in[profile])
    seen = 0
    taken = []
    seek = router.via_streets.ways

    def listening(metric, prices, between, known):
        for cost, pieces in seek(metric, prices, between, known):
            taken.append((between, cost, pieces))
            yield cost, pieces

    router.via_streets.ways = listening
    try:
        for seed in range(25):
            router.route(replace(request(sample_graph, seed, profile), alternatives=3))
    finally:
        router.via_streets.ways = seek
    for between, cost, pieces in taken:
        best = oracle.between(between.a, between.b)
        assert between.cost == pytest.approx(best, abs=4)
        assert oracle.reckoned(tuple(pieces)) == pytest.approx(cost, abs=4)
        assert best < cost <= COST_MAX * best + 4
        seen += 1
    assert seen > 20


def test_locally_best_is_what_scipy_calls_the_cheapest_way(sample_graph, router):
    """All within the window around the street is a cheapest way; or all that reaches beyond it is none."""
    oracle = Oracle(sample_graph, built_in["walk"])
    judged = []
    judge = router.via_streets._is_locally_best

    def listening(metric, prices, arcs, at, best):
        verdict = judge(metric, prices, arcs, at, best)
        judged.append((arcs.tolist(), at, best, verdict))
        return verdict

    router.via_streets._is_locally_best = listening
    try:
        for seed in range(25):
            router.route(replace(request(sample_graph, seed, "walk"), alternatives=3))
    finally:
        router.via_streets._is_locally_best = judge
    for arcs, at, best, verdict in judged:
        walked = np.concatenate([[0], np.cumsum([int(oracle.weights[arc]) for arc in arcs])])
        middle = (walked[at] + walked[at + 1]) / 2
        low, high = middle - LOCAL_SHARE * best, middle + LOCAL_SHARE * best
        inside = [arc for row, arc in enumerate(arcs) if walked[row] >= low and walked[row + 1] <= high]
        beyond = [arc for row, arc in enumerate(arcs) if walked[row + 1] > low and walked[row] < high]
        if verdict:
            assert not inside or oracle.is_cheapest(inside, slack=ROUNDING)
        else:
            assert not oracle.is_cheapest(beyond)
    assert {verdict for *_, verdict in judged} == {True, False}


def test_the_gentlest_way_is_the_least_steep_of_those_given(sample_graph, router):
    """Reckoned from the segments, not from the arrays of the search."""

    def steepness(route: Route) -> float:
        grades = [
            (segment.length_m, 0.2 if segment.steps else abs(segment.incline or 0.0)) for segment in route.segments
        ]
        return sum(metres * (min(grade, 0.2) / 0.04) ** 2 for metres, grade in grades)

    seen = 0
    for seed in range(150):
        answer = router.route(replace(request(sample_graph, seed, "walk"), alternatives=3))
        for route in answer.routes[1:]:
            if route.why == "gentlest":
                assert all(steepness(route) < steepness(other) for other in answer.routes if other is not route)
                seen += 1
    assert seen > 3


def test_no_alternatives_ask_for_nothing(sample_graph):
    """Not one wish is weighed, no way through other streets is looked for."""
    router = Router(sample_graph)
    router.via_streets.ways = None
    router.wishes.scale = None
    answer = router.route(request(sample_graph, 1, "walk"))
    router.close()
    assert isinstance(answer, RouteAnswer)
    assert answer.fewer_because is None
