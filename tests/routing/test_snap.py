"""Snapping finds the true nearest spots and chooses one that leads somewhere this person can go."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.refusals import Refused
from routing.geodesy import EARTH_RADIUS_M, distance_m
from routing.plane import Plane
from routing.snap import Snapper, choose

LON, LAT = 24.94, 60.17


def place(east: float, north: float, lon: float = LON, lat: float = LAT) -> tuple[float, float]:
    """Degrees of a place so many metres east and north of the origin."""
    up = lat + math.degrees(north / EARTH_RADIUS_M)
    return (lon + math.degrees(east / EARTH_RADIUS_M / math.cos(math.radians(up))) + 180) % 360 - 180, up


def snapper_of(*streets, walkable=None, origin=(LON, LAT), **more) -> Snapper:
    """Streets as lists of (east, north) metres."""
    spots = [place(*at, *origin) for street in streets for at in street]
    start = np.cumsum([0, *map(len, streets)])
    lon, lat = np.array(spots).T
    usable = np.ones(len(streets), bool) if walkable is None else np.array(walkable)
    return Snapper(start, lon, lat, usable, **more)


def seen(snapper, east, north, **wishes) -> list[int]:
    return snapper.candidates(*place(east, north), **wishes).edge.tolist()


metres = st.floats(-250, 250)
streets = st.lists(st.lists(st.tuples(metres, metres), min_size=2, max_size=6), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(streets, metres, metres, st.sampled_from([(LON, LAT), (-70.9, -53.1), (103.8, 1.3)]))
def test_every_spot_is_the_nearest_of_its_street_and_the_list_is_complete(lines, east, north, origin):
    snapper = snapper_of(*lines, origin=origin)
    here = place(east, north, *origin)
    near = snapper.candidates(*here)
    sampled = [_sampled_distance(line, here, origin) for line in lines]
    within = min(sampled) + 50
    assert {e for e, away in enumerate(sampled) if away < within - 0.5} <= set(near.edge.tolist())
    assert {e for e, away in enumerate(sampled) if away > within + 0.5}.isdisjoint(near.edge.tolist())
    assert np.all(np.diff(near.distance_m) >= 0)
    for row in range(len(near)):
        snap = near[row]
        assert snap.distance_m == pytest.approx(float(distance_m(*here, snap.lon, snap.lat)), rel=1e-4, abs=0.02)
        assert snap.distance_m <= sampled[snap.edge] + 0.02
        assert sampled[snap.edge] <= snap.distance_m + 0.3


def _sampled_distance(line, here, origin) -> float:
    """Distance to the street by looking at many of its points, without any projection."""
    spots = np.array([place(*at, *origin) for at in line])
    shares = np.linspace(0, 1, 1500)[:, None]
    lon, lat = np.concatenate([a + shares * (b - a) for a, b in pairwise(spots)]).T
    return float(distance_m(*here, lon, lat).min())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(metres, metres), min_size=2, max_size=7, unique=True), metres, metres)
def test_fraction_and_vertex_lead_back_to_the_spot(line, east, north):
    near = snapper_of(line).candidates(*place(east, north))
    snap = near[0]
    lon, lat = np.array([place(*at) for at in line]).T
    along = np.concatenate([[0], np.cumsum(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))])
    assert 0 <= snap.fraction <= 1
    if along[-1] > 1:
        assert np.interp(snap.fraction * along[-1], along, lon) == pytest.approx(snap.lon, abs=1e-8)
        assert np.interp(snap.fraction * along[-1], along, lat) == pytest.approx(snap.lat, abs=1e-8)
        assert along[snap.vertex] - 1e-6 <= snap.fraction * along[-1] <= along[snap.vertex + 1] + 1e-6


@settings(max_examples=100, deadline=None)
@given(st.floats(-50_000, 50_000), st.floats(-50_000, 50_000), st.floats(0, 6.2), st.floats(-65, 65))
def test_the_plane_keeps_lengths_to_a_ten_thousandth_within_50_km(east, north, turn, lat):
    plane = Plane(LON, lat)
    a = place(east, north, LON, lat)
    b = place(east + 200 * math.cos(turn), north + 200 * math.sin(turn), LON, lat)
    flat = math.dist(plane.point(*a), plane.point(*b))
    assert flat == pytest.approx(float(distance_m(*a, *b)), rel=1e-4)
    x, y = plane.xy(np.array([a[0], b[0]]), np.array([a[1], b[1]]))
    assert (x[1], y[1]) == pytest.approx(plane.point(*b))


def test_candidates_reach_50_m_beyond_the_nearest_walkable_street():
    snapper = snapper_of([(0, 30), (9, 30)], [(0, -79), (9, -79)], [(0, 81), (9, 81)], [(0, 5), (9, 5)])
    assert seen(snapper, 0, 0) == [3, 0]
    unwalkable_near = snapper_of(
        [(0, 30), (9, 30)], [(0, -79), (9, -79)], [(0, 81), (9, 81)], [(0, 5), (9, 5)], walkable=[1, 1, 1, 0]
    )
    assert seen(unwalkable_near, 0, 0) == [3, 0, 1]


@pytest.mark.parametrize(("away", "inside"), [(499.5, True), (500.5, False)])
def test_500_m_from_the_nearest_walkable_street_is_outside(away, inside):
    snapper = snapper_of([(0, 0), (0, -50)], [(900, 0), (900, 5)], [(0, away - 5), (9, away - 5)], walkable=[1, 1, 0])
    if inside:
        assert seen(snapper, 0, away) == [2, 0]
    else:
        with pytest.raises(Refused) as refused:
            snapper.candidates(*place(0, away))
        assert refused.value.code == "outside_map"


@pytest.mark.parametrize("where", [(LON + 180, -LAT), (LON + 90, 0.0), (-LON, LAT), (0.0, 90.0), (LON, -90.0)])
def test_the_far_side_of_the_earth_is_outside(where):
    with pytest.raises(Refused, match=r"500 m|other side"):
        snapper_of([(0, 0), (0, 50)]).candidates(*where)


def test_a_map_nobody_can_walk_has_no_inside():
    with pytest.raises(Refused):
        snapper_of([(0, 0), (0, 50)], walkable=[0]).candidates(*place(0, 0))


def test_a_street_without_length_has_its_spot_at_the_start():
    snap = snapper_of([(0, 0), (0, 0)]).candidates(*place(3, 4))[0]
    assert (snap.fraction, snap.vertex) == (0.0, 0)
    assert snap.distance_m == pytest.approx(5, rel=1e-3)


def test_a_level_keeps_its_storey_only_where_there_is_one():
    floors = snapper_of([(0, 1), (50, 1)], [(0, 2), (50, 2)], [(0, 3), (50, 3)], level=np.array([0.0, 1.0, np.nan]))
    assert seen(floors, 20, 0) == [0, 1, 2]
    assert seen(floors, 20, 0, level=1) == [1]
    assert seen(floors, 20, 0, level=7) == [0, 1, 2]


@pytest.mark.parametrize(
    ("heading", "first"), [(None, 0), (90, 0), (0, 1), (180, 1), (25, 1), (359, 1), (270, 0), (205, 1), (115, 0)]
)
def test_heading_prefers_streets_that_run_that_way_within_10_m(heading, first):
    crossing = snapper_of([(-50, 3), (50, 3)], [(6, -50), (6, 50)], [(11, -50), (11, 50)])
    order = seen(crossing, 0, 0, heading=heading)
    assert order[0] == first
    assert order[-1] == 2


def test_heading_never_overrules_what_is_farther_than_10_m():
    crossing = snapper_of([(-50, 3), (50, 3)], [(12, -50), (12, 50)])
    assert seen(crossing, 0, 0, heading=0) == [0, 1]


# Three parallel streets north of the person at 2 m, 10 m and 30 m; numbers of walk-graph components per case.
@pytest.mark.parametrize(
    ("component", "usable", "edge", "last_metres"),
    [
        ([0, 0, 0], [1, 1, 1], 0, False),
        ([0, 0, 0], [0, 1, 1], 1, False),
        ([0, 0, 0], [0, 0, 1], 2, False),
        ([0, 0, 0], [0, 0, 0], 0, True),
        ([-1, 0, 0], [1, 1, 1], 1, False),
        ([-1, 0, 0], [1, 0, 0], 1, True),
    ],
    ids=["nearest", "next usable", "farthest usable", "none usable", "not walkable", "none usable, first not walkable"],
)
def test_one_place_takes_the_nearest_usable(component, usable, edge, last_metres):
    near = snapper_of(*([(-50, n), (50, n)] for n in (2, 10, 30))).candidates(*place(0, 0))
    (snap,) = choose([near], np.array(usable, bool), np.array(component))
    assert (snap.edge, snap.last_metres) == (edge, last_metres)


# West: streets 0 (2 m away) and 1 (10 m). East, 1 km off: streets 2 (2 m) and 3 (10 m).
@pytest.mark.parametrize(
    ("component", "usable", "edges", "last_metres"),
    [
        ([5, 0, 0, 0], [1, 1, 1, 1], [1, 2], [0, 0]),
        ([5, 0, 6, 0], [1, 1, 1, 1], [1, 3], [0, 0]),
        ([5, 0, 5, 0], [1, 1, 1, 1], [0, 2], [0, 0]),
        ([5, 0, 5, 0], [0, 1, 1, 1], [1, 3], [0, 0]),
        ([5, 0, 5, 0], [0, 0, 1, 1], [0, 2], [1, 0]),
        ([5, 0, 6, 7], [1, 1, 1, 1], [1, 2], [0, 0]),
        ([5, 8, 6, 0], [1, 1, 1, 1], [0, 3], [0, 0]),
        ([5, 8, 6, 7], [1, 1, 1, 1], [0, 2], [0, 0]),
        ([5, 0, 0, 0], [1, 0, 1, 1], [1, 2], [1, 0]),
    ],
    ids=[
        "a fragment is passed over",
        "two fragments",
        "a fragment both share",
        "the shared one all can use",
        "the shared one most can use",
        "nothing shared: the largest where there is one",
        "nothing shared: the other one",
        "nothing shared, nothing large",
        "judged on the walk graph, not on the limits",
    ],
)
def test_two_places_meet_in_a_component_they_share(component, usable, edges, last_metres):
    snapper = snapper_of(*([(e - 50, n), (e + 50, n)] for e, n in ((0, 2), (0, 10), (1000, 2), (1000, 10))))
    near = [snapper.candidates(*place(0, 0)), snapper.candidates(*place(1000, 0))]
    snaps = choose(near, np.array(usable, bool), np.array(component))
    assert [snap.edge for snap in snaps] == edges
    assert [snap.last_metres for snap in snaps] == [bool(flag) for flag in last_metres]


def test_a_private_street_counts_for_where_it_leads():
    snapper = snapper_of(*([(-50, n), (50, n)] for n in (2, 10)))
    near = [snapper.candidates(*place(0, 0))]
    usable, component = np.array([False, True]), np.array([-1, 0])
    assert choose(near, usable, component)[0].edge == 1
    assert choose(near, usable, component, lambda edge: [0] if edge == 0 else [])[0].edge == 0
    assert choose(near, usable, component, lambda edge: [])[0].edge == 1
    far_first = snapper_of(*([(-50, n), (50, n)] for n in (10, 2)))
    near = [far_first.candidates(*place(0, 0))]
    assert choose(near, usable, component, lambda edge: [0])[0].edge == 1
