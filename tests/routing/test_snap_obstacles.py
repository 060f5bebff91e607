"""Nobody is sent through a house, over water or across rails: drawn situations, in metres, y to the north."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from routing.obstacles import Obstacles
from routing.plane import Plane
from routing.snap import Snapper, choose
from tests.routing.test_snap import LAT, LON, place


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


def line(*points):
    return shapely.LineString(points)


def chosen(streets, shapes, here=(0, 0), usable=None):
    """The spot for a person at `here`; all streets in one component."""
    spots = [place(*at) for street in streets for at in street]
    lon, lat = np.array(spots).T
    count = len(streets)
    snapper = Snapper(
        np.cumsum([0, *map(len, streets)]),
        lon,
        lat,
        np.ones(count, bool),
        plane=Plane(LON, LAT),
        obstacles=Obstacles(shapes),
    )
    can = np.ones(count, bool) if usable is None else np.array(usable, bool)
    return choose([snapper.candidates(*place(*here))], can, np.zeros(count, int))[0]


NEAR, FAR = [(-60, 12), (60, 12)], [(-60, -40), (60, -40)]
HOUSE = box(-8, 4, 8, 9)
RIVER = box(-500, 4, 500, 9)


@pytest.mark.parametrize(
    ("shapes", "here", "edge"),
    [
        ([], (0, 0), 0),
        ([HOUSE], (0, 0), 1),
        ([HOUSE], (0, 6), 0),
        ([HOUSE], (0, 3.8), 1),
        ([HOUSE], (0, 9.2), 0),
        ([HOUSE], (0, 8.8), 0),
        ([HOUSE, box(-8, 9, 8, 11)], (0, 6), 1),
        ([HOUSE, box(-4, 4, 4, 9)], (0, 6), 0),
        ([HOUSE], (20, 0), 0),
        ([RIVER], (0, 0), 1),
        ([line((-500, 6), (500, 6))], (0, 0), 1),
        ([line((-500, 6), (500, 6))], (0, 7), 0),
        ([line((-500, -20), (500, -20))], (0, 0), 0),
        ([shapely.MultiPolygon([box(90, 0, 91, 1), HOUSE])], (0, 0), 1),
    ],
    ids=[
        "nothing in the way",
        "a house in the way",
        "inside that house: it may be left",
        "at its back wall, outside",
        "at its front wall, outside",
        "at its front wall, inside",
        "inside one house, another before it",
        "inside a house and a part of it",
        "beside the house",
        "a river in the way",
        "rails in the way",
        "already beyond the rails",
        "rails on the other side",
        "a house of several parts",
    ],
)
def test_what_stands_in_the_way(shapes, here, edge):
    snap = chosen([NEAR, FAR], shapes, here)
    assert (snap.edge, snap.last_metres) == (edge, False)


def test_a_bridge_is_not_cut_by_the_river_under_it():
    bridge = [(0, -50), (0, 60)]
    assert chosen([bridge], [RIVER], (4, 6)).last_metres is False
    assert chosen([bridge], [RIVER], (4, 0)).last_metres is False
    assert chosen([bridge], [line((-500, 2), (500, 10))], (5, 5.5)).last_metres is False


def test_a_bridge_is_not_reached_from_far_over_the_water():
    wide_river = box(-500, 4, 500, 300)
    snap = chosen([[(0, 40), (0, 290)], [(-60, -45), (60, -45)]], [wide_river], (0, 0))
    assert (snap.edge, snap.last_metres) == (1, False)


def test_a_passage_through_a_house_is_reached_from_its_mouth_only():
    passage = [(0, -30), (0, 40)]
    house = box(-20, 4, 20, 30)
    assert chosen([passage], [house], (3, 5)).last_metres is False
    beside_the_house = chosen([[(0, 5), (0, 29)], [(60, -60), (60, 60)]], [house], (28, 17))
    assert (beside_the_house.edge, beside_the_house.last_metres) == (1, False)


def test_the_river_decides_the_bank_even_when_the_other_is_nearer():
    near_bank, other_bank = [(-80, 30), (80, 30)], [(-80, -12), (80, -12)]
    canal = line((-500, -6), (500, -6))
    assert chosen([near_bank, other_bank], [canal]).edge == 0
    assert chosen([near_bank, other_bank], [canal], usable=[0, 1]).last_metres is True


def test_past_the_first_50_m_the_street_in_sight_is_found():
    behind_the_rails, in_sight = [(-80, 10), (80, 10)], [(-80, -120), (80, -120)]
    snap = chosen([behind_the_rails, in_sight], [line((-500, 5), (500, 5))])
    assert (snap.edge, snap.last_metres) == (1, False)


def test_shut_in_on_all_sides_is_the_nearest_with_last_metres():
    yard = box(-9, -9, 9, 9).difference(box(-7, -7, 7, 7))
    snap = chosen([NEAR, FAR], [yard])
    assert (snap.edge, snap.last_metres) == (0, True)
    assert snap.distance_m == pytest.approx(12, rel=1e-3)
    assert chosen([NEAR, FAR], [yard], usable=[0, 1]).edge == 1


def test_large_and_winding_outlines_are_the_same_obstacle_in_pieces():
    angles = np.linspace(0, 2 * np.pi, 3000)
    lake = shapely.Polygon(np.column_stack([300 * np.cos(angles), 306 + 300 * np.sin(angles)]))
    north, south = [(-80, 20), (80, 20)], [(-80, -40), (80, -40)]
    assert len(Obstacles([lake])) > 50
    assert chosen([north, south], [lake]).edge == 1
    on_a_boat = chosen([north, south], [lake], (0, 10))
    assert (on_a_boat.edge, on_a_boat.last_metres) == (0, False)


def test_broken_outlines_do_no_harm():
    bow_tie = shapely.Polygon([(-8, 4), (8, 9), (8, 4), (-8, 9)])
    assert chosen([NEAR, FAR], [bow_tie]).edge == 1
    assert len(Obstacles([])) == 0
    assert chosen([NEAR, FAR], []).edge == 0


def test_from_coordinates_with_holes_and_lines():
    def ring(*points):
        return np.array([place(*at) for at in points])

    plane = Plane(LON, LAT)
    outer = ring((-9, -9), (9, -9), (9, 9), (-9, 9))
    hole = ring((-7, -7), (7, -7), (7, 7), (-7, 7))
    around = Obstacles.of_coordinates(plane, [[outer, hole]], [ring((-50, 11), (50, 11))])
    view = around.view(*plane.point(*place(0, 0)))
    feet = np.array([plane.point(*place(*at)) for at in ((0, 5), (0, 20), (20, 0))])
    streets = np.array([line((x - 1, y), (x + 1, y)) for x, y in feet])
    assert view.cut(feet[:, 0], feet[:, 1], streets).tolist() == [False, True, True]
    assert around.view(*plane.point(*place(8, 8))).own.tolist() == [0]
