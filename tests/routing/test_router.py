"""Every answer keeps the promises of the contract, and every strict cost is that of an independent shortest path."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import profiles
from accessibility.refusals import Refused
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.build import build
from routing.elements import read_osm_file
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.line import encoded
from routing.router import Router
from tests.support.contract import Contract
from tests.support.oracle import Oracle

PROFILES = ["manual_wheelchair", "walk"]


@pytest.fixture(scope="module")
def contract(sample_graph: StreetGraph) -> Contract:
    return Contract(sample_graph.elements)


def somewhere(graph: StreetGraph, chance: random.Random) -> Waypoint:
    """On a node, on a street or up to 30 m beside one."""
    vertex = chance.randrange(len(graph.geom_lon) - 1)
    share, off = chance.choice((0.0, chance.random())), chance.choice((0.0, 0.0, 3e-4))
    lon, lat = (
        float(axis[vertex] + share * (axis[vertex + 1] - axis[vertex])) + chance.uniform(-off, off)
        for axis in (graph.geom_lon, graph.geom_lat)
    )
    return Waypoint(lon, lat)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(profiles.built_in)), st.integers(2, 4))
def test_answers_keep_the_contract(router, contract, seed, profile, stops):
    chance = random.Random(seed)
    request = RouteRequest(
        tuple(somewhere(router.graph, chance) for _ in range(stops)), profiles.built_in[profile], explain=seed % 4 == 0
    )
    answer = router.route(request)
    if isinstance(answer, RouteAnswer):
        contract.holds(request, answer)
    else:
        assert answer.because


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_place_twice_is_a_way_of_no_length(router, contract, profile):
    for seed in range(20):
        here = somewhere(router.graph, random.Random(seed))
        request = RouteRequest((here, here), profiles.built_in[profile])
        answer = router.route(request)
        assert isinstance(answer, RouteAnswer)
        contract.holds(request, answer)
        route = answer.routes[0]
        assert route.distance_m == 0
        assert [step.kind for step in route.legs[0].steps] == ["depart", "arrive"]


@pytest.mark.parametrize("profile", PROFILES)
def test_strict_costs_equal_an_independent_shortest_path(sample_graph, profile):
    found = Oracle(sample_graph, profiles.built_in[profile]).compare(random.Random(2), sources=25, targets=8)
    assert found > 100


@pytest.mark.real_map
@pytest.mark.parametrize("profile", PROFILES)
def test_500_strict_costs_in_heidelberg_equal_an_independent_shortest_path(heidelberg, profile):
    found = Oracle(heidelberg, profiles.built_in[profile]).compare(random.Random(3), sources=50, targets=10)
    assert found > 300


@pytest.fixture(scope="module")
def heidelberg(shared_data) -> StreetGraph:
    return build(read_osm_file(shared_data / "osm" / "heidelberg_2024.osm.pbf"))


@pytest.mark.real_map
@pytest.mark.parametrize("profile", PROFILES)
def test_answers_in_heidelberg_keep_the_contract(heidelberg, profile):
    router, contract = Router(heidelberg), Contract(heidelberg.elements)
    chance = random.Random(5)
    answers = 0
    for _ in range(60):
        request = RouteRequest(tuple(somewhere(heidelberg, chance) for _ in range(2)), profiles.built_in[profile])
        answer = router.route(request)
        if isinstance(answer, RouteAnswer):
            contract.holds(request, answer)
            answers += 1
    router.close()
    assert answers > 50


def test_far_from_every_street_is_outside_the_map(router):
    inside = somewhere(router.graph, random.Random(1))
    for number, places in enumerate([(Waypoint(0.0, 0.0), inside), (inside, Waypoint(25.5, 60.17))]):
        with pytest.raises(Refused) as refused:
            router.route(RouteRequest(places, profiles.built_in["walk"]))
        assert refused.value.code == "outside_map"
        assert refused.value.details["waypoint"] == number


def test_the_answer_says_where_it_snapped(router):
    chance = random.Random(9)
    for _ in range(30):
        places = (somewhere(router.graph, chance), somewhere(router.graph, chance))
        answer = router.route(RouteRequest(places, profiles.built_in["walk"]))
        if isinstance(answer, NoRoute):
            continue
        line = answer.routes[0].geometry.coordinates
        ends = (line[0], line[-1])
        for place, found, end in zip(places, answer.snapped, ends, strict=True):
            assert float(distance_m(*found.location, *end)) < 0.06
            assert abs(float(distance_m(place.lon, place.lat, *end)) - found.distance_m) < 0.2


def test_a_looser_person_never_does_worse(router):
    """Whoever may do more arrives wherever the others do, within the same limits or better."""
    chance = random.Random(11)
    tight = profiles.with_overrides(
        profiles.built_in["manual_wheelchair"],
        limits={"surfaces_refused": ["asphalt", "sett"]},
    )
    loose = profiles.built_in["manual_wheelchair"]
    changed = 0
    for _ in range(40):
        places = (somewhere(router.graph, chance), somewhere(router.graph, chance))
        before, after = (router.route(RouteRequest(places, person)) for person in (tight, loose))
        if isinstance(before, RouteAnswer) and before.status == "ok":
            assert isinstance(after, RouteAnswer)
            assert after.status == "ok"
        changed += isinstance(before, RouteAnswer) and isinstance(after, RouteAnswer) and before.status != after.status
    assert changed, "the limits moved nothing: the test shows nothing"


def test_a_way_with_stops_is_its_legs_one_by_one(router):
    chance = random.Random(21)
    places = tuple(somewhere(router.graph, chance) for _ in range(4))
    person = profiles.built_in["walk"]
    whole = router.route(RouteRequest(places, person))
    assert isinstance(whole, RouteAnswer)
    spots = [Waypoint(*found.location) for found in whole.snapped]
    for leg, ends in zip(whole.routes[0].legs, pairwise(spots), strict=True):
        alone = router.route(RouteRequest(ends, person))
        assert isinstance(alone, RouteAnswer)
        assert alone.routes[0].distance_m == pytest.approx(leg.distance_m, abs=0.2)


def test_a_warm_router_answers_the_same_and_has_no_thread(sample_graph: StreetGraph) -> None:
    warm, cold = Router(sample_graph), Router(sample_graph)
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    try:
        threads = threading.active_count()
        warm.warm(now)
        assert threading.active_count() == threads
        chance = random.Random(11)
        for profile in profiles.built_in.values():
            places = tuple(somewhere(sample_graph, chance) for _ in range(2))
            request = RouteRequest(places, profile, asked_at=now)
            assert encoded(warm.route(request)) == encoded(cold.route(request))
    finally:
        warm.close()
        cold.close()
