"""Where a route begins and ends: the nearest place that leads somewhere, never through a wall (CONTRACT §3 "Snap")."""

from __future__ import annotations

import pytest

from accessibility.refusals import Refused
from routing.answers import NoRoute, RouteAnswer
from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"
M_PER_DEG = 111_195.0


def north_of(town: Town, letter: str, metres: float) -> tuple[float, float]:
    lon, lat = town.at[letter]
    return lon, lat + metres / M_PER_DEG


def test_the_place_is_met_at_its_nearest_point():
    town = drawn("a--------b", ways={"ab": FOOT}, cell_m=20)
    (ax, ay), (bx, _) = town.at["a"], town.at["b"]
    answer = town.route((ax + 0.5 * (bx - ax), ay + 8 / M_PER_DEG), "b")
    assert answer.snapped[0].distance_m == pytest.approx(8.0, abs=0.1)
    assert answer.snapped[0].location == (pytest.approx(ax + 0.5 * (bx - ax)), pytest.approx(ay))
    assert answer.routes[0].distance_m == pytest.approx(90.0, abs=0.2)


@pytest.mark.parametrize(("metres", "outside"), [(400, False), (490, False), (510, True), (5_000, True)])
def test_more_than_500_m_from_every_way_is_outside(metres: float, outside: bool):
    town = drawn("a--------b", ways={"ab": FOOT}, cell_m=20)
    for number, places in enumerate(((north_of(town, "a", metres), "b"), ("b", north_of(town, "a", metres)))):
        if not outside:
            assert town.route(*places).status == "ok"
            continue
        with pytest.raises(Refused) as refused:
            town.ask(*places)
        assert refused.value.code == "outside_map"
        assert refused.value.details["waypoint"] == number


def test_a_street_one_cannot_use_is_passed_over():
    """The steps are nearer, the footway is within 50 m more."""
    town = drawn(
        """
        c--------d
        |        |
        |        |
        a--------b
        """,
        ways={"cd": "highway=steps", "ab": FOOT, "ac": FOOT, "bd": FOOT},
        cell_m=10,
    )
    (cx, cy), (dx, _) = town.at["c"], town.at["d"]
    place = (cx + 0.4 * (dx - cx), cy + 2 / M_PER_DEG)
    wheels, feet = town.route(place, "b"), town.route(place, "b", profile="walk")
    assert wheels.status == "ok"
    assert feet.snapped[0].distance_m == pytest.approx(2.0, abs=0.1)
    assert wheels.snapped[0].distance_m > 30


def test_where_nothing_can_be_used_the_last_metres_are_told():
    town = drawn(
        "c--d---------------------------b", ways={"cd": "highway=steps step_count=9", "db": "highway=steps"}, cell_m=10
    )
    answer = town.route("c", "b")
    assert answer.status == "least_bad"
    assert "last_metres" in {violation.code for violation in answer.routes[0].violations}


def test_a_fragment_is_left_for_what_both_places_share():
    """A footway that leads nowhere is nearer to the start; the other two meet."""
    town = drawn(
        """
        e--f

        a--------b
        """,
        ways={"ef": FOOT, "ab": FOOT},
        cell_m=10,
    )
    answer = town.route("e", "b")
    assert answer.status == "ok"
    assert answer.snapped[0].distance_m == pytest.approx(20.0, abs=0.2)
    assert town.route("e", "f").snapped[0].distance_m == 0.0, "both lie on the fragment"


def test_two_parts_far_from_each_other_do_not_connect():
    town = drawn("a--b------------------c--d", ways={"ab": FOOT, "cd": FOOT}, cell_m=20)
    answer = town.ask("a", "d")
    assert isinstance(answer, NoRoute)
    assert answer.because == ["not_connected"]


@pytest.mark.parametrize(
    ("water", "crossed"),
    [
        ("waterway=river", False),
        ("waterway=canal", False),
        ("railway=rail", False),
        ("waterway=stream", True),
        ("railway=tram", True),
        ("waterway=river tunnel=culvert", True),
    ],
)
def test_nobody_is_taken_across_a_river(water: str, crossed: bool):
    """The street on the other bank is nearer; the own bank is 30 m away."""
    town = drawn(
        """
        a--------b

        p

        r--------s
        d--------e
        """,
        ways={"ab": FOOT, "rs": water, "de": FOOT},
        cell_m=12,
    )
    place = north_of(town, "r", 5)
    answer = town.ask(place, "b" if not crossed else "e")
    assert isinstance(answer, RouteAnswer)
    assert answer.status == "ok"
    near = town.at["d"][1] if crossed else town.at["a"][1]
    assert answer.snapped[0].location[1] == pytest.approx(near)


def test_a_building_between_is_never_gone_through():
    town = drawn(
        """
        a-----------------b
           u-----------v
           |           |
           t-----------w
                 p
        c-----------------d
        """,
        ways={"ab": FOOT, "uvwtu": "building=yes", "ac": FOOT, "cd": "highway=footway access=no", "bd": FOOT},
        cell_m=10,
    )
    answer = town.route("p", "b")
    assert answer.snapped[0].location[1] < town.at["t"][1] or answer.snapped[0].location[0] in (
        pytest.approx(town.at["a"][0]),
        pytest.approx(town.at["b"][0]),
    )
