"""Seats along a way, against plain geometry on the bundled map; and the way from seat to seat against all chains."""

from __future__ import annotations

import random
from itertools import pairwise, permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from accessibility import tags
from accessibility.profiles import built_in
from routing.answers import Route, RouteAnswer
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.resting import missed_s
from routing.router import Router
from routing.seats import VISIT_M, WITHIN_M, gaps
from tests.routing.test_alternatives import request
from tests.support.contract import Contract
from tests.support.drawn import Town, drawn
from tests.support.questions import asked

BUFFER_M = 0.06
"""Circles are drawn as polygons."""


@pytest.fixture(scope="module")
def seats(router: Router) -> list[shapely.Geometry]:
    """Every seat of the map that nobody has put on a storey, read from the raw map alone."""
    raw = router.graph.elements
    shapes = []
    things = [(found, (node,)) for node, found in raw.node_tags.items()] + [(way.tags, way.refs) for way in raw.ways]
    for found, refs in things:
        if tags.seat_levels(found) is not None:
            rows = raw.positions(refs)
            corners = np.column_stack(router.plane.xy(raw.lon[rows], raw.lat[rows]))
            shapes.append(shapely.Point(corners[0]) if len(corners) == 1 else shapely.LineString(corners))
    return shapes


@pytest.mark.parametrize("profile", ["walk", "manual_wheelchair"])
def test_the_figures_of_a_route_are_those_of_its_line(router, seats, profile):
    """All seats within 10 m of the line, and no longer gap than between the places where one is nearest to them."""
    seen = 0
    for seed in range(40):
        answer = router.route(request(router.graph, seed, profile))
        if not isinstance(answer, RouteAnswer):
            continue
        route = answer.routes[0]
        line = shapely.LineString(np.column_stack(router.plane.xy(*np.array(route.geometry.coordinates).T)))
        away = shapely.distance(np.array(seats, object), line)
        surely, perhaps = (int((away <= WITHIN_M + off).sum()) for off in (-BUFFER_M, BUFFER_M))
        assert surely - _indoors(router) <= route.summary.seats <= perhaps
        near = np.array(seats, object)[away <= WITHIN_M]
        feet = sorted(shapely.line_locate_point(line, shapely.get_point(shapely.shortest_line(line, near), 0)).tolist())
        nearest = max(gaps(feet, line.length))
        # Who comes by a seat twice has sat down twice; nothing else makes a gap shorter.
        assert route.summary.longest_gap_without_seat_m <= nearest + VISIT_M
        seen += route.summary.seats
    assert seen > 50


def _indoors(router: Router) -> int:
    """Seats that are known to be on some storey."""
    raw = router.graph.elements
    things = [*raw.node_tags.values(), *(way.tags for way in raw.ways)]
    return sum(bool(tags.seat_levels(found)) for found in things)


@given(st.lists(st.floats(0, 1000), max_size=8), st.floats(1, 500))
def test_going_without_a_seat_costs_a_minute_a_length(at, every_m):
    at = sorted(at)
    length = (at[-1] if at else 0.0) + 10
    missed = missed_s(at, length, every_m)
    assert missed == pytest.approx(60 * sum(max(0.0, gap / every_m - 1) for gap in gaps(at, length)))
    assert missed_s(at, length, 2000.0) == 0
    assert missed >= missed_s(at, length, 2 * every_m)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from(sorted(built_in)), st.integers(2, 3), st.sampled_from([30.0, 100.0, 300.0])
)
def test_a_way_by_seats_keeps_the_contract_and_is_worth_it(router, contract, seed, profile, stops, every_m):
    question = request(router.graph, seed, profile, 2 + seed % 2)
    plain, rested = router.route(question), router.route(replace(question, seat_every_m=every_m))
    if not isinstance(plain, RouteAnswer):
        assert type(rested) is type(plain)
        return
    contract.holds(question, rested)
    assert rested.status == plain.status
    one, other = plain.routes[0], rested.routes[0]
    if one.geometry != other.geometry:
        assert other.summary.seats > 0
    if one.summary.longest_gap_without_seat_m <= every_m:
        assert one == other


@pytest.fixture(scope="module")
def contract(sample_graph: StreetGraph) -> Contract:
    return Contract(sample_graph.elements)


GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"
LETTERS = "abcdefghijkmnpqrstuv"


def grid(chance: random.Random) -> Town:
    """4 by 5 crossings 60 m apart, some streets missing, benches at some crossings."""
    rows = [LETTERS[start : start + 5] for start in range(0, 20, 5)]
    picture = "\n\n\n\n\n".join("     ".join(row) for row in rows)
    pairs = [a + b for row in rows for a, b in pairwise(row)]
    pairs += [a + b for upper, lower in pairwise(rows) for a, b in zip(upper, lower, strict=True)]
    keep = [pair for pair in pairs if chance.random() < 0.9]
    benches = dict.fromkeys(chance.sample(LETTERS[1:-1], 4), "amenity=bench")
    return drawn(picture, ways=dict.fromkeys(keep, GOOD), nodes=benches, cell_m=12)


def reckoned(town: Town, route: Route, every_m: float) -> float:
    """Seconds on the way and of going without a seat; one sits at corners of the line where a bench stands."""
    line = np.array(route.geometry.coordinates)
    walked = np.concatenate([[0.0], distance_m(*line[:-1].T, *line[1:].T).cumsum()])
    benches = [town.at[town.letters[node]] for node in town.raw.node_tags]
    sat = [min(distance_m(*place, *bench) for bench in benches) < 1 for place in line]
    at = walked[sat].tolist()
    return float(walked[-1]) / built_in["cane_elderly"].speed_mps + missed_s(at, float(walked[-1]), every_m)


@pytest.mark.parametrize("seed", range(12))
def test_no_chain_of_seats_is_cheaper(seed):
    """Every order of every choice of seats, by the router's own plain ways: none beats the way it leads by itself."""
    chance = random.Random(seed)
    town = grid(chance)
    every_m = chance.choice([60.0, 100.0, 150.0])
    ends = "a", LETTERS[-1]
    led = asked(town, *ends, profile="cane_elderly", seat_every_m=every_m)
    assert isinstance(led, RouteAnswer)
    cheapest = np.inf
    benches = [town.letters[node] for node in town.raw.node_tags]
    for count in range(len(benches) + 1):
        for chain in permutations(benches, count):
            way = asked(town, ends[0], *chain, ends[1], profile="cane_elderly")
            if isinstance(way, RouteAnswer) and way.status == "ok":
                cheapest = min(cheapest, reckoned(town, way.routes[0], every_m))
    found = reckoned(town, led.routes[0], every_m)
    town.close()
    assert found == pytest.approx(cheapest, abs=1.0)
