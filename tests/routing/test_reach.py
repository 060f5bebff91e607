"""Reach: what is in it can be reached within the limit, what is beyond cannot, and the cut is where the limit is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest
import shapely

from accessibility import profiles
from accessibility.barriers import Barrier
from accessibility.refusals import Refused
from routing.answers import Coordinate, RouteAnswer, RouteRequest, Waypoint
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.matrix import matrix
from routing.reach import reached
from routing.reach_parts import Reach
from routing.reach_shapes import BUFFER_M, TOLERANCE_M
from routing.router import Router
from routing.tree import Tree
from tests.support.drawn import Town, drawn

WHEELCHAIR = profiles.built_in["manual_wheelchair"]
WALK = profiles.built_in["walk"]


@pytest.fixture(scope="module")
def helsinki(sample_graph: StreetGraph) -> Iterator[Router]:
    router = Router(sample_graph)
    yield router
    router.close()


def ways_of(
    town: Town, place: str | Coordinate, metres: float, profile: profiles.Profile = WHEELCHAIR
) -> list[list[Coordinate]]:
    """The streets reached within a length."""
    at = town.at[place] if isinstance(place, str) else place
    return reached(town.router, Waypoint(*at), profile, "metres", [metres], areas=False).bands[0].lines


def length_m(lines: list[list[Coordinate]]) -> float:
    return sum(float(distance_m(*np.array(line[:-1]).T, *np.array(line[1:]).T).sum()) for line in lines)


def test_a_straight_way_is_cut_where_the_limit_is() -> None:
    town = drawn("a-------------------b", ways={"ab": "highway=footway surface=asphalt"})
    (line,) = ways_of(town, "a", 37.5)
    assert line[0] == pytest.approx(town.at["a"], abs=1e-7)
    assert length_m([line]) == pytest.approx(37.5, abs=0.02)
    town.close()


def test_both_ways_from_the_middle_of_a_street() -> None:
    town = drawn("a-------------------b", ways={"ab": "highway=footway surface=asphalt"})
    middle = ((town.at["a"][0] + town.at["b"][0]) / 2, town.at["a"][1])
    assert length_m(ways_of(town, middle, 30.0)) == pytest.approx(60.0, abs=0.03)
    assert length_m(ways_of(town, middle, 1_000.0)) == pytest.approx(100.0, rel=1e-3)
    town.close()


def test_a_ring_is_closed_from_both_sides() -> None:
    """100 m round: after 40 m each way 20 m are left, at the far side."""
    town = drawn(
        """
        a----b
        |    |
        |    |
        |    |
        |    |
        d----c
        """,
        ways={"abcda": "highway=footway surface=asphalt"},
    )
    assert length_m(ways_of(town, "a", 40.0)) == pytest.approx(80.0, abs=0.1)
    assert length_m(ways_of(town, "a", 51.0)) == pytest.approx(100.0, abs=0.2)
    town.close()


def test_steps_end_the_reach_of_wheels_alone() -> None:
    ways = {"ab": "highway=footway", "bc": "highway=steps step_count=9", "cd": "highway=footway"}
    town = drawn("a----b----c----d", ways=ways)
    assert length_m(ways_of(town, "a", 500.0)) == pytest.approx(25.0, abs=0.1)
    assert length_m(ways_of(town, "a", 500.0, WALK)) == pytest.approx(75.0, abs=0.2)
    town.close()


def test_private_ways_count_only_for_who_sets_out_on_them() -> None:
    town = drawn("a----b----c", ways={"ab": "highway=footway", "bc": "highway=footway access=private"})
    assert length_m(ways_of(town, "a", 500.0)) == pytest.approx(25.0, abs=0.1)
    assert length_m(ways_of(town, "c", 500.0)) == pytest.approx(50.0, abs=0.2)
    assert length_m(ways_of(town, "c", 30.0)) == pytest.approx(30.0, abs=0.1)
    town.close()


def test_a_reported_barrier_ends_the_reach_where_it_lies() -> None:
    town = drawn("a-------------------b", ways={"ab": "highway=footway surface=asphalt"})
    (west, lat), (east, _) = town.at["a"], town.at["b"]
    at = west + (east - west) * 0.6
    point = {"type": "Point", "coordinates": [at, lat]}
    closure = Barrier(uuid4(), "closure", 3, (at, lat), point, "confirmed", True, 1)
    town.router.apply([closure], 1)
    assert length_m(ways_of(town, "a", 500.0)) == pytest.approx(60.0 - 3.0, abs=0.5)
    assert length_m(ways_of(town, "b", 500.0)) == pytest.approx(40.0 - 3.0, abs=0.5)
    assert length_m(ways_of(town, "b", 20.0)) == pytest.approx(20.0, abs=0.1)
    town.close()


def test_who_cannot_use_any_street_reaches_nothing() -> None:
    town = drawn("a----b", ways={"ab": "highway=steps step_count=9"})
    found = reached(town.router, Waypoint(*town.at["a"]), WHEELCHAIR, "metres", [100.0], areas=True)
    assert found.spot is None
    assert found.bands[0].area == []
    with pytest.raises(Refused) as refused:
        reached(town.router, Waypoint(0.0, 0.0), WHEELCHAIR, "metres", [100.0], areas=True)
    assert (refused.value.code, refused.value.field) == ("outside_map", "origin")
    town.close()


def test_an_area_has_its_hole() -> None:
    """A block 200 m square: the streets around it are reached, its middle is not."""
    town = drawn(
        "\n".join(["a" + "-" * 39 + "b", *["|" + " " * 39 + "|"] * 38, "d" + "-" * 39 + "c"]),
        ways={"abcda": "highway=footway surface=asphalt"},
    )
    found = reached(town.router, Waypoint(*town.at["a"]), WHEELCHAIR, "metres", [50.0, 2_000.0], areas=True)
    assert [len(polygon) for polygon in found.bands[0].area] == [1]
    ((outer, hole),) = found.bands[1].area
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert outer[0] == outer[-1]
    town.close()


def test_samples_of_the_reach_are_routes_within_the_limit(helsinki: Router) -> None:
    """Points on reached streets have a route within the limit, points on the others have none."""
    limit, origin = 400.0, Waypoint(24.9414, 60.1719)
    stand = helsinki.standpoint(WHEELCHAIR)
    spot = stand.spot(helsinki.near(origin, "origin"))
    assert spot is not None
    parts = Reach(Tree(helsinki.network, stand, spot), "seconds").within(limit)
    assert len(parts.edge) > 100
    graph, pick = helsinki.graph, random.Random(3)
    places = []
    edges = pick.sample(range(graph.first_passage), 150) + pick.sample(parts.edge.tolist(), 100)
    for edge in edges:
        span = graph.vertices(edge)
        line = shapely.LineString(np.column_stack([graph.geom_lon[span], graph.geom_lat[span]]))
        at = line.interpolate(pick.random(), normalized=True)
        places.append(Waypoint(at.x, at.y))
    inside = outside = 0
    bands = reached(helsinki, origin, WHEELCHAIR, "seconds", [limit], areas=False).bands[0].lines
    near = shapely.union_all([shapely.LineString(line) for line in bands])
    seconds = matrix(helsinki, [origin], places, WHEELCHAIR).durations_s[0]
    for place, needed in zip(places, seconds, strict=True):
        away = near.distance(shapely.Point(place.lon, place.lat)) * 111_000
        if away < 0.05:
            inside += 1
            assert needed is not None
            assert needed <= limit + 0.2
        elif away > 1.0:
            outside += 1
            assert needed is None or needed > limit - 2.0
    assert inside > 60
    assert outside > 60


def test_the_area_is_what_it_says(helsinki: Router) -> None:
    """Within 20 m of the ways give or take the tolerance, valid, wound as GeoJSON wants; bands grow."""
    origin = Waypoint(24.9414, 60.1719)
    areas = reached(helsinki, origin, WHEELCHAIR, "seconds", [120.0, 300.0, 600.0], areas=True).bands
    ways = reached(helsinki, origin, WHEELCHAIR, "seconds", [120.0, 300.0, 600.0], areas=False).bands
    before = None
    for area, lines in zip(areas, ways, strict=True):
        shape = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in area.area])
        assert shape.is_valid
        assert all(polygon.exterior.is_ccw and not any(r.is_ccw for r in polygon.interiors) for polygon in shape.geoms)
        plane = shapely.transform(shape, lambda at: np.column_stack(helsinki.plane.xy(at[:, 0], at[:, 1])))
        exact = shapely.union_all(
            [
                shapely.LineString(np.column_stack(helsinki.plane.xy(*np.array(line).T))).buffer(BUFFER_M, quad_segs=32)
                for line in lines.lines
            ]
        )
        assert plane.symmetric_difference(exact).area < 0.04 * exact.area
        assert plane.difference(exact.buffer(TOLERANCE_M)).area < 1.0
        assert exact.buffer(-0.01).difference(plane.buffer(TOLERANCE_M)).area < 1.0
        assert before is None or before.difference(plane.buffer(TOLERANCE_M)).area < 1.0
        before = plane


def test_the_time_is_that_of_the_cheapest_path_not_the_fastest() -> None:
    """Rough ground costs more than it takes: who is sent round it is not credited with the short cut."""
    town = drawn(
        """
        a--------b
        |        |
        c--------d
        """,
        ways={"ab": "highway=footway surface=compacted", "acdb": "highway=footway surface=asphalt"},
    )
    answer = town.router.route(RouteRequest((Waypoint(*town.at["a"]), Waypoint(*town.at["b"])), WHEELCHAIR))
    assert isinstance(answer, RouteAnswer)
    stand = town.router.standpoint(WHEELCHAIR)
    spot = stand.spot(town.router.near(Waypoint(*town.at["a"]), "origin"))
    assert spot is not None
    tree = Tree(town.router.network, stand, spot)
    node = int(np.argmin(distance_m(*town.at["b"], town.graph.node_lon, town.graph.node_lat)))
    assert tree.metres[node] == pytest.approx(answer.routes[0].distance_m, abs=0.2)
    assert tree.seconds[node] == pytest.approx(answer.routes[0].duration_s, abs=0.2)
    town.close()
